"""Trajectories of Unified SAM: one entry point, `run`, or `run_many` for several schedules on the same draws."""

from .run import Curves, run, run_many

__all__ = ["Curves", "run", "run_many"]
