"""Peers: the same four contract types rated by hand-written loops, without reasons, states or laws.

Each does what a careful engineer writes for exactly this workload: `objects` makes one frozen result object for every
line, with the datetimes as they come; `integers` keeps epoch seconds and minor units, and makes nothing.
"""

from bisect import bisect_right
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs

from benchmarks.workload import Account
from supportcontracts import BankPurchase, Money, Opened, WorkEntry

__all__ = ["integers", "objects"]

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = [datetime(2024 + number // 12, number % 12 + 1, 1, tzinfo=BERLIN) for number in range(25)]
EDGES = [int(month.timestamp()) for month in MONTHS]
STEP = 900


@attrs.frozen
class Charge:
    """One line of a bill, as most programs keep it."""

    entry: str
    at: datetime
    source: str
    seconds: int
    amount: Money


def counted_of(entry: WorkEntry) -> tuple[int, int]:
    """Round up to quarter hours, and weigh what was done after hours by one and a half, half up."""
    billable = -(-entry.worked.seconds // STEP) * STEP
    return billable, (billable * 3 + 1) // 2 if entry.window == "after-hours" else billable


def integers(accounts: list[Account]) -> int:
    """Rate everything to one total in cents, with integers alone."""
    total = 0
    for number, (_, events) in enumerate(accounts):
        kind = number % 4
        if kind == 0:
            total += 2 * 19_000_00
        elif kind == 1:
            total += 2 * 1_200_00 + _capped(events, None)
        elif kind == 2:
            total += _prepaid(events, None)
        else:
            total += 290_00 * sum(1 for event in events if type(event) is Opened)
    return total


def objects(accounts: list[Account]) -> int:
    """Rate everything to one total in cents, with a frozen object for every line."""
    total = 0
    for number, (_, events) in enumerate(accounts):
        lines: list[Charge] = []
        kind = number % 4
        if kind == 0:
            total += 2 * 19_000_00
            for event in sorted(events, key=lambda each: each.at):
                seconds = counted_of(event)[1]  # type: ignore[arg-type]  # work only, by construction
                lines.append(Charge(event.id, event.at, "included", seconds, Money.from_minor(0, "EUR")))
        elif kind == 1:
            total += 2 * 1_200_00
            _capped(events, lines)
        elif kind == 2:
            _prepaid(events, lines)
        else:
            for event in sorted(events, key=lambda each: each.at):
                opened = type(event) is Opened
                cents = 290_00 if opened else 0
                lines.append(Charge(event.id, event.at, "charge", 0, Money.from_minor(cents, "EUR")))
        total += sum(line.amount.minor for line in lines)
    return total


def _line(lines: list[Charge] | None, entry: WorkEntry, source: str, seconds: int, cents: int) -> None:
    if lines is not None:
        lines.append(Charge(entry.id, entry.at, source, seconds, Money.from_minor(cents, "EUR")))


def _capped(events: list, lines: list[Charge] | None) -> int:  # type: ignore[type-arg]  # work only
    total, month, left, rolled = 0, -1, 0, 0
    rows = sorted((int(event.at.timestamp()), event.id, event) for event in events)
    for at, _, entry in rows:
        place = bisect_right(EDGES, at) - 1
        while month < place:
            month += 1
            rolled, left = (left if month else 0), 4 * 3600
        billable, counted = counted_of(entry)
        first = min(rolled, counted)
        second = min(left, counted - first)
        rolled -= first
        left -= second
        over = counted - first - second
        for source, seconds in (("rolled", first), ("allotment", second)):
            if seconds:
                _line(lines, entry, source, seconds, 0)
        if over:
            charged = _allocated(billable, [first, second, over])
            cents = (2 * charged * 140_00 + 3600) // 7200
            total += cents
            _line(lines, entry, "overage", over, cents)
    return total


def _allocated(total: int, weights: list[int]) -> int:
    """The last part of a total that is split by largest remainder, ties to the first."""
    weight = sum(weights)
    parts = [total * each // weight for each in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % weight), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts[-1]


def _prepaid(events: list, lines: list[Charge] | None) -> int:  # type: ignore[type-arg]  # work and purchases
    total = 0
    banks = []
    for event in events:
        if type(event) is BankPurchase:
            assert event.expires_on is not None
            day = datetime(event.expires_on.year, event.expires_on.month, event.expires_on.day, tzinfo=BERLIN)
            ends = int(day.replace(hour=23, minute=59, second=59).timestamp()) + 1
            banks.append([ends, int(event.at.timestamp()), event.id, 25 * 3600])
            total += 25 * 115_00
            if lines is not None:
                lines.append(Charge(event.id, event.at, "purchase", 25 * 3600, Money.from_minor(25 * 115_00, "EUR")))
    banks.sort()
    rows = sorted((int(event.at.timestamp()), event.id, event) for event in events if type(event) is WorkEntry)
    for at, _, entry in rows:
        _, rest = counted_of(entry)
        for bank in banks:
            if bank[1] <= at < bank[0] and bank[3]:
                pays = min(rest, bank[3])
                bank[3] -= pays
                rest -= pays
                _line(lines, entry, bank[2], pays, 0)
                if not rest:
                    break
        if rest:
            cents = (2 * rest * 137_50 + 3600) // 7200
            total += cents
            _line(lines, entry, "overage", rest, cents)
    return total
