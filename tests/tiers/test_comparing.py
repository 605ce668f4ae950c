"""Two tiers side by side."""

import pytest

from supportcontracts import Zone, hours
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.tiers import (
    ClockPolicy,
    NoPhoneMenu,
    ScopedTargets,
    SeverityGate,
    SkillLevel,
    Targets,
    Tier,
    compare_tiers,
    comparing,
)
from supportcontracts.coverage import Coverage, WallTime
from supportcontracts.errors import InvalidValue
from tests.value_checks import assert_is_a_value, refused

OFFICE = Coverage("mon-fri 09:00-17:00", zone=Zone("Europe/Berlin"))
STANDARD = Tier(
    "standard",
    targets={2: Targets(first_response=OFFICE.hours(8)), 3: Targets(first_response="best-effort")},
    promises=NoPhoneMenu(),
)
PREMIUM = Tier(
    "premium",
    targets={
        1: Targets(first_response=OFFICE.hours(1), resolution=WallTime(hours(4))),
        2: Targets(first_response=OFFICE.hours(8)),
    },
    exceptions=ScopedTargets(Scope(channels="phone"), Targets(first_response=WallTime(hours(1)))),
    gates=SeverityGate(1, otherwise=2),
    unadmitted="lowered",
    unstated=2,
    clock=ClockPolicy(on_reopen="restart", pauses={}),
    promises=[NoPhoneMenu(), SkillLevel(2)],
)


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(comparing) == sorted(comparing.__all__)


@pytest.mark.rule("A1", "A3")
def test_the_rows_of_a_comparison() -> None:
    """Each row has what both tiers say, and cells say which they are."""
    rows = {row["what"]: (row["first"], row["second"]) for row in compare_tiers(STANDARD, PREMIUM).to_rows()}
    assert rows == {
        "severity 1, first response": ("not offered", "1h 00m of mon-fri 09:00-17:00"),
        "severity 1, first response, by phone": ("not offered", "1h 00m of wall time"),
        "severity 1, resolution": ("not offered", "4h 00m of wall time"),
        "severity 2, first response": ("8h 00m of mon-fri 09:00-17:00", "8h 00m of mon-fri 09:00-17:00"),
        "severity 2, first response, by phone": ("8h 00m of mon-fri 09:00-17:00", "1h 00m of wall time"),
        "severity 2, resolution": ("no target", "no target"),
        "severity 3, first response": ("best effort", "not offered"),
        "severity 3, resolution": ("no target", "not offered"),
        "severity 1 is served as 2 while the customer cannot be reached": ("–", "yes"),
        "a severity that it does not have is served as the gravest below it": ("–", "yes"),
        "a ticket without severity is served as 2": ("–", "yes"),
        "clock, pauses": ("waiting on customer pauses update, resolution and workaround", "nothing pauses a clock"),
        "clock, on reopen": ("a reopened ticket goes on with its clock", "a reopened ticket starts a new clock"),
        "no phone menu": ("promised", "promised"),
        "first answer by someone of level 2 or more": ("–", "promised"),
    }
    first = compare_tiers(STANDARD, PREMIUM).to_rows()[1]
    assert (first["severity"], first["metric"], first["channel"]) == (1, "first-response", "phone")


def test_only_the_differences() -> None:
    """A tier does not differ from itself; two tiers differ in the terms that they do not share."""
    assert compare_tiers(PREMIUM, PREMIUM).differences == ()
    same = {"severity 2, first response", "severity 2, resolution", "no phone menu"}
    compared = compare_tiers(STANDARD, PREMIUM)
    assert {term.what for term in compared.terms} - {term.what for term in compared.differences} == same


def test_how_a_comparison_reads() -> None:
    """It prints the names of the tiers above their terms."""
    lines = str(compare_tiers(STANDARD, PREMIUM)).splitlines()
    assert lines[0].split() == ["what", "standard", "premium"]
    assert len(lines) == 16


def test_comparisons_are_values() -> None:
    """A comparison and its terms compare, hash, pickle, do not change, and are closed to subclassing."""
    compared = compare_tiers(STANDARD, PREMIUM)
    assert_is_a_value(compared)
    assert_is_a_value(compared.terms[0])


def test_only_tiers_are_compared() -> None:
    """Anything but a tier is refused."""
    refused(lambda: compare_tiers("standard", PREMIUM), InvalidValue, "a Tier")  # type: ignore[arg-type]  # refused
    refused(lambda: compare_tiers(STANDARD, None), InvalidValue, "a Tier")  # type: ignore[arg-type]  # refused
