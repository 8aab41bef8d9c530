"""The claims about a point: PL, expected residual, lower bounds, interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

from samtheory._typing import Array

from .inequality import Inequality, Sides
from .rounding import SecondMoment, Setting, curvature, in_blocks, length


class _AtPoint(Inequality):
    """An inequality at one point."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.problem = setting, setting.problem

    def place(self, z: Array) -> dict[str, Any]:
        return {"x": z.tolist()}


class PL(_AtPoint):
    """2 mu (f - f*) <= ||grad f||^2."""

    text = "2 mu (f(x) - f*) <= ||grad f(x)||^2"

    def __init__(self, setting: Setting, mu: float) -> None:
        super().__init__(setting)
        self.mu = mu

    def sides(self, Z: Array) -> Sides:
        gap, gap_slip = self.setting.gap(Z)
        square, square_slip = self.setting.square(Z)
        return Sides(2 * self.mu * gap, square, 2 * self.mu * gap_slip + square_slip)

    def slope(self, z: Array) -> Array:
        g = self.problem.objective.gradient(z[None])[0]
        gap = self.problem.suboptimality(z[None])[0]
        return np.asarray(g / gap - 2 * self.setting.hessian(z, g) / (g @ g))


class Residual(_AtPoint):
    """E||g||^2 <= 2A(f - f_inf) + B||grad f||^2 + C, or with A = 0, B = 1 the bounded variance."""

    def __init__(self, setting: Setting, second: SecondMoment, A: float, B: float, C: float) -> None:
        super().__init__(setting)
        self.second, self.A, self.B, self.C = second, A, B, C
        self.text = "E||g(x)||^2 <= 2 A (f(x) - f_inf) + B ||grad f(x)||^2 + C"

    def terms(self, Z: Array) -> tuple[Array, Array, Array, Array]:
        """E||g||^2, f - f_inf, ||grad f||^2 and the rounding error of the inequality, each (R,)."""

        def moments(X: Array) -> Array:
            a = self.setting.components(X)
            c, slip = self.second.weigh(a), self.setting.slip(X)
            M = np.sum(a * c, axis=(1, 2))
            error = 2 * np.sum(length(c) * slip, axis=1) + np.max(slip, axis=1) ** 2 * self.second.spread
            return np.stack([M, error], axis=-1)

        M, slip = in_blocks(moments, Z, 2 * self.problem.n * self.problem.d).T
        (gap, gap_slip), (square, square_slip) = self.setting.gap(Z), self.setting.square(Z)
        return M, gap, square, slip + 2 * self.A * gap_slip + self.B * square_slip

    def sides(self, Z: Array) -> Sides:
        M, gap, square, rounding = self.terms(Z)
        right = 2 * self.A * gap + self.B * square + self.C
        return Sides(M, right, rounding + 1e-12 * (M + np.abs(right)))

    def slope(self, z: Array) -> Array:
        f, n = self.problem.objective, self.problem.n
        a = self.setting.components(z[None])
        c, g = self.second.weigh(a)[0], a[0].mean(axis=0)
        each = np.arange(n)[:, None]
        turned = curvature(lambda X: f.gradients(X, each)[:, 0], np.repeat(z[None], n, axis=0), c, self.setting.size)
        right = 2 * self.A * self.problem.suboptimality(z[None])[0] + self.B * (g @ g) + self.C
        pull = 2 * self.A * g + (2 * self.B * self.setting.hessian(z, g) if self.B else 0.0)
        return np.asarray(2 * turned.sum(axis=0) / np.sum(a[0] * c) - pull / right)

    def needed(self, Z: Array) -> tuple[float, float, float]:
        """The least A, B and C, each with the other two as claimed, that hold at every place of Z (at least 0)."""
        M, gap, square, rounding = self.terms(Z)
        without = M - rounding
        return (
            _largest(without - self.B * square - self.C, 2 * gap),
            _largest(without - 2 * self.A * gap - self.C, square),
            _largest(without - 2 * self.A * gap - self.B * square, np.ones_like(M)),
        )


def _largest(numerator: Array, denominator: Array) -> float:
    """The largest numerator / denominator, at least 0."""
    with np.errstate(all="ignore"):
        ratio = np.where((numerator > 0) & (denominator > 0), numerator / denominator, 0.0)
    return float(np.max(ratio[np.isfinite(ratio)], initial=0.0))


class Below(_AtPoint):
    """f_inf <= f, or f_i_inf <= f_i."""

    def __init__(self, setting: Setting, lowest: float, component: int | None = None) -> None:
        super().__init__(setting)
        self.lowest, self.component = lowest, component
        self.text = "f_inf <= f(x)" if component is None else "f_i_inf <= f_i(x)"

    def sides(self, Z: Array) -> Sides:
        f, i = self.problem.objective, self.component
        if i is None:
            value, slip = f.value(Z), self.setting.value_slip(Z)
        else:
            value = in_blocks(f.values, Z, self.problem.n)[:, i]
            slip = self.setting.slip(Z)[:, i] * length(Z) + 64 * self.setting.eps * self.setting.usual_value[i]
        rounding = slip + self.setting.floor + 64 * self.setting.eps * (np.abs(value) + abs(self.lowest))
        return Sides(np.full(len(Z), self.lowest), value, rounding)

    def merit(self, Z: Array) -> Array:
        with np.errstate(all="ignore"):
            left, right, rounding = self.sides(Z)
        return np.nan_to_num(left - right - rounding, nan=-np.inf)

    def place(self, z: Array) -> dict[str, Any]:
        return super().place(z) | ({} if self.component is None else {"component": self.component})


class Interpolation(_AtPoint):
    """(1/n) sum ||grad f_i||^2/(2 L_i) <= f - f_inf: what L_i-smooth f_i with a common minimiser satisfy."""

    text = "(1/n) sum ||grad f_i(x)||^2/(2 L_i) <= f(x) - f_inf"

    def sides(self, Z: Array) -> Sides:
        L_i = self.problem.L_i.values
        scale = np.divide(0.5, L_i, out=np.zeros_like(L_i), where=L_i > 0)

        def squares(X: Array) -> Array:
            norm, slip = length(self.setting.components(X)), self.setting.slip(X)
            return np.stack([(norm**2 * scale).mean(axis=1), ((2 * norm + slip) * slip * scale).mean(axis=1)], axis=-1)

        left, slip = in_blocks(squares, Z, self.problem.n * self.problem.d).T
        gap, gap_slip = self.setting.gap(Z)
        return Sides(left, gap, slip + gap_slip)


class Attained(_AtPoint):
    """f(x*) <= f_inf."""

    text = "f(x*) - f_inf <= 0"

    def sides(self, Z: Array) -> Sides:
        gap, slip = self.setting.gap(Z)
        return Sides(gap, np.zeros(len(Z)), slip)


class Around(_AtPoint):
    """E||g - g*||^2 <= 2 Lcal (f - f*) or, centred, E||g - g* - grad f||^2 <= 2R (f - f*), with g* = g(x*)."""

    def __init__(self, setting: Setting, second: SecondMoment, bound: float, centred: bool) -> None:
        super().__init__(setting)
        self.second, self.bound, self.centred = second, bound, centred
        less, name = (" - grad f(x)", "R") if centred else ("", "Lcal")
        self.text = f"E||g(x) - g(x*){less}||^2 <= 2 {name} (f(x) - f*)"

    def sides(self, Z: Array) -> Sides:
        x_star = self.problem.x_star
        assert x_star is not None
        there, error = self.setting.components(x_star[None]), self.setting.slip(x_star[None])

        def moments(X: Array) -> Array:
            change, slip = self.setting.components(X) - there, self.setting.slip(X) + error
            c = self.second.weigh(change)
            left = np.sum(change * c, axis=(1, 2))
            if self.centred:  # the mean of g - g* is grad f
                left = left - np.sum(change.mean(axis=1) ** 2, axis=-1)
            lost = 2 * np.sum(length(c) * slip, axis=1) + np.max(slip, axis=1) ** 2 * self.second.spread
            mean = length(change.mean(axis=1))
            return np.stack([left, lost + (2 * mean + slip.mean(axis=1)) * slip.mean(axis=1)], axis=-1)

        left, lost = in_blocks(moments, Z, 3 * self.problem.n * self.problem.d).T
        gap, gap_slip = self.setting.gap(Z)
        right = 2 * self.bound * gap
        return Sides(left, right, lost + 2 * self.bound * gap_slip + 1e-12 * (np.abs(left) + np.abs(right)))


class Noise(_AtPoint):
    """E||g(x*)||^2 <= sigma2."""

    text = "E||g(x*)||^2 <= sigma2"

    def __init__(self, setting: Setting, second: SecondMoment, sigma2: float) -> None:
        super().__init__(setting)
        self.second, self.sigma2 = second, sigma2

    def sides(self, Z: Array) -> Sides:
        a, slip = self.setting.components(Z), self.setting.slip(Z)
        c = self.second.weigh(a)
        left = np.sum(a * c, axis=(1, 2))
        lost = 2 * np.sum(length(c) * slip, axis=1) + np.max(slip, axis=1) ** 2 * self.second.spread
        return Sides(left, np.full(len(Z), self.sigma2), lost + 1e-12 * left)
