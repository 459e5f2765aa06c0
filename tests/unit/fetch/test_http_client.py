"""The client against a publisher that is busy, breaks off, sends the wrong thing, or sends elsewhere."""

import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipelines.fetching import http_client
from pipelines.fetching.http_client import (
    Client,
    Download,
    NotThereError,
    RefusedError,
    SilentError,
    Validators,
    check_address,
)
from pipelines.home import Home
from pipelines.sources.delivery import Route
from tests.conftest import BeyondThisMachineError
from tests.unit.fetch.conftest import BROWSER, Answer, Publisher, Request, packed
from tests.unit.landing.conftest import Made

BODY = b"URN,NOR\r\n100001,200\r\n" * 100
NOTHING = Validators()


def bring(client: Client, route: Route, url: str, known: Validators = NOTHING, kind: str = ".csv") -> Download:
    download = client.download(route, url, known, kind)
    assert download is not None
    return download


@pytest.fixture
def url(publisher: Publisher) -> str:
    return f"{publisher.base}/file.csv"


class TestPatience:
    def test_429_waits_as_long_as_it_is_told(
        self, publisher: Publisher, client: Client, route: Route, url: str, slept: list[float]
    ) -> None:
        busy = Answer(status=429, headers={"Retry-After": "7"})
        dated = Answer(status=503, headers={"Retry-After": "Tue, 24 Nov 2026 09:00:30 GMT"})
        publisher.serve("/file.csv", busy, dated, Answer(BODY))
        assert bring(client, route, url).path.read_bytes() == BODY
        assert slept == [7.0, 30.0]

    def test_back_off_doubles_and_ends(
        self, publisher: Publisher, client: Client, route: Route, url: str, slept: list[float]
    ) -> None:
        publisher.serve("/file.csv", Answer(status=500))
        with pytest.raises(RefusedError, match=r"busy \(500\), 5 times over"):
            bring(client, route, url)
        assert slept == [1.0, 2.0, 4.0, 8.0]
        assert len(publisher.requests) == 5

    def test_a_wait_beyond_patience_is_for_another_run(
        self, publisher: Publisher, client: Client, route: Route, url: str, slept: list[float]
    ) -> None:
        publisher.serve("/file.csv", Answer(status=429, headers={"Retry-After": "3600"}))
        with pytest.raises(RefusedError, match="asks to wait 60 minutes"):
            bring(client, route, url)
        assert slept == [] and len(publisher.requests) == 1

    def test_a_host_that_is_down_is_asked_about_once(self, client: Client, slept: list[float]) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
            base = f"http://127.0.0.1:{taken.getsockname()[1]}"
            route = Route(bases={"site": base})
            for path in ("/one", "/two"):
                with pytest.raises(SilentError, match="does not answer, 5 times over"):
                    client.download(route, base + path, NOTHING, ".csv")
        assert len(slept) == 4

    def test_404_and_403_are_not_tried_again(
        self, publisher: Publisher, client: Client, route: Route, url: str, slept: list[float]
    ) -> None:
        with pytest.raises(NotThereError, match="404"):
            bring(client, route, url)
        publisher.serve("/file.csv", Answer(b"<html>", 403))
        with pytest.raises(RefusedError, match=r"turned the request away \(403\)"):
            bring(client, route, url)
        assert slept == [] and len(publisher.requests) == 2


def test_a_publisher_that_turns_programs_away_is_asked_as_a_browser(
    publisher: Publisher, client: Client, route: Route, url: str
) -> None:
    def picky(request: Request) -> Answer:
        return Answer(BODY) if request.headers["user-agent"] == BROWSER else Answer(status=403)

    publisher.serve("/file.csv", picky)
    assert bring(client, route, url).path.read_bytes() == BODY
    with pytest.raises(RefusedError, match="403"):
        bring(client, route.model_copy(update={"user_agent": None}), url)


class TestConditions:
    def test_unchanged_is_not_downloaded(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve_file("/file.csv", BODY, Last_Modified="Mon, 23 Nov 2026 00:00:00 GMT")
        first = bring(client, route, url)
        assert client.download(route, url, first.validators, ".csv") is None
        asked = publisher.requests[-1].headers
        assert asked["if-none-match"] == '"1"'
        assert asked["if-modified-since"] == "Mon, 23 Nov 2026 00:00:00 GMT"

    def test_changed_is_downloaded(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve_file("/file.csv", BODY, etag='"2"')
        assert bring(client, route, url, Validators('"1"')).path.read_bytes() == BODY


class TestBrokenOff:
    def test_a_download_goes_on_where_it_broke_off(
        self, publisher: Publisher, client: Client, route: Route, url: str, slept: list[float]
    ) -> None:
        def rest(request: Request) -> Answer:
            start = int(request.headers["range"].removeprefix("bytes=").rstrip("-"))
            assert request.headers["if-range"] == '"1"' and start > 0
            headers = {"ETag": '"1"', "Content-Range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"}
            return Answer(BODY[start:], 206, headers)

        publisher.serve("/file.csv", Answer(BODY, headers={"ETag": '"1"'}, cut=900), rest)
        assert bring(client, route, url).path.read_bytes() == BODY
        assert slept == [1.0]

    def test_starts_again_where_the_file_has_changed_since(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        other = BODY.replace(b"200", b"300")
        publisher.serve("/file.csv", Answer(BODY, headers={"ETag": '"1"'}, cut=900), Answer(other))
        assert bring(client, route, url).path.read_bytes() == other

    def test_starts_again_where_nothing_proves_it_the_same(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        for headers in ({}, {"ETag": 'W/"1"'}):
            publisher.serve("/file.csv", Answer(BODY, headers=headers, cut=900), Answer(BODY))
            assert bring(client, route, url).path.read_bytes() == BODY
            assert "range" not in publisher.requests[-1].headers

    def test_starts_again_where_the_range_is_refused(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        publisher.serve("/file.csv", Answer(BODY, headers={"ETag": '"1"'}, cut=900), Answer(status=416), Answer(BODY))
        assert bring(client, route, url).path.read_bytes() == BODY

    def test_the_next_run_goes_on_too(
        self, publisher: Publisher, home: Home, route: Route, url: str, slept: list[float]
    ) -> None:
        publisher.serve("/file.csv", Answer(BODY, headers={"ETag": '"1"'}, cut=900), Answer(status=503))
        with pytest.raises(RefusedError, match="503"):
            bring(Client(home.fetching, sleep=slept.append), route, url)
        publisher.serve_file("/file.csv", BODY)
        assert bring(Client(home.fetching, sleep=slept.append), route, url).path.read_bytes() == BODY
        assert publisher.requests[-1].headers["range"] == "bytes=900-"

    def test_always_broken_off_is_refused(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve("/file.csv", Answer(BODY, cut=900))
        with pytest.raises(RefusedError, match="broke off half way, 5 times over"):
            bring(client, route, url)

    def test_a_broken_zip_is_fetched_again(
        self, publisher: Publisher, client: Client, route: Route, url: str, made: Made
    ) -> None:
        whole = made.zip({"2024-2025/england_census.csv": BODY})
        damaged = whole[:60] + b"\x00" * 20 + whole[80:]
        publisher.serve("/file.csv", Answer(whole[:-30]), Answer(damaged), Answer(whole))
        assert bring(client, route, url).path.read_bytes() == whole
        assert len(publisher.requests) == 3


class TestWhatComes:
    def test_gzip_without_a_header(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve("/file.csv", Answer(packed(BODY)))
        assert bring(client, route, url).path.read_bytes() == BODY

    def test_gzip_with_a_header(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve("/file.csv", Answer(packed(BODY), headers={"Content-Encoding": "gzip"}))
        assert bring(client, route, url).path.read_bytes() == BODY

    def test_gzip_cut_short_is_fetched_again(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        publisher.serve("/file.csv", Answer(packed(BODY)[:-12]), Answer(packed(BODY)))
        assert bring(client, route, url).path.read_bytes() == BODY

    @pytest.mark.parametrize("page", [b"<!DOCTYPE html><p>Sorry", b"\xef\xbb\xbf  \r\n<html>"])
    def test_a_web_page_is_refused(
        self, publisher: Publisher, client: Client, route: Route, url: str, page: bytes, home: Home
    ) -> None:
        publisher.serve("/file.csv", Answer(page, headers={"Content-Type": "text/csv"}))
        with pytest.raises(RefusedError, match="a web page came instead of data"):
            bring(client, route, url)
        assert len(publisher.requests) == 1
        assert list(home.fetching.iterdir()) == []

    def test_nothing_at_all_is_refused(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve("/file.csv", Answer(b""))
        with pytest.raises(RefusedError, match="empty file"):
            bring(client, route, url)

    def test_a_workbook_must_be_one(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve("/file.csv", Answer(BODY))
        with pytest.raises(RefusedError, match="not a xlsx file"):
            bring(client, route, url, kind=".xlsx")

    @pytest.mark.parametrize("body", [b"1" * 1_000_001, packed(b"1" * 1_000_001)])
    def test_too_much_is_refused(
        self, publisher: Publisher, client: Client, route: Route, url: str, body: bytes, home: Home
    ) -> None:
        publisher.serve("/file.csv", Answer(body))
        with pytest.raises(RefusedError, match="1 MB"):
            bring(client, route, url)
        assert list(home.fetching.iterdir()) == []

    def test_what_is_announced_as_too_much_is_not_even_begun(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        publisher.serve("/file.csv", Answer(b"1" * 1_000_001, cut=0))
        with pytest.raises(RefusedError, match="larger than 1 MB"):
            bring(client, route, url)

    def test_a_zip_that_unpacks_to_too_much_is_refused(
        self, publisher: Publisher, client: Client, route: Route, url: str, made: Made
    ) -> None:
        publisher.serve("/file.csv", Answer(made.zip({"a.csv": b"1" * 1_000_001})))
        with pytest.raises(RefusedError, match="unpacks to more than 1 MB"):
            bring(client, route, url)


class TestMoved:
    def test_within_known_hosts(self, publisher: Publisher, client: Client, route: Route, url: str) -> None:
        publisher.serve("/file.csv", Answer(status=302, headers={"Location": "/moved/file.csv"}))
        publisher.serve("/moved/file.csv", Answer(BODY))
        assert bring(client, route, url).path.read_bytes() == BODY

    @pytest.mark.parametrize(
        "away", ["https://files.example/file.csv", "http://127.0.0.2/file.csv", "//files.example/"]
    )
    def test_not_to_an_unknown_host(
        self, publisher: Publisher, client: Client, route: Route, url: str, away: str
    ) -> None:
        publisher.serve("/file.csv", Answer(status=301, headers={"Location": away}))
        with pytest.raises(RefusedError, match="not a known host"):
            bring(client, route, url)

    def test_redirects_in_circles_are_refused(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        publisher.serve("/file.csv", Answer(status=307, headers={"Location": "/file.csv"}))
        with pytest.raises(RefusedError, match="in circles"):
            bring(client, route, url)

    @pytest.mark.parametrize("address", ["http://www.gov.uk/a.csv", "ftp://www.gov.uk/a.csv"])
    def test_not_without_tls(self, address: str) -> None:
        route = Route(bases={"site": "https://www.gov.uk"})
        check_address(route, "https://www.gov.uk/a.csv")
        with pytest.raises(RefusedError, match="without TLS"):
            check_address(route, address)

    @pytest.mark.parametrize("address", ["https://www.gov.uk.example/", "https://www.gov.uk@other.example/"])
    def test_not_to_a_host_that_only_looks_known(self, address: str) -> None:
        with pytest.raises(RefusedError, match="not a known host"):
            check_address(Route(bases={"site": "https://www.gov.uk"}), address)


def test_indexes_are_asked_for_once_and_capped(
    publisher: Publisher, client: Client, route: Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.serve("/index", Answer(packed(b'{"results": []}')))
    url = f"{publisher.base}/index"
    assert client.json(route, url) == client.json(route, url) == {"results": []}
    assert len(publisher.requests) == 1
    publisher.serve("/page", Answer(b"<html>"))
    with pytest.raises(RefusedError, match="not JSON"):
        client.json(route, f"{publisher.base}/page")
    monkeypatch.setattr(http_client, "INDEX_BYTES_MAX", 10)
    publisher.serve("/large", Answer(b"1" * 11))
    with pytest.raises(RefusedError, match="for an index"):
        client.json(route, f"{publisher.base}/large")


def test_a_download_is_checksummed_whole(publisher: Publisher, client: Client, route: Route, url: str) -> None:
    publisher.serve("/file.csv", Answer(BODY, headers={"Content-Disposition": 'attachment; filename="2024/a b.csv"'}))
    download = bring(client, route, url)
    assert hashlib.sha256(download.path.read_bytes()).digest() == hashlib.sha256(BODY).digest()
    assert (download.file_name, download.retrieved_at) == ("2024/a b.csv", "2026-11-24T09:00:00+00:00")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, client: Client, slept: list[float]) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    base = f"https://127.0.0.1:{server.server_port}"
    with pytest.raises(SilentError, match="could not prove who it is"):
        client.download(Route(bases={"site": base}), f"{base}/file.csv", NOTHING, ".csv")
    server.shutdown()
    server.server_close()
    thread.join()
    assert asked == [] and slept == []


def test_tests_stay_on_this_machine() -> None:
    with pytest.raises(BeyondThisMachineError):
        socket.getaddrinfo("www.gov.uk", 443)
    with socket.socket() as wire, pytest.raises(BeyondThisMachineError):
        wire.connect(("192.0.2.1", 443))


class TestAnswersNobodyAskedFor:
    """None of them is data, and none is more than one refused file."""

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            (Answer(b"", 304), "never fetched"),
            (Answer(b"", 302), "does not say where"),
            (Answer(b"", 302, {"Location": "http://[bad/x"}), "no address"),
        ],
    )
    def test_one_is_refused_in_a_line(
        self, publisher: Publisher, client: Client, route: Route, url: str, answer: Answer, message: str
    ) -> None:
        publisher.serve("/file.csv", answer)
        with pytest.raises(RefusedError, match=message):
            bring(client, route, url)

    def test_a_part_nobody_asked_for_is_no_file(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        part = Answer(BODY[:100], 206, {"Content-Range": "bytes 0-99/100000"})
        publisher.serve("/file.csv", part)
        with pytest.raises(RefusedError):
            bring(client, route, url)

    def test_a_rest_shorter_than_promised_is_no_file(
        self, publisher: Publisher, client: Client, route: Route, url: str
    ) -> None:
        def rest(request: Request) -> Answer:
            start = int(request.headers["range"].removeprefix("bytes=").rstrip("-"))
            headers = {"ETag": '"1"', "Content-Range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"}
            return Answer(BODY[start:-50], 206, headers)

        publisher.serve("/file.csv", Answer(BODY, headers={"ETag": '"1"'}, cut=900), rest, Answer(BODY))
        assert bring(client, route, url).path.read_bytes() == BODY
