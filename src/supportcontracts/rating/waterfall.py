"""The waterfall: a use meets the sources of its meter in order, until nothing is left; then its parts are priced.

Sources are drawn in counted units (D8). Worked and billable time are allocated over the parts by largest remainder,
and each charged part is priced from the quantity it shows and settled once (D23).
"""

from fractions import Fraction
from typing import Any

from supportcontracts.contracts.tariffs import Tariff, Volume
from supportcontracts.ledger import OpenLot
from supportcontracts.money import Price, round_ratio
from supportcontracts.quantity import allocate_whole
from supportcontracts.rating.accounts import Accounts, Pool
from supportcontracts.rating.meters import (
    ALLOTMENT,
    BANKS,
    CHARGE,
    FALLBACK,
    HOLD,
    UNLIMITED,
    MeterProgram,
    SourceProgram,
    account_of,
    admits,
    short_limit,
)
from supportcontracts.rating.pricing import Piece, Stepwise, increase
from supportcontracts.rating.program import PhaseProgram, Slice
from supportcontracts.rating.records import LINE
from supportcontracts.rating.windows import Stretch, spread

__all__ = ["Part", "Use", "Waterfall"]


def __dir__() -> list[str]:
    return __all__


Part = tuple[SourceProgram | None, str, int, str, str, int]
"""Who pays, from which lot, how many counted units, the disposition, a code, and what the source had before."""

ONE = Fraction(1)


class Use:
    """One use on its way through the waterfall: what it is, and what scopes, rates and windows look at."""

    __slots__ = (
        "at",
        "billable",
        "cause",
        "counted",
        "facts",
        "id",
        "kind",
        "metered",
        "part",
        "phase",
        "piece",
        "price_factor",
        "spread",
        "stretches",
        "worked",
    )

    def __init__(
        self,
        id: str,
        part: int,
        kind: str,
        at: int,
        facts: Any,
        phase: PhaseProgram,
        piece: Slice,
        worked: int,
        billable: int,
        counted: int,
        price_factor: Fraction | None,
        metered: tuple[Any, ...] | None,
        cause: str = "",
    ) -> None:
        self.id = id
        self.part = part
        self.kind = kind
        self.at = at
        self.facts = facts
        self.phase = phase
        self.piece = piece
        self.worked = worked
        self.billable = billable
        self.counted = counted
        self.price_factor = price_factor
        self.metered = metered
        self.cause = cause
        # Several, where windows differ; then also how its parts were cut out of them, part by part.
        self.stretches: list[Stretch] = []
        self.spread: list[list[Stretch]] = []


class Waterfall:
    """The sources of a meter at work on the accounts of a fold."""

    __slots__ = ("books", "rounding", "zone")

    def __init__(self, books: Accounts) -> None:
        self.books = books
        self.rounding = books.program.rounding
        self.zone = books.zone

    def pay(self, use: Use, meter: MeterProgram, *, approved: bool = False) -> list[Part]:
        """Take a use through the sources, and write its lines.

        Args:
            use: the use, with at least one counted unit.
            meter: its meter.
            approved: whether the customer approved it, so that a charge that needs approval takes it.
        """
        parts: list[Part] = []
        rest = use.counted
        for source in meter.sources:  # pragma: no branch  # the last source never runs out
            if source.restrictions and not admits(source.restrictions, use.facts):
                continue
            kind = source.kind
            if kind == UNLIMITED:
                parts.append((source, "", rest, "included", "", 0))
                self._review(source, use, rest)
                rest = 0
            elif kind == ALLOTMENT or kind == BANKS:
                rest = self._draw(source, use, rest, parts)
            elif kind == CHARGE:
                held = source.approval and not approved
                take = self._within_limit(source, use, rest, parts, meter, held=held)
                if take:
                    parts.append((source, "", take, "held" if held else "charged", "", 0))
                    rest -= take
            elif kind == FALLBACK:
                parts.append((source, "", rest, "handed-over", "", 0))
                rest = 0
            elif kind == HOLD:
                parts.append((source, "", rest, "held", "", 0))
                rest = 0
            else:
                parts.append((source, "", rest, "refused", "exhausted", 0))
                rest = 0
            if not rest:
                break
        self.write(use, meter, parts)
        return parts

    def pay_from_pool(self, use: Use, meter: MeterProgram, pool: str, holder: SourceProgram) -> None:
        """Take held use to the banks of one pool only, as a purchase that releases it does; the rest stays held (D20).

        Args:
            use: the held use.
            meter: its meter.
            pool: the name of the banks.
            holder: the source that holds it.
        """
        parts: list[Part] = []
        rest = use.counted
        for source in meter.sources:
            if source.kind == BANKS and source.pool == pool and rest and admits(source.restrictions, use.facts):
                rest = self._draw(source, use, rest, parts, below=False)
        if parts and rest:
            parts.append((holder, "", rest, "held", "", 0))
        self.write(use, meter, parts)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def _draw(self, source: SourceProgram, use: Use, rest: int, parts: list[Part], *, below: bool = True) -> int:
        """Draw from the lots of a source, and below zero where it may be overdrawn; return what is left to pay."""
        books = self.books
        pool: Pool | None = None
        if source.kind == BANKS:
            pool = books.pools[source.pool, source.meter.unit]
            lots = pool.in_order(source.order)
            disposition = "drawn"
        else:
            lots = books.allotments.get(source.key, [])
            disposition = "included"
        room = self._room(source, use, rest) if source.sublimits else rest
        if source.whole and (room < rest or self._available(lots, use, rest) < rest):
            return rest
        drawn = 0
        for lot in lots:
            had = lot.left
            if had and room > drawn and (not lot.restrictions or admits(lot.restrictions, use.facts)):
                pays = min(had, room - drawn)
                lot.left = had - pays
                drawn += pays
                parts.append((source, lot.id, pays, disposition, "", had))
                if lot.left == 0 and pool is not None:
                    pool.sorted.clear()
            if drawn == room:
                break
        if pool is not None and drawn:
            before = pool.left
            pool.left -= drawn
            if pool.alert is None or pool.left <= pool.alert:
                books.warn(pool, before, use.at, use.id)
        if below and source.overdraw is not None and drawn < room:
            drawn += self._overdraw(source, use, room - drawn, parts)
        if source.sublimits and drawn:
            self._count_sublimits(source, use, drawn)
        return rest - drawn

    @staticmethod
    def _available(lots: list[OpenLot], use: Use, rest: int) -> int:
        found = 0
        for lot in lots:
            if not lot.restrictions or admits(lot.restrictions, use.facts):
                found += lot.left
                if found >= rest:
                    break
        return found

    def _overdraw(self, source: SourceProgram, use: Use, rest: int, parts: list[Part]) -> int:
        """Go below zero, as far as the limit (D18)."""
        account = account_of(source)
        owed = self.books.deficits.get(account, 0)
        limit = source.overdraw_limit
        if source.kind == BANKS and source.overdraw is not None:
            limit = short_limit(source.overdraw, self.books.pools[source.pool, source.meter.unit].latest_size)
        pays = min(rest, limit - owed)
        if pays <= 0:
            return 0
        self.books.overdrawn[account] = (use.phase.key, source)
        self.books.owe(account, pays, use.id, source.meter.unit, use.at)
        parts.append((source, "", pays, "drawn", "overdraft", limit - owed))
        return pays

    # -- windows ----------------------------------------------------------------------------------------------------

    def _room(self, source: SourceProgram, use: Use, rest: int) -> int:
        """How much the sub-limits that apply leave; two limits at once bind once (B4)."""
        room = rest
        for place, (limit, restrictions, per) in enumerate(source.sublimits):
            if admits(restrictions, use.facts):
                used = self.books.counts.get(self._sublimit_key(source, place, per, use), 0)
                room = min(room, max(0, limit - used))
        return room

    def _count_sublimits(self, source: SourceProgram, use: Use, drawn: int) -> None:
        counts = self.books.counts
        for place, (_, restrictions, per) in enumerate(source.sublimits):
            if admits(restrictions, use.facts):
                key = self._sublimit_key(source, place, per, use)
                counts[key] = counts.get(key, 0) + drawn

    def _sublimit_key(self, source: SourceProgram, place: int, per: str, use: Use) -> tuple[str | int, ...]:
        if per == "period":
            lots = self.books.allotments.get(source.key, ())
            window = next((lot.id for lot in lots if lot.kind == "grant"), "")
        elif per == "day":
            window = self.zone.date_of_epoch(use.at).isoformat()
        else:
            year, week, _ = self.zone.date_of_epoch(use.at).isocalendar()
            window = f"{year}-W{week:02}"
        return ("sublimit", source.key, place, window)

    def window_key(self, source: SourceProgram, per: str | None, use: Use) -> tuple[str | int, ...] | None:
        """Name the window that a charge adds a use up in; None if every use stands alone."""
        match per:
            case "period":
                return (source.key, "period", use.piece.key)
            case "term":
                return (source.key, "term", use.phase.key)
            case "day":
                return (source.key, "day", use.phase.key, self.zone.date_of_epoch(use.at).isoformat())
            case "incident":
                ticket = use.id if source.meter.unit == "incidents" else use.facts.ticket
                return (source.key, "incident", use.phase.key, ticket or f"alone {use.id}")
            case "entry":
                return (source.key, "entry", use.id)
            case _:
                return None

    def _review(self, source: SourceProgram, use: Use, counted: int) -> None:
        """Ask somebody to look when the use of a contract year passes the fair-use level (B1)."""
        level = source.terms.review_at  # type: ignore[union-attr]  # an Unlimited, by its kind
        if level is None:
            return
        counts = self.books.counts
        key = ("review", source.key, use.phase.key, use.phase.year_key(use.at))
        before = counts.get(key, 0)
        counts[key] = before + counted
        if before <= level.amount < before + counted:
            name = f"{source.key}/{use.phase.key}/year {key[3]}/review"
            self.books.notify(use.at, "fair-use-review", name, use.id, (level, before + counted))

    def _within_limit(
        self, source: SourceProgram, use: Use, rest: int, parts: list[Part], meter: MeterProgram, *, held: bool
    ) -> int:
        """How many counted units a charge takes before its limit; only what is charged uses the limit up (T6)."""
        if source.limit_units is None and source.limit_money is None:
            return rest
        counts = self.books.counts
        window = use.piece.key if source.limit_per == "period" else use.phase.key
        if source.limit_units is not None:
            key = ("limit", source.key, window)
            used = counts.get(key, 0)
            take = min(rest, max(0, source.limit_units - used))
            if not held:
                counts[key] = used + take
            return take
        assert source.limit_money is not None
        spent_key, scale_key = ("spent", source.key, window), ("spent scale", source.key, window)
        spent = Fraction(counts.get(spent_key, 0), counts.get(scale_key, 1))
        low, high = 0, rest
        while low < high:
            middle = (low + high + 1) // 2
            if spent + self._exact(source, use, middle, rest, parts, meter) <= source.limit_money:
                low = middle
            else:
                high = middle - 1
        if low and not held:
            spent += self._exact(source, use, low, rest, parts, meter)
            counts[spent_key], counts[scale_key] = spent.numerator, spent.denominator
        return low

    def _exact(
        self, source: SourceProgram, use: Use, counted: int, rest: int, parts: list[Part], meter: MeterProgram
    ) -> Fraction:
        """What so many counted units would cost, if what is left of the use went on to the next source."""
        weights = [*(part[2] for part in parts), counted, rest - counted]
        if use.stretches:
            pieces = self._weighed(source, meter, spread(use.stretches, weights)[len(parts)])
        else:
            quantity = counted
            if not source.of_counted and meter.unit == "work" and counted:
                quantity = allocate_whole(use.billable, weights)[len(parts)]
            pieces = [(quantity, ONE if use.price_factor is None else use.price_factor)]
        price = self.rate(source, use.facts)
        before = self._priced_before(source, use)
        exact = Fraction(0)
        for quantity, factor in pieces:
            if price is not None:
                gross = quantity * price.per_unit()
            else:
                free = source.free_first
                low, high = max(0, before - free), max(0, before + quantity - free)
                gross, _ = increase(_stepwise(source.charge.tariff), low, high)
                before += quantity
            exact += gross * factor
        return exact

    @staticmethod
    def _weighed(source: SourceProgram, meter: MeterProgram, cut: list[Stretch]) -> list[tuple[int, Fraction]]:
        """What a part is charged for in each stretch, with the factor on its price; equal neighbours are one."""
        counts = source.of_counted or meter.unit == "incidents"
        found: list[tuple[int, Fraction]] = []
        for stretch in cut:
            quantity = stretch.counted if counts else stretch.billable
            factor = ONE if stretch.price_factor is None else stretch.price_factor
            if found and found[-1][1] == factor:
                quantity += found.pop()[0]
            found.append((quantity, factor))
        return found

    def _priced_before(self, source: SourceProgram, use: Use) -> int:
        window = self.window_key(source, source.per, use)
        return 0 if window is None else self.books.counts.get(("priced", *window), 0)

    # -- pricing ----------------------------------------------------------------------------------------------------

    @staticmethod
    def rate(source: SourceProgram, facts: Any) -> Price | None:
        """The price that replaces the tariff: the entry's, else the most specific rate; None: the tariff (D15)."""
        if source.entry_rates and facts.rate is not None:
            return facts.rate if isinstance(facts.rate, Price) else Price(facts.rate)
        rates = source.rates
        if not rates:
            return None
        for key in ((facts.role, facts.work_type), (None, facts.work_type), (facts.role, None)):
            found = rates.get(key)
            if found is not None:
                return found
        return None

    def write(self, use: Use, meter: MeterProgram, parts: list[Part]) -> None:
        """Write one line for each part: quantities that add up, a price where it is charged, settled once (D8, D23)."""
        journal = self.books.journal
        worked: tuple[int, ...] = (use.worked,)
        billable: tuple[int, ...] = (use.billable,)
        if len(parts) > 1:
            weights = [part[2] for part in parts]
            if use.stretches:
                use.spread = spread(use.stretches, weights)
                worked = tuple(sum(each.worked for each in cut) for cut in use.spread)
                billable = tuple(sum(each.billable for each in cut) for cut in use.spread)
            else:
                worked, billable = allocate_whole(use.worked, weights), allocate_whole(use.billable, weights)
        elif use.stretches:
            use.spread = [use.stretches]
        rest = use.counted
        for number, (source, lot, counted, disposition, code, had) in enumerate(parts):
            rest -= counted
            price: Price | None = None
            exact: Any = 0
            minor = 0
            detail: Any = (had, rest)
            if disposition == "charged":
                assert source is not None
                quantity = counted if source.of_counted or meter.unit == "incidents" else billable[number]
                pieces = self._weighed(source, meter, use.spread[number]) if use.spread else []
                if len(pieces) > 1 and not source.volume:
                    price, exact, minor, detail = self._priced_apart(source, use, pieces)
                elif pieces and not source.volume:
                    price, exact, minor, detail = self._priced(source, use, *pieces[0])
                elif source.flat_ratio is not None and use.price_factor is None:
                    price = source.charge.tariff  # type: ignore[assignment]  # flat only for a Price
                    up, down = source.flat_ratio
                    exact = (up * quantity, down)
                    minor = round_ratio(up * quantity, down, self.rounding)
                else:
                    factor = ONE if use.price_factor is None else use.price_factor
                    price, exact, minor, detail = self._priced(source, use, quantity, factor)
                if source.adjusted:
                    self.count_settled(source, use, minor)
            journal.append(
                (
                    LINE,
                    use.at,
                    use.kind,
                    use.piece,
                    meter,
                    source,
                    use.id,
                    use.part,
                    lot,
                    disposition,
                    code,
                    worked[number],
                    billable[number],
                    counted,
                    price,
                    exact,
                    minor,
                    use.metered,
                    detail,
                    use.cause,
                )
            )

    def _priced_apart(
        self, source: SourceProgram, use: Use, pieces: list[tuple[int, Fraction]]
    ) -> tuple[Price | None, Fraction, int, Any]:
        """Price a part whose windows have different factors: each in the order of the clock, settled together (D23)."""
        price: Price | None = None
        exact = Fraction(0)
        apart = []
        for quantity, factor in pieces:
            price, amount, _, detail = self._priced(source, use, quantity, factor)
            exact += amount
            apart.append(detail)
        return price, exact, round_ratio(exact.numerator, exact.denominator, self.rounding), ("apart", apart)

    def _priced(
        self, source: SourceProgram, use: Use, quantity: int, factor: Fraction
    ) -> tuple[Price | None, Fraction, int, Any]:
        """Price one part by its rate or by what it adds to its window, and settle it (D10, D15, D23)."""
        counts = self.books.counts
        price = self.rate(source, use.facts)
        if price is not None:
            before, gross = 0, quantity * price.per_unit()
            pieces: tuple[Piece, ...] = ()
        elif source.volume:
            window = self.window_key(source, source.per, use)
            assert window is not None
            before = counts.get(("volume", *window), 0)
            counts["volume", *window] = before + quantity
            return None, Fraction(0), 0, ("accrued", before, quantity)
        else:
            tariff = source.charge.tariff
            price = tariff if isinstance(tariff, Price) else None
            before = self._priced_before(source, use)
            free = source.free_first
            gross, pieces = increase(_stepwise(tariff), max(0, before - free), max(0, before + quantity - free))
            window = self.window_key(source, source.per, use)
            if window is not None:
                counts["priced", *window] = before + quantity
        exact = gross * factor
        minor = round_ratio(exact.numerator, exact.denominator, self.rounding)
        return price, exact, minor, ("priced", before, quantity, pieces, gross, factor)

    def count_settled(self, source: SourceProgram, use: Use, minor: int) -> None:
        """Add a settled line to the window of its discount, maximum and minimum (D26)."""
        window = use.piece.key if source.charge.adjust_per == "period" else use.phase.key
        key = ("settled", source.key, window)
        self.books.counts[key] = self.books.counts.get(key, 0) + minor


def _stepwise(tariff: Tariff) -> Stepwise:
    assert not isinstance(tariff, Volume)  # accrued, and priced when its window ends
    return tariff
