"""E V+ <= (1 + growth) V - s W + noise: names for the formulas of such a theorem, and what follows from it."""

from __future__ import annotations

from samtheory.theorems.forms.descent import SLOPES, Descent
from samtheory.theorems.symbols import gamma, mu, rho

from ..kernel.analysis import quadratic_growth
from ..kernel.facts import Fact
from ..kernel.rules import ONE, SELF, along, hypothesis, induction, instance, sequence, step
from ..language.terms import E, G, T, V, V_at, define, delta, far, gap_at, new, t
from ..proof import Proof
from ..setting import PL, R2, start_V
from .recursion import DISTANCE, unrolled, with_needed_signs
from .telescope import averaged


class Limits:
    """The limits of a theorem on rho and gamma, as hypotheses.

    Parameters
    ----------
    below : "<" where gamma = gamma_max leaves no descent
    """

    def __init__(self, theorem: Descent, below: str = "<=") -> None:
        self.theorem = theorem
        if theorem.rho_max.is_finite is not False:
            self.rho_max = define("ρ_max", theorem.rho_max)
            self.small_rho = hypothesis("ρ < ρ_max", "steps", rho, "<", self.rho_max)
        if theorem.gamma_max.is_finite is not False:
            self.gamma_max = define("γ_max", theorem.gamma_max)
            self.largest_gamma = hypothesis("γ ≤ γ_max", "steps", gamma, "<=", self.gamma_max)
            smaller = hypothesis("γ < γ_max", "steps", gamma, "<", self.gamma_max)
            self.small_gamma = smaller if below == "<" else self.largest_gamma
        self.growth, self.descent = define("α", theorem.growth), define("s", theorem.descent)
        self.noise = define("ν", theorem.noise)


class Formulas(Limits):
    """V = delta, W = G."""

    def __init__(self, theorem: Descent, below: str = "<=") -> None:
        super().__init__(theorem, below)
        self.one_step = E(new), "<=", (1 + self.growth) * delta - self.descent * G + self.noise

    def linear(
        self, one: Fact, falls: Fact, contracts: Fact, *more: Fact, stays: Fact | None = None, grows: Fact = ONE,
        signs: tuple[Fact, ...] = (),
    ) -> Proof:  # fmt: skip
        """The linear rate under PL; `contracts` is 0 <= q = 1 + growth - 2 mu s.

        `falls` is 0 < s; `stays` is 0 <= s, where more steps have it; `grows` is 0 <= -growth where growth is not 0;
        `signs` say what the noise does not say by its form.
        """
        q = define("q", 1 + self.theorem.growth - SLOPES["gap"] * self.theorem.descent)
        claim = E(new), "<=", q * delta + (0 if self.theorem.noise == 0 else self.noise)
        own = with_needed_signs(step, "one step under PL", *claim, {one: 1, PL: self.descent}, signs=(stays or falls,))
        kept = step("q ≥ 0", 0, "<=", q, {contracts: 1})
        shrinks = step("q < 1", 0, "<", 1 - q, {falls: 2 * mu} | ({grows: 1} if grows is not ONE else {}))
        far_off = 0 if self.theorem.noise == 0 else self.noise / (1 - q)
        bound, *rest = unrolled(along(own), q, far_off, kept, shrinks, falls, *signs)
        return Proof(self.theorem, (one,), (bound,), (own, *rest, *more))

    def mean(self, one: Fact, falls: Fact, theorem: Descent) -> Proof:
        """The bound on the mean of the squared gradients, of a theorem with the same formulas."""
        return Proof(theorem, (one,), (averaged(one, self.descent, self.noise, falls),))


SD, empty, added = sequence("Σδ", t, 0, lambda S: S + gap_at(t))


class Distance(Limits):
    """V = ||x - x*||^2, W = delta."""

    def __init__(self, theorem: Descent, below: str = "<=") -> None:
        super().__init__(theorem, below)
        kept = V if theorem.growth == 0 else (1 + self.growth) * V
        self.one_step = E(far), "<=", kept - self.descent * delta + self.noise

    def linear(
        self, one: Fact, falls: Fact, contracts: Fact, *more: Fact, grows: Fact = ONE, signs: tuple[Fact, ...] = ()
    ) -> Proof:
        """The linear rate under PL; `falls` is 0 < s, `contracts` 0 <= q = 1 + growth - (mu/2) s.

        `grows` is 0 <= -growth where growth is not 0; `signs` say what the noise does not say by its form.
        """
        q = define("q", 1 + self.theorem.growth - mu / 2 * self.descent)
        by = {one: 1, quadratic_growth(PL): self.descent}
        own = step("one step under PL", E(far), "<=", q * V + self.noise, by, falls)
        kept = step("q ≥ 0", 0, "<=", q, {contracts: 1})
        shrinks = step("q < 1", 0, "<", 1 - q, {falls: mu / 2} | ({grows: 1} if grows is not ONE else {}))
        bound, *rest = unrolled(along(own), q, self.noise / (1 - q), kept, shrinks, falls, *signs, of=DISTANCE)
        return Proof(self.theorem, (one,), (bound,), (own, *rest, *more))

    def mean(self, one: Fact, falls: Fact, theorem: Descent) -> Proof:
        """The bound on the mean of the gaps, of a theorem with the same formulas."""
        s = self.descent
        total = induction(
            "added up", t, V_at(t) + s * SD(t), "<=", R2 + self.noise * t,
            {SELF: 1, along(one): 1, added: s}, base={start_V: 1, empty: s},
        )  # fmt: skip
        by = {instance("at T", total, {t: T}): 1 / (s * T), ONE: V_at(T) / (s * T)}
        mean = step("the mean", SD(T) / T, "<=", (R2 / T + self.noise) / s, by, falls)
        return Proof(theorem, (one,), (mean,))
