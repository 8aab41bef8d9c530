"""m-SAM with m = 1: h = (1/n) sum v_i grad f_i(x + rho grad f_i/||grad f_i||).

Each f_i that is drawn has its own perturbation. A draw of one index is SAM. ||h - g|| <= rho (1/n) sum v_i L_i.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from samtheory._typing import Array

from .base import Deviation
from .unified_sam import unit

SOURCE = "Foret et al. 2021, arXiv 2010.01412; Andriushchenko & Flammarion 2022, arXiv 2206.06232"
GRADIENTS = "2"


@dataclass(frozen=True)
class MSam:
    """The step on a finite sum."""

    objective: Any
    deviation: ClassVar[Deviation] = Deviation(alpha=0.0, beta=1.0, point=False, components=True)

    def __call__(
        self, x: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        parts = self.parts(draw, gradient, len(x))
        return np.asarray(x - gamma * sum(part(x + rho * unit(part(x))) for part in parts))

    def parts(
        self, draw: Any, gradient: Callable[[Array, Any], Array], rows: int
    ) -> Iterator[Callable[[Array], Array]]:
        """y -> (1/n) v_i grad f_i(y) for each i that is drawn; all of them under the full batch."""
        f = self.objective
        for j in range(f.n if draw is None else draw.indices.shape[-1]):
            if draw is None:
                yield partial(f.stochastic_gradient, indices=np.full((rows, 1), j), weights=np.ones((rows, 1)))
            else:
                yield partial(_of, gradient, type(draw)(*(part[..., j : j + 1] for part in draw)))


def _of(gradient: Callable[[Array, Any], Array], draw: Any, y: Array) -> Array:
    return gradient(y, draw)


def step_for(problem: Any) -> MSam:
    """The step on a problem."""
    return MSam(problem.objective)
