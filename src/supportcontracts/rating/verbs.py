"""The verbs of rating: agreed first, then happened, then keywords."""

from collections.abc import Iterable
from datetime import date, datetime

from supportcontracts._fields import opaque
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue, StaleState
from supportcontracts.events import Event
from supportcontracts.rating.gate import check_until, happenings
from supportcontracts.rating.program import compiled
from supportcontracts.rating.result import Rating
from supportcontracts.rating.saving import opened, saved
from supportcontracts.rating.state import State
from supportcontracts.timeline import epoch, from_epoch

__all__ = ["rate"]


def __dir__() -> list[str]:
    return __all__


def rate(
    contract: Contract,
    events: Iterable[Event],
    *,
    until: datetime | date | str,
    opening: State | None = None,
    known_at: datetime | date | str | None = None,
) -> Rating:
    """Rate everything that happened under a contract before an instant.

    The same events in any order, with any repeats, give the same rating; rating in chunks through saved states gives
    the same lines as rating in one go.

    Args:
        contract: what was agreed.
        events: what happened, in any order.
        until: where to stop, exclusive: an instant, or a date for its first moment in the contract's zone. What ends
            there (an expiry, a period) has happened, what begins there has not.
        opening: the state to go on from; None: from before everything.
        known_at: leave out what was recorded after this instant; None: use everything.

    Returns:
        The rating: lines, movements, notices and the closing state.

    Raises:
        DuplicateEvent: for one id with two contents.
        ForeignEvent: for an event of another customer or contract.
        StaleState: for an event before the opening state.

    Rules: D1 to D28, laws 1 to 5.

    Example:
        >>> from supportcontracts import CappedHours, Charge, Money, Price, Term, WorkEntry, Zone, hours
        >>> berlin = Zone("Europe/Berlin")
        >>> c101 = Contract(
        ...     "C-101", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=berlin),
        ...     plan=CappedHours(
        ...         fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h"))
        ...     ),
        ... )
        >>> work = [WorkEntry("W-1", berlin.at("2025-02-03 09:00"), customer="elm", worked=hours("11.5"))]
        >>> rating = rate(c101, work, until="2025-07-01")
        >>> str(rating.total), [line.source for line in rating.lines_of("W-1")]
        ('1,410.00 EUR', ['allotment', 'overage'])
    """
    if not isinstance(contract, Contract):
        raise InvalidValue("rate", repr(contract), "a Contract was expected", "Write rate(contract, events, until=…).")
    if opening is not None and not isinstance(opening, State):
        raise InvalidValue("rate(opening)", opaque(opening), "a State was expected", "Write opening=earlier.closing.")
    if not isinstance(events, Iterable):
        raise InvalidValue("rate(events)", opaque(events), "several events were expected", "Write them as a list.")
    stop = epoch(contract.zone.moment(until, what="rate(until=…)"))
    since = None if opening is None else epoch(opening.as_of)
    check_until(stop, since)
    known = None if known_at is None else contract.zone.moment(known_at, what="rate(known_at=…)")
    gate = happenings(contract, events, since=since, until=stop, known_at=known)
    fold = opened(compiled(contract), opening)
    for correction in gate.unmatched:
        key = f"correction/{correction.id}"
        if since is not None and key not in fold.books.fired:
            raise StaleState(
                f"rate(opening=…) of {correction.id!r}",
                f"a correction of {correction.target!r}, which is not among the events",
                "a correction of what happened since the state was expected",
                f"Rate again from a state before {correction.target!r} happened, with that event and its correction.",
            )
        fold.books.notify(epoch(correction.at), "unmatched-correction", key, correction.id, correction.target)
    fold.run(gate.happenings, stop)
    return Rating(contract, opening, from_epoch(stop), saved(fold, stop), tuple(fold.books.journal), gate)
