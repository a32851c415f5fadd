"""Who may answer what on which day (requirement T2, as a plain gate)."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.db import IntegrityError, connection

from madoguchi.business.clients.models import Programme
from madoguchi.business.staff.actions import certify, put_agent
from madoguchi.business.staff.models import Agent
from madoguchi.business.staff.queries import VALID_CERTIFICATES, certified_programmes, valid_certificates
from madoguchi.kernel.errors import Refusal

pytestmark = pytest.mark.requirement("T2")

FIRST = date(2026, 4, 1)
LAST = date(2026, 4, 30)
AFTER = date(2026, 5, 1)


def by_sql(on: date) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(VALID_CERTIFICATES, {"on": on})
        return set(cursor.fetchall())


def by_orm(on: date) -> set[tuple[int, int]]:
    return set(valid_certificates(on).values_list("agent_id", "programme_id"))


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 3, 31), False), (FIRST, True), (LAST, True), (AFTER, False)],
)
def test_a_certificate_holds_from_its_first_day_to_the_day_before_its_end(
    suzuki: Agent, orders: Programme, day: date, holds: bool
) -> None:
    certificate = certify(agent=suzuki, programme=orders, valid_from=FIRST, valid_to=AFTER)
    assert certificate.holds_on(day) is holds
    assert by_orm(day) == by_sql(day) == ({(suzuki.pk, orders.pk)} if holds else set())


def test_without_an_end_it_holds_until_further_notice(sato: Agent, orders: Programme) -> None:
    far_off = date(2099, 1, 1)
    assert by_orm(far_off) == by_sql(far_off) == {(sato.pk, orders.pk)}


def test_who_has_left_may_answer_nothing(sato: Agent) -> None:
    Agent.objects.filter(pk=sato.pk).update(is_active=False)
    assert by_orm(FIRST) == by_sql(FIRST) == set()


def test_without_a_certificate_there_is_no_programme(sato: Agent, suzuki: Agent, orders: Programme) -> None:
    assert certified_programmes(sato, FIRST) == [orders.pk]
    assert certified_programmes(suzuki, FIRST) == []


def test_certifying_again_moves_the_end(sato: Agent, orders: Programme) -> None:
    first = certify(agent=sato, programme=orders, valid_from=FIRST)
    again = certify(agent=sato, programme=orders, valid_from=FIRST, valid_to=AFTER)
    assert (again.pk, again.valid_to) == (first.pk, AFTER)


def test_an_end_before_the_beginning_is_refused(sato: Agent, orders: Programme) -> None:
    with pytest.raises(Refusal) as refused:
        certify(agent=sato, programme=orders, valid_from=FIRST, valid_to=FIRST)
    assert refused.value.field == "valid_to"
    with pytest.raises(IntegrityError, match="certificate_ends_after_it_began") as broken:
        sato.certificates.update(valid_to=date(2020, 1, 1))
    assert isinstance(broken.value.__cause__, psycopg.errors.CheckViolation)


def test_a_telephones_password_is_made_once(sato: Agent) -> None:
    again = put_agent(user=sato.user, name="佐藤 はな", reading="さとう はな")
    assert (again.pk, again.name, again.sip_secret) == (sato.pk, "佐藤 はな", sato.sip_secret)
    assert (again.endpoint, len(again.sip_secret) >= 24) == (f"agent-{sato.pk}", True)
