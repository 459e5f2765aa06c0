"""Cells without a number stay without one, are counted, and carried columns stand under their own academic year."""

from collections import Counter

import pytest

from pipelines.seeds import seed
from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, number, read_rows

# file of 2024/25 (absence 2023/24): the status each code must end in
STATUS = {
    "SUPP": "suppressed",
    "NE": "no_pupils",
    "NA": "not_applicable",
    "NP": "not_published",
    "SP": "small_percentage",
    "LOWCOV": "low_coverage",
    "": "blank",
}
WHOLE_FILES = [
    ("ks2", "2024-2025", "919_ks2final.csv", 160),
    ("ks4", "2024-2025", "919_ks4final.csv", 90),
    ("ks4_destinations", "2024-2025", "919_ks4-pupdest.csv", 9),
    ("census", "2024-2025", "919_census.csv", 5),
    ("absence", "2023-2024", "919_abs.csv", 2),
]
SUFFIXES = ("_24", "_23", "_22", "_PREV", "_PREV2")


def file_id(built: Built, source: str, folder: str) -> str:
    year = f"{folder[:4]}/{folder[-2:]}"
    found = built.one(
        "select file_id from held_files where source = ? and academic_year = ? and la_code = '919'", source, year
    )
    assert isinstance(found, str)
    return found


def status_of(row: dict[str, str], column: str, numerator: str, denominator: str) -> str:
    """What a cell is by itself and by the counts beside it, where the table has columns of them."""
    if number(row[column]) is None:
        return STATUS[row[column]]
    if denominator in row and number(row[denominator]) == 0:
        return "no_pupils"
    codes = [row[name] for name in (numerator, denominator) if row.get(name) and number(row[name]) is None]
    return STATUS[codes[0]] if codes else "reported"


def counts_beside(source: str) -> dict[str, tuple[str, str]]:
    """By column, the columns of the pupils who count and of all pupils."""
    return {
        line["column_name"]: (line["numerator_column"], line["denominator_column"])
        for line in seed("column_map")
        if line["source"] == source
    }


@pytest.mark.parametrize(("source", "folder", "file_name", "columns_at_least"), WHOLE_FILES)
def test_every_cell_of_a_used_column_is_an_observation(
    real: RealData, hertfordshire: Built, source: str, folder: str, file_name: str, columns_at_least: int
) -> None:
    """As many numbers, and as many cells of each code, as in the file: nothing filled in, nothing lost. A number takes
    the absence of its own count, since 0.00% of no pupils is no figure.

    A carried cell gives way where another file is of its own year; nothing else does.
    """
    rows = real.table(folder, file_name)
    identifier = file_id(hertfordshire, source, folder)
    made: dict[str, Counter[str]] = {}
    for column, status, n in hertfordshire.rows(
        "select upper(source_column), status, count(*) from warehouse.int_candidates where file_id = ? group by all",
        identifier,
    ):
        made.setdefault(column, Counter())[status] = n
    assert len(made) >= columns_at_least
    beside = counts_beside(source)
    for column, counts in made.items():
        expected = Counter(status_of(row, column, *beside.get(column, ("", ""))) for row in rows)
        assert counts == expected, column
    lost = hertfordshire.rows(
        """
        select cells.line, cells.source_column from warehouse.int_candidates as cells
        left join observations
            using (entity_type, entity_code, basis, academic_year, measure, pupil_group)
        where
            cells.file_id = ?
            and (observations.file_id, observations.line, observations.source_column)
            is distinct from (cells.file_id, cells.line, cells.source_column)
            and coalesce(not cells.is_carried or observations.is_carried, true)
        """,
        identifier,
    )
    assert lost == []


def test_every_own_year_cell_of_the_sixteen_to_eighteen_file_is_an_observation(
    real: RealData, hertfordshire: Built
) -> None:
    """(Its carried columns give way to the England files of their own years; an absence whose reason is known, such as
    an authority's value added, stands under that reason and not under its printed code.)"""
    rows = real.table("2024-2025", "919_ks5final.csv")
    identifier = file_id(hertfordshire, "ks5", "2024-2025")
    made: dict[str, Counter[str]] = {}
    for column, status, printed, n in hertfordshire.rows(
        """
        select upper(source_column), status, case when status_reason is not null then raw_value end, count(*)
        from observations
        where file_id = ? and not is_carried group by all
        """,
        identifier,
    ):
        made.setdefault(column, Counter())[STATUS[printed] if printed else status] += n
    assert len(made) >= 30
    beside = counts_beside("ks5")
    for column, counts in made.items():
        assert not column.endswith(SUFFIXES)
        assert counts == Counter(status_of(row, column, *beside.get(column, ("", ""))) for row in rows), column


def test_no_absence_has_a_value(hertfordshire: Built) -> None:
    found = hertfordshire.rows(
        """
        select status, count(*) from observations
        where status != 'reported' and (value is not null or lower_ci is not null or upper_ci is not null)
        group by all
        """
    )
    assert found == []
    statuses = dict(hertfordshire.rows("select status, count(*) from observations group by all"))
    assert "unrecognised" not in statuses
    assert min(statuses[status] for status in ("suppressed", "no_pupils", "not_published", "blank")) > 1000


def test_no_percentage_stands_without_its_count(hertfordshire: Built) -> None:
    """The census of 2024/25 prints 0.00% beside NA for independent schools, and 0.00 of 0 pupils elsewhere."""
    assert (
        hertfordshire.rows("select raw_value, value from observations where value is not null and denominator = 0")
        == []
    )
    free_meals = dict(
        hertfordshire.rows(
            """
            select raw_value, count(*) from observations
            where measure = 'fsm6_pct' and source = 'census' and academic_year = '2024/25' and status = 'not_applicable'
            group by all
            """
        )
    )
    assert free_meals == {"0.00% beside a count of NA": 67}


def test_no_reported_value_is_anything_but_its_cell(hertfordshire: Built) -> None:
    """Pounds, percent and thousands aside, the value is what was printed, to four decimals."""
    found = hertfordshire.rows(
        """
        select raw_value, value from observations
        where
            status = 'reported'
            and raw_value not like '% of %'  -- a percentage made of two printed amounts names both
            and coalesce(abs(try_cast(regexp_replace(raw_value, '[£%,]', '', 'g') as double) - value) > 0.0000501, true)
        limit 5
        """
    )
    assert found == []


def test_hampshires_carried_columns_equal_the_earlier_files(real: RealData, hampshire: Built) -> None:
    """2018/19's `_18` and `_17`, and 2017/18's `_17`, against the files of those years: no cell differs.

    (A carried description of progress is left blank where its own year's file prints why there is none.)
    """
    pairs = hampshire.rows(
        """
        select
            later.academic_year,
            count(*),
            count(*) filter (
                later.value is distinct from own.value
                or (later.status != own.status and measure not like '%_progress_band')
            )
        from warehouse.int_candidates as later
        inner join warehouse.int_candidates as own
            using (source, entity_type, entity_code, basis, academic_year, measure, pupil_group)
        where source = 'ks2' and later.la_code = '850' and later.is_carried and not own.is_carried
        group by all
        order by all
        """
    )
    assert [(year, different) for year, _, different in pairs] == [("2016/17", 0), ("2017/18", 0)]
    assert min(n for _, n, _ in pairs) > 3500

    # the same by hand, over every column both files print
    tables = {year: real.table(f"{year - 1}-{year}", "850_ks2final.csv") for year in (2017, 2018, 2019)}
    own = {year: {row["URN"]: row for row in rows if row["URN"]} for year, rows in tables.items()}
    compared = 0
    for later, earlier in ((2018, 2017), (2019, 2017), (2019, 2018)):
        suffix = f"_{earlier - 2000}"
        for urn, row in own[later].items():
            for column in row:
                base = column.removesuffix(suffix)
                if (
                    column.endswith(suffix)
                    and urn in own[earlier]
                    and base in own[earlier][urn]
                    and "DESCR" not in column
                ):
                    assert number(row[column]) == number(own[earlier][urn][base]), (urn, column)
                    compared += 1
    assert compared > 19000


def test_the_oldest_carried_year_stands_alone_and_right(real: RealData, hampshire: Built) -> None:
    """2015/16 is known from 2016/17's file alone; an independent England file of that year has the same figures."""
    path = real.root.with_name("realdata-england-reduced") / "performance-tables" / "2015-2016" / "england_ks2final.csv"
    if not path.is_file():
        pytest.skip(f"the reduced England file is not here: {path}")
    published = {row["URN"]: row["PTRWM_EXP"] for row in read_rows(path) if row["URN"]}
    made = hampshire.rows(
        """
        select entity_code, value, is_carried, source_column from observations
        where
            academic_year = '2015/16' and la_code = '850' and measure = 'ks2_rwm_expected_pct' and pupil_group = 'all'
            and entity_type = 'school' and status = 'reported'
        """
    )
    assert len(made) > 300
    assert {(is_carried, column) for _, _, is_carried, column in made} == {(True, "PTRWM_EXP_16")}
    assert [urn for urn, value, _, _ in made if urn in published and number(published[urn]) != value] == []


def test_carried_destinations_stand_under_the_leavers_year(hertfordshire: Built) -> None:
    """Cohorts name the year: each file's carried cohorts are, within two pupils, an earlier file's own."""
    pairs = hertfordshire.rows(
        """
        select
            later.academic_year,
            count(*) filter (later.denominator is not null and own.denominator is not null),
            max(abs(later.denominator - own.denominator))
        from warehouse.int_candidates as later
        inner join warehouse.int_candidates as own
            using (source, entity_type, entity_code, basis, academic_year, measure, pupil_group)
        where source = 'ks4_destinations' and later.is_carried and not own.is_carried
        group by all
        order by all
        """
    )
    assert [year for year, _, _ in pairs] == ["2014/15", "2015/16"]
    assert all(n > 8000 and widest <= 2 for _, n, widest in pairs)
    # where no earlier file is held, England's cohort tells the year (561,000 left in 2019/20, and so on)
    england = dict(
        hertfordshire.rows(
            """
            select academic_year, denominator from observations
            where
                entity_type = 'country' and measure = 'ks4_destination_sustained_pct' and pupil_group = 'all'
                and basis = 'state_funded'
            """
        )
    )
    assert england == {
        "2013/14": 558995,
        "2014/15": 553910,
        "2015/16": 541120,
        "2016/17": 528139,
        "2017/18": 524062,
        "2018/19": 543029,
        "2019/20": 562393,
        "2020/21": 576304,
        "2021/22": 588084,
        "2022/23": 607348,
    }
