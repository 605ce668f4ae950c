"""The programme: which extras are used, how soon, what is lost unused, and what nobody values.

A review adds up what `benefit_status` says of every promise, per tier and per benefit. Shares are exact, times to first
use are order statistics in whole days, and breakage is the exact worth of what was forfeited and lost.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from supportcontracts._fields import frozen
from supportcontracts.benefits.discounts import Discounted, discount_on
from supportcontracts.benefits.gate import Sorted, sort_out
from supportcontracts.benefits.printing import number_of
from supportcontracts.benefits.status import BenefitStatus, status_of
from supportcontracts.contracts.benefits import AnyBenefit, Benefit, BenefitQuantity, DiscountBenefit
from supportcontracts.contracts.wording.words import share
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event, Redeemed
from supportcontracts.explain import Explanation, Step, table
from supportcontracts.money import Amount, Money
from supportcontracts.timeline import Days, Instant, Zone, actual_days, as_date, epoch, instant

__all__ = ["BenefitReview", "DiscountReview", "ProgrammeReview", "review_programme"]


def __dir__() -> list[str]:
    return __all__


@frozen
class BenefitReview:
    """What became of one benefit in one tier, over all who have it.

    Attributes:
        tier: the tier; None: none is named.
        benefit: the name of the promise.
        customers: how many have it.
        users: how many of them have used any of it.
        granted: the units granted so far.
        redeemed: the units used.
        reserved: the units booked.
        lost: the units cancelled too late, or booked for nothing.
        forfeited: the units that expired unused.
        refunded: the units paid back.
        left: the units that can still be used.
        first_use: for each who used any, how many local days after the first grant, ascending.
        breakage: what the units forfeited and lost are worth; None: nobody said.

    Rules: N2, N17.
    """

    tier: str | None
    benefit: str
    customers: int
    users: int
    granted: BenefitQuantity
    redeemed: BenefitQuantity
    reserved: BenefitQuantity
    lost: BenefitQuantity
    forfeited: BenefitQuantity
    refunded: BenefitQuantity
    left: BenefitQuantity
    first_use: tuple[int, ...]
    breakage: tuple[Amount, ...]

    @property
    def utilisation(self) -> Fraction | None:
        """The exact share of the units granted that were used; None if nothing was granted."""
        granted = self.granted.amount
        return Fraction(self.redeemed.amount, granted) if granted else None

    @property
    def median_first_use(self) -> int | None:
        """The days after which half of those who used it had done so; the earlier of two middle ones."""
        return self.first_use[(len(self.first_use) - 1) // 2] if self.first_use else None

    @property
    def nobody(self) -> bool:
        """Whether it was granted, and nobody has used any of it."""
        return bool(self.granted) and not self.users


@frozen
class DiscountReview:
    """What became of one discount in one tier, over all who have it.

    Attributes:
        tier: the tier; None: none is named.
        benefit: the name of the promise.
        customers: how many have it.
        users: how many of them have used it.
        uses: how often it was used.
        saved: what it saved, by currency.

    Rules: N16.
    """

    tier: str | None
    benefit: str
    customers: int
    users: int
    uses: int
    saved: tuple[Money, ...]

    @property
    def nobody(self) -> bool:
        """Whether nobody has used it."""
        return not self.users


@frozen
class ProgrammeReview:
    """Every benefit and every discount of a programme, per tier.

    Attributes:
        as_of: what happened before it counts.
        benefits: one review for each tier and benefit, by name.
        discounts: one review for each tier and discount, by name.

    Rules: N2, N16, N17.
    """

    as_of: Instant | date
    benefits: tuple[BenefitReview, ...]
    discounts: tuple[DiscountReview, ...]

    @property
    def never_redeemed(self) -> tuple[str, ...]:
        """The benefits and discounts that nobody in any tier has used: candidates to drop, or to explain better."""
        every: tuple[BenefitReview | DiscountReview, ...] = (*self.benefits, *self.discounts)
        names = dict.fromkeys(each.benefit for each in every)
        return tuple(name for name in names if all(each.nobody for each in every if each.benefit == name))

    def explain(self, benefit: str, *, tier: str | None = None) -> Explanation[BenefitQuantity]:
        """Show how the units of one benefit add up: whatever was granted is somewhere.

        Raises:
            InvalidValue: if it is not in the review.
        """
        found = next((each for each in self.benefits if (each.benefit, each.tier) == (benefit, tier)), None)
        if found is None:
            known = ", ".join(f"{each.benefit!r} of tier {each.tier!r}" for each in self.benefits) or "none"
            expected = f"one of these was expected: {known}"
            raise InvalidValue("ProgrammeReview.explain", f"{benefit!r} of tier {tier!r}", expected)
        count = f"{found.customers} customer{'' if found.customers == 1 else 's'}"
        steps = [Step("N1", "granted", f"to {count}", str(found.granted), f"{benefit}.quantity")]
        steps += [
            Step("N2", name, f"{share(Fraction(amount.amount, found.granted.amount))} of what was granted", str(amount))
            for name in _STATES
            if (amount := getattr(found, name))
        ]
        steps += [Step("N17", "breakage", "forfeited and lost, at their worth", str(each)) for each in found.breakage]
        return Explanation(" · ".join(filter(None, (benefit, tier))), found.granted, steps)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every benefit and discount of every tier as a plain dict, ready for a data frame."""
        rows: list[dict[str, Any]] = [
            {
                "tier": each.tier,
                "benefit": each.benefit,
                "customers": each.customers,
                "users": each.users,
                **{name: getattr(each, name).amount for name in ("granted", *_STATES)},
                "utilisation": None if each.utilisation is None else share(each.utilisation),
                "median_days_to_first_use": each.median_first_use,
                "breakage": ", ".join(map(str, each.breakage)) or None,
                "saved": None,
                "nobody": each.nobody,
            }
            for each in self.benefits
        ]
        blank = dict.fromkeys(("granted", *_STATES, "utilisation", "median_days_to_first_use", "breakage"))
        rows += [
            {
                "tier": each.tier,
                "benefit": each.benefit,
                "customers": each.customers,
                "users": each.users,
                **blank,
                "redeemed": each.uses,
                "saved": ", ".join(map(str, each.saved)) or None,
                "nobody": each.nobody,
            }
            for each in self.discounts
        ]
        return rows

    def __str__(self) -> str:
        rows: list[tuple[str, ...]] = [_HEAD]
        rows += [_row(each) for each in self.benefits]
        blocks = [table(rows, right=set(range(2, len(_HEAD))))] if self.benefits else []
        for each in self.discounts:
            saved = ", ".join(map(str, each.saved)) or "nothing"
            tier = "" if each.tier is None else f" ({each.tier})"
            uses = f"used {each.uses} time{'' if each.uses == 1 else 's'} by {each.users} of {each.customers}"
            blocks.append(f"{each.benefit}{tier}: {uses}, {saved} saved")
        if self.never_redeemed:
            blocks.append(f"redeemed by nobody: {', '.join(self.never_redeemed)}")
        return "\n".join(blocks) or "no benefits"


_STATES = ("redeemed", "reserved", "lost", "forfeited", "refunded", "left")
_HEAD = (
    "tier", "benefit", "customers", "users", "granted", "redeemed", "use", "booked", "lost", "forfeited", "left",
    "first use", "breakage",
)  # fmt: skip


def _row(each: BenefitReview) -> tuple[str, ...]:
    amounts = (each.reserved, each.lost, each.forfeited, each.left)
    days = each.median_first_use
    return (
        each.tier or "",
        each.benefit,
        str(each.customers),
        str(each.users),
        number_of(each.granted),
        number_of(each.redeemed),
        "" if each.utilisation is None else _percent(each.utilisation),
        *map(number_of, amounts),
        "" if days is None else str(Days(days)),
        ", ".join(map(str, each.breakage)),
    )


def _percent(value: Fraction) -> str:
    """Show a share in percent with one decimal, halves rounded up."""
    tenths = (value.numerator * 2000 + value.denominator) // (2 * value.denominator)
    return f"{tenths // 10}.{tenths % 10} %"


def review_programme(
    benefits: Iterable[AnyBenefit],
    events: Iterable[Event],
    *,
    as_of: datetime | date | str,
    known_at: datetime | None = None,
) -> ProgrammeReview:
    """Review what became of promised extras, over as many customers as you like, per tier and per benefit.

    Args:
        benefits: what was promised, each to its customer; tiers come from the contracts (`Contract.promised`).
        events: what happened to all of them, in any order; each names its contract or its customer.
        as_of: what happened before it counts; a date is its first instant in the zone of each benefit.
        known_at: leave out what was recorded after this instant.

    Raises:
        ForeignEvent: for an event that could belong to several of the benefits.
        InvalidValue: for a benefit that is given twice or has no term, and for one name with two units.

    Rules: N2, N16, N17.

    Example:
        >>> from supportcontracts.timeline import Term
        >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
        >>> checks = Benefit("checks", unit="health check", quantity=2, expires="term", term=year)
        >>> sold = [checks.under(customer=name, contract=f"C-{name}", term=()) for name in ("elm", "oak")]
        >>> used = Redeemed("X-1", year.zone.at("2025-02-10 09:00"), customer="elm", benefit="checks", quantity=1)
        >>> review = review_programme(sold, [used], as_of="2026-01-01")
        >>> print(review.benefits[0].utilisation, review.benefits[0].first_use, review.benefits[0].forfeited)
        1/4 (40,) 3 health checks
    """
    promised = tuple(benefits)
    found: dict[tuple[str, str], list[BenefitStatus]] = {}
    offs: dict[tuple[str, str], list[tuple[DiscountBenefit, Sorted]]] = {}
    for benefit, sorted_ in zip(
        promised, sort_out("review_programme", promised, events, known_at=known_at), strict=True
    ):
        place = benefit.tier or "", benefit.id
        if isinstance(benefit, Benefit):
            until = epoch(benefit.zone.moment(as_of))
            found.setdefault(place, []).append(status_of(benefit, sorted_, until))
        else:
            facts = sorted_.before(epoch(_zone(benefit).moment(as_of)))
            offs.setdefault(place, []).append((benefit, Sorted(facts)))
    return ProgrammeReview(
        instant(as_of) if isinstance(as_of, datetime) else as_date(as_of),
        tuple(_review(statuses) for _, statuses in sorted(found.items())),
        tuple(_discounts(each) for _, each in sorted(offs.items())),
    )


def _zone(discount: DiscountBenefit) -> Zone:
    if not discount.term:
        hint = "Give it a term=Term(…), or put it in a contract and take it from Contract.promised."
        raise InvalidValue(f"DiscountBenefit {discount.id!r}", "no term", "one was expected", hint)
    return discount.term[0].zone


def _review(statuses: Sequence[BenefitStatus]) -> BenefitReview:
    """Add up the statuses of one benefit in one tier."""
    first = statuses[0].benefit
    for status in statuses:
        if type(status.benefit.of(0)) is not type(first.of(0)) or status.benefit.unit != first.unit:
            raise InvalidValue(
                f"review_programme of {first.id!r}",
                f"the units {first.unit!r} and {status.benefit.unit!r}",
                "one unit for a benefit in a tier was expected",
                "Give benefits that are counted differently names of their own.",
            )
    sums = {name: first.of(sum(getattr(each, name).amount for each in statuses)) for name in ("granted", *_STATES)}
    used = [status for status in statuses if status.redeemed]
    return BenefitReview(
        tier=first.tier,
        benefit=first.id,
        customers=_customers(each.benefit for each in statuses),
        users=_customers(each.benefit for each in used),
        first_use=tuple(sorted(_days_to_first_use(each) for each in used)),
        breakage=_by_currency(each.breakage for each in statuses),
        **sums,
    )


def _customers(benefits: Iterable[AnyBenefit]) -> int:
    """Count customers; a promise to nobody in particular counts as one."""
    names = [benefit.customer or benefit.contract for benefit in benefits]
    return len({name for name in names if name is not None}) + names.count(None)


def _days_to_first_use(status: BenefitStatus) -> int:
    """Count the local days from the first grant to the first use."""
    zone = status.benefit.zone
    granted = min(zone.date_of(grant.starts_at) for grant in status.grants)
    used = status.first_used_on
    assert used is not None
    return actual_days(granted, used)


def _by_currency(amounts: Iterable[Amount | None]) -> tuple[Amount, ...]:
    sums: dict[str, Amount] = {}
    for amount in amounts:
        if amount is not None:
            code = amount.currency.code
            sums[code] = sums[code] + amount if code in sums else amount
    return tuple(sums[code] for code in sorted(sums))


def _discounts(uses: Sequence[tuple[DiscountBenefit, Sorted]]) -> DiscountReview:
    """Add up what a discount saved its customers."""
    first = uses[0][0]
    saved: dict[str, Money] = {}
    count = 0
    users: list[DiscountBenefit] = []
    for discount, sorted_ in uses:
        answers = [
            discount_on(discount, event.amount, as_of=event.at)
            for *_, event in sorted_.facts
            if isinstance(event, Redeemed) and event.amount is not None
        ]
        savings = [answer.saving for answer in answers if isinstance(answer, Discounted)]
        count += len(savings)
        users += [discount] if savings else []
        for saving in savings:
            code = saving.currency.code
            saved[code] = saved[code] + saving if code in saved else saving
    return DiscountReview(
        tier=first.tier,
        benefit=first.id,
        customers=_customers(discount for discount, _ in uses),
        users=_customers(users),
        uses=count,
        saved=tuple(saved[code] for code in sorted(saved)),
    )
