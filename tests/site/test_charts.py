"""What a chart carries: its points, its words, and a drawing that needs nothing from outside."""

import json
import re
from typing import Any

from pipelines.publication.site import chart_kinds
from pipelines.publication.views import charts


def point(year: str, value: float | None, **others: Any) -> dict[str, Any]:
    return {"year": year, "value": value, "lower": None, "upper": None, "national": None} | others


def test_a_trend_says_its_latest_value_interval_and_what_is_missing() -> None:
    chart = charts.trend(
        "Phonics",
        "pct",
        0,
        [
            point("2018/19", None),
            point("2021/22", 70.0, national=75.0),
            point("2022/23", None),
            point("2023/24", 80.0, lower=70.0, upper=88.5, national=79.0),
        ],
    )
    assert chart is not None
    assert chart.says == (
        "Phonics: 80% in 2023/24; 95% interval 70% to 89%; England 79%; 2 years with a value since 2021/22, from 70% to"
        " 80%; no value shown for 2018/19, 2022/23."
    )
    drawn = json.loads(chart.data)
    assert [one["year"] for one in drawn] == ["2021/22", "2022/23", "2023/24"]  # even in time, from the first value
    assert "value" not in drawn[1]


def test_nothing_to_show_is_no_chart() -> None:
    assert charts.trend("Phonics", "pct", 0, [point("2021/22", None)]) is None
    assert charts.gap("Phonics", "", 0, []) is None


def test_words_at_the_lines_ends_do_not_cover_each_other() -> None:
    chart = charts.trend(
        "Phonics", "pct", 0, [point("2021/22", 0.0), point("2022/23", 100.0, national=50.0, neighbours=51.0)]
    )
    assert chart is not None
    last = json.loads(chart.data)[-1]
    assert last["last_neighbours"] - last["last_national"] == 12
    assert (last["national"], last["neighbours"]) == (50.0, 51.0)  # the lines themselves stay


def test_a_points_text_cannot_end_its_script() -> None:
    chart = charts.Chart("strip", [{"name": "</script><b>"}], "")
    assert "</script" not in chart.data
    assert json.loads(chart.data) == [{"name": "</script><b>"}]


def test_kinds_and_runtime_are_the_same_each_time_and_ask_for_nothing() -> None:
    specs = chart_kinds.vega_specs()
    assert specs == chart_kinds.vega_specs()
    assert set(specs) == set(chart_kinds.KINDS)
    assert all("rows" in {data["name"] for data in spec["data"]} for spec in specs.values())
    assert '"url"' not in json.dumps(specs)
    runtime = chart_kinds.runtime()
    assert runtime == chart_kinds.runtime()
    assert not re.search(r"\bimport\s*\(|<script|cdn\.", runtime)
