"""Logistic regression on the breast cancer data that scikit-learn ships: 569 tumours, 30 measurements.

Features are shifted to mean 0 and scaled to variance 1; there is no intercept.  Labels are -1 malignant, +1 benign.
Rows of your own are treated in the same way.  For the constants see logistic: this is that problem on these rows.
Needs scikit-learn, the extra `data`.
"""

from dataclasses import replace

from samtheory import MissingExtra, Problem, load_problem
from samtheory.io.rows import standardised


def problem(reg: float = 0.1, rows=None) -> Problem:
    A, b = shipped() if rows is None else rows
    logistic = load_problem("logistic", rows=(standardised(A), b), reg=reg)
    return replace(logistic, source="Street, Wolberg, Mangasarian 1993; f* by Newton")


def shipped():
    try:
        from sklearn.datasets import load_breast_cancer
    except ImportError:
        raise MissingExtra("the breast cancer data set", "data") from None
    return load_breast_cancer(return_X_y=True)
