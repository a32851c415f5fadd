"""Password-protected Excel by mail (requirement D3). The password goes by another road, never in the mail."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from madoguchi.business.correspondence.courier import MailServer, MailUncertain, Security, carry
from madoguchi.business.correspondence.mail import Attachment, Parcel, message_id, parcel
from madoguchi.business.handover.delivery.workbook import CONTENT_TYPE, JAPAN, protected_workbook

from .base import Consignment, OutcomeUnknown

_TEXT = """{client} 御中

いつもお世話になっております。
お電話で承りましたご注文のデータを、添付のExcelファイルでお送りします。

受注番号: {number}
受付日時: {taken_at}

ファイルは、あらかじめお知らせしたパスワードで開いてください。
このメールは自動で送信しています。お心当たりのない場合は、お手数ですが削除してください。
"""


class ExcelMail:
    """Build the file and carry it to the mail server of the settings."""

    def address_of(self, delivery_id: UUID) -> str:
        return message_id(delivery_id, domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2])

    def __call__(self, consignment: Consignment, *, before_commit: Callable[[], None]) -> str:
        try:
            return carry(self._parcel(consignment), server=mail_server(), before_commit=before_commit)
        except MailUncertain as uncertain:
            raise OutcomeUnknown(uncertain.code, ja=uncertain.ja, en=uncertain.en) from uncertain

    def _parcel(self, consignment: Consignment) -> Parcel:
        order = consignment.order
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        taken_at = order.taken_at.astimezone(JAPAN)
        return parcel(
            message_id=self.address_of(consignment.delivery_id),
            at=consignment.at,
            sender=address,
            sender_name=name,
            recipient=consignment.recipient,
            subject=consignment.subject,
            text=_TEXT.format(
                client=consignment.client, number=order.id, taken_at=f"{taken_at:%Y年%m月%d日 %H:%M}"
            ),
            attachments=[
                Attachment(
                    name=f"受注_{taken_at:%Y%m%d_%H%M}_{str(order.id)[:8]}.xlsx",
                    content_type=CONTENT_TYPE,
                    content=protected_workbook(order, password=consignment.password),
                )
            ],
        )


def mail_server() -> MailServer:
    """Return the mail server of the settings (Django's own names)."""
    if settings.EMAIL_USE_SSL:
        security = Security.TLS
    else:
        security = Security.STARTTLS if settings.EMAIL_USE_TLS else Security.PLAIN
    return MailServer(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        security=security,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        timeout_s=settings.EMAIL_TIMEOUT or 30,
    )
