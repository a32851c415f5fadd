"""docs/reference/states.md is drawn from the tables; run this file as a script to draw it anew."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from madoguchi.acd.transitions import AGENT_TRANSITIONS, CALL_TRANSITIONS, AgentState, CallState

PAGE = Path(__file__).parents[2] / "docs/reference/states.md"

TEXT = """# States

Drawn from `madoguchi.acd.transitions` by `python -m tests.acd.test_states_page`; what stands there is all
that can happen.

## A call (呼)

```mermaid
stateDiagram-v2
{calls}
```

## A communicator (コミュニケーター)

```mermaid
stateDiagram-v2
{agents}
```
"""


def diagram(first: StrEnum, tables: Mapping[StrEnum, Mapping[StrEnum, StrEnum]]) -> str:
    arrows = [
        f"    {before} --> {after}: {step}"
        for before, steps in tables.items()
        for step, after in steps.items()
    ]
    ends = [f"    {state} --> [*]" for state, steps in tables.items() if not steps]
    return "\n".join([f"    [*] --> {first}", *arrows, *ends])


def page() -> str:
    calls = diagram(CallState.WAITING, CALL_TRANSITIONS)  # type: ignore[arg-type]
    agents = diagram(AgentState.OFF, AGENT_TRANSITIONS)  # type: ignore[arg-type]
    return TEXT.format(calls=calls, agents=agents)


def test_the_page_of_states_is_drawn_from_the_tables() -> None:
    assert PAGE.read_text() == page()


if __name__ == "__main__":
    PAGE.write_text(page())
