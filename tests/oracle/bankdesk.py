"""The life of banks: bought, paid for, usable, drawn, warned about, extended, refunded, given back to, expired."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial

from supportcontracts.contracts.banks import Banks, DaysLeft, Remaining, RemainingShare
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import Meter
from supportcontracts.events import BankExtended, BankPurchase, BankRefunded, Payment
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Unit
from tests.oracle.days import plus_days, second_of, start_of
from tests.oracle.diary import BEGINNING, ENDING, REFUND, Diary
from tests.oracle.notes import Lot, OLine
from tests.oracle.sums import major, per_raw_unit
from tests.oracle.terms import PhaseView

# The order of endings at one instant, and of beginnings.
EXPIRY, PERIOD_END, VOLUME_END, ADJUST_END, PHASE_END = range(5)
FEES, ARRIVAL, GRANT, WAKING, DAYS_LEFT = range(5)


def first_use(bank: BankPurchase) -> int:
    """Say from when a bank may be used if no payment is waited for: as stated, even earlier than bought (D17)."""
    return second_of(bank.at if bank.usable_from is None else bank.usable_from)


def exact_price(bank: BankPurchase) -> Fraction:
    """Say what a bank costs before it is settled."""
    match bank.price:
        case None:
            return Fraction(0)
        case Money():
            return major(bank.price)
        case Price():
            return bank.quantity.amount * per_raw_unit(bank.price)


def level_name(level: Remaining | RemainingShare) -> str:
    """Name a level as notices do."""
    return str(level.quantity) if isinstance(level, Remaining) else f"{level.share} of {level.of}"


def unit_cost(bank: BankPurchase) -> Fraction:
    """Say what a unit of a bank costs."""
    return exact_price(bank) / bank.quantity.amount if bank.quantity.amount else Fraction(0)


class BankDesk(Diary):
    """Everything about banks but which use they pay for."""

    def __init__(self, contract: Contract, until: int) -> None:
        super().__init__(contract, until)
        self.refunds: dict[str, list[tuple[int, int]]] = {}
        self.prepaid: dict[str, int] = {}
        self.woken: list[Lot] = []
        for phase in self.phases:
            begins = phase.whole.start
            self.plan(begins, REFUND, (-1, ""), partial(self.phase_begins, begins))

    def is_known(self, bank: BankPurchase) -> bool:
        """Tell whether any phase has banks of this name and unit."""
        unit = bank.quantity.unit
        return any(True for phase in self.phases for _ in self.bank_terms(bank.pool, unit, phase))

    def release_from(self, lot: Lot, now: int) -> None:
        """Let a bank that says so pay for held use; the waterfall knows how."""
        raise NotImplementedError

    # Which terms apply

    def bank_terms(self, pool: str, unit: Unit, phase: PhaseView | None) -> Iterator[tuple[Meter, int, Banks]]:
        """List the sources of a phase that draw from a pool."""
        for meter in phase.meters if phase is not None else ():
            for index, source in enumerate(meter.sources):
                if isinstance(source, Banks) and source.pool == pool and meter.unit == unit:
                    yield meter, index, source

    def waits_for_payment(self, lot: Lot, now: int) -> bool:
        """Tell whether a bank has to be paid for before it may be used: its pool has one agreement about that."""
        assert lot.bank is not None
        usable = self.speaking(lot.bank.pool, lot.unit, now).usable
        return lot.bank.origin == "bought" and lot.paid_at is None and usable == "payment"

    def has_begun(self, lot: Lot, source: Banks, now: int) -> bool:
        """Tell whether a source may use a bank as far as its beginning goes."""
        assert lot.bank is not None
        paid = source.usable == "purchase" or lot.bank.origin != "bought" or lot.paid_at is not None
        return lot.usable_from <= now and paid

    def in_order(self, lots: list[Lot], source: Banks) -> list[Lot]:
        """Sort banks in the order in which they pay (D16)."""

        def key(lot: Lot) -> tuple[object, ...]:
            bank = lot.bank
            assert bank is not None
            begins = lot.usable_from
            if bank.origin == "bought" and source.usable == "payment" and lot.paid_at is not None:
                begins = max(begins, lot.paid_at)
            expiry = (lot.ends_at is None, lot.ends_at or 0)
            match source.order:
                case "soonest-expiry":
                    return (bank.priority, expiry, bank.origin == "bought", begins, lot.id)
                case "oldest-start":
                    return (begins, lot.id)
                case "priority":
                    return (bank.priority, begins, lot.id)
                case "granted-before-paid":
                    return (bank.origin == "bought", expiry, begins, lot.id)
                case "lowest-cost":
                    return (unit_cost(bank), expiry, begins, lot.id)
                case "highest-cost":
                    return (-unit_cost(bank), expiry, begins, lot.id)

        return sorted(lots, key=key)

    # Levels

    def remaining(self, pool: str, unit: Unit, source: Banks, now: int) -> int:
        """Add up what is left of all banks of a pool that are usable and not ended."""
        return sum(
            self.book.left(lot)
            for lot in self.book.banks(pool, unit)
            if self.has_begun(lot, source, now) and not lot.ended
        )

    def newest(self, pool: str, unit: Unit, source: Banks, now: int) -> Lot | None:
        """Find the latest purchase whose units have become usable, even if they have ended since."""
        woken = [lot for lot in self.woken if lot.bank is not None and (lot.bank.pool, lot.unit) == (pool, unit)]
        begun = [lot for lot in woken if self.has_begun(lot, source, now)]
        return begun[-1] if begun else None

    def level_of(self, level: Remaining | RemainingShare, pool: str, unit: Unit, source: Banks, now: int) -> Fraction:
        """Say at how many units a level stands."""
        if isinstance(level, Remaining):
            return Fraction(level.quantity.amount)
        if level.of == "last-purchase":
            latest = self.newest(pool, unit, source, now)
            return level.share * latest.quantity if latest is not None else Fraction(-1)
        banks = self.book.banks(pool, unit)
        return level.share * sum(lot.quantity for lot in banks if self.has_begun(lot, source, now) and not lot.ended)

    def speaking(self, pool: str, unit: Unit, at: int) -> Banks:
        """Find the terms that speak for a pool: the first source of it in the latest phase that began and has one."""
        phases = [phase for phase in self.phases if any(True for _ in self.bank_terms(pool, unit, phase))]
        begun = [phase for phase in phases if phase.whole.start <= at]
        _, _, source = next(self.bank_terms(pool, unit, begun[-1] if begun else phases[0]))
        return source

    def take(self, kind: str, taken: dict[Lot, int], now: int, cause: str, *, ending: bool = False) -> None:
        """Take units out of banks of one pool, or end them ("forfeited"), and see which levels that passes (D22)."""
        lots = list(taken)
        assert lots[0].bank is not None
        pool, unit = lots[0].bank.pool, lots[0].unit
        source = self.speaking(pool, unit, now - 1 if ending else now)
        had = self.remaining(pool, unit, source, now)
        for lot, quantity in taken.items():
            self.book.move(lot, kind, quantity)
            lot.ended = lot.ended or kind == "forfeited"
        has = self.remaining(pool, unit, source, now)
        latest = self.newest(pool, unit, source, now)
        name = "" if latest is None else latest.id

        def passed(level: Remaining | RemainingShare) -> bool:
            return had > self.level_of(level, pool, unit, source, now) >= has

        for level in source.warn_levels:
            if not isinstance(level, DaysLeft) and passed(level):
                self.notice("warn-level", f"{pool}/{name}/{level_name(level)}", cause, now)
        rules = [rule for rule in source.top_up if passed(rule.at)]
        if rules:
            lowest = min(self.level_of(rule.at, pool, unit, source, now) for rule in rules)
            rule = [rule for rule in rules if self.level_of(rule.at, pool, unit, source, now) == lowest][-1]
            self.notice("top-up", f"{pool}/{name}/top-up {level_name(rule.at)}", cause, now)

    # Days left

    def days_levels(self, lot: Lot, at: int) -> list[int]:
        """List the numbers of days of which the terms that speak at an instant warn."""
        assert lot.bank is not None
        levels = self.speaking(lot.bank.pool, lot.unit, at).warn_levels
        return [level.days for level in levels if isinstance(level, DaysLeft)]

    def warns_at(self, lot: Lot, days: int) -> int:
        """Say from which second on so many days are left."""
        assert lot.expires_on is not None
        return start_of(plus_days(lot.expires_on, -days), self.zone)

    def plan_days_left(self, lot: Lot, now: int) -> None:
        """Plan the warnings before the last day of a bank by all terms that may speak then."""
        assert lot.bank is not None
        if lot.expires_on is None:
            return
        instants = [now, *(phase.whole.start for phase in self.phases)]
        for days in {days for at in instants for days in self.days_levels(lot, at)}:
            when = self.warns_at(lot, days)
            if when > now:
                act = partial(self.days_left, lot, days, lot.expires_on, when)
                self.plan(when, BEGINNING, (DAYS_LEFT, f"{lot.id} {days}"), act)

    def days_left(self, lot: Lot, days: int, expires_on: date, now: int) -> None:
        """Warn if the bank still ends on that day, still has units, and the terms still ask for it."""
        if lot.expires_on == expires_on and days in self.days_levels(lot, now) and self.book.left(lot):
            self.notice("days-left", f"{lot.id}/{expires_on}/{days} days", lot.id, now)

    def days_passed(self, lot: Lot, levels: Iterable[int], now: int) -> None:
        """Warn at once of what was passed already when the bank came, or when the terms began to ask."""
        for days in levels if lot.expires_on is not None else ():
            assert lot.expires_on is not None
            if self.warns_at(lot, days) <= now:
                self.days_left(lot, days, lot.expires_on, now)

    def phase_begins(self, now: int) -> None:
        """See which banks have passed a level that the terms of a new phase bring."""
        for lot in self.book.lots.values():
            if lot.bank is not None and not lot.ended:
                before = self.days_levels(lot, now - 1)
                self.days_passed(lot, [days for days in self.days_levels(lot, now) if days not in before], now)

    # What happens to banks

    def purchased(self, bank: BankPurchase) -> None:
        """Charge a bank when it was bought, and let it arrive unless it already has (D28)."""
        now = second_of(bank.at)
        if not self.is_known(bank):
            line = OLine("purchase", self.period_name(now), use=bank.id, source="purchase")
            self.lines.append(line._replace(disposition="refused", code="no-banks-in-terms"))
            return
        exact = exact_price(bank)
        self.lines.append(
            OLine(
                "purchase",
                self.period_name(now),
                use=bank.id,
                source="purchase",
                lot=bank.id,
                disposition="charged",
                counted=bank.quantity.amount,
                exact=exact,
                minor=self.settle(exact),
            )
        )
        if bank.id not in self.book.lots:
            self.arrive(bank, now)

    def arrive(self, bank: BankPurchase, now: int) -> None:
        """Put a bank into the book, plan its end, and let it become usable when its time has come."""
        lot = Lot(bank.id, bank.quantity.unit, bank.quantity.amount, bank=bank, usable_from=first_use(bank))
        lot.paid_at = self.prepaid.get(lot.id)
        self.book.lots[lot.id] = lot
        self.book.move(lot, "bought" if bank.origin == "bought" else "granted", lot.quantity)
        if bank.expires_on is not None:
            self.plan_expiry(lot, bank.expires_on, now)
        self.plan_days_left(lot, now)
        if lot.usable_from > now:
            self.plan(lot.usable_from, BEGINNING, (WAKING, lot.id), partial(self.wake, lot, lot.usable_from))
        else:
            self.wake(lot, now)
        if not lot.awake:
            self.days_passed(lot, self.days_levels(lot, now), now)

    def plan_expiry(self, lot: Lot, expires_on: date, now: int) -> None:
        """A bank ends with its last local day; one whose last day has passed ends at once."""
        lot.expires_on = expires_on
        lot.ends_at = start_of(plus_days(expires_on, 1), self.zone)
        if lot.ends_at <= now:
            self.book.move(lot, "forfeited", self.book.left(lot))
            lot.ended = True
        else:
            self.plan(lot.ends_at, ENDING, (EXPIRY, lot.id), partial(self.expire, lot, lot.ends_at))

    def expire(self, lot: Lot, now: int) -> None:
        """Forfeit what is left, unless the bank was extended meanwhile."""
        if lot.ends_at == now and not lot.ended:
            self.take("forfeited", {lot: self.book.left(lot)}, now, lot.id, ending=True)

    def wake(self, lot: Lot, now: int) -> None:
        """A bank becomes usable once: it repays what its pool owes (D18), then may release held use (D20)."""
        assert lot.bank is not None
        if lot.awake or lot.ended or lot.usable_from > now or self.waits_for_payment(lot, now):
            return
        lot.awake = True
        self.woken.append(lot)
        key = (lot.bank.pool, lot.unit)
        self.book.repay(key, lot, self.book.left(lot))
        self.days_passed(lot, self.days_levels(lot, now), now)
        if lot.bank.held == "release":
            self.release_from(lot, now)

    def paid(self, payment: Payment) -> None:
        """Note the payment of a bank, even of one that is bought later."""
        lot = self.book.lots.get(payment.bank)
        if lot is None or lot.bank is None:
            self.prepaid.setdefault(payment.bank, second_of(payment.at))
        elif lot.paid_at is None:
            lot.paid_at = second_of(payment.at)
            self.wake(lot, lot.paid_at)

    def extended(self, extension: BankExtended) -> None:
        """Move the last day of a bank that has not ended to a later one (D7)."""
        now = second_of(extension.at)
        lot = self.book.lots.get(extension.bank)
        if lot is None or lot.bank is None:
            self.refused.add((extension.id, "unknown-bank"))
        elif lot.ended:
            self.refused.add((extension.id, "ended"))
        elif lot.expires_on is None or extension.expires_on <= lot.expires_on:
            self.refused.add((extension.id, "not-later"))
        else:
            self.plan_expiry(lot, extension.expires_on, now)
            self.plan_days_left(lot, now)
            self.days_passed(lot, self.days_levels(lot, now), now)

    def refunded(self, refund: BankRefunded) -> None:
        """Give money back for units, so that all refunds of a bank sum to its settled price (D24)."""
        now = second_of(refund.at)
        lot = self.book.lots.get(refund.bank)
        if lot is None or lot.bank is None:
            self.refused.add((refund.id, "unknown-bank"))
            return
        if refund.quantity is not None and refund.quantity.unit != lot.unit:
            self.refused.add((refund.id, "other-unit"))
            return
        left = self.book.left(lot)
        quantity = left if refund.quantity is None else refund.quantity.amount
        if lot.ended:
            self.refused.add((refund.id, "ended"))
            return
        if quantity > left:
            self.refused.add((refund.id, "exceeds-left"))
            return
        self.take("refunded", {lot: quantity}, now, refund.id)
        earlier = self.refunds.setdefault(lot.id, [])
        units = quantity + sum(units for units, _ in earlier)
        price = self.unsettled(self.settle(exact_price(lot.bank)))
        due = self.settle(price * Fraction(units, lot.quantity)) if lot.quantity else 0
        minor = due - sum(money for _, money in earlier)
        earlier.append((quantity, minor))
        self.lines.append(
            OLine(
                "refund",
                self.period_name(now),
                use=lot.id,
                source="refund",
                lot=lot.id,
                disposition="credited",
                counted=quantity,
                exact=-self.unsettled(minor),
                minor=-minor,
            )
        )

    def give_back_to_bank(self, lot: Lot, quantity: int, now: int, source: Banks) -> None:
        """Return units to a bank; what becomes of them in one that has ended is agreed (D21)."""
        self.book.move(lot, "returned", quantity)
        if lot.ended and source.returns == "forfeit":
            self.book.move(lot, "forfeited", quantity)
            return
        lives_on = lot.ended and source.returns != "forfeit"
        if lot.ended and source.returns != "forfeit":
            lot.ended = False
            self.plan_expiry(lot, plus_days(self.day(now), source.returns.count), now)
            self.plan_days_left(lot, now)
        assert lot.bank is not None
        self.book.repay((lot.bank.pool, lot.unit), lot, quantity)
        if lives_on:
            self.days_passed(lot, self.days_levels(lot, now), now)
