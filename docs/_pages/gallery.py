"""The gallery: the pictures of figures/ with the captions of their numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator

from . import rst
from .project import ROOT

FIGURES = ROOT / "figures"


def pages() -> Iterator[tuple[str, str | bytes]]:
    """The page, and the pictures."""
    text = rst.title("Figures") + rst.paragraph("Made by ``samtheory figures``, which writes PDF, PNG, SVG and JSON.")
    for path in sorted(FIGURES.glob("*.json")):
        numbers = json.loads(path.read_text(encoding="utf-8"))
        yield f"gallery/{path.stem}.png", path.with_suffix(".png").read_bytes()
        text += rst.title(numbers["title"], 1)
        text += rst.directive("image", f"gallery/{path.stem}.png", alt=numbers["title"], width="100%")
        text += rst.paragraph(rst.plain(numbers["caption"])) + rst.code(numbers["command"])
    yield "gallery.rst", text
