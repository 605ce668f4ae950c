"""Bookings: reserved, redeemed, cancelled, missed; and who may draw on which grants, in which order.

A booking takes units from the grants that can still be used when it takes place, the soonest to expire first. Redeeming
takes them from the front of the booking, cancelling gives them back from its end, so that the customer keeps what
lasts longest.
"""

from collections.abc import Collection
from datetime import date

from supportcontracts.benefits.books import Books, Draw, OpenBooking, OpenGrant, UseRecord
from supportcontracts.benefits.judging import Unmet, Wish, they, unmet_conditions
from supportcontracts.benefits.transitions import Happening
from supportcontracts.contracts.benefits import Measure
from supportcontracts.contracts.benefits.units import raw
from supportcontracts.contracts.wording.benefits import amount_in_words
from supportcontracts.contracts.wording.words import day_in_words, listed
from supportcontracts.events import BenefitCancelled, BenefitReserved, NoShow, Redeemed

__all__ = ["Bookings"]


def __dir__() -> list[str]:
    return __all__


class Bookings:
    """What happens to bookings, on the books of one benefit."""

    __slots__ = ("benefit", "books", "zone")

    def __init__(self, books: Books) -> None:
        self.books = books
        self.benefit = books.benefit
        self.zone = books.benefit.zone

    # -- what can be drawn ------------------------------------------------------------------------------------------

    def judge(
        self, wish: Wish, *, booked_on: date | None, waives: Collection[str] = ()
    ) -> tuple[list[OpenGrant], tuple[Unmet, ...]]:
        """Return the grants that can give what is wished, in order, and every reason why they cannot.

        Rules: N3, N4, N5, N6.
        """
        unmet = unmet_conditions(self.benefit, wish, booked_on=booked_on, waives=waives)
        if any(each.code == "unit" for each in unmet):
            return [], unmet
        last = wish.last_second if self.benefit.by_expiry == "takes-place" else None
        usable = self.books.in_order()
        fitting = [
            grant for grant in usable if self._is_for(grant, wish.who) and (last is None or last < grant.lot.ends)
        ]
        amount = raw(wish.quantity)
        if sum(grant.units["left"] for grant in fitting) < amount:
            timely = [grant for grant in usable if last is None or last < grant.lot.ends]
            unmet = (*unmet, self.shortage(amount, usable, timely, last))
        return fitting, unmet

    def _is_for(self, grant: OpenGrant, who: Collection[str]) -> bool:
        """Tell whether somebody may draw on a grant: on what is assigned to them, and on what is nobody's (N10)."""
        return not self.benefit.needs_assignment if grant.holder is None else grant.holder in who

    def shortage(
        self,
        amount: int,
        usable: list[OpenGrant],
        timely: list[OpenGrant] | None = None,
        last: int | None = None,
    ) -> Unmet:
        """Say why grants cannot give so much."""
        they_, are, s = they(self.benefit)
        left = sum(grant.units["left"] for grant in usable)
        if not self.books.in_order():
            if self.books.over is not None:
                return self.is_over()
            if not self.books.grants:
                return Unmet("not-granted", f"{they_} {'has' if s else 'have'} not been granted yet")
            days = [grant.expires_on for grant in self.books.grants.values() if grant.expires_on is not None]
            return Unmet("expired", f"{they_} expired on {day_in_words(max(days))}")
        if timely is not None and left >= amount:
            if sum(grant.units["left"] for grant in timely) < amount:
                return self._too_late(usable, last)
            if self.benefit.needs_assignment:
                return Unmet("not-assigned", f"{they_} {are} not assigned to the person who is to use {_them(they_)}")
            holders = dict.fromkeys(grant.holder for grant in timely if grant.holder and grant.units["left"])
            return Unmet("assigned-to-others", f"of what is left, some is assigned to {listed(holders)}")
        asked, rest = (amount_in_words(self.benefit, self.benefit.measure(each)) for each in (amount, left))
        is_ = "is" if s or left == 1 else "are"
        return Unmet("exceeds-left", f"{asked} {'is' if s or amount == 1 else 'are'} asked for, and {rest} {is_} left")

    def _too_late(self, usable: list[OpenGrant], last: int | None) -> Unmet:
        assert last is not None
        they_, _, s = they(self.benefit)
        days = [grant.expires_on for grant in usable if grant.expires_on is not None and grant.units["left"]]
        takes_place = day_in_words(self.zone.date_of_epoch(last))
        expiry = f"expire{s} on {day_in_words(max(days))}"
        return Unmet("after-expiry", f"{they_} would take place on {takes_place}, and {they_} {expiry}")

    def wrong_unit(self, quantity: Measure) -> Unmet | None:
        """Say that a quantity is not counted as the benefit is, if so."""
        found = unmet_conditions(self.benefit, Wish(quantity, (), None, None, None), booked_on=None)
        return found[0] if found else None

    def is_over(self) -> Unmet:
        """Say that the promise has ended early."""
        assert self.books.over is not None
        day = day_in_words(self.zone.date_of_epoch(self.books.over))
        return Unmet("ended-early", f"the promise ended on {day}")

    # -- events -----------------------------------------------------------------------------------------------------

    def reserved(self, event: BenefitReserved, at: int) -> None:
        """Book units, or say why not."""
        if event.key in self.books.bookings:
            taken = Unmet("reserved-before", f"there is a booking {event.key} already")
            self.books.refuse(event.id, at, taken)
            return
        wish = Wish.of(event, event.quantity)
        grants, unmet = self.judge(wish, booked_on=self.zone.date_of_epoch(at), waives=event.waives)
        if unmet:
            self.books.refuse(event.id, at, *unmet)
            return
        draws, parts = self._draw(grants, raw(event.quantity), "reserve", at, event.id)
        booking = self.books.bookings[event.key] = OpenBooking(event, at, wish, draws)
        self.books.uses.append(UseRecord(event, at, "reserved", raw(event.quantity), parts, booking))

    def redeemed(self, event: Redeemed, at: int) -> None:
        """Use units that were booked, or others that are left."""
        if event.reservation is not None:
            self._keep(event, event.reservation, at)
            return
        if event.quantity is None:
            self.books.refuse(event.id, at, Unmet("unit", "how many were used was not said"))
            return
        wish = Wish.of(event, event.quantity)
        grants, unmet = self.judge(wish, booked_on=None, waives=event.waives)
        if unmet:
            self.books.refuse(event.id, at, *unmet)
            return
        _, parts = self._draw(grants, raw(event.quantity), "redeem", at, event.id)
        self.books.uses.append(UseRecord(event, at, "redeemed", raw(event.quantity), parts))

    def _draw(
        self, grants: list[OpenGrant], amount: int, happening: Happening, at: int, because: str
    ) -> tuple[list[Draw], list[tuple[OpenGrant, int, int, date | None]]]:
        """Take units from grants that have enough, in order."""
        draws, parts = [], []
        for grant in grants:
            had = grant.units["left"]
            took = min(amount, had)
            if took:
                draws.append(Draw(grant, took))
                parts.append((grant, had, took, grant.expires_on))
                self.books.step(grant, "left", happening, took, at, because)
                amount -= took
        return draws, parts

    def _keep(self, event: Redeemed, key: str, at: int) -> None:
        """Use units of a booking, as far as it was kept."""
        booking = self.books.bookings.get(key)
        amount, unmet = self._open(booking, key, event.quantity)
        if unmet is None:
            assert booking is not None
            said = Wish.of(event, self.benefit.measure(amount))
            judged = unmet_conditions(self.benefit, said, booked_on=None, waives={*event.waives, *booking.event.waives})
            holders = [draw.grant.holder for draw in booking.draws if draw.open and draw.grant.holder]
            others = [holder for holder in holders if event.who and holder not in event.who]
            if others:
                judged = (*judged, Unmet("assigned-to-others", f"what was booked is assigned to {listed(others)}"))
            if not judged:
                parts = self._take(booking, amount, "redeem", at, event.id)
                booking.outcomes.append(("redeemed", amount, event.id))
                self.books.uses.append(UseRecord(event, at, "redeemed", amount, parts, booking))
                return
            self.books.refuse(event.id, at, *judged)
            return
        self.books.refuse(event.id, at, unmet)

    def cancelled(self, event: BenefitCancelled, at: int) -> None:
        """Cancel a booking: in time its units are free again, late they are lost if the terms say so."""
        booking = self.books.bookings.get(event.key)
        amount, unmet = self._open(booking, event.key, event.quantity)
        if unmet is not None:
            self.books.refuse(event.id, at, unmet)
            return
        assert booking is not None
        late = self._is_late(booking, at) and "cancel-notice" not in event.waives
        terms = self.benefit
        if not late:
            costs = False
        elif terms.cancel_notice is not None:
            costs = terms.late_cancel == "lost"
        else:
            costs = terms.no_show == "lost"  # cancelled when it had begun: nobody came
        self._undo(booking, amount, event, at, "late" if late else "in time", costs=costs)

    def no_show(self, event: NoShow, at: int) -> None:
        """Take note that nobody came to what was booked."""
        booking = self.books.bookings.get(event.key)
        amount, unmet = self._open(booking, event.key, None)
        if booking is not None and booking.wish.starts is not None and at < booking.wish.starts:
            day = day_in_words(self.zone.date_of_epoch(booking.wish.starts))
            unmet = Unmet("not-yet", f"it takes place on {day}")
        if unmet is not None:
            self.books.refuse(event.id, at, unmet)
            return
        assert booking is not None
        self._undo(booking, amount, event, at, "nobody came", costs=self.benefit.no_show == "lost")

    def _is_late(self, booking: OpenBooking, at: int) -> bool:
        """Tell whether a booking can no longer be cancelled at no cost: by local days, and never once it began (N6)."""
        starts, notice = booking.wish.starts, self.benefit.cancel_notice
        if starts is None:
            return False
        if at >= starts:
            return True
        return notice is not None and self.zone.date_of_epoch(at) > notice.before(self.zone.date_of_epoch(starts))

    def _open(self, booking: OpenBooking | None, key: str, quantity: Measure | None) -> tuple[int, Unmet | None]:
        """Return how much of a booking an event is about, or why it is about nothing."""
        if booking is None:
            return 0, Unmet("unknown-reservation", f"there is no booking {key}")
        if quantity is not None and (unmet := self.wrong_unit(quantity)):
            return 0, unmet
        amount = booking.open if quantity is None else raw(quantity)
        if booking.open and amount <= booking.open:
            return amount, None
        lapsed = [draw.grant.expires_on for draw in booking.draws if draw.grant.closed == "expired"]
        if not booking.open and any(outcome == "lapsed" for outcome, _, _ in booking.outcomes):
            day = day_in_words(max(each for each in lapsed if each is not None))
            return 0, Unmet("expired", f"what was booked expired on {day}")
        if not booking.open:
            return 0, Unmet("exceeds-reserved", f"nothing of {key} is booked any more")
        rest = amount_in_words(self.benefit, self.benefit.measure(booking.open))
        return 0, Unmet("exceeds-reserved", f"of {key} only {rest} {'is' if booking.open == 1 else 'are'} still booked")

    def _take(
        self,
        booking: OpenBooking,
        amount: int,
        happening: Happening,
        at: int,
        because: str,
        *,
        last_first: bool = False,
    ) -> list[tuple[OpenGrant, int, int, date | None]]:
        """Take units out of a booking: what expires soonest first, or last."""
        parts = []
        for draw in reversed(booking.draws) if last_first else booking.draws:
            took = min(amount, draw.open)
            if took:
                parts.append((draw.grant, draw.open, took, draw.grant.expires_on))
                draw.open -= took
                amount -= took
                self.books.step(draw.grant, "reserved", happening, took, at, because)
        return parts

    def _undo(
        self, booking: OpenBooking, amount: int, event: BenefitCancelled | NoShow, at: int, why: str, *, costs: bool
    ) -> None:
        """Give units of a booking back, or lose them; what returns to a grant that has ended is forfeited there."""
        parts = self._take(booking, amount, "miss" if costs else "cancel", at, event.id, last_first=True)
        for grant, _, took, _ in () if costs else parts:
            if grant.closed:
                self.books.step(grant, "left", "expire", took, at, event.id)
        booking.outcomes.append((f"lost, {why}" if costs else f"returned, {why}", amount, event.id))
        self.books.uses.append(UseRecord(event, at, "lost" if costs else "returned", amount, parts, booking))

    def lapse(self, grant: OpenGrant, happening: Happening, at: int, why: str, because: str = "") -> None:
        """End what is booked of a grant that ends."""
        for booking in self.books.bookings.values():
            amount = sum(draw.open for draw in booking.draws if draw.grant is grant)
            if amount:
                for draw in booking.draws:
                    draw.open = 0 if draw.grant is grant else draw.open
                self.books.step(grant, "reserved", happening, amount, at, because or booking.event.id)
                booking.outcomes.append((why, amount, because))


def _them(pronoun: str) -> str:
    return "it" if pronoun == "it" else "them"
