"""Adjustments: what late records change in closed periods, and why. Every number is worked out by hand."""

import re
from datetime import date

import attrs
import pytest

from supportcontracts import (
    Adjustment,
    Allotment,
    Approval,
    Band,
    BankExtended,
    BankRefunded,
    Banks,
    Cancelled,
    CappedIncidents,
    Charge,
    ChargeItem,
    Composite,
    Contract,
    Dispute,
    FixedAnnual,
    Graduated,
    Hold,
    Meter,
    Money,
    Opened,
    Overdraw,
    Payment,
    PayPerHour,
    PayPerIncident,
    Phase,
    PrepaidHours,
    Price,
    Refuse,
    Replace,
    Reserved,
    State,
    Statement,
    Term,
    Void,
    Volume,
    adjust,
    close,
    days,
    hours,
    incidents,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.errors import InvalidValue, PeriodClosed, PeriodOpen, TermsChanged, UnknownLine
from supportcontracts.events import Event
from supportcontracts.rating import LotBalance
from tests.rating.bank_builders import BERLIN, agreed, at, bank, contract, entry, happened, story
from tests.rating.north_star import C104, FEBRUARY, MARCH, work
from tests.value_checks import assert_is_a_value

EURO_A_MINUTE = Price("60 EUR/h")
TWO_EUROS_A_MINUTE = Price("120 EUR/h")
LATE = work("W-3111", "2025-03-10 13:00", 40, recorded_at=at("2025-04-02 08:15"))


def march() -> Statement:
    """The statement of March 2025 of the documents."""
    return close(rate(C104, MARCH, until="2025-04-01", opening=FEBRUARY), period_ending="2025-03-31")


def after_march(*events: Event, **more: object) -> Adjustment:
    """Adjust March for what is recorded after it was closed."""
    rating = rate(C104, [*MARCH, *events], until="2025-04-01", opening=FEBRUARY)
    return adjust(rating, closed=[march()], **more)  # type: ignore[arg-type]  # as adjust has them


def late(
    terms: Contract | Plan, before: tuple[Event, ...], *events: Event, last_days: tuple[str, ...] = ("2025-01-31",)
) -> Adjustment:
    """Close periods with some events, and adjust them for others that come later."""
    terms = terms if isinstance(terms, Contract) else contract(terms)
    until = date.fromordinal(date.fromisoformat(last_days[-1]).toordinal() + 1)
    first = rate(terms, before, until=until)
    closed = [close(first, period_ending=day) for day in last_days]
    return adjust(rate(terms, [*before, *events], until=until), closed=closed)


def told(adjustment: Adjustment) -> list[str]:
    """Tell each line in one row: what it corrects, use, difference and cause."""
    return [f"{line.corrects or 'new'} {line.use} {line.difference}: {line.because}" for line in adjustment.lines]


# -- the example of the documents ------------------------------------------------------------------------------------


@pytest.mark.rule("D31", "L6")
def test_a_free_late_entry_makes_an_older_line_dearer() -> None:
    """W-3111 takes 45 min of B-07 first; so W-3107 takes 45 min less there, and 2:30 × 137.50 = 343.75 are overage."""
    adjustment = after_march(LATE)
    assert str(adjustment) == (
        "Adjustment 1 of C-104 / 2025-03 · birchwood\n"
        "\n"
        "line   entry   was                 is                  difference  because\n"
        "new    W-3111  –                   0h 45m from B-07      0.00 EUR  worked 10 Mar, recorded 02 Apr\n"
        "2      W-3107  1h 30m from B-07    0h 45m from B-07      0.00 EUR  W-3111 came first\n"
        "4      W-3107  1h 45m, 240.63 EUR  2h 30m, 343.75 EUR  103.12 EUR  0h 45m less from B-07\n"
        "debit                                                  103.12 EUR\n"
        "closed 2,540.63 EUR + adjustment 103.12 EUR = rated afresh 2,643.75 EUR"
    )
    assert (adjustment.direction, adjustment.based_on, adjustment.id) == ("debit", ("W-3111",), "C-104/adjustment-1")


def test_an_adjustment_explains_its_lines() -> None:
    """What was closed, how the line comes about now, and the difference with its cause."""
    adjustment = after_march(LATE)
    explained = adjustment.explain(4)
    assert [(step.rule, step.working, step.result) for step in explained.steps] == [
        ("D31", "2025-03 line 4", "1h 45m, 240.63 EUR"),
        ("T1", "2h 30m × 137.50 EUR/h", "343.75 EUR"),
        ("S1", "half up to 0.01 EUR", "343.75 EUR"),
        ("D31", "0h 45m less from B-07", "103.12 EUR"),
    ]
    assert [(part.payer, str(part.amount)) for part in explained.parts] == [
        ("closed: overage at 137.50 EUR/h", "-240.63 EUR"),
        ("overage at 137.50 EUR/h", "343.75 EUR"),
    ]
    assert str(adjustment.explain("W-3107").amount) == "103.12 EUR"
    assert adjustment.explain("C-104/2025-03/use/W-3111/B-07") == adjustment.explain("W-3111") == adjustment.explain(1)
    assert [line.corrects for line in adjustment.lines_of("W-3107")] == ["2", "3", "4"]
    with pytest.raises(InvalidValue, match=r"explain C-104/adjustment-1 got 'W-3110'.*\n.*Did you mean 'W-3111'\?"):
        adjustment.explain("W-3110")
    with pytest.raises(InvalidValue, match=r"got 9.*\n.*numbered from 1 to 4"):
        adjustment.explain(9)


def test_an_adjustment_as_rows() -> None:
    """Each line is a row of plain values: what was, what is, and the difference.

    Of the 110 min after 17:00, billed as 2:00 and counted as 3:00, the overage was 1:45 (7/12), and is 2:30 (5/6).
    """
    rows = after_march(LATE).to_rows()
    assert sum(row["difference_minor"] for row in rows) == 10312
    assert rows[3] == {
        "adjustment": "C-104/adjustment-1", "no": 4, "period": "2025-03", "corrects": "4", "on": "2025-03-18",
        "key": "C-104/2025-03/use/W-3107/work/1", "kind": "use", "use": "W-3107", "item": "overage at 137.50 EUR/h",
        "note": "index rebuild", "ledger": "", "tax": "", "payer": "birchwood",
        "was_disposition": "charged", "was_source": "overage", "was_lot": "", "was_worked": 3850,
        "was_billable": 4200, "was_counted": 6300, "was_amount_minor": 24063,
        "becomes_disposition": "charged", "becomes_source": "overage", "becomes_lot": "", "becomes_worked": 5500,
        "becomes_billable": 6000, "becomes_counted": 9000, "becomes_amount_minor": 34375,
        "difference_minor": 10312, "currency": "EUR", "because": "0h 45m less from B-07",
    }  # fmt: skip
    assert {rows[0][name] for name in rows[0] if name.startswith("was_")} == {None}


def test_adjustments_and_their_parts_are_values() -> None:
    """They copy, pickle, hash, and refuse to be changed."""
    adjustment = after_march(LATE)
    assert_is_a_value(adjustment)
    assert_is_a_value(adjustment.lines[1])
    was = adjustment.lines[1].was
    assert_is_a_value(was)
    with pytest.raises(InvalidValue, match="neither was nor becomes"):
        attrs.evolve(adjustment.lines[1], was=None, becomes=None)
    with pytest.raises(InvalidValue, match="the number 2; the number 1 was expected"):
        attrs.evolve(adjustment, lines=adjustment.lines[1:])


@pytest.mark.rule("L6")
def test_one_adjustment_after_the_other() -> None:
    """The second says only what came after the first, and names the lines of the first that it corrects.

    Without W-3098, W-3111 and W-3107 take 0:45 and 2:15 of B-07, and 4:00 − 2:15 − 0:45 = 1:00 × 137.50 are overage:
    343.75 were due, 137.50 are.
    """
    first = after_march(LATE)
    never = Void("V-1", at("2025-04-05 09:00"), target="W-3098", reason="typed twice")
    afresh = rate(C104, [*MARCH, LATE, never], until="2025-04-01", opening=FEBRUARY)
    second = adjust(afresh, closed=[first, march()])
    assert str(second) == (
        "Adjustment 2 of C-104 / 2025-03 · birchwood\n"
        "\n"
        "line    entry   was                 is                   difference  because\n"
        "1       W-3098  1h 30m from B-07    –                      0.00 EUR"
        "  voided: typed twice (V-1, recorded 05 Apr)\n"
        "1/2     W-3107  0h 45m from B-07    2h 15m from B-07       0.00 EUR  W-3098 no longer draws on it\n"
        "1/4     W-3107  2h 30m, 343.75 EUR  1h 00m, 137.50 EUR  -206.25 EUR  1h 30m more from B-07\n"
        "credit                                                  -206.25 EUR\n"
        "closed 2,643.75 EUR + adjustment -206.25 EUR = rated afresh 2,437.50 EUR"
    )
    third = adjust(afresh, closed=[march(), first, second, first])
    assert str(third) == (
        "Adjustment 3 of C-104 / 2025-03 · birchwood\nnothing to correct: closed 2,437.50 EUR = rated afresh"
    )
    assert (third.lines, third.based_on, third.direction) == ((), (), "nothing")


# -- what is compared ------------------------------------------------------------------------------------------------


@pytest.mark.rule("D31", "S1")
def test_settled_is_compared_with_settled() -> None:
    """At 140.001 instead of 140.00 EUR/h an hour settles to 140.00 as before: no line, and so no spurious cent."""
    terms = contract(PayPerHour(tariff=Price("140 EUR/h")))
    work_done = [entry("W-1", "2025-01-07 09:00", "1h")]
    january = close(rate(terms, work_done, until="2025-02-01"), period_ending="2025-01-31")
    dearer = attrs.evolve(terms, plan=PayPerHour(tariff=Price("140.001 EUR/h")))
    adjustment = adjust(rate(dearer, work_done, until="2025-02-01"), closed=[january], consent="amendment 1")
    assert (adjustment.lines, adjustment.consent) == ((), "amendment 1")
    assert str(adjustment).endswith("rated afresh\nby consent: amendment 1")


@pytest.mark.rule("D31", "D17")
def test_how_a_line_was_paid_never_changes_what_is_due() -> None:
    """A bank that was bought earlier than W-1 and ends sooner pays for it: another lot, 0.00 before and after.

    The late purchase itself is due, as it would have been on time.
    """
    terms = contract(PrepaidHours(beyond=Refuse()), currency="EUR")
    before = story(
        bank("B-2", "2025-01-02 09:00", "5h", expires_on="2025-12-31"), entry("W-1", "2025-01-07 09:00", "2h")
    )
    bought = bank(
        "B-1", "2025-01-03 09:00", "5h", expires_on="2025-03-31", price=Money("400 EUR"),
        recorded_at=at("2025-02-05 09:00"),
    )  # fmt: skip
    adjustment = late(terms, before, bought)
    assert told(adjustment) == [
        "new B-1 400.00 EUR: bought 03 Jan, recorded 05 Feb",
        "new W-1 0.00 EUR: B-1 bought 03 Jan, recorded 05 Feb",
        "2 W-1 0.00 EUR: 2h 00m more from B-1",
    ]
    assert str(adjustment).splitlines()[-4:] == [
        "bank   opening  adjusted  bought  used  expired  closing  expires on",
        "B-1          –    3h 00m       –     –        –   3h 00m  2025-03-31",
        "B-2     3h 00m    2h 00m       –     –        –   5h 00m  2025-12-31",
        "total   3h 00m    5h 00m       –     –        –   8h 00m",
    ]


@pytest.mark.rule("D31")
def test_work_that_is_shared_out_anew_is_shown_where_nothing_else_changed() -> None:
    """Replaced by 85 for 80 minutes, W-3098 counts 1:30 as before: the line says what was worked."""
    right = work("W-3098", "2025-03-04 10:00", 85, "slow import")
    adjustment = after_march(Replace("V-1", at("2025-04-05 09:00"), target="W-3098", by=right))
    assert [re.split(r" {2,}", line) for line in str(adjustment).splitlines()[3:5]] == [
        ["1", "W-3098", "1h 30m from B-07 (1h 20m worked)", "1h 30m from B-07 (1h 25m worked)", "0.00 EUR",
         "replaced (V-1, recorded 05 Apr)"],
        ["total", "0.00 EUR"],
    ]  # fmt: skip


@pytest.mark.rule("D31", "D6")
def test_work_that_moves_to_an_open_period_is_credited() -> None:
    """An hour of 31 January that was on 3 February is gone from January; February is not closed yet."""
    terms = contract(PayPerHour(tariff=EURO_A_MINUTE))
    before = story(entry("W-1", "2025-01-31 09:00", "1h"))
    moved = Replace(
        "V-1", at("2025-02-05 09:00"), target="W-1", by=entry("W-1", "2025-02-03 09:00", "1h"), reason="wrong day"
    )
    assert told(late(terms, before, moved)) == ["1 W-1 -60.00 EUR: replaced: wrong day (V-1, recorded 05 Feb)"]


@pytest.mark.rule("D31")
def test_late_events_of_every_kind_are_named() -> None:
    """What was recorded late is named where it acts: on its own lines, and on those that it changes."""
    items = ChargeItem("X-1", at("2025-01-08 09:00"), customer="elm", kind="travel", amount=Money("45 EUR"))
    hourly = contract(PayPerHour(tariff=EURO_A_MINUTE))
    assert told(late(hourly, (), items)) == ["new X-1 45.00 EUR: charged 08 Jan, not known before"]
    paid_for = contract(PrepaidHours(banks=Banks(usable="payment"), beyond=Charge(EURO_A_MINUTE)))
    bought = story(bank("B-1", "2025-01-02 09:00", "5h"), entry("W-1", "2025-01-07 09:00", "2h"))
    payment = Payment("P-1", at("2025-01-05 09:00"), bank="B-1", recorded_at=at("2025-02-05 09:00"))
    assert told(late(paid_for, bought, payment)) == [
        "new W-1 0.00 EUR: B-1 paid 05 Jan, recorded 05 Feb",
        "2 W-1 -120.00 EUR: 2h 00m more from B-1",
    ]
    ended = story(
        bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-01-05"), entry("W-1", "2025-01-07 09:00", "2h")
    )
    longer = BankExtended("X-1", at("2025-01-04 09:00"), bank="B-1", expires_on="2025-12-31", reason="project moved")
    prepaid = contract(PrepaidHours(beyond=Charge(EURO_A_MINUTE)))
    assert told(late(prepaid, ended, longer))[1] == "2 W-1 -120.00 EUR: 2h 00m more from B-1"
    assert told(late(prepaid, ended, longer))[0] == "new W-1 0.00 EUR: B-1 extended 04 Jan, not known before"
    held = contract(PrepaidHours(beyond=Hold()), currency="EUR")
    waiting = story(entry("W-1", "2025-01-07 09:00", "2h"))
    releasing = bank("B-1", "2025-01-08 09:00", "5h", held="release", price=Money("400 EUR"))
    assert told(late(held, waiting, releasing)) == [
        "new B-1 400.00 EUR: bought 08 Jan, not known before",
        "new W-1 0.00 EUR: B-1 bought 08 Jan, not known before",
    ]
    approve = contract(PayPerHour(tariff=Charge(EURO_A_MINUTE, approval="required")))
    approval = Approval("A-1", at("2025-01-08 09:00"), recorded_at=at("2025-02-05 09:00"))
    assert told(late(approve, waiting, approval)) == ["new W-1 120.00 EUR: approved 08 Jan, recorded 05 Feb"]
    oldest = entry("W-0", "2025-01-06 09:00", "1h", recorded_at=at("2025-02-05 09:00"))
    small = story(*waiting, bank("B-1", "2025-01-08 09:00", "2h", held="release"))
    assert told(late(held, small, oldest)) == [
        "new W-0 0.00 EUR: worked 06 Jan, recorded 05 Feb",
        "new W-0 0.00 EUR: worked 06 Jan, recorded 05 Feb",
        "3 W-1 0.00 EUR: W-0 came first",
    ]
    aside = Reserved("R-1", at("2025-01-05 09:00"), key="visit", quantity=hours(1), expires_at=at("2025-01-06 09:00"))
    assert late(prepaid, ended, aside).lines == ()
    sold = story(bank("B-1", "2025-01-02 09:00", "5h", price=Money("500 EUR")), entry("W-1", "2025-01-07 09:00", "5h"))
    refund = BankRefunded("R-1", at("2025-01-03 09:00"), bank="B-1", quantity=hours(1))
    assert told(late(prepaid, sold, refund)) == [
        "new R-1 -100.00 EUR: refunded 03 Jan, not known before",
        "2 W-1 0.00 EUR: B-1 refunded 03 Jan, not known before",
        "new W-1 60.00 EUR: 1h 00m less from B-1",
    ]


@pytest.mark.rule("D31", "D21")
def test_a_late_credit_back_is_a_credit_line() -> None:
    """A ticket of 20 January, charged 90.00, was cancelled on the 22nd: that day's credit is new, the charge stays."""
    terms = contract(PayPerIncident(tariff=Price("90 EUR/incident")))
    before = story(happened(Opened, "T-1", "2025-01-20 09:00"))
    cancelled = happened(Cancelled, "T-1", "2025-01-22 09:00", recorded_at=at("2025-02-05 09:00"))
    adjustment = late(terms, before, cancelled)
    assert told(adjustment) == ["new T-1 -90.00 EUR: cancelled 22 Jan, recorded 05 Feb"]
    assert adjustment.direction == "credit"
    assert "-90.00 EUR" in str(adjustment)


@pytest.mark.rule("D31")
def test_a_ticket_that_was_counted_before_another_came_first() -> None:
    """Of one incident a year T-2 took it; T-1, recorded later and opened earlier, takes it, and T-2 costs 90.00."""
    plan = CappedIncidents(
        fee=Money("1200 EUR"), allotment=incidents(1), per="year", beyond=Charge(Price("90 EUR/incident"))
    )
    before = story(happened(Opened, "T-2", "2025-01-20 09:00"))
    adjustment = late(plan, before, happened(Opened, "T-1", "2025-01-10 09:00", recorded_at=at("2025-02-05 09:00")))
    assert told(adjustment) == [
        "new T-1 0.00 EUR: opened 10 Jan, recorded 05 Feb",
        "new T-2 90.00 EUR: 1 incident less from allotment",
        "2 T-2 0.00 EUR: T-1 came first",
    ]
    assert "1 incident from allotment" in str(adjustment)


@pytest.mark.rule("D31")
def test_a_use_that_draws_more_than_it_did_is_a_cause() -> None:
    """W-1 was 2 h and not 1 h of the 3 h: it draws an hour more, and W-2 an hour less."""
    terms = agreed(Allotment(hours(3), per="month"), Charge(EURO_A_MINUTE))
    before = story(entry("W-1", "2025-01-07 09:00", "1h"), entry("W-2", "2025-01-08 09:00", "2h"))
    longer = Replace("V-1", at("2025-02-05 09:00"), target="W-1", by=entry("W-1", "2025-01-07 09:00", "2h"))
    assert told(late(terms, before, longer)) == [
        "1 W-1 0.00 EUR: replaced (V-1, recorded 05 Feb)",
        "2 W-2 0.00 EUR: W-1 draws 1h 00m more",
        "new W-2 60.00 EUR: 1h 00m less from allotment",
    ]
    shorter = Replace("V-1", at("2025-02-05 09:00"), target="W-1", by=entry("W-1", "2025-01-07 09:00", "30m"))
    full = story(entry("W-1", "2025-01-07 09:00", "1h"), entry("W-2", "2025-01-08 09:00", "3h"))
    assert told(late(terms, full, shorter)) == [
        "1 W-1 0.00 EUR: replaced (V-1, recorded 05 Feb)",
        "2 W-2 0.00 EUR: W-1 draws 0h 30m less",
        "3 W-2 -30.00 EUR: 0h 30m more from allotment",
    ]


@pytest.mark.rule("D31")
def test_a_change_runs_on_through_lots_and_periods() -> None:
    """January's late hour takes the bank's last hour from W-2, which was February's: both periods are adjusted."""
    terms = contract(PrepaidHours(beyond=Charge(EURO_A_MINUTE)))
    before = story(
        bank("B-1", "2025-01-02 09:00", "3h"),
        entry("W-1", "2025-01-07 09:00", "1h"),
        entry("W-2", "2025-02-07 09:00", "2h"),
    )
    more = entry("W-3", "2025-01-08 09:00", "1h", recorded_at=at("2025-03-03 09:00"))
    adjustment = late(terms, before, more, last_days=("2025-01-31", "2025-02-28"))
    assert str(adjustment) == (
        "Adjustment 1 of C-1 / 2025-01, 2025-02 · elm\n"
        "\n"
        "line   period   entry  was              is                 difference  because\n"
        "new    2025-01  W-3    –                1h 00m from B-1      0.00 EUR  worked 08 Jan, recorded 03 Mar\n"
        "1      2025-02  W-2    2h 00m from B-1  1h 00m from B-1      0.00 EUR  W-3 came first\n"
        "new    2025-02  W-2    –                1h 00m, 60.00 EUR   60.00 EUR  1h 00m less from B-1\n"
        "debit                                                       60.00 EUR\n"
        "closed 0.00 EUR + adjustment 60.00 EUR = rated afresh 60.00 EUR"
    )


@pytest.mark.rule("D31", "D26")
def test_what_stands_at_the_end_of_a_window_follows_from_its_lines() -> None:
    """Volume: 3 h at 60 become 4 h at 50; a minimum of 100 tops up less; a discount of 10 % is taken of more."""
    volume = Charge(Volume([Band(hours(3), EURO_A_MINUTE), Band(None, Price("50 EUR/h"))]), per="period")
    before = story(entry("W-1", "2025-01-07 09:00", "3h"))
    more = entry("W-2", "2025-01-08 09:00", "1h")
    priced = late(contract(PayPerHour(tariff=volume)), before, more)
    assert told(priced) == [
        "new W-2 0.00 EUR: worked 08 Jan, not known before",
        "2 work/0/2025-01-01 20.00 EUR: 4h 00m instead of 3h 00m",
    ]
    assert "volume price 50.00 EUR/h" in str(priced)
    minimum = contract(PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("200 EUR"))))
    assert told(late(minimum, before, entry("W-2", "2025-01-08 09:00", "10m"))) == [
        "new W-2 10.00 EUR: worked 08 Jan, not known before",
        "2 work/0/2025-01-01 -10.00 EUR: the lines of its window changed by 10.00 EUR",
    ]


@pytest.mark.rule("D31")
def test_a_use_that_came_first_in_a_tariff_moves_the_bands() -> None:
    """The first hour is 60.00, each further one 120.00: a late hour comes first, and W-1 takes the second band."""
    bands = Charge(Graduated([Band(hours(1), EURO_A_MINUTE), Band(None, TWO_EUROS_A_MINUTE)]), per="period")
    terms = contract(PayPerHour(tariff=bands))
    before = story(entry("W-1", "2025-01-07 09:00", "1h"))
    assert told(late(terms, before, entry("W-0", "2025-01-06 09:00", "1h"))) == [
        "new W-0 60.00 EUR: worked 06 Jan, not known before",
        "1 W-1 60.00 EUR: W-0 came first",
    ]
    both = story(entry("W-0", "2025-01-06 09:00", "1h"), entry("W-1", "2025-01-07 09:00", "1h"))
    never = Void("V-1", at("2025-02-05 09:00"), target="W-0")
    assert told(late(terms, both, never)) == [
        "1 W-0 -60.00 EUR: voided (V-1, recorded 05 Feb)",
        "2 W-1 -60.00 EUR: W-0 no longer counts",
    ]


def test_an_overdraft_that_is_shared_otherwise_is_named_by_its_source() -> None:
    """A late hour takes the last of the grant: W-1 overdraws an hour more."""
    terms = agreed(Allotment(hours(2), per="month", short=Overdraw(hours(5), settled_at=EURO_A_MINUTE)), Refuse())
    before = story(entry("W-1", "2025-01-07 09:00", "2h"))
    adjustment = late(terms, before, entry("W-0", "2025-01-06 09:00", "1h"))
    assert told(adjustment)[1:] == [
        "1 W-1 0.00 EUR: W-0 came first",
        "new W-1 0.00 EUR: 1h 00m less from allotment",
    ]
    assert str(adjustment).splitlines()[5].startswith("new    W-1    –                      1h 00m drawn")
    back = late(
        terms, (*before, entry("W-0", "2025-01-06 09:00", "1h")), Void("V", at("2025-02-05 09:00"), target="W-0")
    )
    assert told(back)[1:] == [
        "2 W-1 0.00 EUR: W-0 no longer draws on it",
        "3 W-1 0.00 EUR: 1h 00m more from allotment",
    ]


# -- terms -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("D31")
def test_other_terms_for_a_closed_period_need_a_named_consent() -> None:
    """A rate that was 140.00 and is 130.00 from the start is refused; with the name of who agreed it is a credit."""
    terms = contract(PayPerHour(tariff=Price("140 EUR/h")))
    cheaper = attrs.evolve(terms, plan=PayPerHour(tariff=Price("130 EUR/h")))
    work_done = [entry("W-1", "2025-01-07 09:00", "2h")]
    january = close(rate(terms, work_done, until="2025-02-01"), period_ending="2025-01-31")
    afresh = rate(cheaper, work_done, until="2025-02-01")
    with pytest.raises(TermsChanged, match=r"adjust C-1/2025-01 got another contract: the plan changed") as refused:
        adjust(afresh, closed=[january])
    assert 'consent="amendment 2 of 2 April 2025"' in refused.value.hint
    agreed_to = adjust(afresh, closed=[january], consent="amendment 2 of 2 April 2025")
    assert told(agreed_to) == ["1 W-1 -20.00 EUR: 130.00 EUR/h instead of 140.00 EUR/h: amendment 2 of 2 April 2025"]
    assert str(agreed_to).splitlines()[-1] == "by consent: amendment 2 of 2 April 2025"
    others = {"rounding": attrs.evolve(terms, rounding="down"), "billing": attrs.evolve(terms, billing="term")}
    for word, changed in others.items():
        with pytest.raises(TermsChanged, match=f"the {word} changed"):
            adjust(rate(changed, work_done, until="2026-01-01"), closed=[january])
    with pytest.raises(InvalidValue, match=r"adjust\(consent\)"):
        adjust(afresh, closed=[january], consent="")
    unchanged = adjust(rate(terms, work_done, until="2025-02-01"), closed=[january], consent="nobody asked")
    assert unchanged.consent == ""


@pytest.mark.rule("D31")
def test_fees_that_change_by_consent_say_so() -> None:
    """A fee of 1,200 a year that is 1,320 from the start: 110 instead of 100 a month."""
    terms = contract(FixedAnnual(fee=Money("1200 EUR")))
    dearer = attrs.evolve(terms, plan=FixedAnnual(fee=Money("1320 EUR")))
    january = close(rate(terms, [], until="2025-02-01"), period_ending="2025-01-31")
    adjustment = adjust(rate(dearer, [], until="2025-02-01"), closed=[january], consent="amendment 1")
    assert told(adjustment) == ["1 fee 10.00 EUR: terms changed: amendment 1"]
    assert (
        str(adjustment).splitlines()[3]
        == "1      fee    100.00 EUR  110.00 EUR   10.00 EUR  terms changed: amendment 1"
    )


@pytest.mark.rule("D31")
def test_a_later_phase_is_no_change_of_a_closed_period() -> None:
    """A contract that is renewed at another fee has the same terms for what was closed."""
    year = Phase(Term("2025-01-01", months=12, zone=BERLIN), FixedAnnual(fee=Money("1200 EUR")))
    following = Phase(Term("2026-01-01", months=12, zone=BERLIN), FixedAnnual(fee=Money("1248 EUR")))
    january = close(rate(contract(phases=[year]), [], until="2025-02-01"), period_ending="2025-01-31")
    assert adjust(rate(contract(phases=[year, following]), [], until="2025-02-01"), closed=[january]).lines == ()


# -- when it refuses -------------------------------------------------------------------------------------------------


@pytest.mark.rule("D31")
def test_an_adjustment_of_what_is_not_there_is_refused() -> None:
    """Adjustments come with all statements and adjustments that they build on, as they were closed."""
    afresh = rate(C104, [*MARCH, LATE], until="2025-04-01", opening=FEBRUARY)
    first = after_march(LATE)
    with pytest.raises(UnknownLine, match=r"adjustment-1 line 1 got a line of 2025-03; .*: none is given") as refused:
        adjust(afresh, closed=[first])
    assert refused.value.hint == "Pass the statement of 2025-03 too."
    with pytest.raises(UnknownLine, match=r"adjustment-2 got adjustment 2 without adjustment 1"):
        adjust(afresh, closed=[march(), attrs.evolve(first, number=2)])
    shorter = attrs.evolve(march(), lines=march().lines[:1])
    with pytest.raises(UnknownLine, match=r"line 2 got a correction of .*W-3107/B-07' of 0\.00 EUR; .*: there is none"):
        adjust(afresh, closed=[shorter, first])
    already = close(afresh, period_ending="2025-03-31")
    with pytest.raises(UnknownLine, match=r"line 1 got a correction of .*W-3111/B-07' as a new line; .*: 0\.00 EUR"):
        adjust(afresh, closed=[already, first])


@pytest.mark.rule("D31")
def test_what_was_closed_is_told_apart() -> None:
    """Repeats and disputes are harmless; two contents of one document, and foreign ones, are refused."""
    afresh = rate(C104, [*MARCH, LATE], until="2025-04-01", opening=FEBRUARY)
    disputed = attrs.evolve(march(), disputes=Dispute("W-3107", "cancelled"))
    assert str(adjust(afresh, closed=[march(), disputed]).total) == "103.12 EUR"
    other = close(afresh, period_ending="2025-03-31")
    with pytest.raises(PeriodClosed, match=r"two documents of 2,540\.63 EUR and 2,643\.75 EUR"):
        adjust(afresh, closed=[march(), other])
    with pytest.raises(InvalidValue, match=r"adjust\(closed\) got the str"):
        adjust(afresh, closed=["C-104/2025-03"])  # type: ignore[list-item]  # what is shown
    with pytest.raises(InvalidValue, match=r"statements and adjustments of 'C-104' were expected"):
        adjust(afresh, closed=[attrs.evolve(march(), contract="C-105")])
    with pytest.raises(InvalidValue, match="a Rating was expected"):
        adjust(march(), closed=[march()])  # type: ignore[arg-type]  # what is shown
    sales = close(afresh, period_ending="2025-03-31", payer="sales")
    assert adjust(afresh, closed=[march(), sales], payer="sales").id == "C-104/adjustment-1/sales"
    assert "birchwood, paid by sales" in str(adjust(afresh, closed=[march(), sales], payer="sales"))


@pytest.mark.rule("D31")
def test_periods_are_compared_that_lie_in_the_rating() -> None:
    """Those before its state are left as they are; one that it does not reach, or none at all, is refused."""
    terms = contract(PayPerHour(tariff=EURO_A_MINUTE))
    events = [entry("W-1", "2025-01-07 09:00", "1h"), entry("W-2", "2025-02-07 09:00", "1h")]
    whole = rate(terms, events, until="2025-03-01")
    closed = [close(whole, period_ending=day) for day in ("2025-01-31", "2025-02-28")]
    january = rate(terms, events, until="2025-02-01")
    more = entry("W-3", "2025-02-08 09:00", "1h")
    from_state = rate(terms, [events[1], more], until="2025-03-01", opening=january.closing)
    assert adjust(from_state, closed=closed).periods == ("2025-02",)
    assert str(adjust(from_state, closed=closed).total) == "60.00 EUR"
    with pytest.raises(PeriodOpen, match=r"C-1/2025-02 got a rating until 2025-02-01 00:00; .* 2025-03-01 00:00"):
        adjust(january, closed=closed)
    with pytest.raises(InvalidValue, match=r"got no statement; a closed period that lies in the rating"):
        adjust(january, closed=[])
    with pytest.raises(InvalidValue, match=r"got C-1/2025-01; a closed period that lies in the rating"):
        adjust(from_state, closed=closed[:1])
    by_hand = rate(terms, [events[1]], until="2025-03-01", opening=State(at("2025-02-01 00:00")))
    assert adjust(by_hand, closed=closed).lines == ()


def test_events_that_went_missing_without_a_correction_are_seen() -> None:
    """An export that lost an event makes a credit; nothing was recorded that could be named."""
    rating = rate(C104, MARCH[:-1], until="2025-04-01", opening=FEBRUARY)
    adjustment = adjust(rating, closed=[march()])
    assert told(adjustment) == ["6 W-3115 0.00 EUR: differs from what was closed"]
    assert adjustment.balances == (
        LotBalance("B-10", "bank", "work", opening=66600, adjusted=5400, closing=72000, expires_on=date(2026, 3, 19)),
    )


# -- the cut-off for late work ---------------------------------------------------------------------------------------


@pytest.mark.rule("D31", "D7")
def test_use_that_is_recorded_too_late_is_refused_if_the_terms_say_so() -> None:
    """Within 14 local days of 7 January is the 21st; what is recorded after that is refused, and corrects nothing.

    So is a ticket; a charge item is money, and may come later.
    """
    terms = contract(
        Composite(meters=[Meter("work", Charge(EURO_A_MINUTE)), Meter("incidents", Charge(Price("90 EUR/incident")))]),
        record_within=days(14),
    )
    in_time = entry("W-1", "2025-01-07 23:00", "1h", recorded_at=at("2025-01-21 23:59"))
    too_late = entry("W-2", "2025-01-07 23:00", "1h", recorded_at=at("2025-01-22 00:00"))
    unsaid = entry("W-3", "2025-01-08 09:00", "1h")
    ticket = happened(Opened, "T-1", "2025-01-07 09:00", recorded_at=at("2025-01-22 09:00"))
    item = ChargeItem(
        "X-1", at("2025-01-07 09:00"), customer="elm", kind="travel", amount=Money("45 EUR"),
        recorded_at=at("2025-02-22 09:00"),
    )  # fmt: skip
    rating = rate(terms, story(in_time, too_late, unsaid, ticket, item), until="2025-02-01")
    assert [(line.use, line.disposition, line.code, str(line.amount)) for line in rating.lines] == [
        ("T-1", "refused", "recorded-late", "0.00 EUR"),
        ("X-1", "charged", "", "45.00 EUR"),
        ("W-1", "charged", "", "60.00 EUR"),
        ("W-2", "refused", "recorded-late", "0.00 EUR"),
        ("W-3", "charged", "", "60.00 EUR"),
    ]
    adjustment = late(terms, story(in_time, unsaid), too_late)
    assert str(adjustment.total) == "0.00 EUR"
    assert str(adjustment).splitlines()[3].split("  ")[0] == "new"
    assert "1h 00m refused" in str(adjustment)
    assert "refused: recorded too late" in str(rating)
    assert "Use that is recorded more than 14 days after it happened is refused." in str(terms)
    assert [step.working for step in rating.explain("W-2").steps] == ["recorded late"]
    with pytest.raises(InvalidValue, match=r"Contract\.record_within got the int 14; days were expected"):
        contract(PayPerHour(tariff=EURO_A_MINUTE), record_within=14)
