"""What can happen in a history: one builder for each kind of event, and the scenes that put them on."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, get_args

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from supportcontracts.contracts.benefits import Benefit
from supportcontracts.events import (
    Acknowledged,
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    BenefitReserved,
    Cancelled,
    ChargeItem,
    Classified,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    Event,
    Fact,
    MarkedDuplicate,
    Merged,
    Notified,
    Opened,
    Origin,
    Payment,
    Released,
    Reopened,
    Replace,
    Reserved,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    TicketEvent,
    TierChanged,
    Triaged,
    Void,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkaroundProvided,
    WorkEntry,
)
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Quantity, Unit, WorkTime
from supportcontracts.testing.strategies._drawing import one_in, pick
from supportcontracts.testing.strategies._frame import Frame, draw_money, draw_price, draw_quantity
from supportcontracts.testing.strategies._story import DAY, HOUR, TICKETS, Story
from supportcontracts.testing.strategies.metering import POOLS, SEVERITIES, any_scope
from supportcontracts.testing.strategies.redeeming import BENEFIT_KINDS, Life, draw_benefit_event
from supportcontracts.testing.strategies.values import UNITS
from supportcontracts.timeline import Instant, epoch, from_epoch

__all__ = ["EVENTS", "TICKET_KINDS", "scenes"]


def __dir__() -> list[str]:
    return __all__


TICKET_KINDS: tuple[type[TicketEvent], ...] = get_args(TicketEvent)
EVENTS: tuple[type[Event], ...] = (*get_args(Fact), Void, Replace)

_SHIFTS = (0, 0, -1, 1, 9 * HOUR, DAY)
_WORK = st.integers(1, 3 * HOUR)
_TECHNICIANS = (None, "ana", "bo")
_TRAINING = Benefit("training", unit="training day", quantity=2, expires="term")
_ORIGINS: tuple[Origin, ...] = get_args(Origin)
_PATHS: tuple[tuple[type[TicketEvent], ...], ...] = (
    (Opened,),
    (Opened, Resolved),
    (Opened, Resolved, Reopened),
    (Opened, Cancelled),
    (Opened, Classified),
    (Opened, Merged),
    (Opened, MarkedDuplicate),
    (Opened, SeverityChanged, Resolved),
    (Opened, Responded, Resolved, Closed),
    (Opened, WaitingOnCustomer, CustomerReplied, Resolved),
    (Opened, Triaged, Acknowledged, WorkaroundProvided, Resolved),
    (Opened, WaitingOnVendor, TierChanged, Resumed, Resolved),
    (Opened, Notified, CustomerUnreachable, CustomerReachable, Resolved),
    (Opened, Closed, Reopened, Resolved),
    (Opened, Resolved, Classified),
    (Opened, Cancelled, Reopened, Closed),
    (Opened, Resolved, Reopened, Resolved),
    # What no tracker would send.
    (Opened, Opened),
    (Opened, Merged, MarkedDuplicate),
    (Resolved, Reopened, Opened),
)


TIERS = ("standard", "premium")
"""The names of the tiers to which tickets are moved."""


def draw_moment(draw: DrawFn, story: Story, *, lasting: int = 0) -> int:
    """Draw when something starts: at an instant in focus or next to it, or anywhere in and around the contract.

    What lasts may also end at that instant, or go on while it passes.
    """
    place = pick(draw, range(len(story.focus) + 1))
    if place == len(story.focus):
        return story.inside(story.stage.spans[0][0] + 900 * draw(story.anywhere))
    shifts = (*_SHIFTS, -lasting, -lasting, -lasting // 2) if lasting else _SHIFTS
    return story.inside(story.focus[place] + pick(draw, shifts))


def _head(
    draw: DrawFn, story: Story, id_: str, at: int, *, customer: Literal["named", "any"] = "any"
) -> dict[str, Any]:
    """Draw what every event has; `customer` says whether the event has to name it."""
    lag, said = pick(draw, story.records)
    contract = story.stage.contract
    return {
        "id": id_,
        "at": from_epoch(at),
        "customer": contract.customer if said or customer == "named" else None,
        "recorded_at": None if lag is None else from_epoch(at + lag),
        "contract": contract.id if said else None,
    }


def _attributes(draw: DrawFn, story: Story, names: Sequence[str]) -> dict[str, Any]:
    """Draw the attributes that the terms look at, and seldom all of them."""
    drawn = {name: pick(draw, values) for name, values in story.stage.attributes.items() if name in names}
    return {name: POOLS[name][0] for name in names} | drawn if one_in(draw, 6) else drawn


def draw_worked(draw: DrawFn, story: Story) -> int:
    """Draw seconds of work: a limit of the terms or next to it, all that is left of a stock, or anything short."""
    left = [stock - story.total for stock in story.stock if stock > story.total]
    if left and one_in(draw, 2):
        return pick(draw, left)
    place = pick(draw, range(len(story.stage.worked) + 2))
    return story.stage.worked[place] if place < len(story.stage.worked) else draw(_WORK)


def make_work(draw: DrawFn, story: Story, id_: str | None = None) -> WorkEntry:
    """Draw a work entry that starts at a moment, ends at it or runs across it."""
    worked = draw_worked(draw, story)
    at = draw_moment(draw, story, lasting=worked)
    words = story.stage.words
    options = _attributes(draw, story, tuple(POOLS))
    if "technicians" in words:
        options["technician"] = pick(draw, _TECHNICIANS)
    if "entry-rates" not in story.stage.without and one_in(draw, 2 if "entry-rates" in words else 8):
        options["rate"] = draw_price(draw, _frame(story, "work"))
    if story.keys:
        options["reservation"] = pick(draw, (None, *story.keys))
    if "non-billable" not in story.stage.without and one_in(draw, 8):
        options["billable"] = "non-billable"
    return WorkEntry(
        **_head(draw, story, id_ or story.name("W"), at, customer="named"),
        worked=WorkTime(worked),
        ticket=pick(draw, (None, *TICKETS)),
        **options,
    )


def make_item(draw: DrawFn, story: Story, id_: str | None = None) -> ChargeItem:
    """Draw a charge item; one below zero gives money back."""
    amount = draw_money(draw, _frame(story, "work"))
    if "negative-items" not in story.stage.without and one_in(draw, 3):
        amount = -amount
    return ChargeItem(
        **_head(draw, story, id_ or story.name("I"), draw_moment(draw, story), customer="named"),
        kind=pick(draw, ("travel", "expense")),
        amount=amount,
        ticket=pick(draw, (None, *TICKETS)),
    )


# Banks


def _frame(story: Story, unit: Unit) -> Frame:
    return Frame(unit, story.stage.contract.currency, story.stage.without)


def _units_of(draw: DrawFn, story: Story, unit: Unit) -> Quantity:
    return draw_quantity(draw, unit, 1 if "zero-quantities" in story.stage.without else 0)


def _last_day(draw: DrawFn, story: Story, at: int) -> date | None:
    """Draw the last day of a bank: none, so that it ends at a moment in focus, the day of the purchase, or later."""
    zone = story.stage.zone
    bought = zone.date_of_epoch(at)
    ends = [zone.date_of_epoch(moment - 1) for moment in story.focus]
    days = [None, *ends, bought, *(bought + timedelta(days=count) for count in (30, 1, 365))]
    if "expired-banks" in story.stage.without:
        days = [day for day in days if day is None or day >= bought]
    return pick(draw, days)


def _price(draw: DrawFn, frame: Frame) -> Price | Money | None:
    """Draw what a bank costs: a price per unit, nothing, or one amount of money."""
    how = pick(draw, ("price", "price", "nothing", "money"))
    if how == "price":
        return draw_price(draw, frame)
    return draw_money(draw, frame) if how == "money" else None


def make_purchase(draw: DrawFn, story: Story, id_: str | None = None) -> BankPurchase:
    """Draw the purchase of a bank that the contract's waterfalls can draw on, mostly, and that may end too soon."""
    stage = story.stage
    at = draw_moment(draw, story)
    unit = pick(draw, stage.bank_units or UNITS)
    options: dict[str, Any] = {}
    if one_in(draw, 4):
        options["origin"] = pick(draw, _ORIGINS)
    if one_in(draw, 4):
        options["usable_from"] = from_epoch(at + pick(draw, (HOUR, DAY, 30 * DAY, -DAY, 0)))
    if one_in(draw, 4):
        options["priority"] = pick(draw, (1, -1, 2))
    if len(stage.pools) > 1 or one_in(draw, 10):
        options["pool"] = pick(draw, stage.pools)
    if "held" in stage.words and one_in(draw, 2):
        options["held"] = "release"
    if one_in(draw, 4):
        options["scope"] = any_scope(draw, stage.without)
    return BankPurchase(
        **_head(draw, story, id_ or story.name("B"), at, customer="named"),
        quantity=_units_of(draw, story, unit),
        price=_price(draw, Frame(unit, stage.contract.currency, stage.without)),
        expires_on=_last_day(draw, story, at),
        **options,
    )


def _bank(draw: DrawFn, story: Story) -> str:
    """Draw the id of a bank, seldom of one that never was."""
    names = [*story.banks] or [f"B-{story.first}"]
    return "B-0" if one_in(draw, 8) else pick(draw, names)


def make_payment(draw: DrawFn, story: Story, id_: str | None = None) -> Payment:
    """Draw the payment of a bank."""
    at = draw_moment(draw, story)
    return Payment(**_head(draw, story, id_ or story.name("P"), at), bank=_bank(draw, story))


def make_extension(draw: DrawFn, story: Story, id_: str | None = None) -> BankExtended:
    """Draw a new last day of a bank, seldom one that is not later."""
    bank, at = _bank(draw, story), draw_moment(draw, story)
    known = story.banks.get(bank)
    day = known.expires_on if known and known.expires_on else story.stage.zone.date_of_epoch(at)
    later = day + timedelta(days=pick(draw, (30, 1, 365, 0, -1)))
    return BankExtended(
        **_head(draw, story, id_ or story.name("X"), at), bank=bank, expires_on=later, reason="project booked"
    )


def make_refund(draw: DrawFn, story: Story, id_: str | None = None) -> BankRefunded:
    """Draw units of a bank that are given back: all that is left, all that was bought, or some."""
    bank, at = _bank(draw, story), draw_moment(draw, story)
    known = story.banks.get(bank)
    unit: Unit = known.quantity.unit if known else pick(draw, UNITS)
    some = _units_of(draw, story, unit)
    whole = known.quantity if known else some
    quantity = pick(draw, (None, some, whole, whole * 2))
    return BankRefunded(**_head(draw, story, id_ or story.name("F"), at), bank=bank, quantity=quantity)


# Held and reserved use


def make_approval(draw: DrawFn, story: Story, id_: str | None = None) -> Approval:
    """Draw an approval, of all held use, of one entry or ticket, or of one that never was."""
    names = (None, *(fact.id for fact in story.facts.values() if isinstance(fact, WorkEntry)), *TICKETS, "W-0")
    head = _head(draw, story, id_ or story.name("A"), draw_moment(draw, story))
    return Approval(**head, of=pick(draw, names))


def make_reservation(draw: DrawFn, story: Story, id_: str | None = None) -> Reserved:
    """Draw a reservation that lapses after a while, or at a moment in focus."""
    stage, at = story.stage, draw_moment(draw, story)
    ends = [at + 2 * DAY, at + 1, *(moment for moment in story.focus if moment > at)]
    return Reserved(
        **_head(draw, story, id_ or story.name("R"), at),
        key=pick(draw, ("visit", "call")),
        quantity=_units_of(draw, story, pick(draw, stage.bank_units or UNITS)),
        expires_at=from_epoch(pick(draw, ends)),
    )


def make_release(draw: DrawFn, story: Story, id_: str | None = None) -> Released:
    """Draw a reservation that is given up, seldom one that never was."""
    head = _head(draw, story, id_ or story.name("R"), draw_moment(draw, story))
    return Released(**head, key=pick(draw, (*story.keys, "visit")))


# Tickets


def make_ticket_event(
    draw: DrawFn, story: Story, kind: type[TicketEvent], at: int, ticket: str, id_: str | None = None
) -> TicketEvent:
    """Draw one event of a ticket."""
    options: dict[str, Any] = {}
    if kind is Opened:
        options = _attributes(draw, story, ("product", "severity", "channel", "response"))
    elif kind is SeverityChanged:
        options = {"severity": pick(draw, SEVERITIES)}
    elif kind is Classified:
        options = {"finding": pick(draw, ("product-defect", "feature-request"))}
    elif kind is TierChanged:
        options = {"tier": pick(draw, TIERS)}
    elif kind is Merged:
        options = {"into": pick(draw, [other for other in TICKETS if other != ticket])}
    elif kind is MarkedDuplicate:
        options = {"of": pick(draw, [other for other in TICKETS if other != ticket])}
    return kind(**_head(draw, story, id_ or story.name("E"), at), ticket=ticket, **options)


def draw_path(draw: DrawFn, story: Story, tickets: Sequence[str] = TICKETS) -> list[TicketEvent]:
    """Draw what happens to a ticket, one thing after the other or at once, whether a tracker would send it or not."""
    ticket, at = pick(draw, tickets), draw_moment(draw, story)
    path = [] if one_in(draw, 3) else [kind for kind in pick(draw, _PATHS) if story.wants(kind)]
    if not path:  # One more thing, whether it fits or not.
        path = [pick(draw, [kind for kind in TICKET_KINDS if story.wants(kind)])]
    events: list[TicketEvent] = []
    for kind in path:
        if events:
            gaps = story.stage.reopening if kind is Reopened else (HOUR, 0, DAY)
            at = story.inside(at + pick(draw, gaps))
        events.append(make_ticket_event(draw, story, kind, at, ticket))
    return events


# Corrections and repeats


def _target(draw: DrawFn, story: Story) -> str:
    """Draw the id of an event to correct, seldom of one that is not there."""
    return pick(draw, [*story.facts]) if story.facts and not one_in(draw, 6) else "W-0"


def make_void(draw: DrawFn, story: Story) -> Void:
    """Draw the removal of an event."""
    target = _target(draw, story)
    return Void(**_head(draw, story, story.name("V"), draw_moment(draw, story)), target=target)


def make_replacement(draw: DrawFn, story: Story) -> Replace:
    """Draw the replacement of an event: by another of its kind, or by the same at another instant."""
    target = _target(draw, story)
    by = _instead(draw, story, story.facts.get(target), target)
    return Replace(**_head(draw, story, story.name("C"), draw_moment(draw, story)), target=target, by=by)


def _instead(draw: DrawFn, story: Story, fact: Fact | None, id_: str) -> Fact:
    match fact:
        case None | WorkEntry():
            return make_work(draw, story, id_)
        case BankPurchase():
            return make_purchase(draw, story, id_)
        case ChargeItem():
            return make_item(draw, story, id_)
        case Reserved():
            return make_reservation(draw, story, id_)
        case BenefitReserved():
            at = from_epoch(draw_moment(draw, story))
            return attrs.evolve(fact, at=at, recorded_at=None, takes_place_at=None, ends_at=None)
        case _:
            return attrs.evolve(fact, at=from_epoch(draw_moment(draw, story)), recorded_at=None)


def make_repeat(draw: DrawFn, story: Story) -> Event:
    """Draw an event that comes once more: exactly, or recorded at another instant."""
    event = pick(draw, story.events)
    again: tuple[Instant | None, ...] = (event.recorded_at, None)
    if "late-records" not in story.stage.without:
        again = (*again, from_epoch(epoch(event.at) + 2 * DAY))
    return attrs.evolve(event, recorded_at=pick(draw, again))


# Scenes


Scene = Callable[[DrawFn, Story], None]


def _one(make: Callable[[DrawFn, Story], Event]) -> Scene:
    """Make a scene of one event."""

    def scene(draw: DrawFn, story: Story) -> None:
        story.add(make(draw, story))

    return scene


def _ticket(draw: DrawFn, story: Story) -> None:
    for event in draw_path(draw, story):
        story.add(event)


def _purchase(draw: DrawFn, story: Story) -> None:
    """Buy a bank and, where banks have to be paid for, pay it."""
    bank = make_purchase(draw, story)
    story.add(bank)
    if "paid" in story.stage.words and story.wants(Payment) and not one_in(draw, 3):
        at = epoch(bank.at) + pick(draw, (0, DAY, 30 * DAY, -DAY))
        story.add(Payment(**_head(draw, story, story.name("P"), story.inside(at)), bank=bank.id))


_AFTERMATHS: dict[type[Event], Callable[[DrawFn, Story], Event]] = {
    BankExtended: make_extension,
    BankRefunded: make_refund,
    Payment: make_payment,
}


def _aftermath(draw: DrawFn, story: Story) -> None:
    """Extend, refund or pay a bank, or buy one first if there is none."""
    if story.banks or not story.wants(BankPurchase):
        kind = pick(draw, [kind for kind in _AFTERMATHS if story.wants(kind)])
        story.add(_AFTERMATHS[kind](draw, story))
    else:
        _purchase(draw, story)


def _benefit(draw: DrawFn, story: Story) -> None:
    """Let something happen to a benefit, which changes no line of a rating."""
    kind = pick(draw, [kind for kind in BENEFIT_KINDS if story.wants(kind)])
    contract, at = story.stage.contract, draw_moment(draw, story)
    promised = _TRAINING.under(
        customer=contract.customer, contract=contract.id, term=tuple(phase.term for phase in contract.dated_phases)
    )
    event = draw_benefit_event(draw, Life(promised), kind, story.name("N"), at)
    head = _head(draw, story, event.id, at)
    story.add(attrs.evolve(event, **{name: head[name] for name in ("customer", "recorded_at", "contract")}))


def _repeat(draw: DrawFn, story: Story) -> None:
    if story.events:
        story.add(make_repeat(draw, story))
    else:
        pick(draw, scenes(story))(draw, story)


def scenes(story: Story) -> list[Scene]:
    """List the scenes that can follow, each as often as it should come up, the simplest first."""
    stage = story.stage
    banked, held, counted = bool(stage.bank_units), "held" in stage.words, "incidents" in stage.units
    wheel: list[tuple[Scene, int, tuple[type[Event], ...]]] = [
        (_one(make_work), 6 if "work" in stage.units else 2, (WorkEntry,)),
        (_ticket, 5 if counted else 1, TICKET_KINDS),
        (_purchase, 4 if banked else 1, (BankPurchase,)),
        (_one(make_item), 1, (ChargeItem,)),
        (_aftermath, 5 if banked else 1, tuple(_AFTERMATHS)),
        (_one(make_approval), 3 if held else 1, (Approval,)),
        (_one(make_reservation), 1, (Reserved,)),
        (_one(make_release), 1, (Released,)),
        (_one(make_void), 2, (Void,)),
        (_one(make_replacement), 2, (Replace,)),
        (_benefit, 1, BENEFIT_KINDS),
    ]
    found = [scene for scene, often, kinds in wheel if story.wants(*kinds) for _ in range(often)]
    return found if "repeats" in stage.without else [*found, _repeat]
