"""From a heap of events to the set that counts: known in time, each once, corrected.

Whoever reads events, to rate them or to run clocks, begins here. What counts is a set: the order of arrival is gone,
repeats are dropped, and corrections have acted before anything is put in order (D6).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs

from supportcontracts._fields import opaque
from supportcontracts.errors import DuplicateEvent, InvalidValue
from supportcontracts.events.corrections import RANKS, Event, Replace, Void

__all__ = ["Gathered", "gather", "require_one_content"]


def __dir__() -> list[str]:
    return __all__


_FACTS = RANKS.keys() - {Void, Replace}


class Gathered:
    """What counts, by id; the corrections that acted, with what they took out; and those that found no target."""

    __slots__ = ("corrected", "facts", "unmatched")

    def __init__(
        self, facts: dict[str, Any], corrected: list[tuple[Void | Replace, Any]], unmatched: list[Void | Replace]
    ) -> None:
        self.facts = facts
        self.corrected = corrected
        self.unmatched = unmatched


def gather(verb: str, events: Iterable[Event], known_at: datetime | None) -> Gathered:
    """Drop what was recorded too late and what repeats, and let corrections act.

    Args:
        verb: who asks, for the error about what is no event.
        events: in any order, repeats allowed.
        known_at: leave out what was recorded after this instant; None: keep everything.

    Raises:
        DuplicateEvent: for one id with two contents.
        InvalidValue: for what is no event.

    Rules: D6, law 3.

    Example:
        >>> from supportcontracts.events import Closed
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> closed = Closed("E-1", at("2025-03-28 16:15"), ticket="T-881")
        >>> sorted(gather("rate", [closed, closed], None).facts)
        ['E-1']
        >>> gather("rate", [closed, Void("V-1", at("2025-03-29 09:00"), target="E-1")], None).facts
        {}
    """
    given = events if isinstance(events, (list, tuple)) else list(events)
    kinds = set(map(type, given))
    if known_at is None and kinds <= _FACTS:
        facts: dict[str, Any] = {event.id: event for event in given}
        if len(facts) == len(given):
            return Gathered(facts, [], [])
    # Something repeats, corrects, came too late or is no event: look at each by itself.
    facts = {}
    corrections: dict[str, Void | Replace] = {}
    ranks = RANKS
    for event in given:
        kind = type(event)
        if kind not in ranks:
            raise _no_event(verb, event)
        if known_at is not None and _known(event) > known_at:
            continue
        if kind is Void or kind is Replace:
            _put(corrections, event)
            continue
        if facts.setdefault(event.id, event) is not event:
            _put(facts, event)
    if not corrections:
        return Gathered(facts, [], [])
    for name in sorted(facts.keys() & corrections.keys()):
        require_one_content(facts[name], corrections[name])
    return _corrected(facts, corrections)


def _known(event: Event) -> datetime:
    return event.at if event.recorded_at is None else event.recorded_at


def require_one_content(one: Event, other: Event) -> None:
    """Refuse two events of one id that differ in more than when they were recorded, naming only what differs.

    Raises:
        DuplicateEvent: for an id with two contents.

    Rules: D6.

    Example:
        >>> from supportcontracts.events import WorkEntry
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("Europe/Berlin").at("2025-02-03 09:00")
        >>> one, other = (WorkEntry("W-1", at, customer="elm", worked=hours(each)) for each in (1, 2))
        >>> require_one_content(one, other)
        Traceback (most recent call last):
        supportcontracts.errors.DuplicateEvent: The id 'W-1' got two contents: worked 1h 00m and 2h 00m; ...
    """
    if type(one) is not type(other):
        differing = [f"a {type(one).__name__} and a {type(other).__name__}"]
    else:
        differing = list(_differing(one, other))
    if differing:
        raise DuplicateEvent(
            f"The id {one.id!r}",
            f"two contents: {', '.join(differing)}",
            "one event for each id was expected",
            "Give the second an id of its own, or record a Replace if it corrects the first.",
        )


def _differing(one: Event, other: Event, within: str = "") -> Iterator[str]:
    """Name each field in which two values of one class differ, with both contents; of events inside them too."""
    for field in attrs.fields(type(one)):
        name = f"{within}{field.name}"
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if not field.eq or name == "recorded_at" or mine == theirs:
            continue
        if type(mine) is type(theirs) and isinstance(mine, Event):
            yield from _differing(mine, theirs, f"{name}.")
        else:
            yield f"{name} {_shown(mine)} and {_shown(theirs)}"


def _shown(value: object) -> str:
    if isinstance(value, Event):
        return f"a {type(value).__name__}"
    return "nothing" if value is None or value == "" else str(value)


def _put(found: dict[str, Any], event: Event) -> None:
    """Keep one event of an id: the earliest recorded of equal ones (D6)."""
    earlier = found.setdefault(event.id, event)
    if earlier is event:
        return
    require_one_content(earlier, event)
    if _known(event) < _known(earlier):
        found[event.id] = event


def _corrected(facts: dict[str, Any], corrections: dict[str, Void | Replace]) -> Gathered:
    """Let the latest correction of each target act, by (recorded, id) (D6)."""
    winners: dict[str, Void | Replace] = {}
    for correction in sorted(corrections.values(), key=lambda c: (_known(c), c.id)):
        winners[correction.target] = correction
    corrected: list[tuple[Void | Replace, Any]] = []
    unmatched: list[Void | Replace] = []
    for target, correction in winners.items():
        if target not in facts:
            unmatched.append(correction)
            continue
        corrected.append((correction, facts[target]))
        if isinstance(correction, Void):
            del facts[target]
        else:
            facts[target] = correction.by
    return Gathered(facts, corrected, sorted(unmatched, key=lambda c: c.id))


def _no_event(verb: str, value: object) -> InvalidValue:
    return InvalidValue(
        f"{verb}(events)",
        opaque(value),
        "events were expected, as in WorkEntry(…), Opened(…) or BankPurchase(…)",
        "Read a table with supportcontracts.interop.tables, or a document with supportcontracts.interop.codec.",
    )
