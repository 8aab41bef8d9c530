"""A constant of the calculator with another value, by which its bound is compared."""

from dataclasses import replace

from samtheory.proofs import run
from samtheory.theorems.symbols import L

EXPECTED = "the calculator gives this symbol its value"

proof = replace(run.proof_of("unified-sam/3.2"), values={L: lambda plan, start: 1e-9})
