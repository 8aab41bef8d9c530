"""From Lipschitz gradients: the descent lemma, and how far the perturbed gradient is from the gradient."""

from __future__ import annotations

import sympy as sp

from samtheory.theorems.symbols import L, Lambda, lam, rho

from ..kernel.facts import ONE, Fact, Lemma, a, assume, step
from ..kernel.lemmas import cases, cauchy_schwarz, instance, integral
from ..kernel.setting import bounded
from ..kernel.symbols import L_v, e, g, grad
from ..kernel.vectors import Vector, dot, norm, number, vector

# The descent lemma.  z leads from x to any other point, and r is the distance that is gone.
z, turned, s = vector("z"), vector("∇f(x+sz)-∇f(x)"), number("s", nonnegative=True)
risen = number("f(x+z)-f(x)")

smooth = assume("smooth", "∇f is L-Lipschitz", norm(turned), "<=", L * s * norm(z), norm(turned), s, norm(z))
slope = step(
    "the slope along z", dot(turned, z), "<=", L * s * norm(z) ** 2,
    {cauchy_schwarz(turned, z): 1, smooth: norm(z)},
)  # fmt: skip
descent = integral("descent lemma", risen - dot(grad, z), slope, s)


def descends(rise: sp.Expr, move: Vector, gradient: Vector = grad, lemma: Fact = descent) -> Lemma:
    """The descent lemma for a move that changes f by `rise`, from a point with that gradient."""
    there = {risen: rise, dot(grad, z): dot(gradient, move), norm(z) ** 2: move.norm2}
    return instance("descent lemma", lemma, there)


#: The same for every sampled function, with Lambda.
smooth_v = assume("smooth", "∇f_v is Λ-Lipschitz", norm(turned), "<=", Lambda * s * norm(z), norm(turned), s, norm(z))
descent_v = instance("descent lemma for the draw", descent, {L: Lambda}, {smooth: smooth_v})


# The perturbation: y = x + q, e = g_v(y) - g_v(x), and how long they are.
q = vector("y-x", random=True)
length = rho * (a * norm(g) + lam)

turns = assume("method", "y = x + ρ(a + λ/‖g‖) g where g ≠ 0", norm(q), "=", rho * (a + lam / norm(g)) * norm(g))
nonzero, zero = assume("case", "g ≠ 0", 0, "<", norm(g)), assume("case", "g = 0", 0, "=", norm(g))
stays = assume("method", "y = x where g = 0", norm(q), "=", 0)
distance = cases(
    "how far y is from x",
    (step("where g ≠ 0", norm(q), "<=", length, {turns: 1}, nonzero), nonzero, turns),
    (step("where g = 0", norm(q), "<=", length, {stays: 1, ONE: length}), zero, stays),
)

lipschitz = assume("smooth", "g_v is L_v-Lipschitz", norm(e), "<=", L_v * norm(q))
pushed = step("perturbation, for the draw", norm(e), "<=", L_v * length, {lipschitz: 1, distance: L_v})
within = step("perturbation", norm(e), "<=", Lambda * length, {pushed: 1, bounded: length})
