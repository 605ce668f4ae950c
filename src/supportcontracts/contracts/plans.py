"""Plans: the contract types, friendly names for one composition of fees and meters.

A plan is plain data without customer or dates. `terms_of` turns every plan into `Terms`: *fees* fall due whether or
not support is used; a *meter* measures one unit in a scope and has a waterfall of sources that pay for use. The
rating engine sees only those, so a new contract type is one class and one branch of `terms_of`.
"""

from typing import Literal, assert_never

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, tuple_of
from supportcontracts.contracts.allotments import Allotment, AllotmentPeriod, Rollover, Short, SubLimit
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.contracts.metering import Metering, require_choice
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Source, Unlimited, source_currencies, source_unit
from supportcontracts.contracts.tariffs import Tariff, require_money
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.money import Currency, Money
from supportcontracts.quantity import Incidents, Quantity, Unit, WorkTime

__all__ = [
    "Beyond",
    "CappedHours",
    "CappedIncidents",
    "Composite",
    "Fee",
    "FixedAnnual",
    "Meter",
    "PayPerHour",
    "PayPerIncident",
    "Plan",
    "PrepaidHours",
    "PrepaidIncidents",
    "Terms",
    "currencies_of",
    "terms_of",
]


def __dir__() -> list[str]:
    return __all__


Beyond = Charge | Hold | Refuse | Fallback
"""What follows in a plan when its units are gone: one, or several in order where the first is limited."""


def _require_use(plan: object, metering: object, scope: object, *tables: object) -> None:
    """Refuse what does not say how a plan measures use, and which."""
    name = type(plan).__name__
    require_kind(f"{name}.metering", metering, Metering, "a Metering was expected", "Write Metering(…).")
    require_scope(f"{name}.scope", scope)
    for table in tables:
        require_kind(f"{name}.incidents", table, IncidentTable, "an IncidentTable was expected")


def _require_beyond(what: str, values: tuple[object, ...], unit: Unit) -> None:
    for value in values:
        if not isinstance(value, (Charge, Hold, Refuse, Fallback)):
            raise InvalidValue(what, repr(value), "Charge, Hold, Refuse or Fallback was expected")
        bound = source_unit(value)
        if bound is not None and bound != unit:
            raise UnitMismatch(what, f"a tariff for {bound}", f"a tariff for {unit} was expected")
    if not values or not _never_runs_out(values[-1]):  # type: ignore[arg-type]  # checked above
        raise InvalidValue(
            what,
            f"an end in {type(values[-1]).__name__} with a scope or limit" if values else "nothing",
            "an end that never runs out was expected",
            "Write several in order, as in beyond=[Charge(…, limit=hours(5)), Refuse()].",
        )


@frozen
class FixedAnnual:
    """An annual fee covers every use; a fair-use level asks somebody to look.

    Attributes:
        fee: for each year of the term, billed in equal instalments.
        review_at: a notice when the use of a contract year passes it.
        metering: how work is metered.
        scope: the use that the plan is for.

    Rules: F1, B1.

    Example:
        >>> str(FixedAnnual(fee=Money("19000 EUR")).fee)
        '19,000.00 EUR'
    """

    fee: Money = attrs.field(kw_only=True)
    review_at: Quantity | None = attrs.field(default=None, kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope)
        require_money("FixedAnnual.fee", self.fee)
        if self.review_at is not None and not isinstance(self.review_at, (WorkTime, Incidents)):
            raise InvalidValue("FixedAnnual.review_at", repr(self.review_at), "hours(…) or incidents(…) was expected")


@frozen
class CappedHours:
    """An annual fee includes hours for each period; `beyond` says what follows when they are used up.

    Rules: F1, B1, D18, D19.

    Example:
        >>> from supportcontracts.money import Price
        >>> from supportcontracts.quantity import hours
        >>> plan = CappedHours(
        ...     fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h"))
        ... )
        >>> str(plan.allotment)
        '10h 00m'
    """

    fee: Money = attrs.field(kw_only=True)
    allotment: WorkTime = attrs.field(kw_only=True)
    per: AllotmentPeriod = attrs.field(kw_only=True)
    beyond: tuple[Beyond, ...] = attrs.field(converter=tuple_of, kw_only=True)
    rollover: Rollover | None = attrs.field(default=None, kw_only=True)
    sublimits: tuple[SubLimit, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    short: Short = attrs.field(default="split", kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope)
        require_money("CappedHours.fee", self.fee)
        if not isinstance(self.allotment, WorkTime):
            raise InvalidValue(
                "CappedHours.allotment", repr(self.allotment), "work time was expected", "Write hours(10)."
            )
        _require_beyond("CappedHours.beyond", self.beyond, "work")
        _allotment_of(self)


@frozen
class CappedIncidents:
    """An annual fee includes incidents for each period, with their labour.

    Rules: F1, B1, I1, D14.

    Example:
        >>> from supportcontracts.quantity import incidents
        >>> plan = CappedIncidents(fee=Money("900 EUR"), allotment=incidents(12), per="year", beyond=Refuse())
        >>> str(plan.allotment)
        '12 incidents'
    """

    fee: Money = attrs.field(kw_only=True)
    allotment: Incidents = attrs.field(kw_only=True)
    per: AllotmentPeriod = attrs.field(kw_only=True)
    beyond: tuple[Beyond, ...] = attrs.field(converter=tuple_of, kw_only=True)
    rollover: Rollover | None = attrs.field(default=None, kw_only=True)
    sublimits: tuple[SubLimit, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    short: Short = attrs.field(default="split", kw_only=True)
    incidents: IncidentTable = attrs.field(factory=IncidentTable, kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope, self.incidents)
        require_money("CappedIncidents.fee", self.fee)
        if not isinstance(self.allotment, Incidents):
            raise InvalidValue(
                "CappedIncidents.allotment", repr(self.allotment), "incidents were expected", "Write incidents(12)."
            )
        _require_beyond("CappedIncidents.beyond", self.beyond, "incidents")
        _allotment_of(self)


@frozen
class PrepaidHours:
    """Hours are bought in banks before they are used.

    Rules: B2, D16, D17, D28.

    Example:
        >>> PrepaidHours(beyond=Hold()).banks.order
        'soonest-expiry'
    """

    banks: Banks = attrs.field(factory=Banks, kw_only=True)
    beyond: tuple[Beyond, ...] = attrs.field(converter=tuple_of, kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope)
        _require_banks("PrepaidHours.banks", self.banks, "work")
        _require_beyond("PrepaidHours.beyond", self.beyond, "work")


@frozen
class PrepaidIncidents:
    """Incidents are bought in banks before they are used, with their labour.

    Rules: B2, I1, D14, D16, D28.

    Example:
        >>> PrepaidIncidents(beyond=Refuse()).incidents.opened
        'consume'
    """

    banks: Banks = attrs.field(factory=Banks, kw_only=True)
    beyond: tuple[Beyond, ...] = attrs.field(converter=tuple_of, kw_only=True)
    incidents: IncidentTable = attrs.field(factory=IncidentTable, kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope, self.incidents)
        _require_banks("PrepaidIncidents.banks", self.banks, "incidents")
        _require_beyond("PrepaidIncidents.beyond", self.beyond, "incidents")


@frozen
class PayPerHour:
    """Every hour is charged as it is used.

    Attributes:
        tariff: a tariff, or a whole `Charge` where its window, rates or limits have to be said.

    Rules: T1.

    Example:
        >>> from supportcontracts.money import Price
        >>> PayPerHour(tariff=Price("150 EUR/h")).metering.group
        'entry'
    """

    tariff: Tariff | Charge = attrs.field(kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope)
        _require_beyond("PayPerHour.tariff", (_charge(self.tariff),), "work")


@frozen
class PayPerIncident:
    """Every incident is charged as it is consumed, with its labour.

    Attributes:
        tariff: a tariff, or a whole `Charge` where its window, rates or limits have to be said.

    Rules: T1, I1, D14.

    Example:
        >>> from supportcontracts.money import Price
        >>> PayPerIncident(tariff=Price("290 EUR/incident")).incidents.opened
        'consume'
    """

    tariff: Tariff | Charge = attrs.field(kw_only=True)
    incidents: IncidentTable = attrs.field(factory=IncidentTable, kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _require_use(self, self.metering, self.scope, self.incidents)
        _require_beyond("PayPerIncident.tariff", (_charge(self.tariff),), "incidents")


@frozen
class Fee:
    """A fee falls due whether or not support is used.

    Attributes:
        amount: for each year of the term, or for the whole term.
        per: "year": a part year is prorated by days; "term": once.
        name: the name on the line.

    Rules: F1, F2, D29.

    Example:
        >>> Fee(Money("1200 EUR")).per
        'year'
    """

    amount: Money
    per: Literal["year", "term"] = attrs.field(default="year", kw_only=True)
    name: str = attrs.field(default="fee", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_money("Fee.amount", self.amount)
        require_choice("Fee.per", self.per, ("year", "term"))
        require_text("Fee.name", self.name)


@frozen
class Meter:
    """A meter measures one unit in a scope, and its sources pay for the use in order.

    Attributes:
        unit: "work" or "incidents"; units never convert inside a waterfall.
        sources: the waterfall; the last one never runs out.
        name: tells the meters of a plan apart.
        scope: the use that it measures; a use belongs to the first meter of its unit that admits it.
        metering: how work becomes billable and counted time.
        incidents: what counts as an incident.
        labour: of a meter for incidents: what becomes of work on its tickets. "included": it is part of the incident,
            shown and not charged, whatever became of that. "metered-if-unpaid": it is included if a source paid the
            incident, and else goes to a meter for work. "metered": it always goes to a meter for work. Work that names
            no ticket, or one that nothing happened to yet, is work like any other.

    Rules: D9, D14, D18.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Meter("work", [Allotment(hours(40), per="month"), Refuse()]).name
        'work'
    """

    unit: Unit
    sources: tuple[Source, ...] = attrs.field(converter=tuple_of)
    name: str = attrs.field(kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    metering: Metering = attrs.field(factory=Metering, kw_only=True)
    incidents: IncidentTable = attrs.field(factory=IncidentTable, kw_only=True)
    labour: Literal["included", "metered-if-unpaid", "metered"] = attrs.field(default="included", kw_only=True)

    @name.default
    def _name(self) -> str:
        return self.unit

    def __attrs_post_init__(self) -> None:
        require_choice("Meter.unit", self.unit, ("work", "incidents"))
        require_text("Meter.name", self.name)
        require_choice("Meter.labour", self.labour, ("included", "metered-if-unpaid", "metered"))
        _require_use(self, self.metering, self.scope, self.incidents)
        if not self.sources:
            raise InvalidValue(
                "Meter.sources", "no sources", "a waterfall was expected", "End it with Charge or Refuse."
            )
        for number, source in enumerate(self.sources):
            where = f"Meter.sources[{number}]"
            if not isinstance(source, (Unlimited, Allotment, Banks, Charge, Fallback, Hold, Refuse)):
                raise InvalidValue(where, repr(source), "a source was expected")
            bound = source_unit(source)
            if bound is not None and bound != self.unit:
                raise UnitMismatch(where, f"a source for {bound}", f"one for {self.unit} was expected")
        if not _never_runs_out(self.sources[-1]):
            raise InvalidValue(
                "Meter.sources",
                f"a waterfall that ends in {type(self.sources[-1]).__name__}",
                "a last source without scope or limit that never runs out was expected",
                "End it with Charge(…), Hold(), Refuse(), Fallback(…) or Unlimited().",
            )
        if self.labour == "metered-if-unpaid" and not self.incidents.consumed_at_opening:
            raise InvalidValue(
                "Meter.labour",
                '"metered-if-unpaid"',
                "incidents consumed at opening were expected",
                "Labour comes before a later consumption, so nobody could know yet whether it is paid.",
            )


@frozen
class Composite:
    """Any fees and any meters, for what the other plans do not say.

    Example:
        >>> from supportcontracts.money import Price
        >>> from supportcontracts.quantity import hours
        >>> plan = Composite(
        ...     fees=Fee(Money("2400 EUR")),
        ...     meters=Meter("work", [Allotment(hours(2), per="month"), Banks(), Charge(Price("140 EUR/h"))]),
        ... )
        >>> len(plan.meters[0].sources)
        3
    """

    fees: tuple[Fee, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    meters: tuple[Meter, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for what, items, kind in (("fees", self.fees, Fee), ("meters", self.meters, Meter)):
            for number, item in enumerate(items):
                if not isinstance(item, kind):
                    raise InvalidValue(f"Composite.{what}[{number}]", repr(item), f"a {kind.__name__} was expected")
            names = [item.name for item in items]
            if len(set(names)) != len(names):
                raise InvalidValue(f"Composite.{what}", f"the names {names}", "a name of its own for each was expected")


Plan = (
    FixedAnnual
    | CappedHours
    | CappedIncidents
    | PrepaidHours
    | PrepaidIncidents
    | PayPerHour
    | PayPerIncident
    | Composite
)
"""Every contract type."""


@frozen
class PlacedMeter:
    """A meter of `Terms`, with the paths of the terms it came from, which explanations cite."""

    meter: Meter
    metering_path: str
    source_paths: tuple[str, ...]


@frozen
class Terms:
    """What the rating engine sees of a plan: fees and meters, each with the path of the term it came from.

    Example:
        >>> terms_of(FixedAnnual(fee=Money("19000 EUR"))).fees[0].per
        'year'
    """

    fees: tuple[Fee, ...]
    fee_paths: tuple[str, ...]
    meters: tuple[PlacedMeter, ...]


def terms_of(plan: Plan) -> Terms:
    """Turn any plan into its fees and meters: the one total function behind every contract type.

    A plan by incident includes the labour, so it also has a meter for work, without limit (D14).

    Rules: D14.

    Example:
        >>> from supportcontracts.money import Price
        >>> terms = terms_of(PayPerIncident(tariff=Price("290 EUR/incident")))
        >>> [placed.meter.unit for placed in terms.meters]
        ['incidents', 'work']
    """
    match plan:
        case FixedAnnual():
            work_level = plan.review_at if isinstance(plan.review_at, WorkTime) else None
            incident_level = plan.review_at if isinstance(plan.review_at, Incidents) else None
            return Terms(
                (Fee(plan.fee),),
                ("plan.fee",),
                (
                    _placed(plan, "work", (Unlimited(review_at=work_level),), ("plan.review_at",)),
                    _placed(plan, "incidents", (Unlimited(review_at=incident_level),), ("plan.review_at",)),
                ),
            )
        case CappedHours():
            sources = (_allotment_of(plan), *plan.beyond)
            paths = ("plan.allotment", *_beyond_paths(plan.beyond))
            return Terms((Fee(plan.fee),), ("plan.fee",), (_placed(plan, "work", sources, paths),))
        case CappedIncidents():
            sources = (_allotment_of(plan), *plan.beyond)
            paths = ("plan.allotment", *_beyond_paths(plan.beyond))
            meters = (_placed(plan, "incidents", sources, paths), _labour(plan))
            return Terms((Fee(plan.fee),), ("plan.fee",), meters)
        case PrepaidHours():
            paths = ("plan.banks", *_beyond_paths(plan.beyond))
            return Terms((), (), (_placed(plan, "work", (plan.banks, *plan.beyond), paths),))
        case PrepaidIncidents():
            paths = ("plan.banks", *_beyond_paths(plan.beyond))
            placed = _placed(plan, "incidents", (plan.banks, *plan.beyond), paths)
            return Terms((), (), (placed, _labour(plan)))
        case PayPerHour():
            return Terms((), (), (_placed(plan, "work", (_charge(plan.tariff),), _charge_path(plan.tariff)),))
        case PayPerIncident():
            placed = _placed(plan, "incidents", (_charge(plan.tariff),), _charge_path(plan.tariff))
            return Terms((), (), (placed, _labour(plan)))
        case Composite():
            return Terms(
                plan.fees,
                tuple(f"plan.fees[{number}]" for number in range(len(plan.fees))),
                tuple(
                    PlacedMeter(
                        meter,
                        f"plan.meters[{number}].metering",
                        tuple(f"plan.meters[{number}].sources[{place}]" for place in range(len(meter.sources))),
                    )
                    for number, meter in enumerate(plan.meters)
                ),
            )
        case _:
            assert_never(plan)


def currencies_of(plan: Plan) -> frozenset[Currency]:
    """Name every currency that a plan mentions; a contract has exactly one.

    Example:
        >>> sorted(currency.code for currency in currencies_of(FixedAnnual(fee=Money("19000 EUR"))))
        ['EUR']
    """
    terms = terms_of(plan)
    found = {fee.amount.currency for fee in terms.fees}
    for placed in terms.meters:
        for source in placed.meter.sources:
            found |= source_currencies(source)
    return frozenset(found)


def _never_runs_out(source: Source) -> bool:
    if source.scope != EVERYTHING:
        return False
    match source:
        case Charge():
            return source.limit is None
        case Unlimited() | Hold() | Refuse() | Fallback():
            return True
        case _:
            return False


def _require_banks(what: str, banks: object, unit: Unit) -> None:
    if not isinstance(banks, Banks):
        raise InvalidValue(what, repr(banks), "Banks(…) was expected")
    bound = source_unit(banks)
    if bound is not None and bound != unit:
        raise UnitMismatch(what, f"banks of {bound}", f"banks of {unit} were expected")


def _charge(tariff: Tariff | Charge) -> Charge:
    return tariff if isinstance(tariff, Charge) else Charge(tariff)


def _charge_path(tariff: Tariff | Charge) -> tuple[str]:
    """A bare tariff is the plan's own; the terms of a whole `Charge` lie below it."""
    return ("plan.tariff",) if isinstance(tariff, Charge) else ("plan",)


def _beyond_paths(beyond: tuple[Beyond, ...]) -> tuple[str, ...]:
    if len(beyond) == 1:
        return ("plan.beyond",)
    return tuple(f"plan.beyond[{number}]" for number in range(len(beyond)))


def _allotment_of(plan: CappedHours | CappedIncidents) -> Allotment:
    return Allotment(plan.allotment, plan.per, rollover=plan.rollover, sublimits=plan.sublimits, short=plan.short)


def _placed(
    plan: FixedAnnual | CappedHours | CappedIncidents | PrepaidHours | PrepaidIncidents | PayPerHour | PayPerIncident,
    unit: Unit,
    sources: tuple[Source, ...],
    paths: tuple[str, ...],
) -> PlacedMeter:
    table = plan.incidents if isinstance(plan, CappedIncidents | PrepaidIncidents | PayPerIncident) else IncidentTable()
    # Labour has a meter of its own, without limit, which shows how long it took.
    labour: Literal["included", "metered"] = "metered" if unit == "incidents" else "included"
    meter = Meter(unit, sources, scope=plan.scope, metering=plan.metering, incidents=table, labour=labour)
    return PlacedMeter(meter, "plan.metering", paths)


def _labour(plan: CappedIncidents | PrepaidIncidents | PayPerIncident) -> PlacedMeter:
    meter = Meter("work", (Unlimited(),), name="labour", scope=plan.scope, metering=plan.metering)
    return PlacedMeter(meter, "plan.metering", ("plan.incidents",))
