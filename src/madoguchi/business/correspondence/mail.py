"""Messages as they go out: Japanese headers, attachments with Japanese names, a Message-ID of our own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from madoguchi.kernel.errors import Refusal

#: Seven bits only: the text goes as base64, so no server on the way has to know 8BITMIME.
POLICY = SMTP.clone(cte_type="7bit")

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; `name` may be Japanese (RFC 2231 on the wire)."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to be carried: the envelope and the bytes."""

    sender: str
    recipient: str
    message_id: str
    content: bytes


def checked_address(text: str, *, field: str = "recipient") -> str:
    """Return a mail address that any server takes. Raise `Refusal`."""
    address = text.strip()
    if not _ADDRESS.fullmatch(address) or ".." in address:
        raise Refusal(
            "mail_address",
            ja=f"メールアドレス「{address}」の形が正しくありません。name@example.jp のように入力してください。",
            en=f"The mail address “{address}” is not well formed. Enter it like name@example.jp.",
            field=field,
        )
    return address


def message_id(of: UUID, *, domain: str) -> str:
    """Return the Message-ID that a thing has for ever, so that a receiver can tell a repetition."""
    return f"<{of}@{domain}>"


def parcel(
    *,
    message_id: str,
    at: datetime,
    sender: str,
    sender_name: str,
    recipient: str,
    subject: str,
    text: str,
    attachments: Sequence[Attachment] = (),
) -> Parcel:
    """Build a message. Raise `Refusal` when an address is not one."""
    sender, recipient = checked_address(sender, field="sender"), checked_address(recipient)
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(at)
    message["From"] = Address(_one_line(sender_name), addr_spec=sender)
    message["To"] = recipient
    message["Subject"] = _one_line(subject)
    # RFC 3834: holiday replies and the like must not come back for it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="base64")
    for attachment in attachments:
        maintype, _, subtype = attachment.content_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=_one_line(attachment.name)
        )
    return Parcel(
        sender=sender, recipient=recipient, message_id=message_id, content=message.as_bytes(policy=POLICY)
    )


def _one_line(text: str) -> str:
    """A line break in a header would be a header of its own."""
    return _BREAKS.sub(" ", text).strip()
