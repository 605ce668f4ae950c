"""An oracle for benefits: a desk with a drawer of coins, which turns the pages of a calendar day by day.

Every unit of a benefit is a coin, kept in piles of equal coins. A pile knows the grant it belongs to, who holds it, its
last day, and where it lies. The desk goes through the local days one by one: what ends with the day before, what begins
with this one, then what was written down for it, in order. It reads terms and events as data and shares no code with
the library's own books.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from supportcontracts.contracts.benefits import Benefit, ExpiresAfter
from supportcontracts.events import (
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitEvent,
    BenefitExtended,
    BenefitGranted,
    BenefitReserved,
    ConditionMet,
    Event,
    NoShow,
    Redeemed,
    Replace,
    Void,
)
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Days, Months
from tests.oracle.days import MONTHS, local_day, plus_days, plus_months, second_of, start_of
from tests.oracle.facts import content, recorded

ORDER: tuple[tuple[type, ...], ...] = (
    (BenefitEnded,),
    (BenefitGranted,),
    (BenefitExtended,),
    (ConditionMet, BenefitAssigned),
    (BenefitCancelled, NoShow),
    (BenefitReserved,),
    (Redeemed,),
)
EVER = 10**15
Coins = dict[str, Any]


def later(day: date, amount: Days | Months) -> date:
    """Go forward on the calendar."""
    return plus_days(day, amount.count) if isinstance(amount, Days) else plus_months(day, amount.count)


def earlier(day: date, amount: Days | Months) -> date:
    """Go back on the calendar; a day that the month lacks is its last one."""
    if isinstance(amount, Days):
        return plus_days(day, -amount.count)
    year, month = day.year, day.month
    for _ in range(amount.count):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    for wanted in range(day.day, 0, -1):
        try:
            return date(year, month, wanted)
        except ValueError:
            continue
    raise AssertionError


def size(quantity: int | WorkTime) -> int:
    """Count coins."""
    return quantity.seconds if isinstance(quantity, WorkTime) else quantity


def happened(events: Iterable[Event], benefit: str) -> list[Any]:
    """List what counts, in no particular order: known once each, as corrected, and about this benefit."""
    once: dict[str, Event] = {}
    for event in sorted(events, key=recorded):
        assert content(once.setdefault(event.id, event)) == content(event)
    facts = {name: event for name, event in once.items() if not isinstance(event, (Void, Replace))}
    corrections = [event for event in once.values() if isinstance(event, (Void, Replace))]
    for correction in sorted(corrections, key=lambda each: (recorded(each), each.id)):
        if correction.target in once and isinstance(correction, Void):
            facts.pop(correction.target, None)
        elif correction.target in once and isinstance(correction, Replace):
            facts[correction.target] = correction.by
    return [event for event in facts.values() if getattr(event, "benefit", None) == benefit]


class Desk:
    """The drawer, the bookings, and what was refused, by the id of the event."""

    def __init__(self, benefit: Benefit) -> None:
        self.benefit = benefit
        self.zone = benefit.term[0].zone.name
        self.piles: list[Coins] = []
        self.grants: dict[str, Coins] = {}
        self.bookings: dict[str, BenefitReserved] = {}
        self.refused: dict[str, set[str]] = {}
        self.met: list[tuple[str, int]] = []
        self.earned: list[tuple[str | None, date, int]] = []
        self.over: int | None = None
        self.turns = 0
        self.lapsed: set[str] = set()
        self.planned: list[tuple[date, date, date, int]] = []  # first day, last day of the period, of the term, coins
        if benefit.per != "event":
            coins = size(benefit.quantity) * (len(benefit.products) if benefit.for_each else 1)
            for term in benefit.term[:1] if benefit.per == "once" else benefit.term:
                for first, last in self.periods(term.starts_on, term.last_day, benefit.per):
                    self.planned.append((first, last, term.last_day, coins))

    @staticmethod
    def periods(first: date, last: date, per: str) -> list[tuple[date, date]]:
        """Cut days into periods, each counted in months from the first day."""
        if per not in MONTHS:
            return [(first, last)]
        found: list[tuple[date, date]] = []
        while not found or found[-1][1] < last:
            start = plus_months(first, len(found) * MONTHS[per])
            found.append((start, min(plus_days(plus_months(first, (len(found) + 1) * MONTHS[per]), -1), last)))
        return found

    # Days

    def day(self, second: int) -> date:
        """The local day of a second."""
        return local_day(second, self.zone)

    def usable_to(self, last: date) -> date:
        """The last day with its grace."""
        return last if self.benefit.grace is None else later(last, self.benefit.grace)

    def ends(self, grant: Coins) -> int | None:
        """The first second at which a grant can no longer be used."""
        return None if grant["last"] is None else start_of(plus_days(self.usable_to(grant["last"]), 1), self.zone)

    def last_day(self, granted: date, period: date | None, term: date | None) -> date | None:
        """The last day that the terms give to coins of a day."""
        if self.benefit.expires_on is not None:
            return self.benefit.expires_on
        expires = self.benefit.expires
        if isinstance(expires, ExpiresAfter):
            return plus_days(later(granted, expires.life), -1) if expires.of == "grant" else term
        return {"period": period or term, "term": term}.get(expires or "")

    # Coins

    def lying(self, where: str, **which: Any) -> list[Coins]:
        """The piles that lie somewhere, and are of some kind."""
        return [
            pile
            for pile in self.piles
            if pile["where"] == where and pile["n"] and all(pile[key] == value for key, value in which.items())
        ]

    def count(self, where: str, **which: Any) -> int:
        """How many coins lie somewhere."""
        return sum(pile["n"] for pile in self.lying(where, **which))

    def carry(self, piles: list[Coins], coins: int, where: str, **to: Any) -> None:
        """Carry coins from piles, in order, to somewhere."""
        for pile in piles:
            taken = min(coins, pile["n"])
            if taken:
                pile["n"] -= taken
                coins -= taken
                self.turns += 1
                self.piles.append({**pile, "n": taken, "where": where, "turn": self.turns, **to})
        assert coins == 0

    def put(self, name: str, coins: int, start: int, last: date | None, **more: Any) -> None:
        """Put a new grant into the drawer."""
        plain = {"holder": None, "bought": False, "period": None}
        self.grants[name] = {"name": name, "start": start, "last": last, "closed": "", "coins": coins, **plain, **more}
        self.piles.append({"n": coins, "grant": name, "where": "left", "key": None, "turn": 0})

    def open(self) -> list[Coins]:
        """The grants that have not ended, in the order in which they are drawn."""
        found = [grant for grant in self.grants.values() if not grant["closed"]]
        return sorted(found, key=lambda one: (self.ends(one) or EVER, one["bought"], one["start"], one["name"]))

    # The pages

    def run(self, events: Iterable[Event], as_of: int) -> None:
        """Turn the pages up to an instant; what begins at it is left for later."""
        todo = sorted(
            (second_of(event.at), next(place for place, kinds in enumerate(ORDER) if isinstance(event, kinds)),
             event.id, event)
            for event in happened(events, self.benefit.id)
            if second_of(event.at) < as_of
        )  # fmt: skip
        first = min([self.benefit.term[0].starts_on, *(self.day(second) for second, *_ in todo)])
        page = plus_days(first, -1)
        while (opens := start_of(page, self.zone)) <= as_of:
            self.close_the_day(page)
            early = [entry for entry in todo if entry[0] == opens and entry[1] == 0]
            for entry in early:
                self.write(entry[3], entry[0])
            if opens < as_of:
                self.open_the_day(page)
            closes = start_of(plus_days(page, 1), self.zone)
            for entry in todo:
                if entry not in early and opens <= entry[0] < closes:
                    self.write(entry[3], entry[0])
            page = self.next_page(page, [self.day(second) for second, *_ in todo], self.day(as_of))

    def next_page(self, page: date, written: list[date], last: date) -> date:
        """Pass over the pages on which nothing ends, begins or is written."""
        ends = [plus_days(self.usable_to(grant["last"]), 1) for grant in self.open() if grant["last"] is not None]
        days = {*ends, *(first for first, *_ in self.planned), *written, last, plus_days(last, 1)}
        return min(day for day in days if day > page)

    def close_the_day(self, page: date) -> None:
        """What was usable up to the day before ends where this page begins."""
        for grant in self.open():
            if grant["last"] is None or plus_days(self.usable_to(grant["last"]), 1) != page:
                continue
            if self.benefit.by_expiry == "takes-place":
                self.lapsed |= {pile["key"] for pile in self.lying("reserved", grant=grant["name"])}
                self.carry(self.lying("reserved", grant=grant["name"]), self.count("reserved", grant=grant["name"]),
                           "forfeited", key=None)  # fmt: skip
            self.roll(grant, page)
            self.carry(self.lying("left", grant=grant["name"]), self.count("left", grant=grant["name"]), "forfeited")
            grant["closed"] = "expired"

    def roll(self, grant: Coins, page: date) -> None:
        """Carry coins over to the period that begins with this page."""
        terms, period = self.benefit.carry_over, grant["period"]
        if terms is None or period is None or self.over is not None or period + 1 >= len(self.planned):
            return
        if start_of(self.planned[period + 1][0], self.zone) != start_of(page, self.zone):
            return
        since, until = start_of(self.planned[period][0], self.zone), start_of(page, self.zone)
        if terms.condition and not any(name == terms.condition and since <= at < until for name, at in self.met):
            return
        left = self.count("left", grant=grant["name"])
        coins = int(left * terms.share)
        if terms.most is not None:
            coins = min(coins, size(terms.most))
        if not coins:
            return
        last = period + 1
        for _ in range(terms.lasts - 1):
            if last + 1 < len(self.planned) and plus_days(self.planned[last][1], 1) == self.planned[last + 1][0]:
                last += 1
        self.carry(self.lying("left", grant=grant["name"]), coins, "moved")
        grant["rolls"] = (coins, self.planned[last][1])

    def open_the_day(self, page: date) -> None:
        """What begins with a day: what was carried over, and what the terms grant."""
        start = start_of(page, self.zone)
        self.let_roll(start)
        if self.over is not None:
            return
        for place, (first, period, term, coins) in enumerate(self.planned):
            if first == page:
                last = self.last_day(first, period, term)
                ends = None if last is None else start_of(plus_days(self.usable_to(last), 1), self.zone)
                if ends is None or ends > start:
                    self.put(f"{self.benefit.id}/{first}", coins, start, last, period=place)

    def let_roll(self, start: int) -> None:
        """Put what was carried over into the drawer."""
        for grant in list(self.grants.values()):
            if "rolls" in grant:
                coins, last = grant.pop("rolls")
                self.put(f"{grant['name']} carried", coins, start, last, holder=grant["holder"], bought=grant["bought"])

    # What is written on a page

    def write(self, event: BenefitEvent, at: int) -> None:
        """Let an event happen, or refuse it."""
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in type(event).__name__)
        reasons = getattr(self, f"on{name}")(event, at)
        if reasons:
            self.refused[event.id] = set(reasons)

    def wrong(self, quantity: int | WorkTime) -> bool:
        """Whether a quantity is not counted as the benefit is."""
        return isinstance(quantity, WorkTime) != isinstance(self.benefit.quantity, WorkTime)

    def on_benefit_granted(self, event: BenefitGranted, at: int) -> list[str]:
        """Coins are given."""
        if self.wrong(event.quantity):
            return ["unit"]
        if self.over is not None:
            return ["ended-early"]
        day = self.day(at)
        term = next((each for each in self.benefit.term if each.starts_on <= day <= each.last_day), None)
        rule = self.benefit.earned if event.origin == "earned" else None
        window = None
        if rule is not None:
            if rule.by == "product" and self.benefit.products and event.earned_by not in self.benefit.products:
                return ["not-covered"]
            if term is None:
                return ["outside-term"]
            window = next(first for first, last in self.periods(term.starts_on, term.last_day, rule.per) if day <= last)
            have = sum(n for by, when, n in self.earned if (by, when) == (event.earned_by, window))
            if have + size(event.quantity) > size(rule.most):
                return ["earned-before"]
        period = None
        if term is not None and self.benefit.per != "event":
            period = next(
                last for _, last in self.periods(term.starts_on, term.last_day, self.benefit.per) if day <= last
            )
        last = event.expires_on or self.last_day(day, period, None if term is None else term.last_day)
        if last is not None and start_of(plus_days(self.usable_to(last), 1), self.zone) <= at:
            return ["expired"]
        if window is not None:
            self.earned.append((event.earned_by, window, size(event.quantity)))
        self.put(event.id, size(event.quantity), at, last, bought=event.origin == "bought")
        return []

    def on_condition_met(self, event: ConditionMet, at: int) -> list[str]:
        """A condition is met."""
        self.met.append((event.condition, at))
        return []

    def on_benefit_extended(self, event: BenefitExtended, at: int) -> list[str]:
        """A last day moves."""
        grants = [grant for grant in self.grants.values() if event.grant in (None, grant["name"])]
        if not grants:
            return ["unknown-grant"]
        reasons = [self.extend(grant, event, at) for grant in grants]
        if "" in reasons:
            return []
        return ["not-later"] if "not-later" in reasons else reasons[:1]

    def extend(self, grant: Coins, event: BenefitExtended, at: int) -> str:
        """Move the last day of one grant, or say why not."""
        if grant["closed"] == "early":
            return "ended-early"
        ends = start_of(plus_days(self.usable_to(event.expires_on), 1), self.zone)
        if grant["last"] is None or event.expires_on <= grant["last"] or ends <= at:
            return "not-later"
        if grant["closed"] and event.forfeited == "stay":
            return "expired"
        grant["last"] = event.expires_on
        if grant["closed"]:
            grant["closed"] = ""
            lost = self.lying("forfeited", grant=grant["name"])
            self.carry(lost, self.count("forfeited", grant=grant["name"]), "left", key=None)
        return ""

    def on_benefit_assigned(self, event: BenefitAssigned, at: int) -> list[str]:
        """Coins become a grant of a person."""
        if self.wrong(event.quantity):
            return ["unit"]
        if event.taken_from is not None and self.benefit.transfer == "not-transferable":
            return ["not-transferable"]
        named = () if self.benefit.transfer == "transferable" else self.benefit.holders
        if named and event.person not in named:
            return ["person"]
        from_ = [grant for grant in self.open() if grant["holder"] == event.taken_from]
        if sum(self.count("left", grant=grant["name"]) for grant in from_) < size(event.quantity):
            return [self.missing()]
        rest = size(event.quantity)
        for grant in from_:
            coins = min(rest, self.count("left", grant=grant["name"]))
            rest -= coins
            if coins:
                self.carry(self.lying("left", grant=grant["name"]), coins, "moved")
                last = grant["last"]
                expires = self.benefit.expires
                if isinstance(expires, ExpiresAfter) and expires.of == "assignment" and grant["holder"] is None:
                    last = plus_days(later(self.day(at), expires.life), -1)
                self.put(f"{grant['name']} {event.id}", coins, at, last, holder=event.person, bought=grant["bought"],
                         period=grant["period"])  # fmt: skip
        return []

    def missing(self) -> str:
        """Say why there are not enough coins."""
        if self.open():
            return "exceeds-left"
        if self.over is not None:
            return "ended-early"
        return "expired" if self.grants else "not-granted"

    def on_benefit_ended(self, event: BenefitEnded, at: int) -> list[str]:
        """The promise ends."""
        if self.over is not None:
            return ["ended-early"]
        self.let_roll(at)
        self.over = at
        if self.benefit.ended_early in ("forfeit", "refund"):
            to = "forfeited" if self.benefit.ended_early == "forfeit" else "refunded"
            for where in ("reserved", "left"):
                self.carry(self.lying(where), self.count(where), to, key=None)
            for grant in self.grants.values():
                grant["closed"] = "early"
        return []

    def conditions(
        self, event: BenefitReserved | Redeemed, quantity: int | WorkTime, booked: date | None, waived: set[str]
    ) -> set[str]:
        """List what the terms do not allow."""
        terms = self.benefit
        if self.wrong(quantity):
            return {"unit"}
        found = set()
        if event.exchange is not None:
            exchange = {each.what: each for each in terms.exchanges}.get(event.exchange)
            if exchange is None:
                found.add("exchange")
            elif size(quantity) % size(exchange.units):
                found.add("exchange-rest")
        if event.place is not None and terms.place:
            own = set(terms.place) - {"facility", "onsite", "online"}
            fits = event.place in terms.place
            fits = fits or (event.place == "facility" and bool(own))
            fits = fits or ("facility" in terms.place and event.place not in ("onsite", "online"))
            found |= set() if fits else {"place"}
        people = event.people or len(event.who)
        if terms.people is not None:
            most = terms.people * size(quantity) if terms.people_per == "unit" else terms.people
            found |= {"people"} if people > most else set()
        if terms.holders and terms.transfer != "transferable" and set(event.who) - set(terms.holders):
            found.add("person")
        starts = getattr(event, "takes_place_at", None)
        if booked is not None and terms.booking_lead is not None and starts is not None:
            last = earlier(self.day(second_of(starts)), terms.booking_lead)
            found |= {"booking-lead"} if booked > last else set()
        return {reason for reason in found if reason in ("exchange", "exchange-rest") or reason not in waived}

    def fitting(self, event: BenefitReserved | Redeemed, coins: int) -> tuple[list[Coins], set[str]]:
        """List the grants that somebody may use at that time, and why they are not enough."""
        starts, ends = getattr(event, "takes_place_at", None), getattr(event, "ends_at", None)
        last = None if starts is None else second_of(starts) if ends is None else second_of(ends) - 1
        assigned = isinstance(self.benefit.expires, ExpiresAfter) and self.benefit.expires.of == "assignment"
        timely, mine = [], []
        for grant in self.open():
            end = self.ends(grant)
            if self.benefit.by_expiry == "takes-place" and last is not None and end is not None and last >= end:
                continue
            timely.append(grant)
            if grant["holder"] in event.who if grant["holder"] else not assigned:
                mine.append(grant)

        def left(grants: list[Coins]) -> int:
            return sum(self.count("left", grant=grant["name"]) for grant in grants)

        if left(mine) >= coins:
            return mine, set()
        if left(self.open()) < coins:
            return mine, {self.missing()}
        if left(timely) < coins:
            return mine, {"after-expiry"}
        return mine, {"not-assigned" if assigned else "assigned-to-others"}

    def take(self, grants: list[Coins], coins: int, where: str, key: str | None) -> None:
        """Take coins from grants, in order."""
        for grant in grants:
            some = min(coins, self.count("left", grant=grant["name"]))
            self.carry(self.lying("left", grant=grant["name"]), some, where, key=key)
            coins -= some

    def on_benefit_reserved(self, event: BenefitReserved, at: int) -> set[str]:
        """Coins are set aside."""
        if event.key in self.bookings:
            return {"reserved-before"}
        found = self.conditions(event, event.quantity, self.day(at), set(event.waives))
        if "unit" in found:
            return found
        grants, short = self.fitting(event, size(event.quantity))
        if found | short:
            return found | short
        self.bookings[event.key] = event
        self.take(grants, size(event.quantity), "reserved", event.key)
        return set()

    def on_redeemed(self, event: Redeemed, at: int) -> set[str]:
        """Coins are used."""
        if event.reservation is not None:
            return self.kept(event)
        if event.quantity is None:
            return {"unit"}
        found = self.conditions(event, event.quantity, None, set(event.waives))
        if "unit" in found:
            return found
        grants, short = self.fitting(event, size(event.quantity))
        if found | short:
            return found | short
        self.take(grants, size(event.quantity), "redeemed", None)
        return set()

    def booked(self, key: str, quantity: int | WorkTime | None) -> tuple[list[Coins], int, str]:
        """The coins of a booking in the order in which they were drawn, how many an event is about, or why none."""
        if key not in self.bookings:
            return [], 0, "unknown-reservation"
        if quantity is not None and self.wrong(quantity):
            return [], 0, "unit"
        piles = sorted(self.lying("reserved", key=key), key=lambda pile: pile["turn"])
        there = sum(pile["n"] for pile in piles)
        coins = there if quantity is None else size(quantity)
        if there and coins <= there:
            return piles, coins, ""
        return [], 0, "expired" if not there and key in self.lapsed else "exceeds-reserved"

    def kept(self, event: Redeemed) -> set[str]:
        """Coins of a booking are used."""
        key = event.reservation or ""
        piles, coins, reason = self.booked(key, event.quantity)
        if reason:
            return {reason}
        quantity = WorkTime(coins) if isinstance(self.benefit.quantity, WorkTime) else coins
        found = self.conditions(event, quantity, None, {*event.waives, *self.bookings[key].waives})
        holders = {self.grants[pile["grant"]]["holder"] for pile in piles} - {None}
        if event.who and holders - set(event.who):
            found.add("assigned-to-others")
        if not found:
            self.carry(piles, coins, "redeemed", key=None)
        return found

    def undo(self, piles: list[Coins], coins: int, *, costs: bool) -> None:
        """Give coins of a booking back, the last drawn first, or lose them."""
        for pile in reversed(piles):
            some = min(coins, pile["n"])
            coins -= some
            back = "forfeited" if self.grants[pile["grant"]]["closed"] else "left"
            self.carry([pile], some, "lost" if costs else back, key=None)

    def on_benefit_cancelled(self, event: BenefitCancelled, at: int) -> set[str]:
        """A booking is cancelled."""
        piles, coins, reason = self.booked(event.key, event.quantity)
        if reason:
            return {reason}
        starts, notice = self.bookings[event.key].takes_place_at, self.benefit.cancel_notice
        costs = False
        if starts is not None and "cancel-notice" not in event.waives:
            begun = at >= second_of(starts)
            if notice is not None:
                late = begun or self.day(at) > earlier(self.day(second_of(starts)), notice)
                costs = late and self.benefit.late_cancel == "lost"
            else:
                costs = begun and self.benefit.no_show == "lost"
        self.undo(piles, coins, costs=costs)
        return set()

    def on_no_show(self, event: NoShow, at: int) -> set[str]:
        """Nobody comes."""
        piles, coins, reason = self.booked(event.key, None)
        booking = self.bookings.get(event.key)
        if booking is not None and booking.takes_place_at is not None and at < second_of(booking.takes_place_at):
            return {"not-yet"}
        if reason:
            return {reason}
        self.undo(piles, coins, costs=self.benefit.no_show == "lost")
        return set()


def at_the_desk(benefit: Benefit, events: Iterable[Event], as_of: int) -> Desk:
    """Turn the pages of a benefit up to an instant."""
    desk = Desk(benefit)
    desk.run(events, as_of)
    return desk
