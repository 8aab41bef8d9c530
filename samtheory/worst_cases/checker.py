"""The inequalities of a class of functions along steps of Unified SAM, and certificates made of them, in fractions.

Units: L = 1; where lam > 0, lengths are divided by rho, gradients by L rho and values by L rho^2. x* = 0, f* = 0.
A *form* is linear in values and inner products: {"name": coefficient, "u|v": coefficient of <u, v>}; "e|e" is 1.
A certificate shows goal <= tau by tau - goal = (sum of multipliers >= 0 times inequalities) + (sum of squares).
Where lam > 0, there is one step, its first gradient is r e with ||e|| = 1, and each part is for an interval of r.
"""

import json
from fractions import Fraction

SCHEMA = "samtheory.certificate/1"
HALF, ONE, NORM = Fraction(1, 2), {"e|e": Fraction(1)}, {"e|g0 x": Fraction(1)}
#: The least curvature (the largest is 1), None for mu; whether PL is assumed.
CLASSES: dict = {"smooth": (-1, False), "pl": (-1, True), "convex": (0, False), "convex-pl": (0, True)}
CLASSES["strongly-convex"] = (None, False)


def total(*terms: tuple) -> dict:
    """The sum of (factor, form or vector)."""
    found: dict = {}
    for factor, form in terms:
        for key, value in form.items():
            found[key] = found.get(key, 0) + factor * value
    return {key: value for key, value in found.items() if value}


def inner(u: dict, v: dict) -> dict:
    """<u, v> of vectors {name: coefficient}."""
    return total(*((a * b, {"|".join(sorted((p, q))): 1}) for p, a in u.items() for q, b in v.items()))


def interpolated(i: tuple, j: tuple, m: Fraction) -> dict:
    """>= 0 for points (x, gradient, value) of one f with curvature in [m, 1] (Taylor et al. 2017, Theorem 4)."""
    (x, g, f), (y, h, k) = i, j
    step, turn = total((1, x), (-1, y)), total((1, g), (-1, h))
    rest = total((1, turn), (-m, step))
    squares = total((m / 2, inner(step, step)), (1 / (2 - 2 * m), inner(rest, rest)))
    return total((1, f), (-1, k), (-1, inner(h, step)), (-1, squares))


def floor(point: tuple) -> dict:
    """f - f* - ||grad f||^2/2 >= 0."""
    return total((1, point[2]), (-HALF, inner(point[1], point[1])))


def walk(cell: dict) -> tuple:
    """(points of each f_i by name, points of f by name, names of x_0, x_1, ... on every path)."""
    n, a = cell["n"], 1 - Fraction(cell["lam"])
    gamma, rho, lam = (Fraction(cell[name]) for name in ("gamma", "rho", "lam"))
    parts, means, times = [dict[str, tuple]() for _ in range(n)], dict[str, tuple](), [["x"]]

    def visit(name: str, x: dict, drawn: range) -> None:
        for i in drawn:
            parts[i][name] = (x, {f"g{i} {name}": Fraction(1)}, {f"f{i} {name}": Fraction(1)})
        if len(drawn) == n:
            means[name] = (x, *(total(*((Fraction(1, n), part[name][k]) for part in parts)) for k in (1, 2)))

    visit("x", {"x": Fraction(1)} if from_origin(cell) else {}, range(n))
    for _ in range(cell["steps"]):
        times.append([f"{name}{i}" for name in times[-1] for i in range(n)])
        for name in times[-1]:
            (x, g, _), i = parts[int(name[-1])][name[:-1]], int(name[-1])
            ascent = total((a * rho, g), (lam, {"e": 1}))
            if ascent:
                visit(f"{name}y", total((1, x), (1, ascent)), range(i, i + 1))
            visit(name, total((1, x), (-gamma, parts[i][f"{name}y"][1] if ascent else g)), range(n))
    return parts, means, times


def from_origin(cell: dict) -> bool:
    """Whether the distance to x* counts."""
    return cell["class"] == "strongly-convex" or "distance2" in f"{cell['goal']} {cell['given']}"


def inequalities(cell: dict) -> tuple:
    """(goal, {name: form that is >= 0})."""
    (least, pl), mu, (parts, means, times) = CLASSES[cell["class"]], 1 / Fraction(cell["kappa"]), walk(cell)
    m, origin, rows = mu if least is None else Fraction(least), (dict[str, Fraction](),) * 3, dict[str, dict]()
    for i, points in enumerate(parts):
        for p, here in points.items():
            rows |= {f"f{i} {p}, {q}": interpolated(here, there, m) for q, there in points.items() if p != q}
            rows[f"f{i} {p}, x*"] = floor(here)
            if from_origin(cell) and m >= 0:
                rows |= {f"f{i} {p}, x*": interpolated(here, origin, m), f"f{i} x*, {p}": interpolated(origin, here, m)}
    for p, q in cell["middles"] if pl else ():  # PL at the middle of a pair, where its inequality may be tight
        (x, g, _), (y, h, _), z = means[p], means[q], f"{p}-{q}"
        middle = total((HALF, x), (HALF, y), (-HALF, g), (HALF, h)), {f"g {z}": Fraction(1)}, {f"f {z}": Fraction(1)}
        rows |= {f"above {z}": interpolated(means[p], middle, m), f"below {z}": interpolated(middle, means[q], m)}
        rows[f"floor {z}"], means[z] = floor(middle), middle
    if pl:
        rows |= {f"PL {p}": total((1 / (2 * mu), inner(g, g)), (-1, f)) for p, (_, g, f) in means.items()}
        x, _, f = means["x"]
        rows |= {"growth": total((1, f), (-mu / 2, inner(x, x)))} if x else {}  # x* is the nearest minimiser
    if Fraction(cell["lam"]):
        low, high = Fraction(cell["interval"][0]), cell["interval"][1]
        rows["r"] = total((1, NORM), (-low, ONE))
        if high != "inf":  # (r - low)(high - r) >= 0
            square = {"g0 x|g0 x": Fraction(1)}
            rows["r"] = total((-1, square), (low + Fraction(high), NORM), (-low * Fraction(high), ONE))

    def quantity(word: str) -> dict:
        if word in ("1", "r", "worst"):
            return {"1": ONE, "r": NORM, "worst": {"worst": Fraction(1)}}[word]
        kind, names = word.split()[0], times[int(word.split()[1])]
        of = {"gap": lambda p: p[2], "grad2": lambda p: inner(p[1], p[1]), "distance2": lambda p: inner(p[0], p[0])}
        return total(*((Fraction(1, len(names)), of[kind](means[name])) for name in names))

    def combined(words: dict) -> dict:
        return total(*((Fraction(factor), quantity(word)) for word, factor in words.items()))

    return combined(cell["goal"]), rows | {name: combined(words) for name, words in cell["given"].items()}


def semidefinite(form: dict) -> bool:
    """Whether a form of inner products alone is a sum of squares: L D L^T with D >= 0."""
    names = sorted({name for key in form for name in key.split("|")})
    S = [[form.get("|".join(sorted((p, q))), Fraction(0)) * (1 if p == q else HALF) for q in names] for p in names]
    while S:
        (d, *row), *rest = S
        if d < 0 or (d == 0 and any(row)):
            return False
        S = [[s - (c * t / d if c and t else 0) for s, t in zip(line, row, strict=True)] for c, *line in rest]
    return True


def fault(text: str) -> str | None:
    """Why a certificate, a JSON text, does not show goal <= tau; None where it does."""
    if (certificate := json.loads(text)).get("schema") != SCHEMA:
        return f"schema: must be {SCHEMA}"
    cell, reached = certificate["cell"], "0"
    if cell["n"] not in range(1, 10) or (Fraction(cell["lam"]) and (cell["n"], cell["steps"]) != (1, 1)):
        return "n: must be 1 to 9; with lam > 0, one step of one component"
    for number, part in enumerate(certificate["parts"], 1):
        if Fraction(cell["lam"]) and (reached == "inf" or part["interval"][0] != reached):
            return f"part {number}: must begin at r = {reached}"
        reached = part.get("interval", ("0", "inf"))[1]
        goal, rows = inequalities({**cell, "interval": part.get("interval")})
        factors = {name: Fraction(text) for name, text in part["multipliers"].items()}
        if unknown := sorted(factors.keys() - rows.keys()):
            return f"part {number}: no inequality is called {unknown[0]}"
        if negative := [name for name, value in factors.items() if value < 0]:
            return f"part {number}: {negative[0]} has a negative multiplier"
        used = [(-value, rows[name]) for name, value in factors.items()]
        rest = total((Fraction(certificate["tau"]), ONE), (-1, goal), *used)
        if left := [key for key in rest if "|" not in key]:
            return f"part {number}: the value {left[0]} does not cancel"
        if not semidefinite(rest):
            return f"part {number}: what remains is no sum of squares"
    return None if reached == "inf" else f"parts: must reach r = inf, not {reached}"
