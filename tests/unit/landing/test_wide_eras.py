"""The wide tables in the layout of each era: recognised by their columns, keyed by year, landed; bad input refused.

Headers are the real ones, shortened to the columns that are read (whole ones stand in `sample_county/headers`).
What a seed makes of a cell is tested beside the models and over the real files.
"""

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.checks.judge import judge
from pipelines.home import Home
from pipelines.landing.intake import Outcome, add
from pipelines.landing.land import land
from pipelines.provenance import held_files
from pipelines.seeds import seed
from pipelines.sources.catalogue import column_keys
from sample_county.county.tables import header
from sample_county.county.workbook import Cell, workbook

ROWS_OF_TABLES = ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "NFTYPE", "FEEDER", "ICLOSE"]
DESTINATIONS_2018 = [*ROWS_OF_TABLES, "COHORT", "OVERALL", "OVERALLPER", "COHORT_17", "OVERALLPER_17"]
HE_2019 = [*ROWS_OF_TABLES, "REGION", "ALL_BAND", "ALL_SCORE", "ALL_COHORT", "ALL_PROGRESSED", "ALL_TOP3RD"]
TRUSTS_2017 = ["GROUP-ID", "UID", "GROUP-TYPE", "GROUP-NAME", "NUM-PUPS", "MAT-PROG-READ-SCORE", "SCHOOL-URNS"]
TRUSTS_2018 = ["CHAINID", "UID", "GROUP-TYPE", "CHAINNAME", "TELIG", "READPROGSCORE_P_ADJUSTED_WGTAVG", "SCHOOL-URNS"]
TEACHERS = "Total Number of Teachers (Full-Time Equivalent)"
PAY = "Mean Gross FTE Salary of All Teachers"
WORKFORCE_2017 = ["LA Number", "Establishment Number", "URN", TEACHERS, "Pupil:     Teacher Ratio", PAY]
WORKFORCE_2015 = ["LA", "URN", "NTEA", "NTEAAS", "NNONTEA", "NFTETEA", "NFTETEAAS", "NFTENONTEA", "RATPUPTEA", "SALARY"]
CENSUS_2015 = ["URN", "LA", "ESTAB", "NOR", "TSENELSE", "PSENELSE", "NUMEAL", "PNUMEAL", "PNUMFSM", "NUMFSMEVER"]
# labels of the workbook as the benchmarking tool's own code writes it for 2024-25
CFR_2025 = [
    "LA",
    "LAEstab",
    "URN",
    "School Name",
    "Did Not Supply flag",
    "FederatedSubmission",
    "Total Income: I01 to I18 minus E30",
    "Total Expenditure:E01 to E29 and E31 to E32",
    "Revenue Reserve: B01 + B02 + B06",
    "In-year Balance",
    "Staff Total: (E01:E03) + E05 + (E07: E11) + E26",
]
CFR_LABELS = {  # of the download that replace the master list's
    "Total Income   I01 to I18": "Total Income: I01:I18 - E30",
    "Total Expenditure  E01 to E32": "Total Expenditure: (E01:E29 + E31 + E32)",
    "Revenue Reserve   B01 plus B02 plus B06": "Revenue Reserve: B01 + B02 + B06",
    "Staff Total ": "Staff Total: (E01:E03) + E05 + (E07: E11) + E26",
    "In-year Balance   Total Income (I01 to I18) minus Total Expenditure (E01 to E32)": (
        "In-year Balance: Total Income (I01:I18 - E30) - Total Expenditure (E01:E29 + E31 + E32)"
    ),
}
CFR_2024 = [CFR_LABELS.get(name, name) for name in header("cfr_master_list")]
KEYS = {
    "RECTYPE": "1",
    "LEA": "919",
    "LA": "919",
    "LA Number": "919",
    "ESTAB": "2001",
    "Estab": "2001",
    "Establishment Number": "2001",
    "LAEstab": "9192001",
    "URN": "100001",
    "UID": "2054",
    "GROUP-TYPE": "Multi-academy trust",
    "TRUST_UID": "2054",
    "TRUST_NAME": "A TRUST",
    "TIME_PERIOD": "202122",
    "time_period": "202021",
    "time_identifier": "Financial year",
    "geographic_level": "Local authority",
    "old_la_code": "919",
    "region_code": "E12000006",
    "school_phase": "Primary",
    "Did Not Supply flag": "N",
    "Local Authority": "Hertfordshire",
}
# source, file name, folder, header, academic year, release
ERAS = [
    ("ks5_destinations_2018", "england_ks5-studest.csv", "2017-2018", DESTINATIONS_2018, "2017/18", "revised"),
    ("ks5_destinations", "england_ks5-studest.csv", "2021-2022", header("ks5-studest_2021-22"), "2021/22", "revised"),
    ("ks5_he", "england_ks5-studest-he.csv", "2018-2019", HE_2019, "2018/19", "revised"),
    ("ks5_he", "919_ks5-studest-he.csv", "2021-2022", header("ks5-studest-he_2021-22"), "2021/22", "revised"),
    (
        "ks4_ebacc_entries",
        "england_ks4-ebacc-entries.csv",
        "2020-2021",
        header("ks4-ebacc-entries_2020-21"),
        "2020/21",
        "final",
    ),
    ("trust_results_2019", "england_ks2-mats-performance.csv", "2016-2017", TRUSTS_2017, "2016/17", "revised"),
    ("trust_results_2019", "england_ks2-mats-performance.csv", "2017-2018", TRUSTS_2018, "2017/18", "revised"),
    (
        "trust_results",
        "england_ks4-mats-performance.csv",
        "elsewhere",
        header("ks4-mats_2021-22"),
        "2021/22",
        "revised",
    ),
    (
        "trust_results",
        "england_ks5-mats-performance.csv",
        "elsewhere",
        header("ks5-mats_2021-22"),
        "2021/22",
        "revised",
    ),
    ("workforce_2015", "england_swf.csv", "2014-2015", WORKFORCE_2015, "2014/15", "final"),
    ("workforce", "england_swf.csv", "2016-2017", WORKFORCE_2017, "2016/17", "final"),
    ("workforce", "england_swf.csv", "2020-2021", header("swf_2020-21"), "2020/21", "final"),
    ("spend_per_pupil", "england_cfr.csv", "2020-2021", header("cfr_2020-21"), "2020/21", "final"),
    ("census", "england_census.csv", "2014-2015", CENSUS_2015, "2014/15", "final"),
    ("census", "england_census.csv", "2015-2016", CENSUS_2015, "2015/16", "final"),
    ("absence", "england_abs.csv", "2014-2015", ["LA", "ESTAB", "URN", "PERCTOT", "PPERSABS15"], "2014/15", "final"),
    (
        "maintained_school_finance",
        "maintained_schools_master_list.csv",
        "2022-2023",
        header("cfr_master_list"),
        "2022/23",
        "final",
    ),
    ("maintained_school_finance", "CFR_2023-24_Full_Data_Workbook.xlsx", "elsewhere", CFR_2024, "2023/24", "final"),
    ("maintained_school_finance", "CFR_2024-25_Full_Data_Workbook.xlsx", "elsewhere", CFR_2025, "2024/25", "final"),
    ("academy_finance", "AAR_2023-24_download.xlsx", "elsewhere", header("aar_download"), "2023/24", "final"),
    (
        "la_revenue_reserve",
        "la_maintained_schools_revenue_reserve_final.csv",
        "elsewhere",
        header("la_revenue_reserve"),
        "2020/21",
        "final",
    ),
    ("pupil_premium", "pupil-premium-2019-2020.csv", "elsewhere", header("pupil-premium_2019-20"), "2019/20", "final"),
]
IDS = [f"{source}-{name}-{folder}" for source, name, folder, *_ in ERAS]
SHEETS = {"maintained_school_finance": "CFR_Data", "academy_finance": "Academies"}


def row(names: list[str] | tuple[str, ...], **cells: str) -> list[str]:
    return [cells.get(name, KEYS.get(name, "5")) for name in names]


def content(source: str, name: str, *lines: list[str]) -> bytes:
    """A csv file, or a workbook with codes above its header, as the finance workbooks have."""
    if name.endswith(".xlsx"):
        codes: list[Cell] = [f"A{at:02d}" for at in range(len(lines[0]))]
        return workbook([("Index", [["Contents"]]), (SHEETS[source], [codes, *lines])])
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def put(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def only(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def rejects(home: Home) -> list[tuple[int, str]]:
    (file,) = held_files(home)
    found = pq.read_table(home.landing / "rejects" / f"{file.provenance.file_id}.parquet").to_pylist()
    return [(one["line"], one["reason_code"]) for one in found]


def verdict(home: Home) -> tuple[str, str]:
    land(home, la_code="919", as_at=None, review_year=2025)
    judge(home, progress=lambda line: None)
    (found,) = pq.read_table(home.landing / "verdicts.parquet").to_pylist()
    return found["verdict"], found["reason"]


def mapped(source: str) -> set[str]:
    """Columns that the seeds name for a source."""
    names = set()
    for name, columns in (("column_map", ("column_name",)), ("percentages", ("column_name", "of_column"))):
        names |= {line[column] for line in seed(name) if line["source"] == source for column in columns}
    return names


@pytest.mark.parametrize(("source", "name", "folder", "names", "year", "release"), ERAS, ids=IDS)
def test_each_era_is_recognised_and_passes_its_suite(tmp_path, home, source, name, folder, names, year, release):
    outcome = only(add(home, [put(tmp_path / folder, name, content(source, name, list(names), row(names)))]))
    assert (outcome.status, outcome.source, outcome.academic_year, outcome.release) == (
        "accepted",
        source,
        year,
        release,
    )
    assert verdict(home) == ("passed", "")
    assert rejects(home) == []
    assert mapped(source) & set(column_keys(names)), "no column of this layout is in the seeds"


@pytest.mark.parametrize("names", [CFR_2024, CFR_2025, header("cfr_master_list")], ids=["download", "2024-25", "list"])
def test_every_spelling_of_the_workbook_gives_income_reserve_and_staff(names):
    """Once each: two spellings in one layout would be two numbers for one thing."""
    keys = set(column_keys(names))
    found: dict[str, int] = {}
    for line in (*seed("column_map"), *seed("percentages")):
        held = {line["column_name"], line.get("of_column") or line["column_name"]} <= keys
        if line["source"] == "maintained_school_finance" and held:
            found[line["measure"]] = found.get(line["measure"], 0) + 1
    amounts = ("total_income", "total_spending", "in_year_balance", "revenue_reserve")
    shares = ("revenue_reserve_pct", "staff_cost_pct", "in_year_balance_pct")
    assert found == {**{f"{name}_gbp": 1 for name in amounts}, **dict.fromkeys(shares, 1)}


def test_note_numbers_of_pupil_premium_may_change(tmp_path, home):
    names = [name.replace("(7)", "(8)").replace("(11)", "(13)") for name in header("pupil-premium_2019-20")]
    assert column_keys(names) == column_keys(header("pupil-premium_2019-20"))
    assert "DEPRIVATION PUPIL PREMIUM ALLOCATION #2" in column_keys(names)
    data = content("pupil_premium", "x.csv", names, row(names))
    assert only(add(home, [put(tmp_path, "pupil-premium-2021-2022.csv", data)])).academic_year == "2021/22"


def test_a_name_and_its_folder_may_not_name_two_years(tmp_path, home):
    names = header("pupil-premium_2019-20")
    data = content("pupil_premium", "x.csv", list(names), row(names))
    outcome = only(add(home, [put(tmp_path / "2020-2021", "pupil-premium-2019-2020.csv", data)]))
    assert outcome.reason.startswith("its folder says 2020/21 and its name says 2019/20")


@pytest.mark.parametrize(("source", "name", "folder", "names", "year", "release"), ERAS, ids=IDS)
@pytest.mark.parametrize("data", [b"", b"<html><body>403</body></html>"], ids=["empty", "web page"])
def test_what_is_no_table_is_refused(tmp_path, home, source, name, folder, names, year, release, data):
    outcome = only(add(home, [put(tmp_path / folder, name, data)]))
    assert outcome.status == "rejected"
    assert outcome.reason and "\n" not in outcome.reason and held_files(home) == []


@pytest.mark.parametrize("name", [era[1] for era in ERAS if era[1].endswith(".xlsx")])
def test_a_truncated_workbook_is_refused(tmp_path, home, name):
    source = "academy_finance" if name.startswith("AAR") else "maintained_school_finance"
    names = header("aar_download") if name.startswith("AAR") else CFR_2024
    data = content(source, name, list(names), row(names))[:-200]
    outcome = only(add(home, [put(tmp_path, name, data)]))
    assert outcome.reason == "the workbook is truncated or damaged: download it again"


def test_a_share_formatted_as_a_percentage_is_taken_as_shown(tmp_path, home, made):
    names: list[object] = [*header("aar_download")]
    line: list[object] = [KEYS.get(str(name), 0.65) for name in names]
    data = made.workbook([names, line], sheet="Academies", percent=True)
    outcome = only(add(home, [put(tmp_path, "AAR_2023-24_download.xlsx", data)]))
    assert outcome.status == "accepted"


@pytest.mark.parametrize(
    ("names", "file_name", "folder"),
    [
        (header("ks5-studest_2021-22"), "england_ks5-studest.csv", "2021-2022"),
        (header("swf_2020-21"), "england_swf.csv", "2020-2021"),
        (header("cfr_2020-21"), "england_cfr.csv", "2020-2021"),
        (header("pupil-premium_2019-20"), "pupil-premium-2019-2020.csv", "2019-2020"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_rows_are_left_out_with_their_line(tmp_path, home, names, file_name, folder):
    good, again = row(names), row(names)
    lines = [good, again, [*row(names, URN="100002"), "x"], row(names, URN="NA"), row(names, URN="100003")]
    assert (
        only(add(home, [put(tmp_path / folder, file_name, content("", file_name, list(names), *lines))])).status
        == "accepted"
    )
    land(home, la_code="919", as_at=None, review_year=2025)
    assert rejects(home) == [(3, "duplicate_identical"), (4, "overlong_row"), (5, "broken_key")]


def test_an_unquoted_comma_in_a_trusts_name_costs_that_trust_only(tmp_path, home):
    """As line 37 of the key stage 4 table of 2016/17."""
    lines = [row(TRUSTS_2017), [*row(TRUSTS_2017, UID="3895"), "one more"], row(TRUSTS_2017, UID="4927")]
    data = content("", "x.csv", TRUSTS_2017, *lines)
    add(home, [put(tmp_path / "2016-2017", "england_ks2-mats-performance.csv", data)])
    (report,) = land(home, la_code="919", as_at=None, review_year=2025).files
    assert (report.rows_n, rejects(home)) == (2, [(3, "overlong_row")])


@pytest.mark.parametrize(
    ("file_name", "names", "changed", "told"),
    [
        ("england_ks5-studest.csv", header("ks5-studest_2021-22"), {"TOT_OVERALLPER": "182%"}, "TOT_OVERALLPER"),
        ("england_ks5-studest.csv", header("ks5-studest_2021-22"), {"RECTYPE": "9"}, "RECTYPE"),
        (
            "england_ks5-studest-he.csv",
            header("ks5-studest-he_2021-22"),
            {"ALL_PROGRESSED": "a great many"},
            "ALL_PROGRESSED",
        ),
        ("england_ks4-ebacc-entries.csv", header("ks4-ebacc-entries_2020-21"), {"TPUP": "-3"}, "TPUP"),
        ("england_ks4-mats-performance.csv", header("ks4-mats_2021-22"), {"TRUST_UID": "TR2054"}, "TRUST_UID"),
        ("england_swf.csv", header("swf_2020-21"), {"Pupil:     Teacher Ratio": "1:20"}, "PUPIL: TEACHER RATIO"),
        ("england_cfr.csv", header("cfr_2020-21"), {"PTEACHINGSTAFF": "0.534"}, "PTEACHINGSTAFF"),
        ("CFR_2021-22_Full_Data_Workbook.xlsx", CFR_2024, {"Did Not Supply flag": "?"}, "DID NOT SUPPLY FLAG"),
        (
            "CFR_2021-22_Full_Data_Workbook.xlsx",
            CFR_2024,
            {"Did Not Supply flag": "DNS", "Total Income: I01:I18 - E30": "0"},
            "TOTAL INCOME: I01:I18 - E30",
        ),
        ("AAR_2021-22_download.xlsx", header("aar_download"), {"Revenue Reserve": "n/a"}, "REVENUE RESERVE"),
        (
            "la_maintained_schools_revenue_reserve_final.csv",
            header("la_revenue_reserve"),
            {"geographic_level": "School"},
            "GEOGRAPHIC_LEVEL",
        ),
        (
            "pupil-premium-2021-2022.csv",
            header("pupil-premium_2019-20"),
            {"Total allocation for the Deprivation Pupil Premium": "a lot of money"},
            "TOTAL ALLOCATION",
        ),
    ],
)
def test_a_cell_of_another_shape_fails_the_file(tmp_path, home, file_name, names, changed, told):
    source = "academy_finance" if file_name.startswith("AAR") else "maintained_school_finance"
    folder = "elsewhere" if file_name.startswith("la_") else "2021-2022"
    lines = [
        list(names),
        row(names),
        row(names, **({"URN": "100002", "TRUST_UID": "7", "school_phase": "Special"} | changed)),
    ]
    data = content(source, file_name, *lines)
    assert only(add(home, [put(tmp_path / folder, file_name, data)])).status == "accepted"
    found, reason = verdict(home)
    assert found == "failed" and told in reason and "\n" not in reason
