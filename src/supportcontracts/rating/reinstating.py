"""Coming back after a lapse: what it costs on a day, by a policy, line by line.

A lapse is the facts: the last covered day, the yearly fee last paid, today's list fee. The answer for a day of payment
is a `Reinstatement` with its lines, or a `NotReinstated` with a code. Each line is exact until it settles, once.
"""

from datetime import date
from fractions import Fraction
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, require_kind, require_whole, tuple_of
from supportcontracts.contracts.reinstatement import BackFees, PriceBasis, ReinstatementFee, ReinstatementPolicy
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.contracts.wording.words import number, share
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.explain import Explanation, Part, Step, table
from supportcontracts.money import Amount, Money, RoundingMode, settle
from supportcontracts.timeline import Days, Term, Zone, add_months, as_date, as_zone, share_of

__all__ = ["Lapse", "NotReinstated", "Reinstatement", "ReinstatementLine", "reinstate"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Lapse:
    """Cover ended and was not renewed in time: the facts that a reinstatement is priced by.

    Attributes:
        last_day: the last covered day.
        last_fee: the yearly fee last paid.
        list_fee: the yearly fee on today's list; needed where the policy goes by it.
        zone: the zone of the contract, or its name.
        products: all like products whose cover ended together.

    Example:
        >>> Lapse("2025-03-14", Money("1200 USD"), zone="UTC").last_day
        datetime.date(2025, 3, 14)
    """

    last_day: date = attrs.field(converter=as_date)
    last_fee: Money
    list_fee: Money | None = attrs.field(default=None, kw_only=True)
    zone: Zone = attrs.field(converter=as_zone, kw_only=True)
    products: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_money("Lapse.last_fee", self.last_fee)
        if self.list_fee is not None:
            require_money("Lapse.list_fee", self.list_fee)
            if self.list_fee.currency != self.last_fee.currency:
                raise CurrencyMismatch(
                    "Lapse", f"{self.last_fee} and {self.list_fee}", "fees in one currency were expected"
                )


@frozen
class ReinstatementLine:
    """One amount of a reinstatement: the back fees, the fee for coming back, or the new term.

    Attributes:
        kind: which of the three.
        amount: settled.
        step: the rule, the working and the term that decided.
    """

    kind: Literal["back-fees", "fee", "renewal"]
    amount: Money
    step: Step


@frozen
class Reinstatement:
    """Cover comes back for these lines.

    Attributes:
        policy: the name of the policy.
        paid_on: the day of payment that it was priced for.
        standing: "in-grace": the renewal counts as in time; "lapsed": it does not.
        term: the new term.
        lines: what is charged, in order.

    Rules: R1.
    """

    policy: str
    paid_on: date
    standing: Literal["in-grace", "lapsed"]
    term: Term
    lines: tuple[ReinstatementLine, ...]

    @property
    def total(self) -> Money:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Money.zero(self.lines[0].amount.currency))

    def explain(self) -> Explanation[Money]:
        """Say how each line came about."""
        title = f"{self.policy}, paid on {self.paid_on}"
        steps = [line.step for line in self.lines]
        return Explanation(title, self.total, steps, [Part(line.kind, (), line.amount) for line in self.lines])

    def to_rows(self) -> list[dict[str, Any]]:
        """List the lines as plain rows.

        Example:
            >>> back = reinstate(
            ...     ReinstatementPolicy("at any time", starts="on-payment", price="last-price"),
            ...     Lapse("2025-03-14", Money("1200 USD"), zone="UTC"), paid_on="2025-08-20", rounding="half-up",
            ... )
            >>> [(row["kind"], row["amount"]) for row in back.to_rows()]
            [('renewal', '1200.00 USD')]
        """
        return [
            {"kind": line.kind, "amount": line.amount.plain(), "rule": line.step.rule, "working": line.step.working}
            for line in self.lines
        ]

    def __str__(self) -> str:
        head = f"{self.policy} · paid on {self.paid_on} · cover {self.term}"
        rows = [(line.kind.replace("-", " "), line.step.working, str(line.amount)) for line in self.lines]
        return f"{head}\n{table([*rows, ('total', '', str(self.total))], right={2})}"


@frozen
class NotReinstated:
    """The policy does not bring cover back.

    Attributes:
        code: "closed" or "by-hand": it is too late; "all-together": like products come back only together.
        reason: why, in words.

    Rules: R4.
    """

    policy: str
    code: Literal["closed", "by-hand", "all-together"]
    reason: str

    def __str__(self) -> str:
        return f"{self.policy}: {self.code}, {self.reason}"


def reinstate(
    policy: ReinstatementPolicy,
    lapse: Lapse,
    *,
    paid_on: date | str,
    rounding: RoundingMode,
    months: int = 12,
    products: tuple[str, ...] | None = None,
) -> Reinstatement | NotReinstated:
    """Price the way back after a lapse, for a day of payment.

    Paid within the grace, the renewal is as if in time: a new term from the day after the old end, at the price that
    the policy names, and nothing else. After it, back fees accrue up to the start of the new term, and the fee for
    coming back is that of the lapse's age.

    Args:
        policy: the policy.
        lapse: the facts.
        paid_on: the local day of payment.
        rounding: how each line settles.
        months: the length of the new term.
        products: the products that come back; all of the lapse by default.

    Raises:
        InvalidValue: for a payment before cover has ended, products that did not lapse, or a list fee that the
            policy needs and the facts lack.

    Rules: R1 to R4, F3.

    Example:
        >>> ultra = ReinstatementPolicy(
        ...     "thirty days free", grace=Days(30), starts="on-payment",
        ...     fees=ReinstatementFee(Money("100 USD"), share=Fraction(1, 10), of="renewal"),
        ... )
        >>> lapse = Lapse("2025-03-14", Money("1200 USD"), list_fee=Money("1250 USD"), zone="UTC")
        >>> print(reinstate(ultra, lapse, paid_on="2025-08-20", rounding="half-up"))
        thirty days free · paid on 2025-08-20 · cover 2025-08-20 to 2026-08-19, UTC
        fee      10 % of 1,250.00 USD, at least 100.00 USD    125.00 USD
        renewal  12 months at list price 1,250.00 USD       1,250.00 USD
        total                                               1,375.00 USD
    """
    day = as_date(paid_on)
    require_kind("reinstate", policy, ReinstatementPolicy, "a ReinstatementPolicy was expected")
    require_kind("reinstate", lapse, Lapse, "a Lapse was expected")
    require_whole("months", months, least=1)
    if day <= lapse.last_day:
        raise InvalidValue(
            "reinstate", f"a payment on {day}", f"a day after {lapse.last_day} was expected, when cover had ended"
        )
    missing = _missing(lapse, products)
    if policy.like_products == "together" and missing:
        named = ", ".join(missing)
        return NotReinstated(policy.name, "all-together", f"like products come back only together: {named} would stay")
    if day <= policy.grace.after(lapse.last_day):
        return _in_grace(policy, lapse, day, months, rounding)
    if policy.closes_after is not None and day > policy.closes_after.after(lapse.last_day):
        return NotReinstated(
            policy.name, policy.after, f"cover ended on {lapse.last_day}, more than {policy.closes_after} ago"
        )
    return _lapsed(policy, lapse, day, months, rounding)


def _missing(lapse: Lapse, products: tuple[str, ...] | None) -> list[str]:
    if products is None:
        return []
    unknown = [product for product in products if product not in lapse.products]
    if unknown:
        named = ", ".join(repr(product) for product in unknown)
        listed = ", ".join(lapse.products) or "none"
        raise InvalidValue("reinstate", named, f"products that lapsed were expected: {listed}")
    return [product for product in lapse.products if product not in products]


def _in_grace(
    policy: ReinstatementPolicy, lapse: Lapse, day: date, months: int, rounding: RoundingMode
) -> Reinstatement:
    start = _day_after(lapse)
    # In time, the price is never that of a missed anniversary, nor multiplied for being late.
    basis: PriceBasis = "last-price" if policy.price == "with-uplifts" else policy.price
    renewal = _renewal(policy, _yearly(lapse, basis), basis, months, rounding, Fraction(1))
    return Reinstatement(policy.name, day, "in-grace", Term(start, months=months, zone=lapse.zone), (renewal,))


def _lapsed(policy: ReinstatementPolicy, lapse: Lapse, day: date, months: int, rounding: RoundingMode) -> Reinstatement:
    start = {
        "day-after-end": _day_after(lapse),
        "on-payment": day,
        "month-after-payment": _first_of_next_month(day),
    }[policy.starts]
    lines = []
    back: Money | None = None
    if policy.back_fees is not None:
        line = _back_fees(policy, policy.back_fees, lapse, start, rounding)
        back = line.amount
        lines.append(line)
    fee_a_year = _yearly(lapse, policy.price, _anniversaries(lapse, day), policy.uplift, rounding)
    renewal = _renewal(policy, fee_a_year, policy.price, months, rounding, policy.share)
    fee = _fee_in_force(policy.fees, lapse, day)
    if fee is not None:
        bases = {"renewal": renewal.amount, "back-fees": back, "last-fee": lapse.last_fee}
        lines.append(_fee(fee, policy.fees.index(fee), bases[fee.of] if fee.of else None, rounding))
    lines.append(renewal)
    return Reinstatement(policy.name, day, "lapsed", Term(start, months=months, zone=lapse.zone), tuple(lines))


def _day_after(lapse: Lapse) -> date:
    return Days(1).after(lapse.last_day)


def _first_of_next_month(day: date) -> date:
    return add_months(day.replace(day=1), 1)


def _anniversaries(lapse: Lapse, day: date) -> int:
    """Count the anniversaries of the old end that have passed by a day; the end itself is the first renewal missed."""
    count = 0
    while add_months(_day_after(lapse), 12 * count) <= day:
        count += 1
    return count


def _yearly(
    lapse: Lapse, basis: PriceBasis, missed: int = 0, uplift: Fraction | None = None, rounding: RoundingMode = "half-up"
) -> Money:
    """Return the yearly fee by a basis; uplifts compound, each year settled from the settled year before it (D28)."""
    if basis == "list-price":
        if lapse.list_fee is None:
            raise InvalidValue(
                "Lapse.list_fee", "no list fee", "one was expected, since the policy goes by today's list"
            )
        return lapse.list_fee
    fee = lapse.last_fee
    if basis == "with-uplifts" and uplift is not None:
        for _ in range(missed):
            fee = settle(Amount.of(fee) * (1 + uplift), rounding=rounding)
    return fee


def _renewal(
    policy: ReinstatementPolicy,
    yearly: Money,
    basis: PriceBasis,
    months: int,
    rounding: RoundingMode,
    late: Fraction,
) -> ReinstatementLine:
    listed = {row.months: row.share for row in policy.terms}
    years = listed.get(months, Fraction(months, 12))
    amount = settle(Amount.of(yearly) * (years * late), rounding=rounding)
    words = f"{months} months at {basis.replace('-', ' ')} {yearly}"
    if years != Fraction(months, 12):
        words += f" × {number(years)}"
    if late != 1:
        words += f" × {number(late)}"
    return ReinstatementLine("renewal", amount, Step("R1", "renewal", words, str(amount), "price"))


def _back_fees(
    policy: ReinstatementPolicy, terms: BackFees, lapse: Lapse, until: date, rounding: RoundingMode
) -> ReinstatementLine:
    """Add up the years since cover ended, each by its own price, the last one in part, and settle the sum once."""
    since = _day_after(lapse)
    accrue_from = since if terms.accrue_from == "end" or since.day == 1 else _first_of_next_month(since)
    exact = Amount(0, lapse.last_fee.currency)
    said = []
    year = 0
    while (first := add_months(accrue_from, 12 * year)) < until:
        fee = _yearly(lapse, terms.price, year + 1, policy.uplift, rounding)
        part = share_of(Term(first, months=12, zone=lapse.zone), first, until, count=terms.count)
        exact = exact + Amount.of(fee) * part
        said.append(str(fee) if part == 1 else f"{part} of {fee}")
        year += 1
    amount = settle(exact * terms.share, rounding=rounding)
    words = f"{accrue_from} to {until}: {' + '.join(said) or 'nothing'}"
    if terms.share != 1:
        words = f"{share(terms.share)} of {words}"
    return ReinstatementLine("back-fees", amount, Step("R2", "back fees", words, str(amount), "back_fees"))


def _fee_in_force(fees: tuple[ReinstatementFee, ...], lapse: Lapse, day: date) -> ReinstatementFee | None:
    reached: list[tuple[date, int, ReinstatementFee]] = []
    for place, fee in enumerate(fees):
        first = _from_day(fee.from_day, lapse) if fee.from_day else Days(1).after(fee.over.after(lapse.last_day))
        if first <= day:
            reached.append((first, place, fee))
    return max(reached)[2] if reached else None


def _from_day(text: str, lapse: Lapse) -> date:
    """Return the first such day of a year after the last covered day."""
    month, day = int(text[:2]), int(text[3:])
    this_year = date(lapse.last_day.year, month, day)
    return this_year if this_year > lapse.last_day else date(lapse.last_day.year + 1, month, day)


def _fee(fee: ReinstatementFee, place: int, base: Money | None, rounding: RoundingMode) -> ReinstatementLine:
    if fee.share is None or base is None:
        assert fee.amount is not None
        amount, words = fee.amount, "fixed"
    else:
        amount = settle(Amount.of(base) * fee.share, rounding=rounding)
        words = f"{share(fee.share)} of {base}"
        if fee.amount is not None:
            amount = max(amount, fee.amount)
            words += f", at least {fee.amount}"
    return ReinstatementLine("fee", amount, Step("R3", "fee", words, str(amount), f"fees[{place}]"))
