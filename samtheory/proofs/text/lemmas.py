"""The rules of the kernel in words."""

#: The lemma behind each rule; steps, inductions, squares, signs and hypotheses have none.
RULES = {
    "mean": "expectation",
    "along": "expectation",
    "cauchy_schwarz": "Cauchy-Schwarz",
    "cauchy_schwarz_mean": "Cauchy-Schwarz",
    "jensen": "Jensen",
    "root": "root",
    "cases": "cases",
    "somewhere": "somewhere",
    "one_of": "maximum",
    "all_of": "maximum",
    "tangent": "exponential",
    "compound": "exponential",
    "exponential": "exponential",
    "power": "power",
    "zeta": "zeta",
    "slope": "slope",
    "quadratic_growth": "quadratic growth",
    "instance": "instance",
    "recursion": "definition",
    "shares": "definition",
}
LEMMAS = {
    "expectation": "E is linear, and E X ≤ E Y where X ≤ Y for every draw; E E[X | x] = E X.",
    "Cauchy-Schwarz": "⟨v, w⟩ ≤ ‖v‖ ‖w‖, and E[X Y] ≤ √(E X²) √(E Y²).",
    "Jensen": "(E X)² ≤ E X².",
    "root": "x ≤ y where x² ≤ y² and y ≥ 0.",
    "cases": "What is true in every case is true.",
    "somewhere": "An inequality of constants that follows from δ > 0 is true if f is not constant.",
    "maximum": "A maximum is at least, and a minimum at most, each of its numbers, and is one of them.",
    "exponential": "1 + u ≤ e^u, q^n ≤ e^((q - 1) n) for q ≥ 0, and e^u ≤ e^v where u ≤ v.",
    "power": "r^u ≤ r^v where 0 < r ≤ 1 and v ≤ u.",
    "zeta": "The sum of 1/t² over t ≥ 1 is π²/6.",
    "slope": "p ≤ q where pδ ≤ qδ + r at every x: under PL x′ = ∇f(x) gives δ′ ≥ 2μδ, so that δ grows to infinity.",
    "quadratic growth": "f - f* ≥ (μ/2) dist(x, X*)² under PL (Karimi, Nutini, Schmidt 2016).",
    "instance": "What is proved for all values of the constants is true of any that satisfy the hypotheses.",
    "definition": "A sequence that is defined by its first number and each next one; a = 1 - λ.",
}


def lemma(rule: str) -> str | None:
    """The lemma that a rule applies, if any."""
    return RULES.get(rule)
