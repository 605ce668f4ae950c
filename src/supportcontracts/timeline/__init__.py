"""Time: instants, zones, calendar dates, terms and billing periods; the only gate to pendulum.

Three kinds of time are three kinds of values. An *instant* is a point in UTC (`instant`, `epoch`). A *date* is a day
on a calendar (`parse_date`, `add_months`). A *zone* turns one into the other (`Zone.at`, `Zone.start_of`,
`Zone.date_of`). Stretches of them are a `Span` of instants, a `Term` of days, and the `Period`s of a term.

Ends are exclusive (rule D2), one second is the smallest unit (rule D4), and days are shared exactly (rule D29).
"""

from supportcontracts.timeline.dates import (
    CalendarAmount,
    Days,
    Months,
    NoSuchDate,
    actual_days,
    add_months,
    as_date,
    days,
    months,
    parse_date,
    proration,
)
from supportcontracts.timeline.daycounts import DayCount, check_day_count, passed_share, share_of
from supportcontracts.timeline.instants import Instant, epoch, from_epoch, instant
from supportcontracts.timeline.spans import Period, PeriodLength, Span, Term, periods
from supportcontracts.timeline.zone import Zone, as_zone, midnights, offsets

__all__ = [
    "CalendarAmount",
    "DayCount",
    "Days",
    "Instant",
    "Months",
    "NoSuchDate",
    "Period",
    "PeriodLength",
    "Span",
    "Term",
    "Zone",
    "actual_days",
    "add_months",
    "as_date",
    "as_zone",
    "check_day_count",
    "days",
    "epoch",
    "from_epoch",
    "instant",
    "midnights",
    "months",
    "offsets",
    "parse_date",
    "passed_share",
    "periods",
    "proration",
    "share_of",
]


def __dir__() -> list[str]:
    return __all__
