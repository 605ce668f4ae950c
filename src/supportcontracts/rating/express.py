"""The express lane: work whose metering is plain, and which one source pays whole.

Most work is: no group to add up, no scope to look at, and the first source that has anything pays all of it. For that
work this lane writes the same record that the waterfall would, in a tenth of the steps; anything else it leaves alone,
unread and unchanged. The tests rate everything both ways and compare.
"""

from typing import Any

from supportcontracts.events import WorkEntry
from supportcontracts.ledger import OpenLot
from supportcontracts.money import round_ratio
from supportcontracts.rating.accounts import Accounts, Pool
from supportcontracts.rating.program import ALLOTMENT, BANKS, UNLIMITED, MeterProgram, factor_of
from supportcontracts.rating.records import LINE

__all__ = ["Express"]


def __dir__() -> list[str]:
    return __all__


NO_LOTS: list[OpenLot] = []


class Express:
    """One meter's express lane, on the accounts of a fold."""

    __slots__ = (
        "books",
        "combine",
        "factors",
        "free",
        "grace",
        "increment",
        "journal",
        "meter",
        "metering",
        "minimum",
        "rounding",
        "sources",
    )

    def __init__(self, books: Accounts, meter: MeterProgram) -> None:
        self.books = books
        self.journal = books.journal
        self.meter = meter
        metering = self.metering = meter.metering
        self.free = metering.free
        self.minimum = metering.minimum
        self.grace = metering.grace
        self.increment = metering.increment
        self.factors = metering.quantity_factors
        self.combine = metering.combine
        self.sources = meter.sources
        self.rounding = books.program.rounding

    def pay(self, entry: WorkEntry, at: int, piece: Any) -> bool:  # noqa: C901, PLR0912, PLR0915  # one call a use
        """Meter and pay one entry; False, with nothing changed, if it needs the whole waterfall."""
        if entry.billable != "billable" or entry.reservation is not None:
            return False
        worked = entry.worked.seconds
        time = self.metering.unfree(worked) if self.free else worked
        if not time:
            return False
        raised = stepped = max(time, self.minimum)
        excess = raised % self.increment
        if excess:
            stepped = raised - excess if excess <= self.grace else raised - excess + self.increment
        counted = stepped
        factor = None
        if self.factors:
            factor = factor_of(self.factors, self.combine, entry)
            if factor is not None:
                up, down = factor.numerator, factor.denominator
                counted = (2 * stepped * up + down) // (2 * down)
        if not counted:
            return False
        exact: Any = 0
        pool: Pool | None = None
        disposition = "included"
        minor = had = 0
        price = None
        lot_id = ""
        for source in self.sources:  # pragma: no branch  # the last source never runs out
            if not source.plain:
                return False
            kind = source.kind
            if kind == BANKS:
                pool = self.books.pools[source.pool, "work"]
                lots = pool.in_order(source.order)
            elif kind == ALLOTMENT:
                lots = self.books.allotments.get(source.key, NO_LOTS)
            elif kind == UNLIMITED:
                break
            else:
                disposition = "charged"
                quantity = counted if source.of_counted else stepped
                up, down = source.flat_ratio  # type: ignore[misc]  # a plain charge is flat
                up *= quantity
                exact, price = (up, down), source.charge.tariff
                minor = round_ratio(up, down, self.rounding)
                break
            for lot in lots:
                had = lot.left
                if had:
                    break
            else:
                if source.overdraw is not None:
                    return False
                had = 0
                continue
            if had < counted or lot.restrictions:
                return False
            lot.left = had - counted
            lot_id = lot.id
            if pool is not None and kind == BANKS:
                disposition = "drawn"
                before = pool.left
                pool.left = before - counted
                if had == counted:
                    pool.sorted.clear()
                if pool.alert is None or pool.left <= pool.alert:
                    self.books.warn(pool, before, at, entry.id)
            break
        name = entry.id
        self.journal.append(
            (
                LINE,
                at,
                "use",
                piece,
                self.meter,
                source,
                name,
                1,
                lot_id,
                disposition,
                "",
                worked,
                stepped,
                counted,
                price,
                exact,
                minor,
                (entry, self.metering, "", worked, 0, time, 0, raised, stepped, stepped, factor, counted, None),
                (had, 0),
                "",
            )
        )
        return True
