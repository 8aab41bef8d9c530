"""A subclass of Fact."""

from samtheory.proofs.kernel.facts import Fact

EXPECTED = "has no subclasses"


class Own(Fact):
    """Says what it likes."""
