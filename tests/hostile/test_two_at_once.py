"""Two people at once: nothing that was said to be kept is lost, and of two first decisions one is refused."""

import json
import multiprocessing
from functools import partial
from pathlib import Path

import pytest

from pipelines import files
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing import intake
from pipelines.landing.intake import add
from pipelines.landing.moderate import moderate
from pipelines.provenance import held_files, set_aside
from tests.examples import TIMES

ROUNDS = 12 * TIMES
FIRST = {"decided_on": "2025-10-06", "from_rating": "amber"}
CONTEXT = multiprocessing.get_context("fork")


def at_once(offers: list) -> list:
    """What each offer gives or says, all begun at the same moment in processes of their own."""
    together, answers = CONTEXT.Barrier(len(offers)), CONTEXT.Queue()

    def run(at: int) -> None:
        together.wait()
        try:
            answers.put((at, offers[at]()))
        except RaygError as error:
            answers.put((at, str(error)))

    processes = [CONTEXT.Process(target=run, args=(at,)) for at in range(len(offers))]
    for process in processes:
        process.start()
    given = dict(answers.get(timeout=60) for _ in offers)
    for process in processes:
        process.join(timeout=60)
    return [given[at] for at in range(len(offers))]


def is_whole(home: Home) -> bool:
    """Whether every sidecar stands beside the bytes it vouches for, and every file has one."""
    held = held_files(home)
    bytes_n = sum(path.suffix != ".json" for path in home.raw.rglob("*") if path.is_file())
    return all(file.is_intact for file in held) and bytes_n == len(held)


def test_of_two_first_decisions_on_one_school_one_stands_and_the_other_says_why(tmp_path, returned):
    for at in range(ROUNDS):
        home = Home(tmp_path / str(at))
        paths = []
        for rating in ("red", "yellow"):
            path = tmp_path / f"{at}-{rating}" / "local_moderation.csv"
            path.parent.mkdir()
            path.write_bytes(returned.text("local_moderation", FIRST | {"to_rating": rating}))
            paths.append(path)
        first, second = at_once([partial(moderate, home, path) for path in paths])
        kept = [line for line, _ in (first, second) if line.endswith("kept in the ledger")]
        [refused] = [refused for _, refused in (first, second) if refused]
        assert len(kept) == 1 and "column supersedes is blank: the decision of 2025-10-06 stands" in refused[0]
        assert len(held_files(home)) == 1 and is_whole(home)


def test_two_files_of_one_name_are_both_kept(tmp_path, returned):
    for at in range(ROUNDS):
        home = Home(tmp_path / str(at))
        paths = []
        for urn in ("100001", "100002"):
            path = tmp_path / f"{at}-{urn}" / "local_moderation.csv"
            path.parent.mkdir()
            path.write_bytes(returned.text("local_moderation", FIRST | {"to_rating": "red", "urn": urn}))
            paths.append(path)
        answers = at_once([partial(moderate, home, path) for path in paths])
        assert answers == [("local_moderation.csv: kept in the ledger", [])] * 2
        assert len(held_files(home)) == 2 and is_whole(home)


def test_the_same_bytes_at_once_are_held_once(tmp_path, published):
    for at in range(ROUNDS):
        home = Home(tmp_path / str(at))
        paths = [tmp_path / f"{at}-{one}" / "919_ks2final.csv" for one in "ab"]
        for path in paths:
            path.parent.mkdir()
            path.write_bytes(published.ks2())
        outcomes = at_once([partial(add, home, [path], academic_year="2024/25") for path in paths])
        assert sorted(outcome.status for [outcome] in outcomes) == ["accepted", "already_held"]
        assert len(held_files(home)) == 1 and is_whole(home)


def test_who_cannot_have_the_lock_is_told_in_a_line(home, tmp_path, published, monkeypatch):
    monkeypatch.setattr(intake, "LOCK_SECONDS", 0.1)
    path = tmp_path / "919_ks2final.csv"
    path.write_bytes(published.ks2())
    home.root.mkdir()
    with intake.FileLock(home.intake_lock_file, is_singleton=False):
        [outcome] = CONTEXT.Pool(1).apply(add, (home, [path]), {"academic_year": "2024/25"})
    assert outcome.status == "rejected"
    assert outcome.reason == "another `rayg add` or `moderate` of this home is under way: run this again"


def test_bytes_that_are_there_are_never_written_over(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"first")
    with pytest.raises(FileExistsError):
        files.create_whole(path, b"second")
    assert path.read_bytes() == b"first" and list(tmp_path.iterdir()) == [path]


def test_a_disk_without_links_takes_files_too(tmp_path, monkeypatch):
    def refused(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    path = tmp_path / "a.csv"
    files.create_whole(path, b"first")
    with pytest.raises(FileExistsError):
        files.create_whole(path, b"second")
    assert path.read_bytes() == b"first" and list(tmp_path.iterdir()) == [path]


def test_a_passing_file_that_is_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"theirs")
    (tmp_path / ".a.csv.part").symlink_to(elsewhere)
    files.create_whole(tmp_path / "a.csv", b"ours")
    assert elsewhere.read_bytes() == b"theirs" and (tmp_path / "a.csv").read_bytes() == b"ours"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"file_id": "../../../pwn"}, "file_id is not the beginning of sha256"),
        ({"file_id": "000000000000"}, "file_id is not the beginning of sha256"),
        ({"file_id": "ABCDEF012345"}, "file_id is not the beginning of sha256"),
        ({"sha256": "x"}, "file_id is not the beginning of sha256"),
        ({"file_name": "../a.csv"}, "file_name is no name of a file"),
        ({"file_name": "a\\b.csv"}, "file_name is no name of a file"),
        ({"academic_year": "../.."}, "academic_year is no academic year"),
        ({"academic_year": "２０２４/25"}, "academic_year is no academic year"),
    ],
)
def test_a_sidecar_that_says_otherwise_is_named(home, tmp_path, published, change, says):
    path = tmp_path / "919_ks2final.csv"
    path.write_bytes(published.ks2())
    add(home, [path], academic_year="2024/25")
    [sidecar] = home.sidecars()
    sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | change), encoding="utf-8")
    assert held_files(home) == []
    assert [odd.reason for odd in set_aside(home)] == [
        f"raw/ks2/2024-25/919_ks2final.csv.provenance.json is not a sidecar this version reads ({says}):"
        " delete it and add its file again"
    ]


def test_one_sidecar_of_the_other_kind_opens_a_home_to_neither(home, tmp_path, published):
    for year, name in (("2023/24", "a"), ("2024/25", "b"), ("2022/23", "c")):
        path = tmp_path / name / "919_ks2final.csv"
        path.parent.mkdir()
        row = ["1", "919", "2009", "100009", name, "9", "1%"]
        path.write_bytes(published.csv(published.ks2_header[: len(row)], [row]))
        assert add(home, [path], academic_year=year)[0].status == "accepted"
    for odd in (home.sidecars()[0], home.sidecars()[-1]):
        text = odd.read_text()
        odd.write_text(text.replace('"is_sample": false', '"is_sample": true'), encoding="utf-8")
        assert Home(home.root).is_sample() is False
        (aside,) = set_aside(home)
        assert " says that its file is the sample county's, and other" in aside.reason
        assert add(Home(home.root), [path], academic_year="2022/23")[0].status in ("accepted", "already_held")
        with pytest.raises(RaygError, match="may not join"):
            add(Home(home.root), [path], is_sample=True)
        odd.write_text(text, encoding="utf-8")


def test_as_many_of_both_kinds_are_refused_whole(home, tmp_path, published):
    for year, name in (("2023/24", "a"), ("2024/25", "b")):
        path = tmp_path / name / "919_ks2final.csv"
        path.parent.mkdir()
        row = ["1", "919", "2009", "100009", name, "9", "1%"]
        path.write_bytes(published.csv(published.ks2_header[: len(row)], [row]))
        assert add(home, [path], academic_year=year)[0].status == "accepted"
    odd = home.sidecars()[0]
    odd.write_text(odd.read_text().replace('"is_sample": false', '"is_sample": true'), encoding="utf-8")
    with pytest.raises(RaygError, match="move the files of one kind away"):
        held_files(home)
