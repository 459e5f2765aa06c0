"""Every LA and England value that the warehouse and the Department's own LA Interactive Tool both hold.

A difference must have a reason from the table below, and stay within it: none may be left over.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData

# measure, pupil group, basis -> the tool's own name of the series
SERIES = {
    ("ks2_rwm_expected_pct", "all", "state_funded"): "KS2RWM_Expected_STD",
    ("ks2_rwm_higher_pct", "all", "state_funded"): "KS2RWM_Higher_STD",
    ("ks2_rwm_expected_pct", "disadvantaged", "state_funded"): "DAP_NEW_KS2_RWM",
    ("ks2_rwm_expected_pct", "other", "state_funded"): "NonDAP_NEW_KS2_RWM",
    ("ks2_reading_expected_pct", "all", "state_funded"): "KS2R_Expected_STD",
    ("ks2_reading_higher_pct", "all", "state_funded"): "KS2R_Higher_STD",
    ("ks2_writing_expected_pct", "all", "state_funded"): "KS2W_Teacher_Assess",
    ("ks2_writing_higher_pct", "all", "state_funded"): "KS2GDW_Teacher_Assess",
    ("ks2_maths_expected_pct", "all", "state_funded"): "KS2M_Expected_STD",
    ("ks2_maths_higher_pct", "all", "state_funded"): "KS2M_Higher_STD",
    ("ks2_gps_expected_pct", "all", "state_funded"): "KS2GPS_Expected_STD",
    ("ks2_gps_higher_pct", "all", "state_funded"): "KS2GPS_Higher_STD",
    ("ks2_reading_scaled_score", "all", "state_funded"): "KS2R_AVG_Scaled_Score",
    ("ks2_maths_scaled_score", "all", "state_funded"): "KS2M_AVG_Scaled_Score",
    ("ks2_gps_scaled_score", "all", "state_funded"): "KS2GPS_AVG_Scaled_Score",
    ("ks2_reading_progress", "all", "state_funded"): "KS2R_Prog_VA",
    ("ks2_writing_progress", "all", "state_funded"): "KS2W_Prog_VA",
    ("ks2_maths_progress", "all", "state_funded"): "KS2M_Prog_VA",
    ("ks2_reading_progress", "disadvantaged", "state_funded"): "KS2_DAP_Reading_Progress",
    ("ks2_writing_progress", "disadvantaged", "state_funded"): "KS2_DAP_Writing_Progress",
    ("ks2_maths_progress", "disadvantaged", "state_funded"): "KS2_DAP_Maths_Progress",
    ("ks2_reading_progress", "other", "state_funded"): "KS2_NonDAP_Reading_Progress",
    ("ks2_writing_progress", "other", "state_funded"): "KS2_NonDAP_Writing_Progress",
    ("ks2_maths_progress", "other", "state_funded"): "KS2_NonDAP_Maths_Progress",
    ("ks4_attainment8", "all", "state_funded"): "AVG_Attain8_Score",
    ("ks4_attainment8", "disadvantaged", "state_funded"): "DAP_KS4_ATT8",
    ("ks4_attainment8", "other", "state_funded"): "NonDAP_KS4_ATT8",
    ("ks4_progress8", "all", "state_funded"): "AVG_Prog8_Score",
    ("ks4_engmaths_95_pct", "all", "state_funded"): "EngMaths9-5",
    ("ks4_engmaths_94_pct", "all", "state_funded"): "EngMaths9-4",
    ("ks4_ebacc_entry_pct", "all", "state_funded"): "EngBacEntries",
    ("ks4_ebacc_aps", "all", "state_funded"): "EngBacAvgPointScore",
    ("ks4_destination_sustained_pct", "all", "state_funded"): "SusEdOverall_All",
    ("ks5_alevel_aps", "all", "state_funded"): "APSE_Alevel",
    ("ks5_alevel_best3_aps", "all", "state_funded"): "APSE_Best_3ALevels",
    ("ks5_alevel_aab_2facilitating_pct", "all", "state_funded"): "Alevel_2FacilSubs",
    ("ks5_applied_general_aps", "all", "state_funded"): "APSE_GenS",
    ("ks5_tech_level_aps", "all", "state_funded"): "APSE_Tech",
    ("absence_overall_pct", "all", "state_funded_primary"): "PriTotAbs",
    ("absence_overall_pct", "all", "state_funded_secondary"): "SecTotAbs",
    ("absence_overall_pct", "all", "state_funded_special"): "total_absence_special",
    ("absence_persistent_pct", "all", "state_funded_primary"): "SFPriPerAbNew",
    ("absence_persistent_pct", "all", "state_funded_secondary"): "SFSecPerAbNew",
    ("absence_persistent_pct", "all", "state_funded_special"): "SpecPerAbNew",
    ("fsm6_pct", "all", "state_funded_primary"): "Ever6_FSM_Prim",
    ("fsm6_pct", "all", "state_funded_secondary"): "Ever6_FSM_Sec",
    ("eal_pct", "all", "state_funded_primary"): "EALPri",
    ("eal_pct", "all", "state_funded_secondary"): "EALSec",
    ("ehcp_pct", "all", "state_funded_primary"): "PrimStatements",
    ("ehcp_pct", "all", "state_funded_secondary"): "SecStatements",
    ("sen_support_pct", "all", "state_funded_primary"): "PrimNoStatements",
    ("sen_support_pct", "all", "state_funded_secondary"): "SecNoStatements",
}

ENGLAND = "970"
HERTFORDSHIRE = "919"


@dataclass(frozen=True)
class Reason:
    """Why the tool's figure may differ: for which series, areas and years, and by how much (ours minus theirs)."""

    name: str
    series: str
    england: bool
    las: bool
    years: range
    lowest: float
    highest: float

    def covers(self, series: str, area: str, year: int, difference: float) -> bool:
        return (
            re.fullmatch(self.series, series) is not None
            and (self.england if area == ENGLAND else self.las)
            and year in self.years
            and self.lowest - 1e-6 <= difference <= self.highest + 1e-6
        )


ALWAYS = range(2014, 2026)
REASONS = [
    # The tool's England comes from the regional table, which leaves out hospital schools: up to a point above.
    Reason("ks2_england_basis", "(KS2|DAP_NEW_KS2|NonDAP_NEW_KS2).*", True, False, ALWAYS, -1, -1),
    # The tool keeps revised figures; the files held are final (dossier: LA disadvantaged 2023/24 is 34.4 when final).
    Reason("ks4_release", "(DAP_KS4_ATT8|AVG_Attain8_Score)", True, True, range(2023, 2026), 0.1, 0.1),
    Reason("ks5_release", "(APSE_.*|Alevel_.*)", True, True, ALWAYS, -0.06, 0.35),
    # Tables to the leavers of 2019/20 count mainstream schools alone, the tool special schools too (only Rutland's
    # figure is higher there).
    Reason("destinations_special_schools", "SusEdOverall_All", True, True, range(2014, 2021), -0.6, 3.5),
    # England's phase rows of these two censuses take in special schools (4,998,768 'primary' pupils in 2016/17).
    Reason("census_england_with_special", "(EAL|Ever6|Prim|Sec).*", True, False, range(2017, 2019), -0.3, 3),
    # The table divides by the whole roll that year, the tool by pupils of statutory age.
    Reason("census_fsm6_whole_roll", "Ever6_.*", True, False, range(2021, 2022), -3.5, -1),
    # The tool prints one decimal place, the census tables two.
    Reason("census_tool_rounds", "(EAL|Prim|Sec).*", True, True, ALWAYS, -0.05, 0.05),
    # England's cells are printed to whole or cut-off figures (671,977 of 4,554,974 is printed as 15%).
    Reason("census_england_rounding", "Prim(No)?Statements", True, False, range(2021, 2026), -0.2, 0.25),
    # Provisional key stage 4 tables stand for the two years whose final ones are not held; late results raise them
    # (Torbay's most).
    Reason("ks4_provisional", "(AVG_|DAP_KS4|NonDAP_KS4|Eng).*", True, True, range(2017, 2019), -2.5, 0.6),
]


@dataclass(frozen=True)
class Compared:
    series: str
    area: str
    year: int
    ours: float
    theirs: float
    decimals: int

    @property
    def difference(self) -> float:
        return self.ours - self.theirs

    @property
    def is_equal(self) -> bool:
        """The same at the places the table prints."""
        return abs(self.difference) <= 0.5 * 10**-self.decimals + 1e-6

    def reason(self) -> str | None:
        if self.is_equal:
            return None
        for reason in REASONS:
            if reason.covers(self.series, self.area, self.year, self.difference):
                return reason.name
        return "unexplained"


def year_of(label: str) -> int | None:
    """`2025`, `2025 (Rev)`, `2025 (Final)` or `2025 (prov)`; any other label names no academic year."""
    match = re.fullmatch(r"(\d{4})( \((Rev|Final|prov)\))?", label)
    return int(match[1]) if match else None


def places(printed: str) -> int:
    """How many decimal places a cell was printed with."""
    return len(printed.strip("%").partition(".")[2])


def compare(built: Built, published: dict[tuple[str, str, int], float]) -> list[Compared]:
    """Each reported LA and England observation beside the published figure of the same series and year."""
    observed = built.rows(
        """
        select measure, pupil_group, basis, entity_type, entity_code, academic_year, value, raw_value
        from observations
        where entity_type in ('la', 'country') and status = 'reported'
        """
    )
    found = []
    for measure, group, basis, entity_type, code, academic_year, value, raw in observed:
        series = SERIES.get((measure, group, basis))
        area = ENGLAND if entity_type == "country" else code
        year = int(academic_year[:4]) + 1
        if series is not None and (series, area, year) in published:
            found.append(Compared(series, area, year, value, published[series, area, year], places(raw)))
    return found


def unexplained(compared: list[Compared]) -> list[Compared]:
    return [item for item in compared if item.reason() == "unexplained"]


@pytest.fixture(scope="session")
def facts(facts_file: Path) -> dict[tuple[str, str, int], float]:
    areas = {"Hertfordshire": HERTFORDSHIRE, "England": ENGLAND}
    facts = {}
    with facts_file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            year = year_of(row["year"])
            if year is not None and row["value"] not in ("", "-") and row["short_desc"] in SERIES.values():
                facts[row["short_desc"], areas[row["area"]], year] = float(row["value"])
    return facts


@pytest.fixture(scope="session")
def tool(real: RealData) -> dict[tuple[str, str, int], float]:
    """The tool's whole table: every LA."""
    path = real.root / "lait" / "bds_long_0.parquet"
    rows = duckdb.execute(
        f"""
        select "Short Desc", "LA Number", "Years", try_cast("Values" as double)
        from read_parquet('{path.as_posix()}')
        where "LA Number" is not null and "Years" is not null
        """
    ).fetchall()
    return {
        (series, str(int(la)), year): value
        for series, la, label, value in rows
        if value is not None and (year := year_of(label)) is not None
    }


def test_hertfordshire_and_england_equal_the_published_facts(
    hertfordshire: Built, facts: dict[tuple[str, str, int], float]
) -> None:
    compared = compare(hertfordshire, facts)
    assert unexplained(compared) == []
    # a map that lost its columns would compare nothing and pass
    assert len(compared) >= 330
    assert {item.series for item in compared} == set(SERIES.values())


def test_hertfordshires_own_figures_differ_only_by_release(
    hertfordshire: Built, facts: dict[tuple[str, str, int], float]
) -> None:
    own = [item for item in compare(hertfordshire, facts) if item.area == HERTFORDSHIRE and item.year >= 2019]
    reasons = {item.reason() for item in own}
    assert reasons <= {None, "ks4_release", "ks5_release", "destinations_special_schools", "census_tool_rounds"}


def test_every_la_equals_the_whole_table(hertfordshire: Built, tool: dict[tuple[str, str, int], float]) -> None:
    compared = compare(hertfordshire, tool)
    assert unexplained(compared) == []
    assert len(compared) >= 5000
    # bases and releases explain little: where final tables are held, nearly every LA's figure is the very same
    reasons = Counter(item.reason() for item in compared if item.series.startswith("APSE_") and item.area != ENGLAND)
    assert reasons[None] / reasons.total() > 0.95


def test_a_wrong_figure_would_be_unexplained(hertfordshire: Built, facts: dict[tuple[str, str, int], float]) -> None:
    """The net has no holes wide enough for one wrong digit in Hertfordshire's key stage 2, 4 or A level figures."""
    for series in ("KS2RWM_Expected_STD", "AVG_Attain8_Score", "EngMaths9-5", "APSE_Alevel"):
        key = (series, HERTFORDSHIRE, 2025)
        spoilt = facts | {key: facts[key] + 1.3}
        wrong = unexplained(compare(hertfordshire, spoilt))
        assert [(item.series, item.area, item.year) for item in wrong] == [key]


# the dossier's table of the tool's headline series, under our names: basis `la_tables` and a phase
HEADLINES = {
    ("eyfs_gld_pct", "all", ""): "FSP_NEW_GOODDEV",
    ("eyfs_gld_pct", "fsm", ""): "FSP_Gooddev_FSM",
    ("eyfs_gld_pct", "not_fsm", ""): "FSP_Gooddev_FSM_Other",
    ("eyfs_average_goals", "all", ""): "FSPAVEPreChild",
    ("phonics_y1_pct", "all", ""): "KS1P_all",
    ("phonics_y1_pct", "fsm", ""): "KS1P_FSM",
    ("ks1_reading_expected_pct", "all", ""): "KS1R_Expected_STD",
    ("ks1_writing_expected_pct", "all", ""): "KS1W_Expected _STD",
    ("ks1_maths_expected_pct", "all", ""): "KS1M_Expected _STD",
    ("mtc_full_marks_pct", "all", ""): "Multiplication_Total",
    ("mtc_mean_score", "all", ""): "Multiplication_Total_APS",
    ("ks5_alevel_aab_pct", "all", ""): "Alevel_AAB",
    ("absence_overall_pct", "all", ""): "TotAbs",
    ("absence_persistent_pct", "all", ""): "TotPerAbNew",
    ("absence_severe_pct", "all", ""): "TotSevPerAbNew",
    ("he_by_19_pct", "all", ""): "HE_19_All",
    ("fsm_pct", "all", "_primary"): "PriFSM",
    ("fsm_pct", "all", "_secondary"): "SecFSM",
    ("ehcp_pct", "all", ""): "SEN_TotStat",
    ("sen_support_pct", "all", ""): "SEN_TotSENSuP",
    ("suspension_rate_pct", "all", ""): "TotFixedEx",
    ("permanent_exclusion_rate_pct", "all", ""): "TotPermEx",
    ("pupil_premium_pupils_n", "all", ""): "Premium",
} | {(measure, group, basis.removeprefix("state_funded")): name for (measure, group, basis), name in SERIES.items()}


@pytest.fixture(scope="session")
def printed_by_the_tool(real: RealData) -> list[tuple[str, str, str, str]]:
    """The tool's rows in the file's order: series, year as printed, area's number, value as printed."""
    table = pq.read_table(real.root / "lait" / "bds_long_0.parquet")
    names = ("Short Desc", "Years", "LA Number", "Values")
    series, years, areas, values = (table.column(name).to_pylist() for name in names)
    return [
        (name, year, str(int(area)), value)
        for name, year, area, value in zip(series, years, areas, values, strict=True)
    ]


def test_every_observation_of_the_tool_is_the_published_fact(
    hertfordshire: Built, facts_file: Path, printed_by_the_tool: list[tuple[str, str, str, str]]
) -> None:
    """Hertfordshire and England: value by value against the facts, each under the year its own label prints."""
    with facts_file.open(encoding="utf-8", newline="") as lines:
        published = {(r["short_desc"], r["year"], r["area"]): r["value"] for r in csv.DictReader(lines)}
    areas = {HERTFORDSHIRE: "Hertfordshire", ENGLAND: "England"}
    observed = hertfordshire.rows(
        """
        select measure, pupil_group, basis, academic_year, value, line from observations
        where source = 'lait' and (entity_code = '919' or entity_type = 'country')
        """
    )
    assert len(observed) >= 3600
    series = Counter()
    for measure, group, basis, academic_year, value, line in observed:
        name, label, area, _ = printed_by_the_tool[line - 2]
        fact = published[name, label, areas[area]]
        assert value == (None if fact in ("-", "") else pytest.approx(float(fact), abs=6e-5)), (name, label, area)
        end = re.sub(r" \(.*\)$", "", label)
        assert int(academic_year[:4]) + 1 == (int(end) if len(end) == 4 else int(end[:4]) + 1), (name, label)
        headline = HEADLINES.get((measure, group, basis.removeprefix("la_tables")))
        assert headline in (None, name), (measure, group, basis)
        series[headline] += 1
    assert set(HEADLINES.values()) - set(series) == set()


def test_every_authoritys_cells_of_a_mapped_series_are_observations(
    hertfordshire: Built, printed_by_the_tool: list[tuple[str, str, str, str]]
) -> None:
    """Neighbours and ranks need every authority: as many numbers and dashes as the file has, none unrecognised."""
    counts = hertfordshire.rows("select status, count(*) from observations where source = 'lait' group by all")
    made = Counter(dict(counts))
    lines = {line for (line,) in hertfordshire.rows("select line from observations where source = 'lait'")}
    mapped = {printed_by_the_tool[line - 2][0] for line in lines}
    assert len(mapped) >= 200
    printed = Counter(
        "not_published" if value == "-" else "reported" for name, _, _, value in printed_by_the_tool if name in mapped
    )
    assert made == printed
