"""The dual of a worst case as a semidefinite program in floats, solved by Clarabel (extra `tightness`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import MissingExtra

from .checker import inequalities

#: Statuses whose numbers count; what the others say is left out.
KEPT = ("Solved", "AlmostSolved")
#: Relative and absolute accuracy asked of the solver.
ACCURACY = 1e-9
Interval = tuple[Fraction, Fraction | None]


@dataclass(frozen=True, eq=False)
class Program:
    """Smallest tau with tau - goal = sum of multipliers times inequalities + a sum of squares.

    Attributes
    ----------
    cell : plain data, see `checker`
    forms : the goal, then the inequalities, exactly
    names : of the inequalities
    values : (1 + p, k) coefficients of the function values
    grams : (1 + p, m, m) coefficients of the inner products
    vectors : the names of the m vectors, one of them "e"
    interval : of r, where lam > 0; its end is None for infinity
    basis : (m, m), the vectors in terms of those in which `grams` is written; None for the same
    unit : the inequality of r is divided by this
    size : tau is in units of this
    """

    cell: dict[str, Any]
    forms: tuple[dict[str, Fraction], ...]
    names: tuple[str, ...]
    values: Array
    grams: Array
    vectors: tuple[str, ...]
    interval: Interval | None = None
    basis: Array | None = None
    unit: float = 1.0
    size: float = 1.0

    @classmethod
    def of(cls, cell: dict[str, Any]) -> Program:
        """The program of a cell; where lam > 0, of every r."""
        goal, rows = inequalities({**cell, "interval": ("0", "inf")})
        forms = (goal, *rows.values())
        keys = {key for form in forms for key in form}
        vectors = tuple(sorted({name for key in keys for name in key.split("|") if "|" in key} | {"e"}))
        known = {name: k for k, name in enumerate(sorted(key for key in keys if "|" not in key))}
        values = np.zeros((len(forms), len(known)))
        grams = np.zeros((len(forms), len(vectors), len(vectors)))
        for form, line, gram in zip(forms, values, grams, strict=True):
            for key, factor in form.items():
                if key in known:
                    line[known[key]] = factor
                else:
                    i, j = map(vectors.index, key.split("|"))
                    gram[i, j] = gram[j, i] = float(factor) / (1 if i == j else 2)
        return cls(cell, forms, tuple(rows), values, grams, vectors, (Fraction(0), None) if "r" in rows else None)

    def within(self, low: Fraction, high: Fraction | None) -> Program:
        """The same where low <= r <= high, scaled to the size s of r and the length of the interval.

        The basis has s e in the place of e, and d with g0 = middle e + half d, ||d|| <= 1, in that of g0.
        """
        row, e, g = 1 + self.names.index("r"), self.vectors.index("e"), self.vectors.index("g0 x")
        s = max(1.0, float(low))
        middle, half = (0.0, 1.0) if high is None else (float(low + high) / 2, float(high - low) / 2)
        basis, gram = np.eye(len(self.vectors)), np.zeros_like(self.grams[0])
        basis[e, e], basis[g, e], basis[g, g] = 1 / s, middle / s, half
        grams = basis.T @ self.grams @ basis
        if high is None:  # s (r - low) >= 0
            gram[e, e], gram[e, g], gram[g, e] = -float(low) / s, 0.5, 0.5
        else:  # (r - low)(high - r)/half^2 >= 0
            gram[e, e], gram[g, g] = 1 / s**2, -1
        grams[row] = gram
        unit = 1 / s if high is None else half**2
        return replace(self, grams=grams, interval=(low, high), basis=basis, unit=unit, size=s**2)


@dataclass(frozen=True, eq=False)
class Solution:
    """What the solver says.

    Attributes
    ----------
    value : tau; inf where there is none; None where the solver has no answer
    multipliers : by the name of the inequality
    gram : (m, m) inner products of the vectors in the worst case
    """

    value: float | None
    multipliers: Mapping[str, float]
    gram: Array | None = None


def solve(program: Program, most: Mapping[str, float] | None = None) -> Solution:
    """The smallest tau.

    Parameters
    ----------
    most : upper bounds on multipliers, by name, so that a program without a feasible point has a solution

    Raises
    ------
    MissingExtra
        If Clarabel is not installed.
    """
    p, last = len(program.names), len(program.names)  # the variables are the multipliers and tau
    objective = np.zeros(p + 1)
    objective[last] = 1.0
    more = np.zeros((len(most or {}), p + 1))
    for line, name in zip(more, most or {}, strict=True):
        line[program.names.index(name)] = 1.0
    signs = np.vstack([-np.eye(p, p + 1), more])
    limits = np.concatenate([np.zeros(p), [*(most or {}).values()]])
    constant = np.zeros_like(program.grams[0])
    constant[program.vectors.index("e"), program.vectors.index("e")] = 1.0
    found = _run(program, objective, constant, signs, limits)
    return found if found.value is None else replace(found, value=found.value * program.size)


def centred(program: Program, tau: float, scale: float) -> Solution:
    """Multipliers at a tau that is above the smallest: all at least s, the squares at least s, with the largest s.

    Parameters
    ----------
    scale : an upper bound on s
    """
    p = len(program.names)
    objective = np.zeros(p + 1)
    objective[p] = -1.0
    signs = np.vstack([np.hstack([-np.eye(p), np.ones((p, 1))]), np.eye(1, p + 1, p)])
    limits = np.concatenate([np.zeros(p), [scale]])
    fixed = np.zeros_like(program.grams)
    fixed[0, program.vectors.index("e"), program.vectors.index("e")] = -tau / program.size
    moved = replace(program, grams=program.grams + fixed)
    return _run(moved, objective, -np.eye(len(program.vectors)), signs, limits)


def _run(program: Program, objective: Array, last: Array, signs: Array, limits: Array) -> Solution:
    """Minimise objective . v where signs v <= limits, the values cancel, and the squares remain.

    `last` is the matrix that belongs to the last of the variables v, the others are the multipliers.
    """
    try:
        import clarabel
        from scipy import sparse
    except ImportError:
        raise MissingExtra("tightness", "tightness") from None
    upper = np.triu_indices(len(program.vectors))
    order = np.lexsort(upper)  # columns of the upper triangle, one after the other
    weight = np.where(upper[0] == upper[1], 1.0, np.sqrt(2.0))[order]

    def triangle(gram: Array) -> Array:
        return np.asarray(gram[upper][order] * weight)

    squares = np.column_stack([*map(triangle, program.grams[1:]), -triangle(last)])
    cancel = np.hstack([program.values[1:].T, np.zeros((program.values.shape[1], 1))])
    left = sparse.csc_matrix(np.vstack([cancel, signs, squares]))
    right = np.concatenate([-program.values[0], limits, -triangle(program.grams[0])])
    cones = [
        clarabel.ZeroConeT(len(cancel)),
        clarabel.NonnegativeConeT(len(signs)),
        clarabel.PSDTriangleConeT(len(program.vectors)),
    ]
    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_threads = False, 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = ACCURACY
    nothing = sparse.csc_matrix((len(objective), len(objective)))
    found = clarabel.DefaultSolver(nothing, objective, left, right, cones, settings).solve()
    if str(found.status) not in KEPT:
        return Solution(np.inf if str(found.status).endswith("PrimalInfeasible") else None, {})
    gram = np.zeros_like(program.grams[0])
    gram[upper[0][order], upper[1][order]] = np.array(found.z[-len(weight) :]) / weight
    gram = gram + np.triu(gram, 1).T
    if program.basis is not None:
        gram = program.basis @ gram @ program.basis.T
    multipliers = dict(zip(program.names, found.x, strict=False))
    if "r" in multipliers and program.unit:
        multipliers["r"] /= program.unit
    return Solution(float(found.obj_val), multipliers, gram)
