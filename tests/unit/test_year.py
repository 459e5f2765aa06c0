"""docs/year.md: every command in it is one that `rayg` takes, every job, return, KPI and sheet it names exists."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from pipelines.assets import groups, run_tags
from pipelines.cli import app
from pipelines.home import project_root
from pipelines.publication.workbooks import desktop_indicators, desktop_people, desktop_sheets, japr_series, japr_sheets
from pipelines.publication.workbooks.desktop_results import FINANCE_SHEET, RESULTS
from pipelines.publication.workbooks.held import RECONCILIATION, SOURCES
from pipelines.returns.schema import returns
from pipelines.schedules.reviews import REVIEWS
from pipelines.seeds import seed

TEXT = (project_root() / "docs" / "year.md").read_text(encoding="utf-8")
COMMANDS = [line.split("#")[0].strip() for line in TEXT.splitlines() if re.match(r"\s{4,}rayg ", line)] + re.findall(
    r"`(rayg [a-z][^`]*)`", TEXT
)
SHEETS = {
    "Overview",
    "Trends",
    "Gap trends",
    "Scorecard",
    "Series",
    "Neighbours",
    "Decisions",
    *(
        sheet.name
        for sheet in (
            desktop_sheets.SCHOOLS, desktop_sheets.RATINGS, desktop_sheets.BEHIND, desktop_sheets.SCREEN,
            desktop_indicators.TRIGGERED, desktop_sheets.INSPECTION, japr_series.SENTENCES, japr_sheets.GAPS,
            japr_sheets.SCHOOLS_SHORT, japr_sheets.INSPECTION, japr_sheets.STANDING, FINANCE_SHEET, RECONCILIATION,
            SOURCES,
        )
    ),
    *RESULTS,
    *(whole.name for whole in desktop_people.WHOLE),
}  # fmt: skip
NO_SHEET = {"Summer review", "Route"}  # the name of a build, and a column


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) > 15


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_rayg_takes(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    for word in words:
        if word.endswith(".csv"):
            Path(word).touch()
    verb = typer.main.get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    verb.make_context(words[0], words[1:])  # parses, and raises on what it does not know
    if words[0] == "template":
        assert words[1] in returns()
    if words[0] == "explain" and words[1].startswith("kpi:"):
        assert words[1].removeprefix("kpi:") in {row["kpi"] for row in seed("kpis")}


def test_what_it_names_exists() -> None:
    jobs = set(re.findall(r"\*\*`(\w+)`\*\*", TEXT))
    assert jobs == {review.job for review in REVIEWS}
    assert {run_tags.REVIEW_YEAR, run_tags.AS_AT, run_tags.LA} <= set(re.findall(r"`(rayg/\w+)`", TEXT))
    assert groups.RAW in TEXT and groups.PUBLICATION in TEXT
    assert set(re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", TEXT)) - NO_SHEET <= SHEETS
    names = {window.name.split(" {")[0] for review in REVIEWS for window in review.windows}
    frozen = set(re.findall(r'rayg freeze "([^"]+)"', TEXT))
    assert {name for name in frozen if not name.startswith("Year end")} <= {f"{name} 2026" for name in names}
