"""Tables of a helpdesk become events, and every row that cannot is named by its line."""

import csv
import importlib
import io
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts import (
    Acknowledged,
    Cancelled,
    Classified,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    MarkedDuplicate,
    Merged,
    Money,
    Notified,
    Opened,
    Price,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    TierChanged,
    Triaged,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkaroundProvided,
    WorkEntry,
    Zone,
    hours,
    incidents,
    minutes,
    seconds,
)
from supportcontracts.errors import InvalidDocument, InvalidValue, Problem
from supportcontracts.interop.tables import (
    RowProblem,
    Table,
    WorkTable,
    read_items_csv,
    read_purchases_csv,
    read_tickets_csv,
    read_work_csv,
)

BERLIN = Zone("Europe/Berlin")
at = BERLIN.at


def work(text: str, **options: Any) -> WorkTable:
    """Read work entries of Berlin from a text."""
    return read_work_csv(text.strip().splitlines(), zone=BERLIN, **options)


def problem_of(cells: str, header: str = "id,started_at,customer,minutes", **options: Any) -> str:
    """Read one row, which must fail for one reason, and return that."""
    table = work(f"{header}\n{cells}", **options)
    assert table.entries == ()
    [problem] = table.problems
    return str(problem)


# What is read


@pytest.mark.rule("D4", "M1")
def test_a_row_is_an_entry_with_everything_that_its_cells_say() -> None:
    """Each field of a work entry has a column, read in the spelling that exports use."""
    table = work(
        "id,started_at,customer,minutes,recorded_at,contract,ticket,product,severity,channel,role,work_type,technician,"
        "window,response,billable,rate,note\n"
        "W-1,2025-07-01 09:00,elm,90,2025-07-03 08:15:30,C-1,T-1,atlas,2,phone,senior,repair,ines,night,urgent,"
        'no,140 EUR/h,"import, slow"'
    )
    assert table.problems == ()
    assert table.entries == (
        WorkEntry(
            "W-1",
            at("2025-07-01 09:00"),
            customer="elm",
            worked=minutes(90),
            recorded_at=at("2025-07-03 08:15:30"),
            contract="C-1",
            ticket="T-1",
            product="atlas",
            severity=2,
            channel="phone",
            role="senior",
            work_type="repair",
            technician="ines",
            window="night",
            response="urgent",
            billable="non-billable",
            rate=Price("140 EUR/h"),
            note="import, slow",
        ),
    )


@pytest.mark.parametrize(
    ("header", "cell", "worked"),
    [
        ("minutes", "90", 5400),
        ("minutes", "7.5", 450),
        ("minutes", "0", 0),
        ("hours", "1.75", 6300),
        ("hours", "0.33", 1188),
        ("seconds", "59", 59),
        ("worked", "1:30", 5400),
        ("worked", "100:00:01", 360_001),
        ("worked", "1h 30m", 5400),
        ("worked", "PT45M", 2700),
        ("ended_at", "2025-07-01 10:30", 5400),
        ("ended_at", "2025-07-02 00:00", 54_000),
        ("ended_at", "2025-07-01 09:00", 0),
    ],
)
def test_worked_time_is_said_in_one_of_five_ways(header: str, cell: str, worked: int) -> None:
    """Minutes, hours and seconds are exact decimals; a clock reading or an end says the same."""
    table = work(f"id,started_at,customer,{header}\nW-1,2025-07-01 09:00,elm,{cell}")
    assert [entry.worked for entry in table.entries] == [seconds(worked)]


@pytest.mark.rule("D4")
@pytest.mark.parametrize(
    ("rounding", "cell", "worked"),
    [
        ("half-up", "0.333", 1199),  # 1198.8 seconds
        ("up", "0.333", 1199),
        ("down", "0.333", 1198),
        ("half-up", "0.00125", 5),  # 4.5 seconds
        ("half-up", "0.001249", 4),
        ("up", "0.25", 900),
        ("down", "0.25", 900),
        ("up", "0.2500001", 901),
    ],
)
def test_decimal_hours_become_whole_seconds_by_the_stated_rounding(rounding: str, cell: str, worked: int) -> None:
    """Hours that are not whole seconds go to the nearest, next or last second, as the caller states."""
    table = work(f"id,started_at,customer,hours\nW-1,2025-07-01 09:00,elm,{cell}", hours_rounding=rounding)
    assert [entry.worked.seconds for entry in table.entries] == [worked]


@pytest.mark.rule("D4", "D12")
@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2025-07-01 09:00", "2025-07-01 07:00:00"),
        ("2025-07-01T09:00:30", "2025-07-01 07:00:30"),
        ("2025-07-01T09:00:30.999Z", "2025-07-01 09:00:30"),
        ("2025-07-01 09:00-05:00", "2025-07-01 14:00:00"),
        ("2025-10-26 02:30+02:00", "2025-10-26 00:30:00"),
        ("2025-10-26 02:30+01:00", "2025-10-26 01:30:00"),
        ("2025-07-01", "2025-06-30 22:00:00"),
    ],
)
def test_times_are_local_unless_they_end_in_an_offset(cell: str, meant: str) -> None:
    """A time without offset is one of the zone, a fraction of a second is dropped, and a date is its first instant."""
    [entry] = work(f"id,started_at,customer,minutes\nW-1,{cell},elm,5").entries
    assert entry.at == Zone("UTC").at(meant)


def test_an_end_counts_the_seconds_that_really_passed() -> None:
    """Over the hour that the clocks skip or repeat, work from 1 to 4 lasts two hours, or four."""
    table = work(
        "id,started_at,customer,ended_at\n"
        "W-1,2025-03-30 01:00,elm,2025-03-30 04:00\n"
        "W-2,2025-10-26 01:00,elm,2025-10-26 04:00"
    )
    assert [entry.worked for entry in table.entries] == [hours(2), hours(4)]


def test_several_cells_may_say_how_long_if_they_agree() -> None:
    """Minutes beside an end are checked against it, and neither wins."""
    table = work(
        "id,started_at,customer,minutes,ended_at\n"
        "W-1,2025-07-01 09:00,elm,60,2025-07-01 10:00\n"
        "W-2,2025-07-01 09:00,elm,,2025-07-01 10:00\n"
        "W-3,2025-07-01 09:00,elm,60,\n"
        "W-4,2025-07-01 09:00,elm,45,2025-07-01 10:00\n"
        "W-5,2025-07-01 09:00,elm,,"
    )
    assert [(entry.id, str(entry.worked)) for entry in table.entries] == [
        ("W-1", "1h 00m"),
        ("W-2", "1h 00m"),
        ("W-3", "1h 00m"),
    ]
    assert [str(problem) for problem in table.problems] == [
        "line 5: ended_at says 1h 00m, and minutes says 0h 45m; leave the wrong one empty",
        "line 6: minutes or ended_at is empty",
    ]


@pytest.mark.parametrize("word", ["yes", "Yes", "y", "TRUE", "1", "billable", ""])
def test_work_is_billable_in_the_words_of_exports(word: str) -> None:
    """Yes, true, 1 and nothing at all mean billable."""
    [entry] = work(f"id,started_at,customer,minutes,billable\nW-1,2025-07-01,elm,5,{word}").entries
    assert entry.billable == "billable"


@pytest.mark.parametrize("word", ["no", "N", "False", "0", "non-billable", "not billable"])
def test_work_is_not_billable_in_the_words_of_exports(word: str) -> None:
    """No, false and 0 mean not billable."""
    [entry] = work(f"id,started_at,customer,minutes,billable\nW-1,2025-07-01,elm,5,{word}").entries
    assert entry.billable == "non-billable"


def test_columns_name_the_headers_of_an_export_and_leave_out_the_others() -> None:
    """With `columns`, exactly the named columns are read, and any others are left alone."""
    columns = {"id": "Worklog", "started_at": "Started", "customer": "Organisation", "minutes": "Minutes"}
    table = work(
        "Minutes,Organisation,severity,Worklog,Colour,Started\n15,elm,not a number,W-1,red,2025-07-01 09:00",
        columns=columns,
    )
    assert table.problems == ()
    assert table.entries == (WorkEntry("W-1", at("2025-07-01 09:00"), customer="elm", worked=minutes(15)),)


def test_headers_may_be_written_with_blanks_and_capitals() -> None:
    """A header names its field in any case, with blanks, hyphens or underscores."""
    table = work("ID, Started At ,Customer,Work-Type,minutes\nW-1,2025-07-01,elm,repair,5")
    assert table.problems == ()
    assert table.entries[0].work_type == "repair"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_table_comes_as_lines_or_as_a_text(ending: str) -> None:
    """Lines with or without their ends, a whole text, a file: all are the same table."""
    lines = ["\ufeffid,started_at,customer,minutes", "W-1,2025-07-01,elm,5", "", 'W-2,2025-07-01,"el\u2028m",5']
    text = ending.join(lines) + ending
    tables = [
        read_work_csv(lines, zone="Europe/Berlin"),
        read_work_csv(text, zone=BERLIN),
        read_work_csv(io.StringIO(text, newline=""), zone=BERLIN),
    ]
    assert tables[0].problems == ()
    assert [entry.customer for entry in tables[0].entries] == ["elm", "el\u2028m"]
    assert tables[0] == tables[1] == tables[2]


def test_another_delimiter_is_stated() -> None:
    """A table with semicolons is read with `delimiter`, and without it the header says what to state."""
    text = "id;started_at;customer;minutes\nW-1;2025-07-01;elm;5"
    assert len(work(text, delimiter=";").entries) == 1
    assert 'line 1: the header is one column; state delimiter=";"' in map(str, work(text).problems)


def test_cells_with_line_breaks_count_the_lines_of_the_file() -> None:
    """A problem is named by the line on which its row starts, whatever the rows before it hold."""
    table = work('id,started_at,customer,minutes,note\nW-1,2025-07-01,elm,5,"one\ntwo\nthree"\nW-2,2025-07-01,elm,,')
    assert str(table.problems[0]) == "line 5: minutes is empty"


# What is refused


@pytest.mark.parametrize(
    ("header", "cell", "told"),
    [
        ("minutes", "", "minutes is empty"),
        ("minutes", "-15", "minutes is -15, and time is never below zero"),
        ("minutes", "abc", 'minutes "abc": a number was expected'),
        ("minutes", "1e3", 'minutes "1e3": a number was expected'),
        ("minutes", "nan", 'minutes "nan": a number was expected'),
        ("minutes", "0.001", "minutes is 0.001, which is not whole seconds"),
        ("hours", '"1,5"', 'hours "1,5": a decimal point was expected. Write "1.5".'),
        ("seconds", "-1", "seconds is -1, and time is never below zero"),
        ("seconds", "0.5", "seconds is 0.5, which is not whole seconds"),
        ("worked", "1:75", 'worked "1:75": a length of time was expected, as in "1:30" or "1h 30m"'),
        ("worked", "P1D", 'worked "P1D": a length of time was expected, as in "1:30" or "1h 30m"'),
        ("ended_at", "2025-07-01 08:59", "ended_at lies before the start of the work"),
    ],
)
def test_a_length_that_cannot_be_is_a_problem(header: str, cell: str, told: str) -> None:
    """Time that is negative, no number, or ends before it starts is refused, with its line and column."""
    assert problem_of(f"W-1,2025-07-01 09:00,elm,{cell}", f"id,started_at,customer,{header}") == f"line 2: {told}"


@pytest.mark.rule("D4")
def test_decimal_hours_without_a_rounding_say_which_option_to_state() -> None:
    """Hours that are not whole seconds are a problem until somebody states how they are rounded."""
    told = problem_of("W-1,2025-07-01,elm,0.333", "id,started_at,customer,hours")
    assert told == 'line 2: hours is 0.333, which is not whole seconds. State hours_rounding="half-up", "up" or "down".'


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2025-06-31 10:00", '"2025-06-31 10:00": June 2025 has 30 days'),
        ("2025-06-31", '"2025-06-31": June 2025 has 30 days'),
        ("01.07.2025 10:00", '"01.07.2025 10:00": a date and a time were expected, as in'),
        ("2025-07-01 25:00", '"2025-07-01 25:00": a date and a time were expected, as in'),
        ("10:00", '"10:00": a date and a time were expected, as in'),
        (
            "2025-03-30 02:30",
            '"2025-03-30 02:30": in Europe/Berlin the clocks went from 02:00 to 03:00. Write the time',
        ),
        (
            "2025-10-26 02:30",
            '"2025-10-26 02:30": in Europe/Berlin the clocks went back from 03:00 to 02:00. Write its',
        ),
    ],
)
def test_a_time_that_cannot_be_is_a_problem(cell: str, told: str) -> None:
    """A time that is no date, never happened or happened twice is refused, with what to write."""
    assert problem_of(f"W-1,{cell},elm,5").startswith(f"line 2: started_at {told}")


def test_the_hint_for_a_repeated_time_is_one_to_copy_into_the_cell() -> None:
    """What to write is shown as the text of a cell, not as Python."""
    assert problem_of("W-1,2025-10-26 02:30,elm,5").endswith(
        'Write its offset, "2025-10-26 02:30+02:00" for the first or "2025-10-26 02:30+01:00" for the second.'
    )


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("severity", "high", '"high": a whole number from 1 was expected'),
        ("severity", "0", '"0": a whole number from 1 was expected'),
        ("billable", "maybe", '"maybe": yes or no was expected'),
        ("rate", "140", '"140": an amount, its currency and a unit were expected. Write it as in "140 EUR/h".'),
        ("rate", "140 EURO/h", '"140 EURO/h": ISO 4217 lists no such code. Did you mean'),
        ("recorded_at", "yesterday", '"yesterday": a date and a time were expected'),
    ],
)
def test_an_attribute_that_cannot_be_is_a_problem(column: str, cell: str, told: str) -> None:
    """Every cell that is filled is read, and says itself what is wrong with it."""
    found = problem_of(f"W-1,2025-07-01,elm,5,{cell}", f"id,started_at,customer,minutes,{column}")
    assert found.startswith(f"line 2: {column} {told}")


def test_what_only_the_event_can_know_is_a_problem_of_the_row() -> None:
    """A rate per incident reads as a price, and the entry itself says that it is none for work."""
    told = problem_of("W-1,2025-07-01,elm,5,9 EUR/incident", "id,started_at,customer,minutes,rate")
    assert told.startswith("line 2: WorkEntry 'W-1' rate got ")
    assert told.endswith("a price per hour was expected")


def test_all_problems_of_a_row_are_found() -> None:
    """A row with three faults is reported three times, and skipped once."""
    table = work("id,started_at,customer,minutes\n,2025-02-30,elm,-1")
    assert [(problem.line, problem.column) for problem in table.problems] == [
        (2, "id"),
        (2, "started_at"),
        (2, "minutes"),
    ]
    assert (table.rows, table.skipped) == (1, 1)


def test_a_long_cell_is_shown_shortened() -> None:
    """A cell is quoted in one line of bounded length."""
    told = problem_of(f'W-1,"{"x" * 500}\n",elm,5')
    assert '"' + "x" * 60 + '…"' in told
    assert len(told) < 200


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("W-1,2025-07-01,elm", "line 2: has 3 cells, and the header has 4"),
        ("W-1,2025-07-01,elm,5,6", "line 2: has 5 cells, and the header has 4"),
        ('W-1,2025-07-01,"elm" x,5', "line 2: is broken: ',' expected after '\"'"),
        ('W-1,2025-07-01,"elm,5', "line 2: is broken: a quote is opened and never closed"),
    ],
)
def test_a_row_that_is_no_row_is_a_problem(row: str, told: str) -> None:
    """A row with missing cells or broken quotes is refused as a whole."""
    assert problem_of(row) == told


def test_a_broken_row_does_not_lose_the_next() -> None:
    """Reading goes on behind a broken quote."""
    table = work('id,started_at,customer,minutes\nW-1,2025-07-01,"elm" x,5\nW-2,2025-07-01,elm,5')
    assert [entry.id for entry in table.entries] == ["W-2"]
    assert [problem.line for problem in table.problems] == [2]


# The header


@pytest.mark.parametrize("text", ["", "\n\n", " , ,\n"])
def test_an_empty_table_says_which_columns_it_needs(text: str) -> None:
    """A table without header is one problem, which names the columns."""
    table = read_work_csv(text, zone=BERLIN)
    assert (table.rows, table.entries) == (0, ())
    [problem] = table.problems
    assert str(problem) == (
        "line 1: the table is empty; a header was expected that names "
        "id, started_at, customer, minutes, hours, seconds, worked or ended_at"
    )


def test_a_table_without_rows_is_no_problem() -> None:
    """A month without work is a header alone."""
    table = work("id,started_at,customer,minutes")
    assert (table.rows, table.entries, table.problems) == (0, (), ())
    assert table.report == "0 rows: 0 work entries"


def test_a_missing_column_is_one_problem_however_many_rows_there_are() -> None:
    """What the header lacks is said once, and no row is read."""
    table = work("id,started_at,minutes\nW-1,2025-07-01,5\nW-2,2025-07-01,nonsense")
    assert [str(problem) for problem in table.problems] == ["line 1: customer is missing"]
    assert (table.rows, table.skipped, table.entries) == (2, 2, ())


def test_a_missing_length_names_all_its_spellings() -> None:
    """One of the five columns that say how long is enough, and one is needed."""
    assert [str(problem) for problem in work("id,started_at,customer\nW-1,2025-07-01,elm").problems] == [
        "line 1: minutes, hours, seconds, worked or ended_at is missing"
    ]


def test_a_misspelt_column_is_one_problem_that_names_the_near_one() -> None:
    """A column that was meant is not reported as missing as well."""
    assert [str(problem) for problem in work("id,started_at,customr,minutes\nW-1,2025-07-01,elm,5").problems] == [
        'line 1: "customr" is no column of work entries; did you mean "customer"?'
    ]


def test_an_unknown_column_is_a_problem_and_the_rows_are_read() -> None:
    """A column that nobody named is not passed over in silence, and loses no row."""
    table = work("id,started_at,customer,minutes,colour\nW-1,2025-07-01,elm,5,red")
    assert [str(problem) for problem in table.problems] == [
        'line 1: "colour" is no column of work entries; to leave it out, name the columns to read'
    ]
    assert len(table.entries) == 1
    assert table.skipped == 0


def test_a_column_that_stands_twice_is_a_problem() -> None:
    """Of two columns of one name nobody can know which is meant."""
    twice = "id,started_at,customer,minutes,Minutes\nW-1,2025-07-01,elm,5,6"
    assert [str(problem) for problem in work(twice).problems] == ["line 1: Minutes stands twice"]
    columns = {"id": "a", "started_at": "b", "customer": "c", "minutes": "d"}
    table = work("a,b,c,d,d\nW-1,2025-07-01,elm,5,6", columns=columns)
    assert [str(problem) for problem in table.problems] == ["line 1: d stands twice"]


def test_a_named_column_that_is_not_there_is_a_problem() -> None:
    """A header that `columns` names and the file lacks is said with the near one; an optional one loses no row."""
    columns = {"id": "Worklog", "started_at": "Started", "customer": "Organisation", "minutes": "Minutes"}
    header = "Worklog,Started,Organisation,Minuts\nW-1,2025-07-01,elm,5"
    assert [str(problem) for problem in work(header, columns=columns).problems] == [
        'line 1: "Minutes" is missing; did you mean "Minuts"?'
    ]
    table = work("Worklog,Started,Organisation,Minutes\nW-1,2025-07-01,elm,5", columns={**columns, "note": "?"})
    assert [str(problem) for problem in table.problems] == ['line 1: "?" is missing']
    assert len(table.entries) == 1


def test_a_broken_header_is_a_problem() -> None:
    """Without a header nothing is read, and the rows are counted."""
    table = work('id,"started_at" x,customer,minutes\nW-1,2025-07-01,elm,5')
    assert [problem.line for problem in table.problems] == [1]
    assert (table.rows, table.skipped) == (1, 1)


def test_two_fields_may_come_from_one_column() -> None:
    """A ticket number may also be the id of its entry."""
    columns = {"id": "T", "ticket": "T", "started_at": "B", "customer": "C", "minutes": "D"}
    [entry] = work("T,B,C,D\nT-1,2025-07-01,elm,5", columns=columns).entries
    assert (entry.id, entry.ticket) == ("T-1", "T-1")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"id": "a", "started": "b"}, 'Did you mean "started_at"?'),
        ({"id": "a", "xyz": "b"}, "The fields are id, started_at"),
        ({"id": "a", "started_at": "b", "minutes": "d"}, 'Write it as in columns={"customer": "Customer", …}.'),
    ],
)
def test_columns_that_cannot_be_are_the_callers_mistake(columns: dict[str, str], told: str) -> None:
    """A field that does not exist, or is needed and not named, raises at once."""
    with pytest.raises(InvalidValue) as caught:
        work("a,b,c,d", columns=columns)
    assert told in str(caught.value)


def test_other_mistakes_of_the_caller_raise() -> None:
    """Bytes, an unknown rounding and an unknown zone are refused with what to write."""
    with pytest.raises(InvalidValue, match="utf-8-sig"):
        read_work_csv([b"id,started_at"], zone=BERLIN)  # type: ignore[list-item]  # what is refused here
    with pytest.raises(InvalidValue, match='choose "half-up", "up" or "down"'):
        work("id", hours_rounding="nearest")
    with pytest.raises(InvalidValue, match="Europe/Berlin"):
        read_work_csv([], zone="Berlin")
    for delimiter in ("", ";;", '"', "\n"):
        with pytest.raises(InvalidValue, match="one character was expected"):
            work("id", delimiter=delimiter)


# What comes out


def test_the_report_counts_rows_work_and_customers_and_names_lines() -> None:
    """One sentence says what was read, in which steps, for whom and how much; the next lists the problems."""
    table = work(
        "id,started_at,customer,minutes\n"
        "W-1,2025-07-01 09:00,elm,30\nW-2,2025-07-01 10:00,birchwood,45\nW-3,2025-07-01 11:00,elm,\n"
        "W-4,2025-06-31 10:00,elm,15"
    )
    assert table.report == (
        "4 rows: 2 work entries in quarter hours, 2 customers, 1h 15m; 2 rows skipped\n"
        'line 4: minutes is empty · line 5: started_at "2025-06-31 10:00": June 2025 has 30 days'
    )


@pytest.mark.parametrize(
    ("lengths", "told"),
    [
        ((60, 120), "full hours"),
        ((60, 30), "half hours"),
        ((30, 45), "quarter hours"),
        ((15, 7), "minutes"),
        (("0.5", 7), "seconds"),
    ],
)
def test_the_report_names_the_steps_in_which_work_was_recorded(lengths: tuple[Any, Any], told: str) -> None:
    """The widest step of which every entry is a multiple tells how the desk records its time."""
    rows = "\n".join(f"W-{number},2025-07-01,elm,{length}" for number, length in enumerate(lengths))
    assert work(f"id,started_at,customer,minutes\n{rows}").report.startswith(f"2 rows: 2 work entries in {told}, ")


def test_the_report_lists_ten_problems_and_counts_the_rest() -> None:
    """A long list of problems is cut, and says so."""
    rows = "\n".join(f"W-{number},2025-07-01,elm,x" for number in range(1234))
    report = work(f"id,started_at,customer,minutes\n{rows}").report
    assert report.startswith("1,234 rows: 0 work entries; 1,234 rows skipped\n")
    assert report.count("line ") == 10
    assert report.endswith(" · and 1,224 more")


def test_whoever_wants_all_or_nothing_gets_an_error_with_all_problems() -> None:
    """`require_clean` returns a clean table, and raises one error with every path otherwise."""
    clean = work("id,started_at,customer,minutes\nW-1,2025-07-01,elm,5")
    assert clean.require_clean() is clean
    dirty = work("id,started_at,customer,minutes\nW-1,2025-07-01,elm,\nW-2,2025-07-01,elm")
    with pytest.raises(InvalidDocument) as caught:
        dirty.require_clean("usage.csv")
    assert caught.value == InvalidDocument(
        "usage.csv",
        (Problem("line 2, minutes", "is empty"), Problem("line 3", "has 3 cells, and the header has 4")),
    )
    with pytest.raises(InvalidDocument, match="table of work entries has 2 problems"):
        dirty.require_clean()


def test_a_problem_is_data() -> None:
    """A problem has its line, its column and its message, and prints as a sentence."""
    assert str(RowProblem(7, "", "is broken")) == "line 7: is broken"
    assert RowProblem(7, "minutes", "is empty").path == "line 7, minutes"


def test_repeats_are_left_to_rating() -> None:
    """The same id twice is read twice; what it means is decided where contracts are known."""
    table = work("id,started_at,customer,minutes\nW-1,2025-07-01,elm,5\nW-1,2025-07-01,elm,6")
    assert [entry.id for entry in table.entries] == ["W-1", "W-1"]


# Tickets, purchases, charge items


@pytest.mark.rule("I1")
def test_every_happening_of_a_ticket_has_its_word() -> None:
    """Each word of the column `event` is one kind of event, with the attributes that it has."""
    words = (
        "opened", "Responded", "waiting on customer", "customer_replied", "severity-changed", "resolved", "closed",
        "reopened", "cancelled", "merged", "duplicate", "product-defect", "feature-request", "acknowledged", "triaged",
        "notified", "waiting-on-vendor", "resumed", "customer-unreachable", "customer-reachable", "tier-changed",
        "workaround-provided",
    )  # fmt: skip
    rows = "\n".join(
        f"E-{number},2025-07-01 09:00,T-1,{word},elm,2,atlas,phone,T-8,T-9,gold" for number, word in enumerate(words)
    )
    table = read_tickets_csv(f"id,at,ticket,event,customer,severity,product,channel,into,of,tier\n{rows}", zone=BERLIN)
    assert table.problems == ()
    head: dict[str, Any] = {"ticket": "T-1", "customer": "elm"}
    moment = at("2025-07-01 09:00")
    assert table.entries == (
        Opened("E-0", moment, **head, severity=2, product="atlas", channel="phone"),
        Responded("E-1", moment, **head),
        WaitingOnCustomer("E-2", moment, **head),
        CustomerReplied("E-3", moment, **head),
        SeverityChanged("E-4", moment, **head, severity=2),
        Resolved("E-5", moment, **head),
        Closed("E-6", moment, **head),
        Reopened("E-7", moment, **head),
        Cancelled("E-8", moment, **head),
        Merged("E-9", moment, **head, into="T-8"),
        MarkedDuplicate("E-10", moment, **head, of="T-9"),
        Classified("E-11", moment, **head, finding="product-defect"),
        Classified("E-12", moment, **head, finding="feature-request"),
        Acknowledged("E-13", moment, **head),
        Triaged("E-14", moment, **head),
        Notified("E-15", moment, **head),
        WaitingOnVendor("E-16", moment, **head),
        Resumed("E-17", moment, **head),
        CustomerUnreachable("E-18", moment, **head),
        CustomerReachable("E-19", moment, **head),
        TierChanged("E-20", moment, **head, tier="gold"),
        WorkaroundProvided("E-21", moment, **head),
    )
    assert table.report == "22 rows: 22 ticket events, 1 customer"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("lost", 'line 2: event "lost": choose opened, acknowledged, triaged, notified, responded'),
        ("merged", "line 2: into is empty, and merged needs it"),
        ("duplicate", "line 2: of is empty, and duplicate needs it"),
        ("severity-changed", "line 2: severity is empty, and severity-changed needs it"),
        ("tier-changed", "line 2: tier is empty, and tier-changed needs it"),
    ],
)
def test_a_happening_without_what_it_needs_is_a_problem(word: str, told: str) -> None:
    """An unknown word is listed the known ones, and a merge has to name the other ticket."""
    table = read_tickets_csv(f"id,at,ticket,event,severity,into,of\nE-1,2025-07-01,T-1,{word},,,", zone=BERLIN)
    assert [str(problem)[: len(told)] for problem in table.problems] == [told]


def test_a_happening_needs_no_customer_of_its_own() -> None:
    """What happens to a ticket later may leave the customer out."""
    table = read_tickets_csv("id,at,ticket,event\nE-1,2025-07-01,T-1,closed", zone=BERLIN)
    assert table.entries == (Closed("E-1", at("2025-07-01 00:00"), ticket="T-1"),)
    assert table.report == "1 row: 1 ticket event"


def test_purchases_have_a_quantity_with_a_unit_and_a_price_or_money() -> None:
    """A bank is bought by the hour, by the incident or for a sum, or given."""
    table = read_purchases_csv(
        "id,at,customer,quantity,price,expires_on,usable_from,origin,priority,pool,held,contract,note\n"
        "B-1,2025-03-20 11:00,elm,20h,115 EUR/h,2026-03-19,2025-04-01,,,,,,\n"
        "B-2,2025-03-20 11:00,elm,10 incidents,2300 EUR,,,bought,2,desk,release,C-1,spring\n"
        "B-3,2025-03-20 11:00,elm,1h 30m,,,,rolled over,,,,,\n",
        zone=BERLIN,
    )
    assert table.problems == ()
    one, two, three = table.entries
    assert (one.quantity, one.price, str(one.expires_on)) == (hours(20), Price("115 EUR/h"), "2026-03-19")
    assert one.usable_from == at("2025-04-01 00:00")
    assert (two.quantity, two.price, two.priority, two.pool, two.held, two.contract, two.note) == (
        incidents(10),
        Money("2300 EUR"),
        2,
        "desk",
        "release",
        "C-1",
        "spring",
    )
    assert (three.quantity, three.price, three.origin) == (minutes(90), None, "rolled-over")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("20,,,", 'quantity "20": a quantity and its unit were expected, as in "20h" or "10 incidents"'),
        ("20h,115,,", 'price "115": an amount and its currency code were expected. Write "99.90 EUR".'),
        ("20h,115 XYZ/h,,", 'price "115 XYZ/h": ISO 4217 lists no such code.'),
        ("20h,,2026-02-30,", 'expires_on "2026-02-30": February 2026 has 28 days'),
        ("20h,,,stolen", 'origin "stolen": choose bought, included, granted, rolled-over, courtesy'),
        ("20h,9 EUR/incident,,", "BankPurchase 'B-1' price got "),
    ],
)
def test_a_purchase_that_cannot_be_is_a_problem(cells: str, told: str) -> None:
    """A quantity without unit and money without currency are refused, with what to write."""
    table = read_purchases_csv(
        f"id,at,customer,quantity,price,expires_on,origin\nB-1,2025-07-01,elm,{cells}", zone=BERLIN
    )
    assert [str(problem)[: len(told) + 8] for problem in table.problems] == [f"line 2: {told}"]


def test_charge_items_are_money_with_a_kind() -> None:
    """Travel and expenses are read with their amount and currency, also below zero."""
    table = read_items_csv(
        "id,at,customer,kind,amount,ticket,note\n"
        "X-1,2025-07-01 09:00,elm,travel,45.50 EUR,T-1,by train\nX-2,2025-07-01 09:00,elm,goodwill,-20 EUR,,\n"
        "X-3,2025-07-01 09:00,elm,travel,0.001 EUR,,",
        zone=BERLIN,
    )
    assert [(item.kind, item.amount, item.ticket, item.note) for item in table.entries] == [
        ("travel", Money("45.50 EUR"), "T-1", "by train"),
        ("goodwill", Money("-20 EUR"), None, ""),
    ]
    assert [problem.path for problem in table.problems] == ["line 4, amount"]
    assert table.report.startswith("3 rows: 2 charge items, 1 customer; 1 row skipped\n")


# Laws

GOOD = st.tuples(st.integers(0, 10**6), st.sampled_from(["elm", "birch wood", 'the "old" oak', "a,b", "ü\n"]))
BAD = st.sampled_from(["", "x", "-1", "1.0001"])


@given(st.lists(st.one_of(GOOD, BAD), max_size=12))
def test_a_row_that_fails_never_takes_others_with_it(rows: list[tuple[int, str] | str]) -> None:
    """Among any rows, the good ones are read in their order, and every bad one is a problem on its own line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "started_at", "customer", "minutes"])
    line, expected, failed = 2, [], []
    for number, row in enumerate(rows):
        length, customer = (row, "elm") if isinstance(row, str) else row
        writer.writerow([f"W-{number}", "2025-07-01 09:00", customer, length])
        if isinstance(row, str):
            failed.append(line)
        else:
            expected.append((f"W-{number}", customer.strip(), row[0] * 60))
        line += 1 + customer.count("\n")
    table = read_work_csv(text.getvalue(), zone=BERLIN)
    assert [(entry.id, entry.customer, entry.worked.seconds) for entry in table.entries] == expected
    assert [problem.line for problem in table.problems] == failed
    assert (table.rows, table.skipped) == (len(rows), len(failed))


ALMOST = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"-?[0-9]{1,20}([.,:][0-9]{0,9}){0,2} ?(h|EUR|EUR/h|incidents)?", fullmatch=True),
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9.]{2,5})?(Z|[+-][0-9]{2}:[0-9]{2})?)?", fullmatch=True
    ),
    st.sampled_from(["opened", "merged", "W-1", "2025-07-01 09:00", "elm", "5", ""]),
)
HEADERS: dict[Callable[..., Table[Any]], str] = {
    read_work_csv: "id,started_at,customer,minutes,hours,seconds,worked,ended_at,recorded_at,severity,rate,billable",
    read_tickets_csv: "id,at,ticket,event,customer,severity,recorded_at,into,of",
    read_purchases_csv: "id,at,customer,quantity,price,expires_on,usable_from,origin,priority,held",
    read_items_csv: "id,at,customer,kind,amount,recorded_at",
}


@given(st.data(), st.sampled_from(sorted(HEADERS, key=lambda reader: reader.__name__)))
def test_whatever_stands_in_the_cells_nothing_is_raised(data: st.DataObject, reader: Callable[..., Table[Any]]) -> None:
    """A row of any texts is an entry or a problem, never an error."""
    header = HEADERS[reader]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerow([data.draw(ALMOST) for _ in header.split(",")])
    table = reader(text.getvalue(), zone=BERLIN)
    assert table.rows == len(table.entries) + table.skipped
    assert bool(table.problems) == bool(table.skipped)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_file_nothing_is_raised(text: str) -> None:
    """Any text is a table, if only one with problems."""
    assert work(text).report


@pytest.mark.rule("D4")
@given(
    st.decimals(min_value=0, max_value=1000, places=6),
    st.sampled_from(["half-up", "up", "down"]),
)
def test_rounded_hours_are_the_seconds_nearest_by_their_rule(decimal: Decimal, rounding: str) -> None:
    """Whatever the decimals, the result is the whole second that the rounding names."""
    [entry] = work(f"id,started_at,customer,hours\nW-1,2025-07-01,elm,{decimal:f}", hours_rounding=rounding).entries
    exact, got = Fraction(decimal) * 3600, entry.worked.seconds
    match rounding:
        case "up":
            assert got - 1 < exact <= got
        case "down":
            assert got <= exact < got + 1
        case _:
            assert got - Fraction(1, 2) <= exact < got + Fraction(1, 2)


@pytest.mark.parametrize("part", ["_cells", "_rows"])
def test_the_parts_list_what_they_share(part: str) -> None:
    """The modules behind the package state what they share with each other."""
    module = importlib.import_module(f"supportcontracts.interop.tables.{part}")
    assert dir(module) == sorted(module.__all__)
