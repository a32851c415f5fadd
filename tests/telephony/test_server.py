"""What stands in the way of a start is said before anything runs, in words that help."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from madoguchi.kernel.errors import Refusal
from madoguchi.telephony.config import SECRET_FILES, modules_conf
from madoguchi.telephony.provision import Installation
from madoguchi.telephony.server import Server
from tests.parts.asterisk import AGENTS, TELEPHONES, settings_in


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An Asterisk that has all its parts and ends at once."""
    modules, share = tmp_path / "modules", tmp_path / "share"
    modules.mkdir()
    (share / "documentation").mkdir(parents=True)
    for name in modules_conf.NEEDED:
        (modules / f"{name}.so").touch()
    return Installation(
        ("sh", "-c", "echo no licence to start; exit 1"), "Asterisk 22.10.1", modules, share, None
    )


def refusal_of(server: Server) -> Refusal:
    with pytest.raises(Refusal) as refused:
        server.start(AGENTS, TELEPHONES)
    return refused.value


@pytest.mark.parametrize(
    ("field", "kind", "name"),
    [("http_port", socket.SOCK_STREAM, "HTTP"), ("sip_port", socket.SOCK_DGRAM, "SIP")],
)
def test_a_port_in_use_is_named(
    tmp_path: Path, installation: Installation, field: str, kind: socket.SocketKind, name: str
) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        refused = refusal_of(Server(settings_in(tmp_path, **{field: port}), installation))

    assert refused.code == "port_in_use"
    for sentence in (refused.ja, refused.en):
        assert str(port) in sentence
        assert name in sentence


def test_a_missing_module_is_named(tmp_path: Path, installation: Installation) -> None:
    (installation.modules_dir / "chan_pjsip.so").unlink()

    refused = refusal_of(Server(settings_in(tmp_path), installation))

    assert refused.code == "asterisk_incomplete"
    assert "chan_pjsip" in refused.en


def test_a_path_too_long_for_the_control_socket_is_refused(
    tmp_path: Path, installation: Installation
) -> None:
    refused = refusal_of(Server(settings_in(tmp_path / ("a" * 120)), installation))

    assert refused.code == "path_too_long"


def test_a_server_that_ends_at_once_is_told_with_its_last_words(
    tmp_path: Path, installation: Installation
) -> None:
    trouble = refusal_of(Server(settings_in(tmp_path), installation))

    assert trouble.code == "asterisk_did_not_start"
    assert "no licence to start" in trouble.en


def test_passwords_are_readable_by_their_owner_alone(tmp_path: Path, installation: Installation) -> None:
    server = Server(settings_in(tmp_path), installation)
    server.prepare(AGENTS, TELEPHONES)

    modes = {name: stat.S_IMODE((server.settings.etc_dir / name).stat().st_mode) for name in SECRET_FILES}
    assert modes == dict.fromkeys(SECRET_FILES, 0o600)


def test_a_moved_cache_is_linked_anew(tmp_path: Path, installation: Installation) -> None:
    settings = settings_in(tmp_path)
    (settings.asterisk_dir / "data").mkdir(parents=True)
    (settings.asterisk_dir / "data/documentation").symlink_to(tmp_path / "gone")

    Server(settings, installation).prepare(AGENTS, TELEPHONES)

    assert (settings.asterisk_dir / "data/documentation").is_dir()


@contextmanager
def answering(port: int, version: str) -> Iterator[None]:
    """Answer ARI's question for the version on a port."""

    class Ari(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"system": {"version": version}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Ari) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield
        server.shutdown()


@pytest.mark.parametrize("version", ["20.9.1", "18.26.4"])
def test_a_server_that_is_too_old_is_refused_by_name(
    tmp_path: Path, installation: Installation, version: str
) -> None:
    server = Server(settings_in(tmp_path), installation)

    with answering(server.settings.http_port, version), pytest.raises(Refusal) as refused:
        server.wait_until_ready()

    assert refused.value.code == "asterisk_too_old"
    assert version in refused.value.ja
    assert version in refused.value.en
