"""What each chart carries: its kind, its points and its text alternative. How a kind is drawn is `site.chart_kinds`'s.

No marts here, and no pages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.publication.views.figures import written
from pipelines.sources.calendar import academic_year

Point = dict[str, Any]

WORDS_HEIGHT = 0.12  # of those words, as a share of the chart's height


@dataclass(frozen=True)
class Chart:
    """One chart of a page.

    `kind`: trend, gap or strip. `points`: rows of plain numbers and text, in reading order, without what may not be
    shown. `says`: the text alternative.
    """

    kind: str
    points: Sequence[Point]
    says: str

    @property
    def data(self) -> str:
        """The points as JSON that may stand inside a script element."""
        return json.dumps(list(self.points), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def trend(title: str, unit: str, decimals: int, points: Sequence[Point]) -> Chart | None:
    """Values by academic year with their intervals beside England's. None where no year has a value.

    Points: year, value, lower, upper, national, neighbours, is_predecessor; None for what is not there.
    """
    with_value = [point for point in points if point.get("value") is not None]
    if not with_value:
        return None
    return Chart("trend", _ended(points), _trend_says(title, unit, decimals, points, with_value))


def gap(title: str, unit: str, decimals: int, points: Sequence[Point]) -> Chart | None:
    """Gaps by academic year with their intervals, against none at all (0) and England's. Points as for `trend`."""
    with_value = [point for point in points if point.get("value") is not None]
    if not with_value:
        return None
    return Chart("gap", _ended(points), _trend_says(title, unit, decimals, points, with_value))


def strip(title: str, unit: str, decimals: int, points: Sequence[Point], rank: str) -> Chart | None:
    """Where one authority stands among all. Points: value, who (`own`, `neighbour`, `other`, `national`), name."""
    own = next((point for point in points if point["who"] == "own" and point["value"] is not None), None)
    if own is None:
        return None
    others = [point["value"] for point in points if point["who"] in ("other", "neighbour")]
    says = (
        f"{title}: {own['name']} at {written(own['value'], unit, decimals)}, {rank}; the other authorities lie between"
        f" {written(min(others), unit, decimals)} and {written(max(others), unit, decimals)}."
        if others
        else f"{title}: {own['name']} at {written(own['value'], unit, decimals)}, {rank}."
    )
    return Chart("strip", points, says)


def _ended(points: Sequence[Point]) -> list[Point]:
    """The points from the first value on, every year between in its place, the last of each series marked so that it
    gets its words.
    """
    ended = [{key: value for key, value in point.items() if value is not None} for point in _every_year(points)]
    for name in ("national", "neighbours"):
        last = max((at for at, point in enumerate(ended) if name in point), default=None)
        if last is not None:
            ended[last][f"last_{name}"] = ended[last][name]
    _keep_apart(ended)
    return ended


def _keep_apart(ended: Sequence[Point]) -> None:
    """Moves the words at two lines' ends apart where they would cover each other."""
    named = [(point, name) for point in ended for name in ("last_national", "last_neighbours") if name in point]
    if len(named) < 2:
        return
    (low, low_name), (high, high_name) = sorted(named, key=lambda pair: pair[0][pair[1]])
    drawn = ("value", "lower", "upper", "national", "neighbours")
    heights = [point[name] for point in ended for name in drawn if name in point]
    least = (max(heights) - min(heights)) * WORDS_HEIGHT
    middle, apart = (low[low_name] + high[high_name]) / 2, high[high_name] - low[low_name]
    if apart < least:
        low[low_name], high[high_name] = round(middle - least / 2, 6), round(middle + least / 2, 6)


def _every_year(points: Sequence[Point]) -> list[Point]:
    """The points from the first to the last year with a value; a year without a row is a point without a value, so that
    the same distance is the same time.
    """
    by_year = {str(point["year"]): point for point in points}
    with_value = [year for year, point in by_year.items() if point.get("value") is not None]
    first, last = int(min(with_value)[:4]), int(max(with_value)[:4])
    years = [academic_year(start) for start in range(first, last + 1)]
    return [by_year.get(year, {"year": year}) for year in years]


def _trend_says(title: str, unit: str, decimals: int, points: Sequence[Point], with_value: Sequence[Point]) -> str:
    first, last = with_value[0], with_value[-1]

    def text(value: float) -> str:
        return written(value, unit, decimals)

    parts = [f"{title}: {text(last['value'])} in {last['year']}"]
    if last.get("lower") is not None and last.get("upper") is not None:
        parts.append(f"95% interval {text(last['lower'])} to {text(last['upper'])}")
    if last.get("national") is not None:
        parts.append(f"England {text(last['national'])}")
    if last.get("neighbours") is not None:
        parts.append(f"neighbours {text(last['neighbours'])}")
    if len(with_value) > 1:
        values = [point["value"] for point in with_value]
        parts.append(
            f"{len(with_value)} years with a value since {first['year']}, from {text(min(values))} to"
            f" {text(max(values))}"
        )
    without = [str(point["year"]) for point in points if point.get("value") is None]
    if without:
        parts.append(f"no value shown for {', '.join(without)}")
    return "; ".join(parts) + "."
