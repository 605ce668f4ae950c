"""The contract: a header and dated phases, each with one plan.

The everyday contract has one phase, written as `Contract("C-101", customer=…, term=…, plan=…)`. An amendment or a
renewal adds a phase, a gap between phases is a lapse, and banks live on across phases: so what was said of a bank when
it was sold holds in every phase, and in every meter that draws from its pool.
"""

from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, tuple_of
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.benefits.promises import AnyBenefit, benefit_currencies, require_benefit
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.plans import (
    CappedHours,
    CappedIncidents,
    Composite,
    FixedAnnual,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
    PrepaidIncidents,
    currencies_of,
    terms_of,
)
from supportcontracts.contracts.postings import Posting
from supportcontracts.contracts.renewal import Renewal
from supportcontracts.contracts.sources import Fallback
from supportcontracts.contracts.tiers.tier import Tier
from supportcontracts.contracts.wording import describe
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.money import Currency, RoundingMode, check_rounding
from supportcontracts.timeline import Days, Term, Zone

__all__ = ["Billing", "Contract", "Phase"]


def __dir__() -> list[str]:
    return __all__


Billing = Literal["term", "yearly", "quarterly", "monthly"]
"""How long a billing period is; periods are counted from the start of the term."""

_PLANS = (
    FixedAnnual,
    CappedHours,
    CappedIncidents,
    PrepaidHours,
    PrepaidIncidents,
    PayPerHour,
    PayPerIncident,
    Composite,
)


def _require_same_terms(what: str, banks: Banks, where: str, first: Banks) -> None:
    """Refuse other terms for the banks of a pool than those they were sold on."""
    for name, said, before in (("usable", banks.usable, first.usable), ("returns", banks.returns, first.returns)):
        if said != before:
            raise InvalidValue(
                what,
                f"{name}={said!r} for the banks of pool {banks.pool!r}, which have {name}={before!r} in {where}",
                "the same was expected, since the terms of a bank do not change once it is sold",
                'Name another pool for banks sold on other terms, as in Banks(pool="project").',
            )


def _as_currency(value: Currency | str | None) -> Currency | None:
    return None if value is None else Currency.of(value)


@frozen
class Phase:
    """One plan for one term.

    Example:
        >>> from supportcontracts.money import Money
        >>> phase = Phase(
        ...     Term("2025-01-01", months=12, zone="Europe/Berlin"), FixedAnnual(fee=Money("19000 EUR"))
        ... )
        >>> phase.term.days
        365
    """

    term: Term
    plan: Plan

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.term, Term):
            raise InvalidValue("Phase.term", repr(self.term), 'Term("2025-01-01", months=12, zone=…) was expected')
        if not isinstance(self.plan, _PLANS):
            raise InvalidValue("Phase.plan", repr(self.plan), "a plan was expected, as in CappedHours(…)")


@frozen(cache_hash=True)
class Contract:
    """What was agreed with one customer: one currency, one zone, and a plan for each of its phases.

    Attributes:
        id: the name of the contract.
        customer: whose contract it is.
        term: the term of the only phase; leave it out where `phases` are given.
        plan: the plan of the only phase; leave it out where `phases` are given.
        phases: dated plans, in order, without overlap; a gap between them is a lapse.
        rounding: how each line settles to the minor unit; there is no default.
        billing: how long a billing period is.
        currency: needed only where no term mentions money.
        tier: the level of service, or None if none is agreed.
        products: what is supported; empty: the terms do not say.
        contacts: who may ask; empty: the terms do not say.
        renewal: how it goes on when its last phase ends; None: the terms do not say.
        record_within: use that is recorded more than so many local days after it happened is refused; None: late use is
            as good as any.
        postings: the tax category and ledger code of lines; the first that fits a line is carried to its statement.
        benefits: what is promised beside support; customer, term and products come from here, see `promised`.

    Raises:
        InvalidValue: for a missing or unknown rounding, for phases that overlap or stand in two zones, for both
            spellings at once or neither, for a fallback to itself, and for sources that draw from one pool of banks
            on different terms.
        CurrencyMismatch: for terms in two currencies.

    Rules: D5, D17, D21, D23.

    Example:
        >>> from supportcontracts.money import Money
        >>> c = Contract(
        ...     "C-7", customer="elm", rounding="half-up",
        ...     term=Term("2025-01-01", months=12, zone="Europe/Berlin"), plan=FixedAnnual(fee=Money("19000 EUR")),
        ... )
        >>> c.currency.code, c.zone.name, len(c.dated_phases)
        ('EUR', 'Europe/Berlin', 1)
        >>> print(c)
        C-7 · elm · 2025-01-01 to 2025-12-31, Europe/Berlin · billed yearly
        A fee of 19,000.00 EUR a year falls due in advance in equal instalments, for a part of a year by its days.
        All work and incidents are included.
        Each line settles half up to 0.01 EUR.
    """

    id: str
    customer: str = attrs.field(kw_only=True)
    rounding: RoundingMode = attrs.field(kw_only=True)
    term: Term | None = attrs.field(default=None, kw_only=True)
    plan: Plan | None = attrs.field(default=None, kw_only=True)
    phases: tuple[Phase, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    billing: Billing = attrs.field(default="yearly", kw_only=True)
    currency: Currency = attrs.field(default=None, converter=_as_currency, kw_only=True)
    tier: Tier | None = attrs.field(default=None, kw_only=True)
    products: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    contacts: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    renewal: Renewal | None = attrs.field(default=None, kw_only=True)
    record_within: Days | None = attrs.field(default=None, kw_only=True)
    postings: tuple[Posting, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    benefits: tuple[AnyBenefit, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Contract.id", self.id)
        require_text("Contract.customer", self.customer)
        check_rounding(self.rounding)
        require_choice("Contract.billing", self.billing, get_args(Billing))
        for name, words in (("products", self.products), ("contacts", self.contacts)):
            for number, word in enumerate(words):
                require_text(f"Contract.{name}[{number}]", word)
        if self.tier is not None:
            require_kind("Contract.tier", self.tier, Tier, "a Tier was expected", 'Write Tier("premium", targets={…}).')
        if self.renewal is not None:
            hint = 'Write Renewal(mode="automatic", …).'
            require_kind("Contract.renewal", self.renewal, Renewal, "renewal terms were expected", hint)
        if self.record_within is not None:
            require_kind("Contract.record_within", self.record_within, Days, "days were expected", "Write days(30).")
        for number, posting in enumerate(self.postings):
            require_kind(f"Contract.postings[{number}]", posting, Posting, "a Posting was expected")
        self._check_phases()
        self._check_sources()
        self._check_benefits()
        named = {currency for phase in self.dated_phases for currency in currencies_of(phase.plan)}
        named |= {currency for benefit in self.benefits for currency in benefit_currencies(benefit)}
        if self.currency is not None:
            named.add(self.currency)
        if not named:
            raise InvalidValue(
                "Contract.currency",
                "no currency",
                "one was expected, since no term mentions money",
                'Write currency="EUR".',
            )
        if len(named) > 1:
            codes = " and ".join(sorted(currency.code for currency in named))
            raise CurrencyMismatch(
                "Contract", codes, "terms in one currency were expected", "Write one contract for each."
            )
        object.__setattr__(self, "currency", named.pop())

    def _check_phases(self) -> None:
        if self.phases and (self.term is not None or self.plan is not None):
            raise InvalidValue(
                "Contract",
                "phases beside term and plan",
                "one spelling was expected",
                "Put the term and plan in a Phase.",
            )
        if not self.phases:
            if self.term is None or self.plan is None:
                missing = "term" if self.term is None else "plan"
                raise InvalidValue("Contract", f"no {missing}", "a term and a plan, or phases, were expected")
            Phase(self.term, self.plan)
            return
        for number, phase in enumerate(self.phases):
            if not isinstance(phase, Phase):
                raise InvalidValue(f"Contract.phases[{number}]", repr(phase), "a Phase was expected")
            if phase.term.zone != self.phases[0].term.zone:
                raise InvalidValue(
                    f"Contract.phases[{number}]", phase.term.zone.name, "phases in one zone were expected"
                )
            if number and phase.term.starts_on <= self.phases[number - 1].term.last_day:
                raise InvalidValue(
                    f"Contract.phases[{number}]",
                    f"a start on {phase.term.starts_on}",
                    f"a start after {self.phases[number - 1].term.last_day} was expected",
                )
        if len(self.phases) == 1:
            object.__setattr__(self, "term", self.phases[0].term)
            object.__setattr__(self, "plan", self.phases[0].plan)
            object.__setattr__(self, "phases", ())

    def _check_sources(self) -> None:
        """Refuse a fallback to the contract itself, and a pool whose banks would change their terms once sold."""
        sold: dict[tuple[str, str], tuple[str, Banks]] = {}
        for number, phase in enumerate(self.dated_phases):
            at = f"phases[{number}]." if self.phases else ""
            for placed in terms_of(phase.plan).meters:
                for source, path in zip(placed.meter.sources, placed.source_paths, strict=True):
                    match source:
                        case Fallback(contract=self.id):
                            raise InvalidValue(
                                f"Contract.{at}{path}",
                                f"a fallback to {self.id!r}, which is this contract",
                                "another contract was expected",
                                "Write Refuse() or Hold() if there is none.",
                            )
                        case Banks():
                            pool = source.pool, placed.meter.unit
                            where, first = sold.setdefault(pool, (f"{at}{path}", source))
                            _require_same_terms(f"Contract.{at}{path}", source, where, first)
                        case _:
                            pass

    def _check_benefits(self) -> None:
        """Refuse promises of one name, and such that could never be used in the terms of the phases (N15)."""
        ids = [require_benefit(f"Contract.benefits[{number}]", each).id for number, each in enumerate(self.benefits)]
        if len(set(ids)) != len(ids):
            raise InvalidValue("Contract.benefits", f"the ids {ids}", "an id of its own for each was expected")
        _ = self.promised

    @property
    def promised(self) -> tuple[AnyBenefit, ...]:
        """The benefits as this contract promises them: to its customer, for its terms, for its products.

        Example:
            >>> from supportcontracts.contracts.benefits import Benefit
            >>> from supportcontracts.money import Money
            >>> c = Contract(
            ...     "C-7", customer="elm", rounding="half-up", currency="EUR", plan=FixedAnnual(fee=Money("19000 EUR")),
            ...     term=Term("2025-01-01", months=12, zone="Europe/Berlin"),
            ...     benefits=Benefit("training", unit="training day", quantity=2, expires="term"),
            ... )
            >>> c.promised[0].customer, str(c.promised[0].term[0])
            ('elm', '2025-01-01 to 2025-12-31, Europe/Berlin')
        """
        terms = tuple(phase.term for phase in self.dated_phases)
        tier = None if self.tier is None else self.tier.name
        return tuple(
            each.under(customer=self.customer, contract=self.id, term=terms, products=self.products, tier=tier)
            for each in self.benefits
        )

    @property
    def dated_phases(self) -> tuple[Phase, ...]:
        """The phases in order; the everyday contract has one."""
        if self.phases:
            return self.phases
        assert self.term is not None
        assert self.plan is not None
        return (Phase(self.term, self.plan),)

    def __str__(self) -> str:
        return describe(self)

    @property
    def zone(self) -> Zone:
        """The zone of the contract's days and periods."""
        if self.term is None:
            return self.phases[0].term.zone
        return self.term.zone
