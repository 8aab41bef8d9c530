"""‖g‖ at another value."""

import sympy as sp

from samtheory.proofs.kernel.rules import instance, square
from samtheory.proofs.language.terms import g, norm

EXPECTED = "depends on the state"

instance("false", square(norm(g)), {norm(g): sp.Integer(0)})
