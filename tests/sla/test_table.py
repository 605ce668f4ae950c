"""The transition table: whole, and the one that the guide shows."""

from pathlib import Path
from typing import get_args

import pytest

from supportcontracts import Opened
from supportcontracts.contracts.tiers import METRICS, PAUSE_STATES
from supportcontracts.events import TicketEvent, gathering
from supportcontracts.sla import clock, escalating, fold, printing, program, segments, status, table, verbs
from supportcontracts.sla.table import (
    ACTIONS,
    CODES,
    SIGNALS,
    STATES,
    TICKET,
    TRANSITIONS,
    UNFINISHED,
    diagrams,
)

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "clocks.md"


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of each part lists what `__all__` lists."""
    for part in (clock, escalating, fold, gathering, printing, program, segments, status, table, verbs):
        assert dir(part) == sorted(part.__all__)


@pytest.mark.rule("C1", "C10")
def test_every_event_has_an_answer_in_every_state() -> None:
    """For each kind and state the table names the state that follows, or stays and says why it contradicts."""
    assert set(TRANSITIONS) == set(get_args(TicketEvent))
    for row in TRANSITIONS.values():
        assert tuple(row) == STATES
        for state, (then, code) in row.items():
            assert then in STATES
            assert code is None or (code in CODES and then == state)


@pytest.mark.rule("C10")
def test_only_an_opening_comes_first() -> None:
    """Before its opening nothing can happen to a ticket, and afterwards it cannot be opened again."""
    for kind, row in TRANSITIONS.items():
        assert (row["unopened"][1] is None) == (kind is Opened)
    assert {code for state, (_, code) in TRANSITIONS[Opened].items() if state != "unopened"} == {"opened-twice"}


@pytest.mark.rule("C1")
def test_every_state_can_be_reached_and_left() -> None:
    """No state of a ticket is a dead end but for nothing, and none is out of reach."""
    assert {then for _, _, then in TICKET} == set(STATES[1:])
    assert {state for state, _, _ in TICKET} == set(STATES)
    assert set(UNFINISHED) < set(STATES)


@pytest.mark.rule("C2")
def test_every_metric_and_signal_has_its_row() -> None:
    """Each metric of a tier has a row, each signal is given by an event, and every clock can be met and ended."""
    assert tuple(ACTIONS) == METRICS
    given = {signal for signals in SIGNALS.values() for signal in signals}
    assert given == {signal for actions in ACTIONS.values() for signal in actions}
    for actions in ACTIONS.values():
        assert actions["solution"] == "meet"
        assert actions["withdrawal"] == "end"
        assert {"start", "repeat"} & set(actions.values())


@pytest.mark.rule("A4")
def test_states_that_may_pause_are_states_of_the_table() -> None:
    """What a policy can name is a state of the ticket, or the customer who cannot be reached."""
    assert {*UNFINISHED[1:], "customer-unreachable"} == set(PAUSE_STATES)


def test_the_guide_shows_the_table_that_the_code_runs_by() -> None:
    """The diagrams of the guide are written from the table; `print(diagrams())` writes them anew."""
    assert f"-->\n\n{diagrams()}\n\n## " in GUIDE.read_text(encoding="utf-8")
