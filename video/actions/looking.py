"""One inference, folded into what is remembered, and everything that follows from it, in one fenced transaction."""

from django.db import transaction

from journal import actions as journal
from video.actions import incidents
from video.actions.desk import FUTURE_SECONDS, Desk, Shot, Work, shot_of
from video.actions.faults import note_fault
from video.actions.leases import fence
from video.actions.stills import drop_drafts, keep_latest, keep_still, time_of
from video.adapters.slot import Frame
from video.contracts import CameraNews, CameraState, Detections, Fault, Moment, Phase
from video.models import Camera, Sample, Watch
from video.rules.dwell import Happening, fold
from video.rules.geometry import covered_share
from video.rules.places import Place, State, state_json

INTERVAL_MEMORY = 0.7
KEEP_EVERY = 2.0
LATEST_EVERY = 20.0
TELL_EVERY = 5.0
EMPTY_SHARE = 0.1


def _intervals(desk: Desk, at: float) -> float | None:
    """Seconds since the last look, and the moving mean of them on the desk."""
    if desk.looked_at is None or at <= desk.looked_at:
        desk.looked_at = at
        return None
    step = at - desk.looked_at
    desk.looked_at = at
    known = desk.achieved
    desk.achieved = step if known is None else INTERVAL_MEMORY * known + (1 - INTERVAL_MEMORY) * step
    return step


def _before(desk: Desk, place: Place) -> Shot | None:
    """The newest remembered picture in which the place was empty."""
    for shot in reversed(desk.ring):
        if all(covered_share(place.anchor, seen.box) <= EMPTY_SHARE for seen in shot.seen.items):
            return shot
    return None


def _draft(desk: Desk, work: Work, place: Place, shot: Shot) -> None:
    """The pictures of before and of the beginning are on disk, should this become an incident."""
    if place.key in work.drafted:
        return
    work.drafted.add(place.key)
    before, first = work.firsts.pop(place.key, (None, shot))
    if before is not None:
        keep_still(desk, work, place, Moment.BEFORE, before)
    keep_still(desk, work, place, Moment.FIRST, first)


def _follow(desk: Desk, work: Work, happening: Happening, shot: Shot) -> None:
    place = happening.place
    if happening.what == "new" and place.inside:
        work.firsts[place.key] = (_before(desk, place), shot)
    elif happening.what == "dropped":
        if place.key in work.drafted:
            drop_drafts(work, place)
        work.drafted.discard(place.key)
    elif happening.what in (Phase.CANDIDATE, Phase.SUSPECT):
        _draft(desk, work, place, shot)
    elif happening.what == Phase.VIOLATION:
        _draft(desk, work, place, shot)
        incidents.sight(desk, work, place, shot)
    elif happening.what == "recurred":
        incidents.recur(desk, work, place, shot)
    elif happening.what == "cleared":
        incidents.clear(desk, work, place, shot)
    elif happening.what == "closed":
        incidents.close(desk, work, place)


def _watch(desk: Desk, work: Work, seen: Detections, shot: Shot) -> list[Happening]:
    """The rule's memory after this look; written when something happened, else every two seconds."""
    state = work.state
    if state.last_at is not None and shot.at < state.last_at - FUTURE_SECONDS:
        state = State(tuple(p for p in state.places if p.phase is Phase.PERSISTING), state.serial, None, state.interval)
    state, news = fold(state, seen, shot.at, work.spec)
    for happening in news:
        _follow(desk, work, happening, shot)
    alive = {place.key for place in state.places}
    work.firsts = {key: pair for key, pair in work.firsts.items() if key in alive}
    work.drafted &= alive
    if news or shot.at - work.kept_at >= KEEP_EVERY:
        for place in state.places:
            if place.phase is Phase.PERSISTING:
                incidents.persist(work, place)
        row = {**state_json(state), "revision": work.revision}
        fields = {"state": row, "epoch": desk.epoch, "looked_at": time_of(shot.at)}
        Watch.objects.update_or_create(rule_id=work.rule_id, defaults=fields)
        work.kept_at = shot.at
    work.state = state
    return news


def look(desk: Desk, frame: Frame, seen: Detections, at: float, milliseconds: float | None = None) -> list[Happening]:
    """What one frame showed is remembered, logged, and acted upon. `at` is the frame's time, seconds since 1970.

    Stale `video.stale_epoch` when another node has the camera: then nothing at all is written.
    """
    shot = shot_of(frame.rgb, seen, at)
    before = [(work, work.state, dict(work.firsts), set(work.drafted), work.kept_at) for work in desk.works]
    news: list[Happening] = []
    try:
        with transaction.atomic():
            fence(desk.camera_id, desk.epoch)
            _sample(desk, seen, at, milliseconds)
            for work in desk.awake(at):
                news += _watch(desk, work, seen, shot)
            if at - desk.latest_at >= LATEST_EVERY or any(one.what == Phase.VIOLATION for one in news):
                keep_latest(desk, shot)
    except BaseException:
        for work, state, firsts, drafted, kept_at in before:
            work.state, work.firsts, work.drafted, work.kept_at = state, firsts, drafted, kept_at
        raise
    if at - desk.latest_at >= LATEST_EVERY:
        desk.latest_at = at
    desk.ring.append(shot)
    return news


def _sample(desk: Desk, seen: Detections, at: float, milliseconds: float | None) -> None:
    Sample.objects.create(
        camera_id=desk.camera_id,
        at=time_of(at),
        interval=_intervals(desk, at),
        promised=desk.promised,
        epoch=desk.epoch,
        model_sha256=desk.model_sha256,
        inference_ms=milliseconds,
        seen=[[one.label, one.score, list(one.box)] for one in seen.items],
    )


@transaction.atomic
def tell_state(desk: Desk, state: CameraState, fault: Fault, frame_at: float | None, at: float) -> None:
    """The camera's row says how it is, and promised beside achieved; a change of state is news."""
    changed = desk.told != (state, fault)
    if not changed and at - desk.told_at < TELL_EVERY:
        return
    fence(desk.camera_id, desk.epoch)
    if fault or state is CameraState.ONLINE:
        note_fault(desk, fault, at)
    fields: dict[str, object] = {
        "state": state,
        "fault": fault,
        "promised_interval": desk.promised,
        "achieved_interval": desk.achieved,
    }
    fields |= {"last_frame_at": time_of(frame_at)} if frame_at is not None else {}
    fields |= {"last_look_at": time_of(desk.looked_at)} if desk.looked_at is not None else {}
    row = Camera.objects.select_for_update().get(pk=desk.camera_id)
    news = (row.state, row.fault) != (state, fault)
    fields |= {"state_at": time_of(at)} if news else {}
    Camera.objects.filter(pk=row.pk).update(**fields)
    if news and _worth_telling(row.state, state):
        data = CameraNews(camera=desk.code, state=str(state), fault=str(fault), detail="state")
        journal.record(
            "video.camera_changed.v1",
            subject=desk.code,
            actor=incidents.VIDEO,
            org=desk.org,
            area=desk.area,
            data=data,
        )
    desk.told, desk.told_at = (state, fault), at


def _worth_telling(before: str, after: CameraState) -> bool:
    """Connecting is no news; becoming readable, unreadable or unfit to judge is."""
    return after is not CameraState.CONNECTING and (before != CameraState.IDLE or after is not CameraState.IDLE)
