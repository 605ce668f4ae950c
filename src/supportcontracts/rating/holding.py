"""Held use inside a fold: what waits for an approval or a purchase, and what a release pays of it (D20)."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from supportcontracts.events import Approval
from supportcontracts.rating.meters import MeterProgram
from supportcontracts.rating.program import PhaseProgram
from supportcontracts.rating.records import LINE
from supportcontracts.rating.state import HeldStretch, HeldUse, UseAttributes
from supportcontracts.rating.waterfall import Part, Use
from supportcontracts.rating.windows import Stretch

if TYPE_CHECKING:
    from supportcontracts.rating.fold import Fold

__all__ = ["Held", "attributes_of"]


def __dir__() -> list[str]:
    return __all__


class Held:
    """The held use of a fold, in the order in which it was held."""

    __slots__ = ("fold", "items")

    def __init__(self, fold: "Fold") -> None:
        self.fold = fold
        self.items: list[HeldUse] = []

    def hold(self, use: Use, meter: MeterProgram, parts: list[Part]) -> None:
        """Remember the held parts of a use, in the order in which they were held (D20)."""
        journal = self.fold.books.journal
        facts = use.facts if isinstance(use.facts, UseAttributes) else attributes_of(use.facts)
        factor = "" if use.price_factor is None else str(use.price_factor)
        for place, ((source, _, _, disposition, _, _), record) in enumerate(
            zip(parts, journal[-len(parts) :], strict=True)
        ):
            if disposition == "held" and source is not None:
                worked, billable, counted = record[11:14]
                self.items.append(
                    HeldUse(
                        use.id,
                        use.part,
                        source.key,
                        meter.name,
                        meter.unit,
                        use.phase.key,
                        facts,
                        worked,
                        billable,
                        counted,
                        factor,
                        _held_stretches(use.spread[place]) if use.spread else (),
                    )
                )

    def release(self, at: int, of: str | None = None, *, cause: str, pool: str = "") -> None:
        """Rate held use again, oldest first, by the terms of the release (D20).

        What it is about and leaves waiting as it was is said in a notice: in a gap between phases nothing is released.

        Args:
            at: the instant of the release.
            cause: the approval or bank that releases.
            of: the id of the entry or ticket that is approved; None: everything held.
            pool: the pool of a purchase that pays for held use; "": the customer approved it.
        """
        fold = self.fold
        waiting, self.items = self.items, []
        phase, piece = fold.phase, fold.piece
        asked = sum(item.counted for item in waiting if _is_of(item, of))
        reason = "no terms are in force" if phase is None else "no meter of the terms measures it"
        for item in waiting:
            meters = () if phase is None else phase.meters
            meter = next((m for m in meters if m.name == item.meter and m.unit == item.meter_unit), None)
            if not _is_of(item, of) or phase is None or piece is None or meter is None:
                self.items.append(item)
                continue
            use = Use(
                item.use,
                item.part,
                "release",
                at,
                item.attributes,
                phase,
                piece,
                item.worked,
                item.billable,
                item.counted,
                Fraction(item.price_factor) if item.price_factor else None,
                None,
                f"{cause}/{item.source}",
            )
            reason = "its sources hold it again"
            if item.stretches:
                use.stretches = [
                    Stretch(
                        each.window,
                        each.worked,
                        each.billable,
                        None,
                        each.counted,
                        Fraction(each.price_factor) if each.price_factor else None,
                    )
                    for each in item.stretches
                ]
            before = len(fold.books.journal)
            if pool:
                fold.waterfall.pay_from_pool(use, meter, pool, fold.program.source_in(item.phase, item.source))
            else:
                fold.waterfall.pay(use, meter, approved=True)
            self._still_held(item, before, phase, use)
        # A bank pays what it can; only where it cannot be asked is that worth a word.
        if asked == sum(item.counted for item in self.items if _is_of(item, of)) and (phase is None or not pool):
            fold.books.notify(at, "stays-held", f"stays-held/{cause}", cause, (of, reason))

    def _still_held(self, item: HeldUse, before: int, phase: PhaseProgram, use: Use) -> None:
        """Keep holding what a release did not pay; a line that would only say "held" again is not written."""
        journal = self.fold.books.journal
        again = [r for r in journal[before:] if r[0] == LINE and r[2] == "release" and r[9] == "held"]
        lines = [r for r in journal[before:] if r[0] == LINE]
        cuts = use.spread or [[] for _ in lines]
        waits = [(r, cut) for r, cut in zip(lines, cuts, strict=True) if r[9] == "held"]
        journal[before:] = [r for r in journal[before:] if r not in again]
        paid = [r for r in journal[before:] if r[0] == LINE]
        if item.meter_unit == "incidents" and item.attributes.ticket is not None:
            self.fold.incidents.released(item.attributes.ticket, item.use, paid, phase)
        if not lines:
            self.items.append(item)
        for record, cut in waits:
            source, (worked, billable, counted) = record[5], record[11:14]
            # A purchase that pays from its pool leaves the rest with the source that held it, in its own phase.
            same = source is self.fold.program.source_in(item.phase, item.source)
            self.items.append(
                attrs.evolve(
                    item,
                    source=source.key,
                    phase=item.phase if same else use.phase.key,
                    worked=worked,
                    billable=billable,
                    counted=counted,
                    stretches=_held_stretches(cut),
                )
            )

    def approve(self, event: Approval, at: int) -> None:
        """The customer approves held use (D20)."""
        if not any(_is_of(item, event.of) for item in self.items):
            self.fold.books.notify(at, "nothing-held", f"approval/{event.id}", event.id, event.of)
            return
        self.release(at, event.of, cause=event.id)


def _held_stretches(stretches: list[Stretch]) -> tuple[HeldStretch, ...]:
    return tuple(
        HeldStretch(
            each.window,
            each.worked,
            each.billable,
            each.counted,
            "" if each.price_factor is None else str(each.price_factor),
        )
        for each in stretches
    )


def _is_of(item: HeldUse, of: str | None) -> bool:
    """Whether an approval is of this held use: all of them, the entry, or the incident by its ticket."""
    return of is None or of == item.use or (item.meter_unit == "incidents" and of == item.attributes.ticket)


def attributes_of(facts: Any) -> UseAttributes:
    """What scopes and rates look at, kept for use that is decided later."""
    return UseAttributes(
        facts.product,
        facts.severity,
        facts.channel,
        facts.role,
        facts.work_type,
        facts.window,
        facts.response,
        facts.ticket,
        None if facts.rate is None else str(facts.rate),
    )
