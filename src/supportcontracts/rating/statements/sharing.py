"""Who of those that share a contract caused what it cost beyond what was included: a view, which changes no line.

Two readings are usual, and both add up to the statement. *Chronological* is what the lines say: the work that came
after the allotment was used up bears what it cost. *Pro rata* shares the excess out by use, whoever came last.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from supportcontracts._fields import frozen, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.money import Money
from supportcontracts.quantity import Unit, allocate_whole
from supportcontracts.rating.statements.layout import Page, Table
from supportcontracts.rating.statements.pages import signed

if TYPE_CHECKING:
    from supportcontracts.rating.statements.statement import Statement, StatementLine

__all__ = ["Attribution", "SharedBy", "Sharer", "attribution_of"]


def __dir__() -> list[str]:
    return __all__


SharedBy = Literal["product", "severity", "channel", "role", "work_type", "window", "ticket"]
"""What a use is about: the attribute by which those who share a contract are told apart."""

How = Literal["chronological", "pro-rata"]

_USES = ("use", "release", "credit")
_WINDOWED = ("volume", "discount", "maximum", "minimum", "overdraft")
_USED = ("included", "drawn", "charged", "credited")


@frozen
class Sharer:
    """What one of those who share a meter used, what of it was beyond what is included, and what that cost.

    Attributes:
        name: the product, ticket, role … ; empty: the use does not say.
        meter: the meter that they share.
        unit: what it counts.
        used: what was counted, less what was given back.
        beyond: what of it was charged, or its share of that.
        amount: what it cost, or its share of that.

    Example:
        >>> Sharer("atlas", "work", "work", 36000, 0, Money("0 EUR")).name
        'atlas'
    """

    name: str
    meter: str
    unit: Unit
    used: int
    beyond: int
    amount: Money


@frozen
class Attribution:
    """What the charged use of a statement cost, by those who share the contract.

    Attributes:
        statement: the id of the statement.
        by: how they are told apart.
        how: "chronological": what the lines say, and what stands at the end of a window by the units charged in it;
            "pro-rata": all of it by use, spare units to the largest remainders, ties to the smallest name.
        sharers: by meter and name.

    Rules: D24, D30.
    """

    statement: str
    by: SharedBy
    how: How
    sharers: tuple[Sharer, ...] = attrs.field(converter=tuple_of)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every sharer as a plain dict of texts and whole numbers, ready for a data frame."""
        return [
            {
                "statement": self.statement,
                self.by: sharer.name,
                "meter": sharer.meter,
                "unit": sharer.unit,
                "used": sharer.used,
                "beyond": sharer.beyond,
                "amount_minor": sharer.amount.minor,
                "currency": sharer.amount.currency.code,
            }
            for sharer in self.sharers
        ]

    def __str__(self) -> str:
        rows = [
            (
                each.name or "–",
                each.meter,
                signed(each.unit, each.used),
                signed(each.unit, each.beyond),
                str(each.amount),
            )
            for each in self.sharers
        ]
        heads = (self.by.replace("_", " "), "meter", "used", "beyond", "amount")
        title = f"{self.statement} by {heads[0]}, {self.how.replace('-', ' ')}"
        return Page(title, [Table(heads, rows, right=frozenset({2, 3, 4}))]).text()


def attribution_of(statement: "Statement", by: SharedBy, how: How) -> Attribution:
    """Say who caused what charged use cost."""
    require_choice("attribution(by)", by, get_args(SharedBy))
    require_choice("attribution(how)", how, get_args(How))
    meters: dict[str, list[StatementLine]] = {}
    for line in statement.lines:
        if line.line.meter and (line.line.kind in _USES or line.line.kind in _WINDOWED):
            meters.setdefault(line.line.meter, []).append(line)
    sharers: list[Sharer] = []
    for meter, lines in sorted(meters.items()):
        sharers += _of_meter(statement, meter, lines, by, how)
    return Attribution(statement.id, by, how, sharers)


def _of_meter(
    statement: "Statement", meter: str, lines: "list[StatementLine]", by: SharedBy, how: How
) -> Iterable[Sharer]:
    own = [line for line in lines if line.line.kind in _USES]
    names = sorted({_name(line, by) for line in own}) or [""]
    used = dict.fromkeys(names, 0)
    beyond = dict.fromkeys(names, 0)
    minor = dict.fromkeys(names, 0)
    for line in own:
        name, counted = _name(line, by), line.line.counted
        sign = -1 if line.line.kind == "credit" else 1
        minor[name] += line.line.amount.minor
        if counted is not None and line.line.disposition in _USED:
            used[name] += sign * counted.amount
            if line.line.disposition == "charged" or (line.line.kind == "credit" and line.line.amount):
                beyond[name] += sign * counted.amount
    at_the_end = sum(line.line.amount.minor for line in lines if line.line.kind in _WINDOWED)
    if how == "pro-rata":
        shared = _shared(sum(minor.values()) + at_the_end, used, used)
        units = _shared(sum(beyond.values()), used, used)
    else:
        ends = _shared(at_the_end, beyond, used)
        shared, units = {name: minor[name] + ends[name] for name in names}, beyond
    counts = [line.line.counted for line in lines if line.line.counted is not None]
    unit: Unit = counts[0].unit if counts else "work"
    for name in names:
        yield Sharer(name, meter, unit, used[name], units[name], Money.from_minor(shared[name], statement.currency))


def _name(line: "StatementLine", by: SharedBy) -> str:
    said = None if line.about is None else getattr(line.about, by)
    return "" if said is None else str(said)


def _shared(total: int, weights: dict[str, int], otherwise: dict[str, int]) -> dict[str, int]:
    """Share a total out by weights, by other weights where those are all zero, and else evenly."""
    positive = [max(0, weight) for weight in weights.values()]
    if not any(positive):
        positive = [max(0, weight) for weight in otherwise.values()]
    parts = allocate_whole(total, positive if any(positive) else [1] * len(positive))
    return dict(zip(weights, parts, strict=True))
