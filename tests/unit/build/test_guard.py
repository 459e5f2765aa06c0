"""Who may ask Dagster's pages: a page of another site, or a name made to lead here, changes nothing."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipelines.guard import Guard

OURS, PORT = "127.0.0.1:3000", 3000
SAME = [("host", OURS), ("origin", f"http://{OURS}")]


class Application:
    """Stands for Dagster: notes what reaches it."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append(scope["type"])
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})
            await send({"type": "http.response.body", "body": b"fine"})


def alone(answer: Coroutine[Any, Any, None]) -> None:
    """Runs to its end in a thread of its own: where a browser's tests ran before, this thread has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, answer).result()


def ask(
    method: str, path: str, headers: list[tuple[str, str]], query: str = "", kind: str = "http"
) -> tuple[bool, list[dict[str, Any]]]:
    """Whether a request reached the application, and what was answered."""
    application, sent = Application(), []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    alone(Guard(application, PORT)(scope, None, send))
    return application.reached == [kind], sent


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000"])
def test_this_machines_own_names_are_answered(host: str) -> None:
    reached, sent = ask("GET", "/", [("host", host)])
    assert reached and sent[0]["status"] == 200
    assert (b"x-frame-options", b"SAMEORIGIN") in sent[0]["headers"] and (b"x-own", b"1") in sent[0]["headers"]


ODD_HOSTS = ["evil.example", "evil.example:3000", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:30000", "localhost", ""]
ODD_HOSTS += ["127.0.0.1:3000.evil.example", "localhost.evil.example:3000", "evil@127.0.0.1:3000", "0.0.0.0:3000"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", ODD_HOSTS)
def test_a_name_made_to_lead_here_is_refused(host: str, kind: str) -> None:
    """DNS rebinding: the browser believes that this machine is another site, and says so in Host."""
    reached, sent = ask("GET", "/", [("host", host), ("origin", f"http://{host}")], kind=kind)
    assert not reached
    assert sent[0].get("status", 403) == 403 and sent[0].get("code", 1008) == 1008


@pytest.mark.parametrize("hosts", [[], [("host", OURS), ("host", "evil.example")], [("host", OURS), ("host", OURS)]])
def test_one_host_is_said_once(hosts: list[tuple[str, str]]) -> None:
    assert not ask("GET", "/", hosts)[0]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "//graphql"])
@pytest.mark.parametrize(
    "query",
    ["query=mutation{setNuxSeen}", "query=%7Bversion%7D", "a=1&query=", "%71uery=mutation%7Bx%7D", "query=a&query=b"],
)
def test_an_address_changes_nothing(method: str, path: str, query: str) -> None:
    """An image of another site, or a link in a mail: asked for with no word of where it stood."""
    reached, sent = ask(method, path, [("host", OURS)], query)
    assert not reached and sent[0]["status"] == 403


@pytest.mark.parametrize(("path", "query"), [("/graphql", ""), ("/runs", "q=query"), ("/assets", "query=x"), ("/", "")])
def test_pages_are_read_by_address(path: str, query: str) -> None:
    assert ask("GET", path, [("host", OURS)], query)[0]


ODD_ORIGINS = [None, "null", "http://evil.example", "http://evil.example:3000", "https://127.0.0.1:3000", ""]
ODD_ORIGINS += ["http://127.0.0.1", "http://127.0.0.1:3001", "http://localhost:3000", f"http://{OURS}.evil.example"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("origin", ODD_ORIGINS)
@pytest.mark.parametrize("path", ["/graphql", "/report_asset_materialization/x"])
def test_another_sites_page_changes_nothing(origin: str | None, kind: str, path: str) -> None:
    headers = [("host", OURS), *([("origin", origin)] if origin is not None else [])]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        reached, _ = ask(method, path, headers, "query=mutation{setNuxSeen}", kind=kind)
        assert not reached


def test_two_origins_are_none() -> None:
    assert not ask("POST", "/graphql", [*SAME, ("origin", "http://evil.example")])[0]


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_dagsters_own_page_may_change_things(kind: str) -> None:
    assert ask("POST", "/graphql", SAME, kind=kind)[0]


def test_what_is_no_request_passes() -> None:
    application = Application()
    alone(Guard(application, PORT)({"type": "lifespan"}, None, None))
    assert application.reached == ["lifespan"]
