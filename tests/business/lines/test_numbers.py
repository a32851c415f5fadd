"""Numbers and who answers them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from madoguchi.business.clients.models import Programme
from madoguchi.business.lines.actions import put_number
from madoguchi.business.lines.models import Number
from madoguchi.kernel.errors import Refusal


@pytest.mark.parametrize("written", ["0120-000-123", "0120000123", "(0120) 000 123"])
def test_a_number_is_kept_as_its_digits(orders: Programme, written: str) -> None:
    number = put_number(number=written, programme=orders, label="カタログ")
    assert (str(number), number.client_id) == ("0120000123", orders.client_id)


@pytest.mark.parametrize("written", ["", "120000123", "0120", "0120000123456", "お電話", "+81120000123"])
def test_what_is_no_number_is_refused(orders: Programme, written: str) -> None:
    with pytest.raises(Refusal) as refused:
        put_number(number=written, programme=orders)
    assert (refused.value.code, refused.value.field) == ("bad_number", "number")


@pytest.mark.requirement("L1")
def test_a_number_that_moves_to_another_programme_moves_with_its_client(
    orders_number: Number, aozora_orders: Programme
) -> None:
    moved = put_number(number="0120000123", programme=aozora_orders)
    assert (moved.pk, moved.client_id) == (orders_number.pk, aozora_orders.client_id)


def test_the_database_takes_digits_only(orders_number: Number) -> None:
    with pytest.raises(IntegrityError, match="number_is_japanese_digits"):
        Number.objects.filter(pk=orders_number.pk).update(number="0120-00-123")
