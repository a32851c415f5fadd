"""What the lists of this counter share: a filter read from the address, and a page of rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=Model)

ROWS = 50
LONGEST_TEXT = 80


class ListForm(forms.Form):
    """A filter that lives in the address: every field may be absent, an unknown choice is a bad request."""

    text = forms.CharField(label=_("検索"), required=False, max_length=LONGEST_TEXT)
    since = forms.DateField(
        label=_("開始日"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("終了日"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked, label_suffix="")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("終了日は開始日以降にしてください。"))
        return cleaned

    def within(self, column: str) -> Q:
        """Return the condition that a moment lies in the wished days (Tokyo, both days included)."""
        condition = Q()
        if since := self.cleaned_data["since"]:
            condition &= Q(**{f"{column}__gte": start_of(since)})
        if until := self.cleaned_data["until"]:
            condition &= Q(**{f"{column}__lt": start_of(until + timedelta(days=1))})
        return condition

    @property
    def digits(self) -> str:
        """The digits of the wished text: telephone numbers are kept without hyphens."""
        return "".join(filter(str.isdecimal, self.cleaned_data["text"]))


def page_of(rows: QuerySet[Row], form: ListForm) -> Page[Row]:
    """Return the wished page of rows; a page past the end is the last one."""
    return Paginator(rows, ROWS).get_page(form.cleaned_data["page"] or 1)


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins for people (Asia/Tokyo)."""
    return timezone.make_aware(datetime.combine(day, time.min))
