"""Carrying a message to real mail servers of every manner, and what we are sure of afterwards."""

from __future__ import annotations

import email
import email.policy
import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from madoguchi.business.correspondence.courier import (
    MailRefused,
    MailServer,
    MailTrouble,
    MailUncertain,
    carry,
    quoted,
)
from madoguchi.business.correspondence.mail import Attachment, Parcel, checked_address, parcel
from madoguchi.kernel.errors import Refusal, Trouble

from .postbox import Manner, Postbox

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def a_parcel(**changes: Any) -> Parcel:
    made: dict[str, Any] = {
        "message_id": "<1@madoguchi.test>",
        "at": NOON,
        "sender": "madoguchi@centre.test",
        "sender_name": "窓口センター",
        "recipient": "orders@midori.test",
        "subject": "【みどり本舗】受注データのご送付（2026年11月24日分）件名がとても長い場合でも読めること",
        "text": "山田様\n.行頭の点\n髙﨑\n",
        "attachments": [
            Attachment("受注_20261124_山田　花子さま.xlsx", "application/octet-stream", b"\x00\r\n.\r\n\xff")
        ],
    }
    return parcel(**(made | changes))


class Commits(list[str]):
    def __call__(self) -> None:
        self.append("committing")


def carried(manner: Manner) -> tuple[type[Exception] | None, int, int]:
    """Return what was raised, how many messages the server has, and how often we said that we would commit."""
    commits = Commits()
    with Postbox(manner) as box:
        try:
            carry(a_parcel(), server=box.server, before_commit=commits)
        except Refusal as refusal:
            return type(refusal), len(box.letters), len(commits)
        return None, len(box.letters), len(commits)


@pytest.mark.parametrize(
    ("manner", "raised", "kept", "commits"),
    [
        (Manner.ACCEPT, None, 1, 1),
        (Manner.REFUSE_RECIPIENT, MailRefused, 0, 0),
        (Manner.DEFER_RECIPIENT, MailTrouble, 0, 0),
        (Manner.DROP_AT_BANNER, MailTrouble, 0, 0),
        (Manner.DROP_AT_DATA, MailTrouble, 0, 0),
        (Manner.REFUSE_MESSAGE, MailRefused, 0, 1),
        (Manner.DEFER_MESSAGE, MailTrouble, 0, 1),
        (Manner.KEEP_THEN_DROP, MailUncertain, 1, 1),
        (Manner.DROP_AT_DOT, MailUncertain, 0, 1),
    ],
)
def test_what_we_are_sure_of_fits_what_the_server_has(
    manner: Manner, raised: type[Exception] | None, kept: int, commits: int
) -> None:
    assert carried(manner) == (raised, kept, commits)


def test_a_line_cut_in_the_body_is_never_taken_for_delivered() -> None:
    raised, kept, _ = carried(Manner.DROP_IN_BODY)
    assert raised in (MailTrouble, MailUncertain)
    assert kept == 0


@pytest.mark.parametrize("manner", [Manner.MUTE_BANNER, Manner.MUTE_DATA, Manner.MUTE_DOT])
def test_a_server_that_falls_silent_is_given_up_after_its_time(manner: Manner) -> None:
    with Postbox(manner) as box:
        server = MailServer(host="127.0.0.1", port=box.port, timeout_s=0.3)
        expected = MailUncertain if manner is Manner.MUTE_DOT else MailTrouble
        with pytest.raises(expected):
            carry(a_parcel(), server=server, before_commit=Commits())


def test_a_server_that_is_not_there_is_a_passing_trouble_that_names_it() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(MailTrouble) as trouble:
            carry(a_parcel(), server=MailServer("127.0.0.1", port, timeout_s=2), before_commit=Commits())
    assert f"127.0.0.1:{port}" in trouble.value.ja
    assert f"127.0.0.1:{port}" in trouble.value.en


def test_the_servers_own_words_are_in_the_reason() -> None:
    with Postbox(Manner.REFUSE_MESSAGE) as box, pytest.raises(MailRefused) as refused:
        carry(a_parcel(), server=box.server, before_commit=Commits())
    assert "encrypted attachments are not accepted" in refused.value.ja
    assert not isinstance(refused.value, Trouble)


def test_nothing_is_sent_when_the_note_before_the_dot_fails() -> None:
    def fail() -> None:
        raise RuntimeError("the database is away")

    with Postbox() as box:
        with pytest.raises(RuntimeError, match="database"):
            carry(a_parcel(), server=box.server, before_commit=fail)
        assert box.letters == []


def test_the_receipt_is_the_servers_answer() -> None:
    with Postbox() as box:
        assert carry(a_parcel(), server=box.server, before_commit=Commits()) == "250 2.0.0 kept as 1"


def test_a_message_arrives_as_it_was_written() -> None:
    with Postbox() as box:
        carry(a_parcel(), server=box.server, before_commit=Commits())
    (letter,) = box.letters
    assert letter.isascii()
    assert max(map(len, letter.split(b"\r\n"))) <= 998
    message: Any = email.message_from_bytes(letter, policy=email.policy.default)
    assert message["Subject"].endswith("件名がとても長い場合でも読めること")
    assert str(message["From"]) == "窓口センター <madoguchi@centre.test>"
    assert message["Message-ID"] == "<1@madoguchi.test>"
    assert message.get_body().get_content().replace("\r\n", "\n") == "山田様\n.行頭の点\n髙﨑\n"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "受注_20261124_山田　花子さま.xlsx"
    assert attachment.get_payload(decode=True) == b"\x00\r\n.\r\n\xff"
    # RFC 2231: the name itself is percent-encoded UTF-8, never an encoded word within quotes.
    assert b"filename*" in letter


def test_a_line_break_in_a_subject_makes_no_header() -> None:
    made = a_parcel(subject="件名\r\nBcc: thief@example.test")
    assert b"\r\nBcc:" not in made.content


@pytest.mark.parametrize(
    "text", ["", "midori", "a b@c.test", "a@b\r\nDATA", "<a@b.test>", "a..b@c.test", "山田@例.test"]
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_address(text)
    assert refused.value.field == "recipient"


def test_dots_are_doubled_and_line_ends_made_whole() -> None:
    assert quoted(b".a\r\nb\n..c\n") == b"..a\r\nb\r\n...c\r\n"


def test_a_server_never_shows_its_password() -> None:
    assert "himitsu" not in repr(MailServer("mail.test", 25, user="u", password="himitsu"))
