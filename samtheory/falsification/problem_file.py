"""An instance as a problem file, printed by `falsify` and read by `verify`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from .instances.arithmetic import RATIONAL, Number, decimal
from .instances.base import CertifiedConstants, Instance, Point, Triple
from .instances.finite_law import FiniteLaw


def problem_file(
    paragraphs: Sequence[str],
    commands: Sequence[str],
    x: Point,
    instance: Instance,
    certified: CertifiedConstants,
    residual: Triple,
) -> str:
    """The Python file: paragraphs and commands as its docstring, the function, its constants, the start x."""
    law = FiniteLaw.of(instance.sampling, list(map(decimal, certified.L_i)), RATIONAL)
    sharp = instance.sharpness is not None and not law.deterministic
    body = instance.source()
    classes = {"Problem", "exact", "Quadratics" if "Quadratics(" in body else "UserSum"}
    classes |= {"ExpectedResidual"} if sharp else set()
    words = ", ".join(f'"{word}"' for word in sorted(certified.properties))
    fields = [
        ("objective", "f"),
        ("x0", f"np.array({floats(x)})"),
        ("L_i", f"exact(np.array({floats(certified.L_i)}), \"sup |f_i''|\")"),
        ("L", f"exact({float(certified.L)!r}, \"sup |f''|\")"),
        ("mu", None if certified.mu is None else f'exact({float(certified.mu)!r}, "inf ||grad f||^2/(2 (f - f*))")'),
        ("f_inf", 'exact(0.0, "f(0) = 0")'),
        ("f_i_inf", None if certified.f_i_inf is None else f'exact(np.array({floats(certified.f_i_inf)}), "inf f_i")'),
        ("x_star", f"np.zeros({instance.d})"),
        ("properties", f"frozenset({{{words}}})" if words else None),
        ("residual", "residual" if sharp else None),
        ("source", '"samtheory falsify"'),
    ]
    given = "\n".join(f"        {name}={value}," for name, value in fields if value is not None)
    imports = f"import numpy as np\n\nfrom samtheory import {', '.join(sorted(classes))}"
    parts = [
        f"{heading(paragraphs, commands)}\n\n{imports}\n\n{body}",
        *([residual_function(law, residual)] if sharp else []),
        f"def problem():\n    return Problem(\n{given}\n    )\n",
    ]
    return "\n\n\n".join(parts)


def heading(paragraphs: Sequence[str], commands: Sequence[str]) -> str:
    """The docstring, raw for its backslashes."""
    wrapped = ["\n".join(textwrap.wrap(each, 116, break_long_words=False)) for each in paragraphs if each]
    return 'r"""' + "\n\n".join([*wrapped, "\n".join(f"    {line}" for line in commands)]) + '\n"""'


def residual_function(law: FiniteLaw, residual: Triple) -> str:
    """The function that gives (A, B, C) under the one second moment of v that they belong to."""
    moment = ", ".join(floats(row) for row in law.second_moment())
    return f'''def residual(law):
    """A, B, C of E||g||^2 <= 2A (f - f*) + B ||grad f||^2 + C under this sampling; the textbook's under any other."""
    if law.n != {law.n} or not np.allclose(law.second_moment, [{moment}], rtol=1e-9):
        return None
    return ExpectedResidual(*(exact(each, "closed formula") for each in {floats(residual)}))'''


def floats(values: Sequence[Number]) -> str:
    """A list of floats, as in a Python file."""
    return repr([float(value) for value in values])
