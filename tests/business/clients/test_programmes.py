"""Clients and their programmes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from madoguchi.business.accounts.models import User
from madoguchi.business.clients.actions import put_client, put_membership, put_programme
from madoguchi.business.clients.models import Client, Mode, Programme
from madoguchi.kernel.errors import Refusal


def test_putting_a_client_and_a_programme_again_makes_no_second(midori: Client, orders: Programme) -> None:
    client = put_client(code="midori", name="みどり本舗株式会社", colour="#ABCDEF")
    programme = put_programme(
        client=client, name="注文受付", contracted_lines=5, greeting="はい。", mode=Mode.DEDICATED
    )
    assert (client.pk, programme.pk) == (midori.pk, orders.pk)
    assert (client.colour, programme.contracted_lines, programme.mode) == ("#abcdef", 5, Mode.DEDICATED)


@pytest.mark.requirement("S3")
def test_the_guideline_of_a_shared_programme_is_85_per_cent(orders: Programme) -> None:
    assert (orders.mode, orders.target_answer_rate) == (Mode.SHARED, 85)


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("contracted_lines", 0, "programme_has_lines"),
        ("ring_s", 4, "programme_ring_time"),
        ("target_answer_rate", 101, "programme_target_is_per_cent"),
        ("mode", "secret", "programme_mode_known"),
    ],
)
def test_impossible_terms_are_refused_by_the_database(
    orders: Programme, column: str, value: object, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        Programme.objects.filter(pk=orders.pk).update(**{column: value})


def test_a_clients_user_belongs_to_one_client_at_a_time(midori_user: User, aozora: Client) -> None:
    moved = put_membership(user=midori_user, client=aozora)
    assert moved.client == aozora
    assert moved.user.membership.pk == moved.pk


def test_the_centres_own_people_belong_to_no_client(tanaka: User, midori: Client) -> None:
    with pytest.raises(Refusal) as refused:
        put_membership(user=tanaka, client=midori)
    assert refused.value.code == "not_a_client_user"
