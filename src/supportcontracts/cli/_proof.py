"""Proof: what went in comes out, counted once, whatever the order; with the figures, for the demo.

Work is added up twice, from the entries and from the lines. What metering counted is compared with what the sources
took, each lot's movements with what the closing state says is left, the lines with the total, and the whole with a
second rating of the same events in another order.
"""

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any

from supportcontracts._fields import frozen
from supportcontracts.contracts.contract import Contract
from supportcontracts.events import Event, Replace, Void, WorkEntry
from supportcontracts.explain import table
from supportcontracts.money import Money
from supportcontracts.quantity import Unit, WorkTime, quantity
from supportcontracts.rating import Rating, Ratings, rate_all

__all__ = ["Check", "Proof", "prove"]


def __dir__() -> list[str]:
    return __all__


_DISPOSITIONS = ("included", "drawn", "charged", "free", "held", "handed-over", "refused")
_SEED = 2025


@frozen
class Check:
    """One thing that has to hold, the figures that show it, and whether it does."""

    name: str
    figures: str
    holds: bool

    def __str__(self) -> str:
        return f"{'holds' if self.holds else 'FAILS'}  {self.name}: {self.figures}"


@frozen
class Proof:
    """All checks, and what became of every unit, by contract."""

    dispositions: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    def __str__(self) -> str:
        return "\n".join([self.dispositions, "", *(str(check) for check in self.checks)])


def prove(contracts: tuple[Contract, ...], events: tuple[Event, ...], until: date, ratings: Ratings) -> Proof:
    """Check that ratings account for every unit of the events, exactly once.

    Rules: L1, L2, L3, L5.
    """
    return Proof(
        _disposition_table(ratings.ratings),
        (
            _work(events, ratings),
            _uses(ratings.ratings),
            _lots(ratings.ratings),
            _lines(ratings.ratings),
            _order(contracts, events, until, ratings),
        ),
    )


def _count(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _say(unit: str, amount: int) -> str:
    return str(quantity(unit, amount))


def _unit(record: Any) -> Unit:  # noqa: ANN401  # the compact record of a line
    """Return the unit of a line; one that no meter measured has that of its event."""
    if record.meter is not None:
        unit: Unit = record.meter.unit
        return unit
    return "work" if isinstance(record.detail, WorkEntry) else "incidents"


def _uses_of(rating: Rating) -> list[Any]:
    return [record for record in rating.records if record.kind == "use"]


def _disposition_table(ratings: Iterable[Rating]) -> str:
    """Show for each contract and unit how much was counted, and who took it."""
    rows: list[tuple[str, ...]] = []
    for rating in ratings:
        sums: dict[Unit, dict[str, int]] = {}
        for record in _uses_of(rating):
            taken = sums.setdefault(_unit(record), {})
            taken[record.disposition] = taken.get(record.disposition, 0) + record.counted
        for unit, taken in sums.items():
            shown = [_say(unit, taken[name]) if taken.get(name) else "–" for name in _DISPOSITIONS]
            rows.append((rating.contract.id, _say(unit, sum(taken.values())), *shown))
    used = [place for place in range(2, 2 + len(_DISPOSITIONS)) if any(row[place] != "–" for row in rows)]
    heads = ("contract", "counted", *_DISPOSITIONS)
    picked = [tuple(row[place] for place in (0, 1, *used)) for row in [heads, *rows]]
    return table(picked, right=set(range(1, len(used) + 2)))


def _work(events: tuple[Event, ...], ratings: Ratings) -> Check:
    """Compare the work of the entries with the work on the lines; what a contract hands over is on the next one's."""
    entries = {event.id: event for event in _corrected(events) if isinstance(event, WorkEntry)}
    put_in = sum(entry.worked.seconds for entry in entries.values())
    stray = {event.id for event in ratings.unrouted}
    apart = sum(entry.worked.seconds for entry in entries.values() if entry.id in stray)
    lines = sum(
        record.worked
        for rating in ratings.ratings
        for record in _uses_of(rating)
        if _unit(record) == "work" and record.disposition != "handed-over"
    )
    figures = f"{WorkTime(lines)} on lines + {WorkTime(apart)} under no contract"
    return Check(
        "work", f"{_count(len(entries), 'entry', 'entries')}, {WorkTime(put_in)} = {figures}", put_in == lines + apart
    )


def _corrected(events: Iterable[Event]) -> list[Event]:
    """Let the latest correction of each event act (D6)."""
    corrections = sorted(
        (event for event in events if isinstance(event, (Void, Replace))),
        key=lambda event: (event.recorded_at or event.at, event.id),
    )
    last = {correction.target: correction for correction in corrections}
    found: list[Event] = []
    for event in events:
        correction = last.get(event.id)
        if isinstance(event, (Void, Replace)) or isinstance(correction, Void):
            continue
        found.append(correction.by if isinstance(correction, Replace) else event)
    return found


def _uses(ratings: Iterable[Rating]) -> Check:
    """Compare what metering made of each use with the sum of its parts, worked, billable and counted."""
    uses = split = 0
    holds = True
    for rating in ratings:
        parts: dict[str, list[Any]] = {}
        for record in _uses_of(rating):
            parts.setdefault(record.use, []).append(record)
        uses += len(parts)
        split += sum(len(found) > 1 for found in parts.values())
        for found in parts.values():
            metered = found[0].metered
            if metered is not None:
                sums = [sum(getattr(part, name) for part in found) for name in ("worked", "billable", "counted")]
                holds = holds and sums == [metered.worked, metered.billable, metered.counted]
    return Check(
        "uses", f"{_count(uses, 'use', 'uses')}, {split:,} split; the parts of each sum to what was metered", holds
    )


def _lots(ratings: Iterable[Rating]) -> Check:
    """Compare what came into each lot with what went out and what the closing state says is left."""
    lots = 0
    sums: dict[str, list[int]] = {}
    holds = True
    for rating in ratings:
        left = {lot.id: lot.left.amount for lot in rating.closing.lots}
        units = {movement.lot: movement.quantity.unit for movement in rating.movements}
        for name in rating.balance_totals():
            found = rating.balance(name)
            came = found.granted + found.purchased + found.rolled_in + found.returned
            went = found.drawn + found.repaid + found.rolled_out + found.forfeited + found.refunded
            holds = holds and came == went + left.get(name, 0)
            total = sums.setdefault(units[name], [0, 0, 0])
            for place, amount in enumerate((came, went, left.get(name, 0))):
                total[place] += amount
            lots += 1
    shown = ", ".join(
        f"{_say(unit, came)} came in = {_say(unit, went)} went out + {_say(unit, rest)} left"
        for unit, (came, went, rest) in sums.items()
    )
    in_all = f"; in all {shown}" if shown else ""
    return Check("lots", f"{_count(lots, 'lot balances', 'lots balance')} one by one{in_all}", holds)


def _lines(ratings: tuple[Rating, ...]) -> Check:
    """Compare the lines with the total of each contract."""
    holds = True
    totals: dict[str, int] = {}
    for rating in ratings:
        lines = sum(line.amount.minor for line in rating.lines)
        holds = holds and lines == rating.total.minor
        code = rating.contract.currency.code
        totals[code] = totals.get(code, 0) + lines
    shown = ", ".join(str(Money.from_minor(minor, code)) for code, minor in totals.items())
    count = _count(sum(len(rating.lines) for rating in ratings), "line sums", "lines sum")
    of = _count(len(ratings), "contract", "contracts")
    return Check("lines", f"{count} to what is due under {of}, {shown}", holds)


def _order(contracts: tuple[Contract, ...], events: tuple[Event, ...], until: date, ratings: Ratings) -> Check:
    """Rate the same events in another order, and every one of them twice."""
    shuffled = [*events, *events]
    Random(_SEED).shuffle(shuffled)  # noqa: S311  # another order, no secret
    again = rate_all(contracts, shuffled, until=until)
    same = again.ratings == ratings.ratings
    return Check(
        "order",
        f"{_count(len(events), 'event', 'events')} shuffled, each given twice: the same lines, lots and notices",
        same,
    )
