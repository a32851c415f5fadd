"""A mail server of our own that keeps what it is given: the client's inbox for the demo and for trying things.

One file per message, written aside and then renamed into place, so that a reader never sees half of one;
its name begins with the time, so that names sort as the messages came.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as readable
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session

from madoguchi.kernel.errors import Refusal, Trouble

#: Twenty megabytes, what most Japanese providers take.
LARGEST = 20 * 1024 * 1024

_NAME = re.compile(r"(\d{16})-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the inbox page shows it."""

    id: str
    received_at: datetime
    sender: str
    recipient: str
    subject: str
    message_id: str
    text: str
    parts: tuple[Part, ...]


class Inbox:
    """aiosmtpd's handler: keep each message in `directory`, and only then say 250."""

    def __init__(self, directory: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._directory = directory
        self._clock = clock

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer the dot (aiosmtpd's hook)."""
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {recipients}\r\n"
        content = envelope.original_content or b""
        name = await asyncio.to_thread(keep, self._directory, head.encode() + content, at=self._clock())
        return f"250 2.0.0 Ok: kept as {name}"


def keep(directory: Path, content: bytes, *, at: float) -> str:
    """Write a message safely to disk and return its id. `at` is in seconds since 1970."""
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{int(at * 1_000_000):016d}-{uuid4().hex}"
    aside = directory / f".{name}.part"
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(directory / f"{name}.eml")
    return name


def letters(directory: Path, *, limit: int = 100) -> list[Letter]:
    """Read the newest messages, newest first."""
    names = sorted(
        (path.stem for path in directory.glob("*.eml") if _NAME.fullmatch(path.stem)), reverse=True
    )
    return [letter(directory, name) for name in names[:limit]]


def letter(directory: Path, id: str) -> Letter:
    """Read one message. Raise `Refusal` when there is none of that id."""
    named = _NAME.fullmatch(id)
    path = directory / f"{id}.eml"
    if named is None or not path.is_file():
        raise Refusal(
            "not_found",
            ja="このメールはありません。一覧に戻って選び直してください。",
            en="There is no such mail. Go back to the list and choose again.",
        )
    message: Any = message_from_bytes(path.read_bytes(), policy=readable)
    return _opened(message, id=id, received_at=datetime.fromtimestamp(int(named[1]) / 1_000_000, UTC))


def _opened(message: EmailMessage, *, id: str, received_at: datetime) -> Letter:
    body = message.get_body(("plain", "html"))
    return Letter(
        id=id,
        received_at=received_at,
        sender=str(message["From"] or ""),
        recipient=str(message["Delivered-To"] or message["To"] or ""),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        # Text travels with CRLF (RFC 2046, 4.1.1).
        text=str(body.get_content()).replace("\r\n", "\n") if body is not None else "",
        parts=tuple(_part(part) for part in message.iter_attachments()),
    )


def _part(part: Any) -> Part:
    content = part.get_payload(decode=True)
    return Part(
        name=part.get_filename() or "",
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else part.as_bytes(),
    )


async def run_sink(directory: Path, host: str, port: int, *, clock: Callable[[], float] = time.time) -> None:
    """Receive mail until cancelled. Raise `Trouble` when the port is in use."""
    inbox = Inbox(directory, clock=clock)
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(
            lambda: SMTP(inbox, loop=loop, data_size_limit=LARGEST, ident="Madoguchi inbox"), host, port
        )
    except OSError as error:
        raise Trouble(
            "port_in_use",
            ja=f"メール受信用のポート {host}:{port} を開けません（{error.strerror}）。使っているプログラムを止めるか、別のポートを指定してください。",
            en=f"The port {host}:{port} for mail cannot be opened ({error.strerror}). Stop what uses it or name another.",
        ) from error
    async with server:
        await server.serve_forever()
