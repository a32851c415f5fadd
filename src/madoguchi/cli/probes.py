"""Whether each part of a running centre does its work: asked of the part itself, never of its process.

`up` waits for these before it says that the centre is ready, `doctor` prints them.
"""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

import httpx
import psycopg
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from madoguchi.business.calls.queries import SWITCHBOARD_LOCK
from madoguchi.cli.looped import UNALLOCATED, Happening, Wish, place
from madoguchi.cli.talk import choose
from madoguchi.config.database import DatabaseUrls
from madoguchi.config.home import Home, Ports
from madoguchi.kernel.errors import Refusal, Trouble
from madoguchi.telephony.settings import TelephoneSettings

OUTSIDE = (
    OSError,
    psycopg.Error,
    httpx.HTTPError,
    WebSocketException,
    smtplib.SMTPException,
    ValueError,
    KeyError,
)
"""What a part that is away, unwell, or not what we take it for can raise."""
LIMIT_S = 8.0
LEAST_FREE_BYTES = 1_000_000_000
HEARTBEAT_LIMIT_S = 20
LATE_AFTER_S = 60
TEST_NUMBER = "000"
"""Nobody's: the switchboard refuses it at once, and nothing is written into the books."""


@dataclass(frozen=True, slots=True)
class Centre:
    """Where the parts of this centre are to be found."""

    home: Home
    ports: Ports
    urls: DatabaseUrls
    telephone: TelephoneSettings


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found."""

    part: str
    healthy: bool
    detail: str
    seconds: float


Probe = Callable[[Centre], Awaitable[str]]
"""Returns what there is to say about a healthy part; raises for one that is not."""


async def find(part: str, probe: Probe, centre: Centre) -> Finding:
    """Run one probe; it never raises for what a part can do wrong."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(LIMIT_S):
            healthy, detail = True, await probe(centre)
    except Refusal as refusal:
        healthy, detail = False, choose(refusal.ja, refusal.en)
    except TimeoutError:
        healthy, detail = (
            False,
            choose(f"{LIMIT_S:.0f} 秒以内に応答がありません", f"no answer in {LIMIT_S:.0f} s"),
        )
    except OUTSIDE as error:
        healthy, detail = False, str(error).strip().split("\n", 1)[0] or type(error).__name__
    return Finding(part, healthy, detail, time.monotonic() - began)


async def find_all(parts: Iterable[str], centre: Centre) -> list[Finding]:
    """Run several probes side by side and return their findings in order."""
    return list(await asyncio.gather(*(find(part, PROBES[part], centre) for part in parts)))


# ---------------------------------------------------------------- one by one


async def database(centre: Centre) -> str:
    """Come in as each of the three roles."""
    version = ""
    for url in (centre.urls.app, centre.urls.owner, centre.urls.portal):
        rows = await _ask(url, "SHOW server_version")
        version = str(rows[0])
    return choose(f"PostgreSQL {version}、3 つのロールで接続", f"PostgreSQL {version}, in three roles")


async def asterisk(centre: Centre) -> str:
    """Ask its REST interface for its version."""
    address = f"http://{centre.telephone.address}:{centre.telephone.http_port}"
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(
            f"{address}/ari/asterisk/info",
            params={"only": "system"},
            auth=(centre.telephone.ari_user, centre.telephone.ari_password),
        )
    answer.raise_for_status()
    return f"Asterisk {answer.json()['system']['version']}"


async def switchboard(centre: Centre) -> str:
    """See that one is in charge (its lock) and that it hears Asterisk (its application)."""
    rows = await _ask(
        centre.urls.app,
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND classid = 0 AND objid = %s"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        SWITCHBOARD_LOCK,
    )
    if rows[0] != 1:
        raise Trouble("no_switchboard", ja="交換機が動いていません。", en="No switchboard is in charge.")
    address = f"http://{centre.telephone.address}:{centre.telephone.http_port}"
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(
            f"{address}/ari/applications/{centre.telephone.app}",
            auth=(centre.telephone.ari_user, centre.telephone.ari_password),
        )
    if answer.status_code != 200:
        raise Trouble(
            "switchboard_deaf",
            ja="交換機が Asterisk につながっていません。",
            en="The switchboard is not connected to Asterisk.",
        )
    return choose("稼働中、Asterisk に接続済み", "in charge and connected to Asterisk")


async def web(centre: Centre) -> str:
    """Fetch the sign-in page."""
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{centre.ports.web}/sign-in/")
    if answer.status_code != 200:
        raise Trouble(
            "web_unwell",
            ja=f"画面が HTTP {answer.status_code} を返しました。",
            en=f"The pages answered HTTP {answer.status_code}.",
        )
    return f"HTTP 200, {len(answer.content):,} bytes"


async def worker(centre: Centre) -> str:
    """See a worker's heartbeat, and no job that waits long past its time."""
    alive = await _ask(
        centre.urls.app,
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
        HEARTBEAT_LIMIT_S,
    )
    if not alive[0]:
        raise Trouble("no_worker", ja="ジョブ処理が動いていません。", en="No worker is alive.")
    late = await _ask(
        centre.urls.app,
        "SELECT count(*) FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at,"
        " (SELECT min(at) FROM procrastinate_events e WHERE e.job_id = j.id)) < now() - make_interval(secs => %s)",
        LATE_AFTER_S,
    )
    if late[0]:
        raise Trouble(
            "worker_behind",
            ja=f"{late[0]} 件のジョブが {LATE_AFTER_S} 秒以上待っています。",
            en=f"{late[0]} jobs have waited for more than {LATE_AFTER_S} s.",
        )
    return choose(f"{alive[0]} 個が稼働中、滞留なし", f"{alive[0]} alive, nothing waits")


async def mail(centre: Centre) -> str:
    """Greet the mail server that deliveries go through."""
    return await asyncio.to_thread(_greet_mail_server)


def _greet_mail_server() -> str:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=LIMIT_S - 2) as server:
        code, _ = server.noop()
    if code != 250:
        raise Trouble("mail_unwell", ja=f"メールサーバーの応答は {code} です。", en=f"It answered {code}.")
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} NOOP {code}"


async def disk(centre: Centre) -> str:
    """See that there is room for recordings and the database."""
    free = shutil.disk_usage(centre.home.root).free
    if free < LEAST_FREE_BYTES:
        raise Trouble(
            "disk_nearly_full",
            ja=f"{centre.home.root} の空き容量が {free // 1_000_000} MB しかありません。",
            en=f"Only {free // 1_000_000} MB are free at {centre.home.root}.",
        )
    return choose(f"空き {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB free")


async def telephone(centre: Centre) -> str:
    """Open the WebSocket that browsers' telephones use."""
    address = f"ws://{centre.telephone.address}:{centre.telephone.http_port}/ws"
    async with connect(address, subprotocols=[Subprotocol("sip")], proxy=None, close_timeout=1) as socket:
        return f"{address} ({socket.subprotocol})"


async def loop(centre: Centre) -> str:
    """Call a number that is nobody's, out through the trunk and in again: only the switchboard refuses it."""
    began = time.monotonic()
    wish = Wish(number=TEST_NUMBER, caller="", media=(), seconds=LIMIT_S - 2)
    cause = None
    async for told in place(centre.telephone, wish):
        if told.happening is Happening.ENDED:
            cause = told.cause
    if cause != UNALLOCATED:
        raise Trouble(
            "loop_unanswered",
            ja=f"回線を一周した呼に交換機が答えませんでした(理由 {cause})。",
            en=f"The switchboard did not answer a call round the trunk (cause {cause}).",
        )
    took = (time.monotonic() - began) * 1000
    return choose(
        f"発信から交換機の応答まで {took:.0f} ms", f"from dialling to the switchboard's answer {took:.0f} ms"
    )


PROBES: Mapping[str, Probe] = {
    "database": database,
    "asterisk": asterisk,
    "switchboard": switchboard,
    "web": web,
    "worker": worker,
    "mail": mail,
    "disk": disk,
    "telephone": telephone,
    "loop": loop,
}


async def _ask(url: str, query: str, *values: object) -> tuple[object, ...]:
    async with await psycopg.AsyncConnection.connect(url, connect_timeout=3) as connection:
        cursor = await connection.execute(query.encode(), values)
        row = await cursor.fetchone()
    assert row is not None
    return tuple(row)
