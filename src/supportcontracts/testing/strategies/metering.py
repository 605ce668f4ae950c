"""Strategies for how use is measured: scopes, metering and incident tables.

Attributes come from small fixed pools (`PRODUCTS`, `CHANNELS` …), for scopes and for the use that they look at, so
that a scope admits about half of it.
"""

from collections.abc import Collection
from typing import Any, Literal, get_args

import attrs
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.incidents import TICKET_HAPPENINGS, IncidentAction, IncidentTable
from supportcontracts.contracts.metering import FreeTime, Grouping, Metering, Multiplier, ScopedMetering, WindowReading
from supportcontracts.contracts.scope import EVERYTHING, SCOPE_ATTRIBUTES, Scope
from supportcontracts.coverage import Coverage
from supportcontracts.quantity import WorkTime
from supportcontracts.testing.strategies._drawing import Feature, drawn, features, one_in, part, pick, several, some
from supportcontracts.testing.strategies.values import FACTORS
from supportcontracts.timeline import Days

__all__ = [
    "CHANNELS",
    "PRODUCTS",
    "RESPONSES",
    "ROLES",
    "SEVERITIES",
    "WINDOWS",
    "WORK_TYPES",
    "free_times",
    "incident_tables",
    "meterings",
    "multipliers",
    "scoped_meterings",
    "scopes",
]


def __dir__() -> list[str]:
    return __all__


PRODUCTS = ("atlas", "relay")
SEVERITIES = (1, 2, 3, 4)
CHANNELS = ("phone", "onsite")
ROLES = ("senior", "junior")
WORK_TYPES = ("support", "consulting")
WINDOWS = ("business-hours", "night")
RESPONSES = ("standard", "urgent")

POOLS: dict[str, tuple[str, ...] | tuple[int, ...]] = {
    "product": PRODUCTS,
    "severity": SEVERITIES,
    "channel": CHANNELS,
    "role": ROLES,
    "work_type": WORK_TYPES,
    "window": WINDOWS,
    "response": RESPONSES,
}

_GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
_ACTIONS: tuple[IncidentAction, ...] = get_args(IncidentAction)
_STEPS = tuple(map(WorkTime, (900, 1800, 60, 3600, 360, 7)))
_METERING: tuple[Feature, ...] = (
    "increment", "minimum-time", "free-time", "grace", "grouping", "multiplier", "price-multiplier", "special", "split",
)  # fmt: skip
# Calendars that open and close while the work of a history goes on; one has the name of a window that entries state.
CALENDARS = (
    Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin"),
    Coverage("mon-sun " + " ".join(f"{hour:02}:10-{hour:02}:40" for hour in range(24)), zone="UTC"),
    Coverage("24x7", zone="UTC", holidays=["2024-01-01", "2024-03-01", "2024-12-31", "2025-08-15"]),
    Coverage("mon-sun 22:00-06:00", zone="America/New_York", name="night"),
    Coverage("mon-sun 00:30-02:30 11:00-11:30", zone="Europe/Berlin", holidays=["2024-02-29", "2024-03-31"]),
)
_WITH_HOLIDAYS = tuple(each for each in CALENDARS if each.holidays.dates)
_READINGS: tuple[WindowReading, ...] = get_args(WindowReading)
_MULTIPLIES: dict[str, Literal["quantity", "price"]] = {"multiplier": "quantity", "price-multiplier": "price"}
_TABLES = (
    IncidentTable(),
    IncidentTable(opened="reserve", resolved="consume", reopened_within=Days(14)),
    IncidentTable(reopened_within=Days(1)),
    IncidentTable(opened="ignore", closed="consume", cancelled="ignore", reopened_within=Days(0)),
    IncidentTable(opened="reserve", responded="consume", reopened="reserve"),
)


def draw_scope(draw: DrawFn, least: int = 0) -> Scope:
    """Draw a scope with at most two restrictions."""
    restrictions: dict[str, Any] = {}
    for _ in range(least + pick(draw, range(3 - least))):
        name, attribute = pick(draw, SCOPE_ATTRIBUTES)
        pool = POOLS[attribute]
        first = pick(draw, range(len(pool)))
        restrictions[name] = pool[first : first + (2 if one_in(draw, 4) else 1)]
    return Scope(**restrictions)


def seldom_scope(draw: DrawFn, without: Collection[Feature]) -> Scope:
    """Draw everything, mostly, or a narrower scope where scopes are wanted."""
    return part(draw, draw_scope, 1) if "scopes" not in without and one_in(draw, 5) else EVERYTHING


def any_scope(draw: DrawFn, without: Collection[Feature]) -> Scope:
    """Draw any scope where scopes are wanted."""
    return EVERYTHING if "scopes" in without else part(draw, draw_scope)


def scopes() -> SearchStrategy[Scope]:
    """Generate scopes with up to two restrictions, by attributes from the pools of this module.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(scopes())
        ... def products_come_from_the_pool(scope):
        ...     assert set(scope.products) <= set(PRODUCTS)
        >>> products_come_from_the_pool()
    """
    return drawn(draw_scope)


def draw_free_time(draw: DrawFn) -> FreeTime:
    """Draw a free time of at most an hour."""
    pers: tuple[Literal["group", "period", "term"], ...] = ("group", "period", "term")
    return FreeTime(pick(draw, _STEPS), per=pick(draw, pers), reading="all" if one_in(draw, 2) else "excess")


def free_times() -> SearchStrategy[FreeTime]:
    """Generate free times, in every window and reading.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(free_times())
        ... def at_most_an_hour_is_free(free):
        ...     assert free.quantity <= WorkTime(3600)
        >>> at_most_an_hour_is_free()
    """
    return drawn(draw_free_time)


def draw_multiplier(draw: DrawFn, without: Collection[Feature]) -> Multiplier:
    """Draw a multiplier of a kind that is wanted."""
    kinds = [on for word, on in _MULTIPLIES.items() if word not in without]
    timed: dict[str, Coverage] = {}
    if "windows" not in without and one_in(draw, 2):
        side = pick(draw, ("outside", "inside", "outside", "holiday"))
        timed[side] = pick(
            draw, [each for each in CALENDARS if each.holidays.dates] if side == "holiday" else CALENDARS
        )
    scope = any_scope(draw, without)
    return Multiplier(
        pick(draw, FACTORS),
        on=pick(draw, kinds),
        scope=scope,
        inside=timed.get("inside"),
        outside=timed.get("outside"),
        holiday=timed.get("holiday"),
    )


def multipliers(*, without: Collection[Feature] = ()) -> SearchStrategy[Multiplier]:
    """Generate multipliers on the quantity or the price.

    Without `"multiplier"`, they are on the price only; without `"price-multiplier"`, on the quantity only; without
    `"windows"`, at any time.

    Raises:
        InvalidArgument: for an unknown feature, or if neither kind is left.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(multipliers(without={"price-multiplier"}))
        ... def prices_are_not_multiplied(multiplier):
        ...     assert multiplier.on == "quantity"
        >>> prices_are_not_multiplied()
    """
    left_out = features("multipliers", without)
    if {"multiplier", "price-multiplier"} <= left_out:
        raise InvalidArgument("multipliers: no kind is left of 'multiplier' and 'price-multiplier'")
    return drawn(draw_multiplier, left_out)


def draw_metering(draw: DrawFn, without: frozenset[Feature]) -> Metering:
    """Draw metering with a few stages that do something."""
    on = some(draw, _METERING, without | {"grace"} if "increment" in without else without)
    if not on:
        return Metering()
    increment = pick(draw, _STEPS) if "increment" in on or "grace" in on else WorkTime(1)
    multiplied = bool(on & _MULTIPLIES.keys())
    factors = several(draw, (1, 2), draw_multiplier, without) if multiplied else []
    reading: WindowReading = "at-end"
    if any(factor.window for factor in factors):
        reading = pick(draw, _READINGS)
        if reading == "split-then-round" and one_in(draw, 2):
            least = pick(draw, _STEPS)
            factors = [attrs.evolve(each, minimum=least if each.window else WorkTime(0)) for each in factors]
    special = [part(draw, draw_scoped_metering, without)] if "special" in on else []
    return Metering(
        group=pick(draw, _GROUPINGS[1:]) if "grouping" in on else "entry",
        free=part(draw, draw_free_time) if "free-time" in on else None,
        minimum=pick(draw, _STEPS) if "minimum-time" in on else WorkTime(0),
        grace=pick(draw, (WorkTime(increment.seconds // 3), WorkTime(1), WorkTime(increment.seconds - 1)))
        if "grace" in on
        else WorkTime(0),
        increment=increment,
        multiplier=factors,
        combine="product" if multiplied and one_in(draw, 2) else "largest",
        at_boundary="split" if "split" in on else "start",
        windows=reading,
        special=special,
    )


def meterings(*, without: Collection[Feature] = ()) -> SearchStrategy[Metering]:
    """Generate metering: plain, or with a few stages that do something.

    Args:
        without: features to leave out, of: free-time, grace, grouping, increment, minimum-time, multiplier,
            price-multiplier, scopes, special, split, windows.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(meterings(without={"grouping"}))
        ... def every_entry_stands_alone(metering):
        ...     assert metering.group == "entry" or metering.special
        >>> every_entry_stands_alone()
    """
    return drawn(draw_metering, features("meterings", without))


def draw_scoped_metering(draw: DrawFn, without: frozenset[Feature]) -> ScopedMetering:
    """Draw metering for a narrower scope, which has no special metering of its own."""
    return ScopedMetering(any_scope(draw, without), part(draw, draw_metering, without | {"special"}))


def scoped_meterings(*, without: Collection[Feature] = ()) -> SearchStrategy[ScopedMetering]:
    """Generate metering for narrower scopes.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(scoped_meterings())
        ... def special_metering_is_not_nested(special):
        ...     assert not special.metering.special
        >>> special_metering_is_not_nested()
    """
    return drawn(draw_scoped_metering, features("scoped_meterings", without))


def draw_incident_table(draw: DrawFn, without: Collection[Feature]) -> IncidentTable:
    """Draw one of the usual tables, or any."""
    if "incident-tables" in without or not one_in(draw, 4):
        return pick(draw, _TABLES[: 1 if "incident-tables" in without else None])
    rows: dict[str, Any] = {name: pick(draw, _ACTIONS) for name in TICKET_HAPPENINGS}
    if "consume" not in rows.values():
        rows[pick(draw, TICKET_HAPPENINGS)] = "consume"
    return IncidentTable(**rows, reopened_within=pick(draw, (None, Days(0), Days(1), Days(14))))


def incident_tables(*, without: Collection[Feature] = ()) -> SearchStrategy[IncidentTable]:
    """Generate incident tables: the plain one, usual ones, and any with a row that consumes.

    Without `"incident-tables"`, only the plain one.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(incident_tables(without={"incident-tables"}))
        ... def only_the_plain_table_is_left(table):
        ...     assert table == IncidentTable()
        >>> only_the_plain_table_is_left()
    """
    return drawn(draw_incident_table, features("incident_tables", without))
