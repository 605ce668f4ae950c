"""The verbs: events in, how tickets stand out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from supportcontracts._fields import frozen, require_kind
from supportcontracts.contracts.tiers import Tier
from supportcontracts.errors import InvalidValue
from supportcontracts.events import RANKS, Event, Opened, Replace, TicketEvent, Void
from supportcontracts.events.gathering import gather
from supportcontracts.sla.fold import Fold, Happening
from supportcontracts.sla.program import Program, compiled
from supportcontracts.sla.status import Contradiction, TicketStatus
from supportcontracts.timeline import Instant, epoch, from_epoch, instant

__all__ = ["TicketStatuses", "track", "track_all"]


def __dir__() -> list[str]:
    return __all__


@frozen
class TicketStatuses:
    """How many tickets stand, in the order of their names, and what could not be told.

    Attributes:
        statuses: one for each ticket.
        untracked: tickets for which there is no tier.
        unmatched: corrections whose target is not among the events.
    """

    statuses: tuple[TicketStatus, ...]
    untracked: tuple[str, ...]
    unmatched: tuple[Void | Replace, ...]

    def __getitem__(self, ticket: str) -> TicketStatus:
        for status in self.statuses:
            if status.ticket == ticket:
                return status
        raise KeyError(f"no status of {ticket!r}; there are {len(self.statuses)} tickets")

    def __iter__(self) -> Iterator[TicketStatus]:
        return iter(self.statuses)

    def __len__(self) -> int:
        return len(self.statuses)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every clock of every ticket as a plain dict, ready for a data frame."""
        return [row for status in self.statuses for row in status.to_rows()]

    def __str__(self) -> str:
        blocks = [str(status) for status in self.statuses]
        if self.untracked:
            blocks.append(f"without a tier: {', '.join(self.untracked)}")
        if self.unmatched:
            blocks.append(f"corrections of what is not there: {', '.join(each.id for each in self.unmatched)}")
        return "\n\n".join(blocks)


_TICKET_KINDS = frozenset(TicketEvent.__args__)


def _by_ticket(
    verb: str, events: Iterable[Event], as_of: int, known_at: Instant | None
) -> tuple[dict[str, list[Happening]], tuple[Void | Replace, ...]]:
    """Put what happened to each ticket up to an instant in canonical order."""
    gathered = gather(verb, events, known_at)
    found: dict[str, list[Happening]] = {}
    ranks, kinds = RANKS, _TICKET_KINDS
    for name, event in gathered.facts.items():
        kind = type(event)
        if kind not in kinds:
            continue
        ticket = found.get(event.ticket)
        if ticket is None:
            ticket = found[event.ticket] = []
        at = event.epoch
        if at <= as_of:
            ticket.append((at, ranks[kind], name, event))
    for happenings in found.values():
        happenings.sort()  # ids differ, so that no two events are ever compared
    return found, tuple(gathered.unmatched)


def _programs(verb: str, tier: object, tiers: Iterable[Tier]) -> tuple[Program, dict[str, Program]]:
    require_kind(f"{verb}(tier)", tier, Tier, "a Tier was expected", "Write track(premium, events, as_of=…).")
    assert isinstance(tier, Tier)
    known: dict[str, Tier] = {}
    for each in (tier, *tiers):
        require_kind(f"{verb}(tiers=…)", each, Tier, "tiers were expected")
        if known.setdefault(each.name, each) != each:
            raise InvalidValue(
                f"{verb}(tiers=…)", f"two tiers named {each.name!r}", "each name once was expected",
                "Give one of them a name of its own.",
            )  # fmt: skip
    return compiled(tier), {name: compiled(each) for name, each in known.items()}


def _status(
    ticket: str, happenings: list[Happening], program: Program, programs: dict[str, Program], as_of: Instant
) -> TicketStatus:
    fold = Fold(ticket, program, programs)
    record = fold.run(happenings, epoch(as_of))
    contradictions = tuple([
        Contradiction(name, from_epoch(at), kind, state, code)
        for name, at, kind, state, code in fold.contradictions
    ])  # fmt: skip
    return TicketStatus(ticket, fold.program.tier, fold.served, fold.state, as_of, contradictions, fold.channel, record)


def track(
    tier: Tier,
    events: Iterable[Event],
    *,
    as_of: datetime,
    ticket: str | None = None,
    tiers: Iterable[Tier] = (),
    known_at: datetime | None = None,
) -> TicketStatus:
    """Say how a ticket stands at an instant: every clock of its tier, and why.

    Args:
        tier: what was agreed.
        events: what happened, in any order; only what happened to tickets matters.
        as_of: the instant at which the clocks are looked at; what happened at it is included.
        ticket: which ticket, where the events are of several; None: the only one.
        tiers: other tiers to which the ticket may be moved, by name.
        known_at: leave out what was recorded after this instant; None: keep everything.

    Raises:
        DuplicateEvent: for one id with two contents.
        ContradictoryEvent: for an event that contradicts the state of its ticket, if the terms make it an error.
        InvalidValue: for events of several tickets or none, and for a tier that is not known.

    Rules: C1 to C15.

    Example:
        >>> from supportcontracts.contracts.tiers import Targets
        >>> from supportcontracts.coverage import Coverage
        >>> from supportcontracts.events import Responded
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> tier = Tier("premium", targets={2: Targets(first_response=office.hours(2), resolution=office.hours(8))})
        >>> events = [
        ...     Opened("E-1", at("2025-03-28 15:30"), ticket="T-881", severity=2),
        ...     Responded("E-2", at("2025-03-28 16:15"), ticket="T-881"),
        ... ]
        >>> status = track(tier, events, as_of=at("2025-03-31 12:00"))
        >>> print(status)
        T-881 · premium · severity 2 · as of Mon 2025-03-31 12:00 Europe/Berlin
        metric          target    used    left  due               state
        first response  2h 00m  0h 45m       –  Mon 31 Mar 09:30  met Fri 28 Mar 16:15
        resolution      8h 00m  4h 30m  3h 30m  Mon 31 Mar 15:30  running
        >>> status.resolution.remaining, status.cycles_of("resolution") == (status.resolution,)
        (minutes(210), True)
    """
    program, programs = _programs("track", tier, tiers)
    looked = instant(as_of)
    found, _ = _by_ticket("track", events, epoch(looked), None if known_at is None else instant(known_at))
    if ticket is None:
        if len(found) != 1:
            names = ", ".join(repr(name) for name in sorted(found)[:3])
            raise InvalidValue(
                "track(events)",
                f"events of {len(found)} tickets{': ' if found else ''}{names}{', …' if len(found) > 3 else ''}",
                "events of one ticket were expected",
                'Name it, as in track(…, ticket="T-881"), or write track_all for all of them.',
            )
        ticket = next(iter(found))
    return _status(ticket, found.get(ticket, []), program, programs, looked)


def track_all(
    tier: Tier | Callable[[Opened], Tier | None],
    events: Iterable[Event],
    *,
    as_of: datetime,
    tiers: Iterable[Tier] = (),
    known_at: datetime | None = None,
) -> TicketStatuses:
    """Say how every ticket stands at an instant.

    Args:
        tier: what was agreed for all of them, or a function from the opening of a ticket to its tier, or None if it
            has none.
        events: what happened, in any order.
        as_of: the instant at which the clocks are looked at; what happened at it is included.
        tiers: other tiers to which tickets may be moved, by name.
        known_at: leave out what was recorded after this instant; None: keep everything.

    Raises:
        DuplicateEvent: for one id with two contents.
        ContradictoryEvent: for an event that contradicts the state of its ticket, if the terms make it an error.
        InvalidValue: for a tier that is not known.

    Rules: C1 to C15.

    Example:
        >>> from supportcontracts.contracts.tiers import Targets
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> basic = Tier("basic", targets={1: Targets(resolution=office.hours(8))})
        >>> opened = Opened("E-1", at("2025-03-28 15:30"), ticket="T-1", severity=1, customer="elm")
        >>> tiers = {"elm": basic}
        >>> statuses = track_all(lambda opened: tiers.get(opened.customer), [opened], as_of=at("2025-03-31 12:00"))
        >>> [status.resolution.state for status in statuses]
        ['running']
    """
    looked = instant(as_of)
    known = None if known_at is None else instant(known_at)
    found, unmatched = _by_ticket("track_all", events, epoch(looked), known)
    others = tuple(tiers)
    statuses, untracked = [], []
    for ticket in sorted(found):
        happenings = found[ticket]
        agreed: Tier | None
        if isinstance(tier, Tier):
            agreed = tier
        else:
            opened = next((event for _, _, _, event in happenings if isinstance(event, Opened)), None)
            agreed = None if opened is None else tier(opened)
        if agreed is None:
            untracked.append(ticket)
            continue
        program, programs = _programs("track_all", agreed, others)
        statuses.append(_status(ticket, happenings, program, programs, looked))
    return TicketStatuses(tuple(statuses), tuple(untracked), unmatched)
