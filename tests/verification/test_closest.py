"""How close each theorem's bound came: the smallest bound ratio of all and that of whole runs."""

import json

import pytest

from samtheory import cli
from samtheory.request import Request
from samtheory.status import Status
from samtheory.verification.cell import Cell
from samtheory.verification.closest import closest, end_ratio, tightest
from samtheory.verification.evidence import Evidence
from samtheory.verification.judge import concluded
from samtheory.verification.sweep import select, sweep


def cell(k, ratio, *, bound=(), measured=(), word="holds", theorem="unified-sam/3.2"):
    """The verdict on a cell with one check of one step and one run."""
    step = Evidence("one-step", "E", Status(word), "exact", ratio, f"state {k}", 1)
    t = tuple(float(t) for t in range(1, len(bound) + 1))
    run = Evidence("trajectory", "mean", Status.HOLDS, "exact", None, "", 1, curve=(t, measured, bound))
    return concluded(Cell("ridge", theorem, "full", Request(0.0, seed=k)), [step, run])


@pytest.mark.parametrize(
    ("bound", "measured", "expected"),
    [
        ((1.0, 0.5), (1.0, 0.25), 2.0),
        ((1.0, 0.5, None), (1.0, 0.25, 0.1), 2.0),  # the last time at which the bound says something
        ((1.0, 0.95), (1.0, 0.1), None),  # hardly moved
        ((1.0, 3.0), (1.0, 0.1), None),  # rises to its neighbourhood
        ((1.0, 1e-3, 1e-40), (1.0, 1e-4, 1e-33), 10.0),  # what rounding leaves of measured is no violation
        ((1.0, 0.5), (1.0, 0.0), None),
        ((1.0, 0.5), (1.0, 0.5 + 1e-17), 1.0),
        ((1.0, 0.5), (1.0, 0.50001), 1.0),  # above by rounding alone, or the cell would not hold
        ((None, None), (1.0, 1.0), None),
        ((), (), None),
    ],
)
def test_a_run_tells_how_cautious_a_bound_is_once_it_has_fallen(bound, measured, expected):
    found = end_ratio(cell(0, 1.0, bound=bound, measured=measured))
    assert found == (None if expected is None else pytest.approx(expected))


def test_a_violated_run_is_below_one():
    assert end_ratio(cell(0, 0.5, bound=(1.0, 0.5), measured=(1.0, 0.8), word="violated")) == pytest.approx(0.625)


def test_of_equal_slacks_the_one_of_the_closest_run_is_shown():
    idle = cell(0, 1.0, bound=(1.0, 0.99), measured=(1.0, 0.1))
    loose = cell(1, 1.0, bound=(1.0, 0.5), measured=(1.0, 0.01))
    attained = cell(2, 1.0, bound=(1.0, 0.5), measured=(1.0, 0.5))
    assert tightest([idle, loose, attained]) is attained
    assert tightest([attained, cell(3, 0.0, word="violated")]).bound_ratio == 0.0


def test_every_theorem_is_there_the_closest_run_first():
    found = [
        cell(0, 1.5, bound=(1.0, 0.5), measured=(1.0, 0.1), theorem="b"),
        cell(1, None, theorem="a"),
        cell(2, 1.0, theorem="c"),
        cell(3, 1.2, bound=(1.0, 0.5), measured=(1.0, 0.4), theorem="d"),
        cell(4, 1.1, theorem="b"),
    ]
    listed = closest(found)
    assert [(each.theorem, each.bound_ratio, each.end_ratio) for each in listed] == [
        ("d", 1.2, pytest.approx(1.25)), ("b", 1.1, pytest.approx(5.0)), ("c", 1.0, None), ("a", None, None),
    ]  # fmt: skip
    assert (listed[1].tight, listed[1].run) == (found[4], found[0])
    assert sum(len(each.cells) for each in listed) == len(found)


def test_a_tight_theorem_is_attained_over_a_run_and_a_cautious_one_is_not():
    cells, _ = select(["two-quadratics"], ["ours/usam-strongly-convex", "unified-sam/3.4"], ["full"], [0.0])
    tight, cautious = closest(sweep(cells))
    assert (tight.theorem, tight.end_ratio) == ("ours/usam-strongly-convex", pytest.approx(1.0, rel=1e-6))
    assert cautious.end_ratio > 10


def test_the_document_has_it_and_it_follows_from_the_cells(capsys):
    argv = ["verify", "ridge", "sine-1d", "--theorem", "unified-sam/3.2", "--theorem", "unified-sam/3.4"]
    assert cli.main([*argv, "--lam", "0", "--sampling", "full", "--steps", "50", "--workers", "1", "--json", "-"]) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert sorted(each["theorem"] for each in document["closest"]) == ["unified-sam/3.2", "unified-sam/3.4"]
    for each in document["closest"]:
        of = [one for one in document["cells"] if one["theorem"] == each["theorem"]]
        assert each["slack"] == min(one["slack"] for one in of)
        assert (each["command"], each["where"]) in {(one["command"], one["where"]) for one in of}
        assert each["run_command"] in {one["command"] for one in of} | {None}
        assert any(line.startswith(each["theorem"]) for line in err.splitlines())
