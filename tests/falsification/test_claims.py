"""The claims of assumptions on the instances of falsify: what an instance is said to satisfy, it satisfies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from gradient_growth import assumption as GROWTH

from samtheory.assumptions import assumptions
from samtheory.falsification.instances import facts as facts_module
from samtheory.falsification.instances.arithmetic import FLOAT, RATIONAL
from samtheory.falsification.instances.base import InfeasibleInstance
from samtheory.falsification.instances.exact import contradicted, holds, least_constant
from samtheory.falsification.instances.facts import InstanceFacts
from samtheory.falsification.instances.parametrisation import COORDINATES, Decoder, SearchSpace
from samtheory.falsification.instances.piecewise import Piecewise
from samtheory.falsification.instances.quadratic_2d import Planar
from samtheory.falsification.instances.sines import Sines
from samtheory.falsification.spaces import FAMILIES, small_samplings
from samtheory.sampling.full import Full
from samtheory.sampling.uniform import Uniform

#: f' = x up to 1, then 2 - x up to 1.5, then x - 1: a slope of 0.5 between two hills, L = 1.
WAVE = Piecewise(Full(), None, (1.0,), (), (1.0, 1.5), ((-2.0,), (2.0,)))


def drawn(seed: int, count: int):
    """Facts of random instances of every family and sampling."""
    rng = np.random.default_rng(seed)
    families = [each for group in FAMILIES for each in group]
    while count:
        build, knots = families[rng.integers(len(families))]
        n, sampling = small_samplings()[rng.integers(len(small_samplings()))]
        space = SearchSpace(build, n, knots, sampling, bool(rng.integers(2)), bool(rng.integers(2)))
        instance = build(Decoder(rng.random(COORDINATES).tolist()), space)
        try:
            yield InstanceFacts.of(instance, FLOAT, set())
        except (InfeasibleInstance, ZeroDivisionError):
            continue
        count -= 1


def constants_of(facts: InstanceFacts) -> SimpleNamespace:
    return SimpleNamespace(**facts._given, **{k: v for k, v in facts.claimed_numbers.items() if k not in facts._given})


def test_no_claim_of_an_instance_is_contradicted() -> None:
    """Every claim of every assumption that an instance is said to satisfy, with its constants."""
    tried = set()
    for facts in drawn(0, 60):
        for word in facts.claimed.keys() | facts.properties:
            for claim in assumptions()[word].claims:
                if facts.certified.f_i_inf is None and claim.constants == ("f_i_inf",):
                    continue
                assert not contradicted(claim, facts.instance, facts.law, constants_of(facts)), (
                    claim.name,
                    facts.instance,
                )
                tried.add(claim.name)
    everywhere = {claim.name for each in assumptions().values() for claim in each.claims}
    assert everywhere - tried <= {"bounded variance"}


@pytest.mark.parametrize(
    "name", ["L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "A", "C", "Lcal", "sigma2", "mu"]
)
def test_a_constant_on_the_wrong_side_is_contradicted_somewhere(name: str) -> None:
    """The quantities are not merely on the safe side."""
    judged = [claim for each in assumptions().values() for claim in each.claims if name in claim.constants]
    factor = 1.5 if name == "mu" else 0.5
    for facts in drawn(1, 150):
        wrong = constants_of(facts)
        if getattr(wrong, name, None):
            setattr(wrong, name, factor * getattr(wrong, name))
            if any(contradicted(claim, facts.instance, facts.law, wrong) for claim in judged):
                return
    pytest.fail(f"{name} at {factor} of its value contradicts nothing")


def test_a_word_that_a_family_knows_is_what_its_claims_say() -> None:
    """What a family denies, a claim denies too, wherever curvature shows at the probes."""
    convex = assumptions()["convex"].claims[0]
    facts = InstanceFacts.of(WAVE, FLOAT, set())
    assert "convex" not in facts.properties
    assert contradicted(convex, WAVE, facts.law, None)
    line = replace(WAVE, knots=(), changes=())
    assert "convex" in InstanceFacts.of(line, FLOAT, set()).properties
    assert not contradicted(convex, line, facts.law, None)


@pytest.mark.parametrize(
    "instance",
    [
        WAVE,
        Planar(Uniform(), (0.0, 1.0), ((1.0, 0.25, 2.0), (0.5, 0.0, 0.5)), ((0.5, -0.25),)),
        Sines(Full(), None, 3.0, (), ()),
    ],
    ids=["piecewise", "plane", "sine"],
)
def test_a_constant_without_a_rule_is_found_and_decided_without_rounding(instance, monkeypatch) -> None:
    """Lg <= L, as ||grad f||^2 <= 2 L (f - f*)."""
    everything = {**assumptions(), GROWTH.word: GROWTH}
    monkeypatch.setattr(facts_module, "assumptions", lambda: everything)
    monkeypatch.setattr(facts_module, "symbols", lambda: {"Lg": GROWTH.symbols[0], "mu": None, "L": None, "L_i": None})
    monkeypatch.setattr(facts_module, "formula_symbols", lambda: {"Lg": GROWTH.symbols[0]})
    rough = InstanceFacts.of(instance, FLOAT, {GROWTH.word})
    assert 0.3 * rough.L < rough.own["Lg"] <= rough.L * (1 + 1e-6)
    if not isinstance(instance, Sines):
        sharp = InstanceFacts.of(instance.in_arithmetic(RATIONAL), RATIONAL, {GROWTH.word})
        assert isinstance(sharp.own["Lg"], Fraction)
        assert float(sharp.own["Lg"]) == pytest.approx(rough.own["Lg"], rel=0.4)
        given = SimpleNamespace(Lg=Fraction(rough.own["Lg"]) * Fraction(99, 100))
        assert not holds(GROWTH.claims[0], sharp.instance, sharp.law, given)


def test_a_claim_that_no_constant_satisfies_has_none() -> None:
    """Strong growth of the gradients by the gap, where the components have no common minimiser."""
    tilted = Piecewise(Uniform(), None, (1.0, 1.0), (1.0,))
    facts = InstanceFacts.of(tilted, FLOAT, set())
    claim = assumptions()["strong-growth"].claims[0]
    given = {"L": 1.0}
    assert least_constant(claim, "alpha", False, tilted, facts.law, given) is None
