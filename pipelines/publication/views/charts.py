"""The kinds of chart, made once with Altair and compiled to Vega, and what each chart on a page carries: its rows, its
text alternative and the words of its key. A page's rows are filled in by `assets/charts.js`.

No marts here, and no pages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from pipelines.publication.views.figures import written
from pipelines.sources.calendar import academic_year

Point = dict[str, Any]

INK, OWN, NATIONAL, NEIGHBOURS, FAINT = "#1b1f23", "#1f4e79", "#5a5f66", "#8a4b08", "#c9ccd1"
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
# Room on the right for the words that stand at a line's end.
PADDING = {"left": 2, "top": 8, "right": 62, "bottom": 2}

WORDS_HEIGHT = 0.12  # of those words, as a share of the chart's height


@dataclass(frozen=True)
class Chart:
    """One chart of a page.

    `kind`: one of KINDS. `points`: rows of plain numbers and text, in reading order; what may not be shown is not
    among them. `says`: the text alternative.
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


def vega_specs() -> dict[str, Any]:
    """Each kind as a Vega specification without rows; its data set is called `rows`."""
    return {kind: _compiled(make()) for kind, make in KINDS.items()}


def runtime() -> str:
    """The script that draws Vega specifications, as the installed package brings it. It fetches nothing."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;", vl_version=VEGA_LITE))


def _compiled(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = vl_convert.vegalite_to_vega(_styled(chart).to_dict(validate=True), vl_version=VEGA_LITE)
    return spec


def _styled(chart: Any) -> Any:
    return chart.configure(
        font="system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif", background="transparent"
    ).configure_view(stroke=None)


def _years() -> alt.X:
    axis = alt.Axis(
        title=None,
        labelExpr="slice(datum.label, 2)",
        labelAngle=0,
        labelOverlap="greedy",
        domainColor=FAINT,
        tickColor=FAINT,
        labelColor=INK,
        labelFontSize=11,
        grid=False,
    )
    return alt.X("year:O", sort=None, axis=axis, scale=alt.Scale(paddingOuter=0.3))


def _scale(*, zero: bool) -> alt.Y:
    axis = alt.Axis(
        title=None,
        tickCount=4,
        gridColor="#eceef0",
        domain=False,
        ticks=False,
        labelColor=INK,
        labelFontSize=11,
        labelPadding=4,
    )
    return alt.Y("value:Q", scale=alt.Scale(zero=zero, nice=True, padding=6), axis=axis)


def _words(base: Any, field: str, words: str, colour: str) -> Any:
    """The words at the end of a line."""
    return base.mark_text(text=words, color=colour, align="left", dx=8, fontSize=11, clip=False).encode(y=f"{field}:Q")


def _tick(colour: str) -> alt.OverlayMarkDef:
    """A short stroke at each year of a line, so that a single year is seen too."""
    return alt.OverlayMarkDef(shape="stroke", size=70, color=colour, strokeWidth=1.5, filled=False)


def _series(*, zero: bool) -> list[Any]:
    base = alt.Chart(alt.NamedData("rows")).encode(x=_years())
    y = _scale(zero=zero)
    national = base.mark_line(color=NATIONAL, strokeWidth=1.5, strokeDash=[4, 3], point=_tick(NATIONAL)).encode(
        y="national:Q"
    )
    neighbours = base.mark_line(color=NEIGHBOURS, strokeWidth=1.25, strokeDash=[1, 3], point=_tick(NEIGHBOURS)).encode(
        y="neighbours:Q"
    )
    interval = base.mark_rule(color=OWN, strokeWidth=2, opacity=0.45).encode(y="lower:Q", y2="upper:Q")
    line = base.mark_line(color=OWN, strokeWidth=1, opacity=0.5).encode(y=y)
    value = base.mark_point(color=OWN, size=46, opacity=1, strokeWidth=1.5).encode(
        y=y,
        shape=alt.condition("datum.is_predecessor", alt.value("diamond"), alt.value("circle")),
        fill=alt.condition("datum.is_predecessor", alt.value("white"), alt.value(OWN)),
    )
    return [
        national,
        neighbours,
        line,
        interval,
        value,
        _words(base, "last_national", "England", NATIONAL),
        _words(base, "last_neighbours", "neighbours", NEIGHBOURS),
    ]


def _trend() -> Any:
    return alt.layer(*_series(zero=False)).properties(width="container", height=130, padding=PADDING)


def _gap() -> Any:
    none = alt.Chart(alt.NamedData("rows")).mark_rule(color=INK, strokeWidth=1).encode(y=alt.datum(0))
    return alt.layer(none, *_series(zero=True)).properties(width="container", height=130, padding=PADDING)


def _strip() -> Any:
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X(
            "value:Q",
            scale=alt.Scale(zero=False, nice=True),
            axis=alt.Axis(title=None, tickCount=5, grid=False, domainColor=FAINT, tickColor=FAINT, labelColor=INK),
        )
    )
    others = base.transform_filter("datum.who == 'other'").mark_tick(color="#8b9097", thickness=1, size=16, opacity=0.7)
    near = base.transform_filter("datum.who == 'neighbour'").mark_point(
        shape="diamond", color=NEIGHBOURS, size=40, opacity=1, strokeWidth=1.5
    )
    national = base.transform_filter("datum.who == 'national'").mark_tick(color=INK, thickness=2, size=30)
    own = base.transform_filter("datum.who == 'own'").mark_point(
        shape="circle", filled=True, color=OWN, size=110, opacity=1
    )
    return alt.layer(others, near, national, own).properties(
        width="container", height=44, padding={"left": 8, "top": 4, "right": 12, "bottom": 2}
    )


KINDS = {"trend": _trend, "gap": _gap, "strip": _strip}
