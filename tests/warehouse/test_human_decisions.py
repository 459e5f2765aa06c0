"""What people decided, noted and asked for reaches the marts of the sample county, and no build takes it back.

The planted stories themselves are held in test_planted.py; here stand the whole lists, and what a later file does.
"""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from pipelines.landing.land import land
from pipelines.landing.moderate import moderate
from pipelines.returns.schema import returns
from tests.warehouse.conftest import run_dbt

REBUILT = "stg_files stg_parameters stg_cells stg_local_moderation int_moderation rayg_drafts"
Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def query(sample_home: Home) -> Query:
    """SQL over the published marts: a mart is named as it is."""
    connection = duckdb.connect()
    for path in Path(sample_home.current).glob("*.parquet"):
        connection.execute(f"create view \"{path.stem}\" as select * from read_parquet('{path}')")
    return lambda sql, *values: connection.execute(sql, values).fetchall()


def test_every_school_of_the_review_is_in_every_school_list(query: Query) -> None:
    schools = {urn for (urn,) in query("select urn from risk_screen")}
    for mart in ("district_pack", "support_offer", "concern_triggers"):
        assert {urn for (urn,) in query(f"select urn from {mart}")} == schools, mart
    triggers = query("select count(*), count(distinct trigger) from concern_triggers")[0]
    assert triggers[0] == len(schools) * triggers[1]


def test_academies_alone_are_on_the_academies_lists(query: Query) -> None:
    academies = {urn for (urn,) in query("select urn from schools where sector = 'academy' and status = 'open'")}
    screened = {urn for (urn,) in query("select urn from academy_screen")}
    assert screened and screened == academies & {urn for (urn,) in query("select urn from risk_screen")}
    assert {urn for (urn,) in query("select urn from regions_group_list")} <= screened


def test_no_figure_of_few_pupils_or_of_a_return_and_no_name_is_shared_with_the_department(query: Query) -> None:
    told = " ".join(text for (text,) in query("select published_evidence || reason from regions_group_list"))
    assert told
    held_back = query(
        "select evidence from risk_indicators inner join held_files using (file_id)"
        " where state = 'triggered' and (cohort_n <= 5 or source like 'local_%')"
    )
    assert [text for (text,) in held_back if text in told] == []
    assert not any(name in told for (name,) in query("select moderated_by from rayg_drafts where moderated_by <> ''"))


def test_districts_are_named_where_the_register_is_held(query: Query) -> None:
    districts = {district for (district,) in query("select distinct district from district_pack")}
    assert len(districts) > 1 and "district not known" not in districts


def test_overrides_are_counted_by_rule(query: Query) -> None:
    """Four whole schools were moderated, three of them to another colour than the draft's."""
    moderated = query("select count(*), sum(moderated_n) from (select distinct rule, moderated_n from rayg_overrides)")
    changed = query("select sum(changed_n) from (select distinct rule, changed_n from rayg_overrides)")[0][0]
    assert (moderated[0][1], changed) == (4, 3)
    assert query("select count(*) from rayg_overrides where moderated_rating is null and decided_n > 0")[0][0] == 0


def test_a_school_strong_in_what_another_needs_is_named(query: Query) -> None:
    rows = query(
        "select s.urn, s.measure, d.final_rating, b.verdict, a.school_kind = o.school_kind"
        " from support_offer s inner join rayg_drafts d on s.offering_urn = d.urn and d.provision = 'whole_school'"
        " inner join schools a on s.urn = a.urn inner join schools o on s.offering_urn = o.urn"
        " inner join benchmarks b on b.urn = s.offering_urn and b.measure = s.measure"
        " and b.pupil_group = s.pupil_group and b.academic_year = s.academic_year"
    )
    assert rows
    assert all(rating in ("dark_green", "light_green") for _, _, rating, _, _ in rows)
    assert {verdict for *_, verdict, _ in rows} == {"above"} and all(same_kind for *_, same_kind in rows)


@pytest.fixture
def ledger_home(sample_home: Home, tmp_path: Path) -> Home:
    """A home with the sample's returns, warehouse and what `rayg moderate` knows of its build."""
    home = Home(tmp_path / "home")
    shutil.copytree(sample_home.raw / "local", home.raw / "local")
    home.current.mkdir(parents=True)
    for mart in ("schools", "rayg_drafts"):
        shutil.copy(sample_home.current / f"{mart}.parquet", home.current)
    home.landing.mkdir(parents=True)
    shutil.copy(sample_home.warehouse_file, home.building_file)
    return home


def rebuild(home: Home) -> duckdb.DuckDBPyConnection:
    land(home, la_code="998", as_at=None, review_year=2025)
    done = run_dbt(home.building_file.parent, "run", "--select", *REBUILT.split())
    assert done.returncode == 0, done.stdout
    return duckdb.connect(str(home.building_file))


def decide(home: Home, path: Path, *rows: dict[str, str]) -> tuple[str, list[str]]:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, returns()["local_moderation"].header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return moderate(home, path)


def test_a_rebuild_never_overwrites_a_decision(ledger_home: Home, tmp_path: Path, query: Query) -> None:
    """Good lines are kept beside bad ones, and what they decide stands when the draft itself changes."""
    urn, draft = query(
        "select urn, draft_rating from rayg_drafts where provision = 'whole_school' and moderated_rating is null"
        " and draft_rating = 'light_green' and urn not in (select urn from rayg_drafts where provision = 'post_16')"
        " order by urn limit 1"
    )[0]
    good = {
        "urn": urn,
        "review_year": "2025",
        "provision": "whole_school",
        "from_rating": draft,
        "to_rating": "amber",
        "decided_by": "D. Adviser",
        "role": "HIP",
        "decided_on": "2026-01-12",
        "reason": "Seen at a visit",
    }
    bad = [
        good | {"urn": "999999"},
        good | {"to_rating": "blue"},
        good | {"provision": "post_16"},
        good | {"decided_on": "2999-01-01"},
        good | {"to_rating": "red"},
    ]
    what, refused = decide(ledger_home, tmp_path / "winter.csv", good, *bad)
    assert what == (
        "winter.csv: kept in the ledger, without 5 lines: correct these in a file of their own and run it again"
    )
    assert [line.split(", ", 1)[0] for line in refused] == [f"line {line}" for line in range(3, 8)]
    for line, said in zip(
        refused,
        ("no school of that number", "write one of", "no such provision", "has not come", "supersedes"),
        strict=True,
    ):
        assert said in line

    with rebuild(ledger_home) as warehouse:
        row = f"select draft_rating, moderated_rating, final_rating from rayg_drafts where urn = '{urn}'"
        assert warehouse.execute(f"{row} and provision = 'whole_school'").fetchall() == [(draft, "amber", "amber")]
        warehouse.execute(f"update int_rating_axes set inspection_standing = 'category' where urn = '{urn}'")
    with rebuild(ledger_home) as warehouse:
        assert warehouse.execute(f"{row} and provision = 'whole_school'").fetchall() == [("red", "amber", "amber")]
