"""Arguments that several proofs share."""
