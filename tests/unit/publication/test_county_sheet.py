"""The county's one page: which figures it counts, ranks and lists, and what it leaves out."""

from typing import Any

from pipelines.publication.views.county_sheet import CountySheet, county_sheet

ROW = {
    "kpi": "ks2_rwm",
    "title": "Key stage 2",
    "measure": "ks2_rwm_expected_pct",
    "pupil_group": "all",
    "gap_type": None,
    "academic_year": "2024/25",
    "unit": "pct",
    "value": 64.4,
    "national_value": 62.4,
    "neighbour_mean": 63.0,
    "la_rank": 3,
    "la_count": 151,
    "la_quartile": 1,
    "target": None,
    "target_year": None,
    "status": "reported",
}
DISADVANTAGED = ROW | {
    "kpi": "ks2_rwm_disadvantaged",
    "pupil_group": "disadvantaged",
    "value": 40.0,
    "national_value": 48.0,
    "la_rank": 124,
    "la_quartile": 4,
}
DRAFT = {
    "urn": "100001",
    "provision": "whole_school",
    "sector": "maintained",
    "draft_rating": "amber",
    "final_rating": None,
    "moderated_rating": None,
    "consider_red": True,
    "intake_quarter": 1,
}


def sheet(*rows: dict[str, Any], drafts: tuple[dict[str, Any], ...] = ()) -> CountySheet:
    return county_sheet(list(rows), list(drafts), [], "2024/25")


def test_a_measure_in_the_bottom_quarter_is_named_by_its_group() -> None:
    found = sheet(ROW, DISADVANTAGED)
    assert found.bottom == [("disadvantaged pupils", ["KS2 reading, writing and maths"])]
    assert found.headlines == [
        "40% of disadvantaged pupils met the expected standard in reading, writing and maths at the end of primary"
        " school (48% in England). Rank 124 of 151 authorities, bottom quarter."
    ]
    assert [place.kpi for place in found.lowest] == ["ks2_rwm_disadvantaged"]
    assert [place.kpi for place in found.highest] == ["ks2_rwm"]
    assert (found.lowest[0].difference, found.lowest[0].from_neighbours) == ("−8", "−23")


def test_what_is_counted_is_as_printed_and_by_what_is_better() -> None:
    same = ROW | {"kpi": "ks2_maths", "value": 62.4}
    absence = ROW | {"kpi": "persistent_absence_primary", "measure": "absence_persistent_pct", "value": 70.0}
    assert sheet(ROW, DISADVANTAGED, same, absence).count == (
        "On 4 measures with a figure of 2024/25: better than England on 1, worse on 2, the same on 1."
    )


def test_an_older_figure_stands_on_its_tile_alone_and_carries_its_year() -> None:
    found = sheet(ROW | {"academic_year": "2022/23", "la_quartile": 4, "la_rank": 140})
    assert (found.bottom, found.lowest, found.headlines, found.missing_n) == ([], [], [], 1)
    assert [(tile.value, tile.other_year) for tile in found.tiles] == [("64%", "2022/23")]


def test_a_figure_that_is_absent_is_never_zero() -> None:
    found = sheet(ROW | {"value": None, "status": "suppressed", "la_rank": None, "la_count": None})
    assert [(tile.value, tile.standing, tile.own) for tile in found.tiles] == [("–", "", [])]
    assert found.count == "No measure of 2024/25 can be compared with England yet."


def test_a_rank_among_few_authorities_and_a_gap_are_not_listed() -> None:
    few = ROW | {"kpi": "ks2_rwm_looked_after", "pupil_group": "looked_after", "la_rank": 77, "la_count": 77}
    gap = DISADVANTAGED | {"kpi": "ks2_rwm_gap", "gap_type": "to_national_other", "value": -30.0}
    found = sheet(ROW, few | {"la_quartile": 4}, gap)
    assert (found.bottom, found.lowest) == ([], [])
    at_the_share = few | {"la_quartile": 4, "la_count": 91}  # 60.3 % of 151
    assert [place.kpi for place in sheet(ROW, at_the_share).lowest] == ["ks2_rwm_looked_after"]


def test_a_group_is_drawn_against_the_others_only_where_both_have_a_figure() -> None:
    other = ROW | {"kpi": "ks2_rwm_other", "pupil_group": "other", "value": 70.0, "national_value": 70.0}
    assert sheet(DISADVANTAGED).stages == []
    (stage,) = sheet(DISADVANTAGED, other).stages
    assert (stage.own, stage.england) == ((40.0, 70.0), (48.0, 70.0))
    assert stage.says == (
        "KS2 reading, writing and maths: 40% of disadvantaged pupils and 70% of other pupils; in England 48% and 70%."
    )
    (stage,) = sheet(DISADVANTAGED | {"national_value": None}, other).stages
    assert stage.england is None


def test_colours_count_what_stands_and_say_how_many_to_consider_red() -> None:
    agreed = DRAFT | {"final_rating": "yellow", "moderated_rating": "yellow", "consider_red": False}
    early = DRAFT | {"provision": "early_years"}
    found = sheet(ROW, drafts=(DRAFT, agreed, early))
    (bar,) = found.bars
    assert (bar.title, bar.schools_n, bar.agreed_n) == ("maintained", 2, 1)
    assert bar.counts == [("yellow", 1), ("amber", 1)]
    assert found.colours == (
        "None red and 1 amber. An adviser is asked to consider red for 1."
        " In the most disadvantaged quarter of schools: 1 of these 1."
    )


def test_without_indicators_or_drafts_nothing_is_said() -> None:
    found = sheet()
    assert (found.kpis_n, found.tiles, found.bars, found.colours) == (0, [], [], "")
