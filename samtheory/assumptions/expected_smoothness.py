"""Expected smoothness around a minimiser (ES), of Gower et al. (2019), centred as in Gower, Sebbouh, Loizou (2021)."""

from __future__ import annotations

from .base import Assumption, Symbol

assumption = Assumption(
    word="ES",
    meaning=(
        "E||g - g*||^2 <= 2 Lcal (f - f*), E||g - g* - grad f||^2 <= 2R (f - f*), E||g*||^2 <= sigma2, g* = g(x*)"
    ),
    place=100,
    symbols=(
        Symbol(name="Lcal", letter="ℒ", latex=r"\mathcal{L}", meaning="expected smoothness around x*", sampled=True),
        Symbol(name="R", letter="R", meaning="centred expected smoothness around x*", sampled=True),
        Symbol(name="sigma2", letter="σ*²", latex=r"\sigma_{*}^{2}", meaning="gradient noise at x*", sampled=True),
    ),
)
