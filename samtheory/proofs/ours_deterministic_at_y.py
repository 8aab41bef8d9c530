"""R1, R2, full batch: as `ours_deterministic`, with PL at y to a part, for y along grad f."""

import sympy as sp

from samtheory.theorems import master
from samtheory.theorems.ours_deterministic_at_y import theorem
from samtheory.theorems.symbols import share

from .kernel.rules import hypothesis
from .ours_deterministic import long, short, worst
from .proof import Proof

whole = hypothesis("ς ≤ 1", "parameters", 0, "<=", 1 - share)
(one, member), (other, other_member) = (
    worst(master.at_y, -1, short, share, whole), worst(master.at_y, 1, long, sp.Integer(0), whole)
)  # fmt: skip
proof = Proof(theorem, (member, other_member), more=(one, other))
