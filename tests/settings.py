"""The centre's own settings, in a runtime folder that lives as long as the test session.

Settings read the environment when they are imported, and pytest-django imports them before any conftest:
so the folder is named here and nowhere later.
"""

from __future__ import annotations

import os
import tempfile

os.environ["MADOGUCHI_HOME"] = tempfile.mkdtemp(prefix="madoguchi-tests-")
os.environ["MADOGUCHI_NO_DATABASE_POOL"] = "1"
os.environ["MADOGUCHI_LOG_LEVEL"] = "WARNING"
for _name in ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_OWNER_DATABASE_URL", "MADOGUCHI_PORTAL_DATABASE_URL"):
    os.environ.pop(_name, None)

from madoguchi.config.settings import *  # noqa: E402, F403  (only now does the environment say where)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""A good password hash takes a third of a second; tests sign in hundreds of times."""
