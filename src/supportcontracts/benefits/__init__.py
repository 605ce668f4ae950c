"""What is still theirs: the ledger of promised extras, who may use them, when to remind, and what nobody uses.

`benefit_status` folds the grants that terms make and the events that happened into balances, bookings and uses.
"""

from supportcontracts.benefits.judging import Reason, Unmet
from supportcontracts.benefits.status import BenefitStatus, Booking, Grant, Refusal, Use, benefit_status

__all__ = [
    "BenefitStatus",
    "Booking",
    "Grant",
    "Reason",
    "Refusal",
    "Unmet",
    "Use",
    "benefit_status",
]


def __dir__() -> list[str]:
    return __all__
