"""From postal codes to places."""

from __future__ import annotations

import threading

import pytest

from madoguchi.business.intake.addresses import AddressChoice, address_choices, prefectures_of
from madoguchi.kernel.errors import Refusal


def test_a_code_of_one_town_gives_that_town() -> None:
    (choice,) = address_choices("１００－０００１")
    assert (choice.prefecture, choice.city, choice.town) == ("東京都", "千代田区", "千代田")


def test_a_code_of_two_towns_gives_both() -> None:
    assert [choice.town for choice in address_choices("072-0819")] == ["共練町東", "共練町西"]


def test_a_code_can_lie_in_two_prefectures() -> None:
    assert prefectures_of("4980000") == {"愛知県", "三重県"}


def test_a_code_of_one_office_gives_its_name_and_number() -> None:
    (choice,) = address_choices("1008111")
    assert (choice.town, choice.street, choice.building) == ("千代田", "1-1", "宮内庁")


def test_an_unknown_code_says_what_to_do() -> None:
    with pytest.raises(Refusal) as refused:
        address_choices("999-9999")
    assert refused.value.code == "postal_code_unknown"
    assert "999-9999" in refused.value.ja
    assert prefectures_of("9999999") == prefectures_of("12") == frozenset()


def test_codes_are_looked_up_from_any_thread() -> None:
    found: list[AddressChoice] = []
    threads = [threading.Thread(target=lambda: found.extend(address_choices("1000001"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
