"""Tiers: what each severity is promised, as data.

`cells` are what stands in the table: targets on calendars, and the words that say there is none. `policies` say when a
clock starts, pauses and breaks, and when a severity is served as a milder one. `promises` are those that are not
durations, and `checking` looks whether they were kept. `tier` joins all of them, `wording` says how they read,
`comparing` sets two tiers side by side, and `proving` shows that a changed tier is at least as good.
"""

from typing import TYPE_CHECKING

from supportcontracts._lazy import lazy

if TYPE_CHECKING:
    from supportcontracts.contracts.tiers.cells import (
        METRICS,
        WORDS,
        ArrivalTarget,
        Cell,
        CellWord,
        Metric,
        field_of,
    )
    from supportcontracts.contracts.tiers.checking import (
        Outcome,
        PromiseCheck,
        PromiseReport,
        TicketFacts,
        check_promises,
    )
    from supportcontracts.contracts.tiers.comparing import ComparedTerm, TierComparison, compare_tiers
    from supportcontracts.contracts.tiers.policies import (
        PAUSE_STATES,
        ClockPolicy,
        ClockStart,
        Pause,
        PauseState,
        SeverityGate,
        UpdateRecurrence,
    )
    from supportcontracts.contracts.tiers.promises import (
        DEPTHS,
        PROMISES,
        AnswerDepth,
        Channels,
        Languages,
        NamedManager,
        NoPhoneMenu,
        Promise,
        SkillLevel,
    )
    from supportcontracts.contracts.tiers.proving import ProofLine, TierProof, Verdict, never_worse
    from supportcontracts.contracts.tiers.tier import ScopedTargets, SeverityTargets, Targets, Tier

__all__ = [
    "DEPTHS",
    "METRICS",
    "PAUSE_STATES",
    "PROMISES",
    "WORDS",
    "AnswerDepth",
    "ArrivalTarget",
    "Cell",
    "CellWord",
    "Channels",
    "ClockPolicy",
    "ClockStart",
    "ComparedTerm",
    "Languages",
    "Metric",
    "NamedManager",
    "NoPhoneMenu",
    "Outcome",
    "Pause",
    "PauseState",
    "Promise",
    "PromiseCheck",
    "PromiseReport",
    "ProofLine",
    "ScopedTargets",
    "SeverityGate",
    "SeverityTargets",
    "SkillLevel",
    "Targets",
    "TicketFacts",
    "Tier",
    "TierComparison",
    "TierProof",
    "UpdateRecurrence",
    "Verdict",
    "check_promises",
    "compare_tiers",
    "field_of",
    "never_worse",
]

# Where each name lives; the imports above, for the eyes of tools, say the same.
__getattr__ = lazy(
    __name__,
    {
        "cells": "METRICS WORDS ArrivalTarget Cell CellWord Metric field_of",
        "checking": "Outcome PromiseCheck PromiseReport TicketFacts check_promises",
        "comparing": "ComparedTerm TierComparison compare_tiers",
        "policies": "PAUSE_STATES ClockPolicy ClockStart Pause PauseState SeverityGate UpdateRecurrence",
        "promises": ("DEPTHS PROMISES AnswerDepth Channels Languages NamedManager NoPhoneMenu Promise SkillLevel"),
        "proving": "ProofLine TierProof Verdict never_worse",
        "tier": "ScopedTargets SeverityTargets Targets Tier",
        "wording": "",
    },
)


def __dir__() -> list[str]:
    return __all__
