"""The sample's destinations, entries, trusts, workforce and finance: real layouts, figures that agree."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import find_table, read_lines
from sample_county.county.schools import COUNTY
from sample_county.county.tables import header
from sample_county.publishers import finance
from tests.unit.sample.sample_published import Row, is_number, number

Read = Callable[[str], list[Row]]
LAYOUTS = {
    "performance-tables/2024-2025/england_ks5-studest.csv": "ks5-studest_2021-22",
    "performance-tables/2024-2025/england_ks5-studest-he.csv": "ks5-studest-he_2021-22",
    "performance-tables/2020-2021/england_ks4-ebacc-entries.csv": "ks4-ebacc-entries_2020-21",
    "performance-tables/2024-2025/england_ks4-mats-performance.csv": "ks4-mats_2021-22",
    "performance-tables/2024-2025/england_ks5-mats-performance.csv": "ks5-mats_2021-22",
    "performance-tables/2020-2021/england_swf.csv": "swf_2020-21",
    "performance-tables/2020-2021/england_cfr.csv": "cfr_2020-21",
    f"finance/{finance.RESERVES}": "la_revenue_reserve",
    f"pupil-premium/2024-2025/{finance.PREMIUM}": "pupil-premium_2019-20",
}


def accounts(sample: Path, source: str, name: str) -> list[Row]:
    """Rows of a finance workbook, as landing reads them."""
    publication = load_catalogue().source(source)
    assert publication is not None
    content = (sample / "finance" / name).read_bytes()
    table = find_table(read_lines(content, name, publication.sheet), publication)
    return [dict(zip(table.header, cells, strict=False)) for _, cells in table.lines]


@pytest.mark.parametrize(("name", "layout"), LAYOUTS.items())
def test_a_table_has_its_published_columns(sample: Path, name: str, layout: str) -> None:
    raw = (sample / name).read_bytes()
    text = raw.decode("cp1252" if "mats" in name else "utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == header(layout)
    assert len(rows) > 20 and {len(row) for row in rows} <= set(range(2, len(rows[0]) + 1))


def test_destinations_of_levels_and_groups_add_up(read: Read) -> None:
    rows = read("2024-2025/england_ks5-studest.csv")
    (england,) = [row for row in rows if row["RECTYPE"] == "NAT"]
    assert 0 < number(england["L3_COHORT"]) < number(england["TOT_COHORT"])
    assert number(england["TOT_HE"]) <= number(england["TOT_OVERALL"]) <= number(england["TOT_COHORT"])
    for row in rows:
        if row["RECTYPE"] == "1" and all(is_number(row[f"TOT_COHORT{end}"]) for end in ("", "_DIS", "_NONDIS")):
            assert number(row["TOT_COHORT"]) == number(row["TOT_COHORT_DIS"]) + number(row["TOT_COHORT_NONDIS"])
    county = [row for row in rows if row["LEA"] == str(COUNTY)]
    (total,) = [row for row in county if row["RECTYPE"] == "LA"]
    schools = [row["TOT_COHORT"] for row in county if row["RECTYPE"] in ("1", "2")]
    assert sum(number(cell) for cell in schools if is_number(cell)) == pytest.approx(
        number(total["TOT_COHORT"]), abs=20
    )


def test_progression_is_a_part_of_the_level_3_leavers(read: Read) -> None:
    for row in read("2024-2025/england_ks5-studest-he.csv"):
        if is_number(row["ALL_PROGRESSED"]):
            assert number(row["ALL_OXBRIDGE"]) <= number(row["ALL_TOP3RD"]) + 1 <= number(row["ALL_PROGRESSED"]) + 1


def test_entries_of_schools_recompute_the_county(read: Read) -> None:
    county = [row for row in read("2020-2021/england_ks4-ebacc-entries.csv") if row["LEA"] == str(COUNTY)]
    (total,) = [row for row in county if row["RECTYPE"] == "4"]
    schools = [row for row in county if row["RECTYPE"] in "12" and row["NFTYPE"] not in ("IND", "INDSS")]
    known = [(number(row["TPUP"]), number(row["PTEBACC_E_PTQ_EE"])) for row in schools if is_number(row["TPUP"])]
    assert sum(pupils for pupils, _ in known) == pytest.approx(number(total["TPUP"]), abs=10)
    mean = sum(pupils * share for pupils, share in known) / sum(pupils for pupils, _ in known)
    assert mean == pytest.approx(number(total["PTEBACC_E_PTQ_EE"]), abs=1)


def test_englands_teachers_are_those_of_its_schools(read: Read, sample: Path) -> None:
    rows = read("2020-2021/england_swf.csv")
    column = "Total Number of Teachers (Full-Time Equivalent)"
    text = (sample / "performance-tables/2020-2021/england_census.csv").read_text(encoding="utf-8-sig")
    kinds = {row["URN"]: row["SCHOOLTYPE"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    for phase, kind in (("PRI", "State-funded primary"), ("SEC", "State-funded secondary")):
        (england,) = [row for row in rows if (row["LA Number"], row["Establishment Number"]) == ("NAT", phase)]
        added = sum(float(row[column].replace(",", "")) for row in rows if kinds.get(row["URN"]) == kind)
        assert added == pytest.approx(float(england[column].replace(",", "")), abs=1)
        assert "," in england[column] and england["Mean Gross FTE Salary of All Teachers (£s)"].startswith("£4")


def test_a_federations_lead_returns_for_all_and_the_others_supply_nothing(sample: Path) -> None:
    rows = accounts(sample, "maintained_school_finance", finance.MAINTAINED)
    silent = [row for row in rows if row["Did Not Supply flag"] == "Y"]
    assert [row["School Name"] for row in silent] == ["Lanternmere Primary School, Hill Site"]
    for row in silent:
        assert row["Total Income: I01:I18 - E30"] == row["Revenue Reserve: B01 + B02 + B06"] == "DNS"
    (lead,) = [row for row in rows if row["School Name"] == "Lanternmere Primary School"]
    assert int(lead["Total Income: I01:I18 - E30"]) > 300_000


def test_reserves_of_schools_are_the_authoritys_in_the_other_publication(sample: Path) -> None:
    rows = accounts(sample, "maintained_school_finance", finance.MAINTAINED)
    mine = [row for row in rows if row["LA"] == str(COUNTY) and row["Did Not Supply flag"] == "N"]
    added = sum(int(row["Revenue Reserve: B01 + B02 + B06"]) for row in mine)
    text = (sample / "finance" / finance.RESERVES).read_text(encoding="utf-8-sig")
    (printed,) = [
        row["total_revenue_balance_million"]
        for row in csv.DictReader(io.StringIO(text))
        if row["old_la_code"] == str(COUNTY)
        and row["time_period"] == "202324"
        and row["school_phase"].startswith("All")
    ]
    assert float(printed) == pytest.approx(added / 1e6, abs=0.005)


def test_balances_are_income_less_spending_in_both_workbooks(sample: Path) -> None:
    for row in accounts(sample, "academy_finance", finance.ACADEMIES):
        assert int(row["In year balance"]) == int(row["Total Income"]) - int(row["Total Expenditure"])
    deficits = 0
    for row in accounts(sample, "maintained_school_finance", finance.MAINTAINED):
        if row["Did Not Supply flag"] == "N":
            income = row["Total Income: I01:I18 - E30"]
            spent = row["Total Expenditure: (E01:E29 + E31 + E32)"]
            balance = next(row[name] for name in row if name.startswith("In-year Balance"))
            assert int(balance) == int(income) - int(spent)
            deficits += int(row["Revenue Reserve: B01 + B02 + B06"]) < 0
    assert deficits > 3
