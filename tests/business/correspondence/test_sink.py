"""The inbox of the demo: what is sent to it can be read from it."""

from __future__ import annotations

import asyncio
import itertools
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from madoguchi.business.correspondence.courier import MailServer, carry
from madoguchi.business.correspondence.sink import keep, letter, letters, run_sink
from madoguchi.kernel.errors import Refusal, Trouble

from .test_courier import a_parcel


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until_open(port: int) -> None:
    for _ in range(200):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the sink did not open its port")


async def test_mail_that_is_sent_can_be_read_newest_first(tmp_path: Path) -> None:
    port, clock = free_port(), itertools.count(1_800_000_000.0)
    sink = asyncio.create_task(run_sink(tmp_path / "mail", "127.0.0.1", port, clock=lambda: next(clock)))
    await until_open(port)
    for subject in ("一通目", "二通目"):
        receipt = await asyncio.to_thread(
            carry, a_parcel(subject=subject), server=MailServer("127.0.0.1", port), before_commit=lambda: None
        )
        assert receipt.startswith("250 ")
    sink.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sink
    newest, oldest = letters(tmp_path / "mail")
    assert (newest.subject, oldest.subject) == ("二通目", "一通目")
    assert newest.recipient == "orders@midori.test"
    assert newest.text == "山田様\n.行頭の点\n髙﨑\n"
    assert newest.received_at > oldest.received_at
    assert [(part.name, part.content) for part in newest.parts] == [
        ("受注_20261124_山田　花子さま.xlsx", b"\x00\r\n.\r\n\xff")
    ]
    assert letter(tmp_path / "mail", oldest.id) == oldest
    assert [found.id for found in letters(tmp_path / "mail", limit=1)] == [newest.id]


@pytest.mark.parametrize("id", ["../../etc/passwd", "x", "", f"{'1' * 16}-{'0' * 32}"])
def test_a_letter_that_is_not_there_is_refused(tmp_path: Path, id: str) -> None:
    keep(tmp_path, b"Subject: x\r\n\r\n", at=1.0)
    with pytest.raises(Refusal, match="no such mail"):
        letter(tmp_path, id)


def test_an_inbox_that_nobody_has_written_to_is_empty(tmp_path: Path) -> None:
    assert letters(tmp_path / "nowhere") == []


def test_a_broken_message_can_still_be_listed(tmp_path: Path) -> None:
    keep(tmp_path, b"\xff\xfe no header at all", at=1.0)
    (found,) = letters(tmp_path)
    assert found.subject == ""


async def test_a_port_in_use_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble) as trouble:
            await run_sink(tmp_path, "127.0.0.1", port)
    assert trouble.value.code == "port_in_use"
    assert str(port) in trouble.value.ja
