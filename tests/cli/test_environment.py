"""bin/*: a fresh clone makes its own environment, or says what stands in its way."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT

UNREACHABLE = "http://127.0.0.1:9"
"""The discard port: nobody answers there."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files of a fresh clone that making the environment takes."""
    made = tmp_path / "clone"
    made.mkdir()
    shutil.copytree(PROJECT / "bin", made / "bin")
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(PROJECT / name, made / name)
    return made


def program(folder: Path, name: str, body: str) -> None:
    """Put a small program first on the PATH, in place of the machine's own."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def run(clone: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{clone.parent / 'machine'}:{os.environ['PATH']}"
    return subprocess.run(
        list(words), cwd=clone, env={**os.environ, "PATH": path, **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def assert_said(done: subprocess.CompletedProcess[str], *, ja: str, en: str) -> None:
    assert done.returncode == 1
    assert ja in done.stderr
    assert en in done.stderr


def test_without_a_network_the_first_start_says_so(clone: Path) -> None:
    nowhere = dict.fromkeys(
        ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY"), UNREACHABLE
    )
    done = run(
        clone, "bin/run", **nowhere,
        PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS="", PIP_NO_CACHE_DIR="1", NO_PROXY="", no_proxy="",
    )  # fmt: skip
    assert_said(
        done,
        ja="初回の起動にはインターネット接続が必要です",
        en="The first start needs the Internet",
    )
    assert not (clone / ".venv").exists()


def test_without_room_on_the_disk_nothing_is_begun(clone: Path) -> None:
    program(clone.parent / "machine", "df", "echo head\necho /dev/sda 100000 99000 40960 99% /")
    done = run(clone, "bin/madoguchi", "--help")
    assert_said(done, ja="空き容量が 40 MB しかありません", en="Only 40 MB are free")
    assert not (clone / ".tools").exists()


def test_who_may_not_install_is_told_the_one_command(clone: Path) -> None:
    machine = clone.parent / "machine"
    program(machine, "id", "echo 1000")
    program(machine, "sudo", "exit 1")
    program(machine, "dpkg-query", "exit 1")
    done = run(clone, "bash", "-c", ". bin/_environment.sh; need_packages python3.11-venv mmdebstrap")
    assert_said(
        done,
        ja="管理者 (root) に依頼して、このコマンドを実行してください: sudo apt-get update && "
        "sudo apt-get install -y python3.11-venv mmdebstrap\n",
        en="Ask an administrator (root) to run: sudo apt-get update && "
        "sudo apt-get install -y python3.11-venv mmdebstrap\n",
    )


def test_the_one_command_names_all_that_the_first_start_takes(clone: Path) -> None:
    machine = clone.parent / "machine"
    program(machine, "id", "echo 1000")
    program(machine, "sudo", "exit 1")
    program(machine, "dpkg-query", "exit 1")
    program(machine, "asterisk", "echo Asterisk 20.6.0")
    program(machine, "python3", 'case "$*" in *ensurepip*) exit 1 ;; *print*) echo python3.11-venv ;; esac')
    bare = 'command() { [ "$2" != mmdebstrap ] && builtin command "$@"; }; '
    done = run(
        clone, "bash", "-c", f". bin/_environment.sh; {bare} need_environment run", MADOGUCHI_CACHE="nowhere"
    )
    assert_said(
        done,
        ja="sudo apt-get install -y python3.11-venv mmdebstrap debian-archive-keyring gpg\n",
        en="sudo apt-get install -y python3.11-venv mmdebstrap debian-archive-keyring gpg\n",
    )
    assert not (clone / ".tools").exists()


def test_ctrl_c_while_the_environment_is_made_is_told_in_a_sentence(clone: Path) -> None:
    machine = clone.parent / "machine"
    pressed = 'case "$*" in *"-m venv"*) kill -INT 0; sleep 5 ;; esac'
    program(machine, "python3", pressed)
    program(machine, "dpkg-query", "echo ii")
    done = run(clone, "setsid", "--wait", "bin/run")
    assert done.returncode == 130
    assert "中断しました" in done.stderr
    assert "Interrupted. Run it again to go on from here." in done.stderr
    assert not (clone / ".venv").exists()


def test_ctrl_c_during_an_installation_lets_it_finish(clone: Path) -> None:
    machine = clone.parent / "machine"
    program(machine, "id", "echo 0")
    program(machine, "dpkg-query", "exit 1")
    pressed = "kill -INT $(cat shell); sleep 1; touch installed"
    program(machine, "apt-get", f'case "$*" in *install*) {pressed} ;; esac')
    shell = "echo $$ > shell; . bin/_environment.sh; need_environment test chromium"
    done = run(clone, "bash", "-c", shell)
    assert done.returncode == 130
    assert "Interrupted. Run it again to go on from here." in done.stderr
    assert (clone / "installed").exists()
    assert not (clone / ".tools").exists()


def test_an_environment_that_fits_is_not_made_again(clone: Path) -> None:
    (clone / ".venv").mkdir()
    stamped = (
        '. bin/_environment.sh; printf "%s test" "$(wanted_stamp)" >"$stamp"; is_made_for run && echo fits'
    )
    assert run(clone, "bash", "-c", stamped).stdout == "fits\n"
    (clone / "uv.lock").write_text("changed")
    done = run(clone, "bash", "-c", ". bin/_environment.sh; is_made_for run || echo anew")
    assert done.stdout == "anew\n"
