"""The result of a rating: lines, movements, notices and the state to go on from, all read off one journal."""

from datetime import datetime
from functools import cached_property
from typing import Any

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.contract import Contract
from supportcontracts.explain import Explanation
from supportcontracts.ledger import COLUMNS, Balance, Movement, balance, moved
from supportcontracts.money import Money
from supportcontracts.rating.explaining import explanation
from supportcontracts.rating.gate import Gate
from supportcontracts.rating.lines import Line, Notice, line_of, notice_of, use_of
from supportcontracts.rating.printing import statement_html, statement_text
from supportcontracts.rating.program import compiled
from supportcontracts.rating.records import (
    LINE,
    MOVE,
    NOTICE,
    USE,
    LineRecord,
    NoticeRecord,
    full,
    line_record,
)
from supportcontracts.rating.state import State
from supportcontracts.timeline import Instant, from_epoch

__all__ = ["Rating"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Rating:
    """What follows from a contract and what happened: read lazily, line by line, from one journal.

    Attributes:
        contract: what was agreed.
        opening: the state that it went on from, or None.
        until: what happened before it is rated.
        closing: the state to start from next time.

    Rules: laws 1 to 5.
    """

    contract: Contract
    opening: State | None
    until: Instant
    closing: State
    _journal: tuple[Any, ...] = attrs.field(repr=False, eq=False)
    gate: Gate = attrs.field(factory=Gate, repr=False, eq=False)

    def __eq__(self, other: object) -> bool:
        if type(other) is not Rating:
            return NotImplemented
        mine = (self.contract, self.opening, self.until, self.closing, self.lines, self.movements, self.notices)
        return mine == (
            other.contract,
            other.opening,
            other.until,
            other.closing,
            other.lines,
            other.movements,
            other.notices,
        )

    def __hash__(self) -> int:
        return hash((self.contract, self.until, self.total))

    @cached_property
    def journal(self) -> tuple[Any, ...]:
        """Everything that was written, in order, each record in full."""
        return tuple(full(item) for item in self._journal)

    @cached_property
    def records(self) -> tuple[LineRecord, ...]:
        """The compact records of the lines."""
        return tuple(line_record(item) for item in self.journal if item[0] == LINE)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line, in the order in which things happened."""
        program = compiled(self.contract)
        return tuple(
            [
                use_of(item, program) if item[0] >= USE else line_of(item, program)
                for item in self._journal
                if item[0] != MOVE and item[0] != NOTICE
            ]
        )

    @cached_property
    def movements(self) -> tuple[Movement, ...]:
        """Every movement on a lot, in order; a draw stands where its line does."""
        quantity = compiled(self.contract).sayings.quantity
        found = []
        for item in self._journal:
            if item[0] >= USE:
                _, _, _, source, event, use, lot, _, _, measured, *part = item
                if lot:
                    counted = part[0][2] if part else measured[4]
                    found.append(moved(event.at, "draw", lot, quantity(source.meter.unit, counted), use))
            elif item[0] == MOVE:
                _, at, kind, lot, amount, unit, because, code = item
                found.append(moved(from_epoch(at), kind, lot, quantity(unit, amount), because, code))
            elif item[0] == LINE and item[8] and item[2] in ("use", "release"):
                _, at, _, _, meter, _, use, _, lot, _, _, _, _, counted, *_ = item
                found.append(moved(from_epoch(at), "draw", lot, quantity(meter.unit, counted), use))
        return tuple(found)

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """Every notice, in the order in which they were given."""
        program = compiled(self.contract)
        return tuple(notice_of(NoticeRecord._make(item), program) for item in self.journal if item[0] == NOTICE)

    @property
    def total(self) -> Money:
        """The sum of the amounts of all lines."""
        short = [item[8] for item in self._journal if item[0] >= USE]
        other = [item[16] for item in self._journal if item[0] == LINE]
        return Money.from_minor(sum(short) + sum(other), self.contract.currency)

    def lines_of(self, use: str) -> tuple[Line, ...]:
        """The lines of one entry, ticket, bank or fee.

        Example:
            See `rate`.
        """
        return tuple(line for line in self.lines if line.use == use)

    def explain(self, use: str) -> Explanation[Money]:
        """Derive the amount of one entry, ticket, bank or fee, step by step, down to the terms that decided.

        Raises:
            InvalidValue: if there is no such line, naming near ones.
        """
        return explanation(self, use)

    def balance_totals(self) -> dict[str, Balance]:
        """Add up the movements of every lot."""
        sums: dict[str, dict[str, int]] = {}
        for item in () if self.opening is None else self.opening.lots:
            if item.has_come_in and item.left:
                sums[item.id] = {"granted": item.left.amount}
        for movement in self.movements:
            if movement.kind in COLUMNS:
                columns = sums.setdefault(movement.lot, {})
                name = COLUMNS[movement.kind]
                columns[name] = columns.get(name, 0) + movement.quantity.amount
        return {lot: Balance(**columns) for lot, columns in sums.items()}

    def balance(self, lot: str, *, as_of: datetime | None = None) -> Balance:
        """Add up the movements of one lot, as of any past instant.

        What the lot held in the opening state counts as granted.

        Rules: D2.
        """
        found = balance(self.movements, lot, as_of=as_of)
        held = () if self.opening is None else self.opening.lots
        before = sum(item.left.amount for item in held if item.id == lot and item.has_come_in)
        return attrs.evolve(found, granted=found.granted + before)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every line as a plain dict of texts and whole numbers, ready for a data frame."""
        zone = self.contract.zone
        return [
            {
                "key": line.key,
                "contract": self.contract.id,
                "customer": self.contract.customer,
                "at": line.at.isoformat(),
                "local": zone.format(line.at),
                "period": line.period,
                "kind": line.kind,
                "use": line.use,
                "meter": line.meter,
                "source": line.source,
                "lot": line.lot,
                "disposition": line.disposition,
                "code": line.code,
                "worked": None if line.worked is None else line.worked.amount,
                "billable": None if line.billable is None else line.billable.amount,
                "counted": None if line.counted is None else line.counted.amount,
                "rate": line.rate,
                "exact": str(line.exact),
                "amount_minor": line.amount.minor,
                "currency": line.amount.currency.code,
            }
            for line in self.lines
        ]

    def __str__(self) -> str:
        return statement_text(self)

    def _repr_html_(self) -> str:
        return statement_html(self)
