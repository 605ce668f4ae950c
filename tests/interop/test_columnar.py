"""Columns of instants: what comes in and out, what is refused, and the extra that they need."""

import importlib
import sys
from collections.abc import Callable

import numpy as np
import pytest

from supportcontracts.coverage import Coverage, Holidays, Override
from supportcontracts.errors import BeyondHorizon, FloatRefused, InvalidValue, MissingExtra, NeverOpen
from supportcontracts.interop.columnar import due_many, elapsed_many, is_open_many
from supportcontracts.quantity import hours
from tests.value_checks import refused

office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
late = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", closing="next-opening")
FRIDAY = np.array(["2025-03-28T15:00", "2025-03-28T15:59:59", "2025-03-28T16:00", "2025-03-30T12:00"], "datetime64[s]")
SECONDS = FRIDAY.view(np.int64)


def test_due_of_a_column() -> None:
    """An hour from Friday 16:00, 16:59:59, 17:00 and Sunday, in Berlin, whose clocks change on that Sunday."""
    expected = ["2025-03-28T16:00:00", "2025-03-31T07:59:59", "2025-03-31T08:00:00", "2025-03-31T08:00:00"]
    assert due_many(office, FRIDAY, hours(1)).tolist() == np.array(expected, "datetime64[s]").tolist()
    across = ["2025-03-31T07:00:00", *expected[1:]]
    assert due_many(late, FRIDAY, 3600).tolist() == np.array(across, "datetime64[s]").tolist()


def test_due_of_a_column_backwards() -> None:
    """From Monday 10:00 an hour back is Monday's opening, or with the other convention Friday's closing."""
    monday = np.array(["2025-03-31T08:00", "2025-03-31T08:30"], "datetime64[m]")
    back = due_many(office, monday, 3600, direction="backwards")
    assert back.tolist() == np.array(["2025-03-31T07:00", "2025-03-31T07:30"], "datetime64[s]").tolist()
    back = due_many(late, monday, 3600, direction="backwards")
    assert back.tolist() == np.array(["2025-03-28T16:00", "2025-03-31T07:30"], "datetime64[s]").tolist()


def test_targets_may_differ_by_row_and_be_zero() -> None:
    """Each row has its own target; one of zero is due at its start, inside cover or not."""
    found = due_many(office, SECONDS, [0, 0, 1, 0])
    assert (found - SECONDS).tolist() == [0, 0, (8 + 31 + 24) * 3600 - 0 + 1, 0]
    assert due_many(office, SECONDS, 0).tolist() == SECONDS.tolist()
    assert found.dtype == np.int64


def test_elapsed_and_open_of_a_column() -> None:
    """Elapsed is signed; a closing is no longer open."""
    assert elapsed_many(office, SECONDS, SECONDS[::-1]).tolist() == [3600, 1, -1, -3600]
    three_days = SECONDS + 3 * 86_400  # Monday 17:00, 17:59:59 and 18:00, and Wednesday 14:00
    assert elapsed_many(office, SECONDS, three_days).tolist() == [9 * 3600, 8 * 3600 + 1, 8 * 3600, 21 * 3600]
    assert is_open_many(office, FRIDAY).tolist() == [True, True, False, False]


def test_edges_that_are_spread_unevenly() -> None:
    """A day with many short windows in a quiet year is answered like any other."""
    minutes = " ".join(f"12:{minute:02}-12:{minute + 1:02}" for minute in range(0, 60, 2))
    busy = Coverage(
        "closed",
        zone="UTC",
        overrides=[
            Override("2025-01-06", minutes, effect="opens"),
            Override("2025-12-01", "00:00-24:00", effect="opens"),
        ],
    )
    start = 1_736_121_600  # 2025-01-06
    at = np.arange(start, start + 300 * 86_400, 86_400 // 2)
    assert elapsed_many(busy, np.full(len(at), start), at).tolist() == [
        busy.elapsed_epoch(start, end) for end in at.tolist()
    ]
    assert due_many(busy, at, 1).tolist() == [busy.due_epoch(each, 1) for each in at.tolist()]


def test_fractions_of_an_instant_are_dropped_downwards() -> None:
    """A fraction of a second belongs to the second before it, before 1970 too (rule D4)."""
    times = np.array(["2025-03-28T15:59:59.999", "1969-12-31T23:59:59.001"], "datetime64[ms]")
    day = Coverage("24x7", zone="UTC")
    assert due_many(day, times, 1).tolist() == np.array(["2025-03-28T16:00", "1970-01-01"], "datetime64[s]").tolist()


def test_other_whole_columns() -> None:
    """Lists of whole numbers, other widths of integers, and columns without rows are read too."""
    assert due_many(office, SECONDS.tolist(), [3600]).tolist() == due_many(office, SECONDS, 3600).tolist()
    assert is_open_many(office, SECONDS.astype(np.uint32)).tolist() == [True, True, False, False]
    nothing = np.zeros(0, "datetime64[ns]")
    assert due_many(office, nothing, 3600).dtype == np.dtype("datetime64[s]")
    assert due_many(office, [], 3600).tolist() == elapsed_many(office, [], []).tolist() == []
    assert is_open_many(office, nothing).tolist() == []


Many = Callable[[], object]


@pytest.mark.parametrize(
    ("ask", "kind", "words"),
    [
        (lambda: due_many(office, SECONDS.astype(float), 1), FloatRefused, ["array of float64", "int64 seconds"]),
        (lambda: due_many(office, SECONDS, np.array([0.5])), FloatRefused, ["array of float64"]),
        (lambda: due_many(office, np.array(["NaT"], "datetime64[s]"), 1), InvalidValue, ["NaT at 0"]),
        (lambda: is_open_many(office, SECONDS.reshape(2, 2)), InvalidValue, ["shape (2, 2)"]),
        (lambda: is_open_many(office, np.array([True])), InvalidValue, ["an array of bool"]),
        (lambda: is_open_many(office, np.array(["2025-01-01"])), InvalidValue, ["datetime64 in UTC"]),
        (lambda: due_many(office, SECONDS, [1, 2]), InvalidValue, ["2 targets for 4 starts"]),
        (lambda: due_many(office, SECONDS, -1), InvalidValue, ["at least 0 was expected"]),
        (lambda: due_many(office, SECONDS, 1, direction="up"), InvalidValue, ['"forwards" or "backwards"']),  # type: ignore[arg-type]  # the mistake
        (lambda: elapsed_many(office, SECONDS, SECONDS[1:]), InvalidValue, ["4 starts and 3 ends"]),
        (lambda: is_open_many(office, [8 * 10**9]), BeyondHorizon, ["years 1900 to 2199"]),
        (lambda: due_many(office, SECONDS, 10**10), BeyondHorizon, ["2025-03-28 17:00"]),
        (lambda: due_many(office - office, SECONDS + 5 * 10**9, 1), NeverOpen, ["no opening"]),
    ],
)
def test_what_is_no_column_or_has_no_answer_is_refused(ask: Many, kind: type[InvalidValue], words: list[str]) -> None:
    """Floats, gaps and other shapes are refused, and so are instants that the calendar would refuse."""
    refused(ask, kind, *words)


def test_a_row_beyond_the_known_holidays_refuses_the_column() -> None:
    """One question about a year whose holidays are not listed is enough."""
    known = Coverage("mon-fri 09:00-17:00", zone="UTC", holidays=Holidays(["2025-12-25"], years=2025))
    assert due_many(known, SECONDS, 3600)[0] == SECONDS[0] + 3600
    refused(lambda: due_many(known, [*SECONDS, 1_767_225_600], 3600), BeyondHorizon, "known for 2025 only")


def test_a_small_target_near_the_end_of_what_is_known_needs_no_more() -> None:
    """A large target in an early row and a small one in a late row do not add up."""
    known = Coverage("24x7", zone="UTC", holidays=Holidays(["2025-12-25"], years=2025))
    late_row = 1_767_225_600 - 3600  # an hour before the end of 2025
    found = due_many(known, [SECONDS[0], late_row], [100 * 86_400, 3600])
    assert found.tolist() == [SECONDS[0] + 100 * 86_400, 1_767_225_600]


def test_without_numpy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the module without numpy says which extra to install."""
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "supportcontracts.interop.columnar")
    with pytest.raises(MissingExtra, match=r"supportcontracts\[columnar\]") as caught:
        importlib.import_module("supportcontracts.interop.columnar")
    assert caught.value.name == "numpy"
