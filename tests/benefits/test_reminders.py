"""Reminders: the day of each was counted back by hand, and its words are those of a letter."""

from datetime import date
from typing import Any

import pytest

from supportcontracts import Money, Price, Term, Void, WorkEntry, Zone, days, hours, months
from supportcontracts.benefits import Reminder, remind, reminders
from supportcontracts.contracts.benefits import Benefit, CarryOver, DiscountBenefit, ExpiresAfter
from supportcontracts.errors import ForeignEvent, InvalidValue
from supportcontracts.events import Event, Redeemed
from supportcontracts.quantity import percent
from tests.benefits.builders import (
    BERLIN,
    NEXT,
    YEAR,
    assigned,
    at,
    booked,
    cancelled,
    credits_,
    ended,
    extended,
    granted,
    training,
    used,
)
from tests.value_checks import assert_is_a_value

TRAINING = training(
    people=1, place="our Leipzig facility", booking_lead=days(42), remind_margins=days(14),
    book_at="training@halden.example",
)  # fmt: skip
USED = used("X-1", "2025-06-12 09:00")


def due(benefit: Benefit, *events: Event, since: str = "2024-01-01", until: str = "2028-01-01") -> list[Reminder]:
    """List the reminders of one benefit."""
    return list(remind([benefit], events, since=since, until=until))


def on(benefit: Benefit, *events: Event) -> list[tuple[str, str]]:
    """List the local days of the reminders of one benefit, each with its margin."""
    return [(str(benefit.zone.date_of(each.at)), str(each.margin)) for each in due(benefit, *events)]


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(reminders) == sorted(reminders.__all__)


# -- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N12")
def test_a_reminder_is_counted_back_from_the_last_day_of_booking() -> None:
    """31 December less 42 days is 19 November; less 14 days it is 5 November, at midnight in Berlin."""
    (reminder,) = due(TRAINING, USED)
    assert reminder.at == BERLIN.start_of("2025-11-05")
    assert (reminder.book_by, reminder.expires_on) == (date(2025, 11, 19), date(2025, 12, 31))
    assert (reminder.left.amount, reminder.granted.amount, reminder.to) == (1, 2, "customer")
    assert [(step.rule, step.working, step.result) for step in reminder.explain().steps] == [
        ("N4", "last day 2025-12-31", "2025-12-31"),
        ("N6", "2025-12-31 − 42 days booking lead", "2025-11-19"),
        ("N12", "2025-11-19 − 14 days margin", "2025-11-05"),
    ]
    assert reminder.explain().amount == date(2025, 11, 5)


@pytest.mark.rule("N12", "D2")
@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2025-11-05", "2025-11-06", 1),
        ("2025-11-04", "2025-11-05", 0),
        ("2025-11-06", "2025-11-07", 0),
        ("2025-11-05 00:00", "2025-11-05 00:00:01", 1),
        ("2025-11-05 00:00:01", "2025-11-06", 0),
        ("2025-11-05", "2025-11-05", 0),
    ],
)
def test_a_reminder_is_due_in_one_window_only(since: str, until: str, count: int) -> None:
    """It is due at the start of 5 November: in the window that holds that instant, and in no other."""
    assert len(due(TRAINING, since=since, until=until)) == count


@pytest.mark.rule("N12")
@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"remind_margins": [days(14), days(30)]}, [("2025-10-20", "30 days"), ("2025-11-05", "14 days")]),
        ({"remind_margins": months(1)}, [("2025-10-19", "1 month")]),
        ({"remind_margins": days(0)}, [("2025-11-19", "0 days")]),
        ({"remind_margins": days(400)}, [("2025-01-01", "400 days")]),  # as soon as there is something to book
        ({"remind_margins": [days(400), days(350), days(14)]}, [("2025-01-01", "350 days"), ("2025-11-05", "14 days")]),
        ({"by_expiry": "booked"}, [("2025-12-17", "14 days")]),
        ({"booking_lead": None}, [("2025-12-17", "14 days")]),
        ({"booking_lead": months(1)}, [("2025-11-16", "14 days")]),  # 31 December less a month is 30 November
        ({"grace": days(30)}, [("2025-11-05", "14 days")]),  # letters speak of the last day, not of the grace
        ({"expires": None}, []),
        ({"expires": "never"}, []),
        ({"remind_margins": ()}, []),
    ],
)
def test_the_terms_say_when_to_remind(terms: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Several margins give several reminders; margins that fall on one day give one, the shortest."""
    plain: dict[str, Any] = {"booking_lead": days(42), "remind_margins": days(14)}
    assert on(training(**plain | terms)) == expected


@pytest.mark.rule("N12")
def test_nothing_is_due_for_what_is_used_up_or_booked() -> None:
    """Both days used, both booked, or one of each: nobody is reminded."""
    june = booked("june", "2025-02-01 10:00", "2025-12-12 09:00")
    assert on(TRAINING, used("X-1", "2025-06-12 09:00", 2)) == []
    assert on(TRAINING, june, USED) == []
    assert on(TRAINING, june) == [("2025-11-05", "14 days")]


@pytest.mark.rule("N12")
@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2025-11-04 23:59:59", "2025-11-05"),
        ("2025-11-05 00:00", "2025-11-06"),  # not yet free at the start of that day
        ("2025-11-10 15:00", "2025-11-11"),
        ("2025-11-18 23:59:59", "2025-11-19"),  # the last day of booking, and a whole day to book
        ("2025-11-19 00:00", ""),  # too late to book anything
        ("2025-12-01 10:00", ""),
    ],
)
def test_what_comes_back_is_not_forgotten(when: str, expected: str) -> None:
    """Cancelled after the reminder would have been due, a unit is reminded of at the next midnight, if in time."""
    events = [booked("dec", "2025-02-01 10:00", "2025-12-20 09:00", 2), cancelled("X-2", when, "dec")]
    found = due(TRAINING, *events)
    assert [str(BERLIN.date_of(each.at)) for each in found] == ([expected] if expected else [])
    if expected > "2025-11-05":
        assert found[0].explain().steps[-1].working == "nothing was free from 2025-11-05 on"


@pytest.mark.rule("N12", "N13")
def test_an_extension_brings_a_reminder_of_its_own() -> None:
    """Extended to 31 March, the units are reminded of again, 42 and 14 days before that: under another key."""
    found = due(TRAINING, extended("E-1", "2025-11-20 10:00", "2026-03-31"))
    assert [(str(BERLIN.date_of(each.at)), str(each.expires_on)) for each in found] == [
        ("2025-11-05", "2025-12-31"), ("2026-02-03", "2026-03-31"),
    ]  # fmt: skip
    assert len({each.key for each in found}) == 2
    early = due(TRAINING, extended("E-1", "2025-11-01 10:00", "2026-03-31"))
    assert [str(BERLIN.date_of(each.at)) for each in early] == ["2026-02-03"]


@pytest.mark.rule("N12")
def test_each_period_has_its_reminders() -> None:
    """Units of each quarter, and what was carried over to the next, are reminded of before their own last day."""
    quarterly = training(per="quarter", expires="period", remind_margins=days(14), carry_over=CarryOver(most=1))
    found = due(quarterly, used("X-1", "2025-05-01 10:00", 3))
    assert [(str(BERLIN.date_of(each.at)), each.left.amount, each.granted.amount) for each in found] == [
        ("2025-03-17", 2, 2), ("2025-09-16", 2, 2), ("2025-12-17", 3, 3),
    ]  # fmt: skip


def test_grants_with_one_last_day_share_a_reminder() -> None:
    """Two credits that end on one day are one letter; those of another day, or of a person, are another."""
    benefit = credits_(remind_margins=days(14), holders=["ines.roth"], worth=Money("25 EUR"))
    found = due(
        benefit,
        granted("G-1", "2025-01-02 10:00", expires_on="2025-06-30"),
        granted("G-2", "2025-02-02 10:00", 2, expires_on="2025-06-30", worth=Money("30 EUR")),
        granted("G-3", "2025-02-02 10:00", expires_on="2025-09-30"),
        assigned("A-1", "2025-03-01 10:00", "ines.roth"),
        used("X-1", "2025-03-02 10:00"),
    )
    assert [
        (str(each.expires_on), each.holder, each.left.amount, each.granted.amount, str(each.value)) for each in found
    ] == [
        ("2025-06-30", None, 1, 2, "30.00 EUR"),
        ("2025-06-30", "ines.roth", 1, 1, "25.00 EUR"),
        ("2025-09-30", None, 1, 1, "25.00 EUR"),
    ]


def test_a_promise_that_ended_early_is_reminded_of_where_it_lives_on() -> None:
    """What is kept is reminded of, what was forfeited is not."""
    over = ended("Z-1", "2025-08-01 00:00")
    kept, gone = (training(remind_margins=days(14), ended_early=word) for word in ("keep", "forfeit"))
    assert (len(due(kept, over)), len(due(gone, over))) == (1, 0)


@pytest.mark.rule("N12", "D4")
def test_a_reminder_is_due_at_the_start_of_the_local_day() -> None:
    """In São Paulo the day of 4 November 2018 began at 01:00, and so does its reminder."""
    sao = Zone("America/Sao_Paulo")
    benefit = training(term=Term("2018-01-01", months=12, zone=sao), remind_margins=days(57))
    (reminder,) = remind([benefit], [], since="2018-01-01", until="2019-01-01")
    assert reminder.at == sao.start_of("2018-11-04") == Zone("UTC").at("2018-11-04 03:00")


# -- the account manager ----------------------------------------------------------------------------------------------


@pytest.mark.rule("N12")
def test_the_account_manager_hears_what_is_about_to_be_lost() -> None:
    """30 days and 7 days before the last usable day, grace included, whether or not it can still be booked."""
    benefit = training(
        booking_lead=days(21), forfeit_margins=[days(7), days(30)], customer="birchwood", contract="C-104",
    )  # fmt: skip
    first, second = due(benefit, USED)
    assert [str(BERLIN.date_of(each.at)) for each in (first, second)] == ["2025-12-01", "2025-12-24"]
    assert (first.kind, first.to) == ("forfeiture", "account-manager")
    assert str(first) == (
        "birchwood · C-104: one training day, worth 900.00 EUR, will be forfeited after 31 December 2025; "
        "it can be booked until 10 December 2025."
    )
    assert str(second) == (
        "birchwood · C-104: one training day, worth 900.00 EUR, will be forfeited after 31 December 2025; "
        "it had to be booked by 10 December 2025; only an extension can help."
    )
    assert [step.working for step in second.explain().steps] == ["last day 2025-12-31", "2025-12-31 − 7 days margin"]
    graced = training(forfeit_margins=days(7), grace=days(30), worth=None)
    (late,) = due(graced)
    assert BERLIN.date_of(late.at) == date(2026, 1, 23)
    assert str(late) == (
        "two training days will be forfeited after 30 January 2026; they had to be booked by 31 December 2025; "
        "only an extension can help."
    )


# -- many -------------------------------------------------------------------------------------------------------------


def test_many_customers_are_reminded_at_once() -> None:
    """Each event finds the promise of its contract or customer; what belongs to nobody here is passed over."""
    plain = training(remind_margins=days(14), term=())
    sold = [plain.under(customer=name, contract=f"C-{name}", term=(YEAR,)) for name in ("oak", "elm")]
    off = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up", term=YEAR)
    events: list[Event] = [
        WorkEntry("W-1", at("2025-03-01 10:00"), customer="elm", worked=hours(1)),
        Redeemed("X-1", at("2025-03-01 10:00"), customer="oak", benefit="training", quantity=2),
        Redeemed("X-2", at("2025-03-01 10:00"), contract="C-elm", benefit="training", quantity=1),
        Redeemed("X-3", at("2025-03-01 10:00"), customer="yew", benefit="training", quantity=2),
        Redeemed("X-4", at("2025-03-01 10:00"), customer="elm", benefit="passes", quantity=2),
    ]
    found = remind([*sold, off], events, since="2025-01-01", until="2026-01-01")
    assert [(each.benefit.customer, each.left.amount, each.key) for each in found] == [
        ("elm", 1, "C-elm/training/2025-12-31/book/14 days")
    ]
    voided = [*events, Void("V-1", at("2025-03-02 10:00"), target="X-1")]
    assert [each.benefit.customer for each in remind(sold, voided, since="2025-01-01", until="2026-01-01")] == [
        "elm",
        "oak",
    ]
    nobodys = Redeemed("X-5", at("2025-03-01 10:00"), benefit="training", quantity=1)
    with pytest.raises(ForeignEvent, match=r"X-5.*C-oak, C-elm"):
        remind(sold, [nobodys], since="2025-01-01", until="2026-01-01")
    with pytest.raises(InvalidValue, match="twice"):
        remind([plain, plain], [], since="2025-01-01", until="2026-01-01")
    with pytest.raises(InvalidValue, match="until"):
        remind(sold, [], since="2025-01-02", until="2025-01-01")


def test_what_was_not_known_then_is_left_out() -> None:
    """With `known_at`, reminders are those that were due by what was known."""
    late = used("X-1", "2025-06-12 09:00", 2, recorded_at=at("2025-12-01 10:00"))
    window = {"since": "2025-01-01", "until": "2026-01-01"}
    assert len(remind([TRAINING], [late], known_at=at("2025-11-30 10:00"), **window)) == 1
    assert not remind([TRAINING], [late], known_at=at("2025-12-01 10:00"), **window)


# -- words ------------------------------------------------------------------------------------------------------------

MUST = "It must take place by 31 December 2025; please book by 31 December 2025 at care@halden.example."
ADVICE = Benefit(
    "training", unit="advice", quantity=hours(8), worth=Price("180 EUR/h"), expires="term", term=YEAR,
    remind_margins=days(14), book_at="care@halden.example",
)  # fmt: skip


@pytest.mark.parametrize(
    ("benefit", "events", "text"),
    [
        (
            TRAINING,
            [USED],
            ("One of your two training days is left, worth 900.00 EUR: for one person, at our Leipzig facility. It must"
            " take place by 31 December 2025; please book by 19 November 2025 at training@halden.example."),
        ),
        (
            training(quantity=1, remind_margins=days(14), worth=None),
            [],
            "Your training day is unused. It must take place by 31 December 2025.",
        ),
        (
            training(quantity=3, remind_margins=days(14), worth=None),
            [],
            "All three of your training days are left. They must take place by 31 December 2025.",
        ),
        (
            training(quantity=14, remind_margins=days(14), worth=None),
            [USED],
            "13 of your 14 training days are left. They must take place by 31 December 2025.",
        ),
        (
            training(remind_margins=days(14), by_expiry="booked", place=["online", "onsite"]),
            [],
            ("Both of your training days are left, worth 1,800.00 EUR: online or on site. Please book by 31 December"
            " 2025."),
        ),
        (ADVICE, [], f"All of your 8h 00m of advice is left, worth 1,440.00 EUR. {MUST}"),
        (
            ADVICE,
            [used("X-1", "2025-06-12 09:00", hours(2))],
            f"6h 00m of your 8h 00m of advice is left, worth 1,080.00 EUR. {MUST}",
        ),
        (
            training(remind_margins=days(14), worth=None, expires=ExpiresAfter(days(180), of="assignment")),
            [],
            "Both of your training days are left. They must be assigned to a person by 31 December 2025.",
        ),
        (
            training(remind_margins=days(14), worth=None, quantity=1, people=12),
            [assigned("A-1", "2025-02-01 10:00", "ines.roth")],
            ("Your training day is unused: for up to twelve people, assigned to ines.roth. It must take place by"
            " 31 December 2025."),
        ),
    ],
)  # fmt: skip
def test_a_reminder_reads_as_a_letter(benefit: Benefit, events: list[Event], text: str) -> None:
    """It says what is left of how much, what it is worth, for whom and where, until when, and how to book."""
    assert [str(each) for each in due(benefit, *events)] == [text]


def test_a_reminder_is_a_row() -> None:
    """A reminder is a plain dict of texts and whole numbers, and a value."""
    (reminder,) = due(training(remind_margins=days(14), customer="elm", contract="C-7", tier="premium", term=(YEAR,)))
    assert reminder.to_row() == {
        "key": "C-7/training/2025-12-31/book/14 days", "at": "2025-12-16T23:00:00+00:00", "day": "2025-12-17",
        "to": "customer", "kind": "book", "benefit": "training", "contract": "C-7", "customer": "elm",
        "tier": "premium", "holder": None, "left": 2, "granted": 2, "unit": "training day", "value": "1,800.00 EUR",
        "book_by": "2025-12-31", "expires_on": "2025-12-31", "book_at": "",
        "text": "Both of your training days are left, worth 1,800.00 EUR. They must take place by 31 December 2025.",
    }  # fmt: skip
    (bare,) = due(training(remind_margins=days(14), worth=None, term=(NEXT,)))
    assert (bare.to_row()["value"], bare.key) == (None, "training/2026-12-31/book/14 days")
    assert_is_a_value(reminder)
