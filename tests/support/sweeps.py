"""Cells, and a problem file whose workers die, for tests of sweeps and executors."""

from samtheory.request import Request
from samtheory.verification import sweep

CELLS = sweep.select(["ridge"], ["unified-sam/3.2"], ["full", "uniform"], request=Request(steps=30))[0]

PROBLEM = """
import os, pathlib, numpy as np
from samtheory import Problem, Quadratics, exact

def problem(deaths: int = 0):
    marks = pathlib.Path("{marks}")
    if os.getpid() != {parent} and len(list(marks.iterdir())) < deaths:
        (marks / str(os.getpid())).touch()
        os._exit(9)
    return Problem(
        objective=Quadratics(np.eye(2)[None], np.zeros((1, 2))), x0=np.ones(2), L_i=exact(np.ones(1), ""),
        L=exact(1.0, ""), mu=exact(1.0, ""), f_inf=exact(0.0, ""), f_i_inf=exact(np.zeros(1), ""), x_star=np.zeros(2),
    )
"""
