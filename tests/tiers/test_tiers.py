"""Tiers: what stands in the table, which severity a ticket is served as, and how the clock policy is written."""

from types import ModuleType
from typing import Any, get_args

import attrs
import pytest

from supportcontracts import Contract, FixedAnnual, Money, Term, Zone, hours, minutes
from supportcontracts.contracts import tiers as package
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.tiers import (
    METRICS,
    PAUSE_STATES,
    WORDS,
    ArrivalTarget,
    Cell,
    ClockPolicy,
    Metric,
    Pause,
    ScopedTargets,
    SeverityGate,
    SeverityTargets,
    Targets,
    Tier,
    cells,
    field_of,
    policies,
    tier,
    wording,
)
from supportcontracts.coverage import Coverage, WallTime
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import epoch
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

BERLIN = Zone("Europe/Berlin")
OFFICE = Coverage("mon-fri 09:00-17:00", zone=BERLIN)
ALWAYS = Coverage("24x7", zone=BERLIN)
BY_ARRIVAL = ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.days(1))
CELLS = Targets(
    first_response=ALWAYS.hours(1),
    next_response=BY_ARRIVAL,
    update=WallTime(hours(4)),
    resolution="best-effort",
    workaround=OFFICE.days(2),
    hold_time=WallTime(minutes(2)),
)
PHONE = ScopedTargets(Scope(channels="phone", severities=1), Targets(first_response=ALWAYS.minutes(15)))
POLICY = ClockPolicy(pauses={"waiting-on-vendor": "resolution"}, on_change="frozen")
GOLD = Tier(
    "gold",
    targets={1: CELLS, 2: Targets(first_response=OFFICE.hours(2)), 4: Targets(first_response="no-target")},
    exceptions=PHONE,
    gates=SeverityGate(1, otherwise=2),
    unadmitted="lowered",
    unstated=4,
    clock=POLICY,
)
PREMIUM = Tier(
    "premium",
    targets={
        1: Targets(first_response=ALWAYS.hours(1), resolution=ALWAYS.hours(4)),
        2: Targets(first_response=OFFICE.hours(2), resolution=OFFICE.hours(8)),
        3: Targets(first_response=OFFICE.days(1), resolution="best-effort"),
        4: Targets(first_response="no-target", resolution="not-offered"),
    },
)
VALUES: tuple[object, ...] = (
    GOLD, PREMIUM, CELLS, PHONE, POLICY, BY_ARRIVAL, SeverityTargets(1, CELLS), SeverityGate(1, otherwise=2),
    Pause("waiting-on-customer", "update"), ClockPolicy(), Targets(),
)  # fmt: skip


def at(text: str) -> int:
    """Return an instant in Berlin as epoch seconds."""
    return epoch(BERLIN.at(text))


def tiny(**more: Any) -> Tier:  # whatever a tier takes
    """Build a tier with severities 1 to 3."""
    said: dict[str, Any] = {"targets": {severity: Targets() for severity in (1, 2, 3)}}
    return Tier(**{"name": "tiny", **said, **more})


@pytest.mark.parametrize("module", [package, cells, policies, tier, wording], ids=lambda module: module.__name__)
def test_the_modules_show_their_public_names_only(module: ModuleType) -> None:
    """`dir` of a module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_tiers_are_values(value: object) -> None:
    """The terms of a tier compare, hash, pickle, do not change, and are closed to subclassing."""
    assert_is_a_value(value)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_no_field_takes_what_does_not_belong_there(value: object) -> None:
    """Every field refuses a value of another kind, with an error that says what was expected."""
    assert_refuses_what_does_not_belong(value)


def test_tiers_differ_by_every_field() -> None:
    """No field of a tier is left out of its equality."""
    other = {
        "name": "silver", "targets": {1: Targets(), 2: CELLS, 4: Targets()}, "exceptions": (), "gates": (),
        "unadmitted": "not-offered", "unstated": None, "clock": ClockPolicy(),
    }  # fmt: skip
    assert_all_differ([GOLD, PREMIUM, *(changed(GOLD, **{name: value}) for name, value in other.items())])


def test_the_order_in_which_terms_are_written_is_irrelevant() -> None:
    """Rows, gates, pauses and the metrics of a pause stand in one order, however they were written."""
    rows = {severity: Targets(first_response=ALWAYS.hours(severity)) for severity in (1, 2, 3)}
    gates = [SeverityGate(1, otherwise=2), SeverityGate(2, otherwise=3)]
    back = Tier("tiny", targets=dict(reversed(rows.items())), gates=reversed(gates))
    assert back == Tier("tiny", targets=rows, gates=gates)
    assert back.severities == (1, 2, 3)
    pauses = [Pause("waiting-on-customer", ["update", "resolution"]), Pause("customer-unreachable", "update")]
    same = {"customer-unreachable": ["update"], "waiting-on-customer": ["resolution", "update"]}
    assert ClockPolicy(pauses=pauses) == ClockPolicy(pauses=same)  # type: ignore[arg-type]  # words from a list


# -- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A1")
def test_every_cell_is_what_was_agreed() -> None:
    """A cell of the table is returned as it was written, for each metric."""
    assert [GOLD.target(1, metric) for metric in METRICS] == [CELLS.cell(metric) for metric in METRICS]
    assert PREMIUM.target(3, "first-response") == OFFICE.days(1)


@pytest.mark.rule("A1")
def test_three_ways_not_to_promise_a_time_are_three_things() -> None:
    """What is not said is "no-target", what is not served "not-offered", and both differ from "best-effort"."""
    assert PREMIUM.target(1, "update") == "no-target"
    assert PREMIUM.target(3, "resolution") == "best-effort"
    assert PREMIUM.target(4, "resolution") == "not-offered"
    assert PREMIUM.target(5, "first-response") == "not-offered"
    assert len({"no-target", "not-offered", "best-effort", "if-escalated"} & set(WORDS)) == len(WORDS)


@pytest.mark.rule("A1")
def test_an_exception_replaces_only_the_cells_it_says() -> None:
    """An exception holds for its channels and severities and for the metrics it says; anything else is the table's."""
    assert GOLD.target(1, "first-response", "phone") == ALWAYS.minutes(15)
    assert GOLD.target(1, "first-response", "mail") == ALWAYS.hours(1)
    assert GOLD.target(1, "first-response") == ALWAYS.hours(1)
    assert GOLD.target(2, "first-response", "phone") == OFFICE.hours(2)
    assert GOLD.target(1, "update", "phone") == WallTime(hours(4))


@pytest.mark.rule("A1")
def test_the_first_exception_that_says_the_cell_wins() -> None:
    """Exceptions are tried in their order; one that does not say the metric is passed over."""
    exceptions = [
        ScopedTargets(Scope(channels="phone"), Targets(update="best-effort")),
        ScopedTargets(Scope(severities=[1, 2]), Targets(first_response="if-escalated", update="not-offered")),
        ScopedTargets(Scope(), Targets(first_response="best-effort")),
    ]
    told = tiny(exceptions=exceptions)
    assert told.target(1, "update", "phone") == "best-effort"
    assert told.target(1, "update", "mail") == "not-offered"
    assert told.target(2, "first-response", "phone") == "if-escalated"
    assert told.target(3, "first-response", "phone") == "best-effort"
    assert told.target(3, "update", "mail") == "no-target"


@pytest.mark.rule("A2")
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("2025-03-28 08:59:59", OFFICE.days(1)),
        ("2025-03-28 09:00", OFFICE.hours(2)),
        ("2025-03-28 16:59:59", OFFICE.hours(2)),
        ("2025-03-28 17:00", OFFICE.days(1)),
        ("2025-03-29 12:00", OFFICE.days(1)),
    ],
)
def test_arrival_decides_between_two_targets(text: str, cell: Cell) -> None:
    """Opening is inside and closing is outside the hours that decide."""
    assert BY_ARRIVAL.at_epoch(at(text)) == cell


def test_every_metric_has_a_field() -> None:
    """The metrics and the fields of `Targets` are the same, in the same order."""
    assert [field_of(metric) for metric in METRICS] == [field.name for field in attrs.fields(Targets)]
    assert get_args(Metric) == METRICS


# -- severities -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A3")
def test_a_severity_that_is_not_admitted() -> None:
    """It is not offered, or served as the gravest admitted one below it if the tier lowers."""
    assert [PREMIUM.served_as(severity) for severity in (1, 4, 5)] == [1, 4, None]
    assert [GOLD.served_as(severity) for severity in (1, 2, 3, 4, 5)] == [1, 2, 4, 4, None]
    assert GOLD.target(3, "first-response") == "no-target"
    assert GOLD.target(5, "first-response") == "not-offered"


@pytest.mark.rule("A3")
def test_a_ticket_without_severity() -> None:
    """It is served as the severity that the tier states, or promised nothing until one is stated."""
    assert GOLD.served_as(None) == 4
    assert PREMIUM.served_as(None) is None
    assert PREMIUM.target(None, "first-response") == "no-target"


@pytest.mark.rule("A3")
def test_a_gate_holds_while_the_customer_cannot_be_reached() -> None:
    """A gated severity is served as the milder one, through a chain of gates if there is one, and else as itself."""
    assert GOLD.served_as(1, customer="unreachable") == 2
    assert GOLD.served_as(1) == 1
    assert GOLD.served_as(2, customer="unreachable") == 2
    chain = tiny(gates=[SeverityGate(2, otherwise=3), SeverityGate(1, otherwise=2)])
    assert chain.served_as(1, customer="unreachable") == 3
    assert PREMIUM.served_as(5, customer="unreachable") is None
    refused(lambda: GOLD.served_as(1, customer="asleep"), InvalidValue, "reachable")  # type: ignore[arg-type]  # refused


# -- refused ----------------------------------------------------------------------------------------------------------


def test_tables_that_cannot_be() -> None:
    """An empty table, a severity twice, and terms for a severity that is not admitted are refused."""
    refused(lambda: tiny(targets={}), InvalidValue, "no severity")
    refused(lambda: tiny(targets=[SeverityTargets(1, Targets())] * 2), InvalidValue, "severity 1 twice")
    refused(lambda: tiny(gates=[SeverityGate(1, otherwise=2)] * 2), InvalidValue, "Tier.gates", "severity 1 twice")
    refused(lambda: tiny(gates=SeverityGate(1, otherwise=4)), InvalidValue, "Tier.gates[0].otherwise", "1, 2, 3")
    refused(lambda: tiny(gates=SeverityGate(4, otherwise=5)), InvalidValue, "Tier.gates[0].severity")
    refused(lambda: tiny(unstated=4), InvalidValue, "Tier.unstated", "severity 4")
    strange = ScopedTargets(Scope(severities=[1, 7]), Targets())
    refused(lambda: tiny(exceptions=strange), InvalidValue, "Tier.exceptions[0].scope.severities", "severity 7")
    refused(lambda: tiny(targets={0: Targets()}), InvalidValue, "SeverityTargets.severity")
    refused(lambda: GOLD.target(1, "speed"), InvalidValue, "first-response")  # type: ignore[arg-type]  # refused
    refused(lambda: tiny(unstated=True), InvalidValue, "whole number")


def test_scopes_of_exceptions() -> None:
    """An exception is by channels and severities only."""
    for scope in (Scope(products="atlas"), Scope(roles="senior"), Scope(responses="urgent")):
        refused(lambda scope=scope: ScopedTargets(scope, Targets()), InvalidValue, "channels and severities")  # type: ignore[misc]  # bound now


def test_gates_lead_downwards() -> None:
    """The severity that a gate leads to is a milder one."""
    for otherwise in (1, 2):
        refused(lambda otherwise=otherwise: SeverityGate(2, otherwise=otherwise), InvalidValue, "milder")  # type: ignore[misc]  # bound now


def test_arrival_decides_once() -> None:
    """A target by arrival does not hold another one."""
    refused(lambda: ArrivalTarget(OFFICE, inside=BY_ARRIVAL, outside="no-target"), InvalidValue, "Only one")  # type: ignore[arg-type]  # refused


# -- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A4")
def test_a_state_pauses_the_metrics_that_are_named() -> None:
    """Each state pauses its own metrics; by default waiting for the customer pauses all but the responses."""
    usual = ClockPolicy()
    paused = [metric for metric in METRICS if usual.states_that_pause(metric)]
    assert paused == ["update", "resolution", "workaround"]
    everything = ClockPolicy(pauses=dict.fromkeys(PAUSE_STATES, METRICS))
    assert everything.states_that_pause("hold-time") == PAUSE_STATES
    assert POLICY.states_that_pause("resolution") == ("waiting-on-vendor",)
    assert POLICY.states_that_pause("update") == ()
    assert ClockPolicy(pauses={}).states_that_pause("resolution") == ()


def test_pauses_that_cannot_be() -> None:
    """A pause has metrics, and a state is named once."""
    refused(lambda: Pause("waiting-on-vendor", []), InvalidValue, "no metrics")
    twice = [Pause("waiting-on-vendor", "update"), Pause("waiting-on-vendor", "resolution")]
    refused(lambda: ClockPolicy(pauses=twice), InvalidValue, "each state once")


def test_the_usual_policy() -> None:
    """What a clock policy leaves out is the usual reading."""
    usual = ClockPolicy()
    words = (usual.starts, usual.on_change, usual.on_reopen, usual.breach, usual.contradictions, usual.updates)
    assert words == ("opened", "from-start", "resume", "sticky", "ignore", "independent")


# -- how it reads -----------------------------------------------------------------------------------------------------


def test_a_contract_names_its_tier() -> None:
    """The heading of a contract says its tier, between its zone and its billing."""
    term, plan = Term("2025-01-01", months=12, zone=BERLIN), FixedAnnual(fee=Money("19000 EUR"))
    agreed = Contract("C-7", customer="elm", rounding="half-up", term=term, plan=plan, tier=PREMIUM)
    heading = "C-7 · elm · 2025-01-01 to 2025-12-31, Europe/Berlin · premium · billed yearly"
    assert str(agreed).splitlines()[0] == heading
    refused(lambda: changed(agreed, tier="premium"), InvalidValue, "Contract.tier", "a Tier was expected")


def test_a_tier_shows_its_table() -> None:
    """A tier prints a column for each metric it says, a row for each severity, and what is not usual in sentences."""
    lines = str(GOLD).splitlines()
    assert lines[0] == "gold"
    assert lines[1].split("  ")[0] == "severity"
    assert [line.split("  ")[0] for line in lines[2:6]] == ["1", "2", "4", "1 by phone"]
    assert lines[6:] == [
        "Severity 1 is served as 2 while the customer cannot be reached.",
        "A severity that it does not have is served as the gravest below it.",
        "A ticket without severity is served as 4.",
        "Waiting on vendor pauses resolution.",
        "The first target stays.",
    ]
    assert [line.split()[0] for line in str(PREMIUM).splitlines()] == ["premium", "severity", "1", "2", "3", "4"]
