"""What the command says, whatever names, paths and terminals are: one line per fault, and the right exit code."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from pipelines import cli, console_faults
from pipelines.console import show_outcome
from pipelines.console_plain import Terminal, plain
from pipelines.errors import StoppedError
from pipelines.home import Home, project_root
from pipelines.landing.intake import Outcome

ODD_NAMES = [
    "x[/y].csv",
    "a [team] b.csv",
    "[bold red]x[.csv",
    "a:smile:b.csv",
    "a\nb.csv",
    "\x1b[31mred.csv",
    "\udcff\udcfe.csv",
]


def rayg(*arguments: str | bytes, out: int = subprocess.PIPE, **extra: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(project_root()), **extra},
        stdout=out,
        stderr=subprocess.PIPE,
    )


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["rayg", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_is_printed_as_it_is_on_one_line(name: str) -> None:
    printed = StringIO()
    show_outcome(Terminal(file=printed), Outcome(name, "rejected", reason="no"))
    assert printed.getvalue() == f"rejected     {plain(name)}: no\n"
    assert "\x1b" not in printed.getvalue()
    assert plain(name) == name or not name.isprintable()


def test_control_characters_of_a_value_are_printed_by_number() -> None:
    printed = StringIO()
    Terminal(file=printed).print("a\x1b]0;title\x07 \u202e b")
    assert printed.getvalue() in ("a\\x1b]0;title\\x07 \\u202e b\n", "a\\x1b]0;title \\u202e b\n")


@pytest.mark.parametrize("folder", ["x[/y]", "a [team] b", "[red]"])
def test_a_home_with_brackets_is_named_as_it_is(tmp_path: Path, folder: str) -> None:
    done = rayg("--home", str(tmp_path / folder), "build")
    assert done.returncode == 1
    assert f"{tmp_path / folder}:" in done.stderr.decode()


def test_a_name_that_is_no_utf_8_costs_one_line(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe[x].csv"
    Path(os.fsdecode(path)).write_bytes(b"a,b\n1,2\n")
    done = rayg("--home", str(tmp_path / "home"), "add", path)
    assert done.returncode == 1
    assert done.stdout.startswith(b"rejected     \\udcff\\udcfe[x].csv")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "extra", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_a_terminal_of_ascii_gets_what_it_can_show(tmp_path: Path, extra: dict[str, str]) -> None:
    done = rayg("--home", str(tmp_path), "sources", **extra)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = rayg("--home", str(tmp_path), "sources", out=full.fileno())
    assert done.returncode == 1
    assert done.stderr.decode() == "The disk, or what the output goes to, is full: make room and run it again.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--home", "", "sources"],
        ["--home", "  ", "sources"],
        ["build", "--review", "-1"],
        ["build", "--review", "99999999999"],
        ["build", "--la", "９１９"],
        ["explain", "100001", "--provision", "x"],
        ["explain", "100001", "--provision", ""],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    assert run(monkeypatch, *arguments) == 2


@pytest.mark.parametrize("home", ["~nosuchuser/x", "/etc/hostname/x", "/etc/hostname"])
def test_a_home_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: str
) -> None:
    assert run(monkeypatch, "--home", home, "sources") == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Home {home} ")
    assert len(said.splitlines()) == 1


def test_a_path_of_nobody_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "--home", str(tmp_path / "home"), "add", "~nosuchuser/x.csv", "nowhere.csv") == 1
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["x.csv:", "nowhere.csv:"]


def raising(error: BaseException) -> Callable[..., None]:
    def raise_it(*_: object, **__: object) -> None:
        raise error

    return raise_it


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (StoppedError("The build was stopped."), 130, "The build was stopped."),
        (MemoryError(), 1, "There is not enough memory"),
        (OSError(28, "No space left on device"), 1, "The disk, or what the output goes to, is full"),
        (OSError(28, "No space left on device", "x"), 1, "The disk is full: make room under "),
        (OSError(13, "Permission denied", "x"), 1, "Permission denied: x"),
        (OSError(30, "Read-only file system", "x"), 1, "Read-only file system: x"),
    ],
)
def test_a_fault_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    error: BaseException,
    code: int,
    said: str,
) -> None:
    monkeypatch.setattr("pipelines.console_sources.show_sources", raising(error))
    assert run(monkeypatch, "--home", str(tmp_path), "sources") == code
    heard = capsys.readouterr().err
    assert heard.startswith(said)
    assert len(heard.splitlines()) == 1


@pytest.mark.parametrize("where", ["home", "no home yet"])
def test_an_unforeseen_fault_is_one_line_that_names_its_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, where: str
) -> None:
    home = Home(tmp_path if where == "home" else tmp_path / "none")
    monkeypatch.setattr(console_faults.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("pipelines.console_sources.show_sources", raising(ZeroDivisionError("a\nb")))
    assert run(monkeypatch, "--home", str(home.root), "sources") == 1
    heard = capsys.readouterr().err
    assert heard.startswith("Something unforeseen went wrong: ZeroDivisionError: a\\nb (the whole of it is in ")
    assert len(heard.splitlines()) == 1
    [log] = (home.logs if where == "home" else tmp_path).glob("error-*.log")
    assert str(log) in heard
    assert "Traceback (most recent call last)" in log.read_text(encoding="utf-8")
