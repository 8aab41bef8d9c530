"""The proofs: every step closes, the checker refuses what does not follow, and they are printed as they are."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp
from matplotlib.mathtext import MathTextParser

from samtheory import catalogue, cli
from samtheory.constants import ASSUMPTIONS
from samtheory.proofs import run as prove
from samtheory.proofs import setting
from samtheory.proofs.kernel.rules import step
from samtheory.proofs.language.terms import MEANING, G, delta, gap_at, in_a, spelt_out, t
from samtheory.proofs.proof import arguments, word
from samtheory.proofs.setting import ER, PL
from samtheory.proofs.shared import master
from samtheory.proofs.text import lemmas
from samtheory.proofs.text.printing import latex, text
from samtheory.report import proofs as report
from samtheory.theorems import symbols as s
from samtheory.theorems.base import ConstantSteps
from samtheory.theorems.forms.descent import Descent

PAGE = Path(__file__).parents[2] / "docs" / "theorems.md"
KEYS = list(prove.files())


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
    assert "smooth" in checked[key].rests_on or key.startswith(
        "gower-2019/"
    )  # where expected smoothness is assumed instead


def test_assumptions_that_count_are_used(checked):
    """PL, expected residual and interpolation, wherever the theorem of the paper has them."""
    for key in ("unified-sam/3.2", "unified-sam/3.3", "unified-sam/3.5", "unified-sam/rollout", "ours/tight"):
        assert checked[key].rests_on == ["smooth", "PL", "ER"]
    assert checked["unified-sam/3.7"].rests_on == ["smooth", "ER"]
    assert checked["unified-sam/3.4"].rests_on == ["smooth", "PL", "full-batch"]


@pytest.mark.parametrize("key", KEYS)
def test_the_formulas_are_those_of_the_calculator(key):
    """Each formula of the theorem, or its inverse, is what a name of the proof stands for."""
    proof, fields = prove.proof_of(key), ("rho_max", "gamma_max", "contraction", "growth", "descent", "noise")
    if not isinstance(proof.theorem, (ConstantSteps, Descent)):
        return  # the other theorems' formulas are tied to the calculator's below
    named = {spelt_out(meaning) for meaning in proof.names.values()}
    for field in fields:
        formula = in_a(sp.sympify(getattr(proof.theorem, field, 0)))
        if not (formula.is_number or key == "dai-2023/1"):  # the latter is a special case of another
            assert formula in named or 1 / formula in named or field == "rho_max", field


@pytest.mark.parametrize("key", KEYS)
def test_numbers_are_exact(key):
    proof = prove.proof_of(key)
    parts = [part for fact in proof.facts for part in (fact.lhs, fact.rhs, *arguments(fact).get("by", {}).values())]
    assert not any(sp.sympify(part).has(sp.Float) for part in [*parts, *proof.names.values()])


def test_only_listed_lemmas_and_known_words_are_used():
    plain = {"step", "induction", "square", "sign", "positive_one", "hypothesis", "_substituted"}
    for proof in prove.proofs().values():
        assert {fact.rule for fact in proof.facts} - plain <= lemmas.RULES.keys()
        own = {"sampling", "method", "parameters", "case", "steps", "start", "horizon", "measure", "time"}
        assert {word(fact) for fact in proof.hypotheses} <= ASSUMPTIONS.keys() | own
    assert set(lemmas.RULES.values()) == lemmas.LEMMAS.keys()


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
    for each in sorted(formulas)[::45]:
        parser.parse(f"${each.replace(chr(92) + 'blacksquare', '')}$")


def test_a_claim_is_told_once_where_its_name_says_it(checked):
    shown = "\n".join(report.lines([checked["unified-sam/3.2"]]))
    assert "  γ ≤ γ_max\n" in shown
    assert "γ ≤ γ_max: γ ≤ γ_max" not in shown
    assert "δ_{t=0} = δ₀" in shown


def test_a_flaw_is_told_and_gives_exit_code_1(capsys, monkeypatch):
    right = prove.proof_of("unified-sam/rollout")
    wrong = replace(right, one=(step("wrong", 2 * s.mu * delta, "<=", G, {PL: 1}),))
    monkeypatch.setattr(prove, "select", lambda words: [wrong])
    assert cli.main(["prove", "unified-sam/rollout"]) == 1
    assert "NOT PROVED: wrong: is not the inequality of one step of the theorem" in capsys.readouterr().out


def test_the_proof_of_the_printed_form_says_where_that_is_false(capsys):
    assert cli.main(["prove", "unified-sam/3.2/as-printed"]) == 0
    assert "false in general where Λ > L_max" in capsys.readouterr().out
    assert "false in general where Λ > L_max" in PAGE.read_text(encoding="utf-8")


def test_an_assumption_that_the_theorem_does_not_have_is_a_flaw():
    right = prove.proof_of("unified-sam/rollout")
    poorer = replace(right, theorem=replace(right.theorem, assumptions=("smooth", "PL")))
    assert prove.verify([poorer])[0].flaw == "uses what the theorem does not assume: ER"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no-such-theorem"], "theorem=no-such-theorem: must be all, or among"),
        (["andriushchenko-2022/pl"], "without a proof here"),
        (["--json", "--latex"], "latex with json: must be one of them"),
        (["--self-test", "--latex"], "latex with self-test: must be one of them"),
    ],
)
def test_bad_input_is_told_in_one_line(words, message, capsys):
    assert cli.main(["prove", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


def test_help_loads_no_proof():
    shown = "import sys, samtheory.cli as c; c.main(['prove', '--help']); print('samtheory.proofs.run' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.rstrip().endswith("False")


def test_names_are_what_they_seem():
    assert ER in prove.proof_of("unified-sam/3.2").hypotheses
    assert MEANING[G] == G.subs(MEANING)


def test_the_hypotheses_are_listed_with_who_checks_them(capsys):
    assert cli.main(["prove", "unified-sam/3.2", "--hypotheses"]) == 0
    rows = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()[1:]]
    assert ["assumption", "PL", "Polyak-Łojasiewicz"] in rows
    assert ["calculator", "steps", "γ ≤ γ_max"] in rows
    assert ["printed", "parameters", "f is not constant"] in rows


#: Hypotheses by what they know of the step beside ||y - x||.
DIRECTION = {setting.rests, setting.usam_moves}
SGD = {setting.sgd_step, setting.sgd_moves}


def seen(proof):
    """What the hypotheses of a proof know of the perturbation."""
    used = {fact for fact in proof.facts if setting.declared(fact) is not None}
    if used & SGD:
        return "nothing"
    if used & DIRECTION or any("y = x + ρ" in fact.name or "ρ∇f" in fact.name for fact in used):
        return "direction"
    # Inequalities of f_v between x, y and x* hold for h = g_v(y) alone.
    if any(fact.name.startswith("f_v is") for fact in used):
        return "point"
    # The master inequality takes two means over the draw; a proof that uses the length elsewhere needs it of each draw.
    beside = above(proof.claims, {master.length_e, master.size_mean})
    return "length" if beside & {setting.lipschitz, setting.lipschitz_full} else "mean"


def above(facts, cut):
    """The facts and what they rest on, without what is below those in `cut`."""
    found, waiting = set(), list(facts)
    while waiting:
        fact = waiting.pop()
        if fact not in found:
            found.add(fact)
            waiting += [] if fact in cut else fact.premises
    return found


@pytest.mark.parametrize("key", [key for key, each in catalogue.theorems().items() if each.method == "unified-sam"])
def test_a_theorem_sees_what_its_proof_uses(key):
    """`Theorem.sees` decides which methods a theorem covers; "direction" lets it cover none but Unified SAM."""
    proof = prove.proofs().get(key)
    found = "direction" if proof is None else seen(proof)
    assert catalogue.theorems()[key].sees in {"direction", found, "length" if found == "mean" else found}


def test_most_theorems_cover_other_methods():
    kinds = [each.sees for key, each in catalogue.theorems().items() if key in prove.proofs()]
    assert kinds.count("mean") >= 8
    assert kinds.count("length") >= 18
    assert kinds.count("point") >= 4
    assert kinds.count("nothing") >= 7
