"""What one use would cost: the answer for the phone, which changes nothing.

A preview is rated by the same fold as everything else, so what it says is what `rate` will say of the same event.
"""

from typing import Any

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Approval, ChargeItem, Event, TicketEvent, WorkEntry
from supportcontracts.explain import Explanation
from supportcontracts.money import Money
from supportcontracts.quantity import Quantity, quantity
from supportcontracts.rating.fold import Fold
from supportcontracts.rating.gate import happenings
from supportcontracts.rating.lines import Line, Notice
from supportcontracts.rating.printing import metering_words, paid_by, when
from supportcontracts.rating.program import BEGINNING, compiled
from supportcontracts.rating.records import LINE, MOVE, LineRecord, MoveRecord, NoticeRecord, full
from supportcontracts.rating.result import Rating
from supportcontracts.rating.saving import opened
from supportcontracts.rating.state import State
from supportcontracts.timeline import epoch

__all__ = ["LotChange", "Preview", "brought_to", "preview"]


def __dir__() -> list[str]:
    return __all__


@frozen
class LotChange:
    """What a use would leave of one lot that it draws.

    Attributes:
        lot: the lot, as it is named on lines.
        before: what is left of it now.
        left: what would be left of it.
    """

    lot: str
    before: Quantity
    left: Quantity


@frozen
class Preview:
    """What one use would cost, line by line, and what would be left of the lots it draws; nothing was changed.

    Attributes:
        use: what was asked about.
        lines: the lines that it would have.
        notices: the notices that it would give.
        amount: what it would cost.
        lots: what it would leave of each lot that it draws.
    """

    use: Event
    _rating: Rating = attrs.field(repr=False)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that it would have."""
        return self._rating.lines

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices that it would give."""
        return self._rating.notices

    @property
    def amount(self) -> Money:
        """What it would cost."""
        return self._rating.total

    @property
    def lots(self) -> tuple[LotChange, ...]:
        """What it would leave of each lot that it draws, in the order of the draws."""
        found: dict[str, LotChange] = {}
        for record in self._rating.records:
            if record.lot and record.meter is not None and record.kind in ("use", "release"):
                had = quantity(record.meter.unit, record.detail[0])
                left = quantity(record.meter.unit, record.detail[0] - record.counted)
                before = found[record.lot].before if record.lot in found else had
                found[record.lot] = LotChange(record.lot, before, left)
        return tuple(found.values())

    @property
    def metering(self) -> str:
        """How worked time became counted time, in a few words: "increment 15m, after hours × 1.5"."""
        return metering_words(self._rating.records)

    def explain(self, use: str | None = None) -> Explanation[Money]:
        """Derive the amount step by step, down to the terms that decided.

        Args:
            use: one of the uses of the lines, where there are several; None: that of the first line.

        Raises:
            InvalidValue: if there is no such line.
        """
        return self._rating.explain(use or (self.lines[0].use if self.lines else self.use.id))

    def to_rows(self) -> list[dict[str, Any]]:
        """Every line as a plain dict of texts and whole numbers, ready for a data frame."""
        return self._rating.to_rows()

    def __str__(self) -> str:
        uses = [line for line in self.lines if line.kind == "use"]
        worked, counted = _sum(uses, "worked"), _sum(uses, "counted")
        head = when(self._rating.contract.zone, self.use.at) + (f", {worked}" if worked is not None else "")
        counts = f"counts {counted} ({self.metering}); " if self.metering and counted != worked else ""
        notices = "".join(f"\nnotice: {notice}" for notice in self.notices)
        return f"{head}: {counts}{self.amount}, {', '.join(self._parts()) or 'no lines'}{notices}"

    def _parts(self) -> list[str]:
        """Say who pays: each lot once, with what it has and what would be left; the rest line by line."""
        changes = {change.lot: change for change in self.lots}
        parts = []
        for line in self.lines:
            paid = line.kind in ("use", "release")
            if isinstance(self.use, ChargeItem) and line.disposition == "charged":
                parts.append(self.use.kind)
            elif not (paid and line.lot):
                parts.append(f"{paid_by(line)} {line.counted}" if paid and line.counted else paid_by(line))
            elif line.lot in changes:
                change = changes.pop(line.lot)
                parts.append(f"{paid_by(line)} {change.before} → {change.left}")
        return parts


_USES = (WorkEntry, ChargeItem, Approval, TicketEvent)


def preview(contract: Contract, use: Event, *, opening: State | None) -> Preview:
    """Price one hypothetical use, as rating would, without changing anything.

    The lines are those that `rate` gives if the use is the next thing that happens. Work that is cut at the end of a
    period is shown whole, with the parts that lie in later periods.

    Args:
        contract: what was agreed.
        use: a work entry, the ticket event that would consume or give back an incident, a charge item, or an approval
            of held use.
        opening: the state to start from; None: before everything.

    Raises:
        StaleState: if the use lies before the state.
        ForeignEvent: for a use of another customer or contract.
        InvalidValue: for another event.

    Example:
        >>> from supportcontracts import PayPerHour, Price, Term, Zone, hours
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=zone),
        ...     plan=PayPerHour(tariff=Price("150 EUR/h")),
        ... )
        >>> draft = WorkEntry("draft", zone.at("2025-02-03 09:00"), customer="elm", worked=hours(2))
        >>> print(preview(c, draft, opening=None))
        Mon 2025-02-03 09:00, 2h 00m: 300.00 EUR, charge at 150.00 EUR/h 2h 00m
    """
    if not isinstance(use, _USES):
        raise InvalidValue(
            "preview",
            repr(use),
            "a use was expected: a work entry, a ticket event, a charge item or an approval",
            "Rate another event to see what follows from it: rate(contract, [event], opening=…, until=…).",
        )
    at = epoch(use.at)
    since = None if opening is None else epoch(opening.as_of)
    gate = happenings(contract, [use], since=since, until=at + 1, known_at=None)
    fold = brought_to(contract, opening, at)
    journal = fold.books.journal
    start = len(journal)
    fold.run(gate.happenings, at)
    own = [item for item in map(full, journal[start:]) if _is_of(item, use)]
    rest = [part_at for part_at, _, name, _ in fold.carried if name == use.id]
    if rest:
        later = len(journal)
        fold.run([], max(rest) + 1)
        own += [item for item in map(full, journal[later:]) if _is_of(item, use)]
    closing = State(use.at, contract.id) if opening is None else opening
    return Preview(use, Rating(contract, opening, use.at, closing, tuple(own)))


def brought_to(contract: Contract, opening: State | None, at: int) -> Fold:
    """Open a state, and bring it up to an instant: what the calendar brings until then, its beginnings included."""
    fold = opened(compiled(contract), opening)
    fold.run([], at)
    fold.calendar.advance(at, BEGINNING)
    return fold


def _is_of(item: Any, use: Event) -> bool:
    """Whether a record is of a use; between the parts of cut work, others have theirs."""
    if not isinstance(use, (WorkEntry, ChargeItem)):
        return True
    if item[0] == LINE:
        found = LineRecord._make(item)
        return found.use == use.id and found.kind in ("use", "charge-item")
    because = MoveRecord._make(item).because if item[0] == MOVE else NoticeRecord._make(item).because
    return because == use.id


def _sum(lines: list[Line], name: str) -> Quantity | None:
    found = [value for value in (getattr(line, name) for line in lines) if value is not None]
    return quantity(found[0].unit, sum(value.amount for value in found)) if found else None
