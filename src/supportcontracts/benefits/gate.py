"""The gate: a heap of events in, the facts of each benefit out, in canonical order.

Repeats, corrections and what was not known yet are dealt with for all events at once. Then each fact finds the promise
that it names. Events about anything else pass by: the whole history of a contract can be given as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, get_args

from supportcontracts._fields import frozen
from supportcontracts.benefits.fold import Fact
from supportcontracts.contracts.benefits import AnyBenefit, Benefit
from supportcontracts.contracts.benefits.promises import require_benefit
from supportcontracts.errors import CurrencyMismatch, ForeignEvent, InvalidValue
from supportcontracts.events import RANKS, BenefitEvent, BenefitGranted, Event
from supportcontracts.events.gathering import gather
from supportcontracts.money import Money

__all__ = ["Sorted", "facts_of", "sort_out"]


def __dir__() -> list[str]:
    return __all__


_KINDS = frozenset(get_args(BenefitEvent))


@frozen
class Sorted:
    """The facts of one benefit, and the corrections that found no target."""

    facts: tuple[Fact, ...]
    unmatched: tuple[str, ...] = ()

    def before(self, until: int) -> tuple[Fact, ...]:
        """The facts before an instant."""
        return tuple(fact for fact in self.facts if fact[0] < until)


def facts_of(verb: str, benefit: AnyBenefit, events: Iterable[Event], *, known_at: datetime | None) -> Sorted:
    """Return the facts of one benefit; all events that name it have to be of its customer and contract.

    Raises:
        ForeignEvent: for an event of the benefit that names another customer or contract.
        DuplicateEvent: for one id with two contents.

    Rules: D6, D7.
    """
    require_benefit(f"{verb}(benefit)", benefit)
    gathered = gather(verb, events, known_at)
    named = (event for event in gathered.facts.values() if type(event) in _KINDS and event.benefit == benefit.id)
    found = sorted((_fact(benefit, event) for event in named), key=_order)
    whose = {"customer": benefit.customer, "contract": benefit.contract}
    for *_, event in found:
        for what, own in whose.items():
            got = getattr(event, what)
            if got is None:
                continue
            if own is not None and got != own:
                raise _foreign(event, what, got, own)
            whose[what] = got  # of a promise to nobody in particular, the first event says whose it is
    return Sorted(tuple(found), tuple(correction.id for correction in gathered.unmatched))


def sort_out(
    verb: str, benefits: Sequence[AnyBenefit], events: Iterable[Event], *, known_at: datetime | None
) -> list[Sorted]:
    """Return the facts of many benefits, each for the one that it names: by its id, and its contract or customer.

    Events of customers and contracts that are not here are passed over.

    Raises:
        ForeignEvent: for an event that could belong to several of the benefits.
        InvalidValue: for a benefit that is given twice.

    Rules: D6, D7.
    """
    by_id: dict[str, list[int]] = {}
    whose: set[tuple[str, str | None, str | None]] = set()
    for place, benefit in enumerate(benefits):
        require_benefit(f"{verb}(benefit)", benefit)
        by_id.setdefault(benefit.id, []).append(place)
        if (key := (benefit.id, benefit.contract, benefit.customer)) in whose:
            hint = "Give each promise once; take it from Contract.promised, so that it names its contract."
            raise InvalidValue(f"{verb}(benefits)", f"{benefit.id!r} twice", "each promise once was expected", hint)
        whose.add(key)
    found: list[list[Fact]] = [[] for _ in benefits]
    for event in gather(verb, events, known_at).facts.values():
        if type(event) not in _KINDS:
            continue
        places = [place for place in by_id.get(event.benefit, ()) if _belongs(benefits[place], event)]
        if len(places) > 1:
            hint = "Record it with its contract=… or customer=…."
            known = ", ".join(str(benefits[place].contract or benefits[place].customer) for place in places)
            raise ForeignEvent(f"Event {event.id!r}", f"a benefit of {known}", "one of them was expected", hint)
        for place in places:
            found[place].append(_fact(benefits[place], event))
    return [Sorted(tuple(sorted(facts, key=_order))) for facts in found]


def _belongs(benefit: AnyBenefit, event: Any) -> bool:  # noqa: ANN401  # any event of a benefit
    return all(
        said is None or own is None or said == own
        for said, own in ((event.contract, benefit.contract), (event.customer, benefit.customer))
    )


def _fact(benefit: AnyBenefit, event: Any) -> Fact:  # noqa: ANN401  # any event of a benefit
    if isinstance(event, BenefitGranted) and event.worth is not None and isinstance(benefit, Benefit):
        _check_worth(benefit, event)
    return event.epoch, RANKS[type(event)], event.id, event


def _check_worth(benefit: Benefit, event: BenefitGranted) -> None:
    """Refuse units that are worth something which does not add up with what the others are worth."""
    worth, own = event.worth, benefit.worth
    assert worth is not None
    if own is not None and own.currency != worth.currency:
        expected = f"{own.currency.code} was expected, the currency of benefit {benefit.id!r}"
        hint = "Convert it first, at a rate you can name."
        raise CurrencyMismatch(f"BenefitGranted {event.id!r} worth", str(worth), expected, hint)
    if isinstance(worth, Money) is isinstance(benefit.quantity, int):
        return
    expected = "a price of work was expected" if isinstance(worth, Money) else "the value of one unit was expected"
    raise InvalidValue(f"BenefitGranted {event.id!r} worth", str(worth), expected)


def _order(fact: Fact) -> tuple[int, int, str]:
    return fact[:3]


def _foreign(event: Any, what: str, got: str, expected: str) -> ForeignEvent:  # noqa: ANN401  # any event of a benefit
    return ForeignEvent(
        f"Event {event.id!r}",
        f"the {what} {got!r}",
        f"the {what} {expected!r} was expected",
        f"Pass only the events of {expected!r}.",
    )
