"""Convergence theorems, one file each. A file defines `theorem`, a `base.Theorem`; the catalogue finds it by itself."""
