"""Mutation testing of proofs."""
