from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from tests.business.books import Shop, a_shop
from tests.business.correspondence.postbox import Postbox

from .centre import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(settings: Settings) -> Iterator[Postbox]:
    """The client's mail server, and the centre's settings that lead to it."""
    with Postbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", box.port, 5
        settings.DEFAULT_FROM_EMAIL = "窓口センター <madoguchi@centre.test>"
        yield box


@pytest.fixture
def shop(transactional_db: None) -> Shop:
    """みどり本舗 with its way of delivery, and no jobs but its own."""
    with connection.cursor() as cursor:
        # Procrastinate's tables are not Django's to empty after a test.
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers"):
            cursor.execute(f"DELETE FROM {table}")
    shop = a_shop()
    shop.way()
    return shop
