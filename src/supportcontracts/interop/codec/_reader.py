"""From documents to values: every problem of a document is found in one go, each with its path.

The converter collects the errors of all fields of an object before it gives up on the object. Constructors then check
what no single field can show, so they speak only where all fields could be read.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, get_args

from cattrs import Converter
from cattrs.errors import BaseValidationError, ClassValidationError, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from supportcontracts.errors import InvalidValue
from supportcontracts.interop.codec._kinds import (
    EDITION,
    SPELLINGS,
    EventList,
    Kind,
    Root,
    TermDocument,
    arms_of,
    expected,
    field_kinds,
    is_literal,
    is_object,
    is_tuple,
    is_union,
    item_of,
    listed,
    tag_of,
)
from supportcontracts.interop.codec._problems import Located, faults_of, report, survey
from supportcontracts.interop.codec._scalars import SCALARS, Fault, Json, shown
from supportcontracts.timeline import Term

__all__ = ["READER", "read_document"]


def __dir__() -> list[str]:
    return __all__


Read = Callable[[Json, Kind], Any]


def read_document(document: Json, root: Root) -> object:
    """Read a document, or say all that is wrong with it.

    Raises:
        InvalidDocument: with all of its problems, each with its path.
    """
    found = survey(document, root.schema)
    if not isinstance(document, dict):
        report([((), f'got {shown(document)}; expected an object with "schema"')], document, root.schema)
    wrong, missing = _check_header(document, root)
    if wrong:
        report(found + wrong, document, root.schema)  # by another schema, everything else means something else
    body = {key: value for key, value in document.items() if key not in ("schema", "edition")}
    value = None
    try:
        if root.tagged:
            value = _read_tagged(body, {tag_of(kind): kind for kind in root.classes})
        else:
            value = READER.structure(body, root.classes[0])
    except (BaseValidationError, Fault, InvalidValue) as error:
        found += faults_of(error, document)
    if missing or found:
        report(missing + found, document, root.schema)
    return value.events if isinstance(value, EventList) else value


def _check_header(document: dict[str, Json], root: Root) -> tuple[list[Located], list[Located]]:
    """Find out what is wrong with schema and edition, and which of them is missing."""
    wrong: list[Located] = []
    missing: list[Located] = []
    for key, known, hint in (
        ("schema", root.schema, f'write "{root.schema}"'),
        ("edition", EDITION, f"this release knows edition {EDITION}"),
    ):
        value = document.get(key)
        if key not in document:
            missing.append(((key,), f"missing; {hint}"))
        elif type(value) is not type(known) or value != known:
            wrong.append(((key,), f"got {shown(value)}; {hint}"))
    return wrong, missing


def _read_tagged(value: dict[str, Json], classes: dict[str, type]) -> object:
    """Read an object as the class that its "type" names."""
    if "type" not in value:
        raise Fault(f"missing; choose {listed(classes)}", ("type",))
    tag = value["type"]
    kind = classes.get(tag) if isinstance(tag, str) else None
    if kind is None:
        near = get_close_matches(tag, classes, n=1) if isinstance(tag, str) else []
        guess = f'did you mean "{near[0]}"? ' if near else ""
        raise Fault(f"got {shown(tag)}; {guess}choose {listed(classes)}", ("type",))
    return READER.structure({key: each for key, each in value.items() if key != "type"}, kind)


def _scalar_reader(kind: type) -> Read:
    scalar = SCALARS[kind]
    return lambda value, _: scalar.read(value)


def _literal_reader(kind: Kind) -> Read:
    words = get_args(kind)

    def read(value: Json, _: Kind) -> object:
        if isinstance(value, str) and value in words:
            return value
        raise Fault(f"got {shown(value)}; {expected(kind)}")

    return read


def _tuple_reader(kind: Kind) -> Read:
    item = item_of(kind)

    def read(value: Json, _: Kind) -> tuple[object, ...]:
        if not isinstance(value, (list, tuple)):
            return (READER.structure(value, item),)
        items: list[object] = []
        errors: list[Exception] = []
        for index, each in enumerate(value):
            try:
                items.append(READER.structure(each, item))
            except (BaseValidationError, Fault, InvalidValue) as error:
                error.add_note(IterableValidationNote("", index, item))
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, kind)
        return tuple(items)

    return read


def _union_reader(kind: Kind) -> Read:
    arms = arms_of(kind)

    def read(value: Json, _: Kind) -> object:
        if value is None and arms.null:
            return None
        if isinstance(value, dict) and arms.objects:
            if arms.tagged:
                return _read_tagged(value, arms.objects)
            [only] = arms.objects.values()
            return READER.structure(value, only)
        if isinstance(value, str) and value in arms.words:
            return value
        scalar = arms.scalar_for(value)
        if scalar is None:
            raise Fault(f"got {shown(value)}; {expected(kind)}")
        return scalar.read(value)

    return read


def _object_reader(kind: type) -> Read:
    structure: Read = make_dict_structure_fn(
        kind, READER, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True
    )
    name, kinds, spellings = kind.__name__.removesuffix("Document"), field_kinds(kind), SPELLINGS.get(kind, ())

    def read(value: Json, _: Kind) -> object:
        if not isinstance(value, dict):
            raise Fault(f"got {shown(value)}; {expected(kind)}")
        begun = [group for group in spellings if not value.keys().isdisjoint(group)]
        meant = (begun or spellings or [()])[0]
        lacking = [Fault(_missing(kinds[key], spellings, meant), (key,)) for key in meant if key not in value]
        try:
            return structure(value, kind)
        except ClassValidationError as error:
            if not lacking:
                raise
            # The constructor would say the same of the object as a whole.
            others = [each for each in error.exceptions if getattr(each, "what", "") != name]
            raise ClassValidationError("", [*others, *lacking], kind) from None

    return read


def _missing(kind: Kind, spellings: tuple[tuple[str, ...], ...], meant: tuple[str, ...]) -> str:
    others = [key for group in spellings if group != meant for key in group]
    return f"missing; {expected(kind).removesuffix(', or null')}; or write {listed(others)}"


def _read_term(value: Json, _: Kind) -> Term:
    read: TermDocument = READER.structure(value, TermDocument)
    return read.term


def _reader() -> Converter:
    converter = Converter(detailed_validation=True)
    for kind in SCALARS:
        converter.register_structure_hook(kind, _scalar_reader(kind))
    converter.register_structure_hook_factory(is_object, _object_reader)
    converter.register_structure_hook_factory(is_tuple, _tuple_reader)
    converter.register_structure_hook_factory(is_literal, _literal_reader)
    converter.register_structure_hook_factory(is_union, _union_reader)
    converter.register_structure_hook(Term, _read_term)
    return converter


READER = _reader()
