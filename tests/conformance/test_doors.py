"""The doors of conform: command line, documents, Python, pytest, and bad input."""

import json

import numpy as np
import pytest
from right_optimisers import Flat
from wrong_optimisers import ForgetsMomentum, PerTensor

import samtheory as st
from samtheory.cli import main
from samtheory.conformance import ConformanceError, check_optimizer, parametrize_with_checks
from samtheory.conformance.checks import checks
from samtheory.conformance.context import CONTEXTS, DECAY, DECAY_MOMENTUM, MOMENTUM, NESTEROV, PLAIN
from samtheory.conformance.problem import X0, plain
from samtheory.conformance.run import distance, lacks, simulate
from samtheory.conformance.variants import variants
from samtheory.errors import InputError
from samtheory.methods.unified_sam import unit
from samtheory.templates.write import write

QUICK = ["starts", "trajectory", "points", "momentum"]

# The reference and the problem


@pytest.mark.parametrize("context", [PLAIN, MOMENTUM, NESTEROV, DECAY, DECAY_MOMENTUM])
def test_the_reference_is_the_formula_written_out(context):
    """Three steps with numbers of the formula alone."""
    x, m = X0, 0.0
    for t in range(3):
        i = context.draws[t]
        g = plain(i, x)[1]
        h = plain(i, x + context.rho * unit(g))[1] + context.weight_decay * x
        m = context.momentum * m + h
        x = x - context.gamma * (h + context.momentum * m if context.nesterov else m)
        assert distance(simulate((), context).points[t + 1], x) < 1e-14


def test_the_gradients_of_the_problem_are_those_of_its_values():
    for i in range(5):
        slopes = [(plain(i, X0 + e)[0] - plain(i, X0 - e)[0]) / 2e-6 for e in 1e-6 * np.eye(len(X0))]
        assert np.allclose(slopes, plain(i, X0)[1], atol=1e-7)


def test_every_variant_is_far_from_the_reference_in_some_context():
    """1e-3 for those that change the formula, in the contexts in which variants are told apart."""
    every = frozenset().union(*(variant.supports for variant in variants()))
    assert not any(lacks(context, every) for context in CONTEXTS)
    events = {"none", "save", "accumulate", "set_rho", "set_gamma", "set_lam"}
    for variant in variants():
        formula = {"trajectory", "momentum", "nesterov", "weight-decay", "group-rho", "group-norm"} & set(variant.fails)
        if formula and not events & set(variant.needs.split()):
            floor = 1e-10 if "float32" in variant.name else 1e-5 if "eps" in variant.name else 1e-3
            gaps = (distance(simulate((variant,), c).points, simulate((), c).points) for c in CONTEXTS)
            assert any(gap > floor for gap in gaps), variant.name


def test_two_variants_do_not_share_the_name_of_a_parameter():
    """Otherwise a combination of both would simulate something else."""
    shared = {"name", "sentence", "needs", "fails"}
    owners = {}
    for variant in variants():
        for name, value in vars(variant).items():
            if not name.startswith("_") and name not in shared and not callable(getattr(value, "__func__", value)):
                owners.setdefault(name, []).append(variant)
    for name, several in owners.items():
        related = all(issubclass(a, b) or issubclass(b, a) for a in several for b in several)
        assert related or name == "before", (name, several)


# The command line


@pytest.fixture
def adapter(tmp_path):
    """The template in NumPy, as a file."""
    return write("adapter", str(tmp_path / "mine.py"))


def broken(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_template_conforms_and_verifies(adapter, capsys):
    assert main(["conform", str(adapter), *[word for key in QUICK for word in ("--only", key)], "-v"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("MySAM: 4 pass")
    cell = ["--theorem", "unified-sam/3.4", "--sampling", "full", "--lam", "0.5", "--steps", "5"]
    assert main(["verify", "ridge", *cell, "--method", f"{adapter}:MySAM"]) == 0
    assert main(["verify", "ridge", *cell, "--method", str(adapter)]) == 0
    broken(adapter, "x - self.gamma", "x + self.gamma")
    assert main(["verify", "ridge", *cell, "--method", f"{adapter}:MySAM"]) == 1


def test_a_mistake_has_exit_code_1_and_a_document_without_times(adapter, capsys):
    broken(adapter, "x + factor * block", "x - factor * block")
    assert main(["conform", str(adapter), "--json", "--only", "trajectory"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "samtheory.conform/1"
    (found,) = document["adapters"]
    assert found["name"] == "MySAM"
    assert found["counts"] == {"fail": 1}
    assert found["checks"][0]["diagnosis"] == "wrong sign"
    assert str(adapter) not in json.dumps(document)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"lam", "momentum"', '"lam", "momentun"', "momentun: no such MySAM: supports: did you mean momentum?"),
        ("def load", "def lode", "method load is missing"),
        ("return self.x", "return self.x[:2]", "2 blocks: must be 4"),
        ("return self.x", "return [x.ravel() for x in self.x]", "block 0 of shape (6,): must be (2, 3)"),
        ("oracle(self.x)", "oracle(self.x[0])", "oracle"),
        ("class MySAM", "import nothing_of_that_name\n\n\nclass MySAM", "nothing_of_that_name"),
        ("def step", "def stepp", "defines no adapter"),
    ],
)
def test_bad_adapters_are_one_line(adapter, capsys, old, new, message):
    broken(adapter, old, new)
    assert main(["conform", str(adapter)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize(
    "words",
    [["--only", "momentums"], ["--adapter", "Mine"], ["--list"], ["--self-test"], ["--markdown"]],
)
def test_bad_arguments_are_one_line(adapter, capsys, words):
    assert main(["conform", str(adapter), *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_an_adapter_prints_is_not_in_the_document(adapter, capsys):
    broken(adapter, '"""One step, both passes."""', 'print("noise")')
    assert main(["conform", str(adapter), "--json", "--only", "starts"]) == 0
    out, err = capsys.readouterr()
    json.loads(out)
    assert "noise" in err


def test_the_list_has_every_check_and_every_variant(capsys):
    assert main(["conform", "--list"]) == 0
    out = capsys.readouterr().out
    assert [key for key in checks() if f"  {key} " not in out] == []
    assert [variant.name for variant in variants() if variant.name not in out] == []


# Python and pytest


def test_an_exception_is_a_failure_and_blocks_what_follows():
    class Raises(Flat):
        def step(self, oracle):
            raise RuntimeError("no closure\nsecond line")

    records = check_optimizer(Raises, on_fail=None)
    assert [record.check for record in records if record.status == "fail"] == ["starts"]
    assert records[0].message == "step 1: RuntimeError: no closure"
    assert {record.status for record in records[1:]} == {"blocked", "na"}


def test_expected_failures_are_strict():
    class Known(ForgetsMomentum):
        expected_failures = {"resume": "the buffer is not saved", "points": "none"}  # noqa: RUF012

    found = {record.check: record.status for record in check_optimizer(Known, on_fail=None)}
    assert (found["resume"], found["points"], found["trajectory"]) == ("xfail", "xpass", "pass")
    with pytest.raises(ConformanceError, match="passes, but is listed"):
        check_optimizer(Known)


def test_a_failure_is_told_in_full():
    with pytest.raises(ConformanceError, match="norm per parameter") as raised:
        check_optimizer(PerTensor, only="trajectory")
    for words in ("PerTensor: trajectory", "off by", "step 1", "samtheory conform", "--only trajectory"):
        assert words in str(raised.value)
    with pytest.warns(UserWarning, match="norm per parameter"):
        check_optimizer(PerTensor, only="trajectory", on_fail="warn")


def test_a_refusal_of_rho_zero_is_no_failure():
    class Refuses(Flat):
        def build(self, blocks, **settings):
            if settings["rho"] == 0:
                raise ValueError("rho must be above 0")
            super().build(blocks, **settings)

    (record,) = check_optimizer(Refuses, only=["rho-zero"])
    assert record.status == "refused"


@parametrize_with_checks([Flat])
def test_the_decorator_gives_each_check(adapter, check):
    check(adapter)


def test_the_verb_reports_rows_and_strictness():
    report = st.conform(Flat)
    assert report.conforms
    assert len(list(report.records())) == len(checks())
    assert not st.conform(Flat, strictly=True).conforms, "the norm underflows"


def test_bad_arguments_of_python():
    for bad in (Flat(), 3, dict):
        with pytest.raises(InputError, match="a class with build, step and params"):
            check_optimizer(bad)
    with pytest.raises(InputError, match="no such only"):
        check_optimizer(Flat, only=["trajectoryy"])
    with pytest.raises(InputError, match="on_fail=never"):
        check_optimizer(Flat, on_fail="never")


# An adapter as a method


def test_an_adapter_without_lam_is_run_at_lam_1_alone():
    assert st.verify("two-quadratics", "full", "unified-sam/3.4", lam=1.0, method=Flat, steps=5).holds
    with pytest.raises(InputError, match="must be 1, as the adapter does not declare lam"):
        st.verify("two-quadratics", "full", "unified-sam/3.4", lam=0.5, method=Flat, steps=5)


def test_the_state_of_an_adapter_is_part_of_its_run():
    """A gradient of the step before, wrong from the second step on, is seen along a trajectory."""

    class Stale(Flat):
        last = 0.0

        def step(self, oracle):
            g = self.grad(oracle, self.x)
            first, self.last = isinstance(self.last, float), self.grad(oracle, self.x + self.ascent(g))
            self.descend(self.last if first else self.last + 1000.0)

        def split(self, x):
            return [x]

    verdict = st.verify("two-quadratics", "full", "unified-sam/3.4", lam=1.0, method=Stale, steps=20)
    assert not verdict.holds


@pytest.mark.parametrize("framework", ["torch", "optax"])
def test_templates_of_frameworks_conform_where_these_are_installed(framework, tmp_path, capsys):
    pytest.importorskip(framework)
    path = write(f"adapter-{framework}", str(tmp_path / "mine.py"))
    assert main(["conform", str(path)]) == 0


@pytest.mark.parametrize("kind", ["adapter", "adapter-torch", "adapter-optax"])
def test_an_adapter_takes_at_most_20_lines(kind, tmp_path):
    text = write(kind, str(tmp_path / "mine.py")).read_text(encoding="utf-8")
    lines = [line.strip() for line in text[text.index("class MySAM") :].splitlines()]
    assert len([line for line in lines if line and not line.startswith(('"""', "#"))]) <= 20
