"""Proofs in Coq: every rule has a translation, the statements are those that are kept, and Coq accepts and refuses."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samtheory import cli
from samtheory.errors import InputError
from samtheory.proofs import run
from samtheory.proofs.coq import files, rules
from samtheory.proofs.kernel import analysis
from samtheory.proofs.kernel import rules as logic
from samtheory.verbs.prove import prove

ROOT = Path(__file__).parents[2]
#: The theorems that are proved in Coq from the method itself, and their statements.
METHOD = ("unified-sam/3.2", "unified-sam/3.3", "unified-sam/3.4", "unified-sam/rollout")
KEPT = Path(__file__).with_name("coq_statements.txt")


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


@pytest.mark.skipif(shutil.which("coqc") is None, reason="no coqc")
def test_coq_accepts_the_proofs_and_refuses_changed_ones() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "_coq.py"), "unified-sam/rollout", "--changes", "6"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "6 of 6 changed proofs are refused" in done.stderr
