"""Work across the edges of covered time, rated by the engine and by the oracle that asks every second."""

from fractions import Fraction
from typing import Any, Literal, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.contracts.allotments import Allotment, Overdraw, SubLimit
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.metering import FreeTime, Metering, Multiplier, WindowReading
from supportcontracts.contracts.plans import Composite, Meter
from supportcontracts.contracts.scope import EVERYTHING, Scope
from supportcontracts.contracts.sources import Hold, Refuse
from supportcontracts.contracts.tariffs import Band, Graduated
from supportcontracts.events import Approval, WorkEntry
from supportcontracts.money import Money, Price
from supportcontracts.quantity import WorkTime, hours, minutes
from supportcontracts.rating import rate
from supportcontracts.testing.strategies.metering import CALENDARS
from supportcontracts.timeline import Term, Zone, epoch, from_epoch
from tests.oracle.compare import differences
from tests.oracle.rater import oracle_rate

BERLIN = Zone("Europe/Berlin")
TERM = Term("2024-03-01", months=2, zone=BERLIN)
STEPS = st.sampled_from([WorkTime(900), WorkTime(1), WorkTime(3600), WorkTime(420)])
SHORTS: st.SearchStrategy[Any] = st.sampled_from(
    ["split", "whole-to-next", Overdraw(hours(1), settled_at=Price("90 EUR/h"))]
)
WINDOWS: st.SearchStrategy[Any] = st.sampled_from(["entry", "period"])
APPROVALS: st.SearchStrategy[Any] = st.sampled_from(["not-needed", "not-needed", "required"])
READINGS: tuple[WindowReading, ...] = get_args(WindowReading)
FACTORS = st.sampled_from([Fraction(3, 2), Fraction(2), Fraction(1), Fraction(0), Fraction(1, 3)])


@st.composite
def multipliers(draw: st.DrawFn) -> Multiplier:
    """Draw a multiplier, most of them with a calendar."""
    side = draw(st.sampled_from(["outside", "inside", "holiday", None]))
    calendars = [each for each in CALENDARS if side != "holiday" or each.holidays.dates]
    timed: dict[str, Any] = {side: draw(st.sampled_from(calendars))} if side else {}
    scope = draw(st.sampled_from([EVERYTHING, EVERYTHING, Scope(channels="onsite")]))
    on: Literal["quantity", "price"] = "price" if draw(st.booleans()) else "quantity"
    return Multiplier(draw(FACTORS), on=on, scope=scope, **timed)


@st.composite
def meterings(draw: st.DrawFn) -> Metering:
    """Draw metering with multipliers that have calendars, and every reading."""
    factors = draw(st.lists(multipliers(), min_size=1, max_size=3))
    reading = draw(st.sampled_from(READINGS))
    if reading == "split-then-round":
        least = draw(STEPS)
        factors = [attrs.evolve(each, minimum=least if each.window else WorkTime(0)) for each in factors]
    increment = draw(STEPS)
    return Metering(
        group=draw(st.sampled_from(["entry", "incident", "technician-day"])),
        free=draw(
            st.none()
            | st.builds(
                FreeTime, STEPS, per=st.sampled_from(["group", "period"]), reading=st.sampled_from(["excess", "all"])
            )
        ),
        minimum=draw(st.sampled_from([WorkTime(0), minutes(30), hours(2)])),
        grace=draw(st.sampled_from([WorkTime(0), WorkTime(increment.seconds // 3)])),
        increment=increment,
        multiplier=factors,
        combine=draw(st.sampled_from(["largest", "product"])),
        at_boundary=draw(st.sampled_from(["start", "split"])),
        windows=reading,
    )


@st.composite
def waterfalls(draw: st.DrawFn) -> list[Any]:
    """Draw sources that cut work into parts: small allotments, limits in units and money, bands, holds."""
    sources: list[Any] = []
    if draw(st.booleans()):
        short = draw(SHORTS)
        limits = [SubLimit(minutes(50), per="day")] if draw(st.booleans()) else []
        sources.append(Allotment(hours(draw(st.integers(1, 5))), per="month", short=short, sublimits=limits))
    charge = Charge(Price("140 EUR/h"), of=draw(st.sampled_from(["billable", "counted"])))
    if draw(st.booleans()):
        bands = Graduated([Band(hours(2), Price("100 EUR/h"), Money("5 EUR")), Band(None, Price("70 EUR/h"))])
        window = draw(WINDOWS)
        charge = Charge(bands, per=window, of=charge.of)
    approval = draw(APPROVALS)
    charge = attrs.evolve(charge, approval=approval)
    limit = draw(st.sampled_from([None, hours(3), Money("200 EUR")]))
    if limit is None:
        return [*sources, charge]
    return [*sources, attrs.evolve(charge, limit=limit), draw(st.sampled_from([Refuse(), Hold()]))]


@st.composite
def works(draw: st.DrawFn) -> list[Any]:
    """Draw a few long pieces of work, near the change of the clocks and the holidays, and an approval."""
    events: list[Any] = []
    start = epoch(BERLIN.at("2024-03-28 00:00"))
    for number in range(draw(st.integers(1, 4))):
        minute = draw(st.integers(0, 5 * 24 * 60))
        worked = draw(st.one_of(st.integers(0, 40_000), st.integers(0, 12).map(lambda count: count * 1800)))
        events.append(
            WorkEntry(
                f"W-{number}",
                from_epoch(start + 60 * minute + draw(st.sampled_from([0, 0, 59, 1]))),
                customer="elm",
                worked=WorkTime(worked),
                ticket=draw(st.sampled_from([None, "T-1"])),
                technician=draw(st.sampled_from([None, "ines"])),
                channel=draw(st.sampled_from([None, "onsite"])),
                window=draw(st.sampled_from([None, None, None, "night"])),
            )
        )
    if draw(st.booleans()):
        events.append(Approval("A-1", from_epoch(start + 86_400 * 6), customer="elm", of=None))
    return events


@pytest.mark.rule("M7", "M8", "D8", "D12", "D13")
@given(meterings(), waterfalls(), works())
def test_the_engine_agrees_with_asking_every_second(metering: Metering, sources: list[Any], events: list[Any]) -> None:
    """Every reading, every multiplier and every way of paying give what stepping through the seconds gives."""
    contract = Contract(
        "C-1",
        customer="elm",
        rounding="half-up",
        billing="monthly",
        term=TERM,
        plan=Composite(meters=[Meter("work", sources, metering=metering)]),
        currency="EUR",
    )
    rating = rate(contract, events, until="2024-05-01")
    assert not differences(rating, oracle_rate(contract, events, until=rating.until))
    for line in rating.lines:
        rating.explain(line.use)
    # In chunks, through a saved state, it comes to the same (L4).
    middle = BERLIN.at("2024-03-30 12:00")
    first = rate(contract, [event for event in events if event.at < middle], until=middle)
    second = rate(
        contract, [event for event in events if event.at >= middle], until="2024-05-01", opening=first.closing
    )
    assert [line.key for line in rating.lines] == [line.key for line in (*first.lines, *second.lines)]
    assert rating.total == first.total + second.total
    assert sum((line.exact.value for line in rating.lines), Fraction(0)) == sum(
        (line.exact.value for line in (*first.lines, *second.lines)), Fraction(0)
    )
