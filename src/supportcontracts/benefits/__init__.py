"""What is still theirs: the ledger of promised extras, who may have them, when to remind, and what nobody uses.

`benefit_status` folds the grants that terms make and the events that happened into balances, bookings and uses;
`can_redeem` asks the same books whether a request can be met; `remind` lists what should be sent between two instants;
`review_programme` adds up many customers; `clarity_report` reads a promise before it is sold; `discount_on` answers for
discounts. `transitions` holds the table of what can become of a unit, `fold` the pass over the events, `bookings` and
`judging` what may be drawn and by whom, `books` what is written down.
"""

from supportcontracts.benefits.clarity import ClarityReport, OpenQuestion, clarity_report
from supportcontracts.benefits.discounts import DiscountAnswer, Discounted, NotDiscounted, discount_on
from supportcontracts.benefits.eligibility import (
    Eligibility,
    NotRedeemable,
    Redeemable,
    RedemptionRequest,
    can_redeem,
)
from supportcontracts.benefits.judging import Reason, Unmet
from supportcontracts.benefits.programme import BenefitReview, DiscountReview, ProgrammeReview, review_programme
from supportcontracts.benefits.reminders import Reminder, remind
from supportcontracts.benefits.status import BenefitStatus, Booking, Grant, Refusal, Use, benefit_status

__all__ = [
    "BenefitReview",
    "BenefitStatus",
    "Booking",
    "ClarityReport",
    "DiscountAnswer",
    "DiscountReview",
    "Discounted",
    "Eligibility",
    "Grant",
    "NotDiscounted",
    "NotRedeemable",
    "OpenQuestion",
    "ProgrammeReview",
    "Reason",
    "Redeemable",
    "RedemptionRequest",
    "Refusal",
    "Reminder",
    "Unmet",
    "Use",
    "benefit_status",
    "can_redeem",
    "clarity_report",
    "discount_on",
    "remind",
    "review_programme",
]


def __dir__() -> list[str]:
    return __all__
