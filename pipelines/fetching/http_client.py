"""The one polite way to ask publishers, which every connector and download uses.

It asks known hosts only, over TLS, waits for a busy publisher, and resumes, caps and checks downloads. `routes/` says
what to ask for; `arrived` checks what a download holds.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from pipelines.errors import RaygError
from pipelines.fetching.arrived import BrokenError, NotDataError, gunzipped, verify
from pipelines.files import write_text_whole
from pipelines.sources.delivery import MEGABYTE, Route

ATTEMPTS = 5
FIRST_WAIT = 1.0  # seconds, doubled from attempt to attempt
LONGEST_WAIT = 60.0
PATIENCE = 300.0  # a publisher that asks for more is asked in another run
REDIRECTS_MAX = 5
TIMEOUT = (10, 60)  # to connect, and between two pieces of a body
PIECE = 1 << 20
INDEX_BYTES_MAX = 50 * MEGABYTE
USER_AGENT = "rayg (school performance monitoring)"
BUSY = {408, 425, 429, 500, 502, 503, 504}
MOVED = {301, 302, 303, 307, 308}
LOOPBACK = "127.0.0.1"  # the one host that may be asked without TLS: nothing leaves the machine

T = TypeVar("T")


class RefusedError(RaygError):
    """Something that could not be fetched. The text says why, as the middle of a line."""


class NotThereError(RefusedError):
    """The publisher has nothing at this address."""


class SilentError(RaygError):
    """A host that does not answer at all, however often it is asked, or cannot prove who it is."""


class _PassingError(Exception):
    """A fault worth another attempt, after `wait` seconds where the publisher asks for that."""

    def __init__(self, reason: str, wait: float | None = None, is_silence: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.is_silence = is_silence


@dataclass(frozen=True)
class Validators:
    """The publisher's marks by which it can say later whether a file is still the same."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def condition(self) -> dict[str, str]:
        """Headers that ask for a file only where it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    @property
    def if_range(self) -> str | None:
        """What proves that a half-fetched file is still the same. A weak ETag does not."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


@dataclass(frozen=True)
class Download:
    """A whole, checked file: `path` holds it until it is taken in."""

    path: Path
    file_name: str | None  # as the publisher calls it
    validators: Validators
    retrieved_at: str


class Client:
    """Asks publishers. `folder` keeps downloads under way, so that the next run can go on with them."""

    def __init__(
        self,
        folder: Path,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = folder
        self._sleep = sleep
        self._now = now
        self._session = requests.Session()
        self._silent: dict[str, str] = {}
        self._indexes: dict[str, bytes] = {}

    def json(self, route: Route, url: str) -> Any:
        """A publisher's index. Raises RefusedError, SilentError."""
        try:
            return json.loads(self._index(route, url))
        except ValueError as error:
            raise RefusedError(f"{url} answered something that is not JSON") from error

    def page(self, route: Route, url: str) -> str:
        """A publisher's page. Raises RefusedError, SilentError."""
        return self._index(route, url).decode("utf-8", "replace")

    def download(self, route: Route, url: str, known: Validators, kind: str) -> Download | None:
        """The file at an address; None where it is unchanged since `known`.

        `kind` is the suffix it should have: `.csv`, `.xlsx`. Raises RefusedError, SilentError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        part = _Part(self._folder / sha256(url.encode()).hexdigest()[:16])
        return self._patiently(url, lambda: self._download(route, url, known, kind, part))

    def _index(self, route: Route, url: str) -> bytes:
        """An index's bytes, asked for once in a run."""
        if url not in self._indexes:

            def ask() -> bytes:
                with self._open(route, url, {}) as response:
                    pieces, size = [], 0
                    for piece in _pieces(response):
                        size += len(piece)
                        if size > INDEX_BYTES_MAX:
                            raise RefusedError(
                                f"{url} answered more than {INDEX_BYTES_MAX // MEGABYTE} MB for an index"
                            )
                        pieces.append(piece)
                try:
                    return gunzipped(b"".join(pieces), INDEX_BYTES_MAX)
                except BrokenError as fault:
                    raise _PassingError(str(fault)) from fault
                except NotDataError as fault:
                    raise RefusedError(str(fault)) from fault

            self._indexes[url] = self._patiently(url, ask)
        return self._indexes[url]

    def _patiently(self, url: str, ask: Callable[[], T]) -> T:
        """Asks until there is an answer. The waits grow, or are as long as the publisher says."""
        host = urlsplit(url).hostname or ""
        if host in self._silent:
            raise SilentError(self._silent[host])
        for attempt in range(ATTEMPTS):
            try:
                return ask()
            except _PassingError as fault:
                if attempt == ATTEMPTS - 1:
                    reason = f"{fault}, {ATTEMPTS} times over"
                    if not fault.is_silence:
                        raise RefusedError(reason) from fault
                    self._silent[host] = reason
                    raise SilentError(reason) from fault
                wait = fault.wait if fault.wait is not None else min(FIRST_WAIT * 2**attempt, LONGEST_WAIT)
                if wait > PATIENCE:
                    raise RefusedError(f"{fault} and asks to wait {wait / 60:.0f} minutes") from fault
                self._sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _open(self, route: Route, url: str, headers: dict[str, str]) -> requests.Response:
        """The answer at the end of the redirects, its body not yet read."""
        headers = {"User-Agent": route.user_agent or USER_AGENT, "Accept-Encoding": "identity", **headers}
        for _ in range(REDIRECTS_MAX + 1):
            check_address(route, url)
            host = urlsplit(url).hostname
            try:
                response = self._session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=TIMEOUT)
            except requests.exceptions.SSLError as error:
                self._silent[str(host)] = f"{host} could not prove who it is (TLS)"
                raise SilentError(self._silent[str(host)]) from error
            except requests.RequestException as error:
                raise _PassingError(f"{host} does not answer", is_silence=True) from error
            except ValueError as error:  # the library reads a redirect's target before anything follows it
                raise RefusedError("it sends on to something that is no address") from error
            status, moved_to = response.status_code, response.headers.get("Location")
            if status in MOVED:
                response.close()
                url = _moved_to(url, moved_to)
                continue
            if status < 400 or status == 416:
                return response
            response.close()
            if status in BUSY:
                raise _PassingError(f"{host} is busy ({status})", self._wait_asked(response.headers.get("Retry-After")))
            if status in (404, 410):
                raise NotThereError(f"nothing is there any more ({status}): {url}")
            raise RefusedError(f"{host} turned the request away ({status})")
        raise RefusedError(f"{host} sends round in circles")

    def _wait_asked(self, text: str | None) -> float | None:
        """Seconds, from a Retry-After in seconds or as a date."""
        if text is None:
            return None
        if text.strip().isdigit():
            return float(text)
        try:
            return max(0.0, (parsedate_to_datetime(text) - self._now()).total_seconds())
        except (ValueError, TypeError):
            return None

    def _download(self, route: Route, url: str, known: Validators, kind: str, part: "_Part") -> Download | None:
        start, proof = part.held()
        headers = {"Range": f"bytes={start}-", "If-Range": proof} if proof else known.condition
        is_conditional = bool(known.condition) and not proof
        with self._open(route, url, headers) as response:
            status = response.status_code
            if status == 304 and is_conditional:
                return None
            if status == 304:
                raise RefusedError("it says unchanged of a file that was never fetched")
            goes_on = status == 206 and bool(proof) and _range_start(response) == start
            whole = _range_total(response) if goes_on else None
            if status == 416 or (status == 206 and not goes_on):
                part.drop()
                raise _PassingError("the rest of a half-fetched file is not available")
            validators = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
            self._write(route, response, part, start if goes_on else 0, validators)
            file_name = _stated_name(response)
        if whole is not None and part.path.stat().st_size != whole:
            part.drop()
            raise _PassingError("the rest of a half-fetched file is shorter than was promised")
        try:
            verify(part.path, kind, route.megabytes_max * MEGABYTE)
        except BrokenError as fault:
            part.drop()
            raise _PassingError(str(fault)) from fault
        except NotDataError as fault:
            part.drop()
            raise RefusedError(str(fault)) from fault
        return Download(part.finish(), file_name, validators, self._now().isoformat(timespec="seconds"))

    def _write(
        self, route: Route, response: requests.Response, part: "_Part", start: int, validators: Validators
    ) -> None:
        """Writes the body as it comes, after the bytes that are there already."""
        size, most = start, route.megabytes_max * MEGABYTE
        if not start:
            part.drop()  # before the note: it must never vouch for another file's bytes
        part.note(validators)
        try:
            if start + _stated_length(response) > most:
                raise RefusedError(f"it is larger than {route.megabytes_max} MB")
            with part.path.open("ab" if start else "wb") as file:
                for piece in _pieces(response):
                    size += len(piece)
                    if size > most:
                        raise RefusedError(f"it is larger than {route.megabytes_max} MB")
                    file.write(piece)
        except RefusedError:
            part.drop()
            raise
        except _PassingError:
            part.keep_or_drop(validators)
            raise


class _Part:
    """A download under way: the bytes so far, and what proves that they are still good."""

    def __init__(self, stem: Path) -> None:
        self.path = stem.with_suffix(".part")
        self._note = stem.with_suffix(".json")
        self._whole = stem.with_suffix(".whole")

    def held(self) -> tuple[int, str | None]:
        """How many bytes are there, and their proof; none without the other."""
        try:
            proof = Validators(**json.loads(self._note.read_text(encoding="utf-8"))).if_range
            size = self.path.stat().st_size
        except (OSError, ValueError, TypeError):
            return 0, None
        return (size, proof) if size and proof else (0, None)

    def note(self, validators: Validators) -> None:
        write_text_whole(self._note, json.dumps(vars(validators)))

    def keep_or_drop(self, validators: Validators) -> None:
        if not validators.if_range:
            self.drop()

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def finish(self) -> Path:
        self._note.unlink()
        return self.path.replace(self._whole)


def check_address(route: Route, url: str) -> None:
    """Raises RefusedError for a host that the route does not know, and for an address without TLS."""
    parts = urlsplit(url)
    if parts.hostname not in route.hosts:
        raise RefusedError(f"it leads to {parts.hostname}, which is not a known host of this publisher")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == LOOPBACK):
        raise RefusedError(f"it leads to an address without TLS on {parts.hostname}")


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """The body as it came over the wire: nothing is unpacked, so that ranges hold. One too short is an error here."""
    try:
        yield from response.raw.stream(PIECE, decode_content=False)
    except (HTTPError, OSError) as error:
        raise _PassingError("the file broke off half way") from error


def _moved_to(url: str, location: str | None) -> str:
    """Where a redirect leads. Raises RefusedError where it says nothing, or nothing that is an address."""
    try:
        target = urljoin(url, location or "")
        urlsplit(target)
    except ValueError as error:
        raise RefusedError("it sends on to something that is no address") from error
    if not location:
        raise RefusedError("it sends on and does not say where")
    return target


def _stated_length(response: requests.Response) -> int:
    """The size in bytes that the answer gives itself; 0 where it gives none that is a number."""
    size = response.headers.get("Content-Length", "")
    return int(size) if size.isdigit() else 0


def _range_total(response: requests.Response) -> int | None:
    """The size in bytes of the whole file of which a part is sent; None where the answer does not say."""
    match = re.match(r"bytes \d+-\d+/(\d+)$", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _range_start(response: requests.Response) -> int | None:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _stated_name(response: requests.Response) -> str | None:
    """The name in Content-Disposition, folders and all: `2023-2024/england_ks2final.csv`."""
    message = Message()
    message["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    return message.get_filename()
