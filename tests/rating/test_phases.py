"""Phases: what changes at their ends, what a gap means, and what lives on across both."""

from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    Banks,
    Cancelled,
    Charge,
    Composite,
    Contract,
    IncidentTable,
    Meter,
    Opened,
    Overdraw,
    Phase,
    Price,
    Refuse,
    Remaining,
    Resolved,
    Rollover,
    Term,
    Unlimited,
    Zone,
    hours,
    incidents,
)
from supportcontracts.contracts.sources import Source
from tests.rating.bank_builders import (
    BERLIN,
    OVERAGE,
    bank,
    charged,
    contract,
    entry,
    fired,
    happened,
    moved,
    paid,
    rated,
    rolled,
)

AT_160 = Charge(Price("160 EUR/h"))


def work_phase(starts: str, last_day: str, *sources: Source, zone: Zone = BERLIN) -> Phase:
    """One meter for work with these sources, for these days."""
    return Phase(Term(starts, last_day=last_day, zone=zone), Composite(meters=Meter("work", sources)))


def phased(*phases: Phase, **more: Any) -> Contract:
    """One contract with these phases, in monthly periods."""
    return contract(phases=phases, currency="EUR", **more)


@pytest.mark.rule("D2", "D3", "D5")
def test_at_the_boundary_of_two_phases_the_old_terms_end_and_the_new_ones_begin() -> None:
    """Until March 10h and 140 EUR/h, from April 20h and 160 EUR/h.

    11h from 31 March 23:59:59: 10h + 1h × 140. 21h from 1 April 00:00: 20h + 1h × 160.
    """
    terms = phased(
        work_phase("2025-01-01", "2025-03-31", Allotment(hours(10)), OVERAGE),
        work_phase("2025-04-01", "2025-06-30", Allotment(hours(20)), AT_160),
    )
    rating = rated(terms, entry("W-1", "2025-03-31 23:59:59", "11h"), entry("W-2", "2025-04-01 00:00", "21h"))
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", "charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-04-01 20h 00m", "charged 1h 00m 160.00 EUR"]
    assert [line.period for line in rating.lines] == ["2025-03", "2025-03", "2025-04", "2025-04"]


@pytest.mark.rule("D2", "D19")
def test_units_of_an_allotment_do_not_cross_the_end_of_a_phase() -> None:
    """6h of January roll into February, the last of the phase; 1 March forfeits all that is left, and grants 10h."""
    allotment = Allotment(hours(10), per="month", rollover=Rollover(cap=hours(6)))
    terms = phased(
        work_phase("2025-01-01", "2025-02-28", allotment, OVERAGE),
        work_phase("2025-03-01", "2025-04-30", allotment, OVERAGE),
    )
    rating = rated(terms, entry("W-1", "2025-03-10 09:00", "12h"), until="2025-04-01")
    assert rolled(rating) == ["2025-02-01 00:00 6h 00m"]
    assert moved(rating, "rolled 2025-01-01")[-1] == "2025-03-01 00:00 forfeit 6h 00m"
    assert moved(rating, "grant 2025-02-01")[-1] == "2025-03-01 00:00 forfeit 10h 00m"
    assert paid(rating, "W-1") == ["grant 2025-03-01 10h 00m", "charged 2h 00m 280.00 EUR"]


@pytest.mark.rule("D7", "D2")
def test_work_in_a_gap_is_refused_to_the_second() -> None:
    """January and March: the last second of January and the first of March are covered, what lies between is not."""
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", Unlimited()), work_phase("2025-03-01", "2025-03-31", Unlimited())
    )
    instants = ("2025-01-31 23:59:59", "2025-02-01 00:00", "2025-02-28 23:59:59", "2025-03-01 00:00")
    rating = rated(terms, *(entry(f"W-{n}", when, "1h") for n, when in enumerate(instants, start=1)))
    assert [(line.disposition, line.code, line.period) for line in rating.lines] == [
        ("included", "", "2025-01"),
        ("refused", "outside-term", "-"),
        ("refused", "outside-term", "-"),
        ("included", "", "2025-03"),
    ]


@pytest.mark.rule("B2", "L2")
def test_a_bank_lives_on_across_a_gap() -> None:
    """10h: 2h in January, none in the gap (refused there), 3h in March: 5h are left."""
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", Banks(), OVERAGE),
        work_phase("2025-03-01", "2025-03-31", Banks(), AT_160),
    )
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "10h"),
        entry("W-1", "2025-01-10 09:00", "2h"),
        entry("W-2", "2025-02-10 09:00", "2h"),
        entry("W-3", "2025-03-10 09:00", "3h"),
    )
    assert moved(rating, "B-1") == [
        "2025-01-02 09:00 purchase 10h 00m",
        "2025-01-10 09:00 draw 2h 00m",
        "2025-03-10 09:00 draw 3h 00m",
    ]
    assert charged(rating) == []


@pytest.mark.rule("B6", "D28")
def test_banks_are_bought_and_end_in_a_gap() -> None:
    """B-1 ends on 15 February, in the gap; B-2 is bought there for 230.00, without a period, and pays in March."""
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", Banks(), OVERAGE),
        work_phase("2025-03-01", "2025-03-31", Banks(), OVERAGE),
    )
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-02-15"),
        bank("B-2", "2025-02-20 09:00", "2h", price=Price("115 EUR/h")),
        entry("W-1", "2025-03-01 00:00", "3h"),
    )
    assert moved(rating, "B-1")[-1] == "2025-02-16 00:00 forfeit 10h 00m"
    assert paid(rating, "W-1") == ["B-2 2h 00m", "charged 1h 00m 140.00 EUR"]
    assert charged(rating) == ["- purchase 230.00 EUR", "2025-03 overage 140.00 EUR"]


@pytest.mark.rule("B2")
def test_a_bank_waits_through_a_phase_that_has_no_banks() -> None:
    """February's plan only charges: its hour costs 160.00; in March the bank pays again."""
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", Banks(), OVERAGE),
        work_phase("2025-02-01", "2025-02-28", AT_160),
        work_phase("2025-03-01", "2025-03-31", Banks(), OVERAGE),
    )
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "10h"),
        *(entry(f"W-{n}", f"2025-0{n}-10 09:00", "1h") for n in (1, 2, 3)),
    )
    assert [paid(rating, f"W-{n}") for n in (1, 2, 3)] == [
        ["B-1 1h 00m"],
        ["charged 1h 00m 160.00 EUR"],
        ["B-1 1h 00m"],
    ]


@pytest.mark.rule("D16", "D5")
def test_each_phase_draws_by_its_own_order() -> None:
    """January takes what ends soonest, B-1; February what cost most, B-2."""
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", Banks(), OVERAGE),
        work_phase("2025-02-01", "2025-02-28", Banks(order="highest-cost"), OVERAGE),
    )
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-06-30", price=Price("100 EUR/h")),
        bank("B-2", "2025-01-02 09:00", "10h", price=Price("110 EUR/h")),
        entry("W-1", "2025-01-31 23:59:59", "1h"),
        entry("W-2", "2025-02-01 00:00", "1h"),
    )
    assert (paid(rating, "W-1"), paid(rating, "W-2")) == (["B-1 1h 00m"], ["B-2 1h 00m"])


@pytest.mark.rule("D22", "D5")
def test_each_phase_has_its_own_warn_levels() -> None:
    """January warns at 4h, February at 2h. 5h − 1h = 4h in January: a notice; − 2h = 2h in February: another."""
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", Banks(warn_levels=Remaining(hours(4))), OVERAGE),
        work_phase("2025-02-01", "2025-02-28", Banks(warn_levels=Remaining(hours(2))), OVERAGE),
    )
    rating = rated(
        terms,
        bank("B-1", "2025-01-03 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "1h"),
        entry("W-2", "2025-02-10 09:00", "2h"),
    )
    assert fired(rating) == ["warn-level W-1 2025-01-10 09:00", "warn-level W-2 2025-02-10 09:00"]


@pytest.mark.rule("D18", "B3")
def test_what_an_allotment_owes_is_settled_at_the_end_of_its_phase() -> None:
    """January 12h of 10h: 2h × 150 = 300.00 are due at 1 February, and the next phase grants its full 10h."""
    allotment = Allotment(hours(10), per="month", short=Overdraw(hours(5), settled_at=Price("150 EUR/h")))
    terms = phased(
        work_phase("2025-01-01", "2025-01-31", allotment, OVERAGE),
        work_phase("2025-02-01", "2025-02-28", allotment, OVERAGE),
    )
    rating = rated(terms, entry("W-1", "2025-01-10 09:00", "12h"), entry("W-2", "2025-02-10 09:00", "10h"))
    assert charged(rating) == ["2025-01 overdraft 300.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-02-01 10h 00m"]


@pytest.mark.rule("D2", "D5")
def test_periods_are_counted_from_the_start_of_each_phase() -> None:
    """From 15 January for two months, then from 15 March: 14 and 15 February and 15 March have three periods."""
    terms = phased(work_phase("2025-01-15", "2025-03-14", OVERAGE), work_phase("2025-03-15", "2025-04-14", OVERAGE))
    instants = ("2025-02-14 23:59:59", "2025-02-15 00:00", "2025-03-15 00:00")
    rating = rated(terms, *(entry(f"W-{n}", when, "1h") for n, when in enumerate(instants, start=1)))
    assert [line.period for line in rating.lines] == [
        "2025-01-15/2025-02-14",
        "2025-02-15/2025-03-14",
        "2025-03-15/2025-04-14",
    ]


@pytest.mark.rule("D2", "D4", "D5")
def test_a_phase_can_begin_where_midnight_does_not_exist() -> None:
    """In Beirut 29 March 2025 was followed at once by 01:00 of the 30th: the second phase begins there."""
    beirut = Zone("Asia/Beirut")
    terms = phased(
        work_phase("2025-03-01", "2025-03-29", OVERAGE, zone=beirut),
        work_phase("2025-03-30", "2025-04-30", AT_160, zone=beirut),
    )
    rating = rated(
        terms,
        entry("W-1", "2025-03-29 23:59:59", "1h", zone=beirut),
        entry("W-2", "2025-03-30 01:00:00", "1h", zone=beirut),
    )
    assert [str(line.amount) for line in rating.lines] == ["140.00 EUR", "160.00 EUR"]


@pytest.mark.rule("D2", "D5")
def test_a_phase_can_be_a_leap_day() -> None:
    """29 February 2024 alone has a grant of 1h: its last second is its own, the next one is refused."""
    terms = phased(
        work_phase("2024-02-01", "2024-02-28", OVERAGE),
        work_phase("2024-02-29", "2024-02-29", Allotment(hours(1)), AT_160),
    )
    rating = rated(
        terms,
        entry("W-1", "2024-02-28 23:59:59", "1h"),
        entry("W-2", "2024-02-29 23:59:59", "2h"),
        entry("W-3", "2024-03-01 00:00", "1h"),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2024-02-29 1h 00m", "charged 1h 00m 160.00 EUR"]
    assert [line.code for line in rating.lines_of("W-3")] == ["outside-term"]


def incident_phases(**more: Any) -> Contract:
    """January: 1 incident included, then 290; February: 1 included, then 350."""
    plans = [
        Composite(meters=Meter("incidents", [Allotment(incidents(1)), Charge(Price(price))], **more))
        for price in ("290 EUR/incident", "350 EUR/incident")
    ]
    terms = [Term("2025-01-01", months=1, zone=BERLIN), Term("2025-02-01", months=1, zone=BERLIN)]
    return phased(*(Phase(term, plan) for term, plan in zip(terms, plans, strict=True)))


@pytest.mark.rule("I1", "D5")
def test_an_incident_reserved_in_one_phase_and_resolved_in_the_next_has_the_terms_of_the_next() -> None:
    """Both opened in January, resolved in February: one of February's unit, one for 350.00."""
    table = IncidentTable(opened="reserve", resolved="consume")
    rating = rated(
        incident_phases(incidents=table),
        happened(Opened, "T-1", "2025-01-10 09:00"),
        happened(Opened, "T-2", "2025-01-10 09:00"),
        happened(Resolved, "T-1", "2025-02-01 00:00"),
        happened(Resolved, "T-2", "2025-02-02 09:00"),
    )
    assert paid(rating, "T-1") == ["grant 2025-02-01 1 incident"]
    assert paid(rating, "T-2") == ["charged 1 incident 350.00 EUR"]


@pytest.mark.rule("I2", "D21")
def test_an_incident_of_an_earlier_phase_is_credited_with_what_it_cost_there() -> None:
    """T-2 cost 290.00 in January; cancelled in February it is credited with 290.00, in February."""
    rating = rated(
        incident_phases(),
        happened(Opened, "T-1", "2025-01-10 09:00"),
        happened(Opened, "T-2", "2025-01-11 09:00"),
        happened(Cancelled, "T-2", "2025-02-10 09:00"),
        happened(Cancelled, "T-1", "2025-02-10 09:00"),
        happened(Opened, "T-3", "2025-02-11 09:00"),
        happened(Opened, "T-4", "2025-02-12 09:00"),
    )
    assert charged(rating) == [
        "2025-01 overage 290.00 EUR",
        "2025-02 credit -290.00 EUR",
        "2025-02 overage 350.00 EUR",
    ]


@pytest.mark.rule("I2", "D21")
def test_a_credit_names_the_source_that_was_paid_whatever_stands_in_its_place_now() -> None:
    """January's only source is the charge, February's first is a bank: the credit is still one of the charge."""
    plans = [
        Composite(meters=Meter("incidents", sources))
        for sources in ([Charge(Price("290 EUR/incident"))], [Banks(), Charge(Price("290 EUR/incident"))])
    ]
    terms = [Term("2025-01-01", months=1, zone=BERLIN), Term("2025-02-01", months=1, zone=BERLIN)]
    rating = rated(
        phased(*(Phase(term, plan) for term, plan in zip(terms, plans, strict=True))),
        happened(Opened, "T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-02-10 09:00"),
    )
    assert [(line.kind, line.source) for line in rating.lines] == [("use", "charge"), ("credit", "charge")]


@pytest.mark.rule("D21", "B3")
def test_an_incident_overdrawn_in_an_earlier_phase_is_no_longer_owed_when_it_is_cancelled() -> None:
    """January has banks only, February an allotment before them.

    T-1 is owed by the banks in January and cancelled in February: at the end nothing is due for it.
    """
    banks = Banks(short=Overdraw(incidents(1), settled_at=Price("300 EUR/incident")))
    first = Composite(meters=Meter("incidents", [banks, Refuse()]))
    second = Composite(meters=Meter("incidents", [Allotment(incidents(5)), banks, Refuse()]))
    terms = phased(
        Phase(Term("2025-01-01", months=1, zone=BERLIN), first),
        Phase(Term("2025-02-01", months=1, zone=BERLIN), second),
    )
    rating = rated(terms, happened(Opened, "T-1", "2025-01-10 09:00"), happened(Cancelled, "T-1", "2025-02-10 09:00"))
    assert paid(rating, "T-1") == ["overdraft 1 incident"]
    assert charged(rating) == []
