"""List problems, theorems, samplings and methods, with their sources."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from samtheory._version import __version__
from samtheory.catalogue import load_problem, methods, parameters_of, problem_module, problems, summary, theorems
from samtheory.errors import InputError
from samtheory.sampling.base import samplings
from samtheory.theorems.listed_only import REMEMBERED

SCHEMA = "samtheory.list/1"
KEYS = {
    SCHEMA: {
        "methods": "the methods",
        "methods.class": "class of the perturbation, null for none",
        "methods.gradients": "gradients of f_v in a step",
        "methods.name": "key of the method",
        "methods.summary": "the equation",
        "problems": "the problems",
        "problems.name": "key of the problem",
        "problems.needs": "what is missing to load it, null for nothing",
        "problems.params": "parameters and their defaults",
        "problems.summary": "the problem in a line",
        "remembered": "theorems that are known by name alone",
        "remembered.instead": "theorem of the catalogue to use instead, empty for none",
        "remembered.key": "key",
        "samplings": "the samplings",
        "samplings.form": "how --sampling takes it",
        "samplings.key": "key of the sampling",
        "samplings.summary": "the sampling in a line",
        "theorems": "the theorems",
        "theorems.key": "key of the theorem",
        "theorems.method": "method that it is about",
        "theorems.sees": "what the proof sees of the perturbation",
        "theorems.title": "the theorem in a few words",
    }
}
#: The problem on which a step is built whose class is listed: a linear model.
EXAMPLE = "ridge"


def listing(kinds: tuple[str, ...]) -> dict[str, Any]:
    """The JSON document `samtheory.list/1`.

    Parameters
    ----------
    kinds : some of "problems", "theorems", "samplings", "methods"
    """
    makers = {"problems": _problems, "theorems": _theorems, "samplings": _samplings, "methods": _methods}
    found = {"schema": SCHEMA, "version": __version__, **{kind: makers[kind]() for kind in kinds}}
    return {**found, "remembered": _remembered()} if "theorems" in kinds else found


def _problems() -> list[dict[str, Any]]:
    return [_problem(name) for name in problems()]


def _problem(name: str) -> dict[str, Any]:
    """One problem; `needs` is the missing extra, or the error of its file, which does not end the listing."""
    entry: dict[str, Any] = {"name": name, "summary": "", "source": "", "params": {}, "needs": None}
    try:
        module = problem_module(name)
        entry["summary"] = summary(module)
        entry["params"] = {key: parameter.default for key, parameter in parameters_of(module).items()}
        entry["source"] = load_problem(name).source
    except InputError as reason:
        entry["needs"] = str(reason)
    return entry


def _theorems() -> list[dict[str, Any]]:
    words = ("key", "title", "source", "status", "measure", "method", "sees", "assumptions", "statement")
    return [{word: getattr(theorem, word) for word in words} for theorem in theorems().values()]


def _remembered() -> list[dict[str, Any]]:
    return [entry._asdict() for entry in REMEMBERED]


def _samplings() -> list[dict[str, Any]]:
    return [
        {"key": key, "form": kind.form, "summary": (kind.__doc__ or "").partition("\n")[0], "source": kind.source}
        for key, kind in samplings().items()
    ]


def _methods() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "summary": summary(module),
            "source": getattr(module, "SOURCE", ""),
            "gradients": getattr(module, "GRADIENTS", None),
            "class": class_of(module),
        }
        for name, module in methods().items()
    ]


def class_of(module: ModuleType) -> str | None:
    """The class of the perturbation of a method in words; None where none is stated."""
    if hasattr(module, "CLASS"):
        return str(module.CLASS)
    step = getattr(module, "step", None) or module.step_for(load_problem(EXAMPLE))
    deviation = getattr(step, "deviation", None)
    if deviation is None:
        return "biased steps" if hasattr(step, "bias") else None
    return str(deviation.describe())
