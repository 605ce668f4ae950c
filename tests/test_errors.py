"""Errors are data: they compare, pickle, and say what was got, what was expected and what to write."""

import copy
import pickle
import types

import attrs
import pytest

from supportcontracts import errors as module
from supportcontracts.errors import (
    AmbiguousTime,
    CurrencyMismatch,
    DuplicateEvent,
    FloatRefused,
    ForeignEvent,
    InvalidDocument,
    InvalidValue,
    MissingExtra,
    NaiveTime,
    NoSuchTime,
    PeriodClosed,
    PeriodOpen,
    Problem,
    Problems,
    StaleState,
    SupportContractsError,
    TermsChanged,
    UnitMismatch,
    UnknownCurrency,
    UnknownLine,
)
from tests.value_checks import assert_all_differ

KINDS = (
    InvalidValue, FloatRefused, NaiveTime, NoSuchTime, AmbiguousTime, UnknownCurrency, UnitMismatch, CurrencyMismatch,
    DuplicateEvent, ForeignEvent, StaleState, PeriodClosed, PeriodOpen, TermsChanged, UnknownLine,
)  # fmt: skip
TWO = InvalidDocument("contract.json", (Problem("plan.fee", "1200.50 has no currency"), Problem("", "no id")))


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("kind", KINDS)
def test_an_impossible_value_is_a_value_error_of_this_library(kind: type[InvalidValue]) -> None:
    """Every refusal of a value can be caught as InvalidValue, as ValueError, or with everything of this library."""
    error = kind("Money", "the float 99.9", "text was expected", 'Write Money("99.90 EUR").')
    assert isinstance(error, InvalidValue)
    assert isinstance(error, ValueError)
    assert isinstance(error, SupportContractsError)
    assert (error.what, error.got, error.expected) == ("Money", "the float 99.9", "text was expected")
    assert error.hint == 'Write Money("99.90 EUR").'


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hint", ["", "Write it down."])
def test_a_refusal_is_data(kind: type[InvalidValue], hint: str) -> None:
    """A refusal is equal to its copies and unequal to others, hashes, pickles, and its fields do not change."""
    error = kind("n", "1", "2 was expected", hint)
    pickled = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    for same in (*pickled, copy.copy(error), copy.deepcopy(error)):
        assert type(same) is kind
        assert same == error
        assert hash(same) == hash(error)
        assert str(same) == str(error)
    assert error != kind("n", "2", "2 was expected", hint)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        error.got = "2"  # type: ignore[misc]  # what is shown is that it is refused


def test_the_kind_of_a_refusal_counts() -> None:
    """Two refusals of different kinds are never equal, whatever they say."""
    assert_all_differ([kind("n", "1", "2 was expected", "Write 2.") for kind in KINDS])


def raise_in_turn() -> None:
    """Raise one refusal because of another, which carries a note."""
    first = UnitMismatch("Meter", "hours", "incidents were expected")
    first.add_note("while reading plan 3")
    raise InvalidValue("plan", "3", "a plan was expected") from first


def test_a_refusal_can_travel_with_a_traceback() -> None:
    """A frozen exception can be raised, chained and given notes, which Python writes into it."""
    with pytest.raises(InvalidValue) as caught:
        raise_in_turn()
    assert isinstance(caught.value.__cause__, UnitMismatch)
    assert caught.value.__cause__.__notes__ == ["while reading plan 3"]
    assert caught.value.__traceback__ is not None


def test_a_message_has_got_expected_and_hint() -> None:
    """The message is one line, and what to write stands on the next."""
    assert str(InvalidValue("n", "1", "2 was expected")) == "n got 1; 2 was expected."
    assert str(InvalidValue("n", "1", "2 was expected", "Write 2.")) == "n got 1; 2 was expected.\n    Write 2."


def test_times_that_never_or_twice_were_say_so() -> None:
    """A local time without an instant, or with two, is told as the story of its clocks."""
    never = NoSuchTime("Europe/Berlin", '"2025-03-30 02:30"', "the clocks went from 02:00 to 03:00", "Write 03:30.")
    assert str(never) == (
        '"2025-03-30 02:30" never happened in Europe/Berlin: the clocks went from 02:00 to 03:00.\n    Write 03:30.'
    )
    twice = AmbiguousTime("Europe/Berlin", '"2025-10-26 02:30"', "the clocks went back", "Write its offset.")
    assert (
        str(twice) == '"2025-10-26 02:30" happened twice in Europe/Berlin: the clocks went back.\n    Write its offset.'
    )


def test_a_missing_extra_is_an_import_error() -> None:
    """What is not installed can be caught as ImportError and as an error of this library."""
    error = MissingExtra("install supportcontracts[cli]")
    assert isinstance(error, ImportError)
    assert isinstance(error, SupportContractsError)
    assert not isinstance(error, InvalidValue)


# -- documents --------------------------------------------------------------------------------------------------------


def test_a_document_tells_all_its_problems_aligned() -> None:
    """Every problem has a line of its own, its path first; the count agrees in number."""
    assert str(TWO) == (
        "contract.json has 2 problems; nothing was loaded.\n"
        "    plan.fee   1200.50 has no currency\n"
        "               no id"
    )
    assert str(InvalidDocument("d", (Problem("id", "missing"),))) == (
        "d has 1 problem; nothing was loaded.\n    id   missing"
    )
    assert str(InvalidDocument("d", ())) == "d has 0 problems; nothing was loaded."


def test_a_document_error_is_data() -> None:
    """It can be caught as ValueError, compares, hashes and pickles with all its problems."""
    assert isinstance(TWO, ValueError)
    assert isinstance(TWO, SupportContractsError)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        same = pickle.loads(pickle.dumps(TWO, protocol))
        assert same == TWO
        assert hash(same) == hash(TWO)
    assert copy.deepcopy(TWO) == TWO
    assert_all_differ([TWO, InvalidDocument("other", TWO.problems), InvalidDocument("contract.json", ())])


def test_a_problem_says_where_it_is() -> None:
    """A problem without a path is one of the whole document."""
    assert str(Problem("banks[2].expires_on", "no such day")) == "banks[2].expires_on: no such day"
    assert str(Problem("", "no such day")) == "document: no such day"
    assert pickle.loads(pickle.dumps(Problem("a", "b"))) == Problem("a", "b")
    with pytest.raises(TypeError, match="Problem is closed to subclassing"):
        types.new_class("Sub", (Problem,))


def refuse_a_float() -> None:
    """Fail as a value in a document would."""
    raise FloatRefused("Money", "the float 1.5", "text was expected", "Write it as text.")


def test_problems_are_collected_in_the_order_found() -> None:
    """Faults of a document add up, whether noted, handed over or raised inside a block; the rest of a block is lost."""
    found = Problems("contract.json")
    found.raise_if_any()
    found.add("id", "missing")
    found.extend([Problem("term", "missing")])
    with found.at("plan.fee"):
        refuse_a_float()
    with found.at("rounding"):
        pass
    with pytest.raises(InvalidDocument) as caught:
        found.raise_if_any()
    assert caught.value == InvalidDocument(
        "contract.json",
        (
            Problem("id", "missing"),
            Problem("term", "missing"),
            Problem("plan.fee", "Money got the float 1.5; text was expected. Write it as text."),
        ),
    )


def test_only_refusals_are_problems_of_a_document() -> None:
    """An error of another kind inside a block is a fault of the program, and passes."""
    found = Problems("contract.json")

    def read() -> None:
        with found.at("plan"):
            raise KeyError("plan")

    with pytest.raises(KeyError):
        read()
    assert found.found == []
