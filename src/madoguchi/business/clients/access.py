"""The only way from a person to a client's rows (requirement K4).

The centre's own people may know of every client; a client's user reaches its own client, and for all
others is told exactly what it would be told if they did not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from django.db.models import QuerySet

from madoguchi.business.accounts.models import User
from madoguchi.business.clients.models import Client, Programme
from madoguchi.kernel.errors import Refusal

PORTAL = "portal"
"""Alias of the database connection that row-level security holds to one client."""


def clients_of(user: User) -> QuerySet[Client]:
    """Return the clients that a user may know of."""
    if not user.is_active:
        return Client.objects.none()
    if user.is_of_the_centre:
        return Client.objects.all()
    return Client.objects.filter(memberships__user=user, is_active=True)


def access_client(user: User, client_id: int) -> Client:
    """Return a client that the user may know of; raises `Refusal("not_found")` for any other."""
    client = clients_of(user).filter(pk=client_id).first()
    if client is None:
        raise _not_found()
    return client


def access_programme(user: User, programme_id: int) -> Programme:
    """Return a programme of a client that the user may know of; raises `Refusal("not_found")` otherwise."""
    programmes = Programme.objects.select_related("client").filter(client__in=clients_of(user))
    programme = programmes.filter(pk=programme_id).first()
    if programme is None:
        raise _not_found()
    return programme


def access_own_client(user: User) -> Client:
    """Return the one client that a client's user belongs to; raises `Refusal("not_found")` without one."""
    if user.is_of_the_centre:
        raise _not_found()
    client = clients_of(user).first()
    if client is None:
        raise _not_found()
    return client


@contextmanager
def portal_of(client: Client) -> Iterator[None]:
    """Let the portal's connection see this client's rows, and only while the block runs.

    Read with `Model.objects.using(access.PORTAL)`. The setting ends with the transaction, so a pooled
    connection cannot carry one client's view over to the next request.
    """
    with transaction.atomic(using=PORTAL):
        with connections[PORTAL].cursor() as cursor:
            cursor.execute("SELECT set_config('madoguchi.client_id', %s, true)", [str(client.pk)])
        yield


def _not_found() -> Refusal:
    return Refusal(
        "not_found",
        ja="見つかりませんでした。アドレスを確認してください。",
        en="There is no such thing here. Check the address.",
    )
