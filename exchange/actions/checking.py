"""What is given of an endpoint, judged before it is kept: name, settings, kinds, ground, how often it is tried."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from core.errors import Invalid
from exchange.adapters.connectors import CONNECTORS
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import Channel, Setting
from exchange.rules.messages import unknown
from exchange.rules.sendings import LONGEST_WAIT_S, Policy, is_url, offered_kinds

PATH = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
LONGEST_TEXT, LONGEST_JSON, LONGEST_NAME = 200, 4000, 80
BOUNDS = Policy(most=20, first=3600, factor=10, longest=LONGEST_WAIT_S)


def checked(channel: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What may be kept of an endpoint; Invalid names the first thing that may not."""
    name = str(given.get("name") or "").strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("endpoint.bad_name", most=LONGEST_NAME)
    return {
        "name": name,
        "settings": _settings(channel, given.get("settings") or {}),
        "kinds": _kinds(channel, given.get("kinds") or []),
        "org": _path(given.get("org")),
        "area": _path(given.get("area")),
        "policy": _policy(given.get("policy") or {}),
    }


def _settings(channel: str, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name: one for one in CONNECTORS[channel].settings}
    if strange := unknown(map(str, given), known):
        raise Invalid("endpoint.strange_setting", name=strange[0][:60])
    return {name: _setting(one, given.get(name, one.default)) for name, one in known.items()}


def _setting(one: Setting, value: Any) -> Any:
    if value in ("", None) and not one.needed:
        return one.default
    ways: dict[str, Callable[[], bool]] = {
        "text": lambda: isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable(),
        "url": lambda: isinstance(value, str) and is_url(value),
        "whole": lambda: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31,
        "json": lambda: _is_plain_map(value),
        "choice": lambda: value in one.choices,
    }
    if not ways[one.kind]():
        raise Invalid("endpoint.bad_setting", name=one.name)
    return value.rstrip("/") if one.kind == "url" and one.default else value


def _is_plain_map(value: Any) -> bool:
    """Whether it is names with words, short enough to be kept and to be shown."""
    if not isinstance(value, Mapping):
        return False
    plain = all(isinstance(key, str) and isinstance(one, str | int) for key, one in value.items())
    text = json.dumps(value, ensure_ascii=False) if plain else ""
    return plain and len(text) <= LONGEST_JSON and text.isprintable() and "\\u0000" not in text


def _kinds(channel: str, given: Any) -> list[str]:
    if channel not in (Channel.WEBHOOK, Channel.ROBOT):
        return []
    known = offered_kinds() if channel == Channel.WEBHOOK else tuple(occasions())
    chosen = [str(one) for one in given]
    if strange := unknown(chosen, known):
        raise Invalid("endpoint.strange_kind", name=strange[0][:60])
    if not chosen:
        raise Invalid("endpoint.no_kinds")
    return sorted(set(chosen))


def _path(given: Any) -> str:
    text = str(given or "").strip()
    if text and (len(text) > LONGEST_NAME or not PATH.fullmatch(text)):
        raise Invalid("endpoint.bad_path", path=text[:60])
    return text


def _policy(given: Mapping[str, Any]) -> dict[str, int]:
    """The whole of it or nothing, each number from one to its bound."""
    if not given:
        return {}
    held = {name: given.get(name) for name in Policy._fields}
    for name, most in BOUNDS._asdict().items():
        number = held[name]
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
            raise Invalid("endpoint.bad_policy", name=name, most=most)
    return {name: int(number) for name, number in held.items() if number is not None}
