"""Whatever bytes a file holds, reading it gives lines or one fault of one line, and nothing else.

Bytes of real-shaped files are exchanged, cut, doubled and joined: a few seconds in `make test`, long in `make soak`.
Workbooks and Parquet are read as the product reads them, in a process of their own, which bounds memory and time.
"""

import io
import random
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RaygError
from pipelines.landing.offered import zip_members
from pipelines.landing.recognise import Claims
from pipelines.tables.apart import PARQUET, WORKBOOK, read_apart
from pipelines.tables.decode import read_lines
from tests.examples import examples
from tests.hostile import samples

TOKENS = (
    b'"',
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<",
    b'r="XFD1048576"',
    b"PK\x03\x04",
)


def assert_lines_or_one_fault(read: Callable[[], object]) -> None:
    try:
        lines = read()
    except RaygError as fault:
        assert str(fault), "a fault says something"
        assert len(str(fault).splitlines()) == 1, str(fault)
        return
    assert isinstance(lines, list)
    for number, cells in lines:
        assert isinstance(number, int)
        assert all(isinstance(cell, str) for cell in cells)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight hurts."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        kind = chance.randrange(6)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(changed):
            changed[at] = chance.randrange(256)
        elif kind == 2:
            del changed[at : at + chance.choice((1, 2, 7, 64))]
        elif kind == 3:
            changed[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 3, 200))
        elif kind == 4:
            changed[at:at] = changed[at : at + chance.choice((4, 40, 400))]
        elif chance.random() < 0.2:
            del changed[at:]
    return bytes(changed)


def mutated_member(content: bytes, chance: random.Random) -> bytes:
    """A workbook whose zip is whole and whose XML is hurt, since most hurts of a zip are found by its checksums."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    hurt = chance.choice([name for name in members if name.endswith((".xml", ".rels"))])
    return samples.zipped({**members, hurt: mutated(members[hurt], chance)})


TEXTS = [
    samples.separated(separator, encoding) for separator in ",;\t" for encoding in ("utf-8-sig", "utf-16", "cp1252")
]

TRIES = [pytest.param(4, id="few"), pytest.param(400, id="many", marks=pytest.mark.soak)]


@examples(300)
@given(st.integers(0, 2**32))
def test_hurt_text(seed: int) -> None:
    chance = random.Random(seed)
    content = mutated(chance.choice(TEXTS), chance)
    assert_lines_or_one_fault(partial(read_lines, content, "x.csv", None))


@examples(300)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0"]))
def test_any_bytes_as_text(content: bytes, mark: bytes) -> None:
    assert_lines_or_one_fault(partial(read_lines, mark + content, "x.csv", None))


@examples(300)
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32"]))
def test_any_text(text: str, encoding: str) -> None:
    assert_lines_or_one_fault(partial(read_lines, text.encode(encoding, "replace"), "x.csv", None))


@pytest.mark.parametrize("hurt", [mutated, mutated_member])
@pytest.mark.parametrize("tries_n", TRIES)
def test_hurt_workbooks(hurt: Callable[[bytes, random.Random], bytes], tries_n: int) -> None:
    whole = samples.workbook()
    for seed in range(tries_n):
        content = hurt(whole, random.Random(seed))
        assert_lines_or_one_fault(partial(read_apart, WORKBOOK, content, "england", seconds_max=60))


@pytest.mark.parametrize("tries_n", TRIES)
def test_hurt_parquet(tries_n: int) -> None:
    whole = samples.parquet()
    for seed in range(tries_n):
        content = mutated(whole, random.Random(seed))
        assert_lines_or_one_fault(partial(read_apart, PARQUET, content, seconds_max=60))


@examples(150)
@given(st.integers(0, 2**32))
def test_hurt_zips(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance = random.Random(seed)
    path = tmp_path_factory.getbasetemp() / "hurt.zip"
    path.write_bytes(mutated(samples.zipped({"919_ks2final.csv": samples.separated(), "a/b.csv": b"x"}), chance))
    read_members(path)


def read_members(path: Path) -> None:
    try:
        members = zip_members(path, ["hurt"], Claims())
        for member in members:
            member.read()
    except RaygError as fault:
        assert len(str(fault).splitlines()) == 1
