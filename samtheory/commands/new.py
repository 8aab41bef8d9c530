"""A file to start from: a problem or a theorem of your own, commented.

examples:
  samtheory new problem my_problem.py
  samtheory check my_problem.py
  samtheory new theorem my_theorem.py
  samtheory falsify my_theorem.py

exit codes: 0 written, 2 bad input (a file that exists is never overwritten)
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("kind", metavar="KIND", help="problem or theorem")
    parser.add_argument("file", metavar="FILE.py", help="the file to write")


def run(arguments: Namespace) -> int:
    """Write the template."""
    from samtheory.templates.write import write

    place = write(arguments.kind, arguments.file)
    command = "check" if arguments.kind == "problem" else "falsify"
    print(f"{place} written; next: samtheory {command} {place}", file=sys.stderr)
    return 0
