"""Conservation, judged from what a rating shows in public: its lines, movements and balances, and its closing state.

`check_conservation` states laws 1, 2, 5 and 10 once, for every example. It never looks into the engine.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from supportcontracts import (
    Allotment,
    Banks,
    Line,
    Lot,
    Money,
    Movement,
    Overdraw,
    Rating,
    Replace,
    Void,
    WorkEntry,
    settle,
)
from supportcontracts.contracts.plans import terms_of
from supportcontracts.events import Event

INCOMING = {"purchase": "purchased", "grant": "granted", "roll-in": "rolled_in", "return": "returned"}
OUTGOING = {
    "draw": "drawn",
    "repay": "repaid",
    "roll-out": "rolled_out",
    "forfeit": "forfeited",
    "refund": "refunded",
}
CUMULATIVE = ("fee", "refund", "credit")  # settled as a share of a whole that was settled before, not by themselves


def check_conservation(rating: Rating, events: Iterable[Event] = (), *, known_at: datetime | None = None) -> None:
    """Check laws 1, 2, 5 and 10; with the events that were rated, also that no worked second is lost or doubled."""
    check_parts(rating)
    check_lots(rating)
    check_deficits(rating)
    check_sums(rating)
    check_worked(rating, effective(events, known_at))


def check_parts(rating: Rating) -> None:
    """Law 1: every part has a key of its own, and what a use drew from a lot is what moved out of the lot for it."""
    keys = [line.key for line in rating.lines]
    assert sorted(keys) == sorted(set(keys)), "two lines with one key"
    shown: dict[tuple[str, str], int] = defaultdict(int)
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for line in uses(rating):
        if line.source == "overdraft":
            shown[line.use, "overdraft"] += size(line)
        elif line.lot:
            shown[line.use, line.lot] += size(line)
    for movement in rating.movements:
        if movement.kind in ("draw", "overdraw"):
            moved[movement.because, movement.lot if movement.kind == "draw" else "overdraft"] += (
                movement.quantity.amount
            )
    assert {k: v for k, v in shown.items() if v} == dict(moved), "lines and movements differ"


def check_lots(rating: Rating) -> None:
    """Laws 2 and 10: a lot's movements add up to its balance after each of them, and never go below zero."""
    left: dict[str, int] = defaultdict(int)
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    if rating.opening is not None:
        for lot in filter(has_come_in, rating.opening.lots):
            left[lot.id] = sums[lot.id]["granted"] = lot.left.amount
    assert [m.at for m in rating.movements] == sorted(m.at for m in rating.movements), "movements out of order"
    for movement in rating.movements:
        quantity = movement.quantity.amount
        assert quantity >= 0, movement
        if movement.kind in INCOMING:
            left[movement.lot] += quantity
            sums[movement.lot][INCOMING[movement.kind]] += quantity
        elif movement.kind in OUTGOING:
            left[movement.lot] -= quantity
            sums[movement.lot][OUTGOING[movement.kind]] += quantity
        assert left[movement.lot] >= 0, f"below zero after {movement}"
    for lot_id, expected in sums.items():
        balance = rating.balance(lot_id)
        named = {name: getattr(balance, name) for name in (*INCOMING.values(), *OUTGOING.values())}
        assert {name: value for name, value in named.items() if value} == {k: v for k, v in expected.items() if v}
        assert balance.left == left[lot_id]
    for lot in filter(has_come_in, rating.closing.lots):
        assert lot.left.amount == left[lot.id], f"{lot.id} closes with {lot.left}"


def has_come_in(lot: Lot) -> bool:
    """Whether the units of a lot in a saved state have moved in; what rolls in at its very instant has not (D2)."""
    return lot.kind != "rolled" or lot.status != "arriving"


def check_deficits(rating: Rating) -> None:
    """Law 10: what is owed is never negative and never above the limits of the terms, and is closed as it stands."""
    limit = sum(limits(rating))
    owed = 0 if rating.opening is None else sum(deficit.value for deficit in rating.opening.deficits)
    for movement in rating.movements:
        owed += deficit_step(movement)
        assert 0 <= owed <= limit, f"{owed} owed of at most {limit} after {movement}"
    assert owed == sum(deficit.value for deficit in rating.closing.deficits)


def limits(rating: Rating) -> Iterable[int]:
    """How far each overdrawing source of the contract may go below zero."""
    for phase in rating.contract.dated_phases:
        for placed in terms_of(phase.plan).meters:
            for source in placed.meter.sources:
                if isinstance(source, (Allotment, Banks)) and isinstance(source.short, Overdraw):
                    limit = source.short.limit
                    if not isinstance(limit, Fraction):
                        yield limit.amount
                    elif isinstance(source, Allotment):
                        yield int(limit * source.quantity.amount)


def deficit_step(movement: Movement) -> int:
    """How much more (or less) is owed after a movement; what was overdrawn and is given back is no longer owed."""
    match movement.kind:
        case "overdraw":
            return movement.quantity.amount
        case "repay" | "settle" | "forgive":
            return -movement.quantity.amount
        case _:
            return 0


def check_sums(rating: Rating) -> None:
    """Law 5: a line is its exact amount settled once; explanations add up to lines, and lines to the total."""
    currency = rating.contract.currency
    for line in rating.lines:
        if line.kind not in CUMULATIVE:
            assert line.amount == settle(line.exact, rounding=rating.contract.rounding), line.key
        if line.disposition not in ("charged", "credited"):
            assert line.amount == Money.zero(currency), f"{line.key} costs {line.amount}"
    assert rating.total == sum((line.amount for line in rating.lines), Money.zero(currency))
    for use in {line.use for line in rating.lines}:
        lines = rating.lines_of(use)
        assert rating.explain(use).amount == sum((line.amount for line in lines), Money.zero(currency)), use


def check_worked(rating: Rating, events: Iterable[Event]) -> None:
    """Law 1: the parts of an entry add up to what was worked, unless a rest of it waits in the closing state."""
    for entry in events:
        if not isinstance(entry, WorkEntry) or not rated_here(rating, entry):
            continue
        parts = [line for line in rating.lines_of(entry.id) if line.kind == "use"]
        assert parts, f"{entry.id} has no line"
        if any(line.worked is None for line in parts):  # refused before it was measured
            continue
        worked = sum(line.worked.amount for line in parts if line.worked is not None)
        assert worked == entry.worked.amount or (rating.closing.carried and worked < entry.worked.amount), entry.id


def rated_here(rating: Rating, event: Event) -> bool:
    """Whether an event lies between the opening state and the end of the rating."""
    return event.at < rating.until and (rating.opening is None or event.at >= rating.opening.as_of)


def effective(events: Iterable[Event], known_at: datetime | None = None) -> list[Event]:
    """Apply corrections, for the few that examples need: the latest recorded wins."""
    known = [e for e in events if known_at is None or (e.recorded_at or e.at) <= known_at]
    facts = {e.id: e for e in known if not isinstance(e, (Void, Replace))}
    latest = {
        c.target: c
        for c in sorted(
            (c for c in known if isinstance(c, (Void, Replace))), key=lambda c: (c.recorded_at or c.at, c.id)
        )
    }
    for target, correction in latest.items():
        if target in facts:
            if isinstance(correction, Void):
                del facts[target]
            else:
                facts[target] = correction.by
    return list(facts.values())


def uses(rating: Rating) -> list[Line]:
    """The lines of use, and of the release of use that was held."""
    return [line for line in rating.lines if line.kind in ("use", "release")]


def size(line: Line) -> int:
    """The counted quantity of a line, in whole units."""
    return 0 if line.counted is None else line.counted.amount
