"""A range of bytes is read as RFC 9110 section 14 says."""

from __future__ import annotations

import pytest

from madoguchi.web.office.ranges import LONGEST_BYTES, Span, Unsatisfiable, requested_span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-9", Span(0, 10)),
        ("bytes=90-", Span(90, 100)),
        ("bytes=90-500", Span(90, 100)),
        ("bytes=-10", Span(90, 100)),
        ("bytes=-500", Span(0, 100)),
    ],
)
def test_one_range_gives_its_bytes(header: str, span: Span) -> None:
    assert requested_span(header, size=100) == span


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=９-"]
)
def test_a_header_that_is_not_understood_asks_for_the_whole_file(header: str | None) -> None:
    assert requested_span(header, size=100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=5-4", "bytes=-0"])
def test_a_range_without_a_byte_of_the_file_is_unsatisfiable(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        requested_span(header, size=100)


def test_a_long_range_is_answered_in_parts() -> None:
    assert requested_span("bytes=7-", size=10 * LONGEST_BYTES) == Span(7, 7 + LONGEST_BYTES)
