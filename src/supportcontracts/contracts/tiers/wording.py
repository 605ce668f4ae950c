"""Wording of tiers: how cells, promises, gates and the clock policy read, in tables and in sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_never

from supportcontracts.contracts.scope import EVERYTHING, Scope
from supportcontracts.contracts.tiers.cells import METRICS, ArrivalTarget, Cell, Metric
from supportcontracts.contracts.tiers.policies import ClockPolicy, SeverityGate
from supportcontracts.contracts.tiers.promises import (
    AnswerDepth,
    Channels,
    Languages,
    NamedManager,
    NoPhoneMenu,
    Promise,
    SkillLevel,
)
from supportcontracts.contracts.wording.words import listed, sentence
from supportcontracts.explain import table

if TYPE_CHECKING:
    from supportcontracts.contracts.tiers.tier import Targets, Tier

__all__ = [
    "cell_words",
    "clock_words",
    "describe_tier",
    "gate_words",
    "metric_words",
    "promise_words",
    "said_metrics",
    "scope_words",
    "severity_words",
]


def __dir__() -> list[str]:
    return __all__


def metric_words(metric: Metric) -> str:
    """Name a metric.

    Example:
        >>> metric_words("first-response")
        'first response'
    """
    return metric.replace("-", " ")


def cell_words(cell: Cell) -> str:
    """Say what a cell promises.

    Example:
        >>> cell_words("no-target")
        'no target'
    """
    if isinstance(cell, str):
        return cell.replace("-", " ")
    if isinstance(cell, ArrivalTarget):
        inside, outside = cell_words(cell.inside), cell_words(cell.outside)
        return f"{inside} if it arrives in {cell.coverage}, else {outside}"
    return str(cell)


def scope_words(scope: Scope) -> str:
    """Say which tickets a scope by products, severities and channels admits.

    Example:
        >>> scope_words(Scope(channels="phone", severities=[1, 2])), scope_words(EVERYTHING)
        ('severity 1 or 2 by phone', 'any')
    """
    words = [f"severity {listed(map(str, scope.severities), 'or')}"] if scope.severities else []
    words += [f"about {listed(map(str, scope.products), 'or')}"] if scope.products else []
    words += [f"by {listed(map(str, scope.channels), 'or')}"] if scope.channels else []
    return " ".join(words) or "any"


def promise_words(promise: Promise) -> str:
    """Say what is promised beside durations, for which tickets and in which hours.

    Example:
        >>> promise_words(Languages(["de", "en"], scope=Scope(severities=1)))
        'answers in de or en, as asked, for severity 1'
    """
    limits = f", for {scope_words(promise.scope)}" if promise.scope != EVERYTHING else ""
    limits += f", in {promise.during}" if promise.during is not None else ""
    return f"{_promised(promise)}{limits}"


def _promised(promise: Promise) -> str:
    match promise:
        case Languages():
            return f"answers in {listed(map(str, promise.languages), 'or')}, as asked"
        case Channels():
            return f"answers by {listed(map(str, promise.channels), 'or')}, as asked"
        case NamedManager():
            return "a named manager" if promise.name is None else f"{promise.name} as manager"
        case SkillLevel():
            return f"first answer by someone of level {promise.level} or more"
        case AnswerDepth():
            return f"answers as deep as a {promise.depth}"
        case NoPhoneMenu():
            return "no phone menu"
        case _:
            assert_never(promise)


def gate_words(gate: SeverityGate) -> str:
    """Say when a severity is served as a milder one.

    Example:
        >>> gate_words(SeverityGate(1, otherwise=2))
        'severity 1 is served as 2 while the customer cannot be reached'
    """
    until = "while" if gate.back == "restored" else "once"
    return f"severity {gate.severity} is served as {gate.otherwise} {until} the customer cannot be reached"


_CHANGE = {
    "from-start": "a changed target counts from the original start",
    "from-change": "a changed target counts from the change",
    "frozen": "the first target stays",
}
_REOPEN = {
    "resume": "a reopened ticket goes on with its clock",
    "restart": "a reopened ticket starts a new clock",
    "no-restart": "a reopened ticket keeps what was met",
}
_BREACH = {"sticky": "a breach stays", "recomputed": "a later change may undo a breach"}
_CONTRADICTIONS = {
    "ignore": "an event that contradicts its ticket is noted and ignored",
    "raise": "an event that contradicts its ticket is an error",
}
_UPDATES = {
    "none": "one update is due",
    "independent": "each update is counted from the one before it",
    "sequential": "each update is counted from when the one before it was due",
}
_STARTS = {
    "opened": "clocks start when a ticket is opened",
    "triaged": "clocks start when a ticket is triaged",
    "notified": "clocks start at the customer's notice",
}


def clock_words(policy: ClockPolicy) -> Iterator[tuple[str, str]]:
    """Say each part of a clock policy, with the name of its field.

    Example:
        >>> dict(clock_words(ClockPolicy()))["breach"]
        'a breach stays'
    """
    yield "starts", _STARTS[policy.starts]
    yield "pauses", "; ".join(_pauses(policy)) or "nothing pauses a clock"
    yield "on_change", _CHANGE[policy.on_change]
    yield "on_reopen", _REOPEN[policy.on_reopen]
    yield "breach", _BREACH[policy.breach]
    yield "contradictions", _CONTRADICTIONS[policy.contradictions]
    yield "updates", _UPDATES[policy.updates]


def _pauses(policy: ClockPolicy) -> Iterator[str]:
    for pause in policy.pauses:
        what = "everything" if pause.metrics == METRICS else listed(map(metric_words, pause.metrics))
        yield f"{pause.state.replace('-', ' ')} pauses {what}"


def describe_tier(tier: "Tier") -> str:
    """Show a tier: its table, then what it says of severities, time and promises beyond the defaults.

    Example:
        >>> from supportcontracts.contracts.tiers.policies import ClockPolicy
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
        >>> print(describe_tier(Tier("basic", targets={3: Targets(first_response="best-effort")}, unstated=3)))
        basic
        severity  first response
        3         best effort
        A ticket without severity is served as 3.
    """
    metrics = said_metrics(tier)
    rows = [("severity", *map(metric_words, metrics))]
    rows += [(str(row.severity), *_cells(row.targets, metrics, "no target")) for row in tier.targets]
    for exception in tier.exceptions:
        rows.append((scope_words(exception.scope).removeprefix("severity "), *_cells(exception.targets, metrics, "")))
    said = [*map(gate_words, tier.gates), *severity_words(tier)]
    usual = dict(clock_words(ClockPolicy()))
    said += [words for name, words in clock_words(tier.clock) if words != usual[name]]
    lines = [tier.name, table(rows), *(sentence(words) for words in said)]
    if tier.promises:
        lines.append(sentence(f"it promises {'; '.join(map(promise_words, tier.promises))}"))
    return "\n".join(lines)


def said_metrics(*tiers: "Tier") -> tuple[Metric, ...]:
    """Name the metrics for which some tier says a cell.

    Example:
        >>> said_metrics()
        ()
    """
    said = [row.targets for tier in tiers for row in tier.targets]
    said += [exception.targets for tier in tiers for exception in tier.exceptions]
    return tuple(metric for metric in METRICS if any(targets.cell(metric) is not None for targets in said))


def severity_words(tier: "Tier") -> Iterator[str]:
    """Say what becomes of a severity that is not in the table, and of a ticket without one.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
        >>> list(severity_words(Tier("basic", targets={3: Targets()}, unadmitted="lowered")))
        ['a severity that it does not have is served as the gravest below it']
    """
    if tier.unadmitted == "lowered":
        yield "a severity that it does not have is served as the gravest below it"
    if tier.unstated is not None:
        yield f"a ticket without severity is served as {tier.unstated}"


def _cells(targets: "Targets", metrics: tuple[Metric, ...], unsaid: str) -> Iterator[str]:
    for metric in metrics:
        cell = targets.cell(metric)
        yield unsaid if cell is None else cell_words(cell)
