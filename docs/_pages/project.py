"""Pages of the repository that the site shows as they are, with links that hold in the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
#: Pages outside docs/, and their names in the site.
OUTSIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "RELEASING.md": "releasing.md"}
LINK = re.compile(r"(?<=\]\()([\w./-]+\.md)(?=[)#])")


def sources() -> dict[Path, str]:
    """The pages, and their names in the site."""
    own = {path: path.name for path in sorted(DOCS.glob("*.md"))}
    return own | {ROOT / name: place for name, place in OUTSIDE.items()}


def pages() -> Iterator[tuple[str, str]]:
    """Every page with its links to other pages of the site."""
    places = sources()
    for path, name in places.items():
        text = path.read_text(encoding="utf-8")
        if name == "theorems.md":
            text = text.replace("](", "]\\(")  # a product of brackets, not a link
        yield name, LINK.sub(lambda link, path=path: places.get((path.parent / link[1]).resolve(), link[1]), text)
