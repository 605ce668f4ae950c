"""Wording: what was agreed, in plain English, derived from the terms and from nothing else.

A contract reads as a heading, a few sentences for the plan of each phase, and how its lines settle. The sentences show
every number and every choice that can change an amount, so that terms that rate differently never read alike. What a
term leaves at its default, and what is without effect, is left unsaid.

`words` holds what all sentences share, `metered` says how use is counted, `payers` who pays for it and at what price,
`agreed` joins them into plans and contracts.
"""

from supportcontracts.contracts.wording.agreed import describe, describe_plan

__all__ = ["describe", "describe_plan"]


def __dir__() -> list[str]:
    return __all__
