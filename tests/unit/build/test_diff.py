"""What changed between two builds and why: by data, by rules, by both, and where that cannot be told.

Builds here are made by a rule small enough to do by hand: a school's points are its value times the rules' weight.
"""

import csv
import json
import logging
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipelines.build import Built
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.provenance import Provenance, held_files, sha256, sidecar_of
from pipelines.publication.builds import PACKAGE_FILE, BuildFacts, read_facts
from pipelines.publication.changes import diff as differ
from pipelines.publication.changes.compare import (
    KPIS,
    RATINGS,
    SCREEN,
    Change,
    HeldRow,
    changes,
    file_changes,
    replaced,
)
from pipelines.publication.changes.diff import Difference, diff
from pipelines.publication.changes.diff_report import show_diff, write_csv
from tests.published import seal

PRESENT = {"rules": "weight 2", "code": "c", "engines": "e"}
OLDER = {**PRESENT, "rules": "weight 1"}
QUIET = logging.NullHandler()
URN, OTHER = "100001", "100002"


def hold(home: Home, value: int, release: str, published_on: date, name: str = "919_ks2final.csv") -> Provenance:
    """Hold a file whose whole content is the value of the first school."""
    content = str(value).encode()
    provenance = Provenance(
        file_id=sha256(content)[:12],
        sha256=sha256(content),
        size_bytes=len(content),
        file_name=name,
        source="ks2",
        academic_year="2024/25",
        release=release,
        scope="la",
        la_code="919",
        publisher="p",
        title="t",
        licence="l",
        landing_page="https://example.org/",
        url=None,
        published_on=published_on,
        published_on_is_assumed=False,
        retrieved_at="2026-06-01T00:00:00+00:00",
        is_sample=False,
    )
    path = home.raw / "ks2" / "2024-25" / f"{Path(name).stem}.{provenance.file_id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    sidecar_of(path).write_text(provenance.model_dump_json())
    return provenance


def publish(
    home: Home,
    build_id: str,
    rules: dict[str, str],
    *,
    as_at: str | None = None,
    review_year: int = 2025,
    la: str = "919",
) -> BuildFacts:
    """A build of what the home holds: value from the newest visible file, points by the rules' weight."""
    home.landing.mkdir(parents=True, exist_ok=True)
    held = [file for file in held_files(home) if as_at is None or str(file.provenance.published_on) <= as_at]
    held.sort(key=lambda file: file.provenance.published_on)
    newest = held[-1].provenance
    value, weight = float(held[-1].path.read_text()), float(rules["rules"].split()[1])
    points, same = value * weight, {"value": 5.0, "status": "reported"}
    rating = "red" if points >= 100 else "yellow"
    schools = {URN: ("First", points, rating), OTHER: ("=Second", 1.0, "yellow")}
    marts: dict[str, list[dict[str, Any]]] = {
        "held_files": [
            {name: getattr(file.provenance, name) for name in ("file_id", "title", *differ.NOTED)} for file in held
        ],
        "japr_kpis": [
            {"kpi": kpi, "title": kpi, "la_code": la, "academic_year": "2024/25", "file_id": newest.file_id, **row}
            for kpi, row in (("moves", {"value": value, "status": "reported"}), ("stands", same))
        ],
        "risk_indicators": [
            {
                "urn": URN,
                "indicator": "i",
                "state": "clear",
                "value": value,
                "benchmark_value": 1.0,
                "file_id": newest.file_id,
            }
        ],
        "risk_screen": [
            {"urn": urn, "school_name": name, "band": "low", "points": of, "rank": 1 + (of < points)}
            for urn, (name, of, _) in schools.items()
        ],
        "rayg_drafts": [
            {"urn": urn, "provision": "whole_school", "school_name": name, "draft_rating": rag, "final_rating": rag}
            for urn, (name, _, rag) in schools.items()
        ],
    }
    folder = home.builds / build_id
    folder.mkdir(parents=True)
    for mart, rows in marts.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{mart}.parquet")
    raw = "".join(file.provenance.model_dump_json() for file in held_files(home))
    facts = BuildFacts(
        build_id=build_id,
        digest=build_id,
        code_version="1",
        la_code=la,
        as_at=as_at,
        review_year=review_year,
        is_sample=False,
        files_n=1,
        tests_n=1,
        warnings=[],
        quarantined=[],
        digest_parts={"raw": raw, **rules},
    )
    seal(folder, **vars(facts))
    home.current.unlink(missing_ok=True)
    home.current.symlink_to(folder)
    return facts


def make(
    between: Home, *, la_code: str, as_at: str | None, review_year: int, is_forced: bool, progress: object
) -> Built:
    """A build of a home by the present rules, as `pipelines.build.build` is asked for it."""
    assert progress is QUIET and is_forced
    return Built(publish(between, "between", PRESENT, as_at=as_at, review_year=review_year, la=la_code), is_new=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one file, and the present rules as those of weight 2."""
    monkeypatch.setattr(differ, "rules_parts", lambda: PRESENT)
    home = Home(tmp_path / "home")
    hold(home, 10, "revised", date(2025, 12, 11))
    return home


def moved(found: Difference) -> dict[str, tuple[str, str, str]]:
    return {f"{change.key[0]} {change.field}": (change.old, change.new, change.cause) for change in found.changes}


def test_two_builds_of_the_same_files_show_no_change(home: Home) -> None:
    publish(home, "a", OLDER)
    publish(home, "b", OLDER)
    found = diff(home, "a", "b", make, QUIET)
    assert (found.changes, found.files, found.remarks, found.other_marts) == ([], [], [], [])


def test_another_file_alone_is_data_and_named(home: Home) -> None:
    publish(home, "a", OLDER)
    hold(home, 20, "final", date(2026, 4, 30))
    publish(home, "b", OLDER)
    found = diff(home, "a", "b", make, QUIET)
    assert moved(found) == {"moves value": ("10", "20", "data"), f"{URN} points": ("10", "20", "data")}
    assert {change.because for change in found.changes} == {"ks2 919 2024/25 revised -> final"}
    assert found.files == ["ks2 919 2024/25 revised -> final"]


def test_other_rules_alone_are_rules(home: Home) -> None:
    publish(home, "a", OLDER)
    publish(home, "b", PRESENT)
    found = diff(home, "a", "b", make, QUIET)
    assert moved(found) == {f"{URN} points": ("10", "20", "rules")}
    assert [change.because for change in found.changes] == [""]


@pytest.mark.parametrize("older_first", [True, False])
def test_both_are_told_apart_by_building_the_older_files_by_the_present_rules(home: Home, older_first: bool) -> None:
    """10 × 1 becomes 60 × 2: the KPI by data alone, the points by rules (10 to 20) and by data (20 to 120)."""
    publish(home, "a", OLDER)
    hold(home, 60, "final", date(2026, 4, 30))
    publish(home, "b", PRESENT)
    names = ("a", "b") if older_first else ("b", "a")
    found = diff(home, *names, make, QUIET)
    expected = {
        "moves value": ("10", "60", "data"),
        f"{URN} points": ("10", "120", "data and rules"),
        f"{URN} draft_rating": ("yellow", "red", "data"),
        f"{URN} final_rating": ("yellow", "red", "data"),
    }
    assert moved(found) == {
        key: (old, new, cause) if older_first else (new, old, cause) for key, (old, new, cause) in expected.items()
    }
    arrow = "revised -> final" if older_first else "final -> revised"
    assert {change.because for change in found.changes} == {f"ks2 919 2024/25 {arrow}"}
    assert not (home.warehouse / "counterfactual").exists()


def test_the_build_in_between_has_the_older_files_as_they_were_noted_then(home: Home) -> None:
    publish(home, "a", OLDER)
    (file,) = held_files(home)
    later = file.provenance.model_copy(update={"published_on": date(2025, 12, 12), "release": "final"})
    sidecar_of(file.path).write_text(later.model_dump_json())
    for folder in differ.PER_FILE_FOLDERS:
        (home.landing / folder).mkdir()
        (home.landing / folder / f"{later.file_id}.parquet").write_text("landed")
    (home.landing / "landed.json").write_text("{}")
    publish(home, "b", PRESENT)
    seen = []

    def watched(between: Home, **asked: Any) -> Built:
        seen.extend(held_files(between))
        assert seen[0].is_intact
        assert (between.landing / "cells" / f"{later.file_id}.parquet").read_text() == "landed"
        assert (between.landing / "landed.json").exists()
        return make(between, **asked)

    found = diff(home, "a", "b", watched, QUIET)
    assert [file.provenance for file in seen] == [file.provenance]
    assert found.files == ["ks2 919 2024/25 revised -> final"]
    assert file.path.read_bytes() == b"10"


def no_rules(home: Home) -> None:
    publish(home, "b", {**PRESENT, "rules": "weight 3"})


def no_bytes(home: Home) -> None:
    publish(home, "b", PRESENT)
    (gone,) = (file for file in held_files(home) if file.provenance.release == "revised")
    sidecar_of(gone.path).unlink()


def damaged(home: Home) -> None:
    publish(home, "b", PRESENT)
    (file,) = (file for file in held_files(home) if file.provenance.release == "revised")
    file.path.write_bytes(b"11")


def disbelieved(home: Home) -> None:
    publish(home, "b", PRESENT)
    (file,) = (file for file in held_files(home) if file.provenance.release == "revised")
    sidecar_of(file.path).write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (no_rules, "neither was built by the present rules"),
        (no_bytes, "which a used, is held no more"),
        (damaged, "which a used, is not as it was added"),
        (disbelieved, "which a used, is set aside: "),
    ],
)
def test_a_difference_of_unknown_cause_says_why(home: Home, spoil: Callable[[Home], None], why: str) -> None:
    publish(home, "a", OLDER)
    hold(home, 60, "final", date(2026, 4, 30))
    spoil(home)
    found = diff(home, "a", "b", make, QUIET)
    (remark,) = found.remarks
    assert remark.startswith("Data and rules cannot be told apart: ") and why in remark
    assert {change.cause for change in found.changes} == {"data or rules"}
    assert not (home.warehouse / "counterfactual").exists()


def test_older_files_that_present_rules_refuse_are_said(home: Home) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise RaygError("dbt: test.rayg.x failed: Got 2 results")

    publish(home, "a", OLDER)
    hold(home, 60, "final", date(2026, 4, 30))
    publish(home, "b", PRESENT)
    assert diff(home, "a", "b", refuses, QUIET).remarks == [
        "Data and rules cannot be told apart: dbt: test.rayg.x failed: Got 2 results."
    ]


def test_an_older_package_without_parts_is_said(home: Home) -> None:
    publish(home, "a", OLDER)
    package = json.loads((home.builds / "a" / PACKAGE_FILE).read_text())
    del package["rayg"]["digest_parts"]
    (home.builds / "a" / PACKAGE_FILE).write_text(json.dumps(package))
    assert read_facts(home.builds / "a") is not None
    publish(home, "b", PRESENT)
    found = diff(home, "a", "b", make, QUIET)
    assert "before builds noted" in found.remarks[0]
    assert moved(found) == {f"{URN} points": ("10", "20", "data or rules")}


def test_another_as_at_is_data_and_said_first(home: Home) -> None:
    hold(home, 20, "final", date(2026, 4, 30))
    publish(home, "a", OLDER, as_at="2026-01-01")
    publish(home, "b", OLDER)
    found = diff(home, "a", "b", make, QUIET)
    assert found.remarks == ["Asked for as at 2026-01-01 and as at the newest: what that moved counts as data."]
    assert {change.cause for change in found.changes} == {"data"}
    assert found.files == ["ks2 919 2024/25 revised -> final"]


def test_another_review_compares_the_kpis_alone(home: Home) -> None:
    publish(home, "a", OLDER, review_year=2024)
    hold(home, 20, "final", date(2026, 4, 30))
    publish(home, "b", OLDER)
    found = diff(home, "a", "b", make, QUIET)
    assert "review 2024" in found.remarks[0] and "review 2025" in found.remarks[0]
    assert list(moved(found)) == ["moves value"]


def test_another_authority_is_refused(home: Home) -> None:
    publish(home, "a", OLDER)
    publish(home, "b", OLDER, la="850")
    with pytest.raises(RaygError, match="a is of LA 919, b of LA 850: compare builds of one LA"):
        diff(home, "a", "b", make, QUIET)


def test_marts_that_differ_where_nothing_compared_does_are_named(home: Home) -> None:
    publish(home, "a", OLDER)
    shutil.copytree(home.builds / "a", home.builds / "a2")
    file = home.builds / "a2" / "rayg_drafts.parquet"
    drafts = pq.read_table(file)
    pq.write_table(drafts.append_column("note", [["of no interest"] * drafts.num_rows]), file)
    seal(home.builds / "a2", **vars(read_facts(home.builds / "a")))
    found = diff(home, "a", "a2", make, QUIET)
    assert (found.changes, found.other_marts) == ([], ["rayg_drafts"])


def test_rows_and_columns_that_one_side_lacks() -> None:
    """A row that is there on one side only is one change; a column that is there on one side only is none."""
    before = [{"urn": "1", "school_name": "One", "band": "low", "points": 1.0}]
    after = [{"urn": "2", "school_name": "Two", "band": "low", "points": None, "rank": 1}]
    assert changes(SCREEN, [before, after], ["data"]) == [
        Change("risk_screen", ("1",), "One", "band", "low", "not there", ("data",)),
        Change("risk_screen", ("2",), "Two", "band", "not there", "low", ("data",)),
    ]
    assert changes(SCREEN, [before, []], ["rules"])[0].new == "not there"
    assert changes(SCREEN, [[], []], ["rules"]) == []


def test_no_value_is_not_zero() -> None:
    row = {"kpi": "k", "la_code": "919", "academic_year": "2024/25", "title": "K", "value": None}
    (change,) = changes(KPIS, [[row], [{**row, "value": 0.0}]], ["data"])
    assert (change.old, change.new) == ("none", "0")


def test_what_moved_and_moved_back_is_no_change() -> None:
    def rows(rating: str) -> list[dict[str, str]]:
        return [{"urn": "1", "provision": "p", "school_name": "One", "draft_rating": rating, "final_rating": "red"}]

    assert changes(RATINGS, [rows("red"), rows("amber"), rows("red")], ["rules", "data"]) == []


def test_files_are_named_by_what_replaced_what() -> None:
    revised = HeldRow("f1", "ks2", "919", "2024/25", "revised", "2025-12-11")
    final = HeldRow("f2", "ks2", "919", "2024/25", "final", "2026-04-30")
    again = HeldRow("f3", "ks2", "919", "2024/25", "final", "2026-06-30")
    england = HeldRow("f4", "ks2", None, "2024/25", "final", "2026-04-30")
    assert file_changes([revised], [revised, final, england]) == [
        "ks2 919 2024/25 revised -> final",
        "ks2 England 2024/25 final is new",
    ]
    assert file_changes([england], []) == ["ks2 England 2024/25 final is gone"]
    assert replaced(final, again) == "ks2 919 2024/25 final of 2026-04-30 -> of 2026-06-30"
    assert replaced(final, england) == "ks2 919 2024/25 final -> ks2 England 2024/25 final"
    assert replaced(None, final, {"f2"}) == "ks2 919 2024/25 final now counts"
    assert replaced(final, None, {"f2"}) == "ks2 919 2024/25 final counts no longer"


def test_what_is_printed_and_written(home: Home, tmp_path: Path) -> None:
    publish(home, "a", OLDER)
    hold(home, 60, "final", date(2026, 4, 30))
    publish(home, "b", PRESENT)
    found = diff(home, "a", "b", make, QUIET)
    console = Console(record=True, width=200, soft_wrap=True)
    show_diff(console, found)
    printed = console.export_text()
    assert (
        "KPIs: 1 changed\n  data: ks2 919 2024/25 revised -> final\n    moves 919 2024/25  moves: value 10 -> 60\n"
        in printed
    )
    assert f"    {URN}  First: points 10 -> 120" in printed
    assert printed.index("KPIs") < printed.index("Screen") < printed.index("Ratings")

    write_csv(found, tmp_path / "diff.csv")
    with (tmp_path / "diff.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.changes) == 4
    assert rows[0] == {
        "mart": "japr_kpis",
        "key": "moves 919 2024/25",
        "name": "moves",
        "field": "value",
        "old": "10",
        "new": "60",
        "cause": "data",
        "because": "ks2 919 2024/25 revised -> final",
    }


def test_no_cell_of_the_csv_is_a_formula(home: Home, tmp_path: Path) -> None:
    publish(home, "a", OLDER)
    facts = publish(home, "b", OLDER)
    change = Change("risk_screen", ("1",), "=Second", "points", "-1", "-x", ("data",))
    write_csv(Difference(facts, facts, [], [], [change], []), tmp_path / "diff.csv")
    line = (tmp_path / "diff.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert line == "risk_screen,1,'=Second,points,-1,'-x,data,"
