"""Terms of service credits: levels that are promised, what missing them is worth, caps, claims and conditions.

`schedules` lead from what was measured to the size of a credit. `terms` say what is measured, over which window, of
which fees a credit is a share, and what bounds it.
"""

from typing import TYPE_CHECKING

from supportcontracts._lazy import lazy

if TYPE_CHECKING:
    from supportcontracts.contracts.service_credits.schedules import (
        Bound,
        CreditBand,
        CreditBands,
        CreditEach,
        CreditSize,
        CreditSteps,
        DowntimeMultiple,
        Measured,
        PoolShare,
        Schedule,
        Sized,
        bound_words,
        size_words,
    )
    from supportcontracts.contracts.service_credits.terms import (
        Claim,
        CreditCap,
        CreditWindow,
        Measure,
        MeasureKind,
        MinimumCredit,
        ServiceCredits,
        ServiceLevel,
    )

__all__ = [
    "Bound",
    "Claim",
    "CreditBand",
    "CreditBands",
    "CreditCap",
    "CreditEach",
    "CreditSize",
    "CreditSteps",
    "CreditWindow",
    "DowntimeMultiple",
    "Measure",
    "MeasureKind",
    "Measured",
    "MinimumCredit",
    "PoolShare",
    "Schedule",
    "ServiceCredits",
    "ServiceLevel",
    "Sized",
    "bound_words",
    "size_words",
]

# Where each name lives; the imports above, for the eyes of tools, say the same.
__getattr__ = lazy(
    __name__,
    {
        "schedules": (
            "Bound CreditBand CreditBands CreditEach CreditSize CreditSteps DowntimeMultiple Measured PoolShare "
            "Schedule Sized bound_words size_words"
        ),
        "terms": ("Claim CreditCap CreditWindow Measure MeasureKind MinimumCredit ServiceCredits ServiceLevel"),
    },
)


def __dir__() -> list[str]:
    return __all__
