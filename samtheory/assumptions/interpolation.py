"""Interpolation: the components share a minimiser."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(word="interpolation", meaning="one point minimises every f_i", place=80)
