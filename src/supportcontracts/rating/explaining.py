"""Explaining: the steps of a use, worded from what was recorded while it was computed.

There is no second derivation here: every number in a step was written down by the fold, and this module only finds
the words for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue
from supportcontracts.events import BankPurchase, ChargeItem
from supportcontracts.explain import Explanation, Part, Step
from supportcontracts.money import Amount, Money
from supportcontracts.money.text import show_fraction
from supportcontracts.quantity import WorkTime, quantity
from supportcontracts.rating.lines import Line
from supportcontracts.rating.meters import ALLOTMENT, BANKS, CHARGE, MeteringProgram
from supportcontracts.rating.printing import day_second, paid_by
from supportcontracts.rating.program import FeeDue
from supportcontracts.rating.records import LineRecord, Metered
from supportcontracts.rating.windows import Stretch, spread
from supportcontracts.timeline import from_epoch

if TYPE_CHECKING:
    from supportcontracts.rating.result import Rating

__all__ = ["explanation", "note_of", "steps_of"]


def __dir__() -> list[str]:
    return __all__


def explanation(rating: "Rating", use: str) -> Explanation[Money]:
    """Word the steps of everything that was recorded about one use."""
    found = [(record, line) for record, line in zip(rating.records, rating.lines, strict=True) if line.use == use]
    if not found:
        near = get_close_matches(use, {line.use for line in rating.lines}, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "The uses are the `use` of each of `rating.lines`."
        raise InvalidValue("explain", repr(use), "an entry, ticket, bank or fee of the rating was expected", hint)
    first_record, first = found[0]
    steps = [step for each in steps_of(rating.contract, found) for step in each]
    parts = [
        Part(
            paid_by(line),
            ("" if line.billable is None else str(line.billable), "" if line.counted is None else str(line.counted)),
            line.amount,
            note,
        )
        for (_, line), note in zip(found, _weights(found), strict=True)
    ]
    total = sum((line.amount for _, line in found), Money.zero(rating.contract.currency))
    day = rating.contract.zone.format_day(from_epoch(day_second(first_record, first)))
    title = " · ".join(filter(None, [use, day, note_of(first_record), rating.contract.id]))
    return Explanation(title, total, steps, parts, ("billable", "counted"))


def _weights(found: Sequence[tuple[LineRecord, Line]]) -> list[str]:
    """Say for each line in which windows its time lies, where the work crossed an edge."""
    cuts: dict[tuple[str, int], Iterator[list[Stretch]]] = {}
    notes = []
    for record, line in found:
        windows = None if record.metered is None else record.metered.windows
        if windows is None or len(windows[0]) < 2 or line.kind != "use":
            notes.append("")
            continue
        if (record.use, record.part) not in cuts:
            same = [other.counted for other, each in found if each.kind == "use" and other.part == record.part]
            cuts[record.use, record.part] = iter(spread(windows[0], same))
        notes.append(weighed(next(cuts[record.use, record.part])))
    return notes


def steps_of(contract: Contract, found: Sequence[tuple[LineRecord, Line]]) -> list[list[Step]]:
    """Word the steps of each line of one use; those of its metering stand before its first line."""
    _, first = found[0]
    words = Words(contract, str(first.counted.unit) if first.counted is not None else "work")
    steps: list[list[Step]] = []
    measured: set[tuple[str, int]] = set()
    cut = any(record.part > 1 for record, _ in found)
    for record, line in found:
        own: list[Step] = []
        if record.metered is not None and (record.kind, record.part) not in measured:
            measured.add((record.kind, record.part))
            own += words.metering(record.metered, line, part=record.part if cut else 0)
        steps.append([*own, *words.line(record, line)])
    return steps


def note_of(record: LineRecord) -> str:
    """The note of the event, where it has one."""
    event = record.metered.event if record.metered is not None else record.detail
    return str(getattr(event, "note", ""))


class Words:
    """The wording of one contract's records."""

    def __init__(self, contract: Contract, unit: str) -> None:
        self.contract = contract
        self.currency = contract.currency
        self.zone = contract.zone
        self.unit = unit

    def say(self, amount: Any) -> str:
        """Say a number of whole units."""
        return str(quantity(self.unit, int(amount)))

    def exact(self, minor: Any) -> str:
        """Say exact minor units as an amount."""
        return str(Amount(Fraction(minor) / self.currency.scale, self.currency))

    # -- metering ---------------------------------------------------------------------------------------------------

    def metering(self, metered: Metered, line: Line, *, part: int) -> list[Step]:
        """The stages from worked to counted quantity; a stage that changed nothing is left out.

        Args:
            metered: what was recorded.
            line: the first line of it.
            part: the number of the part, if the work was cut, or 0.
        """
        metering = metered.metering
        measured = f"part {part}, from {self.zone.format(line.at)}" if part else "as recorded"
        if line.code in ("non-billable", "incident"):
            return [Step("M1", "measure", measured, self.say(metered.worked))]
        if self.unit == "incidents":
            steps = [Step("I1", "count", f"{type(metered.event).__name__.lower()}", self.say(metered.worked))]
        else:
            steps = self._time(metered, metering, measured)
        if metered.windows is not None:
            return steps + self._windows(metered, metering)
        if metered.factor is not None:
            working = f"{self.say(metered.billable)} × {show_fraction(metered.factor, 0)}"
            path = f"{metering.path}.multiplier"
            steps.append(Step("M8", "multiply", working, self.say(metered.counted), path))
        return steps

    def _windows(self, metered: Metered, metering: MeteringProgram) -> list[Step]:
        """Where work was cut at the edges of covered time, and what each part counts."""
        assert metered.windows is not None
        stretches, rounds = metered.windows
        path = f"{metering.path}.multiplier"
        steps = [
            Step(
                "M7",
                "round apart",
                f"{self.say(each.time)} {each.window}" + (f", {self.say(each.before)} before" if each.before else ""),
                self.say(each.billable),
                f"{metering.path}.windows",
            )
            for each in rounds
        ]
        if len(stretches) > 1:
            said = ", then ".join(f"{each.window} {self.say(each.billable)}" for each in stretches)
            steps.append(Step("M7", "split", said, self.say(metered.billable), path))
        elif stretches[0].window:
            steps.append(Step("M7", "split", f"all of it {stretches[0].window}", self.say(metered.billable), path))
        if any(each.factor is not None for each in stretches):
            steps.append(Step("M8", "multiply", weighed(stretches), self.say(metered.counted), path))
        return steps

    def _time(self, metered: Metered, metering: MeteringProgram, measured: str) -> list[Step]:
        path = metering.path
        steps = [Step("M1", "measure", measured, self.say(metered.worked))]
        if metered.group and metered.group_before:
            working = f"{self.say(metered.group_before)} before in {metered.group}"
            steps.append(
                Step("M2", "group", working, self.say(metered.group_before + metered.metered), f"{path}.group")
            )
        if metered.metered != metered.worked:
            free = WorkTime(metered.worked - metered.metered) if metered.worked > metered.metered else WorkTime(0)
            working = f"− {free.short()} free" if free else "the free time is passed: all of it counts"
            steps.append(Step("M3", "free time", working, self.say(metered.metered), f"{path}.free"))
        if metered.windows is not None and metered.windows[1]:
            return steps
        total = metered.group_before + metered.metered
        if metered.raised > total:
            steps.append(
                Step(
                    "M4",
                    "minimum",
                    f"at least {WorkTime(metering.minimum).short()}",
                    self.say(metered.raised),
                    f"{path}.minimum",
                )
            )
        step = WorkTime(metering.increment).short()
        if metered.stepped < metered.raised:
            dropped = WorkTime(metered.raised - metered.stepped).short()
            working = f"− {dropped}, within the grace of {WorkTime(metering.grace).short()}"
            steps.append(Step("M5", "grace", working, self.say(metered.stepped), f"{path}.grace"))
        elif metered.stepped > metered.raised:
            added = WorkTime(metered.stepped - metered.raised).short()
            steps.append(
                Step("M6", "increment", f"+ {added} to a full {step}", self.say(metered.stepped), f"{path}.increment")
            )
        if metered.stepped != metered.billable:
            before = metered.stepped - metered.billable
            steps.append(
                Step("M2", "group", f"− {self.say(before)} billed before", self.say(metered.billable), f"{path}.group")
            )
        return steps

    # -- lines ------------------------------------------------------------------------------------------------------

    def line(self, record: LineRecord, line: Line) -> list[Step]:
        """The steps of one line: who pays how much, at what price, and what it settles to."""
        match record.kind:
            case "use" | "release":
                return self._paid(record, line)
            case "fee":
                return self._fee(record.detail, line)
            case "purchase":
                return self._purchase(record, line)
            case "charge-item":
                item = record.detail
                kind = item.kind if isinstance(item, ChargeItem) else ""
                return [Step("D14", "charge item", kind, str(line.amount))]
            case "refund":
                cost, size, refunded, so_far = record.detail
                price, in_all = Money.from_minor(cost, self.currency), Money.from_minor(so_far, self.currency)
                shares = f"{quantity(record.code, refunded)} of {quantity(record.code, size)}"
                working = f"{price} × {shares} refunded in all = {in_all}, less earlier refunds"
                return [Step("D24", "refund", working, str(line.amount))]
            case "credit":
                return [Step("I2", "give back", f"what was charged, at {self.zone.format(line.at)}", str(line.amount))]
            case "volume":
                working = f"{line.counted} × {line.rate}, the band it reaches"
                return [Step("T4", "volume", working, str(line.exact), _path(record, "tariff")), self._settled(line)]
            case "discount" | "maximum" | "minimum":
                rule = {"discount": "T7", "maximum": "T8", "minimum": "T9"}[record.kind]
                working = self._adjusted(record)
                return [Step(rule, record.kind, working, str(line.amount), _path(record, record.kind))]
            case _:
                working = f"{line.counted} owed × {line.rate}"
                return [
                    Step("B3", "overdraft", working, str(line.exact), _path(record, "short.settled_at")),
                    self._settled(line),
                ]

    def _adjusted(self, record: LineRecord) -> str:
        """Say what a window was adjusted to, and how a part period prorates it."""
        total, bound, (days, full_days) = record.detail
        working = f"on {Money.from_minor(total, self.currency)} in the window"
        if record.kind == "discount" or record.source is None:
            return working
        agreed = getattr(record.source.charge, record.kind)
        stub = "" if days == full_days else f" × {days}/{full_days} days = {Money.from_minor(bound, self.currency)}"
        return f"at {'most' if record.kind == 'maximum' else 'least'} {agreed}{stub}, {working}"

    def _fee(self, due: FeeDue, line: Line) -> list[Step]:
        return [Step(due.rule, "fee", due.working, str(line.amount), due.path)]

    def _purchase(self, record: LineRecord, line: Line) -> list[Step]:
        bought = record.detail
        if line.disposition == "refused" or not isinstance(bought, BankPurchase):
            return [Step("D7", "refused", line.code, str(line.amount))]
        if line.rate:
            return [Step("D28", "purchase", f"{line.counted} × {line.rate}", str(line.exact)), self._settled(line)]
        return [Step("D28", "purchase", "as agreed", str(line.amount))]

    def _settled(self, line: Line) -> Step:
        step = Money.from_minor(1, self.currency)
        return Step(
            "S1", "settle", f"{self.contract.rounding.replace('-', ' ')} to {step}", str(line.amount), "rounding"
        )

    def _paid(self, record: LineRecord, line: Line) -> list[Step]:
        source = record.source
        if line.disposition in ("free", "included") and source is None:
            rule = {"incident": "D14", "non-billable": "M1"}.get(line.code, "D10")
            return [Step(rule, "no charge", paid_by(line), str(line.amount))]
        if source is None:
            return [Step("D7", "refused", line.code.replace("-", " "), str(line.amount))]
        if line.code == "held-at-end":
            return [Step("D20", "refuse", "held when the contract ended", self.say(record.counted), source.path)]
        if line.code == "given-back":
            return [Step("D21", "give back", "no longer held", self.say(record.counted), source.path)]
        had, rest = record.detail[:2] if record.detail and not isinstance(record.detail[0], str) else (0, 0)
        pays = f"pays {line.counted}"
        if source.kind == ALLOTMENT or source.kind == BANKS:
            if line.source == "overdraft":
                return [
                    Step(
                        "B3",
                        "overdraw",
                        f"room for {self.say(had)}, {pays}; to pay",
                        self.say(rest),
                        f"{source.path}.short",
                    )
                ]
            rule, name = ("B1", line.source) if source.kind == ALLOTMENT else ("B2", f"bank {line.lot}")
            path = f"{source.path}.order" if isinstance(source.terms, Banks) else source.path
            return [Step(rule, name, f"had {self.say(had)}, {pays}; to pay", self.say(rest), path)]
        if source.kind == CHARGE and line.disposition == "charged":
            return self._charged(record, line)
        name = {"held": "hold", "refused": "refuse", "handed-over": "hand over"}.get(line.disposition, "include")
        rule = {"held": "D20", "refused": "D18", "handed-over": "B10"}.get(line.disposition, "B1")
        return [Step(rule, name, paid_by(line), self.say(record.counted), source.path)]

    def _charged(self, record: LineRecord, line: Line) -> list[Step]:
        assert record.source is not None
        path = _path(record, "tariff")
        counts = record.source.of_counted or record.source.meter.unit == "incidents"
        charged = line.counted if counts else line.billable
        detail = record.detail
        if not isinstance(detail[0], str):
            return [Step("T1", line.source, f"{charged} × {line.rate}", str(line.exact), path), self._settled(line)]
        if detail[0] == "accrued":
            return [Step("T4", "volume", f"{charged} more in the window; priced when it ends", str(line.amount), path)]
        if detail[0] == "apart":
            steps = [step for each in detail[1] for step in self._tariff(record, line, each, path)]
            said = " + ".join(f"{self.exact(each[4])} × {show_fraction(each[5], 0)}" for each in detail[1])
            steps.append(Step("M8", "multiply", said, str(line.exact), self._multiplier(record)))
            return [*steps, self._settled(line)]
        steps = self._tariff(record, line, detail, path)
        if detail[5] != 1:
            words = f"price × {show_fraction(detail[5], 0)}"
            steps.append(Step("M8", "multiply", words, str(line.exact), self._multiplier(record)))
        return [*steps, self._settled(line)]

    @staticmethod
    def _multiplier(record: LineRecord) -> str:
        assert record.source is not None
        metering = None if record.metered is None else record.metered.metering
        return f"{(metering or record.source.meter.metering).path}.multiplier"

    def _tariff(self, record: LineRecord, line: Line, detail: Any, path: str) -> list[Step]:
        """What a quantity costs by its rate or tariff, before any multiplier on the price."""
        assert record.source is not None
        charged = quantity(self.unit, detail[2])
        _, before, quantity_charged, pieces, gross, _ = detail
        steps = []
        free = record.source.free_first
        taken = min(before + quantity_charged, free) - min(before, free)
        by_rate = record.price is not None and not pieces
        if by_rate:
            own = record.metered is not None and getattr(record.metered.event, "rate", None) is not None
            where = "entry_rates" if own and record.source.entry_rates else "rates"
            steps.append(Step("M9", "rate", f"{charged} × {line.rate}", self.exact(gross), _path(record, where)))
        elif taken:
            steps.append(
                Step(
                    "T5",
                    "free first",
                    f"− {self.say(taken)} free",
                    self.say(quantity_charged - taken),
                    _path(record, "free_first"),
                )
            )
        if not by_rate and (before or len(pieces) != 1 or not line.rate):
            shown = " + ".join(
                f"{self.say(p.quantity)} × {p.price}" if not p.price[0].isalpha() else p.price for p in pieces
            )
            if record.source.terms.__class__.__name__ == "Charge" and _packaged(record):
                shown = " + ".join(f"{p.quantity} × {p.price}" for p in pieces)
            working = f"{shown or 'nothing'}, after {self.say(before)} in the window" if before else shown
            rule = "T3" if _packaged(record) else "T1" if line.rate else "T2"
            steps.append(Step(rule, line.source, working, self.exact(gross), path))
        elif not by_rate:
            steps.append(
                Step("T1", line.source, f"{self.say(pieces[0].quantity)} × {line.rate}", self.exact(gross), path)
            )
        return steps


def weighed(stretches: Iterable[Stretch]) -> str:
    """Say how the counted time of stretches came about, as in "1h 00m × 1 + 0h 20m × 1.5".

    Example:
        >>> weighed([Stretch("", 3600, 3600, None, 3600, None), Stretch("", 1200, 1200, Fraction(3, 2), 1800, None)])
        '1h 00m × 1 + 0h 20m × 1.5'
    """
    one = Fraction(1)
    return " + ".join(f"{WorkTime(each.billable)} × {show_fraction(each.factor or one, 0)}" for each in stretches)


def _packaged(record: LineRecord) -> bool:
    return record.source is not None and hasattr(record.source.charge.tariff, "size")


def _path(record: LineRecord, leaf: str) -> str:
    return f"{record.source.path}.{leaf}" if record.source is not None else ""
