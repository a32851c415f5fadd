"""The three ways into the one database, and how Django is told of them.

`madoguchi_owner` owns the tables and runs migrations; `madoguchi_app` is the centre's own processes;
`madoguchi_portal` is client users, held to one client by row-level security. Nothing here connects.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from madoguchi.config.home import Home
from madoguchi.kernel.errors import Trouble

DATABASE = "madoguchi"
OWNER = "madoguchi_owner"
APP = "madoguchi_app"
PORTAL = "madoguchi_portal"

APP_URL = "MADOGUCHI_DATABASE_URL"
OWNER_URL = "MADOGUCHI_OWNER_DATABASE_URL"
PORTAL_URL = "MADOGUCHI_PORTAL_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """Connection strings (libpq), one per role."""

    app: str
    owner: str
    portal: str
    embedded: bool
    """Whether this is the server that we start ourselves."""


def database_urls(home: Home, environ: Mapping[str, str] = os.environ) -> DatabaseUrls:
    """Return the connection strings that the environment gives, or those of the embedded server.

    Raises `Trouble` when the environment names only some of the three.
    """
    given = [environ.get(name, "") for name in (APP_URL, OWNER_URL, PORTAL_URL)]
    if all(given):
        return DatabaseUrls(app=given[0], owner=given[1], portal=given[2], embedded=False)
    if any(given):
        raise Trouble(
            "database_urls_incomplete",
            ja=f"データベースの接続先は {APP_URL}、{OWNER_URL}、{PORTAL_URL} の三つをそろえて指定してください。",
            en=f"Set all three of {APP_URL}, {OWNER_URL} and {PORTAL_URL}, or none of them.",
        )
    secrets = home.secrets()
    return DatabaseUrls(
        app=embedded_url(home, APP, secrets.database_app),
        owner=embedded_url(home, OWNER, secrets.database_owner),
        portal=embedded_url(home, PORTAL, secrets.database_portal),
        embedded=True,
    )


def embedded_url(home: Home, role: str, password: str, database: str = DATABASE) -> str:
    """Return the connection string of one role of the embedded server."""
    return make_conninfo(host=str(home.postgres_socket), user=role, password=password, dbname=database)


def django_databases(urls: DatabaseUrls, *, pooled: bool) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default` (app), `owner` (migrate only) and `portal`."""
    return {
        "default": _django_database(urls.app, pooled=pooled),
        "owner": _django_database(urls.owner, pooled=False),
        "portal": _django_database(urls.portal, pooled=pooled),
    }


def _django_database(url: str, *, pooled: bool) -> dict[str, Any]:
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        raise Trouble(
            "database_url_unreadable",
            ja=f"データベースの接続先を読み取れません({error})。postgresql://利用者:パスワード@サーバー/データベース "
            "の形で指定してください。",
            en=f"The database URL cannot be read ({error}). Write postgresql://user:password@server/database.",
        ) from error
    options: dict[str, Any] = {}
    if pooled:
        # A pool that keeps trying pauses ever longer; one that gives up tries anew with the next request.
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 5, "reconnect_timeout": 5}
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", DATABASE),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
    return database | {"OPTIONS": options | parts}
