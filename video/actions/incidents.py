"""From a place that broke a rule to an incident and its case, in one transaction (video.md 4.6)."""

from dataclasses import replace as changed
from datetime import timedelta
from uuid import UUID, uuid5

import structlog
from django.db import transaction

from cases import actions as cases
from cases import selectors as case_selectors
from core import clock
from core.errors import DomainError
from core.languages import pick
from core.scope import Actor, machine
from core.trace import use_trace
from journal import actions as journal
from video.actions.desk import Desk, Shot, Work
from video.actions.stills import keep_still, time_of
from video.adapters import pictures
from video.contracts import CameraNews, IncidentNews, Moment, Phase, Review, RuleMode
from video.models import Incident, Rule, Still
from video.models.incidents import OPEN
from video.rules.geometry import overlap
from video.rules.places import Place, place_cell, spec_json

logger = structlog.get_logger(__name__)
VIDEO: Actor = machine("video", "case.report", "case.see", label="视频分析 Video analysis")
FAMILY = UUID("6d1f3f0a-6b54-4a6e-9c1b-7f5f8b1f2c11")
SAME_SPOT = 0.5
JOIN_METRES = 25.0
STORM_MOST, STORM_TIME = 12, timedelta(hours=1)


def uid_of(desk: Desk, work: Work, place: Place) -> UUID:
    """The same stay has the same id, whoever finds it and however often."""
    return uuid5(FAMILY, f"{desk.code}:{work.rule_id}:{place.key}:{place.first_seen:.3f}:{place.recurrence}")


def trace_of(desk: Desk, work: Work, place: Place) -> str:
    """The trace id of a stay, from its first frame to its case."""
    return uid_of(desk, work, changed(place, recurrence=0)).hex


def news_of(found: Incident, work_code: str, camera_code: str) -> IncidentNews:
    return IncidentNews(
        incident=str(found.uid),
        camera=camera_code,
        rule=work_code,
        category=found.category,
        state=str(found.state),
        mode=str(found.mode),
        dwell_seconds=float(found.dwell_seconds),
        recurrence=found.recurrence,
        case_number=found.case_number,
    )


def _tell(kind: str, found: Incident, desk: Desk, work: Work, actor: Actor = VIDEO) -> None:
    data = news_of(found, work.template, desk.code)
    journal.record(kind, subject=str(found.uid), actor=actor, org=desk.org, area=desk.area, data=data)


def open_of(work: Work, place: Place) -> Incident | None:
    """The open incident of a place: by its key, else by where it stands."""
    rows = Incident.objects.select_for_update().filter(rule_id=work.rule_id, state__in=OPEN).order_by("pk")
    found = list(rows)
    by_key = [one for one in found if one.place == place.key]
    near = [one for one in found if overlap(tuple(one.anchor), place.anchor) >= SAME_SPOT]
    same_cell = [one for one in found if one.place_cell == place_cell(place.anchor)]
    return next(iter([*by_key, *near, *same_cell]), None)


def sight(desk: Desk, work: Work, place: Place, shot: Shot) -> Incident:
    """There is one incident for this place, with its pictures, and, where the rule is automatic, one case.

    Runs inside the transaction that keeps the watch, so that either all of it is true or none. A place that has an
    open incident already gets no second one.
    """
    there = open_of(work, place)
    if there is not None:
        there.place, there.last_seen = place.key, time_of(place.last_hit)
        there.save(update_fields=["place", "last_seen"])
        return there
    with use_trace(trace_of(desk, work, place)):
        found = _create(desk, work, place)
        Still.objects.filter(rule_id=work.rule_id, place=place.key, incident=None).update(incident=found)
        threshold = keep_still(desk, work, place, Moment.THRESHOLD, shot)
        threshold.incident = found
        threshold.save(update_fields=["incident"])
        _decide(desk, work, found)
        _tell("video.incident_opened.v1", found, desk, work)
    logger.info("video.incident", incident=str(found.uid), camera=desk.code, case=found.case_number)
    return found


def _create(desk: Desk, work: Work, place: Place) -> Incident:
    return Incident.objects.create(
        uid=uid_of(desk, work, place),
        camera_id=desk.camera_id,
        rule_id=work.rule_id,
        category=work.category,
        place=place.key,
        place_cell=place_cell(place.anchor),
        label=place.label,
        anchor=list(place.anchor),
        state=Phase.VIOLATION,
        mode=work.mode,
        first_seen=time_of(place.first_seen),
        last_seen=time_of(place.last_hit),
        violated_at=time_of(place.violated_at or place.last_hit),
        dwell_seconds=place.covered,
        parameters={**spec_json(work.spec), "zone": work.zone, "zone_revision": work.revision},
        model_sha256=desk.model_sha256,
        epoch=desk.epoch,
        trace=trace_of(desk, work, place),
    )


def _decide(desk: Desk, work: Work, found: Incident) -> None:
    """Shadow counts, review waits for a person, automatic reports, unless there is a storm."""
    if work.mode is RuleMode.SHADOW:
        return
    if work.mode is RuleMode.REVIEW or _storm(desk, work, found):
        found.review = Review.PENDING
        found.save(update_fields=["review", "braked"])
        return
    try:
        with transaction.atomic():
            report(found, pick(work.names, "zh"), pick(work.names, "en"), desk)
    except DomainError as error:
        logger.exception("video.report_refused", incident=str(found.uid), code=error.code)
        found.review, found.case_number = Review.PENDING, ""
        found.save(update_fields=["review", "case_number"])


def _storm(desk: Desk, work: Work, found: Incident) -> bool:
    """More incidents of a rule in an hour than a street has: nothing more is reported, and the rule rests an hour."""
    since = clock.now() - STORM_TIME
    rule = Rule.objects.select_for_update().get(pk=work.rule_id)
    if rule.suspended_until is None or rule.suspended_until <= clock.now():
        if Incident.objects.filter(rule_id=work.rule_id, violated_at__gte=since).count() <= STORM_MOST:
            return False
        rule.suspended_until = clock.now() + STORM_TIME
        rule.save(update_fields=["suspended_until"])
        data = CameraNews(camera=desk.code, state="", fault="", detail=f"storm:{work.template}")
        journal.record(
            "video.rule_suspended.v1", subject=desk.code, actor=VIDEO, org=desk.org, area=desk.area, data=data
        )
    found.braked = True
    return True


def report(found: Incident, zh: str, en: str, desk: Desk) -> None:
    """The incident has a case: one that a person already reported here, or a new one."""
    ref = f"{desk.code}:{found.uid}"
    near = case_selectors.open_cases_near(desk.lon, desk.lat, JOIN_METRES, found.category)
    told_by_people = [case for case in near if str(case.source) != "camera"]
    if told_by_people:
        number = told_by_people[0].number
        note = f"摄像机 {desk.code} 也发现 Also seen by camera {desk.code}: /video/incidents/{found.uid}/"
        cases.attach_clue(number, actor=VIDEO, source="camera", source_ref=ref, note=note)
        found.case_number, found.joined = number, True
    else:
        stills = Still.objects.filter(incident=found).order_by("at", "pk")
        view = cases.report(
            actor=VIDEO,
            source="camera",
            source_ref=ref,
            category=found.category,
            description=f"{zh}：{pick(desk.names, 'zh')}，停留 {found.dwell_seconds:.0f} 秒。{en}: "
            f"{pick(desk.names, 'en')}, standing {found.dwell_seconds:.0f} s.",
            lon=desk.lon,
            lat=desk.lat,
            photos=[pictures.fetch(one.public_sha256) for one in stills],
            attributes={"camera": desk.code, "label": found.label},
            reported_at=clock.now(),
            incident=str(found.uid),
        )
        found.case_number = view.number
    found.save(update_fields=["case_number", "joined"])


def _clue(found: Incident, desk: Desk, what: str, zh: str, en: str) -> None:
    if not found.case_number:
        return
    note = f"{zh} {en}: /video/incidents/{found.uid}/"
    ref = f"{desk.code}:{found.uid}:{what}:{found.recurrence}"
    try:
        with transaction.atomic():
            cases.attach_clue(found.case_number, actor=VIDEO, source="camera", source_ref=ref, note=note)
    except DomainError as error:
        logger.warning("video.clue_refused", incident=str(found.uid), code=error.code)


def _picture(desk: Desk, work: Work, place: Place, moment: Moment, shot: Shot, found: Incident) -> None:
    still = keep_still(desk, work, place, moment, shot)
    still.incident = found
    still.save(update_fields=["incident"])


def clear(desk: Desk, work: Work, place: Place, shot: Shot) -> None:
    """The place is empty again: the incident has its after picture, and its case a clue that says so."""
    found = open_of(work, place)
    if found is None:
        return
    with use_trace(found.trace):
        found.state, found.cleared_at = Phase.CLEARED, time_of(place.cleared_at or shot.at)
        found.last_seen, found.dwell_seconds = time_of(place.last_hit), max(found.dwell_seconds, place.covered)
        found.save(update_fields=["state", "cleared_at", "last_seen", "dwell_seconds"])
        _picture(desk, work, place, Moment.AFTER, shot, found)
        _clue(found, desk, "cleared", "摄像机显示已离开", "The camera shows that it has left")
        _tell("video.incident_cleared.v1", found, desk, work)


def recur(desk: Desk, work: Work, place: Place, shot: Shot) -> None:
    """Within half an hour something stands there again too long: the same incident goes on."""
    found = open_of(work, place)
    if found is None:
        sight(desk, work, place, shot)
        return
    with use_trace(found.trace):
        found.state, found.cleared_at = Phase.PERSISTING, None
        found.recurrence, found.last_seen = found.recurrence + 1, time_of(place.last_hit)
        found.anchor = list(place.anchor)
        found.save(update_fields=["state", "cleared_at", "recurrence", "last_seen", "anchor"])
        Still.objects.filter(rule_id=work.rule_id, place=place.key, incident=None).update(incident=found)
        _picture(desk, work, place, Moment.THRESHOLD, shot, found)
        _clue(found, desk, "recurred", "摄像机再次发现", "Seen again by the camera")
        _tell("video.incident_recurred.v1", found, desk, work)


def close(desk: Desk, work: Work, place: Place) -> None:
    """Nothing came back within half an hour: the incident is over. Its case goes its own way."""
    found = open_of(work, place)
    if found is None:
        return
    with use_trace(found.trace):
        found.state, found.closed_at = Phase.CLOSED, clock.now()
        found.save(update_fields=["state", "closed_at"])
        _tell("video.incident_closed.v1", found, desk, work)


def persist(work: Work, place: Place) -> None:
    """The incident goes on: when it was last seen, and how long it has stood."""
    rows = Incident.objects.filter(rule_id=work.rule_id, place=place.key, state__in=OPEN)
    state = Phase.CLEARED if place.phase is Phase.CLEARED else Phase.PERSISTING
    rows.update(last_seen=time_of(place.last_hit), dwell_seconds=place.covered, state=state)
