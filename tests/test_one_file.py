"""One file to add, measured: each addition is made in a copy of the checkout, and its files are counted."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from samtheory.templates.write import write

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "samtheory"


@dataclass(frozen=True)
class Addition:
    """Files of an addition by path, and commands with a text that each must print; a leading + appends to a file."""

    files: dict[str, str]
    commands: tuple[tuple[str, str], ...]
    generated: str = ""


PROBLEM = '''"""A parabola, f(x) = h x^2/2."""

import numpy as np

from samtheory import Problem, Quadratics, exact


def problem(h: float = 2.0) -> Problem:
    one, zero = exact(np.array([h]), "h"), exact(np.zeros(1), "f(0) = 0")
    return Problem(
        objective=Quadratics(np.full((1, 1, 1), h), np.zeros((1, 1))), x0=np.ones(1), L_i=one, L=exact(h, "h"),
        mu=exact(h, "h"), f_inf=exact(0.0, "f(0) = 0"), f_i_inf=zero, x_star=np.zeros(1),
    )
'''

THEOREM = '''"""Gradient descent under PL."""

from dataclasses import replace

from .karimi_2016_gd import theorem as known

theorem = replace(known, key="mine/gd", title="gradient descent again", source="this test", status="ours")
'''

METHOD = '''"""SAM with its perturbation written out."""

import numpy as np

SOURCE = "this test"


def step(x, draw, gradient, gamma, rho, lam):
    g = gradient(x, draw)
    length = np.linalg.norm(g, axis=-1, keepdims=True)
    unit = np.divide(g, length, out=np.zeros_like(g), where=length > 0)
    return x - gamma * gradient(x + rho * ((1 - lam) * g + lam * unit), draw)
'''

ASSUMPTION = '''"""A bounded set of minimisers."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(word="bounded-minimisers", meaning="the minimisers of f are a bounded set", place=900)
'''

GROWING = '''"""Gradient descent with the new constant in the place of L, and twice its rate."""

from dataclasses import replace

import sympy as sp

from samtheory.theorems.karimi_2016_gd import theorem as known
from samtheory.theorems.symbols import gamma, mu

theorem = replace(
    known, key="mine/growing", assumptions=(*known.assumptions, "gradient-growth"),
    gamma_max=1 / (3 * sp.Symbol("Lg", positive=True)), contraction=1 - 2 * gamma * mu,
)
'''

#: The parabola with the new constant at half of what it is.
STEEP = PROBLEM.replace("x_star=", 'claims=lambda law: {"Lg": exact(h / 2, "wrong")}, x_star=')

ASSUMING = '''"""A theorem with the new assumption."""

from dataclasses import replace

from samtheory.theorems.karimi_2016_gd import theorem as known

theorem = replace(known, key="mine/bounded", assumptions=(*known.assumptions, "bounded-minimisers"))
'''

FIGURE = '''"""A parabola."""

from typing import Any

from . import style
from .base import Numbers
from .numbers import FORMULA, Table


def numbers(quick: bool) -> Numbers:
    """x and x^2."""
    x = [0.0, 1.0, 2.0]
    table = Table(("x",), {"x": x, "f": [value**2 for value in x]}, {"f": FORMULA})
    return Numbers("A parabola", "x^2; nothing is random, no theorem.", {}, {"parabola": table})


def draw(found: Numbers) -> Any:
    """One curve."""
    figure, ((axes,),) = style.new(1, 1, 2.9)
    axes.plot(found.tables["parabola"]["x"], found.tables["parabola"]["f"])
    return figure
'''

VARIANT = '''"""Twice the step."""

from samtheory.methods.unified_sam import step

from .make import RIDGE, cell, method


def doubled(x, draw, g, gamma, rho, lam):
    """2 gamma."""
    return step(x, draw, g, 2 * gamma, rho, lam)


DOUBLED = method("twice the step size", doubled, cell(RIDGE))
'''

CHECK = '''"""The end of the trajectory."""

from samtheory.conformance.context import PLAIN

from .registry import check


@check("end", 900, "The last iterate is right.", "It is wrong.")
def end(suite):
    """The plain context."""
    return suite.equals(PLAIN)
'''

WRONG = '''"""A third of the radius."""

from .base import Variant


class Third(Variant):
    """rho/3."""

    name = "a third of rho"
    sentence = "rho/3 in the place of rho."
    fails = ("trajectory", "points", "contraction")

    def radius(self):
        return super().radius() / 3
'''

IS_NAMED = (
    "python from samtheory.conformance import self_test, variants;"
    ' print([self_test.tried(each).good for each in variants.variants() if each.name == "a third of rho"])'
)
SELF_TEST = (
    "python from samtheory.verification import self_test, variants;"
    " found = self_test.self_test([each for each in variants.variants() if each.name == 'twice the step size']);"
    " print(found[0].variant.name, found[0].good)"
)
DRAWN = (
    "python from pathlib import Path; from samtheory import cli;"
    ' cli.main("figures fig9 --quick --out drawn".split()); print(list(Path("drawn").glob("*.svg")))'
)
ON_RIDGE = "samtheory verify ridge --sampling full --lam 0 --workers 1 --steps 20"
SAMPLING = (ROOT / "tests" / "support" / "new_samplings.py").read_text(encoding="utf-8")
GROWTH = (ROOT / "tests" / "support" / "gradient_growth.py").read_text(encoding="utf-8")
PROOF = (LIBRARY / "proofs" / "karimi_2016_gd.py").read_text(encoding="utf-8")

ADDITIONS = {
    "a problem": Addition(
        {"problems/my_parabola.py": PROBLEM},
        (
            ("samtheory list problems", "my-parabola"),
            (ON_RIDGE.replace("ridge", "my-parabola") + " --theorem unified-sam/3.4", "1 cell: holds"),
        ),
    ),
    "a theorem with its proof": Addition(
        {
            "samtheory/theorems/mine_gd.py": THEOREM,
            "samtheory/proofs/mine_gd.py": PROOF.replace("theorems.karimi_2016_gd", "theorems.mine_gd"),
        },
        (
            ("samtheory list theorems", "mine/gd"),
            (ON_RIDGE + " --theorem mine/gd", "1 cell: holds"),
            ("samtheory prove mine/gd", "proved:"),
            ("samtheory falsify mine/gd --budget 1", "no counterexample"),
        ),
        "`docs/theorems.md`",
    ),
    "a method": Addition(
        {"samtheory/methods/written_out.py": METHOD},
        (
            ("samtheory list methods", "written-out"),
            (ON_RIDGE + " --theorem unified-sam/3.4 --method written-out", "1 cell: holds"),
        ),
    ),
    "a sampling": Addition(
        {"samtheory/sampling/halves.py": SAMPLING},
        (
            ("samtheory list samplings", "the first or the second half of the f_i"),
            (ON_RIDGE.replace("full", "halves") + " --theorem unified-sam/3.2", "1 cell: holds"),
            ("samtheory check tight-pair --sampling halves", "certified"),
            ("samtheory rates ridge --theorem unified-sam/3.2 --sampling blocks:2", "lambda_max"),
            ("samtheory falsify unified-sam/3.2/as-printed --sampling rare", "--sampling rare"),
            (
                "samtheory falsify unified-sam/3.4 --sampling halves",
                "sampling=halves: the theorem assumes the full batch",
            ),
        ),
    ),
    "an assumption": Addition(
        {"samtheory/assumptions/bounded_minimisers.py": ASSUMPTION},
        (
            ("samtheory explain assuming.py", "the minimisers of f are a bounded set"),
            ("samtheory falsify assuming.py", "no claim by which an instance could satisfy: bounded-minimisers"),
        ),
    ),
    "an assumption with a claim and a constant": Addition(
        {"samtheory/assumptions/gradient_growth.py": GROWTH},
        (
            ("samtheory explain growing.py", "Lg"),
            ("samtheory falsify growing.py > found.py", '"Lg": exact('),
            ("samtheory verify found.py --theorem growing.py --sampling full --lam 0 --workers 1", "violated"),
            ("samtheory check steep.py --sampling full", "||grad f(x)||^2 <= 2 Lg (f(x) - f*) fails"),
            (
                "samtheory verify steep.py --theorem growing.py --sampling full --lam 0 --workers 1 --steps 20",
                "gradient growth at",
            ),
        ),
    ),
    "a figure": Addition(
        {"samtheory/figures/fig9.py": FIGURE},
        ((DRAWN, "fig9.svg"),),
        "`figures/`",
    ),
    "a faulty variant of `verify --self-test`": Addition(
        {"samtheory/verification/variants/doubled.py": VARIANT},
        ((SELF_TEST, "twice the step size True"),),
    ),
    "a conformance check": Addition(
        {"samtheory/conformance/checks/end.py": CHECK},
        (("samtheory conform mine.py --only end -v", "pass  end"),),
        "`docs/conformance.md`",
    ),
    "a wrong variant": Addition(
        {"samtheory/conformance/variants/third.py": WRONG},
        ((IS_NAMED, "[True]"),),
        "`docs/conformance.md`",
    ),
}


#: Commands in one process: the output of each, stderr first, as a JSON list; a command writes its output to FILE where
#: it ends with "> FILE", and is Python where it begins with "python".
DRIVER = """
import contextlib, io, json, shlex, sys, traceback
from pathlib import Path
from samtheory import cli

found = []
for command in json.loads(sys.argv[1]):
    words, _, target = command.partition(" > ")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            exec(words.removeprefix("python "), {}) if words.startswith("python ") else cli.main(shlex.split(words)[1:])
        except BaseException:
            traceback.print_exc()
    if target:
        Path(target).write_text(out.getvalue(), encoding="utf-8")
    found.append(err.getvalue() + out.getvalue())
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of what a checkout imports.

    Attributes
    ----------
    before : what the first command of each addition prints while there is none
    """

    folder: Path
    before: dict[str, str]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("samtheory", "problems"):
        shutil.copytree(ROOT / name, copy / name, symlinks=True)
    for name, text in {"assuming.py": ASSUMING, "growing.py": GROWING, "steep.py": STEEP}.items():
        (copy / name).write_text(text, encoding="utf-8")
    write("adapter", str(copy / "mine.py"))
    first = [addition.commands[0][0] for addition in ADDITIONS.values()]
    return Checkout(copy, dict(zip(first, run(first, copy), strict=True)))


def run(commands: Iterable[str], folder: Path) -> list[str]:
    """What commands print in one process, with the library of the copy."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(list(commands))],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "110"},
        capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def add(addition: Addition, folder: Path) -> None:
    """Write or extend the files of an addition."""
    for name, text in addition.files.items():
        path = folder / name.removeprefix("+")
        assert path.exists() == name.startswith("+"), path
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


@pytest.mark.parametrize("what", ADDITIONS)
def test_an_addition_works_with_its_files_alone(what: str, checkout: Checkout) -> None:
    """Nothing else is touched: the files of the addition are all that is written."""
    addition = ADDITIONS[what]
    command, text = addition.commands[0]
    assert text not in checkout.before[command], f"{text} is there already: {command}"
    add(addition, checkout.folder)
    commands = [command for command, _ in addition.commands]
    for (command, text), said in zip(addition.commands, run(commands, checkout.folder), strict=True):
        assert text in said, f"{command}:\n{said}"


def test_no_addition_changes_a_console_of_the_page(checkout: Checkout) -> None:
    """After all of them: README.md is as it was, where a command needs no file of an earlier one."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ (samtheory (?:rates|verify) .*)$", page, re.MULTILINE)
    commands = [line for line in commands if ".txt" not in line]
    assert len(commands) >= 2
    for command, said in zip(commands, run(commands, checkout.folder), strict=True):
        assert f"$ {command}\n{said}" in page


def test_the_table_for_contributors_counts_the_same_files() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (an? [^|]+?) \| (\d+) \| ([^|]+?) \| ([^|]*?) ?\|$", text, re.MULTILINE)
    counted = {what: (str(len(addition.files)), addition.generated) for what, addition in ADDITIONS.items()}
    assert {what: (count, generated) for what, count, _, generated in rows} == counted
