"""Search for counterexamples to a theorem over small instances."""
