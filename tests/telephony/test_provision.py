"""Finding or making an Asterisk: what a newcomer is told, and that nothing is left half made.

`mmdebstrap` is a script of a few lines here that answers as the real one did; the real one runs
whenever the scenarios find no Asterisk in the cache.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from madoguchi.kernel.errors import Refusal, Trouble
from madoguchi.telephony import provision, unpack
from madoguchi.telephony.versions import version_of

PACKS_A_TREE = r"""
for archive; do :; done
tree=$(mktemp -d)
mkdir -p $tree/usr/lib/x86_64-linux-gnu/asterisk/modules $tree/usr/sbin $tree/usr/share/asterisk/documentation
touch $tree/usr/sbin/asterisk $tree/usr/lib/x86_64-linux-gnu/asterisk/modules/chan_pjsip.so
printf '#!/bin/sh\necho Asterisk VERSION\n' > $tree/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
chmod +x $tree/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
tar -C $tree -cf $archive .
rm -r $tree
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that comes first."""
    folder = tmp_path / "host" / "bin"
    folder.mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)


def made(cache: Path, said: list[str] | None = None) -> provision.Installation:
    return provision.find_or_make(cache, print if said is None else said.append, use_host=False)


def left_in(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()} - {"asterisk-root.lock"}


def test_the_first_start_makes_one_and_the_next_finds_it(programs: Path, tmp_path: Path) -> None:
    program(
        programs / "mmdebstrap",
        "echo 'I: downloading packages with apt...'" + PACKS_A_TREE.replace("VERSION", "22.10.1"),
    )
    said: list[str] = []

    first = made(tmp_path / "cache", said)
    program(programs / "mmdebstrap", "exit 1")
    again = made(tmp_path / "cache")

    assert first == again
    assert first.version == "Asterisk 22.10.1"
    assert first.modules() == {"chan_pjsip"}
    assert first.root_dir == tmp_path / "cache/asterisk-root"
    assert any("Downloading" in sentence for sentence in said)
    assert left_in(tmp_path / "cache") == {"asterisk-root"}


def test_a_mirror_that_stands_still_is_used_all_the_same(programs: Path, tmp_path: Path) -> None:
    expired = 'case "$*" in *Check-Valid-Until*) ;; *) echo "E: Release file is expired"; exit 1;; esac'
    program(programs / "mmdebstrap", expired + PACKS_A_TREE.replace("VERSION", "22.10.1"))

    assert made(tmp_path / "cache").version == "Asterisk 22.10.1"


def test_what_an_interrupted_run_left_is_replaced(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "cache/asterisk-root/usr").mkdir(parents=True)
    (tmp_path / "cache/asterisk-root.part-1/usr").mkdir(parents=True)
    program(programs / "mmdebstrap", PACKS_A_TREE.replace("VERSION", "22.10.1"))

    made(tmp_path / "cache")

    assert left_in(tmp_path / "cache") == {"asterisk-root"}


@pytest.mark.parametrize(
    ("output", "code", "kind"),
    [
        ("E: Could not resolve host", "no_network", Trouble),
        ("Err:1 Temporary failure resolving\nE: Failed to fetch", "no_network", Trouble),
        ("tar: write error: No space left on device", "no_disk_space", Refusal),
        ("E: something new", "asterisk_not_unpacked", Trouble),
    ],
)
def test_a_failure_says_what_to_do_and_leaves_nothing(
    programs: Path, tmp_path: Path, output: str, code: str, kind: type[Refusal]
) -> None:
    program(programs / "mmdebstrap", f"echo '{output}'; exit 25")

    with pytest.raises(kind) as failure:
        made(tmp_path / "cache")

    assert failure.value.code == code
    assert failure.value.ja.endswith("。")
    assert failure.value.en.endswith(".")
    assert left_in(tmp_path / "cache") == set()


def test_an_asterisk_that_is_too_old_is_not_kept(programs: Path, tmp_path: Path) -> None:
    program(programs / "mmdebstrap", PACKS_A_TREE.replace("VERSION", "20.9.1"))

    with pytest.raises(Trouble):
        made(tmp_path / "cache")

    assert left_in(tmp_path / "cache") == set()


def test_too_little_disk_space_is_said_before_anything_is_fetched(programs: Path, tmp_path: Path) -> None:
    program(programs / "mmdebstrap", f"touch {tmp_path}/fetched; exit 1")

    with pytest.raises(Refusal) as refused:
        provision.find_or_make(tmp_path / "cache", print, use_host=False, free_bytes=999_999_999)

    assert refused.value.code == "no_disk_space"
    assert "1 GB" in refused.value.en
    assert "MADOGUCHI_CACHE" in refused.value.ja
    assert not (tmp_path / "fetched").exists()


def test_without_mmdebstrap_and_rights_the_one_command_is_said() -> None:
    present = {"apt-get": "/usr/bin/apt-get"}

    with pytest.raises(Refusal) as refused:
        unpack.ensure_tool(print, which=present.get, user=1000)

    assert refused.value.code == "mmdebstrap_missing"
    for sentence in (refused.value.ja, refused.value.en):
        assert "apt-get update && apt-get install -y mmdebstrap debian-archive-keyring" in sentence


def test_with_rights_mmdebstrap_is_installed_without_a_question(programs: Path, tmp_path: Path) -> None:
    program(programs / "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {tmp_path}/asked')

    unpack.ensure_tool(print, which={"apt-get": "there"}.get, user=0)

    assert (tmp_path / "asked").read_text().splitlines() == [
        "noninteractive -qq update",
        "noninteractive -qq -y install mmdebstrap debian-archive-keyring",
    ]


def test_an_install_that_fails_says_why(programs: Path) -> None:
    program(programs / "apt-get", "echo 'E: Unable to locate package mmdebstrap' >&2; exit 100")

    with pytest.raises(Trouble) as trouble:
        unpack.ensure_tool(print, which={"apt-get": "there"}.get, user=0)

    assert "Unable to locate package" in trouble.value.en


def test_what_a_killed_run_left_is_taken_away(programs: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (cache / "asterisk-root.part-1").mkdir(parents=True)
    (cache / "asterisk-root.part-1.tar").write_text("half")
    program(programs / "mmdebstrap", PACKS_A_TREE.replace("VERSION", "22.10.1"))

    made(cache)

    assert left_in(cache) == {"asterisk-root"}


def test_being_stopped_in_the_middle_ends_the_unpacking_and_leaves_nothing(
    programs: Path, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    program(
        programs / "mmdebstrap", f"echo $$ > {started}; echo 'I: downloading packages with apt...'; sleep 60"
    )

    def stopped(sentence: str) -> None:
        if "Downloading" in sentence:
            raise SystemExit(143)

    with pytest.raises(SystemExit):
        provision.find_or_make(tmp_path / "cache", stopped, use_host=False)

    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
    assert left_in(tmp_path / "cache") == set()


@pytest.mark.parametrize(
    ("version", "taken"), [("22.10.1", True), ("23.0.0", True), ("22.3.0", False), ("18.1", False)]
)
def test_the_hosts_own_is_taken_when_it_is_new_enough(programs: Path, version: str, taken: bool) -> None:
    prefix = programs.parent
    program(programs / "asterisk", f"echo Asterisk {version}")
    (prefix / "lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    (prefix / "share/asterisk/documentation").mkdir(parents=True)

    found = provision.on_host()

    assert (found is not None) is taken
    if found is not None:
        assert found.root_dir is None
        assert found.share_dir == prefix / "share/asterisk"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", (22, 10, 1)),
        ("Asterisk certified/22.8-cert1", (22, 8, 0)),
        ("22.4", (22, 4, 0)),
        ("GIT-master-abc123", None),
        ("", None),
    ],
)
def test_a_version_is_read_from_what_asterisk_says(text: str, version: tuple[int, int, int] | None) -> None:
    assert version_of(text) == version
