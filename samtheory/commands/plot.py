"""Plot measured trajectories of a problem beside the bounds of theorems.

examples:
  samtheory plot ridge --theorem 3.2 --lam 0 --lam 1 --out ridge.pdf
  samtheory plot my_problem.py --theorem ours/tight --sampling importance --width two --out mine.svg
  samtheory plot logistic --data rows.csv --theorem 3.2 --curves mine.csv --out mine.png
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from samtheory.errors import escaped, positive, reject

from . import options

#: Height / width of the axes, and inches for each line of the legend.
SHAPE, LINE = 0.6, 0.17


def width(text: str) -> float:
    """A width in inches, from "one" or "two" columns, or a number."""
    from samtheory.io.drawing import WIDTHS

    return WIDTHS[text] if text in WIDTHS else positive("width", text)


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("problem", metavar="PROBLEM", help="name or FILE.py")
    trials, steps = options.count("trials", 1), options.count("steps", 1)
    parser.add_argument("--trials", metavar="N", type=trials, default=30, help="independent runs (default: 30)")
    parser.add_argument("--steps", metavar="N", type=steps, default=10_000, help="length of a run (default: 10000)")
    parser.add_argument("--curves", metavar="FILE", help="trajectories of another program (CSV, JSON or .npz) instead")
    options.add_method(parser, "what is run")
    parser.add_argument("--out", metavar="FIG", help="a file ending in .pdf, .svg or .png (default: PROBLEM.svg)")
    columns = "one or two columns of a paper, or inches (default: one)"
    parser.add_argument("--width", metavar="W", default="one", help=columns)
    options.add_formats(parser)
    options.add_choice(parser)
    options.add_steps(parser)
    options.add_problem(parser)


def run(arguments: Namespace) -> int:
    """Run, draw and write the picture."""
    from matplotlib import rc_context

    from samtheory.io import drawing, output
    from samtheory.report.tables import wrapped
    from samtheory.verbs.plot import trajectories

    inches = width(arguments.width)
    name = arguments.out or f"{Path(arguments.problem).stem}.svg"
    kind = Path(name).suffix.removeprefix(".").lower()
    if kind not in drawing.METADATA:
        raise reject("out", name, "a file that ends in .pdf, .svg or .png")
    write = output.writer(name, "out")
    found = trajectories(
        **options.of_problem(arguments),
        lam=arguments.lam or None,
        **options.values(arguments, ("rho", "rho_fraction", "gamma", "seed", "trials", "steps", "method", "curves")),
    )
    with rc_context(drawing.RC):
        figure, ((axes,),) = drawing.new(inches, SHAPE * inches + LINE * (len(found.lines) + 2))
        found.plot(axes)
        write(drawing.content(figure, kind))
    options.answer(arguments, found, lambda width: wrapped(found.headline(), width))
    print(escaped(f"wrote {name}"), file=sys.stderr)
    return 0
