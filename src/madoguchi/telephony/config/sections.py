"""The grammar that Asterisk's configuration files share: sections of `name = value` lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

HEADER = "; Written by madoguchi at every start: change the program, not this file.\n"

Pairs = Sequence[tuple[str, object]]


def section(title: str, pairs: Pairs) -> str:
    """Return one section; `title` may carry a template mark such as `browser](!)` without its bracket."""
    bracketed = title if title.endswith(")") else f"[{title}]"
    return "\n".join([bracketed, *(f"{name} = {value(found)}" for name, found in pairs)]) + "\n"


def document(sections: Iterable[str]) -> str:
    """Return a whole file."""
    return "\n".join([HEADER, *sections])


def value(found: object) -> str:
    """Return a value as Asterisk reads it back; ValueError for one that could start a new line."""
    if isinstance(found, bool):
        return "yes" if found else "no"
    text = str(found)
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("a configuration value must not hold control characters")
    return text.replace(";", "\\;")
