"""Why a closed line is another one now, as data that can be put into words of any language."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal, NamedTuple

import attrs

from supportcontracts._fields import frozen
from supportcontracts.money import Money
from supportcontracts.quantity import Quantity
from supportcontracts.rating.statements.pages import day_of, lot_name

__all__ = ["Cause", "CauseCode"]


def __dir__() -> list[str]:
    return __all__


CauseCode = Literal[
    "late",
    "voided",
    "replaced",
    "came-first",
    "draws",
    "no-longer-draws",
    "no-longer-counts",
    "paid-otherwise",
    "units",
    "window",
    "price",
    "terms",
    "after",
    "unknown",
]
"""late: an event was recorded after closing; voided, replaced: a correction was; came-first, draws, no-longer-draws,
no-longer-counts: another use stands before this one, draws otherwise, or is gone; paid-otherwise: another source pays
more or less of the use; units, window: what stands at the end of a window follows from its lines; price, terms: the
terms changed, by consent; after: one of these events; unknown: nothing was recorded that could be named."""


@frozen
class Cause:
    """One reason why a closed line is another one now.

    Attributes:
        code: which kind of reason.
        id: the correction, or the other use; of "after" the events, apart by commas.
        event: what happened, as in "worked"; of a late event.
        lot: the lot that the event is about, or from which more or less is drawn.
        source: the source of that lot, or the one that pays more or less.
        happened: the local day of the event.
        recorded: the local day on which it was recorded; None: it was not known before.
        text: the reason of a correction, or who consented to other terms.
        direction: whether it is more or less than it was.
        quantity: how much, or how much more or less.
        instead: how much it was.
        amount: by how much the lines of the window changed.
        price: the price now.
        price_before: the price as it was closed.

    Rules: D31.

    Example:
        >>> print(Cause("came-first", id="W-3111"))
        W-3111 came first
        >>> print(Cause("late", event="worked", happened=date(2025, 3, 10), recorded=date(2025, 4, 2)))
        worked 10 Mar, recorded 02 Apr
    """

    code: CauseCode
    id: str = attrs.field(default="", kw_only=True)
    event: str = attrs.field(default="", kw_only=True)
    lot: str = attrs.field(default="", kw_only=True)
    source: str = attrs.field(default="", kw_only=True)
    happened: date | None = attrs.field(default=None, kw_only=True)
    recorded: date | None = attrs.field(default=None, kw_only=True)
    text: str = attrs.field(default="", kw_only=True)
    direction: Literal["", "more", "less"] = attrs.field(default="", kw_only=True)
    quantity: Quantity | None = attrs.field(default=None, kw_only=True)
    instead: Quantity | None = attrs.field(default=None, kw_only=True)
    amount: Money | None = attrs.field(default=None, kw_only=True)
    price: str = attrs.field(default="", kw_only=True)
    price_before: str = attrs.field(default="", kw_only=True)

    def __str__(self) -> str:
        return cause_words(self, CAUSE_WORDS, Speech(_day, str, str, str, lot_name))


class Speech(NamedTuple):
    """How a language writes days, quantities, money and prices, and what it calls a lot."""

    day: Callable[[date], str]
    quantity: Callable[[Quantity], str]
    money: Callable[[Money], str]
    price: Callable[[str], str]
    lot: Callable[[str, str], str]


CAUSE_WORDS: dict[str, str] = {
    "late": "{about}{event} {happened}, recorded {recorded}",
    "late-unsaid": "{about}{event} {happened}, not known before",
    "voided": "{about}voided{reason} ({id}, recorded {recorded})",
    "replaced": "{about}replaced{reason} ({id}, recorded {recorded})",
    "came-first": "{id} came first",
    "draws-more": "{id} draws {quantity} more",
    "draws-less": "{id} draws {quantity} less",
    "no-longer-draws": "{id} no longer draws on it",
    "no-longer-counts": "{id} no longer counts",
    "paid-otherwise-more": "{quantity} more {place}",
    "paid-otherwise-less": "{quantity} less {place}",
    "from-lot": "from {lot}",
    "from-source": "as {source}",
    "units": "{quantity} instead of {instead}",
    "window": "the lines of its window changed by {amount}",
    "price": "{price} instead of {price_before}{reason}",
    "no-price": "no price",
    "terms": "terms changed{reason}",
    "after": "after {id}",
    "unknown": "differs from what was closed",
}
"""The words of causes in English; what stands in braces is filled in."""


def cause_words(cause: Cause, words: Mapping[str, str], speech: Speech) -> str:
    """Put a cause into words.

    Args:
        cause: the reason.
        words: the words of a language, with the keys of `CAUSE_WORDS`; those of an event as "event.worked".
        speech: how the language writes days, quantities and money.
    """
    key = f"{cause.code}-{cause.direction}" if cause.direction else str(cause.code)
    place = "from-lot" if cause.lot else "from-source"
    source = words.get(f"source.{cause.source}", cause.source)
    return words["late-unsaid" if key == "late" and cause.recorded is None else key].format(
        id=cause.id,
        about=f"{cause.lot} " if cause.lot else "",
        event=words.get(f"event.{cause.event}", cause.event),
        happened="" if cause.happened is None else speech.day(cause.happened),
        recorded="" if cause.recorded is None else speech.day(cause.recorded),
        reason=f": {cause.text}" if cause.text else "",
        quantity="" if cause.quantity is None else speech.quantity(cause.quantity),
        instead="" if cause.instead is None else speech.quantity(cause.instead),
        amount="" if cause.amount is None else speech.money(cause.amount),
        price=speech.price(cause.price) if cause.price else words["no-price"],
        price_before=speech.price(cause.price_before) if cause.price_before else words["no-price"],
        place=words[place].format(lot=speech.lot(cause.lot, cause.source), source=source),
    )


def _day(day: date) -> str:
    return day_of(day, day, day)
