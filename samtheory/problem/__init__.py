"""A problem: objective, start, claimed constants, and what follows from them."""
