"""Statements: what closing a period says, and when it refuses. Every number is worked out by hand."""

from datetime import date

import attrs
import pytest

from supportcontracts import (
    Allotment,
    BankExtended,
    BankRefunded,
    Banks,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Dispute,
    FixedAnnual,
    Money,
    Opened,
    Overdraw,
    PayPerHour,
    Phase,
    Posting,
    PrepaidHours,
    Price,
    Rating,
    Refuse,
    Rollover,
    State,
    Statement,
    Term,
    Void,
    close,
    hours,
    incidents,
    percent,
    rate,
)
from supportcontracts.errors import InvalidValue, PeriodClosed, PeriodOpen
from supportcontracts.rating import DeficitBalance, LotBalance
from supportcontracts.rating.records import NOTICE
from supportcontracts.rating.statements import Page, Table
from tests.rating.bank_builders import BERLIN, agreed, at, bank, contract, entry, happened, story
from tests.rating.north_star import C104, FEBRUARY, MARCH, work
from tests.value_checks import assert_is_a_value

EURO_A_MINUTE = Price("60 EUR/h")


def closed(rating: Rating, last_day: str, *before: Statement, **more: object) -> Statement:
    """Close the period with this last day."""
    return close(rating, period_ending=last_day, closed=before, **more)  # type: ignore[arg-type]  # as close has them


def march() -> Statement:
    """The statement of March 2025 of the documents."""
    return closed(rate(C104, MARCH, until="2025-04-01", opening=FEBRUARY), "2025-03-31")


@pytest.mark.rule("D30", "D23")
def test_a_statement_reads_as_its_customer_expects() -> None:
    """80 min are 1:30 of B-07; 170 min are 1:00 and, from 17:00, 2:00 × 1.5: 1:30, 0:45, 1:45 × 137.50 = 240.625."""
    assert str(march()) == (
        "Statement C-104 / 2025-03 · birchwood · 1 to 31 March 2025, Europe/Berlin\n"
        "\n"
        "no     date    entry   for                                       time        amount\n"
        "1      04 Mar  W-3098  slow import, bank B-07                  1h 30m      0.00 EUR\n"
        "2      18 Mar  W-3107  index rebuild, bank B-07                1h 30m      0.00 EUR\n"
        "3              W-3107  index rebuild, bank B-09                0h 45m      0.00 EUR\n"
        "4              W-3107  index rebuild, overage at 137.50 EUR/h  1h 45m    240.63 EUR\n"
        "5      20 Mar  B-10    bank of 20h 00m at 115.00 EUR/h                 2,300.00 EUR\n"
        "6      27 Mar  W-3115  report layout, bank B-10                1h 30m      0.00 EUR\n"
        "total                                                          7h 00m  2,540.63 EUR\n"
        "\n"
        "bank   opening   bought    used  expired  closing  expires on\n"
        "B-07    3h 00m        –  3h 00m        –   0h 00m  2025-03-31\n"
        "B-09    0h 45m        –  0h 45m        –   0h 00m  2025-09-30\n"
        "B-10         –  20h 00m  1h 30m        –  18h 30m  2026-03-19\n"
        "total   3h 45m  20h 00m  5h 15m        –  18h 30m\n"
        "notice: W-3107 on 2025-03-18 passed 2h 00m remaining and left 0h 00m"
    )


def test_a_statement_explains_its_lines() -> None:
    """One line, or all lines of a use, with the steps that led to them; the metering stands before the first."""
    statement = march()
    steps = [(step.rule, step.result) for step in statement.explain("W-3107").steps]
    assert steps == [
        ("M1", "2h 50m"), ("M6", "3h 00m"), ("M7", "3h 00m"), ("M8", "4h 00m"), ("B2", "2h 30m"), ("B2", "1h 45m"),
        ("T1", "240.625 EUR"), ("S1", "240.63 EUR"),
    ]  # fmt: skip
    by_number, by_key = statement.explain(4), statement.explain(statement.lines[3].line.key)
    assert by_number == by_key
    assert [step.rule for step in by_number.steps] == ["T1", "S1"]
    assert str(by_number).splitlines()[0] == ("W-3107 · Tue 2025-03-18 · index rebuild · C-104/2025-03   240.63 EUR")
    with pytest.raises(InvalidValue, match=r"explain C-104/2025-03 got 'W-3108'.*\n.*Did you mean 'W-3107'\?"):
        statement.explain("W-3108")
    with pytest.raises(InvalidValue, match=r"got 7.*\n.*numbered from 1 to 6"):
        statement.explain(7)


def test_a_statement_as_rows() -> None:
    """Each line is a row of plain values that names its statement and its key.

    Of the 110 min after 17:00, billed as 2:00 and counted as 3:00, the overage is 1:45: 3,850 s worked, 1:10 billable.
    """
    rows = march().to_rows()
    assert [row["no"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {row["statement"] for row in rows} == {"C-104/2025-03"}
    assert rows[3] == {
        "statement": "C-104/2025-03", "no": 4, "on": "2025-03-18", "item": "overage at 137.50 EUR/h",
        "note": "index rebuild", "ledger": "", "tax": "", "disputed": "", "key": "C-104/2025-03/use/W-3107/work/1",
        "at": "2025-03-18T15:00:00+00:00", "period": "2025-03", "kind": "use", "use": "W-3107", "meter": "work",
        "source": "overage", "lot": "", "disposition": "charged", "code": "", "payer": "birchwood",
        "worked": 3850, "billable": 4200, "counted": 6300, "rate": "137.50 EUR/h", "exact": "240.625 EUR",
        "amount_minor": 24063, "currency": "EUR",
    }  # fmt: skip
    assert sum(row["amount_minor"] for row in rows) == 254063


def test_statement_and_parts_are_values() -> None:
    """Statements, their lines and balances copy, pickle, hash, and refuse to be changed."""
    statement = march()
    assert_is_a_value(statement)
    assert_is_a_value(statement.lines[3])
    assert_is_a_value(statement.balances[0])
    assert_is_a_value(DeficitBalance("work/0", "work", overdrawn=60, closing=60))
    assert_is_a_value(Dispute("W-3107", "cancelled", raised_on="2025-04-02"))
    assert_is_a_value(Posting(ledger="4400"))
    assert_is_a_value(Page("title", [Table(("a",), [("b",)]), "note"]))


# -- what falls in a period ------------------------------------------------------------------------------------------


@pytest.mark.rule("D30", "D2")
def test_what_ends_with_a_period_is_on_its_statement() -> None:
    """A bank that ends with 31 January expires in January; one that is bought as February begins is February's."""
    terms = contract(PrepaidHours(beyond=Refuse()), currency="EUR")
    events = story(
        bank("B-1", "2025-01-10 09:00", "2h", expires_on="2025-01-31", price=Money("200 EUR")),
        bank("B-2", "2025-02-01 00:00", "3h", price=Money("300 EUR")),
    )
    rating = rate(terms, events, until="2025-03-01")
    january, february = closed(rating, "2025-01-31"), closed(rating, "2025-02-28")
    assert [(line.line.use, str(line.line.amount)) for line in january.lines] == [("B-1", "200.00 EUR")]
    assert january.balances == (
        LotBalance("B-1", "bank", "work", added=7200, expired=7200, expires_on=date(2025, 1, 31)),
    )
    assert [(line.line.use, str(line.line.amount)) for line in february.lines] == [("B-2", "300.00 EUR")]
    assert [balance.lot for balance in february.balances] == ["B-2"]


@pytest.mark.rule("D30")
def test_every_line_is_on_one_statement_even_outside_the_phases() -> None:
    """A bank bought before the term is on the first statement; a gap, and the time after the end, have their own.

    The first phase is January to March, the second begins on 15 May; bills are monthly throughout.
    """
    plan = PrepaidHours(beyond=Refuse())
    phases = [
        Phase(Term("2025-01-01", months=3, zone=BERLIN), plan),
        Phase(Term("2025-05-15", months=1, zone=BERLIN), plan),
    ]
    terms = contract(phases=phases, currency="EUR")
    events = story(
        bank("B-1", "2024-12-10 09:00", "10h", price=Money("1000 EUR")),
        BankRefunded("R-1", at("2025-05-02 09:00"), bank="B-1", quantity=hours(1)),
        BankRefunded("R-2", at("2025-07-20 09:00"), bank="B-1", quantity=hours(2)),
    )
    rating = rate(terms, events, until="2025-09-01")
    days = ["2025-01-31", "2025-04-30", "2025-05-14", "2025-06-14", "2025-07-14", "2025-08-14"]
    totals = {day: str(closed(rating, day).total) for day in days}
    assert totals == {
        "2025-01-31": "1,000.00 EUR",
        "2025-04-30": "0.00 EUR",
        "2025-05-14": "-100.00 EUR",
        "2025-06-14": "0.00 EUR",
        "2025-07-14": "0.00 EUR",
        "2025-08-14": "-200.00 EUR",
    }
    assert closed(rating, "2025-05-14").period == "2025-05-01/2025-05-14"
    assert closed(rating, "2025-05-14").agreed == ()
    assert closed(rating, "2025-06-14").agreed == (phases[1],)


def test_after_a_contract_that_was_billed_at_once_periods_are_as_long_as_it_was() -> None:
    """Billed by term, a contract of 18 months is followed by periods of 18 months; an odd one by years."""
    plan = FixedAnnual(fee=Money("1200 EUR"))
    terms = contract(plan, months=18, billing="term")
    assert closed(rate(terms, [], until="2028-01-01"), "2027-12-31").period == "2026-07-01/2027-12-31"
    odd = contract(plan, last_day="2025-01-20", billing="term")
    assert closed(rate(odd, [], until="2027-01-01"), "2026-01-20").period == "2025-01-21/2026-01-20"


def test_the_date_of_a_line_has_its_year_where_the_period_has_two() -> None:
    """In a period of one calendar year a day and a month are enough."""
    terms = contract(FixedAnnual(fee=Money("1200 EUR")), starts="2024-10-01", billing="yearly")
    rating = rate(terms, [entry("W-1", "2025-02-03 09:00", "1h")], until="2025-10-01")
    text = str(closed(rating, "2025-09-30"))
    assert text.startswith(
        "Statement C-1 / 2024-10-01/2025-09-30 · elm · 1 October 2024 to 30 September 2025, Europe/Berlin\n"
    )
    assert "2025-02-03  W-1" in text


# -- when it refuses -------------------------------------------------------------------------------------------------


@pytest.mark.rule("D30")
def test_a_period_is_closed_once_its_end_is_rated() -> None:
    """Rated until 31 March 00:00, March is still open; the refusal says until when to rate."""
    rating = rate(C104, MARCH, until="2025-03-31", opening=FEBRUARY)
    with pytest.raises(PeriodOpen, match=r"until 2025-03-31 00:00; .* 2025-04-01 00:00, was expected") as refused:
        closed(rating, "2025-03-31")
    assert refused.value.hint == 'Write rate(…, until="2025-04-01"), or close an earlier period.'


@pytest.mark.rule("D30")
def test_a_day_on_which_no_period_ends_is_refused() -> None:
    """The refusal names the ends of the periods around."""
    rating = rate(C104, MARCH, until="2025-04-01", opening=FEBRUARY)
    with pytest.raises(InvalidValue, match=r"got 2025-03-30; the last day of a billing period") as refused:
        closed(rating, "2025-03-30")
    assert refused.value.hint == "Periods are monthly: write 2025-02-28 (2025-02) or 2025-03-31 (2025-03)."
    with pytest.raises(InvalidValue, match="a Rating was expected"):
        close("C-104", period_ending="2025-03-31")  # type: ignore[arg-type]  # what is shown
    with pytest.raises(InvalidValue, match="statements and adjustments were expected"):
        closed(rating, "2025-03-31", "C-104/2025-02")  # type: ignore[arg-type]  # what is shown


@pytest.mark.rule("D30")
def test_a_rating_that_lacks_the_beginning_of_a_period_is_refused() -> None:
    """A state of the contract itself stands for lines that were rated before: without them the statement lacks them."""
    terms = contract(PayPerHour(tariff=EURO_A_MINUTE))
    until = rate(terms, [entry("W-1", "2025-02-03 09:00", "1h")], until="2025-02-10").closing
    rating = rate(terms, [], until="2025-03-01", opening=until)
    with pytest.raises(PeriodOpen, match=r"begins at 2025-02-10 00:00; one that holds the period from 2025-02-01"):
        closed(rating, "2025-02-28")
    with pytest.raises(PeriodOpen, match=r"begins at 2025-02-10"):
        closed(rating, "2025-01-31")
    first = rate(terms, [], until="2025-02-01", opening=rate(terms, [], until="2025-01-01").closing)
    with pytest.raises(PeriodOpen, match=r"from the beginning, without a state was expected"):
        closed(first, "2025-01-31")
    by_hand = State(at("2025-02-10 00:00"))
    assert closed(rate(terms, [], until="2025-03-01", opening=by_hand), "2025-02-28").lines == ()
    with pytest.raises(PeriodOpen, match=r"begins at 2025-02-10"):
        closed(rate(terms, [], until="2025-03-01", opening=by_hand), "2025-01-31")


@pytest.mark.rule("D1")
def test_a_period_with_a_fee_whose_base_is_missing_stays_open() -> None:
    """A fee whose base is not reported is a notice, and closing says what is missing."""
    rating = rate(C104, MARCH, until="2025-04-01", opening=FEBRUARY)
    missing = (NOTICE, 1_740_783_600, "base-not-reported", "spend/2025-02", "percent of spend", "2025-02")
    waiting = attrs.evolve(rating, journal=(*rating.journal, missing))
    with pytest.raises(PeriodOpen, match="percent of spend: the base for 2025-02 is not reported; the base of every"):
        closed(waiting, "2025-03-31")


@pytest.mark.rule("D30")
def test_a_closed_period_is_not_closed_with_other_lines() -> None:
    """Closed again with the same lines it is the same statement; with a late entry it is refused."""
    statement = march()
    rating = rate(C104, MARCH, until="2025-05-01", opening=FEBRUARY)
    assert closed(rating, "2025-03-31", statement) is statement
    late = work("W-3111", "2025-03-10 13:00", 40, recorded_at=at("2025-04-02 08:15"))
    afresh = rate(C104, [*MARCH, late], until="2025-04-01", opening=FEBRUARY)
    with pytest.raises(PeriodClosed, match=r"lines of 2,643\.75 EUR; .* of 2,540\.63 EUR, were expected") as refused:
        closed(afresh, "2025-03-31", statement)
    assert "adjust(rating, closed=[…])" in refused.value.hint
    with pytest.raises(InvalidValue, match="C-104/2025-03; statements and adjustments of 'C-1' were expected"):
        closed(rate(contract(FixedAnnual(fee=Money("1 EUR"))), [], until="2025-04-01"), "2025-03-31", statement)


def test_a_statement_numbers_its_lines_from_one() -> None:
    """A statement built by hand keeps to it."""
    statement = march()
    with pytest.raises(InvalidValue, match=r"the number 2; the number 1 was expected"):
        attrs.evolve(statement, lines=statement.lines[1:])


# -- balances --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("D30")
def test_late_work_is_a_column_of_its_own_in_the_next_balances() -> None:
    """March closed B-10 with 18:30; an hour of 28 March recorded later is adjusted in April, which uses 1:15 more."""
    statement = march()
    late = work("W-3116", "2025-03-28 10:00", 60, recorded_at=at("2025-04-02 08:15"))
    april = work("W-3120", "2025-04-03 09:10", 70)
    rating = rate(C104, [*MARCH, late, april], until="2025-05-01", opening=FEBRUARY)
    following = closed(rating, "2025-04-30", statement)
    assert str(following).partition("\n\nbank")[2] == (
        "  opening  adjusted  bought    used  expired  closing  expires on\n"
        "B-10  18h 30m   -1h 00m       –  1h 15m        –  16h 15m  2026-03-19"
    )
    alone = closed(rating, "2025-04-30")
    assert [(each.opening, each.adjusted) for each in alone.balances] == [(17 * 3600 + 1800, 0)]


@pytest.mark.rule("D30", "D6")
def test_a_bank_that_never_was_is_adjusted_away() -> None:
    """A purchase that is voided after closing opens as printed and is adjusted to nothing; the overage is April's."""
    statement = march()
    april = work("W-3120", "2025-04-03 09:10", 60)
    never = Void("V-1", at("2025-04-02 09:00"), target="B-10")
    rating = rate(C104, [*MARCH, never, april], until="2025-05-01", opening=FEBRUARY)
    following = closed(rating, "2025-04-30", statement)
    assert following.balances == (
        LotBalance("B-10", "bank", "work", opening=66600, adjusted=-66600, expires_on=date(2026, 3, 19)),
    )
    assert str(following.total) == "137.50 EUR"


@pytest.mark.rule("D30", "D19")
def test_allotments_show_what_was_granted_rolled_over_and_lost() -> None:
    """Of 10 h in January 4 h are used and 3 h, half the rest, roll over, which pay 3 of 5 h in February."""
    plan = CappedHours(
        fee=Money("1200 EUR"),
        allotment=hours(10),
        per="month",
        rollover=Rollover(share=percent(50)),
        beyond=Charge(EURO_A_MINUTE),
    )
    events = [entry("W-1", "2025-01-07 09:00", "4h"), entry("W-2", "2025-02-07 09:00", "5h")]
    rating = rate(contract(plan), events, until="2025-03-01")
    january = closed(rating, "2025-01-31")
    february = closed(rating, "2025-02-28", january)
    assert str(january).partition("\n\nallotment")[2] == (
        "                  opening  granted    used  rolled over  expired  closing  until\n"
        "allotment from 2025-01-01        –  10h 00m  4h 00m       3h 00m   3h 00m   0h 00m  2025-01-31"
    )
    assert february.balances == (
        LotBalance(
            "work/0/2025-01-01>rolled", "rolled", "work", "work/0", added=10800, used=10800,
            expires_on=date(2025, 2, 28),
        ),
        LotBalance(
            "work/0/2025-02-01", "grant", "work", "work/0", added=36000, used=7200, rolled=14400, expired=14400,
            expires_on=date(2025, 2, 28),
        ),
    )  # fmt: skip
    assert "rolled over from 2025-01-01" in str(february)
    assert "total" in str(february).splitlines()[-1]


@pytest.mark.rule("D30", "D18")
def test_what_is_overdrawn_has_a_balance_of_its_own() -> None:
    """5 h of a grant of 4 h overdraw it by 1 h; the next grant repays it first; a late entry of 30 min is adjusted."""
    terms = agreed(
        Allotment(hours(4), per="month", short=Overdraw(hours(2), settled_at=EURO_A_MINUTE)), Refuse(), term={}
    )
    first = [entry("W-1", "2025-01-07 09:00", "5h")]
    january = closed(rate(terms, first, until="2025-02-01"), "2025-01-31")
    assert january.deficits == (DeficitBalance("work/0", "work", overdrawn=3600, closing=3600),)
    assert str(january).splitlines()[-1] == "overdraft of work: 1h 00m overdrawn, 1h 00m owed"
    late = entry("W-2", "2025-01-20 09:00", "30m", recorded_at=at("2025-02-03 09:00"))
    february = closed(rate(terms, [*first, late], until="2025-03-01"), "2025-02-28", january)
    assert february.deficits == (DeficitBalance("work/0", "work", opening=3600, adjusted=1800, repaid=5400),)
    assert (
        str(february).splitlines()[-1]
        == "overdraft of work: 1h 00m at the start, 0h 30m adjusted, 1h 30m repaid, 0h 00m owed"
    )
    march_closed = closed(rate(terms, [*first, late], until="2025-04-01"), "2025-03-31", january, february)
    assert march_closed.deficits == ()
    nothing = closed(rate(terms, [], until="2025-03-01"), "2025-02-28", january)
    assert nothing.deficits == (DeficitBalance("work/0", "work", opening=3600, adjusted=-3600),)
    end = closed(rate(terms, [entry("W-3", "2025-12-07 09:00", "5h")], until="2026-01-01"), "2025-12-31")
    assert end.deficits == (DeficitBalance("work/0", "work", overdrawn=3600, settled=3600),)
    assert str(end.total) == "60.00 EUR"


def test_balances_of_incidents_have_their_unit() -> None:
    """Of 10 incidents a year one is used in January: 9 are left when February begins."""
    plan = CappedIncidents(fee=Money("1200 EUR"), allotment=incidents(10), per="year", beyond=Refuse())
    rating = rate(contract(plan), [happened(Opened, "T-1", "2025-01-07 09:00")], until="2025-02-01")
    text = str(closed(rating, "2025-01-31"))
    assert "10 incidents  1 incident        –  9 incidents  2025-12-31" in text
    assert "T-1    allotment" in text


def test_the_last_day_of_a_bank_is_what_was_known_at_the_end_of_the_period() -> None:
    """Extended in February, a bank still ended in March for the statement of January, however far was rated."""
    terms = contract(PrepaidHours(banks=Banks(), beyond=Refuse()), currency="EUR")
    events = story(
        bank("B-1", "2025-01-10 09:00", "2h", expires_on="2025-03-31"),
        BankExtended("X-1", at("2025-02-10 09:00"), bank="B-1", expires_on="2025-12-31", reason="project moved"),
    )
    rating = rate(terms, events, until="2025-06-01")
    assert [each.expires_on for each in closed(rating, "2025-01-31").balances] == [date(2025, 3, 31)]
    assert [each.expires_on for each in closed(rating, "2025-02-28").balances] == [date(2025, 12, 31)]


@pytest.mark.rule("D30", "L2")
def test_balances_that_do_not_add_up_are_refused() -> None:
    """Opening and what came, less what went, is the closing balance."""
    with pytest.raises(InvalidValue, match=r"LotBalance 'B-1' got a closing balance of 5; 6 was expected"):
        LotBalance("B-1", "bank", "work", added=10, used=4, closing=5)
    with pytest.raises(InvalidValue, match=r"DeficitBalance 'work/0' got a closing balance of 0; 5 was expected"):
        DeficitBalance("work/0", "work", overdrawn=5)


# -- tags and disputes -----------------------------------------------------------------------------------------------


@pytest.mark.rule("D30")
def test_the_first_posting_that_fits_gives_a_line_its_tags() -> None:
    """Travel has its own account; other charge items, fees and the rest have theirs; no amount depends on it."""
    terms = contract(
        CappedHours(fee=Money("1200 EUR"), allotment=hours(1), per="month", beyond=Charge(EURO_A_MINUTE)),
        postings=[
            Posting(ledger="4660", tax="reduced", kinds="charge-item", names="travel"),
            Posting(ledger="4400", tax="standard", kinds=["fee", "charge-item"]),
            Posting(tax="standard", names=["work", "banks"]),
        ],
    )
    events = story(
        entry("W-1", "2025-01-07 09:00", "2h"),
        ChargeItem("X-1", at("2025-01-07 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
        ChargeItem("X-2", at("2025-01-08 09:00"), customer="elm", kind="parking", amount=Money("5 EUR")),
    )
    statement = closed(rate(terms, events, until="2025-02-01"), "2025-01-31")
    assert [(line.item, line.ledger, line.tax) for line in statement.lines] == [
        ("fee", "4400", "standard"),
        ("allotment", "", "standard"),
        ("overage at 60.00 EUR/h", "", "standard"),
        ("travel", "4660", "reduced"),
        ("parking", "4400", "standard"),
    ]
    assert "no     date    entry  for                     ledger  tax         time      amount" in str(statement)
    assert str(statement.total) == "210.00 EUR"
    bought = rate(
        contract(PrepaidHours(beyond=Refuse()), currency="EUR", postings=Posting(ledger="1000", names="banks")),
        [bank("B-1", "2025-01-10 09:00", "2h")],
        until="2025-02-01",
    )
    assert closed(bought, "2025-01-31").lines[0].ledger == "1000"


def test_a_posting_says_something() -> None:
    """A posting without a tag, or for a kind of line that there is not, is refused."""
    with pytest.raises(InvalidValue, match="neither ledger nor tax"):
        Posting(kinds="fee")
    with pytest.raises(InvalidValue, match=r"Posting\.kinds\[0\]"):
        Posting(tax="standard", kinds="fees")
    with pytest.raises(InvalidValue, match=r"Posting\.names\[0\]"):
        Posting(tax="standard", names="")
    with pytest.raises(InvalidValue, match=r"Posting\.tax"):
        Posting(tax=" ")
    with pytest.raises(InvalidValue, match=r"Contract\.postings\[0\].*a Posting was expected"):
        contract(FixedAnnual(fee=Money("1 EUR")), postings="4400")


@pytest.mark.rule("D30")
def test_what_is_disputed_is_marked_and_the_rest_is_due() -> None:
    """240.63 of 2,540.63 are in dispute, so 2,300.00 are due; a dispute changes no line and reopens no period."""
    dispute = Dispute("W-3107", "we had cancelled that visit", raised_on="2025-04-02")
    rating = rate(C104, MARCH, until="2025-04-01", opening=FEBRUARY)
    statement = closed(rating, "2025-03-31", disputes=[dispute])
    assert (str(statement.total), str(statement.in_dispute), str(statement.due)) == (
        "2,540.63 EUR", "240.63 EUR", "2,300.00 EUR",
    )  # fmt: skip
    shown = str(statement).splitlines()
    assert [line for line in shown if "(disputed)" in line] == shown[4:7]
    assert shown[10].split() == ["in", "dispute", "240.63", "EUR"]
    assert shown[11].split() == ["due", "2,300.00", "EUR"]
    assert shown[-1] == "in dispute: W-3107, we had cancelled that visit"
    assert [row["disputed"] for row in statement.to_rows()] == ["", "disputed", "disputed", "disputed", "", ""]
    one = attrs.evolve(march(), disputes=Dispute("C-104/2025-03/use/W-3107/work/1", "too dear"))
    assert [each.no for each in one.lines if one.is_disputed(each)] == [4]
    assert closed(rating, "2025-03-31", statement) is statement
    with pytest.raises(InvalidValue, match=r"Dispute of 'W-3017' got no line of it.*\n.*Did you mean 'W-3107'\?"):
        closed(rating, "2025-03-31", disputes=[Dispute("W-3017", "which one?")])
    with pytest.raises(InvalidValue, match=r"Statement\.disputes\[0\]"):
        attrs.evolve(statement, disputes="W-3107")
    with pytest.raises(InvalidValue, match=r"Dispute\.reason"):
        Dispute("W-3107", "")


@pytest.mark.rule("D30")
def test_a_statement_has_the_lines_of_one_payer() -> None:
    """Another payer has none of the customer's lines, and neither balances nor notices."""
    rating = rate(C104, MARCH, until="2025-04-01", opening=FEBRUARY)
    other = closed(rating, "2025-03-31", march(), payer="sales")
    assert (other.lines, other.balances, other.notices, other.id) == ((), (), (), "C-104/2025-03/sales")
    assert str(other).startswith("Statement C-104 / 2025-03 · birchwood, paid by sales · 1 to 31 March 2025")


# -- renderings ------------------------------------------------------------------------------------------------------


def test_texts_of_events_break_no_document() -> None:
    """What a note says is shown as it is: in one line of text, escaped in HTML and in Markdown."""
    terms = contract(PayPerHour(tariff=EURO_A_MINUTE))
    work = [entry("W-1", "2025-01-07 09:00", "1h", note="<b>|new\nline|[x](y)")]
    statement = closed(rate(terms, work, until="2025-02-01"), "2025-01-31")
    assert "<b>|new line|[x](y), charge at 60.00 EUR/h" in str(statement)
    assert "&lt;b&gt;|new line|[x](y), charge" in statement.html()
    assert "\\<b\\>\\|new line\\|\\[x\\](y), charge" in statement.markdown()
    assert statement._repr_html_() in statement.html()


def test_a_page_renders_thrice() -> None:
    """One table with heads, rows and a total, and a note, as text, Markdown and HTML."""
    page = Page(
        "Hours", [Table(("day", "time"), [("Monday", "1h 30m")], feet=[("total", "")], right=frozenset({1})), "n"]
    )
    assert page.text() == "Hours\n\nday       time\nMonday  1h 30m\ntotal\nn"
    assert page.markdown() == "**Hours**\n\n| day | time |\n| --- | ---: |\n| Monday | 1h 30m |\n| **total** |  |\n\nn"
    assert page.html() == (
        '<h1>Hours</h1><table><thead><tr><th>day</th><th class="n">time</th></tr></thead>'
        '<tbody><tr><td>Monday</td><td class="n">1h 30m</td></tr></tbody>'
        '<tfoot><tr><td>total</td><td class="n"></td></tr></tfoot></table><p>n</p>'
    )
    assert page.document(language="de").startswith('<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8">')
