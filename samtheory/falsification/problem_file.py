"""An instance as a problem file: what `falsify` prints and `verify` reads."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from .instances.arithmetic import RATIONAL, Number
from .instances.base import Card, Instance, Point, Triple


def problem_file(
    told: Sequence[str], commands: Sequence[str], x: Point, instance: Instance, card: Card, residual: Triple
) -> str:
    """The Python file: paragraphs and commands as its docstring, the function, its constants, the start x."""
    sharp = instance.sharpness is not None and not instance.weights.deterministic
    body = instance.source()
    classes = {"Problem", "exact", "Quadratics" if "Quadratics(" in body else "UserSum"}
    classes |= {"ExpectedResidual"} if sharp else set()
    words = ", ".join(f'"{word}"' for word in sorted(card.properties))
    fields = [
        ("objective", "f"),
        ("x0", f"np.array({floats(x)})"),
        ("L_i", f"exact(np.array({floats(card.L_i)}), \"sup |f_i''|\")"),
        ("L", f"exact({float(card.L)!r}, \"sup |f''|\")"),
        ("mu", None if card.mu is None else f'exact({float(card.mu)!r}, "inf ||grad f||^2/(2 (f - f*))")'),
        ("f_inf", 'exact(0.0, "f(0) = 0")'),
        ("f_i_inf", None if card.f_i_inf is None else f'exact(np.array({floats(card.f_i_inf)}), "inf f_i")'),
        ("x_star", f"np.zeros({instance.d})"),
        ("properties", f"frozenset({{{words}}})" if words else None),
        ("residual", "residual" if sharp else None),
        ("source", '"samtheory falsify"'),
    ]
    given = "\n".join(f"        {name}={value}," for name, value in fields if value is not None)
    imports = f"import numpy as np\n\nfrom samtheory import {', '.join(sorted(classes))}"
    parts = [
        f"{heading(told, commands)}\n\n{imports}\n\n{body}",
        *([residual_function(instance, residual)] if sharp else []),
        f"def problem():\n    return Problem(\n{given}\n    )\n",
    ]
    return "\n\n\n".join(parts)


def heading(told: Sequence[str], commands: Sequence[str]) -> str:
    """The docstring; its backslashes stay what they are."""
    paragraphs = ["\n".join(textwrap.wrap(each, 116, break_long_words=False)) for each in told if each]
    return 'r"""' + "\n\n".join([*paragraphs, "\n".join(f"    {line}" for line in commands)]) + '\n"""'


def residual_function(instance: Instance, residual: Triple) -> str:
    """The function that gives (A, B, C) under the one sampling that they belong to."""
    law = instance.weights.moments(RATIONAL)
    return f'''def residual(law):
    """A, B, C of E||g||^2 <= 2A (f - f*) + B ||grad f||^2 + C under this sampling; the textbook's under any other."""
    if not np.allclose([law.B, *law.w], {floats([law.B, *law.w])}, rtol=1e-9):
        return None
    return ExpectedResidual(*(exact(each, "closed formula") for each in {floats(residual)}))'''


def floats(values: Sequence[Number]) -> str:
    """A list of floats, as in a Python file."""
    return repr([float(value) for value in values])
