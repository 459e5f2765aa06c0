"""What no SQL of the warehouse may do: decide by the spelling of a name, end a range of years, leave a tie to chance.

Read from the text of the models and macros alone. Style is sqlfluff's.
"""

import re

import pytest

from pipelines.home import project_root

DBT = project_root() / "dbt_project"
SQL = {
    path.stem: path.read_text(encoding="utf-8")
    for kind in ("models", "macros")
    for path in DBT.glob(f"{kind}/**/*.sql")
}
NAME = r"(?:\w+\.)?(?:measure|indicator|domain|outcome_domain|outcomes|attendance|trajectory|rule|test|kpi)"
SPELLING = re.compile(
    rf"\b{NAME}\s+(?:not\s+)?i?like\s+'"
    rf"|\b(?:starts_with|ends_with|prefix|suffix|contains|regexp_\w+|replace|split_part)\(\s*{NAME}\b",
    re.IGNORECASE,
)
YEARS = re.compile(r"\b(?:generate_series|range)\(\s*(?:19|20)\d\d\b", re.IGNORECASE)
# any_value and mode take whichever comes first; so do arg_max and arg_min by one key
CHANCE = re.compile(r"\b(?:any_value|mode|first|last)\(|\barg_(?:max|min)\(\s*[\w.]+,\s*[\w.]+\s*\)", re.IGNORECASE)
GATHERED = re.compile(r"\b(?:string_agg|list|array_agg)\(", re.IGNORECASE)
# Keys that are unique where they are used, or values that are all alike.
TOTAL = {
    "int_rows": "source and year are the file's, so all of a group are alike",
    "int_moderation": "one decision a day and provision stands in the ledger (stg_local_moderation)",
    "desktop_exercise": "one roll per school and year stands in the observations",
    "int_rating_evidence": "the order of the cohorts is unique (seed sixth_form_cohorts)",
}


def bare(text: str) -> str:
    return re.sub(r"--[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)


def found(pattern: re.Pattern[str]) -> dict[str, list[str]]:
    """Where the pattern stands, comments left out: model or macro -> what it reads there."""
    return {name: hits for name, text in SQL.items() if (hits := [hit.group() for hit in pattern.finditer(bare(text))])}


def unordered(text: str) -> list[str]:
    """Each gathering of rows into one that has no order of its own; a window brings its own order."""
    calls = []
    for start in (hit.end() for hit in GATHERED.finditer(text)):
        depth = 1
        for end in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if depth == 0:
                break
        is_ordered = "order by" in text[start:end].lower() or text[end + 1 :].lstrip().startswith("over ")
        calls += [] if is_ordered else [text[start:end]]
    return calls


def test_nothing_is_decided_by_how_a_name_is_spelt() -> None:
    """A measure renamed in its seed would change ratings without a word: what it stands for is a column there."""
    assert found(SPELLING) == {}


def test_no_range_of_years_ends_in_the_code() -> None:
    assert found(YEARS) == {}


def test_no_tie_is_left_to_chance() -> None:
    """Else a build of the same files says another thing than the one before."""
    assert {name: hits for name, hits in found(CHANCE).items() if name not in TOTAL} == {}
    assert set(TOTAL) <= set(found(CHANCE))  # a model that is total by itself needs no reason


def test_a_list_has_an_order() -> None:
    assert {name: calls for name, text in SQL.items() if (calls := unordered(bare(text)))} == {}
    assert unordered("string_agg(coalesce(register, ''), ', ')") == ["coalesce(register, ''), ', '"]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (SPELLING, "where measure not like '%published_gap'"),
        (SPELLING, "starts_with(vals.measure, 'ks5_alevel')"),
        (SPELLING, "replace(measure, '_pupils_n', '')"),
        (YEARS, "unnest(generate_series(2015, 2026))"),
        (CHANCE, "any_value(title)"),
        (CHANCE, "arg_max(cohorts.cohort, number)"),
    ],
)
def test_each_is_noticed(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
