"""Where and when a history plays: what matters in a contract, and what has happened so far.

A `Stage` is read off a contract once: the instants at which something ends or begins, the quantities that its terms
name, the attributes that its scopes look at. A `Story` is one history while it is drawn. It keeps a few instants in
focus, so that events meet at boundaries and with each other, and it knows its banks, tickets and totals, so that later
events can refer to earlier ones, exhaust what is left exactly, or name what never was.
"""

from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.plans import terms_of
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Hold
from supportcontracts.events import BankPurchase, Event, Fact, Replace, Reserved, Void, WorkEntry
from supportcontracts.quantity import Unit, WorkTime
from supportcontracts.testing.strategies._drawing import Feature, pick
from supportcontracts.testing.strategies.metering import POOLS
from supportcontracts.timeline import Zone, add_months, epoch

__all__ = ["Stage", "Story", "checked_contract", "clock_changes"]


def __dir__() -> list[str]:
    return __all__


HOUR, DAY = 3600, 86_400
TICKETS = ("T-1", "T-2", "T-3")

_MONTHS = {"month": 1, "quarter": 3, "year": 12, "monthly": 1, "quarterly": 3, "yearly": 12}
_AROUND = 35 * DAY // 900  # how far before and after the contract things happen, in quarters of an hour
_WORKED = (3600, 1800, 900, 7200, 5400, 1, 3661, 0)
_LAGS = (None, None, None, None, HOUR, 5 * DAY, 40 * DAY, -DAY)


def checked_contract(strategy: str, contract: object) -> Contract:
    """Return the contract that a strategy is given.

    Raises:
        InvalidArgument: for anything else, such as a strategy.
    """
    if not isinstance(contract, Contract):
        raise InvalidArgument(f"{strategy}: {contract!r} is no contract; draw one first, or use cases()")
    return contract


@lru_cache(maxsize=1024)
def clock_changes(zone: Zone, year: int) -> tuple[int, ...]:
    """Find the instants of a year at which the clocks of a zone change, in seconds since 1970.

    Two changes within three weeks that undo each other are missed.
    """
    first = zone.start_of_epoch(date(year, 1, 1))
    found = []
    for early in range(first, first + 357 * DAY, 21 * DAY):
        before, low, high = zone.offset_at(early), early, early + 21 * DAY
        if zone.offset_at(high) == before:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if zone.offset_at(middle) == before else (low, middle)
        found.append(high)
    return tuple(found)


@cache
def _inside(kind: type) -> tuple[str, ...] | None:
    """Name the fields of a class in which terms may be; None if it is no class of this library."""
    if kind.__module__.startswith("supportcontracts.contracts") and attrs.has(kind):
        return tuple(field.name for field in attrs.fields(kind))
    return () if kind.__module__.startswith("supportcontracts.") else None


def _parts(value: object) -> list[object]:
    """List a term and every value of this library inside it."""
    found: list[object] = []
    left: list[Any] = [value]
    while left:
        each = left.pop()
        if type(each) is tuple:
            left.extend(each)
            continue
        names = _inside(each.__class__)
        if names is not None:
            found.append(each)
            left.extend([getattr(each, name) for name in names])
    return found


def _edges(contract: Contract) -> list[date]:
    """List the first day of each phase and the first after it."""
    return [day for phase in contract.dated_phases for day in (phase.term.starts_on, phase.term.ends_before)]


def _periods(contract: Contract, parts: Iterable[object]) -> Iterator[date]:
    """Yield the first days of billing periods, allotment periods and years, the first few of each phase."""
    named = {contract.billing, "year", *(each.per for each in parts if isinstance(each, Allotment))}
    for phase in contract.dated_phases:
        for length in sorted(_MONTHS[name] for name in named if name != "term"):
            for count in (1, 2, 3):
                day = add_months(phase.term.starts_on, count * length)
                if day < phase.term.ends_before:
                    yield day


def _others(phase: Phase) -> Iterator[date]:
    """Yield days at whose start something only might begin or end: the second, a Monday, leap days."""
    term = phase.term
    yield term.starts_on + timedelta(days=1)
    yield term.starts_on + timedelta(days=7 - term.starts_on.weekday())
    for year in range(term.starts_on.year, term.last_day.year + 1):
        if isleap(year):
            yield from (day for day in (date(year, 2, 29), date(year, 3, 1)) if term.starts_on <= day <= term.last_day)


def _changes(phase: Phase) -> Iterator[int]:
    """Yield the instants of a phase at which the clocks change, and the midnights around them."""
    term = phase.term
    start, end = epoch(term.start), epoch(term.end)
    for year in range(term.starts_on.year, term.last_day.year + 1):
        for change in clock_changes(term.zone, year):
            if start < change < end:
                day = term.zone.date_of_epoch(change)
                yield from (change, term.zone.start_of_epoch(day), term.zone.start_of_epoch(day + timedelta(days=1)))


def _places(contract: Contract, parts: Iterable[object]) -> tuple[tuple[int, ...], ...]:
    """List the instants that matter in a contract, in seconds since 1970, by how much they matter."""
    starts = contract.zone.start_of_epoch
    edges = [starts(day) for day in _edges(contract)]
    periods = [starts(day) for day in _periods(contract, parts)]
    others = [starts(day) for phase in contract.dated_phases for day in _others(phase)]
    changes = [change for phase in contract.dated_phases for change in _changes(phase)]
    groups = (edges, periods, edges, periods, others, changes)
    return tuple(tuple(dict.fromkeys(group)) for group in groups if group)


def _looked_at(parts: Iterable[object]) -> dict[str, tuple[Any, ...]]:
    """List the attributes that terms look at, each with none, the values that they name, and one that they do not."""
    named: dict[str, dict[Any, None]] = {}
    for each in parts:
        if isinstance(each, Scope):
            for attribute, admitted in each.restrictions:
                named.setdefault(attribute, {}).update(dict.fromkeys(sorted(admitted)))
        elif isinstance(each, Rate):
            for attribute in ("role", "work_type"):
                value = getattr(each, attribute)
                named.setdefault(attribute, {}).update({} if value is None else {value: None})
    return {
        attribute: (None, *values, *[other for other in POOLS[attribute] if other not in values][:1])
        for attribute, values in named.items()
    }


def _words(parts: Iterable[object]) -> Iterator[str]:
    """Yield what else in the terms asks for events of some kind or content."""
    for each in parts:
        match each:
            case Hold():
                yield "held"
            case Charge():
                if each.approval == "required":
                    yield "held"
                if each.entry_rates == "used":
                    yield "entry-rates"
            case Banks() if each.usable == "payment":
                yield "paid"
            case Metering() if each.group == "technician-day":
                yield "technicians"
            case _:
                pass


@attrs.frozen
class Stage:
    """What a history needs to know of a contract.

    Attributes:
        spans: the phases, as seconds since 1970.
        places: the instants that matter, likewise, in groups: the ends of phases, of periods, other days, odd hours.
        worked: seconds of work that meet a limit of the terms, just miss it or pass it.
        stock: the seconds of work that allotments grant.
        attributes: those that the terms look at, with the values to draw from.
        units: the units that are metered.
        bank_units: the units that banks pay for.
        pools: the pools of those banks.
        words: what else the terms ask for: "held", "entry-rates", "paid", "technicians".
        reopening: seconds before a ticket is reopened: the limits of the tables and just before, or an hour.
    """

    contract: Contract
    zone: Zone
    without: frozenset[Feature]
    spans: tuple[tuple[int, int], ...]
    places: tuple[tuple[int, ...], ...]
    worked: tuple[int, ...]
    stock: tuple[int, ...]
    attributes: dict[str, tuple[Any, ...]]
    units: frozenset[Unit]
    bank_units: tuple[Unit, ...]
    pools: tuple[str, ...]
    words: frozenset[str]
    reopening: tuple[int, ...]

    @classmethod
    def of(cls, contract: Contract, without: frozenset[Feature]) -> "Stage":
        """Read a contract."""
        least = 1 if "zero-quantities" in without else 0
        plans = {id(phase.plan): phase.plan for phase in contract.dated_phases}  # renewals repeat theirs
        meters = [placed.meter for plan in plans.values() for placed in terms_of(plan).meters]
        parts = _parts(tuple(meters))
        marks = sorted({each.seconds for each in parts if isinstance(each, WorkTime)})
        worked = dict.fromkeys((*_WORKED, *marks, *(mark + 1 for mark in marks), *(mark - 1 for mark in marks)))
        banked = [(meter.unit, each) for meter in meters for each in meter.sources if isinstance(each, Banks)]
        limits = {meter.incidents.reopened_within.count * DAY for meter in meters if meter.incidents.reopened_within}
        return cls(
            contract=contract,
            zone=contract.zone,
            without=without,
            spans=tuple((epoch(phase.term.start), epoch(phase.term.end)) for phase in contract.dated_phases),
            places=_places(contract, parts),
            worked=tuple(seconds for seconds in worked if seconds >= least),
            stock=tuple(
                each.quantity.seconds
                for each in parts
                if isinstance(each, Allotment) and isinstance(each.quantity, WorkTime)
            ),
            attributes=_looked_at(parts),
            units=frozenset(meter.unit for meter in meters),
            bank_units=tuple(dict.fromkeys(unit for unit, _ in banked)),
            pools=tuple(dict.fromkeys(("banks", *(source.pool for _, source in banked)))),
            words=frozenset(_words(parts)),
            reopening=(HOUR, *(each for limit in sorted(limits) for each in (max(limit - 1, 0), limit))),
        )


class Story:
    """One history while it is drawn: what is in focus, and what has happened so far.

    `records` are the ways to record an event: how many seconds late, and whether customer and contract are said.
    """

    def __init__(self, stage: Stage, draw: DrawFn, kinds: Sequence[type[Event]], first: int = 1) -> None:
        self.stage = stage
        self.kinds = kinds
        self.first = first
        self.counts: dict[str, int] = {}
        self.events: list[Event] = []
        self.facts: dict[str, Fact] = {}
        self.banks: dict[str, BankPurchase] = {}
        self.keys: list[str] = []
        self.stock = list(stage.stock)
        self.total = 0
        self.records = tuple(
            (lag, said)
            for said in (False, True)
            for lag in _LAGS
            if lag is None or ("early-records" if lag < 0 else "late-records") not in stage.without
        )
        start, end = stage.spans[0][0], stage.spans[-1][1]
        self.anywhere = st.integers(-_AROUND, (end - start) // 900 + _AROUND)
        self.focus = [pick(draw, pick(draw, stage.places)) for _ in range(pick(draw, (1, 2, 3)))]

    def wants(self, *kinds: type[Event]) -> bool:
        """Tell whether the history may have an event of one of the kinds."""
        return any(kind in self.kinds for kind in kinds)

    def name(self, prefix: str) -> str:
        """Give the next id that starts with a prefix."""
        count = self.counts.get(prefix, self.first - 1) + 1
        self.counts[prefix] = count
        return f"{prefix}-{count}"

    def known(self, event: Event) -> None:
        """Take note of an event, so that later ones can refer to it and happen at the same instant."""
        at = epoch(event.at)
        if at not in self.focus and len(self.focus) < 6:
            self.focus.append(at)
        if isinstance(event, (Void, Replace)):
            return
        self.facts[event.id] = event
        match event:
            case BankPurchase():
                self._bought(event)
            case WorkEntry() if event.billable == "billable" and self.within(at):
                self.total += event.worked.seconds
            case Reserved():
                self.keys.append(event.key)
            case _:
                pass

    def _bought(self, bank: BankPurchase) -> None:
        self.banks[bank.id] = bank
        if isinstance(bank.quantity, WorkTime):
            self.stock.append(bank.quantity.seconds)
        if bank.expires_on is not None:
            self.focus.append(self.stage.zone.start_of_epoch(bank.expires_on + timedelta(days=1)))

    def add(self, event: Event) -> None:
        """Let an event happen."""
        self.events.append(event)
        self.known(event)

    def within(self, at: int) -> bool:
        """Tell whether an instant lies in a phase."""
        return any(start <= at < end for start, end in self.stage.spans)

    def inside(self, at: int) -> int:
        """Return the instant, or the start of the contract where nothing may happen outside its phases."""
        return at if "outside-terms" not in self.stage.without or self.within(at) else self.stage.spans[0][0]
