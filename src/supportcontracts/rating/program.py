"""The contract, made ready for the fold: whole units, epoch seconds, minor units, and a schedule of what is due when.

Compiling happens once per contract and is remembered, which is invisible: the program is a function of the contract
alone. Everything here is read-only for the fold.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import mul
from typing import Any, NamedTuple, assert_never

from supportcontracts.contracts.allotments import Allotment, Overdraw
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Billing, Contract, Phase
from supportcontracts.contracts.metering import Metering, Multiplier
from supportcontracts.contracts.plans import Fee, PlacedMeter, terms_of
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Source, Unlimited
from supportcontracts.contracts.tariffs import Volume
from supportcontracts.money import Currency, Price, RoundingMode, round_ratio
from supportcontracts.quantity import allocate_whole
from supportcontracts.rating.sayings import Sayings
from supportcontracts.rating.windows import Windows
from supportcontracts.timeline import Period, PeriodLength, Term, epoch, periods

__all__ = ["Program", "compiled"]


def __dir__() -> list[str]:
    return __all__


Restrictions = tuple[tuple[str, frozenset[Any]], ...]

UNLIMITED, ALLOTMENT, BANKS, CHARGE, FALLBACK, HOLD, REFUSE = range(7)

# The order of what is due at one instant: endings first, then the change of period, then beginnings (D2, D3).
# Events come after `BEGINNING`, refunds before it.
END_LOT, END_ALLOTMENT, END_VOLUME, END_ADJUST, END_DEFICIT, END_HELD, TURN = range(7)
REFUND = 8
FEE, GRANT, ARRIVE, DAYS_LEFT = range(9, 13)
BEGINNING = 20

BILLING_LENGTH: dict[str, PeriodLength] = {
    "term": "term",
    "yearly": "year",
    "quarterly": "quarter",
    "monthly": "month",
}


class Due(NamedTuple):
    """Something that the calendar brings: at an instant, in an order, for a place in the program."""

    at: int
    order: int
    name: str
    what: Any


class Slice(NamedTuple):
    """A billing period of a phase: its instants, its name, the key that windows are counted under, its days."""

    start: int
    end: int
    name: str
    key: str
    days: tuple[int, int]
    """How many local days it has, and how many its cycle has: fewer where the term cuts it short."""


class MeteringProgram:
    """One metering, in whole seconds."""

    __slots__ = (
        "combine",
        "free",
        "free_all",
        "free_per",
        "grace",
        "group",
        "increment",
        "key",
        "looked_at",
        "measured",
        "minimum",
        "path",
        "plain",
        "price_factors",
        "quantity_factors",
        "split",
        "terms",
        "windows",
    )

    def __init__(self, metering: Metering, key: str, path: str) -> None:
        self.terms = metering
        self.key = key
        self.path = path
        self.group = metering.group
        self.free = metering.free.quantity.seconds if metering.free else 0
        self.free_per = metering.free.per if metering.free else "group"
        self.free_all = metering.free is not None and metering.free.reading == "all"
        self.minimum = metering.minimum.seconds
        self.grace = metering.grace.seconds
        self.increment = metering.increment.seconds
        self.combine = metering.combine
        self.split = metering.at_boundary == "split"
        # Where a multiplier has a calendar, all of them are looked up by the windows; else by the scopes alone.
        timed = any(multiplier.window for multiplier in metering.multiplier)
        self.windows = Windows(metering.multiplier, metering.combine, metering.windows) if timed else None
        self.quantity_factors = () if timed else _factors(metering.multiplier, "quantity")
        self.price_factors = () if timed else _factors(metering.multiplier, "price")
        self.looked_at = tuple(sorted({name for restrictions, _ in self.quantity_factors for name, _ in restrictions}))
        # What plain metering makes of an entry, by what the factors look at and the seconds worked: a function of both.
        self.measured: dict[Any, dict[int, Any]] = {}
        self.plain = self.group == "entry" and self.free_per == "group" and not self.split and not timed

    def rounded(self, quantity: int) -> int:
        """Round up to full steps; an excess of at most the grace is dropped (D11)."""
        excess = quantity % self.increment
        if not excess:
            return quantity
        return quantity - excess if excess <= self.grace else quantity - excess + self.increment

    def step(self, quantity: int) -> int:
        """Raise to the minimum and round to the increment; 0 stays 0 (D10, D11)."""
        return self.rounded(max(quantity, self.minimum)) if quantity else 0

    def unfree(self, quantity: int) -> int:
        """Take the free time off; in the reading "all" it is free only until it is passed (D10)."""
        if self.free_all:
            return 0 if quantity <= self.free else quantity
        return max(0, quantity - self.free)


def _factors(multipliers: tuple[Multiplier, ...], on: str) -> tuple[tuple[Restrictions, Fraction], ...]:
    return tuple((m.scope.restrictions, m.factor) for m in multipliers if m.on == on)


class SourceProgram:
    """One source of a waterfall, with everything the fold asks of it."""

    __slots__ = (
        "approval",
        "by_counted",
        "charge",
        "entry_rates",
        "flat",
        "flat_ratio",
        "free_first",
        "gives",
        "key",
        "kind",
        "label",
        "limit_money",
        "limit_per",
        "limit_units",
        "meter",
        "of_counted",
        "order",
        "overdraw",
        "overdraw_limit",
        "path",
        "per",
        "place",
        "plain",
        "pool",
        "rates",
        "restrictions",
        "sublimits",
        "terms",
        "volume",
        "whole",
    )

    def __init__(self, source: Source, meter: "MeterProgram", place: int, path: str, *, after_payer: bool) -> None:
        self.terms = source
        self.meter = meter
        self.place = place
        self.key = f"{meter.name}/{place}"
        self.path = path
        self.restrictions: Restrictions = source.scope.restrictions
        self.whole = False
        self.overdraw: Overdraw | None = None
        self.overdraw_limit = 0
        self.sublimits: tuple[tuple[int, Restrictions, str], ...] = ()
        self.pool = ""
        self.order = ""
        self.volume = False
        match source:
            case Unlimited():
                self.kind, self.label = UNLIMITED, "unlimited"
            case Allotment():
                self.kind, self.label = ALLOTMENT, "allotment"
                self._shortage(source.short, source.quantity.amount)
                self.sublimits = tuple((s.quantity.amount, s.scope.restrictions, s.per) for s in source.sublimits)
            case Banks():
                self.kind, self.label = BANKS, "bank"
                self._shortage(source.short, 0)
                self.pool, self.order = source.pool, source.order
            case Charge():
                self.kind, self.label = CHARGE, "overage" if after_payer else "charge"
                self._charge(source)
            case Fallback():
                self.kind, self.label = FALLBACK, f"fallback {source.contract}"
            case Hold():
                self.kind, self.label = HOLD, "hold"
            case Refuse():
                self.kind, self.label = REFUSE, "refuse"
            case _:
                assert_never(source)
        self.gives = {BANKS: "drawn", CHARGE: "charged"}.get(self.kind, "included")
        self.plain = self._is_plain()

    def _is_plain(self) -> bool:
        """Whether the first lot, or a flat price, pays a use with nothing else to look at."""
        if self.restrictions:
            return False
        if self.kind == UNLIMITED:
            return self.terms.review_at is None  # type: ignore[union-attr]  # an Unlimited, by its kind
        if self.kind == ALLOTMENT or self.kind == BANKS:
            return not (self.whole or self.sublimits)
        limited = self.kind == CHARGE and (self.limit_units is not None or self.limit_money is not None)
        return self.kind == CHARGE and self.flat is not None and not (limited or self.approval or self.adjusted)

    def _shortage(self, short: object, grant: int) -> None:
        self.whole = short == "whole-to-next"
        if isinstance(short, Overdraw):
            self.overdraw = short
            self.overdraw_limit = short_limit(short, grant)

    def _charge(self, charge: Charge) -> None:
        self.charge = charge
        self.approval = charge.approval == "required"
        self.of_counted = charge.of == "counted"
        self.by_counted = self.of_counted or self.meter.unit == "incidents"
        self.per = charge.per
        self.free_first = charge.free_first.amount if charge.free_first else 0
        self.entry_rates = charge.entry_rates == "used"
        self.rates = {(rate.role, rate.work_type): rate.price for rate in charge.rates}
        self.volume = isinstance(charge.tariff, Volume)
        plain = isinstance(charge.tariff, Price) and not self.free_first and not self.rates and not self.entry_rates
        self.flat = charge.tariff.per_unit() if plain and isinstance(charge.tariff, Price) else None
        self.flat_ratio = None if self.flat is None else self.flat.as_integer_ratio()
        self.limit_units = charge.limit.amount if charge.limit is not None and hasattr(charge.limit, "amount") else None
        self.limit_money = charge.limit.minor if charge.limit is not None and hasattr(charge.limit, "minor") else None
        self.limit_per = charge.limit_per

    @property
    def pays(self) -> bool:
        """Whether what comes behind this source is overage."""
        return self.kind in (UNLIMITED, ALLOTMENT, BANKS, FALLBACK)

    @property
    def adjusted(self) -> bool:
        """Whether the lines of a window are summed for a volume price, discount, maximum or minimum."""
        charge = self.charge
        return charge.discount is not None or charge.maximum is not None or charge.minimum is not None


class MeterProgram:
    """One meter: who it admits, how it measures, and its sources."""

    __slots__ = ("express", "labour", "metering", "meterings", "name", "restrictions", "sources", "table", "unit")

    def __init__(self, placed: PlacedMeter, phase: str, root: str) -> None:
        meter = placed.meter
        self.name = meter.name
        self.unit = meter.unit
        self.restrictions: Restrictions = meter.scope.restrictions
        self.table = meter.incidents
        self.labour = meter.labour
        self.metering = MeteringProgram(meter.metering, f"{phase}:{meter.name}", f"{root}{placed.metering_path}")
        self.meterings: tuple[tuple[Restrictions, MeteringProgram], ...] = tuple(
            (
                special.scope.restrictions,
                MeteringProgram(
                    special.metering,
                    f"{phase}:{meter.name}:{number}",
                    f"{root}{placed.metering_path}.special[{number}].metering",
                ),
            )
            for number, special in enumerate(meter.metering.special)
        )
        sources: list[SourceProgram] = []
        for place, (source, path) in enumerate(zip(meter.sources, placed.source_paths, strict=True)):
            after = any(earlier.pays for earlier in sources)
            sources.append(SourceProgram(source, self, place, f"{root}{path}", after_payer=after))
        self.sources = tuple(sources)
        # Whether the metering of a use depends on the use alone; and for work, whether the meter measures all of it.
        metering = self.metering
        self.express = not (self.meterings or metering.price_factors or metering.windows)
        if self.unit == "work":
            self.express = self.express and metering.plain and not self.restrictions

    def metering_of(self, facts: object) -> MeteringProgram:
        """The metering of a use: the first special one that admits it, else the meter's own."""
        for restrictions, special in self.meterings:
            if admits(restrictions, facts):
                return special
        return self.metering


def short_limit(short: Overdraw, size: int) -> int:
    """How far below zero a source may go: a quantity, or a share of a size in whole units (D18)."""
    return int(short.limit * size) if isinstance(short.limit, Fraction) else short.limit.amount


def admits(restrictions: Restrictions, use: object) -> bool:
    """Tell whether every restriction admits the use; a missing attribute meets only what is unrestricted (D15)."""
    for attribute, admitted in restrictions:  # noqa: SIM110  # a generator costs more than the loop, for every use
        if getattr(use, attribute) not in admitted:
            return False
    return True


def factor_of(factors: tuple[tuple[Restrictions, Fraction], ...], combine: str, facts: object) -> Fraction | None:
    """The larger of the multipliers that apply, or their product if the terms say so; None if none does (D12)."""
    combined = max if combine == "largest" else mul
    found: Fraction | None = None
    for restrictions, factor in factors:
        if admits(restrictions, facts):
            found = factor if found is None else combined(found, factor)
    return found


def account_of(source: SourceProgram) -> str:
    """The account under which a source is overdrawn: its pool, or its own place in the plan."""
    return f"{source.pool}/{source.meter.unit}" if source.kind == BANKS else source.key


class PhaseProgram:
    """One phase: its meters, its billing periods, and what its calendar brings."""

    __slots__ = (
        "end",
        "express",
        "incident_meters",
        "key",
        "meters",
        "phase",
        "root",
        "slices",
        "start",
        "work_meters",
        "year_starts",
    )

    def __init__(self, phase: Phase, billing: Billing, root: str) -> None:
        term = phase.term
        self.root = root
        self.phase = phase
        self.start = epoch(term.start)
        self.end = epoch(term.end)
        self.key = term.starts_on.isoformat()
        self.slices = _slices(term, BILLING_LENGTH[billing])
        self.meters = tuple(MeterProgram(placed, self.key, self.root) for placed in terms_of(phase.plan).meters)
        self.work_meters = tuple(meter for meter in self.meters if meter.unit == "work")
        self.incident_meters = tuple(meter for meter in self.meters if meter.unit == "incidents")
        labour = any(meter.labour != "metered" for meter in self.incident_meters)
        self.express = bool(self.work_meters) and self.work_meters[0].express and not labour
        self.year_starts = [year.start for year in _slices(term, "year")]

    def slice_at(self, at: int) -> Slice:
        """The billing period that contains an instant of the term."""
        return self.slices[bisect_right(self.slices, at, key=lambda piece: piece.start) - 1]

    def year_key(self, at: int) -> int:
        """Number the contract year that contains an instant of the term."""
        return bisect_right(self.year_starts, at)

    def sources(self) -> Iterator[SourceProgram]:
        """Every source of every meter."""
        for meter in self.meters:
            yield from meter.sources


class Grant(NamedTuple):
    """An allotment period, with everything that its grant and its end need."""

    source: SourceProgram
    period: Period
    start: int
    end: int
    last_day: date
    last: bool
    size: int
    own: str
    rolled: str
    rolled_until: date
    rolled_end: int


class FeeDue(NamedTuple):
    """An instalment of a fee: what it is for, its amount, and how it came about."""

    fee: Fee
    path: str
    minor: int
    covers: str
    working: str
    rule: str


class Program:
    """A compiled contract; all contracts on the same terms share all of it but the contract itself."""

    __slots__ = (
        "contract",
        "currency",
        "day_ends",
        "due_times",
        "final",
        "phases",
        "pools",
        "rounding",
        "sayings",
        "schedule",
        "zone",
    )

    contract: Contract

    def __init__(
        self,
        phases: tuple[Phase, ...],
        roots: tuple[str, ...],
        billing: Billing,
        currency: Currency,
        rounding: RoundingMode,
    ) -> None:
        self.currency = currency
        self.rounding = rounding
        self.zone = phases[0].term.zone
        self.phases = tuple(PhaseProgram(phase, billing, root) for phase, root in zip(phases, roots, strict=True))
        self.final = self.phases[-1].end
        self.sayings = Sayings(self.currency)
        # Where local days end, remembered as they are asked for: a function of the zone alone.
        self.day_ends: dict[date, int] = {}
        self.pools: dict[tuple[str, str], SourceProgram] = {}
        due: list[Due] = []
        for phase in self.phases:
            due += self._turns(phase)
            due += self._fees(phase)
            for source in phase.sources():
                due += self._allotments(phase, source)
                due += _windows(phase, source)
                if source.kind == BANKS:
                    self.pools.setdefault((source.pool, source.meter.unit), source)
        due += self._settlements()
        due.append(Due(self.final, END_HELD, "", None))
        self.schedule = sorted(due, key=lambda item: item[:3])
        self.due_times = [item.at for item in self.schedule]

    def of(self, contract: Contract) -> "Program":
        """The program of a contract on these terms."""
        found = Program.__new__(Program)
        for name in Program.__slots__:
            if name != "contract":
                setattr(found, name, getattr(self, name))
        found.contract = contract
        return found

    def phase_at(self, at: int) -> PhaseProgram | None:
        """The phase whose term contains an instant, or None."""
        for phase in self.phases:
            if phase.start <= at < phase.end:
                return phase
        return None

    def _settlements(self) -> list[Due]:
        """What an allotment is overdrawn by is charged when its phase ends, a pool of banks when the contract does."""
        due = {
            Due(self.final if source.kind == BANKS else phase.end, END_DEFICIT, account_of(source), account_of(source))
            for phase in self.phases
            for source in phase.sources()
            if source.overdraw is not None
        }
        return list(due)

    def source_in(self, phase: str, key: str) -> SourceProgram:
        """Find a source of one phase."""
        return next(s for p in self.phases if p.key == phase for s in p.sources() if s.key == key)

    def _turns(self, phase: PhaseProgram) -> list[Due]:
        turns = [Due(piece.start, TURN, "b", (phase, piece)) for piece in phase.slices]
        return [*turns, Due(phase.end, TURN, "a", (None, None))]

    def _fees(self, phase: PhaseProgram) -> list[Due]:
        terms = terms_of(phase.phase.plan)
        term = phase.phase.term
        due: list[Due] = []
        for fee, path in zip(terms.fees, terms.fee_paths, strict=True):
            for piece, minor, working in self._instalments(fee, phase, term):
                covers = "the term" if piece == (phase.start, phase.end) else ""
                due.append(
                    Due(
                        piece[0],
                        FEE,
                        fee.name,
                        FeeDue(
                            fee, f"{phase.root}{path}", minor, covers, working, "F2" if " days" in working else "F1"
                        ),
                    )
                )
        return due

    def _instalments(self, fee: Fee, phase: PhaseProgram, term: Any) -> Iterator[tuple[tuple[int, int], int, str]]:
        """Split a fee over the billing periods, so that the instalments sum to it (F1, D24)."""
        if fee.per == "term":
            yield from _shared(fee.amount.minor, phase.slices, str(fee.amount))
            return
        years = []
        for year in periods(term, "year"):
            share = year.share
            minor = round_ratio(fee.amount.minor * share.numerator, share.denominator, self.rounding)
            working = str(fee.amount) if share == 1 else f"{fee.amount} × {year.days}/{year.full_days} days"
            years.append((epoch(year.start), epoch(year.end), minor, working))
        if len(phase.slices) < len(years):
            whole = phase.slices[0]
            yield (whole.start, whole.end), sum(year[2] for year in years), " + ".join(year[3] for year in years)
            return
        for start, end, minor, working in years:
            yield from _shared(minor, [piece for piece in phase.slices if start <= piece.start < end], working)

    def _allotments(self, phase: PhaseProgram, source: SourceProgram) -> list[Due]:
        if source.kind != ALLOTMENT:
            return []
        assert isinstance(source.terms, Allotment)
        rollover = source.terms.rollover
        slices = periods(phase.phase.term, source.terms.per)
        due = []
        for number, period in enumerate(slices):
            until = slices[min(number + rollover.lasts, len(slices) - 1)] if rollover is not None else period
            own = f"{source.key}/{period.starts_on}"
            grant = Grant(
                source,
                period,
                epoch(period.start),
                epoch(period.end),
                period.last_day,
                number == len(slices) - 1,
                source.terms.quantity.amount,
                own,
                f"{own}>rolled",
                until.last_day,
                epoch(until.end),
            )
            due.append(Due(grant.start, GRANT, source.key, grant))
            due.append(Due(grant.end, END_ALLOTMENT, source.key, grant))
        return due


def _shared(minor: int, slices: Any, working: str) -> Iterator[tuple[tuple[int, int], int, str]]:
    parts = allocate_whole(minor, [1] * len(slices))
    for number, (piece, part) in enumerate(zip(slices, parts, strict=True)):
        shown = working if len(slices) == 1 else f"{working}, instalment {number + 1} of {len(slices)}"
        yield (piece.start, piece.end), part, shown


def _windows(phase: PhaseProgram, source: SourceProgram) -> list[Due]:
    """The ends of the windows in which a charge sums its lines; volume prices come before discounts (D26)."""
    if source.kind != CHARGE:
        return []
    due = []
    ends = {"period": [(piece.end, piece.key) for piece in phase.slices], "term": [(phase.end, phase.key)]}
    if source.volume:
        due += [Due(end, END_VOLUME, source.key, (source, key)) for end, key in ends[source.per or "period"]]
    if source.adjusted and source.charge.adjust_per == "term":
        due.append(Due(phase.end, END_ADJUST, source.key, (source, phase.key, (1, 1))))
    elif source.adjusted:
        due += [Due(piece.end, END_ADJUST, source.key, (source, piece.key, piece.days)) for piece in phase.slices]
    return due


@lru_cache(maxsize=512)
def compiled(contract: Contract) -> Program:
    """Compile a contract, once for as long as it is in use; the memory holds no more than that."""
    phases = contract.dated_phases
    # The everyday contract writes its one phase without naming it.
    roots = tuple(f"phases[{number}]." for number in range(len(phases))) if contract.phases else ("",)
    return _program(phases, roots, contract.billing, contract.currency, contract.rounding).of(contract)


@lru_cache(maxsize=512)
def _program(
    phases: tuple[Phase, ...], roots: tuple[str, ...], billing: Billing, currency: Currency, rounding: RoundingMode
) -> Program:
    """Compile terms once for all contracts that agree on them, as customers of a standard plan do."""
    return Program(phases, roots, billing, currency, rounding)


@lru_cache(maxsize=256)
def _slices(term: Term, length: PeriodLength) -> tuple[Slice, ...]:
    """The periods of a term, in epoch seconds."""
    return tuple(
        Slice(epoch(p.start), epoch(p.end), p.name, p.starts_on.isoformat(), (p.days, p.full_days))
        for p in periods(term, length)
    )
