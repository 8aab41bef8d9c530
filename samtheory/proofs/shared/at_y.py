"""The value of f at y for the full gradient: at least that of x, and what y - x along grad f gains."""

from samtheory.theorems.symbols import L, lam, rho

from ..kernel.analysis import cauchy_schwarz
from ..kernel.rules import ONE, cases, shares, square, step
from ..language.terms import G, a, delta, dot, grad, norm
from ..setting import PL_at, f, here, near_full, p, smooth_below, towards
from .full_batch import length, nonzero, root_G, zero

displaced = step(
    "how far y is, squared", norm(p) ** 2, "<=", rho**2 * (a * G + lam),
    {near_full: norm(p) + length, square(root_G - 1): rho**2 * a * lam, shares(): rho**2 * (a * G + lam)},
)  # fmt: skip
upwards = cases(
    "y is uphill",
    (step("where ∇f ≠ 0", rho * a * G, "<=", dot(grad, p), {towards(grad): -1, ONE: rho * lam * root_G}, nonzero),
     nonzero),
    (step("where ∇f = 0", rho * a * G, "<=", dot(grad, p),
          {cauchy_schwarz(-grad, p): 1, zero: -rho * a * root_G - norm(p)}), zero),
)  # fmt: skip
value = step(
    "f at y", delta + rho * a * G - L / 2 * rho**2 * (a * G + lam), "<=", f.value(p),
    {smooth_below(f, here, p): 1, upwards: 1, displaced: L / 2},
)  # fmt: skip
PL_y = PL_at(p)

# The same without Jensen's inequality.
straight = cases(
    "y is along ∇f",
    (step("where ∇f ≠ 0", length * root_G, "<=", dot(grad, p), {towards(grad): -1}, nonzero), nonzero),
    (step("where ∇f = 0", length * root_G, "<=", dot(grad, p),
          {cauchy_schwarz(-grad, p): 1, zero: -length - norm(p)}), zero),
)  # fmt: skip
value_straight = step(
    "f at y", delta + length * root_G - L / 2 * length**2, "<=", f.value(p),
    {smooth_below(f, here, p): 1, straight: 1, near_full: L / 2 * (norm(p) + length)},
)  # fmt: skip
