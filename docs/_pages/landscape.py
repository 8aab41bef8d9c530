"""A picture of a function of one or two variables."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from samtheory.problem.problem import Problem

STYLE = {"font.size": 8, "svg.fonttype": "path", "svg.hashsalt": "samtheory", "axes.spines.top": False,
         "axes.spines.right": False}  # fmt: skip
#: Numbers of points of a curve, and on each side of a grid.
POINTS, SIDE = 801, 121
LEVELS = 16
#: The components that are drawn, at most.
COMPONENTS = 8


def picture(problem: Problem) -> bytes:
    """The picture as SVG, the same bytes each time."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.2, 2.8), layout="constrained")
        (_curve if problem.d == 1 else _contours)(problem, figure.add_subplot())
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _marks(problem: Problem) -> list[tuple[str, np.ndarray]]:
    known = [("o", problem.x0)]
    return known if problem.x_star is None else [*known, ("x", problem.x_star)]


def _window(problem: Problem) -> tuple[np.ndarray, float]:
    """The centre and the half width of a picture that shows the start, the minimiser and the origin."""
    shown = np.array([np.zeros(problem.d), *(x for _, x in _marks(problem))])
    return (shown.min(0) + shown.max(0)) / 2, 0.8 * max(np.ptp(shown, axis=0).max(), 1.0)


def _curve(problem: Problem, ax: Axes) -> None:
    """f in bold above its components."""
    (centre,), half = _window(problem)
    x = np.linspace(centre - half, centre + half, POINTS)
    values = problem.objective.values(x[:, None])
    if 1 < problem.n <= COMPONENTS:
        ax.plot(x, values, color="0.7", linewidth=0.8)
    ax.plot(x, values.mean(1), color="C0")
    for marker, place in _marks(problem):
        ax.plot(place, problem.objective.values(place[None]).mean(1), marker, color="C3", zorder=3)
    ax.set(xlabel="x", ylabel="f, and fᵢ in grey" if 1 < problem.n <= COMPONENTS else "f")


def _contours(problem: Problem, ax: Axes) -> None:
    """Level lines of f, closer together at low values."""
    centre, half = _window(problem)
    u, v = (np.linspace(c - half, c + half, SIDE) for c in centre)
    points = np.stack(np.meshgrid(u, v), axis=-1)
    f = problem.objective.values(points.reshape(-1, 2)).mean(1).reshape(SIDE, SIDE)
    low, high = f.min(), f.max()
    levels = low + (high - low) * np.linspace(0, 1, LEVELS + 1)[1:] ** 2
    lines = ax.contour(u, v, f, levels=levels, cmap="viridis", linewidths=0.9)
    ax.figure.colorbar(lines, ax=ax, label="f")
    for marker, place in _marks(problem):
        ax.plot(*place, marker, color="C3", zorder=3)
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
