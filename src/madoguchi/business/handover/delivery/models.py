"""Ways to a client, deliveries of orders, and every attempt at one."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.intake.models import Order


class Kind(models.TextChoices):
    """How a client takes its orders (requirements D1 to D4); the modules are in `ways`."""

    EXCEL_MAIL = "excel_mail", "パスワード付きExcelをメールで"


class Way(models.Model):
    """How the orders of a client, or of one of its programmes, are handed over (納品方法)."""

    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="ways"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="業務", on_delete=models.PROTECT, null=True, blank=True, related_name="ways"
    )
    """Empty: for all programmes of the client that have no way of their own."""
    kind = models.CharField("方法", max_length=20, choices=Kind, default=Kind.EXCEL_MAIL)
    recipient = models.EmailField("宛先メールアドレス")
    password_encrypted = models.TextField("ファイルのパスワード(暗号化済み)", editable=False)
    """See `secrets`; the portal's database role has no right to this column."""
    subject = models.CharField("件名", max_length=120, default="受注データのご送付")
    is_active = models.BooleanField("有効", default=True)

    class Meta:
        verbose_name = "納品方法"
        verbose_name_plural = "納品方法"
        constraints = [
            models.UniqueConstraint(
                name="way_one_active",
                fields=["client", "programme"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                violation_error_message="この業務には有効な納品方法がすでにあります。先にそちらを無効にしてください。",
            ),
            models.UniqueConstraint(name="way_with_client", fields=["id", "client"]),
            models.CheckConstraint(name="way_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="way_has_password", condition=~Q(password_encrypted="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.recipient}"


class State(models.TextChoices):
    """Where a delivery stands. due → sending → delivered, parked, or due again (`ledger`)."""

    DUE = "due", "送信待ち"
    SENDING = "sending", "送信中"
    DELIVERED = "delivered", "納品済み"
    PARKED = "parked", "要確認"


class Delivery(models.Model):
    """The handing over of one order (納品)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="deliveries"
    )
    order = models.OneToOneField(
        Order, verbose_name="受注", on_delete=models.PROTECT, related_name="delivery"
    )
    way = models.ForeignKey(
        Way,
        verbose_name="納品方法",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
    )
    """The way of the last attempt; empty until one was found."""
    state = models.CharField("状態", max_length=10, choices=State)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    """Since it was enqueued, or since a person last sent it again."""
    enqueued_at = models.DateTimeField("登録日時")
    next_at = models.DateTimeField("次回送信日時", null=True, blank=True)
    delivered_at = models.DateTimeField("納品日時", null=True, blank=True)
    receipt = models.TextField("受領の記録", blank=True)
    """What the other side said, or who checked and how."""
    reason_code = models.CharField("理由コード", max_length=40, blank=True)
    """Why it is parked, or why the last attempt was put off."""
    reason_ja = models.TextField("理由", blank=True)
    reason_en = models.TextField("理由(英語)", blank=True)
    message_id = models.CharField("Message-ID", max_length=200, blank=True)

    class Meta:
        verbose_name = "納品"
        verbose_name_plural = "納品"
        constraints = [
            models.UniqueConstraint(name="delivery_with_client", fields=["id", "client"]),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="delivery_due_has_time", condition=~Q(state=State.DUE) | Q(next_at__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_delivered_has_receipt",
                condition=~Q(state=State.DELIVERED) | (Q(delivered_at__isnull=False) & ~Q(receipt="")),
            ),
            models.CheckConstraint(
                name="delivery_parked_has_reason",
                condition=~Q(state=State.PARKED) | (~Q(reason_code="") & ~Q(reason_ja="") & ~Q(reason_en="")),
            ),
        ]
        indexes = [
            # Read every minute by actions.sweep and actions.recover_stalled; few rows are ever open.
            models.Index(
                name="delivery_open",
                fields=["state", "next_at"],
                condition=Q(state__in=[State.DUE, State.SENDING]),
            ),
            # Read by the delivery page (queries.deliveries).
            models.Index(name="delivery_by_client_newest", fields=["client", "-enqueued_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.get_state_display()}"

    @property
    def may_resend(self) -> bool:
        """Whether a person may send it (again) now."""
        return self.state in (State.PARKED, State.DUE)

    def reason(self, language: str) -> str:
        """Return the reason in a language such as `ja` or `en`."""
        return self.reason_ja if language.startswith("ja") else self.reason_en


class Phase(models.TextChoices):
    """How far an attempt has come: until `committing` is written, nothing can have arrived."""

    PREPARING = "preparing", "準備中"
    COMMITTING = "committing", "送信確定中"
    ENDED = "ended", "終了"


class Outcome(models.TextChoices):
    DELIVERED = "delivered", "納品済み"
    PUT_OFF = "put_off", "再送待ち"
    REFUSED = "refused", "失敗"
    UNKNOWN = "unknown", "結果不明"
    ABANDONED = "abandoned", "中断"


class Attempt(models.Model):
    """One try at a delivery."""

    delivery = models.ForeignKey(
        Delivery, verbose_name="納品", on_delete=models.CASCADE, related_name="tries"
    )
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="+"
    )
    began_at = models.DateTimeField("開始日時")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    phase = models.CharField("段階", max_length=12, choices=Phase, default=Phase.PREPARING)
    outcome = models.CharField("結果", max_length=12, choices=Outcome, blank=True)
    detail = models.TextField("詳細", blank=True)

    class Meta:
        verbose_name = "送信の試行"
        verbose_name_plural = "送信の試行"
        constraints = [
            models.UniqueConstraint(
                name="attempt_one_open", fields=["delivery"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="attempt_ended_has_outcome",
                condition=Q(ended_at__isnull=True, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="") & Q(phase=Phase.ENDED)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M:%S} {self.outcome or self.phase}"
