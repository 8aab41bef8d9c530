"""Convexity of f."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(word="convex", meaning="f is convex", place=50)
