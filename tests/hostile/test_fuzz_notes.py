"""Notes that the product leaves itself, and the ledger: whatever they hold, nothing is lost, and what can be made again
is made again. A fixed number of hurts in `make test`, a hundred times as many in `make soak`.
"""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.checks.judge import judge
from pipelines.errors import RaygError
from pipelines.fetching.fetch_state import FetchState
from pipelines.files import sha256_of
from pipelines.intact import NOTE, damaged_raw
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.landing.moderate import moderate
from pipelines.lock import BuildLock, refuse_if_held
from pipelines.publication import builds
from tests.examples import examples
from tests.hostile.test_fuzz import mutated
from tests.published import seal

BUILD, NEXT = "2026-01-01T0600-00000001", "2026-01-02T0600-00000002"
SEEDS = st.integers(0, 2**32)


def bytes_of(folder):
    return {path: sha256_of(path) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.fixture
def landed(home, tmp_path, published):
    """A home with one landed and judged file, and what it left for the warehouse."""
    path = tmp_path / "919_ks2final.csv"
    path.write_bytes(published.ks2())
    assert add(home, [path], academic_year="2024/25")[0].status == "accepted"
    made_again(home)
    return home


def made_again(home):
    land(home, la_code="919", as_at=None, review_year=None)
    judge(home, progress=lambda _: None)
    damaged_raw(home)
    return {path: digest for path, digest in bytes_of(home.landing).items() if path.suffix == ".parquet"}


@examples(8)
@given(SEEDS, st.sampled_from(["landing/landed.json", "landing/judged.json", NOTE]), st.booleans())
def test_notes_of_caches(landed, seed, name, is_cut):
    chance = random.Random(seed)
    whole = (landed.warehouse / name).read_bytes()
    before = made_again(landed)
    hurt = whole[: chance.randrange(len(whole))] if is_cut else of_another_shape(whole, chance)
    (landed.warehouse / name).write_bytes(hurt)
    assert made_again(landed) == before
    assert (landed.warehouse / name).read_bytes() == whole


def of_another_shape(whole, chance):
    """A note in which one value is of another kind, or gone."""
    note = json.loads(whole)
    at = note
    while isinstance(at, dict | list) and at:
        key = chance.choice(list(at)) if isinstance(at, dict) else chance.randrange(len(at))
        if not isinstance(at[key], dict | list) or not at[key] or chance.random() < 0.3:
            at[key] = chance.choice([None, -1, "", "x", [], {}, [[]], 1.5, True])
            break
        at = at[key]
    return json.dumps(note).encode()


@examples(100)
@given(st.one_of(st.binary(max_size=40), st.sampled_from([b"", b".", b"..", b"../..", b"frozen", b"/", b"builds"])))
def test_the_note_of_a_swap(tmp_path_factory, home, note):
    for build_id in (BUILD, NEXT):
        folder = home.builds / build_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "schools.csv").write_text("the schools")
        seal(folder, build_id=build_id)
    kept = home.marts / "frozen" / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "schools.csv").write_text("kept")
    home.raw.mkdir(exist_ok=True)
    (home.raw / "a.csv").write_text("raw")
    home.warehouse.mkdir(exist_ok=True)
    if not home.current.is_symlink():
        home.current.symlink_to(f"builds/{BUILD}")
    before = bytes_of(home.root)
    for has_building_file in (False, True):
        (home.marts / "swap.txt").write_bytes(note)
        if has_building_file:
            home.building_file.write_text("half")
        builds.clear_leftovers(home)
        assert bytes_of(home.root) == before
        assert builds.whole_build(home.current).build_id == BUILD


@examples(100)
@given(st.binary(max_size=40))
def test_the_notes_of_the_lock_and_of_the_writer(home, note):
    home.warehouse.mkdir(parents=True, exist_ok=True)
    (home.warehouse / "writer.pid").write_bytes(note)
    builds.clear_leftovers(home)
    lock = BuildLock(home)
    lock.acquire()
    try:
        home.lock_file.with_suffix(".lock.json").write_bytes(note)
        with pytest.raises(RaygError, match="is running") as refused:
            refuse_if_held(home)
        assert len(str(refused.value).splitlines()) == 1
    finally:
        lock.release()


@examples(100)
@given(SEEDS)
def test_a_data_package(home, seed):
    folder = home.builds / BUILD
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schools.csv").write_text("the schools")
    package = folder / builds.PACKAGE_FILE
    seal(folder, build_id=BUILD)
    chance = random.Random(seed)
    whole = package.read_bytes()
    package.write_bytes(of_another_shape(whole, chance) if chance.random() < 0.5 else mutated(whole, chance))
    for ask in (builds.whole_build, builds.require_intact, builds.require_readable):
        try:
            ask(folder)
        except RaygError as fault:
            assert len(str(fault).splitlines()) == 1 and "bring" in str(fault)
    assert all(len(line.splitlines()) == 1 for line in builds.damaged_files(folder))


@examples(100)
@given(SEEDS)
def test_what_is_remembered_of_downloads(tmp_path_factory, seed):
    path = tmp_path_factory.getbasetemp() / "state.json"
    entry = {"etag": "e", "last_modified": None, "file_ids": ["a"], "file_name": "a.csv", "retrieved_at": "2026"}
    path.write_bytes(mutated(json.dumps({"https://example.org/a.csv": entry}).encode(), random.Random(seed)))
    FetchState(path).known("https://example.org/a.csv", {"a"})


@examples(25)
@given(SEEDS)
def test_hurt_decisions(home, tmp_path_factory, returned, seed):
    """A file of decisions is kept whole or not at all, each refused line is named, and the next good one is taken."""
    text = returned.text("local_moderation", {"decided_on": "2025-10-06", "from_rating": "amber"})
    path = tmp_path_factory.getbasetemp() / "local_moderation.csv"
    content = mutated(text, random.Random(seed))
    path.write_bytes(content)
    before = bytes_of(home.root)
    try:
        _, refused = moderate(home, path)
    except RaygError as fault:
        assert len(str(fault).splitlines()) == 1
        refused = ["all"]
    added = {file: digest for file, digest in bytes_of(home.root).items() if file not in before}
    assert {file: digest for file, digest in bytes_of(home.root).items() if file in before} == before
    if added:
        assert sorted(file.suffix for file in added) == [".csv", ".json"]
        assert any(file.read_bytes() == content for file in added)
    elif not refused:
        assert any(file.read_bytes() == content for file in before)  # held already
