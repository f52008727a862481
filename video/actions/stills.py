"""Keeping and opening evidence pictures: raw for few, blurred and annotated for all who may see the camera."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from core import clock
from core.errors import Forbidden, NotFound
from core.languages import pick
from core.scope import Actor
from journal import actions as journal
from video.actions.desk import Desk, Shot, Work
from video.adapters import pictures
from video.contracts import CameraNews, Detection, Moment
from video.models import Still
from video.rules.places import Place, spec_json
from video.selectors import latest_still
from video.selectors import still as still_seen_by

CITY_TIME = ZoneInfo("Asia/Shanghai")
DRAFT_AGE = timedelta(hours=1)
MOMENTS = {
    Moment.BEFORE: "之前 before",
    Moment.FIRST: "初现 first seen",
    Moment.THRESHOLD: "超时 over the limit",
    Moment.AFTER: "之后 after",
    Moment.LATEST: "",
}


def time_of(at: float) -> datetime:
    """Seconds since 1970 as an aware time in UTC."""
    return datetime.fromtimestamp(at, UTC)


def _lines(desk: Desk, work: Work | None, place: Place | None, moment: Moment, at: float) -> tuple[str, ...]:
    shown = f"{time_of(at).astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
    name = f"{pick(desk.names, 'zh')}  {pick(desk.names, 'en')}".strip()
    if work is None or place is None:
        return (f"{name}  {shown}",)
    if moment is Moment.BEFORE:
        stay = f"限 {work.spec.dwell:.0f} 秒"
        return (f"{name}  {shown}", f"{pick(work.names, 'zh')}  {stay}  {MOMENTS[moment]}")
    stay = f"停留 {place.covered:.0f} 秒 / 限 {work.spec.dwell:.0f} 秒"
    told = f"{pick(work.names, 'zh')}  {pick(work.names, 'en')}"
    return (f"{name}  {shown}", f"{told}  {stay}  {MOMENTS[moment]}".strip())


def sidecar(desk: Desk, work: Work | None, place: Place | None, shot: Shot) -> dict[str, Any]:
    """What a picture was judged by: model, zone and rule, boxes, node's epoch, intervals."""
    told: dict[str, Any] = {
        "camera": desk.code,
        "model_sha256": desk.model_sha256,
        "epoch": desk.epoch,
        "promised_interval": desk.promised,
        "achieved_interval": desk.achieved,
        "seen": [[one.label, one.score, list(one.box)] for one in shot.seen.items],
    }
    if work is not None:
        told |= {"zone": work.zone, "zone_revision": work.revision, "rule": work.template, "spec": spec_json(work.spec)}
    if place is not None:
        told |= {"place": place.key, "box": list(place.anchor), "covered": place.covered, "hits": place.hits}
        told |= {"looks": place.looks}
    return told


def keep_still(desk: Desk, work: Work | None, place: Place | None, moment: Moment, shot: Shot) -> Still:
    """The picture is on disk, raw and public, and in the table; call inside the transaction of what it proves."""
    box = place.anchor if place is not None else None
    notes = pictures.Notes(work.spec.polygon if work else (), box, _lines(desk, work, place, moment, shot.at))
    public = pictures.public_copy(shot.jpeg, shot.seen.items, notes)
    return Still.objects.create(
        camera_id=desk.camera_id,
        rule_id=work.rule_id if work else None,
        place=place.key if place else "",
        moment=moment,
        at=time_of(shot.at),
        raw_sha256=pictures.keep(shot.jpeg),
        public_sha256=pictures.keep(public),
        sidecar=sidecar(desk, work, place, shot),
    )


def keep_latest(desk: Desk, shot: Shot) -> None:
    """The camera's last picture is this one; the one before is gone."""
    old = list(Still.objects.filter(camera_id=desk.camera_id, moment=Moment.LATEST))
    keep_still(desk, None, None, Moment.LATEST, shot)
    Still.objects.filter(pk__in=[one.pk for one in old]).delete()
    transaction.on_commit(lambda: _drop_files(old))


def drop_drafts(work: Work, place: Place) -> None:
    """Pictures of a stay that came to nothing are gone."""
    rows = Still.objects.filter(rule_id=work.rule_id, place=place.key, incident=None)
    old = list(rows)
    rows.delete()
    transaction.on_commit(lambda: _drop_files(old))


def _drop_files(old: list[Still]) -> None:
    for sha256 in {name for one in old for name in (one.raw_sha256, one.public_sha256)}:
        used = Still.objects.filter(raw_sha256=sha256) | Still.objects.filter(public_sha256=sha256)
        if not used.exists():
            pictures.drop(sha256)


@transaction.atomic
def sweep_drafts() -> int:
    """Pictures that never became evidence are gone after an hour; returns how many."""
    rows = Still.objects.filter(incident=None, at__lt=clock.now() - DRAFT_AGE).exclude(moment=Moment.LATEST)
    old = list(rows[:500])
    Still.objects.filter(pk__in=[one.pk for one in old]).delete()
    transaction.on_commit(lambda: _drop_files(old))
    return len(old)


@transaction.atomic
def open_latest(code: str, *, actor: Actor, plain: bool = False) -> bytes:
    """The public copy of what the camera saw last, as JPEG. It stays on disk while the row is held.

    `plain` leaves out the strip of text below, so that a share of its height is a share of the camera's picture.
    """
    found = Still.objects.select_for_update(of=("self",)).filter(pk=latest_still(code, actor).pk).first()
    still = found or latest_still(code, actor)
    if not plain:
        return pictures.fetch(still.public_sha256)
    seen = [Detection(label, score, tuple(box)) for label, score, box in still.sidecar.get("seen", ())]
    return pictures.public_copy(pictures.fetch(still.raw_sha256), seen, pictures.Notes())


@transaction.atomic
def open_still(pk: int, variant: str, *, actor: Actor) -> bytes:
    """The picture as JPEG. `public` for whoever sees the camera; `raw` needs `person.see`, and is journalled."""
    found = still_seen_by(pk, actor)
    if variant == "public":
        return pictures.fetch(found.public_sha256)
    if variant != "raw":
        raise NotFound("video.no_still", still=pk)
    camera = found.camera
    if not actor.may("person.see", org=camera.organisation, area=camera.area):
        raise Forbidden("video.not_your_picture")
    data = CameraNews(camera=camera.code, state=camera.state, fault=camera.fault, detail=f"still:{pk}")
    journal.record("video.picture_opened.v1", subject=camera.code, actor=actor, data=data, user_id=actor.user_id)
    return pictures.fetch(found.raw_sha256)
