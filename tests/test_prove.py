"""The proofs: every step closes, the checker refuses what does not follow, and no change of a formula goes unnoticed."""

import importlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from samtheory import catalogue, cli, prove
from samtheory.constants import ASSUMPTIONS, Constants
from samtheory.proofs import lemmas, mutations, teeth
from samtheory.proofs.checker import Flaw, check, nonnegative, spelt_out
from samtheory.proofs.facts import (
    MEANING,
    ONE,
    SELF,
    Fact,
    Lemma,
    Step,
    a,
    assume,
    assumed,
    in_a,
    induction,
    square,
    step,
)
from samtheory.proofs.printing import latex, text
from samtheory.proofs.proof import Proof
from samtheory.proofs.setting import ER, PL
from samtheory.proofs.symbols import SIGNS, G, delta, gap_at, t
from samtheory.report import proofs as report
from samtheory.theorems import symbols as s
from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.descent import Descent

PAGE = Path(__file__).parents[1] / "docs" / "theorems.md"
KEYS = list(prove.proofs())
x, y, z = sp.symbols("x y z", real=True)


@pytest.fixture(scope="module")
def checked():
    return {each.proof.theorem.key: each for each in prove.verify(prove.select([]))}


# Every proof


@pytest.mark.parametrize("key", KEYS)
def test_every_step_closes(checked, key):
    assert checked[key].flaw == ""


def test_whatever_is_the_papers_or_ours_is_proved():
    wanted = [key for key in catalogue.theorems() if key.startswith(("unified-sam/", "ours/"))]
    assert len(wanted) >= 29
    assert set(wanted) <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_proof_uses_no_more_than_the_theorem_assumes(checked, key):
    theorem = checked[key].proof.theorem
    assert theorem is catalogue.theorems()[key]
    assert set(checked[key].rests_on) <= set(theorem.assumptions)
    assert "smooth" in checked[key].rests_on or key == "gower-2019/3.1"  # where expected smoothness is assumed instead


def test_assumptions_that_count_are_used(checked):
    """PL, expected residual and interpolation, wherever the theorem of the paper has them."""
    for key in ("unified-sam/3.2", "unified-sam/3.3", "unified-sam/3.5", "unified-sam/rollout", "ours/tight"):
        assert checked[key].rests_on == ["smooth", "PL", "ER"]
    assert checked["unified-sam/3.7"].rests_on == ["smooth", "ER"]
    assert checked["unified-sam/3.4"].rests_on == ["smooth", "PL", "full-batch"]


@pytest.mark.parametrize("key", KEYS)
def test_the_formulas_are_those_of_the_calculator(key):
    """Each formula of the theorem, or its inverse, is what a name of the proof stands for."""
    proof, fields = prove.proofs()[key], ("rho_max", "gamma_max", "contraction", "growth", "descent", "noise")
    if not isinstance(proof.theorem, (ConstantSteps, Descent)):
        return  # the other theorems' formulas are tied to the calculator's below
    named = {spelt_out(meaning) for meaning in proof.names.values()}
    for field in fields:
        formula = in_a(sp.sympify(getattr(proof.theorem, field, 0)))
        if not (formula.is_number or key == "dai-2023/1"):  # the latter is a special case of another
            assert formula in named or 1 / formula in named or field == "rho_max", field


@pytest.mark.parametrize("key", KEYS)
def test_numbers_are_exact(key):
    proof = prove.proofs()[key]
    parts = [part for fact in proof.facts for part in (fact.lhs, fact.rhs, *getattr(fact, "by", {}).values())]
    assert not any(sp.sympify(part).has(sp.Float) for part in [*parts, *proof.names.values()])


def test_only_listed_lemmas_and_known_words_are_used():
    for proof in prove.proofs().values():
        assert {fact.lemma for fact in proof.facts if isinstance(fact, Lemma)} <= lemmas.LEMMAS.keys()
        own = {"sampling", "method", "sign", "parameters", "case", "steps", "start", "horizon", "definition", "minimum"}
        assert {fact.word for fact in proof.hypotheses} <= ASSUMPTIONS.keys() | own


# The checker


def holds(*claims):
    check(*claims)
    return True


def test_the_checker_is_short():
    source = Path(importlib.import_module("samtheory.proofs.checker").__file__).read_text(encoding="utf-8")
    assert source.count("\n") < 200


def test_what_follows_is_accepted():
    assert holds(step("binomial", 2 * x * y, "<=", x**2 + y**2, {square(x - y): 1}))
    assert holds(step("strict", 0, "<", s.L + s.rho, {SIGNS[s.L]: 1, SIGNS[s.rho]: 1}))


@pytest.mark.parametrize(
    "claim",
    [
        step("not an identity", 2 * x * y, "<=", x**2 + 2 * y**2, {square(x - y): 1}),
        step("a negative factor", -(x**2), "<=", -2 * x * y + y**2 - 2 * x**2, {square(x - y): -1}),
        step("a factor of unknown sign", 0, "<=", x * y**2, {square(y): x}),
        step("a factor that is negative somewhere", 0, "<=", (1 - s.rho) * y**2, {square(y): 1 - s.rho}),
        step("strict from what is not", 0, "<", y**2, {square(y): 1}),
        step("strict with a factor that may be 0", 0, "<", s.rho * s.L, {SIGNS[s.L]: s.rho}),
        step("an equation from an inequality", y**2, "=", 0, {square(y): -1}),
        step("division by what may be 0", x * s.rho / s.rho**2, "<=", x / s.rho, {}),
        step("a root of what may be negative", sp.sqrt(x), "<=", sp.sqrt(x), {}),
        step("nothing proves it", 0, "<=", x, {Fact("of no kind", sp.Integer(0), "<=", x): 1}),
        step("both ways with a factor that may be 0", 0, "<=", s.rho * x, {assume("case", "", 0, "<=", x): s.rho}, iff=True),
        step("both ways from two", 0, "<=", x + s.A, {assume("case", "", 0, "<=", x): 1, SIGNS[s.A]: 1}, iff=True),
        induction("a wrong start", t, gap_at(t), "<=", 1, {SELF: 1}, base={}),
        induction("a wrong step", t, gap_at(t), "<=", t, {SELF: 1}, base={assume("start", "", gap_at(0), "=", 0): 1}),
    ],
    ids=lambda claim: claim.name,
)
def test_what_does_not_follow_is_refused(claim):
    with pytest.raises(Flaw):
        check(claim)


def test_a_lemma_is_refused_where_it_does_not_apply():
    large, small = assume("case", "", 0, "<=", x - 1), assume("case", "", 0, "<=", -x)
    fact = [step("", 0, "<=", x**2, {square(x): 1}, case) for case in (large, small)]
    with pytest.raises(Flaw):  # between 0 and 1 there is a third case
        lemmas.cases("", (fact[0], large), (fact[1], small))
    with pytest.raises(Flaw):
        lemmas.root("", x, y, step("", x**2, "<=", y**2 + 1, {}))
    with pytest.raises(Flaw):  # x <= -|x| is not x^2 <= x^2: y must not be negative
        check(lemmas.root("", x, y, assume("case", "", x**2, "<=", y**2)))
    with pytest.raises(Flaw):
        lemmas.along(assume("case", "", delta**2, "<=", delta))
    with pytest.raises(Flaw):
        lemmas.at_least(sp.Max(x, y, evaluate=False), z)
    with pytest.raises(Flaw):
        lemmas.greatest("", sp.Max(x, y, evaluate=False), z, assume("case", "", x, "<=", z))


def test_an_instance_needs_its_hypotheses():
    line = step("", 2 * s.mu * delta, "<=", G, {PL: 1})
    with pytest.raises(Flaw):  # PL with mu does not give PL with L
        lemmas.instance("", line, {s.mu: s.L})
    stronger = assume("case", "", 2 * s.L * delta, "<=", G)
    found = lemmas.instance("", line, {s.mu: s.L}, {PL: stronger})
    assert holds(found)
    assert assumed(found) == {stronger}


def test_an_instance_keeps_the_signs_of_the_symbols():
    positive = step("", 0, "<=", s.rho, {SIGNS[s.rho]: 1})
    with pytest.raises(Flaw):
        check(lemmas.instance("", positive, {s.rho: x}))


def test_a_case_stays_a_hypothesis_until_the_other_one_is_proved():
    up, down = assume("case", "", 0, "<=", x), assume("case", "", 0, "<=", -x)
    one = step("", 0, "<=", abs(x) ** 2, {square(x): 1, up: 0})
    other = step("", 0, "<=", abs(x) ** 2, {square(x): 1, down: 0})
    assert assumed(one) == {up}
    assert assumed(lemmas.cases("", (one, up), (other, down))) == set()


FORMS = st.recursive(
    st.sampled_from([s.L, s.rho, s.A, a, x, sp.Integer(2), sp.Integer(-3), sp.Rational(1, 2), sp.Integer(0)]),
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(lambda p, q: p * q, inner, inner),
        st.builds(lambda p: p**2, inner),
        st.builds(lambda p, q: sp.Max(p, q), inner, inner),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(FORMS, st.lists(st.fractions(0, 5, max_denominator=7), min_size=5, max_size=5), st.fractions(-5, 5, max_denominator=7))
def test_what_is_not_negative_by_form_is_not_negative(form, values, any_value):
    known = {sign.gap: sign.relation == "<" for sign in SIGNS.values()}
    point = {s.L: values[0] + sp.Rational(1, 9), s.rho: values[1], s.A: values[2], a: values[3], x: any_value}
    value = form.subs({symbol: sp.Rational(number) for symbol, number in point.items()})
    if nonnegative(form, known):
        assert value >= 0
    if nonnegative(form, known, strict=True):
        assert value > 0


# Teeth


def mutant(proof, where, old, new):
    """The change of a name or fact of the proof that puts new in the place of old."""
    for each in mutations.mutants(proof):
        if where in (str(each.where).lstrip("_"), each.where) and each.what == (old, new):
            return teeth.judge(proof, each)
    raise AssertionError(f"no such change of {where}")


PAPER = prove.proofs()["unified-sam/3.2"]
NINE, ELEVEN = sp.Rational(9, 10), sp.Rational(11, 10)


@pytest.mark.parametrize("name", ["ρ_max", "γ_max"])
@pytest.mark.parametrize("factor", mutations.FACTORS)
def test_the_admissible_set_is_an_equivalence(name, factor):
    """A smaller set is refused as well as a larger one."""
    formula = next(meaning for symbol, meaning in PAPER.names.items() if symbol.name == name)
    assert mutant(PAPER, name, formula, factor * formula).verdict == teeth.REJECTED


def test_a_smaller_noise_is_refused_and_a_larger_one_is_weaker():
    noise = next(meaning for symbol, meaning in PAPER.names.items() if symbol.name == "ν")
    assert mutant(PAPER, "ν", noise, NINE * noise).verdict == teeth.REJECTED
    found = mutant(PAPER, "ν", noise, ELEVEN * noise)
    assert found.verdict == teeth.WEAKER
    assert "≥ 0" in found.why


def test_a_hypothesis_that_is_dropped_is_missed():
    for hypothesis in PAPER.hypotheses:
        (dropped,) = [m for m in mutations.mutants(PAPER) if m.fact is hypothesis and m.what == "dropped"]
        assert teeth.judge(PAPER, dropped).verdict == teeth.REJECTED, hypothesis.name


def test_a_sign_that_is_not_known_is_missed():
    for symbol in (s.L, s.mu, s.Lambda, s.gamma, s.rho, s.C, a):
        lost = mutations.Mutant("sign", "dropped", SIGNS[symbol], sign=symbol)
        assert teeth.judge(PAPER, lost).verdict == teeth.REJECTED, symbol
        assert SIGNS[symbol].gap == symbol


@pytest.mark.parametrize("key", ["unified-sam/rollout", "ours/sam-deterministic", "ours/usam-non-convex"])
def test_no_change_goes_unnoticed(key):
    seen = set(PAPER.facts) | PAPER.names.keys()
    proof, outcomes = prove.proofs()[key], []
    for each in mutations.mutants(proof, seen):
        outcomes.append((each, teeth.judge(proof, each)))
    places = prove.Bitten(key, "", tuple(outcomes))
    assert len(outcomes) > 100
    assert places.bad == []
    assert places.count(teeth.REJECTED) > 10 * places.count(teeth.WEAKER) > 0
    assert prove.verify([proof])[0].flaw == ""  # everything is as it was


def test_what_is_weaker_is_weaker_at_every_point():
    """An accepted change of a claim makes its right side larger, or its left side smaller, at random exact points."""
    rng = np.random.default_rng(7)
    proof, found = prove.proofs()["unified-sam/rollout"], 0
    for each in mutations.mutants(proof, set(PAPER.facts) | PAPER.names.keys()):
        if not (isinstance(each.fact, Step) and teeth.judge(proof, each).verdict == teeth.WEAKER):
            continue
        found += 1
        more = spelt_out(each.new.gap - each.fact.gap)
        atoms = sorted(more.atoms(sp.Symbol) | more.atoms(sp.core.function.AppliedUndef), key=str)
        for _ in range(5):
            assert more.subs({atom: sp.Rational(int(rng.integers(1, 50)), 10) for atom in atoms}) >= 0
    assert found > 3


# The closed forms that the calculator has in Python


VALUES = {"mu": 0.4, "L": 2.0, "L_max": 3.0, "L_avg": 2.5, "Lambda": 3.0, "Lambda1": 2.5, "Lambda2": 2.8}
VALUES |= {"A": 1.5, "B": 0.5, "C": 0.7}
CONSTANTS = Constants.from_values(VALUES)


def at(expression, **more):
    """The float value of an expression of the proofs."""
    numbers = {**VALUES, "a": 1 - more.get("lam", 0.0), **more}
    spelt = spelt_out(sp.sympify(expression))
    return float(spelt.subs({symbol: numbers[str(symbol)] for symbol in spelt.free_symbols}))


def named(key, name):
    return next(meaning for symbol, meaning in prove.proofs()[key].names.items() if symbol.name == name)


def claim(key, name):
    return next(fact for fact in prove.proofs()[key].facts if fact.name == name)


def test_the_bound_at_every_t_is_what_the_plan_computes():
    plan = catalogue.load_theorem("unified-sam/3.2").plan(CONSTANTS, 0.5)
    bound = claim("unified-sam/3.2", "at every t, by induction").rhs
    for time in (0, 1, 7, 400):
        proved = at(bound, lam=0.5, rho=plan.rho, gamma=plan.gamma, delta0=1.3, t=time)
        assert plan.bound(time, 1.3) == pytest.approx(proved, rel=1e-12)


def test_decreasing_steps_are_those_of_the_plan():
    plan = catalogue.load_theorem("unified-sam/3.5").plan(CONSTANTS, 0.5)
    time, after = 10_000, claim("unified-sam/3.5", "from t₀ on").rhs
    caps = {"ρ̂": plan.rho, "γ̂": plan.gamma, "lam": 0.5}
    gamma, rho, _ = plan.schedule.at(time)
    assert at(named("unified-sam/3.5", "f_t"), t=time) == pytest.approx(gamma, rel=1e-12)
    assert rho == pytest.approx(1 / (2 * time + 1), rel=1e-12)
    start = next(t for t in range(10**4) if (2 * t + 1) / (t + 1) ** 2 <= plan.gamma * VALUES["mu"])
    settled = float(plan.bound(start, 1.3))
    proved = at(after, **caps, t=time, **{"t₀": start, "δ̄": settled})
    assert plan.bound(time, 1.3) == pytest.approx(proved, rel=1e-12)


def test_3_2_plus_computes_the_loss_and_noise_that_are_proved():
    from samtheory.theorems.ours_3_2_plus import chosen

    values = CONSTANTS.values(lam=0.5, rho=0.02, gamma=0.05)
    found = chosen(values, 0.1, 0.3)
    given_ = {"lam": 0.5, "rho": 0.02, "gamma": 0.05, "θ": 0.1, "q": 0.3}
    assert found.loss == pytest.approx(at(named("ours/3.2+", "loss"), **given_), rel=1e-12)
    assert found.noise == pytest.approx(at(named("ours/3.2+", "noise"), **given_), rel=1e-12)


def test_3_5_plus_computes_what_is_proved():
    from samtheory.theorems.ours_3_5_plus import split

    plan = catalogue.load_theorem("ours/3.5+").plan(CONSTANTS, 0.5)
    theta, q = split(CONSTANTS.values(lam=0.5, rho=plan.rho, gamma=plan.gamma))
    start = next(t for t in range(10**4) if (2 * t + 1) / (t + 1) ** 2 <= plan.gamma * VALUES["mu"])
    settled, time = float(plan.bound(start, 1.3)), 10_000
    given_ = {"lam": 0.5, "ρ̂": plan.rho, "γ̂": plan.gamma, "θ": theta, "q": q, "t₀": start, "δ̄": settled, "t": time}
    assert plan.bound(time, 1.3) == pytest.approx(at(claim("ours/3.5+", "from t₀ on").rhs, **given_), rel=1e-9)
    assert plan.schedule.at(time)[1] == pytest.approx(plan.rho / np.sqrt(2 * time + 1), rel=1e-12)


def test_inverse_lam_computes_what_is_proved():
    plan = catalogue.load_theorem("ours/inverse-lam").plan(CONSTANTS, "1/t")
    for time in (1, 30, 4000):
        proved = at(claim("ours/inverse-lam", "at every T").rhs, rho=plan.rho, gamma=plan.gamma, delta0=1.3, T=time)
        assert plan.bound(time, 1.3) == pytest.approx(proved, rel=1e-9)


def test_the_non_convex_bound_is_what_is_proved():
    plan = catalogue.load_theorem("unified-sam/3.7").plan(CONSTANTS, 0.5)
    growth = at(named("unified-sam/3.7", "α"), lam=0.5, rho=plan.rho, gamma=plan.gamma)
    noise = at(named("unified-sam/3.7", "ν"), lam=0.5, rho=plan.rho, gamma=plan.gamma)
    descent = at(named("unified-sam/3.7", "s"), lam=0.5, rho=plan.rho, gamma=plan.gamma)
    for time in (1, 30, 500):
        total = sum((1 + growth) ** -j for j in range(1, time + 1))
        assert plan.bound(time, 1.3) == pytest.approx((1.3 / total + noise) / descent, rel=1e-9)


def test_a_member_shrinks_as_is_proved():
    from samtheory.theorems.family import Grounds, member, shrinkage

    kappas, grounds, b = (0.3, 0.02, 0.03, 0.05, 0.01, 0.02), Grounds(1.5, 0.5, 0.7, 0.4, 2.0), (1.1, 0.9, 1.3)
    growth, slope, rest = member(kappas, grounds, b)
    expected = min(1.0, -2 * grounds.mu * slope - growth, -2 * grounds.L * slope - growth)
    assert shrinkage(kappas, grounds, b) == pytest.approx((expected, rest))


def test_the_worst_case_is_as_large_as_is_proved():
    """`worst` is at least each of the three values that its definition in the proof names, on a fine grid."""
    from samtheory.theorems.ours_deterministic_convex import parabolas, worst

    mu, L, D = 0.4, 2.0, 0.3
    for gamma, rho, lam in ((0.3, 0.1, 1.0), (0.6, 0.3, 0.5), (0.45, 0.0, 0.0), (0.8, 0.05, 0.2)):
        found = worst(D, mu, L, gamma, rho, lam)
        for curve in parabolas(L, gamma, rho, lam):
            g = np.linspace(np.sqrt(2 * mu * D), np.sqrt(2 * L * D), 2001)
            assert found >= max(D + np.polyval(curve, g).max(), curve[2]) - 1e-12


# What is printed


def test_the_page_is_what_the_proofs_say(checked):
    """Written anew by `samtheory prove --markdown > docs/theorems.md`."""
    assert PAGE.read_text(encoding="utf-8") == "\n".join(report.markdown(checked.values())) + "\n"


def test_text_and_latex_of_an_expression():
    expression = 1 - s.Lambda * s.rho / 2 + sp.sqrt(s.C) * s.gamma**-2
    assert text(expression) == "1 + √C/γ² - Λρ/2"
    assert r"\frac{\sqrt{C}}{\gamma ^{2}}" in latex(expression)
    assert text(gap_at(t + 1) ** 2) == "δ_{t + 1}²"


def test_prove_prints_a_proof(capsys):
    assert cli.main(["prove", "unified-sam/rollout"]) == 0
    out, err = capsys.readouterr()
    assert "assumed: PL" in out
    assert "E[δ⁺] ≤ " in out
    assert out.rstrip().endswith("steps closed")
    assert "Traceback" not in err


def test_prove_writes_one_document(capsys):
    assert cli.main(["prove", "unified-sam/rollout", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "samtheory.prove/1"
    entry = found["proofs"]["unified-sam/rollout"]
    assert entry["proved"] is True
    assert entry["rests_on"] == ["smooth", "PL", "ER"]
    numbers = [fact["number"] for fact in entry["facts"]]
    assert set(entry["claims"]) <= set(numbers) == set(range(1, len(numbers) + 1))


def test_prove_writes_latex(capsys):
    assert cli.main(["prove", "unified-sam/rollout", "--latex"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(r"\documentclass")
    assert out.count(r"\[") == out.count(r"\]") > 20


def test_a_flaw_is_told_and_gives_exit_code_1(capsys, monkeypatch):
    right = prove.proofs()["unified-sam/rollout"]
    wrong = Proof(right.theorem, (*right.claims, step("wrong", delta, "<=", 2 * G, {PL: 1})))
    monkeypatch.setattr(prove, "select", lambda words: [wrong])
    assert cli.main(["prove", "unified-sam/rollout"]) == 1
    assert "NOT PROVED: wrong: the two sides differ" in capsys.readouterr().out


def test_an_assumption_that_the_theorem_does_not_have_is_a_flaw():
    right = prove.proofs()["unified-sam/rollout"]
    poorer = replace(right, theorem=replace(right.theorem, assumptions=("smooth", "PL")))
    assert prove.verify([poorer])[0].flaw == "uses what the theorem does not assume: ER"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-theorem"], "theorem=no-such-theorem: must be all, or among"),
        (["andriushchenko-2022/pl"], "without a proof here"),
        (["--json", "--latex"], "latex with json: must be one of them"),
        (["--self-test", "--latex"], "latex with self-test: must be one of them"),
    ],
)
def test_bad_input_is_told_in_one_line(words, told, capsys):
    assert cli.main(["prove", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert told in err


def test_the_self_test_prints_its_table(capsys, monkeypatch):
    proof = prove.proofs()["unified-sam/rollout"]
    few = [each for i, each in enumerate(mutations.mutants(proof)) if i % 100 == 0]
    monkeypatch.setattr(prove, "mutants", lambda proof, seen: few)
    assert cli.main(["prove", "unified-sam/rollout", "--self-test"]) == 0
    assert f"{len(few)} changes: " in capsys.readouterr().out
    assert cli.main(["prove", "unified-sam/rollout", "--self-test", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "samtheory.prove-self-test/1"


def test_help_loads_no_proof():
    shown = "import sys, samtheory.cli as c; c.main(['prove', '--help']); print('samtheory.prove' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.rstrip().endswith("False")
    assert ONE not in SIGNS.values()
    assert ER in PAPER.hypotheses
    assert MEANING[G] == G.subs(MEANING)
