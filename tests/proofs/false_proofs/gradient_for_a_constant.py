"""‖∇f(x)‖ is no constant over time."""

from samtheory.proofs.kernel.rules import ONE, along, step
from samtheory.proofs.language.terms import delta, grad, norm

EXPECTED = "has no mean over x_t"

along(step("", 0, "<=", norm(grad) * delta, {ONE: norm(grad) * delta}))
