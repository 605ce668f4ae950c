"""What can become of a unit of a benefit: one table, from where it is and what happens to where it is then.

    granted ──▶ left ──reserve──▶ reserved ──redeem──▶ redeemed
                 ▲ │                │ │ │
                 │ │◀────cancel─────┘ │ └──miss──▶ lost
                 │ ├──redeem──▶ redeemed
                 │ ├──expire──▶ forfeited ◀──expire──┘
                 │ ├──repay───▶ refunded
                 │ └──move────▶ moved (to a grant of its own: assigned to a person, or carried over)
                 └────revive─── forfeited

What is not in the table does not happen. Each row is one or two movements of the ledger, so that at every instant

    granted = left + reserved + redeemed + lost + forfeited + refunded

over all grants of a benefit (N2). Whether a late cancellation or a missed date is a "cancel" or a "miss" is for the
terms to say; the rows do not change.
"""

from typing import Literal, TypeAlias

from supportcontracts.ledger import MovementKind

__all__ = ["MOVEMENTS", "TRANSITIONS", "Happening", "UnitState"]


def __dir__() -> list[str]:
    return __all__


UnitState: TypeAlias = Literal["left", "reserved", "redeemed", "lost", "forfeited", "refunded", "moved"]
"""Where a unit is."""

Happening: TypeAlias = Literal["reserve", "redeem", "cancel", "miss", "expire", "repay", "revive", "move"]
"""What happens to units: "miss" is a late cancellation or a date at which nobody came, where that costs the unit."""

TRANSITIONS: dict[tuple[UnitState, Happening], UnitState] = {
    ("left", "reserve"): "reserved",
    ("left", "redeem"): "redeemed",
    ("left", "expire"): "forfeited",
    ("left", "repay"): "refunded",
    ("left", "move"): "moved",
    ("reserved", "redeem"): "redeemed",
    ("reserved", "cancel"): "left",
    ("reserved", "miss"): "lost",
    ("reserved", "expire"): "forfeited",
    ("forfeited", "revive"): "left",
}
"""The whole life of a unit."""

MOVEMENTS: dict[tuple[UnitState, UnitState], tuple[MovementKind, ...]] = {
    ("left", "reserved"): ("reserve",),
    ("left", "redeemed"): ("redeem",),
    ("left", "forfeited"): ("forfeit",),
    ("left", "refunded"): ("refund",),
    ("left", "moved"): ("roll-out",),
    ("reserved", "redeemed"): ("release", "redeem"),
    ("reserved", "left"): ("release",),
    ("reserved", "lost"): ("release", "lose"),
    ("reserved", "forfeited"): ("lapse", "forfeit"),
    ("forfeited", "left"): ("return",),
}
"""The movements of the ledger that each row of the table is."""
