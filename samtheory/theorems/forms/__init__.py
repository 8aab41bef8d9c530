"""Shared shapes of theorems: a theorem file fills in the formulas."""
