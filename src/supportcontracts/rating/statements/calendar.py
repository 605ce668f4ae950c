"""The billing periods of a contract as statements see them: every instant lies in exactly one.

Inside a phase they are its billing periods. A gap between phases, and the time after the last one, is billed on in
periods of the same length, counted from the end of the phase before: a refund or a credit may still fall there. What
happens before the first phase, such as a bank bought ahead, is on the first statement.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import attrs

from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.errors import InvalidValue
from supportcontracts.rating.program import BILLING_LENGTH
from supportcontracts.timeline import Period, PeriodLength, Term, add_months, periods

__all__ = ["first_start", "period_that_ends", "statement_periods", "terms_within"]


def __dir__() -> list[str]:
    return __all__


def statement_periods(contract: Contract) -> Iterator[Period]:
    """Yield the billing periods of a contract in order, those after its end without end.

    Rules: D2, D30.

    Example:
        >>> from itertools import islice
        >>> from supportcontracts import FixedAnnual, Money
        >>> c = Contract(
        ...     "C-7", customer="elm", rounding="half-up", billing="quarterly",
        ...     term=Term("2025-01-01", months=6, zone="UTC"), plan=FixedAnnual(fee=Money("19000 EUR")),
        ... )
        >>> [period.name for period in islice(statement_periods(c), 3)]
        ['2025-Q1', '2025-Q2', '2025-Q3']
    """
    length = BILLING_LENGTH[contract.billing]
    phases = contract.dated_phases
    for phase, following in pairwise(phases):
        yield from periods(phase.term, length)
        if phase.term.ends_before < following.term.starts_on:
            last = date.fromordinal(following.term.starts_on.toordinal() - 1)
            yield from periods(Term(phase.term.ends_before, last_day=last, zone=phase.term.zone), length)
    yield from periods(phases[-1].term, length)
    yield from _after(phases[-1], length)


def _after(phase: Phase, length: PeriodLength) -> Iterator[Period]:
    """The periods after the last phase; billed by term, each is as long as the phase was."""
    first = phase.term.ends_before
    months = {"month": 1, "quarter": 3, "year": 12}.get(length) or phase.term.whole_months or 12
    number = 0
    while True:
        starts_on = add_months(first, number * months)
        last = date.fromordinal(add_months(first, (number + 1) * months).toordinal() - 1)
        yield attrs.evolve(periods(Term(starts_on, last_day=last, zone=phase.term.zone), "term")[0], index=number)
        number += 1


def period_that_ends(contract: Contract, last_day: date) -> Period:
    """Find the billing period with this last day.

    Raises:
        InvalidValue: if none ends then, naming those around.

    Rules: D30.
    """
    following = statement_periods(contract)
    near = [next(following)]
    while near[-1].last_day < last_day:
        near = [near[-1], next(following)]
    if near[-1].last_day == last_day:
        return near[-1]
    ends = " or ".join(f"{period.last_day} ({period.name})" for period in near)
    raise InvalidValue(
        "close(period_ending)",
        str(last_day),
        f"the last day of a billing period of {contract.id!r} was expected",
        f"Periods are {contract.billing}: write {ends}.",
    )


def first_start(contract: Contract) -> date:
    """The first day of the first phase."""
    return contract.dated_phases[0].term.starts_on


def terms_within(contract: Contract, starts_on: date, last_day: date) -> tuple[Phase, ...]:
    """The plans that are in force from one day to another, each with the days for which it is.

    Example:
        >>> from datetime import date
        >>> from supportcontracts import FixedAnnual, Money
        >>> c = Contract(
        ...     "C-7", customer="elm", rounding="half-up",
        ...     term=Term("2025-01-15", months=6, zone="UTC"), plan=FixedAnnual(fee=Money("19000 EUR")),
        ... )
        >>> [str(phase.term) for phase in terms_within(c, date(2025, 1, 1), date(2025, 1, 31))]
        ['2025-01-15 to 2025-01-31, UTC']
    """
    found = []
    for phase in contract.dated_phases:
        first, last = max(starts_on, phase.term.starts_on), min(last_day, phase.term.last_day)
        if first <= last:
            found.append(Phase(Term(first, last_day=last, zone=phase.term.zone), phase.plan))
    return tuple(found)
