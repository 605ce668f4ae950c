"""Other terms: what is known of the clock policy, the gates and the promises, of those that were changed."""

from collections.abc import Iterable, Iterator

from supportcontracts.contracts.tiers.policies import ClockPolicy
from supportcontracts.contracts.tiers.promises import (
    AnswerDepth,
    Channels,
    Languages,
    NamedManager,
    NoPhoneMenu,
    Promise,
    SkillLevel,
)
from supportcontracts.contracts.tiers.proving.containing import contains
from supportcontracts.contracts.tiers.proving.result import ProofLine
from supportcontracts.contracts.tiers.tier import Tier
from supportcontracts.contracts.tiers.wording import clock_words, gate_words, promise_words

__all__ = ["term_lines"]


def __dir__() -> list[str]:
    return __all__


def term_lines(old: Tier, new: Tier) -> Iterator[ProofLine]:
    """Say what is known of the terms beside the table, of those that were changed."""
    if old.unstated != new.unstated:
        because = "what the ticket was stated as later decides which of the two promises more"
        yield _undecided("a ticket without severity", str(old.unstated), str(new.unstated), "unstated-changed", because)
    if old.gates != new.gates:
        was, now = ("; ".join(map(gate_words, tier.gates)) or "no gates" for tier in (old, new))
        because = "the cells of every severity that a gate can lead to were compared"
        yield ProofLine("gates", was, now, "never-worse", "gates-compared", because)
    yield from _policy_lines(old.clock, new.clock)
    for promise in old.promises:
        yield _promise_line(promise, new.promises)


def _undecided(what: str, old: str, new: str, code: str, because: str) -> ProofLine:
    return ProofLine(what, old, new, "cannot-tell", code, because)


def _policy_lines(old: ClockPolicy, new: ClockPolicy) -> Iterator[ProofLine]:
    now = dict(clock_words(new))
    for name, was in clock_words(old):
        what = f"clock, {name.replace('_', ' ')}"
        if was == now[name] or name == "contradictions":
            continue  # what an impossible event does is no promise to the customer
        if name == "pauses" and _pauses_less(old, new):
            because = "nothing pauses a clock that did not"
            yield ProofLine(what, was, now[name], "never-worse", "pauses-less", because)
        elif name == "breach" and new.breach == "sticky":
            because = "a breach can no longer be undone"
            yield ProofLine(what, was, now[name], "never-worse", "breach-stays", because)
        else:
            because = "which of the two is better depends on the ticket"
            yield _undecided(what, was, now[name], f"{name.replace('_', '-')}-changed", because)


def _pauses_less(old: ClockPolicy, new: ClockPolicy) -> bool:
    before = {(pause.state, metric) for pause in old.pauses for metric in pause.metrics}
    return {(pause.state, metric) for pause in new.pauses for metric in pause.metrics} <= before


def _promise_line(promise: Promise, kept: Iterable[Promise]) -> ProofLine:
    """Say whether a promise is still kept by what is promised now."""
    alike = [each for each in kept if type(each) is type(promise)]
    was, now = promise_words(promise), "; ".join(map(promise_words, alike)) or "nothing"
    if promise in alike:
        return ProofLine("promise", was, was, "same", "same", "the same")
    if not alike:
        return ProofLine("promise", was, now, "worse", "promise-dropped", "nothing of the kind is promised now")
    if any(_holds_for_all(each, promise) and _keeps(each, promise) for each in alike):
        return ProofLine(
            "promise", was, now, "never-worse", "promise-kept", "what keeps the new promise keeps the old one"
        )
    return _undecided("promise", was, now, "promise-changed", "no single promise covers the old one")


def _holds_for_all(new: Promise, old: Promise) -> bool:
    """Tell whether one promise is for every ticket and hour for which another one is."""
    before = dict(old.scope.restrictions)
    for attribute, admitted in new.scope.restrictions:
        if attribute not in before or not before[attribute] <= admitted:
            return False
    return contains(new.during, old.during)


def _keeps(new: Promise, old: Promise) -> bool:
    """Tell whether what keeps one promise keeps another one of its kind."""
    match new, old:
        case Languages(), Languages():
            return set(old.languages) <= set(new.languages)
        case Channels(), Channels():
            return set(old.channels) <= set(new.channels)
        case NamedManager(), NamedManager():
            return old.name is None or old.name == new.name
        case SkillLevel(), SkillLevel():
            return old.level <= new.level
        case AnswerDepth(), AnswerDepth():
            return old.scale == new.scale and old.reaches(new.depth)
        case _:
            return isinstance(new, NoPhoneMenu)
