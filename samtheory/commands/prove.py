"""The proofs of the theorems, checked: every step is an identity that SymPy verifies in exact numbers.

examples:
  samtheory prove unified-sam/3.2
  samtheory prove all --json
  samtheory prove ours/tight --latex
  samtheory prove unified-sam/3.2 --hypotheses
  samtheory prove unified-sam/3.2 --self-test
  samtheory prove all --self-test --workers 2 (minutes)
  samtheory prove unified-sam/3.2 --export coq build/coq

exit codes: 0 every theorem is proved, 1 one is not, 2 bad input, 3 interrupted
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from samtheory.errors import InputError

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "theorem", metavar="THEOREM", nargs="*", help="key of a theorem, or all (default: all, in short)"
    )
    parser.add_argument("--latex", action="store_true", help="the proofs in LaTeX")
    parser.add_argument("--markdown", action="store_true", help="the proofs in Markdown: docs/theorems.md")
    parser.add_argument("--hypotheses", action="store_true", help="the hypotheses of each theorem, and who checks them")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument(
        "--export",
        nargs=2,
        metavar=("coq", "DIR"),
        help="write the proofs as files for Coq into a directory; _CoqProject lists them in order",
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="check the checker instead: change every number, exponent, sign and symbol, drop every hypothesis",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        default=os.cpu_count() or 1,
        type=options.count("workers", 1),
        help="processes of the self-test (default: one a core)",
    )


def run(arguments: Namespace) -> int:
    """Check the proofs, and print them, the document or the changes."""
    from samtheory.execution.spread import local
    from samtheory.io import json
    from samtheory.proofs import run as prove
    from samtheory.report import proofs
    from samtheory.report.progress import Progress
    from samtheory.report.tables import hanging, width_of

    forms = {"latex": proofs.latex_document, "markdown": proofs.markdown, "hypotheses": proofs.hypotheses}
    asked = [name for name in (*forms, "json") if getattr(arguments, name)]
    if len(asked) > 1 or (arguments.self_test and asked not in ([], ["json"])):
        raise InputError(f"{' with '.join(asked)}{' with self-test' * arguments.self_test}: must be one of them")
    if arguments.export and (asked or arguments.self_test):
        raise InputError(f"export with {' '.join([*asked, *['self-test'] * arguments.self_test])}: must be one of them")
    chosen = prove.select(arguments.theorem)
    if arguments.self_test:
        keys = tuple(proof.theorem.key for proof in chosen)
        with Progress(len(prove.sites(keys)), "facts and formulas") as progress:
            judged = prove.self_test(chosen, progress.step, local(arguments.workers) if arguments.workers > 1 else None)
        if arguments.json:
            json.show(prove.self_test_document(judged))
        else:
            print(*hanging(proofs.self_test(judged), width_of(sys.stdout)), sep="\n")
        return 1 if any(place.missed for place in judged) else 0
    with Progress(len(chosen), "proofs") as progress:
        found = prove.verify(chosen, progress.step)
    if arguments.export:
        table, complete = prove.export(found, *arguments.export)
        print(*table, sep="\n")
        return 0 if complete else 1
    if arguments.json:
        json.show(prove.document(found))
    else:
        form = next((forms[name] for name in forms if getattr(arguments, name)), None)
        text = (form or (proofs.lines if arguments.theorem else proofs.summary))(found)
        print(*(text if arguments.latex or arguments.markdown else hanging(text, width_of(sys.stdout))), sep="\n")
    return 1 if any(checked.flaw for checked in found) else 0
