"""A real PostgreSQL for tests: started with the first test that needs it, stopped with the session.

Migrations run as the owner, tests as the application's role, exactly as in a centre. The database is made
once; a test marked `django_db` sees its own changes only, one marked `django_db(transaction=True)` leaves
an empty database behind.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from madoguchi.config.database import DatabaseUrls
from madoguchi.config.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The server of this test session, running."""
    server = EmbeddedPostgres(settings.MADOGUCHI_HOME)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def django_db_setup(postgres: EmbeddedPostgres, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the tables, as their owner. Replaces pytest-django's own database: ours is a fresh one anyway."""
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
        with connections["owner"].cursor() as cursor:
            # How Django empties the tables after a test that commits; a centre's role may not.
            cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO madoguchi_app")
        connections["owner"].close()
    # Emptying the tables through the default connection is enough, and the portal's role may not.
    connections["portal"].settings_dict["TEST"]["MIRROR"] = "default"
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def database_urls(django_db_setup: None) -> DatabaseUrls:
    """The connection strings of the three roles, for code that does not go through Django."""
    urls: DatabaseUrls = settings.MADOGUCHI_DATABASE_URLS
    return urls


@pytest.fixture
def portal(database_urls: DatabaseUrls) -> Iterator[psycopg.Connection]:
    """A connection of a client's user to committed data; it has not yet said for whom it looks."""
    with psycopg.connect(database_urls.portal, autocommit=True) as connection:
        yield connection
