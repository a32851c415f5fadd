"""Events and commands of the routing core as JSON, and back: how the journal keeps them.

A value is `{"kind": "CallArrived", "call": "…", …}`. The two unions in `acd` are the whole list, so a new
event is journalled without a line here; a field of a type that is not known here fails when it is first
written, in a test (`tests/business/calls/test_codec.py`) and not in a centre.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from madoguchi.acd.commands import Command
from madoguchi.acd.events import Event
from madoguchi.kernel.errors import Trouble

EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}
COMMANDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Command)}
HINTS: dict[type[Any], dict[str, Any]] = {
    kind: get_type_hints(kind) for kind in (*EVENTS.values(), *COMMANDS.values())
}


def encoded(value: Event | Command) -> dict[str, Any]:
    """Return an event or a command as something that JSON can hold."""
    words = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return {"kind": type(value).__name__, **words}


def decoded_event(words: Mapping[str, Any]) -> Event:
    """Return the event that `encoded` wrote; raises `Trouble` for one that this version does not know."""
    event: Event = _decoded(EVENTS, words)
    return event


def decoded_command(words: Mapping[str, Any]) -> Command:
    """Return the command that `encoded` wrote; raises `Trouble` for one that this version does not know."""
    command: Command = _decoded(COMMANDS, words)
    return command


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"the journal cannot keep a {type(value).__name__}")


def _decoded(kinds: Mapping[str, type[Any]], words: Mapping[str, Any]) -> Any:
    kind = kinds.get(str(words.get("kind")))
    try:
        if kind is None:
            raise ValueError(words.get("kind"))
        hints = HINTS[kind]
        given = {name: _restored(hints[name], value) for name, value in words.items() if name != "kind"}
        return kind(**given)
    except (KeyError, TypeError, ValueError) as error:
        raise Trouble(
            "journal_unreadable",
            ja=f"交換台の記録に、この版では読めない項目があります({error})。"
            "記録を書いた版以降の Madoguchi で起動してください。",
            en=f"The switchboard's journal holds something that this version cannot read ({error}). "
            "Start a version at least as new as the one that wrote it.",
        ) from error


def _restored(hint: Any, value: Any) -> Any:
    """Return a plain value as the type that a field declares."""
    if isinstance(hint, NewType):
        return _restored(hint.__supertype__, value)
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        (inner,) = [choice for choice in get_args(hint) if choice is not type(None)]
        return _restored(inner, value)
    if get_origin(hint) is frozenset:
        (inner,) = get_args(hint)
        return frozenset(_restored(inner, item) for item in value)
    return hint(value)
