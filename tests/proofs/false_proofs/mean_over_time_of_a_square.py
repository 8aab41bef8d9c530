"""G ≤ (‖∇f‖ - c)² + 2c‖∇f‖ - c², with the mean over x_t taken inside of the square."""

from samtheory.proofs.kernel.rules import along, instance, step
from samtheory.proofs.language.terms import grad, grad2_at, grad_at, norm, number, t

EXPECTED = "the two sides differ"

c = number("c")
identity = step("", norm(grad) ** 2, "<=", (norm(grad) - c) ** 2 + 2 * c * norm(grad) - c**2, {})
inside = instance("at c = E‖∇f‖", along(identity), {c: grad_at(t)})
step("false", grad2_at(t), "<=", grad_at(t) ** 2, {inside: 1})
