"""The values of covered time: what they promise as values, how they print, and what they refuse."""

from datetime import date, datetime
from fractions import Fraction

import attrs
import pytest

from supportcontracts.coverage import (
    CombinedCoverage,
    Coverage,
    CoveredDays,
    CoverSegment,
    Holiday,
    Holidays,
    Override,
    WallTime,
)
from supportcontracts.errors import BeyondHorizon, InvalidValue, NeverOpen
from supportcontracts.quantity import hours, minutes
from supportcontracts.timeline import Zone, from_epoch
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

berlin = Zone("Europe/Berlin")
at = berlin.at
office = Coverage("mon-fri 09:00-17:00", zone=berlin)
always = Coverage("24x7", zone=berlin)
closed = Holidays(["2025-12-26", "2025-12-25 Christmas Day"], years="2025-2026")
named = Coverage(
    "mon-fri 09:00-17:00",
    zone="America/New_York",
    name="east",
    holidays=closed,
    overrides=[Override("2025-12-24", "09:00-12:00", name="Christmas Eve")],
    holiday="shift-start",
    dst="compatible",
    closing="next-opening",
)
segment = CoverSegment(at("2025-12-25 00:00"), at("2025-12-26 00:00"), "holiday", "Christmas Day")
VALUES = (
    office,
    named,
    office | named,
    CombinedCoverage("difference", [always, office, named], name="nights", closing="next-opening"),
    office.hours(2),
    office.days(3, ends="clamped"),
    WallTime(hours(4)),
    closed,
    Holiday("2025-12-25", "Christmas Day"),
    Override("2025-12-24", "09:00-12:00", effect="opens", name="Christmas Eve"),
    segment,
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_every_value_of_covered_time_is_a_value(value: object) -> None:
    """It is immutable, closed, hashable, and survives copies and pickles."""
    assert_is_a_value(value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_every_field_refuses_what_does_not_belong(value: object) -> None:
    """What fits no field is refused when the value is built."""
    assert_refuses_what_does_not_belong(value)


def test_every_term_tells_calendars_apart() -> None:
    """Two calendars are equal if all their terms are; what they were asked plays no part."""
    same = changed(office)
    assert office.is_open(at("2025-03-28 10:00"))
    assert same == office
    others: list[object] = [
        changed(office, windows="mon-fri 09:00-18:00"),
        changed(office, zone="UTC"),
        changed(office, name="office"),
        changed(office, holidays=["2025-12-25"]),
        changed(office, overrides=[Override("2025-12-24", "closed")]),
        changed(office, holiday="shift-start"),
        changed(office, dst="compatible"),
        changed(office, closing="next-opening"),
    ]
    assert_all_differ([office, *others, office | named, office & named, office - named, named | office])


def test_holidays_are_read_in_many_ways() -> None:
    """Dates, texts with and without names, holidays and mappings are the same set, in any order."""
    day = date(2025, 12, 25)
    for written in (
        ["2025-12-26", "2025-12-25 Christmas Day"],
        {day: "Christmas Day", date(2025, 12, 26): ""},
        (Holiday(day, " Christmas  Day "), date(2025, 12, 26)),
    ):
        assert Holidays(written, years="2025 – 2026") == closed
    assert Holidays(day) == Holidays([day]) == Holidays("2025-12-25")
    assert Holidays(years=2025) == Holidays(years="2025-2025")
    assert [closed.named(date(2025, 12, number)) for number in (24, 25, 26)] == [None, "Christmas Day", ""]
    assert (closed.span, Holidays().span) == ((2025, 2026), None)
    assert Holidays().covers(day)
    assert [str(each) for each in (closed, Holidays(), Holidays("2025-12-25"))] == [
        "2 holidays of 2025-2026", "0 holidays", "1 holiday",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Holidays(["2025-12-25", "2025-12-25 Christmas Day"]), ["2025-12-25 twice"]),
        (lambda: Holidays(["2024-12-25"], years=2025), ["2024-12-25", "a date in 2025"]),
        (lambda: Holidays(years="2026-2025"), ["a first and a last year"]),
        (lambda: Holidays(years="25"), ["a first and a last year"]),
        (lambda: Holidays(years="2025-26"), ["a first and a last year"]),
        (lambda: Holidays(years="2025-"), ["a first and a last year"]),
        (lambda: Holidays(years="0000"), ["a first and a last year"]),
        (lambda: Holidays(years="²⁰²⁵"), ["a first and a last year"]),
        (lambda: Holidays(years=True), ["years were expected"]),
        (lambda: Holidays(beyond="ignore"), ['"refuse" or "report"']),  # type: ignore[arg-type]  # the mistake
        (lambda: Holidays([5]), ["a date was expected"]),
        (lambda: Holiday.parse(5), ["a date was expected"]),  # type: ignore[arg-type]  # the mistake
        (lambda: Holidays([datetime(2025, 12, 25)]), ["a calendar date was expected"]),
        (lambda: Override("2025-12-24", "closed", effect="opens"), ["windows that it opens"]),
        (lambda: Override("2025-12-24", "closed", effect="closes"), ["windows that it closes"]),
        (lambda: Override("2025-12-24", ""), ["an empty text"]),
        (lambda: Override("2025-12-24", "9-12"), ['Did you mean "09:00-12:00"?']),
        (lambda: Override("2025-12-24", "mornings"), ['"mornings"', '"closed"']),
        (lambda: Override("2025-12-24", "09:00-12:00 11:00-13:00"), ["09:00-12:00 and 11:00-13:00"]),
        (lambda: Override("2025-12-24", "09:00-12:00", effect="adds"), ['"hours", "opens" or "closes"']),  # type: ignore[arg-type]  # the mistake
        (lambda: changed(office, overrides=[Override("2025-12-24", "closed"), Override("2025-12-24", "09:00-12:00")]),
         ["the hours of 2025-12-24 twice", 'effect="opens"']),
        (lambda: Coverage(5, zone="UTC"), ["weekly windows were expected"]),  # type: ignore[arg-type]  # the mistake
        (lambda: CombinedCoverage("union", [office]), ["at least two calendars"]),
        (lambda: CombinedCoverage("xor", [office, always]), ['"union", "intersection" or "difference"']),  # type: ignore[arg-type]  # the mistake
        (lambda: office.hours(Fraction(1, 7000)), ["whole seconds"]),
        (lambda: office.days(-1), ["at least 0"]),
        (lambda: CoveredDays(office, 1, ends="noon"), ['"closing", "same-time" or "clamped"']),  # type: ignore[arg-type]  # the mistake
        (lambda: CoverSegment(at("2025-12-25 00:00"), at("2025-12-25 00:00"), "open"), ["an end after its start"]),
        (lambda: CoverSegment(at("2025-12-25 00:00"), at("2025-12-26 00:00"), "tired"), ['"no cover"']),  # type: ignore[arg-type]  # the mistake
        (lambda: office.explain_due(at("2025-12-24 10:00"), 5), ["work time was expected"]),  # type: ignore[arg-type]  # the mistake
    ],
)  # fmt: skip
def test_what_is_impossible_says_what_to_write(build: object, words: list[str]) -> None:
    """An impossible term is refused when it is built, with what was got and what was expected."""
    assert callable(build)
    refused(build, InvalidValue, *words)


def test_only_calendars_combine() -> None:
    """Anything else with an operator is a mistake that Python reports."""
    for combine in (lambda: office | 5, lambda: office & "24x7", lambda: office - None):  # type: ignore[operator]  # the mistake
        with pytest.raises(TypeError, match="unsupported operand"):
            combine()


def test_values_print_for_their_readers() -> None:
    """A calendar prints its name or its windows, a target what is promised, a combination its parts."""
    both = office | always
    every = CombinedCoverage("union", [both, named], name="all")
    assert [str(each) for each in (office, named, both, both & named, every)] == [
        "mon-fri 09:00-17:00",
        "east",
        "mon-fri 09:00-17:00 Europe/Berlin or 24x7 Europe/Berlin",
        "(mon-fri 09:00-17:00 Europe/Berlin or 24x7 Europe/Berlin) and east",
        "all",
    ]  # fmt: skip
    targets = (office.minutes(30), named.days(1), named.days(2, ends="same-time"), both.hours(1))
    assert [str(each) for each in targets] == [
        "0h 30m of mon-fri 09:00-17:00",
        "1 day of east",
        "2 days of east, same time",
        "1h 00m of mon-fri 09:00-17:00 Europe/Berlin or 24x7 Europe/Berlin",
    ]  # fmt: skip
    assert str(segment) == "2025-12-24 23:00 to 2025-12-25 23:00 UTC: holiday, Christmas Day"
    assert (segment.is_open, segment.seconds) == (False, 86_400)
    assert both.minutes(30).quantity == minutes(30)


def test_a_combination_keeps_its_parts_in_order() -> None:
    """What is united with a union joins its parts, unless that has a name of its own; the left side gives the rule."""
    assert (office | named | always).parts == (office, named, always)
    assert (office - named - always).parts == (office, named, always)
    assert (office | named & always).parts == (office, named & always)
    kept = attrs.evolve(office | named, name="both")
    assert (kept | always).parts == (kept, always)
    assert (named | office).closing == "next-opening"
    assert (office | named).closing == "at-closing"
    assert (named | office).zone == named.zone


# The horizon


@pytest.mark.rule("K9")
def test_the_horizon_is_1900_to_2199() -> None:
    """Within it everything is answered, beyond it everything is refused, in any zone and for any question."""
    first, last = from_epoch(-2_208_988_800), from_epoch(7_258_118_400 - 1)
    assert always.is_open(first)
    assert always.is_open(last)
    assert always.elapsed(first, last) == 7_258_118_400 - 1 + 2_208_988_800
    before, after = from_epoch(-2_208_988_801), from_epoch(7_258_118_400)
    for ask in (
        lambda: office.is_open(before),
        lambda: office.elapsed(after, first),
        lambda: office.due_at(before, hours(1)),
        lambda: office.due_at(after, hours(0)),
        lambda: office.segments(first, from_epoch(8 * 10**9)),
        lambda: office.next_open(after),
        lambda: office.days(1).due_at(after),
        lambda: office.days(0).due_at(before),
    ):
        refused(ask, BeyondHorizon, "it answers for the years 1900 to 2199")
    refused(lambda: always.is_open_epoch(10**12), BeyondHorizon, "1000000000000 seconds since 1970")
    refused(lambda: always.due_at(last, hours(1)), BeyondHorizon, "an answer in the years 1900 to 2199")
    soon = from_epoch(-2_208_988_800 + 60)
    refused(lambda: always.due_at(soon, hours(1), direction="backwards"), BeyondHorizon, "an answer in the years")


@pytest.mark.rule("K9", "K4")
def test_a_calendar_of_single_dates() -> None:
    """One that opens on stated dates only is a calendar; after the last of them it never opens again."""
    fair = Coverage("closed", zone=berlin, overrides=[Override("2025-05-10", "10:00-18:00", effect="opens")])
    assert berlin.format(fair.due_at(at("2025-01-01 00:00"), hours(8))) == "2025-05-10 18:00"
    assert fair.open_days("2025-01-01", "2025-12-31") == (date(2025, 5, 10),)
    refused(lambda: fair.due_at(at("2025-01-01 00:00"), hours(9)), BeyondHorizon)
    refused(lambda: fair.due_at(at("2025-05-10 18:00"), hours(1)), NeverOpen)
    refused(lambda: fair.next_open(at("2025-05-10 18:00")), NeverOpen)
    refused(lambda: fair.days(1).due_at(at("2025-05-10 10:00")), NeverOpen)
    refused(lambda: fair.days(2).due_at(at("2025-05-09 10:00")), BeyondHorizon)
    assert fair.open_days("2025-05-11", "2199-12-30") == ()
    assert str(Coverage("closed", zone=berlin, overrides=[Override("2025-05-10", "10:00-18:00")])) == "closed"


@pytest.mark.rule("K10")
def test_years_of_holidays_outside_the_horizon() -> None:
    """Years before 1900 and after 2199 add nothing to what a calendar answers for."""
    old = Coverage("24x7", zone="UTC", holidays=Holidays(years="1850-1950"))
    assert old.is_open_epoch(-2_208_988_800)
    refused(lambda: old.is_open_epoch(0), BeyondHorizon, "known for 1850-1950 only")
    new = Coverage("24x7", zone="UTC", holidays=Holidays(years="2100-9999"))
    assert new.is_open_epoch(7_258_118_400 - 1)
    never = Coverage("24x7", zone="UTC", holidays=Holidays(years=1850))
    refused(lambda: never.is_open_epoch(0), BeyondHorizon)
    known = Coverage("24x7", zone="UTC", holidays=Holidays(years=2025)) | never
    refused(lambda: known.is_open_epoch(0), BeyondHorizon)
    part = Coverage("24x7", zone="UTC", holidays=Holidays(years=1970)) - office
    refused(lambda: part.due_epoch(0, 400 * 86_400), BeyondHorizon, "its holidays are not known so far")
