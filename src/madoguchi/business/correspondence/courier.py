"""Carrying one message to a mail server, with the moment of no return in plain sight.

An SMTP conversation is: connect, envelope (MAIL, RCPT), DATA and the body, and then the dot alone on its
line. Until the dot has been written the server must forget all of it when the line breaks (RFC 5321, 4.1.1.4):
those steps are safe to do again. From the dot to the server's reply nobody on our side knows whether the
message was taken (RFC 1047). So `carry` calls `before_commit()` between the two, where the caller writes down
durably that it is about to happen; whoever finds that note and no outcome must not send again.
"""

from __future__ import annotations

import select
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from madoguchi.kernel.errors import Refusal, Trouble

from .mail import Parcel


class Security(StrEnum):
    PLAIN = "plain"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where outgoing mail is handed in."""

    host: str
    port: int
    security: Security = Security.PLAIN
    user: str = ""
    password: str = ""
    timeout_s: float = 30.0
    """How long one step of the conversation may take."""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port}, {self.security})"


class MailTrouble(Trouble):
    """The message was certainly not taken, and the same message may be taken later."""


class MailRefused(Refusal):
    """The message was certainly not taken, and will not be as it is."""


class MailUncertain(Trouble):
    """The dot was sent and no answer came: the message may have been taken or not."""


def carry(parcel: Parcel, *, server: MailServer, before_commit: Callable[[], None]) -> str:
    """Hand in a message and return the server's receipt, such as `250 2.0.0 Ok: queued as 4F2A`.

    What `before_commit` raises is passed on and the message is then not sent. Raise `MailTrouble`,
    `MailRefused` (both: not sent, for sure) or `MailUncertain`.
    """
    with connected(server) as smtp:
        envelope(smtp, parcel)
        body(smtp, parcel)
        still_there(smtp, server)
        before_commit()
        return commit(smtp, server)


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Connect, greet, encrypt and log in as the server's settings say."""
    with _safe_step(server):
        smtp = _dial(server)
    try:
        with _safe_step(server):
            smtp.ehlo_or_helo_if_needed()
            if server.security is Security.STARTTLS:
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
        yield smtp
        # The message is taken; a failing good-bye changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    finally:
        # No good-bye after a failure: inside a body it would be one more line of the body.
        smtp.close()


def _dial(server: MailServer) -> smtplib.SMTP:
    if server.security is Security.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)


def envelope(smtp: smtplib.SMTP, parcel: Parcel) -> None:
    """Say from whom and to whom. Safe to do again."""
    with _safe_step():
        _expect(smtp.mail(parcel.sender), "sender")
        _expect(smtp.rcpt(parcel.recipient), "recipient")


def body(smtp: smtplib.SMTP, parcel: Parcel) -> None:
    """Send the message without the dot that ends it. Safe to do again."""
    with _safe_step():
        code, answer = smtp.docmd("DATA")
        if code != 354:
            _turned_down(code, answer, "message")
        smtp.send(quoted(parcel.content))


def quoted(content: bytes) -> bytes:
    """Return a message as DATA wants it: CRLF at each end of line, a leading dot doubled (RFC 5321, 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def still_there(smtp: smtplib.SMTP, server: MailServer) -> None:
    """Raise `MailTrouble` when the server has already hung up or spoken out of turn.

    Without this look the dot would be written into a dead line and the outcome be needlessly unknown.
    """
    if smtp.sock is not None and select.select([smtp.sock], [], [], 0)[0]:
        raise lost_line(server)


def commit(smtp: smtplib.SMTP, server: MailServer) -> str:
    """Write the dot and return the server's receipt. Never do this twice for one message."""
    try:
        _send_at_once(smtp)
        smtp.send(b".\r\n")
    except (smtplib.SMTPException, OSError) as error:
        # Five bytes go into the socket's buffer whole or not at all: an error here means not sent.
        raise lost_line(server) from error
    try:
        code, answer = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailUncertain(
            "outcome_unknown",
            ja="送信の最後に応答が途切れ、相手に届いたかどうか分かりません。クライアントに受信を確かめ、"
            "届いていれば「納品済みにする」、届いていなければ「再送する」を押してください。",
            en="The answer broke off at the very end; it is not known whether the mail arrived. Ask the client, "
            "then press “mark as delivered” if it did, or “send again” if it did not.",
        ) from error
    if code != 250:
        _turned_down(code, answer, "message")
    return _said(code, answer)


def _send_at_once(smtp: smtplib.SMTP) -> None:
    """Body and dot are two writes: without this the dot waits until the body is acknowledged (40 ms)."""
    if smtp.sock is not None:
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@contextmanager
def _safe_step(server: MailServer | None = None) -> Iterator[None]:
    """Turn what smtplib and the network raise before the dot into our two kinds of certainty."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        _turned_down(error.smtp_code, error.smtp_error, "login")
    except smtplib.SMTPResponseException as error:
        _turned_down(error.smtp_code, error.smtp_error, "connection")
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(
            "mail_server_lacks",
            ja=f"メールサーバーが必要な機能に対応していません（{error}）。送信サーバーの設定を見直してください。",
            en=f"The mail server lacks something that is needed ({error}). Check the settings of the mail server.",
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise lost_line(server, error) from error


def lost_line(server: MailServer | None, error: Exception | None = None) -> MailTrouble:
    """Return the trouble of a server that cannot be reached or went away before the dot."""
    where = f"{server.host}:{server.port}" if server else "SMTP"
    why = f" {type(error).__name__}: {error}" if error else ""
    return MailTrouble(
        "mail_server_unreachable",
        ja=f"メールサーバー（{where}）とつながりません。自動で再送します。続くときは、サーバーが動いているか、"
        f"送信サーバーの設定が正しいか確かめてください。{why}",
        en=f"The mail server ({where}) cannot be reached. It will be tried again by itself. If this goes on, check "
        f"that the server runs and that its settings are right.{why}",
    )


_STEPS = {
    "connection": (
        "接続",
        "the connection",
        "送信サーバーの設定を確かめてください。",
        "Check the settings of the mail server.",
    ),
    "login": (
        "ログイン",
        "the login",
        "送信サーバーの利用者名とパスワードを確かめてください。",
        "Check its user name and password.",
    ),
    "sender": (
        "差出人",
        "the sender",
        "差出人アドレスの設定を確かめてください。",
        "Check the sender's address in the settings.",
    ),
    "recipient": (
        "宛先",
        "the recipient",
        "クライアントの宛先アドレスを確かめてください。",
        "Check the client's mail address.",
    ),
    "message": (
        "本文",
        "the message",
        "サーバーの返答を読み、原因を取り除いてください。",
        "Read the server's words and remove the cause.",
    ),
}


def _expect(reply: tuple[int, bytes], step: str) -> None:
    code, answer = reply
    if code not in (250, 251):
        _turned_down(code, answer, step)


def _turned_down(code: int, answer: bytes | str, step: str) -> NoReturn:
    """Raise for a reply that is a no: 5xx for good, all else for now."""
    ja, en, do_ja, do_en = _STEPS[step]
    said = _said(code, answer)
    if 500 <= code < 600:
        raise MailRefused(
            f"mail_{step}_refused",
            ja=f"メールサーバーが{ja}を拒否しました（{said}）。{do_ja}",
            en=f"The mail server refused {en} ({said}). {do_en}",
        )
    raise MailTrouble(
        f"mail_{step}_deferred",
        ja=f"メールサーバーが{ja}を一時的に断りました（{said}）。自動で再送します。",
        en=f"The mail server turned {en} down for now ({said}). It will be tried again by itself.",
    )


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:300]
