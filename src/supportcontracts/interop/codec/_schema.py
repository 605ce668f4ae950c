"""JSON Schema of the documents, in its 2020-12 dialect, derived from the same fields that read and write them.

A schema admits every document that this release writes. It checks keys, words and the spelling of single values; what
only a constructor can know (a date that does not exist, a waterfall that ends nowhere) stays for reading.
"""

import inspect
from typing import Any, get_args

import attrs

from supportcontracts.interop.codec._kinds import (
    EDITION,
    SPELLINGS,
    Kind,
    Root,
    TermDocument,
    arms_of,
    field_kinds,
    is_literal,
    is_tuple,
    is_union,
    item_of,
    tag_of,
)
from supportcontracts.interop.codec._scalars import SCALARS, Scalar
from supportcontracts.interop.codec._writer import WRITER
from supportcontracts.timeline import Term

__all__ = ["schema_of"]


def __dir__() -> list[str]:
    return __all__


Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(root: Root) -> Schema:
    """Describe a whole document."""
    defs: dict[str, Schema] = {}
    header = {"schema": {"const": root.schema}, "edition": {"const": EDITION}}
    bodies = [_object(kind, header | _tag(kind, tagged=root.tagged), defs) for kind in root.classes]
    body = bodies[0] if len(bodies) == 1 else {"oneOf": bodies}
    return {"$schema": _DIALECT, "title": root.schema} | body | {"$defs": dict(sorted(defs.items()))}


def _tag(kind: type, *, tagged: bool) -> Schema:
    return {"type": {"const": tag_of(kind)}} if tagged else {}


def _object(kind: type, first: Schema, defs: dict[str, Schema]) -> Schema:
    """Describe an object with the fields of a class, behind some keys of its own."""
    source = TermDocument if kind is Term else kind
    fields = [field for field in attrs.fields(source) if field.init]
    kinds = field_kinds(kind)
    properties = {field.name: _field(field, kinds[field.name], defs) for field in fields}
    described: Schema = {
        "description": inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " "),
        "type": "object",
        "properties": first | properties,
        "required": [*first, *(field.name for field in fields if field.default is attrs.NOTHING)],
        "additionalProperties": False,
    }
    if source in SPELLINGS:
        described["oneOf"] = [{"required": list(group)} for group in SPELLINGS[source]]
        for either in (properties[name] for group in SPELLINGS[source] for name in group):
            # Nothing is said by leaving the key out.
            either["anyOf"] = [arm for arm in either["anyOf"] if arm != {"type": "null"}]
    return described


def _field(field: "attrs.Attribute[Any]", kind: Kind, defs: dict[str, Schema]) -> Schema:
    """Describe a field, with its default if that is one plain value."""
    described = _schema(kind, defs)
    no_value = (attrs.Factory, type(attrs.NOTHING))
    if field.default is None or isinstance(field.default, no_value):  # type: ignore[arg-type]  # Factory is typed a function
        return described
    return described | {"default": WRITER.unstructure(field.default, kind)}


def _schema(kind: Kind, defs: dict[str, Schema]) -> Schema:
    if kind in SCALARS:
        return _scalar(SCALARS[kind], defs)
    if is_literal(kind):
        return {"enum": list(get_args(kind))}
    if is_tuple(kind):
        item = _schema(item_of(kind), defs)
        return {"anyOf": [item, {"type": "array", "items": item}]}
    if is_union(kind):
        arms = arms_of(kind)
        any_of = [_scalar(scalar, defs) for scalar in arms.scalars]
        any_of += [{"enum": list(arms.words)}] if arms.words else []
        any_of += [_reference(arm, defs, tagged=arms.tagged) for arm in arms.objects.values()]
        any_of += [{"type": "null"}] if arms.null else []
        return {"anyOf": any_of}
    return _reference(kind, defs, tagged=False)


def _reference(kind: type, defs: dict[str, Schema], *, tagged: bool) -> Schema:
    """Refer to the definition of a class, and add it unless it is there or being made."""
    name = f"typed-{tag_of(kind)}" if tagged else tag_of(kind)
    if name not in defs:
        defs[name] = {}
        defs[name] = _object(kind, _tag(kind, tagged=tagged), defs)
    return {"$ref": f"#/$defs/{name}"}


def _scalar(scalar: Scalar, defs: dict[str, Schema]) -> Schema:
    if scalar.parse is None:
        return {"type": "integer" if scalar.whole else "string"}
    name = f"text-{tag_of(scalar.kind)}"
    types = ["string", "integer"] if scalar.whole else "string"
    described = {"description": f"{scalar.name}, as in {scalar.example}", "type": types}
    defs[name] = described | {"pattern": f"^(?:{scalar.pattern})$"}
    return {"$ref": f"#/$defs/{name}"}
