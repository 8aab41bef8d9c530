"""Ridge regression on the diabetes data that scikit-learn ships: 442 patients, 10 measurements.

Features and target are shifted to mean 0 and scaled to variance 1, so that no intercept is needed; rows of your own are
treated in the same way.  For the constants see ridge: this is that problem on these rows.
Needs scikit-learn, the extra `data`.
"""

from dataclasses import replace

from samtheory import MissingExtra, Problem, load_problem
from samtheory.io.rows import standardised


def problem(reg: float = 0.01, rows=None) -> Problem:
    A, b = shipped() if rows is None else rows
    ridge = load_problem("ridge", rows=(standardised(A), standardised(b)), reg=reg)
    return replace(ridge, source="Efron, Hastie, Johnstone, Tibshirani 2004; closed formulas of ridge")


def shipped():
    try:
        from sklearn.datasets import load_diabetes
    except ImportError:
        raise MissingExtra("the diabetes data set", "data") from None
    return load_diabetes(return_X_y=True, scaled=False)
