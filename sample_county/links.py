"""The register's links as published: cp1252, text in quotes, numbers bare, dates dd-mm-yyyy or empty quotes."""

from collections.abc import Sequence

from sample_county.schools import Link
from sample_county.tables import header


def text(links: Sequence[Link]) -> str:
    """Sorted by URN; the file ends without a line end, as the real one does."""
    lines = [",".join(f'"{name}"' for name in header("gias_links_2026"))]
    for link in sorted(links, key=lambda link: (link.urn, link.link_urn, link.link_type)):
        day = f"{link.on:%d-%m-%Y}" if link.on else ""
        lines.append(f'{link.urn},{link.link_urn},"{link.link_name}","{link.link_type}","{day}"')
    return "\r\n".join(lines)
