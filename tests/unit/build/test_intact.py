"""A raw file that was edited, cut short or deleted is noticed and named, by the quick look and by the thorough one."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import RaygError
from pipelines.fetching.holdings import gone
from pipelines.home import Home
from pipelines.intact import NOTE, damaged_raw, files_without_sidecar, require_raw
from pipelines.landing.intake import add
from pipelines.provenance import set_aside
from pipelines.publication.freeze import freeze
from pipelines.publication.verify import verify
from tests.published import seal

CONTENT = b"RECTYPE,LEA,ESTAB,URN,SCHNAME,TELIG,PTRWM_EXP\r\n1,919,2001,100001,First,30,60%\r\n"
NAME = "raw/ks2/2024-25/919_ks2final.csv"
BUILD = "2026-01-01T0600-00000001"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one raw file that was read, and one published build."""
    home = Home(tmp_path / "home")
    (tmp_path / "919_ks2final.csv").write_bytes(CONTENT)
    (outcome,) = add(home, [tmp_path / "919_ks2final.csv"], academic_year="2024/25")
    assert outcome.status == "accepted", outcome.reason
    folder = home.builds / BUILD
    folder.mkdir(parents=True)
    (folder / "schools.parquet").write_text("the schools")
    seal(folder, build_id=BUILD)
    home.current.symlink_to(Path("builds") / BUILD)
    assert damaged_raw(home) == []
    return home


def edit(file: Path) -> None:
    file.write_bytes(CONTENT.replace(b"60%", b"61%"))


def edit_within_the_clock(file: Path) -> None:
    """Another text of the same size and the same time: only the bytes tell."""
    stat = file.stat()
    edit(file)
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


HURTS: list[tuple[Callable[[Path], object], str]] = [
    (edit, "has changed since it was added"),
    (lambda file: file.write_bytes(CONTENT[:40]), f"has 40 bytes, and had {len(CONTENT)} when it was added"),
    (lambda file: file.write_bytes(b""), "has 0 bytes"),
    (Path.unlink, "is gone"),
]


@pytest.mark.parametrize(("hurt", "said"), HURTS)
def test_a_damaged_raw_file_is_named_and_what_to_do(home: Home, hurt: Callable[[Path], object], said: str) -> None:
    hurt(home.root / NAME)
    for reads_all in (False, True):
        (line,) = damaged_raw(home, reads_all=reads_all)
        assert line.startswith(f"{NAME} {said}") and "add the same file again with `rayg add`" in line
    with pytest.raises(RaygError, match=f"^{NAME} .*Nothing was built"):
        require_raw(home)
    assert verify(home).damaged == [line]


def test_adding_the_file_again_mends_it(home: Home, tmp_path: Path) -> None:
    for hurt, _ in HURTS:
        hurt(home.root / NAME)
        add(home, [tmp_path / "919_ks2final.csv"], academic_year="2024/25")
        assert damaged_raw(home) == []


def test_the_quick_look_reads_a_file_once_and_verify_reads_it_always(home: Home) -> None:
    edit_within_the_clock(home.root / NAME)
    assert damaged_raw(home) == []  # size and time are those that were noted
    assert len(verify(home).damaged) == 1
    assert len(damaged_raw(home)) == 1  # and what was found is not forgotten


def test_a_copied_home_is_read_again_and_whole(home: Home) -> None:
    file = home.root / NAME
    os.utime(file, ns=(1, 1))
    assert damaged_raw(home) == []


@pytest.mark.parametrize("note", ["", "{", "[]", "7", "null", '{"x": 1}'])
def test_an_odd_note_is_written_anew(home: Home, note: str) -> None:
    (home.warehouse / NOTE).write_text(note)
    assert damaged_raw(home) == []
    assert list(json.loads((home.warehouse / NOTE).read_text())) == [NAME]
    edit(home.root / NAME)
    assert len(damaged_raw(home)) == 1


@pytest.mark.parametrize("sidecar", ["", "{", "[]", "{}", '{"sha256": "x"}'])
def test_a_broken_sidecar_is_named(home: Home, sidecar: str) -> None:
    (home.root / f"{NAME}.provenance.json").write_text(sidecar)
    said = f"{NAME}.provenance.json is not a sidecar this version reads: delete it and add its file again"
    assert [odd.reason for odd in set_aside(home)] == [said]
    assert verify(home).damaged == [f"{said}."]
    assert damaged_raw(home) == []  # the bytes are not at fault: a build sets the file aside and goes on
    (home.root / NAME).unlink()
    (line,) = damaged_raw(home)
    assert line.startswith(f"{NAME} is gone") and verify(home).damaged == [line]


def test_a_lost_sidecar_is_found_by_verify(home: Home) -> None:
    (home.root / f"{NAME}.provenance.json").unlink()
    (home.raw / ".DS_Store").write_text("x")
    home.inbox.mkdir()
    (home.inbox / "dropped.csv").write_text("x")
    assert files_without_sidecar(home) == [home.root / NAME]
    assert verify(home).damaged == [f"{NAME} has no sidecar and is not held: add it with `rayg add`, or move it away."]


def test_a_deleted_file_is_not_told_as_held(home: Home) -> None:
    assert gone(home) == []
    (home.root / NAME).unlink()
    assert gone(home) == [NAME]


def test_verify_says_what_it_compared(home: Home) -> None:
    assert verify(home).summary == "Compared 1 raw file and 1 file of 1 build: none damaged."
    freeze(home, "kept", "current")
    (home.root / NAME).unlink()
    assert verify(home).summary == "Compared 1 raw file and 2 files of 2 builds: 1 damaged."
    assert verify(Home(home.root / "none")).summary == "Compared 0 raw files and no build: none damaged."


def test_verify_reads_every_build(home: Home) -> None:
    freeze(home, "kept", "current")
    assert (verify(home).damaged, verify(home).builds_n, verify(home).published_n) == ([], 2, 2)
    kept = home.marts / "frozen" / "kept" / "schools.parquet"
    kept.chmod(0o600)
    kept.write_text("THE SCHOOLS")
    (home.builds / BUILD / "schools.parquet").write_text("cut")
    assert verify(home).damaged == [
        f"{home.current / 'schools.parquet'} is damaged (3 bytes, 11 were published):"
        " run `rayg build --force` to publish it again.",
        f"{kept} is damaged (its bytes have changed since they were published):"
        f" bring {kept.parent} back from a copy, or name another build.",
    ]


def test_verify_says_a_current_that_leads_nowhere(home: Home) -> None:
    home.current.unlink()
    home.current.symlink_to("builds/gone")
    (line,) = verify(home).damaged
    assert line.startswith(f"{home.current} leads to no build: run `rayg build --force`")


def test_an_empty_home_is_whole(tmp_path: Path) -> None:
    found = verify(Home(tmp_path))
    assert (found.damaged, found.raw_n, found.published_n) == ([], 0, 0)
