"""What a theorem says: statement, assumptions, formulas, source, and what every symbol is.

examples:
  samtheory explain unified-sam/3.2
  samtheory explain my_theorem.py --latex
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("theorem", metavar="THEOREM", help="key or FILE.py")
    parser.add_argument("--latex", action="store_true", help="a LaTeX fragment (amsmath) instead of Unicode")


def run(arguments: Namespace) -> int:
    """Print the explanation."""
    from samtheory.report.explanation import in_latex, in_unicode
    from samtheory.verbs.explain import explain

    print(*(in_latex if arguments.latex else in_unicode)(explain(arguments.theorem)), sep="\n")
    return 0
