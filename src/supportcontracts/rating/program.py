"""The contract, made ready for the fold: whole units, epoch seconds, minor units, and a schedule of what is due when.

Compiling happens once per contract and is remembered, which is invisible: the program is a function of the contract
alone. Everything here is read-only for the fold.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.contract import Billing, Contract, Phase
from supportcontracts.contracts.plans import Fee, terms_of
from supportcontracts.money import Currency, RoundingMode, round_ratio
from supportcontracts.quantity import allocate_whole
from supportcontracts.rating.meters import ALLOTMENT, BANKS, CHARGE, MeterProgram, SourceProgram, account_of
from supportcontracts.rating.sayings import Sayings
from supportcontracts.timeline import Period, PeriodLength, Term, epoch, periods

__all__ = ["Program", "compiled"]


def __dir__() -> list[str]:
    return __all__


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
