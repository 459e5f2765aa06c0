"""The command: exit codes, one line per fault, and what is said of a home that holds nothing."""

import sys
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.sources.catalogue import load_catalogue


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["rayg", *arguments])
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--nonsense"],
        ["build", "--la", "Herts"],
        ["build", "--as-at", "31/01/2026"],
        ["build", "--review", "last"],
        ["add"],
        ["explain"],
        ["diff"],
        ["diff", "current"],
        ["site", "--audience", "everyone"],
        ["site", "--audience", "school"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]) -> None:
    assert run(monkeypatch, "--home", str(tmp_path), *arguments) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build"], "No published files are held in"),
        (["explain", "100001"], "Nothing is built in this home yet"),
        (["site"], "Nothing is built in this home yet"),
        (["freeze", "JAPR"], "Nothing is built in this home yet"),
        (["freeze", "../JAPR"], "'../JAPR' cannot be a frozen build's name"),
        (["freeze", "JAPR", "--build", "2020"], "There is no build 2020"),
        (["diff", "current", "JAPR"], "Nothing is built in this home yet"),
        (["add", "nowhere.csv"], None),
        (["sample", "--schools", "2"], "No such county can be made"),
    ],
)
def test_bad_input_is_1_and_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    told: str | None,
) -> None:
    assert run(monkeypatch, "--home", str(tmp_path), *arguments) == 1
    heard = capsys.readouterr()
    assert "Traceback" not in heard.out + heard.err
    if told:
        assert heard.err.startswith(told)
        assert len(heard.err.splitlines()) == 1


def test_home_may_stand_before_or_after_the_verb(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for arguments in (["--home", str(tmp_path), "build"], ["build", "--home", str(tmp_path)]):
        assert run(monkeypatch, *arguments) == 1
        assert str(tmp_path) in capsys.readouterr().err


def test_sources_of_an_empty_home(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "sources", "--home", str(tmp_path)) == 0
    printed = capsys.readouterr().out
    sources = load_catalogue().sources
    assert all(source.id in printed for source in sources)
    assert len([line for line in printed.splitlines() if line[3:].split()[1:2] == ["none"]]) == len(sources)
