"""Who may ask Dagster's pages, and for what: a small ASGI application around theirs.

Dagster asks nobody who they are, answers whatever name it is called by, and lets an address alone change things. A page
open in the same browser could use that. So: this machine's own names alone; an address changes nothing; and what may
change something must come from Dagster's own pages, as the browser says in `Origin`. Nothing here knows what Dagster
does.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

NAMES = ("127.0.0.1", "localhost", "[::1]")
READS = frozenset({"GET", "HEAD", "OPTIONS"})
GRAPHQL = "graphql"
NOT_FRAMED = [(b"x-frame-options", b"SAMEORIGIN"), (b"referrer-policy", b"same-origin")]


class Guard:
    """The application behind the guard, at one port of this machine."""

    def __init__(self, app: App, port: int, names: Iterable[str] = NAMES) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in names}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif reason := self._refusal(scope):
            await _refuse(scope, send, reason)
        else:
            await self._app(scope, receive, _unframed(send))

    def _refusal(self, scope: Message) -> str:
        """Why a request is turned away, in one line; empty where it may pass."""
        hosts, origins = _headers(scope, b"host"), _headers(scope, b"origin")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return f"Only {' or '.join(sorted(self._hosts))} is answered here: open one of these."
        if scope["type"] == "http" and scope["method"] in READS:
            is_graphql = scope["path"].strip("/") == GRAPHQL
            if is_graphql and "query" in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True):
                return "A query in an address is not answered: send it by POST."
            return ""
        if origins != [f"http://{hosts[0]}"]:
            return f"This must come from http://{hosts[0]} itself, and say so in the header Origin."
        return ""


def _headers(scope: Message, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in scope["headers"] if key.lower() == name]


def _unframed(send: Send) -> Send:
    """No other site may show the pages within its own, where a click could be led astray."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *NOT_FRAMED]
        await send(message)

    return sent


async def _refuse(scope: Message, send: Send, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": reason[:120]})
        return
    body = f"{reason}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
