"""The notes of the oracle: lines, and the movements from which every balance is added up afresh."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from supportcontracts.events import BankPurchase
from supportcontracts.quantity import Unit

INCOMING = ("granted", "bought", "rolled_in", "returned")
OUTGOING = ("drawn", "repaid", "rolled_out", "forfeited", "refunded")


class OLine(NamedTuple):
    """A line: quantities in raw units, `exact` in major units before it was settled, `minor` settled."""

    kind: str
    period: str
    use: str = ""
    meter: str = ""
    source: str = ""
    lot: str | None = None
    disposition: str = ""
    code: str = ""
    worked: int = 0
    billable: int = 0
    counted: int = 0
    exact: Fraction = Fraction(0)
    minor: int = 0


class OracleRating(NamedTuple):
    """What the oracle found.

    Attributes:
        lines: in the order in which they were written.
        balances: for each lot the total of each kind of movement, and what is left.
        deficits: what is owed, for "meter/number of the source" or for the pool of banks.
        notices: (code, key, what caused it, second).
        refused: (event, code) of the events about banks that the terms refuse.
    """

    lines: tuple[OLine, ...]
    balances: dict[str, dict[str, int]]
    deficits: dict[str, int]
    notices: set[tuple[str, str, str, int]]
    refused: set[tuple[str, str]]


# Whose units are owed: "meter/number of the source" with its phase, or the pool of banks with its unit.
Owed = tuple[str, int | str]


@dataclass(eq=False)
class Lot:
    """Units that arrived together.

    Attributes:
        source: the allotment that granted it (owed to in the same words), or None for a bank.
        rolled: whether it was rolled over from an earlier period.
        origin: when that period started.
        bank: the purchase, or None for an allotment.
        expires_on: the last local day of a bank; extensions move it.
        ends_at: the second at which it ends, or None.
        ended: whether it has.
        paid_at: when the bank was paid for.
        awake: whether it has become usable, which happens once.
    """

    id: str
    unit: Unit
    quantity: int
    source: Owed | None = None
    rolled: bool = False
    origin: int = 0
    bank: BankPurchase | None = None
    usable_from: int = 0
    expires_on: date | None = None
    ends_at: int | None = None
    ended: bool = False
    paid_at: int | None = None
    awake: bool = False


@dataclass(eq=False)
class OwedUnit:
    """One incident below zero, and what became of it: repaid by a lot, settled in money, or neither yet."""

    owed: Owed
    lot: Lot | None = None
    settled: bool = False


@dataclass(eq=False)
class Debt:
    """The units that a part of an incident was overdrawn by, and its share of the money they were settled at."""

    units: list[OwedUnit]
    minor: int = 0


@dataclass
class Book:
    """Every movement of units, in order; nothing is carried along, everything is added up when it is asked for."""

    lots: dict[str, Lot] = field(default_factory=dict)
    moves: list[tuple[str, str, int]] = field(default_factory=list)
    debts: list[tuple[Owed, int]] = field(default_factory=list)
    incidents_owed: list[Debt] = field(default_factory=list)

    def move(self, lot: Lot, kind: str, quantity: int) -> None:
        """Write down a movement; nothing may go below zero."""
        if quantity:
            self.moves.append((lot.id, kind, quantity))
        assert self.left(lot) >= 0, lot.id

    def totals(self, lot: Lot) -> dict[str, int]:
        """Add up the movements of a lot by kind, and what is left of it."""
        found: Counter[str] = Counter(dict.fromkeys((*INCOMING, *OUTGOING), 0))
        for moved, kind, quantity in self.moves:
            if moved == lot.id:
                found[kind] += quantity
        left = sum(found[kind] for kind in INCOMING) - sum(found[kind] for kind in OUTGOING)
        return {**found, "left": left}

    def left(self, lot: Lot) -> int:
        """Add up what is left of a lot."""
        return self.totals(lot)["left"]

    def owed(self, key: Owed) -> int:
        """Add up what is owed."""
        return sum(quantity for owed, quantity in self.debts if owed == key)

    def overdraw(self, key: Owed, quantity: int, unit: Unit) -> Debt:
        """Owe more; incidents are noted one by one, since they may be given back."""
        self.debts.append((key, quantity))
        debt = Debt([OwedUnit(key) for _ in range(quantity if unit == "incidents" else 0)])
        self.incidents_owed.append(debt)
        return debt

    def open_units(self, key: Owed) -> list[OwedUnit]:
        """List the incidents that are still owed, the oldest first."""
        units = [unit for debt in self.incidents_owed for unit in debt.units if unit.owed == key]
        return [unit for unit in units if unit.lot is None and not unit.settled]

    def repay(self, key: Owed, lot: Lot, came: int) -> None:
        """Let units that come into a lot repay what is owed, the oldest first."""
        repaid = min(self.owed(key), came)
        self.move(lot, "repaid", repaid)
        for unit in self.open_units(key)[:repaid]:
            unit.lot = lot
        self.debts.append((key, -repaid))

    def banks(self, pool: str, unit: Unit) -> list[Lot]:
        """List the banks of a pool that have arrived, in order of purchase."""
        found = [
            (lot.bank.at, lot.id, lot)
            for lot in self.lots.values()
            if lot.bank is not None and lot.bank.pool == pool and lot.unit == unit
        ]
        return [lot for _, _, lot in sorted(found, key=lambda row: row[:2])]
