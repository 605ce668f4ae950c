"""Payers: how allotments, banks and charges read. Each has a phrase for what it pays or costs, and remarks after it."""

from fractions import Fraction
from typing import assert_never

from supportcontracts.contracts.allotments import Allotment, Overdraw, Rollover
from supportcontracts.contracts.banks import Banks, BankSize, DaysLeft, Remaining, RemainingShare, TopUp, WarnLevel
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Tariff, Volume
from supportcontracts.contracts.wording.words import (
    for_scope,
    listed,
    noun_of,
    per_unit,
    sentence,
    share,
    short,
    verb,
    window,
)
from supportcontracts.money import Price
from supportcontracts.quantity import Unit, WorkTime
from supportcontracts.timeline import Days

__all__ = [
    "allotment_phrase",
    "allotment_remarks",
    "bank_phrase",
    "bank_remarks",
    "charge_phrase",
    "charge_remarks",
]


def __dir__() -> list[str]:
    return __all__


_PERS = {"term": "for the term", "year": "a year", "quarter": "a quarter", "month": "a month"}
_ORDERS = {
    "soonest-expiry": "soonest expiry first",
    "oldest-start": "oldest first",
    "priority": "by priority",
    "granted-before-paid": "granted before bought",
    "lowest-cost": "cheapest first",
    "highest-cost": "dearest first",
}


# -- allotments -----------------------------------------------------------------------------------------------------


def allotment_phrase(allotment: Allotment, noun: str) -> str:
    """Say what is granted, and how much of it for narrower use.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> allotment_phrase(Allotment(hours(10), per="month"), "work")
        'an allotment of 10h 00m a month pays'
    """
    text = f"an allotment of {allotment.quantity} {_PERS[allotment.per]} pays{for_scope(noun, allotment.scope)}"
    if not allotment.sublimits:
        return text
    windows = {"period": _PERS[allotment.per], "week": "a calendar week", "day": "a day"}
    limits = (f"{one.quantity} {windows[one.per]}{for_scope(noun, one.scope)}" for one in allotment.sublimits)
    return f"{text}, of it at most {listed(limits)}"


def allotment_remarks(allotment: Allotment) -> list[str]:
    """Say what becomes of unused units, and what an allotment does that is short.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> allotment_remarks(Allotment(hours(10), per="month", rollover=Rollover(cap=hours(4))))
        ['Of what is left of it, all rolls over for 1 further month, at most 4h 00m, and is drawn first.']
    """
    found = [] if allotment.rollover is None else [_rollover(allotment.rollover, allotment.per)]
    match allotment.short:
        case "split":
            pass
        case "whole-to-next":
            found.append("It pays for a use in full or not at all.")
        case Overdraw() as overdraw:
            found.append(f"It may be {_overdraw(overdraw, 'the grant', 'the next grant', 'the term')}.")
        case _:
            assert_never(allotment.short)
    return found


def _rollover(rollover: Rollover, per: str) -> str:
    base = " and of what rolled over before" if rollover.base == "all-left" else ""
    rolls = "all" if rollover.share == 1 else share(rollover.share)
    further = f"{rollover.lasts} further {per}{'' if rollover.lasts == 1 else 's'}"
    match rollover.cap:
        case None:
            cap = ""
        case Fraction():
            cap = f", at most {share(rollover.cap)} of the grant"
        case _:
            cap = f", at most {rollover.cap}"
    return f"Of what is left of it{base}, {rolls} rolls over for {further}{cap}, and is drawn {rollover.use}."


def _overdraw(overdraw: Overdraw, base: str, source: str, end: str) -> str:
    limit = f"{share(overdraw.limit)} of {base}" if isinstance(overdraw.limit, Fraction) else str(overdraw.limit)
    owed = f"what is owed at the end of {end} costs {per_unit(overdraw.settled_at)}"
    return f"overdrawn by up to {limit}, which {source} repays first; {owed}"


# -- banks ----------------------------------------------------------------------------------------------------------


def bank_phrase(banks: Banks, noun: str) -> str:
    """Say which banks pay, in which order, and when somebody is told.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> bank_phrase(Banks(warn_levels=Remaining(hours(2))), "work")
        'banks pay, soonest expiry first, with a notice at 2h 00m remaining'
    """
    pool = "" if banks.pool == "banks" else f" of pool {banks.pool}"
    text = f"banks{pool} pay{for_scope(noun, banks.scope)}, {_ORDERS[banks.order]}"
    if not banks.warn_levels:
        return text
    return f"{text}, with a notice {listed(_level(level) for level in banks.warn_levels)}"


def _level(level: WarnLevel) -> str:
    match level:
        case Remaining():
            return f"at {level.quantity} remaining"
        case RemainingShare():
            base = "the latest purchase" if level.of == "last-purchase" else "all usable banks"
            return f"at {share(level.share)} of {base} remaining"
        case DaysLeft():
            return f"{Days(level.days)} before a bank ends"
        case _:
            assert_never(level)


def bank_remarks(banks: Banks) -> list[str]:
    """Say what can be bought, from when it can be used, and what banks do that are short or have ended.

    Example:
        >>> bank_remarks(Banks(usable="payment", returns=Days(30)))[0]
        'A bank pays only once it is paid for.'
    """
    found = []
    if banks.usable == "payment":
        found.append("A bank pays only once it is paid for.")
    if banks.offer is not None:
        found.append(f"On offer: {listed(_size(size) for size in banks.offer.sizes)}.")
        if banks.offer.cutoff is not None:
            found.append(f"A bank bought at {banks.offer.cutoff} or later starts on the next day.")
    found += [_top_up(rule) for rule in banks.top_up]
    if isinstance(banks.returns, Days):
        found.append(f"What is given back to a bank that has ended can be used for {banks.returns}.")
    match banks.short:
        case "split":
            pass
        case "whole-to-next":
            found.append("They pay for a use in full or not at all.")
        case Overdraw() as overdraw:
            found.append(f"They may be {_overdraw(overdraw, 'the latest purchase', 'the next one', 'the contract')}.")
        case _:
            assert_never(banks.short)
    return found


def _size(size: BankSize) -> str:
    life = "" if size.life is None else f" lasting {size.life}"
    return f"{size.quantity} or more at {per_unit(size.price)}{life}"


def _top_up(rule: TopUp) -> str:
    life = "" if rule.life is None else f" lasting {rule.life}"
    return sentence(f"{_level(rule.at)}, a bank of {rule.quantity} at {per_unit(rule.price)}{life} is proposed")


# -- charges --------------------------------------------------------------------------------------------------------


def charge_phrase(charge: Charge, unit: Unit) -> tuple[str, str]:
    """Say what use costs and up to which limit, and before it, for bands, over what they are counted.

    Example:
        >>> charge_phrase(Charge(Price("137.50 EUR/h"), of="counted"), "work")
        ('', '137.50 EUR per counted hour')
    """
    lead, price = _tariff(charge.tariff, charge, unit)
    if charge.limit is None:
        return lead, price
    counted = " counted" if isinstance(charge.limit, WorkTime) else ""
    return lead, f"{price}, at most {charge.limit}{counted} in {window(charge.limit_per, unit)}"


def _tariff(tariff: Tariff, charge: Charge, unit: Unit) -> tuple[str, str]:
    over = "" if charge.per is None else window(charge.per, unit)
    match tariff:
        case Price():
            return "", per_unit(tariff, charge.of)
        case Graduated():
            ends = ["" if band.up_to is None else f" up to {band.up_to}" for band in tariff.bands]
            steps = (f"{_band(band, charge.of)}{end}" for band, end in zip(tariff.bands, ends, strict=True))
            return f"in bands over {over}", ", then ".join(steps)
        case Volume():
            *bounded, last = tariff.bands
            found = [f"{_band(band, charge.of)} if it is at most {band.up_to}" for band in bounded]
            final = _band(last, charge.of)
            return f"for all of {over} together", ", ".join([*found, f"otherwise {final}" if found else final])
        case Package():
            of = f" {charge.of}" if unit == "work" else ""
            kind, part = ("package", ", or part of one") if tariff.part == "counts-whole" else ("full package", "")
            return "", f"{tariff.price} per {kind} of {short(tariff.size)}{of}{part}, counted over {over}"
        case _:
            assert_never(tariff)


def _band(band: Band, of: str) -> str:
    return f"{'' if band.flat is None else f'{band.flat} once and '}{per_unit(band.price, of)}"


def charge_remarks(charge: Charge, unit: Unit) -> list[str]:
    """Say what is free, which rates replace the tariff, what needs approval, and what is done to the sum.

    Example:
        >>> from supportcontracts.money import Money
        >>> charge_remarks(Charge(Price("140 EUR/h"), maximum=Money("500 EUR")), "work")[0]
        'The lines of each billing period together are cut to at most 500.00 EUR.'
    """
    found = []
    if charge.free_first is not None and charge.per is not None:
        found.append(f"The first {charge.free_first} of {window(charge.per, unit)} {verb(charge.free_first)} free.")
    if charge.rates:
        found.append(f"Instead, {listed(_rate(rate, charge.of, unit) for rate in charge.rates)}.")
    if charge.entry_rates == "used":
        found.append("A rate that an entry states comes before all others.")
    if charge.approval == "required":
        noun = noun_of(unit)
        found.append(f"Charged {noun.text} {noun.be} held until the customer approves {noun.it}.")
    steps = [] if charge.discount is None else [f"reduced by {share(charge.discount)}"]
    steps += [] if charge.maximum is None else [f"cut to at most {charge.maximum}"]
    steps += [] if charge.minimum is None else [f"raised to at least {charge.minimum}, used or not"]
    if steps:
        found.append(f"The lines of {window(charge.adjust_per, unit)} together are {', then '.join(steps)}.")
    bounds = [name for name in ("maximum", "minimum") if getattr(charge, name) is not None]
    if bounds and charge.adjust_per == "period":
        be, stand = ("is", "stands") if len(bounds) == 1 else ("are", "stand")
        how = f"{be} prorated by days" if charge.stubs == "prorated" else f"{stand} in full"
        found.append(f"In a part period the {' and '.join(bounds)} {how}.")
    return found


def _rate(rate: Rate, of: str, unit: Unit) -> str:
    noun = noun_of(unit)
    kind = "" if rate.work_type is None else f" of type {rate.work_type}"
    role = "" if rate.role is None else f" by {rate.role}"
    return f"{noun.text}{kind}{role} {noun.cost} {per_unit(rate.price, of)}"
