"""Byte ranges of HTTP (RFC 9110 section 14), so that a recording can be wound to and fro."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_BYTES = 1 << 20
"""The most that one answer to a range request carries; a player asks for the rest (RFC 9110, 15.3.7)."""

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies outside the file: answered with 416."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `start` up to, but not including, `stop`."""

    start: int
    stop: int


def requested_span(header: str | None, *, size: int) -> Span | None:
    """Return the span that a Range header asks of a file of `size` bytes; None means all of it.

    A header that is not understood, or asks for several ranges, is ignored as RFC 9110 section 14.2
    allows. Raise Unsatisfiable where no byte of the file is asked for.
    """
    match = _ONE_RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first:
        start = int(first)
        stop = min(int(last) + 1, size) if last else size
    else:
        start, stop = max(size - int(last), 0), size
    if start >= size or start >= stop:
        raise Unsatisfiable
    return Span(start, min(stop, start + LONGEST_BYTES))
