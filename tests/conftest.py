"""One real PostgreSQL for the whole test session, in a runtime folder of its own, before Django is set up."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

SESSION_HOME = Path(tempfile.mkdtemp(prefix="madoguchi-tests-"))
"""Settings are read at import, so the folder must be there first: this module is imported before all tests."""

os.environ["MADOGUCHI_HOME"] = str(SESSION_HOME)
os.environ["MADOGUCHI_NO_DATABASE_POOL"] = "1"
os.environ["MADOGUCHI_LOG_LEVEL"] = "WARNING"
for name in ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_OWNER_DATABASE_URL", "MADOGUCHI_PORTAL_DATABASE_URL"):
    os.environ.pop(name, None)

pytest_plugins = ["tests.parts.database", "tests.cast"]


def pytest_unconfigure() -> None:
    shutil.rmtree(SESSION_HOME, ignore_errors=True)
