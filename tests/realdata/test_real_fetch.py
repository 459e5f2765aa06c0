"""Real files, fetched by the catalogue's own keys from a publisher on 127.0.0.1 that lists them as documented.

What the catalogue asks for, and what it makes of the names, is tested here; how the asking is done, in unit/fetch.
"""

import gzip
from datetime import date
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.provenance import held_files
from pipelines.sources.catalogue import Source, load_catalogue
from tests.realdata.conftest import REALDATA
from tests.unit.conftest import home
from tests.unit.fetch.conftest import Answer, Fetcher, Publisher, client, fetcher, publisher, slept
from tests.unit.landing.conftest import Made

__all__ = ["client", "fetcher", "home", "publisher", "slept"]

pytestmark = pytest.mark.skipif(not REALDATA.is_dir(), reason="no real files here")


def real(path: str) -> bytes:
    file = REALDATA / path
    if not file.is_file():
        pytest.skip(f"{path} is not here")
    return file.read_bytes()


def named(source_id: str) -> Source:
    source = load_catalogue().source(source_id)
    assert source
    return source


@pytest.fixture
def fetch(fetcher: Fetcher) -> Fetcher:
    fetcher.megabytes_max = 500
    return fetcher


def kept(home: Home) -> tuple[bytes, str, str, date, bool]:
    (held,) = held_files(home)
    about = held.provenance
    return held.path.read_bytes(), about.source, about.academic_year, about.published_on, about.published_on_is_assumed


def test_ofsted_by_its_title(fetch: Fetcher, publisher: Publisher, home: Home) -> None:
    name = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv"
    content = real(f"ofsted/2024-2025/{name}")
    title = "Management information - state-funded schools - latest inspections as at 31 August 2025"
    page = {
        "attachments": [{"title": title, "url": f"{publisher.base}/media/68e/{name}", "content_type": "text/csv"}],
        "change_history": [{"public_timestamp": "2025-09-16T08:30:00Z", "note": "Added data as at 31 August 2025"}],
    }
    ids = ("ofsted_schools", "ofsted_schools_2019", "ofsted_report_cards")
    path = "monthly-management-information-ofsteds-school-inspections-outcomes"
    publisher.serve_json(f"/content/government/statistical-data-sets/{path}", {"details": page})
    publisher.serve_file(f"/media/68e/{name}", content)
    fetch(*(named(source_id) for source_id in ids))
    assert fetch.lines == [f"accepted {name}"]
    assert kept(home) == (content, "ofsted_schools", "2024/25", date(2025, 9, 16), False)


@pytest.mark.parametrize(
    ("source_id", "name"),
    [("gias_links", "links_edubasealldata20260821.csv"), ("gias_groups", "allgroupsdata20260821.csv")],
)
def test_gias_by_its_day(fetch: Fetcher, publisher: Publisher, home: Home, source_id: str, name: str) -> None:
    content = real(f"gias/{name}")
    publisher.serve_file(f"/downloads/{name}", content)
    fetch(named(source_id), today=date(2026, 8, 25))
    assert kept(home) == (content, source_id, "2025/26", date(2026, 8, 21), False)


def test_a_catalogue_file_packed(fetch: Fetcher, publisher: Publisher, home: Home) -> None:
    name = "202324_information_about_schools_final.csv"
    content = real(f"explore-education-statistics/2023-2024/{name}")
    listed = {
        "id": "f1",
        "title": "Information about schools",
        "filename": name,
        "published": "2025-04-03T08:30:00",
        "release": {"id": "r1", "title": "Academic year 2023/24", "slug": "2023-24"},
        "meta": {"timePeriodRange": {"from": "2023/24", "to": "2023/24"}},
    }
    publisher.serve_pages("/content/publications", [{"id": "p1", "slug": "key-stage-4-performance"}])
    publisher.serve_pages("/content/data-set-files", [listed])
    publisher.serve("/catalogue/data-set/f1/csv", Answer(gzip.compress(content)))
    fetch(named("ks4_ees_information"))
    assert kept(home) == (content, "ks4_ees_information", "2023/24", date(2025, 4, 3), False)


def test_pupil_premium_through_its_collection(fetch: Fetcher, publisher: Publisher, home: Home) -> None:
    content = real("pupil-premium/2019-2020/pupil-premium-2019-2020.csv")
    path = "government/publications/pupil-premium-allocations-and-conditions-of-grant-2019-to-2020"
    collection = "government/collections/pupil-premium-conditions-of-grant-and-funding-allocations"
    publisher.serve_json(f"/content/{collection}", {"links": {"documents": [{"base_path": f"/{path}"}]}})
    attachment = {"title": "Pupil premium 2019 to 2020: school level", "url": f"{publisher.base}/media/1/PP_school.csv"}
    publisher.serve_json(f"/content/{path}", {"details": {"attachments": [attachment]}})
    publisher.serve_file("/media/1/PP_school.csv", content)
    fetch(named("pupil_premium"))
    assert kept(home)[:3] == (content, "pupil_premium", "2019/20")


def test_a_year_of_performance_tables(fetch: Fetcher, publisher: Publisher, home: Home) -> None:
    names = ("919_ks2final.csv", "919_ks4final.csv", "919_ks5final.csv", "919_census.csv", "919_ks4-pupdest.csv")
    members = {f"2024-2025/{name}": real(f"performance-tables/2024-2025/{name}") for name in names}
    publisher.serve("/mirror/download-data", Answer(Made.zip(members)))
    sources = [named(source_id) for source_id in ("ks2", "ks4", "ks5", "census", "ks4_destinations")]
    for expected in (5, 0):  # then all are held in their last release, and nothing is asked for
        assert fetch(*sources, since="2024/25", today=date(2026, 5, 31)).new == expected
    (asked,) = publisher.asked("/mirror/download-data")
    assert asked.query["filters"] == "CENSUS,KS2,KS4,KS4DESTINATION,KS4PROV,KS5,PUPDESTPROV"
    held = {file.provenance.file_name: file.path.read_bytes() for file in held_files(home)}
    assert held == {Path(name).name: content for name, content in members.items()}
