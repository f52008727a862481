"""YAML without its surprises: no anchors, no doubled keys, no dates, no sexagesimal numbers, true and false only.

Every value knows its line, so that a fault can be shown where it stands.
"""

import re
from typing import Any

import yaml

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map"))
Places = dict[str, int]


class Unreadable(ValueError):
    """The text is no plain YAML; `line` counts from one."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.sentence, self.line = sentence, line


_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of libyaml where it was built in: ten times as fast, which a catalogue of 4,000 lines notices."""


class _Loader(_Fast):
    """The core of YAML 1.2, so that 08:30, 2026-10-01, yes and no stay what was written."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def load(text: str) -> tuple[Any, Places]:
    """The value, and the line of each path in it (`categories/0/code`); Unreadable where it is no plain YAML."""
    if len(text.encode()) > MAX_BYTES:
        raise Unreadable(f"The file is larger than {MAX_BYTES} bytes.", 1)
    try:
        _refuse_aliases(text)
        return _read(_Loader(text))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(f"This is no YAML: {error.problem}.", line) from error
    except yaml.reader.ReaderError as error:
        raise Unreadable(f"The file holds a character that YAML does not allow: {error.reason}.", 1) from error


def _read(loader: _Loader) -> tuple[Any, Places]:
    node, places = loader.get_single_node(), Places()
    return _value(loader, node, "", places, 0) if node is not None else None, places


def _refuse_aliases(text: str) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable("Anchors and aliases are not used in packs.", _line(event))


def _value(loader: _Loader, node: yaml.Node, path: str, places: Places, depth: int) -> Any:
    line = _line(node)
    places[path] = line
    if depth > MAX_DEPTH:
        raise Unreadable(f"Nested deeper than {MAX_DEPTH} levels.", line)
    if node.tag not in _TAGS:
        raise Unreadable(f"The tag {node.tag} is not used in packs.", line)
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_object(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, _join(path, index), places, depth + 1) for index, item in enumerate(node.value)]
    return _mapping(loader, node, path, places, depth)


def _mapping(loader: _Loader, node: yaml.Node, path: str, places: Places, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            raise Unreadable("A key must be text.", line)
        key = str(key_node.value)
        if key in found:
            raise Unreadable(f"The key {key} is written twice.", line)
        found[key] = _value(loader, value_node, _join(path, key), places, depth + 1)
        places[_join(path, key)] = line
    return found


def _line(thing: yaml.Event | yaml.Node) -> int:
    return thing.start_mark.line + 1 if thing.start_mark else 1


def _join(path: str, step: object) -> str:
    return f"{path}/{step}" if path else str(step)
