"""Work across the edges of covered time, second by second.

A *run* is a stretch of seconds in which the same multipliers apply. Nothing is bisected: every second of the work asks
every multiplier whether it applies, and what rounding adds is more seconds like the last one.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from supportcontracts.contracts.metering import Metering, Multiplier
from tests.oracle.sums import combined, half_up, share_out
from tests.oracle.terms import Use, admits

# The multipliers that apply, by their places.
State = tuple[int, ...]


class Run(NamedTuple):
    """A stretch of a use: what was worked, is billed and counts in it, and the factor on its price."""

    worked: int
    billable: int
    counted: int
    price_factor: Fraction


def applies(multiplier: Multiplier, use: Use, second: int) -> bool:
    """Say whether a multiplier applies at a second; work that states its window lies in it as a whole."""
    if not admits(multiplier.scope, use):
        return False
    if multiplier.inside is not None:
        named = multiplier.inside.name == use.window
        return named if use.window is not None else multiplier.inside.is_open_epoch(second)
    if multiplier.outside is not None:
        named = multiplier.outside.name == use.window
        return not named if use.window is not None else not multiplier.outside.is_open_epoch(second)
    if multiplier.holiday is not None:
        if use.window is not None:
            return use.window == f"holidays of {multiplier.holiday}"
        zone = multiplier.holiday.zone
        return zone.date_of_epoch(second) in {each.on for each in multiplier.holiday.holidays.dates}
    return True


def state_at(metering: Metering, use: Use, second: int) -> State:
    """List the multipliers that apply at a second."""
    return tuple(place for place, each in enumerate(metering.multiplier) if applies(each, use, second))


def tape(metering: Metering, use: Use, start: int, worked: int) -> list[State]:
    """List the state of every second of the work; work without length has that of its instant."""
    if not worked:
        return [state_at(metering, use, start)]
    # A calendar changes at whole minutes, so the second that begins a minute speaks for the minute.
    known = {minute: state_at(metering, use, minute * 60) for minute in range(start // 60, (start + worked) // 60 + 1)}
    return [known[second // 60] for second in range(start, start + worked)]


def run_of(metering: Metering, state: State, worked: int, billable: int) -> Run:
    """Weigh a run once, rounded half up (D8)."""
    on = {
        kind: combined(
            [metering.multiplier[place].factor for place in state if metering.multiplier[place].on == kind],
            metering.combine,
        )
        for kind in ("quantity", "price")
    }
    return Run(worked, billable, half_up(billable * on["quantity"]), on["price"])


def runs(metering: Metering, use: Use, start: int, worked: int, beyond: int, billed: int) -> list[Run]:
    """Bill work in its windows, by every reading but "split-then-round" (D12).

    Args:
        metering: the terms.
        use: what the work is.
        start: its first second.
        worked: its length.
        beyond: what of it is not free.
        billed: what it is billed in all.
    """
    states = tape(metering, use, start, worked)
    if metering.windows in ("by-start", "by-majority"):
        chosen = states[0]
        if metering.windows == "by-majority":
            chosen = max(dict.fromkeys(states), key=states.count)
        return [run_of(metering, chosen, worked, billed)]
    free = max(0, worked - beyond)
    paid = states[free:] if worked else []
    if metering.windows == "at-end":
        paid = paid[:billed] + states[-1:] * (billed - len(paid))
    return laid(metering, states if worked else [], free, paid, billed)


def laid(metering: Metering, states: list[State], free: int, paid: list[State], billed: int) -> list[Run]:
    """Lay billed seconds beside worked ones, run by run; a run without billed seconds joins its neighbour."""
    lengths = [(state, len(list(same))) for state, same in groupby(states)]
    if not lengths:
        return [run_of(metering, paid[-1] if paid else (), 0, billed)]
    worked_runs = [length for _, length in lengths]
    rest, shares = free, []
    for length in worked_runs:
        taken = min(rest, length)
        rest -= taken
        shares.append(length - taken)
    if metering.windows == "proportional":
        parts = share_out(billed, shares) if sum(shares) else [0] * len(shares)
    else:
        parts, left = [], list(paid)
        for place, (_, share) in enumerate(zip(lengths, shares, strict=True)):
            taken = len(left) if place == len(shares) - 1 else min(share, len(left))
            parts.append(taken)
            del left[:taken]
    return joined(metering, [state for state, _ in lengths], worked_runs, parts)


def joined(metering: Metering, states: list[State], worked: list[int], billed: list[int]) -> list[Run]:
    """Weigh the runs that are billed; the worked seconds of the others go to the run before, or the first after."""
    found: list[list[int]] = []
    early = 0
    for place, part in enumerate(billed):
        if part:
            found.append([place, worked[place] + early, part])
            early = 0
        elif found:
            found[-1][1] += worked[place]
        else:
            early += worked[place]
    if not found:
        found = [[0, early, 0]]
    return [run_of(metering, states[place], length, part) for place, length, part in found]


def rounded_apart(
    metering: Metering, use: Use, start: int, worked: int, beyond: int, had: dict[State, int]
) -> tuple[list[Run], dict[State, int]]:
    """Raise and round each window by itself, after what its group had; say what each window has now (D12)."""
    states = tape(metering, use, start, worked)
    free = max(0, worked - beyond)
    unfree = states[free:] if worked else []
    lengths = [(state, len(list(same))) for state, same in groupby(states)] if worked else [(states[0], 0)]
    parts = []
    rest = free
    for _, length in lengths:
        taken = min(rest, length)
        rest -= taken
        parts.append(length - taken)
    parts[-1] += beyond - len(unfree) if beyond > len(unfree) else 0
    now = dict(had)
    for state in dict.fromkeys(state for state, _ in lengths):
        places = [place for place, (other, _) in enumerate(lengths) if other == state]
        time = sum(parts[place] for place in places)
        least = max([metering.minimum.seconds, *(metering.multiplier[place].minimum.seconds for place in state)])
        before, after = had.get(state, 0), had.get(state, 0) + time
        now[state] = after
        owed = stepped(after, least, metering) - stepped(before, least, metering)
        missing = owed - time
        parts[places[-1]] += max(0, missing)
        for place in reversed(places):
            dropped = min(parts[place], max(0, -missing))
            parts[place] -= dropped
            missing += dropped
    return joined(metering, [state for state, _ in lengths], [length for _, length in lengths], parts), now


def stepped(quantity: int, least: int, metering: Metering) -> int:
    """Count the steps that hold a quantity, raised to the least, with grace for the last one."""
    if not quantity:
        return 0
    need, step = max(quantity, least), metering.increment.seconds
    full, over = need // step, need % step
    return full * step if over <= metering.grace.seconds or not over else (full + 1) * step


def cut(run_list: Sequence[Run], parts: Sequence[int]) -> list[list[Run]]:
    """Cut parts in counted units out of the runs, in the order of the clock."""
    owners = [place for place, part in enumerate(parts) for _ in (0,) if part]
    found: list[list[Run]] = [[] for _ in parts]
    ends, total = [], 0
    for part in parts:
        total += part
        ends.append(total)
    position = 0
    for run in run_list:
        if not run.counted:
            owner = next((place for place in owners if ends[place] > position), len(parts) - 1)
            found[owner].append(run)
            continue
        takes = [
            max(0, min(ends[place], position + run.counted) - max(ends[place] - parts[place], position))
            for place in range(len(parts))
        ]
        position += run.counted
        own = [place for place, taken in enumerate(takes) if taken]
        worked = share_out(run.worked, [takes[place] for place in own])
        billed = share_out(run.billable, [takes[place] for place in own])
        for place, length, part in zip(own, worked, billed, strict=True):
            found[place].append(Run(length, part, takes[place], run.price_factor))
    return found
