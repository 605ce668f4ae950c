"""Events: values with an id and two instants, refused where they cannot be, and in a total order at one instant."""

import pickle
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, get_args

import attrs
import pytest

from supportcontracts import Money, Price, Scope, Zone, hours, incidents, minutes
from supportcontracts import events as module
from supportcontracts.errors import FloatRefused, InvalidValue, NaiveTime, UnitMismatch
from supportcontracts.events import (
    RANKS,
    Acknowledged,
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitExtended,
    BenefitGranted,
    BenefitReserved,
    Cancelled,
    ChargeItem,
    Classified,
    Closed,
    ConditionMet,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    Event,
    Fact,
    MarkedDuplicate,
    Merged,
    NoShow,
    Notified,
    Opened,
    Payment,
    Redeemed,
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
    kind_rank,
)
from supportcontracts.events import _head as head_module
from supportcontracts.events import benefits as benefits_module
from supportcontracts.events import corrections as corrections_module
from supportcontracts.events import purchases as purchases_module
from supportcontracts.events import tickets as tickets_module
from supportcontracts.events import work as work_module
from supportcontracts.events._head import Head, TicketHead
from supportcontracts.events.benefits import BenefitHead
from supportcontracts.timeline import NoSuchDate, epoch, from_epoch
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

at = Zone("UTC").at
NOON, LATER = at("2025-03-04 12:00"), at("2025-03-05 09:00")
HEAD: dict[str, Any] = {"customer": "elm", "recorded_at": LATER, "contract": "C-101"}

WORK = WorkEntry(
    "W-1", NOON, **HEAD, worked=hours(1), ticket="T-1", product="atlas", severity=2, channel="phone", role="senior",
    work_type="support", window="night", response="urgent", technician="mo", billable="non-billable",
    rate=Price("150 EUR/h"), reservation="T-1/visit", note="slow import",
)  # fmt: skip
BANK = BankPurchase(
    "B-1", NOON, **HEAD, quantity=hours(20), price=Price("115 EUR/h"), expires_on="2026-03-03", usable_from=LATER,
    origin="granted", priority=3, scope=Scope(products="atlas"), pool="project", held="release", note="project",
)  # fmt: skip
EVENTS: dict[type[Event], Event] = {
    type(event): event
    for event in (
        WORK,
        ChargeItem("X-1", NOON, **HEAD, kind="travel", amount=Money("45 EUR"), ticket="T-1", note="to Leipzig"),
        Approval("A-1", NOON, **HEAD, of="W-1"),
        Reserved("R-1", NOON, **HEAD, key="T-1/visit", quantity=hours(2), expires_at=LATER),
        Released("R-2", NOON, **HEAD, key="T-1/visit"),
        BANK,
        Payment("P-1", NOON, **HEAD, bank="B-1"),
        BankExtended("X-2", NOON, **HEAD, bank="B-1", expires_on="2026-06-30", reason="project booked"),
        BankRefunded("X-3", NOON, **HEAD, bank="B-1", quantity=hours(2)),
        Opened(
            "E-1", NOON, **HEAD, ticket="T-1", product="atlas", severity=2, channel="phone", response="urgent",
            contact="ines.roth", note="slow import",
        ),
        Responded("E-2", NOON, **HEAD, ticket="T-1"),
        WaitingOnCustomer("E-3", NOON, **HEAD, ticket="T-1"),
        CustomerReplied("E-4", NOON, **HEAD, ticket="T-1"),
        SeverityChanged("E-5", NOON, **HEAD, ticket="T-1", severity=1),
        Resolved("E-6", NOON, **HEAD, ticket="T-1"),
        Closed("E-7", NOON, **HEAD, ticket="T-1"),
        Reopened("E-8", NOON, **HEAD, ticket="T-1"),
        Cancelled("E-9", NOON, **HEAD, ticket="T-1"),
        Merged("E-10", NOON, **HEAD, ticket="T-1", into="T-0"),
        MarkedDuplicate("E-11", NOON, **HEAD, ticket="T-1", of="T-0"),
        Classified("E-12", NOON, **HEAD, ticket="T-1", finding="product-defect"),
        Acknowledged("E-13", NOON, **HEAD, ticket="T-1"),
        Triaged("E-14", NOON, **HEAD, ticket="T-1"),
        Notified("E-15", NOON, **HEAD, ticket="T-1"),
        WaitingOnVendor("E-16", NOON, **HEAD, ticket="T-1"),
        Resumed("E-17", NOON, **HEAD, ticket="T-1"),
        CustomerUnreachable("E-18", NOON, **HEAD, ticket="T-1"),
        CustomerReachable("E-19", NOON, **HEAD, ticket="T-1"),
        TierChanged("E-20", NOON, **HEAD, ticket="T-1", tier="premium"),
        WorkaroundProvided("E-21", NOON, **HEAD, ticket="T-1"),
        BenefitGranted(
            "G-1", NOON, **HEAD, benefit="credits", quantity=2, origin="earned", expires_on="2026-03-03",
            worth=Money("25 EUR"), earned_by="atlas", reason="renewed",
        ),
        BenefitAssigned("G-2", NOON, **HEAD, benefit="credits", person="ines.roth", quantity=1, taken_from="paul.ade"),
        BenefitReserved(
            "G-3", NOON, **HEAD, benefit="credits", key="berlin", quantity=1, takes_place_at=LATER,
            ends_at=at("2025-03-06 17:00"), who="ines.roth", people=2, place="online", exchange="conference",
            waives="booking-lead", note="two days",
        ),
        BenefitCancelled(
            "G-4", NOON, **HEAD, benefit="credits", key="berlin", quantity=hours(1), waives="cancel-notice",
            reason="ill",
        ),
        NoShow("G-5", NOON, **HEAD, benefit="credits", key="berlin"),
        Redeemed(
            "G-6", NOON, **HEAD, benefit="credits", quantity=1, reservation="berlin", who=["ines.roth", "paul.ade"],
            people=2, place="online", exchange="conference", amount=Money("400 EUR"), waives="people", note="two days",
        ),
        BenefitExtended(
            "G-7", NOON, **HEAD, benefit="credits", expires_on="2026-06-30", reason="ill", grant="G-1",
            forfeited="return",
        ),
        ConditionMet("G-8", NOON, **HEAD, benefit="credits", condition="check-in"),
        BenefitEnded("G-9", NOON, **HEAD, benefit="credits", reason="terminated"),
        Void("V-1", NOON, **HEAD, target="W-2", reason="typed twice"),
        Replace("V-2", NOON, **HEAD, target="W-1", by=WORK, reason="wrong day"),
    )
}  # fmt: skip
ALL = list(EVENTS.values())
NAMES = [type(event).__name__ for event in ALL]
TICKETS = get_args(TicketEvent)


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of the package and of its parts lists what `__all__` lists."""
    parts = (
        module, head_module, benefits_module, corrections_module, purchases_module, tickets_module, work_module,
    )  # fmt: skip
    for part in parts:
        assert dir(part) == sorted(part.__all__)


def test_there_is_an_example_of_every_event() -> None:
    """The examples below are of all events, so that no event escapes the tests below."""
    assert set(EVENTS) == {*get_args(Fact), Void, Replace}


# -- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_events_are_values(event: Event) -> None:
    """Every event compares, hashes, pickles, does not change, and is closed to subclassing."""
    assert_is_a_value(event)


@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_an_event_knows_the_second_in_which_it_happened(event: Event) -> None:
    """An event counts its instant in seconds since 1970, once; a changed event counts anew."""
    assert event.epoch == epoch(event.at)
    moved = attrs.evolve(event, at=from_epoch(event.epoch - 90))
    assert (moved.epoch, pickle.loads(pickle.dumps(moved)).epoch) == (event.epoch - 90, event.epoch - 90)


@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_an_event_needs_its_id_and_its_instant(event: Event) -> None:
    """What every event has comes first and by position; everything else is a keyword with its name."""
    first, second, *others = (field for field in attrs.fields(type(event)) if field.init)
    assert (first.name, second.name) == ("id", "at")
    assert not any(field.kw_only for field in (first, second))
    assert all(field.kw_only for field in others)


@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_events_differ_by_id_instant_and_whose_they_are(event: Event) -> None:
    """Two events of one kind are equal only if what every event has is."""
    others = {"at": at("2025-03-04 12:01"), "customer": "birchwood", "recorded_at": NOON, "contract": "C-102"}
    if not isinstance(event, Replace):
        others["id"] = "other"
    assert_all_differ([event, *(changed(event, **{name: value}) for name, value in others.items())])


def test_events_of_different_kinds_are_never_equal() -> None:
    """The kind is part of what an event is, even if all its fields are the same."""
    plain = (
        Acknowledged, Triaged, Notified, Responded, WaitingOnCustomer, WaitingOnVendor, Resumed, CustomerReplied,
        CustomerUnreachable, CustomerReachable, WorkaroundProvided, Resolved, Closed, Reopened, Cancelled,
    )  # fmt: skip
    assert_all_differ(kind("E-1", NOON, ticket="T-1") for kind in plain)
    assert_all_differ(ALL)


@pytest.mark.rule("D4")
@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_instants_are_whole_seconds_in_utc(event: Event) -> None:
    """Any aware datetime is accepted, and becomes the same instant in UTC, without its fraction of a second."""
    berlin = Zone("Europe/Berlin").at("2025-03-04 13:00").replace(microsecond=999_999)
    same = changed(event, at=berlin, recorded_at=berlin)
    assert same.at == NOON == same.recorded_at
    assert same.at.utcoffset() == NOON.utcoffset()


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_no_field_takes_what_does_not_belong_there(event: Event) -> None:
    """Every field of every event refuses a value of another kind, with an error that says what was expected."""
    assert_refuses_what_does_not_belong(event)


@pytest.mark.parametrize("event", ALL, ids=NAMES)
def test_every_event_is_named_and_timed(event: Event) -> None:
    """An event without an id, with a number for one, or at a time without a zone is refused."""
    name = type(event).__name__
    refused(lambda: changed(event, id=""), InvalidValue, f"{name}.id got ''", "an id was expected, as a text")
    refused(lambda: changed(event, id=7), InvalidValue, f"{name}.id got 7")
    for field in ("at", "recorded_at"):
        refused(partial(changed, event, **{field: NOON.replace(tzinfo=None)}), NaiveTime)


@pytest.mark.parametrize("event", [event for event in ALL if type(event) in TICKETS])
def test_a_ticket_event_names_its_ticket(event: Event) -> None:
    """A ticket is a text that is not blank: 881 and "881" would be two tickets."""
    name = f"{type(event).__name__} {event.id!r} ticket"
    refused(lambda: changed(event, ticket=881), InvalidValue, name, "the int 881", "Write it in quotes")
    refused(lambda: changed(event, ticket=" "), InvalidValue, name, "an empty text")


@pytest.mark.parametrize("kind", [WorkEntry, ChargeItem, BankPurchase])
def test_what_costs_money_has_a_customer(kind: type[Event]) -> None:
    """Work, charge items and purchases name their customer; other events may leave it to what they refer to."""
    for customer in (None, "", 7):
        error = refused(partial(changed, EVENTS[kind], customer=customer), InvalidValue)
        assert error.what.startswith(f"{kind.__name__} {EVENTS[kind].id!r} customer")
    for event in ALL:
        if type(event) not in (WorkEntry, ChargeItem, BankPurchase):
            assert changed(event, customer=None).customer is None


TEXTS = ("ticket", "product", "channel", "role", "work_type", "window", "response", "technician", "reservation", "note")


@pytest.mark.parametrize("name", TEXTS)
def test_attributes_of_work_are_texts(name: str) -> None:
    """An attribute that a scope or a group looks at is a text: the number 881 would never meet the ticket "881"."""
    error = refused(lambda: changed(WORK, **{name: 881}), InvalidValue, "the int 881", "a text was expected")
    assert error.what == f"WorkEntry 'W-1' {name}"
    assert error.hint == 'Write it in quotes, as in "T-881".'

    class Word(str):
        """A text of a framework, such as a lazily translated one."""

        __slots__ = ()

    assert getattr(changed(WORK, **{name: Word("x")}), name) == "x"


REFUSALS: list[tuple[Callable[[], object], type[InvalidValue], tuple[str, ...]]] = [
    (
        lambda: changed(WORK, worked="1h"),
        InvalidValue,
        ("WorkEntry 'W-1' worked got '1h'", "work time was expected", 'Write hours("1.5").'),
    ),
    (lambda: changed(WORK, worked=incidents(1)), InvalidValue, ("incidents(1)",)),
    (lambda: changed(WORK, severity=0), InvalidValue, ("severity got 0", "a whole number from 1 was expected")),
    (lambda: changed(WORK, severity="1"), InvalidValue, ("severity got '1'",)),
    (lambda: changed(WORK, severity=True), InvalidValue, ("severity got True",)),
    (lambda: changed(WORK, billable="no"), InvalidValue, ("billable got 'no'", '"billable", "non-billable"')),
    (
        lambda: changed(WORK, rate=Price("290 EUR/incident")),
        UnitMismatch,
        ("WorkEntry 'W-1' rate", "a price per hour was expected"),
    ),
    (lambda: changed(WORK, rate=Money("150 EUR")), UnitMismatch, ("a price per hour was expected",)),
    (
        lambda: changed(EVENTS[ChargeItem], amount="45 EUR"),
        InvalidValue,
        ("ChargeItem 'X-1' amount", "money was expected", 'Write Money("45 EUR").'),
    ),
    (lambda: changed(EVENTS[ChargeItem], kind=""), InvalidValue, ("ChargeItem 'X-1' kind got an empty text",)),
    (lambda: changed(EVENTS[Approval], of=7), InvalidValue, ("Approval 'A-1' of got the int 7",)),
    (lambda: changed(EVENTS[Reserved], key=""), InvalidValue, ("Reserved 'R-1' key got an empty text",)),
    (lambda: changed(EVENTS[Reserved], quantity=2), InvalidValue, ("Reserved 'R-1' quantity got 2", "hours(…)")),
    (
        lambda: changed(EVENTS[Reserved], expires_at=NOON),
        InvalidValue,
        ("Reserved 'R-1' expires_at", "a later instant was expected"),
    ),
    (lambda: changed(EVENTS[Released], key=" "), InvalidValue, ("Released 'R-2' key got an empty text",)),
    (
        lambda: changed(BANK, quantity=20),
        InvalidValue,
        ("BankPurchase 'B-1' quantity got 20", "hours(…) or incidents(…) was expected"),
    ),
    (
        lambda: changed(BANK, price=Price("50 EUR/incident")),
        UnitMismatch,
        ("BankPurchase 'B-1' price", "a price for work, or money, was expected"),
    ),
    (lambda: changed(BANK, price="115 EUR/h"), UnitMismatch, ("a price for work, or money, was expected",)),
    (
        lambda: changed(BANK, price=Money("-1 EUR")),
        InvalidValue,
        ("BankPurchase 'B-1' price", "money, not negative, was expected"),
    ),
    (lambda: changed(BANK, origin="found"), InvalidValue, ("origin got 'found'", '"bought", "included"')),
    (lambda: changed(BANK, held="yes"), InvalidValue, ("held got 'yes'", '"stays-held", "release"')),
    (lambda: changed(BANK, priority="1"), InvalidValue, ("priority got '1'", "a whole number was expected")),
    (lambda: changed(BANK, pool=""), InvalidValue, ("BankPurchase 'B-1' pool got an empty text",)),
    (lambda: changed(BANK, scope="atlas"), InvalidValue, ("BankPurchase 'B-1' scope", 'Scope(products="atlas")')),
    (lambda: changed(BANK, expires_on="2025-02-29"), NoSuchDate, ("February 2025 has 28 days",)),
    (lambda: changed(BANK, expires_on=NOON), InvalidValue, ("a calendar date was expected",)),
    (lambda: changed(EVENTS[Payment], bank=""), InvalidValue, ("Payment 'P-1' bank got an empty text",)),
    (lambda: changed(EVENTS[BankExtended], bank=""), InvalidValue, ("BankExtended 'X-2' bank got an empty text",)),
    (lambda: changed(EVENTS[BankExtended], reason=" "), InvalidValue, ("BankExtended 'X-2' reason",)),
    (lambda: changed(EVENTS[BankExtended], expires_on=None), InvalidValue, ()),
    (lambda: changed(EVENTS[BankRefunded], bank=""), InvalidValue, ("BankRefunded 'X-3' bank got an empty text",)),
    (
        lambda: changed(EVENTS[BankRefunded], quantity=2),
        InvalidValue,
        ("BankRefunded 'X-3' quantity got 2", "Write hours(10) or incidents(5)."),
    ),
    (lambda: changed(EVENTS[Opened], severity=0), InvalidValue, ("Opened 'E-1' severity got 0",)),
    (lambda: changed(EVENTS[Opened], product=7), InvalidValue, ("Opened 'E-1' product got the int 7",)),
    (lambda: changed(EVENTS[SeverityChanged], severity=None), InvalidValue, ("severity got None",)),
    (lambda: changed(EVENTS[Merged], into=""), InvalidValue, ("Merged 'E-10' into got an empty text",)),
    (lambda: changed(EVENTS[MarkedDuplicate], of=""), InvalidValue, ("MarkedDuplicate 'E-11' of",)),
    (
        lambda: changed(EVENTS[Classified], finding="bug"),
        InvalidValue,
        ("finding got 'bug'", '"product-defect", "feature-request"'),
    ),
    (lambda: changed(EVENTS[Void], target=""), InvalidValue, ("Void 'V-1' target got an empty text",)),
    (
        lambda: changed(EVENTS[Replace], by=EVENTS[Void]),
        InvalidValue,
        ("Replace 'V-2' by", "an event that is no correction was expected"),
    ),
    (lambda: changed(EVENTS[Replace], by=EVENTS[Replace]), InvalidValue, ("an event that is no correction",)),
    (lambda: changed(EVENTS[Replace], by=Head("W-1", NOON)), InvalidValue, ("an event that is no correction",)),
    (
        lambda: changed(EVENTS[Replace], target="W-2"),
        InvalidValue,
        ("Replace 'V-2' by got 'W-1'", "the id of its target, 'W-2', was expected"),
    ),
]


@pytest.mark.parametrize(("build", "kind", "words"), REFUSALS)
def test_an_impossible_event_is_refused(
    build: Callable[[], object], kind: type[InvalidValue], words: tuple[str, ...]
) -> None:
    """The error names the event and its field, what it got and what was expected."""
    refused(build, kind, *words)


def test_floats_are_refused_where_the_number_is_made() -> None:
    """A float never reaches an event: the quantity or money refuses it first."""
    with pytest.raises(FloatRefused):
        WorkEntry("W-1", NOON, customer="elm", worked=hours(1.5))  # type: ignore[arg-type]  # hostile


# -- what may be left out ---------------------------------------------------------------------------------------------


def test_what_is_left_out() -> None:
    """Only what makes an event is needed; the rest is unknown, or what is usual."""
    entry = WorkEntry("W-1", NOON, customer="elm", worked=minutes(0))
    assert (entry.recorded_at, entry.contract, entry.ticket, entry.billable, entry.rate) == (
        None, None, None, "billable", None,
    )  # fmt: skip
    bank = BankPurchase("B-1", NOON, customer="elm", quantity=incidents(5))
    assert (bank.price, bank.expires_on, bank.usable_from, bank.origin) == (None, None, None, "bought")
    assert (bank.priority, bank.scope, bank.pool, bank.held) == (0, Scope(), "banks", "stays-held")
    assert Approval("A-1", NOON).of is None
    assert BankRefunded("X-1", NOON, bank="B-1").quantity is None
    opened = Opened("E-1", NOON, ticket="T-1")
    assert (opened.severity, opened.product, opened.contact, opened.note) == (None, None, None, "")
    assert Void("V-1", NOON, target="W-1").reason == ""


def test_a_bank_has_a_price_a_sum_or_nothing() -> None:
    """A bank is bought by the unit, for a sum, or given; its dates may be text."""
    assert changed(BANK, price=Money("2000 EUR")).price == Money("2000 EUR")
    assert changed(BANK, price=None).price is None
    assert BANK.expires_on == date(2026, 3, 3)
    assert BankPurchase("B-2", NOON, customer="elm", quantity=incidents(5), price=Price("50 EUR/incident")).price


def test_a_charge_item_may_be_a_credit() -> None:
    """A charge item is money that is due beside work, and may be negative."""
    assert changed(EVENTS[ChargeItem], amount=Money("-5 EUR")).customer == "elm"


# -- order ------------------------------------------------------------------------------------------------------------


def test_every_event_has_a_rank() -> None:
    """No event is without a rank, and nothing else has one."""
    assert set(RANKS) == set(EVENTS)
    assert [kind_rank(event) for event in ALL] == [RANKS[type(event)] for event in ALL]


@pytest.mark.rule("D3")
def test_endings_come_before_beginnings_and_both_before_use() -> None:
    """At one instant: what ends, what is bought, paid and extended, approved and reserved, and then what is used."""
    stages: list[tuple[type[Event], ...]] = [
        (BankRefunded, BenefitEnded),
        (BankPurchase, BenefitGranted),
        (Payment,),
        (BankExtended, BenefitExtended),
        (ConditionMet, BenefitAssigned),
        (Approval,),
        (Reserved, Released),
        TICKETS,
        (BenefitCancelled, NoShow),
        (BenefitReserved,),
        (Redeemed,),
        (WorkEntry,),
        (ChargeItem,),
        (Void, Replace),
    ]
    ranks = [{RANKS[kind] for kind in stage} for stage in stages]
    assert all(max(before) < min(after) for before, after in pairwise(ranks))


@pytest.mark.rule("D3")
def test_what_happens_to_a_ticket_at_one_instant_has_an_order() -> None:
    """Opening comes first, then terms, what starts, goes on, stops and reopens, and last what pauses."""
    order = [
        Opened, TierChanged, SeverityChanged, Classified, Triaged, Notified, Acknowledged, CustomerReachable,
        CustomerReplied, Resumed, Responded, WorkaroundProvided, Resolved, Closed, Cancelled, Reopened,
        WaitingOnVendor, WaitingOnCustomer, CustomerUnreachable,
    ]  # fmt: skip
    ranks = [RANKS[kind] for kind in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert RANKS[Cancelled] == RANKS[Merged] == RANKS[MarkedDuplicate]


def test_a_head_is_no_event() -> None:
    """What all events have in common is data only: it has no rank, and replaces nothing."""
    assert Head not in RANKS
    assert TicketHead not in RANKS
    assert BenefitHead not in RANKS
    assert BenefitHead("G-1", NOON, benefit="credits").benefit == "credits"
    assert TicketHead("E-1", NOON, ticket="T-1").ticket == "T-1"
    refused(lambda: TicketHead("E-1", NOON, ticket=""), InvalidValue, "TicketHead 'E-1' ticket")
    refused(lambda: Head("", NOON), InvalidValue, "Head.id")
