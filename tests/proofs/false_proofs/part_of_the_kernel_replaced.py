"""The check of a step replaced, for as long as one fact is made."""

from unittest.mock import patch

from samtheory.proofs.kernel import rules

EXPECTED = "the kernel has been changed"

with patch.object(rules, "follows", lambda *arguments: None):
    rules.step("false", 1, "<=", 0, {})
