"""`fetch`: brings what is new at the publishers into the home.

Connectors say what there is, the client downloads it, intake keeps it like any file a person adds. A file that cannot
be had costs a line, never the run. Held files are never overwritten.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from filelock import FileLock, Timeout

from pipelines.errors import RaygError
from pipelines.fetching.arrived import SUFFIXES, suffix_of
from pipelines.fetching.fetch_state import Fetched, FetchState
from pipelines.fetching.http_client import Client, Download, NotThereError, RefusedError, SilentError
from pipelines.fetching.routes import CONNECTORS
from pipelines.fetching.routes.offer import Ask, Connector, Offer, Trouble
from pipelines.home import Home
from pipelines.landing.inbox import take_in
from pipelines.landing.intake import Arrival, Intake, Outcome
from pipelines.landing.recognise import Claims
from pipelines.provenance import HeldFile
from pipelines.sources.calendar import academic_year_of
from pipelines.sources.catalogue import Catalogue, Source, load_catalogue
from pipelines.sources.delivery import Route

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"|?*]')  # no file may be called so on Windows


@dataclass(frozen=True)
class FetchWarning:
    """A file that could not be fetched: which publication, why, and where a person can get it."""

    what: str
    reason: str
    landing_page: str


@dataclass(frozen=True)
class Tally:
    """How a run went: how many files are new, how many were held or unchanged, and how many could not be fetched."""

    new: int
    held: int
    failed: int

    @property
    def is_in_vain(self) -> bool:
        return self.failed > 0 and self.new + self.held == 0


OnOutcome = Callable[[Outcome | FetchWarning], None]


def fetch(
    home: Home,
    source_ids: Sequence[str] = (),
    since: str | None = None,
    *,
    on_outcome: OnOutcome = lambda outcome: None,
    catalogue: Catalogue | None = None,
    client: Client | None = None,
    today: date | None = None,
) -> Tally:
    """Fetches the named sources, else every source that can be fetched, and takes in the drop folder.

    A named source is asked for even where the last release of a year is held. `since` is an academic year.
    `on_outcome` hears of every file and every warning as it comes. Raises RaygError for arguments that make no sense,
    before anything is asked.
    """
    catalogue = catalogue or load_catalogue()
    run = _Run(
        home,
        catalogue,
        client or Client(home.fetching),
        on_outcome,
        today or date.today(),
        _checked_year(since),
        is_in_full=bool(source_ids),
    )
    wanted = _checked_sources(source_ids, catalogue)
    home.fetching.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home.fetching / "lock", timeout=0):
            return run.fetch(wanted)
    except Timeout as error:
        raise RaygError("Another fetch is under way in this home: let it finish.") from error


class _Run:
    """One call of `fetch`."""

    def __init__(
        self,
        home: Home,
        catalogue: Catalogue,
        client: Client,
        on_outcome: OnOutcome,
        today: date,
        since: str | None,
        is_in_full: bool,
    ) -> None:
        self.home = home
        self.catalogue = catalogue
        self.client = client
        self.on_outcome = on_outcome
        self.today = today
        self.since = since
        self.is_in_full = is_in_full
        self.intake = Intake(home, Claims())
        self.state = FetchState(home.fetching / "fetched.json")
        self.new = self.held = self.failed = 0
        self.silent: set[str] = set()

    def fetch(self, sources: Sequence[Source]) -> Tally:
        self._take_inbox()
        for route_name, connector in CONNECTORS.items():
            ask = self._ask(route_name, [source for source in sources if source.fetch and source.route == route_name])
            for offer in self._offers(ask, connector) if ask.sources else ():
                self._take(ask.route, offer)
        if self.is_in_full:
            for source in sources:
                if not source.fetch:
                    self._warn((source,), "it is not fetched by itself")
        return Tally(self.new, self.held, self.failed)

    def _offers(self, ask: Ask, connector: Connector) -> Iterable[Offer]:
        """What a route offers, each address once: two layouts of one publication share an address."""
        offers: dict[tuple[str, ...], Offer] = {}
        try:
            for answer in connector(ask):
                if isinstance(answer, Trouble):
                    self._warn(answer.sources, answer.reason)
                elif other := offers.get(answer.urls):
                    offers[answer.urls] = replace(other, sources=(*other.sources, *answer.sources))
                else:
                    offers[answer.urls] = answer
        except SilentError as fault:
            self._warn_of_silence(ask.sources, fault)
        return offers.values()

    def _take_inbox(self) -> None:
        taken = take_in(self.intake, budget=math.inf)
        for outcome in taken.outcomes:
            self.on_outcome(outcome)
        for name in taken.waiting:
            self.on_outcome(
                Outcome(name, "skipped", reason="still being copied into the inbox: fetch again in a moment")
            )

    def _intact(self) -> dict[str, HeldFile]:
        """The held files by id, without files that were lost or cut short since, so that these are fetched again."""
        return {
            file_id: file
            for file_id, file in self.intake.held.items()
            if file.path.is_file() and file.path.stat().st_size == file.provenance.size_bytes
        }

    def _ask(self, route_name: str, sources: Sequence[Source]) -> Ask:
        held = [file.provenance for file in self._intact().values()]
        settled = () if self.is_in_full else ((file.source, file.academic_year, file.release) for file in held)
        return Ask(
            route=self.catalogue.routes[route_name],
            sources=tuple(sources),
            client=self.client,
            today=self.today,
            since=self.since,
            held=frozenset(settled),
            held_names=frozenset(file.file_name for file in held),
        )

    def _take(self, route: Route, offer: Offer) -> None:
        if offer.is_fixed:
            for url in offer.urls:
                if self.state.has_given(url, set(self._intact())):
                    self._report_held(
                        offer, self.state.file_name(url), "fetched before, and its publisher does not change it"
                    )
                    return
        try:
            url, download = self._download(route, offer)
        except NotThereError as fault:
            if offer.held_name is None:
                self._warn(offer.sources, f"{offer.title}: {fault}")
            else:
                self._report_held(offer, offer.held_name, "nothing newer is there")
            return
        except SilentError as fault:
            self._warn_of_silence(offer.sources, fault)
            return
        except RefusedError as fault:
            self._warn(offer.sources, f"{offer.title}: {fault}")
            return
        if download is None:
            self._report_held(offer, self.state.file_name(url), "unchanged since it was fetched")
            return
        try:
            self._keep(offer, url, download)
        finally:
            download.path.unlink(missing_ok=True)

    def _download(self, route: Route, offer: Offer) -> tuple[str, Download | None]:
        """The file from the first address that has it. A host that refuses a request is not asked again."""
        fault: RefusedError | SilentError = NotThereError("nothing newer is there")
        refusing: set[str | None] = set()
        for url in offer.urls:
            host = urlsplit(url).hostname
            if host in refusing:
                continue
            try:
                return url, self.client.download(route, url, self.state.known(url, set(self._intact())), offer.kind)
            except NotThereError as not_there:
                fault = fault if refusing else not_there
            except (RefusedError, SilentError) as refused:
                fault = refused
                refusing.add(host)
        raise fault

    def _keep(self, offer: Offer, url: str, download: Download) -> None:
        file_name, folders = _named(offer, url, download)
        arrival = Arrival(
            path=download.path,
            file_name=file_name,
            folders=(*folders, *offer.folders),
            url=url,
            retrieved_at=download.retrieved_at,
            academic_year=offer.academic_year,
            published_on=offer.published_on,
            sources=offer.sources if offer.is_identified else (),
            release=offer.release,
        )
        outcomes = self.intake.take_arrival(arrival)
        for outcome in outcomes:
            self.on_outcome(outcome)
            self.new += outcome.status == "accepted"
            self.held += outcome.status == "already_held"
            self.failed += outcome.status == "rejected"
        # A rejected file is downloaded again next time: by then its publisher may have corrected it.
        if not any(outcome.status == "rejected" for outcome in outcomes):
            self.state.remember(
                url,
                Fetched(
                    etag=download.validators.etag,
                    last_modified=download.validators.last_modified,
                    file_ids=tuple(sorted(outcome.file_id for outcome in outcomes if outcome.file_id)),
                    file_name=file_name,
                    retrieved_at=download.retrieved_at,
                ),
            )

    def _report_held(self, offer: Offer, file_name: str, reason: str) -> None:
        self.held += 1
        source = offer.sources[0].id if len(offer.sources) == 1 else None
        self.on_outcome(Outcome(file_name, "already_held", source, reason=reason))

    def _warn(self, sources: Sequence[Source], reason: str) -> None:
        self.failed += 1
        self.on_outcome(FetchWarning(", ".join(source.id for source in sources), reason, sources[0].landing_page))

    def _warn_of_silence(self, sources: Sequence[Source], fault: SilentError) -> None:
        """One line for a host that is down, however many files it was asked for."""
        if str(fault) not in self.silent:
            self._warn(sources, str(fault))
        self.silent.add(str(fault))


def _named(offer: Offer, url: str, download: Download) -> tuple[str, Iterator[str]]:
    """The name for a download, and the folders its publisher put before the name, nearest first."""
    stated = offer.file_name or download.file_name or unquote(urlsplit(url).path)
    *folders, name = [part for part in re.split(r"[\\/]", stated) if part not in ("", ".", "..")] or ["download"]
    name = _NOT_IN_NAMES.sub("_", name).lstrip(".")
    suffix, known = suffix_of(download.path), PurePath(name).suffix.lower()
    if suffix != known:
        name = f"{PurePath(name).stem if known in SUFFIXES else name}{suffix}"
    return name, reversed(folders if offer.file_name or download.file_name else [])


def _checked_year(text: str | None) -> str | None:
    if text is None:
        return None
    if year := academic_year_of(text):
        return year
    raise RaygError(f"--since {text} is not an academic year: write it as 2022/23.")


def _checked_sources(source_ids: Sequence[str], catalogue: Catalogue) -> list[Source]:
    if not source_ids:
        return list(catalogue.sources)
    known = {source.id: source for source in catalogue.sources}
    if unknown := [source_id for source_id in source_ids if source_id not in known]:
        raise RaygError(f"{unknown[0]} is not a source of this version: `rayg sources` lists them.")
    return [known[source_id] for source_id in dict.fromkeys(source_ids)]
