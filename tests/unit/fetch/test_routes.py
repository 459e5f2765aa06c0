"""Each route's connector, against its publisher's index as documented."""

import re
from datetime import date

import pytest

from pipelines.fetching.routes import CONNECTORS
from pipelines.home import Home, project_root
from pipelines.landing.intake import Outcome
from pipelines.provenance import held_files
from pipelines.sources.catalogue import load_catalogue
from pipelines.sources.delivery import (
    EesFetch,
    GiasFetch,
    GovUkFetch,
    PerformanceTablesFetch,
    Route,
    WorkbookFetch,
)
from tests.unit.fetch.conftest import Answer, Fetcher, Publisher, Request, packed, source
from tests.unit.landing.conftest import Made

MEDIA = "/media/65a/"


def census(urn: str = "100001") -> bytes:
    return Made.csv(["URN", "LA", "ESTAB", "NOR", "NUMFSMEVER"], [[urn, "919", "2001", "200", "20"]])


class TestPerformanceTables:
    path = "/site/download-data"

    def serve(self, publisher: Publisher, form: str | None, **files: bytes) -> None:
        """The form and the download behind one path, as they are; one token gives a CSV, several a zip."""

        def answer(request: Request) -> Answer:
            if "currentstep" in request.query:
                return Answer(form.encode()) if form is not None else Answer(status=403)
            assert request.query["download"] == "true" and request.query["regions"] == "0"
            tokens, year = request.query["filters"].split(","), request.query["year"]
            if len(tokens) == 1:
                name = f"{year}/{'england_census.csv' if tokens[0] == 'CENSUS' else 'england_abs.csv'}"
                headers = {"Content-Disposition": f'attachment; filename="{name}"'}
                return Answer(files[tokens[0]], headers=headers)
            members = {"CENSUS": "england_census.csv", "PUPILABSENCE": "england_abs.csv"}
            return Answer(Made.zip({f"{year}/{members[token]}": files[token] for token in tokens}))

        publisher.serve(self.path, answer)

    sources = (
        source("census", PerformanceTablesFetch(filter="CENSUS", first_year="2022/23")),
        source("absence", PerformanceTablesFetch(filter="PUPILABSENCE", first_year="2022/23")),
    )

    def years_asked(self, publisher: Publisher) -> list[tuple[str, str]]:
        asked = [request.query for request in publisher.asked(self.path) if "filters" in request.query]
        return [(query["year"], query["filters"]) for query in asked]

    def test_one_request_a_year_for_what_is_due(self, fetcher: Fetcher, publisher: Publisher, made: Made) -> None:
        self.serve(publisher, None, CENSUS=census(), PUPILABSENCE=made.absence())
        fetcher(*self.sources, since="2024/25", today=date(2026, 11, 24))
        # On that day the absence of 2024/25 is out (May 2026) and that of 2025/26 is not; the census of 2025/26 is.
        assert self.years_asked(publisher) == [("2024-2025", "CENSUS,PUPILABSENCE"), ("2025-2026", "CENSUS")]
        # The same bytes cannot be of two years.
        assert fetcher.lines == [
            "accepted england_census.csv",
            "accepted england_abs.csv",
            "rejected england_census.csv",
        ]

    def test_a_bare_csv_is_named_by_its_publisher(self, fetcher: Fetcher, publisher: Publisher, home: Home) -> None:
        self.serve(publisher, None, CENSUS=census())
        fetcher(self.sources[0], since="2024/25", today=date(2026, 5, 1))
        (held,) = held_files(home)
        assert (held.provenance.academic_year, held.provenance.file_name) == ("2024/25", "england_census.csv")

    def test_only_tokens_that_the_form_shows(self, fetcher: Fetcher, publisher: Publisher) -> None:
        form = '<input type="checkbox" value="census" name="datatypes"><input name="other" value="pupilabsence">'
        self.serve(publisher, form, CENSUS=census())
        fetcher(*self.sources, since="2024/25", today=date(2026, 5, 31))
        assert self.years_asked(publisher) == [("2024-2025", "CENSUS")]

    def test_what_is_settled_is_asked_for_only_by_name(
        self, fetcher: Fetcher, publisher: Publisher, made: Made
    ) -> None:
        self.serve(publisher, None, CENSUS=census(), PUPILABSENCE=made.absence())
        today = date(2026, 5, 31)
        for named, asked in ((False, 1), (False, 1), (True, 2)):
            fetcher(self.sources[0], since="2024/25", today=today, named=named)
            assert len(self.years_asked(publisher)) == asked

    def test_a_provisional_token_ends_with_the_provisional_release(
        self, fetcher: Fetcher, publisher: Publisher, made: Made
    ) -> None:
        ks2 = source(
            "ks2",
            PerformanceTablesFetch(filter="KS2", first_year="2024/25"),
            PerformanceTablesFetch(filter="KS2PROV", release="provisional", first_year="2024/25"),
        )
        name = "2024-2025/england_ks2revised.csv"
        publisher.serve(self.path, Answer(made.zip({name: made.ks2()})))
        fetcher(ks2, today=date(2026, 3, 1))
        fetcher(ks2, today=date(2026, 3, 1))
        assert self.years_asked(publisher) == [("2024-2025", "KS2,KS2PROV"), ("2024-2025", "KS2")]

    def test_the_other_host_is_tried(self, fetcher: Fetcher, publisher: Publisher) -> None:
        """Both stand on one host here: once it has turned a request away, it is not asked again."""
        publisher.serve(self.path, Answer(status=403))
        self.serve_mirror(publisher)
        fetcher(self.sources[0], since="2024/25", today=date(2026, 5, 31))
        assert publisher.asked("/mirror/download-data") == []
        publisher.serve(self.path, Answer(status=404))
        fetcher(self.sources[0], since="2024/25", today=date(2026, 5, 31))
        assert fetcher.lines == ["accepted england_census.csv"]

    def serve_mirror(self, publisher: Publisher) -> None:
        name = 'attachment; filename="2024-2025/england_census.csv"'
        publisher.serve("/mirror/download-data", Answer(census(), headers={"Content-Disposition": name}))


PHONICS = source("phonics", EesFetch(data_set="d1"))


def long_file(period: str = "202425", *required: str) -> bytes:
    header = list(required or PHONICS.required)
    row = ["School" if name == "geographic_level" else period if name == "time_period" else "1" for name in header]
    return Made.csv(header, [row])


class TestExploreEducationStatistics:
    def serve_versions(self, publisher: Publisher, numbers: list[str], status: str = "Published") -> None:
        versions = [
            {
                "version": number,
                "status": status,
                "published": f"2026-{at + 1:02d}-19T09:30:00+00:00",
                "file": {"id": f"f{number}"},
                "release": {"title": "Academic year 2024/25", "slug": "2024-25"},
            }
            for at, number in enumerate(numbers)
        ]
        publisher.serve_json("/api/data-sets/d1", {"id": "d1", "title": "Phonics by LA", "status": "Published"})
        publisher.serve_pages("/api/data-sets/d1/versions", list(reversed(versions)))

        def meta(request: Request) -> Answer:
            periods = ["2023/2024"] if request.query["dataSetVersion"] == "1.0" else ["2023/2024", "2024/2025"]
            shown = ", ".join(f'{{"code": "AY", "period": "{period}"}}' for period in periods)
            return Answer(f'{{"timePeriods": [{shown}]}}'.encode())

        publisher.serve("/api/data-sets/d1/meta", meta)

    def test_every_version_with_its_day(self, fetcher: Fetcher, publisher: Publisher, home: Home) -> None:
        self.serve_versions(publisher, ["1.0", "2.0"])
        publisher.serve_file("/catalogue/data-set/f1.0/csv", long_file("202324"))
        publisher.serve_file("/catalogue/data-set/f2.0/csv", packed(long_file()))
        fetcher(PHONICS)
        assert fetcher.lines == ["accepted phonics_by_la_v1.0.csv", "accepted phonics_by_la_v2.0.csv"]
        kept = {held.provenance.academic_year: held.provenance for held in held_files(home)}
        assert kept["2023/24"].published_on == date(2026, 1, 19)
        assert kept["2024/25"].published_on == date(2026, 2, 19)
        assert not kept["2024/25"].published_on_is_assumed
        before = len(publisher.asked("/catalogue/data-set/f1.0/csv"))
        assert fetcher(PHONICS).held == 2
        assert len(publisher.asked("/catalogue/data-set/f1.0/csv")) == before

    def test_paging(self, fetcher: Fetcher, publisher: Publisher) -> None:
        numbers = [f"{n}.0" for n in range(2, 45)]
        self.serve_versions(publisher, numbers[:11])
        publisher.serve_pages("/api/publications", [{"id": f"p{n}", "slug": f"slug-{n}"} for n in range(45)])
        publisher.serve_pages(
            "/api/publications/p44/data-sets",
            [{"id": f"other{n}", "title": f"Other {n}", "status": "Published"} for n in range(20)]
            + [{"id": "d1", "title": "Phonics by LA", "status": "Published"}],
        )
        for number in numbers[:11]:
            body = long_file() + f"{number}\r\n".encode()
            publisher.serve_file(f"/catalogue/data-set/f{number}/csv", body)
        found = source("phonics", EesFetch(publication="slug-44", title="^phonics by la$"))
        fetcher(found)
        assert len(fetcher.lines) == 11
        assert [request.query["page"] for request in publisher.asked("/api/publications")] == ["1", "2", "3"]
        assert len(publisher.asked("/api/publications/p44/data-sets")) == 2

    def test_since(self, fetcher: Fetcher, publisher: Publisher) -> None:
        self.serve_versions(publisher, ["1.0", "2.0"])
        publisher.serve_file("/catalogue/data-set/f2.0/csv", long_file())
        fetcher(PHONICS, since="2024/25")
        assert fetcher.lines == ["accepted phonics_by_la_v2.0.csv"]

    def test_the_api_has_what_the_catalogue_lacks(self, fetcher: Fetcher, publisher: Publisher) -> None:
        self.serve_versions(publisher, ["2.0"])
        publisher.serve("/api/data-sets/d1/csv", Answer(packed(long_file())))
        fetcher(PHONICS)
        assert fetcher.lines == ["accepted phonics_by_la_v2.0.csv"]
        assert publisher.asked("/api/data-sets/d1/csv")[0].query == {"dataSetVersion": "2.0"}

    def test_withdrawn_versions_are_left(self, fetcher: Fetcher, publisher: Publisher) -> None:
        self.serve_versions(publisher, ["2.0"], status="Withdrawn")
        fetcher(PHONICS)
        assert fetcher.lines == []

    def test_a_busy_index_is_waited_for(self, fetcher: Fetcher, publisher: Publisher, slept: list[float]) -> None:
        self.serve_versions(publisher, ["2.0"])
        publisher.serve_file("/catalogue/data-set/f2.0/csv", long_file())
        answer = Answer(b'{"id": "d1", "title": "Phonics by LA", "status": "Published"}')
        publisher.serve("/api/data-sets/d1", Answer(status=429, headers={"Retry-After": "3"}), answer)
        fetcher(PHONICS)
        assert slept == [3.0] and fetcher.lines == ["accepted phonics_by_la_v2.0.csv"]

    def test_files_of_the_catalogue_by_name(self, fetcher: Fetcher, publisher: Publisher, home: Home) -> None:
        publisher.serve_pages("/content/publications", [{"id": "p1", "slug": "phonics"}])
        line = {"title": "Phonics", "publication": {"id": "p1"}}
        files = [
            line
            | {"id": "a", "filename": "phonics_la.csv", "published": "2025-10-09T08:30:00Z"}
            | {"release": {"id": "r", "title": "Academic year 2024/25"}}
            | {"meta": {"timePeriodRange": {"from": "2011/12", "to": "2024/25"}}},
            line
            | {"id": "b", "filename": "phonics_la.csv", "published": "2022-10-06T08:30:00Z"}
            | {"release": {"id": "r", "title": "Academic year 2021/22"}}
            | {"meta": {"timePeriodRange": {"from": "2011/12", "to": "2021/22"}}},
            line
            | {"id": "c", "filename": "phonics_other.csv", "published": "2025-10-09T08:30:00Z"}
            | {"release": {"id": "r", "title": "Academic year 2024/25"}},
        ]
        publisher.serve_pages("/content/data-set-files", files)
        publisher.serve_file("/content/data-set-files/a/download", long_file())
        fetcher(source("phonics", EesFetch(publication="phonics", files=r"phonics_la\.csv")), since="2022/23")
        assert fetcher.lines == ["accepted phonics_la.csv"]
        (held,) = held_files(home)
        assert held.provenance.published_on == date(2025, 10, 9)
        assert publisher.asked("/content/data-set-files")[0].query["publicationId"] == "p1"

    @pytest.mark.parametrize(
        ("ask", "told"),
        [
            (EesFetch(data_set="gone"), "404"),
            (EesFetch(publication="gone", title="x"), "lists no publication gone"),
            (EesFetch(publication="gone", files="x"), "lists no publication gone"),
            (EesFetch(publication="there", title="nothing"), "no data set of there is titled like that"),
            (EesFetch(publication="there", files="nothing"), "no file of there is named like that"),
            (EesFetch(file="strange"), "does not know"),
            (EesFetch(data_set="withdrawn"), "Old has been withdrawn"),
        ],
    )
    def test_trouble_is_one_line(self, fetcher: Fetcher, publisher: Publisher, ask: EesFetch, told: str) -> None:
        for index in ("/api/publications", "/content/publications"):
            publisher.serve_pages(index, [{"id": "p1", "slug": "there"}])
        publisher.serve_pages("/api/publications/p1/data-sets", [{"id": "d", "title": "Other", "status": "Published"}])
        publisher.serve_pages("/content/data-set-files", [])
        publisher.serve_json("/content/data-set-files/strange", {"unheard": "of"})
        publisher.serve_json("/api/data-sets/withdrawn", {"id": "w", "title": "Old", "status": "Withdrawn"})
        fetcher(source("phonics", ask))
        (line,) = fetcher.lines
        assert told in line

    def test_a_source_names_exactly_one_way_to_find_it(self) -> None:
        for wrong in ({}, {"data_set": "a", "file": "b"}, {"publication": "a"}, {"data_set": "a", "title": "b"}):
            with pytest.raises(ValueError, match="one of"):
                EesFetch.model_validate(wrong)


class TestGovUk:
    ask = GovUkFetch(page="statistical-data-sets/ofsted", title="latest inspections", suffix=".csv")
    title = "Management information - state-funded schools - latest inspections as at 31 {} 2025"

    def serve(self, publisher: Publisher, attachments: list[tuple[str, str]], notes: dict[str, str]) -> None:
        listed = [{"title": title, "url": publisher.base + MEDIA + name} for title, name in attachments]
        history = [{"public_timestamp": when, "note": note} for when, note in notes.items()]
        page = {"details": {"attachments": listed, "change_history": history}}
        publisher.serve_json("/content/statistical-data-sets/ofsted", page)

    def test_by_title_and_suffix(self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made) -> None:
        self.serve(
            publisher,
            [
                (self.title.format("August"), "x.csv"),
                (self.title.format("August"), "x.ods"),
                ("State-funded schools - inspections in year", "y.csv"),
            ],
            {"2025-09-15T09:30:00Z": "Added data as at 31 Aug 2025.", "2025-10-15T09:30:00Z": "As at 30 Sep 2025."},
        )
        publisher.serve_file(f"{MEDIA}x.csv", made.ofsted())
        fetcher(source("ofsted_schools", self.ask))
        (held,) = held_files(home)
        assert held.provenance.file_name == f"{self.title.format('August')}.csv"
        assert (held.provenance.academic_year, held.provenance.published_on) == ("2024/25", date(2025, 9, 15))

    def test_since_compares_the_day_in_the_title(self, fetcher: Fetcher, publisher: Publisher) -> None:
        self.serve(publisher, [(self.title.format("August"), "x.csv")], {})
        assert fetcher(source("ofsted_schools", self.ask), since="2025/26").failed == 0
        assert fetcher.lines == [] and publisher.asked(f"{MEDIA}x.csv") == []

    def test_an_address_elsewhere_is_not_followed(self, fetcher: Fetcher, publisher: Publisher) -> None:
        attachment = {"title": self.title.format("August"), "url": "https://elsewhere.example/x.csv"}
        publisher.serve_json("/content/statistical-data-sets/ofsted", {"details": {"attachments": [attachment]}})
        fetcher(source("ofsted_schools", self.ask))
        assert "not a known host" in fetcher.lines[0]

    def test_titles_that_changed_are_said(self, fetcher: Fetcher, publisher: Publisher) -> None:
        self.serve(publisher, [("Something new", "x.csv")], {})
        fetcher(source("ofsted_schools", self.ask))
        assert fetcher.lines == ["warning no attachment of statistical-data-sets/ofsted is titled like that any more"]
        publisher.serve_json("/content/statistical-data-sets/other", {"no": "details"})
        fetcher(source("ofsted_schools", self.ask.model_copy(update={"page": "statistical-data-sets/other"})))
        assert "a way this version does not know" in fetcher.lines[0]

    def test_pages_that_a_collection_lists(
        self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made
    ) -> None:
        premium = source(
            "pupil_premium",
            GovUkFetch(page="collections/premium", members=r"premium-\d{4}-to-\d{4}", title="school", suffix=".csv"),
        )
        pages = [{"base_path": f"/{path}"} for path in ("premium-2022-to-2023", "premium-2023-to-2024", "other")]
        publisher.serve_json("/content/collections/premium", {"links": {"documents": pages}})
        url = f"{publisher.base}{MEDIA}PP.csv"
        attachments = [{"title": "School level allocations", "url": url}, {"title": "LA level", "url": url}]
        publisher.serve_json("/content/premium-2023-to-2024", {"details": {"attachments": attachments}})
        row = ["100001" if name == "URN" else "919" for name in premium.required]
        publisher.serve_file(f"{MEDIA}PP.csv", made.csv(list(premium.required), [row]))
        fetcher(premium, since="2023/24")
        assert fetcher.lines == ["accepted School level allocations.csv"]
        (held,) = held_files(home)
        assert (held.provenance.source, held.provenance.academic_year) == ("pupil_premium", "2023/24")
        assert publisher.asked("/content/premium-2022-to-2023") == []
        publisher.serve_json("/content/collections/premium-2", {"links": {"documents": []}})
        ask = GovUkFetch(page="collections/premium-2", members="x", title="school", suffix=".csv")
        fetcher(source("pupil_premium", ask))
        assert fetcher.lines == ["warning collections/premium-2 lists no such page any more"]


class TestGias:
    links = source("gias_links", GiasFetch(stem="links_edubasealldata"))
    body = b"URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\r\n100001,100002,Old,Predecessor,01-09-2020\r\n"

    def test_tries_back_to_the_newest_there_is(self, fetcher: Fetcher, publisher: Publisher) -> None:
        publisher.serve_file("/downloads/links_edubasealldata20261121.csv", self.body)
        publisher.serve_file(
            "/downloads/links_edubasealldata20261120.csv", self.body + b"100003,100004,O,Successor,\r\n"
        )
        fetcher(self.links)
        assert fetcher.lines == ["accepted links_edubasealldata20261121.csv"]
        assert len(publisher.requests) == 4
        tally = fetcher(self.links)
        assert (tally.held, tally.failed) == (1, 0)
        assert fetcher.lines == ["already_held links_edubasealldata20261121.csv"]
        assert len(publisher.requests) == 7

    def test_after_14_days_it_gives_up(self, fetcher: Fetcher, publisher: Publisher) -> None:
        publisher.serve_file("/downloads/links_edubasealldata20261109.csv", self.body)
        assert fetcher(self.links).is_in_vain
        assert len(publisher.requests) == 15

    def test_a_host_that_turns_away_is_asked_once(self, fetcher: Fetcher, publisher: Publisher) -> None:
        publisher.serve("/downloads/links_edubasealldata20261124.csv", Answer(status=403))
        assert fetcher(self.links).is_in_vain
        assert len(publisher.requests) == 1 and "403" in fetcher.lines[0]


class TestFinancialBenchmarking:
    finance = source("academy_finance", WorkbookFetch(workbook=r"AAR_(?P<year>\d{4}-\d{2})_download\.xlsx"))

    def test_workbooks_that_the_page_links_to(
        self, fetcher: Fetcher, publisher: Publisher, home: Home, made: Made
    ) -> None:
        page = (
            "<a href=\"/files/AAR_2022-23_download.xlsx\">2022/23</a> <a href='/files/AAR_2023-24_download.xlsx'>"
            '<a href="/files/CFR_2023-24_Full_Data_Workbook.xlsx">'
        )
        publisher.serve("/site/data-sources", Answer(page.encode()))
        required = list(self.finance.required)
        rows = [required, ["100001" if name.upper() == "URN" else "9192001" for name in required]]
        publisher.serve_file("/files/AAR_2023-24_download.xlsx", made.workbook(rows, sheet="Academies"))
        fetcher(self.finance, since="2023/24")
        (kept,) = fetcher.told
        assert isinstance(kept, Outcome) and kept.status == "accepted", kept
        assert [held.provenance.academic_year for held in held_files(home)] == ["2023/24"]
        assert len(publisher.requests) == 2

    def test_trouble_is_one_line(self, fetcher: Fetcher, publisher: Publisher) -> None:
        fetcher(self.finance)
        assert "404" in fetcher.lines[0]
        publisher.serve("/site/data-sources", Answer(b"<p>Moved"))
        fetcher.client._indexes.clear()
        fetcher(self.finance)
        assert "links to no such workbook" in fetcher.lines[0]


class TestCatalogue:
    def test_every_source_has_a_route_that_is_described(self) -> None:
        catalogue = load_catalogue()
        assert {item.route for item in catalogue.sources} <= set(catalogue.routes)
        assert set(CONNECTORS) <= set(catalogue.routes)

    def test_what_is_fetched_by_hand_is_written_down(self) -> None:
        by_hand = {item.id for item in load_catalogue().sources if item.route != "local" and not item.fetch}
        text = (project_root() / "docs" / "fetching.md").read_text(encoding="utf-8").partition("## By hand")[2]
        assert by_hand == set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))

    def test_every_host_is_asked_over_tls(self) -> None:
        bases = [base for route in load_catalogue().routes.values() for base in route.bases.values()]
        assert len(bases) >= 8 and all(base.startswith("https://") and not base.endswith("/") for base in bases)

    def test_hosts_are_those_of_the_bases_and_redirects(self) -> None:
        route = Route(bases={"site": "https://a.example/x"}, redirect_hosts=("b.example",))
        assert route.hosts == {"a.example", "b.example"}

    def test_keys_of_another_route_are_refused(self) -> None:
        entry = load_catalogue().source("ks2")
        assert entry
        fields = entry.model_dump() | {"fetch": [{"stem": "edubasealldata"}]}
        with pytest.raises(ValueError, match="its route is performance_tables"):
            type(entry).model_validate(fields)
