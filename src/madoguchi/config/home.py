"""Where a running centre keeps its things, which ports it uses, and the secrets it made for itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from madoguchi.kernel.errors import Trouble

PROJECT = Path(__file__).resolve().parents[3]

LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes for the path of a Unix socket, macOS 103."""

SOCKET_NAME = ".s.PGSQL.5432"

SHORT_FOLDER = Path("/tmp")
"""Fixed, not `$TMPDIR`: every process of the centre must arrive at the same path."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What this centre made up on its first start; nobody types these."""

    django_key: str
    database_superuser: str
    database_owner: str
    database_app: str
    database_portal: str
    ari: str
    """Password of Asterisk's REST interface."""
    field_encryption: str
    """Fernet key for columns that are kept encrypted."""

    def test_telephones(self, count: int = 2) -> tuple[tuple[str, str], ...]:
        """Return name and password of each test telephone; they can call our own numbers and nothing else."""
        names = [f"telephone-{number}" for number in range(1, count + 1)]
        return tuple(
            (name, hmac.new(self.ari.encode(), name.encode(), "sha256").hexdigest()) for name in names
        )

    @classmethod
    def made_up(cls) -> Secrets:
        """Return fresh ones."""
        words = {field.name: secrets.token_urlsafe(32) for field in fields(cls)}
        words["field_encryption"] = urlsafe_b64encode(secrets.token_bytes(32)).decode()
        return cls(**words)


@dataclass(frozen=True, slots=True)
class Home:
    """The runtime folder (`MADOGUCHI_HOME`) and the cache that can be made again (`MADOGUCHI_CACHE`)."""

    root: Path
    cache: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Home:
        """Return the folders that the environment names, or `var` in the project and the user's cache."""
        root = environ.get("MADOGUCHI_HOME") or PROJECT / "var"
        cache = environ.get("MADOGUCHI_CACHE") or Path.home() / ".cache" / "madoguchi"
        return cls(root=Path(root).absolute(), cache=Path(cache).absolute())

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def postgres_data(self) -> Path:
        return self.postgres / "data"

    @property
    def postgres_socket(self) -> Path:
        """The folder of the database's socket: inside the home, or a short one where that path is too long."""
        inside = self.postgres / "run"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return SHORT_FOLDER / f"madoguchi-{name}"

    @property
    def asterisk(self) -> Path:
        return self.root / "asterisk"

    @property
    def asterisk_root(self) -> Path:
        return self.cache / "asterisk-root"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def prompts(self) -> Path:
        return self.root / "prompts"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    def secrets(self) -> Secrets:
        """Return this centre's secrets, made on first use and readable by their owner only.

        Raises `Trouble` when the file cannot be read or written.
        """
        try:
            if not self.secrets_file.exists():
                self._put_down(Secrets.made_up())
            kept = json.loads(self.secrets_file.read_text(encoding="utf-8"))
            return Secrets(**kept)
        except (OSError, ValueError, TypeError) as error:
            raise _secrets_unusable(self.secrets_file, error) from error

    def _put_down(self, made_up: Secrets) -> None:
        """Write the file whole or not at all; of two processes that start together the first one's stays."""
        self.root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.root, prefix=".secrets-", encoding="utf-8") as draft:
            os.fchmod(draft.fileno(), 0o600)
            json.dump(asdict(made_up), draft, indent=2)
            draft.flush()
            os.fsync(draft.fileno())
            try:
                os.link(draft.name, self.secrets_file)
            except FileExistsError:
                return


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports a running centre listens on; all of them on the loopback address unless said otherwise."""

    web: int = 8000
    asterisk_http: int = 8088
    """Asterisk's REST interface and the WebSocket of the browsers' telephones."""
    sip: int = 5060
    mail: int = 8025
    """The local mail sink's SMTP."""
    rtp_first: int = 10000
    rtp_last: int = 20000

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Ports:
        """Read `MADOGUCHI_WEB_PORT` and the like; raises `Trouble` for what is no port."""
        usual = cls()
        return cls(
            web=_port(environ, "MADOGUCHI_WEB_PORT", usual.web),
            asterisk_http=_port(environ, "MADOGUCHI_ASTERISK_HTTP_PORT", usual.asterisk_http),
            sip=_port(environ, "MADOGUCHI_SIP_PORT", usual.sip),
            mail=_port(environ, "MADOGUCHI_MAIL_PORT", usual.mail),
            rtp_first=_port(environ, "MADOGUCHI_RTP_FIRST", usual.rtp_first),
            rtp_last=_port(environ, "MADOGUCHI_RTP_LAST", usual.rtp_last),
        )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Trouble(
            "bad_port",
            ja=f"環境変数 {name} の値「{text}」はポート番号ではありません。1 から 65535 の数を指定してください。",
            en=f"{name} is {text!r}, which is no port. Give a number from 1 to 65535.",
        )
    return int(text)


def _secrets_unusable(path: Path, error: Exception) -> Trouble:
    return Trouble(
        "secrets_unusable",
        ja=f"{path} を読み書きできません({error})。フォルダーの権限と空き容量を確認してください。"
        "バックアップがあれば戻してください。",
        en=f"{path} cannot be read or written ({error}). Check the folder's permissions and free space, "
        "or restore the file from a backup.",
    )
