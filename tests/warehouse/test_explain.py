"""`rayg explain URN` over the sample county, as a person would run it: every colour, each way of looking."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.publication.builds import read_facts
from pipelines.publication.documents.document import to_markdown
from pipelines.publication.documents.school import lay_out
from pipelines.publication.views.accounts import Accounts
from pipelines.publication.views.figures import measures, written
from pipelines.publication.views.reading import Marts
from pipelines.publication.views.words import STATES
from pipelines.publication.workbooks.desktop_indicators import TRIGGERED
from pipelines.publication.workbooks.desktop_people import CRITERIA
from pipelines.publication.workbooks.sql import open_marts

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
    standing = school["final_rating"] or colour
    assert f"Whole school: {standing.replace('_', ' ')} " in text
    was = f"The draft was {colour.replace('_', ' ')}." if school["moderated_rating"] else "A draft: people decide."
    assert was in text
    assert f"Rule: {school['rule_sentence']}" in text
    assert "SAMPLE DATA: an invented school" in text
    assert "For the adviser to judge: " in text
    assert text.rindex("What was not visible") > text.rindex("Risk screen")


def test_a_draft_one_pupil_from_another_colour_says_so(sample_home: Home) -> None:
    school = next(row for row in drafts(sample_home) if row["cusp_with"])
    text = rayg(sample_home, "explain", school["urn"]).stdout
    assert f"Cusp: {school['cusp_with'].replace('_', ' ')}: {school['cusp_case'].replace('_', ' ')}" in text


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


def test_each_indicator_is_named_and_values_are_rounded_as_in_pages(sample_home: Home) -> None:
    marts = Marts(sample_home.current)
    (row,) = marts.query(
        "select urn, measure_title, academic_year, value from benchmarks where measure = 'ks2_rwm_expected_pct'"
        " and entity_type = 'school' and pupil_group = 'all' and status = 'reported' and cohort_n > 30"
        " and release != 'local_unvalidated' order by academic_year desc, urn limit 1"
    )
    text = rayg(sample_home, "explain", row["urn"]).stdout
    shown = written(row["value"], "pct", measures()["ks2_rwm_expected_pct"].decimals)
    assert f"  {row['measure_title']}\n" in text
    assert f"    Year: {row['academic_year']} · Value: {shown} ·" in text
    for indicator in marts.rows("risk_indicators", "urn = ? and state in ('triggered', 'clear')", [row["urn"]]):
        assert f"  {indicator['title']}\n    State: {STATES[indicator['state']]} · " in text
    grade = marts.query(
        "select urn from inspections where overall_grade = 2 and not is_predecessor order by urn limit 1"
    )
    assert "Overall effectiveness: Good (2)" in rayg(sample_home, "explain", grade[0]["urn"]).stdout


def test_one_provision_alone_is_explained(sample_home: Home) -> None:
    marts = Marts(sample_home.current)
    (row,) = marts.rows("rayg_drafts", "provision = 'early_years'", columns="min(urn) as urn")
    text = rayg(sample_home, "explain", row["urn"], "--provision", "early_years").stdout
    assert "\nEarly years: " in text and "\nWhole school: " not in text and "Risk screen" not in text
    done = rayg(sample_home, "explain", row["urn"], "--provision", "nursery")
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("nursery", "whole_school", "early_years", "post_16")), done.stderr


def test_a_damaged_mart_is_one_line_that_names_it(sample_home: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(sample_home.current, home.current)
    file = home.current / "risk_indicators.parquet"
    file.write_bytes(file.read_bytes()[:1000])
    for arguments in (("explain", "900001"), ("explain", "kpi:ks2_rwm"), ("site", "--to", str(tmp_path / "site"))):
        done = rayg(home, *arguments)
        assert done.returncode == 1, arguments
        assert "risk_indicators.parquet is damaged (1000 bytes, " in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1
    file.unlink()
    lost = rayg(home, "explain", "900001").stderr
    assert "risk_indicators.parquet is not there" in lost and lost.count("\n") == 1, lost


def test_every_output_keeps_a_hidden_sentence_and_all_that_quotes_it(sample_home: Home) -> None:
    """Pages, terminal and workbook say the same of each piece of evidence; none prints a hidden sentence."""
    facts = read_facts(sample_home.current)
    assert facts is not None
    accounts, books = Accounts(Marts(sample_home.current)), open_marts(sample_home.current, facts.la_code)
    raw = {
        urn: {row["evidence"] for row in rows}
        for urn, rows in books.by_school("risk_indicators", accounts.schools).items()
    }
    triggered = {(row["urn"], row["title"], row["of_what"]): row["sentence"] for row in books.query(TRIGGERED.query)}
    in_sheet = {(row["urn"], row["wording"]): row["evidence"] for row in books.query(CRITERIA.query)}
    hidden_n = quoted_n = 0
    for page, sheet in accounts.school_pages(sorted({urn for urn, *_ in triggered}), frozenset(), []):
        shown = [one for _, indicators in page.domains for one in indicators]
        printed = to_markdown(lay_out(page, is_sample=True))
        sentences = {one.evidence for one in shown}
        hidden = {
            text for text in raw[page.urn] - sentences if text != "Does not apply to this kind of school." and text
        }
        hidden_n += len(hidden)
        for one in shown:
            if one.state == "triggered":
                told = {triggered[key] for key in triggered if key[:2] == (page.urn, one.title)}
                assert one.evidence in told, (page.urn, one.title)
        criteria = [one for card in page.cards for _, colour in card.colours for one in colour]
        for one in criteria:
            quoted_n += one.evidence == "Rests on what may not be shown here."
            assert not [text for text in hidden if text in one.evidence], page.urn
            assert in_sheet.get((page.urn, one.wording), one.evidence) in {
                other.evidence for other in criteria if other.wording == one.wording
            }
        plain = printed.replace("\\", "") + " ".join([sheet.why, sheet.matter, *sheet.fine, *sheet.questions])
        assert not [text for text in hidden if any(letter.isdigit() for letter in text) and text in plain], page.urn
    assert hidden_n > 20 and quoted_n  # else nothing is tested
