"""Destinations, progression, entries, trusts, workforce and finance over the real files, read a second time by hand.

Figures named here stand in the published files themselves.
"""

from statistics import median

import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, Row, number, read_rows

# registers and lists of inspections are no rows of figures, and of these two only some rows are asked for
NOT_WHOLE = ("lait", "attendance_weeks")
REVENUE = "finance/la_maintained_schools_revenue_reserve_final.csv"
PREMIUM = "pupil-premium/2019-2020/pupil-premium-2019-2020.csv"


@pytest.fixture(scope="module")
def wide(hertfordshire: Built) -> Built:
    """The warehouse of the build: `int_candidates` and what it rests on."""
    cursor = hertfordshire.connection.cursor()
    cursor.execute("use warehouse")
    return Built(cursor)


def value(wide: Built, measure: str, year: str, entity: str, group: str = "all", basis: str = "state_funded") -> float:
    found = wide.rows(
        """
        select distinct value from int_candidates
        where measure = ? and academic_year = ? and entity_code = ? and pupil_group = ? and basis = ? and not is_carried
        """,
        *(measure, year, entity, group, basis),
    )
    ((only,),) = found
    return float(only)


def test_nothing_is_unrecognised_or_kept_out(wide: Built) -> None:
    assert wide.rows("select * from int_quarantined_files") == []
    assert wide.one("select count(*) from int_numbers where status = 'unrecognised'") == 0


def test_every_row_is_about_something(wide: Built) -> None:
    lost = wide.rows(
        f"""
        select source, academic_year, count(distinct line)
        from stg_cells inner join stg_files using (file_id) anti join int_rows using (file_id, line)
        where role not in ('register', 'inspections') and source not in {NOT_WHOLE}
        group by all
        """
    )
    assert lost == []


def test_hertfordshires_and_englands_destinations_of_the_2021_22_folder(wide: Built) -> None:
    """The folder of 2021/22 holds leavers of 2019/20."""
    assert value(wide, "ks5_destination_sustained_pct", "2019/20", "919") == 82
    assert value(wide, "ks5_destination_he_pct", "2019/20", "919") == 42
    assert value(wide, "ks5_destination_sustained_pct", "2019/20", "ENG") == 79
    assert value(wide, "ks5_destination_he_pct", "2019/20", "ENG") == 36
    cohorts = wide.rows(
        """
        select distinct entity_code, denominator from int_candidates
        where measure = 'ks5_destination_sustained_pct' and academic_year = '2019/20' and pupil_group = 'all'
            and entity_code in ('919', 'ENG')
        order by all
        """
    )
    assert cohorts == [("919", 14014), ("ENG", 542787)]


def test_carried_cohorts_are_those_of_the_folder_before(real: RealData) -> None:
    """`COHORT_17` in the 2017/18 folder is `COHORT` of 2016/17's, for every institution in both."""
    own = {row["URN"]: row["COHORT"] for row in real.table("2016-2017", "england_ks5-studest.csv") if row["URN"]}
    later = {row["URN"]: row["COHORT_17"] for row in real.table("2017-2018", "england_ks5-studest.csv") if row["URN"]}
    both = own.keys() & later.keys()
    assert len(both) > 2000
    assert [urn for urn in both if own[urn] != later[urn]] == []


def test_the_leavers_are_those_of_two_years_before_the_folder(real: RealData) -> None:
    """Cohorts lie nearest to the A level students of 2016/17 in the folder of 2018/19, not in its neighbours."""
    students = {
        row["URN"]: number(row["TALLPUP_ALEV_1618"])
        for row in real.table("2016-2017", "england_ks5final.csv")
        if row["RECTYPE"] == "1"
    }

    def distance(folder: str, column: str) -> float:
        gaps = []
        for row in real.table(folder, "england_ks5-studest.csv"):
            cohort, held = number(row[column]), students.get(row["URN"])
            if row["RECTYPE"] == "1" and cohort and cohort > 30 and held is not None:
                gaps.append(abs(cohort - held) / cohort)
        assert len(gaps) > 1500
        return median(gaps)

    right = distance("2018-2019", "L3_COHORT")
    assert right < 0.7 * min(distance("2017-2018", "COHORT"), distance("2020-2021", "L3_COHORT"))


def test_level_3_is_one_series_over_both_layouts_and_all_levels_are_another(wide: Built) -> None:
    """Hertfordshire's cohort goes on at 9,900 where the layout changes; all levels together are a third more."""
    cohorts = dict(
        wide.rows(
            """
            select measure || ' ' || academic_year, max(denominator) from int_candidates
            where entity_code = '919' and pupil_group = 'all' and measure like 'ks5_destination%sustained_pct'
                and academic_year in ('2015/16', '2016/17') and not is_carried
            group by all
            """
        )
    )
    assert cohorts == {
        "ks5_destination_level3_sustained_pct 2015/16": 9915,
        "ks5_destination_level3_sustained_pct 2016/17": 9933,
        "ks5_destination_sustained_pct 2016/17": 13176,
    }


@pytest.mark.parametrize("year", ["2018-2019", "2020-2021", "2021-2022"])
def test_schools_destinations_add_up_to_hertfordshires_row(real: RealData, year: str) -> None:
    """Within the students of institutions that closed since: the authority's row still counts them."""
    rows = [row for row in real.table(year, "england_ks5-studest.csv") if row["LEA"] == "919"]
    ((total),) = [row for row in rows if row["RECTYPE"] == "LA"]
    added = sum(number(row["TOT_COHORT"]) or 0 for row in rows if row["RECTYPE"] in ("1", "2"))
    published = number(total["TOT_COHORT"])
    assert published is not None and 0 <= published - added <= 0.015 * published


def test_entries_of_2020_21_recompute_hertfordshires_row(real: RealData, wide: Built) -> None:
    assert value(wide, "ks4_ebacc_entry_pct", "2020/21", "919") == 47
    assert value(wide, "ks4_ebacc_entry_pct", "2020/21", "ENG") == 39
    assert value(wide, "ks4_pupils_n", "2020/21", "919") == 13487
    rows = [row for row in real.table("2020-2021", "england_ks4-ebacc-entries.csv") if row["LEA"] == "919"]
    pairs = [
        (number(row["TPUP"]), number(row["PTEBACC_E_PTQ_EE"]))
        for row in rows
        if row["RECTYPE"] in ("1", "2") and row["NFTYPE"] not in ("IND", "INDSS", "NMSS")
    ]
    known = [(pupils, share) for pupils, share in pairs if pupils is not None and share is not None]
    assert abs(sum(pupils for pupils, _ in known) - 13487) <= 135
    assert abs(sum(pupils * share for pupils, share in known) / 13487 - 47) <= 0.8


def test_a_trust_has_its_own_rows_and_the_shifted_one_is_left_out(wide: Built) -> None:
    assert value(wide, "ks4_progress8", "2016/17", "2054", basis="multi_academy_trusts") == -0.34
    assert value(wide, "ks4_progress8", "2017/18", "2054", basis="multi_academy_trusts") == -0.32
    assert value(wide, "ks2_reading_progress", "2016/17", "2054", "disadvantaged", "multi_academy_trusts") == -0.7
    assert value(wide, "ks4_attainment8", "2021/22", "15710", "disadvantaged", "multi_academy_trusts") == 34.3
    assert value(wide, "ks5_academic_aps", "2021/22", "2053", "other", "multi_academy_trusts") == 35.04
    assert wide.rows("select * from int_candidates where entity_code = '3895' and academic_year = '2016/17'") == []
    assert wide.rows("select line, reason_code from stg_rejects where reason_code = 'overlong_row'") == [
        (37, "overlong_row")
    ]
    kinds = wide.rows("select distinct entity_type, basis, la_code from int_candidates where source like 'trust%'")
    assert kinds == [("trust", "multi_academy_trusts", None)]


@pytest.mark.parametrize(
    ("year", "folder"), [("2016/17", "2016-2017"), ("2017/18", "2017-2018"), ("2020/21", "2020-2021")]
)
def test_teachers_add_up_and_englands_ratio_lies_among_schools(
    real: RealData, wide: Built, year: str, folder: str
) -> None:
    """England's rows of primary and secondary against every school's teachers (special schools have no total)."""
    rows = [row for row in real.table(folder, "england_swf.csv") if row["URN"]]
    column = next(name for name in rows[0] if name.startswith("TOTAL NUMBER OF TEACHERS (FULL"))
    added = sum(number(row[column]) or 0 for row in rows)
    phases = [
        value(wide, "teachers_fte", year, "ENG", basis=f"state_funded_{name}") for name in ("primary", "secondary")
    ]
    assert 0.98 * sum(phases) < added < 1.10 * sum(phases)
    ratios = sorted(
        ratio
        for (ratio,) in wide.rows(
            "select value from int_candidates where measure = 'pupil_teacher_ratio' and academic_year = ?"
            " and entity_type = 'school' and status = 'reported'",
            year,
        )
    )
    for name in ("primary", "secondary"):
        england = value(wide, "pupil_teacher_ratio", year, "ENG", basis=f"state_funded_{name}")
        assert ratios[len(ratios) // 20] < england < ratios[-len(ratios) // 20]
        pay = value(wide, "mean_teacher_salary_gbp", year, "ENG", basis=f"state_funded_{name}")
        assert 37000 < pay < 43000


def test_reserves_of_authorities_add_up_to_england(real: RealData, wide: Built) -> None:
    rows = read_rows(real.root / REVENUE)
    every = [row for row in rows if row["SCHOOL_PHASE"].startswith("All")]
    for period in {row["TIME_PERIOD"] for row in every}:
        of_las = _sum(every, period, "Local authority")
        assert abs(of_las - _sum(every, period, "National")) < 1.0
        assert abs(of_las - _sum(every, period, "Regional")) < 1.0
    assert value(wide, "la_revenue_reserve_gbp_million", "2020/21", "919", basis="la_maintained") == 82.61
    assert value(wide, "la_revenue_reserve_pct", "2020/21", "919", basis="la_maintained") == 14.1
    assert value(wide, "la_revenue_reserve_gbp_million", "2015/16", "ENG", basis="la_maintained") == 2086.82
    assert wide.one("select count(distinct academic_year) from int_candidates where source = 'la_revenue_reserve'") == 6


def _sum(rows: list[Row], period: str, level: str) -> float:
    mine = [row for row in rows if row["TIME_PERIOD"] == period and row["GEOGRAPHIC_LEVEL"] == level]
    return sum(number(row["TOTAL_REVENUE_BALANCE_MILLION"]) or 0 for row in mine)


def test_pupil_premium_is_a_share_of_its_own_roll(real: RealData, wide: Built) -> None:
    """The file prints fractions of primary and of secondary pupils; the measure is a percentage of both together."""
    rows = {row["URN"]: row for row in read_rows(real.root / PREMIUM)}
    made = wide.rows(
        "select entity_code, value, status from int_candidates where measure = 'pupil_premium_pct' order by entity_code"
    )
    assert len(made) == len(rows)
    for urn, share, status in made:
        row = rows[urn]
        roll = number(row["NUMBER OF PUPILS ON ROLL (7)"])
        eligible = number(row["TOTAL NUMBER OF PUPILS ELIGIBLE FOR THE DEPRIVATION PUPIL PREMIUM"])
        assert roll is not None and eligible is not None
        if roll == 0:
            assert (share, status) == (None, "not_applicable")
        else:
            assert status == "reported" and share == pytest.approx(100 * eligible / roll, abs=0.001)
    herts = sum(
        number(row["TOTAL NUMBER OF PUPILS ELIGIBLE FOR THE DEPRIVATION PUPIL PREMIUM"]) or 0
        for row in rows.values()
        if row["LA"] == "919"
    )
    assert herts == 27537  # fewer than the 29,704 who attract any pupil premium: looked-after and service children


def test_both_layouts_of_2021_22s_sixteen_to_eighteen_tables_are_read(wide: Built) -> None:
    """Revised and final differ in layout; each gives what the other gives, but retention came with the final."""
    held: dict[str, set[str]] = {}
    for release, measure in wide.rows(
        "select distinct release, measure from int_candidates where source = 'ks5' and folder_academic_year = '2021/22'"
        " and status = 'reported' and not is_carried"
    ):
        held.setdefault(release, set()).add(measure)
    retention = {measure for measure in held["final"] if measure.endswith("retained_pct")}
    assert len(retention) == 4 and held["revised"] == held["final"] - retention and len(held["final"]) >= 15


@pytest.mark.parametrize("source", ["census", "absence"])
def test_every_vintage_of_context_gives_every_measure(wide: Built, source: str) -> None:
    given = wide.rows(
        "select folder_academic_year, count(distinct measure) from int_candidates where source = ?"
        " group by all order by all",
        source,
    )
    years = {
        "census": ["2016/17", "2017/18", "2020/21", "2021/22", "2024/25"],
        "absence": ["2016/17", "2017/18", "2021/22", "2022/23", "2023/24"],
    }
    assert given == [(year, {"census": 5, "absence": 2}[source]) for year in years[source]]
