"""Verdicts by Great Expectations: what fails names its cell, what an old layout lacks is no fault, nothing leaks."""

import csv

import pyarrow.parquet as pq
import pytest

from pipelines.checks import judge as judging
from pipelines.checks.asset_checks import missing_roles
from pipelines.checks.judge import Verdict, judge, visible_files
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.sources.catalogue import load_catalogue

HEADER = ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TELIG", "PTRWM_EXP"]
SCHOOL = ["1", "919", "2001", "100001", "First", "30", "60%"]
TOTAL = ["3", "919", "", " ", "", "55", "61%"]
FILES = {  # academic year: one changed cell of the school's row, and where it stands
    "2016/17": {},
    "2017/18": {"PTRWM_EXP": "6o%"},
    "2018/19": {"URN": "100001", "TELIG": "many pupils"},
    "2022/23": {"PTRWM_EXP": "SUPP"},
    "2023/24": {"PTRWM_EXP": "140%"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    for year, changed in FILES.items():
        folder = tmp_path_factory.mktemp("files")
        row = [changed.get(column, cell) for column, cell in zip(HEADER, SCHOOL, strict=True)]
        with (folder / "919_ks2final.csv").open("w", newline="") as file:
            csv.writer(file).writerows([HEADER, row, TOTAL])
        (outcome,) = add(home, [folder], academic_year=year)
        assert outcome.status == "accepted", outcome.reason
    land(home, la_code="919", as_at=None, review_year=None)
    judge(home, progress=lambda line: None)
    return home


def verdicts(home: Home) -> dict[str, Verdict]:
    years = {file["file_id"]: file["academic_year"] for file in visible_files(home)}
    rows = pq.read_table(home.landing / "verdicts.parquet").to_pylist()
    return {years[row["file_id"]]: Verdict(**row) for row in rows}


def test_numbers_and_codes_pass(home: Home) -> None:
    assert verdicts(home)["2016/17"].verdict == "passed"
    assert verdicts(home)["2022/23"].verdict == "passed"


@pytest.mark.parametrize(
    ("year", "told"),
    [
        ("2017/18", 'expect_column_values_to_match_regex on PTRWM_EXP: line 2 holds "6o%" (1 such cells).'),
        ("2018/19", 'expect_column_values_to_match_regex on TELIG: line 2 holds "many pupils" (1 such cells).'),
        ("2023/24", 'expect_column_values_to_match_regex on PTRWM_EXP: line 2 holds "140%" (1 such cells).'),
    ],
)
def test_a_failure_names_expectation_column_and_first_cell(home: Home, year: str, told: str) -> None:
    verdict = verdicts(home)[year]
    assert verdict.verdict == "failed"
    assert verdict.reason.startswith(told)
    assert "\n" not in verdict.reason


def test_no_page_shows_a_cell_or_a_path(home: Home) -> None:
    pages = [path.read_text() for path in judging.docs_folder(home).glob("*.html")]
    assert len(pages) == len(FILES)
    for page in pages:
        assert "many pupils" not in page and "6o%" not in page and "140%" not in page
        assert "Traceback" not in page and "site-packages" not in page
    assert all("To resolve:" in page for page in pages)


def test_a_file_is_judged_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = verdicts(home)
    monkeypatch.setattr(judging, "_run_suites", lambda *_: pytest.fail("judged again"))
    land(home, la_code="919", as_at=None, review_year=None)  # landing writes the verdicts' table anew
    judge(home, progress=lambda line: None)
    assert verdicts(home) == before


def test_another_suite_is_another_judgement(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[object] = []
    suite = judging.read_suites()["ks2"]
    monkeypatch.setattr(judging, "read_suites", lambda: {"ks2": judging.Suite("ks2", [], suite.digest + "x")})
    monkeypatch.setattr(
        judging,
        "_run_suites",
        lambda _, waiting, __: {
            file["file_id"]: waited.append(file) or Verdict(file["file_id"], "passed", "") for file, _ in waiting
        },
    )
    monkeypatch.setattr(judging, "_write_judged", lambda *_: None)
    judge(home, progress=lambda line: None)
    assert len(waited) == len(FILES)


SOURCES = load_catalogue().sources


def held(**files: str) -> list[dict[str, str]]:
    return [{"file_id": name, "file_name": f"{name}.csv", "source": source} for name, source in files.items()]


@pytest.mark.parametrize(
    ("files", "failed", "told"),
    [
        (held(a="ks2", b="ofsted_schools"), [], ""),
        (held(a="ks2", b="school_information"), [], ""),
        (held(a="ks2", b="ks2", c="school_information"), ["a"], ""),
        (held(a="ks2", b="school_information", c="census"), ["c"], ""),
        (held(a="ks2", b="school_information", c="gias_links"), ["c"], ""),
        (held(a="ks2", b="school_information"), ["a"], "No usable results file is left: a.csv"),
        (held(a="ks2", b="school_information"), ["b"], "No usable register file is left: b.csv"),
        (held(a="ks2", b="school_information", c="ofsted_schools"), ["c"], "No usable inspections file is left"),
        (held(b="school_information"), [], "No results file is held"),
        (held(a="ks2", b="gias_links"), [], "Neither school information nor an inspection file is held"),
    ],
)
def test_only_what_a_build_cannot_do_without_stops_it(
    files: list[dict[str, str]], failed: list[str], told: str
) -> None:
    verdicts = [Verdict(f["file_id"], "failed" if f["file_id"] in failed else "passed", "x") for f in files]
    line = missing_roles(SOURCES, files, verdicts)
    assert line.startswith(told) if told else line == ""


@pytest.mark.parametrize("note", ["", "{", "7", "null", "{}", "[7]", "[{}]", '[{"file_id": "x"}]'])
def test_an_odd_note_of_what_was_judged_judges_again(home: Home, note: str) -> None:
    judge(home, progress=lambda line: None)  # as the suites are now: another test may have judged by others
    before = verdicts(home)
    kept = (home.landing / "judged.json").read_text()
    (home.landing / "judged.json").write_text(note)
    judge(home, progress=lambda line: None)
    assert verdicts(home) == before
    assert (home.landing / "judged.json").read_text() == kept


def test_an_empty_page_is_written_again(home: Home) -> None:
    page = next(iter(sorted(judging.docs_folder(home).iterdir())))
    kept = page.read_text()
    page.write_text("")
    judge(home, progress=lambda line: None)
    assert page.read_text() != "" and len(page.read_text()) == len(kept)
