"""Guarantees of the theorems for a problem: rates, their comparison, and the explanation of one theorem."""
