"""One running Asterisk of ours: write its files, start it, wait until it answers, reload, stop."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import httpx

from . import refusals, sound, wording
from .config import SECRET_FILES, modules_conf, pjsip_conf, render_all
from .prompts import Prompts
from .provision import Installation
from .settings import Extension, TelephoneSettings
from .versions import OLDEST, version_of

START_LIMIT_S = 30
STOP_LIMIT_S = 10
POLL_S = 0.05
LONGEST_SOCKET_PATH = 107
"""Bytes in `sun_path` of a Unix socket, less its closing zero."""


class Server:
    """The child process and its folder. Every method blocks; none is for an event loop."""

    def __init__(self, settings: TelephoneSettings, installation: Installation) -> None:
        self.settings = settings
        self.installation = installation
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> list[str]:
        """Return the command line that runs this server in the foreground, once `prepare` has been called."""
        return [*self.installation.command, "-C", str(self.settings.etc_dir / "asterisk.conf"), "-f"]

    def prepare(
        self,
        extensions: Sequence[Extension],
        telephones: Sequence[Extension],
        *,
        extra_modules: Iterable[str] = (),
    ) -> None:
        """Make folders, prompts and configuration; `Refusal` when a port, a module or the path is at fault."""
        self._check()
        self._make_folders()
        sound.compose_missing(self.settings.prompts_dir / "music")
        away = Prompts(self.settings.prompts_dir).speak(wording.AWAY)
        texts = render_all(
            self.settings,
            extensions,
            telephones,
            modules_dir=self.installation.modules_dir,
            present=self.installation.modules(),
            extra_modules=extra_modules,
            away_guidance=str(away),
        )
        for name, text in texts.items():
            self._write(name, text)

    def start(
        self,
        extensions: Sequence[Extension],
        telephones: Sequence[Extension],
        *,
        extra_modules: Iterable[str] = (),
    ) -> None:
        """Prepare, start the process and wait until ARI answers; `Refusal` or `Trouble` when it does not."""
        self.prepare(extensions, telephones, extra_modules=extra_modules)
        with (self.settings.asterisk_dir / "log/console").open("ab") as console:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        raise_file_limit(self.process.pid)
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def wait_until_ready(self) -> str:
        """Wait until ARI answers and return its version; `Refusal` for one that is too old."""
        for _ in range(round(START_LIMIT_S / POLL_S)):
            if self.process is not None and self.process.poll() is not None:
                break
            version = self._ask_version()
            if version is not None:
                number = version_of(version)
                if number is not None and number < OLDEST:
                    raise refusals.too_old(version)
                return version
            time.sleep(POLL_S)
        raise refusals.did_not_start(self._last_words(), self.settings.asterisk_dir / "log")

    def reload_extensions(self, extensions: Sequence[Extension]) -> None:
        """Write the communicators' telephones anew; calls in progress go on. `Trouble` if it does not answer."""
        self._write(pjsip_conf.AGENTS_FILE, pjsip_conf.render_agents(extensions))
        try:
            with self._http() as http:
                http.put("asterisk/modules/res_pjsip.so").raise_for_status()
        except httpx.HTTPError as error:
            raise refusals.did_not_start(str(error), self.settings.asterisk_dir / "log") from error

    def console(self, line: str) -> str:
        """Return what Asterisk's own console answers to `line` (for diagnosis)."""
        done = subprocess.run(
            [*self.command[:-1], "-rx", line], capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout

    def stop(self) -> None:
        """End the process (calls end with it): asked first, then made to."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    # ------------------------------------------------------------ parts

    def _check(self) -> None:
        missing = sorted(set(modules_conf.NEEDED) - self.installation.modules())
        if missing:
            raise refusals.module_missing(", ".join(missing))
        control = self.settings.asterisk_dir / "run/asterisk.ctl"
        if len(str(control).encode()) > LONGEST_SOCKET_PATH:
            raise refusals.path_too_long(self.settings.asterisk_dir)
        if not port_free(self.settings.bind, self.settings.http_port, socket.SOCK_STREAM):
            raise refusals.port_in_use("HTTP", self.settings.http_port)
        if not port_free(self.settings.bind, self.settings.sip_port, socket.SOCK_DGRAM):
            raise refusals.port_in_use("SIP", self.settings.sip_port)

    def _make_folders(self) -> None:
        home = self.settings.asterisk_dir
        for name in ("etc", "lib/keys", "data", "spool", "run", "log", "cache"):
            (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.settings.recordings_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        _link(home / "spool/recording", self.settings.recordings_dir)
        for found in self.installation.share_dir.iterdir():
            if found.name != "sounds":
                _link(home / "data" / found.name, found)

    def _write(self, name: str, text: str) -> None:
        mode = 0o600 if name in SECRET_FILES else 0o644
        sound.write_whole(self.settings.etc_dir / name, text.encode(), mode)

    def _http(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://{self.settings.address}:{self.settings.http_port}/ari/",
            auth=(self.settings.ari_user, self.settings.ari_password),
            trust_env=False,
        )

    def _ask_version(self) -> str | None:
        try:
            with self._http() as http:
                answer = http.get("asterisk/info", params={"only": "system"})
                return str(answer.json()["system"]["version"]) if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError, KeyError):
            return None

    def _last_words(self) -> str:
        words: list[str] = []
        for name in ("messages", "console"):
            path = self.settings.asterisk_dir / "log" / name
            if path.exists():
                words += [line for line in path.read_text(errors="replace").splitlines() if line.strip()][-3:]
        return " | ".join(words)[-600:] or "—"


def port_free(host: str, port: int, kind: socket.SocketKind) -> bool:
    """Whether a server can listen on the port."""
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        if kind is socket.SOCK_STREAM:
            # As Asterisk itself does: the closed connections of its last run do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def raise_file_limit(pid: int) -> None:
    """Let the process open as many files as its user may: a call takes four, and the usual limit is 1024."""
    _, most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, most))


def _link(link: Path, target: Path) -> None:
    """Make `link` point to `target`, wherever it pointed before (the cache folder may have moved)."""
    if link.is_symlink() and link.readlink() == target.resolve():
        return
    if link.is_symlink():
        link.unlink()
    if not link.exists():
        link.symlink_to(target.resolve())
