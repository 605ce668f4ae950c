"""Proving that a changed tier is at least as good as it was: in every cell, for every ticket.

The claim is about one ticket under two tiers: whatever happens to it, each of its clocks is due under the new one no
later than under the old one. Whatever happens: it waits, it is resolved and reopened, its severity changes.

`containing` compares calendars by their terms alone, which holds for ever; `searching` looks at every start in a
stretch of years; `judging` decides a cell by the two, `cases` says which cells there are, and `terms` looks at the
rest. What cannot be proved is "worse" if a start shows it, and else "cannot-tell", with the reason.
"""

from supportcontracts.contracts.tiers.proving.result import ProofLine, TierProof, Verdict
from supportcontracts.contracts.tiers.proving.verb import never_worse

__all__ = ["ProofLine", "TierProof", "Verdict", "never_worse"]


def __dir__() -> list[str]:
    return __all__
