"""The program of a tier: its terms looked up once, so that the fold asks no terms while it runs.

A *promise* is what one clock counts against: a target, with the budget of covered seconds that it gives to a clock
that starts at an instant, or a word without any. Looking terms up is remembered per tier; that changes speed and
nothing else.
"""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from supportcontracts.contracts.tiers import METRICS, ArrivalTarget, Cell, CellWord, Tier
from supportcontracts.coverage import AnyCoverage, CoveredDays, CoveredTime, Target
from supportcontracts.sla.table import STATES, TicketState

__all__ = ["HINDRANCES", "Program", "Promise", "compiled", "promised"]


def __dir__() -> list[str]:
    return __all__


class Promise(NamedTuple):
    """What a clock that starts at an instant counts against: a target, and how many seconds it gives; or a word."""

    target: Target | CellWord
    start: int
    coverage: AnyCoverage | None
    budget: int | None

    def elapsed(self, start: int, end: int) -> int:
        """Count the seconds between two instants that count for the target."""
        return end - start if self.coverage is None else self.coverage.elapsed_epoch(start, end)

    def due_after(self, at: int, used: int) -> int:
        """Find when the budget is used up, if so much is used at an instant from which the clock runs on."""
        assert self.budget is not None
        assert not isinstance(self.target, str)
        left = max(self.budget - used, 0)
        if self.coverage is None:
            return at + left
        if isinstance(self.target, CoveredDays):
            if self.coverage.elapsed_epoch(self.start, at) == used:
                return self.target.due_epoch(self.start)  # no covered time was lost: the day stands as it was promised
            return self.spent_after(at, left)  # days end at a closing, whatever the calendar says of hours
        return self.coverage.due_epoch(at, left)

    def spent_after(self, at: int, seconds: int) -> int:
        """Find the first instant at which so many seconds have counted since another, be it a closing."""
        if self.coverage is None:
            return at + seconds
        if seconds and self.coverage.closing == "next-opening":
            return self.coverage.due_epoch(at, seconds - 1) + 1
        return self.coverage.due_epoch(at, seconds)


def promised(cell: Cell, start: int) -> Promise:
    """Say what a cell promises to a clock that starts at an instant (C13).

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC")
        >>> thursday = promised(office.days(1), 12 * 3600)      # 1970-01-01, at noon
        >>> thursday.budget, thursday.due_after(12 * 3600, 0)   # 13 covered hours, up to Friday at closing
        (46800, 147600)
    """
    target = cell.at_epoch(start) if isinstance(cell, ArrivalTarget) else cell
    if isinstance(target, str):
        return Promise(target, start, None, None)
    if isinstance(target, CoveredTime):
        return Promise(target, start, target.coverage, target.quantity.seconds)
    if isinstance(target, CoveredDays):
        coverage = target.coverage
        return Promise(target, start, coverage, coverage.elapsed_epoch(start, target.due_epoch(start)))
    return Promise(target, start, None, target.quantity.seconds)


Hindrances: TypeAlias = tuple[str, ...]
"""For each metric, why its clock stands still; "" where it runs."""

HINDRANCES: tuple[TicketState, ...] = ("waiting-on-customer", "waiting-on-vendor")
"""The states of a ticket that may pause a clock."""


_NOTHING = (None, "no-target", "if-escalated", "not-offered")
_ALWAYS = frozenset(METRICS.index(metric) for metric in ("first-response", "resolution"))


class Program:
    """A tier, looked up: which states pause which clocks, what each severity is served as, what each is promised.

    `measured` are the places of the metrics that have clocks: those of which some row promises something, and the
    first response and the resolution, since every ticket is answered and solved.
    """

    __slots__ = ("_cells", "_served", "hindrances", "measured", "policy", "tier")

    def __init__(self, tier: Tier) -> None:
        self.tier = tier
        self.policy = tier.clock
        self.hindrances = {
            (state, customer): self._hindrances(state, customer)
            for state in STATES
            for customer in ("reachable", "unreachable")
        }
        rows = [*(row.targets for row in tier.targets), *(exception.targets for exception in tier.exceptions)]
        self.measured = _ALWAYS | {
            place for place, metric in enumerate(METRICS) if any(row.cell(metric) not in _NOTHING for row in rows)
        }
        self._served: dict[tuple[int | None, str], tuple[int | None, int | None]] = {}
        self._cells: dict[tuple[int | None, str | None], tuple[Cell, ...]] = {}

    def _hindrances(self, state: str, customer: str) -> Hindrances:
        """Say for each metric why its clock stands still; the wait comes before the customer."""
        reasons = [state, *(["customer-unreachable"] if customer == "unreachable" else [])]
        found = []
        for metric in METRICS:
            pausing = self.policy.states_that_pause(metric)
            found.append(next((reason for reason in reasons if reason in pausing), ""))
        return tuple(found)

    def served(self, severity: int | None, customer: str) -> tuple[int | None, int | None]:
        """Return what a severity is served as, and the severity to go on from once a gate has kept it.

        A gate whose severity does not come back with the customer lowers what was stated.
        """
        known = self._served.get((severity, customer))
        if known is None:
            served = self.tier.served_as(severity)
            kept = severity
            if customer == "unreachable":
                for gate in self.tier.gates:
                    if gate.severity == served:
                        served = gate.otherwise
                        if gate.back == "kept":
                            kept = served
            known = self._served[severity, customer] = (severity if served is None else served, kept)
        return known

    def cells(self, severity: int | None, channel: str | None) -> tuple[Cell, ...]:
        """Return what a severity is promised for each metric."""
        known = self._cells.get((severity, channel))
        if known is None:
            target = self.tier.target
            known = tuple(target(severity, metric, channel) for metric in METRICS)
            self._cells[severity, channel] = known
        return known


@lru_cache(maxsize=64)
def compiled(tier: Tier) -> Program:
    """Look a tier up; the same tier is looked up once."""
    return Program(tier)
