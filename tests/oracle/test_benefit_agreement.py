"""The ledger of benefits agrees with the oracle, which moves coins about and shares no code with it."""

import pytest
from hypothesis import given, note

from supportcontracts.benefits import BenefitStatus, benefit_status
from supportcontracts.testing.strategies import BenefitCase, benefit_cases
from tests.oracle.benefits import Desk, at_the_desk
from tests.oracle.days import second_of

WHERE = ("left", "reserved", "redeemed", "lost", "forfeited", "refunded", "moved")


def on_the_desk(desk: Desk) -> dict[str, tuple[object, ...]]:
    """Describe the grants of the oracle."""
    return {
        name: (grant["coins"], grant["last"], grant["holder"], *(desk.count(where, grant=name) for where in WHERE))
        for name, grant in desk.grants.items()
    }


def on_the_books(status: BenefitStatus) -> dict[str, tuple[object, ...]]:
    """Describe the grants of the engine in the same way."""
    return {
        grant.id: (
            grant.granted.amount, grant.expires_on, grant.holder,
            *(getattr(grant, where).amount for where in WHERE),
        )
        for grant in status.grants
    }  # fmt: skip


@pytest.mark.rule(
    "D2", "D3", "D6", "D7", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N10", "N11", "N13", "N14"
)
@given(case=benefit_cases())
def test_the_engine_agrees_with_the_desk(case: BenefitCase) -> None:
    """Any benefit, any history: the same grants, with their units in the same places, and the same refusals."""
    benefit, events, as_of = case
    status = benefit_status(benefit, events, as_of=as_of)
    note(str(status))
    desk = at_the_desk(benefit, events, second_of(as_of))
    assert on_the_books(status) == on_the_desk(desk)
    refused = {refusal.event: {unmet.code for unmet in refusal.unmet} for refusal in status.refusals}
    assert refused == desk.refused
