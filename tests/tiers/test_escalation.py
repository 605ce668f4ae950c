"""Escalation levels: where they stand, whom they concern, and how they read."""

import pytest

from supportcontracts import Zone, hours, minutes, percent
from supportcontracts.contracts import escalation as module
from supportcontracts.contracts.escalation import EscalationLevel, Offset
from supportcontracts.coverage import Coverage
from supportcontracts.errors import InvalidValue
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

OFFICE = Coverage("mon-fri 09:00-17:00", zone=Zone("Europe/Berlin"))
LATE = Offset(minutes(30), side="after-due", counted="wall")
LEAD = EscalationLevel("lead", percent(75), to="paul.ade", metrics="resolution", severities=[1, 2], within=OFFICE)


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("value", [LATE, LEAD, EscalationLevel("head", LATE)], ids=["offset", "level", "by offset"])
def test_levels_are_values(value: object) -> None:
    """Levels compare, hash, pickle, do not change, and refuse what does not belong in a field."""
    assert_is_a_value(value)
    assert_refuses_what_does_not_belong(value)


def test_levels_differ_by_every_field() -> None:
    """No field of a level or an offset is left out of its equality."""
    other = {"name": "head", "at": LATE, "to": (), "metrics": (), "severities": (), "within": None}
    assert_all_differ([LEAD, *(changed(LEAD, **{name: value}) for name, value in other.items())])
    assert_all_differ(
        [LATE, changed(LATE, side="before-due"), changed(LATE, counted="covered"), Offset(hours(1), side="after-due")]
    )


def test_whom_a_level_concerns() -> None:
    """A level is for its metrics and severities; without them it is for all, known or not."""
    assert LEAD.concerns("resolution", 1)
    assert not LEAD.concerns("update", 1)
    assert not LEAD.concerns("resolution", 3)
    assert not LEAD.concerns("resolution", None)
    assert EscalationLevel("head", LATE).concerns("update", None)


def test_how_levels_read() -> None:
    """A level says where it stands, for what, to whom, and until when it is held."""
    assert str(LEAD) == (
        "lead: resolution at 75 % of the target, for severity 1 or 2, to paul.ade, held until mon-fri 09:00-17:00 opens"
    )
    assert str(EscalationLevel("head", LATE)) == "head: any metric 0h 30m after it is due"
    early = Offset(hours(1), side="before-due")
    assert str(EscalationLevel("head", early, to=["a", "b"])) == (
        "head: any metric 1h 00m of cover before it is due, to a and b"
    )
    assert str(Offset(hours(0), side="after-due")) == "when it is due"


def test_levels_that_cannot_be() -> None:
    """A level stands above nothing of its target, and names people and severities."""
    refused(lambda: EscalationLevel("lead", percent(0)), InvalidValue, "more than nothing")
    refused(lambda: EscalationLevel("lead", percent(-1)), InvalidValue, "not negative")
    refused(lambda: EscalationLevel("lead", hours(1)), InvalidValue, "side=")  # type: ignore[arg-type]  # refused
    refused(lambda: changed(LEAD, to=" "), InvalidValue, "EscalationLevel.to")
    refused(lambda: changed(LEAD, severities=0), InvalidValue, "at least 1")
