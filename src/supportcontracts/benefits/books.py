"""The books of one benefit while a fold runs: grants, bookings, and everything that was written down about them.

A grant is a lot of the shared ledger with a count for each state that its units can be in. Every change goes through
`Books.step`, which looks it up in the table of transitions, moves the units, and writes the movements.
"""

from datetime import date
from typing import Literal, TypeAlias

from supportcontracts.benefits.judging import Unmet, Wish
from supportcontracts.benefits.transitions import MOVEMENTS, TRANSITIONS, Happening, UnitState
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.events import BenefitCancelled, BenefitReserved, NoShow, Redeemed
from supportcontracts.ledger import NEVER, Movement, MovementKind, OpenLot, lot_key
from supportcontracts.money import Money, Price
from supportcontracts.timeline import from_epoch

__all__ = ["CARRIED", "Books", "Draw", "OpenBooking", "OpenGrant", "Snapshot", "UseEvent", "UseKind", "UseRecord"]


def __dir__() -> list[str]:
    return __all__


UseEvent: TypeAlias = BenefitReserved | Redeemed | BenefitCancelled | NoShow
"""The events that draw units or give them back."""

UseKind: TypeAlias = Literal["reserved", "redeemed", "returned", "lost"]
"""What such an event did."""


class OpenGrant:
    """A grant while the fold runs: its lot, whose it is, where its units are, and whether it has ended."""

    __slots__ = ("closed", "due", "expires_on", "holder", "lot", "units", "worth")

    def __init__(
        self,
        lot: OpenLot,
        *,
        expires_on: date | None,
        holder: str | None = None,
        worth: Money | Price | None = None,
        due: int | None = None,
    ) -> None:
        self.lot = lot
        self.expires_on = expires_on
        self.holder = holder
        self.worth = worth
        self.due = due
        self.closed = ""
        self.units: dict[UnitState, int] = dict.fromkeys(
            ("left", "reserved", "redeemed", "lost", "forfeited", "refunded", "moved"), 0
        )

    @property
    def id(self) -> str:
        """The name of the grant."""
        return self.lot.id


class Draw:
    """What one grant gave to a booking, and how much of it is still booked."""

    __slots__ = ("grant", "open", "took")

    def __init__(self, grant: OpenGrant, took: int) -> None:
        self.grant = grant
        self.took = took
        self.open = took


class OpenBooking:
    """A booking while the fold runs: what was wanted, which grants gave it, and what became of it."""

    __slots__ = ("at", "draws", "event", "outcomes", "wish")

    def __init__(self, event: BenefitReserved, at: int, wish: Wish, draws: list[Draw]) -> None:
        self.event = event
        self.at = at
        self.wish = wish
        self.draws = draws
        self.outcomes: list[tuple[str, int, str]] = []

    @property
    def open(self) -> int:
        """The raw units that are still booked."""
        return sum(draw.open for draw in self.draws)


class UseRecord:
    """One thing that drew units or gave them back: the event, when, how much, from which grants, and what it was."""

    __slots__ = ("amount", "at", "booking", "event", "kind", "parts")

    def __init__(
        self,
        event: UseEvent,
        at: int,
        kind: UseKind,
        amount: int,
        parts: list[tuple[OpenGrant, int, int, date | None]],
        booking: OpenBooking | None = None,
    ) -> None:
        self.event = event
        self.at = at
        self.kind = kind
        self.amount = amount
        self.parts = parts
        self.booking = booking


class Snapshot:
    """What a grant had left of how much, and its last day, from an instant on."""

    __slots__ = ("at", "by_event", "expires_on", "grant", "granted", "left")

    def __init__(self, at: int, grant: OpenGrant, *, by_event: bool) -> None:
        self.at = at
        self.grant = grant
        self.by_event = by_event
        self.left = grant.units["left"]
        self.granted = grant.lot.quantity - grant.units["moved"]
        self.expires_on = grant.expires_on


CARRIED = " carried"
"""What the name of a grant ends in that was carried over from another one."""

_ORDER = lot_key("soonest-expiry")


class Books:
    """Everything that is written down about one benefit; mutable, private, and gone when the call returns."""

    __slots__ = ("benefit", "bookings", "by_event", "grants", "movements", "over", "refusals", "snapshots", "uses")

    def __init__(self, benefit: Benefit) -> None:
        self.benefit = benefit
        self.grants: dict[str, OpenGrant] = {}
        self.bookings: dict[str, OpenBooking] = {}
        self.uses: list[UseRecord] = []
        self.movements: list[Movement] = []
        self.refusals: list[tuple[str, int, tuple[Unmet, ...]]] = []
        self.snapshots: list[Snapshot] = []
        self.by_event = False
        self.over: int | None = None

    def write(self, at: int, kind: MovementKind, lot: str, amount: int, because: str = "", code: str = "") -> None:
        """Append a movement."""
        self.movements.append(Movement(from_epoch(at), kind, lot, self.benefit.of(amount), because, code))

    def note(self, at: int, grant: OpenGrant) -> None:
        """Keep what a grant looks like from now on."""
        self.snapshots.append(Snapshot(at, grant, by_event=self.by_event))

    def open(self, grant: OpenGrant, at: int, kind: MovementKind, because: str = "") -> None:
        """Put a new grant on the books, with all of its units left."""
        self.grants[grant.id] = grant
        grant.units["left"] = grant.lot.quantity
        self.write(at, kind, grant.id, grant.lot.quantity, because)
        self.note(at, grant)

    def step(
        self, grant: OpenGrant, state: UnitState, happening: Happening, amount: int, at: int, because: str = ""
    ) -> None:
        """Move units of a grant as the table says; what an event does to a grant that it ends carries a code (D2)."""
        if not amount:
            return
        then = TRANSITIONS[state, happening]
        grant.units[state] -= amount
        grant.units[then] += amount
        assert grant.units[state] >= 0
        code = happening if self.by_event and then in ("forfeited", "moved") else ""
        for kind in MOVEMENTS[state, then]:
            self.write(at, kind, grant.id, amount, because, code)
        self.note(at, grant)

    def close(self, grant: OpenGrant, at: int, why: str) -> None:
        """End a grant: nothing is drawn from it any more."""
        grant.closed = why
        self.note(at, grant)

    def in_order(self) -> list[OpenGrant]:
        """List the grants that have not ended, in the order in which they are drawn (N3)."""
        return sorted(
            (grant for grant in self.grants.values() if not grant.closed), key=lambda grant: _ORDER(grant.lot)
        )

    def refuse(self, event_id: str, at: int, *unmet: Unmet) -> None:
        """Write down that something did not happen, and why; nothing is lost by it (D7)."""
        self.refusals.append((event_id, at, unmet))
        self.write(at, "refused", self.benefit.id, 0, event_id, unmet[0].code)

    def next_end(self) -> OpenGrant | None:
        """Return the grant that ends next."""
        ending = [grant for grant in self.grants.values() if not grant.closed and grant.lot.ends < NEVER]
        return min(ending, key=lambda grant: (grant.lot.ends, _ORDER(grant.lot)), default=None)
