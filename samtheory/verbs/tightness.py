"""How far is a theorem from the worst case?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samtheory.errors import InputError, reject, truth, whole
from samtheory.request import Request
from samtheory.schedules import LAM, Rule
from samtheory.worst_cases import bracket
from samtheory.worst_cases.bracket import Tightness
from samtheory.worst_cases.certificate import CertificateReport, checked

from .arguments import TheoremLike, as_theorems, several

#: The samplings, with the number of components where none is given.
SAMPLINGS = {"full": 1, "uniform": 2}


def tightness(
    theorem: TheoremLike | Sequence[TheoremLike] | None = None,
    kappa: float | Sequence[float] = 10.0,
    lam: Rule = LAM,
    *,
    rho: Rule | None = None,
    rho_fraction: float | None = None,
    gamma: Rule | None = None,
    sampling: str = "full",
    n: int | None = None,
    kind: str = "auto",
    steps: int = 1,
    certify: bool = False,
) -> Tightness:
    """Bracket theorems between the worst case of their class of functions and a hard instance, in units of L = 1.

    Parameters
    ----------
    theorem : key, path ending in .py or `Theorem`, or several; by default every theorem that is supported
    kappa : condition number L/mu, above 1, or several
    lam : a number in [0, 1] (0 is USAM, 1 is SAM)
    rho, rho_fraction, gamma : ascent radius in units of 1/L, as a fraction of the largest admissible one, and step size
        in units of 1/L; by default the theorem's own
    sampling : "full", or "uniform" for one of n components
    n : 2 or 3 components, for "uniform"
    kind : "smooth", "pl", "convex", "convex-pl" or "strongly-convex"; "auto" is the largest class of which the theorem
        speaks
    steps : how many are taken, for lam = 0
    certify : prove each upper bound in fractions

    Returns
    -------
    A row for each theorem and kappa.

    Raises
    ------
    NotApplicable
        If a named theorem is not supported there, or no theorem is.
    MissingExtra
        If the extra `tightness` (Clarabel) is not installed.
    InputError
        If an argument is bad.

    Examples
    --------
    >>> (row,) = tightness("ours/usam-strongly-convex", 10, lam=0.0, rho=0.1, gamma=1.0).rows
    >>> row.exact, round(row.upper, 6)
    (True, 0.808201)
    """
    if not isinstance(sampling, str) or sampling not in SAMPLINGS:
        raise reject("sampling", sampling, "full or uniform")
    least = SAMPLINGS[sampling]
    components = least if n is None else whole("n", n, 1)
    if (components > 1) != (sampling == "uniform"):
        raise reject("n", components, f"{'1' if least == 1 else '2 or 3'} with sampling={sampling}")
    kappas = several(kappa)
    if not kappas:
        raise InputError("kappa is missing: a number above 1, or several")
    return bracket.tightness(
        as_theorems(theorem),
        Request(lam, rho, rho_fraction, gamma),
        kappas,
        kind,
        components,
        whole("steps", steps, 1),
        truth("certify", certify),
    )


def check_certificates(path: str | Path) -> CertificateReport:
    """Check the certificates in a file, in fractions.

    Parameters
    ----------
    path : a JSON document, `samtheory.certificate/1` or `samtheory.tightness/1`

    Raises
    ------
    InputError
        If the file cannot be read, or holds no certificate.

    Examples
    --------
    >>> found = tightness("ours/usam-strongly-convex", 10, lam=0.0, rho=0.1, gamma=1.0, certify=True)
    >>> _ = Path("brackets.json").write_text(json.dumps(found.to_json()), encoding="utf-8")
    >>> check_certificates("brackets.json")
    <CertificateReport: brackets.json: 1 of 1 certificates hold>
    """
    try:
        found: Any = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"check={path}: cannot be read ({error.strerror})") from None
    except ValueError:
        raise reject("check", path, "a JSON document") from None
    certificates = found.get("certificates", [found]) if isinstance(found, dict) else None
    if not certificates:
        raise reject("check", path, "a document with a certificate, as tightness --certify --json prints")
    return CertificateReport(str(path), [checked(each) for each in certificates])
