"""What may be asked for: cameras, zones and rules as JSON, and the addresses a stream may come from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from core.errors import Code, Invalid
from core.schema import validate
from video.contracts import NewCamera, NewRule, NewZone, Polygon, RuleMode
from video.rules.geometry import crosses_itself, polygon_area
from video.rules.hours import SCHEDULE

SMALLEST_ZONE = 0.0005
CODE = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
NAMES = {
    "type": "object",
    "properties": {"zh": {"type": "string", "maxLength": 80}, "en": {"type": "string", "maxLength": 80}},
    "additionalProperties": False,
}
POLYGON = {
    "type": "array",
    "minItems": 3,
    "maxItems": 64,
    "items": {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
RULE = {
    "type": "object",
    "required": ["template"],
    "additionalProperties": False,
    "properties": {
        "template": CODE,
        "dwell_seconds": {"type": ["number", "null"], "minimum": 1, "maximum": 86400},
        "mode": {"enum": [mode.value for mode in RuleMode] + [None]},
        "ceiling": {"enum": [mode.value for mode in RuleMode] + [None]},
        "schedule": SCHEDULE,
        "exempt": {"type": "array", "maxItems": 16, "uniqueItems": True, "items": CODE},
        "cluster": {"type": ["integer", "null"], "minimum": 1, "maximum": 200},
    },
}
ZONE = {
    "type": "object",
    "required": ["polygon"],
    "additionalProperties": False,
    "properties": {
        "code": CODE,
        "names": NAMES,
        "polygon": POLYGON,
        "rules": {"type": "array", "maxItems": 16, "items": RULE},
    },
}
CAMERA = {
    "type": "object",
    "required": ["code", "url", "lon", "lat"],
    "additionalProperties": False,
    "properties": {
        "code": CODE,
        "names": NAMES,
        "url": {"type": "string", "minLength": 1, "maxLength": 500},
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "heading": {"type": ["integer", "null"], "minimum": 0, "maximum": 359},
        "organisation": {"type": "string", "maxLength": 255},
        "zones": {"type": "array", "maxItems": 16, "items": ZONE},
        "masks": {"type": "array", "maxItems": 16, "items": POLYGON},
    },
}


def _polygon(points: Sequence[Sequence[float]]) -> Polygon:
    polygon = tuple((float(x), float(y)) for x, y in points)
    if crosses_itself(polygon) or polygon_area(polygon) < SMALLEST_ZONE:
        raise Invalid("video.bad_polygon")
    return polygon


def _rule(wish: Mapping[str, Any]) -> NewRule:
    mode, ceiling = (RuleMode(wish[name]) if wish.get(name) else None for name in ("mode", "ceiling"))
    return NewRule(
        wish["template"],
        wish.get("dwell_seconds"),
        mode,
        ceiling,
        wish.get("schedule") or {},
        tuple(wish.get("exempt", ())),
        wish.get("cluster"),
    )


def _zone(wish: Mapping[str, Any], number: int) -> NewZone:
    rules = tuple(_rule(rule) for rule in wish.get("rules", ()))
    return NewZone(wish.get("code") or f"zone-{number}", _polygon(wish["polygon"]), wish.get("names") or {}, rules)


def new_zone(wish: object) -> NewZone:
    """The zone that a JSON object asks for; Invalid `video.bad_zone` names the field that is wrong."""
    problems = validate(ZONE, wish)
    if problems or not isinstance(wish, Mapping):
        raise Invalid("video.bad_zone", field=problems[0].path or "/", why=Code(problems[0].code))
    return _zone(wish, 1)


def new_camera(wish: object) -> NewCamera:
    """The camera that a JSON object asks for; Invalid `video.bad_camera` names the field that is wrong."""
    problems = validate(CAMERA, wish)
    if problems or not isinstance(wish, Mapping):
        raise Invalid("video.bad_camera", field=problems[0].path or "/", why=Code(problems[0].code))
    zones = tuple(_zone(zone, number) for number, zone in enumerate(wish.get("zones", ()), 1))
    if len({zone.code for zone in zones}) < len(zones):
        raise Invalid("video.bad_camera", field="/zones", why=Code("schema.uniqueItems"))
    return NewCamera(
        code=wish["code"],
        names=wish.get("names") or {"en": wish["code"], "zh": wish["code"]},
        url=wish["url"],
        lon=wish["lon"],
        lat=wish["lat"],
        heading=wish.get("heading"),
        organisation=wish.get("organisation", ""),
        zones=zones,
        masks=tuple(_polygon(mask) for mask in wish.get("masks", ())),
    )


def host_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a stream's address; Invalid `video.bad_address` where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid("video.bad_address") from error
    if not parts.scheme or not parts.hostname or re.search(r"[\x00-\x20\x7f]", url):
        raise Invalid("video.bad_address")
    return parts.scheme.lower(), parts.hostname, port


def shown_host(url: str) -> str:
    """The part of an address that may be shown: scheme, host and port, never the user, password, path or query."""
    scheme, host, port = host_of(url)
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def pinned(url: str, address: str) -> str:
    """The stream's address with an IP address for its host, where the scheme does not need the name; else as it was."""
    parts = urlsplit(url)
    if parts.scheme.lower() != "rtsp":
        return url
    user, at, _host = parts.netloc.rpartition("@")
    host = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{user}{at}{host}{port}").geturl()


def permitted(scheme: str, addresses: Iterable[str], allowed: Iterable[tuple[str, str]]) -> bool:
    """Whether every address the host resolves to lies in a network allowed for this scheme; no address is refused."""
    networks = [ip_network(network, strict=False) for kind, network in allowed if kind == scheme]
    found = [ip_address(address.split("%")[0]) for address in addresses]
    return bool(found) and all(any(one in network for network in networks) for one in found)
