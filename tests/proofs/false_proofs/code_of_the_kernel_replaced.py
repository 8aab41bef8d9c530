"""The code of a function of the kernel replaced, for as long as one fact is made."""

from samtheory.proofs.kernel import algebra, rules

EXPECTED = "the kernel has been changed"

code = algebra.follows.__code__
algebra.follows.__code__ = (lambda name, difference, relation, by, known, iff=False: None).__code__
try:
    rules.step("false", 1, "<=", 0, {})
finally:
    algebra.follows.__code__ = code
