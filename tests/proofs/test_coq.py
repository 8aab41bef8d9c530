"""Proofs in Coq: every rule has a translation, the statements are those that are kept, and Coq accepts and refuses."""

import importlib
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from samtheory import cli
from samtheory.errors import InputError
from samtheory.proofs import run
from samtheory.proofs.coq import files, rules, teeth
from samtheory.proofs.kernel import analysis
from samtheory.proofs.kernel import rules as logic
from samtheory.verbs.prove import prove

ROOT = Path(__file__).parents[2]
#: The theorems that are proved in Coq from the method itself, and their statements.
METHOD = ("unified-sam/3.2", "unified-sam/3.3", "unified-sam/3.4", "unified-sam/rollout")
KEPT = Path(__file__).with_name("coq_statements.txt")
sys.path.insert(0, str(ROOT / "scripts"))
_coq = importlib.import_module("_coq")


@pytest.fixture(scope="module")
def exported() -> files.Export:
    """The theorems that are proved from the method."""
    return files.export(run.select(METHOD))


def test_every_rule_of_the_kernel_has_a_translation() -> None:
    made = {name for room in (logic, analysis) for name, each in vars(room).items() if hasattr(each, "__wrapped__")}
    translated = {name for room in rules.ROOMS for name in vars(room)} | {"_substituted"}
    assert made - {"_limit", "depends"} <= translated
    assert len(made) > 20


def test_all_facts_have_a_lemma(exported: files.Export) -> None:
    for key, each in exported.theorems.items():
        assert not each.refused
        assert set(each.facts) == set(run.proof_of(key).facts)


def test_nothing_is_admitted(exported: files.Export) -> None:
    text = re.sub(r"(?s)\(\*.*?\*\)", "", "\n".join(exported.files.values()))
    assert re.findall(r"\b(Admitted|admit|Axiom|Axioms|Parameter|Conjecture|Hypothesis of|give_up)\b", text) == []
    assert text.count("Qed.") > 300


def test_statements_are_those_that_are_kept(exported: files.Export) -> None:
    """To keep new ones: write what this compares into the file, after reading it."""
    made = [f"{file}.{each.name} {each.says}" for file, made in exported.methods.items() for each in made]
    assert "\n\n".join(made) + "\n" == KEPT.read_text(encoding="utf-8")


def test_a_statement_has_no_premise_that_the_proof_lacks(exported: files.Export) -> None:
    """The hypotheses of each claim in Coq are those of the fact, one for one, and what is cited."""
    for key, each in exported.theorems.items():
        text = "\n".join(exported.files.values())
        for claim in run.proof_of(key).claims:
            name = each.facts[claim]
            (header,) = re.findall(rf"(?m)^Lemma {name} \{{S : space\}}.*", text)
            premises = set(re.findall(r"\((\w+)_ :", header))
            assert len(premises - set(each.cited)) == len(claim.hypotheses)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--export", "lean", "x"], "export=lean: must be coq"),
        (["--export", "coq", __file__], "a directory"),
        (["--export", "coq", "x", "--latex"], "must be one of them"),
    ],
)
def test_bad_exports(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "unified-sam/rollout", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_the_command_and_the_verb_write_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "unified-sam/rollout", "--export", "coq", str(tmp_path / "a")]) == 0
    assert re.search(r"(\d+) of \1 different facts have a lemma", capsys.readouterr().out)
    prove("unified-sam/rollout", export=tmp_path / "b")
    names = (tmp_path / "a" / "_CoqProject").read_text(encoding="utf-8").split("\n")[1:-1]
    assert {each.name for each in (tmp_path / "b").iterdir()} == {*names, "_CoqProject"}
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    with pytest.raises(InputError, match="directory"):
        prove("unified-sam/rollout", export=__file__)


def test_the_table_of_the_page_is_about_theorems_with_a_proof() -> None:
    page = (ROOT / "docs" / "coq.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `(\S+)` \| (\d+) \| (\d+) \| (\d+) \|", page)
    assert {key for key, *_ in rows} <= set(run.files())
    assert rows
    assert all(int(facts) >= int(made) >= int(accepted) > 0 for _, facts, made, accepted in rows)


#: A coqc that refuses the lemma REFUSE, proves the change number PROVED, and no unchanged step if UNCHANGED is empty.
COQC = """#!/bin/sh
[ "$1" = --print-version ] && { echo "${VERSION:-8.16.1} 4.13.1"; exit; }
for file; do :; done
line=$(awk -v head="^(Lemma|Theorem) $REFUSE " '$0 ~ head {on = NR} on && /Admitted\\.$/ {exit}
  on && /Qed\\.$/ {print on + 1; exit}' "$file")
[ -n "$REFUSE" ] && [ -n "$line" ] && { echo "File \\"./$file\\", line $line, characters 0-5: Error"; exit 1; }
case $file in
Axioms.v) printf 'Axioms:\\n%s\\n  : forall P : Prop, P\\n' "$AXIOM" ;;
Changes_*) grep -o "${UNCHANGED-unchanged} [0-9]* is proved" "$file"; echo "$PROVED is proved" ;;
esac
touch "${file%.v}.vo"
"""
ALLOWED = "FunctionalExtensionality.functional_extensionality_dep"


@pytest.fixture(scope="module")
def sampled() -> list[teeth.Refused]:
    """Changed proofs."""
    return teeth.sample(run.select(METHOD[-1:]), 4, 1)


@pytest.mark.parametrize(
    ("environment", "code", "words"),
    [
        ({}, 0, "4 of 4 changed proofs are refused"),
        ({"VERSION": "8.12.0"}, 0, "skipped: coqc 8.12.0, older than 8.16"),
        ({"REFUSE": "Cauchy_Schwarz_real"}, 1, "Thm_unified_sam_3_2.Cauchy_Schwarz_real is refused"),
        ({"AXIOM": "Mine.axiom"}, 1, "axiom: Mine.axiom"),
        ({"PROVED": "1"}, 1, "not refused: unified-sam/rollout: "),
        ({"UNCHANGED": "no"}, 1, "refused unchanged: unified-sam/rollout: "),
    ],
)
def test_the_script_reports_what_coq_says(
    environment: dict[str, str], code: int, words: str, exported: files.Export, sampled: list[teeth.Refused],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    script = tmp_path / "coqc"
    script.write_text(COQC, encoding="utf-8")
    script.chmod(0o755)
    for name, value in ({"AXIOM": ALLOWED, "PATH": f"{tmp_path}:{os.environ['PATH']}"} | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_coq.files, "export", lambda _: exported)
    monkeypatch.setattr(_coq.teeth, "sample", lambda *_: sampled)
    monkeypatch.setattr(sys, "argv", ["coq", *METHOD, "--folder", str(tmp_path / "made")])
    assert _coq.main() == code
    out, err = capsys.readouterr()
    assert words in err
    assert ("Admitted" in "".join(each.read_text(encoding="utf-8") for each in tmp_path.glob("made/*.v"))) == (
        "REFUSE" in environment
    )
    if "REFUSE" in environment:
        ((facts, accepted),) = re.findall(r"(?m)^unified-sam/3.2 +(\d+) +\1 +(\d+)", out)
        assert int(facts) > int(accepted)


def test_a_proof_that_claims_nothing_is_a_fault(
    exported: files.Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = replace(run.proof_of(METHOD[0]), one=(), bounds=(), more=(), refused="one step: does not close")
    monkeypatch.setattr(_coq.run, "select", lambda _: [proof])
    monkeypatch.setattr(_coq.files, "export", lambda _: exported)
    monkeypatch.setattr(_coq, "missing", lambda: None)
    monkeypatch.setattr(_coq, "compiled", lambda *_: _coq.Compiled(True, (), "", 0.0))
    monkeypatch.setattr(sys, "argv", ["coq", "--changes", "0"])
    assert _coq.main() == 1
    assert "unified-sam/3.2: one step: does not close" in capsys.readouterr().err


def test_the_claim_is_printed_from_the_theorem_and_not_from_the_proof(exported: files.Export) -> None:
    """Of a theorem with half the noise, the proof of 3.2 proves too little: what is to be proved has half the noise."""
    proof = run.proof_of(METHOD[0])
    other = files.export([replace(proof, theorem=replace(proof.theorem, noise=proof.theorem.noise / 2))])
    goals = []
    for each in (exported, other):
        statements = [name for name in each.theorems[METHOD[0]].claims if name.startswith("statement_")]
        found = re.findall(rf"(?ms)^Theorem {statements[0]} .*?^Proof", each.files["Thm_unified_sam_3_2"])
        goals += [text.split(" :\n")[1] for text in found]
    assert len(goals) == 2
    assert goals[0] == goals[1].replace("(1 / 2) * ", "") != goals[1]


def test_every_statement_on_the_method_has_an_example(exported: files.Export) -> None:
    text = exported.files["Example"]
    for file, made in exported.methods.items():
        for each in made:
            assert f"premises_of ({file}.{each.name} line" in text
    assert text.count("Goal True.") == text.count("Qed.") == sum(map(len, exported.methods.values()))


def test_a_statement_that_has_changed_is_seen(exported: files.Export) -> None:
    assert _coq.drifted(exported) == []
    weaker = {
        file: tuple(replace(each, says=each.says.replace("gamma <= ", "2 * gamma <= ")) for each in made)
        for file, made in exported.methods.items()
    }
    assert len(_coq.drifted(replace(exported, methods=weaker))) >= 8
