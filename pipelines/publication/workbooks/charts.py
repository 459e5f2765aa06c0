"""Native charts over a sheet of chart data. Which charts there are is the book's; here is how one is drawn."""

from typing import Any

from pipelines.publication.workbooks import look
from pipelines.publication.workbooks.sheets import Chart, Charts, Line

PER_ROW, HEIGHT_ROWS = 2, 18
COLUMNS_A_CHART = 9
WIDTH, HEIGHT = 600, 335
ROWS_A_PAGE = 2  # rows of charts on a printed page


def write(workbook: Any, page: Any, drawn: Charts, first_row: int, header_row: int) -> None:
    """The charts of a sheet, two in a row, each with its text alternative. `header_row`: where the data's header
    stands.
    """
    page.set_column(0, PER_ROW * COLUMNS_A_CHART - 1, 9)
    breaks = []
    for number, chart in enumerate(drawn.charts):
        row = first_row + number // PER_ROW * HEIGHT_ROWS
        if number % (PER_ROW * ROWS_A_PAGE) == 0 and number:
            breaks.append(row)
        page.insert_chart(
            row,
            number % PER_ROW * COLUMNS_A_CHART,
            _chart(workbook, drawn, chart, header_row),
            {"description": chart.alt, "object_position": 2, "x_offset": 4, "y_offset": 8},
        )
    page.set_h_pagebreaks(breaks)
    last = first_row + -(-len(drawn.charts) // PER_ROW) * HEIGHT_ROWS
    page.print_area(0, 0, last, PER_ROW * COLUMNS_A_CHART - 1)


def _chart(workbook: Any, drawn: Charts, chart: Chart, header_row: int) -> Any:
    made = workbook.add_chart({"type": chart.kind})
    font = {"name": look.FONT, "size": 9, "color": look.INK}
    for line in chart.lines:
        made.add_series(_series(drawn.data.name, header_row, chart, line))
    made.set_title({"name": chart.title, "name_font": {**font, "size": 11, "bold": True}, "overlay": False})
    made.set_x_axis({"num_font": font, "label_position": "low", "line": {"color": look.REFERENCE_LINE}})
    made.set_y_axis(
        {
            "num_font": font,
            "num_format": look.number_format(chart.number_format) or "General",
            "major_gridlines": {"visible": True, "line": {"color": look.RULE, "width": 0.75}},
            "line": {"none": True},
            **({"min": chart.least, "max": chart.most} if chart.least is not None else {}),
        }
    )
    made.set_legend({"position": "bottom", "font": font})
    made.show_blanks_as("gap")
    made.set_size({"width": WIDTH, "height": HEIGHT})
    return made


def _series(sheet: str, header: int, chart: Chart, line: Line) -> dict[str, Any]:
    ranges = {
        "name": line.name,
        "categories": [sheet, header, chart.first, header, chart.last],
        "values": [sheet, header + 1 + line.row, chart.first, header + 1 + line.row, chart.last],
    }
    colour = look.REFERENCE_LINE if line.is_reference else look.COUNTY_LINE
    if chart.kind == "column":
        labels = {"value": True, "font": {"name": look.FONT, "size": 9, "color": look.INK}}
        return {**ranges, "fill": {"color": colour}, "gap": 60, "data_labels": labels}
    dash = {"dash_type": "dash"} if line.is_reference else {}
    mark = "square" if line.is_reference else "circle"
    return {
        **ranges,
        "line": {"color": colour, "width": 1.5 if line.is_reference else 2.25, **dash},
        "marker": {"type": mark, "size": 5, "fill": {"color": colour}, "border": {"color": colour}},
    }
