"""Every event and command survives the journal."""

from __future__ import annotations

import json
import math
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.acd.commands import Command
from madoguchi.acd.events import AgentWentAway, AwayReason, Event
from madoguchi.business.calls.codec import COMMANDS, EVENTS, decoded_command, decoded_event, encoded
from madoguchi.kernel.errors import Trouble


def is_finite(value: Any) -> bool:
    return all(math.isfinite(field) for field in astuple(value) if isinstance(field, float))


def any_of(kinds: dict[str, type[Any]]) -> st.SearchStrategy[Any]:
    return st.one_of([st.from_type(kind).filter(is_finite) for kind in kinds.values()])


@given(any_of(EVENTS))
def test_an_event_comes_back_from_json_as_it_was(event: Event) -> None:
    back = decoded_event(json.loads(json.dumps(encoded(event), allow_nan=False)))
    assert (type(back), back) == (type(event), event)


@given(any_of(COMMANDS))
def test_a_command_comes_back_from_json_as_it_was(command: Command) -> None:
    back = decoded_command(json.loads(json.dumps(encoded(command), allow_nan=False)))
    assert (type(back), back) == (type(command), command)


def test_reasons_are_kept_by_their_value() -> None:
    words = encoded(AgentWentAway(agent=7, reason=AwayReason.BREAK))  # type: ignore[arg-type]  # a bare number
    assert words == {"kind": "AgentWentAway", "agent": 7, "reason": "break"}


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"kind": "CallTeleported"},
        {"kind": "CallHeld"},
        {"kind": "CallHeld", "call": "c", "colour": "red"},
        {"kind": "AgentWentAway", "agent": 1, "reason": "lottery"},
    ],
)
def test_what_this_version_cannot_read_is_said(words: dict[str, object]) -> None:
    with pytest.raises(Trouble) as trouble:
        decoded_event(words)
    assert trouble.value.code == "journal_unreadable"
    assert "Madoguchi" in trouble.value.ja


def test_a_command_is_no_event() -> None:
    with pytest.raises(Trouble):
        decoded_event({"kind": "HangUp", "call": "c"})
