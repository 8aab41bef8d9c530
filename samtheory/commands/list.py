"""List problems, theorems, samplings and methods, with their sources."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from .options import choice

KINDS = ("problems", "theorems", "samplings", "methods")


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "what",
        nargs="?",
        metavar="{" + ",".join(KINDS) + "}",
        type=choice("kind", KINDS),
        help="one kind of them (default: all)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def run(arguments: Namespace) -> int:
    """Print the listing."""
    from samtheory.io import json
    from samtheory.report import tables
    from samtheory.report.listing import listing

    found = listing((arguments.what,) if arguments.what else KINDS)
    if arguments.json:
        json.show(found)
    else:
        print(*tables.listing(found, tables.width_of(sys.stdout)), sep="\n")
    return 0
