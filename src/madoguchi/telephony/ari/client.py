"""The connection to Asterisk: events in one stream, requests over several lanes, reconnected for ever.

One WebSocket brings the events of our application, filtered to the kinds that we use. Four more carry
the requests, each under an application name of its own (`madoguchi-lane-1` …): a second socket under
the same name would take the events over. All sockets live and die together. The reader of events only
enqueues: Asterisk cuts off a client that does not take a message within 100 ms.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import quote
from zlib import crc32

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from madoguchi.telephony.settings import TelephoneSettings
from madoguchi.telephony.versions import REST_OVER_WEBSOCKET, Version, version_of

from .events import KINDS, AriEvent, parse
from .lanes import LOST, HttpLane, Lane, Reply, SocketLane
from .requests import Request, event_filter, info

LANES = 4
"""Beside the event socket; measured in performance.md: with REST on the event socket p99 is ninefold."""
HANDSHAKE_LIMIT_S = 10.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 3.0


@dataclass(frozen=True, slots=True)
class Connected:
    """Events flow from here on. What happened before is not told again: ask for channels and bridges."""

    version: Version | None
    over_websocket: bool


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is gone, or could not be made; we keep trying. Said once per reason."""

    reason: str


Notice = AriEvent | Connected | Disconnected


class AriRefused(ConnectionError):
    """Asterisk answered, but will not have us: wrong password, or not an ARI that we know."""


class Ari:
    """The one client of ARI. Use as `async with Ari(settings) as ari`; see `send`, `submit`, `events`."""

    def __init__(
        self,
        settings: TelephoneSettings,
        *,
        lanes: int = LANES,
        over_http: bool = False,
        kinds: frozenset[str] = KINDS,
    ) -> None:
        """Ask for events of `kinds` only: each one costs Asterisk and us a message."""
        self._settings = settings
        self._kinds = kinds
        self._lane_count = lanes
        self._over_http = over_http
        self._lanes: Sequence[Lane] = ()
        self._notices: asyncio.Queue[Notice | BaseException] = asyncio.Queue()
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep_connected(), name="ari-keeper")
        self._keeper.add_done_callback(self._tell_crash)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper is not None:
            await _end([self._keeper])

    def submit(self, request: Request, lane: str = "") -> asyncio.Future[Reply]:
        """Send a request without waiting; its answer comes in the future, which never raises.

        Requests of one `lane` (say, a call's id) are done in the order submitted. While there is no
        connection the answer is `LOST` at once.
        """
        if not self._lanes:
            future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            future.set_result(LOST)
            return future
        return self._lanes[crc32(lane.encode()) % len(self._lanes)].submit(request)

    async def send(self, request: Request, lane: str = "") -> Reply:
        """Send a request and wait for its answer; see `submit`."""
        return await self.submit(request, lane)

    async def events(self) -> AsyncIterator[Notice]:
        """Yield what happens, for ever; `Connected` and `Disconnected` tell of the connection itself."""
        while True:
            yield _notice(await self._notices.get())

    def events_now(self) -> list[Notice]:
        """Take what is waiting in the stream, without waiting: for handling a burst as one batch."""
        return [_notice(self._notices.get_nowait()) for _ in range(self._notices.qsize())]

    # ------------------------------------------------------------ the connection's life

    def _tell_crash(self, keeper: asyncio.Task[None]) -> None:
        """Let the reader of the stream see a bug of ours, instead of waiting for ever."""
        if not keeper.cancelled() and (error := keeper.exception()) is not None:
            self._notices.put_nowait(error)

    async def _keep_connected(self) -> None:
        pause, said = FIRST_PAUSE_S, ""
        while True:
            was_connected = False
            try:
                async with AsyncExitStack() as stack:
                    tasks = await self._connect(stack)
                    was_connected, pause = True, FIRST_PAUSE_S
                    await _first_failure(tasks)
            except (OSError, WebSocketException, httpx.HTTPError, ValueError) as error:
                reason = f"{type(error).__name__}: {error}"
            if was_connected or reason != said:
                self._notices.put_nowait(Disconnected(reason))
            said = reason
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _connect(self, stack: AsyncExitStack) -> list[asyncio.Task[None]]:
        """Open all sockets, set the filter, announce; return the tasks that carry the connection."""
        tasks: list[asyncio.Task[None]] = []
        async with asyncio.timeout(HANDSHAKE_LIMIT_S):
            http = await stack.enter_async_context(self._http_client())
            version = await _version(http)
            over_websocket = not self._over_http and (version is None or version >= REST_OVER_WEBSOCKET)
            lanes = await self._open_lanes(stack, http, over_websocket)
            stack.push_async_callback(self._close, tasks, lanes)
            tasks += [
                asyncio.create_task(lane.run(), name=f"ari-lane-{n}") for n, lane in enumerate(lanes, 1)
            ]
            events = await self._open_socket(stack, self._settings.app)
            answer = await lanes[0].submit(event_filter(self._settings.app, self._kinds))
            if not answer.ok:
                raise AriRefused(f"the event filter was answered with {answer.status}")
        self._lanes = lanes
        self._notices.put_nowait(Connected(version, over_websocket))
        tasks.append(asyncio.create_task(self._read(events), name="ari-events"))
        return tasks

    async def _open_lanes(
        self, stack: AsyncExitStack, http: httpx.AsyncClient, websocket: bool
    ) -> list[Lane]:
        if not websocket:
            return [HttpLane(http) for _ in range(self._lane_count)]
        names = [f"{self._settings.app}-lane-{n}" for n in range(1, self._lane_count + 1)]
        return [SocketLane(await self._open_socket(stack, name)) for name in names]

    async def _open_socket(self, stack: AsyncExitStack, app: str) -> ClientConnection:
        user = f"{self._settings.ari_user}:{self._settings.ari_password}"
        return await stack.enter_async_context(
            connect(
                f"ws://{self._settings.address}:{self._settings.http_port}/ari/events?app={quote(app)}",
                additional_headers={"Authorization": f"Basic {b64encode(user.encode()).decode()}"},
                compression=None,
                close_timeout=1,
                max_size=None,
                max_queue=None,
                proxy=None,
            )
        )

    def _http_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://{self._settings.address}:{self._settings.http_port}/ari/",
            auth=(self._settings.ari_user, self._settings.ari_password),
            trust_env=False,
        )

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            event = parse(json.loads(text))
            if event is not None:
                self._notices.put_nowait(event)
        raise ConnectionError("Asterisk closed the event socket")

    async def _close(self, tasks: list[asyncio.Task[None]], lanes: Sequence[Lane]) -> None:
        self._lanes = ()
        await _end(tasks)
        for lane in lanes:
            lane.lose()


def _notice(found: Notice | BaseException) -> Notice:
    if isinstance(found, BaseException):
        raise found
    return found


async def _version(http: httpx.AsyncClient) -> Version | None:
    answer = await http.get(info().uri)
    if answer.status_code != 200:
        raise AriRefused(f"ARI answered {answer.status_code}")
    return version_of(answer.json()["system"]["version"])


async def _first_failure(tasks: Sequence[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
