"""The problems of the catalogue, with a picture of the landscape where d is 1 or 2."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from samtheory.catalogue import load_problem, parameters_of, problem_module, problems
from samtheory.errors import InputError
from samtheory.problem.problem import Problem

from . import landscape, rst
from .docstrings import prose


def pages() -> Iterator[tuple[str, str | bytes]]:
    """The page, and the pictures."""
    text = rst.title("Problems") + rst.paragraph(
        "The finite sums of the catalogue, with their constants at the default parameters. ``--param NAME=VALUE`` "
        "changes a parameter, ``--seed N`` the seed."
    )
    for name in problems():
        text += rst.title(name, 1)
        try:
            problem = load_problem(name)
        except InputError as reason:
            text += rst.paragraph(rst.plain(reason))
            continue
        if problem.d <= 2:
            yield f"reference/landscapes/{name}.svg", landscape.picture(problem)
            text += rst.directive(
                "figure",
                f"landscapes/{name}.svg",
                "Dot: start. Cross: the known minimiser.",
                alt=f"The landscape of {name}",
                **{"class": "landscape"},
            )
        text += _described(name, problem)
    yield "reference/problems.rst", text


def _described(name: str, problem: Problem) -> str:
    module = problem_module(name)
    text = prose(inspect.getdoc(module) or "")
    parameters = ", ".join(f"{key} = {each.default}" for key, each in parameters_of(module).items())
    fields = {
        "size": f"n = {problem.n}, d = {problem.d}",
        "parameters": rst.literal(parameters),
        "claimed": ", ".join(map(rst.literal, sorted(problem.properties))),
        "holds for": rst.literal(problem.region),
        "no theorem applies": rst.plain(problem.outside),
    }
    text += "".join(f":{key}: {value}\n" for key, value in fields.items() if value) + "\n"
    rows = [
        (rst.literal(row["constant"]), f"{row['value']:.4g}", row["known"], rst.literal(row["source"]))
        for row in problem.records()
    ]
    return text + rst.table(["constant", "value", "known", "source"], rows)
