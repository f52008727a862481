"""Against lost updates: whoever saves says what they saw, and where it reads otherwise by now nothing is written.

A version is a digest of what the thing says, so no table counts. Programs get it as ETag and send it back in If-Match;
a form carries the words it showed, signed, so that the page can tell what somebody else changed meanwhile.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from django.core import signing
from django.utils.translation import gettext as _

from core.errors import Invalid, PreconditionRequired, Stale

Told = Mapping[str, Any]
FIELD = "version"
SHOWN = 30
_TAG = re.compile(r'"([0-9a-f]{32})"')
_SALT = "core.versions"


def version_of(told: Told) -> str:
    """The digest of what a thing says; the same words have the same version, whoever wrote them and when."""
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def refuse_stale(seen: str | None, told: Told) -> None:
    """Stale where the thing, which is locked, says something else than was seen; None asks nothing."""
    if seen is not None and seen != version_of(told):
        raise Stale("version.stale")


def headers_of(told: Told) -> dict[str, str]:
    """The headers of an answer that tells the thing."""
    return {"ETag": f'"{version_of(told)}"', "Cache-Control": "no-cache"}


def required(headers: Mapping[str, str]) -> str:
    """The version that a program saw: 428 without If-Match, 400 where it is not exactly one ETag of ours."""
    given = headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired("version.needed")
    found = _TAG.fullmatch(given)
    if found is None:
        raise Invalid("version.unreadable")
    return found[1]


def sealed(told: Told) -> str:
    """What a form shows, for its hidden field."""
    return signing.dumps(dict(told), salt=_SALT, compress=True)


def field(given: Mapping[str, Any], told: Told) -> str:
    """The hidden field of a page that is shown again: what was seen when the form was opened stays what was seen."""
    return str(given.get(FIELD) or "") or sealed(told)


class Seen(NamedTuple):
    """What a form showed when it was opened; nothing where it does not say, which is no version of anything."""

    told: Told | None

    @property
    def version(self) -> str:
        """For the action."""
        return "" if self.told is None else version_of(self.told)


def seen_in(given: Mapping[str, Any]) -> Seen:
    """What the form that was sent had shown."""
    try:
        return Seen(signing.loads(str(given.get(FIELD, "")), salt=_SALT))
    except signing.BadSignature:
        return Seen(None)


class Difference(NamedTuple):
    """A field that somebody else changed meanwhile; of lists only what differs."""

    label: Any
    before: str
    now: str


def differences(
    seen: Seen, told: Told, fields: Mapping[str, Any], words: Mapping[str, Callable[[Any], Any]] | None = None
) -> list[Difference]:
    """What was changed since the form was opened, by the labels of its fields, in the words of its page."""
    before = seen.told or {}
    found = []
    for name in (name for name in told if name in before and before[name] != told[name]):
        old, new, say = before[name], told[name], (words or {}).get(name, str)
        if isinstance(old, list):
            pair = [_listed(set(old) - set(new), say), _listed(set(new) - set(old), say)]
        else:
            pair = [_worded(value, say) for value in (old, new)]
        label = fields.get(name, name)
        found.append(Difference(getattr(label, "label", None) or label, *pair))
    return found


def _worded(value: Any, say: Callable[[Any], Any]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(say(value))


def _listed(items: Iterable[Any], say: Callable[[Any], Any]) -> str:
    rows = sorted(items)
    return _(", ").join(str(say(one)) for one in rows[:SHOWN]) + ("…" if len(rows) > SHOWN else "")
