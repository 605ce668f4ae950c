"""What leaves a rating: a value that compares, hashes, pickles, becomes rows, and whose state survives as JSON."""

import copy
import json
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given

from supportcontracts import (
    Allotment,
    Approval,
    Balance,
    BankExtended,
    Banks,
    Cancelled,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Composite,
    FixedAnnual,
    FreeTime,
    Hold,
    Line,
    Meter,
    Metering,
    Money,
    Movement,
    Notice,
    Opened,
    Overdraw,
    Payment,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    Rating,
    Refuse,
    Remaining,
    Reserved,
    Resolved,
    Rollover,
    State,
    hours,
    incidents,
    minutes,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.testing.strategies import Case, cases
from tests.rating.bank_builders import at, bank, contract, entry, happened, story

EURO_A_MINUTE = Price("60 EUR/h")
WORK = story(
    entry("W-1", "2025-01-20 09:00", "3h"),
    entry("W-2", "2025-02-03 09:00", "2h", role="lead", note="import"),
    entry("W-3", "2025-02-04 09:00", "40m", billable="non-billable"),
    ChargeItem("X-1", at("2025-02-05 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
    bank("B-1", "2025-02-06 09:00", "1h", price=Price("100 EUR/h")),
)
TICKETS = story(
    happened(Opened, "T-1", "2025-01-20 09:00", product="atlas", severity=2),
    happened(Opened, "T-2", "2025-02-03 09:00"),
    happened(Cancelled, "T-1", "2025-02-04 09:00"),
)
EVERY_PLAN: list[tuple[Plan, tuple[Event, ...]]] = [
    (FixedAnnual(fee=Money("19000 EUR"), review_at=hours(4)), WORK),
    (CappedHours(fee=Money("1200 EUR"), allotment=hours(2), per="month", beyond=Charge(EURO_A_MINUTE)), WORK),
    (CappedIncidents(fee=Money("1200 EUR"), allotment=incidents(1), per="term", beyond=Refuse()), TICKETS),
    (PrepaidHours(banks=Banks(warn_levels=Remaining(minutes(30))), beyond=Hold()), WORK),
    (PrepaidIncidents(beyond=Charge(Price("290 EUR/incident"))), TICKETS),
    (PayPerHour(tariff=Charge(EURO_A_MINUTE, maximum=Money("100 EUR"))), WORK),
    (PayPerIncident(tariff=Price("290 EUR/incident")), TICKETS),
    (Composite(meters=Meter("work", [Allotment(hours(1), per="month", rollover=Rollover()), Refuse()])), WORK),
]  # fmt: skip
PLAN_NAMES = [type(plan).__name__ for plan, _ in EVERY_PLAN]


def rating_of(plan: Plan, events: tuple[Event, ...], until: str = "2025-04-01", **more: Any) -> Rating:
    """Rate a plan for a quarter."""
    return rate(contract(plan, currency="EUR"), events, until=until, **more)


# A rating is a value


@pytest.mark.parametrize(("plan", "events"), EVERY_PLAN, ids=PLAN_NAMES)
def test_a_rating_can_be_kept(plan: Plan, events: tuple[Event, ...]) -> None:
    """It pickles by every protocol that knows slots, copies, and says the same afterwards."""
    rating = rating_of(plan, events)
    pickled = [pickle.loads(pickle.dumps(rating, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    for again in [*pickled, copy.copy(rating), copy.deepcopy(rating)]:
        assert again == rating
        assert hash(again) == hash(rating)
        assert str(again) == str(rating)
        assert again.to_rows() == rating.to_rows()
        for use in {line.use for line in rating.lines}:
            assert again.explain(use) == rating.explain(use)


def test_ratings_are_equal_if_what_they_say_is() -> None:
    """The same events give an equal rating; another entry, stop, state, contract or a different type does not."""
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(2), per="month", beyond=Charge(EURO_A_MINUTE))
    events = WORK
    rating = rating_of(plan, events)
    assert rating == rating_of(plan, events[::-1])
    assert len({rating, rating_of(plan, events)}) == 1
    assert rating != rating_of(plan, events[1:])
    assert rating != rating_of(plan, events, until="2025-04-02")
    assert rating != rating_of(attrs.evolve(plan, allotment=hours(3)), events)
    state = State(at("2025-01-01 00:00"), "C-1")
    assert rating != rating_of(plan, events, opening=state)
    assert rating != "rating"
    assert not rating == None  # noqa: E711, SIM201  # the operator itself is asked
    zero = entry("W-9", "2025-02-03 09:00", "0m")
    free = entry("W-9", "2025-02-03 09:00", "0m", billable="non-billable")
    assert rating_of(plan, (*events, zero)) != rating_of(plan, (*events, free))  # one total, other words
    assert hash(rating_of(plan, (*events, zero))) == hash(rating_of(plan, (*events, free)))


def test_ratings_differ_by_what_they_notify() -> None:
    """Two contracts that differ in a warn level only: the same lines, and still two ratings."""
    events = story(bank("B-1", "2025-01-02 09:00", "3h"), entry("W-1", "2025-01-03 09:00", "2h"))
    quiet = rating_of(PrepaidHours(beyond=Refuse()), events)
    warned = rating_of(PrepaidHours(banks=Banks(warn_levels=Remaining(hours(2))), beyond=Refuse()), events)
    assert (quiet.lines, quiet.notices) == (warned.lines, ())
    assert warned != quiet


def test_a_rating_shows_what_it_is_of() -> None:
    """Its repr names contract, stop and state, and leaves out the journal; it can be neither changed nor extended."""
    rating = rating_of(*EVERY_PLAN[0])
    assert repr(rating).startswith("Rating(contract=Contract(id='C-1'")
    assert "journal" not in repr(rating)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        rating.until = at("2025-01-01 00:00")  # type: ignore[misc]  # hostile
    with pytest.raises(AttributeError):
        rating.more = 1  # type: ignore[attr-defined]  # hostile


def test_everything_is_made_when_somebody_looks_and_once() -> None:
    """Lines, movements and notices are read off the journal when asked for, and are the same objects the next time."""
    rating = rating_of(*EVERY_PLAN[3])
    assert rating.lines is rating.lines
    assert rating.movements is rating.movements
    assert rating.notices is rating.notices
    assert isinstance(rating.lines[0], Line)
    assert isinstance(rating.movements[0], Movement)
    assert all(isinstance(notice, Notice) for notice in rating.notices)


# Rows


def test_lines_become_rows() -> None:
    """Every field of a line as text or whole number, with the local time of the contract; nothing else."""
    plan = PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(increment=minutes(15)))
    (row,) = rating_of(plan, WORK[1:2]).to_rows()
    assert row == {
        "key": "C-1/2025-02/use/W-2/work/0",
        "contract": "C-1",
        "customer": "elm",
        "at": "2025-02-03T08:00:00+00:00",
        "local": "2025-02-03 09:00",
        "period": "2025-02",
        "kind": "use",
        "use": "W-2",
        "meter": "work",
        "source": "charge",
        "lot": "",
        "disposition": "charged",
        "code": "",
        "worked": 7200,
        "billable": 7200,
        "counted": 7200,
        "rate": "60.00 EUR/h",
        "exact": "120.00 EUR",
        "amount_minor": 12_000,
        "currency": "EUR",
    }


@pytest.mark.parametrize(("plan", "events"), EVERY_PLAN, ids=PLAN_NAMES)
def test_rows_are_plain(plan: Plan, events: tuple[Event, ...]) -> None:
    """Rows survive JSON unchanged, all have the same keys, and their amounts add up to the total."""
    rating = rating_of(plan, events)
    rows = rating.to_rows()
    assert json.loads(json.dumps(rows)) == rows
    assert len({tuple(row) for row in rows}) == 1
    assert sum(row["amount_minor"] for row in rows) == rating.total.minor
    assert [row["key"] for row in rows] == [line.key for line in rating.lines]


# Balances and explanations


@pytest.mark.rule("D2", "L2")
@pytest.mark.parametrize(
    ("when", "left"),
    [
        ("2025-01-02 09:00", 0),  # what happens at the instant itself has not
        ("2025-01-02 09:00:01", 4 * 3600),
        ("2025-02-03 09:00", 4 * 3600),
        ("2025-02-03 09:00:01", 3 * 3600),
        ("2025-03-31 23:59:59", 3 * 3600),
        ("2025-04-01 00:00", 0),  # the last day is over: what ends there has ended
    ],
)
def test_the_balance_of_a_bank_at_any_instant(when: str, left: int) -> None:
    """4h bought on 2 January, 1h drawn on 3 February, 3h forfeited at the end of March."""
    events = story(
        bank("B-1", "2025-01-02 09:00", "4h", expires_on="2025-03-31"), entry("W-1", "2025-02-03 09:00", "1h")
    )
    assert rating_of(PrepaidHours(beyond=Refuse()), events).balance("B-1", as_of=at(when)).left == left


@pytest.mark.rule("L2", "L4")
def test_all_balances_at_once() -> None:
    """4h came in before the state and count as granted; 1h is drawn, and what was refused moves nothing."""
    plan = PrepaidHours(beyond=Refuse())
    bought = bank("B-1", "2025-01-02 09:00", "4h", expires_on="2025-06-30")
    empty = bank("B-0", "2025-01-02 09:00", "0m")
    opening = rating_of(plan, (bought, empty), until="2025-02-01").closing
    events = story(
        entry("W-1", "2025-02-03 09:00", "1h"),
        BankExtended("X-1", at("2025-02-04 09:00"), bank="B-1", expires_on="2025-06-30", reason="too early"),
    )
    rating = rating_of(plan, events, opening=opening)
    assert rating.balance_totals() == {"B-1": Balance(granted=4 * 3600, drawn=3600)}
    assert rating.balance("B-1") == Balance(granted=4 * 3600, drawn=3600)
    assert [movement.kind for movement in rating.movements] == ["draw", "refused"]
    assert rating.balance("B-9") == Balance()
    for each, happenings in EVERY_PLAN:
        whole = rating_of(each, happenings)
        assert {name: whole.balance(name) for name in whole.balance_totals()} == whole.balance_totals()


def test_the_lines_of_one_use_are_found() -> None:
    """Of 3h in January the allotment pays 2h, 1h is charged; an unknown use has no lines."""
    rating = rating_of(*EVERY_PLAN[1])
    assert [str(line.counted) for line in rating.lines_of("W-1")] == ["2h 00m", "1h 00m"]
    assert rating.lines_of("W-99") == ()


def test_an_explanation_of_nothing_names_what_is_near() -> None:
    """A slip of the finger is answered with the id that was meant, anything else with where the ids are."""
    rating = rating_of(*EVERY_PLAN[1])
    with pytest.raises(InvalidValue) as caught:
        rating.explain("W1")
    assert caught.value.hint == "Did you mean 'W-1'?"
    with pytest.raises(InvalidValue) as caught:
        rating.explain("something else")
    assert "rating.lines" in caught.value.hint


# The state survives


def test_a_state_of_everything_survives_as_json() -> None:
    """Lots, deficits, debts, counters, tickets, held use, notices, reservations, purchases, payments, rests of work."""
    short = Overdraw(hours(9), settled_at=EURO_A_MINUTE)
    plan = Composite(
        meters=[
            Meter(
                "work",
                [Banks(short=short, warn_levels=Remaining(minutes(30)), usable="payment"), Hold()],
                metering=Metering(
                    group="technician-day",
                    increment=minutes(15),
                    at_boundary="split",
                    free=FreeTime(minutes(1), per="term"),
                ),
            ),
            Meter(
                "incidents",
                [
                    Allotment(
                        incidents(1),
                        per="month",
                        rollover=Rollover(),
                        short=Overdraw(incidents(1), settled_at=Price("300 EUR/incident")),
                    ),
                    Hold(),
                ],
            ),
        ]
    )
    from_before = story(
        bank("B-1", "2025-01-02 09:00", "1h"),
        bank("B-2", "2025-01-02 09:00", "1h", usable_from=at("2025-03-01 00:00")),
        Payment("P-1", at("2025-01-03 09:00"), bank="B-1"),
        Payment("P-3", at("2025-01-03 09:00"), bank="B-3"),
        *(happened(kind, "T-1", "2025-01-05 09:00") for kind in (Opened, Resolved)),
        happened(Opened, "T-2", "2025-01-06 09:00", severity=1),
        entry("W-1", "2025-01-07 09:00", "20h", technician="ana", rate=Price("99 EUR/h"), role="lead"),
        Reserved("R-1", at("2025-01-08 09:00"), key="visit", quantity=hours(1), expires_at=at("2025-06-01 09:00")),
        entry("W-2", "2025-01-31 23:00", "2h", technician="bo"),
    )
    terms = contract(plan, currency="EUR")
    state = rate(terms, from_before, until=at("2025-01-31 23:30")).closing
    assert [name for name in attrs.asdict(state, recurse=False) if not getattr(state, name)] == []
    again = from_json(to_json(state), State)
    assert again == state
    later = story(Approval("A-1", at("2025-02-10 09:00")), bank("B-3", "2025-02-11 09:00", "5h"))
    assert rate(terms, later, until="2026-02-01", opening=again) == rate(
        terms, later, until="2026-02-01", opening=state
    )


@pytest.mark.rule("L4")
@given(case=cases())
def test_every_closing_state_survives_as_json_and_pickle(case: Case) -> None:
    """A state that is written and read is equal, and a contract without more events ends the same from it."""
    terms, events, until = case
    state = rate(terms, events, until=until).closing
    again = from_json(to_json(state), State)
    assert again == state
    assert pickle.loads(pickle.dumps(state)) == state
    end = max(until, terms.dated_phases[-1].term.end)
    assert rate(terms, [], until=end, opening=again) == rate(terms, [], until=end, opening=state)
