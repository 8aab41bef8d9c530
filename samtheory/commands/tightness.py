"""How far each theorem is from the worst case of its class of functions, in units of L = 1.

examples:
  samtheory tightness --kappa 10,100 --lam 0 --rho 0.1 --gamma 1
  samtheory tightness ours/deterministic --lam 1 --rho 0.1 --gamma 0.5 --certify --json > brackets.json
  samtheory tightness --check brackets.json

exit codes: 0 no theorem is refuted (with --check, every certificate holds), 1 one is, 2 bad input, 3 interrupted
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from samtheory.errors import finite
from samtheory.schedules import LAM

from . import options


def arguments(parser: ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("theorem", metavar="THEOREM", nargs="*", help="key or FILE.py (default: all)")
    parser.add_argument("--kappa", metavar="K,...", default="10", help="condition numbers L/mu (default: 10)")
    words = f"in [0, 1], 0 is USAM, 1 is SAM (default: {LAM})"
    parser.add_argument("--lam", metavar="X", type=options.NUMBERS["lam"], default=LAM, help=words)
    parser.add_argument("--sampling", metavar="S", default="full", help="full, or uniform for one of n (default: full)")
    number = options.count("n", 1)
    parser.add_argument("--n", metavar="N", type=number, help="components, 2 or 3 with --sampling uniform (default: 2)")
    kinds = "auto, smooth, pl, convex, convex-pl or strongly-convex (default: auto, from the theorem's assumptions)"
    parser.add_argument("--class", metavar="C", dest="kind", default="auto", help=kinds)
    several = "steps of the method, for lam = 0 (default: 1)"
    parser.add_argument("--steps", metavar="T", type=options.count("steps", 1), default=1, help=several)
    parser.add_argument("--certify", action="store_true", help="prove each worst case in fractions")
    check = "check the certificates of a document of --certify --json instead"
    parser.add_argument("--check", metavar="FILE", help=check)
    options.add_formats(parser)
    options.add_steps(parser)


def run(arguments: Namespace) -> int:
    """Print the brackets, and the problem file of a theorem that a hard instance refutes."""
    from samtheory.report import tightness as report
    from samtheory.verbs.tightness import check_certificates, tightness

    if arguments.check is not None:
        beside = ["theorem", "rho", "rho_fraction", "gamma", "n", "certify"]
        options.forbid(arguments, beside, beside=f"check={arguments.check}")
        checked = check_certificates(arguments.check)
        options.answer(arguments, checked, lambda width: report.certificates(checked, width))
        return 0 if checked.all_hold else 1
    kappas = [finite("kappa", each, "numbers above 1") for each in arguments.kappa.split(",")]
    asked = options.values(
        arguments, ("lam", "rho", "rho_fraction", "gamma", "sampling", "n", "kind", "steps", "certify")
    )
    found = tightness(arguments.theorem or None, kappas, **asked)
    options.answer(arguments, found, lambda width: report.table(found, width))
    return 1 if found.counterexamples else 0
