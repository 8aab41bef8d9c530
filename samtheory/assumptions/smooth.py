"""Smoothness: Lipschitz gradients of f, of every f_i, and of the sampled function f_v = (1/n) sum v_i f_i."""

from __future__ import annotations

from .base import Assumption, Symbol


def _sampled(name: str, letter: str, meaning: str, default: str) -> Symbol:
    return Symbol(name=name, letter=letter, meaning=meaning, sign="positive", sampled=True, default=default)


assumption = Assumption(
    word="smooth",
    meaning="every f_i has an L_i-Lipschitz gradient",
    place=0,
    basic=True,
    symbols=(
        Symbol(name="L_i", letter="L_i", meaning="smoothness of fᵢ", in_formulas=False),
        Symbol(name="L", letter="L", meaning="smoothness of f", sign="positive", default="L_max"),
        Symbol(
            name="L_max", letter="L_max", meaning="the largest Lᵢ, the smoothness of fᵢ", sign="positive", default="L"
        ),
        Symbol(name="L_avg", letter="L_avg", meaning="the mean of the Lᵢ", sign="positive", default="L_max"),
        _sampled("Lambda", "Λ", "smoothness of the sampled function f_v = (1/n) Σ vᵢ fᵢ: ess sup L_v", "L_max"),
        _sampled("Lambda1", "Λ₁", "E L_v", "Lambda"),
        _sampled("Lambda2", "Λ₂", "√(E L_v²)", "Lambda"),
    ),
)
