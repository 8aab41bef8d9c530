"""What `verify` writes: tables on stderr, a JSON document, an HTML page, a baseline; refused before any work."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from samtheory.errors import InputError
from samtheory.io import json, output
from samtheory.verification.baseline import Baseline
from samtheory.verification.journal import Journal
from samtheory.verification.self_test import MutantResult, document
from samtheory.verification.sweep import Sweep

from . import baseline, html, selftest, tables, verdicts
from .summary import summary


class Outputs:
    """Files to write, each None or a path.

    Parameters
    ----------
    document : the JSON document, "-" for stdout
    page : the HTML page
    kept, update : the baseline, and whether it is written anew
    added : the file that a Markdown summary is appended to

    Raises
    ------
    InputError
        If a file cannot be written, or the baseline cannot be read.
    """

    def __init__(
        self,
        document: str | None,
        page: str | None,
        kept: str | None,
        update: bool = False,
        added: str | None = None,
    ) -> None:
        if kept is None and update:
            raise InputError("update-baseline: baseline=FILE is missing beside it")
        self.page = page
        self.put_document = None if document is None else json.writer(document)
        self.put_page = None if page is None else output.writer(page, "html")
        self.append = None if added is None else output.appender(added, "summary")
        self.baseline = None if kept is None else Baseline(kept, update)

    def write(self, found: Sweep, journal: Journal | None = None) -> int:
        """Report a sweep and return its exit code; of an unfinished sweep, only the tables."""
        show(verdicts.verdicts(found, found.skipped, tables.width_of(sys.stderr)))
        if not found.complete:
            resumed = f"; go on with --resume {journal.path}" if journal is not None and journal.path else ""
            show([f"samtheory: interrupted after {len(found)} of {found.total} cells{resumed}"])
            return found.exit_code
        if self.put_document is not None:
            self.put_document(found.to_json())
            if journal is not None:
                journal.close()
        if self.append is not None:
            self.append(summary(found))
        if self.put_page is not None:
            self.put_page(html.page(found, found.skipped, found.seed))
            show([f"HTML page: {self.page}"])
        return 1 if self.baseline is not None and self.regression(found, self.baseline) else found.exit_code

    def regression(self, found: Sweep, kept: Baseline) -> bool:
        """Report the differences from the baseline, or that it was written."""
        changed = kept.compared(found, found.skipped)
        if changed is None:
            show([f"{kept.path}: baseline of {len(found)} cells written"])
            return False
        show(baseline.comparison(changed, kept.path, tables.width_of(sys.stderr)))
        return changed.regression

    def write_self_test(self, found: list[MutantResult]) -> int:
        """Report a self-test: 1 if the outcome of a variant was not as expected."""
        show(selftest.findings(found, tables.width_of(sys.stderr)))
        if self.put_document is not None:
            self.put_document(document(found))
        return 0 if all(finding.good for finding in found) else 1


def show(lines: Iterable[str]) -> None:
    """Lines on stderr."""
    print(*tables.coloured(lines, sys.stderr), sep="\n", file=sys.stderr)
