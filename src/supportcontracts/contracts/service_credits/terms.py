"""Terms of service credits: which levels are promised, what a missed one is worth, and what bounds the credit.

Data only. Measuring, capping and proposing are the engine's; a credit is fixed when it is granted (D33).
"""

from fractions import Fraction
from typing import Literal, assert_never, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole, tuple_of
from supportcontracts.contracts.allotments import require_share
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.service_credits.schedules import (
    CreditBands,
    CreditEach,
    CreditSize,
    CreditSteps,
    DowntimeMultiple,
    Measured,
    PoolShare,
    Schedule,
    require_size,
)
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.contracts.tiers.cells import METRICS, Metric
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.money import Currency, Money
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Days, Months

__all__ = [
    "Claim",
    "CreditCap",
    "CreditWindow",
    "Measure",
    "MeasureKind",
    "MinimumCredit",
    "ServiceCredits",
    "ServiceLevel",
]


def __dir__() -> list[str]:
    return __all__


MeasureKind = Literal["attainment", "breaches", "lateness", "availability", "downtime"]
"""What is measured: the share of tickets in time, how many were late, how late, the share of time up, the time down."""

CreditWindow = Literal["month", "quarter", "year", "term", "billing-period"]
"""Over what a level is measured."""

_BY_TICKET: tuple[MeasureKind, ...] = ("attainment", "breaches", "lateness")
_RATIOS: tuple[MeasureKind, ...] = ("attainment", "availability")


@frozen
class Measure:
    """What is measured of a level of service.

    Attributes:
        kind: "attainment": the share of tickets that met their target; "breaches": how many did not; "lateness": the
            time beyond the target, ticket by ticket; "availability": the share of the window in which the service was
            up; "downtime": the time in which it was not.
        metrics: the metrics of the tickets, for the first three.
        severities: the severities of the tickets; empty: all.
        service: the service that is up or down, for the last two; empty: all of it.

    Example:
        >>> Measure("attainment", metrics="first-response", severities=[1, 2]).severities
        (1, 2)
    """

    kind: MeasureKind
    metrics: tuple[Metric, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    severities: tuple[int, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    service: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_choice("Measure.kind", self.kind, get_args(MeasureKind))
        for metric in self.metrics:
            require_choice("Measure.metrics", metric, METRICS)
        for severity in self.severities:
            require_whole("Measure.severities", severity, least=1)
        if self.service is not None:
            require_text("Measure.service", self.service)
        if self.kind in _BY_TICKET:
            if not self.metrics:
                raise InvalidValue(
                    "Measure.metrics", f"none for {self.kind}", "at least one was expected", 'Write "first-response".'
                )
            if self.service is not None:
                raise InvalidValue("Measure.service", self.service, f"none was expected for {self.kind}")
        elif self.metrics or self.severities:
            raise InvalidValue(
                "Measure", f"metrics or severities for {self.kind}", "none were expected", "Name a service instead."
            )

    @property
    def unit(self) -> Measured:
        """What comes out: a ratio, a count or a time."""
        if self.kind in _RATIOS:
            return "ratio"
        return "count" if self.kind == "breaches" else "time"


@frozen
class ServiceLevel:
    """A level that is promised, and what missing it is worth.

    Attributes:
        name: tells the levels of the terms apart.
        measure: what is measured.
        credit: what a missed level is worth.
        per: the window over which it is measured.
        each: "window": what is measured over the window counts once; "incident": each ticket, or each outage, counts
            by itself.
        users: "all": the credit is whole however many were affected; "affected": it is the share of the users who were.
        sample: with fewer tickets than this in the window the level is not measured.
        excluded: reasons for which a ticket or a time is left out, as in "force-majeure".

    Rules: A7, A8.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> ServiceLevel(
        ...     "answers", Measure("breaches", metrics="first-response"), CreditEach(percent(2)), per="quarter"
        ... ).each
        'window'
    """

    name: str
    measure: Measure
    credit: Schedule
    per: CreditWindow = attrs.field(default="billing-period", kw_only=True)
    each: Literal["window", "incident"] = attrs.field(default="window", kw_only=True)
    users: Literal["all", "affected"] = attrs.field(default="all", kw_only=True)
    sample: int = attrs.field(default=1, kw_only=True)
    excluded: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("ServiceLevel.name", self.name)
        require_kind("ServiceLevel.measure", self.measure, Measure, "a Measure was expected")
        require_choice("ServiceLevel.per", self.per, get_args(CreditWindow))
        require_choice("ServiceLevel.each", self.each, ("window", "incident"))
        require_choice("ServiceLevel.users", self.users, ("all", "affected"))
        require_whole("ServiceLevel.sample", self.sample, least=1)
        for reason in self.excluded:
            require_text("ServiceLevel.excluded", reason)
        require_kind("ServiceLevel.credit", self.credit, get_args(Schedule), "a schedule of credits was expected")
        self._check_unit()
        if self.each == "incident" and self.measure.unit != "time":
            raise InvalidValue(
                "ServiceLevel.each",
                f'"incident" for {self.measure.kind}',
                "lateness or downtime was expected, since only these are measured of one incident",
                "Write CreditEach(…) to credit each breach.",
            )

    def _check_unit(self) -> None:
        """Refuse a schedule that is for another kind of value than is measured."""
        if not _fits(self.credit, self.measure):
            raise InvalidValue(
                "ServiceLevel.credit",
                f"{type(self.credit).__name__} for {self.measure.kind}",
                f"a schedule for a {self.measure.unit} was expected",
                _FITTING[self.measure.unit],
            )


def _fits(credit: Schedule, measure: Measure) -> bool:
    """Tell whether a schedule is for the kind of value that is measured."""
    match credit:
        case CreditBands():
            return credit.unit == measure.unit
        case CreditSteps():
            return measure.unit == ("time" if isinstance(credit.limit, WorkTime) else "ratio")
        case CreditEach():
            return measure.unit == "count"
        case PoolShare():
            return measure.unit == "ratio"
        case DowntimeMultiple():
            return measure.kind == "downtime"
        case _:
            assert_never(credit)


_FITTING = {
    "ratio": "Bands of a ratio start at 0 and end at what was promised, at most 100 %; or write CreditSteps by shares.",
    "count": "Bands of a count are whole, start above 0 and have no end; or write CreditEach.",
    "time": "Bands of a time start above 0 and have no end; or write CreditSteps by times.",
}


@frozen
class CreditCap:
    """Credits go no higher than this.

    Attributes:
        limit: a share of the base fee, an amount, or days of the service.
        per: what is capped: each incident, each level, all credits of a window, of a year, or of the term.
        levels: the levels whose credits are capped together, by name; empty: all.

    Rules: A9.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> CreditCap(percent(20), per="level").limit
        Fraction(1, 5)
    """

    limit: CreditSize
    per: Literal["incident", "level", "window", "year", "term"] = attrs.field(default="window", kw_only=True)
    levels: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_size("CreditCap.limit", self.limit)
        require_choice("CreditCap.per", self.per, _WIDTHS)
        for level in self.levels:
            require_text("CreditCap.levels", level)


_WIDTHS = ("incident", "level", "window", "year", "term")


@frozen
class MinimumCredit:
    """A credit that is too small is not paid.

    Attributes:
        amount: the limit.
        rule: "more-than": a credit of exactly the amount is not paid; "at-least": it is.

    Rules: A10.

    Example:
        >>> MinimumCredit(Money("1 USD"), rule="more-than").admits(Money("1 USD"))
        False
    """

    amount: Money
    rule: Literal["more-than", "at-least"] = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_money("MinimumCredit.amount", self.amount)
        require_choice("MinimumCredit.rule", self.rule, ("more-than", "at-least"))

    def admits(self, credit: Money) -> bool:
        """Tell whether a credit is large enough to be paid."""
        return credit > self.amount or (credit == self.amount and self.rule == "at-least")


@frozen
class Claim:
    """A credit is paid only to a customer who claims it in time.

    Attributes:
        within: how long the customer may take.
        counted_from: "window-end": from the end of the window that was measured; "incident": from the incident.
        reported_within: the time in which the incident itself has to be reported, or None.

    Example:
        >>> Claim(Days(30)).counted_from
        'window-end'
    """

    within: Days | Months
    counted_from: Literal["window-end", "incident"] = attrs.field(default="window-end", kw_only=True)
    reported_within: WorkTime | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_kind("Claim.within", self.within, (Days, Months), "days or months were expected", "Write days(30).")
        require_choice("Claim.counted_from", self.counted_from, ("window-end", "incident"))
        if self.reported_within is not None:
            require_kind(
                "Claim.reported_within", self.reported_within, WorkTime, "a time was expected", "Write hours(24)."
            )


@frozen
class ServiceCredits:
    """What missed levels of service are worth, and under which conditions.

    Attributes:
        levels: the levels that are promised.
        fees: the fees, by name, whose settled amount for the window is the base of shares; empty: all of them.
        at_risk: the share of the base that is in the pool, where levels take shares of a pool.
        several: several levels missed in one window: their credits are "added", the "largest" counts, or the
            "customer-chooses" one. Of levels missed by one incident the same holds, before anything is added.
        day_of: a credit in days is worth base / 30 ("thirtieth") or base / days of the window ("window-day") a day.
        caps: how high credits go; narrow ones hold before wide ones.
        minimum: the least credit that is paid.
        claim: how it is claimed; None: it is paid unasked.
        standing: "any": whoever is the customer is credited; "nothing-overdue": only one who owes nothing that is due.
        granted_as: "credit-line": a line on a later statement; "term-extension": days at the end of the term.

    Raises:
        InvalidValue: for levels with one name, a cap for an unknown level, caps that are not nested, a pool without
            `at_risk`, and credits that no term can be extended by.
        CurrencyMismatch: for amounts in two currencies.

    Rules: A7, A8, A9, A10.

    Example:
        >>> from supportcontracts.contracts.service_credits.schedules import CreditBand
        >>> from supportcontracts.quantity import percent
        >>> uptime = CreditBands([
        ...     CreditBand(percent(10), at_least=percent(99), below=percent("99.9")),
        ...     CreditBand(percent(25), at_least=percent(0), below=percent(99)),
        ... ])
        >>> terms = ServiceCredits(
        ...     [ServiceLevel("uptime", Measure("availability"), uptime, per="month")],
        ...     caps=CreditCap(percent(100)), claim=Claim(Days(30)),
        ... )
        >>> terms.granted_as
        'credit-line'
    """

    levels: tuple[ServiceLevel, ...] = attrs.field(converter=tuple_of)
    fees: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    at_risk: Fraction | None = attrs.field(default=None, kw_only=True)
    several: Literal["added", "largest", "customer-chooses"] = attrs.field(default="added", kw_only=True)
    day_of: Literal["thirtieth", "window-day"] = attrs.field(default="window-day", kw_only=True)
    caps: tuple[CreditCap, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    minimum: MinimumCredit | None = attrs.field(default=None, kw_only=True)
    claim: Claim | None = attrs.field(default=None, kw_only=True)
    standing: Literal["any", "nothing-overdue"] = attrs.field(default="any", kw_only=True)
    granted_as: Literal["credit-line", "term-extension"] = attrs.field(default="credit-line", kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name, kind in (("levels", ServiceLevel), ("caps", CreditCap)):
            for number, item in enumerate(getattr(self, name)):
                require_kind(f"ServiceCredits.{name}[{number}]", item, kind, f"a {kind.__name__} was expected")
        for fee in self.fees:
            require_text("ServiceCredits.fees", fee)
        if self.at_risk is not None:
            require_share("ServiceCredits.at_risk", self.at_risk)
        for name, choices in (
            ("several", ("added", "largest", "customer-chooses")),
            ("day_of", ("thirtieth", "window-day")),
            ("standing", ("any", "nothing-overdue")),
            ("granted_as", ("credit-line", "term-extension")),
        ):
            require_choice(f"ServiceCredits.{name}", getattr(self, name), choices)
        if self.minimum is not None:
            require_kind("ServiceCredits.minimum", self.minimum, MinimumCredit, "a MinimumCredit was expected")
        if self.claim is not None:
            require_kind("ServiceCredits.claim", self.claim, Claim, "a Claim was expected")
        self._check_levels()
        self._check_caps()
        if len(self.currencies) > 1:
            codes = " and ".join(sorted(currency.code for currency in self.currencies))
            raise CurrencyMismatch("ServiceCredits", codes, "amounts in one currency were expected")

    def _check_levels(self) -> None:
        names = [level.name for level in self.levels]
        if not names:
            raise InvalidValue("ServiceCredits.levels", "no levels", "at least one was expected")
        if len(set(names)) != len(names):
            raise InvalidValue("ServiceCredits.levels", f"the names {names}", "a name of its own for each was expected")
        pooled = [level.name for level in self.levels if isinstance(level.credit, PoolShare)]
        if pooled and self.at_risk is None:
            raise InvalidValue(
                "ServiceCredits.at_risk",
                f"none, with {pooled[0]} in a pool",
                "the share of the fee that is at risk was expected",
                "Write at_risk=percent(15).",
            )
        if self.granted_as == "term-extension":
            for level in self.levels:
                if not all(isinstance(size, Days) for size in _sizes(level.credit)):
                    raise InvalidValue(
                        "ServiceCredits.granted_as",
                        f'"term-extension", with a credit of {level.name} that is not in days',
                        "credits in days were expected",
                        "Write days(3).",
                    )

    def _check_caps(self) -> None:
        names = {level.name for level in self.levels}
        for number, cap in enumerate(self.caps):
            unknown = sorted(set(cap.levels) - names)
            if unknown:
                raise InvalidValue(
                    f"ServiceCredits.caps[{number}].levels",
                    unknown[0],
                    f"one of {', '.join(sorted(names))} was expected",
                )
        ordered = sorted(self.caps, key=lambda cap: (_WIDTHS.index(cap.per), len(cap.levels) or len(names)))
        object.__setattr__(self, "caps", tuple(ordered))
        for place, cap in enumerate(ordered):
            for wider in ordered[place + 1 :]:
                inner, outer = set(cap.levels) or names, set(wider.levels) or names
                if inner & outer and not inner <= outer and not outer <= inner:
                    raise InvalidValue(
                        "ServiceCredits.caps",
                        f"a cap for {', '.join(sorted(inner))} beside one for {', '.join(sorted(outer))}",
                        "caps one inside the other, or for different levels, were expected",
                    )

    @property
    def currencies(self) -> frozenset[Currency]:
        """The currencies that the terms mention."""
        sizes = [size for level in self.levels for size in _sizes(level.credit)]
        sizes += [cap.limit for cap in self.caps]
        sizes += [self.minimum.amount] if self.minimum is not None else []
        return frozenset(size.currency for size in sizes if isinstance(size, Money))


def _sizes(schedule: Schedule) -> list[CreditSize]:
    """List what a schedule grants; a pool and a multiple of the fee grant shares of it."""
    match schedule:
        case CreditBands():
            return [band.credit for band in schedule.bands]
        case CreditEach() | CreditSteps():
            return [schedule.credit]
        case DowntimeMultiple():
            return [schedule.factor]
        case PoolShare():
            return [schedule.part]
        case _:
            assert_never(schedule)
