"""The Spark rule backwards: a list is a container of elements of one name, null is an empty element."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

ITEMS: Mapping[str, str] = {
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "notes": "note",
    "errors": "error",
}
"""The name of the elements in each container."""
_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def xml_of(root: str, document: Any) -> bytes:
    """The document as XML in UTF-8 under a root element."""
    element = ElementTree.Element(root)
    _fill(element, document)
    text: str = ElementTree.tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _fill(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            _fill(ElementTree.SubElement(element, name), part)
    elif isinstance(value, list | tuple):
        for part in value:
            _fill(ElementTree.SubElement(element, ITEMS[element.tag]), part)
    elif value is not None:
        element.text = _text(value)


def _text(value: object) -> str:
    """As JSON would write it, without what XML cannot hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NOT_XML.sub("\ufffd", str(value))
