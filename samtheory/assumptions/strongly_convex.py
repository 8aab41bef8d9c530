"""Strong convexity of f."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(word="strongly-convex", meaning="f - (mu/2)||x||^2 is convex, with the mu of PL", place=70)
