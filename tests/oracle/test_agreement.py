"""The engine agrees with the oracle, which rates unit by unit and shares no code with it."""

import pytest
from hypothesis import given, note

from supportcontracts import rate
from supportcontracts.contracts.plans import (
    CappedHours,
    CappedIncidents,
    Composite,
    FixedAnnual,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
    PrepaidIncidents,
)
from supportcontracts.testing.strategies import Case, cases
from tests.oracle import differences, oracle_rate


def agree(case: Case) -> None:
    """Rate both ways and compare every line, quantity, amount and balance."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    note(str(rating))
    assert differences(rating, oracle_rate(contract, events, until=until)) == []


@pytest.mark.rule("D2", "D3", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16", "D17")
@pytest.mark.rule("D18", "D19", "D20", "D21", "D23", "D24", "D25", "D26", "D28", "D29")
@given(case=cases())
def test_the_engine_agrees_with_the_oracle(case: Case) -> None:
    """Any contract, any history: the same lines, quantities, amounts and balances."""
    agree(case)


@pytest.mark.parametrize(
    "plan",
    [
        FixedAnnual,
        CappedHours,
        CappedIncidents,
        PrepaidHours,
        PrepaidIncidents,
        PayPerHour,
        PayPerIncident,
        Composite,
    ],
)
def test_the_engine_agrees_on_every_contract_type(plan: type[Plan]) -> None:
    """Each contract type by itself, in one phase and in several."""
    given(case=cases(kinds=[plan]))(agree)()
