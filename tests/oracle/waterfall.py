"""The waterfall: fees, who pays for a use, its lines, what is held and released, and what is given back."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Unlimited
from supportcontracts.events import Approval
from tests.oracle.bankdesk import FEES, PHASE_END
from tests.oracle.charges import Charged, Charges
from tests.oracle.diary import BEGINNING, ENDING
from tests.oracle.notes import Debt, Lot, OLine, Owed
from tests.oracle.sources import Ask, Part, SourceKey
from tests.oracle.sums import combined, half_up, major, per_raw_unit, share_out
from tests.oracle.terms import PhaseView, Use, admits, factors, metering_for, winning_rate
from tests.oracle.windows import Run, cut


@dataclass(frozen=True)
class Held:
    """A part that waits, with the meter that measured it."""

    use: Use
    meter: str
    source: str
    worked: int
    billable: int
    counted: int
    runs: tuple[Run, ...] = ()


class Reviewed(NamedTuple):
    """A note: an unlimited source paid."""

    key: SourceKey
    year: int
    counted: int


@dataclass(frozen=True)
class Paid:
    """A note: what a part of an incident took, so that it can be given back."""

    part: Part
    line: OLine


class Waterfall(Charges):
    """Everything between a metered use and its lines."""

    def __init__(self, contract: Contract, until: int) -> None:
        super().__init__(contract, until)
        self.held: list[Held] = []
        self.reviewed: list[Reviewed] = []
        self.paid_for: dict[str, list[Paid]] = {}
        for phase in self.phases:
            for meter in phase.meters:
                for index, source in enumerate(meter.sources):
                    if isinstance(source, Allotment):
                        self.plan_allotment(phase, meter, index, source)
                    elif isinstance(source, Charge):
                        self.plan_adjustments(phase, meter, index, source)
            end = partial(self.phase_ends, phase, last=phase is self.phases[-1])
            self.plan(phase.whole.end, ENDING, (PHASE_END, str(phase.number)), end)
            self.plan_fees(phase)

    # Fees

    def plan_fees(self, phase: PhaseView) -> None:
        """Plan the instalments of each fee at the start of their billing periods (D2)."""
        for fee in phase.fees:
            due = [0] * len(phase.billing)
            if fee.per == "term":
                due = share_out(fee.amount.minor, [1] * len(phase.billing))
            for year in phase.years if fee.per == "year" else ():
                # Instalments go to the billing periods that start in the year; one for the whole term starts first.
                inside = [n for n, period in enumerate(phase.billing) if year.start <= period.start < year.end] or [0]
                amount = self.settle(major(fee.amount) * Fraction(year.days, year.full_days))
                for n, part in zip(inside, share_out(amount, [1] * len(inside)), strict=True):
                    due[n] += part
            for period, minor in zip(phase.billing, due, strict=True):
                exact = self.unsettled(minor)
                line = OLine("fee", period.name, fee.name, "", "fee", None, "charged", "", 0, 0, 0, exact, minor)
                self.plan(period.start, BEGINNING, (FEES, fee.name), partial(self.lines.append, line))

    # Sources

    def fill(self, ask: Ask) -> list[Part]:
        """Ask source after source until nothing is left to pay."""
        parts: list[Part] = []
        for index, source in enumerate(ask.meter.sources):
            rest = ask.counted - sum(part.counted for part in parts)
            if rest == 0 or not admits(source.scope, ask.use):
                continue
            match source:
                case Unlimited():
                    self.review(ask, index, source, rest)
                    parts.append(Part(index, "unlimited", rest, "included"))
                case Allotment():
                    parts += self.draw_allotment(ask, index, source, rest)
                case Banks():
                    parts += self.draw_banks(ask, index, source, rest)
                case Charge():
                    parts += self.take_charge(ask, index, source, parts)
                case Fallback():
                    parts.append(Part(index, f"fallback {source.contract}", rest, "handed-over"))
                case Hold():
                    parts.append(Part(index, "hold", rest, "held"))
                case Refuse():
                    parts.append(Part(index, "refuse", rest, "refused", "exhausted"))
        assert sum(part.counted for part in parts) == ask.counted, ask
        return parts

    def review(self, ask: Ask, index: int, source: Unlimited, counted: int) -> None:
        """Notice when the use of a contract year passes the level from at or below it."""
        year = next(year for year in ask.place.phase.years if year.start <= ask.now < year.end)
        key = ask.key(index)
        before = sum(note.counted for note in self.reviewed if note[:2] == (key, year.start))
        self.reviewed.append(Reviewed(key, year.start, counted))
        if source.review_at is not None and before <= source.review_at.amount < before + counted:
            number = ask.place.phase.years.index(year) + 1
            starts_on = ask.place.phase.whole.starts_on
            name = f"{ask.meter.name}/{index}/{starts_on}/year {number}/review"
            self.notice("fair-use-review", name, ask.use.id, ask.now)

    # Lines of a use

    def rate_use(self, ask: Ask) -> None:
        """Write the lines of a metered use."""
        if ask.counted == 0:
            disposition = "free" if ask.worked else "included"
            self.use_line(ask, Part(-1, "none", 0, disposition), ask.worked, ask.billable, Fraction(0), 0)
            return
        for held in self.write(ask, self.fill(ask), note_held=True):
            self.held.append(held)

    def write(self, ask: Ask, parts: list[Part], *, note_held: bool) -> list[Held]:
        """Write a line for each part, priced and settled by itself; hand back what is held.

        A part that is held again at a release keeps waiting without a second line.
        """
        counted = [part.counted for part in parts]
        waiting = []
        runs = cut(ask.runs, counted) if ask.runs else [[] for _ in parts]
        all_worked, all_billable = share_out(ask.worked, counted), share_out(ask.billable, counted)
        if ask.runs:
            all_worked = [sum(run.worked for run in own) for own in runs]
            all_billable = [sum(run.billable for run in own) for own in runs]
        for part, worked, billable, own in zip(parts, all_worked, all_billable, runs, strict=True):
            exact = Fraction(0)
            if part.disposition == "held":
                waiting.append(Held(ask.use, ask.meter.name, part.source, worked, billable, part.counted, tuple(own)))
                if not note_held:
                    continue
            elif part.disposition == "charged":
                exact = self.charge(ask, part, billable, own)
            self.use_line(ask, part, worked, billable, exact, part.counted)
        return waiting

    def charge(self, ask: Ask, part: Part, billable: int, runs: list[Run]) -> Fraction:
        """Price a charged part and note it in its windows."""
        charge = ask.meter.sources[part.index]
        assert isinstance(charge, Charge)
        exact = self.exact_charge(ask, part.index, charge, billable, part.counted, runs)
        by_tariff = winning_rate(charge, ask.use) is None
        priced = self.priced_units(ask, charge, billable, part.counted) if by_tariff else 0
        self.charges.append(
            Charged(
                ask.key(part.index),
                ask.place.period.start,
                self.window_of(ask, charge),
                priced,
                part.counted,
                exact,
                self.settle(exact),
            )
        )
        return exact

    def use_line(self, ask: Ask, part: Part, worked: int, billable: int, exact: Fraction, counted: int) -> None:
        """Write one line, and for an incident what could be given back."""
        line = OLine(
            "use",
            ask.place.period.name,
            ask.use.id,
            ask.meter.name,
            part.source,
            None if part.lot is None else part.lot.id,
            part.disposition,
            part.code,
            worked,
            billable,
            counted,
            exact,
            self.settle(exact),
        )
        self.lines.append(line)
        if ask.use.unit == "incidents":
            self.paid_for.setdefault(ask.use.id, []).append(Paid(part, line))

    # Ends of phases

    def phase_ends(self, phase: PhaseView, *, last: bool) -> None:
        """Charge what is still owed, and at the end of the contract refuse what is still held (D18, D20)."""
        period = phase.billing[-1]
        for owed in sorted(self.overdrawn, key=str):
            meter, price = self.overdrawn[owed]
            quantity = self.book.owed(owed)
            if quantity and (owed[1] == phase.number or (last and isinstance(owed[1], str))):
                exact = quantity * per_raw_unit(price)
                self.book.debts.append((owed, -quantity))
                self.settle_units(owed, self.settle(exact))
                self.lines.append(
                    OLine(
                        "overdraft",
                        period.name,
                        meter=meter,
                        source="overdraft",
                        disposition="charged",
                        counted=quantity,
                        exact=exact,
                        minor=self.settle(exact),
                    )
                )
        for held in self.held if last else ():
            self.lines.append(
                OLine(
                    "use",
                    period.name,
                    held.use.id,
                    held.meter,
                    held.source,
                    None,
                    "refused",
                    "held-at-end",
                    held.worked,
                    held.billable,
                    held.counted,
                )
            )
        if last:
            self.held = []

    def settle_units(self, owed: Owed, minor: int) -> None:
        """Charge the incidents that are owed, in one amount of which each debt has its share."""
        open_units = self.book.open_units(owed)
        debts = [debt for debt in self.book.incidents_owed if any(unit in open_units for unit in debt.units)]
        shares = [sum(unit in open_units for unit in debt.units) for debt in debts]
        for debt, share in zip(debts, share_out(minor, shares) if debts else (), strict=True):
            debt.minor += share
        for unit in open_units:
            unit.settled = True

    # Releases and give-backs

    def asks_again(self, held: Held, now: int) -> Ask | None:
        """Let a held part ask again, in the phase of the release, by the meter of its name; None if there is none."""
        place = self.place(now)
        meters = place.phase.meters if place is not None else ()
        for meter in meters:
            if place is not None and meter.name == held.meter and meter.unit == held.use.unit:
                _, metering = metering_for(meter, held.use)
                left = held.worked, held.billable, held.counted
                return Ask(held.use, place, meter, metering, now, *left, approved=True, runs=held.runs)
        return None

    def approve(self, approval: Approval, now: int) -> None:
        """Release what is held of a use, or all that is held, oldest first (D20)."""

        def is_meant(held: Held) -> bool:
            return approval.of in (None, held.use.id) or (
                held.use.unit == "incidents" and held.use.ticket == approval.of
            )

        waiting = sum(held.counted for held in self.held if is_meant(held))
        if not waiting:
            self.notice("nothing-held", f"approval/{approval.id}", approval.id, now)
        still: list[Held] = []
        for held in self.held:
            ask = self.asks_again(held, now) if is_meant(held) else None
            still += [held] if ask is None else self.write(ask, self.fill(ask), note_held=False)
        self.held = still
        if waiting and waiting == sum(held.counted for held in still if is_meant(held)):
            self.notice("stays-held", f"stays-held/{approval.id}", approval.id, now)

    def release_from(self, lot: Lot, now: int) -> None:
        """Let the pool of a bank that releases pay for what is held, oldest first (D20)."""
        assert lot.bank is not None
        if self.held and self.place(now) is None:
            self.notice("stays-held", f"stays-held/{lot.id}", lot.id, now)
        still: list[Held] = []
        for held in self.held:
            ask = self.asks_again(held, now)
            parts: list[Part] = []
            for index, source in enumerate(ask.meter.sources if ask is not None else ()):
                if ask is None or not isinstance(source, Banks) or source.pool != lot.bank.pool or parts:
                    continue
                if admits(source.scope, held.use):
                    parts = self.draw_banks(ask, index, source, held.counted, overdraw=False)
            if ask is None or not parts:
                still.append(held)
                continue
            rest = held.counted - sum(part.counted for part in parts)
            if rest:
                parts.append(Part(-1, held.source, rest, "held"))
            still += self.write(ask, parts, note_held=False)
        self.held = still

    def give_back_owed(self, debt: Debt, now: int) -> None:
        """Forgive what is still owed, and return what was repaid meanwhile to the lots that repaid it (D18, D21)."""
        self.book.incidents_owed.remove(debt)
        for unit in debt.units:
            if unit.lot is None and not unit.settled:
                self.book.debts.append((unit.owed, -1))
        for lot in dict.fromkeys(unit.lot for unit in debt.units if unit.lot is not None):
            self.give_back_to(lot, sum(unit.lot is lot for unit in debt.units), now)

    def give_back_to(self, lot: Lot, quantity: int, now: int) -> None:
        """Return units to the lot that paid them, where they first repay what is owed."""
        if lot.bank is not None:
            phases = self.phases
            terms = (source for p in phases for _, _, source in self.bank_terms(lot.bank.pool, lot.unit, p))
            self.give_back_to_bank(lot, quantity, now, next(terms))
            return
        self.book.move(lot, "returned", quantity)
        if lot.ended:
            self.book.move(lot, "forfeited", quantity)
        else:
            assert lot.source is not None
            self.book.repay(lot.source, lot, quantity)

    def give_back(self, use: str, now: int) -> None:
        """Return the units of an incident to where they came from, and its money as a credit (D21)."""
        self.held = [held for held in self.held if held.use.id != use]
        paid_for = self.paid_for.pop(use, [])
        for paid in paid_for:
            if paid.part.owed is not None:
                self.give_back_owed(paid.part.owed, now)
        for paid in paid_for:
            part, line = paid.part, paid.line
            minor = line.minor if part.owed is None else part.owed.minor
            if part.disposition == "charged" or part.lot is not None or part.owed is not None:
                self.lines.append(
                    line._replace(
                        kind="credit",
                        period=self.period_name(now),
                        disposition="credited",
                        exact=-self.unsettled(minor),
                        minor=-minor,
                    )
                )
            if part.lot is not None:
                self.give_back_to(part.lot, part.counted, now)


def weighted(ask: Ask) -> Ask:
    """Multiply the billable quantity once, rounded half up (D8)."""
    if ask.runs:
        return replace(ask, counted=sum(run.counted for run in ask.runs))
    factor = combined(factors(ask.metering, ask.use, "quantity"), ask.metering.combine)
    return replace(ask, counted=half_up(ask.billable * factor))
