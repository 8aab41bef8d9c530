"""Whether an optimiser is SAM: its steps against the reference in float64, and the name of the mistake.

examples:
  samtheory new adapter-torch my_adapter.py
  samtheory conform my_adapter.py
  samtheory conform my_adapter.py --adapter MySAM --only resume -v
  samtheory conform --list
  samtheory conform --self-test

exit codes: 0 no failure, 1 a check fails, or passes although its failure is expected, 2 bad input, 3 interrupted
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from samtheory.errors import InputError

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="ADAPTER.py", nargs="?", help="a file with adapters: build, step and params")
    repeated = {"action": "append", "default": []}
    parser.add_argument("--adapter", metavar="NAME", help="a class of the file (default: all)", **repeated)  # type: ignore[arg-type]
    parser.add_argument("--only", metavar="KEY", help="a check (default: all)", **repeated)  # type: ignore[arg-type]
    parser.add_argument("--strict", action="store_true", help="notes are failures, but for eps <= 1e-8 in the norm")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--list", action="store_true", help="the checks and the wrong variants")
    parser.add_argument("--markdown", action="store_true", help="with --list: docs/conformance.md")
    parser.add_argument("--self-test", action="store_true", help="check every wrong variant: is it named?")
    parser.add_argument("-v", "--verbose", action="store_true", help="passes, and checks that do not apply, too")


def run(arguments: Namespace) -> int:
    """Check the adapters, and print the table or the document."""
    if arguments.list or arguments.self_test:
        beside = "list" if arguments.list else "self-test"
        options.forbid(arguments, ["file", "adapter", "only", "strict"], beside)
        return _listed(arguments) if arguments.list else _self_test(arguments)
    if arguments.markdown:
        raise InputError("markdown: must be beside list")
    if arguments.file is None:
        raise InputError("ADAPTER.py is missing: a file with a class that has build, step and params")
    from contextlib import redirect_stdout

    from samtheory.io import json
    from samtheory.report import conformance, tables
    from samtheory.verbs.conform import conform

    with redirect_stdout(sys.stderr):  # what an adapter prints
        found = conform(arguments.file, names=arguments.adapter, only=arguments.only, strictly=arguments.strict)
    if arguments.json:
        json.show(found.to_json())
    else:
        print(*conformance.blocks(found, tables.width_of(sys.stdout), arguments.verbose), sep="\n")
    return 0 if found.conforms else 1


def _listed(arguments: Namespace) -> int:
    """The checks and the variants."""
    from samtheory.io import json
    from samtheory.report import conformance, tables

    if arguments.json:
        json.show(conformance.listing())
    elif arguments.markdown:
        print(conformance.markdown(), end="")
    else:
        print(*conformance.table(tables.width_of(sys.stdout)), sep="\n")
    return 0


def _self_test(arguments: Namespace) -> int:
    """Every variant, and whether it is named."""
    from samtheory.conformance.self_test import document, self_test
    from samtheory.conformance.variants import variants
    from samtheory.io import json
    from samtheory.report import conformance, tables
    from samtheory.report.progress import Progress

    with Progress(len(variants()), "variants") as progress:
        found = self_test(progress.step)
    if arguments.json:
        json.show(document(found))
    else:
        print(*conformance.self_test(found, tables.width_of(sys.stdout)), sep="\n")
    return 0 if all(each.good for each in found) else 1
