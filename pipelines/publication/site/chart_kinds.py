"""The kinds of chart, made once with Altair and compiled to Vega. What each chart carries is `views.charts`'s; a page's
points are filled in by `assets/charts.js`.
"""

from typing import Any

import altair as alt
import vl_convert

INK, OWN, NATIONAL, NEIGHBOURS, FAINT = "#1b1f23", "#1f4e79", "#5a5f66", "#8a4b08", "#c9ccd1"
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
# Room on the right for the words that stand at a line's end.
PADDING = {"left": 2, "top": 8, "right": 62, "bottom": 2}


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
