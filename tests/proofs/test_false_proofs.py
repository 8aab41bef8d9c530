"""No false proof passes: each is refused, for the reason that it states."""

import runpy
from pathlib import Path

import pytest

from samtheory.proofs import binding
from samtheory.proofs.language.terms import Flaw

FALSE = sorted((Path(__file__).parent / "false_proofs").glob("*.py"))


def refusal(path):
    """The reason for which a file is refused, and the reason that it states; None if it is not refused."""
    names = {}
    try:
        names = runpy.run_path(str(path))
    except Flaw as flaw:
        return str(flaw), expected(path)
    return reasons(names["proof"]) if "proof" in names else None, names["EXPECTED"]


def reasons(proof):
    """Everything that is wrong with a proof; None if nothing is."""
    found = []
    try:
        found.extend(binding.flaws(proof))
    except Flaw as flaw:
        found.append(str(flaw))
    assert (binding.flaw(proof) is None) == (not found)
    return "; ".join(found) or None


def expected(path):
    """The reason that a file states."""
    (line,) = (line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("EXPECTED = "))
    return line.removeprefix("EXPECTED = ").strip("\"'")


@pytest.mark.parametrize("path", FALSE, ids=lambda path: path.stem)
def test_a_false_proof_is_refused(path):
    reason, stated = refusal(path)
    assert reason is not None, "passes"
    assert stated in reason


def test_there_are_enough():
    assert len(FALSE) >= 60
