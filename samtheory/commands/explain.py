"""What a theorem says: statement, assumptions, formulas, source, and what every symbol is.

examples:
  samtheory explain unified-sam/3.2
  samtheory explain my_theorem.py --latex
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import options


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("theorem", metavar="THEOREM", help="key or FILE.py")
    parser.add_argument("--latex", action="store_true", help="a LaTeX fragment (amsmath) instead of Unicode")


def run(arguments: Namespace) -> int:
    """Print the explanation."""
    from samtheory.calculator.explain import explain
    from samtheory.catalogue import load_theorem
    from samtheory.report.explanation import in_latex, in_unicode

    options.check_names([], [arguments.theorem], [])
    given = explain(load_theorem(arguments.theorem))
    print(*(in_latex if arguments.latex else in_unicode)(given), sep="\n")
    return 0
