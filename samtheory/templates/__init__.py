"""Files that `samtheory new` writes for you to fill in."""
