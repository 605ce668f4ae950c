"""The accounts of one fold: lots, pools of banks, allotments, deficits, counters, and the journal they are written to.

Nothing here decides who pays; it only keeps what there is, and writes down what happens to it. `Accounts` is private,
mutable, and lives as long as one call.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from heapq import heappush
from typing import Any

from supportcontracts.contracts.banks import Banks, DaysLeft, Remaining, RemainingShare
from supportcontracts.events import BankPurchase
from supportcontracts.ledger import NEVER, OpenLot, lot_key
from supportcontracts.rating.debts import Debts, OpenDebt
from supportcontracts.rating.meters import BANKS, SourceProgram
from supportcontracts.rating.program import ARRIVE, DAYS_LEFT, END_LOT, PhaseProgram, Program
from supportcontracts.rating.records import MOVE, NOTICE
from supportcontracts.timeline import Days, Zone

__all__ = ["Accounts", "Pool"]


def __dir__() -> list[str]:
    return __all__


class Pool:
    """The banks of one name and unit that can pay now, and what is left in all of them."""

    __slots__ = ("alert", "latest", "latest_size", "left", "lots", "name", "sorted", "terms", "unit")

    def __init__(self, name: str, unit: str, terms: Banks) -> None:
        self.name = name
        self.unit = unit
        self.lots: list[OpenLot] = []
        self.left = 0
        self.latest = ""
        self.latest_size = 0
        self.sorted: dict[str, list[OpenLot]] = {}
        self.adopt(terms)

    def adopt(self, terms: Banks) -> None:
        """Go on by the terms of another phase."""
        self.terms = terms
        levels = [*terms.warn_levels, *(rule.at for rule in terms.top_up)]
        fixed = [level.quantity.amount for level in levels if isinstance(level, Remaining)]
        shares = any(isinstance(level, RemainingShare) for level in levels)
        # Above the alert no level can be passed; None: it depends on the purchases, so always look.
        self.alert = None if shares else max(fixed, default=-1)

    def in_order(self, order: Any) -> list[OpenLot]:
        """The banks that can pay, in a named order; sorted again only after a bank came, went or was refilled."""
        found = self.sorted.get(order)
        if found is None:
            found = self.sorted[order] = sorted((lot for lot in self.lots if lot.left), key=lot_key(order))
        return found

    @property
    def size(self) -> int:
        """What all usable banks began with."""
        return sum(lot.quantity for lot in self.lots)


class Accounts:
    """Everything a fold keeps count of."""

    __slots__ = (
        "allotments",
        "arriving",
        "counts",
        "debts",
        "deficits",
        "due",
        "fired",
        "heap",
        "journal",
        "lots",
        "overdrawn",
        "paid",
        "pools",
        "program",
        "reservations",
        "sequence",
        "zone",
    )

    def __init__(self, program: Program) -> None:
        self.program = program
        self.zone: Zone = program.zone
        self.journal: list[Any] = []
        self.lots: dict[str, OpenLot] = {}
        self.pools = {
            key: Pool(key[0], key[1], source.terms)
            for key, source in program.pools.items()
            if isinstance(source.terms, Banks)
        }
        self.allotments: dict[str, list[OpenLot]] = {}
        self.arriving: dict[str, OpenLot] = {}
        self.deficits: dict[str, int] = {}
        self.debts = Debts()
        self.overdrawn: dict[str, tuple[str, SourceProgram]] = {}
        self.counts: dict[tuple[str | int, ...], int] = {}
        self.fired: set[str] = set()
        self.paid: set[str] = set()
        self.reservations: dict[str, tuple[int, int, str, int]] = {}
        self.heap: list[tuple[int, int, str, int, Any]] = []
        self.sequence = 0
        self.due = 0

    # -- writing ----------------------------------------------------------------------------------------------------

    def move(self, at: int, kind: str, lot: str, amount: int, unit: str, because: str, code: str = "") -> None:
        """Append one movement."""
        self.journal.append((MOVE, at, kind, lot, amount, unit, because, code))

    def notify(self, at: int, code: str, key: str, because: str, detail: Any = ()) -> bool:
        """Give one notice, unless its key was given before."""
        if key in self.fired:
            return False
        self.fired.add(key)
        self.journal.append((NOTICE, at, code, key, because, detail))
        return True

    def schedule(self, at: int, order: int, name: str, what: Any) -> None:
        """Put something on the calendar that depends on what happened."""
        self.sequence += 1
        heappush(self.heap, (at, order, name, self.sequence, what))
        self.due = min(self.due, at)

    # -- banks ------------------------------------------------------------------------------------------------------

    def pool_of(self, lot: OpenLot) -> Pool:
        """The pool a bank belongs to."""
        return self.pools[lot.source, lot.unit]

    def purchase(self, event: BankPurchase, at: int, starts: int, cost: int | None) -> OpenLot:
        """Open a bank: it is on the books from `at`, and usable from `starts` (D17)."""
        pool = self.pools[event.pool, event.quantity.unit]
        ends = NEVER if event.expires_on is None else self.end_of(event.expires_on)
        lot = OpenLot(
            event.id,
            source=event.pool,
            kind="bank",
            unit=event.quantity.unit,
            quantity=event.quantity.amount,
            left=event.quantity.amount,
            starts=starts,
            ends=ends,
            expires_on=event.expires_on,
            origin=event.origin,
            priority=event.priority,
            scope=event.scope,
            cost=cost,
            status="unpaid",
            releases=event.held == "release",
        )
        self.lots[lot.id] = lot
        kind = "purchase" if event.origin == "bought" else "grant"
        self.move(at, kind, lot.id, lot.quantity, lot.unit, event.id)
        if lot.ends <= at:
            self.expire(lot, at, code="ended")
        elif pool.terms.usable == "payment" and event.origin == "bought" and lot.id not in self.paid:
            self._watch(lot, at)
        else:
            self.settle_in(lot, at)
        self._warn_late(lot, pool.terms.warn_levels, at)
        return lot

    def settle_in(self, lot: OpenLot, at: int) -> None:
        """Make a bank usable now, or put its start on the calendar."""
        lot.status = "usable"
        self._watch(lot, at)
        if lot.starts > at:
            lot.status = "arriving"
            self.schedule(lot.starts, ARRIVE, lot.id, lot)
        else:
            self.arrive(lot, at)

    def resume(self, lot: OpenLot, as_of: int) -> None:
        """Take a bank up again from a saved state."""
        if lot.status == "ended":
            return
        if lot.ends <= as_of:
            self.expire(lot, as_of)
            return
        self._watch(lot, as_of - 1)
        if lot.status == "usable" and lot.starts <= as_of:
            pool = self.pool_of(lot)
            pool.lots.append(lot)
            pool.left += lot.left
            pool.sorted.clear()
        elif lot.status != "unpaid":
            lot.status = "arriving"
            self.schedule(lot.starts, ARRIVE, lot.id, lot)

    def adopt(self, phase: PhaseProgram, at: int) -> None:
        """Go on by the banks' terms of a phase that begins; the first source of a pool speaks for it."""
        adopted: set[tuple[str, str]] = set()
        for source in phase.sources():
            key = (source.pool, source.meter.unit)
            if source.kind == BANKS and key not in adopted:
                adopted.add(key)
                assert isinstance(source.terms, Banks)
                pool = self.pools[key]
                if pool.terms != source.terms:
                    said = pool.terms.warn_levels
                    pool.adopt(source.terms)
                    self._say_new_levels(pool, [level for level in source.terms.warn_levels if level not in said], at)

    def _say_new_levels(self, pool: Pool, levels: list[Any], at: int) -> None:
        """Put what terms say for the first time of days left on the calendar of each bank, or say it at once."""
        for lot in self.lots.values():
            if lot.kind == "bank" and lot.status != "ended" and self.pool_of(lot) is pool:
                self._announce(lot, levels, at - 1)
                self._warn_late(lot, levels, at)

    def _watch(self, lot: OpenLot, at: int) -> None:
        """Put the end of a bank, and the notices before it, on the calendar."""
        if lot.expires_on is not None:
            self.schedule(lot.ends, END_LOT, lot.id, lot)
            self._announce(lot, self.pool_of(lot).terms.warn_levels, at)

    def _announce(self, lot: OpenLot, levels: Iterable[Any], at: int) -> None:
        """Put the notices before the end of a bank on the calendar, as far as they come later than now."""
        for place, (level, warns) in enumerate(self._days_left(lot, levels)):
            if warns > at:
                self.schedule(warns, DAYS_LEFT, f"{lot.id} {place}", (lot, lot.expires_on, level))

    def _warn_late(self, lot: OpenLot, levels: Iterable[Any], at: int) -> None:
        """Give the notices of a bank whose levels it has passed as it comes, moves its end, or finds other terms."""
        for level, warns in self._days_left(lot, levels):
            if warns <= at:
                self.warn_days(lot, level, at)

    def _days_left(self, lot: OpenLot, levels: Iterable[Any]) -> list[tuple[DaysLeft, int]]:
        """Those levels that are about the last day of a bank, each with the instant from which it is passed."""
        if lot.expires_on is None:
            return []
        last = lot.expires_on.toordinal()
        found = [level for level in levels if isinstance(level, DaysLeft)]
        return [(level, self.end_of(date.fromordinal(last - level.days - 1))) for level in found]

    def arrive(self, lot: OpenLot, at: int) -> None:
        """A bank becomes usable: it first repays what the pool is overdrawn by (D18)."""
        lot.status = "usable"
        pool = self.pool_of(lot)
        pool.latest, pool.latest_size = lot.id, lot.quantity
        self.repay(lot, lot.left, at)
        pool.lots.append(lot)
        pool.left += lot.left
        pool.sorted.clear()

    def owe(self, account: str, amount: int, use: str, unit: str, at: int) -> None:
        """Go below zero for a use (D18)."""
        self.deficits[account] = self.deficits.get(account, 0) + amount
        self.move(at, "overdraw", account, amount, unit, use)
        if unit == "incidents":
            self.debts.owe(account, OpenDebt(use, amount))

    def repay(self, lot: OpenLot, came: int, at: int) -> None:
        """Units that come into a lot first repay what its source owes, the oldest debt first (D18)."""
        account = f"{lot.source}/{lot.unit}" if lot.kind == "bank" else lot.source
        paid = min(self.deficits.get(account, 0), came)
        if paid:
            lot.left -= paid
            self.deficits[account] -= paid
            self.move(at, "repay", lot.id, paid, lot.unit, account)
            self.debts.repay(account, lot.id, paid)

    def settle_debt(self, account: str, minor: int, unit: str, at: int) -> None:
        """What is owed is charged in money; from then on it is not owed any more (D18)."""
        self.move(at, "settle", account, self.deficits.pop(account), unit, account)
        self.debts.settle(account, minor)

    def expire(self, lot: OpenLot, at: int, *, code: str = "") -> None:
        """End a lot: what is left of it is forfeited, and stays on record (D2)."""
        lot.status = "ended"
        left, lot.left = lot.left, 0
        pool = self.pool_of(lot) if lot.kind == "bank" else None
        if left:
            self.move(at, "forfeit", lot.id, left, lot.unit, lot.id, code)
        if pool is not None and lot in pool.lots:
            before = pool.left
            pool.left -= left
            pool.lots.remove(lot)
            pool.sorted.clear()
            self.warn(pool, before, at, lot.id)

    def extend(self, lot: OpenLot, expires_on: date, at: int, because: str) -> None:
        """Move the end of a bank to a later day, or record why not (D7)."""
        ends = self.end_of(expires_on)
        if lot.status == "ended":
            self.move(at, "refused", lot.id, 0, lot.unit, because, "ended")
        elif ends <= lot.ends:
            self.move(at, "refused", lot.id, 0, lot.unit, because, "not-later")
        else:
            lot.ends, lot.expires_on = ends, expires_on
            self._watch(lot, at)
            pool = self.pool_of(lot)
            self._warn_late(lot, pool.terms.warn_levels, at)
            pool.sorted.clear()

    def refund(self, lot: OpenLot, amount: int | None, at: int, because: str) -> int | None:
        """Take units back from a bank; None and a refused movement if that cannot be done (D7)."""
        if lot.status == "ended":
            self.move(at, "refused", lot.id, 0, lot.unit, because, "ended")
            return None
        amount = lot.left if amount is None else amount
        if amount > lot.left:
            self.move(at, "refused", lot.id, 0, lot.unit, because, "exceeds-left")
            return None
        lot.left -= amount
        self.move(at, "refund", lot.id, amount, lot.unit, because)
        pool = self.pool_of(lot)
        if lot in pool.lots:
            before = pool.left
            pool.left -= amount
            pool.sorted.clear()
            self.warn(pool, before, at, because)
        lot.refunded += amount
        return amount

    def give_back(self, lot: OpenLot, amount: int, at: int, because: str) -> None:
        """Return units to a lot, where they first repay what is owed; an ended lot follows the terms (D18, D21)."""
        self.move(at, "return", lot.id, amount, lot.unit, because)
        pool = self.pool_of(lot) if lot.kind == "bank" else None
        revived = lot.status == "ended"
        if revived:
            if pool is None or not isinstance(pool.terms.returns, Days):
                self.move(at, "forfeit", lot.id, amount, lot.unit, because, "ended")
                return
            lot.expires_on = pool.terms.returns.after(self.zone.date_of_epoch(at))
            lot.ends = self.end_of(lot.expires_on)
            lot.status = "usable"
            self._watch(lot, at)
            pool.lots.append(lot)
        before = lot.left
        lot.left += amount
        self.repay(lot, amount, at)
        if pool is not None:
            pool.left += lot.left - before
            pool.sorted.clear()
            if revived:
                self._warn_late(lot, pool.terms.warn_levels, at)

    def forgive(self, account: str, use: str, at: int) -> int:
        """Undo the oldest debt of an incident, and return what it was settled at, in minor units (D18, D21).

        What is still owed is owed no more, and what was repaid meanwhile returns to the lots that repaid it.
        """
        debt = self.debts.take(account, use)
        if debt is None:
            return 0
        if debt.owed:
            self.deficits[account] -= debt.owed
            self.move(at, "forgive", account, debt.owed, "incidents", use)
        for lot, amount in debt.repaid:
            self.give_back(self.lots[lot], amount, at, use)
        return debt.minor

    def end_of(self, day: date) -> int:
        """The instant at which a last day, inclusive, is over."""
        ends = self.program.day_ends
        found = ends.get(day)
        if found is None:
            found = ends[day] = self.zone.start_of_epoch(date.fromordinal(day.toordinal() + 1))
        return found

    # -- notices ----------------------------------------------------------------------------------------------------

    def warn_days(self, lot: OpenLot, level: DaysLeft, at: int) -> None:
        """Say that a bank with units left has so few days to go, once for each last day (D22)."""
        if lot.left:
            key = f"{lot.id}/{lot.expires_on}/{level.days} days"
            self.notify(at, "days-left", key, lot.id, (lot.id, lot.unit, lot.left, lot.expires_on))

    def warn(self, pool: Pool, before: int, at: int, because: str) -> None:
        """Give the notices whose levels what remains has just passed, and propose the lowest top-up (D22)."""
        after = pool.left
        for level in pool.terms.warn_levels:
            passed = _passed(level, pool, before, after)
            if passed is not None:
                key = f"{pool.name}/{pool.latest}/{_level_word(level)}"
                self.notify(at, "warn-level", key, because, (pool.name, pool.unit, passed, after, level))
        proposals = []
        for place, rule in enumerate(pool.terms.top_up):
            passed = _passed(rule.at, pool, before, after)
            if passed is not None:
                proposals.append((passed, place, rule))
        if proposals:
            passed, place, rule = min(proposals, key=lambda found: (found[0], -found[1]))
            key = f"{pool.name}/{pool.latest}/top-up {_level_word(rule.at)}"
            self.notify(at, "top-up", key, because, (pool.name, pool.unit, passed, after, rule))


def _level_word(level: Any) -> str:
    """Name a level for the key of its notice."""
    return str(level.quantity) if isinstance(level, Remaining) else f"{level.share} of {level.of}"


def _passed(level: Any, pool: Pool, before: int, after: int) -> Fraction | None:
    """The level in whole units if what remains has just fallen to it or below, else None (D22)."""
    match level:
        case Remaining():
            limit = Fraction(level.quantity.amount)
        case RemainingShare():
            limit = level.share * (pool.latest_size if level.of == "last-purchase" else pool.size)
        case _:
            return None
    return limit if after <= limit < before else None
