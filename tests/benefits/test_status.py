"""The ledger of benefits, case by case: every expected number was worked out by hand from the terms."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

import pytest

from supportcontracts import Money, Price, Replace, Term, Void, WorkEntry, Zone, days, hours, months
from supportcontracts.benefits import benefit_status
from supportcontracts.contracts.benefits import Benefit, BenefitPeriod, CarryOver, Earned, Exchange, ExpiresAfter
from supportcontracts.errors import CurrencyMismatch, DuplicateEvent, ForeignEvent, InvalidValue
from supportcontracts.events import BenefitGranted, Redeemed
from supportcontracts.ledger import balance
from supportcontracts.money import Amount
from supportcontracts.timeline import instant
from tests.benefits.builders import (
    BERLIN,
    GRANT,
    NEXT,
    YEAR,
    assigned,
    at,
    booked,
    cancelled,
    credits_,
    ended,
    extended,
    granted,
    kept,
    met,
    missed,
    refused,
    status,
    training,
    units,
    used,
)
from tests.value_checks import changed

TWO_YEARS = (YEAR, NEXT)
EndedEarly = Literal["forfeit", "refund", "keep"] | None


# -- grants -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N1", "D2")
@pytest.mark.parametrize(
    ("per", "as_of", "granted_by_then"),
    [
        ("term", "2024-12-31", 0),
        ("term", "2025-01-01", 0),  # what begins at the instant has not begun
        ("term", "2025-01-02", 2),
        ("term", "2026-01-02", 4),
        ("once", "2026-01-02", 2),
        ("year", "2026-01-02", 4),
        ("quarter", "2025-06-30", 4),
        ("quarter", "2025-07-02", 6),
        ("month", "2025-03-02", 6),
        ("event", "2026-12-31", 0),
    ],
)
def test_units_are_granted_at_the_start_of_each_period(per: BenefitPeriod, as_of: str, granted_by_then: int) -> None:
    """Two units come with each term, year, quarter or month of the terms, once, or not by themselves."""
    assert status(training(per=per, term=TWO_YEARS), as_of=as_of).granted.amount == granted_by_then


@pytest.mark.rule("N1")
def test_units_may_be_granted_for_each_product() -> None:
    """One credit per product per year: with three products, three a year."""
    benefit = training(per="year", quantity=1, for_each="product", products=["atlas", "relay", "vault"], term=TWO_YEARS)
    assert [grant.granted.amount for grant in status(benefit, as_of="2026-06-01").grants] == [3, 3]


@pytest.mark.rule("N1")
def test_a_grant_that_would_have_ended_before_it_begins_is_not_made() -> None:
    """With a fixed last day in 2025 there is nothing to grant for 2026."""
    found = status(training(per="year", expires_on="2025-12-31", term=TWO_YEARS))
    assert units(found) == {"granted": 2, "forfeited": 2}


@pytest.mark.rule("N1")
def test_an_event_grants_units_of_its_own() -> None:
    """What is given, bought or a courtesy is a grant under the id of its event, with its own last day and worth."""
    found = status(
        training(),
        granted("G-1", "2025-03-01 10:00", 3, origin="bought", expires_on="2025-06-30", worth=Money("700 EUR")),
        granted("G-2", "2025-04-01 10:00", origin="courtesy"),
        as_of="2025-07-01",
    )
    assert [(grant.id, grant.granted.amount, grant.expires_on, grant.state) for grant in found.grants] == [
        (GRANT, 2, date(2025, 12, 31), "open"),
        ("G-1", 3, date(2025, 6, 30), "expired"),
        ("G-2", 1, date(2025, 12, 31), "open"),
    ]
    assert found.breakage == Amount("2100 EUR")  # at what these three were worth
    assert found.value_left == Amount("2700 EUR")


def test_a_grant_by_event_is_refused_where_it_makes_no_sense() -> None:
    """A name that is taken, units that would have expired, and time where units are counted are refused."""
    found = status(
        training(),
        granted("G-1", "2025-03-01 10:00"),
        granted("G-2", "2025-03-01 10:00", expires_on="2025-02-28"),
        granted("G-3", "2025-03-01 10:00", hours(2)),
        granted(GRANT, "2025-03-01 10:00"),
        granted("training/2026-01-01", "2025-03-01 10:00"),
        granted("G-4", "2025-03-01 10:00", expires_on="2025-03-01"),
        as_of="2025-03-01",
    )
    assert refused(found) == {}
    found = status(
        training(term=TWO_YEARS),
        *(granted(id_, "2025-03-01 10:00") for id_ in ("G-1", GRANT, "training/2026-01-01")),
        granted("G-2", "2025-03-01 10:00", expires_on="2025-02-28"),
        granted("G-3", "2025-03-01 10:00", hours(2)),
        granted("G-4", "2025-03-01 10:00", expires_on="2025-03-01"),
        as_of="2025-03-01 12:00",
    )
    assert refused(found) == {
        "G-2": ("expired",), "G-3": ("unit",), GRANT: ("id-taken",), "training/2026-01-01": ("id-taken",),
    }  # fmt: skip
    assert units(found) == {"granted": 4, "left": 4}


# -- the life of a unit -----------------------------------------------------------------------------------------------


@pytest.mark.rule("N2")
def test_a_year_of_training_days_adds_up() -> None:
    """One day is booked and used, one booked and cancelled in time, and then forfeited: nothing is lost on the way."""
    benefit = training(cancel_notice=days(21))
    events = [
        booked("june", "2025-03-01 10:00", "2025-06-12 09:00", who="ines.roth"),
        kept("X-1", "2025-06-12 09:00", "june"),
        booked("sep", "2025-07-01 10:00", "2025-09-12 09:00"),
        cancelled("X-2", "2025-08-22 23:59", "sep"),
    ]
    steps = {
        "2025-02-01": {"granted": 2, "left": 2},
        "2025-03-02": {"granted": 2, "left": 1, "reserved": 1},
        "2025-06-13": {"granted": 2, "left": 1, "redeemed": 1},
        "2025-07-02": {"granted": 2, "reserved": 1, "redeemed": 1},
        "2025-08-23": {"granted": 2, "left": 1, "redeemed": 1},
        "2025-12-31": {"granted": 2, "left": 1, "redeemed": 1},
        "2026-01-01": {"granted": 2, "redeemed": 1, "forfeited": 1},
    }
    for as_of, expected in steps.items():
        assert units(status(benefit, *events, as_of=as_of)) == expected
    found = status(benefit, *events)
    assert [(use.event, use.kind, use.who) for use in found.uses] == [
        ("june", "reserved", ("ines.roth",)),
        ("X-1", "redeemed", ("ines.roth",)),
        ("sep", "reserved", ()),
        ("X-2", "returned", ()),
    ]
    assert (found.utilisation, found.breakage, found.first_used_on) == (
        Fraction(1, 2), Amount("900 EUR"), date(2025, 6, 12),
    )  # fmt: skip


@pytest.mark.rule("N2", "D7")
def test_redeeming_more_than_is_left_changes_nothing() -> None:
    """Three of two training days are refused, and both are still there."""
    found = status(training(), used("X-1", "2025-03-01 10:00", 3), as_of="2025-04-01")
    assert refused(found) == {"X-1": ("exceeds-left",)}
    assert found.refusals[0].code == "exceeds-left"
    assert units(found) == {"granted": 2, "left": 2}
    assert str(found.refusals[0]) == ("X-1: Three training days are asked for, and two training days are left.")
    assert found.movements[-1].kind == "refused"
    assert found.movements[-1].code == "exceeds-left"


@pytest.mark.rule("D6")
def test_corrections_and_late_records_act_as_if_they_had_been_there() -> None:
    """A voided use gives its unit to the next; a late one takes it from what came after; a replaced one moves."""
    first = used("X-1", "2025-03-01 10:00", 2)
    second = used("X-2", "2025-04-01 10:00")
    assert refused(status(training(), second, first)) == {"X-2": ("exceeds-left",)}
    void = Void("V-1", at("2025-05-01 10:00"), target="X-1")
    assert units(status(training(), first, second, void)) == {"granted": 2, "redeemed": 1, "forfeited": 1}
    less = Replace("V-1", at("2025-05-01 10:00"), target="X-1", by=used("X-1", "2025-03-01 10:00"))
    assert units(status(training(), less, first, second)) == {"granted": 2, "redeemed": 2}
    found = status(training(), Void("V-2", at("2025-05-01 10:00"), target="X-9"))
    assert found.unmatched == ("V-2",)


def test_what_was_recorded_later_can_be_left_out() -> None:
    """With `known_at`, the status is what was known then."""
    late = used("X-1", "2025-03-01 10:00", recorded_at=at("2025-05-01 10:00"))
    assert benefit_status(training(), [late], as_of="2025-06-01", known_at=at("2025-04-01 10:00")).redeemed.amount == 0
    assert benefit_status(training(), [late], as_of="2025-06-01", known_at=at("2025-05-01 10:00")).redeemed.amount == 1


def test_other_events_of_the_contract_pass_by() -> None:
    """Work, and events of other benefits, are no business of this one."""
    work = WorkEntry("W-1", at("2025-03-01 10:00"), customer="elm", worked=hours(1))
    other = Redeemed("X-1", at("2025-03-01 10:00"), benefit="passes", quantity=1)
    assert units(status(training(customer="elm"), work, other, as_of="2025-04-01")) == {"granted": 2, "left": 2}


def test_somebody_elses_events_are_refused() -> None:
    """An event of this benefit that names another customer or contract is an error, and so is one id twice."""
    mine = training(customer="elm", contract="C-7")
    for what, whose in (("customer", "oak"), ("contract", "C-8")):
        with pytest.raises(ForeignEvent, match=r"X-1.*was expected"):
            status(mine, changed(used("X-1", "2025-03-01 10:00"), **{what: whose}))
    nobodys = used("X-1", "2025-03-01 10:00", customer="elm"), used("X-2", "2025-03-02 10:00", customer="oak")
    with pytest.raises(ForeignEvent, match="'oak'"):
        status(training(), *reversed(nobodys))
    some = used("X-1", "2025-03-01 10:00", customer="elm"), used("X-2", "2025-03-02 10:00")
    assert status(training(), *some).redeemed.amount == 2
    with pytest.raises(DuplicateEvent):
        status(training(), used("X-1", "2025-03-01 10:00"), used("X-1", "2025-03-02 10:00"))


def test_a_benefit_needs_a_term() -> None:
    """Without a term there are no days to reckon with, and the error says where to take one from."""
    with pytest.raises(InvalidValue, match=r"Contract\.promised"):
        status(training(term=()))
    with pytest.raises(InvalidValue, match="a benefit was expected"):
        benefit_status("training", [], as_of="2025-01-01")  # type: ignore[arg-type]  # refused


# -- several grants ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("N3")
def test_what_expires_soonest_is_drawn_first() -> None:
    """Of three grants the one that ends first pays first, then the one given before the one bought, then by start."""
    found = status(
        credits_(),
        granted("G-4", "2025-01-01 10:00"),
        granted("G-3", "2025-01-01 10:00", origin="bought", expires_on="2025-12-31"),
        granted("G-2", "2025-02-01 10:00", expires_on="2025-12-31"),
        granted("G-1", "2025-01-03 10:00", expires_on="2025-12-31"),
        granted("G-0", "2025-03-01 10:00", expires_on="2025-06-30"),
        used("X-1", "2025-05-01 10:00", 4),
        as_of="2025-05-02",
    )
    assert [name for name, _ in found.uses[0].grants] == ["G-0", "G-1", "G-2", "G-3"]
    assert [part.amount for _, part in found.uses[0].grants] == [1, 1, 1, 1]


@pytest.mark.rule("N3", "N5")
def test_a_booking_draws_on_what_lasts_until_it_takes_place() -> None:
    """A class in September is not paid from credits that end in June, although they end sooner."""
    found = status(
        credits_(),
        granted("G-1", "2025-01-01 10:00", expires_on="2025-06-30"),
        granted("G-2", "2025-01-01 10:00", expires_on="2025-12-31"),
        booked("sep", "2025-05-01 10:00", "2025-09-12 09:00"),
        as_of="2025-05-02",
    )
    assert found.uses[0].grants[0][0] == "G-2"


@pytest.mark.rule("N3")
def test_redeeming_takes_from_the_front_of_a_booking_and_cancelling_from_its_end() -> None:
    """Of four booked credits, one used comes from what ends first, and two cancelled return to what ends last."""
    events = [
        granted("G-1", "2025-01-01 10:00", 2, expires_on="2025-06-30"),
        granted("G-2", "2025-01-01 10:00", 2, expires_on="2025-12-31"),
        booked("may", "2025-02-01 10:00", "2025-05-12 09:00", 4),
        kept("X-1", "2025-05-12 09:00", "may", quantity=1),
        cancelled("X-2", "2025-04-12 09:00", "may", quantity=3),
    ]
    found = status(credits_(), *events, as_of="2025-05-13")
    assert [(g.id, g.left.amount, g.reserved.amount, g.redeemed.amount) for g in found.grants] == [
        ("G-1", 1, 0, 1),
        ("G-2", 2, 0, 0),
    ]
    assert found.bookings[0].outcomes == (
        ("returned, in time", credits_().of(3), "X-2"),
        ("redeemed", credits_().of(1), "X-1"),
    )


# -- expiry -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N4", "D2")
def test_units_can_be_used_up_to_the_last_second_of_their_last_day() -> None:
    """At 23:59:59 on 31 December in Berlin a unit can be used; a second later it has been forfeited."""
    last, first = at("2025-12-31 23:59:59"), at("2026-01-01 00:00")
    assert instant(first) - instant(last) == timedelta(seconds=1)
    assert units(status(training(), used("X-1", "2025-12-31 23:59:59"))) == {
        "granted": 2,
        "redeemed": 1,
        "forfeited": 1,
    }
    late = status(training(), used("X-1", "2026-01-01 00:00"))
    assert refused(late) == {"X-1": ("expired",)}
    assert late.refusals[0].unmet[0].words == "they expired on 31 December 2025"
    assert [move.at for move in late.movements if move.kind == "forfeit"] == [first]
    assert units(status(training(), as_of="2025-12-31 23:59:59")) == {"granted": 2, "left": 2}
    assert units(status(training(), as_of="2026-01-01")) == {"granted": 2, "forfeited": 2}


@pytest.mark.rule("N4", "D4")
@pytest.mark.parametrize(
    ("zone", "last_day", "forfeited_at"),
    [
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04 03:00"),  # midnight was skipped: the day began at 01:00
        ("America/Sao_Paulo", "2018-02-17", "2018-02-18 03:00"),  # the hour before midnight came twice
        ("Europe/Berlin", "2024-03-31", "2024-03-31 22:00"),  # summer time since that night
        ("Europe/Berlin", "2024-10-27", "2024-10-27 23:00"),
        ("Pacific/Apia", "2011-12-29", "2011-12-30 10:00"),  # the next day never was
    ],
)
def test_forfeiture_happens_at_the_end_of_the_local_day(zone: str, last_day: str, forfeited_at: str) -> None:
    """Whatever the clocks do that night, units end with the first instant after their last local day."""
    year = Term(f"{last_day[:4]}-01-01", months=12, zone=zone)
    found = benefit_status(training(term=year, expires_on=last_day), [], as_of=year.end)
    forfeit = next(move for move in found.movements if move.kind == "forfeit")
    assert forfeit.at == Zone("UTC").at(forfeited_at)


@pytest.mark.rule("N4", "N7")
@pytest.mark.parametrize(
    ("terms", "last_day"),
    [
        ({"expires": "period", "per": "quarter"}, date(2025, 3, 31)),
        ({"expires": "term", "per": "quarter"}, date(2025, 12, 31)),
        ({"expires": "period", "per": "once"}, date(2025, 12, 31)),
        ({"expires": "never"}, None),
        ({"expires": None}, None),
        ({"expires": ExpiresAfter(days(180))}, date(2025, 6, 29)),
        ({"expires": ExpiresAfter(months(18))}, date(2026, 6, 30)),
        ({"expires": ExpiresAfter(days(180), of="assignment")}, date(2025, 12, 31)),
        ({"expires_on": "2025-11-30"}, date(2025, 11, 30)),
    ],
)
def test_the_terms_say_when_units_end(terms: dict[str, Any], last_day: date | None) -> None:
    """Units end with their period or term, after a life of their own, on a day, or, if nobody says, never."""
    assert status(training(**terms), as_of="2025-01-02").grants[0].expires_on == last_day


@pytest.mark.rule("N4")
@pytest.mark.parametrize(
    ("terms", "when", "last_day"),
    [
        ({"expires": "period", "per": "quarter"}, "2025-05-12 10:00", date(2025, 6, 30)),
        ({"expires": "period", "per": "event"}, "2025-05-12 10:00", date(2025, 12, 31)),
        ({"expires": "period", "per": "quarter"}, "2024-05-12 10:00", None),  # outside the term
        ({"expires": "term"}, "2024-05-12 10:00", None),
        ({"expires": ExpiresAfter(months(1))}, "2025-01-31 10:00", date(2025, 2, 27)),
    ],
)
def test_what_an_event_grants_ends_as_the_terms_say(terms: dict[str, Any], when: str, last_day: date | None) -> None:
    """Units granted by an event end with the period or term in which it happened, or after their own life."""
    found = status(training(**terms), granted("G-1", when), as_of="2025-05-13")
    assert next(grant.expires_on for grant in found.grants if grant.id == "G-1") == last_day


@pytest.mark.rule("N4")
def test_units_can_be_used_in_their_grace() -> None:
    """With 30 days of grace after 31 December, 30 January is the last day; the printed last day stays."""
    benefit = training(grace=days(30))
    assert units(status(benefit, used("X-1", "2026-01-30 23:59"))) == {"granted": 2, "redeemed": 1, "forfeited": 1}
    assert refused(status(benefit, used("X-1", "2026-01-31 00:00"))) == {"X-1": ("expired",)}
    assert status(benefit, as_of="2026-01-15").grants[0].expires_on == date(2025, 12, 31)


@pytest.mark.rule("N5")
def test_a_booking_after_the_last_day_is_refused_where_it_has_to_take_place() -> None:
    """It has to take place, with its end, by the last day: 31 December will do, past midnight will not."""
    found = status(
        training(),
        booked("B-1", "2025-11-01 10:00", "2025-12-31 23:59"),
        booked("B-2", "2025-11-01 10:00", "2026-01-01 00:00"),
        booked("B-3", "2025-11-01 10:00", "2025-12-31 20:00", ends_at=at("2026-01-01 00:00")),
        booked("B-4", "2025-11-01 10:00", "2025-12-31 20:00", ends_at=at("2026-01-01 00:00:01")),
        as_of="2025-12-31",
    )
    assert refused(found) == {"B-2": ("after-expiry",), "B-4": ("exceeds-left",)}
    words = "they would take place on 1 January 2026, and they expire on 31 December 2025"
    assert found.refusals[0].unmet[0].words == words


@pytest.mark.rule("N5")
def test_what_is_booked_and_not_used_by_the_last_day_is_forfeited() -> None:
    """Where it has to take place by then, a booking that nobody recorded as kept ends with its grant."""
    benefit = training()
    events = [booked("dec", "2025-11-01 10:00", "2025-12-12 09:00"), kept("X-1", "2026-01-02 09:00", "dec")]
    found = status(benefit, *events)
    assert units(found) == {"granted": 2, "forfeited": 2}
    assert refused(found) == {"X-1": ("expired",)}
    assert found.refusals[0].unmet[0].words == "what was booked expired on 31 December 2025"
    assert found.bookings[0].outcomes == (("lapsed", benefit.of(1), ""),)
    in_time = kept("X-1", "2025-12-12 09:00", "dec", recorded_at=at("2026-02-01 09:00"))
    assert units(status(benefit, events[0], in_time)) == {"granted": 2, "redeemed": 1, "forfeited": 1}


@pytest.mark.rule("N5")
def test_where_booking_suffices_what_is_booked_outlives_its_grant() -> None:
    """Booked by the last day and used in March: only what was free on the last day is forfeited."""
    benefit = training(by_expiry="booked")
    booking = booked("march", "2025-12-31 23:00", "2026-03-12 09:00")
    assert units(status(benefit, booking, as_of="2026-02-01")) == {"granted": 2, "reserved": 1, "forfeited": 1}
    assert units(status(benefit, booking, kept("X-1", "2026-03-12 09:00", "march"))) == {
        "granted": 2, "redeemed": 1, "forfeited": 1,
    }  # fmt: skip
    assert units(status(benefit, booking, cancelled("X-1", "2026-02-12 09:00", "march"))) == {
        "granted": 2, "forfeited": 2,  # what returns to a grant that has ended is forfeited there
    }  # fmt: skip
    assert refused(status(benefit, booked("april", "2026-01-01 00:00", "2026-04-12 09:00"))) == {"april": ("expired",)}


# -- lead, notice, no-show --------------------------------------------------------------------------------------------


@pytest.mark.rule("N6")
def test_a_booking_keeps_its_lead_by_local_days() -> None:
    """42 days before 31 December is 19 November: at 23:59 it is booked, a minute later refused, unless we waive it."""
    benefit = training(booking_lead=days(42))
    takes_place = "2025-12-31 09:00"
    assert refused(status(benefit, booked("B-1", "2025-11-19 23:59", takes_place))) == {}
    late = status(benefit, booked("B-1", "2025-11-20 00:00", takes_place))
    assert refused(late) == {"B-1": ("booking-lead",)}
    assert late.refusals[0].unmet[0].words == (
        "they are booked 42 days before they take place: for 31 December 2025 that was by 19 November 2025"
    )
    assert refused(status(benefit, booked("B-1", "2025-11-20 00:00", takes_place, waives="booking-lead"))) == {}
    assert refused(status(benefit, booked("B-1", "2025-12-20 00:00"))) == {}  # its date is open
    assert refused(status(benefit, used("X-1", "2025-12-30 09:00"))) == {}  # it took place: nobody asks for a lead


@pytest.mark.rule("N6")
def test_a_lead_in_months_is_counted_back_on_the_calendar() -> None:
    """A month before 31 December is 30 November, whose last second still is in time."""
    benefit = training(booking_lead=months(1))
    assert refused(status(benefit, booked("B-1", "2025-11-30 23:59:59", "2025-12-31 09:00"))) == {}
    assert refused(status(benefit, booked("B-1", "2025-12-01 00:00", "2025-12-31 09:00"))) == {"B-1": ("booking-lead",)}


@pytest.mark.rule("N6")
@pytest.mark.parametrize(
    ("terms", "when", "outcome"),
    [
        ({"cancel_notice": days(21)}, "2025-05-22 23:59", "left"),
        ({"cancel_notice": days(21)}, "2025-05-23 00:00", "lost"),
        ({"cancel_notice": days(21), "late_cancel": "returned"}, "2025-05-23 00:00", "left"),
        ({"cancel_notice": days(0)}, "2025-06-12 08:59", "left"),
        ({"cancel_notice": days(0)}, "2025-06-12 09:00", "lost"),  # it has begun
        ({}, "2025-06-12 08:59", "left"),
        ({}, "2025-06-12 09:00", "left"),
        ({"no_show": "lost"}, "2025-06-12 08:59", "left"),
        ({"no_show": "lost"}, "2025-06-12 09:00", "lost"),  # cancelled when it had begun: nobody came
        ({"no_show": "returned"}, "2025-06-12 09:00", "left"),
    ],
)
def test_a_late_cancellation_costs_what_the_terms_say(terms: dict[str, Any], when: str, outcome: str) -> None:
    """21 days before 12 June is 22 May; later the unit is lost, unless the terms let it return or say nothing."""
    events = [booked("june", "2025-03-01 10:00", "2025-06-12 09:00", 2), cancelled("X-1", when, "june")]
    assert units(status(training(**terms), *events, as_of="2025-07-01")) == {"granted": 2, outcome: 2}


@pytest.mark.rule("N6")
def test_a_notice_can_be_waived_and_needs_a_date() -> None:
    """A late cancellation that we waive returns its unit, and so does one of a booking without a date."""
    benefit = training(cancel_notice=days(21))
    late = cancelled("X-1", "2025-06-11 09:00", "june", waives="cancel-notice")
    events = [booked("june", "2025-03-01 10:00", "2025-06-12 09:00"), late]
    assert units(status(benefit, *events, as_of="2025-07-01")) == {"granted": 2, "left": 2}
    open_date = [booked("june", "2025-03-01 10:00"), cancelled("X-1", "2025-06-11 09:00", "june")]
    assert units(status(benefit, *open_date, as_of="2025-07-01")) == {"granted": 2, "left": 2}


@pytest.mark.rule("N6")
@pytest.mark.parametrize(
    ("terms", "outcome"), [({"no_show": "lost"}, "lost"), ({"no_show": "returned"}, "left"), ({}, "left")]
)
def test_nobody_came(terms: dict[str, Any], outcome: str) -> None:
    """A missed date costs the unit only if the terms say so, and cannot be recorded before the date."""
    booking = booked("june", "2025-03-01 10:00", "2025-06-12 09:00")
    found = status(training(**terms), booking, missed("X-1", "2025-06-12 09:00", "june"), as_of="2025-07-01")
    assert found.grants[0].left.amount + found.lost.amount == 2
    assert getattr(found, outcome).amount >= 1
    early = status(training(**terms), booking, missed("X-1", "2025-06-12 08:59", "june"), as_of="2025-06-12 10:00")
    assert refused(early) == {"X-1": ("not-yet",)}
    assert units(early) == {"granted": 2, "left": 1, "reserved": 1}


def test_a_booking_is_made_once_and_ends_once() -> None:
    """A key is used once; what is not booked, or not any more, cannot be redeemed, cancelled or missed."""
    found = status(
        training(quantity=5),
        booked("june", "2025-03-01 10:00", "2025-06-12 09:00", 2),
        booked("B-2", "2025-03-02 10:00", "2025-06-12 09:00", key="june"),
        kept("X-1", "2025-06-12 09:00", "june", quantity=3),
        kept("X-2", "2025-06-12 09:01", "june"),
        kept("X-3", "2025-06-12 09:02", "june"),
        cancelled("X-4", "2025-06-12 09:03", "june"),
        missed("X-5", "2025-06-12 09:04", "june"),
        kept("X-6", "2025-06-12 09:05", "july"),
        cancelled("X-7", "2025-06-12 09:06", "july"),
        missed("X-8", "2025-06-12 09:07", "july"),
        cancelled("X-9", "2025-06-12 09:08", "june", quantity=hours(1)),
        used("X-10", "2025-06-12 09:09", None, amount=Money("400 EUR")),
        as_of="2025-07-01",
    )
    assert refused(found) == {
        "B-2": ("reserved-before",), "X-1": ("exceeds-reserved",), "X-3": ("exceeds-reserved",),
        "X-4": ("exceeds-reserved",), "X-5": ("exceeds-reserved",), "X-6": ("unknown-reservation",),
        "X-7": ("unknown-reservation",), "X-8": ("unknown-reservation",), "X-9": ("unit",), "X-10": ("unit",),
    }  # fmt: skip
    assert units(found) == {"granted": 5, "left": 3, "redeemed": 2}
    assert found.refusal("X-1") is not None
    assert found.refusal("X-2") is None
    assert [each.unmet[0].words for each in found.refusals][1] == "of june only two training days are still booked"


# -- who, where, how many ---------------------------------------------------------------------------------------------


@pytest.mark.rule("N7", "D7")
@pytest.mark.parametrize(
    ("terms", "said", "code"),
    [
        ({"people": 1}, {"people": 2}, "people"),
        ({"people": 1}, {"who": ["ines.roth", "paul.ade"]}, "people"),
        ({"people": 12}, {"people": 12}, ""),
        ({"people": 1, "people_per": "unit"}, {"people": 2, "quantity": 2}, ""),
        ({"people": 1, "people_per": "unit"}, {"people": 2}, "people"),
        ({"holders": ["ines.roth"]}, {"who": "paul.ade"}, "person"),
        ({"holders": ["ines.roth"], "transfer": "not-transferable"}, {"who": "paul.ade"}, "person"),
        ({"holders": ["ines.roth"], "transfer": "transferable"}, {"who": "paul.ade"}, ""),
        ({"holders": ["ines.roth"]}, {"who": "ines.roth"}, ""),
        ({"holders": ["ines.roth"]}, {}, ""),
        ({"place": "our Leipzig facility"}, {"place": "onsite"}, "place"),
        ({"place": "our Leipzig facility"}, {"place": "our Leipzig facility"}, ""),
        ({"place": "our Leipzig facility"}, {"place": "facility"}, ""),
        ({"place": "our Leipzig facility"}, {"place": "our Halle facility"}, "place"),
        ({"place": "facility"}, {"place": "our Halle facility"}, ""),
        ({"place": "facility"}, {"place": "online"}, "place"),
        ({"place": ["online", "onsite"]}, {"place": "onsite"}, ""),
        ({"place": ["online", "onsite"]}, {"place": "facility"}, "place"),
        ({"place": "online"}, {}, ""),
        ({}, {"place": "onsite", "people": 30, "who": "somebody"}, ""),
    ],
)
def test_conditions_hold_where_they_are_said(terms: dict[str, Any], said: dict[str, Any], code: str) -> None:
    """A use is refused for what the promise says and the record breaks; silence on either side refuses nothing."""
    event = used("X-1", "2025-03-01 10:00", **{"quantity": 1, **said})
    found = status(training(**terms), event, as_of="2025-04-01")
    assert refused(found) == ({"X-1": (code,)} if code else {})
    if code:
        waived = used("X-1", "2025-03-01 10:00", **{"quantity": 1, "waives": code, **said})
        assert refused(status(training(**terms), waived, as_of="2025-04-01")) == {}


@pytest.mark.rule("N7")
def test_what_was_waived_for_a_booking_is_waived_when_it_is_kept() -> None:
    """Two people may come to what was booked for two with our leave; without it the booking cannot be kept by two."""
    for waives, codes in (("people", {}), ((), {"R-1": ("people",), "X-1": ("unknown-reservation",)})):
        events = [
            booked("R-1", "2025-03-01 10:00", "2025-06-12 09:00", people=2, waives=waives),
            kept("X-1", "2025-06-12 09:00", "R-1", people=2),
        ]
        assert refused(status(training(people=1), *events, as_of="2025-07-01")) == codes
    alone = [booked("R-1", "2025-03-01 10:00"), kept("X-1", "2025-06-12 09:00", "R-1", people=2)]
    assert refused(status(training(people=1), *alone, as_of="2025-07-01")) == {"X-1": ("people",)}


def test_the_reasons_are_in_the_customers_words() -> None:
    """Every unmet condition is named, in words that quote the promise."""
    benefit = training(place="a training facility", people=1, holders=["ines.roth", "paul.ade"])
    event = used("X-1", "2025-03-01 10:00", people=2, place="onsite", who="eva.lind")
    assert [unmet.words for unmet in status(benefit, event, as_of="2025-04-01").refusals[0].unmet] == [
        "onsite training days are not included: they take place at a training facility, for one person",
        "two people are too many: they are for one person",
        "only ines.roth and paul.ade may use them, not eva.lind",
    ]
    advice = Benefit("training", unit="advice", quantity=hours(4), place="online", term=YEAR, holders="ines.roth")
    event = used("X-1", "2025-03-01 10:00", hours(5), place="our Leipzig facility", who="eva.lind")
    assert [str(unmet) for unmet in status(advice, event, as_of="2025-04-01").refusals[0].unmet] == [
        "Advice at our Leipzig facility is not included: it takes place online.",
        "Only ines.roth may use it, not eva.lind.",
        "5h 00m of advice is asked for, and 4h 00m of advice is left.",
    ]


# -- assignment -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N10")
def test_assigned_units_expire_from_their_assignment() -> None:
    """180 days from assignment, whatever the contract does: assigned on 1 December, they last until 29 May."""
    benefit = training(quantity=3, expires=ExpiresAfter(days(180), of="assignment"))
    events = [
        assigned("A-1", "2025-12-01 10:00", "ines.roth"),
        used("X-1", "2025-12-02 10:00", who="paul.ade"),
        used("X-2", "2026-05-29 10:00", who="ines.roth"),
    ]
    found = status(benefit, *events)
    assert units(found) == {"granted": 3, "redeemed": 1, "forfeited": 2}
    assert [(grant.id, grant.holder, grant.expires_on) for grant in found.grants] == [
        (GRANT, None, date(2025, 12, 31)),
        (f"{GRANT} A-1", "ines.roth", date(2026, 5, 29)),
    ]
    assert refused(found) == {"X-1": ("not-assigned",)}
    late = status(benefit, events[0], used("X-2", "2026-05-30 00:00", who="ines.roth"))
    assert refused(late) == {"X-2": ("expired",)}


@pytest.mark.rule("N10")
def test_handing_units_on_does_not_renew_their_life() -> None:
    """The 180 days run from the first assignment, whoever has the unit later."""
    benefit = training(expires=ExpiresAfter(days(180), of="assignment"))
    events = [
        assigned("A-1", "2025-12-01 10:00", "ines.roth"),
        assigned("A-2", "2026-03-01 10:00", "paul.ade", taken_from="ines.roth"),
    ]
    found = status(benefit, *events)
    assert [(grant.holder, grant.expires_on) for grant in found.grants[1:]] == [
        ("ines.roth", date(2026, 5, 29)),
        ("paul.ade", date(2026, 5, 29)),
    ]


@pytest.mark.rule("N10")
def test_nobody_else_draws_on_what_is_assigned() -> None:
    """What is assigned to one person is not there for others; what is nobody's is there for everybody."""
    found = status(
        training(quantity=3),
        assigned("A-1", "2025-02-01 10:00", "ines.roth", 2),
        used("X-1", "2025-03-01 10:00", 2, who="paul.ade"),
        used("X-2", "2025-03-02 10:00", 1, who="paul.ade"),
        used("X-3", "2025-03-03 10:00", 1),
        used("X-4", "2025-03-04 10:00", 2, who=["paul.ade", "ines.roth"]),
        as_of="2025-04-01",
    )
    assert refused(found) == {"X-1": ("assigned-to-others",), "X-3": ("assigned-to-others",)}
    assert units(found) == {"granted": 3, "redeemed": 3}


@pytest.mark.rule("N10")
@pytest.mark.parametrize(
    ("terms", "events", "expected"),
    [
        ({"transfer": "not-transferable"}, [("A-2", "paul.ade", "ines.roth", 1)], {"A-2": ("not-transferable",)}),
        ({"transfer": "transferable"}, [("A-2", "paul.ade", "ines.roth", 1)], {}),
        ({}, [("A-2", "paul.ade", "ines.roth", 1)], {}),
        ({}, [("A-2", "paul.ade", "ines.roth", 2)], {"A-2": ("exceeds-left",)}),
        ({}, [("A-2", "paul.ade", "eva.lind", 1)], {"A-2": ("exceeds-left",)}),
        ({"holders": ["ines.roth"]}, [("A-2", "paul.ade", None, 1)], {"A-2": ("person",)}),
        ({"holders": ["ines.roth"], "transfer": "transferable"}, [("A-2", "paul.ade", None, 1)], {}),
        ({}, [("A-2", "paul.ade", None, hours(1))], {"A-2": ("unit",)}),
    ],
)
def test_units_pass_from_person_to_person_as_the_terms_say(
    terms: dict[str, Any], events: list[tuple[str, str, str | None, Any]], expected: dict[str, Any]
) -> None:
    """Assigned units can be handed on unless the promise says otherwise, and only by who has them."""
    first = assigned("A-1", "2025-02-01 10:00", "ines.roth")
    more = [assigned(id_, "2025-02-02 10:00", who, n, taken_from=whose) for id_, who, whose, n in events]
    assert refused(status(training(**terms), first, *more, as_of="2025-03-01")) == expected


@pytest.mark.rule("N10")
def test_an_assignment_may_draw_on_several_grants() -> None:
    """Two units from two grants become two grants of the person, each with the last day of its own."""
    found = status(
        credits_(),
        granted("G-1", "2025-01-01 10:00", expires_on="2025-06-30"),
        granted("G-2", "2025-01-01 10:00", 2),
        assigned("A-1", "2025-02-01 10:00", "ines.roth", 2),
        as_of="2025-03-01",
    )
    assert [(g.id, g.left.amount, g.moved.amount, g.expires_on) for g in found.grants] == [
        ("G-1", 0, 1, date(2025, 6, 30)),
        ("G-2", 1, 1, None),
        ("G-1 A-1", 1, 0, date(2025, 6, 30)),
        ("G-2 A-1", 1, 0, None),
    ]
    assert units(found) == {"granted": 3, "left": 3}


def test_a_booking_of_assigned_units_is_kept_by_their_holder() -> None:
    """What was booked from the units of one person is not redeemed for another who is named."""
    found = status(
        training(),
        assigned("A-1", "2025-02-01 10:00", "ines.roth", 2),
        booked("june", "2025-03-01 10:00", "2025-06-12 09:00", who="ines.roth"),
        kept("X-1", "2025-06-12 09:00", "june", who="paul.ade"),
        kept("X-2", "2025-06-12 09:01", "june"),
        as_of="2025-07-01",
    )
    assert refused(found) == {"X-1": ("assigned-to-others",)}
    assert units(found) == {"granted": 2, "left": 1, "redeemed": 1}


# -- earning, exchanging ----------------------------------------------------------------------------------------------


@pytest.mark.rule("N9")
def test_a_product_earns_one_credit_a_year() -> None:
    """Each covered product earns one credit in a contract year: not two, not outside the term, not if not covered."""
    benefit = credits_(earned=Earned("product"), products=["atlas", "relay"], term=TWO_YEARS)
    found = status(
        benefit,
        granted("G-1", "2025-03-01 10:00", origin="earned", earned_by="atlas"),
        granted("G-2", "2025-03-02 10:00", origin="earned", earned_by="relay"),
        granted("G-3", "2025-03-03 10:00", origin="earned", earned_by="atlas"),
        granted("G-4", "2026-01-01 00:00", origin="earned", earned_by="atlas"),
        granted("G-5", "2026-03-03 10:00", 2, origin="earned", earned_by="relay"),
        granted("G-6", "2025-03-04 10:00", origin="earned", earned_by="vault"),
        granted("G-7", "2025-03-05 10:00", origin="earned"),
        granted("G-8", "2024-12-31 10:00", origin="earned", earned_by="atlas"),
        granted("G-9", "2025-03-06 10:00", origin="courtesy"),
        as_of="2026-12-01",
    )
    assert refused(found) == {
        "G-3": ("earned-before",), "G-5": ("earned-before",), "G-6": ("not-covered",), "G-7": ("not-covered",),
        "G-8": ("outside-term",),
    }  # fmt: skip
    assert found.granted.amount == 4
    words = {each.event: each.unmet[0].words for each in found.refusals}
    assert words["G-3"] == "atlas has earned 1 credit already, and earns at most 1 for each product in a year"
    assert words["G-7"] == "what is not said to be a product is not covered: only atlas and relay earn any"


@pytest.mark.rule("N9")
def test_what_earns_may_be_anything_and_need_no_limit() -> None:
    """Courses earn up to two credits a quarter; without a limit anything earns."""
    benefit = credits_(earned=Earned("course", per="quarter", most=2), products="atlas")
    events = [granted(f"G-{n}", f"2025-03-0{n} 10:00", origin="earned", earned_by="intro") for n in (1, 2, 3)]
    assert refused(status(benefit, *events)) == {"G-3": ("earned-before",)}
    assert refused(status(credits_(), *events)) == {}


@pytest.mark.rule("N11")
def test_units_are_exchanged_in_whole_exchanges() -> None:
    """A credit is 25 off a conference, three are one online hour; four credits make no whole hours."""
    benefit = credits_(
        quantity=20, per="term",
        exchanges=[Exchange("conference", gets=Money("25 EUR")), Exchange("online", units=3, gets=hours(1))],
    )  # fmt: skip
    found = status(
        benefit,
        used("X-1", "2025-03-01 10:00", 4, exchange="conference"),
        used("X-2", "2025-03-02 10:00", 6, exchange="online"),
        used("X-3", "2025-03-03 10:00", 4, exchange="online"),
        used("X-4", "2025-03-04 10:00", 1, exchange="lunch"),
        booked("B-1", "2025-03-05 10:00", "2025-03-06 10:00", 3, exchange="online"),
        kept("X-5", "2025-03-06 10:00", "B-1"),
        as_of="2025-04-01",
    )
    assert refused(found) == {"X-3": ("exchange-rest",), "X-4": ("exchange",)}
    assert [use.gains for use in found.uses] == [Money("100 EUR"), hours(2), hours(1), hours(1)]
    assert [each.unmet[0].words for each in found.refusals] == [
        "four credits cannot be exchanged for online, which takes three credits each",
        "they cannot be exchanged for lunch; only for conference or online",
    ]
    without = status(training(), used("X-1", "2025-03-01 10:00", exchange="lunch"), as_of="2025-04-01")
    assert without.refusals[0].unmet[0].words == "they cannot be exchanged for lunch"


# -- carry-over -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N8")
@pytest.mark.parametrize(
    ("carry_over", "events", "carried"),
    [
        (CarryOver(), [], 4),
        (CarryOver(share=Fraction(1, 3)), [], 1),  # 4/3, and the fraction is dropped
        (CarryOver(most=3), [], 3),
        (CarryOver(share=Fraction(1, 2), most=3), [], 2),
        (CarryOver(condition="check-in"), [], 0),
        (CarryOver(condition="check-in"), [met("M-1", "2025-03-31 23:59")], 4),
        (CarryOver(condition="check-in"), [met("M-1", "2025-04-01 00:00")], 0),  # in the next period
        (CarryOver(condition="check-in"), [met("M-1", "2025-02-01 10:00", "survey")], 0),
        (CarryOver(), [used("X-1", "2025-02-01 10:00", 4)], 0),
    ],
)
def test_units_left_at_the_end_of_a_period_are_carried_over(
    carry_over: CarryOver, events: list[Any], carried: int
) -> None:
    """Of four units a quarter, so many are carried to the next quarter, and end with it."""
    benefit = training(quantity=4, per="quarter", expires="period", carry_over=carry_over)
    found = status(benefit, *events, as_of="2025-04-02")
    rolled = [grant for grant in found.grants if grant.id.endswith(" carried")]
    assert sum(grant.left.amount for grant in rolled) == carried
    assert {grant.expires_on for grant in rolled} <= {date(2025, 6, 30)}
    later = status(benefit, *events, as_of="2025-07-02")
    assert not [grant for grant in later.grants if grant.id.startswith(f"{GRANT} carried carried")]
    assert later.granted.amount == 12


@pytest.mark.rule("N8", "D2")
def test_at_the_turn_of_periods_units_are_on_their_way() -> None:
    """At the very instant what is carried has left its grant and not arrived; it counts as left all the same."""
    benefit = training(quantity=4, per="quarter", expires="period", carry_over=CarryOver(most=1))
    found = status(benefit, as_of="2025-04-01")
    assert [(grant.left.amount, grant.moved.amount, grant.forfeited.amount) for grant in found.grants] == [(0, 1, 3)]
    assert units(found) == {"granted": 4, "left": 1, "forfeited": 3}


@pytest.mark.rule("N8")
def test_what_is_carried_may_last_for_several_periods() -> None:
    """Carried for two further quarters, four units end with the second; the last quarter carries nothing."""
    benefit = training(quantity=4, per="quarter", expires="period", carry_over=CarryOver(lasts=2))
    found = status(benefit, as_of="2026-06-01")
    assert [grant.expires_on for grant in found.grants if grant.id.endswith(" carried")] == [
        date(2025, 9, 30), date(2025, 12, 31), date(2025, 12, 31),
    ]  # fmt: skip


@pytest.mark.rule("N8")
@pytest.mark.parametrize(("next_term", "carried"), [(NEXT, 2), (Term("2026-02-01", months=12, zone=BERLIN), 0)])
def test_units_are_carried_into_a_renewal_without_a_gap(next_term: Term, carried: int) -> None:
    """A renewal that starts the next day takes what is left; after a gap of a month there is nothing to take."""
    benefit = training(expires="period", carry_over=CarryOver(), term=(YEAR, next_term))
    found = status(benefit, as_of="2026-03-01")
    assert sum(grant.left.amount for grant in found.grants if grant.id.endswith(" carried")) == carried


@pytest.mark.rule("N8")
def test_assigned_units_are_carried_with_their_holder() -> None:
    """What a person has left is carried over for that person."""
    benefit = training(per="quarter", expires="period", carry_over=CarryOver())
    found = status(benefit, assigned("A-1", "2025-02-01 10:00", "ines.roth"), as_of="2025-05-01")
    assert {(g.id, g.holder) for g in found.grants if g.id.endswith(" carried")} == {
        (f"{GRANT} carried", None), (f"{GRANT} A-1 carried", "ines.roth"),
    }  # fmt: skip


# -- extension, early end ---------------------------------------------------------------------------------------------


@pytest.mark.rule("N13")
def test_an_extension_moves_the_last_day() -> None:
    """Extended on 28 December to 31 March, both units can be used until then, and nothing else changes."""
    change = extended("E-1", "2025-12-28 10:00", "2026-03-31")
    assert units(status(training(), change, as_of="2026-03-31")) == {"granted": 2, "left": 2}
    assert units(status(training(), change, used("X-1", "2026-03-31 23:59"))) == {
        "granted": 2, "redeemed": 1, "forfeited": 1,
    }  # fmt: skip
    late = extended("E-1", "2026-01-01 00:00", "2026-03-31")
    assert refused(status(training(), late)) == {"E-1": ("expired",)}
    same = extended("E-1", "2025-12-28 10:00", "2025-12-31")
    assert refused(status(training(), same)) == {"E-1": ("not-later",)}


@pytest.mark.rule("N13")
def test_an_extension_may_bring_forfeited_units_back() -> None:
    """Vouchers that had expired are extended all the same: what was forfeited returns, what was used does not."""
    events = [
        used("X-1", "2025-06-01 10:00"),
        extended("E-1", "2026-02-01 10:00", "2026-06-30", forfeited="return"),
        used("X-2", "2026-06-30 10:00"),
    ]
    assert units(status(training(), *events[:2], as_of="2026-03-01")) == {"granted": 2, "left": 1, "redeemed": 1}
    assert units(status(training(), *events)) == {"granted": 2, "redeemed": 2}
    assert status(training(), *events, as_of="2026-01-15").breakage == Amount("900 EUR")
    past = extended("E-1", "2026-02-01 10:00", "2026-01-31", forfeited="return")
    assert refused(status(training(), past)) == {"E-1": ("not-later",)}


@pytest.mark.rule("N13")
def test_an_extension_names_a_grant_or_means_all_that_end_earlier() -> None:
    """One grant is extended by name; without a name, every grant that ends before the new day."""
    gifts = [
        granted("G-1", "2025-02-01 10:00", expires_on="2025-06-30"),
        granted("G-2", "2025-02-01 10:00", expires_on="2026-06-30"),
        granted("G-3", "2025-02-01 10:00"),
    ]
    found = status(credits_(), *gifts, extended("E-1", "2025-03-01 10:00", "2025-12-31"), as_of="2025-04-01")
    assert [grant.expires_on for grant in found.grants] == [date(2025, 12, 31), date(2026, 6, 30), None]
    for name, code in (("G-2", "not-later"), ("G-3", "not-later"), ("G-9", "unknown-grant")):
        change = extended("E-1", "2025-03-01 10:00", "2025-12-31", grant=name)
        assert refused(status(credits_(), *gifts, change, as_of="2025-04-01")) == {"E-1": (code,)}
    assert refused(status(credits_(), extended("E-1", "2025-03-01 10:00", "2025-12-31"))) == {"E-1": ("unknown-grant",)}


@pytest.mark.rule("N14")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("forfeit", {"granted": 3, "redeemed": 1, "forfeited": 2}),
        ("refund", {"granted": 3, "redeemed": 1, "refunded": 2}),
        ("keep", {"granted": 3, "left": 1, "reserved": 1, "redeemed": 1}),
        (None, {"granted": 3, "left": 1, "reserved": 1, "redeemed": 1}),
    ],
)
def test_an_early_end_does_what_the_terms_say(policy: EndedEarly, expected: dict[str, int]) -> None:
    """Ended in August, what is left and booked is forfeited, refunded or kept, and nothing more is granted."""
    benefit = training(quantity=3, per="year", ended_early=policy, term=TWO_YEARS)
    events = [
        used("X-1", "2025-02-01 10:00"),
        booked("sep", "2025-03-01 10:00", "2025-09-12 09:00"),
        ended("Z-1", "2025-08-01 00:00"),
        granted("G-1", "2025-08-02 10:00"),
        ended("Z-2", "2025-08-03 10:00"),
    ]
    found = status(benefit, *events, as_of="2025-09-01")
    assert units(found) == expected
    assert refused(found) == {"G-1": ("ended-early",), "Z-2": ("ended-early",)}
    assert found.refund == Amount("1800 EUR" if policy == "refund" else "0 EUR")
    later = [used("X-2", "2025-09-02 10:00"), extended("E-1", "2025-09-03 10:00", "2026-12-31")]
    after = status(benefit, *events, *later, as_of="2026-06-01")
    gone = policy in ("forfeit", "refund")
    assert ("X-2" in refused(after), "E-1" in refused(after)) == (gone, gone)
    assert after.granted.amount == 3


@pytest.mark.rule("N14", "D3")
def test_an_early_end_at_the_turn_of_periods_comes_before_the_next_grant() -> None:
    """Ended at midnight of the new year: what was carried to that instant is there, and the new year grants nothing."""
    benefit = training(expires="period", per="year", carry_over=CarryOver(), term=TWO_YEARS, ended_early="refund")
    found = status(benefit, ended("Z-1", "2026-01-01 00:00"))
    assert units(found) == {"granted": 2, "refunded": 2}
    kept_ = status(
        training(expires="period", per="year", carry_over=CarryOver(), term=TWO_YEARS), ended("Z-1", "2026-01-01 00:00")
    )
    assert units(kept_) == {"granted": 2, "forfeited": 2}


@pytest.mark.rule("N14")
def test_nothing_is_carried_over_after_an_early_end() -> None:
    """A promise that is over has no next period."""
    benefit = training(expires="period", per="quarter", carry_over=CarryOver())
    assert units(status(benefit, ended("Z-1", "2025-02-01 00:00"))) == {"granted": 2, "forfeited": 2}
    assert refused(status(benefit, ended("Z-1", "2025-02-01 00:00"), used("X-1", "2025-05-01 10:00"))) == {
        "X-1": ("ended-early",)
    }


# -- time, money, balances --------------------------------------------------------------------------------------------


@pytest.mark.rule("N17")
def test_advisory_hours_are_work_time() -> None:
    """Of four hours at 180 EUR half an hour is used: the other three and a half are forfeited, worth 630 EUR."""
    benefit = Benefit("training", unit="advice", quantity=hours(4), worth=Price("180 EUR/h"), expires="term", term=YEAR)
    found = status(benefit, used("X-1", "2025-03-01 10:00", hours("0.5")), used("X-2", "2025-03-01 11:00", hours(4)))
    assert (str(found.granted), str(found.redeemed)) == ("4h 00m", "0h 30m")
    assert found.breakage == Amount("630 EUR")
    assert refused(found) == {"X-2": ("exceeds-left",)}


@pytest.mark.rule("N17")
def test_breakage_is_exact() -> None:
    """A third of a unit of money is not rounded: 20 minutes at 100 EUR an hour are 100/3 EUR."""
    benefit = Benefit("training", unit="advice", quantity=hours(1), worth=Price("100 EUR/h"), expires="term", term=YEAR)
    found = status(benefit, used("X-1", "2025-03-01 10:00", hours(Fraction(2, 3))))
    assert found.breakage == Amount("100/3 EUR")
    assert status(training(worth=None)).breakage is None
    assert status(training(worth=None)).value_left is None


def test_units_of_another_currency_or_kind_are_refused() -> None:
    """Units that are worth another currency, or a price where units are counted, cannot be added up."""
    with pytest.raises(CurrencyMismatch, match="EUR was expected"):
        status(training(), granted("G-1", "2025-03-01 10:00", worth=Money("25 USD")))
    with pytest.raises(InvalidValue, match="the value of one unit was expected"):
        status(training(), granted("G-1", "2025-03-01 10:00", worth=Price("25 EUR/h")))
    advice = Benefit("training", unit="advice", quantity=hours(4), term=YEAR)
    with pytest.raises(InvalidValue, match="a price of work was expected"):
        status(advice, granted("G-1", "2025-03-01 10:00", hours(1), worth=Money("25 EUR")))
    worth = status(training(worth=None), granted("G-1", "2025-03-01 10:00", worth=Money("25 USD")), as_of="2025-04-01")
    assert worth.value_left == Amount("25 USD")


@pytest.mark.rule("N2", "L2")
def test_the_movements_are_those_of_the_shared_ledger() -> None:
    """The balance of a grant, read off its movements as of any instant, is what the status says at that instant."""
    benefit = training(cancel_notice=days(21))
    events = [
        booked("june", "2025-03-01 10:00", "2025-06-12 09:00"),
        kept("X-1", "2025-06-12 09:00", "june"),
        booked("sep", "2025-07-01 10:00", "2025-09-12 09:00"),
        cancelled("X-2", "2025-09-11 10:00", "sep"),
    ]
    found = status(benefit, *events)
    assert [move.kind for move in found.movements] == [
        "grant", "reserve", "release", "redeem", "reserve", "release", "lose",
    ]  # fmt: skip
    sums = balance(found.movements, GRANT, as_of=at("2025-07-02 00:00"))
    assert (sums.granted, sums.redeemed, sums.reserved, sums.left) == (2, 1, 1, 0)
    assert found.balance(GRANT).lost == 1
    assert found.balance(GRANT, as_of=at("2025-03-01 10:00")).left == 2


def test_a_status_is_rows() -> None:
    """Every grant is a plain dict of texts and whole numbers."""
    rows = status(training(contract="C-7", customer="elm", tier="premium"), as_of="2025-06-01").to_rows()
    assert rows == [
        {
            "benefit": "training", "contract": "C-7", "customer": "elm", "tier": "premium", "grant": GRANT,
            "holder": None, "unit": "training day", "starts_at": "2024-12-31T23:00:00+00:00",
            "expires_on": "2025-12-31", "state": "open", "granted": 2, "left": 2, "reserved": 0, "redeemed": 0,
            "lost": 0, "forfeited": 0, "refunded": 0, "moved": 0, "value_left": "1,800.00 EUR",
        }
    ]  # fmt: skip
    bare = status(training(expires=None, worth=None), as_of="2025-06-01").to_rows()[0]
    assert (bare["expires_on"], bare["value_left"]) == (None, None)


def test_a_benefit_of_nothing_yet_is_empty() -> None:
    """Before anything was granted there is no share that was used, no day of a first use, and no booking."""
    found = status(training(), as_of="2024-06-01")
    assert (found.utilisation, found.first_used_on, found.bookings, found.grants) == (None, None, (), ())
    assert refused(status(training(), used("X-1", "2024-03-01 10:00"), as_of="2024-06-01")) == {"X-1": ("not-granted",)}
    assert BenefitGranted("G-1", at("2025-01-01 10:00"), benefit="training", quantity=1).origin == "granted"
