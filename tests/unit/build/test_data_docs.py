"""Data Docs: a page that fetches nothing, runs nothing, and finds its way back to the index."""

import re
from pathlib import Path

from pipelines.publication import data_docs

PAGE = """<!DOCTYPE html><html><head><title>Data Docs</title>
<link rel="stylesheet" href="https://cdn.example/bootstrap.css"/><style>body{background:url(https://x/y.png)}</style>
<script src="https://cdn.example/jquery.js"></script></head>
<body class="x"><img src="https://cdn.example/logo.png" alt="logo"/>
<a href="https://example.com/newsletter">news</a><a href="#section-1">Overview</a>
<button onclick="run()">Go</button><script>run()</script><td>331</td></body></html>"""


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = data_docs.style_page(PAGE, "england_ks2final.csv")
    assert "http" not in page
    assert "<script" not in page and "onclick" not in page and "url(" not in page
    assert re.findall(r'href="([^"]+)"', page) == ["data_docs.css", "index.html", "index.html", "#section-1"]
    assert "<h1>england_ks2final.csv</h1>" in page and "<td>331</td>" in page


def test_the_index_lists_every_file_and_escapes_what_it_shows(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "aaa.html").write_text(PAGE)
    file = {"source": "ks2", "academic_year": "2024/25", "release": "final", "file_name": "a.csv"}
    files = [
        {**file, "file_id": "aaa", "verdict": "passed", "reason": None},
        {**file, "file_id": "bbb", "verdict": "failed", "reason": 'holds "<b>"'},
    ]
    data_docs.write(pages, tmp_path / "docs", files, is_sample=True)
    index = (tmp_path / "docs" / "index.html").read_text()
    assert '<a href="aaa.html">a.csv</a>' in index
    assert "bbb.html" not in index  # never judged, so there is no page
    assert "&lt;b&gt;" in index and "<b>" not in index
    assert "SAMPLE DATA" in index
    assert sorted(path.name for path in (tmp_path / "docs").iterdir()) == ["aaa.html", "data_docs.css", "index.html"]
