"""`fetch`: what is kept, what is said, what is remembered, and how a run ends."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.errors import RaygError
from pipelines.fetching import fetch as fetching
from pipelines.fetching.fetch import FetchWarning, fetch
from pipelines.fetching.http_client import Client
from pipelines.home import Home
from pipelines.landing.intake import Outcome
from pipelines.provenance import held_files
from pipelines.sources.delivery import EesFetch, GiasFetch, GovUkFetch, PerformanceTablesFetch
from tests.unit.build.test_cli import run
from tests.unit.fetch.conftest import NOW, Answer, Fetcher, Publisher, source
from tests.unit.landing.conftest import Made

LINKS = b"URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\r\n100001,100002,Old,Predecessor,01-09-2020\r\n"
LINKS_SOURCE = source("gias_links", GiasFetch(stem="links_edubasealldata"))
CENSUS_SOURCE = source("census", PerformanceTablesFetch(filter="CENSUS", first_year="2023/24"))
NEWEST = "/downloads/links_edubasealldata20261124.csv"


def test_provenance_says_where_and_when(fetcher: Fetcher, publisher: Publisher, home: Home) -> None:
    publisher.serve_file(NEWEST, LINKS)
    tally = fetcher(LINKS_SOURCE)
    assert fetcher.lines == ["accepted links_edubasealldata20261124.csv"]
    assert (tally.new, tally.held, tally.failed) == (1, 0, 0)
    (held,) = held_files(home)
    assert held.path.read_bytes() == LINKS and held.is_intact
    assert held.provenance.url == f"{publisher.base}{NEWEST}"
    assert held.provenance.retrieved_at == NOW.isoformat(timespec="seconds")
    assert (held.provenance.published_on, held.provenance.published_on_is_assumed) == (date(2026, 11, 24), False)
    assert not list(home.fetching.glob("*.whole")) and not list(home.fetching.glob("*.part"))


class TestAgain:
    def test_unchanged_is_said_and_not_downloaded(self, fetcher: Fetcher, publisher: Publisher, made: Made) -> None:
        publisher.serve_file("/site/download-data", made.zip({"2024-2025/england_abs.csv": made.absence()}))
        absence = source("absence", PerformanceTablesFetch(filter="PUPILABSENCE", first_year="2024/25"))
        assert fetcher(absence, named=True).new == 1
        again = fetcher(absence, named=True)
        assert (again.new, again.held, again.failed) == (0, 1, 0)
        assert fetcher.told[0].reason == "unchanged since it was fetched"

    def test_without_validators_the_bytes_tell(self, fetcher: Fetcher, publisher: Publisher, made: Made) -> None:
        publisher.serve("/site/download-data", Answer(made.zip({"2024-2025/england_abs.csv": made.absence()})))
        absence = source("absence", PerformanceTablesFetch(filter="PUPILABSENCE", first_year="2024/25"))
        fetcher(absence, named=True)
        fetcher(absence, named=True)
        assert fetcher.lines == ["already_held england_abs.csv"]

    def test_lost_files_are_fetched_again(self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made) -> None:
        publisher.serve_file("/site/download-data", made.zip({"2024-2025/england_abs.csv": made.absence()}))
        absence = source("absence", PerformanceTablesFetch(filter="PUPILABSENCE", first_year="2024/25"))
        fetcher(absence)
        (held,) = held_files(home)
        held.path.unlink()
        home.sidecars()[0].unlink()
        assert fetcher(absence).new == 1

    def test_a_file_cut_short_on_disk_is_fetched_again(
        self, fetcher: Fetcher, publisher: Publisher, home: Home
    ) -> None:
        publisher.serve_file(NEWEST, LINKS)
        fetcher(LINKS_SOURCE)
        (held,) = held_files(home)
        held.path.write_bytes(LINKS[:40])
        assert fetcher(LINKS_SOURCE).new == 1
        (held,) = held_files(home)
        assert held.is_intact

    def test_new_bytes_never_go_over_held_ones(
        self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made
    ) -> None:
        absence = source("absence", PerformanceTablesFetch(filter="PUPILABSENCE", first_year="2024/25"))
        for number, row in enumerate(
            (["919", "2002", "100002", "4.0", "9.0"], ["919", "2002", "100002", "4.1", "9.0"])
        ):
            body = made.zip({"2024-2025/england_abs.csv": made.absence(row)})
            publisher.serve_file("/site/download-data", body, etag=f'"{number}"')
            assert fetcher(absence, named=True).new == 1
        held = held_files(home)
        assert len(held) == 2 and all(file.is_intact for file in held)

    def test_a_broken_state_file_costs_downloads_only(self, fetcher: Fetcher, publisher: Publisher, home: Home) -> None:
        publisher.serve_file(NEWEST, LINKS)
        fetcher(LINKS_SOURCE)
        (home.fetching / "fetched.json").write_text("{broken", encoding="utf-8")
        tally = fetcher(LINKS_SOURCE)
        assert (tally.held, tally.failed) == (1, 0)


class TestTrouble:
    def test_one_publisher_down_costs_a_line(self, fetcher: Fetcher, publisher: Publisher, slept: list[float]) -> None:
        publisher.serve_file(NEWEST, LINKS)
        publisher.serve("/site/download-data", Answer(status=503))
        tally = fetcher(CENSUS_SOURCE, LINKS_SOURCE, since="2024/25")
        assert (tally.new, tally.failed, tally.is_in_vain) == (1, 2, False)
        warned = [told for told in fetcher.told if isinstance(told, FetchWarning)]
        assert warned[0].landing_page == "https://www.compare-school-performance.service.gov.uk/download-data"
        assert "is busy (503), 5 times over" in warned[0].reason

    def test_a_fetch_that_brings_nothing_is_in_vain(self, fetcher: Fetcher, publisher: Publisher) -> None:
        publisher.serve("/site/download-data", Answer(status=403))
        tally = fetcher(CENSUS_SOURCE)
        assert tally.is_in_vain

    def test_a_layout_nobody_knows_is_rejected_and_asked_for_again(
        self, fetcher: Fetcher, publisher: Publisher, home: Home
    ) -> None:
        publisher.serve_file(NEWEST, b"a,b\r\n1,2\r\n")
        for _ in range(2):
            assert fetcher(LINKS_SOURCE).is_in_vain
            assert fetcher.lines == ["rejected links_edubasealldata20261124.csv"]
        assert held_files(home) == []
        assert "if-none-match" not in publisher.requests[-1].headers

    def test_a_zip_turned_away_in_part_is_asked_for_again(
        self, fetcher: Fetcher, publisher: Publisher, made: Made
    ) -> None:
        members = {"2024-2025/england_abs.csv": made.absence(), "2024-2025/england_census.csv": b"a,b\r\n1,2\r\n"}
        publisher.serve_file("/site/download-data", made.zip(members))
        for expected in ("accepted", "already_held"):
            fetcher(CENSUS_SOURCE, since="2024/25", today=date(2026, 5, 31))
            assert fetcher.lines == [f"{expected} england_abs.csv", "rejected england_census.csv"]

    def test_a_host_that_is_down_is_one_line(
        self, fetcher: Fetcher, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        catalogue = fetcher.catalogue(LINKS_SOURCE, source("gias_register", GiasFetch(stem="edubasealldata")))
        gone = catalogue.routes["gias"].model_copy(update={"bases": {"downloads": "http://127.0.0.1:9/"}})
        catalogue = catalogue.model_copy(update={"routes": catalogue.routes | {"gias": gone}})
        told: list[Outcome | FetchWarning] = []
        tally = fetch(fetcher.home, on_outcome=told.append, catalogue=catalogue, client=fetcher.client)
        assert len(told) == 1 and tally.is_in_vain

    def test_a_silent_index_is_one_line_for_its_whole_route(self, fetcher: Fetcher) -> None:
        both = [source("phonics", EesFetch(data_set="d1")), source("ks1", EesFetch(file="f1"))]
        catalogue = fetcher.catalogue(*both)
        gone = dict.fromkeys(("api", "content", "catalogue"), "http://127.0.0.1:9")
        route = catalogue.routes["explore_education_statistics"].model_copy(update={"bases": gone})
        routes = catalogue.routes | {"explore_education_statistics": route}
        told: list[Outcome | FetchWarning] = []
        fetch(
            fetcher.home,
            on_outcome=told.append,
            catalogue=catalogue.model_copy(update={"routes": routes}),
            client=fetcher.client,
        )
        (warned,) = told
        assert isinstance(warned, FetchWarning) and warned.what == "phonics, ks1"


class TestNames:
    """The bytes say what a file is, the publisher what it is called, and neither leads out of the folder."""

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("england_abs.csv", "england_abs.csv"),
            ("2024-2025/england_abs.csv", "england_abs.csv"),
            ("..\\..\\england_abs.csv", "england_abs.csv"),
            ("england_abs.xlsx", "england_abs.csv"),
            ("england_abs", "england_abs.csv"),
        ],
    )
    def test_a_download_keeps_the_publishers_name(
        self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made, said: str, kept: str
    ) -> None:
        headers = {"Content-Disposition": f'attachment; filename="{said}"'}
        publisher.serve("/site/download-data", Answer(made.absence(), headers=headers))
        fetcher(source("absence", PerformanceTablesFetch(filter="PUPILABSENCE", first_year="2024/25")))
        assert fetcher.lines == [f"accepted {kept}"]
        assert [held.path.parent.parent.parent for held in held_files(home)] == [home.raw]


class TestLayoutsOfOnePublication:
    """Sources that share an address: the file is of the one whose layout it has, and is fetched once."""

    def test_by_name_and_columns(self, fetcher: Fetcher, publisher: Publisher, made: Made) -> None:
        title = "Management information - state-funded schools - latest inspections as at 31 August 2025"
        page = {"details": {"attachments": [{"title": title, "url": f"{publisher.base}/media/a/b.csv"}]}}
        publisher.serve_json("/content/ofsted", page)
        publisher.serve_file("/media/a/b.csv", made.ofsted())
        ask = GovUkFetch(page="ofsted", title="latest inspections", suffix=".csv")
        fetcher(source("ofsted_schools_2019", ask), source("ofsted_schools", ask))
        (kept,) = fetcher.told
        assert isinstance(kept, Outcome) and (kept.status, kept.source) == ("accepted", "ofsted_schools")
        assert len(publisher.asked("/media/a/b.csv")) == len(publisher.asked("/content/ofsted")) == 1

    def test_sources_in_one_file_are_tried_in_turn(
        self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made
    ) -> None:
        ask = EesFetch(file="f1")
        both = [source("ks4_ees_schools_2023", ask), source("ks4_ees_schools", ask)]
        old, new = both
        row = {"time_period": "202425", "geographic_level": "School"}
        keys = {"urn": "100001", "laestab": "9192001", "school_urn": "100001", "school_laestab": "9192001"}
        header = [*new.required]
        cells = [({name: keys.get(name.lower(), "1") for name in header} | row)[name] for name in header]
        publisher.serve_json(
            "/content/data-set-files/f1",
            {
                "id": "f1",
                "title": "Schools",
                "file": {"name": "whatever.csv", "meta": {"timePeriodRange": {"from": "2022/23", "to": "2024/25"}}},
                "release": {"title": "Academic year 2024/25", "slug": "2024-25", "published": "2026-02-05T09:30:00Z"},
            },
        )
        publisher.serve_file("/catalogue/data-set/f1/csv", made.csv(header, [cells]))
        assert set(old.required) - set(new.required)
        fetcher(*both)
        assert fetcher.lines == ["accepted whatever.csv"]
        (held,) = held_files(home)
        assert (held.provenance.source, held.provenance.published_on) == (new.id, date(2026, 2, 5))


class TestDropFolder:
    def test_is_taken_in(self, fetcher: Fetcher, home: Home) -> None:
        home.inbox.mkdir(parents=True)
        for name in ("links_edubasealldata20260821.csv", "links_edubasealldata20260822.csv"):
            (home.inbox / name).write_bytes(LINKS)
        os.utime(home.inbox / "links_edubasealldata20260821.csv", (0, 0))
        fetcher()
        assert fetcher.lines == [
            "accepted links_edubasealldata20260821.csv",
            "skipped links_edubasealldata20260822.csv",
        ]


class TestAsked:
    def test_by_hand_only(self, fetcher: Fetcher) -> None:
        lait = source("lait")
        assert fetcher(lait).is_in_vain is False
        assert fetcher.lines == []
        assert fetcher(lait, named=True).is_in_vain
        assert fetcher.lines == ["warning it is not fetched by itself"]

    @pytest.mark.parametrize(("names", "since"), [(["nonsense"], None), ([], "2022"), ([], "2022/24")])
    def test_nonsense_is_refused_before_anything_is_asked(
        self, home: Home, names: list[str], since: str | None
    ) -> None:
        with pytest.raises(RaygError):
            fetch(home, names, since)
        assert not home.root.exists()

    def test_not_into_a_sample_home(self, home: Home) -> None:
        sidecar = home.raw / "ks2" / "2024-25" / "a.csv.provenance.json"
        sidecar.parent.mkdir(parents=True)
        sidecar.write_text(json.dumps({"is_sample": True}), encoding="utf-8")
        with pytest.raises(RaygError, match="may not join"):
            fetch(home)

    def test_one_fetch_at_a_time(self, home: Home) -> None:
        home.fetching.mkdir(parents=True)
        with (
            fetching.FileLock(home.fetching / "lock"),
            pytest.raises(RaygError, match="Another fetch is under way"),
        ):
            fetch(home, client=Client(home.fetching))


class TestCommand:
    def test_prints_and_exits(
        self,
        fetcher: Fetcher,
        publisher: Publisher,
        home: Home,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        asks = (GiasFetch(stem="links_edubasealldata"),)
        catalogue = fetcher.catalogue(source("gias_links", *asks), source("census", *CENSUS_SOURCE.fetch))
        monkeypatch.setattr(fetching, "load_catalogue", lambda: catalogue)
        monkeypatch.setattr(fetching, "Client", lambda folder: fetcher.client)
        named = f"links_edubasealldata{date.today():%Y%m%d}.csv"
        publisher.serve_file(f"/downloads/{named}", LINKS)
        publisher.serve("/site/download-data", Answer(status=403))
        assert run(monkeypatch, "--home", str(home.root), "fetch", "--since", "2024/25") == 0
        printed = capsys.readouterr().out
        assert f"accepted     {named}  (gias_links" in printed
        (line,) = {line for line in printed.splitlines() if line.startswith("warning") and "2024/25" in line}
        assert "census: performance tables 2024/25 (CENSUS): 127.0.0.1 turned the request away (403)" in line
        assert line.endswith(str(Path("raw") / "inbox"))
        assert run(monkeypatch, "--home", str(home.root), "fetch", "census", "--since", "2024/25") == 1
        assert run(monkeypatch, "--home", str(home.root), "fetch", "--since", "this year") == 1
        assert cli.app is not None
