from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import SuspiciousOperation

from madoguchi.business.intake.rules import Offered
from madoguchi.kernel.errors import Refusal
from madoguchi.web.desk.order_form import draft_data, typed_order
from madoguchi.web.desk.terms import terms_of

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)

OFFERED = {7: Offered(7, "001", "青汁 30包", 3240, 8), 8: Offered(8, "101", "クリーム", 4950, 10)}


def _payload(**changes: str) -> dict[str, str]:
    payload = {
        "token": "6f0c1a52-7a5e-4c0e-9a40-6c1b6f1f0a01",
        "lines-3-product": "7",
        "lines-3-quantity": "2",
    }
    return payload | changes


def test_rows_without_a_product_are_no_order() -> None:
    typed = typed_order(_payload(**{"lines-1-product": "", "lines-1-quantity": "1"}))
    assert len(typed.lines) == 2
    assert [line.product for line in typed.filled_lines] == ["7"]


def test_rows_come_in_the_order_of_their_numbers() -> None:
    typed = typed_order(
        _payload(**{"lines-10-product": "8", "lines-10-quantity": "1", "lines-2-product": "8"})
    )
    assert [line.product for line in typed.lines] == ["8", "7", "8"]


def test_a_mistake_stands_beside_its_row_although_empty_rows_stand_between() -> None:
    typed = typed_order(_payload(**{"lines-1-product": "", "lines-9-product": "8", "lines-9-quantity": "x"}))
    shown = typed.with_refusals(
        [Refusal("quantity_range", ja="数量が違います。", en="", field="lines-1-quantity")]
    )
    assert [line.error for line in shown.lines] == ["", "数量が違います。"]


def test_a_form_needs_a_token() -> None:
    with pytest.raises(SuspiciousOperation):
        typed_order(_payload(token="")).as_order_form(read_back_at=None)


def test_a_draft_keeps_the_forms_fields_and_nothing_else() -> None:
    kept = draft_data(_payload(csrfmiddlewaretoken="secret", other="x", note="あ"))
    assert kept == _payload(note="あ")


def test_terms_count_what_can_be_sold_and_wait_for_the_rest() -> None:
    typed = typed_order(_payload(**{"lines-4-product": "8", "lines-4-quantity": ""}))
    terms = terms_of(typed, offered=OFFERED, now=NOW)
    assert terms.total_yen == 6480
    assert terms.sentence == "青汁 30包を2点、合計 6,480円、税込でございます。"


@pytest.mark.requirement("K2")
def test_the_mark_holds_for_these_terms_only() -> None:
    marked = terms_of(typed_order(_payload(read_back="on")), offered=OFFERED, now=NOW)
    assert marked.marked_at == NOW
    kept = {"read_back": "on", "read_back_of": marked.fingerprint, "read_back_at": NOW.isoformat()}
    later = NOW + timedelta(minutes=2)
    assert terms_of(typed_order(_payload(**kept)), offered=OFFERED, now=later).marked_at == NOW
    changed = _payload(**kept, **{"lines-4-product": "8", "lines-4-quantity": "1"})
    assert terms_of(typed_order(changed), offered=OFFERED, now=later).marked_at is None


@pytest.mark.requirement("K2")
@pytest.mark.parametrize("claimed", ["2099-01-01T00:00:00+09:00", "yesterday", "2026-07-01T10:00:00"])
def test_a_moment_that_cannot_be_is_now(claimed: str) -> None:
    fingerprint = terms_of(typed_order(_payload()), offered=OFFERED, now=NOW).fingerprint
    typed = typed_order(_payload(read_back="on", read_back_of=fingerprint, read_back_at=claimed))
    assert terms_of(typed, offered=OFFERED, now=NOW).marked_at == NOW


@pytest.mark.requirement("K2")
def test_an_empty_order_cannot_be_read_back() -> None:
    typed = typed_order({"token": "x", "read_back": "on"})
    assert terms_of(typed, offered=OFFERED, now=NOW).marked_at is None
