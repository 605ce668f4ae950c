"""Promise two hours, use one: reserving, committing and releasing, by example. Every number is worked out by hand."""

import pickle
from typing import Any

import attrs
import pytest

from supportcontracts import (
    Allotment,
    BankPurchase,
    Banks,
    CappedHours,
    CappedIncidents,
    Charge,
    Commitment,
    Composite,
    Contract,
    Hold,
    Meter,
    Metering,
    Money,
    Opened,
    PayPerHour,
    PrepaidHours,
    Price,
    Rating,
    Refuse,
    Release,
    Released,
    Reservation,
    Reserved,
    Rollover,
    Scope,
    Short,
    State,
    Term,
    WorkEntry,
    WorkTime,
    available,
    commit,
    hours,
    incidents,
    minutes,
    preview,
    rate,
    release,
    reserve,
)
from supportcontracts.errors import ForeignEvent, InvalidValue, NaiveTime, StaleState
from supportcontracts.events import Event
from supportcontracts.quantity import Quantity
from supportcontracts.rating.previewing import Stock
from supportcontracts.timeline import from_epoch
from tests.rating.builders import BERLIN, at, contract, entry, rated

TEN_HOURS = contract(
    CappedHours(fee=Money("0 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h")))
)
PREPAID = contract(PrepaidHours(beyond=Refuse()), currency="EUR")
NOW, LATER = at("2025-02-03 09:00"), at("2025-02-05 17:00")


def bank(name: str, when: str, size: str, **more: Any) -> BankPurchase:
    """Build a bank of the customer "elm"."""
    return BankPurchase(name, at(when), customer="elm", quantity=WorkTime.parse(size), **more)


def held(
    units: Quantity,
    *,
    key: str = "visit",
    terms: Contract = TEN_HOURS,
    opening: State | None = None,
    as_of: str = "2025-02-03 09:00",
    until: str = "2025-02-05 17:00",
) -> Reservation:
    """Reserve units, which have to be there."""
    found = reserve(terms, units, key=key, opening=opening, as_of=at(as_of), expires_at=at(until))
    assert isinstance(found, Reservation)
    return found


def free(opening: State | None, when: str = "2025-02-03 09:00", *, terms: Contract = TEN_HOURS) -> str:
    """Tell how many hours are available."""
    return str(available(terms, "work", opening=opening, as_of=at(when)))


def closed(*story: Event, until: str, terms: Contract = PREPAID) -> State:
    """Rate a story, and give the state that it ends in."""
    return rate(terms, story, until=until).closing


def same(one: Rating, other: Rating) -> bool:
    """Tell whether two ratings have the same lines, movements and closing state."""
    return (one.lines, one.movements, one.closing) == (other.lines, other.movements, other.closing)


# What is said


@pytest.mark.rule("B9")
def test_the_three_sentences_of_a_visit() -> None:
    """Of 18h 30m, 2h are set aside; 1h 10m of work count 1h 15m, so 45m come back and 17h 15m are left."""
    c104 = Contract(
        "C-104",
        customer="birchwood",
        rounding="half-up",
        term=Term("2024-10-01", months=24, zone=BERLIN),
        plan=PrepaidHours(metering=Metering(increment=minutes(15)), beyond=Charge(Price("137.50 EUR/h"))),
    )
    bought = BankPurchase("B-10", at("2025-03-20 11:00"), customer="birchwood", quantity=hours("18.5"))
    opening = rate(c104, [bought], until="2025-04-01").closing
    visit = reserve(
        c104,
        hours(2),
        key="T-902/visit",
        opening=opening,
        as_of=at("2025-04-02 16:00"),
        expires_at=at("2025-04-04 17:00"),
    )
    done = WorkEntry("W-3120", at("2025-04-03 09:10"), customer="birchwood", worked=minutes(70))
    spent = commit(c104, done, key="T-902/visit", opening=visit.closing)
    gone = release(c104, key="T-902/visit", opening=visit.closing, as_of=at("2025-04-03 12:00"))
    assert [str(visit), str(spent), str(gone)] == [
        "T-902/visit: 2h 00m reserved until Fri 2025-04-04 17:00; bank B-10 18h 30m, of which free 16h 30m",
        "T-902/visit: 1h 15m used (1h 10m, increment 15m), 0h 45m given back; bank B-10 17h 15m, all free",
        "T-902/visit: 2h 00m given back; bank B-10 18h 30m, all free",
    ]


@pytest.mark.rule("B9")
def test_a_stock_in_several_lots_is_told_as_a_sum() -> None:
    """2h and 3h in two banks make 5h; with an allotment among them they are lots; without units nothing is left."""
    two = (("bank B-1", hours(2)), ("bank B-2", hours(3)))
    assert str(Stock(two, hours(5), hours(5))) == "5h 00m in 2 banks, all free"
    assert str(Stock((*two, ("allotment", hours(1))), hours(6), hours(4))) == "6h 00m in 3 lots, of which free 4h 00m"
    assert str(Stock((), hours(0), hours(0))) == "nothing left"


@pytest.mark.rule("B9")
def test_work_beyond_the_reservation_says_what_it_costs() -> None:
    """Of 10h, 2h are set aside; 11h of work use them all, and 1h more for 140.00."""
    spent = commit(TEN_HOURS, entry("W-1", "2025-02-04 09:00", "11h"), key="visit", opening=held(hours(2)).closing)
    assert str(spent) == "visit: 11h 00m used, 0h 00m given back; 140.00 EUR; nothing left"
    assert [str(line.amount) for line in spent.lines] == ["0.00 EUR", "140.00 EUR"]


# What a reservation does, and what it does not


@pytest.mark.rule("B9")
def test_a_reservation_lowers_what_is_available_and_nothing_else() -> None:
    """10h less 2h set aside are 8h; the lot still has 10h, and work for 9h draws 9h at no charge."""
    visit = held(hours(2))
    assert (str(visit.free), free(visit.closing)) == ("8h 00m", "8h 00m")
    work = [entry("W-1", "2025-02-03 10:00", "9h")]
    with_it = rate(TEN_HOURS, work, until="2025-02-04", opening=visit.closing)
    assert str(with_it.total) == "0.00 EUR"
    assert with_it.closing.lots[0].left == hours(1)
    assert free(with_it.closing, "2025-02-04 00:00") == "0h 00m"  # 1h left, 2h promised: never below zero


@pytest.mark.rule("B9")
def test_reservations_under_several_keys_add_up() -> None:
    """10h − 2h − 3h = 5h; what is released comes back."""
    first = held(hours(2), key="a")
    both = held(hours(3), key="b", opening=first.closing)
    assert free(both.closing) == "5h 00m"
    gone = release(TEN_HOURS, key="a", opening=both.closing, as_of=at("2025-02-03 10:00"))
    assert (str(gone.given_back), free(gone.closing)) == ("2h 00m", "7h 00m")


@pytest.mark.rule("B9")
def test_asking_twice_with_a_key_changes_nothing() -> None:
    """The second request is answered with what the first one set aside, records nothing, and keeps the state."""
    first = held(hours(2))
    again = held(hours(5), opening=first.closing, as_of="2025-02-04 09:00", until="2025-03-01 00:00")
    assert (again.quantity, again.expires_at, again.events) == (hours(2), LATER, ())
    assert again.closing == first.closing
    assert again.free == first.free == hours(8)


@pytest.mark.rule("B9")
def test_what_is_not_there_cannot_be_set_aside() -> None:
    """Of 8h still free, 9h are asked for: 1h is missing; nothing is recorded and the state stays."""
    first = held(hours(2))
    short = reserve(TEN_HOURS, hours(9), key="big", opening=first.closing, as_of=NOW, expires_at=LATER)
    assert short == Short("big", hours(1), Stock((("allotment", hours(10)),), hours(10), hours(8)), first.closing)
    assert (short.events, short.free) == ((), hours(8))
    assert str(short) == "big: 1h 00m missing; allotment 10h 00m, of which free 8h 00m"
    assert held(hours(8), key="all", opening=first.closing).free == hours(0)


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    ("when", "expected"),
    [("2025-02-05 16:59:59", "8h 00m"), ("2025-02-05 17:00", "10h 00m"), ("2025-02-05 17:00:01", "10h 00m")],
)
def test_a_reservation_lapses_at_its_instant(when: str, expected: str) -> None:
    """Until 17:00 the 2h are set aside, at 17:00 they are not; the same in a rating that recorded it."""
    visit = held(hours(2))
    assert free(visit.closing, when) == expected
    recorded = rate(TEN_HOURS, visit.events, until=at(when))
    assert free(recorded.closing, when) == expected
    assert bool(recorded.closing.reservations) == (expected == "8h 00m")


@pytest.mark.rule("B9")
def test_a_key_whose_reservation_lapsed_can_be_used_again() -> None:
    """At 17:00 the key is free: 3h are set aside under it, and only these."""
    first = held(hours(2))
    second = held(hours(3), opening=first.closing, as_of="2025-02-05 17:00", until="2025-02-06 17:00")
    assert (second.quantity, len(second.events), str(second.free)) == (hours(3), 1, "7h 00m")
    recorded = rate(TEN_HOURS, [*first.events, *second.events], until="2025-02-06")
    assert recorded.closing.reservations == second.closing.reservations
    assert free(recorded.closing, "2025-02-06 00:00") == "7h 00m"


@pytest.mark.rule("B9")
def test_a_release_of_what_is_not_there_changes_nothing() -> None:
    """An unknown key, or one that lapsed, gives nothing back and records nothing."""
    visit = held(hours(2))
    for key, when in (("other", "2025-02-03 10:00"), ("visit", "2025-02-05 17:00")):
        gone = release(TEN_HOURS, key=key, opening=visit.closing, as_of=at(when))
        assert gone == Release(key, None, None, (), visit.closing)
        assert str(gone) == f"{key}: nothing given back"
    assert release(TEN_HOURS, key="visit", opening=visit.closing, as_of=at("2025-02-05 16:59:59")).events


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    ("worked", "when", "used", "back"),
    [
        ("1h 10m", "2025-02-04 09:00", "1h 10m", "0h 50m"),
        ("2h", "2025-02-04 09:00", "2h 00m", "0h 00m"),
        ("3h", "2025-02-04 09:00", "3h 00m", "0h 00m"),  # more than was promised is simply drawn
        ("0m", "2025-02-04 09:00", "0h 00m", "2h 00m"),
        ("1h", "2025-02-05 16:59:59", "1h 00m", "1h 00m"),
        ("1h", "2025-02-05 17:00", "1h 00m", "0h 00m"),  # lapsed: nothing is left to give back
    ],
)
def test_a_commitment_uses_what_was_worked_and_gives_back_the_rest(
    worked: str, when: str, used: str, back: str
) -> None:
    """2h were set aside; whatever was not used is free again, and the key is gone."""
    spent = commit(TEN_HOURS, entry("W-1", when, worked), key="visit", opening=held(hours(2)).closing)
    assert (str(spent.used), str(spent.given_back)) == (used, back)
    assert spent.closing.reservations == ()
    assert spent.stock.free == spent.stock.left == hours(10) - WorkTime.parse(worked)


@pytest.mark.rule("B9")
def test_a_commitment_is_the_work_entry_with_the_key() -> None:
    """What is to be recorded is the entry, naming the reservation; rating it gives the same state."""
    visit = held(hours(2))
    work = entry("W-1", "2025-02-04 09:00", "1h")
    spent = commit(TEN_HOURS, work, key="visit", opening=visit.closing)
    assert spent.events == (attrs.evolve(work, reservation="visit"),)
    assert spent.lines == rate(TEN_HOURS, [work], until="2025-02-05").lines_of("W-1")
    recorded = rate(TEN_HOURS, [*visit.events, *spent.events], until=at("2025-02-04 09:00:01"))
    assert recorded.closing == spent.closing
    assert commit(TEN_HOURS, spent.events[0], key="visit", opening=visit.closing) == spent


@pytest.mark.rule("B9")
def test_work_without_a_reservation_can_be_committed() -> None:
    """An unknown key gives nothing back; the work is rated as any other."""
    spent = commit(TEN_HOURS, entry("W-1", "2025-02-04 09:00", "1h"), key="visit", opening=None)
    assert (spent.used, spent.given_back, str(spent.amount)) == (hours(1), hours(0), "0.00 EUR")


@pytest.mark.rule("B9")
def test_what_is_refused_is_not_used() -> None:
    """The bank has 2h, of which 1h was drawn by others since; 2h of work use 1h, 1h is refused, 1h comes back."""
    opening = closed(bank("B-1", "2025-01-02 09:00", "2h"), until="2025-02-01")
    visit = held(hours(2), terms=PREPAID, opening=opening)
    others = rate(PREPAID, [entry("W-1", "2025-02-03 10:00", "1h")], until="2025-02-04", opening=visit.closing)
    spent = commit(PREPAID, entry("W-2", "2025-02-04 09:00", "2h"), key="visit", opening=others.closing)
    assert (spent.used, spent.given_back) == (hours(1), hours(1))
    assert str(spent) == "visit: 1h 00m used, 1h 00m given back; nothing left"


@pytest.mark.rule("B9", "D14")
def test_incidents_are_set_aside_apart_from_hours() -> None:
    """2 of 3 incidents are set aside; hours are not touched, and work that names the key gives the 2 back."""
    plan = CappedIncidents(fee=Money("0 EUR"), allotment=incidents(3), per="term", beyond=Refuse())
    terms = contract(plan)
    two = reserve(terms, incidents(2), key="call", opening=None, as_of=NOW, expires_at=LATER)
    assert isinstance(two, Reservation)
    assert str(two) == (
        "call: 2 incidents reserved until Wed 2025-02-05 17:00; allotment 3 incidents, of which free 1 incident"
    )
    assert str(available(terms, "incidents", opening=two.closing, as_of=NOW)) == "1 incident"
    assert str(available(terms, "work", opening=two.closing, as_of=NOW)) == "0h 00m"
    spent = commit(terms, entry("W-1", "2025-02-04 09:00", "1h"), key="call", opening=two.closing)
    assert str(spent) == "call: 1h 00m used, 2 incidents given back; allotment 3 incidents, all free"
    opened = Opened("E-1", at("2025-02-04 09:00"), ticket="T-1")
    after = rate(terms, [opened], until="2025-02-05", opening=two.closing).closing
    assert str(available(terms, "incidents", opening=after, as_of=at("2025-02-05 09:00"))) == "0 incidents"


@pytest.mark.rule("B9", "D14")
def test_incidents_that_are_set_aside_take_no_hours() -> None:
    """A contract of 3 incidents and 5h: with 2 incidents set aside there are still 5h, and the other way round."""
    meters = [Meter("incidents", [Allotment(incidents(3)), Refuse()]), Meter("work", [Allotment(hours(5)), Refuse()])]
    terms = contract(Composite(meters=meters), currency="EUR")
    both = held(hours(4), terms=terms, key="b", opening=held(incidents(2), terms=terms, key="a").closing)
    assert free(both.closing, terms=terms) == "1h 00m"
    assert str(available(terms, "incidents", opening=both.closing, as_of=NOW)) == "1 incident"


# What is available


@pytest.mark.rule("B9")
def test_only_what_can_be_drawn_now_is_available() -> None:
    """B-1 starts tomorrow, B-2 ended yesterday, B-3 is used up, B-4 and B-5 can pay: 4h + 5h."""
    opening = closed(
        bank("B-1", "2025-02-01 09:00", "1h", usable_from=at("2025-02-04 00:00")),
        bank("B-2", "2025-01-01 09:00", "2h", expires_on="2025-02-02"),
        bank("B-3", "2025-01-01 09:00", "3h", priority=-1),
        bank("B-4", "2025-01-01 09:00", "4h"),
        bank("B-5", "2025-01-01 09:00", "5h", expires_on="2025-02-03", priority=1, scope=Scope(channels="onsite")),
        entry("W-1", "2025-01-10 09:00", "3h"),
        until="2025-02-02",
    )
    assert free(opening, "2025-02-03 09:00", terms=PREPAID) == "9h 00m"
    assert free(opening, "2025-02-04 00:00", terms=PREPAID) == "5h 00m"  # B-5 ended, B-1 began
    unpaid = contract(PrepaidHours(banks=Banks(usable="payment"), beyond=Hold()), currency="EUR")
    waiting = closed(bank("B-1", "2025-01-02 09:00", "1h"), until="2025-02-01", terms=unpaid)
    assert free(waiting, terms=unpaid) == "0h 00m"


@pytest.mark.rule("B9", "D19")
def test_the_calendar_moves_what_is_available() -> None:
    """2h a month, unused hours roll over once: 2h in January, 2h + 2h from 1 February 00:00 on."""
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(2), per="month", beyond=Refuse(), rollover=Rollover())
    terms = contract(plan)
    opening = rate(terms, [], until="2025-01-15").closing
    assert free(opening, "2025-01-31 23:59:59", terms=terms) == "2h 00m"
    assert free(opening, "2025-02-01 00:00", terms=terms) == "4h 00m"
    visit = held(hours(1), terms=terms, opening=opening)
    assert str(visit).endswith("4h 00m in 2 lots, of which free 3h 00m")
    assert {name for name, _ in visit.stock.lots} == {"allotment", "rolled over"}


@pytest.mark.rule("B9", "D5")
def test_the_rest_of_work_that_runs_on_is_not_available() -> None:
    """Work from 23:00 to 01:00, cut at the end of January: from 1 February on its second hour is drawn from 10h."""
    plan = PrepaidHours(beyond=Refuse(), metering=Metering(at_boundary="split"))
    terms = contract(plan, currency="EUR")
    story: list[Event] = [bank("B-1", "2025-01-02 09:00", "10h"), entry("W-1", "2025-01-31 23:00", "2h")]
    opening = rate(terms, story, until="2025-01-31 23:30").closing
    assert free(opening, "2025-01-31 23:30", terms=terms) == "9h 00m"
    assert free(opening, "2025-02-01 00:00:01", terms=terms) == "8h 00m"
    done = commit(terms, entry("W-2", "2025-02-01 09:00", "1h"), key="visit", opening=opening)
    whole = rate(terms, [*story, *done.events], until=at("2025-02-01 09:00:01"))
    assert (done.closing, str(done.stock.left)) == (whole.closing, "7h 00m")


@pytest.mark.rule("B9")
def test_unlimited_cover_is_no_stock() -> None:
    """Where everything is charged, there is nothing to set aside; asking for it says what is missing."""
    hourly = contract(PayPerHour(tariff=Price("150 EUR/h")))
    short = reserve(hourly, hours(1), key="visit", opening=None, as_of=NOW, expires_at=LATER)
    assert str(short) == "visit: 1h 00m missing; nothing left"


# Where it starts


@pytest.mark.rule("B9")
def test_reserving_does_not_make_other_events_stale() -> None:
    """Work of the same morning that is recorded after the reservation is still rated from the reservation's state."""
    opening = rate(TEN_HOURS, [], until="2025-02-01").closing
    visit = held(hours(2), opening=opening)
    assert visit.closing.as_of == opening.as_of
    late = entry("W-1", "2025-02-02 09:00", "1h")
    assert str(rate(TEN_HOURS, [late], until="2025-02-04", opening=visit.closing).total) == "0.00 EUR"


@pytest.mark.rule("B9")
def test_before_everything_a_reservation_starts_with_the_contract() -> None:
    """Without a state there is none of before the term; asked for earlier, the state is of that instant."""
    assert held(hours(2)).closing.as_of == TEN_HOURS.dated_phases[0].term.start
    early = reserve(PREPAID, hours(0), key="none", opening=None, as_of=at("2024-12-01 09:00"), expires_at=LATER)
    assert early.closing.as_of == at("2024-12-01 09:00")


@pytest.mark.rule("B9", "L4")
def test_a_state_of_the_same_second_is_taken_after_it() -> None:
    """A commitment at 09:00:00 closes at 09:00:01; a reservation asked for at 09:00:00 comes right after it."""
    spent = commit(TEN_HOURS, entry("W-1", "2025-02-03 09:00", "1h"), key="visit", opening=None)
    assert spent.closing.as_of == at("2025-02-03 09:00:01")
    visit = held(hours(2), key="next", opening=spent.closing)
    assert visit.events[0].at == spent.closing.as_of
    assert str(visit.free) == "7h 00m"
    everything = [*spent.events, *visit.events]
    assert rate(TEN_HOURS, everything, until="2025-02-04").closing.reservations == visit.closing.reservations


@pytest.mark.rule("L4")
def test_a_state_of_the_future_is_stale() -> None:
    """A state closed for the end of the month does not know what is available before."""
    opening = rate(TEN_HOURS, [], until="2025-03-01").closing
    for ask in (
        lambda: free(opening, "2025-02-28 23:59:58"),
        lambda: held(hours(1), opening=opening, as_of="2025-02-28 09:00", until="2025-03-05 09:00"),
        lambda: release(TEN_HOURS, key="visit", opening=opening, as_of=at("2025-02-28 09:00")),
        lambda: commit(TEN_HOURS, entry("W", "2025-02-28 23:59:59", "1h"), key="visit", opening=opening),
    ):
        with pytest.raises(StaleState, match="Rate again"):
            ask()
    assert free(opening, "2025-02-28 23:59:59") == "10h 00m"


@pytest.mark.rule("B9", "L4")
def test_what_is_recorded_is_rated_to_the_same_state() -> None:
    """Two reservations, a commitment and a release, recorded and rated from the beginning, give the same state."""
    first = held(hours(2), key="a")
    second = held(hours(3), key="b", opening=first.closing, as_of="2025-02-03 10:00")
    spent = commit(TEN_HOURS, entry("W-1", "2025-02-04 09:00", "1h"), key="a", opening=second.closing)
    gone = release(TEN_HOURS, key="b", opening=spent.closing, as_of=at("2025-02-04 10:00"))
    story = [*first.events, *second.events, *spent.events, *gone.events]
    assert [type(event) for event in story] == [Reserved, Reserved, WorkEntry, Released]
    whole = rate(TEN_HOURS, story, until="2025-02-06")
    assert same(whole, rate(TEN_HOURS, story[::-1], until="2025-02-06"))
    assert rate(TEN_HOURS, [], until="2025-02-06", opening=gone.closing).closing == whole.closing
    assert whole.closing.reservations == ()


@pytest.mark.rule("B9")
def test_a_visit_can_be_moved_within_a_second() -> None:
    """Giving a reservation up and reserving anew at the same instant leaves the new one, recorded or not."""
    first = held(hours(2))
    gone = release(TEN_HOURS, key="visit", opening=first.closing, as_of=at("2025-02-04 09:00"))
    second = held(hours(4), opening=gone.closing, as_of="2025-02-04 09:00", until="2025-02-07 17:00")
    recorded = rate(TEN_HOURS, [*first.events, *gone.events, *second.events], until="2025-02-05")
    assert recorded.closing.reservations == second.closing.reservations
    assert free(recorded.closing, "2025-02-05 00:00") == "6h 00m"


@pytest.mark.rule("B9", "L4")
def test_a_reservation_can_be_given_up_in_the_second_in_which_it_was_made() -> None:
    """Recorded and rated it is gone too: its release counts from the next second on."""
    visit = held(hours(2))
    gone = release(TEN_HOURS, key="visit", opening=visit.closing, as_of=NOW)
    assert gone.closing.reservations == ()
    assert rate(TEN_HOURS, [*visit.events, *gone.events], until="2025-02-04").closing.reservations == ()


@pytest.mark.rule("B9", "L4")
def test_work_that_began_before_it_was_reserved_for_commits_it_too() -> None:
    """The technician starts at 08:30, the desk reserves at 09:00: recorded and rated, nothing stays set aside."""
    visit = held(hours(2))
    spent = commit(TEN_HOURS, entry("W-1", "2025-02-03 08:30", "1h"), key="visit", opening=visit.closing)
    assert (str(spent.given_back), spent.closing.reservations) == ("1h 00m", ())
    assert [type(event) for event in spent.events] == [WorkEntry, Released]
    recorded = rate(TEN_HOURS, [*visit.events, *spent.events], until="2025-02-04")
    assert recorded.closing == rate(TEN_HOURS, [], until="2025-02-04", opening=spent.closing).closing


@pytest.mark.rule("B9")
def test_the_second_part_of_cut_work_commits_nothing_anew() -> None:
    """Work from 23:00 to 01:00 commits at 23:00; what is reserved under the key at 23:30 is for another visit."""
    terms = contract(PrepaidHours(beyond=Refuse(), metering=Metering(at_boundary="split")), currency="EUR")
    bought = bank("B-1", "2025-01-02 09:00", "10h")
    work = entry("W-1", "2025-01-31 23:00", "2h", reservation="visit")
    again = Reserved(
        "R-2", at("2025-01-31 23:30"), customer="elm", key="visit", quantity=hours(2), expires_at=at("2025-02-05 17:00")
    )
    closing = rate(terms, [bought, work, again], until="2025-02-02").closing
    assert [item.key for item in closing.reservations] == ["visit"]


# What is refused, and what can be kept


def test_bad_input_is_refused_with_what_to_write() -> None:
    """An empty key, a bare number, a naive instant, a lapse before the start, an unknown unit, no work entry."""
    anything: Any = None
    with pytest.raises(InvalidValue, match="key"):
        held(hours(1), key=" ")
    with pytest.raises(InvalidValue, match=r"hours\(…\)"):
        held(anything)
    with pytest.raises(NaiveTime):
        available(TEN_HOURS, "work", opening=None, as_of=NOW.replace(tzinfo=None))
    with pytest.raises(InvalidValue, match="later instant"):
        held(hours(1), until="2025-02-03 09:00")
    with pytest.raises(InvalidValue, match='"work" or "incidents"'):
        available(TEN_HOURS, "days", opening=None, as_of=NOW)  # type: ignore[arg-type]  # hostile
    for work in (anything, entry("W", "2025-02-03 09:00", "1h", reservation="other")):
        with pytest.raises(InvalidValue, match="a work entry was expected"):
            commit(TEN_HOURS, work, key="visit", opening=None)
    with pytest.raises(InvalidValue, match="key"):
        commit(TEN_HOURS, entry("W", "2025-02-03 09:00", "1h"), key="", opening=None)
    with pytest.raises(InvalidValue, match="key"):
        release(TEN_HOURS, key="", opening=None, as_of=NOW)
    stranger = WorkEntry("W", NOW, customer="oak", worked=hours(1))
    with pytest.raises(ForeignEvent):
        commit(TEN_HOURS, stranger, key="visit", opening=None)


def test_answers_can_be_kept() -> None:
    """Reservations, shortages, commitments and releases compare, hash and pickle."""
    visit = held(hours(2))
    short = reserve(TEN_HOURS, hours(9), key="big", opening=visit.closing, as_of=NOW, expires_at=LATER)
    spent = commit(TEN_HOURS, entry("W-1", "2025-02-04 09:00", "1h"), key="visit", opening=visit.closing)
    gone = release(TEN_HOURS, key="visit", opening=visit.closing, as_of=at("2025-02-04 09:00"))
    for answer in (visit, short, spent, gone):
        again = pickle.loads(pickle.dumps(answer))
        assert (again, hash(again), str(again)) == (answer, hash(answer), str(answer))
    assert isinstance(spent, Commitment)
    assert spent.preview == preview(TEN_HOURS, spent.events[0], opening=visit.closing)


def test_nothing_is_changed_by_asking() -> None:
    """The opening state stays as it was, whatever was reserved, committed or released from it."""
    visit = held(hours(2))
    before = repr(visit.closing)
    commit(TEN_HOURS, entry("W-1", "2025-02-04 09:00", "1h"), key="visit", opening=visit.closing)
    release(TEN_HOURS, key="visit", opening=visit.closing, as_of=at("2025-02-04 09:00"))
    held(hours(1), key="other", opening=visit.closing)
    assert repr(visit.closing) == before
    assert rated(TEN_HOURS, *visit.events, until=from_epoch(0)).lines == ()
