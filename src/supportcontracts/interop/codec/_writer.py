"""From values to documents: fields in the order of their class, those at their default left out.

A tuple becomes an array. A field that is named in the singular (`beyond`, `multiplier`) and holds one value is written
as that value, so that its path is the one that explanations cite: `plan.beyond.tariff`.
"""

import json
from collections.abc import Callable
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn

from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import currencies_of
from supportcontracts.interop.codec._kinds import (
    EDITION,
    EventList,
    Kind,
    arms_of,
    field_kinds,
    is_object,
    is_tuple,
    is_union,
    item_of,
    root_of,
    tag_of,
)
from supportcontracts.interop.codec._scalars import SCALARS, Json
from supportcontracts.timeline import Term

__all__ = ["WRITER", "json_text", "write_document"]


def __dir__() -> list[str]:
    return __all__


Write = Callable[[Any], Json]


def write_document(value: object) -> dict[str, Json]:
    """Write a value, or a list of events, as a document of its own."""
    if isinstance(value, (list, tuple)):
        value = EventList(tuple(value))
    root = root_of(type(value))
    document: dict[str, Json] = {"schema": root.schema, "edition": EDITION}
    if root.tagged:
        document["type"] = tag_of(type(value))
    document.update(WRITER.unstructure(value))
    return document


def json_text(document: dict[str, Json]) -> str:
    """Write a document as JSON text: indented, or one event on each line."""
    if document["schema"] != "events":
        return json.dumps(document, ensure_ascii=False, indent=2)
    lines = ",".join("\n  " + json.dumps(event, ensure_ascii=False) for event in document["events"])
    return f'{{"schema": "events", "edition": {EDITION}, "events": [{lines}\n]}}'


def _object_writer(kind: type) -> Write:
    plain: Write = make_dict_unstructure_fn(kind, WRITER, _cattrs_omit_if_default=True)
    one_or_many = [name for name, each in field_kinds(kind).items() if is_tuple(each) and not name.endswith("s")]

    def write(value: object) -> dict[str, Json]:
        written: dict[str, Json] = plain(value)
        for name in one_or_many:
            if len(written.get(name, ())) == 1:
                [written[name]] = written[name]
        return written

    return write


def _contract_writer(kind: type[Contract]) -> Write:
    plain = _object_writer(kind)

    def write(contract: Contract) -> dict[str, Json]:
        written: dict[str, Json] = plain(contract)
        if any(currencies_of(phase.plan) for phase in contract.dated_phases):
            del written["currency"]  # the terms say it
        return written

    return write


def _tuple_writer(kind: Kind) -> Write:
    item = item_of(kind)
    return lambda values: [WRITER.unstructure(value, item) for value in values]


def _union_writer(kind: Kind) -> Write:
    tagged = arms_of(kind).tagged

    def write(value: object) -> Json:
        written = WRITER.unstructure(value)
        return {"type": tag_of(type(value))} | written if tagged and is_object(type(value)) else written

    return write


def _write_term(term: Term) -> dict[str, Json]:
    months = term.whole_months
    length = {"last_day": term.last_day.isoformat()} if months is None else {"months": months}
    return {"starts_on": term.starts_on.isoformat(), **length, "zone": term.zone.name}


def _writer() -> Converter:
    converter = Converter()
    for scalar in SCALARS.values():
        if scalar.parse is not None:
            converter.register_unstructure_hook(scalar.kind, scalar.write)
    converter.register_unstructure_hook_factory(is_object, _object_writer)
    converter.register_unstructure_hook_factory(is_tuple, _tuple_writer)
    converter.register_unstructure_hook_factory(is_union, _union_writer)
    converter.register_unstructure_hook_factory(lambda kind: kind is Contract, _contract_writer)
    converter.register_unstructure_hook(Term, _write_term)
    return converter


WRITER = _writer()
