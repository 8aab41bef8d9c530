"""Templates of files that `samtheory new` writes."""
