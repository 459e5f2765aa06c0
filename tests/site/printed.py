"""How a page prints: on how many sheets, and how small its smallest letters are."""

import re
from pathlib import Path
from typing import Any

# Points, as drawn: a letter within a drawing grows and shrinks with it.
SMALLEST = """() => {
  const sizes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest('.hidden, .skip, script, style')) continue;
    if (!element.checkVisibility()) continue;
    const drawing = element.closest('svg');
    const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    const points = parseFloat(getComputedStyle(element).fontSize) * scale * 0.75;
    sizes.push([points, element.textContent.trim().slice(0, 40)]);
  }
  return sizes.sort((one, other) => one[0] - other[0])[0];
}"""


def sheets(page: Any, to: Path) -> int:
    """How many sheets the open page prints to, as it asks for paper itself. `to`: where the PDF is written."""
    page.pdf(path=to, prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", to.read_bytes()))


def smallest_text(page: Any, width: int, height: int) -> tuple[float, str]:
    """The size in points of the smallest text in print, and the text. `width`, `height`: within the margins, in mm."""
    page.set_viewport_size({"width": round(width * 96 / 25.4), "height": round(height * 96 / 25.4)})
    page.emulate_media(media="print")
    size, text = page.evaluate(SMALLEST)
    page.emulate_media(media=None)
    return float(size), str(text)
