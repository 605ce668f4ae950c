"""Instants, order, repeats, corrections and bad input, by example. Every number is worked out by hand."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from supportcontracts import (
    Band,
    BankExtended,
    BankPurchase,
    BankRefunded,
    Banks,
    CappedHours,
    Charge,
    ChargeItem,
    Contract,
    FixedAnnual,
    Graduated,
    Hold,
    IncidentTable,
    Money,
    Opened,
    Payment,
    PayPerHour,
    PayPerIncident,
    Phase,
    PrepaidHours,
    Price,
    Refuse,
    Replace,
    Resolved,
    Term,
    Void,
    WorkEntry,
    WorkTime,
    Zone,
    hours,
    incidents,
    minutes,
    rate,
    seconds,
)
from supportcontracts.errors import (
    CurrencyMismatch,
    DuplicateEvent,
    FloatRefused,
    ForeignEvent,
    InvalidValue,
    NaiveTime,
    StaleState,
)
from supportcontracts.events import Event, Fact
from tests.rating.builders import BERLIN, amounts, at, contract, entry, rated, tell, told

EURO_A_MINUTE = Price("60 EUR/h")
HOURLY = PayPerHour(tariff=EURO_A_MINUTE)
PREPAID = PrepaidHours(beyond=Charge(EURO_A_MINUTE))


def bank(name: str, when: str, worked: str = "10h", **more: Any) -> BankPurchase:
    """Build the purchase of a bank by "elm", at no price unless one is given."""
    return BankPurchase(name, at(when), customer="elm", quantity=WorkTime.parse(worked), **more)


# D1, D2: what counts is dated, and every end is exclusive


@pytest.mark.rule("D1", "D2")
def test_a_later_stop_adds_lines_and_changes_none() -> None:
    """Each further month of a year appends its fee, its work and its end-of-month lines to those before."""
    plan = CappedHours(
        fee=Money("1200 EUR"),
        allotment=hours(1),
        per="month",
        beyond=Charge(EURO_A_MINUTE, maximum=Money("30 EUR"), minimum=Money("5 EUR")),
    )
    work = [entry(f"W-{n:02}", f"2025-{n:02}-10 09:00", f"{n * 17}m") for n in range(1, 13)]
    before: tuple[object, ...] = ()
    for month in range(2, 13):
        lines = rated(plan, *work, until=f"2025-{month:02}-01").lines
        assert lines[: len(before)] == before
        assert len(lines) > len(before)
        before = lines


@pytest.mark.rule("D2")
@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("2025-02-03", 0),
        (at("2025-02-03 09:00"), 0),  # what happens at the instant itself is not rated
        (at("2025-02-03 09:00:01"), 1),
        (datetime(2025, 2, 3, 8, 0, 1, tzinfo=UTC), 1),
        (datetime(2025, 2, 3, 13, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))), 0),  # 08:00 UTC
        (datetime(2025, 2, 3, 9, 0, 1, tzinfo=ZoneInfo("Europe/Berlin")), 1),
        (date(2025, 2, 4), 1),
        ("2025-02-04", 1),
    ],
)
def test_a_rating_holds_what_happened_before_its_stop(until: Any, count: int) -> None:  # noqa: ANN401  # hostile
    """Work that starts at the stop is left out, a second earlier it is not; a date is its first local instant."""
    assert len(rated(HOURLY, entry("W-1", "2025-02-03 09:00", "1h"), until=until).lines) == count


@pytest.mark.rule("D2")
def test_a_date_to_stop_at_is_a_day_of_the_contract() -> None:
    """Until 1 July in Berlin is until 22:00 UTC of 30 June."""
    rating = rated(HOURLY, until="2025-07-01")
    assert rating.until == datetime(2025, 6, 30, 22, 0, tzinfo=UTC)


@pytest.mark.rule("D2", "D5")
@pytest.mark.parametrize(
    ("when", "period"),
    [
        ("2025-01-31 23:59:59", "2025-01"),
        ("2025-02-01 00:00", "2025-02"),
        ("2025-03-31 23:59:59", "2025-03"),  # 21:59:59 UTC, in summer time
        ("2025-04-01 00:00", "2025-04"),
        ("2025-12-31 23:59:59", "2025-12"),
    ],
)
def test_an_instant_belongs_to_the_period_that_starts_there(when: str, period: str) -> None:
    """The last second of a local month is its own, the next one the next month's."""
    (line,) = rated(HOURLY, entry("W-1", when, "1h")).lines
    assert line.period == period


@pytest.mark.rule("D2", "D3")
def test_at_a_boundary_the_old_grant_ends_and_the_new_one_pays() -> None:
    """Of 1 hour a month January's is used up; work at the first second of February finds February's.

    A rating until that instant has seen January end, and has not granted February.
    """
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(1), per="month", beyond=Refuse())
    work = [
        entry("W-1", "2025-01-31 23:00", "40m"),
        entry("W-2", "2025-01-31 23:59:59", "40m"),
        entry("W-3", "2025-02-01 00:00", "1h"),
    ]
    rating = rated(plan, *work, until="2025-02-02")
    assert told(rating, "use") == [
        "W-1 allotment 40m 0.00 EUR",
        "W-2 allotment 20m 0.00 EUR",
        "W-2 refused/exhausted 20m 0.00 EUR",
        "W-3 allotment 1h 0.00 EUR",
    ]
    kinds = [(m.kind, m.quantity) for m in rated(plan, work[0], until="2025-02-01").movements]
    assert kinds == [("grant", hours(1)), ("draw", minutes(40)), ("forfeit", minutes(20))]


# D3: the order at one instant


@pytest.mark.rule("D3", "D17")
def test_a_bank_bought_at_the_instant_of_the_work_pays_for_it() -> None:
    """A purchase comes before use at one instant, whatever the ids and the order of arrival; a second later is late."""
    work = entry("A-1", "2025-02-03 09:00", "1h")
    bought = bank("Z-1", "2025-02-03 09:00")
    for rating in (rated(PREPAID, work, bought), rated(PREPAID, bought, work)):
        assert told(rating, "use") == ["A-1 bank Z-1 1h 0.00 EUR"]
    assert told(rated(PREPAID, work, bank("Z-1", "2025-02-03 09:00:01")), "use") == ["A-1 overage 1h 60.00 EUR"]


@pytest.mark.rule("D3", "D17")
def test_a_payment_at_the_instant_of_the_work_makes_the_bank_usable() -> None:
    """Where banks pay from their payment on, one at the same instant is in time, a second later is not."""
    plan = PrepaidHours(banks=Banks(usable="payment"), beyond=Charge(EURO_A_MINUTE))
    for paid, expected in (("2025-02-03 09:00", "bank B-1 1h 0.00"), ("2025-02-03 09:00:01", "overage 1h 60.00")):
        rating = rated(
            plan,
            entry("A-1", "2025-02-03 09:00", "1h"),
            bank("B-1", "2025-02-01 09:00"),
            Payment("Z-1", at(paid), bank="B-1"),
        )
        assert told(rating, "use") == [f"A-1 {expected} EUR"]


@pytest.mark.rule("D3", "D2")
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2025-03-30 23:59:59", "W-1 bank B-1 1h 0.00 EUR"),
        ("2025-03-31 00:00", "W-1 overage 1h 60.00 EUR"),
    ],
)
def test_a_bank_that_ends_where_work_starts_does_not_pay(when: str, expected: str) -> None:
    """A bank for use up to and including 30 March, a day of 23 hours, pays to its last second."""
    rating = rated(PREPAID, bank("B-1", "2025-01-10 09:00", expires_on="2025-03-30"), entry("W-1", when, "1h"))
    assert told(rating, "use") == [expected]


@pytest.mark.rule("D3")
def test_a_refund_comes_before_use_and_before_a_purchase_at_its_instant() -> None:
    """Ten hours refunded at 09:00 do not pay for work at 09:00; the hour bought at 09:00 does."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-10 09:00", price=Money("100 EUR")),
        entry("A-1", "2025-02-03 09:00", "2h"),
        bank("B-2", "2025-02-03 09:00", "1h"),
        BankRefunded("Z-1", at("2025-02-03 09:00"), bank="B-1"),
    )
    assert told(rating, "use", "refund") == [
        "2025-02 refund -100.00 EUR",
        "A-1 bank B-2 1h 0.00 EUR",
        "A-1 overage 1h 60.00 EUR",
    ]


@pytest.mark.rule("D3", "L3")
def test_every_order_of_arrival_gives_one_rating() -> None:
    """Five events, three of them at one instant, give the same rating in each of their 120 orders."""
    events: list[Event] = [
        bank("B-1", "2025-02-03 09:00", "1h"),
        entry("W-2", "2025-02-03 09:00", "40m"),
        entry("W-1", "2025-02-03 09:00", "40m"),
        entry("W-0", "2025-02-03 09:00:01", "40m"),
        Void("V-1", at("2025-03-01 09:00"), target="W-0", reason="typed twice"),
    ]
    agreed = contract(PREPAID)
    found = [rate(agreed, arrived, until="2025-12-01") for arrived in permutations(events)]
    assert all(rating == found[0] for rating in found)
    assert told(found[0], "use") == [
        "W-1 bank B-1 40m 0.00 EUR",
        "W-2 bank B-1 20m 0.00 EUR",
        "W-2 overage 20m 20.00 EUR",
    ]


# D4: one second


@pytest.mark.rule("D4")
def test_the_fraction_of_an_instant_is_dropped() -> None:
    """Work that starts in the last microsecond of January starts in its last second."""
    start = datetime(2025, 1, 31, 22, 59, 59, 999_999, tzinfo=UTC)
    (line,) = rated(HOURLY, WorkEntry("W-1", start, customer="elm", worked=hours(1))).lines
    assert (line.at, line.period) == (at("2025-01-31 23:59:59"), "2025-01")


@pytest.mark.rule("D4", "D6")
def test_repeats_that_differ_by_a_fraction_of_a_second_are_repeats() -> None:
    """The same entry, typed with and without milliseconds, counts once."""
    whole = entry("W-1", "2025-02-03 09:00", "1h")
    finer = WorkEntry("W-1", datetime(2025, 2, 3, 8, 0, 0, 500_000, tzinfo=UTC), customer="elm", worked=hours(1))
    assert amounts(rated(HOURLY, whole, finer)) == ["60.00 EUR"]


@pytest.mark.rule("D4")
@pytest.mark.parametrize("build", [lambda: hours("0.0001"), lambda: minutes("0.01"), lambda: seconds("0.5")])
def test_a_quantity_that_is_not_whole_seconds_is_refused(build: Any) -> None:  # noqa: ANN401  # hostile
    """0.36, 0.6 and 0.5 seconds name no quantity, and the error says what to write."""
    with pytest.raises(InvalidValue, match="whole seconds") as caught:
        build()
    assert "seconds(0)" in caught.value.hint


@pytest.mark.rule("D4", "D2")
@pytest.mark.parametrize(
    ("when", "period"), [("02:59:59", "2018-10-04/2018-11-03"), ("03:00:00", "2018-11-04/2018-12-03")]
)
def test_a_month_that_starts_without_midnight_starts_after_the_gap(when: str, period: str) -> None:
    """In São Paulo 4 November 2018 began at 01:00 local time, 03:00 UTC."""
    zone = Zone("America/Sao_Paulo")
    agreed = contract(HOURLY, starts="2018-10-04", months=2, zone=zone)
    (line,) = rated(agreed, entry("W-1", f"2018-11-04 {when}Z", "1h", zone=zone), until="2019-01-01").lines
    assert line.period == period


@pytest.mark.rule("D4", "D2")
@pytest.mark.parametrize(
    ("when", "period"), [("03:59:59", "2018-10-04/2018-11-03"), ("04:00:00", "2018-11-04/2018-12-03")]
)
def test_a_month_that_starts_with_two_midnights_starts_at_the_first(when: str, period: str) -> None:
    """In Havana the clocks went from 01:00 back to 00:00 on 4 November 2018: first 04:00, then 05:00 UTC."""
    zone = Zone("America/Havana")
    agreed = contract(HOURLY, starts="2018-10-04", months=2, zone=zone)
    (line,) = rated(agreed, entry("W-1", f"2018-11-04 {when}Z", "1h", zone=zone), until="2019-01-01").lines
    assert line.period == period


# D5: when a use happens


@pytest.mark.rule("D5", "D2")
def test_work_is_priced_by_the_phase_in_which_it_starts() -> None:
    """The last second of 2025 costs 60 EUR/h for all that follows, the first of 2026 90 EUR/h."""
    phases = [
        Phase(Term("2025-01-01", months=12, zone=BERLIN), HOURLY),
        Phase(Term("2026-01-01", months=12, zone=BERLIN), PayPerHour(tariff=Price("90 EUR/h"))),
    ]
    rating = rated(
        contract(phases=phases),
        entry("W-1", "2025-12-31 23:59:59", "2h"),
        entry("W-2", "2026-01-01 00:00", "2h"),
        until="2027-01-01",
    )
    assert [(line.period, str(line.amount)) for line in rating.lines] == [
        ("2025-12", "120.00 EUR"),
        ("2026-01", "180.00 EUR"),
    ]


@pytest.mark.rule("D5", "D17")
def test_work_that_runs_past_an_expiry_is_paid_by_the_bank_it_started_under() -> None:
    """Three hours from the last second of January are drawn from a bank for January."""
    rating = rated(
        PREPAID, bank("B-1", "2025-01-10 09:00", expires_on="2025-01-31"), entry("W-1", "2025-01-31 23:59:59", "3h")
    )
    assert told(rating, "use") == ["W-1 bank B-1 3h 0.00 EUR"]


@pytest.mark.rule("D5")
def test_an_incident_happens_when_it_is_consumed() -> None:
    """Reserved at its opening in January and consumed at its resolution in February, it is February's."""
    plan = PayPerIncident(
        tariff=Price("290 EUR/incident"), incidents=IncidentTable(opened="reserve", resolved="consume")
    )
    rating = rated(
        plan,
        Opened("E-1", at("2025-01-31 23:59:59"), ticket="T-1"),
        Resolved("E-2", at("2025-02-01 00:00"), ticket="T-1"),
        Opened("E-3", at("2025-01-31 23:59:59"), ticket="T-2"),
    )
    assert [(line.use, line.period, line.counted) for line in rating.lines] == [("T-1", "2025-02", incidents(1))]


@pytest.mark.rule("D5", "D2")
def test_work_recorded_late_is_rated_where_it_happened() -> None:
    """January's work, written down in March, is a line of January."""
    late = entry("W-1", "2025-01-10 09:00", "1h", recorded_at=at("2025-03-10 09:00"))
    assert [line.period for line in rated(HOURLY, late).lines] == ["2025-01"]


# What the terms refuse in context (D7)


@pytest.mark.rule("D6", "L3")
def test_the_same_event_counts_once() -> None:
    """Three copies, two of them recorded at other times, are one hour."""
    copies = [
        entry("W-1", "2025-02-03 09:00", "1h", recorded_at=recorded)
        for recorded in (None, at("2025-02-04 09:00"), at("2025-02-05 09:00"))
    ]
    assert told(rated(HOURLY, *copies)) == ["W-1 charge 1h 60.00 EUR"]


@pytest.mark.rule("D6")
def test_of_repeats_the_earliest_recorded_counts() -> None:
    """Known on the 4th, since one of two copies was recorded then."""
    early = entry("W-1", "2025-02-03 09:00", "1h", recorded_at=at("2025-02-04 09:00"))
    late = entry("W-1", "2025-02-03 09:00", "1h", recorded_at=at("2025-02-06 09:00"))
    for copies in ((early, late), (late, early)):
        assert len(rated(HOURLY, *copies, known_at=at("2025-02-05 09:00")).lines) == 1
        assert len(rated(HOURLY, *copies, known_at=at("2025-02-04 08:59:59")).lines) == 0


@pytest.mark.rule("D6")
@pytest.mark.parametrize(
    ("known_at", "count"), [("2025-03-10 08:59:59", 0), ("2025-03-10 09:00", 1), ("2025-03-10 09:00:01", 1)]
)
def test_what_was_recorded_later_is_left_out(known_at: str, count: int) -> None:
    """Known at 09:00 is what was recorded at 09:00 or before."""
    late = entry("W-1", "2025-01-10 09:00", "1h", recorded_at=at("2025-03-10 09:00"))
    assert len(rated(HOURLY, late, known_at=at(known_at)).lines) == count


WORK = entry("W-1", "2025-02-03 09:00", "1h")


@pytest.mark.rule("D6")
@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (entry("W-1", "2025-02-03 09:00", "2h"), "worked 1h 00m and 2h 00m"),
        (
            entry("W-1", "2025-02-03 09:00:01", "1h"),
            "at 2025-02-03 08:00:00+00:00 and 2025-02-03 08:00:01+00:00",
        ),
        (entry("W-1", "2025-02-03 09:00", "1h", note="slow import"), "note nothing and slow import"),
        (
            entry("W-1", "2025-02-03 09:00", "2h", billable="non-billable", recorded_at=at("2025-02-04 09:00")),
            "worked 1h 00m and 2h 00m, billable billable and non-billable",
        ),
        (bank("W-1", "2025-02-03 09:00"), "a WorkEntry and a BankPurchase"),
    ],
    ids=["worked", "at", "note", "two fields", "kind"],
)
def test_one_id_with_two_contents_is_an_error_that_names_only_what_differs(other: Event, differs: str) -> None:
    """An id names one event; the error shows the id, each field that differs with both contents, and what to do."""
    for events in ((WORK, other), (WORK, WORK, other)):
        with pytest.raises(DuplicateEvent) as caught:
            rated(HOURLY, *events)
        assert caught.value.what == "The id 'W-1'"
        assert caught.value.got == f"two contents: {differs}"
        assert caught.value.hint.endswith("record a Replace if it corrects the first.")


@pytest.mark.rule("D6")
@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (entry("W-1", "2025-02-03 09:00", "2h", note="slow"), "by.worked 1h 00m and 2h 00m, by.note nothing and slow"),
        (bank("W-1", "2025-02-03 09:00"), "by a WorkEntry and a BankPurchase"),
    ],
    ids=["worked", "kind"],
)
def test_two_replacements_of_one_id_are_told_apart_by_what_they_put(other: Fact, differs: str) -> None:
    """The error looks into what each of the two puts in the place of the event."""
    first, second = (Replace("V-1", at("2025-02-20 09:00"), target="W-1", by=by) for by in (WORK, other))
    with pytest.raises(DuplicateEvent) as caught:
        rated(HOURLY, WORK, first, second)
    assert caught.value.got == f"two contents: {differs}"


@pytest.mark.rule("D6")
def test_one_id_for_two_corrections_is_an_error_too() -> None:
    """V-1 cannot void both W-1 and W-2; the same V-1 twice is one."""
    work = [entry("W-1", "2025-02-03 09:00", "1h"), entry("W-2", "2025-02-03 09:00", "1h")]
    first, second = (Void("V-1", at("2025-02-04 09:00"), target=name) for name in ("W-1", "W-2"))
    with pytest.raises(DuplicateEvent, match="V-1"):
        rated(HOURLY, *work, first, second)
    assert told(rated(HOURLY, *work, first, first)) == ["W-2 charge 1h 60.00 EUR"]


@pytest.mark.rule("D6")
def test_a_void_takes_an_event_away() -> None:
    """The voided entry never was: the first hour of the day is now the other's, and costs 140 and not 120."""
    bands = Graduated([Band(hours(1), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))])
    plan = PayPerHour(tariff=Charge(bands, per="day"))
    work = [entry("W-1", "2025-02-03 09:00", "1h"), entry("W-2", "2025-02-03 10:00", "1h")]
    assert amounts(rated(plan, *work)) == ["140.00 EUR", "120.00 EUR"]
    void = Void("V-1", at("2025-02-20 09:00"), target="W-1")
    assert told(rated(plan, void, *work)) == ["W-2 charge 1h 140.00 EUR"]


@pytest.mark.rule("D6")
def test_a_correction_counts_although_it_happened_after_the_stop() -> None:
    """Known now, a void of March takes January's work away in a rating until February; `known_at` leaves it out."""
    work = entry("W-1", "2025-01-10 09:00", "1h")
    void = Void("V-1", at("2025-03-10 09:00"), target="W-1")
    assert rated(HOURLY, work, void, until="2025-02-01").lines == ()
    assert len(rated(HOURLY, work, void, until="2025-02-01", known_at=at("2025-03-10 08:59:59")).lines) == 1


@pytest.mark.rule("D6")
def test_a_voided_purchase_never_was() -> None:
    """Its draws move to the next bank, and then to overage; its purchase line is gone."""
    events: list[Event] = [
        bank("B-1", "2025-01-10 09:00", "1h", price=Money("100 EUR"), expires_on="2025-06-30"),
        bank("B-2", "2025-01-10 09:00", "1h", price=Money("90 EUR")),
        entry("W-1", "2025-02-03 09:00", "1h 30m"),
    ]
    assert told(rated(PREPAID, *events)) == [
        "2025-01 purchase 100.00 EUR",
        "2025-01 purchase 90.00 EUR",
        "W-1 bank B-1 1h 0.00 EUR",
        "W-1 bank B-2 30m 0.00 EUR",
    ]
    assert told(rated(PREPAID, *events, Void("V-1", at("2025-02-20 09:00"), target="B-1"))) == [
        "2025-01 purchase 90.00 EUR",
        "W-1 bank B-2 1h 0.00 EUR",
        "W-1 overage 30m 30.00 EUR",
    ]


@pytest.mark.rule("D6")
def test_a_replacement_takes_the_place_of_its_target() -> None:
    """Two hours on 10 January become one on 1 February: another period and another amount, under the same id."""
    wrong, right = entry("W-1", "2025-01-10 09:00", "2h"), entry("W-1", "2025-02-01 00:00", "1h")
    rating = rated(HOURLY, Replace("V-1", at("2025-02-20 09:00"), target="W-1", by=right), wrong)
    assert [(line.period, tell(line)) for line in rating.lines] == [("2025-02", "W-1 charge 1h 60.00 EUR")]


@pytest.mark.rule("D6", "D2")
def test_a_replacement_that_happens_after_the_stop_is_left_out() -> None:
    """Work moved from January to March is in no rating until February."""
    wrong, right = entry("W-1", "2025-01-10 09:00", "2h"), entry("W-1", "2025-03-10 09:00", "1h")
    correction = Replace("V-1", at("2025-02-20 09:00"), target="W-1", by=right)
    assert rated(HOURLY, wrong, correction, until="2025-02-01").lines == ()
    assert amounts(rated(HOURLY, wrong, correction)) == ["60.00 EUR"]


@pytest.mark.rule("D6")
def test_the_latest_recorded_correction_wins() -> None:
    """By the instant recorded, or else the instant itself, then by id as text; how they arrive plays no part."""
    work = entry("W-1", "2025-01-10 09:00", "3h")

    def replace(name: str, when: str, worked: str, recorded: str | None = None) -> Replace:
        by = entry("W-1", "2025-01-10 09:00", worked)
        return Replace(name, at(when), target="W-1", by=by, recorded_at=at(recorded) if recorded else None)

    two = replace("V-1", "2025-02-01 09:00", "2h")
    one = replace("V-2", "2025-02-02 09:00", "1h")
    late = replace("V-0", "2025-01-31 09:00", "4h", recorded="2025-02-02 09:00:01")
    gone = Void("V-3", at("2025-02-02 09:00"), target="W-1")
    back = replace("V-4", "2025-02-03 09:00", "5h")
    expected = [
        ((two, one), ["W-1 charge 1h 60.00 EUR"]),
        ((two, one, late), ["W-1 charge 4h 240.00 EUR"]),
        ((two, one, gone), []),  # V-2 and V-3 at one instant: the larger id
        ((gone, back), ["W-1 charge 5h 300.00 EUR"]),
    ]
    for corrections, lines in expected:
        for arrived in permutations((work, *corrections)):
            assert told(rated(HOURLY, *arrived)) == lines


@pytest.mark.rule("D6", "L3")
def test_a_correction_that_is_repeated_is_as_old_as_its_first_record() -> None:
    """Sent again on 10 February, the replacement of 1 February is still older than the void of the 5th."""
    work = entry("W-1", "2025-01-10 09:00", "3h")
    by = entry("W-1", "2025-01-10 09:00", "1h")
    first, again = (
        Replace("V-1", at("2025-02-01 09:00"), target="W-1", by=by, recorded_at=at(f"2025-02-{day} 09:00"))
        for day in ("01", "10")
    )
    void = Void("V-2", at("2025-02-05 09:00"), target="W-1")
    events: list[Event] = [work, first, again, void]
    for arrived in permutations(events):
        assert told(rated(HOURLY, *arrived)) == []


@pytest.mark.rule("D6")
def test_a_correction_of_nothing_is_reported_and_does_nothing() -> None:
    """A void whose target is not there is one notice that names both, and no line."""
    void = Void("V-1", at("2025-02-20 09:00"), target="W-9")
    replacement = Replace("V-2", at("2025-02-21 09:00"), target="W-8", by=entry("W-8", "2025-02-03 09:00", "1h"))
    rating = rated(HOURLY, void, replacement, entry("W-1", "2025-02-03 09:00", "1h"))
    assert amounts(rating) == ["60.00 EUR"]
    assert [(notice.code, notice.because) for notice in rating.notices] == [
        ("unmatched-correction", "V-1"),
        ("unmatched-correction", "V-2"),
    ]
    assert "W-9" in rating.notices[0].text


@pytest.mark.rule("D6")
def test_a_correction_that_is_not_yet_known_does_nothing() -> None:
    """Before the void is recorded the entry counts; a void does not void a void."""
    work = entry("W-1", "2025-01-10 09:00", "1h")
    void = Void("V-1", at("2025-02-20 09:00"), target="W-1", recorded_at=at("2025-02-21 09:00"))
    assert len(rated(HOURLY, work, void, known_at=at("2025-02-20 09:00")).lines) == 1
    assert len(rated(HOURLY, work, void, known_at=at("2025-02-21 09:00")).lines) == 0
    again = Void("V-2", at("2025-02-22 09:00"), target="V-1")
    assert len(rated(HOURLY, work, void, again).lines) == 0


# D7: what the terms refuse


@pytest.mark.rule("D7", "D2")
@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("2024-12-31 23:59:59", "outside-term"),
        ("2025-01-01 00:00", ""),
        ("2025-06-30 23:59:59", ""),
        ("2025-07-01 00:00", "outside-term"),  # the gap between the phases
        ("2025-08-31 23:59:59", "outside-term"),
        ("2025-09-01 00:00", ""),
        ("2025-12-31 23:59:59", ""),
        ("2026-01-01 00:00", "outside-term"),
    ],
)
def test_work_outside_every_phase_is_a_refused_line(when: str, code: str) -> None:
    """Work in a gap, or before the first second or after the last of the terms, is shown, refused, at 0.00."""
    phases = [
        Phase(Term("2025-01-01", months=6, zone=BERLIN), HOURLY),
        Phase(Term("2025-09-01", months=4, zone=BERLIN), HOURLY),
    ]
    (line,) = rated(contract(phases=phases), entry("W-1", when, "1h"), until="2027-01-01").lines
    expected = ("refused", "-", "0.00 EUR") if code else ("charged", when[:7], "60.00 EUR")
    assert (line.disposition, line.period, str(line.amount)) == expected
    assert (line.code, line.worked) == (code, hours(1))


@pytest.mark.rule("D7", "D3")
@pytest.mark.parametrize(
    ("when", "to", "code"),
    [
        ("2025-03-31 23:59:59", "2025-04-30", None),
        ("2025-04-01 00:00", "2025-04-30", "ended"),  # the bank ends first
        ("2025-03-10 09:00", "2025-03-31", "not-later"),
        ("2025-03-10 09:00", "2025-03-30", "not-later"),
    ],
)
def test_an_extension_that_comes_too_late_is_a_refused_movement(when: str, to: str, code: str | None) -> None:
    """A bank can be extended before it ends, to a later day; else nothing changes, and the movement says why."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-10 09:00", expires_on="2025-03-31"),
        BankExtended("X-1", at(when), bank="B-1", expires_on=to, reason="project booked"),
        entry("W-1", "2025-04-02 09:00", "1h"),
    )
    assert [m.code for m in rating.movements if m.kind == "refused"] == ([code] if code else [])
    assert told(rating, "use") == [f"W-1 {'overage 1h 60.00' if code else 'bank B-1 1h 0.00'} EUR"]


@pytest.mark.rule("D7")
def test_a_refund_of_more_than_is_left_is_a_refused_movement() -> None:
    """Of 10 hours 9 are left: 9h 1s are refused whole, 9h are refunded."""
    for quantity, code, expected in (("9h 1s", "exceeds-left", []), ("9h", "", ["2025-02 refund -90.00 EUR"])):
        rating = rated(
            PREPAID,
            bank("B-1", "2025-01-10 09:00", price=Money("100 EUR")),
            entry("W-1", "2025-02-03 09:00", "1h"),
            BankRefunded("X-1", at("2025-02-20 09:00"), bank="B-1", quantity=WorkTime.parse(quantity)),
        )
        assert [m.code for m in rating.movements if m.kind == "refused"] == ([code] if code else [])
        assert told(rating, "refund") == expected


# What cannot be


@pytest.mark.rule("D7", "D4")
def test_a_naive_time_is_refused_with_a_time_to_write() -> None:
    """A datetime without a zone names no instant, in an event, as a stop, as what is known."""
    naive = datetime(2025, 2, 3, 9, 0)
    for build in (
        lambda: WorkEntry("W-1", naive, customer="elm", worked=hours(1)),
        lambda: WorkEntry("W-1", at("2025-02-03 09:00"), customer="elm", worked=hours(1), recorded_at=naive),
        lambda: rate(contract(HOURLY), [], until=naive),
        lambda: rate(contract(HOURLY), [], until="2025-02-03", known_at=naive),
    ):
        with pytest.raises(NaiveTime) as caught:
            build()
        assert 'Zone("Europe/Berlin").at("2025-02-03 09:00")' in caught.value.hint


@pytest.mark.parametrize(
    ("build", "hint"),
    [
        (lambda: hours(1.5), 'hours("1.5")'),  # type: ignore[arg-type]  # hostile
        (lambda: Money(99.9), "99.90 EUR"),  # type: ignore[arg-type]  # hostile
        (lambda: Price(1.5, "EUR", "h"), ""),  # type: ignore[arg-type]  # hostile
        (lambda: WorkEntry("W-1", 1738573200.0, customer="elm", worked=hours(1)), "Zone"),  # type: ignore[arg-type]  # hostile
    ],
    ids=["hours", "money", "price", "at"],
)
@pytest.mark.rule("D4", "D23")
def test_a_float_is_refused_with_what_to_write(build: Any, hint: str) -> None:  # noqa: ANN401  # hostile
    """Binary fractions hold neither cents nor seconds; the error shows the value in words that do."""
    with pytest.raises(FloatRefused) as caught:
        build()
    assert caught.value.hint
    assert hint in caught.value.hint


@pytest.mark.parametrize("worked", [1.5, 90, "1h 30m", None, True, timedelta(hours=1), incidents(1)])
@pytest.mark.rule("M1", "D4")
def test_worked_time_is_work_time_and_nothing_else(worked: Any) -> None:  # noqa: ANN401  # hostile
    """A number, a text or incidents are no work time, and the error says what to write."""
    with pytest.raises(InvalidValue, match="worked") as caught:
        WorkEntry("W-1", at("2025-02-03 09:00"), customer="elm", worked=worked)
    assert 'hours("1.5")' in caught.value.hint


@pytest.mark.rule("D7")
@pytest.mark.parametrize("stated", [{"customer": "oak"}, {"customer": "elm", "contract": "C-2"}])
def test_an_event_of_somebody_else_is_an_error_that_names_it(stated: dict[str, str]) -> None:
    """Work for another customer, or for another contract of this one, is not rated here and not dropped silently."""
    foreign = WorkEntry("W-7", at("2025-02-03 09:00"), worked=hours(1), **stated)  # type: ignore[arg-type]  # customer, contract or both
    with pytest.raises(ForeignEvent) as caught:
        rated(HOURLY, foreign)
    assert "W-7" in str(caught.value)
    assert any(owner in str(caught.value) for owner in ("oak", "C-2"))


@pytest.mark.rule("D7")
def test_an_event_that_names_this_contract_or_nobody_is_rated() -> None:
    """A payment names no customer; work may name the contract it is rated under."""
    named = entry("W-1", "2025-02-03 09:00", "1h", contract="C-1")
    rating = rated(PREPAID, named, bank("B-1", "2025-02-01 09:00"), Payment("P-1", at("2025-02-01 10:00"), bank="B-1"))
    assert told(rating, "use") == ["W-1 bank B-1 1h 0.00 EUR"]


@pytest.mark.rule("D2", "L4")
def test_an_event_before_the_opening_state_names_the_instant_to_rate_from() -> None:
    """Going on from 1 February, work of the last second of January is an error; of the first of February it is not."""
    agreed = contract(HOURLY)
    opening = rated(agreed, until="2025-02-01").closing
    with pytest.raises(StaleState) as caught:
        rated(agreed, entry("W-1", "2025-01-31 23:59:59", "1h"), opening=opening)
    assert "2025-01-31" in str(caught.value)
    assert "W-1" in str(caught.value)
    assert amounts(rated(agreed, entry("W-1", "2025-02-01 00:00", "1h"), opening=opening)) == ["60.00 EUR"]


@pytest.mark.rule("D6", "L4")
def test_a_correction_of_what_the_opening_state_has_seen_is_an_error() -> None:
    """Going on from February, a void of January's work can no longer be carried out."""
    agreed = contract(HOURLY)
    work = entry("W-1", "2025-01-10 09:00", "1h")
    opening = rated(agreed, work, until="2025-02-01").closing
    with pytest.raises(StaleState):
        rated(agreed, work, Void("V-1", at("2025-02-10 09:00"), target="W-1"), opening=opening)
    moved = Replace("V-1", at("2025-02-10 09:00"), target="W-1", by=entry("W-1", "2025-02-11 09:00", "1h"))
    with pytest.raises(StaleState):
        rated(agreed, work, moved, opening=opening)


@pytest.mark.rule("D6", "D7")
@pytest.mark.parametrize("stated", [{"customer": "oak"}, {"customer": "elm", "contract": "C-2"}])
def test_a_replacement_cannot_move_work_to_somebody_else(stated: dict[str, str]) -> None:
    """Moving work to another customer or contract is a void and a new event, not a replacement."""
    by = WorkEntry("W-1", at("2025-02-03 09:00"), worked=hours(1), **stated)  # type: ignore[arg-type]  # customer, contract or both
    moved = Replace("V-1", at("2025-02-20 09:00"), target="W-1", by=by)
    with pytest.raises(ForeignEvent):
        rated(HOURLY, entry("W-1", "2025-02-03 09:00", "1h"), moved)


@pytest.mark.rule("D6", "D7")
@pytest.mark.parametrize(
    "wrong",
    [
        WorkEntry("W-1", at("2025-02-03 09:00"), customer="oak", worked=hours(1)),
        WorkEntry("W-1", at("2025-02-03 09:00"), customer="elm", contract="C-2", worked=hours(1)),
        ChargeItem("W-1", at("2025-02-03 09:00"), customer="elm", kind="travel", amount=Money("45 USD")),
    ],
    ids=["customer", "contract", "currency"],
)
def test_a_void_takes_away_what_should_not_be_here_at_all(wrong: Event) -> None:
    """Corrections act before anything is judged: in a log that only grows, a void is the way to be rid of a mistake."""
    void = Void("V-1", at("2025-02-20 09:00"), target="W-1", reason="wrong contract")
    assert told(rated(HOURLY, wrong, void, entry("W-2", "2025-02-03 09:00", "1h"))) == ["W-2 charge 1h 60.00 EUR"]


@pytest.mark.rule("D6", "D23")
def test_a_replacement_in_another_currency_is_an_error() -> None:
    """Travel for 45 EUR cannot become travel for 45 USD."""
    travel, other = (
        ChargeItem("X-1", at("2025-02-03 09:00"), customer="elm", kind="travel", amount=Money(amount))
        for amount in ("45 EUR", "45 USD")
    )
    with pytest.raises(CurrencyMismatch):
        rated(HOURLY, travel, Replace("V-1", at("2025-02-20 09:00"), target="X-1", by=other))


@pytest.mark.rule("D6")
def test_a_correction_and_an_event_share_no_id() -> None:
    """A void called W-1 beside work called W-1 is one id with two contents."""
    with pytest.raises(DuplicateEvent, match="W-1"):
        rated(HOURLY, entry("W-1", "2025-02-03 09:00", "1h"), Void("W-1", at("2025-02-20 09:00"), target="W-2"))


@pytest.mark.rule("D17", "L4")
def test_a_bank_that_reaches_back_before_the_opening_state_is_an_error() -> None:
    """Bought in February and stated to be usable from January, it would have paid for work that is rated already."""
    agreed = contract(PREPAID)
    opening = rated(agreed, until="2025-02-01").closing
    with pytest.raises(StaleState, match="2025-01-10"):
        rated(agreed, bank("B-1", "2025-02-10 09:00", usable_from=at("2025-01-10 09:00")), opening=opening)


@pytest.mark.rule("D6", "L4")
def test_a_replacement_that_moves_work_before_the_opening_state_is_an_error() -> None:
    """February's work moved into January, which is rated already: rate again from there."""
    agreed = contract(HOURLY)
    opening = rated(agreed, until="2025-02-01").closing
    work = entry("W-1", "2025-02-10 09:00", "1h")
    moved = Replace("V-1", at("2025-02-12 09:00"), target="W-1", by=entry("W-1", "2025-01-10 09:00", "1h"))
    with pytest.raises(StaleState, match="2025-01-10"):
        rated(agreed, work, moved, opening=opening)


@pytest.mark.rule("D2", "L4")
def test_a_state_is_for_its_own_contract_and_for_later_stops() -> None:
    """Going on from 1 March until 1 February, or with another contract's state, is refused with what to write."""
    agreed = contract(HOURLY)
    opening = rated(agreed, until="2025-03-01").closing
    with pytest.raises(InvalidValue):
        rated(agreed, until="2025-02-01", opening=opening)
    other = Contract(
        "C-2", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=BERLIN), plan=HOURLY
    )
    with pytest.raises(InvalidValue):
        rated(other, until="2025-04-01", opening=opening)
    assert rated(agreed, until="2025-03-01", opening=opening).lines == ()


@pytest.mark.parametrize("until", ["soon", "2025-02-30", None, 20250203, 1738573200.0, "2025-02-03 09:00 CET"])
def test_a_stop_that_is_no_instant_is_refused(until: Any) -> None:  # noqa: ANN401  # hostile
    """A rating stops at a date or an instant."""
    with pytest.raises(InvalidValue):
        rated(HOURLY, until=until)


@pytest.mark.parametrize("event", [None, "W-1", ("W-1", "1h"), {"id": "W-1"}, contract(HOURLY)])
def test_what_is_no_event_is_refused(event: Any) -> None:  # noqa: ANN401  # hostile
    """Only events are rated, and the error says so."""
    with pytest.raises(InvalidValue):
        rated(HOURLY, event)


def test_what_is_no_contract_is_refused() -> None:
    """Agreed first, then happened: the error shows the order."""
    with pytest.raises(InvalidValue, match="Contract") as caught:
        rate([entry("W-1", "2025-02-03 09:00", "1h")], contract(HOURLY), until="2025-03-01")  # type: ignore[arg-type]  # hostile
    assert "rate(contract, events" in caught.value.hint


@pytest.mark.rule("D7", "D20")
def test_held_work_at_the_end_of_the_contract_is_refused_with_a_code() -> None:
    """Work held in the last month is a zero line, then refused where the contract ends."""
    plan = PrepaidHours(beyond=Hold())
    rating = rated(contract(plan, currency="EUR"), entry("W-1", "2025-12-10 09:00", "1h"), until="2026-01-01")
    assert [(line.disposition, line.code, str(line.amount)) for line in rating.lines] == [
        ("held", "", "0.00 EUR"),
        ("refused", "held-at-end", "0.00 EUR"),
    ]


@pytest.mark.rule("D1")
def test_a_fee_that_covers_everything_is_all_that_is_due() -> None:
    """However much is used, and whenever it is recorded, a fixed fee is the total."""
    work = [entry(f"W-{n}", f"2025-0{n}-03 09:00", "500h", recorded_at=at("2025-12-01 09:00")) for n in range(1, 10)]
    assert str(rated(FixedAnnual(fee=Money("19000 EUR")), *work).total) == "19,000.00 EUR"
