"""Contracts: a header and dated phases, in one zone and one currency, whose banks keep the terms they were sold on."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from supportcontracts import (
    Allotment,
    Banks,
    CappedHours,
    Charge,
    Composite,
    Contract,
    Currency,
    Fallback,
    Fee,
    FixedAnnual,
    Hold,
    Meter,
    Money,
    Overdraw,
    PayPerHour,
    Phase,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    Rate,
    Refuse,
    Term,
    TopUp,
    Zone,
    days,
    hours,
    percent,
)
from supportcontracts import contracts as package
from supportcontracts.contracts import contract as module
from supportcontracts.contracts.banks import BankSize, PriceList, Remaining
from supportcontracts.contracts.plans import Plan
from supportcontracts.errors import CurrencyMismatch, InvalidValue, UnknownCurrency
from supportcontracts.timeline import NoSuchDate
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

BERLIN = Zone("Europe/Berlin")
YEAR = Term("2025-01-01", months=12, zone=BERLIN)
NEXT = Term("2026-01-01", months=12, zone=BERLIN)
HOUR = Price("140 EUR/h")
FIXED = FixedAnnual(fee=Money("19000 EUR"))
HOLD = PrepaidHours(beyond=Hold())

C7 = Contract("C-7", customer="elm", rounding="half-up", term=YEAR, plan=FIXED)
C8 = Contract(
    "C-8",
    customer="elm",
    rounding="down",
    phases=[Phase(YEAR, FIXED), Phase(NEXT, HOLD)],
    billing="monthly",
    currency="EUR",
    products=["atlas", "relay"],
    contacts="ines.roth",
)


def contract(plan: Plan | None = FIXED, **more: Any) -> Contract:  # whatever a contract takes
    """Build a contract for a plan and a year, unless told otherwise."""
    said: dict[str, Any] = {"customer": "elm", "rounding": "half-up", "term": YEAR, "plan": plan}
    return Contract(**{"id": "C-7", **said, **more})


def phased(*plans: Plan, **more: Any) -> Contract:  # whatever a contract takes
    """Build a contract with a phase of a year for each plan."""
    years = (Term(f"{2025 + number}-01-01", months=12, zone=BERLIN) for number in range(len(plans)))
    phases = [Phase(year, plan) for year, plan in zip(years, plans, strict=True)]
    return contract(plan=None, term=None, phases=phases, **more)


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of the package and of the module lists what `__all__` lists; the package itself offers its parts only."""
    assert dir(module) == sorted(module.__all__)
    assert dir(package) == package.__all__ == []


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [C7, C8, Phase(YEAR, FIXED)], ids=["one phase", "two phases", "phase"])
def test_contracts_are_values(value: object) -> None:
    """Contracts and phases compare, hash, pickle, do not change, and are closed to subclassing."""
    assert_is_a_value(value)


@pytest.mark.parametrize("value", [C7, C8, Phase(YEAR, FIXED)], ids=["one phase", "two phases", "phase"])
def test_no_field_takes_what_does_not_belong_there(value: object) -> None:
    """Every field of a contract refuses a value of another kind, with an error that says what was expected."""
    assert_refuses_what_does_not_belong(value)


def test_contracts_differ_by_every_field() -> None:
    """No field of a contract is left out of its equality."""
    other = {
        "id": "C-9", "customer": "oak", "rounding": "up", "term": NEXT, "plan": PayPerHour(tariff=HOUR),
        "billing": "monthly", "products": "atlas", "contacts": "ines.roth",
    }  # fmt: skip
    assert_all_differ([C7, C8, *(changed(C7, **{name: value}) for name, value in other.items())])


# -- header -----------------------------------------------------------------------------------------------------------


def test_what_is_left_out() -> None:
    """A contract is billed yearly unless it says otherwise, and names neither products nor contacts."""
    assert (C7.billing, C7.products, C7.contacts, C7.phases) == ("yearly", (), (), ())
    assert (C7.currency, C7.zone) == (Currency("EUR"), BERLIN)


REFUSALS: list[tuple[Callable[[], object], type[InvalidValue], tuple[str, ...]]] = [
    (lambda: contract(id=""), InvalidValue, ("Contract.id got an empty text", "an id or a name was expected")),
    (lambda: contract(id=7), InvalidValue, ("Contract.id got the int 7", 'as in "C-101"')),
    (lambda: contract(customer=None), InvalidValue, ("Contract.customer got the NoneType None",)),
    (lambda: contract(rounding="bankers"), InvalidValue, ("'bankers'", '"half-up", "half-even", "up" or "down"')),
    (lambda: contract(rounding=None), InvalidValue, ("rounding got nothing",)),
    (lambda: contract(billing="weekly"), InvalidValue, ("Contract.billing", '"term", "yearly", "quarterly"')),
    (lambda: contract(products=["atlas", 7]), InvalidValue, ("Contract.products[1] got the int 7",)),
    (lambda: contract(contacts=["ines.roth", ""]), InvalidValue, ("Contract.contacts[1] got an empty text",)),
    (lambda: contract(currency="EURO"), UnknownCurrency, ("ISO 4217 lists no such code",)),
    (lambda: contract(term="2025"), InvalidValue, ("Phase.term got '2025'", "Term(")),
    (lambda: changed(C7, plan=HOUR), InvalidValue, ("Phase.plan", "a plan was expected, as in CappedHours(…)")),
    (lambda: contract(term=None), InvalidValue, ("Contract got no term", "a term and a plan, or phases")),
    (lambda: contract(plan=None), InvalidValue, ("Contract got no plan", "a term and a plan, or phases")),
    (lambda: contract(plan=None, term=None), InvalidValue, ("Contract got no term",)),
    (
        lambda: contract(phases=[Phase(YEAR, FIXED)]),
        InvalidValue,
        ("phases beside term and plan", "one spelling was expected", "Put the term and plan in a Phase."),
    ),
    (
        lambda: changed(C8, plan=FIXED),
        InvalidValue,
        ("phases beside term and plan",),
    ),
    (lambda: changed(C8, phases=[Phase(YEAR, FIXED), FIXED]), InvalidValue, ("Contract.phases[1]", "a Phase was")),
    (
        lambda: changed(C8, phases=[Phase(YEAR, FIXED), Phase(Term("2026-01-01", months=1, zone="UTC"), FIXED)]),
        InvalidValue,
        ("Contract.phases[1] got UTC", "phases in one zone were expected"),
    ),
    (
        lambda: changed(C8, phases=[Phase(NEXT, FIXED), Phase(YEAR, FIXED)]),
        InvalidValue,
        ("Contract.phases[1] got a start on 2025-01-01", "a start after 2026-12-31 was expected"),
    ),
    (
        lambda: changed(C8, phases=[Phase(YEAR, FIXED), Phase(Term("2025-12-31", months=1, zone=BERLIN), FIXED)]),
        InvalidValue,
        ("Contract.phases[1] got a start on 2025-12-31", "a start after 2025-12-31 was expected"),
    ),
    (lambda: contract(term=Term("2025-02-29", months=12, zone=BERLIN)), NoSuchDate, ("February 2025 has 28 days",)),
]


@pytest.mark.parametrize(("build", "kind", "words"), REFUSALS)
def test_an_impossible_contract_is_refused(
    build: Callable[[], object], kind: type[InvalidValue], words: tuple[str, ...]
) -> None:
    """The error names the field, what it got, what was expected, and what to write."""
    refused(build, kind, *words)


@pytest.mark.rule("D23")
def test_there_is_no_default_rounding() -> None:
    """A contract states how its lines settle, since invoices and libraries disagree."""
    with pytest.raises(TypeError, match="rounding"):
        Contract("C-7", customer="elm", term=YEAR, plan=FIXED)  # type: ignore[call-arg]  # hostile


# -- phases -----------------------------------------------------------------------------------------------------------


def test_one_phase_is_written_in_two_ways() -> None:
    """A contract with one phase equals the one that names its term and plan."""
    other = Contract("C-7", customer="elm", rounding="half-up", phases=Phase(YEAR, FIXED))
    assert other == C7
    assert (other.term, other.plan, other.phases) == (YEAR, FIXED, ())
    assert C7.dated_phases == (Phase(YEAR, FIXED),)


@pytest.mark.rule("D2")
def test_phases_may_touch_or_leave_a_gap() -> None:
    """A phase may start on the day after the one before it, or later; both keep their places."""
    assert C8.dated_phases == C8.phases == (Phase(YEAR, FIXED), Phase(NEXT, HOLD))
    assert (C8.term, C8.plan, C8.zone) == (None, None, BERLIN)
    later = changed(C8, phases=[Phase(YEAR, FIXED), Phase(Term("2026-03-01", months=1, zone=BERLIN), FIXED)])
    assert [str(phase.term.starts_on) for phase in later.dated_phases] == ["2025-01-01", "2026-03-01"]


# -- currency ---------------------------------------------------------------------------------------------------------


def test_a_contract_without_money_states_its_currency() -> None:
    """Where no term mentions money, the currency is stated, as a code or a Currency."""
    refused(lambda: contract(HOLD), InvalidValue, "Contract.currency got no currency", 'Write currency="EUR".')
    assert contract(HOLD, currency="JPY").currency == contract(HOLD, currency=Currency("JPY")).currency


DOLLAR_HOUR = Price("140 USD/h")
DOLLARS: list[Plan] = [
    CappedHours(fee=Money("1 USD"), allotment=hours(1), per="term", beyond=Charge(HOUR)),
    PayPerHour(tariff=Charge(HOUR, rates=[Rate(DOLLAR_HOUR, role="senior")])),
    PayPerHour(tariff=Charge(HOUR, maximum=Money("1 USD"))),
    PayPerHour(tariff=Charge(HOUR, minimum=Money("1 USD"))),
    PrepaidHours(beyond=[Charge(HOUR, limit=Money("1 USD")), Refuse()]),
    PrepaidHours(banks=Banks(short=Overdraw(percent(9), settled_at=DOLLAR_HOUR)), beyond=Charge(HOUR)),
    PrepaidHours(banks=Banks(top_up=[TopUp(Remaining(hours(1)), hours(1), DOLLAR_HOUR)]), beyond=Charge(HOUR)),
    PrepaidHours(banks=Banks(offer=PriceList([BankSize(hours(1), DOLLAR_HOUR)])), beyond=Charge(HOUR)),
    Composite(fees=[Fee(Money("1 USD"))], meters=[Meter("work", [Charge(HOUR)])]),
    Composite(
        meters=[Meter("work", [Allotment(hours(1), short=Overdraw(hours(1), settled_at=DOLLAR_HOUR)), Charge(HOUR)])]
    ),
]  # fmt: skip


@pytest.mark.parametrize("plan", DOLLARS)
def test_a_contract_has_one_currency(plan: Plan) -> None:
    """Wherever a second currency hides in the terms, the contract is refused, and both are named."""
    refused(lambda: contract(plan), CurrencyMismatch, "EUR and USD", "in one currency", "Write one contract for each.")


def test_a_stated_currency_is_that_of_the_terms() -> None:
    """A currency that is stated beside money of another one is refused, and so are phases in two."""
    refused(lambda: contract(currency="USD"), CurrencyMismatch, "EUR and USD")
    refused(lambda: phased(FIXED, FixedAnnual(fee=Money("1 CHF"))), CurrencyMismatch, "CHF and EUR")
    assert contract(currency="EUR") == C7


# -- sources ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("B10")
def test_a_contract_does_not_fall_back_to_itself() -> None:
    """What is left cannot be handed over to the contract it is left of; the error says where that stands."""
    plan = PrepaidHours(beyond=Fallback("C-7"))
    refused(
        lambda: contract(plan, currency="EUR"),
        InvalidValue,
        "Contract.plan.beyond got a fallback to 'C-7', which is this contract",
        "another contract was expected",
        "Write Refuse() or Hold() if there is none.",
    )
    refused(lambda: phased(FIXED, plan), InvalidValue, "Contract.phases[1].plan.beyond got a fallback to 'C-7'")
    assert contract(plan, id="C-6", currency="EUR").id == "C-6"
    composite = Composite(meters=[Meter("work", [Banks(), Fallback("C-7")])])
    refused(lambda: contract(composite, currency="EUR"), InvalidValue, "Contract.plan.meters[0].sources[1] got")


def project(**more: Any) -> PrepaidHours:  # whatever banks take
    """Build a plan of prepaid hours."""
    return PrepaidHours(banks=Banks(**more), beyond=Refuse())


@pytest.mark.rule("D17", "D21")
@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"usable": "payment"}, ("usable='payment'", "usable='purchase'")),
        ({"returns": days(30)}, ("returns=Days(count=30)", "returns='forfeit'")),
    ],
)
def test_the_terms_of_a_bank_do_not_change_once_it_is_sold(later: dict[str, Any], said: tuple[str, str]) -> None:
    """A later phase cannot draw from the same pool on other terms; it names another pool."""
    error = refused(lambda: phased(project(), project(**later), currency="EUR"), InvalidValue, *said)
    assert error.what == "Contract.phases[1].plan.banks"
    assert error.got == f"{said[0]} for the banks of pool 'banks', which have {said[1]} in phases[0].plan.banks"
    assert error.expected == "the same was expected, since the terms of a bank do not change once it is sold"
    assert error.hint == 'Name another pool for banks sold on other terms, as in Banks(pool="project").'
    assert phased(project(), project(**later, pool="project"), currency="EUR").dated_phases
    assert phased(project(**later), project(**later), currency="EUR").dated_phases
    refused(lambda: phased(project(), FIXED, project(**later)), InvalidValue, "phases[2].plan.banks", "phases[0]")


@pytest.mark.rule("D17", "D21")
def test_the_meters_of_a_plan_share_a_pool_on_one_set_of_terms() -> None:
    """Two meters for work that draw from one pool agree; so do two sources of one meter."""
    paid = Banks(usable="payment")
    two = Composite(meters=[Meter("work", [Banks(), Refuse()], name="a"), Meter("work", [paid, Refuse()], name="b")])
    refused(
        lambda: contract(two, currency="EUR"),
        InvalidValue,
        "Contract.plan.meters[1].sources[0] got usable='payment'",
        "usable='purchase' in plan.meters[0].sources[0]",
    )
    one = Composite(meters=[Meter("work", [Banks(), paid, Refuse()])])
    refused(
        lambda: contract(one, currency="EUR"),
        InvalidValue,
        "plan.meters[0].sources[1]",
        "Name another pool",
    )


@pytest.mark.rule("D17")
def test_a_pool_is_of_one_unit() -> None:
    """Banks of hours and banks of incidents are never the same banks, so their terms may differ under one name."""
    both = phased(
        PrepaidHours(banks=Banks(usable="payment"), beyond=Refuse()),
        PrepaidIncidents(banks=Banks(usable="purchase", returns=days(30)), beyond=Refuse()),
        currency="EUR",
    )
    assert len(both.dated_phases) == 2


def test_other_terms_of_banks_may_change() -> None:
    """The order, the notices, the price list and what happens when they are short belong to the phase, not the bank."""
    offer = PriceList([BankSize(hours(5), HOUR)])
    later = project(
        order="priority", warn_levels=[Remaining(hours(2))], offer=offer, short=Overdraw(hours(1), settled_at=HOUR)
    )
    assert attrs.evolve(C8, phases=phased(project(), later).phases).dated_phases[1].plan == later
