"""The embedded PostgreSQL: really started, stopped, killed and starved."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from madoguchi.config.database import database_urls, embedded_url
from madoguchi.config.home import Home
from madoguchi.config.postgres import EmbeddedPostgres
from madoguchi.kernel.errors import Trouble


@pytest.fixture
def home() -> Iterator[Home]:
    """A short path: pytest's own folders are too deep for a Unix socket, and root's are closed to others."""
    root = Path(tempfile.mkdtemp(prefix="mado-pg-"))
    home = Home(root=root, cache=root)
    yield home
    EmbeddedPostgres(home).stop()
    shutil.rmtree(root)
    shutil.rmtree(home.postgres_socket, ignore_errors=True)


def pid_of(home: Home) -> int:
    return int((home.postgres_data / "postmaster.pid").read_text().split()[0])


def asked(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(question.encode()).fetchone()
    assert found is not None
    return found[0]


def test_it_starts_keeps_its_data_and_starting_twice_is_harmless(home: Home) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    urls = database_urls(home, {})
    first = pid_of(home)
    EmbeddedPostgres(home).start()
    assert pid_of(home) == first
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE kept AS SELECT '窓口' AS word")
    server.stop()
    assert not server.is_running()
    server.stop()
    server.start()
    assert asked(urls.app, "SELECT word FROM kept") == "窓口"
    assert str(asked(urls.app, "SHOW server_version")).startswith("18")


def test_nobody_comes_in_without_the_password_and_nothing_listens_on_the_network(home: Home) -> None:
    EmbeddedPostgres(home).start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(embedded_url(home, "postgres", "guess"))
    app = database_urls(home, {}).app
    assert asked(app, "SHOW listen_addresses") == ""
    assert asked(app, "SELECT rolpassword IS NULL FROM pg_roles WHERE rolname = 'madoguchi_app'") is False
    assert home.secrets().database_superuser not in str(list(home.postgres.iterdir()))


def test_the_app_may_write_what_the_owner_made_and_make_nothing_itself(home: Home) -> None:
    EmbeddedPostgres(home).start()
    urls = database_urls(home, {})
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
    with psycopg.connect(urls.app, autocommit=True) as app:
        app.execute("INSERT INTO things (name) VALUES ('a')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(urls.portal) as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute("SELECT * FROM things")


def test_it_outlives_the_process_that_started_it(home: Home) -> None:
    starter = "from madoguchi.config.home import Home; from madoguchi.config.postgres import EmbeddedPostgres as P; "
    environ = os.environ | {"MADOGUCHI_HOME": str(home.root)}
    subprocess.run(
        [sys.executable, "-c", starter + "P(Home.from_environment()).start()"], check=True, env=environ
    )
    assert EmbeddedPostgres(home).is_running()
    assert asked(database_urls(home, {}).app, "SELECT 1") == 1


def test_killed_outright_it_starts_again_over_its_stale_files(home: Home) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    urls = database_urls(home, {})
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 7 AS number")
    killed = pid_of(home)
    os.kill(killed, signal.SIGKILL)
    wait_until_gone(killed)
    assert (home.postgres_data / "postmaster.pid").exists()
    server.start()
    assert asked(urls.app, "SELECT number FROM kept") == 7


def wait_until_gone(pid: int) -> None:
    """Wait for the server, and for its children, who hold its memory a moment longer."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
        if not state or state.startswith("Z"):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} is still there")


def test_setting_up_that_was_interrupted_begins_anew(home: Home) -> None:
    (home.postgres / "draft").mkdir(parents=True)
    (home.postgres / "draft" / "PG_VERSION").write_text("18")
    EmbeddedPostgres(home).start()
    assert asked(database_urls(home, {}).app, "SELECT 1") == 1


def test_a_folder_that_is_no_cluster_is_left_alone(home: Home) -> None:
    home.postgres_data.mkdir(parents=True)
    (home.postgres_data / "base").write_text("perhaps somebody's data")
    with pytest.raises(Trouble) as trouble:
        EmbeddedPostgres(home).start()
    assert trouble.value.code == "postgres_damaged"
    assert (home.postgres_data / "base").exists()


def test_roles_that_were_not_finished_are_finished_at_the_next_start(home: Home) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    (home.postgres / "ready").unlink()
    server.start()
    assert asked(database_urls(home, {}).owner, "SELECT 1") == 1


def test_a_home_with_a_long_path_has_its_socket_elsewhere(home: Home) -> None:
    deep = Home(root=home.root / ("x" * 100), cache=home.root)
    server = EmbeddedPostgres(deep)
    try:
        server.start()
        assert asked(database_urls(deep, {}).app, "SELECT 1") == 1
        assert not deep.postgres_socket.is_relative_to(deep.root)
    finally:
        server.stop()
        shutil.rmtree(deep.postgres_socket, ignore_errors=True)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_no_space_is_said_before_anything_is_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - 10**7, 10**7))
    with pytest.raises(Trouble) as trouble:
        EmbeddedPostgres(home).start()
    assert trouble.value.code == "postgres_no_space"
    assert "9 MB" in trouble.value.ja
    assert "MADOGUCHI_HOME" in trouble.value.en
    assert not home.postgres_data.exists()


def test_a_damaged_cluster_says_what_postgresql_said(home: Home) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    server.stop()
    (home.postgres_data / "global" / "pg_control").unlink()
    with pytest.raises(Trouble) as trouble:
        server.start()
    assert trouble.value.code == "postgres_start_failed"
    assert "pg_control" in trouble.value.ja


def test_a_home_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(Trouble) as trouble:
        EmbeddedPostgres(Home(root=tmp_path / "home", cache=tmp_path)).start()
    assert trouble.value.code == "postgres_no_folder"
    assert str(tmp_path / "home") in trouble.value.ja


def test_it_makes_no_folder_readable_that_was_closed(home: Home) -> None:
    EmbeddedPostgres(home).start()
    assert home.root.stat().st_mode & 0o066 == 0, "others may pass through, not look around"
