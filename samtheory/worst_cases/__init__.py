"""Worst cases of classes of functions: semidefinite programs, certificates in fractions, and hard instances."""
