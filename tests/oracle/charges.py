"""Use that is charged: limits, windows, tariffs, and what happens to the lines of a window at its end.

What a window has used or cost is added up from the notes about earlier parts whenever it is asked for.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import Meter
from supportcontracts.contracts.sources import Fallback, Unlimited
from supportcontracts.contracts.tariffs import Volume
from supportcontracts.money import Money
from tests.oracle.bankdesk import ADJUST_END, VOLUME_END
from tests.oracle.days import Stretch
from tests.oracle.diary import ENDING
from tests.oracle.notes import OLine
from tests.oracle.sources import Ask, Part, SourceKey, Sources
from tests.oracle.sums import band_price, combined, cost, major, per_raw_unit, share_out
from tests.oracle.terms import PhaseView, factors, winning_rate
from tests.oracle.windows import Run, cut


class Charged(NamedTuple):
    """A note: a use was charged; `priced` are the units that the tariff saw, none if a rate replaced it."""

    key: SourceKey
    period: int
    window: str
    priced: int
    counted: int
    exact: Fraction
    minor: int


class Charges(Sources):
    """Charges, as they take what is left."""

    def __init__(self, contract: Contract, until: int) -> None:
        super().__init__(contract, until)
        self.charges: list[Charged] = []

    # Charges

    def charge_name(self, meter: Meter, index: int) -> str:
        """A charge is called overage where another paying source stands before it."""
        paying = (Unlimited, Allotment, Banks, Fallback)
        return "overage" if any(isinstance(source, paying) for source in meter.sources[:index]) else "charge"

    def take_charge(self, ask: Ask, index: int, charge: Charge, before: Sequence[Part]) -> list[Part]:
        """Take what is left up to the limit; without an approval that is required it only waits."""
        rest = ask.counted - sum(part.counted for part in before)
        counted = rest
        key = ask.key(index)
        window = [
            note
            for note in self.charges
            if note.key == key and (charge.limit_per == "term" or note.period == ask.place.period.start)
        ]
        match charge.limit:
            case None:
                pass
            case Money():
                room = major(charge.limit) - sum(note.exact for note in window)
                counted = self.affordable(ask, index, charge, before, room)
            case _:
                counted = min(rest, max(0, charge.limit.amount - sum(note.counted for note in window)))
        if counted == 0:
            return []
        name = self.charge_name(ask.meter, index)
        waits = charge.approval == "required" and not ask.approved
        return [Part(index, name, counted, "held" if waits else "charged")]

    def affordable(self, ask: Ask, index: int, charge: Charge, before: Sequence[Part], room: Fraction) -> int:
        """Find the most counted units whose exact amount fits: halve the range, then feel for the edge.

        What is billable of a part depends on the other parts; what lies beyond the limit counts as one part here.
        """
        earlier = [part.counted for part in before]
        rest = ask.counted - sum(earlier)

        def fits(counted: int) -> bool:
            weights = [*earlier, counted, rest - counted]
            pieces = cut(ask.runs, weights)[len(earlier)] if ask.runs else []
            share = share_out(ask.billable, weights)[len(earlier)]
            return self.exact_charge(ask, index, charge, share, counted, pieces) <= room

        if fits(rest):
            return rest
        low, high = 0, rest
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return max([n for n in range(low, min(low + 3, rest)) if fits(n)], default=0)

    def window_of(self, ask: Ask, charge: Charge) -> str:
        """Name the window in which a charge adds up quantities."""
        match charge.per:
            case None | "entry":
                return ask.use.id
            case "incident":
                return ask.use.id if ask.use.unit == "incidents" or ask.use.ticket is None else f"T {ask.use.ticket}"
            case "day":
                return str(self.day(ask.now))
            case "period":
                return str(ask.place.period.start)
            case "term":
                return "term"

    def priced_units(self, ask: Ask, charge: Charge, billable: int, counted: int) -> int:
        """Say how many units of a part are charged."""
        return counted if charge.of == "counted" or ask.use.unit == "incidents" else billable

    def exact_charge(
        self, ask: Ask, index: int, charge: Charge, billable: int, counted: int, pieces: Sequence[Run] = ()
    ) -> Fraction:
        """Say what the next units of a use cost: by their rate, or by the increase of the tariff in its window.

        Where windows differ, each run costs its own, one after the other.
        """
        exact, seen = Fraction(0), 0
        for run in pieces:
            units = self.priced_units(ask, charge, run.billable, run.counted)
            exact += self.plain_charge(ask, index, charge, units, seen) * run.price_factor
            seen += units
        if pieces:
            return exact
        units = self.priced_units(ask, charge, billable, counted)
        factor = combined(factors(ask.metering, ask.use, "price"), ask.metering.combine)
        return self.plain_charge(ask, index, charge, units, 0) * factor

    def plain_charge(self, ask: Ask, index: int, charge: Charge, quantity: int, seen: int) -> Fraction:
        """Say what units cost before any multiplier, after so many units of the same use."""
        rate = winning_rate(charge, ask.use)
        if rate is not None:
            return quantity * per_raw_unit(rate)
        if isinstance(charge.tariff, Volume):
            return Fraction(0)
        free = charge.free_first.amount if charge.free_first is not None else 0
        had = self.had_in_window(ask.key(index), self.window_of(ask, charge)) + seen if charge.per is not None else 0
        return cost(charge.tariff, max(0, had + quantity - free)) - cost(charge.tariff, max(0, had - free))

    def had_in_window(self, key: SourceKey, window: str) -> int:
        """Add up the units that the tariff of a charge has seen in a window."""
        return sum(note.priced for note in self.charges if note.key == key and note.window == window)

    def plan_adjustments(self, phase: PhaseView, meter: Meter, index: int, charge: Charge) -> None:
        """Plan what a charge does at the ends of its windows (D26)."""
        order = f"{meter.name}/{index}"
        if isinstance(charge.tariff, Volume):
            for window in phase.billing if charge.per == "period" else (phase.whole,):
                act = partial(self.volume_ends, phase, meter, index, charge, window)
                self.plan(window.end, ENDING, (VOLUME_END, order), act)
        for window in phase.billing if charge.adjust_per == "period" else (phase.whole,):
            act = partial(self.adjust, phase, meter, index, charge, window)
            self.plan(window.end, ENDING, (ADJUST_END, order), act)

    def volume_ends(self, phase: PhaseView, meter: Meter, index: int, charge: Charge, window: Stretch) -> None:
        """Price the whole quantity of a window by the band that it reaches."""
        assert isinstance(charge.tariff, Volume)
        key = (phase.number, meter.name, index)
        name = str(window.start) if charge.per == "period" else "term"
        free = charge.free_first.amount if charge.free_first is not None else 0
        quantity = max(0, self.had_in_window(key, name) - free)
        if quantity:
            exact = band_price(charge.tariff.bands, quantity)
            period = next(each for each in phase.billing if each.end == window.end)
            self.charges.append(Charged(key, period.start, "", 0, 0, exact, self.settle(exact)))
            self.adjusted("volume", period, meter, index, exact)

    def adjusted(self, kind: str, period: Stretch, meter: Meter, index: int, exact: Fraction) -> None:
        """Write a line of a window, settled once."""
        self.lines.append(
            OLine(
                kind,
                period.name,
                meter=meter.name,
                source=self.charge_name(meter, index),
                disposition="charged",
                exact=exact,
                minor=self.settle(exact),
            )
        )

    def adjust(self, phase: PhaseView, meter: Meter, index: int, charge: Charge, window: Stretch) -> None:
        """Take off the discount, then what lies above the maximum, then add what lacks to the minimum (D26)."""
        key = (phase.number, meter.name, index)
        settled = sum(
            note.minor for note in self.charges if note.key == key and window.start <= note.period < window.end
        )
        period = next(each for each in phase.billing if each.end == window.end)
        cycle = window.full_days if charge.stubs == "prorated" and charge.adjust_per == "period" else window.days

        def part_of(amount: Money) -> Fraction:
            """Take the days that the window has of its cycle, settled once (D29)."""
            return self.unsettled(self.settle(major(amount) * Fraction(window.days, cycle)))

        rules: tuple[tuple[str, Callable[[Fraction], Fraction]], ...] = (
            ("discount", lambda total: -(charge.discount or 0) * total),
            (
                "maximum",
                lambda total: (
                    Fraction(0) if charge.maximum is None else min(Fraction(0), part_of(charge.maximum) - total)
                ),
            ),
            (
                "minimum",
                lambda total: (
                    Fraction(0) if charge.minimum is None else max(Fraction(0), part_of(charge.minimum) - total)
                ),
            ),
        )
        for kind, rule in rules:
            exact = rule(self.unsettled(settled))
            minor = self.settle(exact)
            if minor:
                settled += minor
                self.adjusted(kind, period, meter, index, exact)
