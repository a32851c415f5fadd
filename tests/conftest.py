"""One real PostgreSQL for the whole test session, in a runtime folder of its own (see `tests.settings`)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

pytest_plugins = ["tests.parts.database", "tests.cast"]


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    """Every test begins in Japanese, whatever language an earlier one has left behind."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.MADOGUCHI_HOME.root, ignore_errors=True)
