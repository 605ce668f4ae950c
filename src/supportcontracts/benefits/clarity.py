"""What a promise leaves open: the questions a customer will ask, and what follows while nobody has answered them.

To be asked before a benefit is sold. Whatever stays open binds nobody (N7), so each question says what that means.
"""

from collections.abc import Callable, Iterator
from typing import Any

from supportcontracts._fields import frozen
from supportcontracts.benefits.explaining import term_of
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.contracts.benefits.promises import require_benefit
from supportcontracts.contracts.benefits.schedule import expiry_of, grants_due, last_booking_day, last_usable_day
from supportcontracts.contracts.wording.words import capital, day_in_words, in_words
from supportcontracts.explain import Explanation, Step, table

__all__ = ["ClarityReport", "OpenQuestion", "clarity_report"]


def __dir__() -> list[str]:
    return __all__


@frozen
class OpenQuestion:
    """One thing that a promise does not say.

    Attributes:
        code: a stable word for it.
        question: as a customer would ask.
        meanwhile: what follows while it stays open.
        term: the field of the benefit that would answer it.
    """

    code: str
    question: str
    meanwhile: str
    term: str

    def __str__(self) -> str:
        return f"{self.question} {capital(self.meanwhile)}."


@frozen
class ClarityReport:
    """What a promise leaves open, and what in it deserves a second look.

    Attributes:
        benefit: the promise.
        questions: what it does not say.
        cautions: what it says and hardly means.

    Rules: N7.
    """

    benefit: Benefit
    questions: tuple[OpenQuestion, ...]
    cautions: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open and nothing deserves a second look."""
        return not self.questions and not self.cautions

    def explain(self) -> Explanation[int]:
        """Show each question with the term that would answer it."""
        steps = [
            Step("N7", question.code, question.question, question.meanwhile, term_of(self.benefit, question.term))
            for question in self.questions
        ]
        return Explanation(f"{self.benefit.id}: open questions", len(steps), steps)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every question as a plain dict of texts, ready for a data frame."""
        return [
            {
                "benefit": self.benefit.id,
                "code": question.code,
                "question": question.question,
                "meanwhile": question.meanwhile,
                "term": question.term,
            }
            for question in self.questions
        ]

    def __str__(self) -> str:
        count = len(self.questions)
        if self.is_clear:
            return f"{self.benefit.id}: nothing is left open"
        opened = f"{in_words(count)} question{'' if count == 1 else 's'} {'is' if count == 1 else 'are'} open"
        rows = [(question.question, question.meanwhile) for question in self.questions]
        lines = [f"{self.benefit.id}: {opened}", *([table(rows)] if rows else [])]
        return "\n".join([*lines, *(f"caution: {caution}" for caution in self.cautions)])


# Each question with the field that answers it, when it is asked, and what follows while it is open.
_QUESTIONS: tuple[tuple[str, str, str, str, Callable[[Benefit], bool]], ...] = (
    ("place", "place", "Where does it take place?", "anywhere will do", lambda b: not b.place),
    ("people", "people", "For how many people is it?", "any number may come", lambda b: b.people is None),
    ("transfer", "transfer", "May somebody else use it?", "anybody of the customer may", lambda b: b.transfer is None),
    ("space", "space", "Is there always room?", "the customer will take it for granted", lambda b: b.space is None),
    (
        "expiry", "expires", "Until when can it be used?", "it never ends, and nobody is reminded",
        lambda b: b.expires is None and b.expires_on is None,
    ),
    (
        "booking", "booking_lead", "How long before has it to be booked?", "on the same day will do",
        lambda b: b.booking_lead is None,
    ),
    ("booking-address", "book_at", "Where is it booked?", "reminders cannot say how", lambda b: not b.book_at),
    (
        "cancellation", "cancel_notice", "Until when can it be cancelled?", "until it begins, at no cost",
        lambda b: b.cancel_notice is None,
    ),
    ("no-show", "no_show", "What if nobody comes?", "the units return", lambda b: b.no_show is None),
    ("worth", "worth", "What is it worth?", "breakage and refunds have no value", lambda b: b.worth is None),
    (
        "early-end", "ended_early", "What if the contract ends early?", "it can be used all the same",
        lambda b: b.ended_early is None,
    ),
    (
        "earning", "earned", "What earns it, and how often?", "whoever records a grant decides",
        lambda b: b.per == "event" and b.earned is None,
    ),
    (
        "reminders", "remind_margins", "When is the customer reminded?", "nobody is reminded to book",
        lambda b: not b.remind_margins and (b.expires not in (None, "never") or b.expires_on is not None),
    ),
)  # fmt: skip


def clarity_report(benefit: Benefit) -> ClarityReport:
    """List what a promise leaves open, before it is sold: place, people, expiry, booking, transfer, and the rest.

    Raises:
        InvalidValue: for anything but a benefit.

    Rules: N7.

    Example:
        >>> vague = Benefit("training", unit="training day", quantity=2)
        >>> [question.code for question in clarity_report(vague).questions][:5]
        ['place', 'people', 'transfer', 'space', 'expiry']
    """
    require_benefit("clarity_report(benefit)", benefit)
    questions = tuple(
        OpenQuestion(code, question, meanwhile, term)
        for code, term, question, meanwhile, is_open in _QUESTIONS
        if is_open(benefit)
    )
    return ClarityReport(benefit, questions, tuple(_cautions(benefit)))


def _cautions(benefit: Benefit) -> Iterator[str]:
    """Find what is said and hardly meant: grants that cannot be used, and reminders before there is anything to use."""
    lives = [
        (due.starts_on, expires_on)
        for due in grants_due(benefit)
        if (expires_on := expiry_of(benefit, due.starts_on, due.period_last, due.term.last_day)) is not None
    ]
    for first, last in lives:
        book_by = last_booking_day(benefit, last_usable_day(benefit, last))
        if book_by < first:
            yield f"what is granted on {day_in_words(first)} had to be booked by {day_in_words(book_by)}"
            break
    for first, last in lives:
        book_by = last_booking_day(benefit, last)
        early = [margin for margin in benefit.remind_margins if margin.before(book_by) < first <= book_by]
        if early:
            day = day_in_words(book_by)
            yield f"the reminder {early[0]} before {day} is due as soon as units are granted, on {day_in_words(first)}"
            break
