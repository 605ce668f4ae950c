"""What a proof says: a verdict for each cell and each other term, and one for the whole tier."""

from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.tiers.cells import Metric
from supportcontracts.explain import Explanation, Step, table

__all__ = ["ProofLine", "TierProof", "Verdict"]


def __dir__() -> list[str]:
    return __all__


Verdict = Literal["same", "never-worse", "worse", "cannot-tell"]
"""What is known of a cell or a term: unchanged, at least as good, worse for somebody, or undecided."""


@frozen
class ProofLine:
    """What is known of one cell, or of another term of the tier.

    Attributes:
        what: the cell or the term, in words.
        old: what it was.
        new: what it is now.
        verdict: "same", "never-worse", "worse" or "cannot-tell".
        code: why, as a word that does not change between releases.
        because: why, in words.
        severity: the severity of the cell; None for other terms, and for tickets without one.
        metric: the metric of the cell; None for other terms.
        channel: the channel of the cell; None for any that has no exception.

    Example:
        >>> from supportcontracts.contracts.tiers.proving import never_worse
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
        >>> slow, quick = (Tier("std", targets={1: Targets(update=word)}) for word in ("no-target", "best-effort"))
        >>> never_worse(slow, quick).lines[0].verdict, never_worse(quick, slow).lines[0].verdict
        ('never-worse', 'worse')
    """

    what: str
    old: str
    new: str
    verdict: Verdict
    code: str
    because: str
    severity: int | None = attrs.field(default=None, kw_only=True)
    metric: Metric | None = attrs.field(default=None, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)


@frozen
class TierProof:
    """Whether a changed tier is at least as good as it was, cell by cell.

    Attributes:
        old: the name of the tier as it was.
        new: the name of the tier as it is now.
        lines: one for each cell, and for each other term that was changed.

    Example:
        >>> from supportcontracts.contracts.tiers.proving import never_worse
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
        >>> old, new = (Tier("std", targets={1: Targets(update=word)}) for word in ("no-target", "best-effort"))
        >>> print(never_worse(old, new))
        std to std: never worse
        cell or term        was        is           verdict      because
        severity 1, update  no target  best effort  never worse  no target promised less
    """

    old: str
    new: str
    lines: tuple[ProofLine, ...]

    @property
    def verdict(self) -> Literal["never-worse", "worse", "cannot-tell"]:
        """What is known of the whole tier: it is worse if a line is, and never worse only if no line is undecided."""
        found = {line.verdict for line in self.lines}
        if "worse" in found:
            return "worse"
        return "cannot-tell" if "cannot-tell" in found else "never-worse"

    def of(self, verdict: Verdict) -> tuple[ProofLine, ...]:
        """Return the lines with one verdict.

        Example:
            >>> from supportcontracts.contracts.tiers.proving import never_worse
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
            >>> tier = Tier("standard", targets={3: Targets(update="best-effort")})
            >>> len(never_worse(tier, tier).of("same"))
            1
        """
        return tuple(line for line in self.lines if line.verdict == verdict)

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row for each line, for a data frame.

        Example:
            >>> from supportcontracts.contracts.tiers.proving import never_worse
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
            >>> tier = Tier("standard", targets={3: Targets(update="best-effort")})
            >>> never_worse(tier, tier).to_rows()[0]["verdict"]
            'same'
        """
        names = ("what", "severity", "metric", "channel", "old", "new", "verdict", "code", "because")
        return [{name: getattr(line, name) for name in names} for line in self.lines]

    def explain(self) -> Explanation[str]:
        """Give the reason for the verdict on each line.

        Example:
            >>> from supportcontracts.contracts.tiers.proving import never_worse
        >>> from supportcontracts.contracts.tiers.tier import Targets, Tier
            >>> tier = Tier("standard", targets={3: Targets(update="best-effort")})
            >>> never_worse(tier, tier).explain().steps[0].rule
            'A6'
        """
        steps = [
            Step("A6", line.what, f"{line.old} → {line.new}", f"{line.verdict}, {line.because}") for line in self.lines
        ]
        return Explanation(f"{self.old} to {self.new}", _said(self.verdict), steps)

    def __str__(self) -> str:
        rows = [("cell or term", "was", "is", "verdict", "because")]
        rows += [(line.what, line.old, line.new, _said(line.verdict), line.because) for line in self.lines]
        return f"{self.old} to {self.new}: {_said(self.verdict)}\n{table(rows)}"


def _said(verdict: Verdict) -> str:
    return verdict.replace("-", " ")
