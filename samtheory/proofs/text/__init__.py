"""Proofs as text and LaTeX."""
