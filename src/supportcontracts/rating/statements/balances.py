"""Balances as customers know them: opening, bought, used, expired, adjusted, closing, for each lot.

They are whole units of the lot. The opening balance repeats the closing one of the statement before, as it was
printed; what was recorded since then and changes it is the column *adjusted*, so that a reader can put two statements
side by side and find the same number twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

import attrs

from supportcontracts._fields import frozen
from supportcontracts.errors import InvalidValue
from supportcontracts.ledger import COLUMNS
from supportcontracts.quantity import Unit
from supportcontracts.rating.meters import account_of
from supportcontracts.rating.program import GRANT, Program
from supportcontracts.rating.records import LINE, MOVE
from supportcontracts.rating.state import State

__all__ = ["DeficitBalance", "LotBalance"]


def __dir__() -> list[str]:
    return __all__


@frozen
class LotBalance:
    """What a lot held when the period began, what became of it in the period, and what it holds at its end.

    Attributes:
        lot: the id of the bank or grant.
        kind: a "bank", the "grant" of a period, or a "rolled" lot.
        unit: what it counts.
        source: the pool of banks, or the meter and place of the allotment.
        opening: what the last statement said that it holds.
        adjusted: what was recorded since then changes that by.
        added: bought, granted or rolled in.
        used: drawn by use, or taken to repay what was overdrawn.
        returned: given back.
        rolled: rolled over into another lot.
        expired: forfeited at its end.
        refunded: given back for money.
        closing: what it holds at the end of the period.
        expires_on: its last day, as known at the end of the period.

    Raises:
        InvalidValue: if the columns do not add up.

    Rules: D30, law 2.

    Example:
        >>> LotBalance("B-07", "bank", "work", opening=10800, used=10800, closing=0).used
        10800
    """

    lot: str
    kind: Literal["bank", "grant", "rolled"]
    unit: Unit
    source: str = "banks"
    opening: int = attrs.field(default=0, kw_only=True)
    adjusted: int = attrs.field(default=0, kw_only=True)
    added: int = attrs.field(default=0, kw_only=True)
    used: int = attrs.field(default=0, kw_only=True)
    returned: int = attrs.field(default=0, kw_only=True)
    rolled: int = attrs.field(default=0, kw_only=True)
    expired: int = attrs.field(default=0, kw_only=True)
    refunded: int = attrs.field(default=0, kw_only=True)
    closing: int = attrs.field(default=0, kw_only=True)
    expires_on: date | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        came = self.opening + self.adjusted + self.added + self.returned
        went = self.used + self.rolled + self.expired + self.refunded
        if came - went != self.closing:
            raise InvalidValue(
                f"LotBalance {self.lot!r}", f"a closing balance of {self.closing}", f"{came - went} was expected"
            )


@frozen
class DeficitBalance:
    """What a source was overdrawn by when the period began, what became of it, and what is owed at its end.

    Attributes:
        account: the pool of banks, or the meter and place of the allotment.
        unit: what it counts.
        opening: what the last statement said was owed.
        adjusted: what was recorded since then changes that by.
        overdrawn: used beyond what there was.
        repaid: taken from what came next.
        settled: charged in money.
        forgiven: given back.
        closing: what is owed at the end of the period.

    Raises:
        InvalidValue: if the columns do not add up.

    Rules: D18, D30.

    Example:
        >>> DeficitBalance("work/0", "work", overdrawn=3600, repaid=600, closing=3000).closing
        3000
    """

    account: str
    unit: Unit
    opening: int = attrs.field(default=0, kw_only=True)
    adjusted: int = attrs.field(default=0, kw_only=True)
    overdrawn: int = attrs.field(default=0, kw_only=True)
    repaid: int = attrs.field(default=0, kw_only=True)
    settled: int = attrs.field(default=0, kw_only=True)
    forgiven: int = attrs.field(default=0, kw_only=True)
    closing: int = attrs.field(default=0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        owed = self.opening + self.adjusted + self.overdrawn - self.repaid - self.settled - self.forgiven
        if owed != self.closing:
            raise InvalidValue(
                f"DeficitBalance {self.account!r}", f"a closing balance of {self.closing}", f"{owed} was expected"
            )


class Stretch(NamedTuple):
    """A part of a rating: what was recorded in it, and the states at its ends."""

    journal: Sequence[Any]
    before: State | None
    after: State


_FIELDS = {
    "granted": "added",
    "purchased": "added",
    "rolled_in": "added",
    "returned": "returned",
    "drawn": "used",
    "repaid": "used",
    "rolled_out": "rolled",
    "forfeited": "expired",
    "refunded": "refunded",
}
_OWED = {"overdraw": "overdrawn", "settle": "settled", "forgive": "forgiven"}


def balances_of(program: Program, stretch: Stretch, printed: Iterable[LotBalance] | None) -> tuple[LotBalance, ...]:
    """Add up the movements of a period by lot; lots that held nothing and did not move are left out.

    Args:
        program: the compiled contract.
        stretch: what was recorded in the period, and the states at its ends.
        printed: the balances of the statement before; None: there is none.
    """
    before, after = stretch.before, stretch.after
    held = {} if before is None else {lot.id: lot.left.amount for lot in before.lots if lot.has_come_in}
    sums: dict[str, dict[str, int]] = {lot: {} for lot, amount in held.items() if amount}
    for lot, column, amount in _moved(stretch.journal):
        sums.setdefault(lot, {})
        sums[lot][column] = sums[lot].get(column, 0) + amount
    earlier = None if printed is None else {balance.lot: balance for balance in printed}
    for lot, balance in ({} if earlier is None else earlier).items():
        if balance.closing:
            sums.setdefault(lot, {})
    known = _lots(program, before, after, earlier or {})
    found = []
    for lot, columns in sums.items():
        kind, unit, source, expires_on = known[lot]
        opening = held.get(lot, 0)
        said = opening if earlier is None else 0 if lot not in earlier else earlier[lot].closing
        came = opening + columns.get("added", 0) + columns.get("returned", 0)
        went = sum(columns.get(name, 0) for name in ("used", "rolled", "expired", "refunded"))
        found.append(
            LotBalance(
                lot,
                kind,
                unit,
                source,
                opening=said,
                adjusted=opening - said,
                closing=came - went,
                expires_on=expires_on,
                **columns,
            )
        )
    order = {"bank": 0, "grant": 1, "rolled": 1}
    return tuple(sorted(found, key=lambda each: (order[each.kind], each.source, each.lot)))


def _moved(journal: Iterable[Any]) -> Iterable[tuple[str, str, int]]:
    """The movements on lots: lot, column and amount; a draw stands where its line does."""
    for item in journal:
        if item[0] == MOVE and item[2] in COLUMNS:
            yield item[3], _FIELDS[COLUMNS[item[2]]], item[4]
        elif item[0] == LINE and item[8] and item[2] in ("use", "release"):
            yield item[8], "used", item[13]


def _lots(
    program: Program, before: State | None, after: State, earlier: Mapping[str, LotBalance]
) -> dict[str, tuple[Any, Any, str, date | None]]:
    """What is known of each lot: its kind, unit and source, and its last day."""
    known: dict[str, tuple[Any, Any, str, date | None]] = {
        lot: (balance.kind, balance.unit, balance.source, balance.expires_on) for lot, balance in earlier.items()
    }
    for due in program.schedule:
        if due.order == GRANT:
            grant = due.what
            unit = grant.source.meter.unit
            known[grant.own] = ("grant", unit, grant.source.key, grant.last_day)
            known[grant.rolled] = ("rolled", unit, grant.source.key, grant.rolled_until)
    for state in (before, after):
        for lot in () if state is None else state.lots:
            known[lot.id] = (lot.kind, lot.left.unit, lot.source, lot.expires_on)
    return known


def deficits_of(
    program: Program, stretch: Stretch, printed: Iterable[DeficitBalance] | None
) -> tuple[DeficitBalance, ...]:
    """Add up what was overdrawn, repaid, charged and forgiven in a period, by account."""
    owed = {} if stretch.before is None else {str(each.key[0]): each.value for each in stretch.before.deficits}
    left = {str(each.key[0]): each.value for each in stretch.after.deficits}
    sums: dict[str, dict[str, int]] = {account: {} for account in owed}
    for item in stretch.journal:
        if item[0] != MOVE:
            continue
        if item[2] in _OWED:
            account, column = item[3], _OWED[item[2]]
        elif item[2] == "repay":
            account, column = item[6], "repaid"
        else:
            continue
        sums.setdefault(account, {})
        sums[account][column] = sums[account].get(column, 0) + item[4]
    earlier = None if printed is None else {balance.account: balance.closing for balance in printed}
    for account, said in ({} if earlier is None else earlier).items():
        if said:
            sums.setdefault(account, {})
    found = []
    for account, columns in sorted(sums.items()):
        opening = owed.get(account, 0)
        said = opening if earlier is None else earlier.get(account, 0)
        found.append(
            DeficitBalance(
                account,
                _unit_of(program, account),
                opening=said,
                adjusted=opening - said,
                closing=left.get(account, 0),
                **columns,
            )
        )
    return tuple(found)


def _unit_of(program: Program, account: str) -> Any:
    """The unit of an account that some source of the contract overdraws."""
    sources = (source for phase in program.phases for source in phase.sources())
    return next(source.meter.unit for source in sources if account_of(source) == account)
