"""docs: build the documentation site into docs/_build/html, without a network once the extra `docs` is installed.

The source of the site is docs/_build/source: the pages of docs/, and those that docs/_pages makes from the program.
Warnings are errors, and so is a resource of another site in a built page.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BUILD = DOCS / "_build"
#: What a browser loads with a page: scripts, pictures, style sheets and fonts, but not links to follow.
LOADED = re.compile(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["'](?:https?:)?//[^"']*|"""
                    r"""<link\b(?=[^>]*\brel=["'](?:stylesheet|preload|icon)["'])[^>]*\bhref=["'](?:https?:)?//[^"']*|"""
                    r"""(?:@import\s+|url\()["']?(?:https?:)?//[^"')]*""")  # fmt: skip


def install() -> None:
    """Install the packages of the extra `docs` that are missing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = project["optional-dependencies"]["docs"]
    present = {each.metadata["Name"].lower().replace("_", "-") for each in importlib.metadata.distributions()}
    if missing := [need for need in needs if re.split(r"[<>=]", need)[0] not in present]:
        print(f"installing {', '.join(missing)} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "pip", "install", "-qq", *missing], stdout=sys.stderr, check=True)


def foreign(site: Path) -> list[str]:
    """What the pages and style sheets of a site load from elsewhere."""
    files = (path for kind in ("html", "css") for path in sorted(site.rglob(f"*.{kind}")))
    return [
        f"{path.relative_to(site)}: {found}"
        for path in files
        for found in LOADED.findall(path.read_text(encoding="utf-8"))
    ]


def build() -> int:
    """Write the source, build the site, check what it loads; the exit code."""
    sys.path.insert(0, str(DOCS))
    import _pages

    _pages.write(BUILD / "source")
    options = ["-q", "-W", "--keep-going", "-j", "auto", "-c", str(DOCS)]
    command = [sys.executable, "-m", "sphinx", *options, str(BUILD / "source"), str(BUILD / "html")]
    if code := subprocess.run(command, check=False).returncode:
        return code
    if found := foreign(BUILD / "html"):
        print("loaded from elsewhere:", *found, sep="\n  ", file=sys.stderr)
        return 1
    print(f"{BUILD / 'html' / 'index.html'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    install()
    sys.exit(build())
