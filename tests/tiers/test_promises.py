"""Promises that are not durations, and what the facts of a ticket say of them."""

from types import ModuleType
from typing import Any

import pytest

from supportcontracts import Zone
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.tiers import (
    DEPTHS,
    AnswerDepth,
    Channels,
    Languages,
    NamedManager,
    NoPhoneMenu,
    Promise,
    PromiseCheck,
    SkillLevel,
    Targets,
    TicketFacts,
    Tier,
    check_promises,
    checking,
    promises,
)
from supportcontracts.coverage import Coverage
from supportcontracts.errors import InvalidValue
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

BERLIN = Zone("Europe/Berlin")
OFFICE = Coverage("mon-fri 09:00-17:00", zone=BERLIN)
PHONE = Scope(channels="phone", severities=[1, 2], products="atlas")
PROMISED: tuple[Promise, ...] = (
    Languages(["de", "en"], during=OFFICE),
    Channels("phone", scope=PHONE),
    NamedManager(),
    NamedManager("ines.roth"),
    SkillLevel(2, scope=PHONE, during=OFFICE),
    AnswerDepth("fix"),
    NoPhoneMenu(),
)
FACTS = TicketFacts(
    "T-881",
    opened_at=BERLIN.at("2025-03-28 15:30"),
    product="atlas",
    severity=1,
    channel="phone",
    answered_on="phone",
    language="de",
    answered_in="de",
    managers="ines.roth",
    skill=2,
    depth="fix",
    phone_menu="none",
)


def tier_of(*promised: Promise) -> Tier:
    """Build a tier that promises this and no times."""
    return Tier("silver", targets={1: Targets()}, promises=promised)


def check(promise: Promise, **facts: Any) -> PromiseCheck:  # whatever the facts of a ticket are
    """Check one promise against facts."""
    [found] = check_promises(tier_of(promise), TicketFacts("T-1", **facts)).checks
    return found


@pytest.mark.parametrize("module", [promises, checking], ids=lambda module: module.__name__)
def test_the_modules_show_their_public_names_only(module: ModuleType) -> None:
    """`dir` of a module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("value", [*PROMISED, FACTS, TicketFacts("T-1")], ids=lambda value: type(value).__name__)
def test_promises_and_facts_are_values(value: object) -> None:
    """Promises and facts compare, hash, pickle, do not change, and refuse what does not belong in a field."""
    assert_is_a_value(value)
    assert_refuses_what_does_not_belong(value)


def test_results_are_values() -> None:
    """A report and its checks compare, hash, pickle, do not change, and are closed to subclassing."""
    report = check_promises(tier_of(*PROMISED), FACTS)
    assert_is_a_value(report)
    assert_is_a_value(report.checks[0])


def test_promises_differ_by_every_field() -> None:
    """No field of a promise or of the facts is left out of their equality."""
    assert_all_differ(PROMISED)
    for promise in PROMISED:
        limited = [
            changed(promise, scope=Scope(severities=3)),
            changed(promise, during=None if promise.during else OFFICE),
        ]
        assert_all_differ([promise, *limited])
    missing = ("product", "severity", "channel", "answered_on", "language", "answered_in", "managers", "skill", "depth")
    facts = [changed(FACTS, **{name: None}) for name in (*missing, "phone_menu", "opened_at")]
    assert_all_differ([FACTS, *facts, changed(FACTS, managers=(), managed="nobody")])


# -- kept and broken --------------------------------------------------------------------------------------------------


@pytest.mark.rule("A5")
@pytest.mark.parametrize("promise", PROMISED, ids=lambda promise: type(promise).__name__)
def test_a_ticket_that_was_served_as_promised(promise: Promise) -> None:
    """Every promise is kept by a ticket that was served as promised."""
    [found] = check_promises(tier_of(promise), FACTS).checks
    assert found.outcome == "kept"


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("promise", "facts", "code"),
    [
        (Languages(["de", "en"]), {"language": "de", "answered_in": "en"}, "language-other"),
        (Channels(["phone", "chat"]), {"channel": "chat", "answered_on": "mail"}, "channel-other"),
        (NamedManager(), {"managed": "nobody"}, "manager-missing"),
        (NamedManager(), {"managers": ["ines.roth", "paul.ade"]}, "manager-changed"),
        (NamedManager("ines.roth"), {"managers": "paul.ade"}, "manager-other"),
        (SkillLevel(2), {"skill": 1}, "skill-below"),
        (AnswerDepth("fix"), {"depth": "workaround"}, "depth-below"),
        (NoPhoneMenu(), {"channel": "phone", "phone_menu": "met"}, "menu-met"),
    ],
)
def test_a_fact_breaks_a_promise(promise: Promise, facts: dict[str, Any], code: str) -> None:
    """A promise is broken by the fact that contradicts it, with a code of its own."""
    found = check(promise, **facts)
    assert (found.outcome, found.code) == ("broken", code)


@pytest.mark.rule("A5")
@pytest.mark.parametrize(
    ("promise", "facts", "code"),
    [
        (Languages("de"), {"answered_in": "de"}, "language-asked-unknown"),
        (Languages("de"), {"language": "de"}, "language-answered-unknown"),
        (Channels("phone"), {}, "channel-asked-unknown"),
        (Channels("phone"), {"channel": "phone"}, "channel-answered-unknown"),
        (NamedManager(), {}, "manager-unknown"),
        (SkillLevel(1), {}, "skill-unknown"),
        (AnswerDepth("fix"), {}, "depth-unknown"),
        (AnswerDepth("fix"), {"depth": "poem"}, "depth-not-on-scale"),
        (NoPhoneMenu(), {"phone_menu": "met"}, "channel-unknown"),
        (NoPhoneMenu(), {"channel": "phone"}, "menu-unknown"),
        (NoPhoneMenu(during=OFFICE), {"channel": "phone", "phone_menu": "met"}, "opening-unknown"),
    ],
)
def test_a_fact_that_is_not_stated_decides_nothing(promise: Promise, facts: dict[str, Any], code: str) -> None:
    """Without the fact that decides, a promise is neither kept nor broken."""
    found = check(promise, **facts)
    assert (found.outcome, found.code) == ("unknown", code)


@pytest.mark.rule("A5", "D15")
@pytest.mark.parametrize(
    ("promise", "facts", "code"),
    [
        (Languages("de"), {"language": "fr", "answered_in": "en"}, "language-not-promised"),
        (Channels("phone"), {"channel": "mail", "answered_on": "chat"}, "channel-not-promised"),
        (NoPhoneMenu(), {"channel": "mail", "phone_menu": "met"}, "not-by-phone"),
        (SkillLevel(2, scope=Scope(severities=1)), {"severity": 2, "skill": 1}, "severity-not-in-scope"),
        (SkillLevel(2, scope=Scope(products="atlas")), {"skill": 1}, "product-not-in-scope"),
        (SkillLevel(2, scope=Scope(channels="phone")), {"channel": "mail", "skill": 1}, "channel-not-in-scope"),
        (SkillLevel(2, during=OFFICE), {"opened_at": BERLIN.at("2025-03-28 17:00"), "skill": 1}, "outside-hours"),
    ],
)
def test_a_promise_for_other_tickets(promise: Promise, facts: dict[str, Any], code: str) -> None:
    """A promise says nothing of a ticket outside its scope, its hours, or what it is about."""
    found = check(promise, **facts)
    assert (found.outcome, found.code) == ("not-applicable", code)


@pytest.mark.rule("A5")
def test_hours_are_half_open() -> None:
    """A promise for some hours holds for a ticket opened in their last second."""
    assert check(SkillLevel(2, during=OFFICE), opened_at=BERLIN.at("2025-03-28 16:59:59"), skill=2).outcome == "kept"


def test_depths_are_a_scale() -> None:
    """An answer keeps a promise of depth if it goes as deep or deeper, on the usual scale or one of its own."""
    for place, promised in enumerate(DEPTHS):
        reached = [depth for depth in DEPTHS if AnswerDepth(promised).reaches(depth)]
        assert reached == list(DEPTHS[place:])
    review = AnswerDepth("review", scale=["advice", "review"])
    assert (review.reaches("advice"), review.reaches("review"), review.reaches("fix")) == (False, True, False)


# -- refused ----------------------------------------------------------------------------------------------------------


def test_promises_that_cannot_be() -> None:
    """Empty lists, a name twice, a depth off its scale, and a scope by who works are refused."""
    refused(lambda: Languages([]), InvalidValue, "no names")
    refused(lambda: Channels(["phone", "phone"]), InvalidValue, "each name once")
    refused(lambda: AnswerDepth("review"), InvalidValue, "pointer, how-to")
    refused(lambda: NoPhoneMenu(scope=Scope(roles="senior")), InvalidValue, "products, severities and channels")
    refused(lambda: SkillLevel(0), InvalidValue, "at least 1")
    refused(lambda: changed(FACTS, managed="nobody"), InvalidValue, "one of the two")
    refused(lambda: check_promises("silver", FACTS), InvalidValue, "a Tier")  # type: ignore[arg-type]  # refused
    refused(lambda: check_promises(tier_of(), "T-1"), InvalidValue, "TicketFacts")  # type: ignore[arg-type]  # refused


# -- the report -------------------------------------------------------------------------------------------------------


def test_a_report_counts_and_shows_its_checks() -> None:
    """A report prints a row for each promise, leaves those that do not apply out of its count, and gives rows."""
    silver = tier_of(Languages(["de", "en"]), SkillLevel(2), NoPhoneMenu(), NamedManager("ines.roth"))
    facts = TicketFacts("T-881", channel="mail", language="de", answered_in="de", skill=1)
    report = check_promises(silver, facts)
    assert str(report) == (
        "T-881 · silver · 1 of 3 promises kept, 1 broken, 1 unknown\n"
        "promise                                     result          because\n"
        "answers in de or en, as asked               kept            asked in de, answered in de\n"
        "first answer by someone of level 2 or more  broken          by someone of level 1\n"
        "no phone menu                               not applicable  asked by mail\n"
        "ines.roth as manager                        unknown         who looked after it is not stated"
    )
    assert str(report.checks[1]) == "first answer by someone of level 2 or more: broken, by someone of level 1"
    assert report.of("broken") == (report.checks[1],)
    assert [row["result"] for row in report.to_rows()] == ["kept", "broken", "not-applicable", "unknown"]
    assert report.to_rows()[1] == {
        "ticket": "T-881",
        "tier": "silver",
        "promise": "first answer by someone of level 2 or more",
        "result": "broken",
        "code": "skill-below",
        "because": "by someone of level 1",
    }


def test_a_tier_without_promises() -> None:
    """There is nothing to check in a tier that promises times only."""
    assert str(check_promises(tier_of(), FACTS)) == "T-881 · silver · 0 of 0 promises kept"


def test_every_check_says_where_it_was_agreed() -> None:
    """The explanation has one step for each promise, with its path in the terms."""
    steps = check_promises(tier_of(*PROMISED), FACTS).explain().steps
    assert [step.agreed_in for step in steps] == [f"tier.promises[{number}]" for number in range(len(PROMISED))]
    assert {step.rule for step in steps} == {"A5"}


def test_promises_say_their_limits() -> None:
    """A tier prints its promises, each with its scope and its hours."""
    silver = tier_of(SkillLevel(2, scope=PHONE), Languages("de", during=OFFICE), AnswerDepth("fix"), Channels("phone"))
    assert str(silver).splitlines()[-1] == (
        "It promises first answer by someone of level 2 or more, for severity 1 or 2 about atlas by phone; "
        "answers in de, as asked, in mon-fri 09:00-17:00; answers as deep as a fix; answers by phone, as asked."
    )
