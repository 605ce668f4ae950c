"""Checking promises: whether the facts of a ticket show that what a tier promised was kept.

A promise of a tier is kept, broken, not applicable to the ticket, or unknown while a fact is missing. Nothing is
assumed: a fact that is not stated never keeps a promise and never breaks one.
"""

from datetime import datetime
from typing import Any, Literal, assert_never

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tiers.promises import (
    AnswerDepth,
    Channels,
    Languages,
    NamedManager,
    NoPhoneMenu,
    Promise,
    SkillLevel,
)
from supportcontracts.contracts.tiers.tier import Tier
from supportcontracts.contracts.tiers.wording import promise_words
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation, Step, table
from supportcontracts.timeline import Instant, epoch, instant

__all__ = ["Outcome", "PromiseCheck", "PromiseReport", "TicketFacts", "check_promises"]


def __dir__() -> list[str]:
    return __all__


Outcome = Literal["kept", "broken", "not-applicable", "unknown"]
"""What can be said of a promise and a ticket."""


def _instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else instant(value)


@frozen
class TicketFacts:
    """What is known of how a ticket was served; what is left out is not known.

    Attributes:
        ticket: which ticket.
        opened_at: when it was opened.
        product: what it is about.
        severity: how grave it is, 1 the gravest.
        channel: the channel on which the customer asked.
        answered_on: the channel on which the answer was given.
        language: the language in which the customer asked.
        answered_in: the language of the answer.
        managers: who looked after it, by name; empty: not known.
        managed: "nobody" if nobody looked after it.
        skill: the level of the first person who answered.
        depth: how deep the answer went.
        phone_menu: whether a caller met a menu or an announcement first.

    Example:
        >>> TicketFacts("T-881", channel="phone", phone_menu="none").channel
        'phone'
    """

    ticket: str
    opened_at: Instant | None = attrs.field(default=None, converter=_instant_or_none, kw_only=True)
    product: str | None = attrs.field(default=None, kw_only=True)
    severity: int | None = attrs.field(default=None, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    answered_on: str | None = attrs.field(default=None, kw_only=True)
    language: str | None = attrs.field(default=None, kw_only=True)
    answered_in: str | None = attrs.field(default=None, kw_only=True)
    managers: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    managed: Literal["nobody"] | None = attrs.field(default=None, kw_only=True)
    skill: int | None = attrs.field(default=None, kw_only=True)
    depth: str | None = attrs.field(default=None, kw_only=True)
    phone_menu: Literal["met", "none"] | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("TicketFacts.ticket", self.ticket)
        for name in ("product", "channel", "answered_on", "language", "answered_in", "depth"):
            if getattr(self, name) is not None:
                require_text(f"TicketFacts.{name}", getattr(self, name))
        for name in self.managers:
            require_text("TicketFacts.managers", name)
        if self.managed is not None:
            require_choice("TicketFacts.managed", self.managed, ("nobody",))
            if self.managers:
                raise InvalidValue(
                    "TicketFacts.managed", '"nobody", with managers', "one of the two was expected", "Leave one out."
                )
        if self.severity is not None:
            require_whole("TicketFacts.severity", self.severity, least=1)
        if self.skill is not None:
            require_whole("TicketFacts.skill", self.skill, least=0)
        if self.phone_menu is not None:
            require_choice("TicketFacts.phone_menu", self.phone_menu, ("met", "none"))


@frozen
class PromiseCheck:
    """What the facts of a ticket say of one promise.

    Attributes:
        promise: what was promised.
        outcome: kept, broken, not-applicable or unknown.
        code: why, as a word that does not change between releases.
        because: why, in words.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> silver = Tier("silver", targets={1: Targets()}, promises=SkillLevel(2))
        >>> check_promises(silver, TicketFacts("T-881", skill=1)).checks[0].code
        'skill-below'
    """

    promise: Promise
    outcome: Outcome
    code: str
    because: str

    def __str__(self) -> str:
        return f"{promise_words(self.promise)}: {self.outcome.replace('-', ' ')}, {self.because}"


@frozen
class PromiseReport:
    """What the facts of a ticket say of every promise of its tier.

    Attributes:
        tier: the name of the tier.
        ticket: which ticket.
        checks: one for each promise, in the order of the tier.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> silver = Tier("silver", targets={1: Targets()}, promises=[SkillLevel(2), NoPhoneMenu()])
        >>> print(check_promises(silver, TicketFacts("T-881", channel="phone", skill=3)))
        T-881 · silver · 1 of 2 promises kept, 1 unknown
        promise                                     result   because
        first answer by someone of level 2 or more  kept     by someone of level 3
        no phone menu                               unknown  whether a menu was met is not stated
    """

    tier: str
    ticket: str
    checks: tuple[PromiseCheck, ...]

    def of(self, outcome: Outcome) -> tuple[PromiseCheck, ...]:
        """Return the checks with one outcome.

        Example:
            >>> from supportcontracts.contracts.tiers.tier import Targets
            >>> silver = Tier("silver", targets={1: Targets()}, promises=SkillLevel(2))
            >>> len(check_promises(silver, TicketFacts("T-881", skill=1)).of("broken"))
            1
        """
        return tuple(check for check in self.checks if check.outcome == outcome)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row for each promise, for a data frame.

        Example:
            >>> from supportcontracts.contracts.tiers.tier import Targets
            >>> silver = Tier("silver", targets={1: Targets()}, promises=SkillLevel(2))
            >>> check_promises(silver, TicketFacts("T-881", skill=1)).to_rows()[0]["result"]
            'broken'
        """
        return [
            {
                "ticket": self.ticket,
                "tier": self.tier,
                "promise": promise_words(check.promise),
                "result": check.outcome,
                "code": check.code,
                "because": check.because,
            }
            for check in self.checks
        ]

    def explain(self) -> Explanation[str]:
        """Say for each promise which term made it and which fact decided.

        Example:
            >>> from supportcontracts.contracts.tiers.tier import Targets
            >>> silver = Tier("silver", targets={1: Targets()}, promises=SkillLevel(2))
            >>> check_promises(silver, TicketFacts("T-881", skill=1)).explain().steps[0].agreed_in
            'tier.promises[0]'
        """
        steps = [
            Step("A5", promise_words(check.promise), check.because, check.outcome, f"tier.promises[{number}]")
            for number, check in enumerate(self.checks)
        ]
        return Explanation(f"{self.ticket} · {self.tier}", self._summary(), steps)

    def _summary(self) -> str:
        applicable = len(self.checks) - len(self.of("not-applicable"))
        said = [f"{len(self.of('kept'))} of {applicable} promises kept"]
        for outcome in ("broken", "unknown"):
            count = len(self.of(outcome))
            said += [f"{count} {outcome}"] if count else []
        return ", ".join(said)

    def __str__(self) -> str:
        heading = f"{self.ticket} · {self.tier} · {self._summary()}"
        if not self.checks:
            return heading
        rows = [("promise", "result", "because")]
        rows += [
            (promise_words(check.promise), check.outcome.replace("-", " "), check.because) for check in self.checks
        ]
        return f"{heading}\n{table(rows)}"


def check_promises(tier: Tier, facts: TicketFacts) -> PromiseReport:
    """Say which promises of a tier the facts of a ticket show to be kept or broken.

    Raises:
        InvalidValue: for anything but a tier and the facts of a ticket.

    Rules: A5.

    Example:
        >>> from supportcontracts.contracts.tiers.tier import Targets
        >>> silver = Tier("silver", targets={1: Targets()}, promises=Languages(["de", "en"]))
        >>> print(check_promises(silver, TicketFacts("T-881", language="de", answered_in="en")))
        T-881 · silver · 0 of 1 promises kept, 1 broken
        promise                        result  because
        answers in de or en, as asked  broken  asked in de, answered in en
    """
    require_kind("check_promises", tier, Tier, "a Tier was expected")
    require_kind("check_promises", facts, TicketFacts, "the TicketFacts of a ticket were expected")
    return PromiseReport(tier.name, facts.ticket, tuple(_check(promise, facts) for promise in tier.promises))


def _check(promise: Promise, facts: TicketFacts) -> PromiseCheck:
    outcome, code, because = _limits(promise, facts) or _verdict(promise, facts)
    return PromiseCheck(promise, outcome, code, because)


_Verdict = tuple[Outcome, str, str]


def _limits(promise: Promise, facts: TicketFacts) -> _Verdict | None:
    """Say why a promise is not for this ticket, or not known to be; None if it is."""
    for attribute, admitted in promise.scope.restrictions:
        value = getattr(facts, attribute)
        if value not in admitted:
            got = f"no {attribute} is stated" if value is None else f"{attribute} {value}"
            return "not-applicable", f"{attribute}-not-in-scope", f"{got}; promised for {_listed(admitted)}"
    if promise.during is None:
        return None
    if facts.opened_at is None:
        return "unknown", "opening-unknown", "when it was opened is not stated"
    if not promise.during.is_open_epoch(epoch(facts.opened_at)):
        return "not-applicable", "outside-hours", f"opened outside {promise.during}"
    return None


def _verdict(promise: Promise, facts: TicketFacts) -> _Verdict:
    match promise:
        case Languages():
            return _same("language", promise.languages, facts.language, facts.answered_in, "in")
        case Channels():
            return _same("channel", promise.channels, facts.channel, facts.answered_on, "by")
        case NamedManager():
            return _manager(promise.name, facts)
        case SkillLevel():
            return _skill(promise, facts.skill)
        case AnswerDepth():
            return _depth(promise, facts.depth)
        case NoPhoneMenu():
            return _menu(facts.channel, facts.phone_menu)
        case _:
            assert_never(promise)


def _skill(promise: SkillLevel, skill: int | None) -> _Verdict:
    if skill is None:
        return "unknown", "skill-unknown", "the level of the first answer is not stated"
    because = f"by someone of level {skill}"
    return ("kept", "skill-reached", because) if skill >= promise.level else ("broken", "skill-below", because)


def _depth(promise: AnswerDepth, depth: str | None) -> _Verdict:
    if depth is None:
        return "unknown", "depth-unknown", "the depth of the answer is not stated"
    if depth not in promise.scale:
        return "unknown", "depth-not-on-scale", f"{depth} is not on the scale {', '.join(promise.scale)}"
    because = f"a {depth}"
    return ("kept", "depth-reached", because) if promise.reaches(depth) else ("broken", "depth-below", because)


def _menu(channel: str | None, menu: str | None) -> _Verdict:
    if channel is None:
        return "unknown", "channel-unknown", "the channel is not stated"
    if channel != "phone":
        return "not-applicable", "not-by-phone", f"asked by {channel}"
    if menu is None:
        return "unknown", "menu-unknown", "whether a menu was met is not stated"
    return ("kept", "menu-none", "no menu was met") if menu == "none" else ("broken", "menu-met", "a menu was met")


def _same(what: str, promised: tuple[str, ...], asked: str | None, answered: str | None, by: str) -> _Verdict:
    """Compare how the customer asked with how the answer came."""
    if asked is None:
        return "unknown", f"{what}-asked-unknown", f"the {what} asked {by} is not stated"
    if asked not in promised:
        return "not-applicable", f"{what}-not-promised", f"asked {by} {asked}"
    if answered is None:
        return "unknown", f"{what}-answered-unknown", f"the {what} of the answer is not stated"
    because = f"asked {by} {asked}, answered {by} {answered}"
    return ("kept", f"{what}-same", because) if answered == asked else ("broken", f"{what}-other", because)


def _manager(promised: str | None, facts: TicketFacts) -> _Verdict:
    if facts.managed == "nobody":
        return "broken", "manager-missing", "nobody looked after it"
    if not facts.managers:
        return "unknown", "manager-unknown", "who looked after it is not stated"
    because = f"looked after by {_listed(facts.managers)}"
    if len(set(facts.managers)) > 1:
        return "broken", "manager-changed", because
    if promised is not None and facts.managers[0] != promised:
        return "broken", "manager-other", because
    return "kept", "manager-named", because


def _listed(values: tuple[Any, ...] | frozenset[Any]) -> str:
    return ", ".join(str(value) for value in (values if isinstance(values, tuple) else sorted(values)))
