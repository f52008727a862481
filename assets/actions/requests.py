"""Change requests (部件变更): proposed from the field, decided by whoever keeps the register, never by the proposer."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from assets.actions.census import Census
from assets.actions.components import (
    FIELDS,
    LONGEST_REASON,
    allow,
    alter,
    drawn_new,
    enter,
    locked,
    placed_changed,
    placed_new,
    reason_of,
)
from assets.actions.drawing import require_drawn, require_none_near
from assets.actions.pictures import hand_over, seal, show
from assets.actions.writing import Deed, Placed
from assets.contracts import Act, ChangeAsked, ChangeDecided, RequestKind, RequestState, State
from assets.models import Asset, ChangeRequest
from assets.rules import geojson_of
from assets.selectors import component_row, may_propose, request_of
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.pictures import Picture
from core.scope import Actor
from core.uploads import Uploaded
from journal import actions as journal

PLACE = ("geometry", "lon", "lat")


class Sure(NamedTuple):
    """What the proposer looked at again and stands by: that it is far from where it was, that it is another one."""

    far: bool
    another: bool


def propose(
    *, actor: Actor, kind: str, reason: str, key: str, code: str = "", of_type: str = "",
    given: Mapping[str, Any] | None = None, photos: Iterable[bytes | Uploaded] = (), far: bool = False,
    another: bool = False,
) -> ChangeRequest:  # fmt: skip
    """A change waits for a decision; told again under the same key, it is the same one.

    `far` and `another` say that it was looked at: the component does stand far from where the register has it, and
    a new one is not the one of its type that stands beside it.
    """
    if kind not in set(RequestKind):
        raise Invalid("assets.request_kind", kind=kind[:20])
    why, sealed = reason_of(reason), seal(photos, actor)
    with transaction.atomic():
        known = ChangeRequest.objects.filter(proposer=actor.key, key=key).first()
        sure = Sure(far, another)
        return known or _propose(actor, RequestKind(kind), why, key, code, of_type, dict(given or {}), sealed, sure)


def _propose(
    actor: Actor, kind: RequestKind, why: str, key: str, code: str, of_type: str, given: dict[str, Any],
    sealed: Iterable[Picture], sure: Sure,
) -> ChangeRequest:  # fmt: skip
    wanted = {name: value for name, value in given.items() if name in (*FIELDS, *PLACE)}
    census = Census(0, actor=actor, every=True)
    row = None if kind is RequestKind.NEW else component_row(code, actor=actor)
    place = drawn_new(census, of_type, wanted) if row is None else _looked(census, row, kind, wanted, sure.far)
    if not may_propose(actor, place[2] if row is None else row.area):
        raise Forbidden("assets.may_not_propose")
    if row is None:
        require_none_near(census.fact(of_type), place, actor=actor, another=sure.another)
    kept = {name: getattr(place[0], name) for name in FIELDS if name in wanted}
    request = ChangeRequest.objects.create(
        kind=kind, key=key, asset=row, type_id=place[0].type_pk, seen_version=row.version if row else 0,
        geom=shape_in(place), cell=place[1], area=row.area if row else place[2], given=kept, reason=why,
        proposer=actor.key, proposer_label=actor.label[:120], asked_at=clock.now(),
    )  # fmt: skip
    show(request, sealed, actor)
    news = ChangeAsked(request.pk, kind.value, row.code if row else "")
    journal.record("assets.change_asked.v1", subject=_subject(request), actor=actor, area=request.area, data=news)
    return request


def _looked(census: Census, row: Asset, kind: RequestKind, wanted: dict[str, Any], far: bool) -> Placed:
    """The row as the request would have it; Invalid where the request says nothing."""
    if kind is RequestKind.MOVED and not set(PLACE) & wanted.keys():
        raise Invalid("assets.no_place")
    if kind is RequestKind.CHANGED and not set(FIELDS) & wanted.keys():
        raise Invalid("assets.request_empty")
    if kind is not RequestKind.MOVED:
        wanted = {name: value for name, value in wanted.items() if name not in PLACE}
    placed = placed_changed(census, row, wanted if kind is not RequestKind.VANISHED else {})
    require_drawn(wanted, row.type.geometry, row=row, far=far)
    return placed


def shape_in(place: Placed) -> GEOSGeometry:
    """The shape of a placed row as the tables keep it."""
    row = place[0]
    if row.shape:
        return GEOSGeometry(row.shape, srid=4326)
    return GEOSGeometry(f"POINT ({row.lon!r} {row.lat!r})", srid=4326)


@transaction.atomic
def accept_request(pk: int, *, actor: Actor, answer: str = "", despite: bool = False) -> ChangeRequest:
    """The register says what was proposed, and its history who proposed it.

    Conflict where the component changed since; `despite` says that this was looked at.
    """
    request = _open(pk, actor)
    deed = Deed(actor, Act.REQUEST, request.reason)
    census = Census(0, actor=actor, every=True)
    wanted: dict[str, Any] = {**request.given}
    if request.kind in (RequestKind.NEW, RequestKind.MOVED):
        wanted["geometry"] = geojson_of(bytes(request.geom.wkb))
    by = (request.proposer, request.proposer_label)
    if request.kind == RequestKind.NEW:
        place = placed_new(census, request.type.code, wanted)
        row = enter(place, _named(deed, place[0].code, by), request.pk)
    else:
        row = locked(request.asset.code if request.asset else "", actor)
        if row.version != request.seen_version and not despite:
            raise Conflict("assets.request_stale", code=row.code, seen=request.seen_version, current=row.version)
        if row.state == State.REMOVED:
            raise Conflict("assets.stands_no_more", code=row.code)
        if request.kind == RequestKind.VANISHED:
            wanted = {"state": State.LOST.value}
        place = placed_changed(census, row, wanted)
        row = alter(row, place, _named(deed, row.code, by), request.pk)
    allow(actor, place[2])
    hand_over(request.photos.all(), row)
    request.asset = row
    return _decided(request, actor, RequestState.ACCEPTED, answer)


def _named(deed: Deed, code: str, by: tuple[str, str]) -> Deed:
    return Deed(deed.actor, deed.act, deed.why, proposers={code: by})


@transaction.atomic
def refuse_request(pk: int, *, actor: Actor, answer: str) -> ChangeRequest:
    """The register stays as it is, and the proposer reads why."""
    return _decided(_open(pk, actor), actor, RequestState.REFUSED, reason_of(answer))


@transaction.atomic
def withdraw_request(pk: int, *, actor: Actor) -> ChangeRequest:
    """The proposer takes the request back."""
    request = request_of(pk, actor=actor, lock=True)
    if request.proposer != actor.key:
        raise Forbidden("assets.not_your_request")
    if request.state != RequestState.OPEN:
        raise Conflict("assets.request_decided")
    return _decided(request, actor, RequestState.WITHDRAWN, "")


def _open(pk: int, actor: Actor) -> ChangeRequest:
    request = request_of(pk, actor=actor, lock=True)
    allow(actor, request.area)
    if request.state != RequestState.OPEN:
        raise Conflict("assets.request_decided")
    if request.proposer == actor.key:
        raise Forbidden("assets.own_request")
    return request


def _decided(request: ChangeRequest, actor: Actor, state: RequestState, answer: str) -> ChangeRequest:
    request.state, request.answer = state, " ".join(answer.split())[:LONGEST_REASON]
    request.decided_by, request.decided_label, request.decided_at = actor.key, actor.label[:120], clock.now()
    request.save()
    code = request.asset.code if request.asset else ""
    person = request.proposer.removeprefix("user:")
    journal.record(
        "assets.change_decided.v1", subject=_subject(request), actor=actor, area=request.area,
        user_id=int(person) if person.isdigit() else None,
        data=ChangeDecided(request.pk, str(request.kind), code, state.value),
    )  # fmt: skip
    return request


def _subject(request: ChangeRequest) -> str:
    return f"change:{request.pk}"
