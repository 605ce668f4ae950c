"""The law of columns: they are what the calendar says row by row, on every calendar and for every column."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.coverage import AnyCoverage
from supportcontracts.interop.columnar import due_many, elapsed_many, is_open_many
from supportcontracts.testing import strategies
from supportcontracts.timeline import epoch

calendars = strategies.coverages(beyond="report") | strategies.combined_coverages(operation="union", beyond="report")


@st.composite
def columns(draw: st.DrawFn) -> tuple[AnyCoverage, list[int]]:
    """Draw a calendar and a column of instants, some of them long enough for the guide to the edges."""
    calendar = draw(calendars)
    few = [epoch(at) for at in draw(st.lists(strategies.instants_near(calendar), min_size=1, max_size=5))]
    step = draw(st.sampled_from([0, 0, 1_800, 7_001]))
    return calendar, [*few, *range(min(few), min(few) + 400 * step, step)] if step else few


@pytest.mark.rule("K5", "K6", "K7")
@given(columns(), st.data())
def test_columns_answer_as_the_calendar_does(case: tuple[AnyCoverage, list[int]], data: st.DataObject) -> None:
    """Due in both directions, elapsed and open are exactly the scalar answers."""
    calendar, at = case
    amounts = data.draw(
        st.lists(st.integers(0, 40 * 3600) | st.just(0), min_size=len(at), max_size=len(at))
        if len(at) < 10
        else st.integers(0, 40 * 3600).map(lambda most: [n * most // len(at) for n in range(len(at))])
    )
    column = np.array(at, np.int64)
    due = [calendar.due_epoch(start, amount) for start, amount in zip(at, amounts, strict=True)]
    assert due_many(calendar, column, amounts).tolist() == due
    assert due_many(calendar, column.view("datetime64[s]"), amounts).view(np.int64).tolist() == due
    back = [calendar.due_back_epoch(start, amount) for start, amount in zip(at, amounts, strict=True)]
    assert due_many(calendar, column, amounts, direction="backwards").tolist() == back
    ends = at[::-1]
    lasted = [calendar.elapsed_epoch(start, end) for start, end in zip(at, ends, strict=True)]
    assert elapsed_many(calendar, column, ends).tolist() == lasted
    assert is_open_many(calendar, column).tolist() == [calendar.is_open_epoch(each) for each in at]
