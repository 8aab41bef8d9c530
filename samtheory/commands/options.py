"""Options that commands share; a converter turns the text of an option into its value."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentError, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from textwrap import fill
from typing import TYPE_CHECKING, Any

from samtheory.errors import InputError, finite, fraction, no_such, nonnegative, positive, probability, reject, whole
from samtheory.io import json
from samtheory.io.data_file import DataFile
from samtheory.request import trial_count
from samtheory.schedules import LAM, rule, rule_text

if TYPE_CHECKING:
    from samtheory.execution.spread import Executors
    from samtheory.io.result import Result

Converter = Callable[[str], Any]


def converter(check: Callable[..., Any], *arguments: Any) -> Converter:
    """`check(*arguments, text)` for argparse, which would replace the message of an InputError."""

    def convert(text: str) -> Any:
        try:
            return check(*arguments, text)
        except InputError as error:
            raise ArgumentError(None, str(error)) from None

    return convert


def seconds(name: str) -> Converter:
    """A time above 0."""
    return converter(positive, name)


def count(name: str, least: int = 0) -> Converter:
    """A whole number."""
    return converter(lambda text: whole(name, text, least))


def steps(name: str, check: Callable[[str, Any], float], text: str) -> Any:
    """A number, or several that are listed for t = 0, 1, ..."""
    return rule(name, text) if "," in text else check(name, text)


NUMBERS: dict[str, Converter] = {
    "lam": converter(rule, "lam"),
    "rho": converter(steps, "rho", nonnegative),
    "rho_min": converter(nonnegative, "rho-min"),
    "rho_fraction": converter(fraction, "rho-fraction"),
    "gamma": converter(steps, "gamma", positive),
    "epsilon": converter(positive, "epsilon"),
    "alpha": converter(probability, "alpha"),
    "trials": converter(trial_count),
}


def choice(name: str, allowed: Sequence[str]) -> Converter:
    """One of several words."""

    def check(text: str) -> str:
        if text not in allowed:
            raise no_such(name, text, allowed, allowed)
        return text

    return converter(check)


def pair(name: str, text: str) -> tuple[str, str]:
    """(key, value) of a text key=value."""
    key, equals, value = text.partition("=")
    if not (key.strip() and equals and value.strip()):
        raise reject(name, text, "written as name=value")
    return key.strip(), value.strip()


def constants(text: str | None) -> dict[str, float] | None:
    """Numbers by name of a text K=V,...; None of None."""
    if text is None:
        return None
    pairs = [pair("constants", each) for each in text.split(",")]
    return {key: finite(key, value) for key, value in unique("constants", pairs).items()}


def shown(values: Iterable[Any]) -> str:
    """The values of an option as they were typed, in one line."""
    texts = {float: rule_text, tuple: "=".join}
    return ", ".join(texts.get(type(each), str)(each) for each in values)


def unique(name: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs as a dictionary, InputError where a key is repeated."""
    found: dict[str, str] = {}
    for key, value in pairs:
        if key in found:
            raise reject(name, f"{key}={value}", f"the only value of {key}")
        found[key] = value
    return found


def only(name: str, values: Sequence[Any], default: Any = None) -> Any:
    """The one value of an option that may be repeated elsewhere."""
    if len(values) > 1:
        raise reject(name, shown(values), "given once")
    return values[0] if values else default


class Help(RawDescriptionHelpFormatter):
    """Paragraphs of text wrapped; those with an indented line, as examples, as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        return "\n\n".join(each if "\n  " in each else fill(each, width, break_on_hyphens=False) for each in paragraphs)


class Parser(ArgumentParser):
    """argparse whose errors are InputErrors."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=Help, allow_abbrev=False, **options)

    def error(self, message: str) -> Any:
        """One line in the place of the usage and an exit."""
        raise InputError(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse, but an unknown option is refused here, where the options of the command are known."""
        found, extra = super().parse_known_args(args, namespace)
        unknown = next((word.partition("=")[0] for word in extra if re.match("--[a-z]", word)), None)
        if unknown is not None:
            options = re.findall("--[a-z-]+", self.format_help().partition("\n\n")[0])
            raise no_such("option", unknown, options, options)
        return found, extra


def attached(words: Sequence[str]) -> list[str]:
    """--option=-1e-3 for --option -1e-3, which argparse would read as two options."""
    found: list[str] = []
    for word in words:
        option = bool(found) and re.fullmatch(r"--[a-z-]+", found[-1])
        if option and re.match(r"-(\d|\.\d|inf|nan)", word):
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found


def add_choice(parser: ArgumentParser, lam: str = str(LAM)) -> None:
    """--theorem, --sampling and --lam; `lam` describes the default."""
    group = parser.add_argument_group("theorem, sampling and method")
    repeated: dict[str, Any] = {"action": "append", "default": []}
    group.add_argument("--theorem", metavar="KEY", help="key or FILE.py (default: all)", **repeated)
    group.add_argument("--sampling", metavar="S", help="e.g. uniform or nice:3", **repeated)
    words = f"in [0, 1], 0 is USAM, 1 is SAM; or 1/t, 1-1/t (default: {lam})"
    group.add_argument("--lam", metavar="X", type=NUMBERS["lam"], help=words, **repeated)


def add_method(parser: ArgumentParser, what: str) -> None:
    """--method; `what` describes it."""
    words = f"{what}: a name, FILE.py or FILE.py:NAME (default: the theorem's method)"
    parser.add_argument("--method", metavar="M", help=words)


def add_steps(parser: ArgumentParser) -> None:
    """--rho, --rho-fraction and --gamma."""
    group = parser.add_argument_group("steps (default: the theorem's own)")
    rho = group.add_mutually_exclusive_group()
    rho.add_argument("--rho", metavar="R", type=NUMBERS["rho"], help="ascent radius; or R0,R1,... for t = 0, 1, ...")
    fractional = "ascent radius as a fraction of the largest admissible one"
    rho.add_argument("--rho-fraction", metavar="F", type=NUMBERS["rho_fraction"], help=fractional)
    group.add_argument("--gamma", metavar="G", type=NUMBERS["gamma"], help="step size; or G0,G1,...")


def add_problem(parser: ArgumentParser) -> None:
    """--param, --data and --seed."""
    group = parser.add_argument_group("problem")
    group.add_argument(
        "--param",
        metavar="K=V",
        action="append",
        default=[],
        type=converter(pair, "param"),
        help="a parameter of the problem",
    )
    group.add_argument("--data", metavar="FILE", help="CSV or svmlight file that replaces the problem's rows")
    group.add_argument(
        "--target", metavar="COLUMN", help="target of --data: a name, or a number from 1 (default: last)"
    )
    group.add_argument("--delimiter", metavar="C", help="of --data: comma, semicolon, tab, space or a character")
    group.add_argument("--standardise", action="store_true", help="features of --data to mean 0 and variance 1")
    group.add_argument("--intercept", action="store_true", help="append a feature of ones to --data")
    group.add_argument(
        "--seed", metavar="N", default=0, type=count("seed"), help="seed of everything random (default: 0)"
    )


def add_formats(parser: ArgumentParser) -> None:
    """--json, --csv, --latex and --markdown, at most one of them."""
    group = parser.add_argument_group("output (default: a table for the terminal)").add_mutually_exclusive_group()
    documents = {
        "json": "one JSON document on stdout",
        "csv": "the table as comma-separated values, in full precision",
        "latex": "the table as a LaTeX tabular (booktabs)",
        "markdown": "the table in Markdown",
    }
    for name, words in documents.items():
        group.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=words)


def answer(arguments: Namespace, result: Result, lines: Callable[[int], Iterable[str]]) -> None:
    """Print a result in the format that was asked for; `lines(width)` is its table for the terminal."""
    from samtheory.report.tables import coloured, width_of

    if arguments.format is None:
        print(*coloured(lines(width_of(sys.stdout)), sys.stdout), sep="\n")
    elif arguments.format == "json":
        json.show(result.to_json())
    else:
        sys.stdout.write(getattr(result, f"to_{arguments.format}")())


def data(arguments: Namespace) -> DataFile | None:
    """The file of --data, with the options that say how it is read."""
    names = ("target", "delimiter", "standardise", "intercept")
    if arguments.data is None:
        given = [name for name in names if getattr(arguments, name)]
        if given:
            raise InputError(f"{given[0]}: data=FILE is missing beside it")
        return None
    return DataFile(
        arguments.data, arguments.target, arguments.delimiter or "comma", arguments.standardise, arguments.intercept
    )


def add_executor(parser: ArgumentParser) -> None:
    """--workers and --dask."""
    group = parser.add_argument_group("execution")
    group.add_argument(
        "--workers",
        metavar="N",
        default=os.cpu_count() or 1,
        type=count("workers", 1),
        help="processes (default: one a core); no result depends on it",
    )
    group.add_argument("--dask", metavar="ADDRESS", help="a Dask cluster instead; local starts one (extra cluster)")


def executor(arguments: Namespace) -> AbstractContextManager[Executors | None]:
    """This process, more processes here, or a Dask cluster, which exists in the `with` block."""
    from samtheory.execution.dask import cluster
    from samtheory.execution.spread import local

    if arguments.dask is not None:
        return cluster(arguments.dask, arguments.workers)
    return nullcontext(None if arguments.workers == 1 else local(arguments.workers))


def of_problem(arguments: Namespace) -> dict[str, Any]:
    """Problem, sampling, theorems, params and data, as the verbs take them."""
    return {
        "problem": arguments.problem,
        "sampling": only("sampling", arguments.sampling),
        "theorem": arguments.theorem or None,
        "params": unique("param", arguments.param) or None,
        "data": data(arguments),
    }


def one_lam(arguments: Namespace) -> Any:
    """The one λ of --lam, None where none is given."""
    return only("lam", arguments.lam)


def values(arguments: Namespace, names: Iterable[str]) -> dict[str, Any]:
    """Some options by name."""
    return {name: getattr(arguments, name) for name in names}


def exactly_one(arguments: Namespace, name: str, beside: str) -> Any:
    """The one value of an option, InputError where there are none or several."""
    values = getattr(arguments, name)
    if len(values) != 1:
        raise InputError(f"{name}={shown(values) or 'nothing'}: must be exactly one {name} with {beside}")
    return values[0]


def forbid(arguments: Namespace, names: Iterable[str], beside: str) -> None:
    """InputError where one of these options is given beside another."""
    for name in names:
        if (value := getattr(arguments, name)) not in (None, [], False):
            text = shown(value if isinstance(value, list) else [value])
            raise InputError(f"{name.replace('_', '-')}={text}: must be left out beside {beside}")
