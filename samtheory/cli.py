"""The command line: a thin door to the commands in `commands/`, one file each.

Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

from ._version import __version__
from .commands import COMMANDS
from .commands.options import Parser, attached
from .errors import CannotWrite, InputError, MissingExtra, NotApplicable, OutOfBudget, escaped, no_such, reject

#: Errors of a disk that is full or broken.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)

EXIT_CODES = """exit codes:
  0  all holds
  1  a violation, a falsified constant or a regression
  2  bad input, one line on stderr
  3  interrupted, unfinished or undecided"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; an error is one line on stderr, never a traceback."""
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # NumPy's libraries read them when they load
    sys.stdout, sys.stderr = (stream or Path(os.devnull).open("w") for stream in (sys.stdout, sys.stderr))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Files and pipes get UTF-8; a terminal without λ must not end the command.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    with redirect_stderr(cast(Any, Lasting(sys.stderr))), _signals():
        return _run(argv)


@contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM and SIGHUP are as Ctrl-C, in the main thread, which alone may change that."""
    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, _interrupt) for name in names if (number := getattr(signal, name, None))}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


class Lasting:
    """A stream whose reader or disk may fail without an end of the command: what cannot be written is lost."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write, or give the stream up."""
        return int(self._try(lambda: self.stream.write(text)))

    def flush(self) -> None:
        """Flush, or give the stream up."""
        self._try(self.stream.flush)

    def _try(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())
            return 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parsed(argv)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a diverging run overflows, and its verdict says so
            code: int = 0 if arguments is None else arguments.run(arguments)
        sys.stdout.flush()
    except (CannotWrite, OutOfBudget) as error:
        return _refuse(str(error), 3)
    except (InputError, NotApplicable) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        print("samtheory: interrupted", file=sys.stderr)
        return 3
    except BrokenPipeError:
        # The reader has closed the pipe; Python's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except OSError as error:
        if error.errno not in DISK:
            return _failed(error)
        return _refuse(f"{error.filename or 'a file'}: cannot be written ({error.strerror})", 3)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's own file may raise anything, at any time
        return _failed(error)
    return code


def _failed(error: BaseException) -> int:
    """An error that no command expects."""
    if sys.flags.dev_mode:
        raise error
    return _refuse(f"{type(error).__name__}: {error} (`python -X dev -m samtheory` shows where)")


def _refuse(message: str, code: int = 2) -> int:
    print("samtheory: error:", escaped(" ".join(message.split())), file=sys.stderr)
    return code


class Completion(argparse.Action):
    """Print the completions of a shell and end."""

    def __call__(self, parser: argparse.ArgumentParser, *arguments: Any) -> None:
        shell = arguments[1]
        try:
            import shtab
        except ImportError:
            raise MissingExtra("--print-completion", "completion") from None
        if shell not in shtab.SUPPORTED_SHELLS:
            raise reject("print-completion", shell, f"one of {', '.join(shtab.SUPPORTED_SHELLS)}")
        print(shtab.complete(parser, shell))
        parser.exit()


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace | None:
    """The arguments; None where only `--help` or `--version` was asked."""
    description = "Verifies the convergence theory of Sharpness-Aware Minimisation."
    parser = Parser(prog="samtheory", description=description, epilog=EXIT_CODES)
    parser.add_argument("--version", action="version", version=f"samtheory {__version__}")
    shells = "print completions for bash, zsh, tcsh or fish (extra completion)"
    parser.add_argument("--print-completion", action=Completion, metavar="SHELL", help=shells)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        command = importlib.import_module(f".commands.{name}", __package__)
        title, _, text = (command.__doc__ or "").partition("\n")
        added = commands.add_parser(name, help=title.rstrip("."), description=title, epilog=text.strip())
        command.arguments(added)
        added.set_defaults(run=command.run)
    words = sys.argv[1:] if argv is None else argv
    if not words:
        raise InputError(
            f"usage: samtheory COMMAND ..., and COMMAND --help; COMMAND must be one of {', '.join(COMMANDS)}"
        )
    if not words[0].startswith("-") and words[0] not in COMMANDS:
        raise no_such("command", words[0], COMMANDS, COMMANDS)
    try:
        return parser.parse_args(attached(words))
    except SystemExit:
        return None
