"""What every test may use: a real PostgreSQL, and the named people."""

from __future__ import annotations

import shutil

from django.conf import settings

pytest_plugins = ["tests.parts.database", "tests.cast"]


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.MADOGUCHI_HOME.root, ignore_errors=True)
