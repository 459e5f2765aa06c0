"""A slip in a date never moves the review or the day of reference: it is refused at the door, or set aside alone."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.errors import RaygError
from pipelines.landing.intake import add
from pipelines.landing.land import day_of_reference, default_review, land
from pipelines.landing.recognise import Claims, Name, recognise
from pipelines.provenance import held_files
from pipelines.sources.catalogue import load_catalogue

MTC = load_catalogue().source("mtc")
AHEAD = (date.today() + timedelta(days=1)).isoformat()
OFSTED = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_{}.csv"


def mtc(periods: list[str], made) -> bytes:
    """A file of the tables check: one row for each period."""
    header = list(MTC.required)
    rows = []
    for number, period in enumerate(periods):
        row = dict.fromkeys(header, str(100001 + number)) | {"time_period": period}
        rows.append([row[name] for name in header])
    return made.csv(header, rows)


def offered(home, folder: Path, name: str, content: bytes, **options):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    [outcome] = add(home, [path], **options)
    return outcome


@pytest.mark.parametrize("day", ["2999-01-01", "2099-08-21", AHEAD])
def test_a_day_of_publication_ahead_is_refused_before_anything_is_kept(home, tmp_path, published, day):
    with pytest.raises(RaygError, match=f"--published {day} has not come: today is .*give the day it came out"):
        offered(home, tmp_path / "in", "919_ks2final.csv", published.ks2(), published_on=date.fromisoformat(day))
    assert not home.raw.exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (OFSTED.format(2099), "the day in its name, 2099-08-31, has not come"),
        ("edubasealldata20990821.csv", "the day in its name, 2099-08-21, has not come"),
        ("2098-2099_919_ks2final.csv", "its name says 2098/99, which has not begun"),
    ],
)
def test_a_name_ahead_is_refused(home, tmp_path, published, name, says):
    register = load_catalogue().source("gias_register")
    of_register = published.csv(list(register.required), [["100001" for _ in register.required]])
    content = {"e": of_register, "M": published.ofsted()}.get(name[0], published.ks2())
    outcome = offered(home, tmp_path / "in", name, content)
    assert (outcome.status, says in outcome.reason) == ("rejected", True), outcome.reason
    assert not list(home.raw.rglob("*.csv"))


@pytest.mark.parametrize("options", [{"academic_year": "2098/99"}, {"academic_year": "2199/00"}])
def test_a_year_ahead_is_refused_whoever_says_it(home, tmp_path, published, options):
    outcome = offered(home, tmp_path / "in", "919_ks2final.csv", published.ks2(), **options)
    assert outcome.status == "rejected" and "has not begun" in outcome.reason


@pytest.mark.parametrize("slip", ["209899", "2099", "203031"])
def test_one_slip_among_many_rows_is_set_aside_alone(home, tmp_path, published, slip):
    content = mtc(["202425"] * 150 + [slip] + ["202324"] * 150, published)
    outcome = offered(home, tmp_path / "in", "mtc_schools.csv", content, source="mtc")
    assert (outcome.status, outcome.academic_year) == ("accepted", "2024/25"), outcome.reason
    assert outcome.reason.startswith(f"1 of 301 lines will be left out: line 152, time_period holds '{slip}', later")
    report = land(home, la_code="919", as_at=None, review_year=None)
    assert (report.review_year, report.rows_n, report.rejected_rows_n) == (2025, 300, 1)
    [rejects] = [path for path in (home.landing / "rejects").glob("*.parquet") if path.stem != "_schema"]
    [reject] = pq.read_table(rejects).to_pylist()
    assert (reject["line"], reject["reason_code"]) == (152, "later_period")


def test_one_row_of_a_year_that_has_begun_is_no_new_year(home, tmp_path, published):
    """The slip need not lie ahead: one row of 2025/26 among hundreds of earlier years is no file of 2025/26."""
    content = mtc(["202425"] * 150 + ["202526"] + ["202324"] * 150, published)
    assert offered(home, tmp_path / "in", "mtc_schools.csv", content, source="mtc").academic_year == "2024/25"


def test_a_series_with_one_row_a_year_is_of_its_newest_year(home, tmp_path, published):
    content = mtc([f"20{year}{year + 1}" for year in range(10, 25)], published)
    assert offered(home, tmp_path / "in", "mtc_schools.csv", content, source="mtc").academic_year == "2024/25"


@pytest.mark.parametrize("periods", [["209899"], ["202425"] * 5 + ["209899"], ["202425"] * 97 + ["209899"] * 3])
def test_more_than_a_slip_is_refused_and_names_period_and_rows(home, tmp_path, published, periods):
    outcome = offered(home, tmp_path / "in", "mtc_schools.csv", mtc(periods, published), source="mtc")
    wrong = periods.count("209899")
    assert outcome.status == "rejected"
    assert f"holds '209899' in {wrong} of {len(periods)} rows, and 2098/99 has not begun" in outcome.reason


@pytest.mark.parametrize("name", ["local_registers", "local_targets", "local_intelligence", "local_attendance"])
def test_what_a_return_says_has_happened_cannot_lie_ahead(home, tmp_path, returned, name):
    days = {"local_registers": "entered_on", "local_targets": "agreed_on", "local_intelligence": "noted_on"}
    column = days.get(name, "up_to")
    content = returned.text(name, {}, {column: AHEAD, "urn": "100002", "kpi": "ks4_attainment8"})
    outcome = offered(home, tmp_path / "in", f"{name}.csv", content)
    assert outcome.status == "rejected"
    assert f"line 3, column {column} holds '{AHEAD}': that day has not come" in outcome.reason


def test_what_a_return_plans_may_lie_ahead_and_is_known_today(home, tmp_path, returned):
    planned = {"started_on": "2026-01-10", "ended_on": "2031-07-20"}
    assert offered(home, tmp_path / "in", "local_interventions.csv", returned.text("local_interventions", planned))
    [held] = held_files(home)
    assert held.provenance.published_on == date.today()


def test_a_target_may_be_of_a_year_ahead(home, tmp_path, returned):
    content = returned.text("local_targets", {"academic_year": "2029/30"})
    assert offered(home, tmp_path / "in", "local_targets.csv", content).status == "accepted"


def test_what_schools_will_be_paid_may_come_out_before_its_year(published):
    """Context files of the coming year are published before it; results are not."""
    premium = load_catalogue().source("pupil_premium")
    content = published.csv(list(premium.required), [["919" for _ in premium.required]])
    claims = Claims(academic_year="2026/27", sources=(premium,), today=date(2026, 7, 1))
    name = Name.read("pupil-premium.csv", [])
    try:
        recognised = recognise(name, content, claims, load_catalogue())
    except RaygError as error:
        assert "has not begun" not in str(error)
    else:
        assert recognised.academic_year == "2026/27"


class Dated:
    """A held file, as far as the parameters ask."""

    def __init__(self, source: str, year: int, published_on: str = "2026-01-01") -> None:
        self.source, self.academic_year = source, f"{year - 1}/{year % 100:02d}"
        self.published_on = date.fromisoformat(published_on)


@pytest.mark.parametrize(
    ("files", "review"),
    [
        ([], None),
        ([Dated("mtc", 2099)], 2099),  # the only source that is held
        ([Dated("ks2", 2025), Dated("mtc", 2099)], 2025),
        ([Dated("ks2", 2025), Dated("ks4", 2024), Dated("mtc", 2099), Dated("mtc", 2024)], 2025),
        ([Dated("ks2", 2025), Dated("ks4", 2025), Dated("phonics", 2023)], 2025),
        ([Dated("ks2", 2026), Dated("ks2", 2026), Dated("ks4", 2025)], 2025),  # the first results of a new year
    ],
)
def test_the_default_review_is_one_that_two_sources_have_reached(files, review):
    assert default_review(files, {"ks2", "ks4", "mtc", "phonics"}) == review


@pytest.mark.parametrize(
    ("days", "reference"),
    [
        ({"gias": "2026-08-21"}, "2026-08-21"),
        ({"gias": "2026-08-21", "ks2": "2026-04-30"}, "2026-08-21"),
        ({"gias": "2099-08-21", "ks2": "2026-04-30"}, "2026-04-30"),
        ({"gias": "2099-08-21", "ks2": "2026-04-30", "census": "2026-06-30"}, "2026-06-30"),
    ],
)
def test_no_file_alone_carries_the_day_of_reference_off(days, reference):
    held = [Dated(source, 2025, day) for source, day in days.items()]
    assert day_of_reference(held) == date.fromisoformat(reference)


@pytest.mark.parametrize("review", [2099, 1999, 10**11, -1, 0])
def test_a_review_that_nothing_held_speaks_of_is_refused(home, tmp_path, published, review):
    offered(home, tmp_path / "in", "919_ks2final.csv", published.ks2(), academic_year="2024/25")
    with pytest.raises(
        RaygError, match=f"--review {review} cannot be: the last review is [0-9]{{4}}, of the year that runs now"
    ):
        land(home, la_code="919", as_at=None, review_year=review)


@pytest.mark.parametrize("code", ["９１９", "٩١٩", "91", "9190"])
def test_an_la_is_three_plain_digits(home, code):
    with pytest.raises(RaygError, match="is not an LA"):
        land(home, la_code=code, as_at=None, review_year=None)
