"""Strategies for whole histories of a contract, and for the cases that laws of rating take.

Everything interesting happens at boundaries: at the start and end of phases, of billing and allotment periods and of
banks, a second before or after, on days on which the clocks change, at the same instant as something else. Quantities
meet the limits of the terms and use up exactly what is left. Histories also have what goes wrong in practice: late
records, repeats, corrections of what is not there, events out of order.
"""

from collections.abc import Collection, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import Event, kind_rank
from supportcontracts.money import Currency
from supportcontracts.testing.strategies._drawing import Feature, bounds, drawn, features, kinds_of, one_in, pick
from supportcontracts.testing.strategies._scenes import EVENTS, scenes
from supportcontracts.testing.strategies._story import DAY, Stage, Story, checked_contract
from supportcontracts.testing.strategies.agreed import contracts
from supportcontracts.timeline import Instant, Zone, epoch, from_epoch

__all__ = ["Case", "cases", "histories", "untils"]


def __dir__() -> list[str]:
    return __all__


Case = tuple[Contract, list[Event], Instant]
"""A contract, its history, and the instant up to which to rate."""


def draw_history(draw: DrawFn, stage: Stage, kinds: Sequence[type[Event]], sizes: tuple[int, int]) -> list[Event]:
    """Draw a history with at least and at most so many events."""
    story = Story(stage, draw, kinds)
    fewest, most = sizes
    wheel = scenes(story)

    def play(draw: DrawFn) -> None:
        if len(story.events) < most:
            pick(draw, wheel)(draw, story)

    # A list without a least size is empty in every second example; one that has room still shrinks by dropping scenes.
    least = max(fewest, pick(draw, range(max(most - 1, 1))))
    draw(st.lists(drawn(play), min_size=least, max_size=min(least + 2, most)))
    events = story.events[:most]
    order = pick(draw, ("canonical", "as drawn", "reversed")) if "shuffled" not in stage.without else "canonical"
    if order == "canonical":
        return sorted(events, key=lambda event: (epoch(event.at), kind_rank(event), event.id))
    return events if order == "as drawn" else events[::-1]


def histories(
    contract: Contract,
    *,
    kinds: Collection[type[Event]] | None = None,
    min_events: int = 0,
    max_events: int = 12,
    without: Collection[Feature] = (),
) -> SearchStrategy[list[Event]]:
    """Generate histories of a contract: events with ids of their own, in any order, some of them twice.

    They are ready to be rated: nothing in them is of another contract, and what comes twice has the same content.

    Args:
        contract: the contract that they are of.
        kinds: the classes of events to generate.
        min_events: the fewest events.
        max_events: the most events.
        without: features to leave out, of: early-records, expired-banks, late-records, negative-items, non-billable,
            outside-terms, repeats, scopes, shuffled, zero-quantities.

    Raises:
        InvalidArgument: for an unknown kind or feature, or numbers of events in the wrong order.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(st.data())
        ... def nothing_is_of_another_customer(data):
        ...     contract = data.draw(contracts())
        ...     for event in data.draw(histories(contract)):
        ...         assert event.customer in (contract.customer, None)
        >>> nothing_is_of_another_customer()
    """
    sizes = _sizes("histories", min_events, max_events)
    chosen = kinds_of("histories", kinds, EVENTS)
    stage = Stage.of(checked_contract("histories", contract), features("histories", without))
    return drawn(draw_history, stage, chosen, sizes)


def _sizes(strategy: str, min_events: int, max_events: int) -> tuple[int, int]:
    bounds(strategy, int, 0, min_events)
    bounds(strategy, int, min_events, max_events)
    return min_events, max_events


def draw_until(draw: DrawFn, stage: Stage, events: Sequence[Event]) -> Instant:
    """Draw an instant up to which to rate: after everything, mostly, or at a boundary, or at an event or just after."""
    end = stage.spans[-1][1]
    if not one_in(draw, 2):
        return from_epoch(pick(draw, (end + 400 * DAY, end, end + 1)))
    groups = [*stage.places, [epoch(event.at) for event in events]]
    return from_epoch(pick(draw, pick(draw, [group for group in groups if group])) + pick(draw, (0, 1)))


def untils(contract: Contract, events: Sequence[Event] = ()) -> SearchStrategy[Instant]:
    """Generate instants up to which to rate: after the contract, at its boundaries, or next to an event.

    Raises:
        InvalidArgument: for anything but a contract.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(contracts(max_phases=1).flatmap(untils))
        ... def a_contract_is_rated_from_its_start(until):
        ...     assert until.year >= 1985
        >>> a_contract_is_rated_from_its_start()
    """
    return drawn(draw_until, Stage.of(checked_contract("untils", contract), frozenset()), events)


def cases(
    *,
    kinds: Collection[type[Plan]] | None = None,
    event_kinds: Collection[type[Event]] | None = None,
    zone: Zone | str | None = None,
    currency: Currency | str | None = None,
    max_phases: int = 3,
    max_months: int = 14,
    max_events: int = 12,
    without: Collection[Feature] = (),
) -> SearchStrategy[Case]:
    """Generate what a law of rating takes: a contract, its history, and the instant up to which to rate.

    Args:
        kinds: the contract types to generate.
        event_kinds: the classes of events to generate.
        zone: the zone of the contract.
        currency: the currency of the contract.
        max_phases: the most phases.
        max_months: the most months that each phase lasts.
        max_events: the most events.
        without: features to leave out: those of `contracts` and `histories`.

    Raises:
        InvalidArgument: for an unknown argument, or bounds that leave nothing.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(cases(max_events=3))
        ... def there_are_at_most_three(case):
        ...     contract, events, until = case
        ...     assert len(events) <= 3
        >>> there_are_at_most_three()
    """
    agreed = contracts(
        kinds=kinds, zone=zone, currency=currency, max_phases=max_phases, max_months=max_months, without=without
    )
    chosen = kinds_of("cases", event_kinds, EVENTS)
    sizes = _sizes("cases", 0, max_events)
    left_out = features("cases", without)

    def build(draw: DrawFn) -> Case:
        contract = draw(agreed)
        stage = Stage.of(contract, left_out)
        events = draw_history(draw, stage, chosen, sizes)
        return contract, events, draw_until(draw, stage, events)

    return drawn(build)
