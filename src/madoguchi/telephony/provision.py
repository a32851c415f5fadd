"""Find an Asterisk that we can use, or make one without touching the host.

The host's own is taken when it is 22.4 or later. Otherwise Debian's package and all it depends on are
unpacked into the cache folder: no root, no chroot, no script of a package is run, and the files start
through their own loader. The unpacking goes into a folder beside and is renamed when complete, under a
lock, so that an interrupted run leaves nothing half made and two runs do not meet.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import unpack
from .refusals import no_disk_space
from .versions import REST_OVER_WEBSOCKET, version_of

Say = Callable[[str], None]

ROOT_NAME = "asterisk-root"
MARK = ".madoguchi-complete"
"""A file in the root file system, written last; it holds Asterisk's version line."""
FREE_BYTES_NEEDED = 1_000_000_000
"""The root file system takes 270 MB, its archives and indexes about as much again, calls need room too."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that can be started."""

    command: tuple[str, ...]
    """What starts it, before its own options."""
    version: str
    """Its version line, such as `Asterisk 22.10.1`."""
    modules_dir: Path
    share_dir: Path
    """Where its documentation lies, without which its modules refuse to load."""
    root_dir: Path | None
    """The root file system it came in; None for the host's own."""

    def modules(self) -> frozenset[str]:
        """Return the names of the modules that it has."""
        return frozenset(path.stem for path in self.modules_dir.glob("*.so"))


def find_or_make(
    cache_dir: Path, say: Say, *, use_host: bool = True, free_bytes: int | None = None
) -> Installation:
    """Return an Asterisk of 22.4 or later, making one in `cache_dir` if there is none.

    `say` is told what is being done. `free_bytes` stands in for the free disk space. Raises `Refusal`
    or `Trouble` where a person must do something first.
    """
    found = (on_host() if use_host else None) or in_cache(cache_dir)
    if found is not None:
        return found
    cache_dir.mkdir(parents=True, exist_ok=True)
    with _alone(cache_dir / f"{ROOT_NAME}.lock"):
        return in_cache(cache_dir) or _make(cache_dir, say, free_bytes)


def on_host() -> Installation | None:
    """Return the host's own Asterisk if it is new enough and complete."""
    program = shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    version = _version_line((program,))
    prefix = Path(program).resolve().parent.parent
    modules = [path for path in _module_folders(prefix) if path.is_dir()]
    shares = [
        path
        for path in (prefix / "share/asterisk", Path("/var/lib/asterisk"))
        if (path / "documentation").is_dir()
    ]
    if not (new_enough(version) and modules and shares):
        return None
    return Installation((program,), version, modules[0], shares[0], None)


def in_cache(cache_dir: Path) -> Installation | None:
    """Return the Asterisk made earlier, if it was completed and is new enough."""
    root = cache_dir / ROOT_NAME
    mark = root / MARK
    if not mark.is_file():
        return None
    version = mark.read_text().strip()
    return of_root(root, version) if new_enough(version) else None


def of_root(root: Path, version: str) -> Installation | None:
    """Describe the Asterisk in a root file system; None where parts of it are missing."""
    loaders = sorted(root.glob("usr/lib/*-linux-gnu*/ld-linux*.so.*"))
    program = root / "usr/sbin/asterisk"
    if not loaders or not program.exists():
        return None
    libraries = loaders[0].parent
    command = (str(loaders[0]), "--library-path", str(libraries), str(program))
    return Installation(command, version, libraries / "asterisk/modules", root / "usr/share/asterisk", root)


def new_enough(version: str) -> bool:
    """Whether a version line names an Asterisk that speaks ARI over a WebSocket."""
    number = version_of(version)
    return number is not None and number >= REST_OVER_WEBSOCKET


def _make(cache_dir: Path, say: Say, free_bytes: int | None) -> Installation:
    for leftover in cache_dir.glob(f"{ROOT_NAME}.part-*"):
        _remove(leftover)
    if (shutil.disk_usage(cache_dir).free if free_bytes is None else free_bytes) < FREE_BYTES_NEEDED:
        raise no_disk_space(cache_dir, FREE_BYTES_NEEDED)
    part = cache_dir / f"{ROOT_NAME}.part-{os.getpid()}"
    try:
        unpack.unpack(part, say)
        made = of_root(part, "")
        version = _version_line(made.command) if made else ""
        if not new_enough(version):
            raise unpack.broken(version or "no asterisk")
        (part / MARK).write_text(version + "\n")
        _put_in_place(part, cache_dir / ROOT_NAME)
    finally:
        _remove(part)
    say(f"電話設備（{version}）の用意ができました。 / {version} is ready.")
    done = in_cache(cache_dir)
    if done is None:
        raise unpack.broken(version)
    return done


def _remove(path: Path) -> None:
    """Take away a folder or a file, as far as there is one."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _put_in_place(part: Path, root: Path) -> None:
    """Rename; an older or unfinished one is moved away first, for a folder cannot replace a full one."""
    old = root.with_name(f"{ROOT_NAME}.part-old")
    if root.exists():
        root.rename(old)
    part.rename(root)
    shutil.rmtree(old, ignore_errors=True)


def _version_line(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _module_folders(prefix: Path) -> Iterator[Path]:
    yield from prefix.glob("lib/*-linux-gnu*/asterisk/modules")
    yield prefix / "lib64/asterisk/modules"
    yield prefix / "lib/asterisk/modules"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
