"""Paths, names, folders and zips as they should not be: one line each, and the others are taken."""

import os
import socket
import sys

import pytest

from pipelines.errors import RaygError
from pipelines.landing.intake import add
from pipelines.landing.moderate import moderate

needs_posix = pytest.mark.skipif(os.name == "nt", reason="pipes, sockets and names of bytes are not there")


def taken_beside(home, published, folder, path):
    """The outcome of a path, with a good file named after it that must be taken all the same."""
    good = folder / "good" / "2024-25" / "919_ks2final.csv"
    good.parent.mkdir(parents=True)
    good.write_bytes(published.ks2())
    *outcomes, last = add(home, [path, good])
    assert last.status == "accepted", last.reason
    return outcomes


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({}, "the zip holds no file: download it again"),
        ({".hidden.csv": b"x", "__MACOSX/a.csv": b"x"}, "the zip holds no file: download it again"),
        ({"folder/": b""}, "the zip holds no file: download it again"),
    ],
)
def test_a_zip_without_a_file_says_so(home, tmp_path, published, members, says):
    path = tmp_path / "x.zip"
    path.write_bytes(published.zip(members))
    [outcome] = taken_beside(home, published, tmp_path, path)
    assert (outcome.status, outcome.reason) == ("rejected", says)


@pytest.mark.parametrize("names", [[], [".hidden.csv"], ["Thumbs.db"]])
def test_a_folder_without_a_file_says_so(home, tmp_path, published, names):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"x")
    [outcome] = taken_beside(home, published, tmp_path, folder)
    assert outcome.reason == "the folder holds no file: check that it is the one you mean"


@needs_posix
@pytest.mark.parametrize("is_within", [False, True])
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "dangling", "gone"])
def test_only_files_are_read(home, tmp_path, published, kind, is_within):
    folder = tmp_path / "f"
    folder.mkdir()
    path = folder / "919_ks2final.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            os.chdir(folder)  # an address of a socket has at most 108 bytes
            one.bind(path.name)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "dangling":
        path.symlink_to("nowhere")
    outcomes = taken_beside(home, published, tmp_path, folder if is_within else path)
    if kind == "gone":
        says = "the folder holds no file" if is_within else "no such file or folder"
    else:
        says = "a link that leads nowhere" if kind == "dangling" else "neither a file nor a folder"
    assert [outcome.status for outcome in outcomes] == ["rejected"] and outcomes[0].reason.startswith(says)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(home, tmp_path, published):
    closed = tmp_path / "f" / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0)
    [outcome] = taken_beside(home, published, tmp_path, tmp_path / "f")
    assert (outcome.file_name, outcome.reason.startswith("the folder may not be read")) == ("closed", True)


def test_a_home_of_nobody_is_one_line(home, tmp_path, published):
    from pathlib import Path

    [outcome] = taken_beside(home, published, tmp_path, Path("~nosuchuser/x.csv"))
    assert outcome.status == "rejected" and "\n" not in outcome.reason


NAMES = ["9" * 230 + ".csv", "é" * 110 + ".csv", "a\x1b[31mb.csv", "a\nb.csv", "a\u202eb.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
@pytest.mark.parametrize("name", [*NAMES, os.fsdecode(b"919_\xff\xfe.csv")])
@pytest.mark.parametrize("in_zip", [False, True])
def test_a_name_that_cannot_be_kept_is_refused_before_anything_is_stored(home, tmp_path, published, name, in_zip):
    path = tmp_path / "in" / (name if not in_zip else "x.zip")
    path.parent.mkdir()
    if in_zip and not name.isprintable() and not name.isascii():
        pytest.skip("a zip's names are UTF-8 or code page 437")
    path.write_bytes(published.zip({name: published.ks2()}) if in_zip else published.ks2())
    [outcome] = add(home, [path], source="ks2", academic_year="2024/25")
    assert outcome.status == "rejected" and "its name" in outcome.reason
    assert outcome.file_name.isprintable() and outcome.file_name.encode()
    assert not home.raw.exists()


@pytest.mark.parametrize("name", ["9" * 196 + ".csv", "é" * 90 + ".csv"])
def test_a_long_name_that_fits_is_kept_with_its_sidecar_twice(home, tmp_path, published, name):
    for at, content in enumerate((published.ks2(), published.ks2(["1", "919", "2009", "100009", "", "", "", ""]))):
        path = tmp_path / str(at) / name
        path.parent.mkdir()
        path.write_bytes(content)
        [outcome] = add(home, [path], source="ks2", academic_year="2024/25")
        assert outcome.status == "accepted", outcome.reason
    assert len(list(home.raw.rglob("*.csv"))) == len(home.sidecars()) == 2


def test_two_different_files_of_one_name_are_said(home, tmp_path, published):
    other = published.ks2(["1", "919", "2009", "100009", "Ninth", "20", "50%", ""])
    path = tmp_path / "2024-2025.zip"
    path.write_bytes(published.zip({"a/919_ks2final.csv": published.ks2(), "b/919_ks2final.csv": other}))
    first, second = add(home, [path])
    assert (first.status, first.reason) == (second.status, None) == ("accepted", None)
    assert second.reason == "another, different file of this name, year and release came with it: both are held"


@pytest.mark.parametrize("name", ["readme.csv", "x_meta.csv", "decisions_meta.csv", "Book1.csv"])
def test_decisions_may_have_any_name(home, tmp_path, returned, name):
    path = tmp_path / name
    path.write_bytes(returned.text("local_moderation"))
    assert moderate(home, path) == (f"{name}: kept in the ledger", [])


@pytest.mark.parametrize("name", ["readme.csv", "Book1.txt", "x_meta.csv", "notes.md", "README", "Book1.xls"])
@pytest.mark.parametrize("content", [b"", b"what it is about\nsomething\n", b"\xff\xfe\x00"])
def test_what_holds_no_decision_is_one_line(home, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RaygError) as refused:
        moderate(home, path)
    assert str(refused.value).startswith(f"{name}: ") and "\n" not in str(refused.value)
    assert not home.raw.exists()


def test_what_is_held_as_something_else_holds_no_decision(home, tmp_path, published):
    path = tmp_path / "919_ks2final.csv"
    path.write_bytes(published.ks2())
    add(home, [path], academic_year="2024/25")
    with pytest.raises(RaygError, match=r"^919_ks2final\.csv: held already as ks2: it holds no decisions\.$"):
        moderate(home, path)


def test_a_folder_is_one_line(home, tmp_path):
    with pytest.raises(RaygError, match="is not one file of decisions: name the csv file itself"):
        moderate(home, tmp_path)
