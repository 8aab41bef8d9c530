"""Every result through the front door: one line as text, a table in a notebook, plain data, a data frame, a pickle."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import chromium
import numpy as np
import pytest
from matplotlib.figure import Figure

import samtheory as st
from samtheory.io import json as documents
from samtheory.io.html import Html, fill
from samtheory.io.result import LONGEST, Result


def brackets() -> Result:
    """Worst cases, where the extra `tightness` is installed."""
    pytest.importorskip("clarabel", reason="the extra `tightness`")
    return st.tightness("ours/usam-convex", [10, 100], 0.0, rho=0.1, gamma=1.0, certify=True)


MAKERS: dict[str, Callable[[], Result]] = {
    "check": lambda: st.check("two-quadratics", ["uniform", "full"]),
    "compare": lambda: st.compare("ridge", steps=200),
    "estimate": lambda: st.estimate("ridge"),
    "explain": lambda: st.explain("ours/tight"),
    "falsified": lambda: st.falsify("unified-sam/3.2/as-printed", budget=20),
    "falsify": lambda: st.falsify("unified-sam/3.2", budget=0.5),
    "prove": lambda: st.prove(["unified-sam/3.2", "unified-sam/3.4"]),
    "rates": lambda: st.rates("ridge", epsilon=1),
    "run": lambda: st.run("ridge", gamma=0.01, rho=0.01, steps=100, trials=3),
    "tightness": brackets,
    "verify": lambda: st.verify("ridge", theorem="unified-sam/3.2"),
}

result = cache(lambda name: MAKERS[name]())


@pytest.fixture(params=MAKERS)
def found(request):
    return result(request.param)


def test_a_result_is_one_line_in_a_shell(found):
    assert repr(found).startswith(f"<{type(found).__name__}: ")
    assert len(repr(found)) <= LONGEST
    assert "\n" not in repr(found)


class Cells(HTMLParser):
    """The text of the body's cells, and whether every tag is one that a table needs."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.tags = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_a_result_is_a_table_in_a_notebook(found):
    """The first rows without columns that are empty in all of them; one row upright, a line for each column."""
    shown = Cells(found._repr_html_())
    assert shown.tags <= {"table", "thead", "tbody", "tr", "th", "td", "p", "div"}
    records = list(found.records())
    assert records
    names = [name for name in records[0] if any(record[name] is not None for record in records[:60])]
    if len(records) == 1:
        assert [row[0] for row in shown.rows] == names
    else:
        assert shown.rows[0] == names
        assert len(shown.rows) - 1 == min(len(records), 60)
    assert len({len(row) for row in shown.rows}) == 1


@pytest.mark.skipif(chromium.find() is None, reason="no Chromium")
def test_results_fit_a_narrow_page(tmp_path):
    """500 pixels: what is wider scrolls by itself."""
    page = tmp_path / "results.html"
    known = [result(name) for name in MAKERS if name != "tightness"]
    page.write_text("<!doctype html><meta charset=utf-8>" + "".join(each._repr_html_() for each in known), "utf-8")
    with chromium.Page(page.as_uri(), tmp_path / "profile") as shown:
        size = {"width": 500, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        shown.call("Emulation.setDeviceMetricsOverride", **size)
        assert shown.evaluate("document.documentElement.scrollWidth") <= 500
        assert shown.evaluate("[...document.querySelectorAll('div')].some(each => each.scrollWidth > each.clientWidth)")


def test_a_result_is_plain_data(found):
    document = found.to_json()
    text = documents.text(document)
    assert json.loads(text)
    assert type(document) is dict


def test_a_result_pickles(found):
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - its own
    assert type(again) is type(found)
    assert documents.text(again.to_json()) == documents.text(found.to_json())


def test_a_result_is_a_data_frame(found):
    pytest.importorskip("pandas", reason="pandas, the extra `frame`")
    frame, records = found.to_frame(), list(found.records())
    assert list(frame.columns) == list(records[0])
    assert len(frame) == len(records)


def test_a_data_frame_without_pandas_names_the_extra(found, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(st.MissingExtra, match=r"samtheory\[frame\]"):
        found.to_frame()


def test_curves_as_a_table_are_the_curves():
    curves = result("run")
    records = list(curves.records())
    assert np.array_equal([row["gap"] for row in records], curves.gap.ravel())
    assert [row["t"] for row in records] == curves.t.tolist() * 3


def test_a_verdict_is_plotted():
    verdict = result("verify")
    axes = Figure().subplots()
    assert verdict.plot(axes) is axes
    measured, bound, *_ = (line.get_ydata() for line in axes.get_lines())
    assert len(measured) == len(verdict.curve[0])
    assert (measured <= bound).all()
    with pytest.raises(st.NotApplicable, match="no run"):
        replace(verdict, evidence=()).plot()


def test_rates_are_plotted():
    table = st.rates("ridge", theorem=["3.2", "ours/tight", "3.7"], epsilon=1.0)
    axes = table.plot(Figure().subplots())
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert set(lines) == {"unified-sam/3.2", "ours/tight"}  # 3.7 bounds a gradient
    last = lines["unified-sam/3.2"].get_ydata()[-1]
    assert last == pytest.approx(table.rates[0].plan.neighbourhood, rel=0.2)
    with pytest.raises(st.NotApplicable, match="delta0"):
        st.rates(constants={"mu": 0.1, "L_max": 1, "A": 1, "B": 0, "C": 0}, theorem="3.2").plot()


def test_a_comparison_is_plotted():
    table = st.compare("ridge", theorem=["3.2", "ours/tight"], steps=0)
    axes = table.plot(Figure().subplots())
    assert [label.get_text() for label in axes.get_yticklabels()] == [row.choice.theorem.key for row in table.rows]
    ends = {float(value) for line in axes.get_lines() for value in line.get_xdata()}
    assert {row.choice.iterations for row in table.rows} <= ends


def test_the_report_counts_a_constant_that_no_sampling_changes_once():
    names = [(row["constant"], row["sampling"]) for row in result("check").records()]
    assert len(names) == len(set(names))
    assert names.count(("L", None)) == 1
    assert {sampling for _, sampling in names} == {None, "uniform", "full"}


@pytest.mark.parametrize("text", ["<script>", "a & b", "'\"", "</td>"])
def test_templates_escape_what_is_not_html(text):
    shown = fill("<tr><td>$text<td>$parts</tr>", text=text, parts=[fill("<b>$text</b>", text=text), text])
    assert isinstance(shown, Html)
    parser = Cells(shown)
    assert parser.tags == {"tr", "td", "b"}
    assert parser.rows == [[text, text + text]]
