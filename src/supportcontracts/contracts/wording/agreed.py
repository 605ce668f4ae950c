"""Agreed: how plans and contracts read, and how the sources of a waterfall follow each other.

A source is followed by "beyond it" if it can run out, by "for other work" if it has a scope, by both if both hold, and
by "anything else" once what is left is both. What stands behind a source that never runs out is said to be without
effect. Sources share a line until one needs remarks.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, assert_never

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.plans import Composite, Fee, FixedAnnual, Meter, Plan, terms_of
from supportcontracts.contracts.scope import EVERYTHING, Scope
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Source, Unlimited
from supportcontracts.contracts.wording.metered import incident_sentences, metering_sentences
from supportcontracts.contracts.wording.payers import (
    allotment_phrase,
    allotment_remarks,
    bank_phrase,
    bank_remarks,
    charge_phrase,
    charge_remarks,
)
from supportcontracts.contracts.wording.words import Noun, listed, noun_of, scoped, sentence
from supportcontracts.money import Money
from supportcontracts.quantity import Quantity, Unit
from supportcontracts.timeline import Term

if TYPE_CHECKING:
    from supportcontracts.contracts.contract import Contract, Phase

__all__ = ["describe", "describe_plan"]


def __dir__() -> list[str]:
    return __all__


_ROUNDING = {"half-up": "half up", "half-even": "half even", "up": "upwards", "down": "downwards"}
_BILLING = {"term": "once for the term", "yearly": "yearly", "quarterly": "quarterly", "monthly": "monthly"}


def describe(contract: "Contract") -> str:
    """Say in sentences what a contract agrees: a heading, the plan of each phase, and how lines settle.

    Example:
        >>> from supportcontracts.contracts.contract import Contract
        >>> from supportcontracts.contracts.metering import Metering
        >>> from supportcontracts.contracts.plans import PayPerHour
        >>> from supportcontracts.money import Price
        >>> from supportcontracts.quantity import minutes
        >>> plan = PayPerHour(tariff=Price("150 EUR/h"), metering=Metering(increment=minutes(15)))
        >>> print(describe(Contract(
        ...     "C-5", customer="elm", rounding="half-up", billing="monthly", contacts="ines.roth",
        ...     term=Term("2025-01-01", months=12, zone="Europe/Berlin"), plan=plan,
        ... )))
        C-5 · elm · 2025-01-01 to 2025-12-31, Europe/Berlin · billed monthly
        Work is rounded up to 15m.
        Work costs 150.00 EUR per billable hour.
        Each line settles half up to 0.01 EUR. ines.roth may ask.
    """
    phases = contract.dated_phases
    first, last = phases[0].term, phases[-1].term
    count = f" in {len(phases)} phases" if len(phases) > 1 else ""
    term = f"{first.starts_on} to {last.last_day}{count}, {contract.zone}"
    tier = f" · {contract.tier.name}" if contract.tier is not None else ""
    lines = [f"{contract.id} · {contract.customer} · {term}{tier} · billed {_BILLING[contract.billing]}"]
    lines += _phase_lines(phases) if len(phases) > 1 else _plan_lines(phases[0].plan)
    lines += map(str, contract.benefits)
    if contract.record_within is not None:
        lines.append(f"Use that is recorded more than {contract.record_within} after it happened is refused.")
    step = Money.from_minor(1, contract.currency)
    lines.append(" ".join([f"Each line settles {_ROUNDING[contract.rounding]} to {step}.", *_people(contract)]))
    return "\n".join(lines)


def describe_plan(plan: Plan) -> str:
    """Say in sentences what a plan offers, whoever buys it and for which term.

    Example:
        >>> from supportcontracts.contracts.plans import PrepaidHours
        >>> from supportcontracts.money import Price
        >>> print(describe_plan(PrepaidHours(beyond=Charge(Price("137.50 EUR/h"), of="counted"))))
        Banks pay, soonest expiry first; beyond them, 137.50 EUR per counted hour.
    """
    return "\n".join(_plan_lines(plan))


def _people(contract: "Contract") -> Iterator[str]:
    about = f"about {listed(contract.products)}" if contract.products else ""
    if contract.contacts:
        yield f"{listed(contract.contacts)} may ask{f', {about}' if about else ''}."
    elif about:
        yield f"It is {about}."


def _phase_lines(phases: "tuple[Phase, ...]") -> Iterator[str]:
    """Say each phase: its days, and its plan or that of an earlier phase; a gap before it is a lapse."""
    plans = [phase.plan for phase in phases]
    gaps = [None, *(_gap(before.term, after.term) for before, after in pairwise(phases))]
    for number, (phase, gap) in enumerate(zip(phases, gaps, strict=True)):
        if gap:
            yield gap
        heading = f"Phase {number + 1}, {phase.term.starts_on} to {phase.term.last_day}:"
        earlier = plans.index(phase.plan)
        if earlier < number:
            yield f"{heading} as in phase {earlier + 1}."
        else:
            yield heading
            yield from (f"  {line}" for line in _plan_lines(phase.plan))


def _gap(before: Term, after: Term) -> str:
    """Say that nothing is agreed between two terms, if there is a day between them."""
    if before.ends_before == after.starts_on:
        return ""
    return f"Lapsed from {before.ends_before} until {after.starts_on}."


# -- plans ----------------------------------------------------------------------------------------------------------


def _plan_lines(plan: Plan) -> list[str]:
    terms = terms_of(plan)
    lines = [_fees(terms.fees)] if terms.fees else []
    meters = [placed.meter for placed in terms.meters]
    if isinstance(plan, FixedAnnual):
        included = f"All work and incidents are included{_review(plan.review_at)}."
        return [*lines, *_lines_of([_only(plan.scope), *metering_sentences(plan.metering, "work")]), included]
    if isinstance(plan, Composite):
        return [*lines, *_meters(meters)]
    lines += _lines_of([_only(plan.scope)])
    for meter in meters:
        if meter.name == "labour":
            lines.append(" ".join(["Labour is included.", *metering_sentences(meter.metering, "work")]))
        else:
            lines += _meter(meter)
    return lines


def _lines_of(sentences: list[str]) -> list[str]:
    """Put sentences on one line, or on none if there are none."""
    line = " ".join(filter(None, sentences))
    return [line] if line else []


def _only(scope: Scope) -> str:
    return "" if scope == EVERYTHING else f"Only {scoped('use', scope)} is covered."


def _fees(fees: tuple[Fee, ...]) -> str:
    shown = [f"{fee.amount} {'a year' if fee.per == 'year' else 'for the term'}" for fee in fees]
    prorated = ", for a part of a year by its days" if any(fee.per == "year" for fee in fees) else ""
    due = f"due in advance in equal instalments{prorated}"
    if [fee.name for fee in fees] == ["fee"]:
        return f"A fee of {shown[0]} falls {due}."
    named = "; ".join(f"{fee.name}, {amount}" for fee, amount in zip(fees, shown, strict=True))
    return f"Fees {due}: {named}."


def _meters(meters: list[Meter]) -> Iterator[str]:
    """Say the meters of a composite plan; one that measures everything needs no heading."""
    if not meters:
        yield "No use is covered."
    plain = len(meters) == 1 and meters[0].name == meters[0].unit and meters[0].scope == EVERYTHING
    for number, meter in enumerate(meters):
        if plain:
            yield from _meter_and_labour(meter)
        else:
            noun = noun_of(meter.unit).text
            what = scoped(noun if meter.scope != EVERYTHING else f"all {noun}", meter.scope)
            rest = any(before.unit == meter.unit for before in meters[:number])
            yield f"Meter {meter.name}, for {what}{' that no meter before it measures' if rest else ''}:"
            yield from (f"  {line}" for line in _meter_and_labour(meter))


def _meter(meter: Meter) -> Iterator[str]:
    counts_incidents = meter.unit == "incidents"
    if counts_incidents:
        yield " ".join(incident_sentences(meter.incidents))
    yield from _lines_of(metering_sentences(meter.metering, meter.unit))
    yield from _waterfall(meter.sources, meter.unit)


_LABOUR = {
    "included": "The labour of an incident is included.",
    "metered-if-unpaid": "The labour of an incident that a source paid is included; other labour is metered as work.",
    "metered": "The labour of an incident is metered as work.",
}


def _meter_and_labour(meter: Meter) -> Iterator[str]:
    """Say a meter, and what becomes of the labour of its incidents."""
    yield from _meter(meter)
    if meter.unit == "incidents":
        yield _LABOUR[meter.labour]


# -- waterfalls -----------------------------------------------------------------------------------------------------


class _Clause(NamedTuple):
    """How one source reads: a clause, the sentences after it, and what it says is left by "beyond …"."""

    text: str
    remarks: list[str]
    beyond: str


class _Link(NamedTuple):
    """How a source follows the one before it: how its clause begins, and what one without scope is about."""

    lead: str
    subject: Noun


def _waterfall(sources: tuple[Source, ...], unit: Unit) -> Iterator[str]:
    """Say who pays, in order: sources share a sentence up to one with remarks, which end the line."""
    clauses: list[str] = []
    link = _Link("", noun_of(unit))
    for source in sources:
        clause = _clause(source, unit, link)
        clauses.append(clause.text)
        if clause.remarks:
            yield " ".join([sentence(*clauses), *clause.remarks])
            clauses = []
        link = _link(source, clause.beyond, link, unit)
    if clauses:
        yield sentence(*clauses)


def _link(source: Source, beyond: str, before: _Link, unit: Unit) -> _Link:
    """Say how the next source follows this one, which followed the one before it."""
    noun = noun_of(unit)
    if source.scope == EVERYTHING:
        return _Link(f"beyond {beyond}, " if beyond else "without effect behind that, ", noun)
    others = noun._replace(text=f"other {noun.text}")
    if beyond:
        return _Link(f"beyond {beyond} and for {others.text}, ", Noun("anything else"))
    if before.lead.startswith("beyond") or before.subject.text == "anything else":
        return _Link("for anything else, ", Noun("anything else"))
    return _Link(f"for {others.text}, ", others)


def _clause(source: Source, unit: Unit, link: _Link) -> _Clause:
    noun = noun_of(unit)
    match source:
        case Allotment():
            return _Clause(f"{link.lead}{allotment_phrase(source, noun.text)}", allotment_remarks(source), "it")
        case Banks():
            return _Clause(f"{link.lead}{bank_phrase(source, noun.text)}", bank_remarks(source), "them")
        case Charge():
            beyond = "" if source.limit is None else "that"
            return _Clause(_charge(source, unit, link), charge_remarks(source, unit), beyond)
        case Unlimited():
            included, _ = _about(source, link, noun, "all ")
            return _Clause(f"{included} included{_review(source.review_at)}", [], "")
        case Fallback():
            given, _ = _about(source, link, noun)
            return _Clause(f"{given} handed over to contract {source.contract}", [], "")
        case Hold():
            kept, it = _about(source, link, noun)
            return _Clause(f"{kept} held until an approval or a purchase releases {it}", [], "")
        case Refuse():
            left, _ = _about(source, link, noun)
            return _Clause(f"{left} refused", [], "")
        case _:
            assert_never(source)


def _charge(charge: Charge, unit: Unit, link: _Link) -> str:
    """Say a price in full where it comes first or has a scope, in short behind another source."""
    lead, price = charge_phrase(charge, unit)
    if link.lead and charge.scope == EVERYTHING:
        return f"{link.lead}{f'{lead}, ' if lead else ''}{price}"
    noun = noun_of(unit)
    return f"{link.lead}{scoped(noun.text, charge.scope)} {noun.cost}{f', {lead},' if lead else ''} {price}"


def _about(source: Source, link: _Link, noun: Noun, every: str = "") -> tuple[str, str]:
    """Say what a source takes, and its pronoun; one that takes anything else needs no "beyond"."""
    if source.scope == EVERYTHING and link.subject != noun:
        return f"{link.subject.text} {link.subject.be}", link.subject.it
    return f"{link.lead}{every}{scoped(noun.text, source.scope)} {noun.be}", noun.it


def _review(level: Quantity | None) -> str:
    if level is None:
        return ""
    passes = "passes" if level.unit == "work" else "pass"
    return f", with a notice when the {level.unit} of a contract year {passes} {level}"
