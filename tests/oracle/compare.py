"""Comparison of a rating with the oracle's: two heaps of lines, what was noticed and refused, one table of balances.

Names that carry no amount are compared only where the two sides were told which name to use: what a line says about
its use, source and quantities is part of a line of use; a fee is known by its name, a purchase by its bank.
"""

from collections import Counter
from typing import Any

from tests.oracle.days import second_of
from tests.oracle.notes import INCOMING, OUTGOING, OLine, OracleRating

FIELDS = OLine._fields
ALWAYS = ("kind", "period", "minor")
COMPARED = {
    "use": FIELDS,
    "fee": (*ALWAYS, "use"),
    "purchase": (*ALWAYS, "use", "exact"),
    "charge-item": (*ALWAYS, "use", "disposition", "code"),
    "refund": ALWAYS,
    "credit": (*ALWAYS, "use", "meter"),
    "volume": (*ALWAYS, "meter", "source", "exact"),
    "discount": (*ALWAYS, "meter", "source", "exact"),
    "maximum": (*ALWAYS, "meter", "source", "exact"),
    "minimum": (*ALWAYS, "meter", "source", "exact"),
    "overdraft": (*ALWAYS, "meter", "exact"),
}
BALANCES = (*INCOMING, *OUTGOING, "left")


SILENT = {"nothing-counted": "none", "non-billable": "non-billable"}


def line_of(real: Any) -> OLine:  # noqa: ANN401  # the real line is never imported here
    """Read a line of the real rating as the oracle writes it.

    The oracle writes what is paid at a release as a use, and leaves out codes that its source already says.
    """
    return OLine(
        kind="use" if real.kind == "release" else real.kind,
        period=str(real.period),
        use=real.use or "",
        meter=real.meter or "",
        source=SILENT.get(real.code, real.source or ""),
        lot=real.lot or None,
        disposition=real.disposition,
        code="" if real.code in SILENT else real.code or "",
        worked=getattr(real.worked, "amount", 0),
        billable=getattr(real.billable, "amount", 0),
        counted=getattr(real.counted, "amount", 0),
        exact=real.exact.value,
        minor=real.amount.minor,
    )


def told(line: OLine) -> str:
    """Write down what is compared of a line; the lot of a drawn line says by itself that a bank paid."""
    shown = line._replace(source="bank") if line.disposition == "drawn" and line.lot is not None else line
    return " ".join(f"{name}={getattr(shown, name)}" for name in COMPARED.get(line.kind, FIELDS))


def totals_of(balance: Any) -> dict[str, int]:  # noqa: ANN401  # likewise
    """Read a balance of the real rating as the oracle writes it."""
    return {name: getattr(balance, {"bought": "purchased"}.get(name, name)) for name in BALANCES}


def differences(rating: Any, expected: OracleRating) -> list[str]:  # noqa: ANN401  # likewise
    """List what only one of the two has: lines, however often, notices, refusals, and totals of movements by lot.

    Example of a difference: "only oracle, 1 x: kind=use period=2025-03 ...".
    """
    # The oracle forgets held use that is given back; the rating says so in a line of its own, at no charge.
    real = Counter(told(line_of(line)) for line in rating.lines if line.code != "given-back")
    oracle = Counter(told(line) for line in expected.lines)
    found = [f"only rating, {count} x: {text}" for text, count in sorted((real - oracle).items())]
    found += [f"only oracle, {count} x: {text}" for text, count in sorted((oracle - real).items())]
    said = {(notice.code, notice.key, notice.because, second_of(notice.at)) for notice in rating.notices}
    found += [f"only rating, notice {notice}" for notice in sorted(said - expected.notices)]
    found += [f"only oracle, notice {notice}" for notice in sorted(expected.notices - said)]
    refused = {(move.because, move.code) for move in rating.movements if move.kind == "refused"}
    found += [f"only rating, refused {each}" for each in sorted(refused - expected.refused)]
    found += [f"only oracle, refused {each}" for each in sorted(expected.refused - refused)]
    totals = {lot: totals_of(balance) for lot, balance in rating.balance_totals().items()}
    for lot in sorted({*totals, *expected.balances}):
        ours, theirs = totals.get(lot, {}), expected.balances.get(lot, {})
        for name in BALANCES:
            if ours.get(name, 0) != theirs.get(name, 0):
                found.append(f"lot {lot} {name}: rating {ours.get(name, 0)}, oracle {theirs.get(name, 0)}")
    return found
