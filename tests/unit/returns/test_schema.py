"""The declarations agree with the catalogue, the seeds and the suites, and what they borrow is what stands there."""

import pytest

from pipelines.returns.schema import Return, returns
from pipelines.seeds import seed
from pipelines.sources.catalogue import load_catalogue

LOCAL = {source.id: source for source in load_catalogue().sources if source.route == "local"}


def test_every_return_is_a_source_and_every_local_source_a_return(made):
    assert set(returns()) == set(LOCAL) == set(made.lines)


@pytest.mark.parametrize("name", LOCAL)
def test_what_proves_a_return_is_in_its_header(name):
    assert set(LOCAL[name].required) <= set(returns()[name].header)


@pytest.mark.parametrize("name", LOCAL)
def test_no_return_may_be_published(name):
    source = LOCAL[name]
    assert source.licence == "Not for publication"
    assert source.publisher == "The local authority"
    assert source.default_release == ("snapshot" if source.is_log else "local_unvalidated")


@pytest.mark.parametrize("name", LOCAL)
def test_the_seeds_map_its_own_columns(name):
    header = {column.upper() for column in returns()[name].header}
    fields = {row["column_name"] for row in seed("field_map") if row["source"] == name}
    values = [row for seeded in ("column_map", "percentages") for row in seed(seeded) if row["source"] == name]
    measured = {
        row[column] for row in values for column in row if column.endswith("_column") or column == "column_name"
    }
    assert fields <= header and measured - {""} <= header
    if LOCAL[name].is_log:
        assert fields == header
    else:
        assert values


def test_attendance_to_date_is_joined_to_no_census_absence():
    measures = {row["measure"] for row in seed("column_map") if row["source"] == "local_attendance"}
    assert measures and all(measure.startswith("attendance_ytd_") for measure in measures)


def test_lists_are_those_of_the_seeds():
    kpi = next(column for column in returns()["local_targets"].columns if column.name == "kpi")
    assert set(kpi.choices) == {row["kpi"] for row in seed("kpis")}
    group = next(column for column in returns()["local_eyfsp"].columns if column.name == "pupil_group")
    assert {"all", "fsm", "not_fsm", "sen_support", "ehcp", "eal"} <= set(group.choices)


def test_a_rule_on_a_column_that_does_not_stand_is_refused():
    column = {"name": "n", "kind": "count", "note": "x", "part_of": "cohort_n"}
    with pytest.raises(ValueError, match="names one that does not stand"):
        Return.model_validate({"id": "x", "title": "x", "about": "x", "refused_whole": False, "column": [column]})
