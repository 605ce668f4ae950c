"""The programme review: utilisation, time to first use, breakage, and what nobody redeems, added up by hand."""

from fractions import Fraction

import pytest

from supportcontracts import Contract, FixedAnnual, Money, Price, hours
from supportcontracts.benefits import printing, programme, review_programme
from supportcontracts.contracts.benefits import AnyBenefit, Benefit, DiscountBenefit
from supportcontracts.errors import InvalidValue
from supportcontracts.events import BenefitGranted, BenefitReserved, Event, Redeemed
from supportcontracts.money import Amount
from supportcontracts.quantity import percent
from tests.benefits.builders import YEAR, at, training
from tests.value_checks import assert_is_a_value, refused

TRAINING = Benefit("training", unit="training day", quantity=2, worth=Money("900 EUR"), expires="term")
PASSES = Benefit("passes", unit="conference pass", quantity=1, expires="term")
ADVICE = Benefit("advice", unit="advice", quantity=hours(4), worth=Price("180 EUR/h"), expires="never")
OFF = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up")
FLYERS = DiscountBenefit("print", share=percent(50), on="flyers", rounding="half-up")


def sold(tier: str | None, *names: str, benefits: tuple[AnyBenefit, ...] = (TRAINING, PASSES)) -> list[AnyBenefit]:
    """Promise benefits to customers of a tier."""
    return [
        benefit.under(customer=name, contract=f"C-{name}", term=(YEAR,), tier=tier)
        for name in names
        for benefit in benefits
    ]


def use(id_: str, customer: str, when: str) -> Event:
    """Use a training day."""
    return Redeemed(id_, at(when), customer=customer, benefit="training", quantity=1)


def buy(id_: str, when: str, amount: str, customer: str = "ash") -> Event:
    """Buy something that a discount is on."""
    return Redeemed(id_, at(when), customer=customer, benefit="events", amount=Money(amount))


PROMISED = [
    *sold("premium", "elm", "oak", "yew"),
    *sold("standard", "fir", benefits=(TRAINING,)),
    *sold(None, "ash", benefits=(ADVICE, OFF, FLYERS)),
]
EVENTS: list[Event] = [
    use("X-1", "elm", "2025-02-10 09:00"),
    use("X-2", "elm", "2025-03-10 09:00"),
    use("X-3", "oak", "2025-05-01 09:00"),
    Redeemed("X-4", at("2025-03-10 09:00"), customer="ash", benefit="advice", quantity=hours(1)),
    buy("X-5", "2025-03-10 09:00", "399.95 EUR"),
    buy("X-6", "2025-03-11 09:00", "100 EUR"),
    buy("X-7", "2026-03-11 09:00", "100 EUR"),  # no longer covered
    Redeemed("X-8", at("2025-03-11 09:00"), customer="ash", benefit="events", quantity=1),  # no price was recorded
    BenefitReserved("X-9", at("2025-11-10 09:00"), customer="fir", benefit="training", key="dec", quantity=1),
]


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of the modules lists what `__all__` lists."""
    for part in (programme, printing):
        assert dir(part) == sorted(part.__all__)


@pytest.mark.rule("N2", "N17")
def test_a_programme_adds_up() -> None:
    """Premium: 3 of 6 training days used, after 40 and 120 days; three forfeited, worth 2,700 EUR; no pass was used."""
    review = review_programme(PROMISED, EVENTS, as_of="2026-06-01")
    by_name = {(each.tier, each.benefit): each for each in review.benefits}
    premium = by_name["premium", "training"]
    assert (premium.customers, premium.users, premium.granted.amount, premium.redeemed.amount) == (3, 2, 6, 3)
    assert (premium.forfeited.amount, premium.left.amount, premium.breakage) == (3, 0, (Amount("2700 EUR"),))
    assert (premium.utilisation, premium.first_use, premium.median_first_use) == (Fraction(1, 2), (40, 120), 40)
    passes = by_name["premium", "passes"]
    assert (passes.users, passes.nobody, passes.breakage, passes.first_use, passes.median_first_use) == (
        0, True, (), (), None,
    )  # fmt: skip
    standard = by_name["standard", "training"]
    assert (standard.customers, standard.forfeited.amount, standard.nobody) == (1, 2, True)
    advice = by_name[None, "advice"]
    assert (advice.redeemed, advice.left, advice.utilisation) == (hours(1), hours(3), Fraction(1, 4))
    assert review.never_redeemed == ("passes", "print")


@pytest.mark.rule("N16")
def test_discounts_are_reviewed_by_what_they_saved() -> None:
    """Two uses in the term saved 40.00 and 10.00 EUR; one after it, and one without a price, count for nothing."""
    review = review_programme(PROMISED, EVENTS, as_of="2026-06-01")
    events, prints = review.discounts
    assert (events.customers, events.users, events.uses, events.saved) == (1, 1, 2, (Money("50 EUR"),))
    assert (prints.users, prints.uses, prints.saved, prints.nobody) == (0, 0, (), True)
    early = review_programme(PROMISED, EVENTS, as_of="2025-03-11").discounts[0]
    assert (early.uses, early.saved) == (1, (Money("40 EUR"),))
    twice = [*sold(None, "ash", "elm", benefits=(OFF,))]
    more = [*EVENTS, buy("X-10", "2025-03-11 09:00", "100 USD", "elm")]
    assert review_programme(twice, more, as_of="2026-06-01").discounts[0].saved == (Money("50 EUR"), Money("10 USD"))


def test_a_review_reads_as_a_page() -> None:
    """One row for each tier and benefit, what discounts saved, and what nobody redeems."""
    shown = str(review_programme(PROMISED, EVENTS, as_of="2025-12-01")).splitlines()
    assert [" ".join(line.split()) for line in shown] == [
        "tier benefit customers users granted redeemed use booked lost forfeited left first use breakage",
        "advice 1 1 4h 00m 1h 00m 25.0 % 0h 00m 0h 00m 0h 00m 3h 00m 68 days 0.00 EUR",
        "premium passes 3 0 3 0 0.0 % 0 0 0 3",
        "premium training 3 2 6 3 50.0 % 0 0 0 3 40 days 0.00 EUR",
        "standard training 1 0 2 0 0.0 % 1 0 0 1 0.00 EUR",
        "events: used 2 times by 1 of 1, 50.00 EUR saved",
        "print: used 0 times by 0 of 1, nothing saved",
        "redeemed by nobody: passes, print",
    ]


def test_a_review_of_nothing_says_so() -> None:
    """No promises, promises not yet granted, and a single use are worded as they are."""
    assert str(review_programme([], [], as_of="2026-01-01")) == "no benefits"
    before = review_programme(sold("premium", "elm"), [], as_of="2024-06-01")
    assert [(each.utilisation, each.nobody) for each in before.benefits] == [(None, False), (None, False)]
    assert before.never_redeemed == ()
    assert before.to_rows()[0]["utilisation"] is None
    once = [buy("X-1", "2025-03-10 09:00", "100 EUR")]
    named = review_programme(sold("premium", "ash", benefits=(OFF,)), once, as_of="2026-01-01")
    assert str(named) == "events (premium): used 1 time by 1 of 1, 10.00 EUR saved"


@pytest.mark.parametrize(
    ("used", "granted", "shown"), [(1, 3, "33.3 %"), (2, 3, "66.7 %"), (1, 16, "6.3 %"), (3, 3, "100.0 %")]
)
def test_shares_are_shown_with_one_decimal(used: int, granted: int, shown: str) -> None:
    """Halves of a tenth of a percent are rounded up; the share itself stays exact."""
    benefit = training(quantity=granted, customer="elm")
    event = Redeemed("X-1", at("2025-03-10 09:00"), benefit="training", quantity=used)
    review = review_programme([benefit], [event], as_of="2025-06-01")
    assert review.benefits[0].utilisation == Fraction(used, granted)
    assert f" {shown} " in str(review)


def test_a_review_is_rows() -> None:
    """Benefits and discounts are plain dicts with the same keys."""
    rows = review_programme(PROMISED, EVENTS, as_of="2026-06-01").to_rows()
    assert rows[2] == {
        "tier": "premium", "benefit": "training", "customers": 3, "users": 2, "granted": 6, "redeemed": 3,
        "reserved": 0, "lost": 0, "forfeited": 3, "refunded": 0, "left": 0, "utilisation": "50 %",
        "median_days_to_first_use": 40, "breakage": "2,700.00 EUR", "saved": None, "nobody": False,
    }  # fmt: skip
    assert {tuple(sorted(row)) for row in rows} == {tuple(sorted(rows[0]))}
    assert [(row["benefit"], row["redeemed"], row["saved"], row["nobody"]) for row in rows[-2:]] == [
        ("events", 2, "50.00 EUR", False), ("print", 0, None, True),
    ]  # fmt: skip
    assert rows[1]["breakage"] is None


@pytest.mark.rule("N2")
def test_a_review_explains_where_the_units_are() -> None:
    """Granted is the sum of what was used, booked, lost, forfeited, refunded and left, each with its share."""
    review = review_programme(PROMISED, EVENTS, as_of="2025-12-01")
    found = review.explain("training", tier="standard")
    assert [(step.rule, step.name, step.working, step.result) for step in found.steps] == [
        ("N1", "granted", "to 1 customer", "2 training days"),
        ("N2", "reserved", "50 % of what was granted", "1 training day"),
        ("N2", "left", "50 % of what was granted", "1 training day"),
        ("N17", "breakage", "forfeited and lost, at their worth", "0.00 EUR"),
    ]
    assert review.explain("training", tier="premium").steps[0].working == "to 3 customers"
    with pytest.raises(InvalidValue, match="'advice' of tier None"):
        review.explain("training")
    with pytest.raises(InvalidValue, match="none"):
        review_programme([], [], as_of="2026-01-01").explain("training")
    assert_is_a_value(review)
    assert_is_a_value(review.benefits[0])
    assert_is_a_value(review.discounts[0])


def test_customers_are_counted_once() -> None:
    """A customer with two contracts is one customer, with two promises; a promise to nobody counts by itself."""
    two = [TRAINING.under(customer="elm", contract=name, term=(YEAR,)) for name in ("C-1", "C-2")]
    events = [Redeemed("X-1", at("2025-03-10 09:00"), contract="C-1", benefit="training", quantity=1)]
    review = review_programme(two, events, as_of="2025-06-01").benefits[0]
    assert (review.customers, review.users, review.granted.amount) == (1, 1, 4)
    lone = review_programme([training()], [], as_of="2025-06-01").benefits[0]
    assert lone.customers == 1


def test_breakage_is_added_up_by_currency() -> None:
    """What is worth euros and what is worth dollars are two sums."""
    bare = training(worth=None, customer="elm"), training(worth=None, customer="oak")
    events = [
        BenefitGranted(
            f"G-{name}", at("2025-03-01 10:00"), customer=name, benefit="training", quantity=n, worth=Money(w)
        )
        for name, n, w in (("elm", 1, "25 USD"), ("oak", 2, "30 EUR"))
    ]
    review = review_programme(bare, events, as_of="2026-06-01").benefits[0]
    assert review.breakage == (Amount("60 EUR"), Amount("25 USD"))


def test_what_cannot_be_added_up_is_refused() -> None:
    """One name with two units, and a discount without a term, are refused."""
    hours_ = Benefit("training", unit="training", quantity=hours(4), customer="oak", term=YEAR)
    passes = Benefit("training", unit="pass", quantity=4, customer="oak", term=YEAR)
    for other in (hours_, passes):
        both = [training(customer="elm"), other]
        refused(lambda both=both: review_programme(both, [], as_of="2026-01-01"), InvalidValue, "one unit")  # type: ignore[misc]  # bound at once
    refused(lambda: review_programme([OFF], [], as_of="2026-01-01"), InvalidValue, "Contract.promised")


def test_tiers_come_from_the_contracts() -> None:
    """The tier of a contract is the tier of what it promises, and instants are taken as dates are."""
    plan = FixedAnnual(fee=Money("19000 EUR"))
    agreed = Contract("C-7", customer="elm", rounding="half-up", term=YEAR, plan=plan, benefits=TRAINING)
    review = review_programme(agreed.promised, [], as_of=at("2026-01-01 00:00"))
    assert [(each.tier, each.forfeited.amount) for each in review.benefits] == [(None, 2)]
    assert review.as_of == at("2026-01-01 00:00")
