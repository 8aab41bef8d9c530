"""What methods share: a class of perturbations, a memory from step to step, and a second draw.

A method is a step (x, draw, gradient, gamma, rho, lam) -> x+ on rows x of shape (rows, d). Four attributes of the step
say more:

* `deviation`: the class of the perturbation, from which theorems know that they cover the method;
* `bias`: (constants, rho) -> a `Bias`, what is known of h in the mean, for methods outside of every class;
* `memory`: x -> arrays of shape (rows, k), the memory before the first step; the step then takes the memory as its last
  argument and returns (x+, memory);
* `second`: "draw" for a second independent draw of the sampling, "signs" for d independent random signs, "number" for a
  uniform random number in [0, 1); `halves` takes the two apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samtheory._typing import Array
from samtheory.errors import InputError

#: Relative size below which a difference of two vectors is their rounding error.
CANCELLED = 1e-14


@dataclass(frozen=True)
class Deviation:
    """A class of methods: ||e|| <= rho (alpha ||g|| + beta) for every draw, with g = g_v(x), x+ = x - gamma g_v(x + e).

    Attributes
    ----------
    alpha, beta : at least 0
    point : whether the step is x - gamma g_v(x + e) at one point x + e; if not, h = (x - x+)/gamma has only
        ||h - g|| <= rho L_v (alpha ||g|| + beta)
    own : whether g is the gradient of the draw of the step; if not, that of an independent draw
    along : whether e is that of Unified SAM at this lam
    components : whether L_v = (1/n) sum v_i L_i is needed, where a smaller Lipschitz constant of g_v may be known

    Notes
    -----
    With lam = beta/(alpha + beta) and rho (alpha + beta) for rho, the class is that of Unified SAM, a = 1 - lam:
    rho (alpha ||g|| + beta) = rho (alpha + beta) (a ||g|| + lam). A theorem whose proof knows the length of e only
    therefore covers the class at this lam and this radius.

    Examples
    --------
    >>> Deviation(alpha=1.0, beta=3.0).lam, Deviation(alpha=1.0, beta=3.0).scale
    (0.75, 4.0)
    """

    alpha: float
    beta: float
    point: bool = True
    own: bool = True
    along: bool = False
    components: bool = False

    @property
    def scale(self) -> float:
        """The radius of the class over rho: alpha + beta."""
        return self.alpha + self.beta

    @property
    def lam(self) -> float | None:
        """The lam of the class; None where e = 0, for any lam."""
        return self.beta / self.scale if self.scale else None

    def describe(self) -> str:
        """The class in words."""
        words = [(f"{self.alpha:g}", "ρ‖g‖" if self.own else "ρ‖g_w‖"), (f"{self.beta:g}", "ρ")]
        parts = [word if factor == "1" else factor + word for factor, word in words if factor != "0"]
        left = "‖e‖" if self.point else "‖h − g‖/L_v"
        return f"{left} ≤ {' + '.join(parts)}" if parts else "h = g"


@dataclass(frozen=True)
class Bias:
    """What is known of the vector h of a step x - gamma h at every x, whatever its memory, under the constants given.

    <grad f, E h> >= b ||grad f||^2 - c and E||h||^2 <= 2 A_h (f - f_inf) + B_h ||grad f||^2 + C_h.

    Attributes
    ----------
    b : above 0
    c, A_h, B_h, C_h : at least 0
    """

    b: float
    c: float
    A_h: float
    B_h: float
    C_h: float

    def describe(self) -> str:
        """The two conditions in words."""
        second = f"{2 * self.A_h:.3g}(f − f_inf) + {self.B_h:.3g}‖∇f‖² + {self.C_h:.3g}"
        return f"⟨∇f, E h⟩ ≥ {self.b:.3g}‖∇f‖² − {self.c:.3g}, E‖h‖² ≤ {second}"


def states(**attributes: Any) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Decorate a step with its attributes."""

    def decorate(step: Callable[..., Array]) -> Callable[..., Array]:
        vars(step).update(attributes)
        return step

    return decorate


class Remembering:
    """A step with a memory as a step on rows (x, memory), so that the memory moves with its run.

    Parameters
    ----------
    step : (x, draw, gradient, gamma, rho, lam, memory) -> (x+, memory), with `memory`
    d : dimension of x

    Examples
    --------
    A run that counts its steps:

    >>> import numpy as np
    >>> class Counting:
    ...     def memory(self, x):
    ...         return (np.zeros((len(x), 1)),)
    ...     def __call__(self, x, draw, gradient, gamma, rho, lam, memory):
    ...         return x - gamma * gradient(x, draw), (memory[0] + 1,)
    >>> step = Remembering(Counting(), d=2)
    >>> step(step.start(np.ones((1, 2))), None, lambda x, draw: x, 0.5, 0.0, 0.0)
    array([[0.5, 0.5, 1. ]])
    """

    def __init__(self, step: Any, d: int) -> None:
        self.step, self.d = step, d
        self.deviation, self.second = getattr(step, "deviation", None), getattr(step, "second", None)
        self.bias = getattr(step, "bias", None)
        self.widths = [part.shape[1] for part in step.memory(np.zeros((1, d)))]

    def start(self, x: Array) -> Array:
        """Rows (x, memory) before the first step."""
        return np.hstack([x, *self.step.memory(x)])

    def __call__(
        self, rows: Array, draw: Any, gradient: Callable[[Array, Any], Array], gamma: float, rho: float, lam: float
    ) -> Array:
        x, *memory = np.split(rows, np.cumsum([self.d, *self.widths])[:-1], axis=1)
        new, memory = self.step(x, draw, gradient, gamma, rho, lam, tuple(memory))
        return np.hstack([new, *memory])


#: A vector, and the number of steps or whether there was one.
Memory = tuple[Array, Array]


class OneVector:
    """A step whose memory is one vector and the number of steps, or whether there was one; both 0 before the first."""

    def memory(self, x: Array) -> Memory:
        """The memory before the first step."""
        return np.zeros_like(x), np.zeros((len(x), 1))


def running_mean(mean: Array, later: Array, g: Array, weight: float) -> Array:
    """The mean with g at this weight; g itself at the first step."""
    return np.where(later > 0, (1 - weight) * mean + weight * g, g)


def started(method: Any, x: Array) -> Array:
    """x before the first step of a method, with its memory where it has one."""
    return method.start(x) if isinstance(method, Remembering) else x


def halves(draw: Any) -> tuple[Any, Any]:
    """The two independent draws of a method with a `second`; both None for the full gradient."""
    if draw is None:
        return None, None
    width = draw.indices.shape[-1] // 2
    return type(draw)(*(part[..., :width] for part in draw)), type(draw)(*(part[..., width:] for part in draw))


def difference(u: Array, v: Array) -> Array:
    """u - v for each row, 0 where no digit of it is left; a direction of rounding errors would have full length."""
    found = u - v
    size = np.maximum(np.linalg.norm(u, axis=-1, keepdims=True), np.linalg.norm(v, axis=-1, keepdims=True))
    return np.where(np.linalg.norm(found, axis=-1, keepdims=True) > CANCELLED * size, found, 0.0)


def of_shape(name: str, values: Array | None, d: int, default: Callable[[int], Array]) -> Array:
    """An array of shape (d,); the default where none is given.

    Raises
    ------
    InputError
        If it has another shape.
    """
    if values is None:
        return default(d)
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (d,):
        raise InputError(f"{name}: shape {found.shape}: must be ({d},), a number for each coordinate")
    return found


def half_of(d: int) -> Array:
    """The mask of the first half of the coordinates, 1 and 0."""
    return (np.arange(d) < (d + 1) // 2).astype(np.float64)
