"""Metered: how metering and incident tables read, in the order in which their stages apply."""

from supportcontracts.contracts.incidents import TICKET_HAPPENINGS, IncidentTable
from supportcontracts.contracts.metering import Metering, Multiplier
from supportcontracts.contracts.scope import EVERYTHING
from supportcontracts.contracts.wording.words import Noun, for_scope, listed, noun_of, number, scoped, sentence, window
from supportcontracts.quantity import Unit

__all__ = ["incident_sentences", "metering_sentences"]


def __dir__() -> list[str]:
    return __all__


_GROUPS = {
    "entry": "entry",
    "incident": "ticket",
    "incident-and-day": "ticket and day",
    "technician-day": "technician and day",
}
_COMBINED = {"largest": "the largest", "product": "their product"}

_HAPPENINGS = {
    "opened": "opened",
    "responded": "answered",
    "resolved": "resolved",
    "closed": "closed",
    "cancelled": "cancelled",
    "merged": "merged into another",
    "duplicate": "found to be a duplicate",
    "product_defect": "found to be a defect of the product",
    "feature_request": "found to be a feature request",
}
_ACTIONS = {
    "consume": ("consumes an incident", "consumes one"),
    "reserve": ("reserves an incident", "reserves one"),
    "release": ("gives an incident back", "gives it back"),
}
_AGAIN = {
    "consume": ", consumed at once",
    "reserve": ", reserved at once",
    "release": ", given back at once",
    "ignore": "",
}


_READINGS: dict[str, list[str]] = {
    "at-end": [],
    "proportional": ["what rounding adds or drops is shared by the windows"],
    "split-then-round": ["each window is rounded by itself"],
    "by-start": ["all of it lies in the window in which it starts"],
    "by-majority": ["all of it lies in the window in which most of it lies"],
}


def metering_sentences(metering: Metering, unit: Unit) -> list[str]:
    """Say how use becomes the quantity that counts: the rule for all use, then those for narrower scopes.

    Example:
        >>> from supportcontracts.quantity import minutes
        >>> metering_sentences(Metering(increment=minutes(15), multiplier=Multiplier("1.5")), "work")
        ['Work is rounded up to 15m; every hour counts 1.5.']
    """
    noun = noun_of(unit)
    clauses = _clauses(metering, noun, unit)
    apart = [_clauses(special.metering, noun._replace(text="it"), unit) for special in metering.special]
    found = [sentence(*clauses)] if clauses else []
    if not any([clauses, *apart]):
        return []
    for place, (special, rules) in enumerate(zip(metering.special, apart, strict=True)):
        narrower = scoped(noun.text if special.scope != EVERYTHING else f"all {noun.text}", special.scope)
        subject = f"of the rest, {narrower}" if place else narrower
        first, *others = rules or ["as recorded"]
        found.append(sentence(f"{subject} {noun.be} metered apart: {first}", *others))
    return found


def _clauses(metering: Metering, noun: Noun, unit: Unit) -> list[str]:
    if unit == "incidents":
        return _multipliers(metering, unit)  # the other stages measure time
    clauses = []
    group = _GROUPS[metering.group]
    if metering.group != "entry":
        clauses.append(f"the entries of one {group} are added up")
    if metering.free is not None:
        over = f"each {group}" if metering.free.per == "group" else window(metering.free.per, unit)
        free = metering.free.quantity.short()
        if metering.free.reading == "excess":
            clauses.append(f"the first {free} of {over} is free")
        else:
            clauses.append(f"up to {free} of {over} is free, and once that is passed all of it counts")
    steps = [f"raised to at least {metering.minimum.short()}"] if metering.minimum else []
    if metering.increment.seconds > 1:
        grace = f", an excess of at most {metering.grace.short()} dropped" if metering.grace else ""
        steps.append(f"rounded up to {metering.increment.short()}{grace}")
    if steps:
        clauses.append(f"{noun.text} {noun.be} {' and '.join(steps)}")
    clauses += _multipliers(metering, unit)
    if metering.at_boundary == "split":
        clauses.append(f"{noun.text} {noun.be} cut where a period or a bank ends")
    return clauses


def _multipliers(metering: Metering, unit: Unit) -> list[str]:
    """Say what counts, and what costs, a factor times as much."""
    noun, each = noun_of(unit).text, "hour" if unit == "work" else "incident"
    clauses = []
    for on, lead in (("quantity", f"every {each} counts"), ("price", f"the price of every {each} is multiplied by")):
        match [multiplier for multiplier in metering.multiplier if multiplier.on == on]:
            case []:
                pass
            case [only]:
                when = f"{only.window} " if only.window else ""
                clauses.append(f"{when}{lead} {number(only.factor)}{for_scope(noun, only.scope)}")
            case several:
                factors = listed(_factor(multiplier, noun) for multiplier in several)
                clauses.append(f"{lead} {factors}, of several that apply {_COMBINED[metering.combine]}")
    if unit == "work" and any(multiplier.window for multiplier in metering.multiplier):
        clauses += _READINGS[metering.windows]
        clauses += [
            f"{noun} {multiplier.window} is raised to at least {multiplier.minimum.short()}"
            for multiplier in metering.multiplier
            if multiplier.minimum
        ]
    return clauses


def _factor(multiplier: Multiplier, noun: str) -> str:
    scope = for_scope(noun, multiplier.scope)
    if multiplier.window:
        return f"{number(multiplier.factor)} {multiplier.window}{scope}"
    return f"{number(multiplier.factor)}{scope or f' for all {noun}'}"


def incident_sentences(table: IncidentTable) -> list[str]:
    """Say what counts as an incident, and when one is given back.

    Example:
        >>> from supportcontracts.timeline import days
        >>> table = IncidentTable(opened="reserve", resolved="consume", reopened_within=days(14))
        >>> incident_sentences(table)[1]
        'A ticket reopened within 14 days stays the same incident; later it is another, consumed at once.'
    """
    clauses: list[str] = []
    for action, leads in _ACTIONS.items():
        rows = [name for name in TICKET_HAPPENINGS if name != "reopened" and getattr(table, name) == action]
        if rows:
            clauses.append(f"{leads[bool(clauses)]} when {listed((_HAPPENINGS[name] for name in rows), 'or')}")
    found = [f"A ticket {listed(clauses)}."] if clauses else []
    if table.reopened_within is None:
        return [*found, "A ticket that is reopened stays the same incident."]
    later = f"later it is another{_AGAIN[table.reopened]}"
    return [*found, f"A ticket reopened within {table.reopened_within} stays the same incident; {later}."]
