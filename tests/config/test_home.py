"""The runtime folder, its secrets, and the ports."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from madoguchi.config.database import database_urls, django_databases
from madoguchi.config.home import LONGEST_SOCKET_PATH, PROJECT, SOCKET_NAME, Home, Ports
from madoguchi.kernel.errors import Trouble


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.from_environment(
        {"MADOGUCHI_HOME": str(tmp_path / "home"), "MADOGUCHI_CACHE": str(tmp_path / "c")}
    )


def test_without_a_word_the_centre_lives_in_the_project() -> None:
    home = Home.from_environment({})
    assert home.root == PROJECT / "var"
    assert home.asterisk_root == Path.home() / ".cache" / "madoguchi" / "asterisk-root"


def test_secrets_are_made_once_and_for_their_owner_only(home: Home) -> None:
    first = home.secrets()
    assert home.secrets() == first
    assert stat.S_IMODE(home.secrets_file.stat().st_mode) == 0o600
    assert len(set(json.loads(home.secrets_file.read_text()).values())) == 7
    assert Fernet(first.field_encryption).decrypt(Fernet(first.field_encryption).encrypt(b"x")) == b"x"


def test_processes_that_start_together_agree_on_the_secrets(home: Home) -> None:
    with ThreadPoolExecutor(8) as together:
        found = set(together.map(lambda _: home.secrets(), range(24)))
    assert len(found) == 1
    assert [path.name for path in home.root.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("content", ["", "{", '{"django_key": "a"}', "[]"])
def test_a_broken_secrets_file_is_said_and_left_alone(home: Home, content: str) -> None:
    home.root.mkdir()
    home.secrets_file.write_text(content)
    with pytest.raises(Trouble) as trouble:
        home.secrets()
    assert trouble.value.code == "secrets_unusable"
    assert str(home.secrets_file) in trouble.value.ja
    assert home.secrets_file.read_text() == content


def test_the_socket_is_inside_the_home_unless_that_path_is_too_long(tmp_path: Path) -> None:
    near = Home(root=Path("/srv/madoguchi"), cache=tmp_path)
    far = Home(root=Path("/srv") / ("x" * 120), cache=tmp_path)
    assert near.postgres_socket == Path("/srv/madoguchi/postgres/run")
    assert len(str(far.postgres_socket / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert far.postgres_socket == Home(root=far.root, cache=tmp_path).postgres_socket


def test_ports_come_from_the_environment() -> None:
    assert Ports.from_environment({}) == Ports(8000, 8088, 5060, 8025, 10000, 20000)
    assert Ports.from_environment({"MADOGUCHI_WEB_PORT": "9000", "MADOGUCHI_SIP_PORT": ""}) == Ports(web=9000)


@pytest.mark.parametrize("text", ["web", "0", "65536", "-1", "８０００"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(Trouble) as trouble:
        Ports.from_environment({"MADOGUCHI_WEB_PORT": text})
    assert "MADOGUCHI_WEB_PORT" in trouble.value.ja
    assert text in trouble.value.en


def test_without_a_word_the_database_is_the_embedded_one(home: Home) -> None:
    urls = database_urls(home, {})
    databases = django_databases(urls, pooled=True)
    assert urls.embedded
    assert {alias: database["USER"] for alias, database in databases.items()} == {
        "default": "madoguchi_app",
        "owner": "madoguchi_owner",
        "portal": "madoguchi_portal",
    }
    assert {database["HOST"] for database in databases.values()} == {str(home.postgres_socket)}
    assert "pool" not in databases["owner"]["OPTIONS"]


def test_another_server_is_named_by_its_address(home: Home) -> None:
    environ = {
        "MADOGUCHI_DATABASE_URL": "postgresql://app:p%40ss@db.example:5433/centre?sslmode=require",
        "MADOGUCHI_OWNER_DATABASE_URL": "postgresql://owner@db.example/centre",
        "MADOGUCHI_PORTAL_DATABASE_URL": "postgresql://portal@db.example/centre",
    }
    urls = database_urls(home, environ)
    default = django_databases(urls, pooled=False)["default"]
    assert not urls.embedded
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db.example", "5433", "centre")
    assert (default["USER"], default["PASSWORD"]) == ("app", "p@ss")
    assert default["OPTIONS"] == {"sslmode": "require"}


def test_one_address_without_the_others_is_refused(home: Home) -> None:
    with pytest.raises(Trouble) as trouble:
        database_urls(home, {"MADOGUCHI_DATABASE_URL": "postgresql://app@db.example/centre"})
    assert "MADOGUCHI_PORTAL_DATABASE_URL" in trouble.value.ja


def test_an_address_that_cannot_be_read_is_said(home: Home) -> None:
    names = ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_OWNER_DATABASE_URL", "MADOGUCHI_PORTAL_DATABASE_URL")
    urls = database_urls(home, dict.fromkeys(names, "postgresql://app@db.example/centre?colour=red"))
    with pytest.raises(Trouble) as trouble:
        django_databases(urls, pooled=False)
    assert trouble.value.code == "database_url_unreadable"
