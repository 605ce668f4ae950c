"""Proving that a changed tier is at least as good, by hand: what is proved, what is worse, and what cannot be told."""

from datetime import date
from types import ModuleType
from typing import Any

import pytest

from supportcontracts import WorkTime, Zone, hours
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.tiers import (
    METRICS,
    AnswerDepth,
    ArrivalTarget,
    Cell,
    Channels,
    ClockPolicy,
    Languages,
    NamedManager,
    NoPhoneMenu,
    Promise,
    ProofLine,
    ScopedTargets,
    SeverityGate,
    SkillLevel,
    Targets,
    Tier,
    TierProof,
    never_worse,
    proving,
)
from supportcontracts.contracts.tiers.proving import cases, containing, judging, result, searching, terms, verb
from supportcontracts.contracts.tiers.proving.containing import contains, same_hours
from supportcontracts.contracts.tiers.proving.searching import (
    Limits,
    budget_at,
    counts_whenever,
    known_limits,
    later_due,
    never_more,
)
from supportcontracts.coverage import AnyCoverage, Coverage, CoveredTime, Holidays, Override, WallTime
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import epoch
from tests.value_checks import assert_is_a_value, refused

BERLIN = Zone("Europe/Berlin")
OFFICE = Coverage("mon-fri 09:00-17:00", zone=BERLIN)
LONGER = Coverage("mon-sat 08:00-18:00", zone=BERLIN)
LATER = Coverage("mon-fri 10:00-18:00", zone=BERLIN)
ALWAYS = Coverage("24x7", zone="UTC")
NEW_YORK = Coverage("mon-fri 09:00-17:00", zone="America/New_York")
CHRISTMAS = Coverage("mon-fri 09:00-17:00", zone=BERLIN, holidays=["2025-12-25 Christmas Day"])
CHRISTMAS_HOUR = Coverage("mon-fri 09:00-17:00", zone=BERLIN, overrides=[Override("2025-12-25", "10:00-11:00")])
SUN = OFFICE | NEW_YORK
NEXT = Coverage("mon-fri 09:00-17:00", zone=BERLIN, closing="next-opening")


def at(text: str) -> int:
    """Return an instant in Berlin as epoch seconds."""
    return epoch(BERLIN.at(text))


YEAR = Limits(at("2025-01-01 00:00"), at("2026-01-01 00:00"))


def tier(cell: Cell | dict[int, Cell], metric: str = "resolution", **more: Any) -> Tier:  # whatever a tier takes
    """Build a tier of one metric, for one severity or several."""
    cells = cell if isinstance(cell, dict) else {1: cell}
    targets = {severity: Targets(**{metric: each}) for severity, each in cells.items()}
    return Tier("standard", targets=targets, **more)


def judged(old: Cell, new: Cell) -> ProofLine:
    """Judge what replaces a cell."""
    [line] = never_worse(tier(old), tier(new)).lines
    return line


@pytest.mark.parametrize(
    "module", [proving, cases, containing, judging, result, searching, terms, verb], ids=lambda module: module.__name__
)
def test_the_modules_show_their_public_names_only(module: ModuleType) -> None:
    """`dir` of a module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


# -- by the terms -----------------------------------------------------------------------------------------------------

BY_TERMS: list[tuple[Cell, Cell]] = [
    (OFFICE.hours(8), OFFICE.hours(7)),
    (OFFICE.hours(8), LONGER.hours(8)),
    (OFFICE.hours(8), ALWAYS.hours(8)),
    (OFFICE.hours(8), WallTime(hours(8))),
    (OFFICE.hours(8), SUN.hours(6)),
    (CHRISTMAS.hours(8), OFFICE.hours(8)),
    (WallTime(hours(8)), ALWAYS.hours(8)),
    (NEXT.hours(8), OFFICE.hours(8)),
    (NEXT.hours(8), NEXT.hours(4)),
    (OFFICE.days(2), OFFICE.days(1)),
    (OFFICE.days(2, ends="same-time"), OFFICE.days(1, ends="same-time")),
    ("no-target", OFFICE.hours(8)),
    ("no-target", "best-effort"),
    ("not-offered", "if-escalated"),
    ("best-effort", OFFICE.days(9)),
    (
        ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.days(1)),
        ArrivalTarget(OFFICE, inside=OFFICE.hours(1), outside=OFFICE.days(1)),
    ),
    (ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.hours(4)), OFFICE.hours(2)),
    (OFFICE.hours(4), ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.hours(4))),
    (
        ArrivalTarget(OFFICE, inside=OFFICE.hours(4), outside=OFFICE.hours(4)),
        ArrivalTarget(NEW_YORK, inside=OFFICE.hours(2), outside=OFFICE.hours(4)),
    ),
    (
        ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.hours(4)),
        ArrivalTarget(LONGER, inside=OFFICE.hours(2), outside=OFFICE.hours(4)),
    ),
]


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("old", "new"), BY_TERMS)
def test_the_terms_alone_prove_it(old: Cell, new: Cell) -> None:
    """Less time, hours that hold the old ones, fewer days, and a target in place of a word: at least as good."""
    line = judged(old, new)
    assert (line.verdict, line.code) == ("never-worse", "by-terms")


@pytest.mark.rule("A6")
def test_nothing_changed() -> None:
    """A tier is never worse than itself."""
    for cell, _ in BY_TERMS:
        proof = never_worse(tier(cell), tier(cell))
        assert (proof.verdict, [line.verdict for line in proof.lines]) == ("never-worse", ["same"])


# -- by the search ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OFFICE.days(1), OFFICE.hours(8)),
        (OFFICE.days(1), LONGER.hours(8)),
        (OFFICE.days(3), OFFICE.hours(24)),
        (CHRISTMAS.hours(8), CHRISTMAS_HOUR.hours(8)),
        (Coverage("mon-fri 09:00-17:00", zone="+01:00").hours(8), Coverage("mon-fri 07:00-18:00", zone="UTC").hours(8)),
        (ArrivalTarget(OFFICE, inside=OFFICE.days(1), outside="no-target"), OFFICE.hours(8)),
    ],
)  # fmt: skip
def test_a_search_proves_it(old: Cell, new: Cell) -> None:
    """Where the terms differ in kind, every start of many years is looked at."""
    line = judged(old, new)
    assert (line.verdict, line.code in ("by-search", "by-terms")) == ("never-worse", True)


@pytest.mark.rule("A6")
def test_the_search_says_which_years_it_looked_at() -> None:
    """The reason names the first day of the search and the day after its last, told or chosen by the calendars."""
    assert "from 2025-01-01 to 2053-01-01" in judged(OFFICE.days(1), OFFICE.hours(8)).because
    assert "from 2025-01-01 to 2053-01-01" in judged(CHRISTMAS.days(1), CHRISTMAS.hours(8)).because
    old = Coverage("mon-fri 09:00-17:00", zone=BERLIN, overrides=[Override("1999-12-31", "closed")])
    assert "from 1999-01-01 to 2027-01-01" in judged(old.days(1), old.hours(8)).because
    late = OFFICE | Coverage("closed", zone=BERLIN, overrides=[Override("2060-01-01", "09:00-10:00")])
    both = never_worse(tier({1: late.days(1), 2: old.days(1)}), tier({1: late.hours(8), 2: old.hours(8)}))
    assert "from 1999-01-01 to 2062-01-01" in both.lines[1].because
    told = never_worse(tier(OFFICE.days(1)), tier(OFFICE.hours(8)), since="2025-03-01", until=date(2025, 4, 1))
    assert "from 2025-03-01 to 2025-04-01" in told.lines[0].because
    refused(
        lambda: never_worse(tier("no-target"), tier("no-target"), since="2025-03-01", until="2025-03-01"),
        InvalidValue, "a day after 2025-03-01",
    )  # fmt: skip


@pytest.mark.rule("A6")
def test_years_whose_holidays_are_not_known() -> None:
    """A search stays in the years for which both calendars know their holidays; without any, nothing can be told."""
    known = [
        Coverage("mon-fri 09:00-17:00", zone=BERLIN, holidays=Holidays([f"{year}-12-25"], years=year))
        for year in (2025, 2026)
    ]
    line = judged(known[0].days(1), known[0].hours(8))
    assert (line.verdict, "from 2025-01-01 to 2025-12-31" in line.because) == ("never-worse", True)  # 23:00 UTC
    line = judged(known[0].days(1), known[1].hours(8))
    assert (line.verdict, line.code) == ("cannot-tell", "no-common-years")
    wide = Coverage("24x7", zone=BERLIN, holidays=Holidays(["2025-12-25"], years="0001-9999"))
    assert known_limits([wide], Limits(-(10**11), 10**11)) == Limits(-2_208_988_800, 7_258_118_400)


# -- worse ------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        (OFFICE.hours(8), OFFICE.hours(9), ""),
        (OFFICE.hours(8), OFFICE.days(1), ""),
        (OFFICE.hours(8), WallTime(hours(9)), ""),
        (OFFICE.hours(1), LATER.hours(1), ""),
        (OFFICE.days(1), OFFICE.days(2), ""),
        (OFFICE.hours(8), NEXT.hours(8), ""),
        (OFFICE.hours(8), CHRISTMAS.hours(8), "started Wed 2025-12-24 09:00:01"),
        (OFFICE.hours(8), NEW_YORK.hours(8), ""),
        (OFFICE.hours(8), "best-effort", "promises less"),
        ("best-effort", "no-target", "promises less"),
        ("no-target", "not-offered", "promises less"),
        (OFFICE.hours(8), ArrivalTarget(OFFICE, inside=OFFICE.hours(1), outside="no-target"), "never due"),
        ("best-effort", ArrivalTarget(OFFICE, inside=OFFICE.hours(1), outside="no-target"), "it is never due"),
        (ArrivalTarget(OFFICE, inside=OFFICE.hours(1), outside=OFFICE.hours(8)), OFFICE.hours(2), ""),
    ],
)
def test_a_start_shows_that_it_is_worse(old: Cell, new: Cell, because: str) -> None:
    """One start from which the new cell is due later, or never, decides."""
    line = judged(old, new)
    assert line.verdict == "worse"
    assert because in line.because


@pytest.mark.rule("A6")
def test_the_start_is_shown_with_both_due_instants() -> None:
    """From New Year's night 8 hours are up at the closing of the day, and 9 hours at 10 on the next."""
    line = judged(OFFICE.hours(8), CHRISTMAS.hours(9))
    later = later_due(OFFICE.hours(8), CHRISTMAS.hours(9), YEAR)
    assert later is not None
    assert (later.start, later.old, later.new) == (YEAR.since, at("2025-01-01 17:00"), at("2025-01-02 10:00"))
    assert (
        line.because == "started Wed 2025-01-01 01:00, it is due Thu 2025-01-02 10:00 and was due Wed 2025-01-01 17:00"
    )


# -- cannot tell ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A6")
def test_due_instants_alone_prove_nothing() -> None:
    """An hour a day, eight of them, is always due later than 20 hours of wall time, but a ticket that waits is not."""
    narrow = Coverage("mon-sun 09:00-10:00", zone=BERLIN)
    line = judged(narrow.hours(8), WallTime(hours(20)))
    assert (line.verdict, line.code) == ("cannot-tell", "undisturbed-only")
    # A ticket that waits for the customer but from 9 to 10 uses one hour a day of either, eight before twenty.
    line = judged(OFFICE.days(2), LATER.hours(1))
    assert (line.verdict, line.code) == ("cannot-tell", "undisturbed-only")


@pytest.mark.rule("A6")
def test_closings_that_wait() -> None:
    """A target that waits for the next opening replaces one that did not only if it is due no later all the same."""
    assert judged(NEXT.hours(4), OFFICE.hours(4)).verdict == "never-worse"
    assert judged(OFFICE.days(1), NEXT.hours(8)).verdict == "worse"
    # Started at 9: used up at 17:00 on both sides, and from then on the severities differ by an hour around the clock.
    old = tier({1: NEXT.hours(9), 2: ALWAYS.hours(9)})
    new = tier({1: NEXT.hours(8), 2: ALWAYS.hours(8)})
    proof = never_worse(old, new)
    assert {line.code for line in proof.lines} == {"closings-differ"}
    frozen: dict[str, Any] = {"clock": ClockPolicy(on_change="frozen")}
    cells: list[dict[int, Cell]] = [{1: NEXT.hours(n), 2: ALWAYS.hours(n)} for n in (9, 8)]
    assert never_worse(tier(cells[0], **frozen), tier(cells[1], **frozen)).verdict == "never-worse"
    cells = [{1: NEXT.hours(n), 2: NEXT.hours(2 * n)} for n in (9, 8)]
    assert never_worse(tier(cells[0]), tier(cells[1])).verdict == "never-worse"
    cells = [{1: NEXT.hours(9), 2: OFFICE.days(1)}, {1: NEXT.hours(8), 2: OFFICE.days(1)}]
    assert never_worse(tier(cells[0]), tier(cells[1])).verdict == "cannot-tell"


@pytest.mark.rule("A6")
def test_targets_that_start_anew() -> None:
    """Where a change of severity starts a clock anew, severities that shared a target have to share the new one."""
    anew: dict[str, Any] = {"clock": ClockPolicy(on_change="from-change")}
    shared: dict[int, Cell] = {1: OFFICE.hours(8), 2: OFFICE.hours(8)}
    parted: dict[int, Cell] = {1: OFFICE.hours(4), 2: OFFICE.hours(8)}
    both: dict[int, Cell] = {1: OFFICE.hours(4), 2: OFFICE.hours(4)}
    assert never_worse(tier(shared, **anew), tier(parted, **anew)).verdict == "cannot-tell"
    assert never_worse(tier(shared, **anew), tier(both, **anew)).verdict == "never-worse"
    assert never_worse(tier(parted, **anew), tier(both, **anew)).verdict == "never-worse"
    assert never_worse(tier(shared), tier(parted)).verdict == "never-worse"
    days: list[dict[int, Cell]] = [{1: OFFICE.days(n), 2: OFFICE.days(2 * n)} for n in (2, 1)]
    proof = never_worse(tier(days[0], **anew), tier(days[1], **anew))
    assert {line.code for line in proof.lines} == {"targets-restart"}
    assert never_worse(tier(days[0], **anew), tier(days[0], **anew)).verdict == "never-worse"
    gate = SeverityGate(1, otherwise=2)
    proof = never_worse(tier(parted, gates=gate, **anew), tier(both, **anew))
    assert "gates-restart" in {line.code for line in proof.lines}
    # Worse stays worse.
    assert never_worse(tier(days[1], **anew), tier(days[0], **anew)).verdict == "worse"


@pytest.mark.rule("A6")
def test_updates_in_sequence() -> None:
    """Where an update starts when the one before it was due, days, arrival and words decide by that."""
    chained: dict[str, Any] = {"metric": "update", "clock": ClockPolicy(updates="sequential")}
    assert never_worse(tier(OFFICE.hours(8), **chained), tier(OFFICE.hours(4), **chained)).verdict == "never-worse"
    pairs: list[tuple[Cell, Cell]] = [(OFFICE.days(2), OFFICE.days(1)), ("no-target", OFFICE.hours(1))]
    for old, new in pairs:
        proof = never_worse(tier(old, **chained), tier(new, **chained))
        assert [line.code for line in proof.lines] == ["updates-in-sequence"]
        assert never_worse(tier(old, metric="update"), tier(new, metric="update")).verdict == "never-worse"


# -- severities, channels and gates -----------------------------------------------------------------------------------


@pytest.mark.rule("A6")
def test_severities_that_come_and_go() -> None:
    """A severity that is admitted now is better, one that no longer is, worse; a lowered one is what it becomes."""
    one, two = tier({2: OFFICE.hours(8)}), tier({1: OFFICE.hours(4), 2: OFFICE.hours(8)})
    assert [(line.severity, line.verdict) for line in never_worse(one, two).lines] == [(1, "never-worse"), (2, "same")]
    assert [(line.severity, line.verdict) for line in never_worse(two, one).lines] == [(1, "worse"), (2, "same")]
    lowered = tier({2: OFFICE.hours(8)}, unadmitted="lowered")
    lines = never_worse(lowered, two).lines
    assert [(line.severity, line.verdict) for line in lines] == [(1, "never-worse"), (2, "same")]
    assert lines[0].old == "8h 00m of mon-fri 09:00-17:00"


@pytest.mark.rule("A6")
def test_tickets_without_severity() -> None:
    """They are a row of their own; to serve them as another severity than before cannot be judged."""
    cells: dict[int, Cell] = {1: OFFICE.hours(4), 2: OFFICE.hours(8)}
    better: dict[int, Cell] = {1: OFFICE.hours(4), 2: OFFICE.hours(6)}
    lines = never_worse(tier(cells, unstated=2), tier(better, unstated=2)).lines
    assert [(line.what, line.verdict) for line in lines][-1] == ("no severity, resolution", "never-worse")
    lines = never_worse(tier(cells), tier(cells, unstated=2)).lines
    assert (lines[-1].what, lines[-1].verdict) == ("a ticket without severity", "cannot-tell")


@pytest.mark.rule("A6")
def test_channels_that_make_a_difference() -> None:
    """A channel with an exception is a row of its own where it differs."""
    old = tier(OFFICE.hours(4), exceptions=ScopedTargets(Scope(channels="phone"), Targets(resolution=OFFICE.hours(1))))
    lines = never_worse(old, tier(OFFICE.hours(2))).lines
    assert [(line.channel, line.verdict) for line in lines] == [(None, "never-worse"), ("phone", "worse")]
    assert lines[1].what == "severity 1, resolution, by phone"
    plain = tier(OFFICE.hours(4), exceptions=ScopedTargets(Scope(channels="phone"), Targets(update="best-effort")))
    assert [
        line.channel for line in never_worse(plain, tier(OFFICE.hours(2))).lines if line.metric == "resolution"
    ] == [None]


@pytest.mark.rule("A6", "A3")
def test_gates() -> None:
    """A severity behind a gate is judged by what it is served as, reachable or not."""
    cells: dict[int, Cell] = {1: OFFICE.hours(1), 2: OFFICE.hours(8), 3: OFFICE.hours(16)}
    gate = SeverityGate(1, otherwise=2)
    gated = tier(cells, gates=gate)
    lines = never_worse(gated, gated).lines
    assert [line.what for line in lines][:2] == [
        "severity 1, resolution", "severity 1 served as 2, now as 2, resolution",
    ]  # fmt: skip
    assert never_worse(gated, gated).verdict == "never-worse"
    dropped = never_worse(gated, tier(cells))
    assert (dropped.verdict, dropped.lines[-1].code) == ("never-worse", "gates-compared")
    added = never_worse(tier(cells), gated)
    assert [line.what for line in added.of("worse")] == ["severity 1 served as 1, now as 2, resolution"]
    other = never_worse(gated, tier(cells, gates=[gate, SeverityGate(2, otherwise=3)]))
    assert "severity 1 served as 1, now as 3, resolution" in [line.what for line in other.of("worse")]
    fewer = never_worse(gated, tier({2: OFFICE.hours(8), 3: OFFICE.hours(16)}, gates=SeverityGate(2, otherwise=3)))
    assert "severity 1 served as 2, now as none, resolution" in [line.what for line in fewer.of("worse")]


# -- other terms ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A6", "A4")
@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ({}, {"pauses": {}}, "never-worse"),
        ({"pauses": {}}, {}, "cannot-tell"),
        ({"pauses": {"waiting-on-vendor": METRICS}}, {"pauses": {"waiting-on-vendor": ["update"]}}, "never-worse"),
        ({"pauses": {"waiting-on-vendor": METRICS}}, {}, "cannot-tell"),
        ({"breach": "recomputed"}, {"breach": "sticky"}, "never-worse"),
        ({"breach": "sticky"}, {"breach": "recomputed"}, "cannot-tell"),
        ({"contradictions": "ignore"}, {"contradictions": "raise"}, "never-worse"),
        ({"starts": "triaged"}, {"starts": "opened"}, "cannot-tell"),
        ({}, {"on_change": "from-change"}, "cannot-tell"),
        ({}, {"on_reopen": "restart"}, "cannot-tell"),
        ({"updates": "none"}, {"updates": "sequential"}, "cannot-tell"),
    ],
)
def test_the_clock_policy(old: dict[str, Any], new: dict[str, Any], verdict: str) -> None:
    """Fewer pauses and a breach that stays are better; which start, change or reopening is better depends."""
    cell = OFFICE.hours(4)
    proof = never_worse(tier(cell, clock=ClockPolicy(**old)), tier(cell, clock=ClockPolicy(**new)))
    assert proof.verdict == verdict
    assert len(proof.lines) == (1 if "contradictions" in old else 2)


@pytest.mark.rule("A6", "A5")
@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (Languages("de"), Languages("de"), "same"),
        (Languages("de"), Languages(["de", "en"]), "never-worse"),
        (Languages(["de", "en"]), Languages("de"), "cannot-tell"),
        (Channels("phone"), Channels(["chat", "phone"]), "never-worse"),
        (Channels(["chat", "phone"]), Channels("phone"), "cannot-tell"),
        (NamedManager(), NamedManager("ines.roth"), "never-worse"),
        (NamedManager("ines.roth"), NamedManager(), "cannot-tell"),
        (SkillLevel(2), SkillLevel(3), "never-worse"),
        (SkillLevel(3), SkillLevel(2), "cannot-tell"),
        (AnswerDepth("fix"), AnswerDepth("root-cause"), "never-worse"),
        (AnswerDepth("fix"), AnswerDepth("how-to"), "cannot-tell"),
        (AnswerDepth("fix"), AnswerDepth("fix", scale=["fix", "how-to"]), "cannot-tell"),
        (NoPhoneMenu(during=OFFICE), NoPhoneMenu(), "never-worse"),
        (NoPhoneMenu(during=OFFICE), NoPhoneMenu(during=LONGER), "never-worse"),
        (NoPhoneMenu(), NoPhoneMenu(during=OFFICE), "cannot-tell"),
        (NoPhoneMenu(scope=Scope(severities=1)), NoPhoneMenu(), "never-worse"),
        (NoPhoneMenu(scope=Scope(severities=1)), NoPhoneMenu(scope=Scope(severities=[1, 2])), "never-worse"),
        (NoPhoneMenu(scope=Scope(severities=[1, 2])), NoPhoneMenu(scope=Scope(severities=1)), "cannot-tell"),
        (NoPhoneMenu(), NoPhoneMenu(scope=Scope(severities=1)), "cannot-tell"),
        (NoPhoneMenu(), SkillLevel(1), "worse"),
    ],
)
def test_promises(old: Promise, new: Promise, verdict: str) -> None:
    """A promise is kept by one of its kind that asks at least as much for at least as many tickets."""
    proof = never_worse(tier("no-target", promises=old), tier("no-target", promises=new))
    assert proof.lines[-1].verdict == verdict
    assert never_worse(tier("no-target"), tier("no-target", promises=new)).verdict == "never-worse"


# -- calendars --------------------------------------------------------------------------------------------------------


def berlin(windows: str, **more: Any) -> Coverage:  # whatever a calendar takes
    """Build a calendar in Berlin."""
    return Coverage(windows, zone=BERLIN, **more)


NIGHT = berlin("mon-fri 22:00-06:00")
EVENING_AND_MORNING = berlin("mon-fri 22:00-24:00; tue-sat 00:00-06:00")
BY_SHIFT = berlin("mon-fri 22:00-06:00", holiday="shift-start")
MORE = Override("2025-12-25", "09:00-10:00", effect="opens")
CLOSED = Override("2025-12-25", "closed")
HOLDS: list[tuple[AnyCoverage | None, AnyCoverage | None]] = [
    (None, OFFICE), (None, None), (ALWAYS, None), (ALWAYS, NEW_YORK), (LONGER, OFFICE), (OFFICE, CHRISTMAS),
    (SUN, OFFICE), (SUN, NEW_YORK), (SUN, SUN), (LONGER | NEW_YORK, SUN), (OFFICE, OFFICE & NEW_YORK),
    (OFFICE, OFFICE - NEW_YORK), (OFFICE & LONGER, OFFICE & CHRISTMAS), (LONGER - NEW_YORK, OFFICE - NEW_YORK),
    (LONGER - NEW_YORK, OFFICE - SUN), (ALWAYS | OFFICE, None), (ALWAYS & ALWAYS, None),
    (OFFICE, berlin("mon-fri 09:00-17:00", name="desk")), (berlin("mon-fri 20:00-08:00"), NIGHT),
    (EVENING_AND_MORNING, NIGHT), (NIGHT, EVENING_AND_MORNING), (berlin("24x7", overrides=[MORE]), None),
    (BY_SHIFT, berlin("mon-fri 22:00-06:00", holiday="shift-start", holidays=["2025-12-25"])),
]  # fmt: skip
NOT_KNOWN: list[tuple[AnyCoverage | None, AnyCoverage | None]] = [
    (OFFICE, None), (OFFICE, LONGER), (CHRISTMAS, OFFICE), (OFFICE, NEW_YORK), (OFFICE, SUN), (OFFICE & LONGER, LONGER),
    (OFFICE - NEW_YORK, OFFICE), (OFFICE - SUN, OFFICE - NEW_YORK), (ALWAYS & OFFICE, None), (SUN, None),
    (berlin("24x7", holidays=["2025-12-25"]), None), (berlin("24x7", overrides=[CLOSED]), None),
    (berlin("24x7", dst="compatible"), None), (berlin("mon-fri 20:00-08:00", holiday="shift-start"), NIGHT),
    (berlin("mon-sun 00:00-23:59", overrides=[CLOSED]), OFFICE),
    (OFFICE, berlin("mon-fri 09:00-17:00", dst="compatible")),
    (OFFICE, berlin("mon-fri 09:00-17:00", overrides=[Override("2025-12-27", "09:00-10:00")])),
    (NEW_YORK & OFFICE, SUN), (OFFICE, LONGER - NEW_YORK), (OFFICE - NEW_YORK, OFFICE & NEW_YORK),
]  # fmt: skip


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("wide", "narrow"), HOLDS)
def test_hours_that_hold_others(wide: AnyCoverage | None, narrow: AnyCoverage | None) -> None:
    """The terms show that one calendar is open whenever the other one is, and a search finds nothing else."""
    assert contains(wide, narrow)
    assert counts_whenever(wide, narrow, YEAR)


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("wide", "narrow"), NOT_KNOWN)
def test_hours_that_may_not(wide: AnyCoverage | None, narrow: AnyCoverage | None) -> None:
    """What the terms do not show is not claimed."""
    assert not contains(wide, narrow)


def test_same_hours() -> None:
    """Names and the rule for closings open and close nothing; anything else may."""
    assert same_hours(OFFICE, NEXT)
    assert same_hours(SUN, OFFICE | NEW_YORK)
    assert not same_hours(SUN, NEW_YORK | OFFICE)
    assert not same_hours(SUN, OFFICE)
    assert not same_hours(OFFICE, SUN)
    assert not same_hours(SUN, OFFICE & NEW_YORK)
    assert not same_hours(SUN, SUN | ALWAYS)
    assert not same_hours(OFFICE, CHRISTMAS)


# -- the search -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A6")
def test_what_a_target_gives_to_a_start() -> None:
    """A day from Monday noon is the rest of Monday and Tuesday; a time is what it is."""
    assert budget_at(OFFICE.days(1), at("2025-03-03 12:00")) == 13 * 3600
    assert budget_at(OFFICE.hours(3), at("2025-03-03 12:00")) == 3 * 3600


@pytest.mark.rule("A6")
def test_a_search_that_finds_one_hour_in_a_year() -> None:
    """The spring forward takes an hour of Sunday: a day of 24 hours becomes one of 23."""
    sundays = Coverage("sun 00:00-24:00", zone=BERLIN)
    assert never_more(sundays.days(1), sundays.hours(23), YEAR) is not None
    assert never_more(sundays.days(1), sundays.hours(24), YEAR) is None
    without = Limits(at("2025-05-01 00:00"), at("2025-09-01 00:00"))
    assert never_more(sundays.days(1), sundays.hours(24), without) is not None


@pytest.mark.rule("A6")
def test_only_starts_that_are_due_in_time_count() -> None:
    """A start from which the old target is due after the end of the search says nothing."""
    week = Limits(at("2025-03-03 00:00"), at("2025-03-08 00:00"))
    assert never_more(OFFICE.days(4), OFFICE.hours(33), week) is None  # from Monday at 8: 40 hours; at 16:59: 32 hours
    assert never_more(OFFICE.days(9), OFFICE.hours(900), week) == set()
    assert later_due(OFFICE.days(9), OFFICE.hours(900), week) is None


@pytest.mark.rule("A6", "K8")
def test_a_day_that_changes_without_an_opening() -> None:
    """A window of Monday night and one of Tuesday morning are one stretch; at six the start belongs to Tuesday."""
    night = Coverage("mon 22:00-06:00; tue 06:00-10:00", zone=BERLIN)
    before, after = at("2025-03-04 05:59:59"), at("2025-03-04 06:00")
    assert (budget_at(night.days(1), before), budget_at(night.days(1), after)) == (4 * 3600 + 1, 12 * 3600)
    # From Monday 22:00 on the next day is Tuesday, 12 hours later, and less and less, down to four hours and a second.
    assert never_more(night.days(1), CoveredTime(night, WorkTime(4 * 3600 + 1)), YEAR) is not None
    assert never_more(night.days(1), CoveredTime(night, WorkTime(4 * 3600 + 2)), YEAR) is None


@pytest.mark.rule("A6", "K10")
def test_dues_beyond_the_years_that_are_known() -> None:
    """Where the new target is due in a year whose holidays nobody listed, nothing is proved."""
    known = Coverage("mon-fri 09:00-17:00", zone=BERLIN, holidays=Holidays(["2025-12-25"], years=2025))
    assert never_more(ALWAYS.hours(100), known.days(4), YEAR) is None  # from 27 December it would be due in January
    assert never_more(ALWAYS.hours(100), known.days(4), YEAR._replace(until=at("2025-12-01 00:00"))) is not None
    assert later_due(known.hours(100), known.hours(90), YEAR) is None
    assert never_more(known.hours(3000), known.hours(2000), YEAR) == set()


@pytest.mark.rule("A6")
def test_a_week_without_its_window() -> None:
    """From an hour that is shown twice an hour is up at once; over the hour that is skipped it takes three weeks."""
    sundays = Coverage("sun 02:15-02:45", zone=BERLIN)
    autumn = at("2025-10-26 02:15+02:00")
    assert never_more(sundays.hours(1), sundays.hours(1), Limits(autumn, autumn + 365 * 86_400)) is not None
    assert later_due(sundays.hours(1), sundays.days(2), Limits(autumn, autumn + 365 * 86_400)) is not None


@pytest.mark.rule("A6")
def test_targets_that_do_not_end_at_a_closing() -> None:
    """A target in days at the same time may be due where nothing counts, so that its seconds prove nothing."""
    line = judged(OFFICE.days(2, ends="same-time"), OFFICE.hours(1))
    assert (line.verdict, line.code) == ("cannot-tell", "undisturbed-only")
    assert judged(OFFICE.days(1, ends="same-time"), OFFICE.days(1)).verdict == "worse"


def test_results_are_values() -> None:
    """A proof and its lines compare, hash, pickle, do not change, and are closed to subclassing."""
    proof = never_worse(tier(OFFICE.hours(8)), tier(OFFICE.hours(4)))
    assert_is_a_value(proof)
    assert_is_a_value(proof.lines[0])


@pytest.mark.rule("A6")
def test_how_a_proof_reads() -> None:
    """A proof prints a row for each line with its reason, gives rows, and explains itself."""
    proof = never_worse(tier({1: OFFICE.hours(8), 2: OFFICE.days(1)}), tier({1: OFFICE.hours(4), 2: OFFICE.days(2)}))
    assert isinstance(proof, TierProof)
    lines = str(proof).splitlines()
    assert lines[0] == "standard to standard: worse"
    assert lines[1].split() == ["cell", "or", "term", "was", "is", "verdict", "because"]
    assert lines[2].endswith("never worse  4h 00m is no more than 8h 00m, and counts alike")
    assert len(proof.of("worse")) == 1
    assert [row["verdict"] for row in proof.to_rows()] == ["never-worse", "worse"]
    assert proof.to_rows()[0]["metric"] == "resolution"
    assert [step.rule for step in proof.explain().steps] == ["A6", "A6"]
    assert proof.explain().amount == "worse"


def test_not_tiers() -> None:
    """Only tiers are compared."""
    refused(lambda: never_worse("standard", tier("no-target")), InvalidValue, "a Tier")  # type: ignore[arg-type]  # refused
    refused(lambda: never_worse(tier("no-target"), None), InvalidValue, "a Tier")  # type: ignore[arg-type]  # refused
