"""The LA rows as printed, and the same totals made again from the school rows: formulas written here a second time."""

import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, Row, number, total_row

# what the Department printed for Hertfordshire in 2024/25 (attendance: 2023/24, destinations: leavers of 2022/23)
LA_ROW = [
    ("ks2_rwm_expected_pct", "all", "2024/25", "state_funded", 64),
    ("ks2_rwm_higher_pct", "all", "2024/25", "state_funded", 11),
    ("ks2_rwm_expected_pct", "disadvantaged", "2024/25", "state_funded", 40),
    ("ks2_rwm_expected_pct", "other", "2024/25", "state_funded", 70),
    ("ks2_pupils_n", "all", "2024/25", "state_funded", 14321),
    ("ks4_attainment8", "all", "2024/25", "state_funded", 50.6),
    ("ks4_attainment8", "disadvantaged", "2024/25", "state_funded", 34.2),
    ("ks4_attainment8", "other", "2024/25", "state_funded", 54.1),
    ("ks4_engmaths_95_pct", "all", "2024/25", "state_funded", 53.4),
    ("ks4_engmaths_94_pct", "all", "2024/25", "state_funded", 71.7),
    ("ks4_ebacc_95_pct", "all", "2024/25", "state_funded", 25.5),
    ("ks4_ebacc_94_pct", "all", "2024/25", "state_funded", 33.3),
    ("ks4_attainment8_english", "all", "2024/25", "state_funded", 10.6),
    ("ks4_attainment8_maths", "all", "2024/25", "state_funded", 10.0),
    ("ks4_cohort_sen_support_pct", "all", "2024/25", "state_funded", 14.3),
    ("ks4_cohort_ehcp_pct", "all", "2024/25", "state_funded", 5.0),
    ("ks2_science_expected_pct", "all", "2024/25", "state_funded", 83),
    ("ks4_pupils_n", "all", "2024/25", "state_funded", 14862),
    ("ks5_alevel_aps", "all", "2024/25", "state_funded", 36.82),
    ("ks5_alevel_best3_aps", "all", "2024/25", "state_funded", 37.40),
    ("ks5_retained_pct", "all", "2024/25", "state_funded", 96.9),
    ("ks4_destination_sustained_pct", "all", "2022/23", "state_funded", 95),
    ("ks4_destination_not_sustained_pct", "disadvantaged", "2022/23", "state_funded", 10),
    ("level3_by_19_pct", "all", "2023/24", "la_tables", 67.948),
    ("ehcp_within_20_weeks_pct", "all", "2023/24", "la_tables", 55.2),
    ("funded_3_4yr_good_pct", "all", "2023/24", "la_tables", 94.7),
    ("absence_unauthorised_pct", "all", "2024/25", "la_tables", 1.62),
    ("absence_overall_pct", "all", "2023/24", "state_funded_primary", 5.4),
    ("absence_persistent_pct", "all", "2023/24", "state_funded_primary", 13.4),
    ("absence_overall_pct", "all", "2023/24", "state_funded_secondary", 8.0),
    ("absence_persistent_pct", "all", "2023/24", "state_funded_secondary", 22.8),
    ("absence_overall_pct", "all", "2023/24", "state_funded_special", 13.2),
    ("absence_persistent_pct", "all", "2023/24", "state_funded_special", 36.6),
]

# the sixth of the published codes for types of school: independent schools stand in the file, outside the LA row
INDEPENDENT = ("IND", "INDSS")
# the LA row of key stage 4 leaves out non-maintained special schools too: then its pupils add up exactly
OUTSIDE_THE_KS4_ROW = (*INDEPENDENT, "NMSS")

HAMPSHIRE_YEARS = ("2016-2017", "2017-2018", "2018-2019")
# figures of final tables whose school rows do not come to the LA row: each was looked into and stands explained
DIFFERENT = {
    "919": {
        ("ks2_rwm_expected_girls", "2024/25"),
        ("ks4_pupils", "2020/21"),
        ("ks4_pupils_disadvantaged", "2024/25"),
        ("ks4_pupils_other", "2024/25"),
        ("ks5_academic_pupils", "2024/25"),
        ("ks5_alevel_pupils", "2024/25"),
        ("ks5_applied_general_pupils", "2022/23"),
    },
    "850": {
        ("ks2_cohort_disadvantaged", "2017/18"),
        ("ks2_gps_expected_middle_prior", "2018/19"),
        ("ks2_reading_scaled_score_middle_prior", "2016/17"),
        ("ks4_pupils", "2020/21"),
        ("ks5_academic_pupils", "2022/23"),
        ("ks5_alevel_aab", "2016/17"),
        ("ks5_alevel_best3", "2016/17"),
        ("ks5_applied_general_pupils", "2022/23"),
        ("ks5_tech_level_pupils", "2022/23"),
    },
}


def school_rows(rows: list[Row]) -> list[Row]:
    """Mainstream and special schools, closed ones too: their pupils are in the LA row."""
    return [row for row in rows if row["RECTYPE"] in ("1", "2")]


def products(rows: list[Row], value: str, pupils: str) -> tuple[float, float]:
    """Sum of value times pupils, and the pupils it was taken over."""
    pairs = [(number(row[value]), number(row[pupils])) for row in rows]
    kept = [(v, n) for v, n in pairs if v is not None and n]
    return sum(v * n for v, n in kept), sum(n for _, n in kept)


def observed(built: Built, la_code: str, measure: str, academic_year: str) -> list[tuple[float, float]]:
    """The warehouse's own-year school values with their pupils, independent schools left out."""
    return built.rows(
        """
        select value, denominator
        from warehouse.observations
        where
            entity_type = 'school' and la_code = ? and measure = ? and academic_year = ?
            and pupil_group = 'all' and status = 'reported' and not is_carried
        """,
        la_code,
        measure,
        academic_year,
    )


@pytest.mark.parametrize(("measure", "group", "year", "basis", "printed"), LA_ROW)
def test_hertfordshires_row_is_as_printed(
    hertfordshire: Built, measure: str, group: str, year: str, basis: str, printed: float
) -> None:
    value = hertfordshire.one(
        """
        select value from observations
        where
            entity_type = 'la' and entity_code = '919' and measure = ? and pupil_group = ? and academic_year = ?
            and basis = ?
        """,
        measure,
        group,
        year,
        basis,
    )
    assert value == printed


def test_key_stage_2_adds_up_to_the_la_row(real: RealData, hertfordshire: Built, hampshire: Built) -> None:
    """Pupils exactly; percentages within half a point, since a school's are whole numbers."""
    cases = [("2024-2025", "919", hertfordshire), *((folder, "850", hampshire) for folder in HAMPSHIRE_YEARS)]
    for folder, la_code, built in cases:
        rows = real.table(folder, f"{la_code}_ks2final.csv")
        la_row = total_row(rows, "3", la_code)
        year = f"{folder[:4]}/{folder[-2:]}"

        assert sum(number(row["TELIG"]) or 0 for row in school_rows(rows)) == number(la_row["TELIG"])
        pupils = observed(built, la_code, "ks2_pupils_n", year)
        assert sum(value for value, _ in pupils) == number(la_row["TELIG"])

        for column, measure in (("PTRWM_EXP", "ks2_rwm_expected_pct"), ("PTRWM_HIGH", "ks2_rwm_higher_pct")):
            by_hand, over = products(school_rows(rows), column, "TELIG")
            printed = number(la_row[column])
            assert printed is not None and abs(by_hand / over - printed) <= 0.5
            values = observed(built, la_code, measure, year)
            assert sum(v * n for v, n in values) == pytest.approx(by_hand)
            assert sum(n for _, n in values) == over


def test_key_stage_4_adds_up_to_the_la_row(real: RealData, hertfordshire: Built) -> None:
    """The LA's mean is over all its pupils: those of special schools without entries (NE) count with nothing."""
    rows = real.table("2024-2025", "919_ks4final.csv")
    la_row = total_row(rows, "4", "919")
    pupils = number(la_row["TPUP"])
    assert pupils is not None
    schools = [row for row in school_rows(rows) if row["NFTYPE"] not in OUTSIDE_THE_KS4_ROW]
    assert sum(number(row["TPUP"]) or 0 for row in schools) == pupils
    assert sum(number(row["TPUP"]) or 0 for row in schools if row["ATT8SCR"] == "NE") == 162

    reconciled = {
        subject: (published, recomputed)
        for subject, published, recomputed in hertfordshire.rows(
            """
            select subject, published_value, recomputed_value from data_quality
            where "check" = 'reconciled' and is_reconciled and academic_year = '2024/25'
            """
        )
    }
    for column, measure, subject in (
        ("ATT8SCR", "ks4_attainment8", "la 919 ks4_attainment8"),
        ("PTL2BASICS_95", "ks4_engmaths_95_pct", "la 919 ks4_engmaths_95"),
    ):
        by_hand, _ = products(schools, column, "TPUP")
        printed = number(la_row[column])
        assert printed is not None and abs(by_hand / pupils - printed) <= 0.05
        state_funded = {row["URN"] for row in schools}
        values = hertfordshire.rows(
            """
            select entity_code, value, denominator from observations
            where
                entity_type = 'school' and la_code = '919' and measure = ? and pupil_group = 'all'
                and academic_year = '2024/25' and status = 'reported'
            """,
            measure,
        )
        total = sum(value * n for urn, value, n in values if urn in state_funded)
        assert total == pytest.approx(by_hand)
        assert reconciled[subject][0] == printed
        assert reconciled[subject][1] == pytest.approx(by_hand / pupils, abs=0.01)


def test_every_reconciliation_of_final_tables_holds_or_is_explained(hertfordshire: Built, hampshire: Built) -> None:
    """All but a few, and of those each says what was found when somebody looked.

    (Provisional tables leave a new academy's row blank, so there some LAs' schools do not add up.)
    """
    for built, la_code, at_least in ((hertfordshire, "919", 90), (hampshire, "850", 130)):
        outcomes = built.rows(
            """
            select data_quality.subject, data_quality.academic_year, data_quality.is_reconciled,
                data_quality.severity, data_quality.difference
            from data_quality
            inner join held_files using (file_id)
            where
                data_quality."check" = 'reconciled' and held_files.release = 'final'
                and starts_with(data_quality.subject, ?)
            """,
            f"la {la_code} ",
        )
        assert len(outcomes) >= at_least
        different = [outcome for outcome in outcomes if not outcome[2]]
        assert {(subject.split()[-1], year) for subject, year, *_ in different} == DIFFERENT[la_code]
        assert [outcome for outcome in different if outcome[3] == "warning"] == []
        assert [outcome for outcome in different if abs(outcome[4]) > 37] == []
