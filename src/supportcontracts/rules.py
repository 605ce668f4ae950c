"""The numbered rules: what every amount can be traced to.

Each rule has an id, one sentence, where it comes from and since when it holds. Explanations cite the ids, and every id
has a test that quotes it. D rules are decisions on which amounts hang; M rules are stages of metering; B rules are
about sources, banks and lots; T rules about tariffs; S, F and I rules about settling, fees and incidents; K rules are
about covered time; A rules about agreed levels of service; C rules about the clocks of tickets; N rules about
benefits; L rules are laws that hold for every contract and every set of events.
"""

from supportcontracts._fields import frozen

__all__ = ["RULES", "Rule"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Rule:
    """One rule: its id, its sentence, the document it comes from, and the release since which it holds.

    Example:
        >>> RULES["D4"].sentence.startswith("One second")
        True
    """

    id: str
    sentence: str
    source: str
    since: str = "0.1.0"


_DECISION = "docs/design.md, decisions"
_PIPELINE = "docs/design.md, metering"
_SOURCES = "docs/design.md, sources"
_TARIFFS = "docs/design.md, tariffs"
_TIERS = "docs/design.md, tiers"
_CREDITS = "docs/design.md, credits"
_CLOCKS = "docs/design.md, clocks"
_BENEFITS = "docs/design.md, benefits"
_LAWS = "docs/design.md, laws"
_COVERAGE = "docs/design.md, coverage"

_RULES = (
    ("D1", "Everything that changes an amount is a dated term or an event; while the base of a fee is not reported, its period cannot be closed.", _DECISION),
    ("D2", "Every end is exclusive: at an instant, what ends belongs to the period that ends there, what begins to the one that starts.", _DECISION),
    ("D3", "At one instant endings come before beginnings, and both before use.", _DECISION),
    ("D4", "One second is the resolution of time: fractions of an instant are dropped, fractions of a quantity are refused.", _DECISION),
    ("D5", "A work entry happens at its start, an incident at the event that consumes it.", _DECISION),
    ("D6", "Repeats count once; corrections act on the set of events before it is ordered, and the latest recorded wins.", _DECISION),
    ("D7", "What the terms refuse in context is a refused line or movement with a code, not an error.", _DECISION),
    ("D8", "A use has worked, billable and counted quantities; sources are drawn in counted units, and the others are allocated over the parts.", _DECISION),
    ("D9", "Metering depends on the entry, never on the source that pays; another rate or metering is another group.", _DECISION),
    ("D10", "Whatever is not linear is a function of the cumulative quantity in its window, 0 at 0; a use gets the increase it causes.", _DECISION),
    ("D11", "The increment applies to the larger of quantity and minimum; an excess of at most the grace is dropped.", _DECISION),
    ("D12", "Free time is taken from the start of the work; of two multipliers the larger applies unless the terms say their product.", _DECISION),
    ("D13", "A multiplier acts on the quantity or on the price; behind one on the quantity a charge states which quantity it charges.", _DECISION),
    ("D14", "A use belongs to the first meter of its unit whose scope admits it; a plan by incident includes the labour; charge items are money.", _DECISION),
    ("D15", "A missing attribute matches only what is unrestricted; the most specific rate wins, and the line names it.", _DECISION),
    ("D16", "Lots are drawn by a named order that ends in the id; by default priority, expiry, granted before bought, first usable.", _DECISION),
    ("D17", "A bank pays from its purchase, or from its payment where that is required; only a start that is stated earlier reaches back.", _DECISION),
    ("D18", "Use that finds nothing is charged, held, handed over or refused; an overdraft is a deficit that is repaid first and charged at the end.", _DECISION),
    ("D19", "What rolls over is a new lot that names its origin: by default the unused own grant, drawn first, for one period, once.", _DECISION),
    ("D20", "Held use is a zero line in its own period; a release pays for it, oldest first, in the period of the release; at the end it is refused.", _DECISION),
    ("D21", "A give-back acts at its own instant: units return to their lot, money is a credit line, earlier lines stay.", _DECISION),
    ("D22", "A warn level fires when what remains falls from above it to it or below, days left also when a bank comes with fewer, once for its key; a top-up proposes the lowest passed rule only.", _DECISION),
    ("D23", "A line is priced from the quantity it shows and settled once with the contract's rounding; a total is the sum of its lines.", _DECISION),
    ("D24", "Parts of a whole sum to it: spare units go to the largest remainders, ties to the smallest key; refunds are cumulative.", _DECISION),
    ("D25", "Tariff bands are (previous, up_to]; a band's flat part is not due before the band is reached.", _DECISION),
    ("D26", "Volume price, discount, maximum and minimum are one line each at the end of their window, in this order.", _DECISION),
    ("D28", "A purchase is a charge line at its stated price when it happened; draws are lines of zero.", _DECISION),
    ("D29", "Fees, and unless they stand in full the maximum and minimum of a billing period, are prorated by local days over the real cycle, and settled once; allotments are not prorated.", _DECISION),
    ("D30", "A statement takes the lines of one payer in one period, once rating has reached its end; opening balances repeat the closing ones as printed, and what was recorded since is a column of its own.", _DECISION),
    ("D31", "An adjustment compares a fresh rating with what was closed, key by key and settled with settled, in money, payment and units; late use belongs to its own period, unless the terms refuse what is recorded so late.", _DECISION),
    ("D33", "A service credit is fixed when granted, on the settled fee of its window; a ticket counts once for each metric, where it was decided.", _DECISION),
    ("M1", "Work is measured as it was recorded, in whole seconds.", _PIPELINE),
    ("M2", "Entries of one group are added up before free time, minimum and increment apply.", _PIPELINE),
    ("M3", "Free time costs nothing: only the excess counts, or everything once it is passed, as the terms say.", _PIPELINE),
    ("M4", "A group with any time beyond its free time is raised to the minimum, before grace and increment apply.", _PIPELINE),
    ("M5", "An excess over the last full step of at most the grace is dropped.", _PIPELINE),
    ("M6", "Billable time is rounded up to full increments.", _PIPELINE),
    ("M7", "Work is cut where the calendar of a multiplier opens or closes; each part lies in its window, by a stated reading.", _PIPELINE),
    ("M8", "A multiplier scales the quantity, rounded half up once, or the price, exactly.", _PIPELINE),
    ("M9", "The price comes from the entry if the terms allow it, else from work type and role, work type, role, or the tariff.", _PIPELINE),
    ("B1", "An allotment pays from the grant of its period; unlimited cover pays everything, and a review level never changes an amount.", _SOURCES),
    ("B2", "Banks pay in their named order, each until it is used up, ended or out of scope.", _SOURCES),
    ("B3", "A source may go below zero to its limit; what it owes is repaid first from what comes next.", _SOURCES),
    ("B4", "A sub-limit bounds what a source pays for a narrower scope or window; of two limits the tighter binds, once.", _SOURCES),
    ("B5", "Unused units roll over by share, cap, lifetime and base, rounded down to whole units.", _SOURCES),
    ("B6", "A bank can be used up to and including its last local day, and what is left then is forfeited.", _SOURCES),
    ("B7", "A top-up is a notice with a ready purchase, without effect until that is recorded.", _SOURCES),
    ("B8", "A purchase from a price list takes the largest size that it reaches, its unit price and its life, and starts by the cut-off time.", _SOURCES),
    ("B9", "A reservation lowers what is available until it is committed, released or lapses, and never an amount.", _SOURCES),
    ("B10", "A fallback hands what is left to another contract, which meters and pays it by its own terms.", _SOURCES),
    ("T1", "A flat tariff is the price times the quantity.", _TARIFFS),
    ("T2", "A graduated tariff prices each band's share of the cumulative quantity by that band's price.", _TARIFFS),
    ("T3", "A package tariff charges each package of the cumulative quantity, or part thereof.", _TARIFFS),
    ("T4", "A volume tariff prices the whole quantity of its window by the band that it reaches.", _TARIFFS),
    ("T5", "Units that are free first are taken from the start of each window.", _TARIFFS),
    ("T6", "Beyond a limit use goes to the next source.", _TARIFFS),
    ("T7", "A discount is a share of the settled lines of its window.", _TARIFFS),
    ("T8", "Beyond a maximum the use of a window is free.", _TARIFFS),
    ("T9", "A minimum is due for its window, used or not.", _TARIFFS),
    ("S1", "An exact amount is settled to the minor unit once, with the contract's rounding.", _TARIFFS),
    ("F1", "A fee falls due in advance in equal instalments that sum to it exactly.", "docs/design.md, fees"),
    ("F2", "A part year of a fee is prorated by local days.", "docs/design.md, fees"),
    ("F3", "A part of a cycle is a share of it by a named day count; the shares of its parts add up to 1.", "docs/design.md, fees"),
    ("R1", "Paid within the grace a late renewal is in time; after it back fees, a fee and the new term are due, as the policy says.", "docs/design.md, lives"),
    ("R2", "Back fees accrue by a named price, share and day count, from the end of cover to the start of the new term.", "docs/design.md, lives"),
    ("R3", "Coming back costs the fee whose age the lapse has reached last, and that one alone.", "docs/design.md, lives"),
    ("R4", "Later than its latest age, or without all like products where it asks for them, a policy does not reinstate.", "docs/design.md, lives"),
    ("R5", "A contract goes on as its mode says: if accepted, or unless declined in time; before the decision date both are open.", "docs/design.md, lives"),
    ("R6", "Prices rise by a fixed share, or by an index measured since the last rise, plus a spread.", "docs/design.md, lives"),
    ("R7", "A rise is at least its floor and at most its cap; what a cap cuts is lost or carried forward, as agreed.", "docs/design.md, lives"),
    ("R8", "Terms that are fixed, limits of spending, and a first term that is exempt are not revised.", "docs/design.md, lives"),
    ("R9", "Lines end together by price, each for its own days, or by time, the days left weighted by the fees and rounded as stated.", "docs/design.md, lives"),
    ("I1", "What counts as an incident is a table from ticket events to units; one incident is counted once.", "docs/design.md, incidents"),
    ("I2", "A cancelled, merged or duplicate ticket, a defect or a feature request gives its unit back, as the table says.", "docs/design.md, incidents"),
    ("K1", "A window covers the wall times of its zone that exist, twice if they repeat; by option its edges resolve as in RFC 5545.", _COVERAGE),
    ("K2", "A night window belongs to the day it starts on, and 24:00 is the end of a day.", _COVERAGE),
    ("K3", "A holiday closes its date from 00:00 to 24:00 in the calendar's own zone; by option the shifts that start on it.", _COVERAGE),
    ("K4", "An override states the hours of its date, adds some or closes some, whatever weekday or holiday it is.", _COVERAGE),
    ("K5", "A target used up exactly at a closing is due at that closing; by option at the next opening.", _COVERAGE),
    ("K6", "A zero target is due at its start, inside cover or not.", _COVERAGE),
    ("K7", "Elapsed time is the covered time between two instants, below zero if they are reversed.", _COVERAGE),
    ("K8", "A target of n days is due on the n-th date after its start's on which cover begins: at its closing, or by option at the same time.", _COVERAGE),
    ("K9", "A calendar that never opens is an error, and no search goes beyond the years 1900 to 2199.", _COVERAGE),
    ("K10", "Holidays state the years they cover; a question beyond them is refused, or reported.", _COVERAGE),
    ("K11", "Calendars are united, intersected and subtracted on instants, whatever their zones.", _COVERAGE),
    ("A1", "A tier promises each severity and metric a target, best effort, no target, service once escalated, or nothing; an exception that says a cell holds first.", _TIERS),
    ("A2", "A target that differs by arrival is chosen at the instant at which the clock starts.", _TIERS),
    ("A3", "A tier serves the severities in its table; a gate serves one as a milder one while the customer cannot be reached.", _TIERS),
    ("A4", "A state of a ticket pauses the metrics that the terms name, and no other.", _TIERS),
    ("A5", "A promise that is no duration is kept or broken only by a fact that is stated.", _TIERS),
    ("A6", "A changed tier is never worse in a cell only if no ticket, whatever happens to it, is due later; what is not proved is not claimed.", _TIERS),
    ("A7", "Credit bands are [at least, below); a table with holes or overlaps is refused when it is built, and all of them are named.", _CREDITS),
    ("A8", "A credit in steps counts full steps, or those begun, or exactly, as the terms state.", _CREDITS),
    ("A9", "Caps on credits are nested, and narrow ones hold before wide ones.", _CREDITS),
    ("A10", "A minimum credit is exceeded or reached, as the terms state.", _CREDITS),
    ("C1", "The clocks of a ticket are a fold over its events, driven by one transition table; the order of arrival is irrelevant.", _CLOCKS),
    ("C2", "Each metric has its own clock, response and resolution always, the others where a tier promises them; the table says what starts, meets and ends it.", _CLOCKS),
    ("C3", "A clock counts the covered time while it runs; a pause takes nothing but covered time, and outside cover it changes nothing.", _CLOCKS),
    ("C4", "A clock that runs shows when it is due, one that is paused how much is left, and a promise without a target neither.", _CLOCKS),
    ("C5", "A target is missed once its due instant has passed, not at it; a breach stays, unless the terms compute it anew when a target changes.", _CLOCKS),
    ("C6", "After a change of target, as the terms say, the time used stays used, or a new clock starts, or the first target stays; an equal target is no change.", _CLOCKS),
    ("C7", "When a ticket is reopened, as the terms say, clocks go on without the time between, or start anew, or stay met.", _CLOCKS),
    ("C8", "The next response counts from the oldest message that is unanswered, after the first answer.", _CLOCKS),
    ("C9", "Updates count from the first answer; the next one from the update before it, or if that is later from when it was due, or there is none.", _CLOCKS),
    ("C10", "An event that contradicts the state of its ticket has no effect and is named, or is an error if the terms say so.", _CLOCKS),
    ("C11", "At one instant what starts comes first, then what goes on, what stops, what reopens and what pauses; a pause of no length changes nothing.", _CLOCKS),
    ("C12", "The segments of a clock follow each other without a gap from its start to its end, and what they count adds up to the time used.", _CLOCKS),
    ("C13", "A target in days gives the covered time up to its due instant; a pause moves it by the covered time that was lost.", _CLOCKS),
    ("C14", "Where terms promise nothing to a ticket without a severity, the first severity it is given counts from its start.", _CLOCKS),
    ("C15", "A status includes what happened at its instant; looked at later, what is past stays as it was.", _CLOCKS),
    ("C16", "A level is reached at the first instant at which a clock, while it runs, has come to it, and is sent once for that clock, however time is cut.", _CLOCKS),
    ("C17", "Outside its hours a level is held until they open, and dropped if the clock was met or ended by then.", _CLOCKS),
    ("N1", "Units of a benefit are granted in full at the first instant of each of their periods, or by an event.", _BENEFITS),
    ("N2", "Of every grant: granted = left + reserved + redeemed + lost + forfeited + refunded + moved, at every instant, none below zero.", _BENEFITS),
    ("N3", "Several grants are drawn soonest expiry first, then granted before bought, then first usable, then by id.", _BENEFITS),
    ("N4", "Units can be used up to and including their last local day and its grace; what is left then is forfeited, at that instant.", _BENEFITS),
    ("N5", "What has to take place before its units expire ends by their last day; where booking is enough, what is booked outlives them.", _BENEFITS),
    ("N6", "A booking keeps its lead, and a cancellation its notice, by local days; what is late is refused, or lost as the terms say.", _BENEFITS),
    ("N7", "What a promise does not say binds nobody, and what is not known of a use is not held against it.", _BENEFITS),
    ("N8", "Units left at the end of a period are carried over once, by share and cap, if the stated condition was met in it.", _BENEFITS),
    ("N9", "What earns units earns at most so many in each period.", _BENEFITS),
    ("N10", "Units assigned to a person are a grant of that person, and may begin to expire then.", _BENEFITS),
    ("N11", "Units are exchanged in whole exchanges only, so that their value is exact.", _BENEFITS),
    ("N12", "A reminder is due at the first start of a local day, from its day on and up to the last that is of use, at which units are free; once for its key.", _BENEFITS),
    ("N13", "An extension moves the last day of units to a later one, and takes none of them.", _BENEFITS),
    ("N14", "A promise that ends early grants no more; what is left is forfeited, kept or refunded at its worth, as the terms say.", _BENEFITS),
    ("N15", "A promise that could never be used, because nothing can be booked in time, is refused when it is built.", _BENEFITS),
    ("N16", "A discount is a share of the price, settled once, while its terms are in force.", _BENEFITS),
    ("N17", "Breakage is what the units forfeited and lost are worth, exactly.", _BENEFITS),
    ("C18", "A ticket counts once for each metric, where its target was first missed or last met; the share in time is exact.", _CLOCKS),
    ("C19", "A missed level is sized by its schedule, for the users and the time that count, and settled once.", _CLOCKS),
    ("C20", "Credits are combined, then capped from the narrow to the wide; claim, standing and least credit decide whether they are due.", _CLOCKS),
    ("C21", "Waiting costs the customer the wage and the lost output of the time for which a ticket did not wait for them.", _CLOCKS),
    ("L1", "Every counted unit has exactly one disposition, and the parts of a use sum to the use.", _LAWS),
    ("L2", "What came into a lot equals what went out of it and what is left, at every instant.", _LAWS),
    ("L3", "The order in which events arrive is irrelevant, and repeats are harmless.", _LAWS),
    ("L4", "Rating in one go equals rating in any chunks through saved states.", _LAWS),
    ("L5", "Steps sum to the line, and lines to the total.", _LAWS),
    ("L6", "Closed statements and adjustments are a rating of all the events, line by line, whatever was closed or arrived when.", _LAWS),
    ("L7", "More use never lowers the exact total, for the contracts that promise it.", _LAWS),
    ("L8", "Instalments sum to the fee.", _LAWS),
    ("L10", "No balance is negative, and no deficit exceeds its limit.", _LAWS),
)  # fmt: skip

RULES: dict[str, Rule] = {id_: Rule(id_, sentence, source) for id_, sentence, source in _RULES}
"""Every rule by its id."""
