"""Strategies for the clocks of tickets: a tier with calendars and policies, what happens to a ticket, and an instant.

Everything interesting happens where calendars open and close, on days on which the clocks change, when a target is just
used up, and where two things happen at one instant. Most events are such as a tracker would send in the state in which
the ticket is; some contradict it.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.tiers import (
    METRICS,
    ArrivalTarget,
    Cell,
    ClockPolicy,
    Metric,
    SeverityGate,
    Targets,
    Tier,
    field_of,
)
from supportcontracts.coverage import AnyCoverage, Coverage, WallTime
from supportcontracts.events import (
    Classified,
    MarkedDuplicate,
    Merged,
    Opened,
    SeverityChanged,
    TicketEvent,
    TierChanged,
)
from supportcontracts.quantity import WorkTime
from supportcontracts.sla.table import TRANSITIONS, TicketState
from supportcontracts.testing.strategies._drawing import bounds, check_choice, drawn, one_in, pick
from supportcontracts.testing.strategies.times import ODD_DAYS, known_zone
from supportcontracts.timeline import Instant, epoch, from_epoch

__all__ = ["ClockCase", "clock_cases"]


def __dir__() -> list[str]:
    return __all__


class ClockCase(NamedTuple):
    """A tier, what happened to one ticket, the instant at which to look at it, and the other tiers it may move to."""

    tier: Tier
    events: list[TicketEvent]
    as_of: Instant
    tiers: tuple[Tier, ...]


HOUR, DAY = 3600, 86_400
TICKET = "T-1"
_KINDS: tuple[type[TicketEvent], ...] = get_args(TicketEvent)
_SEVERITIES = (1, 2, 3)
_WEEKS = (
    "mon-fri 09:00-17:00",
    "24x7",
    "mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00",
    "mon-sun 22:00-06:00",
    "mon-sun 01:30-02:30",
)
_LENGTHS = (2 * HOUR, 8 * HOUR, HOUR, 90 * 60, 30 * HOUR, 1, 0)
_GAPS = (HOUR, 0, 2 * HOUR, 8 * HOUR, 60, DAY, 16 * HOUR, 1, 3 * DAY)
_WORDS: tuple[Cell, ...] = ("no-target", "best-effort", "not-offered", "if-escalated")
_PAUSES: tuple[dict[str, tuple[Metric, ...]], ...] = (
    {"waiting-on-customer": METRICS},
    {"waiting-on-customer": ("update", "resolution", "workaround")},
    {"waiting-on-customer": METRICS, "waiting-on-vendor": ("resolution",)},
    {"customer-unreachable": METRICS, "waiting-on-vendor": METRICS},
    {},
)


_CELLS = ("time", "time", "time", "days", "wall", "word", "arrival")


@cache
def _calendars(zone: str) -> tuple[Coverage, ...]:
    closings: tuple[Literal["at-closing", "next-opening"], ...] = ("at-closing", "next-opening")
    return tuple(Coverage(week, zone=known_zone(zone), closing=closing) for closing in closings for week in _WEEKS)


def _draw_cell(draw: DrawFn, calendars: Sequence[AnyCoverage]) -> Cell:
    how = pick(draw, ("time", "time", "days") if len(calendars) == 1 else _CELLS)
    coverage = pick(draw, calendars)
    if how == "time":
        return coverage.minutes(pick(draw, _LENGTHS[:5]) // 60) if not one_in(draw, 6) else coverage.hours(0)
    if how == "days":
        return coverage.days(pick(draw, (1, 2, 0)), ends=pick(draw, ("closing", "same-time", "clamped")))
    if how == "wall":
        return WallTime(WorkTime(pick(draw, _LENGTHS)))
    if how == "word":
        return pick(draw, _WORDS)
    return ArrivalTarget(coverage, inside=coverage.hours(2), outside=pick(draw, calendars).hours(1))


def _draw_policy(draw: DrawFn, breach: str | None) -> ClockPolicy:
    return ClockPolicy(
        starts=pick(draw, ("opened", "opened", "triaged", "notified")),
        pauses=pick(draw, _PAUSES),  # type: ignore[arg-type]  # a mapping is read as pauses
        on_change=pick(draw, ("from-start", "from-change", "frozen")),
        on_reopen=pick(draw, ("resume", "restart", "no-restart")),
        breach=breach or pick(draw, ("sticky", "recomputed")),  # type: ignore[arg-type]  # one of its words
        updates=pick(draw, ("independent", "sequential", "none")),
    )


def _draw_tier(draw: DrawFn, name: str, calendars: Sequence[AnyCoverage], breach: str | None) -> Tier:
    severities = _SEVERITIES[: pick(draw, (2, 3))]
    targets = {
        severity: Targets(**{field_of(metric): _draw_cell(draw, calendars) for metric in METRICS})
        for severity in severities
    }
    gates = [SeverityGate(1, otherwise=2, back=pick(draw, ("restored", "kept")))] if one_in(draw, 3) else []
    return Tier(
        name,
        targets=targets,
        gates=gates,
        unadmitted=pick(draw, ("not-offered", "lowered")),
        unstated=2 if one_in(draw, 4) else None,
        clock=_draw_policy(draw, breach),
    )


def _draw_event(draw: DrawFn, kind: type[TicketEvent], number: int, at: int) -> TicketEvent:
    more: dict[str, Any] = {}
    if kind is Opened:
        more = {
            "severity": None if one_in(draw, 6) else pick(draw, _SEVERITIES),
            "channel": pick(draw, (None, "phone")),
        }
    elif kind is SeverityChanged:
        more = {"severity": pick(draw, (*_SEVERITIES, 4))}
    elif kind is TierChanged:
        more = {"tier": pick(draw, ("standard", "premium"))}
    elif kind is Merged:
        more = {"into": "T-2"}
    elif kind is MarkedDuplicate:
        more = {"of": "T-2"}
    elif kind is Classified:
        more = {"finding": "product-defect"}
    recorded = from_epoch(at + 2 * DAY) if one_in(draw, 6) else None
    return kind(f"E-{number}", from_epoch(at), ticket=TICKET, recorded_at=recorded, **more)


def _next_moment(draw: DrawFn, at: int, calendars: Sequence[Coverage]) -> int:
    """Draw when the next thing happens: after a gap, or where a calendar opens or closes, or a second beside it."""
    if not one_in(draw, 3):
        return at + pick(draw, _GAPS)
    coverage = pick(draw, [each for each in calendars if each.windows != "24x7"])
    edge = pick(draw, (coverage.next_open, coverage.next_closing))(from_epoch(at))
    return max(at, epoch(edge) + pick(draw, (0, 1, -1)))


def _draw_case(
    draw: DrawFn,
    breach: str | None,
    kinds: Sequence[type[TicketEvent]],
    most: int,
    one: bool,  # noqa: FBT001  # a private switch
) -> ClockCase:
    zone = pick(draw, tuple(ODD_DAYS))
    calendars: Sequence[Coverage] = _calendars(zone)
    if one:
        calendars = [pick(draw, [each for each in calendars if each.windows != "24x7"])]
    day = pick(draw, (*ODD_DAYS[zone], date(2024, 3, 11)))
    tier = _draw_tier(draw, "premium", calendars, breach)
    other = _draw_tier(draw, "standard", calendars, breach)
    at = known_zone(zone).start_of_epoch(day - timedelta(days=pick(draw, (1, 2, 0)))) + 60 * draw(st.integers(0, 1439))
    events: list[TicketEvent] = []
    state: TicketState = "unopened"
    for number in range(1, 1 + draw(st.integers(1, most))):
        fitting = [kind for kind in kinds if TRANSITIONS[kind][state][1] is None]
        odd = [kind for kind in kinds if kind not in fitting]
        kind = pick(draw, odd if odd and (not fitting or one_in(draw, 6)) else fitting)
        events.append(_draw_event(draw, kind, number, at))
        state = TRANSITIONS[kind][state][0]
        at = _next_moment(draw, at, calendars)
    if one_in(draw, 2):
        events.reverse()
    return ClockCase(tier, events, from_epoch(at), (other,))


def clock_cases(
    *,
    kinds: Collection[type[TicketEvent]] | None = None,
    breach: Literal["sticky", "recomputed"] | None = None,
    calendars: Literal["any", "one"] = "any",
    max_events: int = 10,
) -> SearchStrategy[ClockCase]:
    """Generate what a law of clocks takes: a tier, the events of one ticket, an instant, and another tier.

    Args:
        kinds: the classes of events to generate beside the opening; None: all.
        breach: what the policy says about breaches; None: either.
        calendars: "any": each target has its own, or is a word; "one": all are on one calendar, which closes.
        max_events: the most events.

    Raises:
        InvalidArgument: for an unknown kind or policy, or fewer than one event.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts import track
        >>> @settings(max_examples=10)
        ... @given(clock_cases())
        ... def no_time_is_negative(case):
        ...     status = track(case.tier, case.events, as_of=case.as_of, tiers=case.tiers)
        ...     assert all(segment.seconds > 0 for clock in status.cycles for segment in clock.segments)
        >>> no_time_is_negative()
    """
    bounds("clock_cases", int, 1, max_events)
    check_choice("clock_cases", "breach", breach, ("sticky", "recomputed"))
    unknown = [kind for kind in kinds or () if kind not in _KINDS]
    if unknown:
        raise InvalidArgument(f"clock_cases: kinds={unknown!r}; choose kinds of ticket events")
    chosen = _KINDS if kinds is None else (Opened, *(kind for kind in _KINDS if kind in kinds and kind is not Opened))
    check_choice("clock_cases", "calendars", calendars, ("any", "one"))
    return drawn(_draw_case, breach, chosen, max_events, calendars == "one")
