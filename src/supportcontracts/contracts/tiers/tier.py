"""The tier: for each severity and metric a target on a calendar, and promises that are not durations.

A tier is data. Its table has a row of cells for each severity it admits; exceptions replace cells for some channels or
severities, gates say when a severity is served as a milder one, a clock policy says how time is counted. A cell that
nobody wrote is "no-target", and a severity that the tier does not admit is "not-offered" or served as a milder one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import attrs

from supportcontracts._fields import frozen, is_whole, opaque, require_kind, require_text, require_whole, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.scope import Scope, require_scope
from supportcontracts.contracts.tiers.cells import METRICS, Cell, Metric, field_of, require_cell
from supportcontracts.contracts.tiers.policies import ClockPolicy, SeverityGate
from supportcontracts.contracts.tiers.promises import PROMISES, Promise
from supportcontracts.contracts.tiers.wording import describe_tier
from supportcontracts.errors import InvalidValue

__all__ = ["ScopedTargets", "SeverityTargets", "Targets", "Tier"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Targets:
    """What one severity is promised: a cell for each metric, None where the terms do not say.

    Attributes:
        first_response: the first human answer.
        next_response: each later answer, from the oldest unanswered message of the customer.
        update: periodic news while the ticket is open.
        resolution: the solution.
        workaround: a way around the problem.
        hold_time: how long a caller is kept on hold.

    Rules: A1.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> Targets(first_response=office.hours(2), resolution="best-effort").resolution
        'best-effort'
    """

    first_response: Cell | None = attrs.field(default=None, kw_only=True)
    next_response: Cell | None = attrs.field(default=None, kw_only=True)
    update: Cell | None = attrs.field(default=None, kw_only=True)
    resolution: Cell | None = attrs.field(default=None, kw_only=True)
    workaround: Cell | None = attrs.field(default=None, kw_only=True)
    hold_time: Cell | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for metric in METRICS:
            cell = self.cell(metric)
            if cell is not None:
                require_cell(f"Targets.{field_of(metric)}", cell)

    def cell(self, metric: Metric) -> Cell | None:
        """Return the cell of a metric, or None where the terms do not say.

        Example:
            >>> Targets(first_response="no-target").cell("resolution")
        """
        cell: Cell | None = getattr(self, field_of(metric))
        return cell


@frozen
class SeverityTargets:
    """One row of a tier's table: a severity, 1 the gravest, and its targets.

    Example:
        >>> SeverityTargets(4, Targets(first_response="no-target")).severity
        4
    """

    severity: int
    targets: Targets

    def __attrs_post_init__(self) -> None:
        require_whole("SeverityTargets.severity", self.severity, least=1)
        require_kind("SeverityTargets.targets", self.targets, Targets, "Targets(…) was expected")


_SCOPED_BY = ("severity", "channel")


@frozen
class ScopedTargets:
    """Cells that hold instead of those in the table, for the channels and severities of a scope.

    Rules: A1, D15.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> always = Coverage("24x7", zone="Europe/Berlin")
        >>> by_phone = ScopedTargets(Scope(channels="phone", severities=1), Targets(first_response=always.hours(1)))
        >>> by_phone.scope.channels
        ('phone',)
    """

    scope: Scope
    targets: Targets

    def __attrs_post_init__(self) -> None:
        require_scope("ScopedTargets.scope", self.scope)
        require_kind("ScopedTargets.targets", self.targets, Targets, "Targets(…) was expected")
        for attribute, _ in self.scope.restrictions:
            if attribute not in _SCOPED_BY:
                raise InvalidValue(
                    "ScopedTargets.scope",
                    f"a scope by {attribute}",
                    "a scope by channels and severities was expected",
                    'Write Scope(channels="phone", severities=1), and another tier for what else differs.',
                )

    def admits(self, severity: int, channel: str | None) -> bool:
        """Tell whether this is for a severity and a channel; a missing channel meets only what is unrestricted.

        Example:
            >>> ScopedTargets(Scope(channels="phone"), Targets()).admits(1, None)
            False
        """
        scope = self.scope
        return (not scope.severities or severity in scope.severities) and (
            not scope.channels or channel in scope.channels
        )


def _as_rows(
    value: Mapping[int, Targets] | Iterable[SeverityTargets] | SeverityTargets,
) -> tuple[SeverityTargets, ...]:
    if isinstance(value, Mapping):
        return tuple(SeverityTargets(severity, targets) for severity, targets in value.items())
    return tuple_of(value)


@frozen(cache_hash=True)
class Tier:
    """A level of service: what each severity is promised, and how time is counted.

    Attributes:
        name: what the tier is called.
        targets: the table, as a mapping from severity to targets; the tier admits these severities.
        exceptions: cells for some channels or severities; the first that admits a ticket and says the cell holds.
        gates: severities that are served as such only while the customer can be reached.
        unadmitted: what becomes of a severity that is not in the table. "not-offered": nothing is promised to it;
            "lowered": it is served as the gravest admitted severity below it, if there is one.
        unstated: the severity that a ticket without one is served as; None: it is promised nothing until one is stated.
        clock: how the clocks start, pause, restart and break.
        promises: promises that are not durations.

    Raises:
        InvalidValue: for an empty table, a severity twice, or a gate or exception for a severity that is not admitted.

    Rules: A1, A2, A3.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> always = Coverage("24x7", zone="Europe/Berlin")
        >>> premium = Tier("premium", targets={
        ...     1: Targets(first_response=always.hours(1), resolution=always.hours(4)),
        ...     2: Targets(first_response=office.hours(2), resolution=office.hours(8)),
        ...     3: Targets(first_response=office.days(1), resolution="best-effort"),
        ... })
        >>> premium.target(3, "resolution"), premium.target(3, "update"), premium.target(4, "resolution")
        ('best-effort', 'no-target', 'not-offered')
    """

    name: str
    targets: tuple[SeverityTargets, ...] = attrs.field(converter=_as_rows, kw_only=True)
    exceptions: tuple[ScopedTargets, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    gates: tuple[SeverityGate, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    unadmitted: Literal["not-offered", "lowered"] = attrs.field(default="not-offered", kw_only=True)
    unstated: int | None = attrs.field(default=None, kw_only=True)
    clock: ClockPolicy = attrs.field(factory=ClockPolicy, kw_only=True)
    promises: tuple[Promise, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Tier.name", self.name)
        require_choice("Tier.unadmitted", self.unadmitted, ("not-offered", "lowered"))
        require_kind("Tier.clock", self.clock, ClockPolicy, "a ClockPolicy was expected")
        for name, kind in (
            ("targets", SeverityTargets),
            ("exceptions", ScopedTargets),
            ("gates", SeverityGate),
            ("promises", PROMISES),
        ):
            expected = "a promise" if name == "promises" else f"a {kind.__name__}"  # type: ignore[union-attr]  # a class
            for number, item in enumerate(getattr(self, name)):
                require_kind(f"Tier.{name}[{number}]", item, kind, f"{expected} was expected")
        if not self.targets:
            raise InvalidValue(
                "Tier.targets", "no severity", "at least one was expected", "Write targets={1: Targets(…)}."
            )
        _require_once("Tier.targets", [row.severity for row in self.targets])
        _require_once("Tier.gates", [gate.severity for gate in self.gates])
        # One order, so that the same table is equal however it was written.
        object.__setattr__(self, "targets", tuple(sorted(self.targets, key=lambda row: row.severity)))
        object.__setattr__(self, "gates", tuple(sorted(self.gates, key=lambda gate: gate.severity)))
        for what, severity in self._mentioned():
            if not is_whole(severity):
                raise InvalidValue(what, opaque(severity), "a severity was expected, as a whole number")
            if severity not in self.severities:
                listed = ", ".join(map(str, self.severities))
                raise InvalidValue(
                    what,
                    f"severity {severity}",
                    f"one of the table was expected: {listed}",
                    "Give it a row in targets.",
                )

    def _mentioned(self) -> Iterator[tuple[str, object]]:
        for number, gate in enumerate(self.gates):
            yield f"Tier.gates[{number}].severity", gate.severity
            yield f"Tier.gates[{number}].otherwise", gate.otherwise
        for number, exception in enumerate(self.exceptions):
            for severity in exception.scope.severities:
                yield f"Tier.exceptions[{number}].scope.severities", severity
        if self.unstated is not None:
            yield "Tier.unstated", self.unstated

    @property
    def severities(self) -> tuple[int, ...]:
        """The severities that the tier admits, the gravest first."""
        return tuple(row.severity for row in self.targets)

    def served_as(
        self, severity: int | None, *, customer: Literal["reachable", "unreachable"] = "reachable"
    ) -> int | None:
        """Return the severity that a ticket is served as, or None if the tier does not serve it.

        Args:
            severity: the severity that was stated, or None.
            customer: whether the customer can be reached, on which gates depend.

        Rules: A3.

        Example:
            >>> tier = Tier("basic", targets={2: Targets(), 3: Targets()}, gates=SeverityGate(2, otherwise=3))
            >>> tier.served_as(2), tier.served_as(2, customer="unreachable"), tier.served_as(1)
            (2, 3, None)
        """
        require_choice("Tier.served_as customer", customer, ("reachable", "unreachable"))
        served = self.unstated if severity is None else severity
        if served is not None and served not in self.severities:
            below = [admitted for admitted in self.severities if admitted > served]
            served = below[0] if below and self.unadmitted == "lowered" else None
        if customer == "unreachable":
            for gate in self.gates:  # in order of severity, so that one gate can lead to the next
                if gate.severity == served:
                    served = gate.otherwise
        return served

    def target(self, severity: int | None, metric: Metric, channel: str | None = None) -> Cell:
        """Return what is promised to a severity for a metric.

        Args:
            severity: as it was stated; see `served_as` for what a gate makes of it.
            metric: what is measured.
            channel: how the ticket reached the desk, if known.

        Raises:
            InvalidValue: for an unknown metric.

        Rules: A1, A3.

        Example:
            >>> from supportcontracts.coverage import Coverage
            >>> always = Coverage("24x7", zone="Europe/Berlin")
            >>> tier = Tier(
            ...     "silver",
            ...     targets={1: Targets(first_response="best-effort")},
            ...     exceptions=ScopedTargets(Scope(channels="phone"), Targets(first_response="no-target")),
            ... )
            >>> tier.target(1, "first-response"), tier.target(1, "first-response", "phone")
            ('best-effort', 'no-target')
        """
        require_choice("Tier.target metric", metric, METRICS)
        served = self.served_as(severity)
        if served is None:
            return "no-target" if severity is None else "not-offered"
        for exception in self.exceptions:
            if exception.admits(served, channel):
                cell = exception.targets.cell(metric)
                if cell is not None:
                    return cell
        cell = self.targets[self.severities.index(served)].targets.cell(metric)
        return "no-target" if cell is None else cell

    def __str__(self) -> str:
        return describe_tier(self)


def _require_once(what: str, severities: list[int]) -> None:
    for severity in severities:
        if severities.count(severity) > 1:
            raise InvalidValue(what, f"severity {severity} twice", "each severity once was expected")
