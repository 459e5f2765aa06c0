"""Great Expectations' Data Docs made fit to show: nothing is fetched from outside, one stylesheet, an own
index.

The pages come from `checks`, already without the cells found wrong. Pages run no scripts.
"""

import html
import re
from importlib import resources
from pathlib import Path
from typing import Any

STYLESHEET = "data_docs.css"
# Everything that runs, and everything that would be fetched: scripts, stylesheets, icons, images, frames, and the
# inline styles that were made for the stylesheet left out.
_SCRIPTS = re.compile(r"<script\b.*?</script\s*>|<style\b.*?</style\s*>|<footer\b.*?</footer\s*>", re.S | re.I)
_FETCHED = re.compile(r"<(?:link|img|iframe|source)\b[^>]*>", re.I)
_EVENTS = re.compile(r"\son\w+=(?:\"[^\"]*\"|'[^']*')", re.I)
_LINKS = re.compile(r"href=(?:\"(?!#)[^\"]*\"|'(?!#)[^']*')", re.I)


def write(pages: Path, folder: Path, files: list[dict[str, Any]], is_sample: bool) -> None:
    """Copy the page of every file into the folder, stripped and styled, and write the index.

    `files`: one row per judged file with file_id, file_name, source, academic_year, release, verdict and
    reason.
    """
    folder.mkdir()
    stylesheet = resources.files("pipelines.publication").joinpath(STYLESHEET).read_text(encoding="utf-8")
    (folder / STYLESHEET).write_text(stylesheet, encoding="utf-8")
    for file in files:
        page = pages / f"{file['file_id']}.html"
        if page.exists():  # a file that could not be read was never judged
            text = style_page(page.read_text(encoding="utf-8"), file["file_name"])
            (folder / page.name).write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(_index(files, folder, is_sample), encoding="utf-8")


def style_page(page: str, file_name: str) -> str:
    """A page of Great Expectations without anything that runs or is fetched, with our stylesheet
    and a way back.
    """
    for pattern in (_SCRIPTS, _FETCHED, _EVENTS):
        page = pattern.sub("", page)
    page = _LINKS.sub('href="index.html"', page)
    head = f'<link rel="stylesheet" href="{STYLESHEET}"><title>{html.escape(file_name)}</title></head>'
    body = f'<p class="back"><a href="index.html">All files</a></p><h1>{html.escape(file_name)}</h1>'
    page = re.sub(r"<title>.*?</title>", "", page, flags=re.S | re.I)
    page = page.replace("</head>", head, 1)
    return re.sub(r"(<body[^>]*>)", lambda match: match.group(1) + body, page, count=1)


def _index(files: list[dict[str, Any]], folder: Path, is_sample: bool) -> str:
    rows = "\n".join(
        _row(file, (folder / f"{file['file_id']}.html").exists())
        for file in sorted(files, key=lambda file: (file["source"], file["academic_year"], file["file_name"]))
    )
    banner = '<p class="sample">SAMPLE DATA: these are not real schools.</p>' if is_sample else ""
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>Checks of the published files</title>
<link rel="stylesheet" href="{STYLESHEET}">
</head>
<body>
{banner}
<h1>Checks of the published files</h1>
<p>Each file held is checked against its source's suite. A file that fails is left out of the results.</p>
<table>
<thead><tr><th>Source</th><th>Year</th><th>Release</th><th>File</th><th>Verdict</th><th>Reason</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def _row(file: dict[str, Any], has_page: bool) -> str:
    name = html.escape(file["file_name"])
    link = f'<a href="{file["file_id"]}.html">{name}</a>' if has_page else name
    cells = [
        html.escape(file["source"]),
        html.escape(file["academic_year"]),
        html.escape(file["release"]),
        link,
        f'<span class="{file["verdict"]}">{file["verdict"]}</span>',
        html.escape(file["reason"] or ""),
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
