"""What a log line shows of a person: nothing (Act on the Protection of Personal Information, art. 23)."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.config.logs import (
    PERSONAL_KEYS,
    configure_structlog,
    django_logging,
    mask_personal_data,
    masked,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("from 09012345678", "from ***78"),
        ("from 03-1234-5678 to 0120-000-123", "from ***78 to ***23"),
        ("+81 90 1234 5678", "***78"),
        ("番号は0312345678です", "番号は***78です"),
        ("It was 0312345678.", "It was ***78."),
        ("sent to hanako.sato@example.jp", "sent to ***"),
        ("order 7 of 120 calls", "order 7 of 120 calls"),
        ("took 0.1234567890 s", "took 0.1234567890 s"),
        ("call 1743476400.1", "call 1743476400.1"),
        ("2026-04-01T12:00:00", "2026-04-01T12:00:00"),
        ("127.0.0.1:8088", "127.0.0.1:8088"),
    ],
)
def test_numbers_and_addresses_are_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(
    st.from_regex(r"0[0-9]{9,10}", fullmatch=True),
    st.sampled_from(["", "「", "番号は", "=", "("]),
    st.sampled_from(["", "。", "です", ".", ")", ", "]),
)
def test_no_japanese_number_stays_readable(number: str, before: str, after: str) -> None:
    assert number not in masked(f"{before}{number}{after}")


@pytest.mark.parametrize("key", sorted(PERSONAL_KEYS))
def test_personal_keys_are_hidden_whatever_they_hold(key: str) -> None:
    event = mask_personal_data(None, "info", {"event": "x", key: "佐藤 花子", "inner": {key: "佐藤"}})
    assert event == {"event": "x", key: "***", "inner": {key: "***"}}


def test_lists_and_inner_values_are_masked_too() -> None:
    event = mask_personal_data(
        None, "info", {"event": "x", "calls": ["0312345678", 5], "n": {"a": ("a@b.jp",)}}
    )
    assert event == {"event": "x", "calls": ["***78", 5], "n": {"a": ["***"]}}


def test_what_is_empty_stays_empty() -> None:
    assert mask_personal_data(None, "info", {"event": "x", "caller": ""})["caller"] == ""


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What our logging writes to standard error."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.config.dictConfig(django_logging("INFO"))
    configure_structlog()
    (handler,) = (handler for handler in root.handlers if type(handler) is logging.StreamHandler)
    stream = StringIO()
    handler.setStream(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_our_lines_and_everybody_elses_are_masked(written: StringIO) -> None:
    log = structlog.get_logger("madoguchi.test")
    log.info("call_arrived", caller="0312345678", line="0120000123", call="c-1")
    logging.getLogger("some.library").warning("mail to %s failed", "hanako@example.jp")
    said = written.getvalue()
    for word in ("call_arrived", "call=c-1", "some.library"):
        assert word in said
    for secret in ("0312345678", "0120000123", "hanako"):
        assert secret not in said


def test_a_traceback_is_kept_and_masked(written: StringIO) -> None:
    try:
        raise ValueError("no customer with 09012345678")
    except ValueError:
        logging.getLogger("some.library").exception("failed")
        structlog.get_logger("madoguchi.test").exception("failed_too")
    said = written.getvalue()
    assert said.count("Traceback") == 2
    assert said.count("no customer with ***78") >= 2
    assert "09012345678" not in said
