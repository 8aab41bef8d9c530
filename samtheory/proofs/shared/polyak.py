"""USAM with Polyak steps: ||x+ - x*||^2 <= ||x - x*||^2 - alpha (1 - nu^2) (F(x) - F(x*)) for F convex and L-smooth."""

import sympy as sp

from samtheory.theorems.symbols import gamma, rho

from ..kernel.analysis import all_of, cauchy_schwarz, one_of, root
from ..kernel.facts import Fact
from ..kernel.rules import ONE, cases, hypothesis, square, step
from ..language.terms import V, define, dot, far, norm, w
from ..setting import Polyak, convex, here, smooth, tau
from .convexity import cocoercive


def one_step(polyak: Polyak, alpha: sp.Expr, flat: Fact, small_rho: Fact) -> tuple[Fact, Fact]:
    """The step for a draw, and 0 < 1 - nu; `flat` is ||u||^2 <= 2 L (F(x) - F(x*))."""
    F, u, y, h, d, H, N = (getattr(polyak, name) for name in ("function", "u", "y", "h", "d", "H", "N"))
    L, gap, U = F.smoothness, F.value(here), u.norm2
    nu, alpha = L * rho, define("α", alpha)
    firm = step("ν < 1", 0, "<", 1 - nu, {small_rho: L})

    # ||d|| <= nu ||u||, so that ||h|| <= (1 + nu) ||u||.
    some, none = (hypothesis(f"‖d‖ {what}", "case", 0, what[0], norm(d)) for what in ("< ", "= "))
    product = step("by Cauchy-Schwarz", d.norm2, "<=", nu * norm(d) * norm(u),
                   {cocoercive(F, here, y): 1, cauchy_schwarz(d, u): nu})  # fmt: skip
    push = cases(
        "perturbation",
        (step("where d ≠ 0", norm(d), "<=", nu * norm(u), {product: 1 / norm(d)}, some), some),
        (step("where d = 0", norm(d), "<=", nu * norm(u), {none: -1, ONE: nu * norm(u)}), none),
    )
    size = step("size of h", H, "<=", (1 + nu) ** 2 * U, {cauchy_schwarz(d, u): 2, push: (2 + nu) * norm(u) + norm(d)})

    # N, from above and from below.
    gain = step("the gain", N, "<=", dot(h, w), {convex(F, y, -w): 1})
    low = step("N ≥ (1 - ν²) gap", (1 - nu) * (1 + nu) * gap, "<=", N, {smooth(F, y, here): 1, flat: L * rho**2 / 2})
    low_u = step("N ≥ (1 - ν²)‖u‖²/(2L)", (1 - nu) * (1 + nu) * U / (2 * L), "<=", N,
                 {low: 1, flat: (1 - nu) * (1 + nu) / (2 * L)}, firm)  # fmt: skip
    positive = step("N ≥ 0", 0, "<=", N, {low_u: 1, ONE: (1 - nu) * (1 + nu) * U / (2 * L)}, firm)

    # Where h is not 0: alpha <= tau, and tau ||h||^2 <= N.
    top, c = polyak.top, (1 - nu) / (2 * L * (1 + nu))
    most = all_of("[N]₊ ≤ N", top, N, step("itself", N, "<=", N, {}), positive)
    upper = step(
        "τ‖h‖² ≤ N", tau * H, "<=", N, {polyak.sized: H, one_of(polyak.size, top / H): H, most: 1}, polyak.nonzero
    )
    ratio = step("the ratio", alpha, "<=", top / H,
                 {one_of(alpha, c): 1, size: c / H, low_u: 1 / H, one_of(top, N): 1 / H},
                 polyak.nonzero, firm)  # fmt: skip
    least = all_of("α ≤ τ", polyak.size, alpha, ratio, one_of(alpha, gamma))
    claim = far, "<=", V - alpha * (1 - nu) * (1 + nu) * gap
    moving = step("where h ≠ 0", *claim,
                  {polyak.moves: 1, gain: 2 * tau, upper: tau, least: N, polyak.sized: -N, low: alpha},
                  positive, firm, polyak.nonzero)  # fmt: skip

    # Where h = 0: u = -d, so that ||u|| <= nu ||u|| is 0.
    equal = step("‖u‖ and ‖d‖", (norm(u) - norm(d)) ** 2, "<=", 0, {polyak.zero: -1, cauchy_schwarz(-u, d): 2})
    below = root("‖u‖ ≤ ‖d‖", norm(u) - norm(d), sp.Integer(0), equal)
    nothing = step("u = 0", norm(u), "<=", 0, {below: 1 / (1 - nu), push: 1 / (1 - nu)}, firm)
    still = step("where h = 0", *claim,
                 {polyak.rests: 1, low: alpha, gain: alpha, cauchy_schwarz(u, w): alpha, cauchy_schwarz(d, w): alpha,
                  push: alpha * norm(w), nothing: alpha * (1 + nu) * norm(w)}, firm)  # fmt: skip
    return cases("one step for the draw", (moving, polyak.nonzero), (still, polyak.zero), square(h)), firm
