"""The suites: whole, readable by people, and fitted to the columns a file has."""

import re

import pytest

from pipelines.checks.suites import Suite, applicable, read_suites
from pipelines.sources.catalogue import load_catalogue

SOURCES = [source.id for source in load_catalogue().sources]


def test_every_source_has_a_suite_and_every_suite_a_source() -> None:
    assert sorted(read_suites()) == sorted(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_every_expectation_says_what_why_and_how_to_resolve(source: str) -> None:
    for expectation in read_suites()[source].expectations:
        for question in ("tests", "matters", "resolve"):
            assert len(expectation["meta"][question]) >= 20


@pytest.mark.parametrize("source", SOURCES)
def test_columns_that_a_suite_insists_on_are_those_that_make_a_file_recognised(source: str) -> None:
    required = {column.upper() for column in load_catalogue().source(source).required}
    insisted = {
        expectation["kwargs"]["column"]
        for expectation in read_suites()[source].expectations
        if "column" in expectation["kwargs"] and not expectation["meta"].get("optional_column")
    }
    assert insisted <= required


PERCENT = next(
    expectation["kwargs"]["regex"]
    for expectation in read_suites()["ks2"].expectations
    if expectation["kwargs"].get("column") == "PTRWM_EXP"
)


@pytest.mark.parametrize("cell", ["0", "7%", "65%", "100%", "100.0", "18.70%", "SUPP", "LOWCOV", ".", "z"])
def test_percentages_and_codes_pass(cell: str) -> None:
    assert re.search(PERCENT, cell)


@pytest.mark.parametrize("cell", ["101", "150%", "-1", "6 5", "65%%", "12a", "1e2", "Not published", "100.5"])
def test_a_cell_that_is_neither_percentage_nor_code_fails(cell: str) -> None:
    assert not re.search(PERCENT, cell)


def expectation(column: str, optional: bool = False) -> dict:
    meta = {"optional_column": True} if optional else {}
    return {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": column}, "meta": meta}


def test_an_absent_optional_column_is_passed_over() -> None:
    suite = Suite("ks2", [expectation("URN"), expectation("NEW", optional=True)], "")
    assert applicable(suite, ["URN"]) == [expectation("URN")]


def test_an_absent_column_is_asked_for_once() -> None:
    suite = Suite("ks2", [expectation("URN"), expectation("URN")], "")
    (asked,) = applicable(suite, ["LEA"])
    assert (asked["type"], asked["kwargs"]) == ("expect_column_to_exist", {"column": "URN"})


def test_a_row_condition_needs_its_column_too() -> None:
    conditioned = expectation("URN")
    conditioned["kwargs"]["row_condition"] = 'RECTYPE.isin(["1"])'
    (asked,) = applicable(Suite("ks2", [conditioned], ""), ["URN"])
    assert asked["kwargs"] == {"column": "RECTYPE"}
