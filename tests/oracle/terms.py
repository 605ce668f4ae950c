"""Terms as the oracle reads them: each plan as fees and meters, scopes attribute by attribute, rates by who fits."""

from fractions import Fraction
from typing import NamedTuple, assert_never

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.plans import (
    CappedHours,
    CappedIncidents,
    Composite,
    Fee,
    FixedAnnual,
    Meter,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
    PrepaidIncidents,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Source, Unlimited
from supportcontracts.contracts.tariffs import Tariff
from supportcontracts.money import Price
from supportcontracts.quantity import Unit
from tests.oracle.days import BILLING, Stretch, cut, plus_days


class Use(NamedTuple):
    """A work entry, or an incident, as scopes and rates see it."""

    id: str
    unit: Unit
    ticket: str | None
    product: str | None = None
    severity: int | None = None
    channel: str | None = None
    role: str | None = None
    work_type: str | None = None
    window: str | None = None
    response: str | None = None
    rate: Price | None = None


class PhaseView(NamedTuple):
    """A phase with its periods, fees and meters."""

    number: int
    whole: Stretch
    billing: tuple[Stretch, ...]
    years: tuple[Stretch, ...]
    fees: tuple[Fee, ...]
    meters: tuple[Meter, ...]
    zone: str

    def periods(self, per: str) -> tuple[Stretch, ...]:
        """Cut the term of the phase."""
        return cut(self.whole.starts_on, self.whole.ends_before, per, self.zone)


def phases_of(contract: Contract) -> tuple[PhaseView, ...]:
    """Lay out the phases of a contract."""
    found = []
    for number, phase in enumerate(contract.dated_phases):
        zone = phase.term.zone.name
        first, after = phase.term.starts_on, plus_days(phase.term.last_day, 1)
        fees, meters = fees_and_meters(phase.plan)
        found.append(
            PhaseView(
                number,
                cut(first, after, "term", zone)[0],
                cut(first, after, BILLING[contract.billing], zone),
                cut(first, after, "year", zone),
                fees,
                meters,
                zone,
            )
        )
    return tuple(found)


def fees_and_meters(plan: Plan) -> tuple[tuple[Fee, ...], tuple[Meter, ...]]:
    """Read any plan as what falls due anyway, and what measures use."""
    match plan:
        case Composite():
            return plan.fees, plan.meters
        case FixedAnnual():
            units: tuple[Unit, Unit] = ("work", "incidents")
            level = plan.review_at
            unlimited = [
                Unlimited(review_at=level if level is not None and level.unit == unit else None) for unit in units
            ]
            meters = [_meter(plan, unit, (source,)) for unit, source in zip(units, unlimited, strict=True)]
            return (Fee(plan.fee),), tuple(meters)
        case CappedHours():
            return (Fee(plan.fee),), (_meter(plan, "work", (_granted(plan), *plan.beyond)),)
        case CappedIncidents():
            counted = _meter(plan, "incidents", (_granted(plan), *plan.beyond), plan.incidents)
            return (Fee(plan.fee),), (counted, _labour(plan))
        case PrepaidHours():
            return (), (_meter(plan, "work", (plan.banks, *plan.beyond)),)
        case PrepaidIncidents():
            return (), (_meter(plan, "incidents", (plan.banks, *plan.beyond), plan.incidents), _labour(plan))
        case PayPerHour():
            return (), (_meter(plan, "work", (_charged(plan.tariff),)),)
        case PayPerIncident():
            return (), (_meter(plan, "incidents", (_charged(plan.tariff),), plan.incidents), _labour(plan))
        case _:
            assert_never(plan)


SimplePlan = FixedAnnual | CappedHours | CappedIncidents | PrepaidHours | PrepaidIncidents | PayPerHour | PayPerIncident


def _meter(
    plan: SimplePlan, unit: Unit, sources: tuple[Source, ...], table: IncidentTable | None = None, name: str = ""
) -> Meter:
    """Build a meter; what labour takes is shown on a meter of its own, without limit."""
    rows = IncidentTable() if table is None else table
    return Meter(
        unit,
        list(sources),
        name=name or unit,
        scope=plan.scope,
        metering=plan.metering,
        incidents=rows,
        labour="metered",
    )


def _labour(plan: SimplePlan) -> Meter:
    return _meter(plan, "work", (Unlimited(),), name="labour")


def _granted(plan: CappedHours | CappedIncidents) -> Allotment:
    return Allotment(plan.allotment, plan.per, rollover=plan.rollover, sublimits=list(plan.sublimits), short=plan.short)


def _charged(tariff: Tariff | Charge) -> Charge:
    return tariff if isinstance(tariff, Charge) else Charge(tariff)


def admits(scope: Scope, use: Use) -> bool:
    """Ask restriction by restriction; a missing attribute meets only what is unrestricted (D15)."""
    asked: tuple[tuple[tuple[object, ...], object], ...] = (
        (scope.products, use.product),
        (scope.severities, use.severity),
        (scope.channels, use.channel),
        (scope.roles, use.role),
        (scope.work_types, use.work_type),
        (scope.windows, use.window),
        (scope.responses, use.response),
    )
    return all(value in admitted for admitted, value in asked if admitted)


def winning_rate(charge: Charge, use: Use) -> Price | None:
    """Find the rate that replaces the tariff: the entry's, by work type and role, by work type, by role; or None."""
    if charge.entry_rates == "used" and use.rate is not None:
        return use.rate
    fitting = [
        rate for rate in charge.rates if rate.role in (None, use.role) and rate.work_type in (None, use.work_type)
    ]
    for with_type, with_role in ((True, True), (True, False), (False, True)):
        for rate in fitting:
            if (rate.work_type is not None, rate.role is not None) == (with_type, with_role):
                return rate.price
    return None


def metering_for(meter: Meter, use: Use) -> tuple[int, Metering]:
    """Choose the first special metering that admits the use, or else the meter's own (numbered -1)."""
    for number, special in enumerate(meter.metering.special):
        if admits(special.scope, use):
            return number, special.metering
    return -1, meter.metering


def factors(metering: Metering, use: Use, on: str) -> list[Fraction]:
    """List the multipliers that apply."""
    return [each.factor for each in metering.multiplier if each.on == on and admits(each.scope, use)]
