"""A publisher on 127.0.0.1 that behaves as documented, well or badly, and a home to fetch into."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.fetching.fetch import FetchWarning, Tally, fetch
from pipelines.fetching.http_client import Client
from pipelines.home import Home
from pipelines.landing.intake import Outcome
from pipelines.sources.catalogue import Catalogue, Source, load_catalogue
from pipelines.sources.delivery import Fetch, Route
from tests.unit.landing.conftest import made

__all__ = ["made"]

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (a browser)"


@dataclass(frozen=True)
class Answer:
    """One answer. `cut` bytes of the body are sent, though its whole length is announced."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass(frozen=True)
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


Behaviour = Callable[[Request], Answer]


class Publisher:
    """What stands at which path, and what was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._behaviours: dict[str, list[Behaviour]] = {}
        self.base = ""

    def serve(self, path: str, *answers: Answer | Behaviour) -> None:
        """Answers in turn; the last one for ever."""
        self._behaviours[path] = [
            (lambda request, answer=one: answer) if isinstance(one, Answer) else one for one in answers
        ]

    def serve_json(self, path: str, content: Any) -> None:
        self.serve(path, Answer(json.dumps(content).encode(), headers={"Content-Type": "application/json"}))

    def serve_pages(self, path: str, results: list[Any]) -> None:
        """Results in the documented paging object, as many a page as are asked for."""

        def page(request: Request) -> Answer:
            number, size = int(request.query["page"]), int(request.query["pageSize"])
            paging = {
                "page": number,
                "pageSize": size,
                "totalResults": len(results),
                "totalPages": -(-len(results) // size),
            }
            content = {"paging": paging, "results": results[(number - 1) * size : number * size]}
            return Answer(json.dumps(content).encode())

        self.serve(path, page)

    def serve_file(self, path: str, body: bytes, etag: str = '"1"', **headers: str) -> None:
        """A file that knows 304 and ranges."""

        def answer(request: Request) -> Answer:
            proofs = {"ETag": etag, **{name.replace("_", "-"): value for name, value in headers.items()}}
            if request.headers.get("if-none-match") == etag:
                return Answer(status=304, headers=proofs)
            wanted = request.headers.get("range")
            if wanted and request.headers.get("if-range") == etag:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                proofs["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                return Answer(body[start:], 206, proofs)
            return Answer(body, headers=proofs)

        self.serve(path, answer)

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        behaviours = self._behaviours.get(request.path)
        if behaviours is None:
            return Answer(b"<html>Not found</html>", 404)
        return (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(request)

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    standing = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = standing.answer(Request(parts.path, query, headers))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if answer.status != 304:
                self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Tests speak through their assertions."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    standing.base = f"http://127.0.0.1:{server.server_port}"
    yield standing
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def slept() -> list[float]:
    """The waits a client would have made."""
    return []


@pytest.fixture
def client(home: Home, slept: list[float]) -> Client:
    return Client(home.fetching, sleep=slept.append, now=lambda: NOW)


@pytest.fixture
def route(publisher: Publisher) -> Route:
    return Route(bases={"site": publisher.base}, user_agent=BROWSER, megabytes_max=1)


@dataclass
class Fetcher:
    """Fetches with the real catalogue's sources, and this publisher in the place of all others."""

    home: Home
    publisher: Publisher
    client: Client
    told: list[Outcome | FetchWarning] = field(default_factory=list)
    megabytes_max: int = 1

    def __call__(self, *sources: Source, since: str | None = None, named: bool = False, today: date = TODAY) -> Tally:
        self.told = []
        names = [source.id for source in sources] if named else []
        catalogue = self.catalogue(*sources)
        return fetch(
            self.home, names, since, on_outcome=self.told.append, catalogue=catalogue, client=self.client, today=today
        )

    def catalogue(self, *sources: Source) -> Catalogue:
        real = load_catalogue()
        here = {
            name: route.model_copy(
                update={
                    "bases": {use: f"{self.publisher.base}/{use}" for use in route.bases},
                    "redirect_hosts": (),
                    "megabytes_max": self.megabytes_max,
                }
            )
            for name, route in real.routes.items()
        }
        return real.model_copy(update={"routes": here, "sources": sources})

    @property
    def lines(self) -> list[str]:
        """What was told, each in short."""
        return [
            f"warning {told.reason}" if isinstance(told, FetchWarning) else f"{told.status} {told.file_name}"
            for told in self.told
        ]


@pytest.fixture
def fetcher(home: Home, publisher: Publisher, client: Client) -> Fetcher:
    return Fetcher(home, publisher, client)


def source(source_id: str, *asks: Fetch, **changes: Any) -> Source:
    """A source of the real catalogue with its own keys for fetching."""
    found = load_catalogue().source(source_id)
    assert found
    return found.model_copy(update={"fetch": asks, **changes})


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
