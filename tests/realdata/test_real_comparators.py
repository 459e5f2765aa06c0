"""What a school is set against, on real rows: its own phase, its own kind, a distribution that is held, three years as
published.
"""

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, number

DRAWN = ("below", "in_line", "above", "too_small")


def test_no_verdict_is_drawn_from_results_of_unlike_schools(hertfordshire: Built) -> None:
    """Special schools and alternative provision in no key stage; middle, upper and technical schools to key stage 4."""
    drawn = hertfordshire.rows(
        """
        select benchmarks.urn, benchmarks.measure, benchmarks.verdict, benchmarks.significance
        from benchmarks inner join schools using (urn) inner join warehouse.measures using (measure)
        where
            (list_contains(?, benchmarks.verdict) or benchmarks.significance != 'not_tested')
            and measures.key_stage != 'all'
            and (
                schools.school_kind in ('special', 'pru_ap')
                or (
                    schools.school_kind in ('middle', 'upper', 'utc_studio')
                    and measures.key_stage not in ('eyfs', 'ks5')
                )
            )
        """,
        list(DRAWN),
    )
    assert drawn == []
    offered = hertfordshire.rows(
        """
        select offers.urn, offers.measure from support_offer as offers
        inner join warehouse.measures using (measure)
        where
            measures.key_stage not in ('all', 'eyfs', 'ks5')
            and offers.school_kind in ('special', 'pru_ap', 'middle', 'upper', 'utc_studio')
        """
    )
    assert offered == []
    held = hertfordshire.one(
        """
        select count(distinct urn) from benchmarks inner join schools using (urn)
        where schools.school_kind in ('special', 'upper') and measure = 'ks4_engmaths_95_pct' and value is not null
        """
    )
    assert held > 5  # such schools have results; nothing is concluded from them


def test_middle_schools_are_set_against_the_phase_the_census_counts_them_in(
    real: RealData, hertfordshire: Built
) -> None:
    counted = {row["URN"]: row["SCHOOLTYPE"] for row in real.table("2024-2025", "919_census.csv") if row["URN"]}
    bases = dict(
        hertfordshire.rows(
            """
            select urn, attendance_basis from schools
            where school_kind = 'middle' and status = 'open' and la_code = '919'
            """
        )
    )
    assert {urn: counted[urn] for urn in ("140249", "117554")} == dict.fromkeys(bases, "State-funded secondary")
    assert set(bases.values()) == {"state_funded_secondary"}
    against = hertfordshire.rows(
        """
        select distinct compared_with from benchmarks
        where measure = 'absence_persistent_pct' and academic_year = '2023/24' and urn in ('140249', '117554')
        """
    )
    assert against == [(25.6,)]


def test_a_score_without_a_held_distribution_has_no_verdict(hertfordshire: Built) -> None:
    found = hertfordshire.rows(
        """
        select value, national_value, verdict from benchmarks
        where
            urn = '149743' and measure = 'ks4_attainment8' and pupil_group = 'disadvantaged'
            and academic_year = '2024/25'
        """
    )
    assert found == [(32.6, 34.9, "no_data: national distribution not held")]


def test_three_years_are_as_published(real: RealData, hertfordshire: Built) -> None:
    """Every school with a printed three-year figure has it as its pool, decimals aside, with the publisher's pupils."""
    printed = {}
    for row in real.table("2024-2025", "919_ks2final.csv"):
        value, pupils = number(row["PTRWM_EXP_3YR"]), number(row["TELIG_3YR"])
        if row["RECTYPE"] in ("1", "2") and value is not None and pupils:
            printed[row["URN"]] = (value, pupils)
    made = {
        urn: (value, pupils)
        for urn, value, pupils in hertfordshire.rows(
            """
            select urn, pooled_3y_value, pooled_3y_n from benchmarks
            where
                measure = 'ks2_rwm_expected_pct' and pupil_group = 'all' and academic_year = '2024/25'
                and entity_type = 'school' and not is_predecessor
            """
        )
    }
    still_open = printed.keys() & made.keys()
    assert len(still_open) > 300 and len(printed) - len(still_open) < 15
    assert {urn: made[urn][1] for urn in still_open} == {urn: printed[urn][1] for urn in still_open}
    assert {urn for urn in still_open if abs(made[urn][0] - printed[urn][0]) > 0.5} == set()
    assert made["117420"] == (27, 11) and made["117101"] == (47, 17)
