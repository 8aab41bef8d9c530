"""The language of proofs: what expressions are made of."""
