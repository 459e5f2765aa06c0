"""Long files: known by their columns under any name, each header era its own source, their year in their rows.

Made from each source's required columns; the publishers' whole layouts are the sample county's.
"""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.landing.intake import Outcome, add
from pipelines.landing.land import land
from pipelines.sources import catalogue as catalogue_module
from pipelines.sources.catalogue import Source, load_catalogue

LONG = [source for source in load_catalogue().sources if source.route == "explore_education_statistics"]
OF_SCHOOLS = [source for source in LONG if source.urn_columns]
CELLS = {
    "time_period": "202425",
    "time_identifier": "Week 9",
    "Years": "2025",
    "geographic_level": "Local authority",
    "old_la_code": "919",
    "LA Number": "919",
    "school_laestab": "9192001",
    "version": "Final",
}
NAMES = {
    "eyfsp": "1_eyfsp_headline_measures_2025.csv",
    "eyfsp_2022": "1_eyfsp_headline_measures_2022.csv",
    "mtc": "mtc_regional_la_pupil_characteristics_2025.csv",
    "mtc_2022": "mtc_national_and_la_2022.csv",
    "ks4_ees_schools": "202425_performance_tables_schools_final.csv",
    "ks4_ees_schools_2023": "202324_performance_tables_schools_final.csv",
}


def row(source: Source, **changed: str) -> list[str]:
    own = dict.fromkeys(source.urn_columns, "100001")
    if source.urn_columns:
        own["geographic_level"] = "School"
    return [(CELLS | own | changed).get(column, "1") for column in source.required]


def content(source: Source, *rows: list[str]) -> bytes:
    if any(name.endswith("parquet") for name in source.names):
        columns = dict(zip(source.required, map(list, zip(*rows, strict=True)), strict=True))
        out = io.BytesIO()
        pq.write_table(pa.table(columns), out)
        return out.getvalue()
    return "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (source.required, *rows)).encode()


def put(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def only(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def suffix(source: Source) -> str:
    return ".parquet" if any(name.endswith("parquet") for name in source.names) else ".csv"


@pytest.mark.parametrize("source", LONG, ids=lambda source: source.id)
def test_a_file_under_any_name_is_known_by_its_columns(home, tmp_path, source):
    path = put(tmp_path / "in", f"data-set-download{suffix(source)}", content(source, row(source)))
    outcome = only(add(home, [path]))
    assert (outcome.status, outcome.source) == ("accepted", source.id), outcome.reason
    assert outcome.academic_year == "2024/25"


@pytest.mark.parametrize(("source_id", "name"), NAMES.items())
def test_layouts_that_share_a_name_are_told_by_their_columns(home, tmp_path, source_id, name):
    source = load_catalogue().source(source_id)
    outcome = only(add(home, [put(tmp_path / "in", name, content(source, row(source)))]))
    assert (outcome.status, outcome.source) == ("accepted", source_id), outcome.reason


def test_the_source_that_requires_most_columns_wins(home, tmp_path):
    """Every column of the LA cohorts' file beside those of key stage 2 by LA: the longer list is the better proof."""
    smaller, larger = (load_catalogue().source(name) for name in ("sen_schools", "ks4_ees_schools"))
    assert len(larger.required) > len(smaller.required)
    both = tuple(dict.fromkeys((*larger.required, *smaller.required)))
    cells = CELLS | {"school_urn": "100001", "URN": "100001", "geographic_level": "School"}
    lines = [both, [cells.get(column, "1") for column in both]]
    path = put(tmp_path / "in", "mine.csv", "\n".join(",".join(line) for line in lines).encode())
    assert only(add(home, [path])).source == "ks4_ees_schools"


def test_two_that_ask_equally_much_are_refused(home, tmp_path, monkeypatch):
    catalogue = load_catalogue()
    source = catalogue.source("sen_schools")
    twin = source.model_copy(update={"id": "sen_twin", "names": ("no_such_name",)})
    twice = catalogue.model_copy(update={"sources": (*catalogue.sources, twin)})
    monkeypatch.setattr("pipelines.landing.intake.load_catalogue", lambda: twice)
    outcome = only(add(home, [put(tmp_path / "in", "mine.csv", content(source, row(source)))]))
    assert outcome.status == "rejected"
    assert "its columns are those of sen_schools and sen_twin: say --source" in outcome.reason
    assert catalogue_module.load_catalogue() is catalogue


def test_unknown_columns_are_refused(home, tmp_path):
    outcome = only(add(home, [put(tmp_path / "in", "mine.csv", b"time_period,school_urn\n202425,100001\n")]))
    assert outcome.status == "rejected" and outcome.reason.startswith("not a name in the catalogue")


def test_a_wide_table_under_another_name_says_as_what_it_is_taken(home, tmp_path, made):
    outcome = only(add(home, [put(tmp_path / "2024-2025", "mine.csv", made.ks2())]))
    assert (outcome.status, outcome.source, outcome.release) == ("accepted", "ks2", "final")
    assert "taken as final" in outcome.reason


@pytest.mark.parametrize(
    ("periods", "folder", "year"),
    [
        (["202324", "202425"], "in", "2024/25"),
        (["202324", "202425"], "2024-2025", "2024/25"),
        (["2025"], "in", "2024/25"),
        (["2025"], "2024-2025", "2024/25"),
        (["2025"], "2025-2026", "2025/26"),
        (["2024 (Rev)", "2023/24-25/26", "2025 (prov)"], "in", "2024/25"),
        (["2024", "2024-25"], "in", "2024/25"),
        (["2014-16", "0", "2019"], "in", "2018/19"),
    ],
)
def test_the_newest_period_is_the_files_year(home, tmp_path, periods, folder, year):
    source = load_catalogue().source("lait")
    rows = [row(source, Years=period) for period in periods]
    outcome = only(add(home, [put(tmp_path / folder, "bds_long_0.parquet", content(source, *rows))]))
    assert (outcome.status, outcome.academic_year) == ("accepted", year), outcome.reason


@pytest.mark.parametrize(("period", "folder"), [("202425", "2023-2024"), ("2025", "2023-2024"), ("2025", "2026-2027")])
def test_a_file_under_another_year_is_refused(home, tmp_path, period, folder):
    source = load_catalogue().source("sen_schools")
    data = content(source, row(source, time_period=period))
    outcome = only(add(home, [put(tmp_path / folder, "sen_school_level_ud.csv", data)]))
    assert outcome.status == "rejected" and "its newest rows say" in outcome.reason


BAD = {
    "empty": (b"", "the file is empty"),
    "web page": (b"<!DOCTYPE html><html></html>", "a web page saved as .csv"),
    "zip": (b"PK\x03\x04xxxx", "a zip or a workbook saved as .csv"),
    "open quote": (b'time_period,"school_urn\n', "line 1: broken quoting"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", ["1a_absence_3term_school.csv", "EES_ytd_data.csv", "exc_school.csv"])
def test_what_is_no_table_gets_one_line(home, tmp_path, name, case):
    data, reason = BAD[case]
    outcome = only(add(home, [put(tmp_path / "in", name, data)]))
    assert outcome.status == "rejected" and outcome.reason.startswith(reason) and "\n" not in outcome.reason


def test_a_damaged_parquet_gets_one_line(home, tmp_path):
    source = load_catalogue().source("lait")
    whole = content(source, row(source))
    outcome = only(add(home, [put(tmp_path / "in", "bds_long_0.parquet", whole[: len(whole) // 2])]))
    assert outcome.reason == "the Parquet file is truncated or damaged: download it again"


@pytest.mark.parametrize("source", [s for s in LONG if suffix(s) == ".csv"], ids=lambda source: source.id)
def test_a_missing_column_is_named(home, tmp_path, source):
    header, cells = list(source.required[:-1]), row(source)[:-1]
    lines = "\n".join(",".join(f'"{cell}"' for cell in line) for line in (header, cells))
    outcome = only(add(home, [put(tmp_path / "in", "mine.csv", lines.encode())], source=source.id))
    assert outcome.status == "rejected" and outcome.reason.startswith(f"not {source.id}: no column")


@pytest.mark.parametrize("source", OF_SCHOOLS, ids=lambda source: source.id)
def test_rows_that_cannot_stand_are_left_out(home, tmp_path, made, source):
    """A broken number, an overlong row and an identical one; two that differ under one key leave none."""
    urn = source.urn_columns[0]
    good = row(source)
    rows = [good, good, row(source, **{urn: "1.0E+05"}), [*row(source, **{urn: "100002"}), "stray"]]
    clash = {"100003": "1", "100004": "1"}
    rows += [row(source, **{urn: number}) for number in clash]
    rows.append([*row(source, **{urn: "100003"})[:-1], "2"])
    path = put(tmp_path / "in", "mine.csv", content(source, *rows))
    assert only(add(home, [path], source=source.id)).status == "accepted"
    assert only(add(home, [put(tmp_path / "2024-2025", "919_ks2final.csv", made.ks2())])).status == "accepted"
    report = land(home, la_code="919", as_at=None, review_year=None)
    landed = next(file for file in report.files if file.provenance.source == source.id)
    reasons = pq.read_table(home.landing / "rejects" / f"{landed.provenance.file_id}.parquet")[
        "reason_code"
    ].to_pylist()
    expected = ["duplicate_identical", "broken_key", "overlong_row"]
    has_key = bool(source.row_key) and source.required[-1] not in source.row_key
    expected += ["duplicate_conflicting"] * (2 if has_key else 0)
    assert sorted(reasons) == sorted(expected)
    assert landed.rows_n == len(rows) - len(expected)
