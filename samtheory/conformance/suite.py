"""The checks of one adapter: its runs, the runs that are expected of it, and the mistakes found so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from samtheory.errors import InputError

from .adapter import Adapter
from .checks import checks
from .checks.registry import Check
from .context import ONE_RADIUS, PLAIN, Context
from .diagnose import CLOSE, SINGLE, Explanations, Mistakes, whole
from .problem import where
from .records import CheckRecord, Conformance
from .run import Run, distance, run, simulate


@dataclass(frozen=True)
class Outcome:
    """What a check function found; the attributes are those of `CheckRecord`."""

    status: str
    message: str = ""
    diagnosis: str | None = None
    distance: float | None = None
    relative_to: str | None = None


def passed(message: str = "", gap: float | None = None) -> Outcome:
    """Nothing was found against the adapter."""
    return Outcome("pass", message, None, gap)


def failed(message: str, diagnosis: str | None = None, gap: float | None = None) -> Outcome:
    """Something was."""
    return Outcome("fail", message, diagnosis, gap)


class Suite:
    """Runs of one adapter.

    Attributes
    ----------
    mistakes : mistakes that checks have named; later checks expect a run with them
    tolerance : relative distance up to which a run is the expected one
    shared : whether instances share state, so that every run needs a fresh class
    unknown : whether a run was not explained, so that the search for pairs is not repeated
    lost : whether it was the plain one, so that nothing relative can be judged
    """

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.mistakes: Mistakes = ()
        self.tolerance = CLOSE
        self.shared = self.unknown = self.lost = False
        self.runs: dict[Context, Run] = {}

    def run(self, context: Context) -> Run:
        """The run of the adapter in a context, made once."""
        if context not in self.runs:
            self.runs[context] = self.anew(context)
        return self.runs[context]

    def anew(self, context: Context) -> Run:
        """Another run of the adapter in a context; isolated where its instances share state."""
        new = self.adapter.isolated if self.shared else self.adapter.new
        return run(new, context, self.adapter.supports, self.adapter.name)

    @property
    def names(self) -> str | None:
        """The mistakes found so far."""
        return " + ".join(each.name for each in self.mistakes) or None

    def equals(self, *contexts: Context) -> Outcome:
        """The run in each context is the expected one; the first that is not is diagnosed."""
        worst = 0.0
        for context in contexts:
            found = self.run(context)
            if found.error is not None:
                return crashed(found)
            expected = simulate(self.mistakes, context)
            gap = distance(found.points, expected.points)
            worst = max(worst, gap)
            if gap > self.tolerance:
                relative = self.relative(context)
                return replace(self.differs(found, expected, gap), relative_to=relative)
        known = (self.relative(context) for context in contexts)
        return replace(passed(gap=worst), relative_to=next(filter(None, known), None))

    def relative(self, context: Context) -> str | None:
        """The mistakes found so far that change the run in a context."""
        right = simulate((), context).points
        changes = (one for one in self.mistakes if distance(simulate((one,), context).points, right) > 0)
        return " + ".join(one.name for one in changes) or None

    def absolute(self, context: Context, gap: float | None = None) -> Outcome:
        """The run in a context is that of the reference, whatever was found before; `gap` is known already."""
        found, right = self.run(context), simulate((), context)
        if found.error is not None:
            return crashed(found)
        off = distance(found.points, right.points) if gap is None else gap
        if off <= CLOSE and gap is None:
            return passed(gap=off)
        known = simulate(self.mistakes, context)
        if self.mistakes and min(off, distance(found.points, known.points)) <= self.tolerance:
            return failed(apart(found, right), self.names, off)
        return self.differs(found, right, off, relative=False)

    def by_itself(self, found: Run) -> Outcome:
        """A run of a method that is not known, compared with a run of its own that ought to be the same."""
        context = found.context
        own = PLAIN if context == ONE_RADIUS else None
        if context.saved is not None:
            own = context.but(saved=None)
        if own is None:
            return Outcome("blocked", "not judged: the trajectory is that of no known method")
        gap = distance(found.points, self.run(own).points)
        if gap <= CLOSE:
            return passed("equal to a run of its own", gap)
        return failed(f"off by {gap:.1e} from a run of its own that ought to be the same ({context.words})", None, gap)

    def differs(self, found: Run, expected: Run, gap: float, relative: bool = True) -> Outcome:
        """The failure of a run that is not the expected one; a mistake that explains it is known from now on.

        Parameters
        ----------
        found, expected, gap : the runs and their distance
        relative : whether the check depends on what was found before
        """
        if self.lost and relative:
            return self.by_itself(found)
        explained = Explanations(self.adapter.supports, self.mistakes, self.run, not self.unknown).of(found)
        message = f"{apart(found, expected)}; {half(found, expected)}"
        if words := found.context.words:
            message += f" ({words})"
        if not explained.mistakes:
            self.unknown = True
            self.lost = self.lost or found.context == PLAIN
            return failed(f"{message}; {explained.words}", None, gap)
        self.mistakes += tuple(one for one in explained.mistakes if one not in self.mistakes)
        if explained.left > CLOSE:
            self.tolerance = max(self.tolerance, 20 * explained.left)
        if not all(whole(one) for one in explained.mistakes):
            self.tolerance = max(self.tolerance, SINGLE)
        return failed(message, explained.words, gap)

    def record(self, check: Check) -> CheckRecord:
        """Make one check."""
        lacking = [word for word in check.needs if word not in self.adapter.supports]
        started = self.run(PLAIN).error is None or self.run(PLAIN).log.step > 0
        if lacking:
            found = Outcome("na", f"does not declare {' and '.join(lacking)}")
        elif not started and check.key != "starts":
            found = Outcome("blocked", "the optimiser does not start")
        else:
            try:
                with np.errstate(all="ignore"):
                    found = check.function(self)
            except InputError:
                raise
            except Exception as error:  # noqa: BLE001 - the program under test may raise anything
                found = failed(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
        found = self.foreseen(check, found)
        return CheckRecord(check.key, check.level, **vars(found), needs=check.needs)

    def foreseen(self, check: Check, found: Outcome) -> Outcome:
        """The outcome of a check that the adapter expects to fail."""
        reason = self.adapter.expected_failures.get(check.key)
        if reason is None:
            return found
        if found.status == "fail":
            return replace(found, status="xfail", message=f"expected: {reason}; {found.message}")
        if found.status == "pass":
            return replace(found, status="xpass", message=f"passes, but is listed in expected_failures: {reason}")
        return found


def apart(found: Run, expected: Run) -> str:
    """How far and where first, in words."""
    gaps = np.abs(found.points - expected.points)
    gaps = np.where(np.isfinite(found.points) == np.isfinite(expected.points), np.nan_to_num(gaps), np.inf)
    scale = max(1.0, float(np.nanmax(np.abs(expected.points))))
    off = gaps > max(CLOSE, 1e-6 * min(float(gaps.max()), 1e300)) * scale
    t = int(np.argmax(off.any(axis=1)))
    coordinate = int(np.argmax(gaps[t]))
    return f"off by {distance(found.points, expected.points):.1e}, first after step {t} at {where(coordinate)}"


def half(found: Run, expected: Run) -> str:
    """Which pass of the first step that is wrong is wrong, in words."""
    for mine, right in zip(found.steps, expected.steps, strict=False):
        if distance(mine.y, right.y) > CLOSE:
            return f"step {mine.t + 1}: second pass {distance(mine.y, right.y):.1e} from its point"
        if distance(mine.after, right.after) > CLOSE:
            return f"step {mine.t + 1}: second pass at its point, step wrong"
    return "two calls of the oracle in a step were expected"


def crashed(found: Run) -> Outcome:
    """The failure of a run that raised."""
    error = found.error
    return failed(f"step {found.log.step + 1}: {type(error).__name__}: {str(error).partition(chr(10))[0]}")


def conformance(adapter: Adapter, only: Collection[str] = (), command: str | None = None) -> Conformance:
    """Run the checks of an adapter.

    Parameters
    ----------
    adapter : the adapter
    only : keys of the checks to report; all where empty
    command : the command that repeats the checks
    """
    suite = Suite(adapter)
    # Mistakes of the plain trajectory are known to every check, whether it is reported or not.
    found = [suite.record(check) for check in checks().values() if not only or check.key in {"trajectory", *only}]
    kept = tuple(record for record in found if not only or record.check in only)
    return Conformance(adapter.name, tuple(sorted(adapter.supports)), kept, command)
