"""Trajectories of Unified SAM: one entry point, `run`."""

from .run import Curves, run

__all__ = ["Curves", "run"]
