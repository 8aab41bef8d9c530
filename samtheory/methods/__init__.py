"""Optimisation methods, one file each; `unified_sam` is the reference that every engine must equal."""
