"""The promise of a countable extra: what it is, how much of it, and every condition, as data.

What a promise does not say binds nobody (N7): a field that is left out never refuses anything. `clarity_report` lists
what was left out before the promise is sold.
"""

from datetime import date
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole, tuple_of
from supportcontracts.contracts.benefits.conditions import (
    CarryOver,
    Earned,
    Exchange,
    ExpiresAfter,
    require_calendar,
)
from supportcontracts.contracts.benefits.schedule import check_usable
from supportcontracts.contracts.benefits.units import BenefitQuantity, Measure, Units, require_measure
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.wording.benefits import describe_benefit
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.money import Amount, Money, Price
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Days, Months, Term, Zone, as_date

__all__ = ["Benefit", "BenefitPeriod"]


def __dir__() -> list[str]:
    return __all__


BenefitPeriod = Literal["once", "term", "year", "quarter", "month", "event"]
"""When units are granted: once, with each term, with each of its years, quarters or months, or only by an event."""

_CHOICES: dict[str, tuple[object, ...]] = {
    "per": get_args(BenefitPeriod),
    "for_each": ("product", None),
    "people_per": ("booking", "unit"),
    "transfer": ("transferable", "not-transferable", None),
    "space": ("guaranteed", "as-available", None),
    "by_expiry": ("takes-place", "booked"),
    "late_cancel": ("lost", "returned"),
    "no_show": ("lost", "returned", None),
    "ended_early": ("forfeit", "keep", "refund", None),
}
_CALENDAR = ("booking_lead", "cancel_notice", "grace")
_TEXTS = ("plural", "book_at")
_NAMES = ("place", "holders", "products")
_WHOSE = ("customer", "contract", "tier")


def _date_or_none(value: date | str | None) -> date | None:
    return None if value is None else as_date(value)


@frozen(cache_hash=True, repr=False)
class Benefit:
    """So many units of an extra are promised, on conditions that are said or left open.

    The same promise can be made to many customers. In a contract it takes customer, term and products from there, see
    `Contract.promised`; by itself it needs a `term` before anything can be reckoned.

    Attributes:
        id: the name of the promise.
        unit: the name of one unit, as in "training day"; of a promise of work time, what the time is for.
        quantity: the units of each grant: a whole number, or work time.
        plural: the name of several units; left out, the regular one.
        per: when units are granted.
        for_each: "product": so many units for each of `products`.
        worth: the value of one unit, or the price of an hour.
        place: where: "facility", "onsite", "online", or the names of places of ours.
        people: how many people may take part.
        people_per: whether `people` may take part in each "booking", or with each "unit", as with conference passes.
        holders: who may use it.
        transfer: whether others than the holders, or than the person it was assigned to, may use it.
        space: whether there is always room.
        booking_lead: how long before it takes place it has to be booked, in local days.
        cancel_notice: how long before it takes place it may be cancelled, in local days.
        late_cancel: what becomes of units that are cancelled later than that.
        no_show: what becomes of units if nobody comes.
        by_expiry: what has to have happened before the units expire: it "takes-place", or it is "booked".
        expires: when units end: with the "period" they were granted for, with the "term", "never", or `ExpiresAfter`.
        expires_on: the last local day on which units can be used, inclusive; instead of `expires`.
        grace: for how long after their last day units can still be used.
        carry_over: what becomes of units at the end of their period; None: they are forfeited.
        earned: how often units can be earned.
        exchanges: what units can be exchanged for.
        ended_early: what becomes of units if the contract ends early; None: they live on as if it had not.
        book_at: where to book.
        remind_margins: how long before the last day of booking the customer is reminded.
        forfeit_margins: how long before the last usable day the account manager is told what is about to be lost.
        term: the terms for which it is promised, in order; in a contract, those of its phases.
        customer: whose it is; in a contract, its customer.
        contract: the contract that promises it.
        tier: the tier that it came with, for reviews of a programme.
        products: what is covered, for `for_each` and `earned`.

    Raises:
        InvalidValue: for conditions that contradict each other, and for a promise that could never be used, because
            nothing can be booked in time (N15).

    Rules: N1, N4, N5, N6, N7, N15.

    Example:
        >>> from supportcontracts.timeline import days
        >>> print(Benefit("checks", unit="health check", quantity=2, expires="term", booking_lead=days(14)))
        checks: two health checks with each term. They take place by the end of the term and are booked 14 days before.
    """

    id: str
    unit: str = attrs.field(kw_only=True)
    quantity: Measure = attrs.field(kw_only=True)
    plural: str = attrs.field(default="", kw_only=True)
    per: BenefitPeriod = attrs.field(default="term", kw_only=True)
    for_each: Literal["product"] | None = attrs.field(default=None, kw_only=True)
    worth: Money | Price | None = attrs.field(default=None, kw_only=True)
    place: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    people: int | None = attrs.field(default=None, kw_only=True)
    people_per: Literal["booking", "unit"] = attrs.field(default="booking", kw_only=True)
    holders: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    transfer: Literal["transferable", "not-transferable"] | None = attrs.field(default=None, kw_only=True)
    space: Literal["guaranteed", "as-available"] | None = attrs.field(default=None, kw_only=True)
    booking_lead: Days | Months | None = attrs.field(default=None, kw_only=True)
    cancel_notice: Days | Months | None = attrs.field(default=None, kw_only=True)
    late_cancel: Literal["lost", "returned"] = attrs.field(default="lost", kw_only=True)
    no_show: Literal["lost", "returned"] | None = attrs.field(default=None, kw_only=True)
    by_expiry: Literal["takes-place", "booked"] = attrs.field(default="takes-place", kw_only=True)
    expires: Literal["period", "term", "never"] | ExpiresAfter | None = attrs.field(default=None, kw_only=True)
    expires_on: date | None = attrs.field(default=None, converter=_date_or_none, kw_only=True)
    grace: Days | Months | None = attrs.field(default=None, kw_only=True)
    carry_over: CarryOver | None = attrs.field(default=None, kw_only=True)
    earned: Earned | None = attrs.field(default=None, kw_only=True)
    exchanges: tuple[Exchange, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    ended_early: Literal["forfeit", "keep", "refund"] | None = attrs.field(default=None, kw_only=True)
    book_at: str = attrs.field(default="", kw_only=True)
    remind_margins: tuple[Days | Months, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    forfeit_margins: tuple[Days | Months, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    term: tuple[Term, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    customer: str | None = attrs.field(default=None, kw_only=True)
    contract: str | None = attrs.field(default=None, kw_only=True)
    tier: str | None = attrs.field(default=None, kw_only=True)
    products: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Benefit.id", self.id)
        what = f"Benefit {self.id!r}"
        require_text(f"{what} unit", self.unit)
        require_measure(f"{what} quantity", self.quantity)
        self._check_words(what)
        self._check_quantities(what)
        self._check_expiry(what)
        require_terms(f"{what} term", self.term)
        if self.for_each and self.term and not self.products:
            hint = 'Name them in the contract, as in products=["atlas"], or here.'
            raise InvalidValue(f"{what} products", "none", "products were expected, since units are for each", hint)
        check_usable(self)

    def _check_words(self, what: str) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                require_choice(f"{what} {name}", getattr(self, name), tuple(c for c in choices if isinstance(c, str)))
        for name in _TEXTS:
            require_kind(f"{what} {name}", getattr(self, name), str, "a text was expected")
        for name in _NAMES:
            for number, word in enumerate(getattr(self, name)):
                require_text(f"{what} {name}[{number}]", word)
        for name in _WHOSE:
            if getattr(self, name) is not None:
                require_text(f"{what} {name}", getattr(self, name))
        for name in _CALENDAR:
            if getattr(self, name) is not None:
                require_calendar(f"{what} {name}", getattr(self, name))
        for name in ("remind_margins", "forfeit_margins"):
            for number, margin in enumerate(getattr(self, name)):
                require_calendar(f"{what} {name}[{number}]", margin)

    def _check_quantities(self, what: str) -> None:
        """Refuse parts that count in another unit than the promise does."""
        timed = isinstance(self.quantity, WorkTime)
        if self.worth is not None:
            kind, expected, hint = (
                (Price, "a price for work was expected", 'Write Price("180 EUR/h").')
                if timed
                else (Money, "the value of one unit was expected", 'Write Money("900 EUR").')
            )
            require_kind(f"{what} worth", self.worth, kind, expected, hint)
            if isinstance(self.worth, Price) and self.worth.unit != "work":
                raise UnitMismatch(f"{what} worth", str(self.worth), expected, hint)
        if self.people is not None:
            require_whole(f"{what} people", self.people, least=1)
        if self.people_per == "unit" and timed:
            raise InvalidValue(f"{what} people_per", '"unit"', '"booking" was expected, since time has no units')
        for number, exchange in enumerate(self.exchanges):
            require_kind(f"{what} exchanges[{number}]", exchange, Exchange, "an Exchange was expected")
            self.require_own(f"{what} exchanges[{number}]", exchange.units)
        names = [exchange.what for exchange in self.exchanges]
        if len(set(names)) != len(names):
            raise InvalidValue(f"{what} exchanges", f"the names {names}", "a name of its own for each was expected")
        if self.earned is not None:
            require_kind(f"{what} earned", self.earned, Earned, "Earned(…) was expected")
            self.require_own(f"{what} earned", self.earned.most)
        if self.for_each and self.per == "event":
            raise InvalidValue(f"{what} for_each", repr(self.for_each), "units granted by terms, not by events")

    def _check_expiry(self, what: str) -> None:
        if self.expires is not None:
            if self.expires_on is not None:
                raise InvalidValue(f"{what}", "both expires and expires_on", "one of the two was expected")
            if not isinstance(self.expires, ExpiresAfter):
                require_choice(f"{what} expires", self.expires, ("period", "term", "never"))
        if self.grace is not None and self.expires in (None, "never") and self.expires_on is None:
            raise InvalidValue(f"{what} grace", str(self.grace), "an end that it follows was expected")
        if self.carry_over is None:
            return
        require_kind(f"{what} carry_over", self.carry_over, CarryOver, "CarryOver(…) was expected")
        if self.carry_over.most is not None:
            self.require_own(f"{what} carry_over", self.carry_over.most)
        if self.expires != "period" or self.per in ("once", "event") or self.grace is not None:
            got = f"expires={self.expires!r}, per={self.per!r}" + (f", grace={self.grace}" if self.grace else "")
            expected = "units of a period that end with it, without grace, were expected"
            raise InvalidValue(f"{what} carry_over", got, expected, 'Write expires="period".')

    def require_own(self, what: str, quantity: Measure) -> None:
        """Refuse a quantity that is not counted as this promise is."""
        if isinstance(quantity, WorkTime) is not isinstance(self.quantity, WorkTime):
            expected = "work time was expected" if isinstance(self.quantity, WorkTime) else "whole units were expected"
            raise UnitMismatch(what, str(quantity), expected)

    @property
    def zone(self) -> Zone:
        """The zone of its days, that of its term.

        Raises:
            InvalidValue: if it has no term.
        """
        if not self.term:
            hint = "Give it a term=Term(…), or put it in a contract and take it from Contract.promised."
            raise InvalidValue(f"Benefit {self.id!r}", "no term", "one was expected, to reckon its days", hint)
        return self.term[0].zone

    @property
    def needs_assignment(self) -> bool:
        """Whether units have to be assigned to a person before they can be used."""
        return isinstance(self.expires, ExpiresAfter) and self.expires.of == "assignment"

    def of(self, amount: int) -> BenefitQuantity:
        """Return raw whole units (things, or seconds) as a quantity of this benefit.

        Example:
            >>> print(Benefit("checks", unit="health check", quantity=2).of(1))
            1 health check
        """
        if isinstance(self.quantity, WorkTime):
            return WorkTime(amount)
        return Units(amount, self.unit, self.plural)

    def measure(self, amount: int) -> Measure:
        """Return raw whole units (things, or seconds) as terms and events write them.

        Example:
            >>> Benefit("advice", unit="advice", quantity=WorkTime(7200)).measure(3600)
            hours(1)
        """
        return WorkTime(amount) if isinstance(self.quantity, WorkTime) else amount

    def value(self, amount: int, worth: Money | Price | None = None) -> Amount | None:
        """Return what raw whole units are worth, exactly; None if nobody said what one is worth.

        Args:
            amount: things, or seconds.
            worth: the value of one unit, where it is not that of the promise.

        Example:
            >>> print(Benefit("checks", unit="health check", quantity=2, worth=Money("450 EUR")).value(2))
            900.00 EUR
        """
        each = worth or self.worth
        if each is None:
            return None
        return Amount.of(each) * amount if isinstance(each, Money) else each * WorkTime(amount)

    def under(
        self,
        *,
        customer: str,
        contract: str,
        term: tuple[Term, ...],
        products: tuple[str, ...] = (),
        tier: str | None = None,
    ) -> "Benefit":
        """Return the promise as a contract makes it: what it leaves out comes from there.

        Example:
            >>> checks = Benefit("checks", unit="health check", quantity=2)
            >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
            >>> checks.under(customer="elm", contract="C-7", term=(year,)).zone.name
            'Europe/Berlin'
        """
        return attrs.evolve(
            self,
            customer=self.customer or customer,
            contract=self.contract or contract,
            term=self.term or term,
            products=self.products or products,
            tier=self.tier or tier,
        )

    def __repr__(self) -> str:
        values = {field.name: getattr(self, field.name) for field in attrs.fields(Benefit)[1:]}
        plain = {field.name: field.default for field in attrs.fields(Benefit)}
        said = [f"{name}={value!r}" for name, value in values.items() if value not in (plain[name], ())]
        return f"Benefit({', '.join([repr(self.id), *said])})"

    def __str__(self) -> str:
        return describe_benefit(self)


def require_terms(what: str, terms: tuple[Term, ...]) -> None:
    """Refuse terms that overlap, or that stand in two zones."""
    for number, term in enumerate(terms):
        require_kind(f"{what}[{number}]", term, Term, 'Term("2025-01-01", months=12, zone=…) was expected')
        if term.zone != terms[0].zone:
            raise InvalidValue(f"{what}[{number}]", term.zone.name, "terms in one zone were expected")
        if number and term.starts_on <= terms[number - 1].last_day:
            after = f"a start after {terms[number - 1].last_day} was expected"
            raise InvalidValue(f"{what}[{number}]", f"a start on {term.starts_on}", after)
