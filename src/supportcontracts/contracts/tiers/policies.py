"""Policies of a tier: when its clocks start, pause, restart and break, and which severities it serves.

They are data only. The clock that reads them is a fold over the events of a ticket; where practice disagrees, the
policy says which reading was agreed, and its defaults are the readings that favour neither side.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, opaque, require_whole, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tiers.cells import METRICS, Metric
from supportcontracts.errors import InvalidValue

__all__ = [
    "PAUSE_STATES",
    "ClockPolicy",
    "ClockStart",
    "Pause",
    "PauseState",
    "SeverityGate",
    "UpdateRecurrence",
]


def __dir__() -> list[str]:
    return __all__


PauseState = Literal["waiting-on-customer", "waiting-on-vendor", "customer-unreachable"]
"""States of a ticket in which a clock may stand still."""

PAUSE_STATES: tuple[PauseState, ...] = get_args(PauseState)

ClockStart = Literal["opened", "triaged", "notified"]
"""What starts the clocks of a ticket: its opening, its triage, or the customer's notice."""

UpdateRecurrence = Literal["none", "independent", "sequential"]
"""How updates follow each other: one only; each counted from the update before it; each from when that was due."""


@frozen
class Pause:
    """While a ticket is in a state, the clocks of some metrics stand still.

    Rules: A4.

    Example:
        >>> Pause("waiting-on-vendor", ["resolution", "workaround"]).metrics
        ('resolution', 'workaround')
    """

    state: PauseState
    metrics: tuple[Metric, ...] = attrs.field(converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        require_choice("Pause.state", self.state, PAUSE_STATES)
        if not self.metrics:
            raise InvalidValue(
                "Pause.metrics", "no metrics", "at least one was expected", "Leave the pause out if nothing pauses."
            )
        for metric in self.metrics:
            require_choice("Pause.metrics", metric, METRICS)
        # One order, so that the same pauses are equal however they were listed.
        object.__setattr__(self, "metrics", tuple(metric for metric in METRICS if metric in self.metrics))


def _as_pauses(
    value: Mapping[PauseState, Metric | Sequence[Metric]] | Sequence[Pause] | Pause,
) -> tuple[Pause, ...]:
    if isinstance(value, Mapping):
        return tuple(Pause(state, metrics) for state, metrics in value.items())
    return tuple_of(value)


_USUAL = (Pause("waiting-on-customer", ("update", "resolution", "workaround")),)


@frozen
class ClockPolicy:
    """How the clocks of a tier run: what was agreed where practice disagrees.

    Attributes:
        starts: what starts the clocks.
        pauses: which states pause which metrics, as pauses or as a mapping from state to metrics. By default a ticket
            that waits for the customer pauses updates, resolution and workaround.
        on_change: what a change of severity or tier does to a running target. "from-start": the new target counts from
            the original start, and elapsed time and pauses are kept; "from-change": it counts from the change;
            "frozen": the first target stays.
        on_reopen: what reopening does. "resume": the clock goes on, without the time in which the ticket was resolved;
            "restart": a new clock starts; "no-restart": what was met stays met.
        breach: "sticky": a breach stays, whatever changes later; "recomputed": a later change may undo it.
        contradictions: what an event does that contradicts the state of its ticket, such as a resumption without a
            pause. "ignore": nothing, and the status names it; "raise": it is an error.
        updates: how periodic updates follow each other.

    Rules: A4.

    Example:
        >>> policy = ClockPolicy(pauses={"waiting-on-vendor": ["resolution"]}, on_change="from-change")
        >>> policy.states_that_pause("resolution"), policy.states_that_pause("update")
        (('waiting-on-vendor',), ())
    """

    starts: ClockStart = attrs.field(default="opened", kw_only=True)
    pauses: tuple[Pause, ...] = attrs.field(default=_USUAL, converter=_as_pauses, kw_only=True)
    on_change: Literal["from-start", "from-change", "frozen"] = attrs.field(default="from-start", kw_only=True)
    on_reopen: Literal["resume", "restart", "no-restart"] = attrs.field(default="resume", kw_only=True)
    breach: Literal["sticky", "recomputed"] = attrs.field(default="sticky", kw_only=True)
    contradictions: Literal["ignore", "raise"] = attrs.field(default="ignore", kw_only=True)
    updates: UpdateRecurrence = attrs.field(default="independent", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_choice("ClockPolicy.starts", self.starts, get_args(ClockStart))
        require_choice("ClockPolicy.on_change", self.on_change, ("from-start", "from-change", "frozen"))
        require_choice("ClockPolicy.on_reopen", self.on_reopen, ("resume", "restart", "no-restart"))
        require_choice("ClockPolicy.breach", self.breach, ("sticky", "recomputed"))
        require_choice("ClockPolicy.contradictions", self.contradictions, ("ignore", "raise"))
        require_choice("ClockPolicy.updates", self.updates, get_args(UpdateRecurrence))
        for number, pause in enumerate(self.pauses):
            if not isinstance(pause, Pause):
                raise InvalidValue(
                    f"ClockPolicy.pauses[{number}]",
                    opaque(pause),
                    "a Pause was expected",
                    'Write pauses={"waiting-on-customer": ["resolution"]}.',
                )
        states = [pause.state for pause in self.pauses]
        if len(set(states)) != len(states):
            raise InvalidValue("ClockPolicy.pauses", f"the states {states}", "each state once was expected")
        object.__setattr__(
            self, "pauses", tuple(sorted(self.pauses, key=lambda pause: PAUSE_STATES.index(pause.state)))
        )

    def states_that_pause(self, metric: Metric) -> tuple[PauseState, ...]:
        """Name the states in which the clock of a metric stands still.

        Example:
            >>> ClockPolicy().states_that_pause("resolution"), ClockPolicy().states_that_pause("first-response")
            (('waiting-on-customer',), ())
        """
        return tuple(pause.state for pause in self.pauses if metric in pause.metrics)


@frozen
class SeverityGate:
    """A severity is served as such only while the customer can be reached, and otherwise as a milder one.

    Attributes:
        severity: the severity that needs a reachable customer.
        otherwise: the milder severity that the ticket is served as while the customer cannot be reached.
        back: "restored": the severity returns with the customer; "kept": it stays milder.

    Rules: A3.

    Example:
        >>> SeverityGate(1, otherwise=2).back
        'restored'
    """

    severity: int
    otherwise: int = attrs.field(kw_only=True)
    back: Literal["restored", "kept"] = attrs.field(default="restored", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_whole("SeverityGate.severity", self.severity, least=1)
        require_whole("SeverityGate.otherwise", self.otherwise, least=1)
        require_choice("SeverityGate.back", self.back, ("restored", "kept"))
        if self.otherwise <= self.severity:
            raise InvalidValue(
                "SeverityGate.otherwise",
                str(self.otherwise),
                f"a milder severity than {self.severity} was expected",
                "Severity 1 is the gravest, so write a larger number.",
            )
