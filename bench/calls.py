"""Calls of an API, generated from its own description: as it allows and as it does not, fed with what a city holds."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.transport.requests import REQUESTS_TRANSPORT

from bench.learnt import Learnt

FED, ECHOED, RUDE = 0.8, 0.4, 0.05
RIGHT = 3
"""So many calls as the description allows for one that it does not."""
ALL, SOME = 0.3, 0.3
GENERATED_HEADERS = frozenset({"authorization", "cookie", "x-csrftoken", "host", "content-length", "transfer-encoding"})
Tags = Callable[[str], tuple[str | None, Any]]
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
"""The pieces of an upload by tus 1.0.0: bytes as they are."""


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent, and the generated case that its answer is held against."""

    method: str
    url: str
    sent: Mapping[str, Any]
    case: Any
    rude: str = ""


@dataclass
class Operation:
    """A method of a path."""

    method: str
    path: str
    described: Mapping[str, Any]
    generator: Any
    open: bool = False
    names: tuple[str, ...] = field(default=())
    needed: frozenset[str] = field(default=frozenset())
    fields: frozenset[str] = field(default=frozenset())

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def operations_of(schema: Any) -> list[Operation]:
    """Every operation of a loaded schema, in the order of its document."""
    found = []
    for path, item in schema.raw_schema["paths"].items():
        for method, described in item.items():
            if method == "parameters":
                continue
            security = described.get("security", schema.raw_schema.get("security", [{}]))
            names = tuple(one["name"] for one in described.get("parameters", ()) if one["in"] == "header")
            open_to_all = not security or {} in security
            shape = body_of(schema.raw_schema, described)
            required = [one["name"] for one in described.get("parameters", ()) if one.get("required")]
            needed, fields = frozenset((*required, *shape.get("required", ()))), frozenset(shape.get("properties", ()))
            one = schema[path][method.upper()]
            found.append(Operation(method.upper(), path, described, one, open_to_all, names, needed, fields))
    return found


def body_of(document: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shape of the body of an operation; empty where it takes none."""
    for body in described.get("requestBody", {}).get("content", {}).values():
        shape: Mapping[str, Any] = body.get("schema", {})
        return document["components"]["schemas"].get(shape.get("$ref", "").rpartition("/")[2], shape)
    return {}


def wrong_on_purpose(case: Any) -> bool:
    """Whether the case was generated as the description does not allow."""
    return case.meta is not None and case.meta.generation.mode == GenerationMode.NEGATIVE


def covers(known: Mapping[str, Any], operation: Operation) -> bool:
    """Whether every parameter of the path is known."""
    return operation.path.count("{") == len(known)


class Caller:
    """Makes calls of operations; the same seed makes the same, as far as the city answers the same."""

    def __init__(self, base: str, learnt: Learnt, tag: Tags, seeded: random.Random, picture: bytes) -> None:
        self.base, self.learnt, self.tag, self.random, self.picture = base, learnt, tag, seeded, picture

    def calls(self, operation: Operation, count: int) -> Iterator[Call]:
        """So many; of an operation with nothing to say the same ones again."""
        found: list[Any] = []
        strategies = [operation.generator.as_strategy(generation_mode=mode) for mode in modes(operation)]

        @seed(self.random.randrange(2**32))
        @given(case=st.one_of(strategies))
        @settings(
            max_examples=count, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def collect(case: Any) -> None:
            found.append(case)

        collect()
        for index in range(count):
            yield self._call(operation, found[index % len(found)])

    def _call(self, operation: Operation, case: Any) -> Call:
        fed = self.random.random() < FED
        if fed:
            self._feed(operation, case)
        sent = REQUESTS_TRANSPORT.serialize_case(case, base_url=self.base)
        sent["headers"] = {
            name: value for name, value in sent["headers"].items() if name.lower() not in GENERATED_HEADERS
        }
        sent.pop("cookies", None)
        method, url = sent.pop("method"), sent.pop("url")
        if fed and "If-Match" in operation.names:
            self._as_read(operation, url, sent)
        rude = self.random.choice(tuple(RUDENESS)) if self.random.random() < RUDE else ""
        if rude:
            RUDENESS[rude](sent)
        return Call(method, url, sent, case, rude)

    def _feed(self, operation: Operation, case: Any) -> None:
        """Path, query and body name what is there."""
        known = self.learnt.parameters(operation.path)
        if case.path_parameters and isinstance(case.path_parameters, dict):
            case.path_parameters.update({name: known[name] for name in known if name in case.path_parameters})
        if wrong_on_purpose(case):
            return
        if isinstance(case.query, dict):
            case.query = self.learnt.told(self._fewer(case.query, operation.needed), FED)
        if "Idempotency-Key" in operation.names:
            case.headers = {**(case.headers or {}), "Idempotency-Key": f"{self.random.getrandbits(64):x}"}
        if isinstance(case.body, dict):
            said = {name: value for name, value in case.body.items() if name in operation.fields}
            body = self.learnt.told(self._more(self._fewer(said, operation.needed), operation.fields), FED)
            if operation.method == "POST" and covers(known, operation) and self.random.random() < ECHOED:
                body = self.learnt.like_one(operation.path.format(**known), body)
            case.body = self._pictured(body)

    def _fewer(self, given: dict[str, Any], needed: frozenset[str]) -> dict[str, Any]:
        """Often only what must be said."""
        if self.random.random() < ALL:
            return given
        return {name: value for name, value in given.items() if name in needed or self.random.random() < SOME}

    def _more(self, given: dict[str, Any], fields: frozenset[str]) -> dict[str, Any]:
        """Often also what may be left out, where the city has something to say there."""
        missing = [name for name in sorted(fields - given.keys()) if self.random.random() < FED]
        return {**{name: known for name in missing if (known := self.learnt.value(name)) is not None}, **given}

    def _pictured(self, body: dict[str, Any]) -> dict[str, Any]:
        for name, value in body.items():
            if isinstance(value, bytes):
                body[name] = self.picture
            elif isinstance(value, list) and value and isinstance(value[0], bytes):
                body[name] = [self.picture]
        return body

    def _as_read(self, operation: Operation, url: str, sent: dict[str, Any]) -> None:
        """A client that read before it writes: the version it saw and, often, what it saw with a field changed."""
        path, at_itself = urlsplit(url).path, True
        while path.count("/") > 1:
            version, told = self.tag(path)
            if version is not None:
                sent["headers"]["If-Match"] = version
                if at_itself and isinstance(told, dict) and self.random.random() < ECHOED:
                    self._echo(told, sent)
                return
            path, at_itself = path.rpartition("/")[0], False

    @staticmethod
    def _echo(told: Mapping[str, Any], sent: dict[str, Any]) -> None:
        body = sent.get("json")
        if isinstance(body, dict):
            sent["json"] = {name: told.get(name, value) for name, value in body.items()}


def modes(operation: Operation) -> list[GenerationMode]:
    """As it allows and, where there is anything to get wrong, as it does not."""
    told = operation.generator
    wrong = told.query or told.body or told.headers
    return [GenerationMode.POSITIVE] * RIGHT + ([GenerationMode.NEGATIVE] if wrong else [])


def _body(text: bytes, kind: str) -> Callable[[dict[str, Any]], None]:
    def change(sent: dict[str, Any]) -> None:
        for name in ("json", "files", "data"):
            sent.pop(name, None)
        sent["data"] = text
        sent["headers"] = {**sent["headers"], "Content-Type": kind}

    return change


def _asked(name: str, value: str) -> Callable[[dict[str, Any]], None]:
    def change(sent: dict[str, Any]) -> None:
        sent["params"] = f"{name}={value}"

    return change


def _header(name: str, value: str) -> Callable[[dict[str, Any]], None]:
    def change(sent: dict[str, Any]) -> None:
        sent["headers"] = {**sent["headers"], name: value}

    return change


JSON = "application/json"
RUDENESS: dict[str, Callable[[dict[str, Any]], None]] = {
    "no JSON": _body(b'{"a": ', JSON),
    "a list": _body(b"[1, 2]", JSON),
    "a string": _body(b'"text"', JSON),
    "nothing": _body(b"null", JSON),
    "not UTF-8": _body(b'{"reason": "\xff\xfe"}', JSON),
    "NUL in JSON": _body(b'{"reason": "a\\u0000b", "code": "\\u0000", "names": {"zh": "\\u0000"}}', JSON),
    "half a character": _body(b'{"reason": "\\ud800", "code": "\\udfff"}', JSON),
    "huge number": _body(b'{"id": ' + b"9" * 300 + b', "minutes": ' + b"9" * 30 + b', "lon": 1e300}', JSON),
    "deep": _body(b"[" * 200 + b"]" * 200, JSON),
    "text": _body(b"hello", "text/plain"),
    "unknown kind": _body(b"\x00\x01", "application/x-unknown"),
    "a form": _body(b"reason=%00&code=%ED%A0%80", "application/x-www-form-urlencoded"),
    "parts without boundary": _body(b"--x", "multipart/form-data"),
    "broken parts": _body(b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
    "NUL in a part": _body(
        b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\na\x00b\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "other charset": _body(b'{"reason": "a"}', "application/json; charset=latin-9"),
    "NUL asked": _asked("q", "%00"),
    "NUL as filter": _asked("code", "a%00b&district=%00&stage=%00&state=%00&after=%00&area=%00&cursor=%00"),
    "bad encoding asked": _asked("q", "%ff%fe&district=%ED%A0%80&cursor=%ff&organisation=%80"),
    "huge numbers asked": _asked("limit", "9" * 400 + "&after=" + "9" * 30 + "&page=" + "9" * 30 + "&days=" + "9" * 30),
    "odd numbers asked": _asked("limit", "-1&after=-1&page=%D9%A1&days=1e9&lat=nan&lon=inf&bbox=nan,nan,inf,inf"),
    "bad dates asked": _asked("since", "0000-00-00&until=9999-99-99&week=10000-01-01&at=%2B&before=0001-01-01T00:00Z"),
    "edge dates asked": _asked("since", "0001-01-01&until=9999-12-31&week=9999-12-31&at=9999-12-31&before=9999-12-31"),
    "bad cursor": _asked("cursor", quote("c" + "é" * 20) + "&epoch=%00"),
    "accepts a picture": _header("Accept", "image/png"),
    "accepts a page": _header("Accept", "text/html"),
    "accepts nonsense": _header("Accept", "¤;q=z".encode().decode("latin-1")),
    "bad version": _header("If-Match", 'W/"\xff"'),
    "star version": _header("If-Match", "*"),
    "long key": _header("Idempotency-Key", "k" * 5000),
    "odd language": _header("Accept-Language", "zz-ZZ;q=2, *"),
    "a range": _header("Range", "bytes=9999999999-"),
    "bad date header": _header("If-Modified-Since", "yesterday"),
}
"""What no client of good manners sends; each changes a call in place."""


def described(call: Call) -> str:
    """A call as a line for a report."""
    body = {name: call.sent[name] for name in ("params", "json", "data", "files") if call.sent.get(name)}
    return f"{call.method} {call.url} {repr(body)[:700]} {json.dumps(dict(call.sent['headers']), default=str)[:300]}"
