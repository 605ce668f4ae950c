"""Why an event did what it did, and where the units of a grant are: the steps, each with its rule and its term."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from supportcontracts.benefits.books import CARRIED, Books, OpenGrant, UseRecord
from supportcontracts.benefits.judging import Unmet
from supportcontracts.contracts.benefits import Benefit, BenefitQuantity
from supportcontracts.contracts.benefits.schedule import last_usable_day
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation, Part, Step

if TYPE_CHECKING:
    from supportcontracts.benefits.status import BenefitStatus, Refusal

__all__ = ["expiry_step", "explanation", "reason_step", "term_of"]


def __dir__() -> list[str]:
    return __all__


# The rule that each reason comes from, and the field of the benefit that decided.
_REASONS = {
    "after-expiry": ("N5", "by_expiry"),
    "assigned-to-others": ("N10", ""),
    "booking-lead": ("N6", "booking_lead"),
    "earned-before": ("N9", "earned"),
    "ended-early": ("N14", "ended_early"),
    "exceeds-left": ("N2", ""),
    "exceeds-reserved": ("N2", ""),
    "exchange": ("N11", "exchanges"),
    "exchange-rest": ("N11", "exchanges"),
    "expired": ("N4", "expires"),
    "id-taken": ("D6", ""),
    "in-the-past": ("N5", ""),
    "not-assigned": ("N10", "expires"),
    "not-covered": ("N9", "earned"),
    "not-granted": ("N1", "per"),
    "not-later": ("N13", ""),
    "not-transferable": ("N10", "transfer"),
    "not-yet": ("N6", ""),
    "outside-term": ("N9", "term"),
    "people": ("N7", "people"),
    "person": ("N7", "holders"),
    "place": ("N7", "place"),
    "reserved-before": ("D6", ""),
    "unit": ("N2", "unit"),
    "unknown-grant": ("N13", ""),
    "unknown-reservation": ("D7", ""),
}


def term_of(benefit: Benefit, name: str) -> str:
    """Name the term that decided, as the path of documents does behind the name of the benefit."""
    return f"{benefit.id}.{name}" if name else ""


def explanation(status: "BenefitStatus", books: Books, name: str) -> Explanation[BenefitQuantity]:
    """Word what was written down about an event or a grant; there is no second derivation."""
    use = next((use for use in books.uses if use.event.id == name), None)
    if use is not None:
        return _of_use(status, use)
    refusal = status.refusal(name)
    if refusal is not None:
        return _of_refusal(status, refusal)
    if name in books.grants:
        return _of_grant(status, books, books.grants[name])
    known = [*(use.event.id for use in books.uses), *(refusal.event for refusal in status.refusals), *books.grants]
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else "Uses, refusals and grants of the status have their names."
    raise InvalidValue("explain", repr(name), "an event or a grant of the status was expected", hint)


def _title(status: "BenefitStatus", name: str, *more: str) -> str:
    return " · ".join([name, *more, *filter(None, (status.benefit.id, status.benefit.contract))])


def _of_use(status: "BenefitStatus", use: UseRecord) -> Explanation[BenefitQuantity]:
    benefit = status.benefit
    steps = [*_notice(benefit, use), *(_draw(benefit, use, part) for part in use.parts)]
    shown = next(each for each in status.uses if each.event == use.event.id)
    if shown.gains is not None:
        asked = f"{shown.quantity} for {shown.exchange}"
        steps.append(Step("N11", "exchange", asked, str(shown.gains), term_of(benefit, "exchanges")))
    if shown.value is not None:
        steps.append(Step("N17", "worth", str(shown.quantity), str(shown.value), term_of(benefit, "worth")))
    parts = [Part(grant.id, (), benefit.of(took)) for grant, _, took, _ in use.parts]
    day = benefit.zone.format_day(shown.at)
    return Explanation(_title(status, shown.event, day), shown.quantity, steps, parts)


_VERBS = {"reserved": "reserve", "redeemed": "redeem", "returned": "give back", "lost": "lose"}


def _draw(benefit: Benefit, use: UseRecord, part: tuple[OpenGrant, int, int, date | None]) -> Step:
    grant, had, took, expires_on = part
    ends = "does not expire" if expires_on is None else f"expires {expires_on}"
    of = "left" if use.booking is None or use.kind == "reserved" else "booked"
    return Step("N3", _VERBS[use.kind], f"{grant.id} {ends}; had {benefit.of(had)} {of}", str(benefit.of(took)))


def _notice(benefit: Benefit, use: UseRecord) -> Iterator[Step]:
    """Show how the local days of booking and cancelling were counted back."""
    booking = use.booking
    if booking is None or booking.wish.starts is None or use.kind == "redeemed":
        return
    name = "booking_lead" if use.kind == "reserved" else "cancel_notice"
    ahead = getattr(benefit, name)
    if ahead is None:
        return
    day = benefit.zone.date_of_epoch(booking.wish.starts)
    done = benefit.zone.date_of_epoch(use.at)
    limit = ahead.before(day)
    waived = name.replace("_", "-") in getattr(use.event, "waives", ())
    result = "in time" if done <= limit else "late, waived" if waived else "late"
    working = f"takes place {day} − {ahead} = by {limit}; done {done}"
    yield Step("N6", name.replace("_", " "), working, result, term_of(benefit, name))


def reason_step(benefit: Benefit, unmet: Unmet) -> Step:
    """Show a reason with its rule, and the term that decided."""
    rule, name = _REASONS[unmet.code]
    if unmet.code == "expired" and benefit.expires_on is not None:
        name = "expires_on"
    return Step(rule, unmet.code, unmet.words, "refused", term_of(benefit, name))


def _of_refusal(status: "BenefitStatus", refusal: "Refusal") -> Explanation[BenefitQuantity]:
    benefit = status.benefit
    steps = [reason_step(benefit, unmet) for unmet in refusal.unmet]
    day = benefit.zone.format_day(refusal.at)
    return Explanation(_title(status, refusal.event, day), benefit.of(0), steps)


_MOVED = {
    "grant": ("N1", "granted", "per"),
    "roll-in": ("N8", "carried over", "carry_over"),
    "roll-out": ("N8", "carried over", "carry_over"),
    "reserve": ("N3", "booked", ""),
    "release": ("N2", "no longer booked", ""),
    "lapse": ("N5", "not used in time", "by_expiry"),
    "redeem": ("N3", "redeemed", ""),
    "lose": ("N6", "lost", ""),
    "forfeit": ("N4", "forfeited", "expires"),
    "refund": ("N14", "refunded", "ended_early"),
    "return": ("N13", "returned", ""),
}


def _of_grant(status: "BenefitStatus", books: Books, grant: OpenGrant) -> Explanation[BenefitQuantity]:
    benefit = status.benefit
    steps = []
    left = 0
    for movement in status.movements:
        if movement.lot != grant.id:
            continue
        rule, step, name = _MOVED[movement.kind]
        rolled = movement.because in books.grants or movement.because == f"{grant.id}{CARRIED}"
        if movement.kind in ("roll-in", "roll-out") and not rolled:
            rule, step, name = "N10", "assigned", ""
        if movement.code and movement.kind in ("forfeit", "lapse"):
            rule, step, name = "N14", "forfeited", "ended_early"
        left += _SIGNS.get(movement.kind, -1) * movement.quantity.amount
        day = benefit.zone.date_of(movement.at)
        because = f", {movement.because}" if movement.because else ""
        working = f"{day}{because}: {movement.quantity}"
        steps.append(Step(rule, step, working, str(benefit.of(left)), term_of(benefit, name)))
    if grant.expires_on is not None:
        steps.append(expiry_step(benefit, grant.expires_on))
    return Explanation(_title(status, grant.id), benefit.of(left), steps)


# What a movement adds to what is left; all others take from it.
_SIGNS = {"grant": 1, "roll-in": 1, "release": 1, "return": 1, "lapse": 1}


def expiry_step(benefit: Benefit, expires_on: date) -> Step:
    """Say from which term a last day comes."""
    term = "expires_on" if benefit.expires_on == expires_on else "expires"
    usable = last_usable_day(benefit, expires_on)
    grace = f", with {benefit.grace} of grace {usable}" if benefit.grace else ""
    return Step("N4", "expires", f"last day {expires_on}{grace}", str(usable), term_of(benefit, term))
