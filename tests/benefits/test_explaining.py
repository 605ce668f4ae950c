"""A status prints itself for the customer, and explains itself to who doubts it."""

import pytest

from supportcontracts import Money, days, hours, months
from supportcontracts.benefits import benefit_status
from supportcontracts.contracts.benefits import Benefit, CarryOver, Exchange, ExpiresAfter
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event, Void
from tests.benefits.builders import (
    GRANT,
    YEAR,
    assigned,
    at,
    booked,
    cancelled,
    credits_,
    ended,
    extended,
    granted,
    kept,
    missed,
    status,
    training,
    used,
)
from tests.value_checks import assert_is_a_value

BENEFIT = training(
    contract="C-104", customer="birchwood", booking_lead=days(42), cancel_notice=days(21), people=1,
    place="our Leipzig facility",
)  # fmt: skip
EVENTS: list[Event] = [
    booked("R-1", "2025-03-01 10:00", "2025-06-12 09:00", key="june", who="ines.roth"),
    kept("X-1", "2025-06-12 09:00", "june"),
    booked("R-2", "2025-06-20 10:00", "2025-09-12 09:00", key="sep"),
    cancelled("X-2", "2025-09-02 10:00", "sep"),
    used("X-3", "2025-10-02 10:00", people=2),
    Void("V-1", at("2025-10-03 10:00"), target="X-9"),
]


def test_a_status_reads_as_a_page() -> None:
    """The customer reads what is left and what it is worth, where the units went, and what was refused and why."""
    assert str(status(BENEFIT, *EVENTS, as_of="2025-11-05")) == (
        "training · C-104 · birchwood · as of Wed 2025-11-05 00:00 Europe/Berlin\n"
        "0 training days left of 2 training days, worth 0.00 EUR\n"
        "grant                granted  redeemed  lost  left  expires on\n"
        "training/2025-01-01        2         1     1     0  2025-12-31\n"
        "2025-03-01  R-1  1 training day booked    for 2025-06-12, ines.roth\n"
        "2025-06-12  X-1  1 training day redeemed  ines.roth, booked as june\n"
        "2025-06-20  R-2  1 training day booked    for 2025-09-12\n"
        "2025-09-02  X-2  1 training day lost      booked as sep\n"
        "refused: X-3: Two people are too many: they are for one person. "
        "One training day is asked for, and no training days are left.\n"
        "corrections without a target: V-1"
    )


def test_a_status_leaves_out_what_is_not_there() -> None:
    """Without grants, uses, a worth or an end, nothing is said of them; holders are said where there are any."""
    assert str(status(training(worth=None), as_of="2024-01-01")) == (
        "training · as of Mon 2024-01-01 00:00 Europe/Berlin\n0 training days left of 0 training days"
    )
    found = status(
        credits_(exchanges=Exchange("conference", gets=Money("25 EUR"))),
        granted("G-1", "2025-01-01 10:00", 3),
        assigned("A-1", "2025-02-01 10:00", "ines.roth"),
        used("X-1", "2025-03-01 10:00", 2, exchange="conference"),
        as_of="2025-04-01",
    )
    assert str(found) == (
        "training · as of Tue 2025-04-01 00:00 Europe/Berlin\n"
        "1 credit left of 3 credits\n"
        "grant    granted  redeemed  moved  left  expires on  for\n"
        "G-1            3         2      1     0  never\n"
        "G-1 A-1        1         0      0     1  never       ines.roth\n"
        "2025-03-01  X-1  2 credits redeemed  for 50.00 EUR (conference)"
    )
    advice = Benefit("training", unit="advice", quantity=hours(4), term=YEAR)
    assert "training/2025-01-01   4h 00m  4h 00m  never" in str(status(advice, as_of="2025-04-01"))


def steps(*events: Event, of: str, benefit: Benefit = BENEFIT, as_of: str = "2027-01-01") -> list[tuple[str, ...]]:
    """List the steps of an explanation."""
    found = status(benefit, *events, as_of=as_of).explain(of)
    return [(step.rule, step.name, step.working, step.result, step.agreed_in) for step in found.steps]


@pytest.mark.rule("N3", "N6")
def test_a_booking_explains_its_lead_and_its_grant() -> None:
    """A booking shows how its last day was counted back, which grant gave the unit, and what that is worth."""
    assert steps(*EVENTS, of="R-1") == [
        ("N6", "booking lead", "takes place 2025-06-12 − 42 days = by 2025-05-01; done 2025-03-01", "in time",
         "training.booking_lead"),
        ("N3", "reserve", "training/2025-01-01 expires 2025-12-31; had 2 training days left", "1 training day", ""),
        ("N17", "worth", "1 training day", "900.00 EUR", "training.worth"),
    ]  # fmt: skip
    found = status(BENEFIT, *EVENTS).explain("R-1")
    assert found.title == "R-1 · Sat 2025-03-01 · training · C-104"
    assert str(found.amount) == "1 training day"
    assert [(part.payer, str(part.amount)) for part in found.parts] == [(GRANT, "1 training day")]


def test_what_becomes_of_a_booking_explains_itself() -> None:
    """Redeeming, cancelling late or with our leave, and missing a date say what they took, and from where."""
    assert steps(*EVENTS, of="X-1")[0] == (
        "N3", "redeem", "training/2025-01-01 expires 2025-12-31; had 1 training day booked", "1 training day", "",
    )  # fmt: skip
    assert [step[3] for step in steps(*EVENTS, of="X-2")] == ["late", "1 training day", "900.00 EUR"]
    waived = cancelled("X-2", "2025-09-02 10:00", "sep", waives="cancel-notice")
    assert steps(EVENTS[2], waived, of="X-2")[0][3] == "late, waived"
    assert steps(EVENTS[2], waived, of="X-2")[1][1] == "give back"
    no_lead = training(no_show="lost")
    gone = [EVENTS[2], missed("X-2", "2025-09-12 10:00", "sep")]
    assert [step[1] for step in steps(*gone, of="X-2", benefit=no_lead)] == ["lose", "worth"]
    dateless = booked("R-1", "2025-03-01 10:00")
    assert [step[1] for step in steps(dateless, of="R-1")] == ["reserve", "worth"]


def test_an_exchange_explains_its_value() -> None:
    """What units were exchanged for is a step of its own; what does not expire says so."""
    benefit = credits_(exchanges=Exchange("conference", gets=Money("25 EUR")))
    events = [granted("G-1", "2025-01-01 10:00", 3), used("X-1", "2025-03-01 10:00", 2, exchange="conference")]
    assert steps(*events, of="X-1", benefit=benefit) == [
        ("N3", "redeem", "G-1 does not expire; had 3 credits left", "2 credits", ""),
        ("N11", "exchange", "2 credits for conference", "50.00 EUR", "training.exchanges"),
    ]


def test_a_refusal_explains_every_reason() -> None:
    """Each reason is a step with its code, its rule, the words for the customer, and the term that decided."""
    found = status(BENEFIT, *EVENTS, as_of="2025-11-05").explain("X-3")
    assert [(step.rule, step.name, step.result, step.agreed_in) for step in found.steps] == [
        ("N7", "people", "refused", "training.people"),
        ("N2", "exceeds-left", "refused", ""),
    ]
    assert str(found.amount) == "0 training days"
    late = used("X-4", "2026-02-01 10:00")
    assert steps(late, of="X-4")[0][4] == "training.expires"
    assert steps(late, of="X-4", benefit=training(expires_on="2025-12-31"))[0][4] == "training.expires_on"


@pytest.mark.rule("N2")
def test_a_grant_explains_where_its_units_are() -> None:
    """Every movement of a grant is a step, with what was left after it, and last the day on which it ends."""
    assert [(step[0], step[1], step[3]) for step in steps(*EVENTS, of=GRANT)] == [
        ("N1", "granted", "2 training days"),
        ("N3", "booked", "1 training day"),
        ("N2", "no longer booked", "2 training days"),
        ("N3", "redeemed", "1 training day"),
        ("N3", "booked", "0 training days"),
        ("N2", "no longer booked", "1 training day"),
        ("N6", "lost", "0 training days"),
        ("N4", "expires", "2025-12-31"),
    ]
    assert steps(*EVENTS, of=GRANT)[1][2] == "2025-03-01, R-1: 1 training day"


def names_of(benefit: Benefit, *events: Event, of: str) -> list[tuple[str, str]]:
    """List rules and names of the steps of a grant."""
    return [(step[0], step[1]) for step in steps(*events, of=of, benefit=benefit)]


def test_every_kind_of_movement_has_its_words() -> None:
    """Assigned, carried over, lapsed, forfeited, returned, refunded: each step cites the rule that it comes from."""
    rolling = training(per="quarter", expires="period", carry_over=CarryOver(most=1))
    assert names_of(rolling, of=GRANT) == [
        ("N1", "granted"),
        ("N8", "carried over"),
        ("N4", "forfeited"),
        ("N4", "expires"),
    ]
    assert names_of(rolling, of=f"{GRANT} carried")[0] == ("N8", "carried over")
    person = assigned("A-1", "2025-02-01 10:00", "ines.roth")
    assert names_of(training(), person, of=GRANT)[1] == ("N10", "assigned")
    assert names_of(training(), person, of=f"{GRANT} A-1")[0] == ("N10", "assigned")
    booking = booked("R-1", "2025-11-01 10:00", "2025-12-12 09:00", 2)
    back = extended("E-1", "2026-02-01 10:00", "2026-06-30", forfeited="return")
    assert names_of(training(), booking, back, of=GRANT) == [
        ("N1", "granted"), ("N3", "booked"), ("N5", "not used in time"), ("N4", "forfeited"), ("N13", "returned"),
        ("N4", "forfeited"), ("N4", "expires"),
    ]  # fmt: skip
    over = ended("Z-1", "2025-11-02 00:00")
    lost = training(ended_early="forfeit")
    assert [name for name in names_of(lost, booking, over, of=GRANT) if name[0] == "N14"] == [("N14", "forfeited")] * 2
    assert names_of(training(ended_early="refund"), over, of=GRANT)[1] == ("N14", "refunded")
    assert names_of(training(expires="never"), of=GRANT) == [("N1", "granted")]
    assert steps(of=GRANT, benefit=training(grace=months(1)))[-1] == (
        "N4", "expires", "last day 2025-12-31, with 1 month of grace 2026-01-31", "2026-01-31", "training.expires",
    )  # fmt: skip
    assert steps(of=GRANT, benefit=training(expires=ExpiresAfter(days(30))))[-1][3] == "2025-01-30"


def test_what_is_not_there_cannot_be_explained() -> None:
    """An unknown name is an error that suggests a near one."""
    found = status(BENEFIT, *EVENTS)
    with pytest.raises(InvalidValue, match="Did you mean 'X-1'"):
        found.explain("X1")
    with pytest.raises(InvalidValue, match="have their names"):
        found.explain("nothing of the kind")


def test_a_status_is_a_value() -> None:
    """A status and its parts compare, hash, pickle and copy, and do not depend on the order of arrival."""
    found = status(BENEFIT, *EVENTS)
    assert found == status(BENEFIT, *reversed(EVENTS))
    assert hash(found) == hash(benefit_status(BENEFIT, EVENTS, as_of="2027-01-01"))
    for value in (
        found,
        found.grants[0],
        found.bookings[0],
        found.uses[0],
        found.refusals[0],
        found.refusals[0].unmet[0],
    ):
        assert_is_a_value(value)
