"""An instance as a problem file, printed by `falsify` and read by `verify`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from .instances.arithmetic import Number
from .instances.base import Point
from .instances.facts import InstanceFacts


def problem_file(
    paragraphs: Sequence[str],
    commands: Sequence[str],
    x: Point,
    facts: InstanceFacts,
) -> str:
    """The Python file: paragraphs and commands as its docstring, the function, its constants, the start x."""
    instance, certified, body = facts.instance, facts.certified, facts.instance.source()
    classes = {"Problem", "exact", "Quadratics" if "Quadratics(" in body else "UserSum"}
    words = ", ".join(f'"{word}"' for word in sorted(facts.properties))
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
        ("claims", "claims" if facts.own else None),
        ("source", '"samtheory falsify"'),
    ]
    given = "\n".join(f"        {name}={value}," for name, value in fields if value is not None)
    imports = f"import numpy as np\n\nfrom samtheory import {', '.join(sorted(classes))}"
    parts = [
        f"{heading(paragraphs, commands)}\n\n{imports}\n\n{body}",
        *([claims_function(facts)] if facts.own else []),
        f"def problem():\n    return Problem(\n{given}\n    )\n",
    ]
    return "\n\n\n".join(parts)


def heading(paragraphs: Sequence[str], commands: Sequence[str]) -> str:
    """The docstring, raw for its backslashes."""
    wrapped = ["\n".join(textwrap.wrap(each, 116, break_long_words=False)) for each in paragraphs if each]
    return 'r"""' + "\n\n".join([*wrapped, "\n".join(f"    {line}" for line in commands)]) + '\n"""'


def claims_function(facts: InstanceFacts) -> str:
    """The function that gives the constants under the one second moment of v that they belong to."""
    moment = ", ".join(floats(row) for row in facts.law.second_moment)
    own = ", ".join(f'"{name}": exact({float(value)!r}, "closed formula")' for name, value in facts.own.items())
    return f'''def claims(law):
    """The constants under this sampling; those that follow from the L_i under any other."""
    if law.n != {facts.n} or not np.allclose(law.second_moment, [{moment}], rtol=1e-9):
        return {{}}
    return {{{own}}}'''


def floats(values: Sequence[Number]) -> str:
    """A list of floats, as in a Python file."""
    return repr([float(value) for value in values])
