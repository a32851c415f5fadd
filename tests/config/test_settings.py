"""What the settings promise: nothing is open that need not be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser

from madoguchi.config.policy import content_security_policy


def setting(name: str, home: Path, **environ: str) -> str:
    """Return a setting as a fresh process with this environment has it."""
    shown = f"import madoguchi.config.settings as s; print(repr((s.{name})))"
    environment = {"PATH": os.defpath, "HOME": str(home), "MADOGUCHI_HOME": str(home), **environ}
    done = subprocess.run(
        [sys.executable, "-c", shown], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_debugging_is_never_on_by_itself(tmp_path: Path) -> None:
    assert setting("DEBUG", tmp_path) == "False"
    assert setting("MADOGUCHI_DEMO", tmp_path) == "False"
    assert setting("MADOGUCHI_DEMO", tmp_path, MADOGUCHI_DEMO="1") == "True"


def test_cookies_are_secure_as_soon_as_others_can_reach_the_centre(tmp_path: Path) -> None:
    assert setting("SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE", tmp_path) == "(False, False)"
    public = {"MADOGUCHI_HOSTS": "madoguchi.example.jp"}
    assert setting("SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE", tmp_path, **public) == "(True, True)"
    assert "madoguchi.example.jp" in setting("ALLOWED_HOSTS", tmp_path, **public)


def test_mail_goes_to_the_local_sink_until_told_otherwise(tmp_path: Path) -> None:
    assert setting("EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS", tmp_path) == "('127.0.0.1', 8025, False)"
    environ = {
        "MADOGUCHI_SMTP_HOST": "mail.example.jp",
        "MADOGUCHI_SMTP_PORT": "587",
        "MADOGUCHI_SMTP_STARTTLS": "1",
    }
    assert setting("EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS", tmp_path, **environ) == (
        "('mail.example.jp', 587, True)"
    )


def test_the_policy_allows_our_own_origin_and_the_telephones_socket() -> None:
    directives = content_security_policy(["localhost"], 8088)["DIRECTIVES"]
    assert directives["connect-src"] == ["'self'", "ws://localhost:8088", "wss://localhost:8088"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in str(directives)


@pytest.mark.django_db
def test_every_answer_carries_the_policy() -> None:
    answer = Browser().get("/admin/login/")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_static_files_are_served_whole_and_can_be_kept() -> None:
    answer = Browser().get("/static/admin/css/base.css")
    assert (answer.status_code, answer.streaming) == (200, False)
    assert answer["Content-Type"].startswith("text/css")
    assert len(answer.content) == int(answer["Content-Length"]) > 1000
    unchanged = Browser(headers={"If-Modified-Since": answer["Last-Modified"]}).get(
        "/static/admin/css/base.css"
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_djangos_own_check_finds_nothing() -> None:
    call_command("check", fail_level="WARNING", databases=["default"])


def test_tests_live_in_a_folder_of_their_own() -> None:
    assert settings.MADOGUCHI_HOME.root.name.startswith("madoguchi-tests-")
