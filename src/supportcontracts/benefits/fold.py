"""The fold: the grants that terms make and the events that happened, in order, into the books of one benefit.

At one instant what ends comes first (grants expire, the promise ends early), then what begins (grants, what is carried
over), then events by their rank and id (D3). Inside are epoch seconds and raw whole units; local days decide about
expiry, booking lead and cancellation notice, in the zone of the promise.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from supportcontracts.benefits.bookings import Bookings
from supportcontracts.benefits.books import CARRIED, Books, OpenGrant
from supportcontracts.benefits.judging import Unmet, they
from supportcontracts.contracts.benefits import Benefit, ExpiresAfter
from supportcontracts.contracts.benefits.schedule import Due, expiry_of, grants_due, last_usable_day
from supportcontracts.contracts.benefits.units import raw
from supportcontracts.contracts.wording.words import day_in_words, listed
from supportcontracts.events import (
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitExtended,
    BenefitGranted,
    BenefitReserved,
    ConditionMet,
    NoShow,
    Redeemed,
)
from supportcontracts.ledger import NEVER, OpenLot
from supportcontracts.timeline import Days, Period, PeriodLength, Term, periods

__all__ = ["Fact", "Fold"]


def __dir__() -> list[str]:
    return __all__


Fact = tuple[int, int, str, Any]
"""An event in canonical order: (instant, kind rank, id, event)."""

_ONE_DAY = Days(1)


class Fold:
    """One pass over the facts of one benefit; mutable, private, and gone when the call returns."""

    __slots__ = ("arriving", "benefit", "bookings", "books", "conditions", "due", "dues", "earned", "handlers", "zone")

    def __init__(self, benefit: Benefit) -> None:
        self.benefit = benefit
        self.zone = benefit.zone
        self.books = Books(benefit)
        self.bookings = Bookings(self.books)
        self.dues: list[tuple[int, Due]] = [
            (self.zone.start_of_epoch(due.starts_on), due) for due in grants_due(benefit)
        ]
        self.due = 0
        self.arriving: list[OpenGrant] = []
        self.conditions: list[tuple[str, int]] = []
        self.earned: dict[tuple[str | None, date], int] = {}
        self.handlers: dict[type, Callable[[Any, int], None]] = {
            BenefitGranted: self.granted,
            BenefitAssigned: self.assigned,
            BenefitExtended: self.extended,
            BenefitEnded: self.ended,
            ConditionMet: self.condition_met,
            BenefitReserved: self.bookings.reserved,
            BenefitCancelled: self.bookings.cancelled,
            NoShow: self.bookings.no_show,
            Redeemed: self.bookings.redeemed,
        }

    # -- the pass ---------------------------------------------------------------------------------------------------

    def run(self, facts: Sequence[Fact], until: int, *, beginnings: bool = False) -> Books:
        """Take the facts in order, with what falls due by itself merged in, up to an instant.

        At `until` itself what ends has ended; what begins there has only if `beginnings` says so (D2).
        """
        for at, rank, _, event in facts:
            self.advance(at, beginnings=rank > 0)
            self.books.by_event = True
            self.handlers[type(event)](event, at)
            self.books.by_event = False
        self.advance(until, beginnings=beginnings)
        return self.books

    def advance(self, until: int, *, beginnings: bool) -> None:
        """Let grants end and begin, up to an instant and at it."""
        while True:
            ending = self.books.next_end()
            ends = NEVER if ending is None else ending.lot.ends
            starts = self.arriving[0].lot.starts if self.arriving else NEVER
            if self.due < len(self.dues):
                starts = min(starts, self.dues[self.due][0])
            if ending is not None and ends <= min(until, starts):
                self.expire(ending)
            elif starts < until or (starts == until and beginnings):
                self.begin(starts)
            else:
                return

    # -- what falls due by itself -----------------------------------------------------------------------------------

    def begin(self, at: int) -> None:
        """Let what begins at an instant begin: what was carried over, then what the terms grant."""
        if self.arriving and self.arriving[0].lot.starts == at:
            grant = self.arriving.pop(0)
            self.books.open(grant, at, "roll-in", grant.id.removesuffix(CARRIED))
            return
        place, (_, due) = self.due, self.dues[self.due]
        self.due += 1
        expires_on = expiry_of(self.benefit, due.starts_on, due.period_last, due.term.last_day)
        ends = self.end_of(expires_on)
        if self.books.over is None and ends > at:
            self.books.open(self.new(due.name, due.amount, at, ends, expires_on, due=place), at, "grant")

    def new(
        self,
        name: str,
        amount: int,
        at: int,
        ends: int,
        expires_on: date | None,
        *,
        origin: str = "granted",
        **more: Any,
    ) -> OpenGrant:
        """Make a grant; it is on the books once it is opened."""
        lot = OpenLot(
            name, source=self.benefit.id, kind="grant", unit=self.benefit.unit, quantity=amount, left=amount,
            starts=at, ends=ends, expires_on=expires_on, origin=origin,
        )  # fmt: skip
        return OpenGrant(lot, expires_on=expires_on, **more)

    def end_of(self, expires_on: date | None) -> int:
        """Return the first second after the last usable day, which is after the grace (N4)."""
        if expires_on is None:
            return NEVER
        return self.zone.start_of_epoch(_ONE_DAY.after(last_usable_day(self.benefit, expires_on)))

    def expire(self, grant: OpenGrant) -> None:
        """End a grant: what is left is carried over or forfeited, and so is what has not taken place in time."""
        at = grant.lot.ends
        if self.benefit.by_expiry == "takes-place":
            self.bookings.lapse(grant, "expire", at, "lapsed")
        carried = self.carried(grant, at)
        if carried is not None:
            self.books.step(grant, "left", "move", carried.lot.quantity, at, carried.id)
            self.arriving.append(carried)
        self.books.step(grant, "left", "expire", grant.units["left"], at)
        self.books.close(grant, at, "expired")

    def carried(self, grant: OpenGrant, at: int) -> OpenGrant | None:
        """Return what a grant hands on to the period that starts where it ends, if the terms carry over (N8)."""
        terms = self.benefit.carry_over
        if terms is None or grant.due is None or self.books.over is not None:
            return None
        follow = grant.due + 1
        if follow == len(self.dues) or self.dues[follow][0] != at:
            return None
        since = self.dues[grant.due][0]
        met = not terms.condition or any(
            name == terms.condition and since <= when < at for name, when in self.conditions
        )
        amount = terms.carried(grant.units["left"]) if met else 0
        if not amount:
            return None
        last = follow
        while last + 1 < min(len(self.dues), follow + terms.lasts) and self._adjoin(last):
            last += 1
        expires_on = self.dues[last][1].period_last
        return self.new(
            f"{grant.id}{CARRIED}", amount, at, self.end_of(expires_on), expires_on,
            origin=grant.lot.origin, holder=grant.holder, worth=grant.worth,
        )  # fmt: skip

    def _adjoin(self, place: int) -> bool:
        return _ONE_DAY.after(self.dues[place][1].period_last) == self.dues[place + 1][1].starts_on

    # -- events about grants ----------------------------------------------------------------------------------------

    def granted(self, event: BenefitGranted, at: int) -> None:
        """Grant what was given, bought or earned, unless it was earned before, or would have expired already."""
        unmet = self.bookings.wrong_unit(event.quantity) or self._ungranted(event)
        if unmet is None:
            unmet = self._unearned(event, at)
        if unmet is not None:
            self.books.refuse(event.id, at, unmet)
            return
        day = self.zone.date_of_epoch(at)
        term = self._term_of(day)
        period_last = None if term is None or self.benefit.per == "event" else self._period_of(day, term).last_day
        expires_on = event.expires_on or expiry_of(
            self.benefit, day, period_last, None if term is None else term.last_day
        )
        ends = self.end_of(expires_on)
        if expires_on is not None and ends <= at:
            words = f"{they(self.benefit)[0]} would have expired on {day_in_words(expires_on)}"
            self.books.refuse(event.id, at, Unmet("expired", words))
            return
        if event.origin == "earned" and self.benefit.earned is not None:
            self._count(event, day, raw(event.quantity))
        origin = "bought" if event.origin == "bought" else "granted"
        grant = self.new(event.id, raw(event.quantity), at, ends, expires_on, origin=origin, worth=event.worth)
        self.books.open(grant, at, "grant", event.id)

    def _ungranted(self, event: BenefitGranted) -> Unmet | None:
        if self.books.over is not None:
            return self.bookings.is_over()
        if event.id in self.books.grants or any(due.name == event.id for _, due in self.dues):
            return Unmet("id-taken", f"there is a grant {event.id} already")
        return None

    def _unearned(self, event: BenefitGranted, at: int) -> Unmet | None:
        """Say why something earns nothing: it is not covered, lies outside the terms, or earned its units before."""
        earned = self.benefit.earned
        if event.origin != "earned" or earned is None:
            return None
        what = event.earned_by or f"what is not said to be a {earned.by}"
        if earned.by == "product" and self.benefit.products and event.earned_by not in self.benefit.products:
            return Unmet("not-covered", f"{what} is not covered: only {listed(self.benefit.products)} earn any")
        day = self.zone.date_of_epoch(at)
        term = self._term_of(day)
        if term is None:
            return Unmet("outside-term", f"nothing can be earned on {day_in_words(day)}, outside the term")
        have = self.earned.get((event.earned_by, self._window(day, term, earned.per)), 0)
        if have + raw(event.quantity) > raw(earned.most):
            return Unmet("earned-before", f"{what} has earned {self.benefit.of(have)} already, and earns {earned}")
        return None

    def _count(self, event: BenefitGranted, day: date, amount: int) -> None:
        earned, term = self.benefit.earned, self._term_of(day)
        assert earned is not None
        assert term is not None
        key = event.earned_by, self._window(day, term, earned.per)
        self.earned[key] = self.earned.get(key, 0) + amount

    def _term_of(self, day: date) -> Term | None:
        return next((term for term in self.benefit.term if term.starts_on <= day <= term.last_day), None)

    def _period_of(self, day: date, term: Term) -> Period:
        per: PeriodLength = "term" if self.benefit.per in ("once", "event") else self.benefit.per  # type: ignore[assignment]  # the other words are lengths
        return next(period for period in periods(term, per) if day <= period.last_day)

    def _window(self, day: date, term: Term, per: PeriodLength) -> date:
        """Name the period in which something is earned by its first day."""
        return next(period.starts_on for period in periods(term, per) if day <= period.last_day)

    def condition_met(self, event: ConditionMet, at: int) -> None:
        """Remember that a condition was met."""
        self.conditions.append((event.condition, at))

    def extended(self, event: BenefitExtended, at: int) -> None:
        """Move the last day of grants to a later one; nothing that is left, reserved or used changes (N13)."""
        grants = [*self.books.grants.values()]
        if event.grant is not None:
            grants = [grant for grant in grants if grant.id == event.grant]
        if not grants:
            known = f"there is no grant {event.grant}" if event.grant else "nothing has been granted"
            self.books.refuse(event.id, at, Unmet("unknown-grant", known))
            return
        reasons = [self._extend(grant, event, at) for grant in grants]
        if None not in reasons:
            reason = next(
                (reason for reason in reasons if reason is not None and reason.code == "not-later"), reasons[0]
            )
            assert reason is not None
            self.books.refuse(event.id, at, reason)

    def _extend(self, grant: OpenGrant, event: BenefitExtended, at: int) -> Unmet | None:
        """Extend one grant, or say why it is not extended."""
        they_, are, _ = they(self.benefit)
        ends = self.end_of(event.expires_on)
        if grant.closed == "early":
            return self.bookings.is_over()
        if grant.expires_on is None or event.expires_on <= grant.expires_on or ends <= at:
            until = "do not expire" if grant.expires_on is None else f"last until {day_in_words(grant.expires_on)}"
            return Unmet(
                "not-later", f"{grant.id}: its units {until}; {day_in_words(event.expires_on)} is no extension"
            )
        if grant.closed and event.forfeited == "stay":
            return Unmet("expired", f"{grant.id}: {they_} {are} forfeited since {day_in_words(grant.expires_on)}")
        grant.expires_on = event.expires_on
        grant.lot.ends = ends
        if grant.closed:
            grant.closed = ""
            self.books.step(grant, "forfeited", "revive", grant.units["forfeited"], at, event.id)
        self.books.note(at, grant)
        return None

    def assigned(self, event: BenefitAssigned, at: int) -> None:
        """Give units to a person: they become a grant of that person, and may start to expire with it (N10)."""
        unmet = self.bookings.wrong_unit(event.quantity) or self._unassignable(event)
        amount = raw(event.quantity)
        parents = [grant for grant in self.books.in_order() if grant.holder == event.taken_from]
        if unmet is None and sum(grant.units["left"] for grant in parents) < amount:
            unmet = self.bookings.shortage(amount, parents)
        if unmet is not None:
            self.books.refuse(event.id, at, unmet)
            return
        for parent in parents:
            took = min(amount, parent.units["left"])
            amount -= took
            if took:
                self._hand_to(event, parent, took, at)

    def _unassignable(self, event: BenefitAssigned) -> Unmet | None:
        free = self.benefit.transfer == "transferable"
        if event.taken_from is not None and self.benefit.transfer == "not-transferable":
            return Unmet("not-transferable", f"what is assigned to {event.taken_from} cannot go to {event.person}")
        if self.benefit.holders and not free and event.person not in self.benefit.holders:
            them = "it" if they(self.benefit)[0] == "it" else "them"
            return Unmet("person", f"only {listed(self.benefit.holders)} may use {them}, not {event.person}")
        return None

    def _hand_to(self, event: BenefitAssigned, parent: OpenGrant, took: int, at: int) -> None:
        expires, expires_on, ends = self.benefit.expires, parent.expires_on, parent.lot.ends
        if isinstance(expires, ExpiresAfter) and self.benefit.needs_assignment and parent.holder is None:
            expires_on = _ONE_DAY.before(expires.life.after(self.zone.date_of_epoch(at)))
            ends = self.end_of(expires_on)
        name = f"{parent.id} {event.id}"
        self.books.step(parent, "left", "move", took, at, event.id)
        grant = self.new(
            name, took, at, ends, expires_on,
            origin=parent.lot.origin, holder=event.person, worth=parent.worth, due=parent.due,
        )  # fmt: skip
        self.books.open(grant, at, "roll-in", event.id)

    def ended(self, event: BenefitEnded, at: int) -> None:
        """End the promise before its time: no more grants, and of what is left what the terms say (N14)."""
        if self.books.over is not None:
            self.books.refuse(event.id, at, self.bookings.is_over())
            return
        self.books.over = at
        while self.arriving:  # what was carried over to this very instant is there
            self.begin(self.arriving[0].lot.starts)
        self.due = len(self.dues)
        if self.benefit.ended_early not in ("forfeit", "refund"):
            return
        refund = self.benefit.ended_early == "refund"
        for grant in [*self.books.grants.values()]:
            self.bookings.lapse(grant, "cancel" if refund else "expire", at, "ended-early", event.id)
            self.books.step(grant, "left", "repay" if refund else "expire", grant.units["left"], at, event.id)
            self.books.close(grant, at, "early")
