"""Saved states: rating in chunks, what makes a state stale, balances of the past, and what was recorded late."""

from datetime import date, datetime

import pytest

from supportcontracts import (
    Allotment,
    Approval,
    BankExtended,
    BankRefunded,
    Banks,
    Cancelled,
    Charge,
    Classified,
    Composite,
    Contract,
    DaysLeft,
    Fee,
    Hold,
    IncidentTable,
    Lot,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Overdraw,
    Payment,
    Phase,
    PrepaidHours,
    Price,
    Rating,
    Remaining,
    RemainingShare,
    Reopened,
    Replace,
    Resolved,
    Rollover,
    Scope,
    State,
    SubLimit,
    Term,
    TopUp,
    Unlimited,
    Void,
    days,
    hours,
    incidents,
    minutes,
    percent,
    rate,
)
from supportcontracts.errors import StaleState
from supportcontracts.events import Event
from tests.rating.bank_builders import (
    BERLIN,
    OVERAGE,
    agreed,
    at,
    bank,
    charged,
    contract,
    entry,
    happened,
    paid,
    rated,
    story,
)
from tests.rating.checks import check_deficits, check_lots, check_sums

PREPAID = agreed(Banks(), OVERAGE)


# Chunks


def rich_contract() -> Contract:
    """Two phases with a gap, in which nearly every kind of source, window and notice stands."""
    work = Meter(
        "work",
        [
            Allotment(
                hours(6),
                per="month",
                rollover=Rollover(lasts=2, cap=hours(3)),
                sublimits=[
                    SubLimit(hours(4), per="week"),
                    SubLimit(hours(3), scope=Scope(channels="onsite"), per="day"),
                ],
                short=Overdraw(hours(1), settled_at=Price("150 EUR/h")),
            ),
            Banks(
                usable="payment",
                warn_levels=[Remaining(hours(2)), RemainingShare(percent(50)), DaysLeft(20)],
                top_up=TopUp(Remaining(hours(1)), hours(10), Price("115 EUR/h")),
            ),
            Charge(Price("99.99 EUR/h"), limit=hours(2), approval="required"),
            Hold(),
        ],
        metering=Metering(
            increment=minutes(15), at_boundary="split", multiplier=Multiplier("1.5", scope=Scope(roles="senior"))
        ),
    )
    tickets = Meter(
        "incidents",
        [
            Allotment(incidents(1), per="quarter"),
            Banks(pool="packs", returns=days(30)),
            Charge(Price("290 EUR/incident")),
        ],
        incidents=IncidentTable(opened="reserve", resolved="consume", reopened_within=days(14)),
    )
    plan = Composite(meters=[work, tickets], fees=Fee(Money("1000 EUR")))
    later = Composite(meters=Meter("work", [Banks(usable="payment"), Unlimited(review_at=hours(3))]))
    return contract(
        phases=[
            Phase(Term("2025-01-01", months=4, zone=BERLIN), plan),
            Phase(Term("2025-06-01", months=2, zone=BERLIN), later),
        ]
    )


RICH_EVENTS: tuple[Event, ...] = (
    bank("B-1", "2024-12-20 09:00", "5h", price=Money("500 EUR"), expires_on="2025-03-14"),
    Payment("P-1", at("2025-01-03 09:00"), bank="B-1"),
    Payment("P-2", at("2025-01-20 09:00"), bank="B-2"),  # paid before it is bought
    bank("K-1", "2025-01-02 09:00", incidents(1), pool="packs", expires_on="2025-02-28", price=Money("250 EUR")),
    entry("W-1", "2025-01-07 09:00", "3h 05m", channel="onsite"),
    entry("W-2", "2025-01-09 09:00", "2h", role="senior"),
    happened(Opened, "T-1", "2025-01-10 09:00"),
    happened(Resolved, "T-1", "2025-01-12 09:00"),
    happened(Opened, "T-2", "2025-01-13 09:00"),
    entry("W-3", "2025-01-31 23:00", "2h 10m"),  # cut at the end of January
    happened(Resolved, "T-2", "2025-02-02 09:00"),
    bank("B-2", "2025-02-03 09:00", "4h", price=Price("120 EUR/h"), expires_on="2025-07-31", held="release"),
    entry("W-4", "2025-02-11 09:00", "7h", ticket="T-1"),
    BankExtended("X-1", at("2025-02-20 09:00"), bank="B-1", expires_on="2025-03-20", reason="project booked"),
    entry("W-5", "2025-03-03 09:00", "5h", role="senior", channel="onsite"),
    happened(Reopened, "T-1", "2025-03-04 09:00"),
    happened(Opened, "T-3", "2025-03-05 09:00"),
    happened(Resolved, "T-3", "2025-03-06 09:00"),
    happened(Classified, "T-2", "2025-03-10 09:00", finding="product-defect"),  # its pack has ended
    entry("W-6", "2025-03-20 23:30", "1h"),  # cut where B-1 ends
    entry("W-7", "2025-03-25 09:00", "9h"),
    Approval("A-1", at("2025-04-02 09:00"), of="W-7"),
    happened(Resolved, "T-1", "2025-04-03 09:00"),
    happened(Cancelled, "T-3", "2025-04-04 09:00"),
    bank("B-3", "2025-04-10 09:00", "2h", price=Money("100 EUR"), held="release"),
    Payment("P-3", at("2025-04-10 09:00"), bank="B-3"),
    entry("W-8", "2025-04-30 22:00", "4h"),  # cut where the phase ends
    entry("W-9", "2025-05-10 09:00", "1h"),  # in the gap
    BankRefunded("X-2", at("2025-06-02 09:00"), bank="B-3", quantity=minutes(20)),
    entry("V-1", "2025-06-10 09:00", "6h"),
    BankRefunded("X-3", at("2025-06-12 09:00"), bank="B-3"),
    bank("B-4", "2025-06-20 09:00", "3h", origin="granted", expires_on="2025-07-20"),  # ends with units left
    BankExtended("X-4", at("2025-07-10 09:00"), bank="B-4", expires_on="2025-07-25", reason="holiday"),
    Void("V-2", at("2025-06-20 09:00"), target="nothing"),
)


def chunked(terms: Contract, events: tuple[Event, ...], cuts: list[datetime], until: datetime) -> list[Rating]:
    """Rate in chunks that end at the cuts, each from the closing state of the one before."""
    ratings: list[Rating] = []
    opening: State | None = None
    for end in [*cuts, until]:
        new = [e for e in events if opening is None or e.at >= opening.as_of]
        ratings.append(rate(terms, new, until=end, opening=opening))
        check_lots(ratings[-1])
        check_deficits(ratings[-1])
        check_sums(ratings[-1])
        opening = ratings[-1].closing
    return ratings


@pytest.mark.rule("L4", "D2", "L1", "L2", "L10")
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_rating_in_one_go_equals_rating_in_chunks_cut_anywhere(shift: int) -> None:
    """Cut at every event and every end of a month, or a second beside them: the same lines, movements and notices.

    The state at the end is the same too, and each chunk conserves by itself.
    """
    terms, until = rich_contract(), at("2025-08-01 00:00")
    whole = rate(terms, RICH_EVENTS, until=until)
    months = [at(f"2025-{month:02}-01 00:00") for month in range(1, 8)]
    cuts = sorted({when.add(seconds=shift) for when in [*(e.at for e in RICH_EVENTS), *months]})
    ratings = chunked(terms, RICH_EVENTS, [cut for cut in cuts if cut < until], until)
    assert [line for r in ratings for line in r.lines] == list(whole.lines)
    assert [movement for r in ratings for movement in r.movements] == list(whole.movements)
    notices = [notice for r in ratings for notice in r.notices if notice.code != "unmatched-correction"]
    assert notices == [notice for notice in whole.notices if notice.code != "unmatched-correction"]
    assert ratings[-1].closing == whole.closing


@pytest.mark.rule("L4")
def test_one_cut_is_as_good_as_another() -> None:
    """Every month end alone as the only cut: the total is the same to the cent."""
    terms, until = rich_contract(), at("2025-08-01 00:00")
    whole = rate(terms, RICH_EVENTS, until=until)
    for month in range(1, 8):
        first, second = chunked(terms, RICH_EVENTS, [at(f"2025-{month:02}-01 00:00")], until)
        assert first.total + second.total == whole.total


@pytest.mark.rule("L4", "D2")
def test_a_rating_of_no_time_changes_nothing() -> None:
    """From a state to its own instant: no line, no movement, and the same state."""
    state = rate(rich_contract(), RICH_EVENTS, until="2025-02-01").closing
    again = rated(rich_contract(), until=state.as_of, opening=state)
    assert (again.lines, again.movements, again.notices) == ((), (), ())
    assert again.closing == state


@pytest.mark.rule("D5", "L4")
def test_work_that_is_cut_at_the_end_of_a_chunk_goes_on_in_the_next() -> None:
    """23:00 to 01:00 over the end of January, 10h a month: 1h in each chunk."""
    terms = agreed(Allotment(hours(10), per="month"), OVERAGE, metering=Metering(at_boundary="split"))
    january = rated(terms, entry("W-1", "2025-01-31 23:00", "2h"), until="2025-02-01")
    february = rated(terms, until="2025-03-01", opening=january.closing)
    assert [str(line.worked) for line in january.lines] == ["1h 00m"]
    assert [(str(line.worked), line.period) for line in february.lines] == [("1h 00m", "2025-02")]


@pytest.mark.rule("L3")
def test_the_order_of_arrival_is_irrelevant() -> None:
    """Forwards, backwards, twice over and rotated by seven: the same rating."""
    whole = rate(rich_contract(), RICH_EVENTS, until="2025-08-01")
    events = list(RICH_EVENTS)
    for arrived in (events[::-1], events + events, events[7:] + events[:7]):
        assert rate(rich_contract(), arrived, until="2025-08-01") == whole


# Stale states


@pytest.mark.rule("L4", "D7")
def test_an_event_before_the_state_is_an_error_that_names_the_instant() -> None:
    """The state is of 1 March 00:00: work in that second is rated, work one second earlier makes it stale."""
    state = rated(PREPAID, bank("B-1", "2025-01-02 09:00", "5h"), until="2025-03-01").closing
    on_time = rated(PREPAID, entry("W-1", "2025-03-01 00:00:00", "1h"), until="2025-04-01", opening=state)
    assert paid(on_time, "W-1") == ["B-1 1h 00m"]
    with pytest.raises(StaleState, match="2025-02-28"):
        rate(PREPAID, [entry("W-1", "2025-02-28 23:59:59", "1h")], until="2025-04-01", opening=state)


@pytest.mark.rule("L4", "D6")
def test_a_correction_of_an_event_before_the_state_makes_it_stale() -> None:
    """W-1 is in the state; its Void, passed with it, cannot act on the state and must not be dropped in silence."""
    work = entry("W-1", "2025-02-10 09:00", "1h")
    state = rated(agreed(OVERAGE), work, until="2025-03-01").closing
    void = Void("V-1", at("2025-03-10 09:00"), target="W-1")
    with pytest.raises(StaleState):
        rate(agreed(OVERAGE), [work, void], until="2025-04-01", opening=state)


@pytest.mark.rule("L4", "D6")
def test_a_replacement_that_moves_an_event_out_of_the_state_makes_it_stale() -> None:
    """W-1 was charged in February and belongs to March: rated on, it would be charged twice."""
    work = entry("W-1", "2025-02-10 09:00", "1h")
    state = rated(agreed(OVERAGE), work, until="2025-03-01").closing
    moved_on = Replace("V-1", at("2025-03-10 09:00"), target="W-1", by=entry("W-1", "2025-03-05 09:00", "1h"))
    with pytest.raises(StaleState):
        rate(agreed(OVERAGE), [work, moved_on], until="2025-04-01", opening=state)


@pytest.mark.rule("L4", "D6")
def test_a_replacement_that_moves_an_event_into_the_state_makes_it_stale() -> None:
    """W-1 was typed for March and belongs to February, which the state has already rated without it."""
    state = rated(agreed(OVERAGE), until="2025-03-01").closing
    work = entry("W-1", "2025-03-05 09:00", "1h")
    moved_back = Replace("V-1", at("2025-03-10 09:00"), target="W-1", by=entry("W-1", "2025-02-10 09:00", "1h"))
    with pytest.raises(StaleState, match="2025-02-10"):
        rate(agreed(OVERAGE), [work, moved_back], until="2025-04-01", opening=state)


@pytest.mark.rule("L4", "D17")
def test_a_bank_that_reaches_back_before_the_state_makes_it_stale() -> None:
    """Bought on 10 March, usable from 20 February: February would have been drawn, so it has to be rated again."""
    state = rated(PREPAID, entry("W-1", "2025-02-25 09:00", "1h"), until="2025-03-01").closing
    reaching = bank("B-1", "2025-03-10 09:00", "5h", usable_from=at("2025-02-20 00:00"))
    with pytest.raises(StaleState, match="2025-02-19"):
        rate(PREPAID, [reaching], until="2025-04-01", opening=state)


@pytest.mark.rule("L4", "D6")
def test_a_correction_within_the_chunk_is_no_matter() -> None:
    """Recorded and voided in March, over a state of 1 March: nothing is charged."""
    state = rated(agreed(OVERAGE), until="2025-03-01").closing
    events = story(entry("W-1", "2025-03-05 09:00", "1h"), Void("V-1", at("2025-03-10 09:00"), target="W-1"))
    assert charged(rated(agreed(OVERAGE), *events, until="2025-04-01", opening=state)) == []


# Balances of the past


@pytest.mark.rule("L2", "D2")
def test_the_balance_as_of_an_instant_is_that_of_a_rating_until_then() -> None:
    """Two grants, a rolled lot, a bank that expires: at every instant of a movement, and a second around it."""
    terms = agreed(Allotment(hours(10), per="month", rollover=Rollover(cap=hours(4))), Banks(), OVERAGE)
    events = story(
        bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-02-28"),
        entry("W-1", "2025-01-10 09:00", "7h"),
        entry("W-2", "2025-02-10 09:00", "15h"),
    )
    rating = rated(terms, *events, until="2025-04-01")
    lots = {movement.lot for movement in rating.movements}
    instants = {m.at.add(seconds=shift) for m in rating.movements for shift in (-1, 0, 1)}
    for instant in sorted(instants):
        until = rate(terms, events, until=instant)
        for lot in lots:
            assert rating.balance(lot, as_of=instant) == until.balance(lot), f"{lot} as of {instant}"


@pytest.mark.rule("L2")
def test_a_balance_shows_what_came_in_and_what_went_out() -> None:
    """10h bought, 3h drawn, 2h refunded: as of 1 February 10h − 3h = 7h, as of 1 March 5h, in April all forfeited."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-03-31", price=Price("100 EUR/h")),
        entry("W-1", "2025-01-10 09:00", "3h"),
        BankRefunded("X-1", at("2025-02-10 09:00"), bank="B-1", quantity=hours(2)),
    )
    left = [rating.balance("B-1", as_of=at(f"2025-{month:02}-01 00:00")).left for month in (1, 2, 3, 4)]
    assert left == [0, 7 * 3600, 5 * 3600, 0]
    balance = rating.balance("B-1")
    assert (balance.purchased, balance.drawn, balance.refunded, balance.forfeited) == (36000, 10800, 7200, 18000)


@pytest.mark.rule("L2", "L4")
def test_a_balance_goes_on_from_the_opening_state() -> None:
    """5h bought in January, 2h drawn; from the state of 1 February 3h are there, and 1h more is drawn."""
    january = rated(
        PREPAID, bank("B-1", "2025-01-02 09:00", "5h"), entry("W-1", "2025-01-10 09:00", "2h"), until="2025-02-01"
    )
    february = rated(PREPAID, entry("W-2", "2025-02-10 09:00", "1h"), until="2025-03-01", opening=january.closing)
    assert february.balance("B-1", as_of=at("2025-02-10 09:00")).left == 3 * 3600
    assert february.balance("B-1").left == 2 * 3600
    assert february.balance_totals()["B-1"].left == 2 * 3600


@pytest.mark.rule("L2", "L4", "D17")
def test_the_balance_of_a_bank_that_waits_for_its_start_goes_on_too() -> None:
    """5h bought in January for March on: in a rating from 1 February 5h are there, and 1h drawn in March leaves 4h."""
    waiting = bank("B-1", "2025-01-10 09:00", "5h", usable_from=at("2025-03-01 00:00"))
    january = rated(PREPAID, waiting, until="2025-02-01")
    rating = rated(PREPAID, entry("W-1", "2025-03-10 09:00", "1h"), until="2025-04-01", opening=january.closing)
    assert rating.balance("B-1", as_of=at("2025-02-10 09:00")).left == 5 * 3600
    assert rating.balance("B-1").left == 4 * 3600


# From another system


def march_contract() -> Contract:
    """Banks in quarter hours, after hours 1.5 times, then 137.50 EUR for each counted hour."""
    return contract(
        PrepaidHours(
            beyond=Charge(Price("137.50 EUR/h"), of="counted"),
            metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5", scope=Scope(windows="after-hours"))),
        )
    )


@pytest.mark.rule("L4", "D16", "D23")
def test_a_state_can_be_carried_over_from_another_system() -> None:
    """3h in B-07 until 31 March, 45m in B-09 until September.

    80m → 1h 30m of B-07. 170m → 3h × 1.5 = 4h 30m: 1h 30m of B-07, 45m of B-09, 2h 15m × 137.50 = 309.375 → 309.38.
    20h × 115 = 2300.00 for B-10, which pays 1h 30m. Together 2609.38.
    """
    opening = State(
        at("2025-03-01 00:00"),
        lots=[
            Lot("B-07", left=hours(3), expires_on="2025-03-31"),
            Lot("B-09", left=minutes(45), expires_on="2025-09-30"),
        ],
    )
    rating = rated(
        march_contract(),
        entry("W-1", "2025-03-04 10:00", "1h 20m"),
        entry("W-2", "2025-03-18 16:00", "2h 50m", window="after-hours"),
        bank("B-10", "2025-03-20 11:00", "20h", price=Price("115 EUR/h"), expires_on="2026-03-19"),
        entry("W-3", "2025-03-27 09:30", "1h 30m"),
        until="2025-04-01",
        opening=opening,
    )
    assert paid(rating, "W-1") == ["B-07 1h 30m"]
    assert paid(rating, "W-2") == ["B-07 1h 30m", "B-09 0h 45m", "charged 2h 15m 309.38 EUR"]
    assert paid(rating, "W-3") == ["B-10 1h 30m"]
    assert str(rating.total) == "2,609.38 EUR"


@pytest.mark.rule("D2", "B6")
@pytest.mark.parametrize("expires_on", ["2025-02-28", "2024-12-31"])
def test_a_bank_of_the_state_that_has_ended_does_not_pay(expires_on: str) -> None:
    """Its last day was the day before the state, or long before: 3h are shown as left, and nothing is drawn."""
    opening = State(at("2025-03-01 00:00"), lots=[Lot("B-07", left=hours(3), expires_on=expires_on)])
    rating = rated(march_contract(), entry("W-1", "2025-03-01 00:00", "1h"), until="2025-04-01", opening=opening)
    assert paid(rating, "W-1") == ["charged 1h 00m 137.50 EUR"]


@pytest.mark.rule("D24", "L4")
def test_a_bank_of_the_state_is_refunded_with_its_history() -> None:
    """10h for 100.00, 2h refunded for 20.00 before. 3h more: 50.00 − 20.00 = 30.00."""
    lot = Lot(
        "B-07", left=hours(6), quantity=hours(10), cost=Money("100 EUR"), refunded=7200, refunded_money=Money("20 EUR")
    )
    refund = BankRefunded("X-1", at("2025-03-10 09:00"), bank="B-07", quantity=hours(3))
    opening = State(at("2025-03-01 00:00"), lots=[lot])
    rating = rated(march_contract(), refund, until="2025-04-01", opening=opening)
    assert charged(rating) == ["2025-03 refund -30.00 EUR"]
    assert rating.balance("B-07").left == 3 * 3600


@pytest.mark.rule("L4", "D22")
def test_a_state_remembers_a_payment_that_came_before_its_bank() -> None:
    """Paid in January, bought in February, over two chunks: the bank pays from its purchase."""
    terms = agreed(Banks(usable="payment"), OVERAGE)
    january = rated(terms, Payment("P-1", at("2025-01-10 09:00"), bank="B-1"), until="2025-02-01")
    february = rated(
        terms,
        bank("B-1", "2025-02-10 09:00", "2h"),
        entry("W-1", "2025-02-10 09:00", "1h"),
        until="2025-03-01",
        opening=january.closing,
    )
    assert paid(february, "W-1") == ["B-1 1h 00m"]


# Recorded late


@pytest.mark.rule("D6", "L3")
def test_late_work_takes_its_own_place_and_makes_older_work_dearer() -> None:
    """1h in the bank. W-2 of 18 March had it; W-1 of 10 March, recorded in April, came first: W-2 costs 140.00 now."""
    events = story(
        bank("B-1", "2025-01-02 09:00", "1h"),
        entry("W-2", "2025-03-18 09:00", "1h"),
        entry("W-1", "2025-03-10 09:00", "1h", recorded_at=at("2025-04-02 08:15")),
    )
    known = rated(PREPAID, *events, until="2025-04-01", known_at=at("2025-04-02 08:14:59"))
    afresh = rated(PREPAID, *events, until="2025-04-01", known_at=at("2025-04-02 08:15"))
    assert paid(known, "W-2") == ["B-1 1h 00m"]
    assert (paid(afresh, "W-1"), paid(afresh, "W-2")) == (["B-1 1h 00m"], ["charged 1h 00m 140.00 EUR"])


@pytest.mark.rule("D6", "D17")
def test_a_late_purchase_is_not_known_before_it_was_recorded() -> None:
    """Bought on 3 March, recorded on the 20th: a rating of what was known on the 19th charges 5 March."""
    events = story(
        bank("B-1", "2025-03-03 09:00", "1h", recorded_at=at("2025-03-20 09:00")),
        entry("W-1", "2025-03-05 09:00", "1h"),
    )
    assert charged(rated(PREPAID, *events, until="2025-04-01", known_at=at("2025-03-19 09:00"))) != []
    assert charged(rated(PREPAID, *events, until="2025-04-01")) == []


@pytest.mark.rule("D2", "D4")
@pytest.mark.parametrize("until", ["2025-02-01", date(2025, 2, 1), at("2025-02-01 00:00")])
def test_until_is_an_instant_or_the_first_instant_of_a_local_day(until: datetime | date | str) -> None:
    """Work one second before 1 February 00:00 in Berlin is rated, work in that second is not."""
    events = story(entry("W-1", "2025-01-31 23:59:59", "1h"), entry("W-2", "2025-02-01 00:00", "1h"))
    assert [line.use for line in rate(agreed(OVERAGE), events, until=until).lines] == ["W-1"]
