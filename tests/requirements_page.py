"""Makes docs/reference/requirements.md: `python -m tests.requirements_page`.

The titles and what there is today stand in requirements.toml beside it; the proofs are the
`@pytest.mark.requirement` markers of the tests, read from their source.
"""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
TABLE = PROJECT / "docs" / "reference" / "requirements.toml"
PAGE = PROJECT / "docs" / "reference" / "requirements.md"

HEAD = """# Requirements, and where each is proved

Made by `python -m tests.requirements_page` from `requirements.toml` and the tests' markers; do not edit.
A test that is named here ran in the last `bin/test`. **Not done** means that nothing exists yet: this list
is the plain state, not a plan.
"""


@dataclass(frozen=True)
class Requirement:
    """One promise."""

    id: str
    section: str
    title: str
    today: str = ""
    """What there is, in plain words; empty: nothing."""


def known() -> list[Requirement]:
    """Return all requirements in order."""
    return [Requirement(**row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["requirement"]]


def proofs() -> dict[str, list[str]]:
    """Return the test files that carry each requirement's marker, by id."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted((PROJECT / "tests").rglob("test_*.py")):
        for id in _markers(ast.parse(path.read_text(encoding="utf-8"))):
            found[id].add(path.relative_to(PROJECT).as_posix())
    return {id: sorted(places) for id, places in found.items()}


def _markers(tree: ast.Module) -> list[str]:
    """Return the ids in every `pytest.mark.requirement("…")`, on a test or in `pytestmark`."""
    return [
        word.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "requirement"
        for word in node.args
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    ]


def render() -> str:
    """Return the page."""
    found, section, lines = proofs(), "", [HEAD]
    for requirement in known():
        if requirement.section != section:
            section = requirement.section
            lines += [
                "",
                f"## {section}",
                "",
                "| id | requirement | today | proved by |",
                "|---|---|---|---|",
            ]
        places = ", ".join(f"[{Path(place).name}](../../{place})" for place in found.get(requirement.id, []))
        today = requirement.today or "**Not done.**"
        lines.append(f"| {requirement.id} | {requirement.title} | {today} | {places or '—'} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
