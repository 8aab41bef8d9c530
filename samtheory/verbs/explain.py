"""What a theorem says."""

from __future__ import annotations

from samtheory.calculator import explain as calculator
from samtheory.calculator.explain import Explanation

from .arguments import TheoremLike, as_theorem


def explain(theorem: TheoremLike) -> Explanation:
    """The statement, assumptions, formulas and symbols of a theorem.

    Parameters
    ----------
    theorem : key, path ending in .py, or `Theorem`

    Returns
    -------
    The explanation; `formulas` are the SymPy expressions that the numbers are computed from.

    Raises
    ------
    InputError
        If the theorem or file does not exist, or the file fails.

    Examples
    --------
    >>> explain("unified-sam/3.2").formulas["rho_max"]
    (mu/(Lambda*(mu + (1 - lam)**2*(2*A + 2*B*mu))),)
    """
    return calculator.explain(as_theorem(theorem))
