"""The proofs: every step closes, the checker refuses what does not follow, and they are told as they are."""

import importlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from samtheory import catalogue, cli
from samtheory.constants import ASSUMPTIONS
from samtheory.proofs import run as prove
from samtheory.proofs.kernel import lemmas
from samtheory.proofs.kernel.checker import Flaw, check, nonnegative, spelt_out
from samtheory.proofs.kernel.facts import (
    MEANING,
    ONE,
    SELF,
    Fact,
    Lemma,
    a,
    assume,
    assumed,
    in_a,
    induction,
    square,
    step,
)
from samtheory.proofs.kernel.proof import Proof
from samtheory.proofs.kernel.setting import ER, PL
from samtheory.proofs.kernel.symbols import SIGNS, G, delta, g, gap_at, grad, t
from samtheory.proofs.text.printing import latex, text
from samtheory.report import proofs as report
from samtheory.theorems import symbols as s
from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.forms.descent import Descent

PAGE = Path(__file__).parents[2] / "docs" / "theorems.md"
KEYS = list(prove.proofs())
x, y, z = sp.symbols("x y z", real=True)
POSITIVE = assume("case", "x is not negative", 0, "<=", x)


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
    source = Path(importlib.import_module("samtheory.proofs.kernel.checker").__file__).read_text(encoding="utf-8")
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
        step("both ways with a factor that may be 0", 0, "<=", s.rho * x, {POSITIVE: s.rho}, iff=True),
        step("both ways from two", 0, "<=", x + s.A, {POSITIVE: 1, SIGNS[s.A]: 1}, iff=True),
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
    with pytest.raises(Flaw):  # x is no maximum
        lemmas.greatest("", x, z, assume("case", "", x, "<=", z))
    with pytest.raises(Flaw):  # what is known of two things is not known of every case
        lemmas.cases("", *((assume("case", "", 0, "<=", x), assume("method", "", y, "=", value)) for value in (x, z)))


def test_a_lemma_says_what_follows_from_its_premises():
    right = lemmas.cauchy_schwarz(grad, g)
    with pytest.raises(Flaw):
        check(replace(right, rhs=right.rhs / 2))
    with pytest.raises(Flaw):
        check(replace(lemmas.along(PL), of=(ER,)))


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
    divided = step("", 0, "<=", s.rho / s.L, {SIGNS[s.rho]: 1 / s.L})
    assert holds(lemmas.instance("", divided, {s.L: s.L_max}))
    with pytest.raises(Flaw):  # L > 0, and A may be 0
        check(lemmas.instance("", divided, {s.L: s.A}))


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
        st.builds(sp.Max, inner, inner),
    ),
    max_leaves=8,
)


SMALL = st.fractions(0, 5, max_denominator=7)


@settings(deadline=None, max_examples=150)
@given(FORMS, st.lists(SMALL, min_size=4, max_size=4), st.fractions(-5, 5, max_denominator=7))
def test_what_is_not_negative_by_form_is_not_negative(form, values, any_value):
    known = {sign.gap: sign.relation == "<" for sign in SIGNS.values()}
    point = {s.L: values[0] + sp.Rational(1, 9), s.rho: values[1], s.A: values[2], a: values[3], x: any_value}
    value = form.subs({symbol: sp.Rational(number) for symbol, number in point.items()})
    if nonnegative(form, known):
        assert value >= 0
    if nonnegative(form, known, strict=True):
        assert value > 0


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


def test_latex_is_sound(checked):
    """Outside formulas there are plain words and known commands; a parser of TeX's formulas reads every formula."""
    page = "\n".join(report.latex_document(checked.values()))
    assert page.isascii()
    formula = re.compile(r"\\\[(.*?)\\\]|\$(.*?)\$")
    words = formula.sub("", page)
    assert re.search(r"[_^&#%~$]", words) is None
    assert set(re.findall(r"\\[a-zA-Z]+", words)) <= {
        r"\documentclass", r"\usepackage", r"\begin", r"\end", r"\section", r"\paragraph", r"\par", r"\emph", r"\L",
    }  # fmt: skip
    assert page.count("{") == page.count("}")
    formulas = {(shown or inline).strip() for shown, inline in formula.findall(page)}
    assert len(formulas) > 1000
    for each in formulas:
        assert each.count(r"\left") == each.count(r"\right")
    parser = MathTextParser("path")
    for each in sorted(formulas)[::15]:
        parser.parse(f"${each.replace(chr(92) + 'blacksquare', '')}$")


def test_a_claim_is_told_once_where_its_name_says_it(checked):
    shown = "\n".join(report.lines([checked["unified-sam/3.2"]]))
    assert "  γ ≤ γ_max\n" in shown
    assert "γ ≤ γ_max: γ ≤ γ_max" not in shown
    assert "δ_{t=0} = δ₀" in shown


def test_a_flaw_is_told_and_gives_exit_code_1(capsys, monkeypatch):
    right = prove.proofs()["unified-sam/rollout"]
    wrong = Proof(right.theorem, (*right.claims, step("wrong", delta, "<=", 2 * G, {PL: 1})))
    monkeypatch.setattr(prove, "select", lambda words: [wrong])
    assert cli.main(["prove", "unified-sam/rollout"]) == 1
    assert "NOT PROVED: wrong: the two sides differ" in capsys.readouterr().out


def test_the_proof_of_the_printed_form_says_where_that_is_false(capsys):
    assert cli.main(["prove", "unified-sam/3.2/as-printed"]) == 0
    assert "false in general where Λ > L_max" in capsys.readouterr().out
    assert "false in general where Λ > L_max" in PAGE.read_text(encoding="utf-8")


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


def test_help_loads_no_proof():
    shown = "import sys, samtheory.cli as c; c.main(['prove', '--help']); print('samtheory.proofs.run' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.rstrip().endswith("False")


def test_names_and_signs_are_what_they_seem():
    assert ONE not in SIGNS.values()
    assert ER in prove.proofs()["unified-sam/3.2"].hypotheses
    assert MEANING[G] == G.subs(MEANING)
