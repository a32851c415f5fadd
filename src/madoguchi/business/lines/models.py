"""The telephone numbers that callers dial."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from madoguchi.business.clients.models import Client, Programme


class Number(models.Model):
    """A number, and the programme that answers it (着信番号)."""

    number = models.CharField(
        "電話番号", max_length=11, unique=True, validators=[RegexValidator(r"^0[0-9]{9,10}$")]
    )
    """Digits as dialled within Japan, such as `0120000123`."""
    client = models.ForeignKey(
        Client, verbose_name="クライアント", on_delete=models.PROTECT, related_name="numbers"
    )
    programme = models.ForeignKey(
        Programme, verbose_name="業務", on_delete=models.PROTECT, related_name="numbers"
    )
    label = models.CharField("名称", max_length=60, blank=True)
    """Where the number is printed, such as a catalogue or a television spot."""

    class Meta:
        verbose_name = "着信番号"
        verbose_name_plural = "着信番号"
        constraints = [
            models.CheckConstraint(
                name="number_is_japanese_digits", condition=models.Q(number__regex=r"^0[0-9]{9,10}$")
            ),
        ]

    def __str__(self) -> str:
        return self.number
