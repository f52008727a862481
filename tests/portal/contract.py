"""The contract of GeoReport v2 as cases.md 6.3 tells it: a JSON Schema for each answer, and the Spark rule."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from jsonschema import Draft202012Validator, FormatChecker

TEXT = {"type": "string"}
CODE = {"type": "string", "minLength": 1}
MAYBE = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
BOOL = {"type": "boolean"}
ZONE = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"
WHEN = {"type": "string", "pattern": ZONE}
MAYBE_WHEN = {"type": ["string", "null"], "pattern": ZONE}


def obj(required: str, /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


def many(items: Mapping[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


DATATYPES = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
ENDPOINT = obj(
    "specification url changeset type formats", specification=CODE, url=CODE, changeset=WHEN,
    type={"enum": ["production", "test"]}, formats=many(CODE, 2),
)  # fmt: skip
REQUEST = {
    "service_request_id": CODE, "status": {"enum": ["open", "closed"]}, "status_notes": MAYBE, "service_name": MAYBE,
    "service_code": CODE, "description": MAYBE, "agency_responsible": MAYBE, "service_notice": MAYBE,
    "requested_datetime": WHEN, "updated_datetime": MAYBE_WHEN, "expected_datetime": MAYBE_WHEN, "address": MAYBE,
    "address_id": MAYBE, "zipcode": MAYBE, "lat": NUMBER, "long": NUMBER, "media_url": MAYBE,
}  # fmt: skip
EXTRAS = {
    "attributes": many(obj("code value", code=CODE, description=MAYBE, value=TEXT)),
    "extended_attributes": {"type": "object"},
    "notes": many(obj("datetime description type", datetime=WHEN, description=TEXT, type=TEXT)),
}
NEEDED = "service_request_id status service_code requested_datetime"
TAKEN = {
    **obj("service_notice account_id", service_request_id=CODE, token=CODE, service_notice=MAYBE, account_id=MAYBE),
    "oneOf": [{"required": ["service_request_id"]}, {"required": ["token"]}],
}
SCHEMAS = {
    "discovery": obj(
        "changeset contact key_service endpoints", changeset=WHEN, contact=CODE, key_service=CODE,
        endpoints=many(ENDPOINT, 2),
    ),
    "services": many(obj(
        "service_code service_name metadata type", service_code=CODE, service_name=CODE, description=MAYBE,
        metadata=BOOL, type={"enum": ["realtime", "batch", "blackbox"]}, keywords=MAYBE, group=MAYBE,
    )),
    "definition": obj("service_code attributes", service_code=CODE, attributes=many(obj(
        "variable code datatype required order description", variable=BOOL, code=CODE,
        datatype={"enum": DATATYPES}, required=BOOL, datatype_description=MAYBE, order={"type": "integer"},
        description=CODE, values=many(obj("key name", key=CODE, name=CODE), 1),
    ))),
    "taken": many(TAKEN, 1),
    "token": many(obj("service_request_id token", service_request_id=MAYBE, token=CODE), 1),
    "requests": many(obj(NEEDED, **REQUEST)),
    "extended": many(obj(f"{NEEDED} attributes extended_attributes notes", **REQUEST, **EXTRAS)),
    "errors": many(obj("code description", code={"type": "integer"}, description=CODE), 1),
}  # fmt: skip


def faults(name: str, document: Any) -> list[str]:
    """What the contract has against an answer."""
    validator = Draft202012Validator(SCHEMAS[name], format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(document)]


def spark(xml: bytes) -> Any:
    """XML as the Spark rule reads it: the root goes, elements of one kind are a list, an empty element is null."""
    return _value(ElementTree.fromstring(xml))


def _value(element: ElementTree.Element) -> Any:
    children = list(element)
    if not children:
        return element.text
    if len({child.tag for child in children}) == 1:
        return [_value(child) for child in children]
    return {child.tag: _value(child) for child in children}


def plain(document: Any) -> Any:
    """JSON with every scalar as XML writes it, and nothing where there is nothing."""
    if isinstance(document, Mapping):
        return {name: plain(value) for name, value in document.items()}
    if isinstance(document, list):
        return [plain(value) for value in document] or None
    if isinstance(document, bool):
        return str(document).lower()
    return None if document is None else str(document)
