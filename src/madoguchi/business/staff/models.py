"""Communicators, and the programmes they may answer."""

from __future__ import annotations

from datetime import date

from django.db import models

from madoguchi.business.accounts.models import User
from madoguchi.business.clients.models import Programme


class Agent(models.Model):
    """A communicator (コミュニケーター): one person, one telephone, however many programmes."""

    user = models.OneToOneField(User, verbose_name="利用者", on_delete=models.PROTECT, related_name="agent")
    name = models.CharField("氏名", max_length=60)
    reading = models.CharField("よみ", max_length=60, blank=True)
    sip_secret = models.CharField("電話機のパスワード", max_length=64)
    """With it the softphone registers at Asterisk; made up by us, never typed."""
    is_active = models.BooleanField("在籍", default=True)

    class Meta:
        verbose_name = "コミュニケーター"
        verbose_name_plural = "コミュニケーター"
        constraints = [
            models.CheckConstraint(name="agent_has_sip_secret", condition=~models.Q(sip_secret="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def endpoint(self) -> str:
        """The name of the agent's telephone at Asterisk."""
        return f"agent-{self.pk}"


class Certificate(models.Model):
    """An agent may answer a programme, from a day on, until a day or until further notice (認定)."""

    agent = models.ForeignKey(
        Agent, verbose_name="コミュニケーター", on_delete=models.CASCADE, related_name="certificates"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="業務", on_delete=models.CASCADE, related_name="certificates"
    )
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日(この日から無効)", null=True, blank=True)
    """The first day on which it no longer holds (half-open); empty: until further notice."""

    class Meta:
        verbose_name = "認定"
        verbose_name_plural = "認定"
        constraints = [
            models.UniqueConstraint(
                name="certificate_once_per_day",
                violation_error_message="同じ開始日の認定がすでにあります。",
                fields=["agent", "programme", "valid_from"],
            ),
            models.CheckConstraint(
                name="certificate_ends_after_it_began",
                violation_error_message="終了日は開始日より後の日付にしてください。",
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]
        indexes = [
            # Read by the switchboard for the valid certificates of a day (staff.queries.valid_certificates).
            models.Index(name="certificate_by_day", fields=["valid_from", "valid_to"]),
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.programme}"

    def holds_on(self, day: date) -> bool:
        """Tell whether it is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
