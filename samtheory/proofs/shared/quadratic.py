"""The larger root of c z^2 = b z + d: z^2 is at most its square where c z^2 <= b z + d, for b, d >= 0 < c."""

import sympy as sp

from ..kernel.rules import ONE, cases, hypothesis, step

z, c = sp.symbols("ζ c", positive=True)
b, d = sp.symbols("b d", nonnegative=True)
below = hypothesis("cζ² ≤ bζ + d", "case", c * z**2, "<=", b * z + d)
root = sp.sqrt(b**2 + 4 * c * d)
some, none = hypothesis("b > 0", "case", 0, "<", b), hypothesis("b = 0", "case", 0, "=", b)
larger = cases(
    "b ≤ √Δ",
    (step("where b > 0", b, "<=", root, {ONE: 4 * c * d / (root + b)}, some), some),
    (step("where b = 0", b, "<=", root, {none: -1, ONE: root}), none),
)
Z, other = (b + root) / (2 * c), (root - b) / (2 * c)
apart = step("ζ + ζ′ > 0", 0, "<", z + other, {larger: 1 / (2 * c), ONE: z})
solved = step("ζ ≤ Z", z, "<=", Z, {below: 1 / (c * (z + other))}, apart)
bounded = step("ζ² ≤ Z²", z**2, "<=", Z**2, {solved: z + Z})
