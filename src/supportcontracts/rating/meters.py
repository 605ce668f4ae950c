"""The meters of a contract, made ready for the fold: whom they admit, how they measure, and who pays."""

from fractions import Fraction
from operator import mul
from typing import Any, assert_never

from supportcontracts.contracts.allotments import Allotment, Overdraw
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.metering import Metering, Multiplier
from supportcontracts.contracts.plans import PlacedMeter
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Source, Unlimited
from supportcontracts.contracts.tariffs import Volume
from supportcontracts.money import Price
from supportcontracts.rating.windows import Windows

__all__ = ["MeterProgram", "MeteringProgram", "Restrictions", "SourceProgram"]


def __dir__() -> list[str]:
    return __all__


Restrictions = tuple[tuple[str, frozenset[Any]], ...]

UNLIMITED, ALLOTMENT, BANKS, CHARGE, FALLBACK, HOLD, REFUSE = range(7)


class MeteringProgram:
    """One metering, in whole seconds."""

    __slots__ = (
        "combine",
        "free",
        "free_all",
        "free_per",
        "grace",
        "group",
        "increment",
        "key",
        "looked_at",
        "measured",
        "minimum",
        "path",
        "plain",
        "price_factors",
        "quantity_factors",
        "split",
        "terms",
        "windows",
    )

    def __init__(self, metering: Metering, key: str, path: str) -> None:
        self.terms = metering
        self.key = key
        self.path = path
        self.group = metering.group
        self.free = metering.free.quantity.seconds if metering.free else 0
        self.free_per = metering.free.per if metering.free else "group"
        self.free_all = metering.free is not None and metering.free.reading == "all"
        self.minimum = metering.minimum.seconds
        self.grace = metering.grace.seconds
        self.increment = metering.increment.seconds
        self.combine = metering.combine
        self.split = metering.at_boundary == "split"
        # Where a multiplier has a calendar, all of them are looked up by the windows; else by the scopes alone.
        timed = any(multiplier.window for multiplier in metering.multiplier)
        self.windows = Windows(metering.multiplier, metering.combine, metering.windows) if timed else None
        self.quantity_factors = () if timed else _factors(metering.multiplier, "quantity")
        self.price_factors = () if timed else _factors(metering.multiplier, "price")
        self.looked_at = tuple(sorted({name for restrictions, _ in self.quantity_factors for name, _ in restrictions}))
        # What plain metering makes of an entry, by what the factors look at and the seconds worked: a function of both.
        self.measured: dict[Any, dict[int, Any]] = {}
        self.plain = self.group == "entry" and self.free_per == "group" and not self.split and not timed

    def rounded(self, quantity: int) -> int:
        """Round up to full steps; an excess of at most the grace is dropped (D11)."""
        excess = quantity % self.increment
        if not excess:
            return quantity
        return quantity - excess if excess <= self.grace else quantity - excess + self.increment

    def step(self, quantity: int) -> int:
        """Raise to the minimum and round to the increment; 0 stays 0 (D10, D11)."""
        return self.rounded(max(quantity, self.minimum)) if quantity else 0

    def unfree(self, quantity: int) -> int:
        """Take the free time off; in the reading "all" it is free only until it is passed (D10)."""
        if self.free_all:
            return 0 if quantity <= self.free else quantity
        return max(0, quantity - self.free)


def _factors(multipliers: tuple[Multiplier, ...], on: str) -> tuple[tuple[Restrictions, Fraction], ...]:
    return tuple((m.scope.restrictions, m.factor) for m in multipliers if m.on == on)


class SourceProgram:
    """One source of a waterfall, with everything the fold asks of it."""

    __slots__ = (
        "approval",
        "by_counted",
        "charge",
        "entry_rates",
        "flat",
        "flat_ratio",
        "free_first",
        "gives",
        "key",
        "kind",
        "label",
        "limit_money",
        "limit_per",
        "limit_units",
        "meter",
        "of_counted",
        "order",
        "overdraw",
        "overdraw_limit",
        "path",
        "per",
        "place",
        "plain",
        "pool",
        "rates",
        "restrictions",
        "sublimits",
        "terms",
        "volume",
        "whole",
    )

    def __init__(self, source: Source, meter: "MeterProgram", place: int, path: str, *, after_payer: bool) -> None:
        self.terms = source
        self.meter = meter
        self.place = place
        self.key = f"{meter.name}/{place}"
        self.path = path
        self.restrictions: Restrictions = source.scope.restrictions
        self.whole = False
        self.overdraw: Overdraw | None = None
        self.overdraw_limit = 0
        self.sublimits: tuple[tuple[int, Restrictions, str], ...] = ()
        self.pool = ""
        self.order = ""
        self.volume = False
        match source:
            case Unlimited():
                self.kind, self.label = UNLIMITED, "unlimited"
            case Allotment():
                self.kind, self.label = ALLOTMENT, "allotment"
                self._shortage(source.short, source.quantity.amount)
                self.sublimits = tuple((s.quantity.amount, s.scope.restrictions, s.per) for s in source.sublimits)
            case Banks():
                self.kind, self.label = BANKS, "bank"
                self._shortage(source.short, 0)
                self.pool, self.order = source.pool, source.order
            case Charge():
                self.kind, self.label = CHARGE, "overage" if after_payer else "charge"
                self._charge(source)
            case Fallback():
                self.kind, self.label = FALLBACK, f"fallback {source.contract}"
            case Hold():
                self.kind, self.label = HOLD, "hold"
            case Refuse():
                self.kind, self.label = REFUSE, "refuse"
            case _:
                assert_never(source)
        self.gives = {BANKS: "drawn", CHARGE: "charged"}.get(self.kind, "included")
        self.plain = self._is_plain()

    def _is_plain(self) -> bool:
        """Whether the first lot, or a flat price, pays a use with nothing else to look at."""
        if self.restrictions:
            return False
        if self.kind == UNLIMITED:
            return self.terms.review_at is None  # type: ignore[union-attr]  # an Unlimited, by its kind
        if self.kind == ALLOTMENT or self.kind == BANKS:
            return not (self.whole or self.sublimits)
        limited = self.kind == CHARGE and (self.limit_units is not None or self.limit_money is not None)
        return self.kind == CHARGE and self.flat is not None and not (limited or self.approval or self.adjusted)

    def _shortage(self, short: object, grant: int) -> None:
        self.whole = short == "whole-to-next"
        if isinstance(short, Overdraw):
            self.overdraw = short
            self.overdraw_limit = short_limit(short, grant)

    def _charge(self, charge: Charge) -> None:
        self.charge = charge
        self.approval = charge.approval == "required"
        self.of_counted = charge.of == "counted"
        self.by_counted = self.of_counted or self.meter.unit == "incidents"
        self.per = charge.per
        self.free_first = charge.free_first.amount if charge.free_first else 0
        self.entry_rates = charge.entry_rates == "used"
        self.rates = {(rate.role, rate.work_type): rate.price for rate in charge.rates}
        self.volume = isinstance(charge.tariff, Volume)
        plain = isinstance(charge.tariff, Price) and not self.free_first and not self.rates and not self.entry_rates
        self.flat = charge.tariff.per_unit() if plain and isinstance(charge.tariff, Price) else None
        self.flat_ratio = None if self.flat is None else self.flat.as_integer_ratio()
        self.limit_units = charge.limit.amount if charge.limit is not None and hasattr(charge.limit, "amount") else None
        self.limit_money = charge.limit.minor if charge.limit is not None and hasattr(charge.limit, "minor") else None
        self.limit_per = charge.limit_per

    @property
    def pays(self) -> bool:
        """Whether what comes behind this source is overage."""
        return self.kind in (UNLIMITED, ALLOTMENT, BANKS, FALLBACK)

    @property
    def adjusted(self) -> bool:
        """Whether the lines of a window are summed for a volume price, discount, maximum or minimum."""
        charge = self.charge
        return charge.discount is not None or charge.maximum is not None or charge.minimum is not None


class MeterProgram:
    """One meter: who it admits, how it measures, and its sources."""

    __slots__ = ("express", "labour", "metering", "meterings", "name", "restrictions", "sources", "table", "unit")

    def __init__(self, placed: PlacedMeter, phase: str, root: str) -> None:
        meter = placed.meter
        self.name = meter.name
        self.unit = meter.unit
        self.restrictions: Restrictions = meter.scope.restrictions
        self.table = meter.incidents
        self.labour = meter.labour
        self.metering = MeteringProgram(meter.metering, f"{phase}:{meter.name}", f"{root}{placed.metering_path}")
        self.meterings: tuple[tuple[Restrictions, MeteringProgram], ...] = tuple(
            (
                special.scope.restrictions,
                MeteringProgram(
                    special.metering,
                    f"{phase}:{meter.name}:{number}",
                    f"{root}{placed.metering_path}.special[{number}].metering",
                ),
            )
            for number, special in enumerate(meter.metering.special)
        )
        sources: list[SourceProgram] = []
        for place, (source, path) in enumerate(zip(meter.sources, placed.source_paths, strict=True)):
            after = any(earlier.pays for earlier in sources)
            sources.append(SourceProgram(source, self, place, f"{root}{path}", after_payer=after))
        self.sources = tuple(sources)
        # Whether the metering of a use depends on the use alone; and for work, whether the meter measures all of it.
        metering = self.metering
        self.express = not (self.meterings or metering.price_factors or metering.windows)
        if self.unit == "work":
            self.express = self.express and metering.plain and not self.restrictions

    def metering_of(self, facts: object) -> MeteringProgram:
        """The metering of a use: the first special one that admits it, else the meter's own."""
        for restrictions, special in self.meterings:
            if admits(restrictions, facts):
                return special
        return self.metering


def short_limit(short: Overdraw, size: int) -> int:
    """How far below zero a source may go: a quantity, or a share of a size in whole units (D18)."""
    return int(short.limit * size) if isinstance(short.limit, Fraction) else short.limit.amount


def admits(restrictions: Restrictions, use: object) -> bool:
    """Tell whether every restriction admits the use; a missing attribute meets only what is unrestricted (D15)."""
    for attribute, admitted in restrictions:  # noqa: SIM110  # a generator costs more than the loop, for every use
        if getattr(use, attribute) not in admitted:
            return False
    return True


def factor_of(factors: tuple[tuple[Restrictions, Fraction], ...], combine: str, facts: object) -> Fraction | None:
    """The larger of the multipliers that apply, or their product if the terms say so; None if none does (D12)."""
    combined = max if combine == "largest" else mul
    found: Fraction | None = None
    for restrictions, factor in factors:
        if admits(restrictions, facts):
            found = factor if found is None else combined(found, factor)
    return found


def account_of(source: SourceProgram) -> str:
    """The account under which a source is overdrawn: its pool, or its own place in the plan."""
    return f"{source.pool}/{source.meter.unit}" if source.kind == BANKS else source.key
