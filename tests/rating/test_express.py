"""The express lane gives what the whole waterfall gives, and is taken where work is plain."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from supportcontracts import (
    Allotment,
    Approval,
    Band,
    BankPurchase,
    Banks,
    Cancelled,
    CappedHours,
    CappedIncidents,
    Charge,
    Composite,
    Contract,
    Fallback,
    FixedAnnual,
    FreeTime,
    Graduated,
    Hold,
    Merged,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Overdraw,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    Rate,
    Rating,
    Refuse,
    Remaining,
    Reserved,
    Scope,
    ScopedMetering,
    State,
    SubLimit,
    Unlimited,
    WorkEntry,
    hours,
    incidents,
    minutes,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import Event
from supportcontracts.rating.fold import Fold
from supportcontracts.rating.records import exact_of
from supportcontracts.rating.waterfall import Part, Use, Waterfall
from supportcontracts.testing.strategies import Case, cases
from supportcontracts.timeline import Instant, epoch, from_epoch
from tests.rating.bank_builders import at, bank, contract, entry, story

EURO_A_MINUTE = Price("60 EUR/h")


@contextmanager
def without_the_lane() -> Iterator[None]:
    """Rate everything by the whole waterfall."""
    enter = Fold.enter

    def slowly(fold: Fold, *args: Any) -> None:
        enter(fold, *args)
        fold.express = None
        fold.lanes = {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fold, "enter", slowly)
        yield


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the ids of the entries that go the long way."""
    long_way: list[str] = []
    work = Fold.work

    def counting(fold: Fold, entry: WorkEntry, *args: Any, **options: Any) -> None:
        long_way.append(entry.id)
        work(fold, entry, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fold, "work", counting)
        yield long_way


def entries_of(rating: Rating) -> list[str]:
    """The ids of the work entries that were rated, in order."""
    events = (record.detail if record.metered is None else record.metered.event for record in rating.records)
    return list(dict.fromkeys(event.id for event in events if isinstance(event, WorkEntry)))


def both(
    agreed: Contract, events: Iterable[Event], until: Instant | str, opening: State | None = None
) -> tuple[Rating, list[str]]:
    """Rate both ways, check that nothing differs, and tell who took the lane."""
    happened = list(events)
    with counted() as long_way:
        quick = rate(agreed, happened, until=until, opening=opening)
    with without_the_lane(), counted() as every:
        slow = rate(agreed, happened, until=until, opening=opening)
    assert set(every) == set(entries_of(slow))
    assert quick == slow
    assert quick.closing == slow.closing
    assert quick.to_rows() == slow.to_rows()
    assert str(quick) == str(slow)
    assert len(quick.journal) == len(slow.journal)
    for one, other in zip(quick.records, slow.records, strict=True):
        assert one._replace(exact=exact_of(one)) == other._replace(exact=exact_of(other))
    for use in {line.use for line in quick.lines}:
        assert quick.explain(use) == slow.explain(use)
    return quick, [use for use in entries_of(quick) if use not in long_way]


# Any contract, any history


@given(case=cases())
def test_the_lane_gives_what_the_waterfall_gives(case: Case) -> None:
    """Lines, movements, notices, explanations and closing states are the same with the lane and without it."""
    agreed, events, until = case
    _, taken = both(agreed, events, until)
    note(f"express: {taken}")


@given(
    case=cases(
        kinds=[FixedAnnual, CappedHours, PrepaidHours, PayPerHour],
        without={"grouping", "special", "split", "scopes", "outside-terms", "price-multiplier"},
    ),
    data=st.data(),
)
def test_the_lane_goes_on_from_a_state_as_the_waterfall_does(case: Case, data: st.DataObject) -> None:
    """Plain contracts, rated in two chunks: the lane leaves behind the state from which the waterfall goes on."""
    agreed, events, until = case
    happened = [event for event in events if not hasattr(event, "target") and not getattr(event, "usable_from", None)]
    seconds = [epoch(event.at) + 1 for event in happened] or [epoch(until)]
    cut = from_epoch(data.draw(st.sampled_from(seconds), label="cut"))
    first, _ = both(agreed, [event for event in happened if event.at < cut], cut)
    both(agreed, [event for event in happened if event.at >= cut], max(cut, until), first.closing)


# Who takes it


PLAIN = story(
    bank("B-1", "2025-01-02 09:00", "9h"),
    entry("W-1", "2025-02-03 09:00", "1h 10m", role="lead", channel="onsite"),
    entry("W-2", "2025-02-03 10:00", "2h"),
    entry("W-3", "2025-02-04 09:00", "20m"),
)


def composite(*sources: Any, **meter: Any) -> Composite:
    """Build a plan of one meter."""
    return Composite(meters=Meter("work", sources, **meter))


@pytest.mark.parametrize(
    "plan",
    [
        FixedAnnual(fee=Money("0 EUR")),
        CappedHours(fee=Money("0 EUR"), allotment=hours(10), per="term", beyond=Refuse()),
        PrepaidHours(beyond=Refuse()),
        PayPerHour(tariff=EURO_A_MINUTE),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(increment=minutes(15), minimum=minutes(30))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(increment=minutes(15), grace=minutes(10))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(free=FreeTime(minutes(5)))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(free=FreeTime(minutes(5), reading="all"))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(multiplier=Multiplier("1.5", scope=Scope(roles="lead")))),
        PayPerHour(
            tariff=Charge(EURO_A_MINUTE, of="counted"),
            metering=Metering(multiplier=[Multiplier("1.5"), Multiplier(2)], combine="product"),
        ),
        composite(Allotment(hours(0)), Banks(), Charge(EURO_A_MINUTE)),
        composite(Banks(pool="empty"), Allotment(hours(0)), Unlimited()),
    ],
)
def test_plain_work_takes_the_lane(plan: Plan) -> None:
    """All three entries are paid by the lane, whatever the source, and as the waterfall would."""
    rating, taken = both(contract(plan, currency="EUR"), PLAIN, "2025-04-01")
    assert taken == ["W-1", "W-2", "W-3"]
    assert {line.kind for use in taken for line in rating.lines_of(use)} == {"use"}


@pytest.mark.parametrize(
    "plan",
    [
        # What metering has to look at.
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(group="incident")),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(at_boundary="split")),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(free=FreeTime(minutes(5), per="period"))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(multiplier=Multiplier(2, on="price"))),
        PayPerHour(
            tariff=EURO_A_MINUTE, metering=Metering(special=ScopedMetering(Scope(roles="boss"), Metering()))
        ),
        PayPerHour(tariff=EURO_A_MINUTE, scope=Scope(channels="onsite")),
        # What is free.
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(free=FreeTime(hours(9)))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(multiplier=Multiplier(0))),
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(grace=hours(3), increment=hours(4))),
        # What the first source that has anything does not pay whole, or not so simply.
        FixedAnnual(fee=Money("0 EUR"), review_at=hours(1)),
        composite(Charge(EURO_A_MINUTE, limit=hours(99)), Refuse()),
        composite(Charge(EURO_A_MINUTE, limit=Money("9999 EUR")), Refuse()),
        composite(Charge(EURO_A_MINUTE, scope=Scope(roles="boss")), Refuse()),
        PayPerHour(tariff=Charge(EURO_A_MINUTE, approval="required")),
        PayPerHour(tariff=Charge(EURO_A_MINUTE, maximum=Money("9999 EUR"))),
        PayPerHour(tariff=Charge(EURO_A_MINUTE, per="entry", free_first=hours(1))),
        PayPerHour(tariff=Charge(EURO_A_MINUTE, rates=Rate(Price("90 EUR/h"), role="lead"))),
        PayPerHour(tariff=Charge(EURO_A_MINUTE, entry_rates="used")),
        PayPerHour(tariff=Charge(Graduated([Band(None, EURO_A_MINUTE)]), per="day")),
        PrepaidHours(banks=Banks(pool="empty"), beyond=Refuse()),
        PrepaidHours(banks=Banks(pool="empty"), beyond=Hold()),
        PrepaidHours(banks=Banks(pool="empty"), beyond=Fallback("C-2")),
        composite(Allotment(hours(9), short="whole-to-next"), Refuse()),
        composite(Allotment(hours(9), sublimits=SubLimit(hours(9))), Refuse()),
        composite(Allotment(hours(0), short=Overdraw(hours(9), settled_at=EURO_A_MINUTE)), Refuse()),
        # Whose labour it may be.
        Composite(
            meters=[
                Meter("work", Charge(EURO_A_MINUTE)),
                Meter("incidents", Charge(Price("9 EUR/incident")), labour="metered-if-unpaid"),
            ]
        ),
        Composite(),
    ],
)  # fmt: skip
def test_other_work_does_not(plan: Plan) -> None:
    """None of the three entries is paid by the lane."""
    _, taken = both(contract(plan, currency="EUR"), PLAIN, "2025-04-01")
    assert taken == []


@pytest.mark.parametrize(
    "work",
    [
        entry("W-1", "2025-02-03 09:00", "1h", billable="non-billable"),
        entry("W-1", "2025-02-03 09:00", "1h", reservation="visit"),
        entry("W-1", "2025-02-03 09:00", "0m"),
        entry("W-1", "2024-12-31 09:00", "1h"),
    ],
)
def test_entries_that_are_not_plain_do_not(work: WorkEntry) -> None:
    """What is not billable, commits a reservation, took no time, or lies outside the term goes the long way."""
    reserved = Reserved("R", at("2025-02-01 09:00"), key="visit", quantity=hours(1), expires_at=at("2025-03-01 09:00"))
    _, taken = both(contract(PrepaidHours(beyond=Refuse()), currency="EUR"), [*PLAIN[:1], reserved, work], "2025-04-01")
    assert taken == []


def test_an_incident_plan_has_the_lane_for_its_labour() -> None:
    """The labour is included without limit: plain work."""
    plan = CappedIncidents(fee=Money("0 EUR"), allotment=incidents(1), per="term", beyond=Refuse())
    assert both(contract(plan), PLAIN[1:], "2025-04-01")[1] == ["W-1", "W-2", "W-3"]


INCIDENTS: list[Event] = [
    *(Opened(f"E-{n}", at(f"2025-02-0{n} 09:00"), ticket=f"T-{n}", severity=n % 3 + 1) for n in range(1, 7)),
    BankPurchase("B-1", at("2025-02-02 10:00"), customer="elm", quantity=incidents(2), price=Price("200 EUR/incident")),
    Cancelled("X-2", at("2025-02-08 09:00"), ticket="T-2"),
    Merged("X-5", at("2025-02-08 09:00"), ticket="T-5", into="T-6"),
]
EURO_EACH = Price("290 EUR/incident")
TWICE = Metering(multiplier=Multiplier(2, scope=Scope(severities=1)))


@pytest.mark.parametrize(
    ("plan", "long_way"),
    [
        (PayPerIncident(tariff=EURO_EACH), 0),
        (PayPerIncident(tariff=EURO_EACH, metering=TWICE), 0),
        (CappedIncidents(fee=Money("0 EUR"), allotment=incidents(3), per="month", beyond=Charge(EURO_EACH)), 0),
        (PrepaidIncidents(beyond=Charge(EURO_EACH), metering=TWICE), 0),
        (PrepaidIncidents(beyond=Hold()), 4),
        (PayPerIncident(tariff=EURO_EACH, metering=Metering(multiplier=Multiplier(2, on="price"))), 6),
        (PayPerIncident(tariff=EURO_EACH, metering=Metering(special=ScopedMetering(Scope(severities=1), TWICE))), 6),
        (PayPerIncident(tariff=Charge(Graduated([Band(None, EURO_EACH)]), per="term")), 6),
        (PayPerIncident(tariff=EURO_EACH, metering=Metering(multiplier=Multiplier(0))), 0),
    ],
)
def test_plain_incidents_take_the_lane(plan: Plan, long_way: int) -> None:
    """An incident that plain sources pay is not taken to the waterfall, and is given back as if it had been."""
    pay = Waterfall.pay
    taken = []

    def counting(waterfall: Waterfall, use: Use, *args: Any, **options: Any) -> list[Part]:
        taken.append(use.id)
        return pay(waterfall, use, *args, **options)

    agreed = contract(plan, currency="EUR")
    both(agreed, INCIDENTS, "2025-04-01")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Waterfall, "pay", counting)
        rate(agreed, INCIDENTS, until="2025-04-01")
    assert len(taken) == long_way


def test_the_lane_pays_from_several_lots_and_then_charges() -> None:
    """Of 3h in two banks the second entry needs both, the fourth is charged; only a bank with a scope is looked at."""
    events = story(
        bank("B-1", "2025-01-02 09:00", "2h", expires_on="2025-06-30"),
        bank("B-2", "2025-01-02 09:00", "1h"),
        entry("W-1", "2025-02-03 09:00", "1h"),
        entry("W-2", "2025-02-03 10:00", "1h 30m"),
        entry("W-3", "2025-02-03 11:00", "30m"),
        entry("W-4", "2025-02-03 12:00", "30m"),
        bank("B-3", "2025-02-04 09:00", "30m", scope=Scope(channels="onsite")),
        entry("W-5", "2025-02-04 10:00", "30m", channel="onsite"),
        bank("B-4", "2025-02-05 09:00", "30m"),
        entry("W-6", "2025-02-05 10:00", "30m"),
    )
    _, taken = both(contract(PrepaidHours(beyond=Charge(EURO_A_MINUTE))), events, "2025-04-01")
    assert taken == ["W-1", "W-2", "W-3", "W-4", "W-6"]


def test_the_lane_gives_the_same_notices_and_releases() -> None:
    """What the lane draws passes warn levels, and what was held before stays held until it is approved."""
    banks = Banks(warn_levels=[Remaining(hours(8)), Remaining(hours(7))])
    charge = Charge(EURO_A_MINUTE, approval="required")
    rating, taken = both(
        contract(composite(banks, charge)),
        [*PLAIN, entry("W-4", "2025-02-05 09:00", "9h"), Approval("A", at("2025-02-06 09:00"))],
        "2025-04-01",
    )
    assert taken == ["W-1", "W-2", "W-3"]
    assert [notice.because for notice in rating.notices] == ["W-1", "W-2"]
    assert {line.kind for line in rating.lines_of("W-4")} == {"use", "release"}
