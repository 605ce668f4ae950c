"""What is wrong with a document, where, and in which order: places become paths, collected errors become problems.

A problem stands where its key stands: problems are listed in the order of the document, what is missing after what is
there. A path is written as explanations write it: `phases[1].term.starts_on`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import NoReturn, TypeAlias

from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from supportcontracts.errors import InvalidDocument, InvalidValue, Problem
from supportcontracts.interop.codec._kinds import expected, field_kinds
from supportcontracts.interop.codec._scalars import Fault, Json, Place, Raw

__all__ = ["JsonObject", "Located", "faults_of", "one_line", "parse_json", "report", "survey"]


def __dir__() -> list[str]:
    return __all__


Located: TypeAlias = tuple[Place, str]
"""The place of a problem, and what it is."""

_DEEPEST = 64
_LONGEST_NUMBER = 1000
_NAME = re.compile(r"[\w-]+")
_FIELD = re.compile(r"(?:.*[. ])?(\w+)(?:\[(\d+)\])?", re.DOTALL)
_PYTHON_TEXT = re.compile(r'(?<![(\w])(?:Money|Price)\(("[^"]*")\)')


# Reading JSON


class JsonObject(dict[str, Json]):
    """An object of a JSON text, with the keys that were written more than once."""

    __slots__ = ("twice",)

    def __init__(self, pairs: list[tuple[str, Json]]) -> None:
        super().__init__(pairs)
        self.twice: list[str] = []
        if len(self) < len(pairs):
            keys = [key for key, _ in pairs]
            self.twice = [key for key in self if keys.count(key) > 1]


def parse_json(text: object, schema: str) -> Json:
    """Parse a JSON text; numbers that Python would round or refuse are kept as they are written.

    Raises:
        InvalidValue: for anything but a text.
        InvalidDocument: for a text that is not JSON, with the line and column where it stops being JSON.
    """
    if not isinstance(text, str):
        raise InvalidValue("JSON", f"a value of type {type(text).__name__}", "a text was expected")
    try:
        return json.loads(text, object_pairs_hook=JsonObject, parse_int=_integer, parse_float=Raw, parse_constant=Raw)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        problem = Problem(f"line {error.lineno}, column {error.colno}", message)
    except RecursionError:
        problem = Problem("", _too_deep())
    raise InvalidDocument(schema, (problem,))


def _integer(text: str) -> int | Raw:
    return int(text) if len(text) <= _LONGEST_NUMBER else Raw(text)


def _too_deep() -> str:
    return f"nested more than {_DEEPEST} deep"


def survey(document: Json, schema: str) -> list[Located]:
    """Find the keys that one object has twice, anywhere in a document.

    Raises:
        InvalidDocument: for a document that is nested too deeply to be read.
    """
    found: list[Located] = []
    level: list[tuple[Place, Json]] = [((), document)]
    for _ in range(_DEEPEST):
        for place, node in level:
            if isinstance(node, JsonObject):
                found += [((*place, key), "given more than once; keep one") for key in node.twice]
        # By identity, so that an object which a program put in many places is looked at once.
        level = list({id(below[1]): below for place, node in level for below in _inside(place, node)}.values())
    if level:
        report([((), _too_deep())], document, schema)
    return found


def _inside(place: Place, node: Json) -> Iterator[tuple[Place, Json]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, (list, tuple)) else ()
    yield from (((*place, step), below) for step, below in items if isinstance(below, (dict, list, tuple)))


# From collected errors to problems


def report(found: Iterable[Located], document: Json, schema: str) -> NoReturn:
    """Raise one `InvalidDocument` with all problems, in the order of the document."""
    placed = sorted(((*_placed(document, place), message) for place, message in found), key=lambda each: each[0])
    name = document.get("id") if isinstance(document, dict) else None
    title = {"events": "list of events"}.get(schema, schema.replace("-", " "))
    shown = f'{title} "{name}"' if isinstance(name, str) else title
    raise InvalidDocument(shown, tuple(Problem(path, message) for _, path, message in placed))


def _steps(document: Json, place: Place) -> Iterator[tuple[str | int, int, Json]]:
    """Follow a place: each step, its position in what it steps into, and what it leads to."""
    node = document
    for step in place:
        if isinstance(node, (list, tuple)):
            position, node = int(step), node[int(step)]
        elif isinstance(step, int) and not (isinstance(node, dict) and step in node):
            continue  # one value stands where many may stand
        else:
            keys = list(node)
            position, node = keys.index(step) if step in node else len(keys), node.get(step)
        yield step, position, node


def _placed(document: Json, place: Place) -> tuple[tuple[int, ...], str]:
    """Return where a place stands in the document, for sorting, and its path."""
    steps = list(_steps(document, place))
    path = "".join(
        f"[{step}]"
        if isinstance(step, int)
        else f".{step}"
        if _NAME.fullmatch(str(step))
        else f"[{json.dumps(str(step))}]"
        for step, _, _ in steps
    )
    return tuple(position for _, position, _ in steps), path.removeprefix(".")


def faults_of(error: Exception, document: Json, place: Place = (), kind: type | None = None) -> Iterator[Located]:
    """Turn the errors that were collected while reading into places and messages.

    Anything but bad news about the document is raised again: it is a fault of the library.
    """
    match error:
        case BaseValidationError():
            guesses: dict[str, str] = {}
            found: list[Located] = []
            for each in error.exceptions:
                note = _note(each)
                if isinstance(each, ForbiddenExtraKeysError):
                    guesses = {key: _guess(key, error.cl, document, place) for key in each.extra_fields}
                elif isinstance(each, KeyError) and isinstance(note, str):
                    found.append(((*place, note), f"missing; {expected(field_kinds(error.cl)[note])}"))
                else:
                    below = place if note is None else (*place, note)
                    found += faults_of(each, document, below, error.cl if note is None else None)
            # A key that was meant is not missing as well.
            meant = {(*place, guess) for guess in guesses.values()}
            yield from (each for each in found if each[0] not in meant)
            for key, guess in guesses.items():
                yield (*place, key), f'unknown key; did you mean "{guess}"?' if guess else "unknown key"
        case Fault():
            yield place + error.place, error.message
        case InvalidValue():
            yield place + (_own_field(kind, error.what) if kind else ()), one_line(error)
        case _:
            raise error


def _note(error: Exception) -> str | int | None:
    """Return the field or position that the converter noted on an error."""
    notes: Iterable[AttributeValidationNote | IterableValidationNote] = getattr(error, "__notes__", ())
    return next((note.name if isinstance(note, AttributeValidationNote) else note.index for note in notes), None)


def _guess(key: str, kind: type, document: Json, place: Place) -> str:
    """Guess which field an unknown key was meant as, of those that are not there."""
    here = [document, *(node for _, _, node in _steps(document, place))][-1]
    unused = [name for name in field_kinds(kind) if name not in here]
    return _nearest(str(key), tuple(unused))


@lru_cache(maxsize=256)
def _nearest(word: str, words: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(word, words, n=1)), "")


def _own_field(kind: type, what: str) -> Place:
    """Find the field that a constructor complains about, as in "Charge.rates[2]" and "WorkEntry 'W-1' severity"."""
    found = _FIELD.fullmatch(what)
    if found is None or found[1] not in field_kinds(kind):
        return ()
    return (found[1], int(found[2])) if found[2] else (found[1],)


def one_line(error: InvalidValue) -> str:
    r"""Give the message of an error in one line, with texts where it shows how to write values in Python.

    Example:
        >>> one_line(InvalidValue("Money", "'1200'", "a currency was expected", 'Write Money("99.90 EUR").'))
        'Money got \'1200\'; a currency was expected. Write "99.90 EUR".'
    """
    joined = " ".join(line.strip() for line in str(error).splitlines())
    return _PYTHON_TEXT.sub(r"\1", joined)
