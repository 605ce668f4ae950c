"""Work across the edges of covered time: every reading by hand, the order of the clock, and how it is explained."""

from fractions import Fraction
from typing import Any

import pytest

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.metering import FreeTime, Metering, Multiplier, WindowReading
from supportcontracts.contracts.plans import Composite, Meter, PayPerHour, PayPerIncident, PrepaidHours
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Hold
from supportcontracts.contracts.tariffs import Band, Graduated
from supportcontracts.coverage import Coverage
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Approval, BankPurchase, Opened, WorkEntry
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.money import Money, Price
from supportcontracts.quantity import WorkTime, hours, minutes
from supportcontracts.rating import Rating, State, preview, rate
from supportcontracts.timeline import Term, Zone

BERLIN = Zone("Europe/Berlin")
at = BERLIN.at
OFFICE = Coverage("mon-fri 09:00-17:00", zone=BERLIN, holidays=["2025-12-25 Christmas Day"])
AFTER_HOURS = Multiplier("1.5", outside=OFFICE)


def contract(plan: Any, **more: Any) -> Contract:  # noqa: ANN401  # any plan
    """Sell a plan for a year."""
    term = Term("2025-01-01", months=12, zone=BERLIN)
    return Contract("C-104", customer="birchwood", rounding="half-up", billing="monthly", term=term, plan=plan, **more)


def work(id_: str, start: str, worked: int, **more: Any) -> WorkEntry:  # any attributes
    """Record so many minutes of work."""
    return WorkEntry(id_, at(start), customer="birchwood", worked=minutes(worked), **more)


def rated(metering: Metering, *entries: Any, charge: Charge | None = None) -> Rating:  # any events
    """Rate at 100.00 an hour, billable."""
    charge = charge or Charge(Price("100 EUR/h"))
    return rate(contract(PayPerHour(tariff=charge, metering=metering)), entries, until="2026-01-01")


def quantities(rating: Rating) -> list[tuple[str, str]]:
    """Show billable and counted time of every line."""
    return [(str(line.billable), str(line.counted)) for line in rating.lines]


@pytest.mark.rule("M6", "M7", "M8", "D8", "D12", "D23")
def test_two_banks_and_overage_across_an_edge() -> None:
    """2h 50m from 16:00 is 3h 00m, an hour of it in hours: it counts 4h 00m, drawn in the order of the clock."""
    plan = PrepaidHours(
        metering=Metering(increment=minutes(15), multiplier=AFTER_HOURS),
        banks=Banks(order="soonest-expiry"),
        beyond=Charge(Price("137.50 EUR/h"), of="counted"),
    )
    price = Price("115 EUR/h")
    events: list[Any] = [
        BankPurchase("B-07", at("2025-02-01 00:00"), customer="birchwood", quantity=minutes(90), price=price,
                     expires_on="2025-03-31"),
        BankPurchase("B-09", at("2025-02-01 00:00"), customer="birchwood", quantity=minutes(45), price=price,
                     expires_on="2025-09-30"),
        work("W-3107", "2025-03-18 16:00", 170, note="index rebuild"),
    ]  # fmt: skip
    rating = rate(contract(plan), events, until="2025-04-01")
    said = rating.explain("W-3107")
    assert [(step.rule, step.working, step.result) for step in said.steps[1:4]] == [
        ("M6", "+ 10m to a full 15m", "3h 00m"),
        ("M7", "in mon-fri 09:00-17:00 1h 00m, then outside mon-fri 09:00-17:00 2h 00m", "3h 00m"),
        ("M8", "1h 00m × 1 + 2h 00m × 1.5", "4h 00m"),
    ]
    assert str(said).splitlines()[-4:] == [
        "paid by                  billable  counted      amount",
        "bank B-07                  1h 20m   1h 30m    0.00 EUR  1h 00m × 1 + 0h 20m × 1.5",
        "bank B-09                  0h 30m   0h 45m    0.00 EUR  0h 30m × 1.5",
        "overage at 137.50 EUR/h    1h 10m   1h 45m  240.63 EUR  1h 10m × 1.5",
    ]
    tonight = work("draft", "2025-04-02 18:00", 120)
    shown = str(preview(contract(plan), tonight, opening=rating.closing))
    assert shown.startswith("Wed 2025-04-02 18:00, 2h 00m: counts 3h 00m (outside mon-fri 09:00-17:00 × 1.5); ")


@pytest.mark.rule("M7", "D12")
@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        # From 16:10 to 18:20: 50 minutes in hours and 80 after hours, billed 2h 30m with a step of half an hour.
        ("at-end", ("2h 30m", "3h 20m")),  # 50 + 100 × 1.5
        # 150 minutes shared 50 : 80 are 57m 41.5s and 92m 18.5s; the tie goes to the earlier part: 57:42 and 92:18.
        ("proportional", ("2h 30m", "3h 16m 09s")),  # 3462 + 5538 × 1.5 = 11769
        ("split-then-round", ("2h 30m", "3h 15m")),  # 1h 00m + 1h 30m × 1.5
        ("by-start", ("2h 30m", "2h 30m")),
        ("by-majority", ("2h 30m", "3h 45m")),
    ],
)
def test_each_reading_by_hand(windows: WindowReading, expected: tuple[str, str]) -> None:
    """Work across an edge is billed in its windows as the reading says."""
    metering = Metering(increment=minutes(30), multiplier=AFTER_HOURS, windows=windows)
    assert quantities(rated(metering, work("W-1", "2025-03-18 16:10", 130))) == [expected]


@pytest.mark.rule("M7", "D12")
def test_what_rounding_drops_is_dropped_from_the_end() -> None:
    """With a grace of ten minutes, 17:05 is over by five: the step ends at 17:00 and nothing is after hours."""
    metering = Metering(increment=minutes(60), grace=minutes(10), multiplier=AFTER_HOURS)
    assert quantities(rated(metering, work("W-1", "2025-03-18 16:00", 65))) == [("1h 00m", "1h 00m")]
    longer = rated(metering, work("W-1", "2025-03-18 16:58", 62))
    # Two minutes in hours, an hour after them; what is dropped are the last two.
    assert quantities(longer) == [("1h 00m", "1h 29m")]
    assert [str(line.worked) for line in longer.lines] == ["1h 02m"]


@pytest.mark.rule("M3", "M7", "D12")
def test_free_time_lies_at_the_start() -> None:
    """The first half hour is free: of 16:30 to 18:00 all that is left is after hours."""
    free = Metering(free=FreeTime(minutes(30)), multiplier=AFTER_HOURS)
    rating = rated(free, work("W-1", "2025-03-18 16:30", 90))
    assert quantities(rating) == [("1h 00m", "1h 30m")]
    assert [str(line.worked) for line in rating.lines] == ["1h 30m"]
    assert "all of it outside" in str(rating.explain("W-1"))


@pytest.mark.rule("M3", "M7", "D12")
@pytest.mark.parametrize("windows", ["at-end", "split-then-round"])
def test_free_time_that_is_passed_counts_where_the_work_ends(windows: WindowReading) -> None:
    """Up to an hour of the month is free, and once passed all of it counts: the earlier half hour joins the end."""
    metering = Metering(
        free=FreeTime(minutes(60), per="period", reading="all"), multiplier=AFTER_HOURS, windows=windows
    )
    rating = rated(metering, work("W-1", "2025-03-18 10:00", 30), work("W-2", "2025-03-18 16:00", 90))
    # Two hours: one in hours, half an hour after them, and the half hour of W-1 where W-2 ends.
    assert quantities(rating) == [("0h 00m", "0h 00m"), ("2h 00m", "2h 30m")]


@pytest.mark.rule("M7", "D12")
def test_each_window_may_have_its_own_minimum() -> None:
    """Ten minutes after hours are billed an hour, ten minutes in hours a quarter."""
    night = Multiplier("2", outside=OFFICE, minimum=hours(1))
    metering = Metering(increment=minutes(15), multiplier=night, windows="split-then-round", group="technician-day")
    rating = rated(
        metering,
        work("W-1", "2025-03-18 16:50", 20, technician="ines"),
        work("W-2", "2025-03-18 20:00", 30, technician="ines"),
        work("W-3", "2025-03-18 21:00", 40, technician="ines"),
    )
    # W-1: 15m in hours and 1h after them. W-2 and W-3 are of the same day: 40m are still the hour, 80m are 1h 30m.
    assert quantities(rating) == [("1h 15m", "2h 15m"), ("0h 00m", "0h 00m"), ("0h 30m", "1h 00m")]
    steps = [(step.rule, step.working, step.result) for step in rating.explain("W-3").steps]
    assert ("M7", "0h 40m outside mon-fri 09:00-17:00, 0h 40m before", "0h 30m") in steps
    assert "M6" not in {rule for rule, _, _ in steps}


@pytest.mark.rule("M7", "D12")
def test_of_several_factors_the_largest_counts_and_their_product_if_agreed() -> None:
    """On a holiday after hours 2 is larger than 1.5; the product is 3."""
    both = [AFTER_HOURS, Multiplier("2", holiday=OFFICE)]
    entry = work("W-1", "2025-12-24 23:00", 120)
    largest, product = Metering(multiplier=both), Metering(multiplier=both, combine="product")
    assert quantities(rated(largest, entry)) == [("2h 00m", "3h 30m")]
    assert quantities(rated(product, entry)) == [("2h 00m", "4h 30m")]
    words = str(rated(largest, entry).explain("W-1"))
    assert "outside mon-fri 09:00-17:00 and outside holidays of mon-fri 09:00-17:00 1h 00m" in words


@pytest.mark.rule("M7", "D12")
def test_work_that_states_its_window_lies_in_it_as_a_whole() -> None:
    """A stated window is inside the calendar of that name and outside every other, whatever the clock says."""
    night = Coverage("mon-sun 22:00-06:00", zone=BERLIN, name="night")
    metering = Metering(multiplier=[Multiplier("2", inside=night), Multiplier("1.5", outside=OFFICE)])
    day = work("W-1", "2025-03-18 16:00", 120, window="night")
    other = work("W-2", "2025-03-18 12:00", 60, window="standby")
    assert quantities(rated(metering, day, other)) == [("1h 00m", "1h 30m"), ("2h 00m", "4h 00m")]


@pytest.mark.rule("M7", "D4", "D12")
def test_windows_follow_the_clocks() -> None:
    """In the night in which the clocks skip an hour, 01:00 to 04:00 are two hours, all of them after hours."""
    rating = rated(Metering(multiplier=AFTER_HOURS), work("W-1", "2025-03-30 01:00", 120))
    assert quantities(rating) == [("2h 00m", "3h 00m")]
    seconds = [work("W-1", "2025-03-28 16:59", 2), work("W-2", "2025-03-28 17:00", 1)]
    friday = rated(Metering(multiplier=AFTER_HOURS), *seconds)
    assert quantities(friday) == [("0h 02m", "0h 02m 30s"), ("0h 01m", "0h 01m 30s")]


@pytest.mark.rule("M7", "M8", "D13", "D23")
def test_a_multiplier_on_the_price_is_settled_once() -> None:
    """An hour at 100.00 and two at 100.00 × 1.5 are one line of 400.00, worked out window by window."""
    metering = Metering(multiplier=Multiplier("1.5", outside=OFFICE, on="price"))
    rating = rated(metering, work("W-1", "2025-03-18 16:00", 180))
    assert [str(line.amount) for line in rating.lines] == ["400.00 EUR"]
    assert "charge at 100.00 EUR/h, 1h × 1 + 2h × 1.5" in str(rating)
    said = [(step.rule, step.working, step.result) for step in rating.explain("W-1").steps]
    assert said[-2:] == [
        ("M8", "100.00 EUR × 1 + 200.00 EUR × 1.5", "400.00 EUR"),
        ("S1", "half up to 0.01 EUR", "400.00 EUR"),
    ]
    # One window, and two windows with equal factors, are one price.
    evening = rated(metering, work("W-1", "2025-03-18 18:00", 60))
    assert "charge at 100.00 EUR/h × 1.5" in str(evening)
    flat = Metering(multiplier=[Multiplier("1", inside=OFFICE, on="price"), Multiplier("2", scope=Scope(channels="x"))])
    assert [str(line.amount) for line in rated(flat, work("W-1", "2025-03-18 16:00", 120)).lines] == ["200.00 EUR"]


@pytest.mark.rule("M7", "D10", "D13")
def test_bands_go_on_from_window_to_window() -> None:
    """Three hours through bands of 100.00 for two hours and 50.00 beyond: the second hour is in the dear window."""
    bands = Graduated([Band(hours(2), Price("100 EUR/h")), Band(None, Price("50 EUR/h"))])
    metering = Metering(multiplier=Multiplier("2", outside=OFFICE, on="price"))
    rating = rated(metering, work("W-1", "2025-03-18 16:00", 180), charge=Charge(bands, per="period"))
    # 100 × 1, then 100 × 2 + 50 × 2.
    assert [line.exact.value for line in rating.lines] == [Fraction(400)]


@pytest.mark.rule("M7", "T6", "D13")
def test_a_money_limit_sees_what_each_window_costs() -> None:
    """250.00 pay for the hour in hours and for an hour at 150.00; the last hour is held."""
    metering = Metering(multiplier=Multiplier("1.5", outside=OFFICE, on="price"))
    plan = Composite(
        meters=[Meter("work", [Charge(Price("100 EUR/h"), limit=Money("250 EUR")), Hold()], metering=metering)],
    )
    rating = rate(contract(plan), [work("W-1", "2025-03-18 16:00", 180)], until="2025-04-01")
    assert [(line.disposition, str(line.counted), str(line.amount)) for line in rating.lines] == [
        ("charged", "2h 00m", "250.00 EUR"),
        ("held", "1h 00m", "0.00 EUR"),
    ]


@pytest.mark.rule("M7", "D20", "L4")
def test_held_use_keeps_its_windows() -> None:
    """Held across an edge and approved in part, the rest is priced in the windows it was worked in."""
    metering = Metering(multiplier=Multiplier("1.5", outside=OFFICE, on="price"))
    charge = Charge(Price("100 EUR/h"), approval="required")
    plan = Composite(meters=[Meter("work", [Allotment(minutes(30), per="month"), charge], metering=metering)])
    agreed = contract(plan)
    held = rate(agreed, [work("W-1", "2025-03-18 16:00", 120)], until="2025-03-20")
    state = from_json(to_json(held.closing), State)
    assert state == held.closing
    assert [(each.billable, each.price_factor) for each in state.held[0].stretches] == [(1800, ""), (3600, "3/2")]
    paid = rate(
        agreed, [Approval("A-1", at("2025-03-25 09:00"), customer="birchwood", of="W-1")], until="2025-03-26",
        opening=state,
    )  # fmt: skip
    assert [str(line.amount) for line in paid.lines] == ["200.00 EUR"]  # 50.00 + 150.00


@pytest.mark.rule("M7", "D5")
def test_an_incident_is_weighed_at_the_instant_that_consumes_it() -> None:
    """A ticket opened at 17:00 is after hours, one at 16:59:59 is not."""
    metering = Metering(multiplier=[Multiplier("2", outside=OFFICE), Multiplier("1.5", outside=OFFICE, on="price")])
    plan = PayPerIncident(tariff=Price("100 EUR/incident"), metering=metering)
    events = [
        Opened("E-1", at("2025-03-18 16:59:59"), ticket="T-1", customer="birchwood"),
        Opened("E-2", at("2025-03-18 17:00"), ticket="T-2", customer="birchwood"),
    ]
    rating = rate(contract(plan), events, until="2025-04-01")
    assert [(str(line.counted), str(line.amount)) for line in rating.lines] == [
        ("1 incident", "100.00 EUR"),
        ("2 incidents", "300.00 EUR"),
    ]


@pytest.mark.rule("M7")
def test_work_without_length_counts_nothing_and_says_where() -> None:
    """Zero work is zero in any window and any reading."""
    for windows in ("at-end", "proportional", "split-then-round", "by-start", "by-majority"):
        metering = Metering(increment=minutes(15), minimum=minutes(30), multiplier=AFTER_HOURS, windows=windows)
        assert quantities(rated(metering, work("W-1", "2025-03-18 16:00", 0))) == [("0h 00m", "0h 00m")]


@pytest.mark.parametrize(
    ("terms", "clause"),
    [
        (Metering(multiplier=AFTER_HOURS), "Outside mon-fri 09:00-17:00 every hour counts 1.5."),
        (
            Metering(multiplier=AFTER_HOURS, windows="proportional"),
            "what rounding adds or drops is shared by the windows.",
        ),
        (Metering(multiplier=AFTER_HOURS, windows="by-start"), "all of it lies in the window in which it starts."),
        (
            Metering(multiplier=Multiplier("2", holiday=OFFICE, minimum=hours(1)), windows="split-then-round"),
            "each window is rounded by itself; work on the holidays of mon-fri 09:00-17:00 is raised to at least 1h.",
        ),
        (
            Metering(multiplier=[AFTER_HOURS, Multiplier("2", inside=OFFICE, scope=Scope(channels="onsite"))]),
            "1.5 outside mon-fri 09:00-17:00 and 2 inside mon-fri 09:00-17:00",
        ),
    ],
)
def test_a_contract_says_its_windows(terms: Metering, clause: str) -> None:
    """The sentences of a contract name the windows, their factors and the reading; as a document they come back."""
    agreed = contract(PayPerHour(tariff=Price("100 EUR/h"), metering=terms))
    assert clause in str(agreed)
    assert from_json(to_json(agreed), Contract) == agreed


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Multiplier("2", inside=OFFICE, outside=OFFICE), "one of inside, outside and holiday"),
        (lambda: Multiplier("2", outside="office"), "a calendar was expected"),  # type: ignore[arg-type]  # hostile
        (lambda: Multiplier("2", holiday=Coverage("24x7", zone="UTC")), "one with holidays"),
        (lambda: Multiplier("2", outside=OFFICE, minimum=30), "work time was expected"),  # type: ignore[arg-type]  # too
        (lambda: Metering(multiplier=Multiplier("2", outside=OFFICE, minimum=hours(1))), "rounded by itself"),
        (lambda: Metering(multiplier=Multiplier("2", minimum=hours(1)), windows="split-then-round"), "for all time"),
        (lambda: Metering(windows="split"), '"split-then-round"'),  # type: ignore[arg-type]  # hostile on purpose
    ],
)
def test_what_leaves_two_readings_is_refused(build: Any, message: str) -> None:  # noqa: ANN401  # a thunk
    """Terms that could be read in two ways are refused with the choices."""
    with pytest.raises(InvalidValue, match=message):
        build()


def test_the_edges_of_a_saved_state_are_documents() -> None:
    """A window's counters pass through a saved state: the second entry of a day goes on from the first."""
    metering = Metering(
        increment=minutes(60), multiplier=AFTER_HOURS, windows="split-then-round", group="technician-day"
    )
    agreed = contract(PayPerHour(tariff=Price("100 EUR/h"), metering=metering))
    one, two = (
        work("W-1", "2025-03-18 17:00", 20, technician="ines"),
        work("W-2", "2025-03-18 19:00", 20, technician="ines"),
    )
    first = rate(agreed, [one], until=at("2025-03-18 18:00"))
    second = rate(agreed, [two], until="2025-04-01", opening=from_json(to_json(first.closing), State))
    assert [line.billable for line in second.lines] == [WorkTime(0)]


@pytest.mark.rule("D20", "T6")
def test_what_a_release_leaves_waits_with_the_source_that_holds_it() -> None:
    """Approved up to a limit of an hour, the rest of what the charge held now waits with the hold."""
    charge = Charge(Price("100 EUR/h"), approval="required", limit=hours(1), limit_per="term")
    plan = Composite(meters=[Meter("work", [charge, Hold()])])
    approval = Approval("A-1", at("2025-03-25 09:00"), customer="birchwood", of=None)
    entries = [work("W-1", "2025-03-18 09:00", 45), work("W-2", "2025-03-18 11:00", 45)]
    rating = rate(contract(plan), [*entries, approval], until="2025-04-01")
    assert [(line.use, line.kind, line.source, str(line.counted), str(line.amount)) for line in rating.lines] == [
        ("W-1", "use", "charge", "0h 45m", "0.00 EUR"),
        ("W-2", "use", "charge", "0h 45m", "0.00 EUR"),
        ("W-1", "release", "charge", "0h 45m", "75.00 EUR"),
        ("W-2", "release", "charge", "0h 15m", "25.00 EUR"),
    ]
    assert [(held.use, held.source, held.counted) for held in rating.closing.held] == [("W-2", "work/1", 1800)]
