"""verify --baseline: what was, what is, and what counts as a difference."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from samtheory import cli
from samtheory.request import Request
from samtheory.verification.baseline import APART, SCHEMA, compare, same, snapshot
from samtheory.verification.cell import Cell
from samtheory.verification.judge import judge

CALL = [
    "verify", "sine-1d", "tight-pair", "--theorem", "unified-sam/3.2", "--lam", "0.5", "--steps", "20",
    "--workers", "1",
]  # fmt: skip
RANDOM = Cell("tight-pair", "unified-sam/3.2", "uniform", Request(steps=20))


@pytest.fixture(scope="module")
def kept() -> dict:
    """The baseline of one random and one deterministic cell."""
    return snapshot([judge(RANDOM), judge(Cell("sine-1d", "unified-sam/3.4", "full", Request(steps=20)))])


def run(*arguments: str) -> int:
    return cli.main([*CALL, *arguments])


def test_the_first_run_writes_and_the_second_finds_no_difference(tmp_path, capsys) -> None:
    file = tmp_path / "baseline.json"
    assert run("--baseline", str(file)) == 0
    assert "written" in capsys.readouterr().err
    first = file.read_text()
    document = json.loads(first)
    assert document["schema"] == SCHEMA
    assert first == json.dumps(document, sort_keys=True, indent=2) + "\n"
    assert run("--baseline", str(file)) == 0
    assert "no difference" in capsys.readouterr().err
    assert file.read_text() == first
    assert run("--baseline", str(file), "--update-baseline") == 0
    assert file.read_text() == first


def test_it_has_every_constant_step_bound_and_slack(kept) -> None:
    for entry in kept["constants"].values():
        assert {"A", "B", "C", "L", "L_max", "L_avg", "Lambda", "Lambda1", "Lambda2", "mu", "delta0"} <= entry.keys()
    for name, entry in kept["cells"].items():
        assert {"rho", "rho_max", "gamma", "gamma_max", "contraction", "neighbourhood"} <= entry.keys()
        assert entry["bound"].keys() == {"1", "10"}
        assert any(key.startswith("one-step") for key in entry["slack"])
        assert bool(entry["mean"]) is ("uniform" in name)


def nudged(document: dict, path: tuple[str, ...], factor: float) -> dict:
    """The document with one number multiplied, in its first entry that has it."""
    changed = copy.deepcopy(document)
    part, *names = path
    for entry in changed[part].values():
        place = entry
        for name in names[:-1]:
            place = place.get(name, {})
        if place.get(names[-1]):
            place[names[-1]] *= factor
            return changed
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("path", "tolerance"),
    [
        (("constants", "mu"), 1e-9), (("constants", "Lambda"), 1e-9), (("constants", "delta0"), 1e-9),
        (("cells", "rho"), 1e-9), (("cells", "gamma_max"), 1e-9), (("cells", "contraction"), 1e-9),
        (("cells", "neighbourhood"), 1e-9), (("cells", "bound", "10"), 1e-9),
        (("cells", "slack", "one-step: E delta+ <= p delta + q G + r"), 1e-6),
    ],
)  # fmt: skip
@pytest.mark.parametrize("direction", [1, -1])
def test_a_number_that_moved_is_a_regression_either_way(kept, path, tolerance, direction) -> None:
    moved = compare(kept, nudged(kept, path, 1 + direction * 10 * tolerance))
    assert [change.what for change in moved.changes] == [" ".join(path[1:])]
    assert moved.regression
    assert not compare(kept, nudged(kept, path, 1 + direction * tolerance / 10)).regression


def test_a_verdict_or_a_number_that_is_gone_is_a_regression(kept) -> None:
    for change in ({"verdict": "undecided"}, {"contraction": None}, {"slack": {}}):
        now = copy.deepcopy(kept)
        next(iter(now["cells"].values())).update(change)
        assert compare(kept, now).regression


def test_means_are_compared_by_how_far_apart_two_runs_may_be(kept) -> None:
    assert same("mean 10", [1.0, 0.1], [1.0 + 0.9 * APART * 0.1 * 2**0.5, 0.1])
    assert not same("mean 10", [1.0, 0.1], [1.0 + 1.1 * APART * 0.1 * 2**0.5, 0.1])
    assert same("mean 10", [1.0, 0.0], [1.0 + 1e-8, 0.0])
    assert not same("mean 10", [1.0, 0.0], [1.01, 0.0])


def test_another_seed_gives_means_that_agree(kept) -> None:
    """Six means, each off with probability 6e-7 if normal; the seeds are fixed."""
    (first,) = (entry["mean"] for entry in kept["cells"].values() if entry["mean"])
    for seed in (1, 2, 3):
        (other,) = snapshot([judge(replace(RANDOM, request=Request(steps=20, seed=seed)))])["cells"].values()
        assert other["mean"] != first
        assert all(same("mean", first[t], other["mean"][t]) for t in first)


def test_cells_in_one_but_not_the_other_are_listed(kept) -> None:
    fewer = {**kept, "cells": dict(list(kept["cells"].items())[:1])}
    (missing,) = kept["cells"].keys() - fewer["cells"].keys()
    found = compare(kept, fewer)
    assert (found.gone, found.new, found.lost, found.regression) == ([missing], [], {}, False)
    assert compare(fewer, kept).new == [missing]


def test_a_cell_that_was_asked_for_and_is_skipped_now_is_lost(kept) -> None:
    entry = {"problem": "tight-pair", "theorem": "unified-sam/3.2", "sampling": "uniform", "lam": "", "reason": "no PL"}
    fewer = {**kept, "cells": {name: each for name, each in kept["cells"].items() if "uniform" not in name}}
    found = compare(kept, fewer, [entry])
    assert list(found.lost.values()) == ["no PL"]
    assert found.regression
    assert not compare(kept, fewer, [{**entry, "lam": "1"}]).lost


def test_a_regression_is_a_readable_diff_and_1_until_it_is_accepted(tmp_path, capsys) -> None:
    file = tmp_path / "baseline.json"
    assert run("--baseline", str(file)) == 0
    document = json.loads(file.read_text())
    document["constants"]["tight-pair --sampling uniform"]["A"] *= 1.5
    name = next(name for name in document["cells"] if "uniform" in name)
    document["cells"]["ridge --theorem x --sampling full --lam 0"] = document["cells"].pop(name)
    file.write_text(json.dumps(document))
    capsys.readouterr()
    assert run("--baseline", str(file)) == 1
    err = capsys.readouterr().err
    for words in ("A  1.5 → 1", "relative -0.33", "not in the baseline", name, "in the baseline only", "1 changed"):
        assert words in err
    assert run("--baseline", str(file), "--update-baseline") == 0
    assert run("--baseline", str(file)) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--baseline", "{tmp}"], "baseline={tmp}"),
        (["--baseline", "{tmp}/none/b.json"], "baseline={tmp}/none/b.json"),
        (["--baseline", "{tmp}/text"], "baseline={tmp}/text: cannot be read (not JSON)"),
        (["--baseline", "{tmp}/other"], SCHEMA),
        (["--update-baseline"], "baseline=FILE is missing"),
        (["--baseline", "{tmp}/b.json", "--curves", "c.csv"], "curves"),
        (["--baseline", "{tmp}/b.json", "--self-test"], "self-test"),
    ],
)
def test_bad_input_is_one_line_before_any_work(tmp_path, capsys, arguments, words) -> None:
    (tmp_path / "text").write_text("no JSON")
    (tmp_path / "other").write_text("{}")
    assert run(*(word.format(tmp=tmp_path) for word in arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("samtheory: error:")
    assert err.count("\n") == 1
    assert words.format(tmp=tmp_path) in err
    assert not (tmp_path / "b.json").exists()
