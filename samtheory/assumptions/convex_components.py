"""Convexity of every f_i."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(word="convex-components", meaning="every f_i is convex", place=60)
