"""Measuring: worked time taken through group, free time, minimum, grace, increment, windows and multipliers (M1 to M8).

Everything that is not linear is a function of the cumulative quantity of its group or window, kept in the counters of
the accounts, and an entry gets the increase that it causes (D10).
"""

from typing import Any

from supportcontracts.events import WorkEntry
from supportcontracts.quantity import weigh
from supportcontracts.rating.accounts import Accounts
from supportcontracts.rating.meters import CHARGE, MeteringProgram, MeterProgram, factor_of
from supportcontracts.rating.program import PhaseProgram, Slice
from supportcontracts.rating.waterfall import Waterfall
from supportcontracts.rating.windows import Cut, Rounded, Stretch, cut_by, rounded_apart

__all__ = ["Measuring"]


def __dir__() -> list[str]:
    return __all__


class Measuring:
    """The metering of a fold, on its accounts."""

    __slots__ = ("books", "zone")

    def __init__(self, books: Accounts) -> None:
        self.books = books
        self.zone = books.zone

    def metered(
        self,
        entry: WorkEntry,
        at: int,
        worked: int,
        meter: MeterProgram,
        metering: MeteringProgram,
        phase: PhaseProgram,
        piece: Slice,
    ) -> tuple[Any, ...]:
        """Take worked time through free time, minimum, grace, increment and multipliers (M1 to M8)."""
        free_before = group_before = 0
        group = ""
        if metering.plain:
            time = metering.unfree(worked) if metering.free else worked
            raised = max(time, metering.minimum) if time else 0
            billable = stepped = metering.rounded(raised)
        else:
            counts = self.books.counts
            group, group_key = self._group(entry, meter, metering)
            if metering.free_per == "group":
                free_key = ("free", *group_key)
            else:
                free_key = (
                    "free",
                    metering.key,
                    metering.free_per,
                    phase.key if metering.free_per == "term" else piece.key,
                )
            free_before = counts.get(free_key, 0)
            time = metering.unfree(free_before + worked) - metering.unfree(free_before)
            counts[free_key] = free_before + worked
            if metering.windows is not None and metering.windows.reading == "split-then-round":
                head = (entry, metering, group, worked, free_before, time)
                return self._rounded_apart(head, metering, group_key, at)
            total_key = ("group", *group_key)
            group_before = counts.get(total_key, 0)
            total = group_before + time
            raised = max(total, metering.minimum) if total else 0
            stepped = metering.rounded(raised)
            billable = stepped - metering.step(group_before)
            counts[total_key] = total
            if metering.windows is not None:
                cuts = metering.windows.cut(entry, at, at + worked)
                head = (entry, metering, group, worked, free_before, time)
                stretches = cut_by(metering.windows, cuts, time, billable)
                return (*head, group_before, raised, stepped, billable, *_weighed(stretches, []))
        factor = factor_of(metering.quantity_factors, metering.combine, entry) if metering.quantity_factors else None
        counted = billable if factor is None else weigh(billable, factor)
        price_factor = factor_of(metering.price_factors, metering.combine, entry) if metering.price_factors else None
        return (
            entry,
            metering,
            group,
            worked,
            free_before,
            time,
            group_before,
            raised,
            stepped,
            billable,
            factor,
            counted,
            price_factor,
            None,
        )

    def _rounded_apart(
        self, head: tuple[Any, ...], metering: MeteringProgram, group_key: tuple[str | int, ...], at: int
    ) -> tuple[Any, ...]:
        """Raise and round each window of a group by itself (D12)."""
        windows, counts = metering.windows, self.books.counts
        assert windows is not None
        entry, worked, time = head[0], head[3], head[5]

        def step(cut: Cut, spent: int) -> tuple[int, int]:
            key = ("group", "window " + " ".join(map(str, cut.places)), *group_key)
            least = max(metering.minimum, windows.minimum(cut.places))
            before = counts.get(key, 0)
            counts[key] = after = before + spent
            raised = [metering.rounded(max(total, least)) if total else 0 for total in (before, after)]
            return before, raised[1] - raised[0]

        stretches, rounds = rounded_apart(windows, windows.cut(entry, at, at + worked), time, step)
        billable = sum(stretch.billable for stretch in stretches)
        return (*head, 0, time, billable, billable, *_weighed(stretches, rounds))

    def _group(
        self, entry: WorkEntry, meter: MeterProgram, metering: MeteringProgram
    ) -> tuple[str, tuple[str | int, ...]]:
        """Name the group of an entry, by the day it started on; another metering or rate is another group (D9)."""
        rates = tuple(str(Waterfall.rate(source, entry)) for source in meter.sources if source.kind == CHARGE)
        named: tuple[str, ...]
        match metering.group:
            case "incident" if entry.ticket is not None:
                named = ("incident", entry.ticket)
            case "incident-and-day" if entry.ticket is not None:
                named = ("incident-and-day", entry.ticket, self.zone.date_of(entry.at).isoformat())
            case "technician-day" if entry.technician is not None:
                named = ("technician-day", entry.technician, self.zone.date_of(entry.at).isoformat())
            case _:
                named = ("entry", entry.id)
        return " ".join(named[1:]), (metering.key, *rates, *named)


def _weighed(stretches: list[Stretch], rounds: list[Rounded]) -> tuple[Any, ...]:
    """The factors and the counted time of stretches; factors of several are those of each."""
    only = stretches[0] if len(stretches) == 1 else None
    counted = sum(stretch.counted for stretch in stretches)
    return only and only.factor, counted, only and only.price_factor, (stretches, rounds)
