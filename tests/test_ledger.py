"""The ledger: what a lot and a movement are, how balances add up, and in which order lots pay."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations
from typing import Any, get_args

import attrs
import pytest

from supportcontracts import Balance, Lot, Movement, Scope, Zone, hours, incidents, minutes
from supportcontracts import ledger as module
from supportcontracts.contracts.banks import LotOrder
from supportcontracts.errors import InvalidValue, NaiveTime, UnitMismatch
from supportcontracts.ledger import COLUMNS, ENDINGS, NEVER, MovementKind, OpenLot, balance, lot_key
from supportcontracts.money import Money
from supportcontracts.timeline import epoch
from tests.value_checks import assert_all_differ, assert_is_a_value, changed, refused

at = Zone("UTC").at
MARCH = at("2025-03-04 10:00")
DRAW = Movement(MARCH, "draw", "B-07", hours(1), "W-3098")
B07 = Lot("B-07", left=hours(3), expires_on="2025-03-31")
FULL = Lot(
    "B-10",
    left=hours(5),
    quantity=hours(20),
    expires_on="2026-03-19",
    origin="granted",
    usable_from=MARCH,
    priority=-1,
    scope=Scope(products="atlas"),
    cost=Money("2300 EUR"),
    refunded=3600,
    refunded_money=Money("115 EUR"),
    source="project",
    kind="rolled",
    held="release",
    status="arriving",
)


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("value", [DRAW, Movement(MARCH, "refused", "B-07", hours(0), "X-4", "ended"), B07, FULL])
def test_lots_and_movements_are_values(value: object) -> None:
    """A lot and a movement compare, hash, pickle, and do not change."""
    assert_is_a_value(value)


def test_a_balance_is_a_value() -> None:
    """A balance compares, hashes, pickles, and does not change."""
    assert_is_a_value(Balance(purchased=10, drawn=4))
    assert_all_differ([Balance(), Balance(granted=1), Balance(purchased=1), Balance(drawn=1)])


def test_lots_differ_by_every_field() -> None:
    """No field of a lot is left out of its equality."""
    other = {field.name: getattr(FULL, field.name) for field in attrs.fields(Lot) if field.name != "left"}
    assert_all_differ([B07, *(changed(B07, **{name: value}) for name, value in other.items())])


# -- lots -------------------------------------------------------------------------------------------------------------


def test_a_lot_is_as_large_as_what_is_left_unless_it_says_otherwise() -> None:
    """A lot carried over without its size began with what is left."""
    assert B07.quantity == hours(3)
    assert FULL.quantity == hours(20)


def test_a_lot_reads_dates_and_instants() -> None:
    """Its last day may be text, and its start is an instant in UTC."""
    assert B07.expires_on == date(2025, 3, 31)
    berlin = Lot("B-1", left=hours(1), usable_from=Zone("Europe/Berlin").at("2025-03-04 11:00"))
    assert berlin.usable_from == MARCH
    assert berlin.expires_on is None


@pytest.mark.rule("D2")
@pytest.mark.parametrize(
    ("kind", "status", "come"),
    [
        ("bank", "usable", True),
        ("bank", "arriving", True),
        ("bank", "unpaid", True),
        ("bank", "ended", True),
        ("grant", "usable", True),
        ("rolled", "usable", True),
        ("rolled", "ended", True),
        ("rolled", "arriving", False),
        ("grant", "arriving", False),
    ],
)
def test_a_bank_is_on_the_books_before_it_can_be_used(kind: str, status: str, come: bool) -> None:
    """A bank comes in with its purchase; what rolls in at the instant of a state has not come in yet."""
    assert changed(B07, kind=kind, status=status).has_come_in is come


@pytest.mark.parametrize(
    ("build", "kind", "words"),
    [
        (lambda: Lot("", left=hours(1)), InvalidValue, ("Lot.id got an empty text", "an id or a name was expected")),
        (lambda: Lot(7, left=hours(1)), InvalidValue, ("Lot.id got the int 7",)),  # type: ignore[arg-type]  # hostile
        (lambda: Lot("B", left=3), InvalidValue, ("Lot 'B' left got 3", "hours(…) or incidents(…)")),  # type: ignore[arg-type]  # hostile
        (lambda: changed(B07, quantity=3), InvalidValue, ("Lot 'B-07' quantity got 3",)),
        (
            lambda: Lot("B", left=hours(1), quantity=incidents(2)),
            UnitMismatch,
            ("1h 00m left of 2 incidents", "one unit was expected"),
        ),
        (lambda: changed(B07, origin="stolen"), InvalidValue, ("'stolen'", '"bought", "included", "granted"')),
        (lambda: changed(B07, kind="loan"), InvalidValue, ("'loan'", '"bank", "grant", "rolled"')),
        (lambda: changed(B07, status="lost"), InvalidValue, ("'lost'", '"usable", "arriving", "unpaid", "ended"')),
        (lambda: changed(B07, priority=True), InvalidValue, ("priority got True", "a whole number was expected")),
        (lambda: changed(B07, priority="1"), InvalidValue, ("priority got '1'",)),
        (lambda: changed(B07, expires_on="31 March"), InvalidValue, ("year-month-day",)),
        (lambda: changed(B07, usable_from=MARCH.replace(tzinfo=None)), NaiveTime, ()),
    ],
)
def test_an_impossible_lot_is_refused(
    build: Callable[[], object], kind: type[InvalidValue], words: tuple[str, ...]
) -> None:
    """A lot without a name, of two units, or with an unknown word is refused, and the error names the lot."""
    refused(build, kind, *words)


# -- movements and balances -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("movement", "text"),
    [
        (DRAW, "2025-03-04T10:00:00Z draw 1h 00m, B-07, W-3098"),
        (Movement(MARCH, "forfeit", "B-07", minutes(15)), "2025-03-04T10:00:00Z forfeit 0h 15m, B-07"),
        (
            Movement(MARCH, "refused", "B-07", incidents(0), "X-4", "ended"),
            "2025-03-04T10:00:00Z refused 0 incidents, B-07, X-4 (ended)",
        ),
    ],
)
def test_a_movement_reads_as_a_line(movement: Movement, text: str) -> None:
    """A movement prints its instant, what it was, how much, of which lot, because of what, and why not."""
    assert str(movement) == text


# One lot of ten hours: an hour more than it was bought with came back, and all ways out were taken.
LIFE: tuple[tuple[str, MovementKind, int], ...] = (
    ("2025-01-01 00:00", "purchase", 100),
    ("2025-01-01 00:00", "repay", 10),
    ("2025-01-02 00:00", "draw", 20),
    ("2025-01-03 00:00", "return", 5),
    ("2025-01-04 00:00", "refund", 15),
    ("2025-01-05 00:00", "grant", 7),
    ("2025-01-05 00:00", "roll-in", 3),
    ("2025-01-05 06:00", "reserve", 12),
    ("2025-01-05 07:00", "release", 4),
    ("2025-01-05 07:00", "redeem", 3),
    ("2025-01-05 08:00", "lose", 1),
    ("2025-01-06 00:00", "lapse", 2),
    ("2025-01-06 00:00", "roll-out", 30),
    ("2025-01-06 00:00", "forfeit", 30),
)
MOVES = [Movement(at(when), kind, "B-1", minutes(amount)) for when, kind, amount in LIFE]
OTHERS = [
    Movement(at("2025-01-02 00:00"), "draw", "B-2", hours(9)),
    Movement(at("2025-01-02 00:00"), "overdraw", "B-1", hours(9)),
    Movement(at("2025-01-02 00:00"), "settle", "B-1", hours(9)),
    Movement(at("2025-01-02 00:00"), "refused", "B-1", hours(9)),
]


@pytest.mark.rule("L2")
def test_a_balance_adds_up_what_came_and_what_went() -> None:
    """Every kind of movement has its own column, and what is left is what came less what went, in whole units."""
    found = balance([*OTHERS, *reversed(MOVES)], "B-1")
    assert attrs.asdict(found) == {
        "granted": 420, "purchased": 6000, "rolled_in": 180, "returned": 300,
        "drawn": 1200, "repaid": 600, "rolled_out": 1800, "forfeited": 1800, "refunded": 900,
        "reserved": 360, "redeemed": 180, "lost": 60,
    }  # fmt: skip
    assert found.left == 420 + 6000 + 180 + 300 - 1200 - 600 - 1800 - 1800 - 900 - 360 - 180 - 60 == 0
    assert balance(MOVES, "B-9") == Balance()


def test_every_kind_of_movement_has_a_column_or_is_not_of_a_lot() -> None:
    """A deficit's movements, and what was refused, are in no lot's balance; all others have a column, or undo one."""
    assert {"overdraw", "settle", "refused"} <= set(get_args(MovementKind)) - set(COLUMNS)
    assert set(COLUMNS.values()) == {field.name for field in attrs.fields(Balance)}
    undo: tuple[MovementKind, ...] = ("release", "lapse")
    assert [balance([Movement(MARCH, kind, "B-1", hours(1))], "B-1").reserved for kind in undo] == [-3600, -3600]
    assert set(COLUMNS) | set(undo) > ENDINGS


@pytest.mark.rule("D2")
@pytest.mark.parametrize(
    ("as_of", "left"),
    [
        ("2025-01-01 00:00", 0),  # the purchase begins here
        ("2025-01-01 00:01", 90),
        ("2025-01-02 00:00", 90),  # the draw happens here
        ("2025-01-03 00:00", 70),
        ("2025-01-04 00:00", 75),
        ("2025-01-05 00:00", 60),
        ("2025-01-05 06:00", 70),
        ("2025-01-05 07:00", 58),  # what is reserved is not left
        ("2025-01-05 08:00", 59),
        ("2025-01-05 12:00", 58),
        ("2025-01-06 00:00", 0),  # what ends here has ended
        ("2025-12-31 00:00", 0),
    ],
)
def test_a_balance_as_of_an_instant_holds_what_ended_there(as_of: str, left: int) -> None:
    """At an instant, what is forfeited or rolled out has gone; what begins, and what is used, has not come yet."""
    assert balance(MOVES, "B-1", as_of=at(as_of)).left == left * 60


@pytest.mark.rule("D2")
def test_what_is_undone_at_an_instant_comes_after_it() -> None:
    """A forfeiture with a code undoes what came at the same instant, so a balance as of then holds neither."""
    moves = [
        Movement(MARCH, "return", "B-1", hours(1), "T-1"),
        Movement(MARCH, "forfeit", "B-1", hours(1), "T-1", "ended"),
    ]
    assert balance(moves, "B-1", as_of=MARCH) == Balance()
    assert balance(moves, "B-1", as_of=MARCH + timedelta(seconds=1)) == Balance(returned=3600, forfeited=3600)


def test_a_balance_needs_an_instant() -> None:
    """A time without a zone is no instant, and is refused."""
    with pytest.raises(NaiveTime):
        balance(MOVES, "B-1", as_of=MARCH.replace(tzinfo=None))


# -- open lots and their order ----------------------------------------------------------------------------------------


def lot(name: str, **more: Any) -> OpenLot:  # whatever a lot takes
    """Open a bank of one hour, bought for nothing, usable from the start and for ever, unless told otherwise."""
    plain: dict[str, Any] = {
        "source": "banks", "kind": "bank", "unit": "work", "quantity": 3600, "left": 3600, "starts": 0, "ends": NEVER,
        "expires_on": None, "origin": "bought",
    }  # fmt: skip
    return OpenLot(name, **plain | more)


def test_an_open_lot_holds_what_it_is_given() -> None:
    """An open lot keeps its fields, and the restrictions of its scope."""
    plain = lot("B-1")
    assert (plain.id, plain.source, plain.kind, plain.unit, plain.quantity, plain.left) == (
        "B-1", "banks", "bank", "work", 3600, 3600,
    )  # fmt: skip
    assert (plain.starts, plain.ends, plain.expires_on, plain.origin, plain.priority) == (0, NEVER, None, "bought", 0)
    assert (plain.cost, plain.status, plain.refunded, plain.refunded_minor) == (None, "usable", 0, 0)
    assert (plain.releases, plain.scope, plain.restrictions) == (False, Scope(), ())
    narrow = lot("B-2", scope=Scope(products="atlas"), releases=True, status="unpaid", refunded=60, refunded_minor=5)
    assert narrow.restrictions == (("product", frozenset({"atlas"})),)
    assert (narrow.releases, narrow.status, narrow.refunded, narrow.refunded_minor) == (True, "unpaid", 60, 5)


@pytest.mark.parametrize(
    ("cost", "quantity", "unit_cost"),
    [(None, 3600, Fraction(0)), (12_500, 3600, Fraction(125, 36)), (0, 3600, Fraction(0)), (100, 0, Fraction(0))],
)
def test_the_cost_of_a_unit_is_exact(cost: int | None, quantity: int, unit_cost: Fraction) -> None:
    """A unit costs its exact share of the lot; one that was given, or of an empty lot, costs nothing."""
    assert lot("B-1", cost=cost, quantity=quantity).unit_cost == unit_cost


APRIL, MAY = epoch(at("2025-04-01 00:00")), epoch(at("2025-05-01 00:00"))
ORDERS: dict[LotOrder, list[OpenLot]] = {
    "soonest-expiry": [
        lot("z", priority=-1),
        lot("y", ends=APRIL, origin="granted", starts=9),
        lot("x", ends=APRIL, starts=1),
        lot("v", ends=APRIL, starts=2),
        lot("w", ends=APRIL, starts=2),
        lot("a", ends=MAY),
        lot("A", origin="courtesy"),
        lot("B", origin="bought"),
        lot("0", priority=1, ends=APRIL),
    ],
    "oldest-start": [lot("z", starts=1, priority=9), lot("a", starts=2, ends=APRIL), lot("b", starts=2)],
    "priority": [
        lot("z", priority=-1, starts=9),
        lot("c", starts=1),
        lot("a", starts=2, ends=APRIL),
        lot("b", starts=2),
    ],
    "granted-before-paid": [
        lot("z", origin="included", starts=9),
        lot("c", ends=APRIL),
        lot("d", ends=MAY, starts=1),
        lot("a", ends=MAY, starts=2, priority=-5),
        lot("b", ends=MAY, starts=2),
        lot("0"),
    ],
    "lowest-cost": [
        lot("z", cost=None),
        lot("y", cost=100, quantity=7200),
        lot("x", cost=100, ends=APRIL),
        lot("w", cost=100, ends=MAY, starts=1),
        lot("a", cost=100, ends=MAY, starts=2),
        lot("b", cost=100, ends=MAY, starts=2, priority=-5),
    ],
    "highest-cost": [
        lot("z", cost=101),
        lot("y", cost=100, ends=APRIL),
        lot("a", cost=100, ends=MAY),
        lot("x", cost=100, starts=1),
        lot("w", cost=100, starts=2),
        lot("0", cost=None),
    ],
}


@pytest.mark.rule("D16", "B2")
@pytest.mark.parametrize("order", get_args(LotOrder))
def test_lots_pay_in_their_named_order(order: LotOrder) -> None:
    """Each order sorts by its own keys in turn, and last by the id, whatever order the lots came in."""
    expected = ORDERS[order]
    for shuffled in (expected, expected[::-1], expected[1::2] + expected[::2]):
        assert [one.id for one in sorted(shuffled, key=lot_key(order))] == [one.id for one in expected]


@pytest.mark.rule("D16")
@pytest.mark.parametrize("order", get_args(LotOrder))
def test_no_two_lots_tie(order: LotOrder) -> None:
    """Lots that differ in nothing but their ids are drawn in the order of the ids."""
    for shuffled in permutations([lot("B-3"), lot("B-1"), lot("B-2")]):
        assert [one.id for one in sorted(shuffled, key=lot_key(order))] == ["B-1", "B-2", "B-3"]
