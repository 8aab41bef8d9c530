"""What a theorem says: statement, assumptions, formulas, source, and what every symbol is.

examples:
  samtheory explain unified-sam/3.2
  samtheory explain my_theorem.py --latex
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("theorem", metavar="THEOREM", help="key or FILE.py")
    parser.add_argument("--latex", action="store_true", help="a LaTeX fragment (amsmath) instead of Unicode")


def run(arguments: Namespace) -> int:
    """Print the explanation."""
    from samtheory.report.explanation import in_latex, in_unicode
    from samtheory.report.tables import width_of
    from samtheory.verbs.explain import explain

    given = explain(arguments.theorem)
    print(*(in_latex(given) if arguments.latex else in_unicode(given, width_of(sys.stdout))), sep="\n")
    return 0
