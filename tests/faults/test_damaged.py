"""A home that was damaged between two commands: each command names the damaged file in one line, the next build mends
what can be made again, and nothing is lost that cannot.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.checks.judge import judge
from pipelines.home import Home
from pipelines.landing.land import land
from pipelines.publication.builds import current_facts
from tests.faults.conftest import KS2, Project, assert_no_leftovers, hold, standing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and modes as POSIX has them")
READERS = [("explain", "100001"), ("explain", "kpi:ks2_rwm"), ("site", "--to"), ("freeze", "kept"), ("diff",)]
READERS_OF_ALL = READERS[2:]  # the tiny project's builds have no school page: `explain` reads schools first


def asked(command: tuple[str, ...], tmp_path: Path) -> list[str]:
    if command == ("diff",):
        return ["diff", "current", "current"]
    return [*command, str(tmp_path / "pages")] if command[-1] == "--to" else list(command)


def points_to(target: str) -> Callable[[Home], None]:
    def hurt(home: Home) -> None:
        home.current.unlink()
        home.current.symlink_to(target)

    return hurt


def writes(name: str, change: Callable[[bytes], bytes]) -> Callable[[Home], None]:
    def hurt(home: Home) -> None:
        path = home.current / name
        content = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(change(content))

    return hurt


def without(name: str) -> Callable[[Home], None]:
    return lambda home: (home.current / name).unlink()


DAMAGE: dict[str, tuple[Callable[[Home], None], str]] = {
    "current dangles": (points_to("builds/gone"), "marts/current leads to no build"),
    "current leads to itself": (points_to("current"), "marts/current leads to no build"),
    "current is gone": (lambda home: home.current.unlink(), "marts/current is not there, though builds are"),
    "package cut": (writes("datapackage.json", lambda content: content[:50]), "datapackage.json is damaged"),
    "package empty": (writes("datapackage.json", lambda _: b""), "datapackage.json is damaged"),
    "package gone": (without("datapackage.json"), "datapackage.json is not there"),
    "mart cut": (writes("schools.parquet", lambda content: content[:-20]), "schools.parquet is damaged"),
    "mart empty": (writes("schools.parquet", lambda _: b""), "schools.parquet is damaged"),
    "mart edited": (writes("schools.parquet", lambda content: content[:-1] + b"X"), "schools.parquet is damaged"),
    "mart gone": (without("schools.parquet"), "schools.parquet is not there"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_reader_names_the_damage_in_one_line(project: Project, home: Home, tmp_path: Path, damage: str) -> None:
    hurt, said = DAMAGE[damage]
    hurt(home)
    for command in READERS if damage != "package gone" else READERS_OF_ALL:
        done = project.rayg(home, *asked(command, tmp_path))
        if command == ("explain", "kpi:ks2_rwm") and damage.startswith("mart"):
            continue  # it reads other marts
        assert done.returncode == 1, (command, done.stdout)
        (line,) = done.stderr.splitlines()
        assert said in line and "run `rayg build --force`" in line, command
        assert "Nothing is built" not in line
    assert not (home.marts / "frozen").exists() or list((home.marts / "frozen").iterdir()) == []
    assert not (tmp_path / "pages").exists()
    done = project.rayg(home, "verify")
    assert done.returncode == 1 and said in done.stderr


@pytest.mark.parametrize("damage", ["current dangles", "package empty", "mart cut", "mart gone"])
def test_a_plain_build_mends_the_current_build(project: Project, home: Home, damage: str) -> None:
    DAMAGE[damage][0](home)
    done = project.rayg(home, "build")
    assert done.returncode == 0, done.stderr
    assert "Nothing has changed" not in done.stdout
    # the damaged build is still named where the new one has a name of its own, a minute later
    assert home.current.resolve().name not in project.rayg(home, "verify").stderr


def test_a_csv_edited_in_place_is_not_byte_for_byte_the_same(project: Project, home: Home) -> None:
    writes("schools.csv", lambda content: content.replace(b"100001", b"100009"))(home)
    done = project.rayg(home, "diff", "current", "current")
    assert done.returncode == 1 and "schools.csv is damaged" in done.stderr and "byte for byte" not in done.stdout


# Every odd note by itself is a test of `builds`, in tests/unit/build; here are whole builds over two of them.
@pytest.mark.parametrize(("note", "has_building_file"), [("", False), ("../..", True)])
def test_an_odd_note_of_a_swap_costs_nothing(project: Project, home: Home, note: str, has_building_file: bool) -> None:
    assert project.rayg(home, "freeze", "kept").returncode == 0
    raw = {path: path.read_bytes() for path in home.raw.rglob("*") if path.is_file()}
    first = current_facts(home)
    (home.marts / "swap.txt").write_text(note)
    if has_building_file:
        home.building_file.write_text("half")
    done = project.rayg(home, "build", "--force")
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in raw} == raw
    assert first is not None and (home.builds / first.build_id / "schools.csv").is_file()
    assert (home.marts / "frozen" / "kept" / "schools.csv").is_file()
    shutil.rmtree(home.marts / "frozen")
    assert_no_leftovers(home)


RAW = "raw/ks2/2024-25/919_ks2final.csv"


@pytest.mark.parametrize(
    "hurt", [Path.unlink, lambda file: file.write_text("edited"), lambda file: file.write_text("")]
)
def test_a_damaged_raw_file_stops_the_build_and_is_named(
    project: Project, home: Home, hurt: Callable[[Path], None]
) -> None:
    before = standing(home)
    content = (home.root / RAW).read_bytes()
    hurt(home.root / RAW)
    for arguments in (["build"], ["build", "--force"], ["verify"]):
        done = project.rayg(home, *arguments)
        assert done.returncode == 1 and "Nothing has changed" not in done.stdout
        (line,) = done.stderr.splitlines()
        assert line.startswith(RAW) and "add the same file again with `rayg add`" in line
    assert standing(home) == before
    (home.root / RAW).write_bytes(content)
    done = project.rayg(home, "build")
    assert done.returncode == 0 and "Nothing has changed" in done.stdout


def test_a_sidecar_that_lies_costs_its_own_file_alone(project: Project, home: Home, tmp_path: Path) -> None:
    """The changed file above stops a build; here the bytes stand, and what is told of them does not fit."""
    other = tmp_path / "files" / "919_ks2final.csv"
    hold(home, other.name, [KS2[0], ["1", "919", "2001", "100001", "First", "30", "61%"]], other.parent, "2023/24")
    sidecar = home.root / f"{RAW}.provenance.json"
    whole = sidecar.read_text()
    sidecar.write_text(whole.replace('"academic_year": "2024/25"', '"academic_year": "2022/23"'))
    done = project.rayg(home, "build")
    assert done.returncode == 0, done.stderr
    said = f"{RAW}.provenance.json says otherwise than its file (academic_year is 2022/23): delete it and add its file"
    assert "Files left out: 1" in done.stdout and said in done.stdout
    quality = (home.current / "data_quality.csv").read_text(encoding="utf-8-sig")
    assert "quarantined,ks2,919_ks2final.csv" in quality and said in quality
    assert (home.current / "observations.csv").read_text(encoding="utf-8-sig").count("61%") == 1
    for verb in ("verify", "sources"):
        done = project.rayg(home, verb)
        assert said in done.stdout + done.stderr
    sidecar.write_text(whole)
    assert project.rayg(home, "verify").returncode == 0


def test_a_deleted_raw_file_is_not_told_as_held(project: Project, home: Home) -> None:
    (home.root / RAW).unlink()
    done = project.rayg(home, "sources")
    assert done.returncode == 0 and f"   {RAW}" in done.stdout


CACHES = (
    "landed.json",
    "judged.json",
    "verdicts.parquet",
    "set_aside.parquet",
    "files.parquet",
    "cells/*",
    "wide/*",
    "columns/*",
)


def cut_in_half(home: Home, cache: str) -> None:
    for path in home.landing.glob(f"{cache}.parquet" if "*" in cache else cache):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def landed(home: Home) -> dict[str, bytes]:
    """Lands and judges; every table that they leave for the warehouse, as bytes."""
    land(home, la_code="919", as_at=None, review_year=None)
    judge(home, progress=lambda _: None)
    return {str(path.relative_to(home.landing)): path.read_bytes() for path in home.landing.rglob("*.parquet")}


@pytest.mark.parametrize("name", CACHES)
def test_a_lost_cache_of_landing_is_made_again(home: Home, name: str) -> None:
    before = landed(home)
    cut_in_half(home, name)
    assert landed(home) == before


def test_lost_caches_of_landing_cost_only_time(project: Project, home: Home) -> None:
    before = standing(home)
    for name in CACHES:
        cut_in_half(home, name)
    done = project.rayg(home, "build", "--force")
    assert done.returncode == 0, done.stderr
    after = standing(home)
    assert {file: after[file] for file in after if file.endswith((".csv", ".parquet"))} == {
        file: before[file] for file in before if file.endswith((".csv", ".parquet"))
    }


@pytest.mark.parametrize("place", ["marts/current/sub", "marts/x", "raw/x", "warehouse/x"])
def test_pages_are_never_written_into_the_home(project: Project, home: Home, place: str) -> None:
    before = standing(home)
    done = project.rayg(home, "site", "--to", str(home.root / place))
    assert done.returncode == 1 and "lies among the home's own files" in done.stderr
    assert not (home.root / place).exists() and standing(home) == before


def modes(home: Home) -> set[str]:
    found = {oct(path.stat().st_mode & 0o777) for path in home.root.rglob("*") if not path.is_symlink()}
    return found | {oct(home.root.stat().st_mode & 0o777)}


def test_an_open_home_is_closed_at_its_next_build_which_says_so_once(project: Project, home: Home) -> None:
    assert modes(home) <= {"0o700", "0o600", "0o400"}
    for path in [home.root, *home.root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    done = project.rayg(home, "build", "--force")
    assert done.returncode == 0 and "files and folders of the home to all but you" in done.stderr
    assert modes(home) <= {"0o700", "0o600", "0o400"}
    done = project.rayg(home, "build", "--force")
    assert "to all but you" not in done.stderr
