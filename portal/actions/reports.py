"""Taking a report in: every fault told at once, and then the one intake of cases."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from assets import selectors as assets
from assets.contracts import State
from cases import actions as cases
from cases import selectors as cases_seen
from core import clock
from core.errors import DomainError, Forbidden, Invalid
from core.languages import pick
from core.scope import Actor, machine
from grid import selectors as grid
from portal import rules
from portal.actions.keys import digest_of
from portal.contracts import Busy, OpenService, Refused, Telling
from portal.models import Report, ReportKey
from portal.selectors import key_in_force, open_service, reports_since

SOURCE = "citizen"
HOUR = timedelta(hours=1)
NO_NUMBER, NO_TOKEN = "0" * 20, UUID(int=0)
CASE_TEXT = 4000
_MEDIA = re.compile(r"https?://[^\s<>\"']{3,1990}")
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,180}\.[^\s@]{2,60}")
_LENGTHS = {
    "address_string": 300, "address_id": 24, "first_name": 40, "last_name": 40, "phone": 40, "device_id": 80,
    "account_id": 80, "reference": 120,
}  # fmt: skip


class Taken(NamedTuple):
    """What the reporter is told: a number, or (`number` empty) a token where somebody looks first; `new` or not."""

    service: OpenService
    number: str
    token: UUID
    account: str
    new: bool


class _Place(NamedTuple):
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    component: str = ""


def take(telling: Telling, *, api_key: str, store: bool = True) -> Taken:
    """There is a case for this telling, the first one of its reference; with `store` false it is only judged."""
    key = key_in_force(digest_of(api_key)) if api_key else None
    if key is None:
        raise Forbidden("portal.bad_key" if api_key else "portal.needs_key")
    actor = machine(f"open311:{key.pk}", "case.report", "case.see", label=key.label)
    service, place, given = _judged(telling, actor)
    if not store:
        return Taken(service, NO_NUMBER if service.realtime else "", NO_TOKEN, telling.account_id, True)
    ref = f"open311:{key.pk}:{telling.reference or uuid4().hex}"
    if reports_since(key, clock.now() - HOUR) >= key.hourly and not cases_seen.tickets_known(SOURCE, [ref]):
        raise Busy("portal.too_often", most=key.hourly)
    return _stored(telling, ref, key, actor, service, place, given)


def _judged(telling: Telling, actor: Actor) -> tuple[OpenService, _Place, dict[str, Any]]:
    """The service, the place and the answers, or everything that is wrong with the telling."""
    faults: list[DomainError] = []
    service, place, given = None, _Place(), dict[str, Any]()
    try:
        service = _service(telling.service_code)
        given, wrong = rules.answers(service.questions, telling.attributes)
        faults += wrong
    except DomainError as error:
        faults.append(error)
    try:
        place = _place(telling, actor)
    except DomainError as error:
        faults.append(error)
    faults += _word_faults(telling)
    if faults or service is None:
        raise Refused(faults)
    return service, place, given


def _service(code: str) -> OpenService:
    if not code:
        raise Invalid("portal.needs_service")
    return open_service(code)


def _place(telling: Telling, actor: Actor) -> _Place:
    """A point inside the city, a component by its code, or an address that somebody will locate."""
    address = telling.address_string
    if telling.lat or telling.long:
        lon, lat = _degrees(telling.long, 180), _degrees(telling.lat, 90)
        if grid.place_at(lon, lat) is None:
            raise Invalid("portal.outside_city")
        return _Place(lon, lat, address)
    if telling.address_id:
        component = assets.asset(telling.address_id, actor=actor) if "\x00" not in telling.address_id else None
        if component is None or component.state == State.REMOVED:
            raise Invalid("portal.unknown_address_id", given=telling.address_id[:40])
        return _Place(address=address, component=telling.address_id)
    if not address:
        raise Invalid("portal.needs_place")
    return _Place(address=address)


def _degrees(text: str, most: int) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not -most <= found <= most:
        raise Invalid("portal.bad_point")
    return found


def _word_faults(telling: Telling) -> list[DomainError]:
    found: list[DomainError] = []
    if (fault := rules.description_fault(telling.description)) is not None:
        found.append(fault)
    for name, most in _LENGTHS.items():
        if len(getattr(telling, name)) > most:
            found.append(Invalid("portal.parameter_too_long", parameter=name, most=most))
    if telling.email and not _MAIL.fullmatch(telling.email):
        found.append(Invalid("portal.bad_email"))
    if telling.media_url and not _MEDIA.fullmatch(telling.media_url):
        found.append(Invalid("portal.bad_media_url"))
    texts = (*vars(telling).values(), *(text for held in telling.attributes.values() for text in held))
    if any("\x00" in text for text in texts if isinstance(text, str)):
        found.append(Invalid("portal.bad_text"))
    return found


@transaction.atomic
def _stored(
    telling: Telling,
    ref: str,
    key: ReportKey,
    actor: Actor,
    service: OpenService,
    place: _Place,
    given: Mapping[str, Any],
) -> Taken:
    kept = dict(given) | ({"media_url": telling.media_url} if telling.media_url else {})
    view = cases.report(
        actor=actor, source=SOURCE, source_ref=ref, category=service.code,
        description=_text(telling, service, given), photos=telling.media, attributes=kept,
        reporter=_reporter(telling), **place._asdict(),
    )  # fmt: skip
    row, new = Report.objects.get_or_create(
        case=cases_seen.case(view.number, actor),
        defaults={
            "key": key, "service": service.code, "token": uuid4(), "realtime": service.realtime,
            "description": telling.description, "account": telling.account_id,
        },
    )  # fmt: skip
    return Taken(service, view.number if row.realtime else "", row.token, row.account, new)


def _reporter(telling: Telling) -> dict[str, str]:
    """In Chinese order without a space where both are Chinese, else as they came."""
    parts = [telling.first_name.strip(), telling.last_name.strip()]
    han = all(part and not part.isascii() for part in parts)
    name = "".join(reversed(parts)) if han else " ".join(filter(None, parts))
    return {"name": name, "phone": telling.phone.strip(), "email": telling.email.strip()}


def _text(telling: Telling, service: OpenService, given: Mapping[str, Any]) -> str:
    """The description with the answers in words, for those who handle the case; what does not fit stays apart."""
    lines: list[str] = [telling.description.strip()] if telling.description.strip() else []
    for one in service.questions:
        if one.code in given:
            named = dict(one.values)
            told: Sequence[str] = given[one.code] if isinstance(given[one.code], list) else [given[one.code]]
            lines.append(f"{pick(one.names, 'zh')}：{'、'.join(pick(named.get(key), 'zh') or key for key in told)}")
    if telling.media_url:
        lines.append(telling.media_url)
    while len(lines) > 1 and len("\n".join(lines)) > CASE_TEXT:
        lines.pop()
    return "\n".join(lines)
