"""An oracle for rating: a slow, plain rater that shares no code with the library's own.

It keeps a diary of everything that happens and everything that falls due, turns the pages in order, and recomputes
every balance and every running total from its notes instead of carrying them along. It reads the terms and events of
the library as data; its clocks, roundings, splits and tariffs are its own.

Covered time has an oracle of its own in `covered`, which looks at the clock on the wall every minute, and the clocks of
tickets have one in `clocked`, which lets time pass along that tape.
"""

from tests.oracle.compare import differences
from tests.oracle.notes import OLine, OracleRating
from tests.oracle.rater import oracle_rate

__all__ = ["OLine", "OracleRating", "differences", "oracle_rate"]
