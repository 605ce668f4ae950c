"""Ratings out: as statements to read, as JSON for a program, or as CSV for a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from supportcontracts.cli._inputs import Rejected
from supportcontracts.contracts.contract import Contract
from supportcontracts.events import Event, WorkEntry
from supportcontracts.explain import Explanation
from supportcontracts.money import Money
from supportcontracts.rating import Rating, Ratings

__all__ = ["COLUMNS", "as_csv", "as_json", "as_text", "explanations", "why_unrouted"]


def __dir__() -> list[str]:
    return __all__


COLUMNS = (
    "key",
    "contract",
    "customer",
    "at",
    "local",
    "period",
    "kind",
    "use",
    "meter",
    "source",
    "lot",
    "disposition",
    "code",
    "worked",
    "billable",
    "counted",
    "rate",
    "exact",
    "amount_minor",
    "currency",
)
"""The columns of the lines as CSV, which has a header even where there are no lines."""


def explanations(ratings: Iterable[Rating], uses: Iterable[str]) -> list[Explanation[Money]]:
    """Explain uses under every contract that has lines of them.

    Raises:
        Rejected: for a use without lines, naming a near one.
    """
    known = list(ratings)
    found: list[Explanation[Money]] = []
    for use in uses:
        rated = [rating for rating in known if rating.lines_of(use)]
        if not rated:
            near = get_close_matches(use, sorted({line.use for rating in known for line in rating.lines}), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise Rejected(f"there is no line for {use!r} to explain{hint}")
        found += [rating.explain(use) for rating in rated]
    return found


def why_unrouted(event: Event, contracts: Iterable[Contract]) -> str:
    """Name an event that belongs to no contract, with the reason."""
    kind = "work" if isinstance(event, WorkEntry) else type(event).__name__
    of = f" of {event.customer}" if event.customer is not None else ""
    length = f", {event.worked}" if isinstance(event, WorkEntry) else ""
    known = {contract.id: contract for contract in contracts}
    own = [contract.id for contract in known.values() if contract.customer == event.customer]
    if event.contract is not None:
        reason = f"there is no contract {event.contract}"
    elif event.customer is None:
        reason = "it names no customer, and nothing else does for it"
    elif not own:
        reason = "the customer has no contract here"
    else:
        reason = f"it could belong to {' or '.join(own)}; say which in the column contract"
    return f"{event.id}: {kind}{of}{length}, {event.at:%Y-%m-%d %H:%M} UTC: {reason}"


def as_text(ratings: Ratings, explained: Iterable[Explanation[Money]], unrouted: Iterable[str]) -> str:
    """Print statements, explanations and what belongs to no contract."""
    blocks = [str(rating) for rating in ratings.ratings]
    blocks += [str(explanation) for explanation in explained]
    stray = list(unrouted)
    if stray:
        blocks.append("\n".join(["under no contract:", *(f"    {line}" for line in stray)]))
    return "\n\n".join(blocks)


def as_json(ratings: Ratings, explained: Iterable[Explanation[Money]], unrouted: Iterable[str]) -> str:
    """Write lines, notices, totals and explanations as one JSON document."""
    document = {
        "ratings": [_rating(rating) for rating in ratings.ratings],
        "explanations": [_explanation(explanation) for explanation in explained],
        "unrouted": list(unrouted),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _rating(rating: Rating) -> dict[str, Any]:
    return {
        "contract": rating.contract.id,
        "customer": rating.contract.customer,
        "until": rating.until.isoformat(),
        "total": rating.total.plain(),
        "lines": rating.to_rows(),
        "notices": [
            {
                "code": notice.code,
                "key": notice.key,
                "at": notice.at.isoformat(),
                "because": notice.because,
                "text": notice.text,
            }
            for notice in rating.notices
        ],
    }


def _explanation(explanation: Explanation[Money]) -> dict[str, Any]:
    return {
        "title": explanation.title,
        "amount": explanation.amount.plain(),
        "steps": [
            {
                "rule": step.rule,
                "step": step.name,
                "working": step.working,
                "result": step.result,
                "agreed_in": step.agreed_in,
            }
            for step in explanation.steps
        ],
    }


def as_csv(ratings: Ratings) -> str:
    """Write every line of every rating as a row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for rating in ratings.ratings:
        writer.writerows(rating.to_rows())
    return out.getvalue().rstrip("\n")
