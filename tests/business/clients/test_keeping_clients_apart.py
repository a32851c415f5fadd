"""Row-level security, table by table, as the portal's own role sees it (requirement K4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from madoguchi.business.calls.models import Call, HoldSpan
from madoguchi.business.clients import access
from madoguchi.business.clients.models import Client, Programme
from madoguchi.business.knowledge.actions import put_product
from madoguchi.business.lines.actions import put_number
from madoguchi.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("K4")]

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)

OWNED = """
    SELECT relname, relrowsecurity AND relforcerowsecurity, attname
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
      AND (attname = 'client_id' OR relname = 'clients_client' AND attname = 'id')
    ORDER BY relname
"""

READABLE = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = 'public'::regnamespace
      AND has_any_column_privilege('madoguchi_portal', oid, 'SELECT')
    ORDER BY relname
"""


@pytest.fixture
def both_busy(midori: Client, orders: Programme, aozora: Client, aozora_orders: Programme) -> None:
    """Two clients, each with a number, a product and a call with a hold."""
    for client, programme, number in [
        (midori, orders, "0120000123"),
        (aozora, aozora_orders, "0120000456"),
    ]:
        put_number(number=number, programme=programme)
        put_product(client=client, code="1", name="お試しセット", unit_price_yen=980)
        call = Call.objects.create(
            id=f"call-of-{client.code}", client=client, programme=programme, number=number, arrived_at=NOON
        )
        HoldSpan.objects.create(call=call, client=client, began_at=NOON)


def rows(connection: psycopg.Connection, table: str, column: str) -> set[int]:
    query = sql.SQL("SELECT {} FROM {}").format(sql.Identifier(column), sql.Identifier(table))
    return {row[0] for row in connection.execute(query)}


def look_for(connection: psycopg.Connection, client: Client) -> None:
    connection.execute("SELECT set_config('madoguchi.client_id', %s, false)", [str(client.pk)])


def asked(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cast(list[tuple[Any, ...]], cursor.fetchall())


def owned_and_readable() -> Iterator[tuple[str, str]]:
    readable = {name for (name,) in asked(READABLE)}
    return ((table, column) for table, _, column in asked(OWNED) if table in readable)


def test_every_table_with_a_client_is_held_to_row_level_security(db: None) -> None:
    tables = asked(OWNED)
    assert {"clients_client", "clients_programme", "lines_number", "knowledge_product", "calls_call"} <= {
        table for table, _, _ in tables
    }
    assert [table for table, is_held, _ in tables if not is_held] == []


def test_the_portal_may_ask_of_client_owned_tables_only(db: None) -> None:
    owned = {table for table, _, _ in asked(OWNED)}
    assert {name for (name,) in asked(READABLE)} <= owned


def test_a_client_sees_its_own_rows_and_no_others(
    both_busy: None, midori: Client, aozora: Client, portal: psycopg.Connection
) -> None:
    for client in (midori, aozora):
        look_for(portal, client)
        for table, column in owned_and_readable():
            assert rows(portal, table, column) <= {client.pk}, table
        for table in (
            "clients_programme",
            "lines_number",
            "knowledge_product",
            "calls_call",
            "calls_holdspan",
        ):
            assert rows(portal, table, "client_id") == {client.pk}, table


def test_who_has_not_said_for_whom_it_looks_sees_nothing(
    both_busy: None, midori: Client, portal: psycopg.Connection
) -> None:
    for table, column in owned_and_readable():
        assert rows(portal, table, column) == set(), table
    look_for(portal, midori)
    portal.execute("RESET madoguchi.client_id")
    for table, column in owned_and_readable():
        assert rows(portal, table, column) == set(), table


def test_the_portal_can_write_nothing(both_busy: None, midori: Client, portal: psycopg.Connection) -> None:
    look_for(portal, midori)
    for table, column in owned_and_readable():
        for statement in (
            "UPDATE {table} SET {column} = {column}",
            "DELETE FROM {table}",
            "TRUNCATE {table}",
        ):
            query = sql.SQL(statement).format(table=sql.Identifier(table), column=sql.Identifier(column))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                portal.execute(query)


@pytest.mark.parametrize(
    "table",
    [
        "accounts_user", "accounts_auditentry", "clients_membership", "staff_agent", "staff_certificate",
        "calls_journalentry", "calls_snapshot", "calls_presence", "calls_waiting", "calls_deskrequest",
        "django_session", "procrastinate_jobs",
    ],
)  # fmt: skip
def test_the_portal_may_not_even_ask(table: str, portal: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table)))


def test_a_call_cannot_name_one_client_and_the_programme_of_another(
    midori: Client, aozora_orders: Programme, database_urls: Any
) -> None:
    with psycopg.connect(database_urls.app) as app:
        app.execute(
            "INSERT INTO calls_call (id, client_id, programme_id, number, caller, arrived_at, ring_count,"
            " disposition, ended_by, held_s, recording_caller, recording_agent)"
            " VALUES ('mixed', %s, %s, '', '', now(), 0, 'in_progress', '', 0, '', '')",
            [midori.pk, aozora_orders.pk],
        )
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="same_client"):
            app.commit()


@pytest.mark.django_db(transaction=True, databases=["default", "portal"])
def test_the_portals_view_ends_with_its_block(both_busy: None, midori: Client) -> None:
    with access.portal_of(midori):
        assert [call.pk for call in Call.objects.using(access.PORTAL)] == ["call-of-midori"]
    assert not Call.objects.using(access.PORTAL).exists()


def test_a_clients_user_reaches_its_own_client_only(
    midori: Client, aozora: Client, orders: Programme, aozora_orders: Programme, midori_user: Any
) -> None:
    assert access.access_client(midori_user, midori.pk) == midori
    assert access.access_own_client(midori_user) == midori
    assert access.access_programme(midori_user, orders.pk) == orders
    for stranger in (aozora.pk, 999_999):
        with pytest.raises(Refusal) as refused:
            access.access_client(midori_user, stranger)
        assert refused.value.code == "not_found"
    with pytest.raises(Refusal, match="no such thing"):
        access.access_programme(midori_user, aozora_orders.pk)


def test_a_user_who_was_locked_out_reaches_nothing(midori: Client, midori_user: Any) -> None:
    midori_user.is_active = False
    with pytest.raises(Refusal):
        access.access_own_client(midori_user)


def test_the_centres_people_may_know_of_every_client(midori: Client, aozora: Client, tanaka: Any) -> None:
    assert set(access.clients_of(tanaka)) == {midori, aozora}
    with pytest.raises(Refusal):
        access.access_own_client(tanaka)
