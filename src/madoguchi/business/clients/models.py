"""Clients, their programmes, and which users belong to which client."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from madoguchi.business.accounts.models import User


class Client(models.Model):
    """A mail-order company that hands its calls to us (クライアント)."""

    code = models.SlugField("コード", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    reading = models.CharField("よみ", max_length=80, blank=True)
    """In hiragana, as the communicator speaks it."""
    colour = models.CharField(
        "色", max_length=7, default="#1f6f5c", validators=[RegexValidator(r"^#[0-9a-f]{6}$")]
    )
    """So that a communicator sees at arm's length for whom the telephone rings."""
    is_active = models.BooleanField("有効", default=True)

    class Meta:
        verbose_name = "クライアント"
        verbose_name_plural = "クライアント"
        constraints = [
            models.CheckConstraint(
                name="client_colour",
                violation_error_message="色は #1f6f5c のように、# と小文字の 16 進数 6 桁で入力してください。",
                condition=models.Q(colour__regex=r"^#[0-9a-f]{6}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Mode(models.TextChoices):
    """How a programme is staffed (requirements S1 and S2)."""

    SHARED = "shared", "シェアード"
    DEDICATED = "dedicated", "専任"


class Programme(models.Model):
    """One piece of a client's work with its own numbers, script and people (業務)."""

    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="programmes"
    )
    name = models.CharField("名称", max_length=80)
    mode = models.CharField("体制", max_length=10, choices=Mode, default=Mode.SHARED)
    contracted_lines = models.PositiveSmallIntegerField("契約回線数", validators=[MinValueValidator(1)])
    """The most calls that may talk or ring at once."""
    greeting = models.TextField("第一声")
    """What the communicator says first."""
    ring_s = models.PositiveSmallIntegerField(
        "呼出秒数", default=20, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    """How long one communicator's telephone rings before the next is tried."""
    wrap_up_s = models.PositiveSmallIntegerField("後処理の上限秒数", null=True, blank=True)
    """After-call work ends by itself after this; empty leaves it to the communicator."""
    record = models.BooleanField("録音する", default=True)
    target_answer_rate = models.PositiveSmallIntegerField(
        "目標応答率(%)", default=85, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    """Per cent; 85 is the published guideline for shared programmes (requirement S3)."""
    is_active = models.BooleanField("有効", default=True)

    class Meta:
        verbose_name = "業務"
        verbose_name_plural = "業務"
        constraints = [
            models.UniqueConstraint(
                name="programme_name_once_per_client",
                violation_error_message="このクライアントには同じ名称の業務がすでにあります。",
                fields=["client", "name"],
            ),
            # Target of the foreign keys that hold a row's client and programme together (clients/rls.py).
            models.UniqueConstraint(name="programme_with_client", fields=["id", "client"]),
            models.CheckConstraint(name="programme_mode_known", condition=models.Q(mode__in=Mode.values)),
            models.CheckConstraint(name="programme_has_lines", condition=models.Q(contracted_lines__gte=1)),
            models.CheckConstraint(
                name="programme_ring_time", condition=models.Q(ring_s__gte=5, ring_s__lte=120)
            ),
            models.CheckConstraint(
                name="programme_target_is_per_cent",
                condition=models.Q(target_answer_rate__gte=1, target_answer_rate__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client.name} {self.name}"


class Membership(models.Model):
    """A client's user belongs to this client, and sees nothing else."""

    user = models.OneToOneField(
        User, verbose_name="利用者", on_delete=models.CASCADE, related_name="membership"
    )
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        verbose_name = "所属"
        verbose_name_plural = "所属"

    def __str__(self) -> str:
        return f"{self.user} ({self.client})"
