"""A fact from a file."""

import pickle

from samtheory.proofs.kernel.rules import ONE, step

EXPECTED = "a fact cannot be copied"

pickle.dumps(step("true", 0, "<=", 1, {ONE: 1}))
