"""Users, their roles, and the audit trail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from madoguchi.business.accounts.actions import audit, put_user
from madoguchi.business.accounts.models import AuditEntry, Role, User
from tests.cast import PASSWORD

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


def test_putting_a_user_again_changes_it_and_makes_no_second(tanaka: User) -> None:
    password = tanaka.password
    again = put_user(username="tanaka", password=PASSWORD, role=Role.BACK_OFFICE, display_name="田中 一")
    assert (again.pk, again.role, str(again)) == (tanaka.pk, Role.BACK_OFFICE, "田中 一")
    assert again.password == password, "the same password is not hashed anew: sessions stay valid"


def test_a_new_password_takes_effect(tanaka: User) -> None:
    put_user(username="tanaka", password="atarashii-aikotoba", role=Role.SUPERVISOR)
    tanaka.refresh_from_db()
    assert tanaka.check_password("atarashii-aikotoba")


def test_an_administrator_may_enter_the_admin_pages_and_loses_that_with_the_role(db: None) -> None:
    user = put_user(username="kanri", password=PASSWORD, role=Role.ADMINISTRATOR)
    assert (user.is_staff, user.is_superuser) == (True, True)
    user = put_user(username="kanri", password=PASSWORD, role=Role.SUPERVISOR)
    assert (user.is_staff, user.is_superuser) == (False, False)


@pytest.mark.requirement("K4")
@pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
def test_the_database_gives_a_clients_user_no_power(midori_user: User, power: str) -> None:
    with pytest.raises(IntegrityError, match="user_client_is_no_staff"):
        User.objects.filter(pk=midori_user.pk).update(**{power: True})


def test_an_unknown_role_is_refused_by_the_database(tanaka: User) -> None:
    with pytest.raises(IntegrityError, match="user_role_known"):
        User.objects.filter(pk=tanaka.pk).update(role="king")


def test_only_a_clients_user_is_not_of_the_centre(tanaka: User, midori_user: User) -> None:
    assert tanaka.is_of_the_centre
    assert not midori_user.is_of_the_centre


def test_the_audit_trail_keeps_who_did_what(tanaka: User) -> None:
    audit(
        at=NOON,
        user=tanaka,
        action="test.tried",
        object_type="thing",
        object_id=7,
        client_id=3,
        detail={"a": 1},
    )
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.action, entry.object_id, entry.client_id) == (tanaka, "test.tried", "7", 3)
    assert (entry.at, entry.detail) == (NOON, {"a": 1})
