"""The journal: compact records, appended while a fold runs, in the order in which things happened.

Plain tuples, told apart by their first item: a *line* (LINE), a *movement* (MOVE) and a *notice* (NOTICE), and the
short form of a line that most of them have: a *use* (USE) that one source paid whole, or a *part* (PART). A tuple
display costs a tenth of a frozen object, and most records are never looked at one by one. The names below are the only
way in which other modules take them apart.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from supportcontracts.money import Price
from supportcontracts.rating.meters import MeteringProgram, MeterProgram, SourceProgram
from supportcontracts.rating.program import Slice

if TYPE_CHECKING:
    from supportcontracts.rating.windows import Rounded, Stretch

__all__ = [
    "LINE",
    "MOVE",
    "NOTICE",
    "PART",
    "USE",
    "LineRecord",
    "Metered",
    "MoveRecord",
    "NoticeRecord",
    "exact_of",
    "full",
    "line_record",
]


def __dir__() -> list[str]:
    return __all__


LINE, MOVE, NOTICE, USE, PART = range(5)


class Metered(NamedTuple):
    """How a use was metered: the operands and results of every stage, once for all of its parts."""

    event: Any
    metering: MeteringProgram
    group: str
    worked: int
    free_before: int
    metered: int
    group_before: int
    raised: int
    stepped: int
    billable: int
    factor: Any
    counted: int
    price_factor: Any
    windows: "tuple[list[Stretch], list[Rounded]] | None"


class LineRecord(NamedTuple):
    """One line: what happened, who pays, how much, and what was had before it."""

    tag: int
    at: int
    kind: str
    piece: Slice | None
    meter: MeterProgram | None
    source: SourceProgram | None
    use: str
    part: int
    lot: str
    disposition: str
    code: str
    worked: int
    billable: int
    counted: int
    price: Price | None
    exact: "int | Fraction | tuple[int, int]"
    minor: int
    metered: Metered | None
    detail: Any
    cause: str


def full(item: tuple[Any, ...]) -> tuple[Any, ...]:
    """Write the short form of a use, or of a part, as the line that it stands for; any other record stays as it is.

    The express lane leaves out what follows from its plainness: the disposition from the source, the price from its
    tariff, no group, no code.
    """
    if item[0] < USE:
        return item
    _, at, piece, source, event, use, lot, had, minor, (time, raised, stepped, factor, counted), *part = item
    meter = source.meter
    worked = event.worked.seconds if meter.unit == "work" else 1
    metered = (event, meter.metering, "", worked, 0, time, 0, raised, stepped, stepped, factor, counted, None, None)
    pays = (worked, stepped, counted, 0) if item[0] == USE else part[0]
    worked, billable, counted, rest = pays
    price: Any = None
    exact: Any = 0
    if source.gives == "charged":
        price, (up, down) = source.charge.tariff, source.flat_ratio
        exact = (up * (counted if source.by_counted else billable), down)
    return (
        LINE,
        at,
        "use",
        piece,
        meter,
        source,
        use,
        1,
        lot,
        source.gives,
        "",
        worked,
        billable,
        counted,
        price,
        exact,
        minor,
        metered,
        (had, rest),
        "",
    )


def line_record(item: tuple[Any, ...]) -> LineRecord:
    """Name the parts of a line in the journal."""
    record = LineRecord._make(item)
    return record if record.metered is None else record._replace(metered=Metered._make(record.metered))


def exact_of(record: LineRecord) -> Fraction:
    """The amount of a line before it was settled, in minor units; the fast lane writes it as a pair."""
    exact = record.exact
    return Fraction(*exact) if isinstance(exact, tuple) else Fraction(exact)


class MoveRecord(NamedTuple):
    """One movement on a lot or a deficit; draws are read off the lines instead."""

    tag: int
    at: int
    kind: str
    lot: str
    amount: int
    unit: str
    because: str
    code: str


class NoticeRecord(NamedTuple):
    """One notice, with the key that keeps it from being given twice."""

    tag: int
    at: int
    code: str
    key: str
    because: str
    detail: Any
