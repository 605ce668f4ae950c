"""Comparing: two tiers side by side, cell by cell, then what else one of them says."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import attrs

from supportcontracts._fields import frozen, require_kind
from supportcontracts.contracts.tiers.cells import Metric
from supportcontracts.contracts.tiers.policies import ClockPolicy
from supportcontracts.contracts.tiers.tier import Tier
from supportcontracts.contracts.tiers.wording import (
    cell_words,
    clock_words,
    gate_words,
    metric_words,
    promise_words,
    said_metrics,
    severity_words,
)
from supportcontracts.explain import table

__all__ = ["ComparedTerm", "TierComparison", "compare_tiers"]


def __dir__() -> list[str]:
    return __all__


_NOTHING = "–"


@frozen
class ComparedTerm:
    """One cell or term of two tiers.

    Attributes:
        what: the cell or the term, in words.
        first: what the first tier says.
        second: what the second tier says.
        severity: the severity of a cell; None for other terms.
        metric: the metric of a cell; None for other terms.
        channel: the channel of a cell, where an exception names it.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> tier = Tier("basic", targets={3: Targets(update="best-effort")})
        >>> compare_tiers(tier, tier).terms[0].what
        'severity 3, update'
    """

    what: str
    first: str
    second: str
    severity: int | None = attrs.field(default=None, kw_only=True)
    metric: Metric | None = attrs.field(default=None, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)


@frozen
class TierComparison:
    """Two tiers side by side.

    Attributes:
        first: the name of the first tier.
        second: the name of the second tier.
        terms: every cell that one of them says, and every other term that is not as usual in one of them.

    Example:
        >>> from supportcontracts.contracts.tiers.promises import NoPhoneMenu
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> basic = Tier("basic", targets={3: Targets(first_response="best-effort")})
        >>> gold = Tier("gold", targets={3: Targets(first_response=office.hours(2))}, promises=NoPhoneMenu())
        >>> print(compare_tiers(basic, gold))
        what                        basic        gold
        severity 3, first response  best effort  2h 00m of mon-fri 09:00-17:00
        no phone menu               –            promised
    """

    first: str
    second: str
    terms: tuple[ComparedTerm, ...]

    @property
    def differences(self) -> tuple[ComparedTerm, ...]:
        """The terms in which the tiers differ."""
        return tuple(term for term in self.terms if term.first != term.second)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row for each term, for a data frame.

        Example:
            >>> from supportcontracts.contracts.tiers.tier import Targets
            >>> one, two = (Tier("std", targets={3: Targets(update=word)}) for word in ("no-target", "best-effort"))
            >>> compare_tiers(one, two).to_rows()[0]["first"]
            'no target'
        """
        names = ("what", "severity", "metric", "channel", "first", "second")
        return [{name: getattr(term, name) for name in names} for term in self.terms]

    def __str__(self) -> str:
        rows = [("what", self.first, self.second)]
        return table(rows + [(term.what, term.first, term.second) for term in self.terms])


def compare_tiers(first: Tier, second: Tier) -> TierComparison:
    """Show two tiers side by side: every cell that one of them says, and every other term that is not as usual.

    Raises:
        InvalidValue: for anything but two tiers.

    Rules: A1, A3.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> basic = Tier("basic", targets={3: Targets(update="best-effort")})
        >>> silver = Tier("silver", targets={3: Targets(update="best-effort"), 4: Targets()})
        >>> [term.what for term in compare_tiers(basic, silver).differences]
        ['severity 4, update']
    """
    require_kind("compare_tiers", first, Tier, "a Tier was expected")
    require_kind("compare_tiers", second, Tier, "a Tier was expected")
    terms = (*_cells(first, second), *_severities(first, second), *_clock(first, second), *_promises(first, second))
    return TierComparison(first.name, second.name, terms)


def _cells(first: Tier, second: Tier) -> Iterator[ComparedTerm]:
    tiers = (first, second)
    severities = sorted({*first.severities, *second.severities})
    named = {channel for tier in tiers for exception in tier.exceptions for channel in exception.scope.channels}
    for severity, metric in product(severities, said_metrics(*tiers)):
        plain = [tier.target(severity, metric) for tier in tiers]
        for channel in (None, *sorted(named)):
            found = [tier.target(severity, metric, channel) for tier in tiers]
            if channel is None or found != plain:
                by = f", by {channel}" if channel is not None else ""
                what = f"severity {severity}, {metric_words(metric)}{by}"
                yield ComparedTerm(what, *map(cell_words, found), severity=severity, metric=metric, channel=channel)


def _severities(first: Tier, second: Tier) -> Iterator[ComparedTerm]:
    for words in dict.fromkeys(map(gate_words, (*first.gates, *second.gates))):
        yield ComparedTerm(words, *(_if(words in map(gate_words, tier.gates), "yes") for tier in (first, second)))
    for words in dict.fromkeys((*severity_words(first), *severity_words(second))):
        yield ComparedTerm(words, *(_if(words in severity_words(tier), "yes") for tier in (first, second)))


def _clock(first: Tier, second: Tier) -> Iterator[ComparedTerm]:
    both = zip(clock_words(first.clock), clock_words(second.clock), clock_words(ClockPolicy()), strict=True)
    for (name, one), (_, other), (_, usual) in both:
        if not one == other == usual:
            yield ComparedTerm(f"clock, {name.replace('_', ' ')}", one, other)


def _promises(first: Tier, second: Tier) -> Iterator[ComparedTerm]:
    for promise in dict.fromkeys((*first.promises, *second.promises)):
        said = (_if(promise in tier.promises, "promised") for tier in (first, second))
        yield ComparedTerm(promise_words(promise), *said)


def _if(holds: bool, word: str) -> str:  # noqa: FBT001  # a private switch between two words
    return word if holds else _NOTHING
