"""One order of outcomes, and the exit code that follows from it."""

import json
import pickle

from hypothesis import given
from hypothesis import strategies as st

from samtheory.status import Status, exit_code, worst_of

statuses = st.lists(st.sampled_from(Status), min_size=1)


@given(statuses, statuses)
def test_the_worst_of_two_groups_is_the_worst_of_their_worst(left, right):
    assert worst_of([*left, *right]) == worst_of([worst_of(left), worst_of(right)])
    assert worst_of(left) in left
    assert all(worst_of(left).rank <= each.rank for each in left)


@given(statuses)
def test_the_exit_code_is_that_of_the_worst(found):
    assert exit_code(found) == exit_code([worst_of(found)])


def test_every_failure_is_worse_than_undecided_and_everything_else_is_better():
    for status in Status:
        assert exit_code([status]) == {True: 1, False: 3 if status is Status.UNDECIDED else 0}[status.failed]
        assert status.failed == (status.rank < Status.UNDECIDED.rank)


def test_a_status_is_the_string_of_the_documents():
    for status in Status:
        assert json.loads(json.dumps(status)) == status == str(status)
        assert Status(status.value) is pickle.loads(pickle.dumps(status)) is status  # noqa: S301
