"""Pictures: drawn from the committed numbers, the same bytes each time, with labels that do not overlap."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context

from samtheory import figures
from samtheory.figures import style
from samtheory.figures.base import KINDS, Numbers, read
from samtheory.io import drawing

COMMITTED = Path(__file__).parents[2] / "figures"
NAMES = figures.names()
SMALLEST = "fig4"


def drawn(name):
    """The bytes of a figure in every format, from its committed numbers."""
    with rc_context(style.RC):
        picture = figures.module(name).draw(Numbers.from_json(read(COMMITTED / f"{name}.json")))
    return [drawing.content(picture, kind) for kind in KINDS]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_from_its_committed_numbers_and_the_smallest_to_the_same_bytes(name):
    images = drawn(name)
    assert all(0 < len(content) < 600_000 for content in images)
    assert name != SMALLEST or drawn(name) == images


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.floats(0.01, 0.07))
def test_labels_are_moved_apart_in_order(heights, gap):
    wished = np.array(heights)
    placed = style.spread(wished, gap)
    order = np.argsort(wished, kind="stable")
    assert (np.diff(placed[order]) >= gap - 1e-9).all()
    assert placed.max() <= 1 + 1e-9
    if len(wished) > 1 and np.diff(wished[order]).min() >= gap:
        assert placed == pytest.approx(wished)
