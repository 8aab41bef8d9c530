"""A rule of one's own."""

from samtheory.proofs.kernel.facts import Conclusion, rule

EXPECTED = "the kernel has no more rules"


@rule()
def anything(name, lhs, relation, rhs):
    """Whatever is asked for."""
    return Conclusion(lhs, relation, rhs)
