"""Write a commented template of a problem, a theorem, a method or an adapter of an optimiser.

examples:
  samtheory new problem my_problem.py
  samtheory check my_problem.py
  samtheory new theorem my_theorem.py
  samtheory falsify my_theorem.py
  samtheory new adapter-torch my_adapter.py
  samtheory conform my_adapter.py

exit codes: 0 written, 2 bad input (a file that exists is never overwritten)
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "kind", metavar="KIND", help="problem, theorem, method, adapter, adapter-torch or adapter-optax"
    )
    parser.add_argument("file", metavar="FILE.py", help="the file to write")


def run(arguments: Namespace) -> int:
    """Write the template."""
    from samtheory.errors import escaped
    from samtheory.io.shell import quoted
    from samtheory.templates.write import write

    place = write(arguments.kind, arguments.file)
    commands = {"problem": "check", "theorem": "falsify", "method": "verify --method"}
    command = commands.get(arguments.kind, "conform")
    print(f"{escaped(str(place))} written; next: samtheory {command} {quoted(str(place))}", file=sys.stderr)
    return 0
