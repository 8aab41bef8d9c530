"""Tables for files and papers: what is written is what was measured, and no text breaks the format."""

import csv
import io
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory.io import tables

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=12)
numbers = st.floats(allow_nan=False) | st.integers(-(10**18), 10**18)
rows = st.lists(
    st.fixed_dictionaries({"name": texts, "rho": numbers, "N": st.none() | numbers}), min_size=1, max_size=4
)


@given(rows)
def test_csv_reads_back_as_the_same_numbers(made):
    for row, read in zip(made, csv.DictReader(io.StringIO(tables.csv(made))), strict=True):
        assert read["name"] == row["name"]
        assert float(read["rho"]) == float(row["rho"])
        assert read["N"] == "" if row["N"] is None else float(read["N"]) == float(row["N"])


@given(rows)
def test_every_line_of_markdown_has_every_column(made):
    lines = tables.markdown(made).splitlines()
    assert len(lines) == len(made) + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {4}


@given(rows)
def test_every_row_of_latex_has_every_column_and_its_mathematics_closes(made):
    body = re.search(r"\\midrule\n(.*)\\bottomrule", tables.latex(made), re.DOTALL)[1]
    lines = body.removesuffix(" \\\\\n").split(" \\\\\n")
    assert len(lines) == len(made)
    for line in lines:
        assert len(re.findall(r"(?<!\\)&", line)) == 2
        assert len(re.findall(r"(?<!\\)\$", line)) % 2 == 0
        assert not re.search(r"(?<!\\)[%#]", line)


@pytest.mark.parametrize(
    ("value", "digits"), [(1.2e-7, r"$1.2 \times 10^{-7}$"), (math.inf, r"$\infty$"), (1234567, r"1\,234\,567")]
)
def test_numbers_in_latex(value, digits):
    assert f"{digits} " in tables.latex([{"rho": value}])


def test_columns_that_are_empty_are_left_out():
    assert tables.filled([{"a": 1, "b": None}, {"a": None, "b": None}]) == [{"a": 1}, {"a": None}]
    assert tables.filled([]) == []
    assert tables.csv([]) == "\n"
