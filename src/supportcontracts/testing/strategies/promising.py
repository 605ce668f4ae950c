"""Strategies for what is promised beside prices: tiers with their cells and policies, and promises to check.

Most cells stand on a few usual calendars, so that the cells of a tier have something in common; some stand on any.
Severities and channels come from the pools of scopes.
"""

from collections.abc import Collection, Sequence
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.escalation import EscalationLevel, Offset
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.tiers import (
    DEPTHS,
    METRICS,
    PAUSE_STATES,
    PROMISES,
    WORDS,
    AnswerDepth,
    ArrivalTarget,
    Cell,
    CellWord,
    Channels,
    ClockPolicy,
    ClockStart,
    Languages,
    NamedManager,
    NoPhoneMenu,
    Pause,
    Promise,
    PromiseCheck,
    PromiseReport,
    ScopedTargets,
    SeverityGate,
    SeverityTargets,
    SkillLevel,
    Targets,
    TicketFacts,
    Tier,
    UpdateRecurrence,
    check_promises,
    field_of,
)
from supportcontracts.coverage import AnyCoverage, Coverage, Target, WallTime
from supportcontracts.quantity import WorkTime, percent
from supportcontracts.testing.strategies._drawing import drawn, kinds_of, one_in, part, pick
from supportcontracts.testing.strategies.covering import draw_combined, draw_coverage, draw_target
from supportcontracts.testing.strategies.metering import CHANNELS, PRODUCTS, SEVERITIES
from supportcontracts.timeline import Zone

__all__ = [
    "arrival_targets",
    "clock_policies",
    "escalation_levels",
    "offsets",
    "pauses",
    "promise_checks",
    "promise_reports",
    "promises",
    "scoped_targets",
    "severity_gates",
    "severity_targets",
    "target_rows",
    "ticket_facts",
    "tier_cells",
    "tiers",
]


def __dir__() -> list[str]:
    return __all__


_BERLIN = Zone("Europe/Berlin")
_OFFICE = Coverage("mon-fri 09:00-17:00", zone=_BERLIN)
_USUAL: tuple[Coverage, ...] = (
    _OFFICE,
    Coverage("24x7", zone=_BERLIN, name="always"),
    Coverage("mon-sat 08:00-18:00", zone=_BERLIN, holidays=["2025-12-25 Christmas Day"]),
    Coverage("mon-fri 22:00-06:00", zone="America/New_York", closing="next-opening"),
)
_TIMES = tuple(map(WorkTime, (3600, 2 * 3600, 8 * 3600, 900, 40 * 3600, 0, 5)))
_NAMES = ("ines.roth", "paul.ade")
_LANGUAGES = ("de", "en")
_TARGETS = get_args(Target)
_STARTS: tuple[ClockStart, ...] = get_args(ClockStart)
_UPDATES: tuple[UpdateRecurrence, ...] = get_args(UpdateRecurrence)
_WALL = Zone("UTC").at("2025-03-28 15:30")


def draw_calendar(draw: DrawFn) -> AnyCoverage:
    """Draw a usual calendar, or any."""
    if one_in(draw, 6):
        return part(draw, draw_combined, None, None) if one_in(draw, 3) else part(draw, draw_coverage, None, None)
    return pick(draw, _USUAL)


def _draw_arm(draw: DrawFn) -> Target | CellWord:
    if one_in(draw, 3):
        return pick(draw, WORDS)
    if one_in(draw, 5):
        return draw_target(draw, _TARGETS, draw_calendar(draw))
    if one_in(draw, 4):
        return WallTime(pick(draw, _TIMES))
    return pick(draw, _USUAL).days(pick(draw, (1, 2))) if one_in(draw, 3) else _timed(draw)


def _timed(draw: DrawFn) -> Target:
    calendar, time = pick(draw, _USUAL), pick(draw, _TIMES)
    return calendar.minutes(time.seconds // 60)


def draw_arrival_target(draw: DrawFn) -> ArrivalTarget:
    """Draw a target that depends on the arrival."""
    return ArrivalTarget(draw_calendar(draw), inside=_draw_arm(draw), outside=_draw_arm(draw))


def arrival_targets() -> SearchStrategy[ArrivalTarget]:
    """Generate targets that depend on whether a ticket arrives inside or outside some hours.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(arrival_targets())
        ... def one_of_the_two_holds(cell):
        ...     assert cell.at_epoch(0) in (cell.inside, cell.outside)
        >>> one_of_the_two_holds()
    """
    return drawn(draw_arrival_target)


def draw_cell(draw: DrawFn) -> Cell:
    """Draw a target, a word, or a target by arrival."""
    return part(draw, draw_arrival_target) if one_in(draw, 8) else _draw_arm(draw)


def tier_cells() -> SearchStrategy[Cell]:
    """Generate the cells of a tier: targets, words, and targets by arrival.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(tier_cells())
        ... def a_text_is_a_word(cell):
        ...     assert not isinstance(cell, str) or cell in WORDS
        >>> a_text_is_a_word()
    """
    return drawn(draw_cell)


def draw_targets(draw: DrawFn) -> Targets:
    """Draw the cells of one severity, some of which are not said."""
    return Targets(**{field_of(metric): None if one_in(draw, 3) else draw_cell(draw) for metric in METRICS})


def target_rows() -> SearchStrategy[Targets]:
    """Generate the cells of one severity.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(target_rows())
        ... def every_metric_has_a_place(targets):
        ...     assert [targets.cell(metric) for metric in METRICS][3] == targets.resolution
        >>> every_metric_has_a_place()
    """
    return drawn(draw_targets)


def draw_severity_targets(draw: DrawFn) -> SeverityTargets:
    """Draw one row of a table."""
    return SeverityTargets(pick(draw, SEVERITIES), part(draw, draw_targets))


def severity_targets() -> SearchStrategy[SeverityTargets]:
    """Generate rows of the table of a tier.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(severity_targets())
        ... def severities_come_from_the_pool(row):
        ...     assert row.severity in SEVERITIES
        >>> severities_come_from_the_pool()
    """
    return drawn(draw_severity_targets)


def _few(draw: DrawFn, pool: Sequence[Any]) -> tuple[Any, ...]:
    """Draw none, one or two entries of a pool, next to each other."""
    first, count = pick(draw, range(len(pool))), pick(draw, (0, 1, 2))
    return tuple(pool[first : first + count])


def draw_scoped_targets(draw: DrawFn, severities: Sequence[int] = SEVERITIES) -> ScopedTargets:
    """Draw cells that hold for some channels and severities."""
    scope = Scope(channels=_few(draw, CHANNELS), severities=_few(draw, severities))
    return ScopedTargets(scope, part(draw, draw_targets))


def scoped_targets() -> SearchStrategy[ScopedTargets]:
    """Generate exceptions from the table of a tier, by channels and severities.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(scoped_targets())
        ... def products_play_no_part(exception):
        ...     assert not exception.scope.products
        >>> products_play_no_part()
    """
    return drawn(draw_scoped_targets)


def draw_gate(draw: DrawFn, severities: Sequence[int] = SEVERITIES) -> SeverityGate:
    """Draw a gate from one of some severities to a milder one, of which there are two at least."""
    place = pick(draw, range(len(severities) - 1))
    otherwise = pick(draw, severities[place + 1 :])
    return SeverityGate(severities[place], otherwise=otherwise, back="kept" if one_in(draw, 3) else "restored")


def severity_gates() -> SearchStrategy[SeverityGate]:
    """Generate gates from a severity to a milder one.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(severity_gates())
        ... def gates_lead_downwards(gate):
        ...     assert gate.otherwise > gate.severity
        >>> gates_lead_downwards()
    """
    return drawn(draw_gate)


def _draw_metrics(draw: DrawFn) -> tuple[Any, ...]:
    first = pick(draw, range(len(METRICS)))
    return METRICS[first : first + pick(draw, (1, 3, 6))]


def draw_pause(draw: DrawFn) -> Pause:
    """Draw a state and the metrics that it pauses."""
    return Pause(pick(draw, PAUSE_STATES), _draw_metrics(draw))


def pauses() -> SearchStrategy[Pause]:
    """Generate pauses: states and the metrics whose clocks stand still in them.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(pauses())
        ... def something_is_paused(pause):
        ...     assert pause.metrics
        >>> something_is_paused()
    """
    return drawn(draw_pause)


def draw_policy(draw: DrawFn) -> ClockPolicy:
    """Draw the usual policy, or any."""
    if one_in(draw, 2):
        return ClockPolicy()
    paused = {state: _draw_metrics(draw) for state in PAUSE_STATES if one_in(draw, 2)}
    return ClockPolicy(
        starts=pick(draw, _STARTS),
        pauses=[Pause(state, metrics) for state, metrics in paused.items()],
        on_change=pick(draw, ("from-start", "from-change", "frozen")),
        on_reopen=pick(draw, ("resume", "restart", "no-restart")),
        breach="recomputed" if one_in(draw, 2) else "sticky",
        contradictions="raise" if one_in(draw, 4) else "ignore",
        updates=pick(draw, _UPDATES),
    )


def clock_policies() -> SearchStrategy[ClockPolicy]:
    """Generate clock policies, the usual one and any.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(clock_policies())
        ... def each_state_is_said_once(policy):
        ...     assert len({pause.state for pause in policy.pauses}) == len(policy.pauses)
        >>> each_state_is_said_once()
    """
    return drawn(draw_policy)


def draw_promise(draw: DrawFn, kinds: tuple[type[Any], ...]) -> Promise:
    """Draw a promise of one of some kinds, mostly for every ticket at any time."""
    limits: dict[str, Any] = {}
    if one_in(draw, 4):
        limits["scope"] = Scope(severities=_few(draw, SEVERITIES), products=_few(draw, PRODUCTS))
    if one_in(draw, 4):
        limits["during"] = draw_calendar(draw)
    kind = pick(draw, kinds)
    if kind is Languages:
        return Languages(_few(draw, _LANGUAGES) or _LANGUAGES[:1], **limits)
    if kind is Channels:
        return Channels(_few(draw, CHANNELS) or CHANNELS[:1], **limits)
    if kind is NamedManager:
        return NamedManager(pick(draw, (None, *_NAMES)), **limits)
    if kind is SkillLevel:
        return SkillLevel(pick(draw, (1, 2, 3)), **limits)
    if kind is AnswerDepth:
        return AnswerDepth(pick(draw, DEPTHS), **limits)
    return NoPhoneMenu(**limits)


def promises(*, kinds: Collection[type[Any]] | None = None) -> SearchStrategy[Promise]:
    """Generate promises that are not durations.

    Args:
        kinds: the classes of promises; left out, all.

    Raises:
        InvalidArgument: for a class that is no promise.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(promises(kinds={SkillLevel}))
        ... def a_level_is_at_least_one(promise):
        ...     assert promise.level >= 1
        >>> a_level_is_at_least_one()
    """
    return drawn(draw_promise, kinds_of("promises", kinds, PROMISES))


def draw_facts(draw: DrawFn) -> TicketFacts:
    """Draw what is known of a ticket, with many gaps."""
    managers = pick(draw, ((), _NAMES[:1], _NAMES))
    return TicketFacts(
        pick(draw, ("T-1", "T-2")),
        opened_at=pick(draw, (None, _WALL)),
        product=pick(draw, (None, *PRODUCTS)),
        severity=pick(draw, (None, *SEVERITIES)),
        channel=pick(draw, (None, *CHANNELS)),
        answered_on=pick(draw, (None, *CHANNELS)),
        language=pick(draw, (None, *_LANGUAGES, "fr")),
        answered_in=pick(draw, (None, *_LANGUAGES)),
        managers=managers,
        managed="nobody" if not managers and one_in(draw, 2) else None,
        skill=pick(draw, (None, 0, 1, 2, 3)),
        depth=pick(draw, (None, *DEPTHS, "poem")),
        phone_menu=pick(draw, (None, "none", "met")),
    )


def ticket_facts() -> SearchStrategy[TicketFacts]:
    """Generate what is known of how a ticket was served, with many gaps.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(ticket_facts())
        ... def a_ticket_has_a_name(facts):
        ...     assert facts.ticket
        >>> a_ticket_has_a_name()
    """
    return drawn(draw_facts)


def draw_tier(draw: DrawFn) -> Tier:
    """Draw a tier with two to four severities."""
    severities = SEVERITIES[pick(draw, (0, 1, 2)) :]
    gated = {severity: draw_gate(draw, severities) for severity in severities[:-1] if one_in(draw, 4)}
    gates = {gate.severity: gate for gate in gated.values()}
    return Tier(
        pick(draw, ("premium", "standard")),
        targets={severity: part(draw, draw_targets) for severity in severities},
        exceptions=[draw_scoped_targets(draw, severities) for _ in range(pick(draw, (0, 0, 1, 2)))],
        gates=gates.values(),
        unadmitted="lowered" if one_in(draw, 3) else "not-offered",
        unstated=pick(draw, severities) if one_in(draw, 3) else None,
        clock=part(draw, draw_policy),
        promises=[part(draw, draw_promise, PROMISES) for _ in range(pick(draw, (0, 0, 1, 3)))],
    )


def tiers() -> SearchStrategy[Tier]:
    """Generate tiers: tables on usual and odd calendars, exceptions, gates, clock policies and promises.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(tiers())
        ... def what_is_admitted_is_served(tier):
        ...     assert [tier.served_as(severity) for severity in tier.severities] == list(tier.severities)
        >>> what_is_admitted_is_served()
    """
    return drawn(draw_tier)


def promise_reports() -> SearchStrategy[PromiseReport]:
    """Generate what the facts of tickets say of the promises of tiers.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(promise_reports())
        ... def every_check_has_a_reason(report):
        ...     assert all(check.code and check.because for check in report.checks)
        >>> every_check_has_a_reason()
    """
    return st.builds(check_promises, tiers(), ticket_facts())


def promise_checks() -> SearchStrategy[PromiseCheck]:
    """Generate what the facts of tickets say of single promises.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(promise_checks())
        ... def it_is_one_of_four(check):
        ...     assert check.outcome in ("kept", "broken", "not-applicable", "unknown")
        >>> it_is_one_of_four()
    """
    return st.builds(_check, promises(), ticket_facts())


def _check(promise: Promise, facts: TicketFacts) -> PromiseCheck:
    [found] = check_promises(Tier("standard", targets={1: Targets()}, promises=promise), facts).checks
    return found


def draw_offset(draw: DrawFn) -> Offset:
    """Draw a distance from a due instant."""
    return Offset(
        pick(draw, _TIMES),
        side="before-due" if one_in(draw, 2) else "after-due",
        counted="wall" if one_in(draw, 3) else "covered",
    )


def offsets() -> SearchStrategy[Offset]:
    """Generate distances from a due instant, before and after it.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(offsets())
        ... def an_offset_has_a_side(offset):
        ...     assert offset.side in ("before-due", "after-due")
        >>> an_offset_has_a_side()
    """
    return drawn(draw_offset)


def draw_escalation_level(draw: DrawFn) -> EscalationLevel:
    """Draw a level at a share of a target, or before or after it is due."""
    return EscalationLevel(
        pick(draw, ("lead", "head")),
        percent(pick(draw, (75, 50, 100, 150))) if one_in(draw, 2) else draw_offset(draw),
        to=_few(draw, _NAMES),
        metrics=_draw_metrics(draw) if one_in(draw, 3) else (),
        severities=_few(draw, SEVERITIES) if one_in(draw, 3) else (),
        within=draw_calendar(draw) if one_in(draw, 3) else None,
    )


def escalation_levels() -> SearchStrategy[EscalationLevel]:
    """Generate escalation levels, at shares of a target and at offsets from when it is due.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(escalation_levels())
        ... def a_level_without_severities_is_for_all(level):
        ...     assert level.severities or level.concerns(METRICS[0], None) or level.metrics
        >>> a_level_without_severities_is_for_all()
    """
    return drawn(draw_escalation_level)
