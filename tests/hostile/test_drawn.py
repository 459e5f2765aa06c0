"""Unlucky things that were tried once by hand and drawn again, each with the right behaviour: one line, the right exit
code, nothing kept that should not be.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from pipelines.home import project_root
from pipelines.landing.intake import add
from pipelines.landing.moderate import moderate
from pipelines.tables.apart import WORKBOOK, read_apart
from tests.hostile import samples
from tests.hostile.test_fuzz import assert_lines_or_one_fault
from tests.hostile.test_terminal import run

FIRST = {"decided_on": "2025-10-06", "from_rating": "amber"}


def offered(home, tmp_path, name, content, **claims):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    (outcome,) = add(home, [path], **claims)
    return outcome


@pytest.mark.parametrize("name", ["-x.csv", "--home.csv", "-919_ks2final.csv"])
def test_a_name_with_a_leading_dash_is_a_name(home, tmp_path, published, name):
    outcome = offered(home, tmp_path, name, published.ks2(), academic_year="2024/25", source="ks2")
    assert (outcome.status, outcome.file_name) == ("accepted", name)


@pytest.mark.parametrize("suffix", ["ods", "xls", "xlsb", "json", "docx", "pdf", "tsv"])
def test_a_format_that_is_not_read_is_refused_by_name(home, tmp_path, published, suffix):
    outcome = offered(home, tmp_path, f"919_ks2final.{suffix}", published.ks2(), academic_year="2024/25")
    assert outcome.status in ("rejected", "skipped") and len(outcome.reason.splitlines()) == 1
    assert list(home.raw.rglob("*")) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add", "--published", "2024-02-30", "x.csv"], 2),
        (["add", "--source", "nonsense", "x.csv"], 1),
        (["fetch", "nonsense"], 1),
        (["backtest", "--from", "2024-13-01"], 2),
        (["explain", "../../x"], 1),
        (["explain", "' or 1=1 --"], 1),
        (["explain", "123456; drop table schools"], 1),
        (["diff", "current", "current"], 1),
        (["diff", "current", "current", "--csv", "/nowhere/at/all.csv"], 1),
        (["freeze", "../x"], 1),
        (["site", "--la", "850"], 1),
        (["site", "--la", "850", "--urn", "100001"], 2),
    ],
)
def test_nonsense_in_an_empty_home_is_said_and_leaves_it_empty(home, monkeypatch, capsys, arguments, code):
    assert run(monkeypatch, "--home", str(home.root), *arguments) == code
    said = capsys.readouterr().err
    assert "Traceback" not in said and said.strip()
    if code == 1:
        assert len(said.splitlines()) == 1
    assert not home.raw.exists() and not home.marts.exists()


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData>\xff\xfe"),
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r="2A"'),
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r=""'),
        ("xl/styles.xml", b'numFmtId="164"', b'numFmtId="9"'),
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
    ],
)
def test_a_workbook_of_odd_xml_gives_lines_or_one_fault(member, old, new):
    content = samples.rewritten(samples.workbook(), member, old, new)
    assert_lines_or_one_fault(lambda: read_apart(WORKBOOK, content, "england", seconds_max=60))


@pytest.mark.parametrize("cell", ["NaN", "inf", "-inf", "1e3", "2_5", "0x19", "25.0.0", "-5", "٢٥", "२५"])
def test_a_count_of_a_return_is_a_plain_number(home, tmp_path, returned, cell):
    text = returned.text("local_ks2", {"cohort_n": cell})
    outcome = offered(home, tmp_path, "local_ks2.csv", text)
    assert outcome.status == "rejected" and "cohort_n" in outcome.reason


def test_a_count_with_blanks_around_it_is_a_count(home, tmp_path, returned):
    text = returned.text("local_ks2", {"cohort_n": " 25\xa0"})
    assert offered(home, tmp_path, "local_ks2.csv", text).status == "accepted"


@pytest.mark.parametrize("day", ["11/13/2026", "1/11/26", "2025-10-06T00:00", "45936", "6 October 2025", "0000-00-00"])
def test_a_day_that_is_not_written_as_asked_is_refused(home, tmp_path, returned, day):
    (tmp_path / "local_moderation.csv").write_bytes(returned.text("local_moderation", FIRST | {"decided_on": day}))
    result, (refused,) = moderate(home, tmp_path / "local_moderation.csv")
    assert result.endswith("nothing was kept") and f"decided_on holds '{day}'" in refused


def test_an_ambiguous_day_is_read_day_first_as_documented(home, tmp_path, returned):
    (tmp_path / "local_moderation.csv").write_bytes(
        returned.text("local_moderation", FIRST | {"decided_on": "11/10/2025"})
    )
    moderate(home, tmp_path / "local_moderation.csv")
    path = tmp_path / "again" / "local_moderation.csv"
    path.parent.mkdir()
    after = FIRST | {"decided_on": "2025-10-12", "from_rating": "yellow", "supersedes": "2025-10-11"}
    path.write_bytes(returned.text("local_moderation", after))
    _, refused = moderate(home, path)
    assert not any("supersedes" in line for line in refused)  # 11 October is the day that stands


def test_a_formula_in_a_reason_is_kept_as_it_is(home, tmp_path, returned):
    text = returned.text("local_moderation", FIRST | {"reason": "=HYPERLINK(1)"})
    (tmp_path / "local_moderation.csv").write_bytes(text)
    _, refused = moderate(home, tmp_path / "local_moderation.csv")
    assert refused == [] and any(path.read_bytes() == text for path in home.raw.rglob("*.csv"))


def test_edited_bytes_of_the_ledger_come_back_by_adding_the_old_ones(home, tmp_path, returned):
    path = tmp_path / "local_moderation.csv"
    path.write_bytes(returned.text("local_moderation", FIRST))
    moderate(home, path)
    (kept,) = home.raw.rglob("*.csv")
    kept.write_bytes(b"edited")
    moderate(home, path)
    assert [file.read_bytes() for file in home.raw.rglob("*.csv")] == [path.read_bytes()]


def test_a_dangling_link_in_a_folder_is_said(home, tmp_path, published):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "919_ks2final.csv").write_bytes(published.ks2())
    (folder / "a.csv").symlink_to(tmp_path / "gone.csv")
    outcomes = add(home, [folder], academic_year="2024/25")
    assert sorted(outcome.status for outcome in outcomes) == ["accepted", "rejected"]


def test_a_home_that_was_copied_without_its_links_still_reads(home, tmp_path, published):
    """A backup tool may leave links and modes out."""
    assert offered(home, tmp_path, "919_ks2final.csv", published.ks2(), academic_year="2024/25").status == "accepted"
    copy = type(home)(tmp_path / "copy")
    shutil.copytree(home.root, copy.root)
    for path in copy.raw.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    again = tmp_path / "919_ks2final.csv"
    assert add(copy, [again], academic_year="2024/25")[0].status == "already_held"


def test_a_command_that_is_asked_to_end_ends(tmp_path):
    """A terminal that is closed, a service that is stopped: no traceback, and the process is gone."""
    script = (
        "import time\nfrom pipelines import cli, console_sources\n"
        "console_sources.show_sources = lambda *_: (print('on', flush=True), time.sleep(60))\ncli.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, "--home", str(tmp_path / "home"), "sources"],
        env={**os.environ, "PYTHONPATH": str(project_root())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # tests that run in the background of a shell inherit that the signal is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None and process.stdout.readline() == "on\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and said == "Stopped.\n"
