"""The command line: a thin door to the commands in `commands/`, one file each.

Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
import warnings
from collections.abc import Sequence

from ._version import __version__
from .commands import COMMANDS
from .commands.options import Parser, attached
from .errors import InputError, NotApplicable

EXIT_CODES = """exit codes:
  0  all holds
  1  a violation, a falsified constant or a regression
  2  bad input, one line on stderr
  3  interrupted, unfinished or undecided"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; an error is one line on stderr, never a traceback."""
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # NumPy's libraries read them when they load
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without λ must not end the command
    try:
        arguments = _parsed(argv)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a diverging run overflows, and its verdict says so
            code: int = 0 if arguments is None else arguments.run(arguments)
        sys.stdout.flush()
    except (InputError, NotApplicable) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        print("samtheory: interrupted", file=sys.stderr)
        return 3
    except BrokenPipeError:
        # The reader has closed the pipe; Python's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except (Exception, SystemExit) as error:  # a user's own file may raise anything, at any time
        if sys.flags.dev_mode:
            raise
        return _refuse(f"{type(error).__name__}: {error} (`python -X dev -m samtheory` shows where)")
    return code


def _refuse(message: str) -> int:
    print("samtheory: error:", " ".join(message.split()), file=sys.stderr)
    return 2


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace | None:
    """The arguments; None where only `--help` or `--version` was asked."""
    description = "Verifies the convergence theory of Sharpness-Aware Minimisation."
    parser = Parser(prog="samtheory", description=description, epilog=EXIT_CODES)
    parser.add_argument("--version", action="version", version=f"samtheory {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        command = importlib.import_module(f".commands.{name}", __package__)
        title, _, text = (command.__doc__ or "").partition("\n")
        added = commands.add_parser(name, help=title.rstrip("."), description=title, epilog=text.strip())
        command.arguments(added)
        added.set_defaults(run=command.run)
    try:
        return parser.parse_args(attached(sys.argv[1:] if argv is None else argv))
    except SystemExit:
        return None
