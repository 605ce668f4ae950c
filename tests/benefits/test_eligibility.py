"""May they have it? A yes with what to record and under which conditions, or every reason why not."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

from supportcontracts import Money, days, hours
from supportcontracts import benefits as package
from supportcontracts.benefits import (
    NotRedeemable,
    Redeemable,
    RedemptionRequest,
    benefit_status,
    can_redeem,
    clarity_report,
    discount_on,
    discounts,
)
from supportcontracts.contracts.benefits import Benefit, DiscountBenefit, Exchange
from supportcontracts.errors import InvalidValue
from supportcontracts.events import BenefitReserved, Event
from supportcontracts.quantity import percent
from tests.benefits.builders import GRANT, NEXT, YEAR, at, booked, credits_, granted, training, used
from tests.value_checks import assert_is_a_value, assert_refuses_what_does_not_belong, refused

FULL = RedemptionRequest(
    "june", quantity=1, takes_place_at=at("2025-06-12 09:00"), ends_at=at("2025-06-12 17:00"), who="ines.roth",
    people=1, place="our Leipzig facility", exchange="class",
)  # fmt: skip
TRAINING = training(
    place="a training facility", people=1, holders=["ines.roth", "paul.ade"], booking_lead=days(42), customer="elm",
    contract="C-7",
)  # fmt: skip
OFF = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up", term=YEAR)


def ask(benefit: Benefit, *events: Event, as_of: str = "2025-03-01 10:00", **asked: Any) -> Redeemable | NotRedeemable:
    """Ask for something at an instant."""
    return can_redeem(benefit, RedemptionRequest(asked.pop("key", "june"), **asked), events=events, as_of=at(as_of))


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of the package and of its parts lists what `__all__` lists."""
    names = ["", *(f".{each.name}" for each in pkgutil.iter_modules(package.__path__))]
    for name in names:
        part = importlib.import_module(f"supportcontracts.benefits{name}")
        assert dir(part) == sorted(part.__all__)


def test_a_request_is_a_value() -> None:
    """A request compares, hashes, pickles, does not change, and refuses what does not belong."""
    assert_is_a_value(FULL)
    assert_refuses_what_does_not_belong(FULL)


@pytest.mark.parametrize(
    "build",
    [
        lambda: RedemptionRequest("june", ends_at=at("2025-06-12 17:00")),
        lambda: RedemptionRequest("june", takes_place_at=at("2025-06-12 17:00"), ends_at=at("2025-06-12 17:00")),
        lambda: RedemptionRequest("june", who=["ines.roth", "paul.ade"], people=1),
        lambda: RedemptionRequest("june", quantity=0),
    ],
)
def test_an_impossible_request_is_refused(build: Callable[[], object]) -> None:
    """An end without or before a start, fewer people than are named, and nothing at all cannot be asked."""
    with pytest.raises(InvalidValue):
        build()


@pytest.mark.rule("N7")
def test_a_yes_says_what_to_record_and_under_which_conditions() -> None:
    """What the promise asks and the request is silent on is said; recording the event takes the unit."""
    answer = ask(TRAINING, takes_place_at=at("2025-06-12 09:00"))
    assert isinstance(answer, Redeemable)
    assert str(answer) == (
        "Yes: one training day on 12 June 2025; one training day would be left. "
        "Provided: for one person, at a training facility, used by ines.roth or paul.ade."
    )
    (event,) = answer.events
    assert isinstance(event, BenefitReserved)
    assert (event.id, event.key, event.customer, event.contract) == ("training/june", "june", "elm", "C-7")
    assert answer.grants == ((GRANT, TRAINING.of(1)),)
    status = benefit_status(TRAINING, answer.events, as_of="2025-03-02")
    assert (status.reserved.amount, status.left.amount, status.refusals) == (1, 1, ())
    assert str(ask(TRAINING, quantity=2, who="ines.roth", place="facility")) == (
        "Yes: two training days for ines.roth; nothing would be left. Provided: booked 42 days before it takes place."
    )


def test_a_yes_says_what_is_exchanged() -> None:
    """Four credits are 100 EUR off a conference, from the grants that end first."""
    benefit = credits_(exchanges=Exchange("conference", gets=Money("25 EUR")))
    events = [
        granted("G-1", "2025-01-01 10:00", 3, expires_on="2025-06-30"),
        granted("G-2", "2025-01-01 10:00", 3),
        granted("G-3", "2025-01-01 10:00", expires_on="2025-05-30"),
    ]
    answer = ask(benefit, *events, quantity=4, exchange="conference")
    assert isinstance(answer, Redeemable)
    assert (answer.gains, [name for name, _ in answer.grants]) == (Money("100 EUR"), ["G-3", "G-1"])
    assert str(answer) == "Yes: four credits, for 100.00 EUR (conference); three credits would be left."


@pytest.mark.rule("N3", "N7")
def test_a_yes_shows_its_conditions_and_grants() -> None:
    """The explanation has a step for each condition that the promise states, and for each grant that would pay."""
    answer = ask(TRAINING, takes_place_at=at("2025-06-12 09:00"), who="ines.roth", people=1)
    steps = [(step.rule, step.name, step.working, step.result) for step in answer.explain().steps]
    assert steps == [
        ("N7", "place", "a training facility", "not said"),
        ("N7", "people", "1", "1: met"),
        ("N7", "holders", "ines.roth and paul.ade", "ines.roth: met"),
        ("N6", "booking lead", "42 days", "2025-06-12: met"),
        ("N3", "draw", GRANT, "1 training day"),
    ]
    bare = ask(training())
    assert [step.name for step in bare.explain().steps] == ["draw"]


def test_a_no_gives_every_reason_at_once() -> None:
    """Place, people, person, lead and number: the customer hears all of it, once."""
    answer = ask(TRAINING, quantity=3, place="onsite", people=2, who="eva.lind", takes_place_at=at("2025-04-01 09:00"))
    assert isinstance(answer, NotRedeemable)
    assert answer.codes == ("place", "people", "person", "booking-lead", "exceeds-left")
    assert str(answer).startswith(
        "No: Onsite training days are not included: they take place at a training facility, for one person. Two people"
    )
    assert [step.agreed_in for step in answer.explain().steps] == [
        "training.place", "training.people", "training.holders", "training.booking_lead", "",
    ]  # fmt: skip
    assert answer.events == ()


@pytest.mark.parametrize(
    ("as_of", "asked", "codes"),
    [
        ("2024-12-31 23:59", {}, ("not-granted",)),
        ("2025-01-01 00:00", {}, ()),  # what begins at the instant has begun
        ("2025-12-31 23:59", {}, ()),
        ("2026-01-01 00:00", {}, ("expired",)),
        ("2025-06-01 00:00", {"takes_place_at": at("2025-05-31 23:59")}, ("in-the-past",)),
        ("2025-06-01 00:00", {"takes_place_at": at("2025-06-01 00:00")}, ()),
        ("2025-06-01 00:00", {"takes_place_at": at("2026-01-01 00:00")}, ("after-expiry",)),
    ],
)
def test_the_answer_is_that_of_its_instant(as_of: str, asked: dict[str, Any], codes: tuple[str, ...]) -> None:
    """Before the grant and after expiry the answer is no; at the very instant of the grant it is yes."""
    answer = ask(training(), as_of=as_of, **asked)
    assert (answer.codes if isinstance(answer, NotRedeemable) else ()) == codes


def test_what_happened_at_the_very_instant_counts() -> None:
    """A booking a second ago and one now leave nothing for a third."""
    events = [booked("B-1", "2025-03-01 09:59:59"), booked("B-2", "2025-03-01 10:00")]
    answer = ask(training(), *events)
    assert isinstance(answer, NotRedeemable)
    assert answer.codes == ("exceeds-left",)
    late = used("X-1", "2025-02-01 10:00", 2, recorded_at=at("2025-04-01 10:00"))
    request = RedemptionRequest("june")
    known = can_redeem(
        training(), request, events=[late], as_of=at("2025-03-01 10:00"), known_at=at("2025-03-01 10:00")
    )
    assert isinstance(known, Redeemable)


def test_asking_twice_is_safe() -> None:
    """Asked again under the same key it is the same booking and nothing is to be recorded; another one is refused."""
    first = ask(training(), quantity=1, who="ines.roth")
    assert isinstance(first, Redeemable)
    again = ask(training(), *first.events, quantity=1, who="ines.roth", as_of="2025-03-02 10:00")
    assert isinstance(again, Redeemable)
    assert again.events == ()
    assert again.grants == first.grants
    assert again.left.amount == 1
    assert str(again) == "Yes: one training day for ines.roth is booked as june already."
    other = ask(training(), *first.events, quantity=2, as_of="2025-03-02 10:00")
    assert isinstance(other, NotRedeemable)
    assert other.codes == ("reserved-before",)


def test_only_a_benefit_can_be_asked_for() -> None:
    """A contract or a text is no benefit, and a text no request."""
    refused(lambda: can_redeem("training", FULL, events=[], as_of=at("2025-03-01 10:00")), InvalidValue, "a benefit")  # type: ignore[arg-type]  # refused
    refused(lambda: can_redeem(training(), "june", events=[], as_of=at("2025-03-01 10:00")), InvalidValue, "Redemption")  # type: ignore[arg-type]  # refused


def test_answers_are_values() -> None:
    """Answers compare, hash and pickle."""
    assert_is_a_value(ask(TRAINING))
    assert_is_a_value(ask(TRAINING, quantity=3))


# -- clarity ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N7")
def test_a_vague_promise_leaves_everything_open() -> None:
    """Two training days, and nothing else: the report asks what the customer will ask, and says what follows."""
    report = clarity_report(Benefit("training", unit="training day", quantity=2))
    assert [question.code for question in report.questions] == [
        "place", "people", "transfer", "space", "expiry", "booking", "booking-address", "cancellation", "no-show",
        "worth", "early-end",
    ]  # fmt: skip
    assert not report.is_clear
    assert str(report).splitlines()[:3] == [
        "training: eleven questions are open",
        "Where does it take place?             anywhere will do",
        "For how many people is it?            any number may come",
    ]
    assert str(report.questions[4]) == "Until when can it be used? It never ends, and nobody is reminded."
    assert report.to_rows()[0] == {
        "benefit": "training", "code": "place", "question": "Where does it take place?",
        "meanwhile": "anywhere will do", "term": "place",
    }  # fmt: skip
    explained = report.explain()
    assert explained.amount == 11
    assert explained.steps[0].agreed_in == "training.place"
    assert_is_a_value(report)


CLEAR: dict[str, Any] = {
    "place": "our Leipzig facility", "people": 1, "transfer": "not-transferable", "space": "as-available",
    "expires_on": "2025-12-31", "booking_lead": days(42), "book_at": "training@halden.example",
    "cancel_notice": days(21), "no_show": "lost", "ended_early": "forfeit", "remind_margins": days(14),
}  # fmt: skip


def test_a_clear_promise_leaves_nothing_open() -> None:
    """A promise that says everything passes; each thing left out is asked for again."""
    report = clarity_report(training(**CLEAR))
    assert report.is_clear
    assert str(report) == "training: nothing is left open"
    answers = {"booking": "booking_lead", "booking-address": "book_at", "cancellation": "cancel_notice",
               "no-show": "no_show", "early-end": "ended_early", "reminders": "remind_margins", "place": "place",
               "people": "people", "transfer": "transfer", "space": "space"}  # fmt: skip
    for code, term in answers.items():
        left_out = {name: value for name, value in CLEAR.items() if name != term}
        open_ = clarity_report(training(**left_out)).questions
        assert [(question.code, question.term) for question in open_] == [(code, term)]
    assert [question.code for question in clarity_report(training(**CLEAR, worth=None)).questions] == ["worth"]
    one = str(clarity_report(training(**CLEAR, worth=None))).splitlines()[0]
    assert one == "training: one question is open"


def test_what_needs_no_answer_is_not_asked() -> None:
    """Without an end nobody asks about reminders; what only events grant is asked what earns it."""
    never = {**CLEAR, "expires": "never", "remind_margins": ()}
    never.pop("expires_on")
    assert clarity_report(training(**never)).is_clear
    assert [question.code for question in clarity_report(training(**CLEAR, per="event")).questions] == ["earning"]


def test_what_is_hardly_meant_deserves_a_second_look() -> None:
    """A second year that had to be booked in the first, and a reminder before there is anything, are cautions."""
    terms = {**CLEAR, "per": "year", "term": [YEAR, NEXT], "expires_on": "2026-01-31"}
    report = clarity_report(training(**terms))
    assert report.cautions == ("what is granted on 1 January 2026 had to be booked by 20 December 2025",)
    assert str(report).splitlines() == [
        "training: no questions are open",
        "caution: what is granted on 1 January 2026 had to be booked by 20 December 2025",
    ]
    early = clarity_report(training(**{**CLEAR, "remind_margins": [days(400), days(14)]}))
    assert early.cautions == (
        "the reminder 400 days before 19 November 2025 is due as soon as units are granted, on 1 January 2025",
    )
    assert clarity_report(training(term=(), **CLEAR)).cautions == ()
    with pytest.raises(InvalidValue, match="a benefit was expected"):
        clarity_report("training")  # type: ignore[arg-type]  # refused


# -- discounts --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N16", "S1")
@pytest.mark.parametrize(
    ("price", "share", "rounding", "saving", "to_pay"),
    [
        ("400 EUR", 10, "half-up", "40 EUR", "360 EUR"),
        ("399.95 EUR", 10, "half-up", "40.00 EUR", "359.95 EUR"),  # 39.995
        ("399.95 EUR", 10, "down", "39.99 EUR", "359.96 EUR"),
        ("399.95 EUR", 10, "half-even", "40.00 EUR", "359.95 EUR"),
        ("0 EUR", 10, "up", "0 EUR", "0 EUR"),
        ("99 JPY", 100, "up", "99 JPY", "0 JPY"),
    ],
)
def test_a_discount_settles_once(price: str, share: int, rounding: Any, saving: str, to_pay: str) -> None:  # noqa: ANN401  # a word
    """A tenth of 399.95 is 39.995, which the stated rounding settles; saving and rest add up to the price."""
    off = DiscountBenefit("events", share=percent(share), on="conferences", rounding=rounding, term=YEAR)
    answer = discount_on(off, Money(price), as_of=at("2025-06-01 10:00"))
    assert isinstance(answer, discounts.Discounted)
    assert (answer.saving, answer.to_pay) == (Money(saving), Money(to_pay))
    assert answer.explain().amount == Money(to_pay)


@pytest.mark.rule("N16")
@pytest.mark.parametrize(
    ("when", "covered"),
    [("2024-12-31 23:59", False), ("2025-01-01 00:00", True), ("2025-12-31 23:59", True), ("2026-01-01 00:00", False)],
)
def test_a_discount_holds_while_covered(when: str, covered: bool) -> None:
    """From the first instant of the term up to the last second of its last day, and not beyond."""
    answer = discount_on(OFF, Money("400 EUR"), as_of=at(when))
    assert isinstance(answer, discounts.Discounted) is covered
    assert answer.to_pay == Money("360 EUR" if covered else "400 EUR")


def test_a_discount_explains_itself() -> None:
    """The answer prints what was saved; the steps show the share, the exact saving and how it settled."""
    answer = discount_on(OFF, Money("399.95 EUR"), as_of=at("2025-06-01 10:00"))
    assert str(answer) == "399.95 EUR less 10 %: 359.95 EUR, 40.00 EUR saved"
    assert [(step.rule, step.working, step.result, step.agreed_in) for step in answer.explain().steps] == [
        ("N16", "10 % × 399.95 EUR", "39.995 EUR", "events.share"),
        ("S1", "half-up to the minor unit", "40.00 EUR", "events.rounding"),
        ("N16", "399.95 EUR − 40.00 EUR", "359.95 EUR", ""),
    ]
    no = discount_on(OFF, Money("400 EUR"), as_of=at("2026-06-01 10:00"))
    assert isinstance(no, discounts.NotDiscounted)
    assert (no.code, str(no)) == ("outside-term", "400.00 EUR: the contract is not in force, so there is no discount")
    assert no.explain().steps[0].working == "2025-01-01 to 2025-12-31, Europe/Berlin"
    assert_is_a_value(answer)
    assert_is_a_value(no)


def test_a_discount_needs_a_term_and_a_price() -> None:
    """Without a term nobody knows when it holds; a negative price and a benefit of units are refused."""
    off = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up")
    refused(lambda: discount_on(off, Money("1 EUR"), as_of=at("2025-06-01 10:00")), InvalidValue, "Contract.promised")
    refused(lambda: discount_on(OFF, Money("-1 EUR"), as_of=at("2025-06-01 10:00")), InvalidValue, "not negative")
    refused(lambda: discount_on(training(), Money("1 EUR"), as_of=at("2025-06-01 10:00")), InvalidValue, "Discount")  # type: ignore[arg-type]  # refused


def test_advice_is_asked_for_in_time() -> None:
    """An hour and a half of eight is there; two units of it are not."""
    advice = Benefit("training", unit="advice", quantity=hours(8), term=YEAR)
    assert str(ask(advice, quantity=hours("1.5"))) == "Yes: 1h 30m of advice; 6h 30m of advice would be left."
    answer = ask(advice, quantity=2)
    assert str(answer) == "No: It is counted in time, and 2 was asked for."
