"""`rayg explain URN` over the sample county, as a person would run it: every colour, each way of looking."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.home import Home

COLOURS = ["dark_green", "light_green", "yellow", "amber", "red", "insufficient_evidence"]


def rayg(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(home.root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def drafts(home: Home) -> list[dict[str, str]]:
    with (home.current / "rayg_drafts.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["provision"] == "whole_school"]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_explains_itself(sample_home: Home, colour: str) -> None:
    school = next(row for row in drafts(sample_home) if row["draft_rating"] == colour)
    done = rayg(sample_home, "explain", school["urn"])
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert f"Draft rating: {colour.replace('_', ' ')} (a proposal; people decide)" in text
    assert f"Rule {school['rule']}" in text
    assert "SAMPLE DATA: an invented school" in text
    assert "For the adviser to judge: " in text
    assert text.rindex("What was not visible") > text.rindex("Risk screen")


def test_a_draft_one_pupil_from_another_colour_says_so(sample_home: Home) -> None:
    school = next(row for row in drafts(sample_home) if row["cusp_with"])
    text = rayg(sample_home, "explain", school["urn"]).stdout
    assert f"On the cusp of {school['cusp_with'].replace('_', ' ')}: one pupil would do it" in text


def test_pages_carry_the_handling_note_and_no_local_name(sample_home: Home, tmp_path: Path) -> None:
    school = next(row for row in drafts(sample_home) if row["draft_rating"] == "light_green")
    for name in ("school.md", "school.html"):
        done = rayg(sample_home, "explain", school["urn"], "--to", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "Internal to the authority" in text
        assert str(sample_home.root) not in text
        assert "local_" not in text.replace("\\_", "_").replace("local_unvalidated", "")
    done = rayg(sample_home, "explain", school["urn"], "--to", str(tmp_path / "school.pdf"))
    assert (done.returncode, done.stderr.strip()) == (1, "school.pdf: name a file that ends in .md or .html.")
