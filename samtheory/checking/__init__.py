"""Searches and proofs that tell whether the constants of a problem are true."""
