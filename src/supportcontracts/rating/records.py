"""The journal: compact records, appended while a fold runs, in the order in which things happened.

Three kinds of plain tuples, told apart by their first item: a *line* (LINE), a *movement* (MOVE) and a *notice*
(NOTICE). A tuple display costs a tenth of a frozen object, and most records are never looked at one by one. The names
below are the only way in which other modules take them apart.
"""

from typing import Any, NamedTuple

from supportcontracts.money import Price
from supportcontracts.rating.program import MeteringProgram, MeterProgram, Slice, SourceProgram

__all__ = ["LINE", "MOVE", "NOTICE", "LineRecord", "Metered", "MoveRecord", "NoticeRecord"]


def __dir__() -> list[str]:
    return __all__


LINE, MOVE, NOTICE = range(3)


class Metered(NamedTuple):
    """How a use was metered: the operands and results of every stage, once for all of its parts."""

    event: Any
    use: str
    metering: MeteringProgram | None
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


class LineRecord(NamedTuple):
    """One line: what happened, who pays, how much, and what was had before it."""

    tag: int
    at: int
    kind: str
    piece: Slice | None
    meter: MeterProgram | None
    source: SourceProgram | None
    use: str
    lot: str
    disposition: str
    code: str
    worked: int
    billable: int
    counted: int
    price: Price | None
    exact: Any
    minor: int
    metered: Metered | None
    detail: Any


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
