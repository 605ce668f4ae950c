"""Promises as data: what they may say, what contradicts itself, how they read, and what a contract adds to them."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from supportcontracts import Contract, FixedAnnual, Money, Phase, Price, Term, days, hours, months, percent
from supportcontracts.contracts import benefits as package
from supportcontracts.contracts.benefits import (
    Benefit,
    CarryOver,
    DiscountBenefit,
    Earned,
    Exchange,
    ExpiresAfter,
    Units,
    benefit,
    conditions,
    discount,
    promises,
    schedule,
    units,
)
from supportcontracts.contracts.wording import benefits as wording
from supportcontracts.errors import CurrencyMismatch, FloatRefused, InvalidValue, UnitMismatch
from supportcontracts.interop.codec import from_json, to_json
from tests.benefits.builders import BERLIN, NEXT, YEAR, training
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

FULL = Benefit(
    "advice", unit="advice", quantity=hours(8), plural="advice", per="quarter", worth=Price("180 EUR/h"),
    place=["online", "our Leipzig facility"], people=2, holders=["ines.roth", "paul.ade"], transfer="not-transferable",
    space="as-available", booking_lead=days(5), cancel_notice=days(2), late_cancel="returned", no_show="lost",
    by_expiry="booked", expires="period", carry_over=CarryOver(most=hours(2), condition="check-in"),
    exchanges=[Exchange("review", units=hours(4), gets=1)], ended_early="refund", book_at="care@halden.example",
    remind_margins=[days(14), months(1)], forfeit_margins=days(7), term=[YEAR, NEXT], customer="elm", contract="C-7",
    tier="premium", products="atlas",
)  # fmt: skip
EARNED = Benefit(
    "credits", unit="credit", quantity=1, per="year", for_each="product", worth=Money("25 EUR"), people=1,
    people_per="unit", expires=ExpiresAfter(months(12), of="assignment"), grace=days(30),
    earned=Earned("product", per="quarter", most=2), products=["atlas", "relay"],
)  # fmt: skip
PARTS: list[Any] = [
    Units(2, "training day"),
    ExpiresAfter(days(180)),
    CarryOver(share=percent(40), most=2, lasts=2, condition="check-in"),
    Earned("course", per="month", most=hours(1)),
    Exchange("conference", units=2, gets=Money("25 EUR")),
    DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up", term=YEAR, customer="elm",
                    contract="C-7", tier="premium"),
]  # fmt: skip
VALUES = [FULL, EARNED, *PARTS]


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of the package and of its parts lists what `__all__` lists."""
    for part in (package, benefit, conditions, discount, promises, schedule, units, wording):
        assert dir(part) == sorted(part.__all__)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_promises_are_values(value: object) -> None:
    """A promise and its parts compare, hash, pickle, do not change, and are closed to subclassing."""
    assert_is_a_value(value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_no_field_takes_what_does_not_belong(value: object) -> None:
    """Every field of a promise and its parts refuses what it cannot mean, and says what was expected."""
    assert_refuses_what_does_not_belong(value)


def test_promises_that_say_other_things_differ() -> None:
    """No two different promises are equal."""
    assert_all_differ([*VALUES, training(), training(people=1), training(place="online"), training(expires=None)])


def test_a_promise_shows_what_it_says() -> None:
    """The representation of a benefit leaves out what was left out, and builds it again."""
    assert repr(training(term=())) == (
        "Benefit('training', unit='training day', quantity=2, worth=Money(\"900.00 EUR\"), expires='term')"
    )


# -- units ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "unit", "text", "words"),
    [
        (1, "training day", "1 training day", "one training day"),
        (2, "training day", "2 training days", "two training days"),
        (0, "conference pass", "0 conference passes", "no conference passes"),
        (12, "health check", "12 health checks", "twelve health checks"),
        (1300, "enquiry", "1,300 enquiries", "1,300 enquiries"),
        (2, "class", "2 classes", "two classes"),
        (2, "box", "2 boxes", "two boxes"),
        (2, "branch", "2 branches", "two branches"),
    ],
)
def test_units_read_as_they_are_counted(count: int, unit: str, text: str, words: str) -> None:
    """One has its name, several have the regular plural, and small numbers have words."""
    assert (str(Units(count, unit)), Units(count, unit).words()) == (text, words)


def test_units_add_up_if_they_are_alike() -> None:
    """Units of one name add up, from the int 0 too; other units, and numbers without a name, do not."""
    two = sum([Units(1, "person-day", "persons’ days"), Units(1, "person-day", "persons’ days")])
    assert str(two) == "2 persons’ days"
    assert bool(two)
    assert not Units(0, "credit")
    refused(lambda: Units(1, "credit") + Units(1, "pass"), UnitMismatch, "one name")
    for add in (lambda: Units(1, "credit") + 1, lambda: 1 + Units(1, "credit")):  # type: ignore[operator]  # refused
        with pytest.raises(TypeError):
            add()
    refused(lambda: Units(-1, "credit"), InvalidValue, "at least 0")
    refused(lambda: Units(1, " "), InvalidValue, "name")


@pytest.mark.parametrize(
    ("quantity", "kind", "words"),
    [
        (0, InvalidValue, "at least 1"),
        (True, InvalidValue, "work time"),
        (1.5, FloatRefused, "hours(4)"),
        (hours(0), InvalidValue, "more than no time"),
        ("2", InvalidValue, "quantity of the benefit"),
    ],
)
def test_a_quantity_is_some_units_or_some_time(quantity: object, kind: type[InvalidValue], words: str) -> None:
    """A promise is of at least one whole unit, or of more than no time."""
    refused(lambda: training(quantity=quantity, worth=None), kind, words)


# -- contradictions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "kind", "words"),
    [
        ({"worth": Price("180 EUR/h")}, InvalidValue, 'Write Money("900 EUR")'),
        ({"quantity": hours(2)}, InvalidValue, 'Write Price("180 EUR/h")'),
        ({"quantity": hours(2), "worth": Price("180 EUR/incident")}, UnitMismatch, "a price for work"),
        ({"quantity": hours(2), "worth": None, "people_per": "unit"}, InvalidValue, "time has no units"),
        ({"exchanges": Exchange("review", units=hours(1))}, UnitMismatch, "whole units were expected"),
        (
            {"quantity": hours(2), "worth": None, "exchanges": Exchange("review")},
            UnitMismatch,
            "work time was expected",
        ),
        ({"exchanges": [Exchange("exam"), Exchange("exam", units=2)]}, InvalidValue, "a name of its own"),
        ({"earned": Earned("product", most=hours(1))}, UnitMismatch, "whole units"),
        ({"for_each": "product", "per": "event", "products": "atlas"}, InvalidValue, "not by events"),
        ({"for_each": "product"}, InvalidValue, "products were expected"),
        ({"expires_on": "2025-12-31", "expires": "term"}, InvalidValue, "one of the two"),
        ({"expires": None, "grace": days(30)}, InvalidValue, "an end that it follows"),
        ({"expires": "never", "grace": days(30)}, InvalidValue, "an end that it follows"),
        ({"carry_over": CarryOver()}, InvalidValue, 'Write expires="period"'),
        ({"carry_over": CarryOver(), "expires": "period", "per": "event"}, InvalidValue, "units of a period"),
        ({"carry_over": CarryOver(), "expires": "period", "per": "once"}, InvalidValue, "units of a period"),
        ({"carry_over": CarryOver(), "expires": "period", "grace": days(1)}, InvalidValue, "without grace"),
        ({"carry_over": CarryOver(most=hours(1)), "expires": "period"}, UnitMismatch, "whole units"),
        ({"term": [NEXT, YEAR]}, InvalidValue, "a start after 2026-12-31"),
        ({"term": [YEAR, Term("2026-01-01", months=1, zone="UTC")]}, InvalidValue, "one zone"),
        ({"people": 0}, InvalidValue, "at least 1"),
        ({"booking_lead": 42}, InvalidValue, "days(42)"),
        ({"per": "week"}, InvalidValue, '"quarter"'),
        ({"transfer": "sometimes"}, InvalidValue, '"not-transferable"'),
    ],
)
def test_conditions_that_contradict_each_other_are_refused(
    terms: dict[str, Any], kind: type[InvalidValue], words: str
) -> None:
    """A promise is refused when it is built if its conditions cannot hold together."""
    refused(lambda: training(**terms), kind, words)


@pytest.mark.parametrize(
    "build",
    [
        lambda: ExpiresAfter(days(0)),
        lambda: CarryOver(share=Fraction(0)),
        lambda: CarryOver(share=Fraction(3, 2)),
        lambda: CarryOver(lasts=0),
        lambda: Exchange("conference", gets=Money("0 EUR")),
        lambda: Exchange("conference", gets=0),
        lambda: DiscountBenefit("events", share=percent(0), on="conferences", rounding="half-up"),
        lambda: DiscountBenefit("events", share=percent(101), on="conferences", rounding="half-up"),
        lambda: promises.require_benefit("remind", "training"),
    ],
)
def test_parts_that_are_nothing_are_refused(build: Callable[[], object]) -> None:
    """A life of no days, a share of nothing, an exchange for nothing and a discount above all are refused."""
    with pytest.raises(InvalidValue):
        build()


# -- a promise that can never be used ---------------------------------------------------------------------------------


@pytest.mark.rule("N15")
@pytest.mark.parametrize(
    ("terms", "usable"),
    [
        ({"expires": ExpiresAfter(days(42)), "booking_lead": days(42)}, False),
        ({"expires": ExpiresAfter(days(43)), "booking_lead": days(42)}, True),
        ({"expires": ExpiresAfter(days(42)), "booking_lead": days(42), "by_expiry": "booked"}, True),
        ({"expires": ExpiresAfter(days(42)), "booking_lead": days(42), "grace": days(1)}, True),
        ({"per": "month", "expires": "period", "booking_lead": days(30)}, True),
        ({"per": "month", "expires": "period", "booking_lead": days(31)}, False),
        ({"per": "quarter", "expires": "period", "booking_lead": days(91)}, True),
        ({"per": "quarter", "expires": "period", "booking_lead": days(92)}, False),
        ({"per": "year", "expires": "period", "booking_lead": months(12)}, False),
        ({"expires": "term", "booking_lead": months(12)}, True),  # nobody knows how long the term is
        ({"expires": "term", "booking_lead": months(12), "term": YEAR}, False),
        ({"expires": "term", "booking_lead": days(364), "term": YEAR}, True),
        ({"expires": "term", "booking_lead": days(365), "term": YEAR}, False),
        ({"expires_on": "2024-12-31", "term": YEAR}, False),
        ({"expires_on": "2025-01-01", "term": YEAR}, True),
        ({"expires_on": "2025-12-31", "booking_lead": days(42), "term": [YEAR, NEXT]}, True),  # the first grant can
        ({"expires": None, "booking_lead": days(400), "term": YEAR}, True),
        ({"expires": "term", "per": "event", "booking_lead": days(400), "term": YEAR}, True),  # an event may extend it
    ],
)
def test_a_promise_that_can_never_be_booked_in_time_is_refused(terms: dict[str, Any], usable: bool) -> None:
    """A lead that is longer than the life of every grant is reported when the promise is built."""
    plain = {"term": (), **terms}
    if "expires_on" in terms:
        plain["expires"] = None
    if usable:
        assert training(**plain).id == "training"
    else:
        error = refused(lambda: training(**plain), InvalidValue, "a day on which they can still be booked was expected")
        assert "shorten the booking lead" in error.hint


@pytest.mark.rule("N15")
def test_a_contract_reports_a_promise_that_its_terms_leave_no_time_for() -> None:
    """A month of contract is too short for six weeks of lead: the contract is refused, and so is its document."""
    short = Term("2025-01-01", months=1, zone=BERLIN)
    promise = training(term=(), booking_lead=days(42))
    refused(lambda: contract(promise, term=short), InvalidValue, "to be booked 42 days before")
    text = to_json(contract(promise)).replace('"months": 12', '"months": 1')
    with pytest.raises(Exception, match="to be booked 42 days before"):
        from_json(text, Contract)


# -- in a contract ----------------------------------------------------------------------------------------------------


def contract(*promised: Any, **more: Any) -> Contract:
    """Build a contract for a year that promises something."""
    plain: dict[str, Any] = {"term": YEAR, "plan": FixedAnnual(fee=Money("19000 EUR"))}
    return Contract("C-7", customer="elm", rounding="half-up", benefits=promised, **plain | more)


def test_a_contract_says_whose_a_promise_is_and_for_when() -> None:
    """Customer, contract, terms and products come from the contract, unless the promise states its own."""
    passes = Benefit("passes", unit="conference pass", quantity=1, for_each="product")
    off = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up")
    own = training(term=NEXT, customer="oak", products="vault")
    plan = FixedAnnual(fee=Money("19000 EUR"))
    agreed = contract(
        passes,
        off,
        own,
        products=["atlas", "relay"],
        term=None,
        plan=None,
        phases=[Phase(YEAR, plan), Phase(NEXT, plan)],
    )
    first, second, third = agreed.promised
    assert isinstance(first, Benefit)
    assert (first.customer, first.contract, first.term, first.products, first.tier) == (
        "elm", "C-7", (YEAR, NEXT), ("atlas", "relay"), None,
    )  # fmt: skip
    assert (second.customer, second.contract, second.term) == ("elm", "C-7", (YEAR, NEXT))
    assert isinstance(third, Benefit)
    assert (third.customer, third.contract, third.term, third.products) == ("oak", "C-7", (NEXT,), ("vault",))
    assert agreed.benefits == (passes, off, own)
    assert from_json(to_json(agreed), Contract) == agreed


def test_a_contract_promises_each_thing_once_and_in_its_currency() -> None:
    """Two promises of one name, something that is none, and one in another currency are refused."""
    refused(lambda: contract(training(), training(people=1)), InvalidValue, "an id of its own")
    refused(lambda: contract("training"), InvalidValue, "benefits[0]", "a benefit was expected")
    refused(lambda: contract(training(worth=Money("900 USD"))), CurrencyMismatch, "EUR and USD")
    swap = training(exchanges=Exchange("conference", gets=Money("25 USD")))
    refused(lambda: contract(swap), CurrencyMismatch, "EUR and USD")
    refused(lambda: contract(changed(FULL, worth=Price("180 USD/h"))), CurrencyMismatch, "EUR and USD")


# -- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N5", "N6")
def test_the_last_day_of_booking_is_counted_back_from_the_last_day() -> None:
    """42 days before 31 December is 19 November; where booking is enough, or without a lead, it is the last day."""
    last = date(2025, 12, 31)
    assert schedule.last_booking_day(training(booking_lead=days(42)), last) == date(2025, 11, 19)
    assert schedule.last_booking_day(training(booking_lead=days(42), by_expiry="booked"), last) == last
    assert schedule.last_booking_day(training(), last) == last


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promise", "text"),
    [
        (
            training(expires=None, worth=None),
            "training: two training days with each term.",
        ),
        (
            training(
                expires_on="2025-12-31", booking_lead=days(42), people=1, place="our Leipzig facility",
                cancel_notice=days(21), no_show="lost", book_at="training@halden.example",
            ),
            ("training: two training days with each term, worth 900.00 EUR each: for one person, at our Leipzig"
            " facility. They take place by 31 December 2025 and are booked 42 days before. They can be cancelled"
            " until 21 days before; what is cancelled later is lost. If nobody comes, they are lost. Book at"
            " training@halden.example."),
        ),
        (
            FULL,
            ("advice: 8h 00m of advice a quarter, worth 180.00 EUR an hour: for up to two people, online or at our"
            " Leipzig facility, to be used by ines.roth or paul.ade, not transferable, as space allows. It is booked by"
            " the end of the period that it was granted for, 5 days before it takes place. It can be cancelled until 2"
            " days before; what is cancelled later is not lost either. If nobody comes, it is lost. At most 2h 00m of"
            ' what is left is carried over for 1 further period, if the condition "check-in" was met. In exchange:'
            " 4h 00m of advice for 1 (review). If the contract ends early, what is left is refunded at its worth. Book"
            " at care@halden.example."),
        ),
        (
            EARNED,
            ("credits: one credit for each product a year, worth 25.00 EUR each: for one person each. They take place"
            " within 12 months after they are assigned, with 30 days of grace. What earns them earns at most 2 for each"
            " product in a quarter."),
        ),
        (
            training(per="event", expires="never", worth=None, booking_lead=months(1), space="guaranteed"),
            ("training: two training days, each time they are granted: with a guaranteed place. They do not expire."
            " They are booked 1 month before."),
        ),
        (
            training(
                per="once", expires=None, worth=None, booking_lead=days(1), no_show="returned", transfer="transferable"
            ),
            ("training: two training days, once: transferable. They are booked 1 day before. If nobody comes, they are"
            " not lost."),
        ),
        (
            training(quantity=hours(1), worth=Price("3 EUR/min"), expires="never", ended_early="keep", place="onsite"),
            ("training: 1h 00m of training day with each term, worth 3.00 EUR a minute: on site. It does not expire. If"
            " the contract ends early, what is left can be used as if it had not."),
        ),
        (
            training(per="month", quantity=1, worth=None, by_expiry="booked", ended_early="forfeit", place="facility"),
            ("training: one training day a month: at a facility of ours. They are booked by the end of the term. If the"
            " contract ends early, what is left is lost."),
        ),
        (
            training(quantity=hours(1), worth=None, earned=Earned("course", per="term", most=hours(1)),
                     expires=ExpiresAfter(days(30)), term=()),
            ("training: 1h 00m of training day with each term. It takes place within 30 days after it is granted. What"
            " earns it earns at most 1h 00m for each course in the term."),
        ),
        (PARTS[-1], "events: 10 % off conferences, while the contract is in force."),
    ],
)  # fmt: skip
def test_a_promise_reads_as_somebody_would_sign_it(promise: object, text: str) -> None:
    """Every condition that was said stands in the sentences, and nothing else does."""
    assert str(promise) == text


def test_a_contract_reads_with_its_benefits() -> None:
    """The sentences of a contract include those of what it promises beside support."""
    assert "\ntraining: two training days with each term, worth 900.00 EUR each." in str(contract(training()))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (CarryOver(), "what is left is carried over for 1 further period"),
        (CarryOver(share=percent(40), lasts=2), "40 % of what is left is carried over for 2 further periods"),
        (ExpiresAfter(days(180)), "180 days after they are granted"),
        (Earned("product", per="month"), "at most 1 for each product in a month"),
    ],
)
def test_parts_read_inside_a_sentence(value: object, text: str) -> None:
    """The parts of a promise read as the clauses that they become."""
    assert str(value) == text


@pytest.mark.rule("N11")
def test_an_exchange_is_exact_or_none() -> None:
    """Whole exchanges have their exact value; a rest, no units at all, and time for units have none."""
    hour = Exchange("online course", units=3, gets=hours(1))
    assert [hour.value(n) for n in (0, 2, 3, 6, 7)] == [None, None, hours(1), hours(2), None]
    assert hour.value(hours(3)) is None
    assert Exchange("exam", units=hours(1), gets=2).value(hours(3)) == 6


def test_values_of_a_benefit() -> None:
    """Raw units come back as units or time, and with what they are worth."""
    assert training().of(2) == Units(2, "training day")
    assert FULL.of(3600) == hours(1)
    assert (training().measure(2), FULL.measure(60)) == (2, hours(Fraction(1, 60)))
    assert str(training().value(2, Money("25 EUR"))) == "50.00 EUR"
    assert training(worth=None).value(2) is None
