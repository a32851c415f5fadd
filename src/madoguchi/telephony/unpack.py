"""Unpack Debian's Asterisk and its dependencies with mmdebstrap, as any user.

The variant `extract` runs no package's scripts and the mode `chrootless` needs no privilege, so the
result is plain files of the user who asked. The suite is the first Debian with Asterisk 22.4 or later;
mmdebstrap knows its mirror and its keys.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from madoguchi.kernel.errors import Refusal, Trouble

from . import refusals

Say = Callable[[str], None]

SUITE = "forky"
TOOL = "mmdebstrap"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FROZEN_MIRROR = '--aptopt=Acquire::Check-Valid-Until "false"'
"""For a mirror that stands still: its index is signed, but its date has passed."""

PATIENCE_S = 8.0
"""How long tidying up may take; `up` waits for it."""

STEPS = {
    "running apt-get update": "パッケージの一覧を取得しています。 / Fetching the list of packages.",
    "downloading packages": "Asteriskをダウンロードしています（約80MB）。 / Downloading Asterisk (about 80 MB).",
    "extracting archives": "展開しています。 / Unpacking.",
    "creating tarball": "仕上げています。 / Finishing.",
}
NETWORK_WORDS = (
    "Could not resolve",
    "Temporary failure resolving",
    "Could not connect",
    "Unable to connect",
    "Connection failed",
    "Connection timed out",
    "Connection refused",
    "Network is unreachable",
    "Failed to fetch",
)


def unpack(folder: Path, say: Say) -> None:
    """Make `folder` and unpack Asterisk into it; `Refusal` or `Trouble` when it cannot be done."""
    say(
        "電話設備（Asterisk）を用意します。初回だけ、1分ほどかかります。 / Preparing Asterisk, once; it takes about a minute."
    )
    ensure_tool(say)
    output = _run(folder, [], say)
    if output is not None and "is expired" in output:
        say(
            "配布元の一覧が古いまま止まっているので、日付を確かめずに続けます。 / The mirror stands still; going on without its date."
        )
        output = _run(folder, [FROZEN_MIRROR], say)
    if output is not None:
        raise explain(output, folder)


def ensure_tool(
    say: Say, *, which: Callable[[str], str | None] = shutil.which, user: int | None = None
) -> None:
    """Install mmdebstrap if it is missing and we may; `Refusal` with the command if we may not."""
    if which(TOOL) is not None and KEYS.exists():
        return
    if which("apt-get") is None:
        raise refusals.tool_missing()
    if (os.geteuid() if user is None else user) == 0:
        prefix: Sequence[str] = ()
    elif which("sudo") is not None and _succeeds(["sudo", "-n", "true"]):
        prefix = ("sudo", "-n")
    else:
        raise refusals.tool_missing()
    say("mmdebstrap をインストールします。 / Installing mmdebstrap.")
    _install([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])


def explain(output: str, folder: Path) -> Refusal:
    """Return what mmdebstrap's output means for a person."""
    if "No space left on device" in output:
        return refusals.no_disk_space(folder.parent, 1_000_000_000)
    if any(word in output for word in NETWORK_WORDS):
        return refusals.no_network()
    return broken(_last_line(output))


def broken(detail: str) -> Trouble:
    """Return the trouble of a result that cannot be used."""
    return refusals.unpacking_failed(detail)


def _install(apt_get: Sequence[str]) -> None:
    # The lists of a fresh machine are often empty or old: update first, whatever it says.
    subprocess.run([*apt_get, "-qq", "update"], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    # Begun, it is finished even if we are asked to stop: dpkg would be in need of repair.
    with subprocess.Popen(
        [*apt_get, "-qq", "-y", "install", TOOL, "debian-archive-keyring"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as install:
        _, said = install.communicate()
    if install.returncode != 0:
        raise refusals.install_failed(_last_line(said))


def _run(folder: Path, options: Sequence[str], say: Say) -> str | None:
    """Run mmdebstrap into `folder`; return None, or its output when it failed."""
    folder.mkdir()
    archive = folder.with_suffix(f"{folder.suffix}.tar")
    command = [TOOL, "--variant=extract", "--mode=chrootless", "--format=tar", "--include=asterisk", *options]
    try:
        code, output = _follow([*command, SUITE, str(archive)], say)
        if code == 0:
            code, output = _follow(_untar(archive, folder), say)
    finally:
        archive.unlink(missing_ok=True)
    if code == 0:
        return None
    shutil.rmtree(folder)
    return output


def _untar(archive: Path, folder: Path) -> list[str]:
    # Its devices need root, and we need none of them.
    return ["tar", "--extract", "--no-same-owner", "--exclude=./dev", "-C", str(folder), "-f", str(archive)]


def _follow(command: Sequence[str], say: Say) -> tuple[int, str]:
    """Run a command, telling its known steps; return its exit code and what it said."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            for line in process.stdout or ():
                lines.append(line)
                for step, sentence in STEPS.items():
                    if line.startswith(f"I: {step}"):
                        say(sentence)
        except BaseException:
            _end(process)
            raise
    return process.returncode, "".join(lines)


def _end(process: subprocess.Popen[str]) -> None:
    """End a command and all that it started: mmdebstrap tidies up when its children are told to end."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("E:")]
    return (errors or lines or ["?"])[0][:200]
