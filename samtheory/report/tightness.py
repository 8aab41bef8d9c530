"""The table of `samtheory tightness`, and what `--check` says of certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from samtheory.worst_cases.bracket import Row, Tightness
from samtheory.worst_cases.certificate import CertificateReport

from .tables import aligned, digits, lam_of, wrapped

HEADER = ("", "class", "κ", "ρ", "γ", "theorem", "worst case ≤", "≥", "ratio", "", "hard instance")


def table(found: Tightness, width: int) -> Iterator[str]:
    """The brackets of each quantity, the theorems that are not supported, and problem files of refuted theorems."""
    yield from wrapped(f"units of L = 1, {lam_of(found.request.lam)}", width)
    rows = sorted(found.rows, key=lambda row: row.quantity.name)
    for name, members in groupby(rows, key=lambda row: row.quantity.name):
        yield ""
        yield from wrapped(name, width)
        yield from aligned([HEADER, *map(_cells, members)], width, indent=2)
    if found.skipped:
        yield from ["", "not supported"]
        reasons = {(key, reason): None for key, _, reason in found.skipped}
        yield from aligned(reasons, width, indent=2)
    for counterexample in found.counterexamples:
        yield from ["", counterexample.source]


def _cells(row: Row) -> Sequence[str]:
    cell = row.cell
    words = ["certified"] if row.certificate is not None else []
    words += ["exact"] if row.exact else []
    words += ["refuted"] if row.counterexample is not None else []
    kappa = digits(float(cell.kappa)) if cell.has_mu else "–"
    return (
        row.theorem, cell.kind, kappa, digits(float(cell.rho)), digits(float(cell.gamma)),
        digits(row.quantity.number), digits(row.upper), digits(None if row.lower is None else float(row.lower)),
        digits(row.ratio), ", ".join(words), row.instance or "–",
    )  # fmt: skip


def certificates(found: CertificateReport, width: int) -> Iterator[str]:
    """A line for each certificate."""
    for record in found.records():
        proved = f"{record['goal']} ≤ {digits(record['tau'])} where {record['given']}"
        words = record["fault"] or f"proved: {proved}"
        kappa = f"κ = {digits(record['kappa'])}, " if record["kappa"] else ""
        cell = f"{record['class']}, {kappa}ρ = {digits(record['rho'])}, γ = {digits(record['gamma'])}"
        yield from wrapped(f"{cell}, λ = {digits(record['lam'])}: {words}", width)
