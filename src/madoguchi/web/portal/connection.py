"""The portal's way into the books: one client, one transaction, the database's own row-level security (K4).

Every page of this counter reads through the connection of the role `madoguchi_portal`, which PostgreSQL holds
to the rows of the client that the transaction has named. So a forgotten filter shows nothing of another
client, and a table that the role may not read (people, presence, the journal) cannot be shown at all (K7).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse

from madoguchi.business.accounts.models import Role
from madoguchi.business.clients.access import PORTAL, access_own_client, portal_of
from madoguchi.business.clients.models import Client
from madoguchi.web.shared.guards import SignedInRequest, requires_role

__all__ = ["PORTAL", "for_own_client"]

P = ParamSpec("P")


def for_own_client(
    view: Callable[Concatenate[SignedInRequest, Client, P], HttpResponse],
) -> Callable[..., Any]:
    """Let a client's user in, hand the view its client, and read as that client until the page is made.

    The view must render before it returns: outside the transaction the connection sees no row.
    """

    @requires_role(Role.CLIENT)
    @wraps(view)
    def enter(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        client = access_own_client(request.user)
        with portal_of(client):
            return view(request, client, *args, **kwargs)

    return enter
