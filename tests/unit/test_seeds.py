"""The seeds agree with each other and with the agreed vocabularies.

Files only: what dbt makes of them is tested beside the models.
"""

import csv
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.home import project_root
from pipelines.publication.views.figures import measures, written
from pipelines.returns.schema import returns
from pipelines.seeds import in_force, seed, seed_file, seed_names
from pipelines.sources.catalogue import load_catalogue

DBT = project_root() / "dbt_project"
SEEDS = [seed_file(name) for name in seed_names()]

ABSENCES = {
    "suppressed",
    "not_applicable",
    "not_published",
    "no_pupils",
    "low_coverage",
    "small_percentage",
    "new_school",
    "not_supplied",
    "redacted",
    "unreliable",
    "rounds_to_zero",
    "blank",
    "unrecognised",
}
UNSEEN_STATES = {"too_small", "suppressed", "not_published", "not_applicable", "no_data"}
PROVISIONS = {"whole_school", "early_years", "post_16"}
RATINGS = {"dark_green", "light_green", "yellow", "amber", "red", "insufficient_evidence"}
AUTHORITIES = {"published", "agreed", "default", "inferred"}
PLACEHOLDERS = {"value", "benchmark", "cohort", "year", "detail"}
TESTS_OF_RESULTS = {
    "below_national",
    "pooled_below_national",
    "below_three_years",
    "bottom_quintile",
    "bottom_decile",
    "below_by",
    "fall",
    "under",
    "over",
    "under_two_years",
}
TESTS_OF_INSPECTION = {
    "category",
    "below_good",
    "early_years_below_good",
    "ungraded_concerns",
    "years_since_inspection",
    "years_since_any_inspection",
}
TESTS_OF_WHAT_IS_KNOWN = {
    "roll_fall",
    "recently_opened",
    "complaint_upheld",
    "governance_concern",
    "safeguarding_concern",
    "headteacher_change",
}
YEARS_IN_WORDS = {3: "three years", 4: "four years", 5: "five years", 6: "six years", 7: "seven years"}


def values(name: str, column: str) -> set[str]:
    return {row[column] for row in seed(name)} - {""}


def repeated(name: str, *columns: str) -> list[tuple[str, ...]]:
    counts = Counter(tuple(row[column] for column in columns) for row in seed(name))
    return [key for key, count in counts.items() if count > 1]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_rows_are_as_long_as_the_header(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert {len(row) for row in rows} == {len(header)}


def test_authority_is_one_of_four() -> None:
    of_policy = [path.stem for path in SEEDS if "authority" in seed(path.stem)[0]]
    assert of_policy
    for name in of_policy:
        assert {row["authority"] for row in seed(name)} <= AUTHORITIES, name


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("absence_states", ["status"]),
        ("authority_changes", ["la_code", "successor_la_code"]),
        ("carried_suffixes", ["source", "folder_academic_year", "suffix"]),
        ("column_map", ["source", "column_name", "row_variant"]),
        ("concern_trigger_kinds", ["trigger"]),
        ("deciding_measures", ["measure", "pupil_group"]),
        ("establishment_statuses", ["status_code"]),
        ("establishment_types", ["establishment_type"]),
        ("evidence_stages", ["key_stage", "release"]),
        ("field_map", ["source", "column_name"]),
        ("indicators", ["indicator"]),
        ("indicator_domains", ["domain"]),
        ("indicator_tests", ["test"]),
        ("group_types", ["group_type"]),
        ("group_pairs", ["pupil_group"]),
        ("inspection_frameworks", ["framework"]),
        ("inspection_series", ["inspected", "series", "area"]),
        ("inspection_series", ["measure"]),
        ("kpis", ["kpi"]),
        ("link_types", ["link_type"]),
        ("measures", ["measure"]),
        ("percentages", ["source", "column_name", "of_column", "pupil_group"]),
        ("policy", ["parameter"]),
        ("rayg_axes", ["axis", "value"]),
        ("rayg_rules", ["rule"]),
        ("rayg_rules", ["priority"]),
        ("reconciliations", ["reconciliation"]),
        ("record_types", ["source", "when_record_type", "when_urn", "when_la_code", "when_estab", "folder_from"]),
        ("progress_bands", ["measure", "academic_year_from"]),
        ("published_twins", ["published_measure"]),
        ("reconciliation_exceptions", ["reconciliation", "area_code", "academic_year"]),
        ("register_kinds", ["register"]),
        ("releases", ["release"]),
        ("unpublished_years", ["measures", "pupil_group", "entity_level", "year_from"]),
        ("report_card_grades", ["grade"]),
        ("report_card_standings", ["provision", "area", "grade"]),
        ("routes", ["sector"]),
        ("row_dimensions", ["source", "field", "token", "role"]),
        ("school_kinds", ["school_kind"]),
        ("screen_bands", ["band"]),
        ("statistical_neighbours", ["la_code", "neighbour_la_code", "valid_from"]),
        ("inspection_categories", ["category"]),
        ("outcome_domains", ["outcome_domain"]),
        ("ratings", ["rating"]),
        ("rating_axes", ["axis"]),
        ("rating_axes", ["axis_order"]),
        ("sixth_form_cohorts", ["cohort"]),
        ("sixth_form_cohorts", ["cohort_order"]),
        ("strategies", ["strategy_version"]),
        ("ungraded_outcomes", ["outcome_text"]),
        ("value_codes", ["token"]),
    ],
)
def test_keys_stand_once(name: str, columns: list[str]) -> None:
    assert repeated(name, *columns) == []


DATED = [{"valid_from": "2021-04-01", "valid_to": "2025-04-30"}, {"valid_from": "2025-05-01", "valid_to": ""}]


@pytest.mark.parametrize(
    ("on", "rows"),
    [
        (date(2021, 3, 31), []),
        (date(2021, 4, 1), DATED[:1]),
        (date(2025, 4, 30), DATED[:1]),
        (date(2025, 5, 1), DATED[1:]),
        (date(2099, 1, 1), DATED[1:]),
        (None, []),
    ],
)
def test_a_dated_row_counts_from_its_first_day_to_its_last(on: date | None, rows: list[dict[str, str]]) -> None:
    assert in_force(DATED, on) == rows


@pytest.mark.parametrize("name", ["column_map", "field_map", "percentages"])
def test_column_names_are_upper_case(name: str) -> None:
    columns = [column for column in seed(name)[0] if column.endswith(("column_name", "_column"))]
    for column in columns:
        assert [value for value in values(name, column) if value != value.upper()] == []


def test_a_row_of_a_long_file_is_at_one_level() -> None:
    """A source whose rows have dimensions says of each row what it is about, and is not matched by record type."""
    levelled = {row["source"] for row in seed("row_dimensions") if row["role"] == "level"}
    assert levelled == values("row_dimensions", "source")
    assert levelled & values("record_types", "source") == set()
    fields = {(row["source"], row["field"]) for row in seed("field_map")}
    assert {(row["source"], row["field"]) for row in seed("row_dimensions")} <= fields


def test_carried_endings_are_upper_case() -> None:
    assert [suffix for suffix in values("carried_suffixes", "suffix") if suffix != suffix.upper()] == []


@pytest.mark.parametrize(
    "name", ["column_map", "field_map", "percentages", "record_types", "carried_suffixes", "row_dimensions"]
)
def test_sources_are_in_the_catalogue(name: str) -> None:
    assert values(name, "source") <= {source.id for source in load_catalogue().sources}


@pytest.mark.parametrize(
    "name", ["column_map", "percentages", "deciding_measures", "indicators", "kpis", "reconciliations"]
)
def test_measures_are_known(name: str) -> None:
    assert values(name, "measure") <= values("measures", "measure")


def test_every_measure_has_a_column() -> None:
    printed = ("column_map", "percentages", "published_series", "inspection_series")
    assert values("measures", "measure") - {measure for name in printed for measure in values(name, "measure")} == set()


def test_an_unpublished_year_names_measures_a_level_and_its_reason() -> None:
    """A pattern that fits no measure would leave its years as holes."""
    measures = values("measures", "measure")
    for row in seed("unpublished_years"):
        pattern = re.escape(row["measures"]).replace("%", ".*")
        assert any(re.fullmatch(pattern, measure) for measure in measures), row["measures"]
        assert row["entity_level"] in {"school", "area", "la", "any"}
        assert row["year_from"] <= row["year_to"] and len(row["reason"]) >= 20


def test_figures_from_memory_are_no_published_series() -> None:
    assert values("published_series", "certainty") == {"read in a published page"}
    assert repeated("published_series", "measure", "entity_code", "academic_year", "release") == []


@pytest.mark.parametrize("name", ["deciding_measures", "indicators", "kpis", "reconciliations"])
def test_what_is_asked_for_is_mapped(name: str) -> None:
    mapped = {(row["measure"], row["pupil_group"]) for name in ("column_map", "percentages") for row in seed(name)}
    # a long file's rows name their groups
    groups = {row["value"] for row in seed("row_dimensions") if row["role"] == "group"} | {"all"}
    mapped |= {(measure, group) for measure, of_row in mapped if not of_row for group in groups}
    mapped |= {(measure, "all") for measure in values("inspection_series", "measure")}  # counted from inspections
    asked = {(row["measure"], row["pupil_group"]) for row in seed(name) if row["measure"]}
    assert asked - mapped == set()


def test_every_interval_can_be_made() -> None:
    measures = {row["measure"]: row for row in seed("measures")}
    assert {row["interval_method"] for row in measures.values()} == {"wilson", "published", "none"}
    for row in measures.values():
        assert (row["overdispersion"] != "") == (row["interval_method"] == "wilson"), row["measure"]
    for row in seed("column_map"):
        has_interval = row["lower_ci_column"] != "" and row["upper_ci_column"] != ""
        # a source that prints no interval leaves the measure without one
        assert not has_interval or measures[row["measure"]]["interval_method"] == "published", row["column_name"]


def test_every_kpi_has_bounds_for_its_target() -> None:
    measures = {row["measure"]: row for row in seed("measures")}
    for row in measures.values():
        assert (row["least"] == "") == (row["most"] == ""), row["measure"]
        assert row["least"] == "" or (row["unit"] != "pct" and float(row["least"]) < float(row["most"])), row["measure"]
    unbounded = {row["measure"] for row in seed("kpis") if measures[row["measure"]]["unit"] != "pct"}
    assert {measure for measure in unbounded if not measures[measure]["least"]} == set()


def test_every_code_stands_for_an_agreed_status() -> None:
    assert values("value_codes", "status") <= ABSENCES


def test_every_absence_has_a_state() -> None:
    assert values("absence_states", "status") == ABSENCES
    assert values("absence_states", "state") <= UNSEEN_STATES


def test_indicators_can_be_read_and_traced() -> None:
    for row in seed("indicators"):
        for column in ("title", "wording", "strategy_paragraph", "authority", "domain", "test", "points"):
            assert row[column].strip(), f"{row['indicator']}: {column}"
        named = set(re.findall(r"\{(.*?)\}", row["wording"] + row["wording_when_clear"]))
        assert named <= PLACEHOLDERS, row["indicator"]
        assert row["provision"] in PROVISIONS, row["indicator"]
        assert set(row["school_kinds"].split()) <= values("school_kinds", "school_kind"), row["indicator"]


def test_indicators_use_tests_that_exist() -> None:
    """A misspelt test of inspection would be read as `below_good`."""
    results = {row["test"] for row in seed("indicators") if row["measure"]}
    others = {row["test"] for row in seed("indicators") if not row["measure"]}
    assert results == TESTS_OF_RESULTS
    assert others == TESTS_OF_INSPECTION | TESTS_OF_WHAT_IS_KNOWN


def test_the_screen_looks_at_every_domain() -> None:
    """Forty indicators at least, over all that the strategy names; what is only noted says so."""
    rows = seed("indicators")
    assert len(rows) >= 40
    assert {row["domain"] for row in rows} == {
        *("attainment", "progress", "disadvantaged", "attendance", "behaviour", "inspection", "finance"),
        *("trajectory", "early_years", "post_16", "context", "local"),
    }
    assert [row["indicator"] for row in rows if (row["points"] == "0") != ("Noted, not scored" in row["wording"])] == []


# What the paragraphs of the strategy speak of: a seed cites no other, and no section of anything else. Appendix A
# stands apart: its paragraphs begin with A, and the table after its ninth is `A9 table`.
PARAGRAPHS = {
    "13": "attainment of all and of disadvantaged pupils",
    "15": "dimensions of disadvantage: SEND, need, care, ethnicity, exclusions, pupil premium",
    "20": "the Virtual School and children looked after",
    "54": "the review, its indicators and underachieving groups",
    "55": "good and outstanding schools and settings; the pace of closing the gap",
    "60": "desk-top exercises",
    "62": "who would benefit and who could support; the register",
    "63": "the impact of interventions",
    "66": "where the greatest attention goes",
    "97": "school-to-school support",
    "101": "risks that other sources show",
}


def test_what_a_seed_cites_is_a_paragraph_that_speaks_of_it() -> None:
    strange = [
        (path.stem, row["strategy_paragraph"])
        for path in SEEDS
        for row in seed(path.stem)
        if row.get("strategy_paragraph")
        and row["strategy_paragraph"] not in PARAGRAPHS
        and not re.fullmatch(r"A([1-9]|[1-3]\d|4[0-7])[a-e]?|A9 table", row["strategy_paragraph"])
    ]
    assert strange == []


def test_an_indicator_of_a_group_cites_the_paragraph_that_names_it() -> None:
    rows = seed("kpis")
    assert {row["pupil_group"] for row in rows if row["strategy_paragraph"] == "20"} == {"looked_after"}
    named = {"looked_after": "20", "child_in_need": "15", "sen_support": "15", "ehcp": "15", "asian": "15"}
    named |= {"disadvantaged": "13", "fsm": "13"}
    for row in rows:
        assert row["strategy_paragraph"] == named.get(row["pupil_group"], row["strategy_paragraph"]), row["kpi"]


def test_every_group_stands_at_every_stage_that_publishes_it() -> None:
    """The grid of the review (15, 20, 54): group by stage, with its gap where other pupils are published."""
    ethnic = {"asian", "black", "chinese", "mixed", "white", "other_ethnic"}
    of_need = {"sen_support", "ehcp", "child_in_need", "looked_after"}
    asked = {
        "eyfs_gld_pct": of_need | ethnic | {"fsm"},
        "phonics_y1_pct": {"sen_support", "ehcp", "fsm"},
        "ks2_rwm_expected_pct": of_need | ethnic | {"disadvantaged"},
        "ks4_attainment8": of_need | ethnic - {"other_ethnic"} | {"disadvantaged"},
        "ks4_engmaths_95_pct": {"child_in_need", "disadvantaged"},
        "ks4_engmaths_94_pct": {"child_in_need", "looked_after", "disadvantaged"},
        "absence_overall_pct": {"child_in_need", "looked_after"},
        "absence_persistent_pct": {"child_in_need", "looked_after"},
        "ks4_destination_sustained_pct": {"sen_support", "ehcp", "disadvantaged"},
    }
    held = {(row["measure"], row["pupil_group"]) for row in seed("kpis")}
    assert {(measure, group) for measure, groups in asked.items() for group in groups} - held == set()


def test_policy_is_used() -> None:
    readers = [*DBT.glob("m*/**/*.sql"), *(project_root() / "pipelines").rglob("*.py")]
    used = {name for path in readers for name in re.findall(r"""policy\(['"](\w+)['"]\)""", path.read_text("utf-8"))}
    assert used == values("policy", "parameter")


def test_a_grade_below_good_is_said_once() -> None:
    """The grade from which an inspection is below good is policy's; indicators that use it leave theirs empty."""
    repeating = [row["indicator"] for row in seed("indicators") if "below_good" in row["test"] and row["threshold"]]
    assert repeating == []


def test_sentences_repeat_no_policy_number_of_years() -> None:
    """A sentence that says a number of years would go on saying it when the policy changes."""
    years = {int(float(row["value"])) for row in seed("policy") if row["parameter"].endswith("_years")}
    said = {f"{number} years" for number in years} | {YEARS_IN_WORDS.get(number, "") for number in years}
    rules, axes = seed("rayg_rules"), seed("rayg_axes")
    sentences = [row["sentence"] for row in rules] + [row["plain_words"] for row in axes]
    assert [text for text in sentences if any(words in text for words in said - {""})] == []


def test_a_change_counts_as_a_fall_from_one_number() -> None:
    """What counts as a fall is the measure's wide margin; the indicator of a fall repeats no number of its own."""
    assert [row["indicator"] for row in seed("indicators") if row["test"] == "fall" and row["threshold"]] == []


def test_rules_speak_of_known_things() -> None:
    assert values("rayg_rules", "rating") <= RATINGS
    assert values("rayg_rules", "provision") == PROVISIONS
    for row in seed("rayg_rules"):
        assert row["sentence"].endswith("."), row["rule"]
        assert (row["rating"] == "red") == (row["inspection_standing"] == "category"), row["rule"]  # never from data
        assert row["rating"] == "amber" or row["consider_red"] == "false", row["rule"]
        extreme = row["rating"] == "dark_green" or row["consider_red"] == "true"
        assert (row["needs_adviser_to_confirm"] == "true") == extreme, row["rule"]
        assert row["why"].endswith(".") and row["strategy_paragraph"] and row["authority"], row["rule"]


# Scored, and never deciding: destinations, and the academic cohort, which holds the A level students once more.
SCORED_ALONE = {"ks4_destination_sustained_pct", "ks5_academic_aps", "ks5_academic_value_added"}
DECIDING_BESIDE = {"absence_overall_pct"}  # decides beside persistent absence, which alone is scored
OF_SCHOOLS = {"has_early_years", "has_sixth_form"}


def test_criteria_that_the_strategy_does_not_print_say_so() -> None:
    """Six rows are ours: the table has no such bullet. Each, and each row that data only note, says why."""
    rows = seed("rayg_criteria_table")
    assert {row["criterion"] for row in rows if row["authority"] == "inferred"} == {
        *("dg_p16_strong", "dg_p16_achieve", "a_ey_not_good", "a_p16_not_good", "r_safeguarding", "r_category")
    }
    noted = [row for row in rows if row["visible_in_data"] == "no" and row["indicators"]]
    assert noted
    for row in rows:
        assert row["why"] or row["authority"] != "inferred", row["criterion"]
        assert bool(row["axis"]) or not row["axis_against"], row["criterion"]
    assert [row["criterion"] for row in noted if not row["why"]] == []


def test_what_decides_a_rating_is_scored_and_of_known_things() -> None:
    """A measure that is scored decides, or stands among the few that never do: none is forgotten."""
    rows = seed("deciding_measures")
    scored = {row["measure"] for row in seed("measures") if row["is_scored"] == "true"}
    deciding = (scored - SCORED_ALONE) | DECIDING_BESIDE
    assert {row["measure"] for row in rows} == deciding
    assert {row["measure"] for row in rows if row["pupil_group"] == "all"} == deciding
    assert values("deciding_measures", "provision") == PROVISIONS
    assert values("deciding_measures", "outcome_domain") == values("outcome_domains", "outcome_domain")
    assert values("deciding_measures", "needs") <= OF_SCHOOLS | set(seed("school_kinds")[0])
    assert [row["measure"] for row in rows if not row["strategy_paragraph"]] == []
    for row in rows:  # a provision's own need: a whole school is never decided by its sixth form
        own = {"early_years": "has_early_years", "post_16": "has_sixth_form"}.get(row["provision"])
        assert (row["needs"] == own) if own else row["needs"] not in OF_SCHOOLS, row["measure"]


def test_every_cohort_of_a_sixth_form_is_counted_and_judged() -> None:
    cohorts = {row["cohort"]: row["pupils_measure"] for row in seed("sixth_form_cohorts")}
    units = {row["measure"]: row["unit"] for row in seed("measures")}
    assert {units[measure] for measure in cohorts.values()} == {"count"}
    judged = {row["cohort"] for row in seed("deciding_measures") if row["cohort"]}
    assert judged == set(cohorts)
    assert {row["provision"] for row in seed("deciding_measures") if row["cohort"]} == {"post_16"}


def test_the_axes_are_those_of_the_rules_and_of_the_macro() -> None:
    """SQL needs the axes as names of columns: the macro's list is the only one, and the seed's."""
    axes = [row["axis"] for row in sorted(seed("rating_axes"), key=lambda row: int(row["axis_order"]))]
    (listed,) = re.findall(r"return\(\[(.*?)\]\)", (DBT / "macros" / "rayg_axes.sql").read_text("utf-8"))
    assert re.findall(r"'(\w+)'", listed) == axes
    assert list(dict.fromkeys(row["axis"] for row in seed("rayg_axes"))) == axes
    assert [column for column in seed("rayg_rules")[0] if column in axes] == axes
    assert values("rayg_criteria_table", "axis") <= set(axes)


def test_outcomes_that_say_below_are_below() -> None:
    for row in seed("rayg_axes"):
        if row["axis"] == "outcomes":
            says = "below national" in row["plain_words"] and "not below national" not in row["plain_words"]
            assert (row["is_below"] == "true") == says, row["value"]
        elif row["is_below"] == "true":
            assert row["axis"] == "attendance", row["value"]
    assert [row["value"] for row in seed("rayg_axes") if row["is_below"] == "true" and row["is_seen"] != "true"] == []


def test_a_published_gap_is_in_points_and_everything_in_points_is_one() -> None:
    assert [row["measure"] for row in seed("measures") if (row["is_gap"] == "true") != (row["unit"] == "points")] == []


def test_indicators_have_a_domain_and_a_test_that_say_what_they_are() -> None:
    assert values("indicator_domains", "domain") == values("indicators", "domain")
    assert values("indicator_tests", "test") >= values("indicators", "test")
    for row in seed("indicator_domains"):  # what a school is banded by is among what coverage asks for
        assert row["is_result"] != "true" or row["is_outcome"] == "true", row["domain"]


def test_a_stage_is_validated_or_not() -> None:
    """Only the first stage is not validated: a draft of it may not be shown outside the authority."""
    stages = {(row["evidence_stage"], row["is_validated"]) for row in seed("evidence_stages")}
    assert stages == {("S1", "false"), ("S2", "true"), ("S3", "true"), ("S4", "true")}
    unvalidated = {row["release"] for row in seed("evidence_stages") if row["is_validated"] == "false"}
    assert "local_unvalidated" in unvalidated


def test_every_kind_of_school_is_known() -> None:
    assert values("school_kind_rules", "school_kind") == values("school_kinds", "school_kind")
    funded = {row["establishment_kind"] for row in seed("establishment_types") if row["is_state_funded"] == "true"}
    assert funded <= values("school_kind_rules", "establishment_kind")


def test_every_state_funded_sector_has_a_route() -> None:
    funded = {row["sector"] for row in seed("establishment_types") if row["is_state_funded"] == "true"}
    assert funded <= values("routes", "sector")


@pytest.mark.parametrize(
    ("kind", "ages"),
    [
        ("infant", [(2, 7), (3, 7), (4, 7), (5, 7)]),
        ("first", [(2, 9), (3, 9), (4, 9), (5, 9), (4, 10), (5, 10)]),
        ("junior", [(7, 11), (7, 12)]),
        ("primary", [(2, 11), (3, 11), (4, 11), (5, 11), (3, 13)]),
        ("middle", [(8, 12), (9, 13), (10, 13), (11, 14)]),
        ("secondary", [(8, 16), (9, 16), (10, 18), (11, 16), (11, 17), (11, 18), (11, 19)]),
        ("upper", [(13, 18), (13, 19), (14, 16), (14, 19)]),
        ("all_through", [(2, 19), (3, 16), (4, 18), (5, 14), (7, 16), (7, 18)]),
        ("post_16", [(16, 18), (16, 19)]),
    ],
)
def test_the_ages_mainstream_schools_have_give_one_kind(kind: str, ages: list[tuple[int, int]]) -> None:
    rules = [row for row in seed("school_kind_rules") if row["establishment_kind"] == "mainstream"]
    for low, high in ages:
        fitting = {
            rule["school_kind"]
            for rule in rules
            if int(rule["age_low_from"]) <= low <= int(rule["age_low_to"])
            and int(rule["age_high_from"]) <= high <= int(rule["age_high_to"])
        }
        assert fitting == {kind}, f"{low} to {high}"


def test_releases_are_known() -> None:
    assert values("evidence_stages", "release") <= values("releases", "release")
    ranks = [int(row["release_rank"]) for row in seed("releases") if row["release"] != "snapshot"]
    assert ranks == sorted(set(ranks))


def test_inspection_regimes_follow_each_other() -> None:
    """No day without a regime, none with two."""
    regimes = sorted(
        (date.fromisoformat(row["inspected_from"]), date.fromisoformat(row["inspected_to"]))
        for row in seed("inspection_frameworks")
    )
    for (_, ends), (starts, _) in pairwise(regimes):
        assert starts == ends + timedelta(days=1)


def test_every_grade_of_a_report_card_has_a_standing_in_every_area() -> None:
    grades = values("report_card_grades", "grade")
    by_area: dict[tuple[str, str], set[str]] = {}
    for row in seed("report_card_standings"):
        by_area.setdefault((row["provision"], row["area"]), set()).add(row["grade"])
    assert {provision for provision, _ in by_area} == PROVISIONS
    assert {area for area, held in by_area.items() if held != grades} == {("whole_school", "safeguarding_standards")}
    assert values("report_card_standings", "standing") == {"strong", "good", "below_good"}


def test_each_circumstance_says_what_it_is_seen_in() -> None:
    """Evidence that is looked for nowhere would leave a circumstance not visible for ever."""
    seen_in = {
        "indicators": ("indicator_paragraph",),
        "intelligence": ("intelligence_kind",),
        "category": (),
        "rating": ("ratings",),
    }
    kinds = {column.name: column for column in returns()["local_intelligence"].columns}["kind"].choices
    for row in seed("concern_trigger_kinds"):
        columns = seen_in[row["evidence_from"]]
        assert not columns or any(row[column] for column in columns), row["trigger"]
        assert row["intelligence_kind"] in ("", *kinds), row["trigger"]
        assert set(row["ratings"].split("|")) <= RATINGS | {""}, row["trigger"]
        assert set(row["sectors"].split("|")) <= values("routes", "sector") | {"*"}, row["trigger"]


def test_the_letters_circumstances_are_all_there() -> None:
    """Paragraph A31 names five; a letter of concern is never provided for a school that is not maintained (A40)."""
    letters = [row for row in seed("concern_trigger_kinds") if row["calls_for"] == "letter of concern"]
    assert {row["strategy_paragraph"] for row in letters} == {"A31a", "A31b", "A31c", "A31d", "A31e"}
    assert all(row["calls_for_if_not_maintained"] not in ("", "letter of concern") for row in letters)


def test_registers_are_those_of_the_return() -> None:
    columns = {column.name: column for column in returns()["local_registers"].columns}
    assert values("register_kinds", "register") == set(columns["register"].choices)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    corrected = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + corrected + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}  # by proclamation
ONCE = {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}


def bank_holidays_of(year: int) -> set[date]:
    """The eight of every year, each on a weekday: where one falls on a weekend, the next weekday that is none."""

    def monday(month: int, is_last: bool = False) -> date:
        days = [day for day in (date(year, month, 1) + timedelta(n) for n in range(31)) if day.month == month]
        return [day for day in days if day.isoweekday() == 1][-1 if is_last else 0]

    found = {easter(year) - timedelta(2), easter(year) + timedelta(1)}
    found |= {MOVED.get(day, day) for day in (monday(5), monday(5, True), monday(8, True))}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.isoweekday() > 5 or day in found:
            day += timedelta(1)
        found.add(day)
    return found


def test_bank_holidays_are_those_of_every_year_and_the_ones_proclaimed() -> None:
    held = [date.fromisoformat(row["holiday_on"]) for row in seed("bank_holidays")]
    assert held == sorted(set(held))
    years = range(held[0].year, held[-1].year + 1)
    assert (years[0], years[-1]) == (2018, 2028)
    assert set(held) == set().union(*(bank_holidays_of(year) for year in years)) | ONCE


def test_a_rate_has_no_per_cent_sign() -> None:
    """Suspensions for every hundred pupils are no share of pupils: the title says of how many, the figure is bare."""
    rates = {measure.name for measure in measures().values() if re.search(r" per (hundred|[0-9])", measure.title)}
    assert rates == {measure.name for measure in measures().values() if measure.unit == "rate"}
    assert "suspension_rate_pct" in rates
    assert written(0.74, "rate", 2) == "0.74"
