"""Options that commands share, and their values as numbers."""

from __future__ import annotations

import difflib
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from samtheory.errors import InputError, finite, reject, whole

if TYPE_CHECKING:
    from samtheory.execution.spread import Executors


def add_choice(parser: ArgumentParser, lam: str) -> None:
    """--theorem, --sampling and --lam; `lam` describes the default."""
    group = parser.add_argument_group("what to look at")
    group.add_argument("--theorem", metavar="KEY", action="append", default=[], help="key or FILE.py (default: all)")
    group.add_argument("--sampling", metavar="S", action="append", default=[], help="e.g. uniform or nice:3")
    group.add_argument(
        "--lam",
        metavar="X",
        action="append",
        default=[],
        help=f"in [0, 1], 0 is USAM, 1 is SAM; or 1/t, 1-1/t (default: {lam})",
    )


def add_steps(parser: ArgumentParser) -> None:
    """--rho, --rho-fraction and --gamma."""
    group = parser.add_argument_group("steps (default: the theorem's own)")
    rho = group.add_mutually_exclusive_group()
    rho.add_argument("--rho", metavar="R", help="ascent radius")
    rho.add_argument("--rho-fraction", metavar="F", help="ascent radius as a fraction of the largest allowed")
    group.add_argument("--gamma", metavar="G", help="step size")


def add_problem(parser: ArgumentParser) -> None:
    """--param, --data and --seed."""
    group = parser.add_argument_group("problem")
    group.add_argument("--param", metavar="K=V", action="append", default=[], help="a parameter of the problem")
    group.add_argument("--data", metavar="FILE", help="CSV or svmlight file that replaces the problem's rows")
    group.add_argument("--seed", metavar="N", default=0, help="seed of everything random (default: 0)")


def add_executor(parser: ArgumentParser) -> None:
    """--workers and --dask."""
    group = parser.add_argument_group("what works on it")
    group.add_argument(
        "--workers",
        metavar="N",
        default=os.cpu_count() or 1,
        help="processes (default: one a core); no result depends on it",
    )
    group.add_argument(
        "--dask", metavar="ADDRESS", help="work on a Dask cluster instead; local starts one (extra cluster)"
    )


def executor(arguments: Namespace) -> AbstractContextManager[Executors | None]:
    """What works on it: this process, some more here, or a Dask cluster, which is there in the `with` block."""
    from samtheory.execution.dask import cluster
    from samtheory.execution.spread import local

    workers = whole("workers", arguments.workers, 1)
    if arguments.dask is not None:
        return cluster(arguments.dask, workers)
    return nullcontext(None if workers == 1 else local(workers))


def steps(arguments: Namespace) -> dict[str, float | None]:
    """rho, rho_fraction and gamma as numbers."""
    return {name: number(name.replace("_", "-"), getattr(arguments, name)) for name in ("rho", "rho_fraction", "gamma")}


def number(name: str, text: str | None) -> float | None:
    """A finite number, None where the option is not given."""
    return None if text is None else finite(name, text)


def pairs(name: str, words: Iterable[str]) -> dict[str, str]:
    """The key=value `words` of the option `name`."""
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not (key and equals and value):
            raise reject(name, word, "written as name=value")
        if key in found:
            raise reject(name, word, f"the only value of {key}")
        found[key] = value
    return found


def only(name: str, values: Sequence[str]) -> str | None:
    """The one value of an option that is not repeated here, None where it is not given."""
    if len(values) > 1:
        raise reject(name, ", ".join(values), "given once")
    return values[0] if values else None


def check_names(problems: Iterable[str], theorems: Iterable[str], samplings: Iterable[str]) -> None:
    """Refuse a misspelt name, with the nearest one; a word that ends in .py is a path."""
    from samtheory.catalogue import is_path, problem_names
    from samtheory.catalogue import theorems as all_theorems
    from samtheory.sampling.samplings import samplings as all_samplings

    def check(kind: str, words: Iterable[str], names: Iterable[str], separator: Any = None) -> None:
        names = list(names)
        for word in words:
            key = word.split(separator)[0] if separator else word
            if key not in names and not is_path(key):
                near = difflib.get_close_matches(key, names, n=1)
                hint = f"did you mean {near[0]}?" if near else "must be FILE.py or one of " + ", ".join(names)
                raise InputError(f"{kind}={word}: no such {kind}: {hint}")

    check("problem", problems, problem_names())
    check("theorem", theorems, all_theorems())
    check("sampling", samplings, all_samplings(), separator=":")
