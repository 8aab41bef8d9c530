"""A known minimiser."""

from __future__ import annotations

from .base import Assumption

assumption = Assumption(word="minimiser", meaning="a minimiser x* of f is known", place=90)
