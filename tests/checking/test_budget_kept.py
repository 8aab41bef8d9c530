"""What does not keep time by itself is left at the limit: functions that block, files that are long, proofs.

Where the limit fails, `block` waits and says so: the tests need no clock.
"""

import sys
import time

import numpy as np
import pytest

import samtheory
from samtheory import claimed, cli
from samtheory.checking.sweep import select
from samtheory.errors import OutOfBudget
from samtheory.execution.time_limit import _interrupt, _limit, apart, interrupting, share, until, within
from samtheory.falsification import search as falsification

LONG = 15.0


class Blocking:
    """f_i = (x - i)^2/2, whose functions block from the call number `after` on."""

    def __init__(self, after):
        self.calls, self.after, self.waited = 0, after, False

    def block(self):
        self.calls += 1
        if self.calls > self.after:
            time.sleep(LONG)
            self.waited = True

    def problem(self):
        def value(i, x):
            self.block()
            return float((x[0] - i) ** 2 / 2)

        def gradient(i, x):
            self.block()
            return x - i

        ones, sum_ = np.ones(2), samtheory.UserSum(value, gradient, 2, 1)
        return samtheory.Problem(sum_, np.ones(1), claimed(ones), claimed(1.0), claimed(0.5), f_i_inf=claimed(0 * ones))


@pytest.fixture(autouse=True)
def grace(monkeypatch):
    """Interrupt soon after the limit."""
    monkeypatch.setattr("samtheory.execution.time_limit.GRACE", 0.05)


@pytest.mark.parametrize("after", [0, 9, 2000])
def test_a_function_that_blocks_is_left_and_what_is_known_is_kept(after):
    blocking = Blocking(after)
    problem = blocking.problem()
    (card,) = samtheory.check(problem, "uniform", budget=0.3 if after < 100 else 2.0)
    assert not blocking.waited
    assert card.cut
    assert {each.name for each in card.constants} > {"gradients", "L_i", "L", "f_inf", "C"}
    verdicts = {each.verdict for each in card.constants}
    assert verdicts <= {"undecided", "consistent", "not claimed"}
    assert "undecided" in verdicts


def test_an_estimate_of_a_function_that_blocks_is_refused():
    blocking = Blocking(3)
    with pytest.raises(OutOfBudget, match=r"budget=0.2: must be enough"):
        samtheory.estimate(blocking.problem().objective, np.ones(1), budget=0.2)
    assert not blocking.waited


@pytest.mark.parametrize("command", ["check", "select"])
def test_a_file_that_blocks_is_left(command, tmp_path, capsys):
    (tmp_path / "slow.py").write_text(f"import time\ndef problem():\n    time.sleep({LONG})\n    raise SystemExit\n")
    path = str(tmp_path / "slow.py")
    if command == "check":
        assert cli.main(["check", path, "--budget", "0.2", "--workers", "1"]) == 3
        assert capsys.readouterr().err == (
            "samtheory: error: budget: ended while the problem was read: nothing is known\n"
        )
    else:
        with pytest.raises(OutOfBudget):
            select([path], budget=0.2)


def test_a_call_of_compiled_code_is_left():
    ended = []

    def long():
        time.sleep(LONG)
        ended.append(1)

    with share(0.5):
        assert apart(divmod, 7, 2) == (3, 1)
    with within(time.monotonic() + 0.1) as limit:
        apart(long)
    assert limit.cut
    assert ended == []
    with within(time.monotonic() + 100), pytest.raises(ZeroDivisionError):
        apart(divmod, 7, 0)


def test_nothing_is_interrupted_before_its_limit_nor_where_nobody_catches_it():
    with interrupting(), until(time.monotonic() + 0.05):
        time.sleep(0.3)
    with interrupting(), within(time.monotonic() + 100) as limit:
        time.sleep(0.2)
    assert not limit.cut


def test_a_proof_that_takes_longer_than_the_budget_leaves_it_undecided(monkeypatch, capsys):
    monkeypatch.setattr(falsification, "PROOF", -1.0)  # no time for a proof, however slow the search is
    monkeypatch.setattr(falsification, "proved", lambda *arguments: time.sleep(LONG))
    asked = ["falsify", "unified-sam/3.2/as-printed", "--budget", "100", "--sampling", "single", "--lam", "0"]
    assert cli.main(asked) == 3
    assert "undecided" in capsys.readouterr().err


def test_an_interruption_at_any_point_is_caught_by_the_limit_that_it_passes():
    def nested():
        with within(time.monotonic() - 100), share(0.5):
            list(range(3))
        with share(0.5):
            list(range(3))

    def interrupt_at(point):
        """Whether `nested` has so many points, interrupted at this one, in whatever code runs there."""
        seen = 0

        def trace(frame, event, _):
            nonlocal seen
            seen += 1
            if seen == point:
                sys.settrace(None)
                _interrupt(0, frame)
            return trace

        sys.settrace(trace)
        try:
            nested()
        finally:
            sys.settrace(None)
        return seen >= point

    with within(time.monotonic() + 100):
        outer, point = _limit.get(), 1
        while interrupt_at(point):
            assert _limit.get() is outer
            point += 1
    assert point > 50
