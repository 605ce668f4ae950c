"""What one use would cost, and units set aside for it: answers for the phone, which change nothing by themselves."""

from supportcontracts.rating.previewing.reservations import (
    Commitment,
    Release,
    Reservation,
    Short,
    Stock,
    available,
    commit,
    release,
    reserve,
)
from supportcontracts.rating.previewing.uses import LotChange, Preview, preview

__all__ = [
    "Commitment",
    "LotChange",
    "Preview",
    "Release",
    "Reservation",
    "Short",
    "Stock",
    "available",
    "commit",
    "preview",
    "release",
    "reserve",
]


def __dir__() -> list[str]:
    return __all__
