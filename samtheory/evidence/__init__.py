"""Evidence for and against a cell: hypotheses, one-step expectation, trajectories."""
