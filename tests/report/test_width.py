"""Tables and texts fit the terminal: 80 columns, and fewer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from samtheory import cli
from samtheory.catalogue import theorems
from samtheory.report.tables import ROOM, aligned

WORDS = some.text("abc", min_size=1, max_size=12)
TABLES = some.integers(1, 9).flatmap(
    lambda columns: some.lists(some.lists(WORDS, min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@given(rows=TABLES, width=some.integers(60, 100), indent=some.integers(0, 2))
def test_no_line_is_wider_and_no_word_is_lost(rows, width, indent):
    lines = list(aligned(rows, width, indent))
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == [word for row in rows for word in row]
    starts = [{line.find(row[0]) for line in lines if line.startswith(" " * indent + row[0])} for row in rows]
    assert all(indent in found for found in starts)


def test_a_table_that_fits_is_not_folded():
    rows = [["a", "b" * ROOM, "c d"], ["aa", "b", "c"]]
    assert list(aligned(rows, 60)) == ["a   " + "b" * ROOM + "  c d", "aa  b" + " " * ROOM + " c"]


@pytest.mark.parametrize(
    "words",
    [
        "compare ridge --sampling uniform --lam 0.5 --epsilon 0.01 --steps 100",
        "rates ridge --sampling uniform --lam 0.5",
        "verify ridge --theorem unified-sam/3.2 --sampling full --lam 0.5 --steps 5 --workers 1",
        "list",
        *(f"explain {key}" for key in list(theorems())[::11]),
    ],
)
def test_commands_keep_to_eighty_columns(words, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    cli.main(words.split())
    out, err = capsys.readouterr()
    for line in (out + err).splitlines():
        assert len(line) <= 80 or " " not in line.strip(), line
