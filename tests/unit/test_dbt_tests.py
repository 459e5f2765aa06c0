"""Every data test of the dbt project says whether it finds what is broken or what is doubtful.

A broken warehouse (a key twice, a school lost, an absence turned number) is not published; a doubtful figure is
published with its doubt. Read from the yml files alone: what the tests find is seen in a build.
"""

from collections.abc import Iterator
from typing import Any

import yaml  # type: ignore[import-untyped]

from pipelines.home import project_root

KINDS = {"broken", "doubtful"}


def data_tests(node: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every data test at or below a node of a yml file, with the names that lead to it."""
    if isinstance(node, list):
        for child in node:
            yield from data_tests(
                child, f"{where} {child['name']}" if isinstance(child, dict) and "name" in child else where
            )
    elif isinstance(node, dict):
        for test in node.get("data_tests", []):
            yield where, test
        for key, child in node.items():
            if key != "data_tests":
                yield from data_tests(child, where)


def config(test: Any) -> dict[str, Any]:
    """A test is a name alone, a singular test with its config, or a generic one under its own key."""
    if isinstance(test, str):
        return {}
    if "config" in test or len(test) > 1:
        return dict(test.get("config", {}))
    (body,) = test.values()
    return dict((body or {}).get("config", {}))


FOUND = [
    (where, test)
    for path in sorted((project_root() / "dbt_project").glob("**/*.yml"))
    for where, test in data_tests(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), path.name)
]


def test_every_data_test_has_its_kind() -> None:
    assert len(FOUND) > 150
    assert [(where, test) for where, test in FOUND if config(test).get("meta", {}).get("kind") not in KINDS] == []


def test_what_is_broken_stops_a_build_and_what_is_doubtful_warns() -> None:
    severities = {(config(test)["meta"]["kind"], config(test).get("severity", "error")) for _, test in FOUND}
    assert severities == {("broken", "error"), ("doubtful", "warn")}


def test_every_named_test_says_what_to_do() -> None:
    described = [
        body
        for _, test in FOUND
        if isinstance(test, dict)
        for body in [test, *test.values()]
        if isinstance(body, dict) and "description" in body
    ]
    assert len(described) > 100
    assert [body["name"] for body in described if "Resolve" not in body["description"]] == []
