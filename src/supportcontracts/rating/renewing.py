"""Renewing: the contract for the next term, with every price that changes, and why.

The new term is one more phase of the same contract, so banks and the history of use go on. A price of the plan is
found by its path, multiplied exactly, and settled once to the step of the terms: next year's rise starts from what was
settled (D28).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, require_text
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.plans import Plan
from supportcontracts.contracts.renewal import FixedUplift, Indexation, Renewal, month_of, require_month
from supportcontracts.contracts.wording.words import number, share
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation, Step, table
from supportcontracts.money import Amount, Money, Price, RoundingMode, settle
from supportcontracts.money.rounding import round_ratio
from supportcontracts.quantity import Number, exact
from supportcontracts.timeline import Days, Instant, Term, add_months, instant

__all__ = ["Index", "NotRenewed", "RenewalQuote", "RenewedPrice", "renew"]


def __dir__() -> list[str]:
    return __all__


def _values(values: Mapping[str, Number]) -> tuple[tuple[str, Fraction], ...]:
    pairs = values.items() if isinstance(values, Mapping) else values
    return tuple(sorted((month, exact("index value", value, write='"126.3"')) for month, value in pairs))


@frozen
class Index:
    """The values of an index by month, as they were published.

    Args:
        name: the name of the series.
        values: a value above 0 for each month, "YYYY-MM".

    Raises:
        InvalidValue: for a month that is none, or is there twice, or a value of 0 or less.

    Example:
        >>> Index("service-price-index", {"2025-09": "126.3", "2024-09": "120.0"}).values[0]
        ('2024-09', Fraction(120, 1))
    """

    name: str
    values: tuple[tuple[str, Fraction], ...] = attrs.field(converter=_values)

    def __attrs_post_init__(self) -> None:
        require_text("Index.name", self.name)
        for month, value in self.values:
            require_month(f"Index {self.name!r}", month)
            if value <= 0:
                raise InvalidValue(f"Index {self.name!r} {month}", str(value), "a value above 0 was expected")
        if len({month for month, _ in self.values}) != len(self.values):
            raise InvalidValue(f"Index {self.name!r}", "a month twice", "one value for each month was expected")

    def value(self, month: str) -> Fraction:
        """Return the value of a month.

        Raises:
            InvalidValue: for a month without a value: a series with a gap there prices nothing.

        Example:
            >>> Index("cpi", {"2025-09": "126.3"}).value("2025-09")
            Fraction(1263, 10)
        """
        found = dict(self.values).get(month)
        if found is None:
            known = ", ".join(known for known, _ in self.values) or "none"
            raise InvalidValue(
                f"Index {self.name!r}",
                f"no value for {month}",
                "a value of that month was expected",
                f"It has {known}.",
            )
        return found


@frozen
class RenewedPrice:
    """One price of the plan, as it was and as it will be.

    Attributes:
        path: the path of the term.
        was: before.
        becomes: from the new term on.
        standing: "revised", or "fixed" by the terms.
    """

    path: str
    was: Money | Price
    becomes: Money | Price
    standing: Literal["revised", "fixed"]


@frozen
class NotRenewed:
    """The contract does not go on.

    Attributes:
        code: "no-renewal": its terms have none; "declined": somebody said no in time; "not-accepted": nobody said yes.
        reason: why, in words.

    Rules: R5.
    """

    contract: str
    code: Literal["no-renewal", "declined", "not-accepted"]
    reason: str

    def __str__(self) -> str:
        return f"{self.contract}: {self.code}, {self.reason}"


@frozen
class RenewalQuote:
    """What the next term would be, priced as of an instant; it binds once it is accepted (D36).

    Attributes:
        contract: the contract with the new term as its last phase.
        term: the new term.
        decide_by: the last local day on which either side may say no.
        factor: what revised prices are multiplied by.
        prices: every price of the plan.
        steps: how the factor came about.

    Rules: R5 to R8.
    """

    contract: Contract
    term: Term
    mode: Literal["manual", "automatic", "evergreen"]
    decide_by: date
    factor: Fraction
    prices: tuple[RenewedPrice, ...]
    steps: tuple[Step, ...]

    def conclude(self, *, as_of: datetime, answer: Literal["none", "accepted", "declined"]) -> Contract | NotRenewed:
        """Return the renewed contract, or say why it is not renewed.

        A "declined" in time ends the contract; too late, an automatic renewal goes on. Without an answer a manual
        renewal is not accepted, and an automatic one goes on once the decision date has passed.

        Raises:
            InvalidValue: without an answer before the decision date has passed: it is still open.

        Rules: R5.

        Example:
            >>> from supportcontracts.timeline import Zone
            >>> from supportcontracts.contracts.plans import FixedAnnual
            >>> utc = Zone("UTC")
            >>> c = Contract("C", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=utc),
            ...     plan=FixedAnnual(fee=Money("100 EUR")), renewal=Renewal(mode="manual"))
            >>> quote = renew(c, as_of=utc.at("2025-10-20 09:00"))
            >>> print(quote.conclude(as_of=utc.at("2026-01-01 00:00"), answer="none"))
            C: not-accepted, nobody accepted it by 2025-12-31
        """
        day = self.term.zone.date_of(instant(as_of))
        if answer == "accepted":
            return self.contract
        if answer == "declined" and (day <= self.decide_by or self.mode == "manual"):
            return NotRenewed(self.contract.id, "declined", f"declined on {day}, by {self.decide_by}")
        if answer not in ("none", "declined"):
            raise InvalidValue("answer", repr(answer), '"none", "accepted" or "declined" was expected')
        if day <= self.decide_by:
            raise InvalidValue(
                "conclude",
                f"no answer on {day}",
                f"an answer was expected, or a day after {self.decide_by}, until when either side may say no",
                'Write answer="accepted" or "declined", or wait.',
            )
        if self.mode == "manual":
            return NotRenewed(self.contract.id, "not-accepted", f"nobody accepted it by {self.decide_by}")
        return self.contract

    def explain(self) -> Explanation[str]:
        """Say how the prices came about."""
        return Explanation(
            f"Renewal of {self.contract.id}", f"× {number(self.factor)}", (*self.steps, *self._settled())
        )

    def _settled(self) -> Iterator[Step]:
        for price in self.prices:
            if price.standing == "fixed":
                yield Step("R8", "fixed", f"{price.was}, never revised", str(price.becomes), price.path)
            else:
                yield Step("D28", "settle", f"{price.was} × {number(self.factor)}", str(price.becomes), price.path)

    def to_rows(self) -> list[dict[str, Any]]:
        """List the prices as plain rows."""
        return [
            {"path": price.path, "was": str(price.was), "becomes": str(price.becomes), "standing": price.standing}
            for price in self.prices
        ]

    def __str__(self) -> str:
        until = f"either side may end it by {self.decide_by}"
        if self.mode == "manual":
            until = f"to be accepted by {self.decide_by}"
        head = f"Renewal of {self.contract.id} for {self.term.starts_on} to {self.term.last_day} · {until}"
        rows = [(step.name, step.working, step.result) for step in self.steps]
        for price in self.prices:
            words = f"{price.was}, fixed" if price.standing == "fixed" else f"{price.was} × {number(self.factor)}"
            rows.append((price.path.removeprefix("plan."), words, str(price.becomes)))
        return f"{head}\n{table(rows, right={2})}"


def renew(
    contract: Contract, index: Index | None = None, *, as_of: datetime, list_plan: Plan | None = None
) -> RenewalQuote | NotRenewed:
    """Quote the next term of a contract, as of an instant.

    The term starts the day after the last one ends. Values of the index count if their month is complete as of the
    instant. Nothing is changed: the quote holds the contract that would go on.

    Args:
        contract: with its renewal terms.
        index: the series that the terms name.
        as_of: what is known.
        list_plan: today's list, where the terms go by it.

    Raises:
        InvalidValue: without renewal terms; for an index, or a list, that the terms need and is not there, or is not
            theirs; for a series with a gap where it is read; for a term that is no whole months, unless the terms say
            how long the next one is; once the term has ended.

    Rules: R5 to R8, D28.

    Example:
        >>> from supportcontracts.timeline import Months, Zone
        >>> from supportcontracts.contracts.plans import FixedAnnual
        >>> berlin = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-7", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=berlin),
        ...     plan=FixedAnnual(fee=Money("1200 EUR")), renewal=Renewal(mode="automatic", notice=Months(2),
        ...     uplift=Indexation("cpi", last_rise="2024-09", cap=Fraction(4, 100), above_cap="carry-forward")),
        ... )
        >>> cpi = Index("cpi", {"2024-09": "120.0", "2025-09": "126.3"})
        >>> print(renew(c, cpi, as_of=berlin.at("2025-10-20 09:00")))
        Renewal of C-7 for 2026-01-01 to 2026-12-31 · either side may end it by 2025-10-31
        index  126.3 ÷ 120, 2025-09 over 2024-09        + 5.25 %
        cap    at most + 4 %; next time from 124.8         + 4 %
        fee    1,200.00 EUR × 1.04                  1,248.00 EUR
    """
    terms, last = contract.renewal, contract.dated_phases[-1]
    if terms is None:
        raise InvalidValue(
            f"Contract {contract.id!r} renewal", "no terms", "renewal terms were expected", 'Renewal(mode="manual")'
        )
    if terms.mode == "none":
        return NotRenewed(contract.id, "no-renewal", f"it ends on {last.term.last_day}")
    now = instant(as_of)
    if now >= last.term.end:
        raise InvalidValue(
            "renew",
            f"as of {last.term.zone.format(now)}",
            f"an instant before the term ends was expected, on {last.term.last_day}",
            "A contract that has lapsed is reinstated: write reinstate(…).",
        )
    _require_prices(terms, index, list_plan)
    factor, steps, uplift = _factor(contract, terms, index, now)
    term = _next_term(terms, last.term)
    if list_plan is not None:
        prices = [RenewedPrice(path, price, price, "revised") for path, price in _prices(list_plan, "plan")]
        plan = list_plan
    else:
        reviser = _Reviser(factor, terms, contract.rounding)
        plan = reviser.revised(last.plan, "plan")
        prices = reviser.prices
    renewed = attrs.evolve(
        contract,
        term=None,
        plan=None,
        phases=(*contract.dated_phases, Phase(term, plan)),
        renewal=attrs.evolve(terms, uplift=uplift),
    )
    last_say = Days(1).before(terms.notice.before(last.term.ends_before))
    return RenewalQuote(renewed, term, terms.mode, last_say, factor, tuple(prices), tuple(steps))


def _require_prices(terms: Renewal, index: Index | None, list_plan: Plan | None) -> None:
    needed = terms.uplift.index if isinstance(terms.uplift, Indexation) else None
    if (index.name if index is not None else None) != needed:
        got = f"the index {index.name!r}" if index is not None else "no index"
        expected = f"the index {needed!r} was expected" if needed else "no index was expected: the terms name none"
        raise InvalidValue("renew", got, expected)
    if (list_plan is not None) != (terms.price == "list-price"):
        got = "no list" if list_plan is None else "a list beside the last price"
        raise InvalidValue("renew", got, f"the terms go by the {terms.price.replace('-', ' ')}", "Write list_plan=…")


def _next_term(terms: Renewal, last: Term) -> Term:
    length = terms.months or last.whole_months
    if length is None:
        raise InvalidValue(
            "Renewal.months", f"none, after a term of {last.days} days", "the months of the next term were expected"
        )
    return Term(last.ends_before, months=length, zone=last.zone)


def _signed(rise: Fraction) -> str:
    return f"{'−' if rise < 0 else '+'} {share(abs(rise))}"


def _factor(
    contract: Contract, terms: Renewal, index: Index | None, now: Instant
) -> tuple[Fraction, list[Step], FixedUplift | Indexation | None]:
    """Return what prices are multiplied by, how that came about, and the uplift as it stands afterwards."""
    uplift = terms.uplift
    if uplift is None:
        return Fraction(1), [], None
    if terms.first_term == "exempt" and len(contract.dated_phases) == 1:
        return Fraction(1), [Step("R8", "first term", "exempt", "+ 0 %", "renewal.first_term")], uplift
    if isinstance(uplift, FixedUplift):
        rise = uplift.share
        return 1 + rise, [Step("R6", "uplift", "fixed", _signed(rise), "renewal.uplift")], uplift
    assert index is not None
    month = _month_read(uplift, index, contract.zone.date_of(now))
    base = uplift.from_value or index.value(uplift.last_rise)
    value = index.value(month)
    rise = value / base - 1
    over = f"{month} over {uplift.last_rise}"
    steps = [Step("R6", "index", f"{number(value)} ÷ {number(base)}, {over}", _signed(rise), "renewal.uplift")]
    if uplift.spread:
        rise += uplift.spread
        steps.append(Step("R6", "spread", _signed(uplift.spread), _signed(rise), "renewal.uplift.spread"))
    if uplift.floor is not None and rise < uplift.floor:
        rise = uplift.floor
        steps.append(Step("R7", "floor", f"at least {_signed(rise)}", _signed(rise), "renewal.uplift.floor"))
    carried: Fraction | None = None
    cap = _cap(uplift, month)
    if cap is not None and rise > cap:
        rise = cap
        words = f"at most {_signed(cap)}"
        if uplift.above_cap == "carry-forward":
            carried = base * (1 + cap - uplift.spread)
            words += f"; next time from {number(carried)}"
        steps.append(Step("R7", "cap", words, _signed(rise), "renewal.uplift.cap"))
    if not rise:  # no rise: the next one is measured from where the price still stands
        return Fraction(1), steps, uplift
    return 1 + rise, steps, attrs.evolve(uplift, last_rise=month, from_value=carried)


def _cap(uplift: Indexation, month: str) -> Fraction | None:
    if uplift.cap is None or uplift.cap_per == "rise":
        return uplift.cap
    years = (_number(month) - _number(uplift.last_rise)) // 12
    return (1 + uplift.cap) ** max(years, 1) - 1


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month_read(uplift: Indexation, index: Index, today: date) -> str:
    """Return the month whose value the new price goes by: complete, and after the last rise."""
    newest = month_of(add_months(today.replace(day=1), -1))
    if uplift.reading == "latest":
        known = [month for month, _ in index.values if uplift.last_rise < month <= newest]
        if not known:
            raise InvalidValue(
                f"Index {index.name!r}",
                f"no value after {uplift.last_rise}",
                f"a value of a month up to {newest} was expected",
            )
        return known[-1]
    year = int(newest[:4]) - (uplift.last_rise[5:] > newest[5:])
    month = f"{year:04}-{uplift.last_rise[5:]}"
    if month <= uplift.last_rise:
        raise InvalidValue(
            "Indexation.last_rise",
            uplift.last_rise,
            f"an earlier month was expected: as of {today} no later value of that calendar month can be known",
            'Write reading="latest" to go by the newest value.',
        )
    return month


# The prices of a plan, by their paths


def _fields(value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield the fields of a term, with their names and paths; limits of spending are no prices."""
    for field in attrs.fields(type(value)):
        if not (isinstance(value, Charge) and field.name == "limit"):
            yield field.name, f"{path}.{field.name}", getattr(value, field.name)


def _prices(value: Any, path: str) -> Iterator[tuple[str, Money | Price]]:
    if isinstance(value, (Money, Price)):
        yield path, value
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _prices(item, path if len(value) == 1 else f"{path}[{place}]")
    elif attrs.has(type(value)):
        for _, below, item in _fields(value, path):
            yield from _prices(item, below)


@attrs.define
class _Reviser:
    """Rebuilds a plan with its prices multiplied, and remembers each."""

    factor: Fraction
    terms: Renewal
    rounding: RoundingMode
    prices: list[RenewedPrice] = attrs.field(factory=list)

    def revised(self, value: Any, path: str) -> Any:
        if isinstance(value, (Money, Price)):
            return self._price(value, path)
        if isinstance(value, tuple):
            return tuple(
                self.revised(item, path if len(value) == 1 else f"{path}[{place}]") for place, item in enumerate(value)
            )
        if not attrs.has(type(value)) or not any(True for _ in _prices(value, path)):
            return value
        changed = {name: self.revised(item, below) for name, below, item in _fields(value, path)}
        return attrs.evolve(value, **{name: item for name, item in changed.items() if item != getattr(value, name)})

    def _price(self, value: Money | Price, path: str) -> Money | Price:
        fixed = any(path == term or path.startswith((f"{term}.", f"{term}[")) for term in self.terms.fixed)
        now = value if fixed else self._settled(value)
        self.prices.append(RenewedPrice(path, value, now, "fixed" if fixed else "revised"))
        return now

    def _settled(self, value: Money | Price) -> Money | Price:
        currency = value.currency
        minor = Fraction(1, currency.scale)
        step = self.terms.step or minor
        if isinstance(value, Money):
            whole = Money.from_minor(max(1, -(-step.numerator * currency.scale // step.denominator)), currency)
            return settle(Amount.of(value) * self.factor, rounding=self.rounding, step=whole)
        steps = value.amount * self.factor / step
        return Price(round_ratio(steps.numerator, steps.denominator, self.rounding) * step, currency, value.per)
