"""The roads that requests take: a WebSocket of its own (pipelined), or HTTP for servers before 22.4.

A lane keeps the order of its requests, because Asterisk serves one socket serially. Several lanes side
by side serve different calls at once.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

import httpx
from websockets.asyncio.client import ClientConnection

from .requests import Request


@dataclass(frozen=True, slots=True)
class Reply:
    """What Asterisk answered. `status` is that of HTTP, or 0: the connection ended before the answer."""

    status: int
    body: Any = None

    @property
    def ok(self) -> bool:
        """Whether it was accepted (which may mean: queued)."""
        return 200 <= self.status < 300

    @property
    def lost(self) -> bool:
        """Whether nobody knows if it was done."""
        return self.status == 0


LOST = Reply(0)


class Lane(Protocol):
    """One road; `run` carries it until it breaks, then raises."""

    def submit(self, request: Request) -> asyncio.Future[Reply]:
        """Queue a request behind those queued before, without waiting; the future never raises."""

    async def run(self) -> None:
        """Carry requests and answers until the connection breaks (ConnectionError or the library's own)."""

    def lose(self) -> None:
        """Answer all that is under way with `LOST`."""


class SocketLane:
    """REST over one WebSocket: requests go out without waiting for earlier answers."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = count(1)
        self._pending: dict[str, asyncio.Future[Reply]] = {}
        self._outgoing: deque[str] = deque()
        self._wake = asyncio.Event()

    def submit(self, request: Request) -> asyncio.Future[Reply]:
        """Queue a request; see `Lane`."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        request_id = str(next(self._ids))
        self._pending[request_id] = future
        self._outgoing.append(encode(request, request_id))
        self._wake.set()
        return future

    async def run(self) -> None:
        """Carry the lane; see `Lane`."""
        writer = asyncio.create_task(self._write(), name="ari-lane-writer")
        try:
            async for text in self._socket:
                self._take(json.loads(text))
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        raise ConnectionError("Asterisk closed the connection")

    def lose(self) -> None:
        """Give up what is under way; see `Lane`."""
        for future in self._pending.values():
            if not future.done():
                future.set_result(LOST)
        self._pending.clear()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outgoing:
                await self._socket.send(self._outgoing.popleft())

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("type") != "RESTResponse":
            return
        future = self._pending.pop(str(message.get("request_id")), None)
        if future is not None and not future.done():
            future.set_result(decode(message))


class HttpLane:
    """REST over HTTP, one request at a time, for servers that cannot do better."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._queue: asyncio.Queue[tuple[Request, asyncio.Future[Reply]]] = asyncio.Queue()
        self._current: asyncio.Future[Reply] | None = None

    def submit(self, request: Request) -> asyncio.Future[Reply]:
        """Queue a request; see `Lane`."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((request, future))
        return future

    async def run(self) -> None:
        """Carry the lane; see `Lane`."""
        while True:
            request, self._current = await self._queue.get()
            answer = await self._client.request(request.method, request.uri, json=request.body)
            if not self._current.done():
                self._current.set_result(Reply(answer.status_code, _json(answer.text)))

    def lose(self) -> None:
        """Give up what is under way; see `Lane`."""
        waiting = [self._current] if self._current else []
        while not self._queue.empty():
            waiting.append(self._queue.get_nowait()[1])
        for future in waiting:
            if not future.done():
                future.set_result(LOST)


def encode(request: Request, request_id: str) -> str:
    """Return the message that carries a request over a WebSocket."""
    message: dict[str, Any] = {
        "type": "RESTRequest",
        "request_id": request_id,
        "method": request.method,
        "uri": request.uri,
    }
    if request.body is not None:
        message |= {"content_type": "application/json", "message_body": json.dumps(request.body)}
    return json.dumps(message)


def decode(message: dict[str, Any]) -> Reply:
    """Return the answer in a `RESTResponse` message."""
    return Reply(int(message["status_code"]), _json(message.get("message_body") or ""))


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
