"""What people say of incidents: right or wrong, with a reason, and for ten seconds it can be taken back."""

from datetime import timedelta

import structlog
from django.db import transaction

from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.languages import pick
from core.scope import Actor
from core.trace import use_trace
from journal import actions as journal
from video.actions.desk import Desk
from video.actions.incidents import VIDEO, news_of, report
from video.actions.zones import weigh
from video.contracts import Reason, Review
from video.models import Incident
from video.selectors import incident as incident_seen_by

logger = structlog.get_logger(__name__)
TAKE_BACK = timedelta(seconds=10)
REASONS = tuple(reason.value for reason in Reason)
AT_ONCE = 50


def _short_desk(camera_of: Incident) -> Desk:
    camera = camera_of.camera
    return Desk(
        camera.pk, camera.code, camera.names, camera.organisation, camera.area, camera.geom.x, camera.geom.y, 0, "",
        [], [], "",
    )  # fmt: skip


def _tell(kind: str, found: Incident, actor: Actor) -> None:
    camera = found.camera
    journal.record(
        kind,
        subject=str(found.uid),
        actor=actor,
        org=camera.organisation,
        area=camera.area,
        data=news_of(found, found.rule.template.code, camera.code),
    )


def _mine(uid: str, actor: Actor) -> Incident:
    """The incident, locked, for somebody who may judge it; incidents are locked before their rule, as in `sight`."""
    seen = incident_seen_by(uid, actor)
    if not actor.may("accept", org=seen.camera.organisation, area=seen.camera.area):
        raise Forbidden("video.not_reviewer")
    rows = Incident.objects.select_for_update(of=("self",)).select_related("camera", "rule__template")
    return rows.get(pk=seen.pk)


def _report(found: Incident) -> None:
    names = found.rule.template.names
    report(found, pick(names, "zh"), pick(names, "en"), _short_desk(found))


@transaction.atomic
def judge(uid: str, *, actor: Actor, right: bool) -> Incident:
    """A person has said whether the incident is right; if so it is reported now, if not nothing comes of it."""
    found = _mine(uid, actor)
    if found.review != Review.PENDING:
        raise Conflict("video.not_open_to_review")
    found.review, found.reviewed_by = (Review.CONFIRMED if right else Review.DISMISSED), actor.key
    found.judged_at = clock.now()
    found.save(update_fields=["review", "reviewed_by", "judged_at"])
    with use_trace(found.trace):
        if right:
            _report(found)
        _tell("video.incident_judged.v1", found, actor)
    weigh(found.rule_id, actor=VIDEO)
    return found


@transaction.atomic
def give_verdict(uid: str, *, actor: Actor, right: bool, reason: str = "") -> Incident:
    """A person has said whether the incident is right; it takes effect after ten seconds, unless it is taken back.

    Wrong needs a reason: Invalid `video.needs_reason`. Conflict `video.not_open_to_review` where somebody was quicker.
    """
    found = _mine(uid, actor)
    if found.review != Review.PENDING:
        raise Conflict("video.not_open_to_review")
    if not right and reason not in REASONS:
        raise Invalid("video.needs_reason")
    now = clock.now()
    found.review, found.reviewed_by = (Review.CONFIRMED if right else Review.DISMISSED), actor.key
    found.reason, found.judged_at, found.settles_at = "" if right else reason, now, now + TAKE_BACK
    found.save(update_fields=["review", "reviewed_by", "reason", "judged_at", "settles_at"])
    with use_trace(found.trace):
        _tell("video.incident_judged.v1", found, actor)
    return found


@transaction.atomic
def take_back(uid: str, *, actor: Actor) -> Incident:
    """The actor's own verdict of the last ten seconds is unsaid, and the incident waits again."""
    found = _mine(uid, actor)
    if found.reviewed_by != actor.key or found.settles_at is None or found.settles_at <= clock.now():
        raise Conflict("video.too_late")
    found.review, found.reviewed_by, found.reason = Review.PENDING, "", ""
    found.judged_at = found.settles_at = None
    found.save(update_fields=["review", "reviewed_by", "reason", "judged_at", "settles_at"])
    with use_trace(found.trace):
        _tell("video.verdict_taken_back.v1", found, actor)
    return found


def settle_verdicts() -> int:
    """Verdicts that nobody took back take effect: cases are reported, rules are weighed. Returns how many."""
    due = Incident.objects.filter(settles_at__lte=clock.now()).order_by("settles_at", "pk")
    return sum(_settle(pk) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _settle(pk: int) -> bool:
    """One verdict takes effect, once; where its case cannot be made, the incident waits for a person again."""
    rows = Incident.objects.select_for_update(of=("self",)).select_related("camera", "rule__template")
    found = rows.filter(pk=pk, settles_at__lte=clock.now()).first()
    if found is None:
        return False
    found.settles_at = None
    try:
        with transaction.atomic(), use_trace(found.trace):
            if found.review == Review.CONFIRMED:
                _report(found)
    except DomainError as error:
        logger.exception("video.report_refused", incident=str(found.uid), code=error.code)
        found.review, found.case_number, found.judged_at = Review.PENDING, "", None
    found.save(update_fields=["settles_at", "review", "case_number", "judged_at"])
    weigh(found.rule_id, actor=VIDEO)
    return True


@transaction.atomic
def learn(uid: str, *, actor_key: str, right: bool) -> None:
    """What became of a case that a rule reported by itself is a verdict on it: taken up, or turned away."""
    found = Incident.objects.select_for_update().filter(uid=uid).first()
    if (
        found is None
        or found.review not in (Review.NONE, Review.CONFIRMED)
        or (found.review == Review.CONFIRMED and right)
    ):
        return
    found.review, found.reviewed_by = (Review.CONFIRMED if right else Review.DISMISSED), actor_key
    found.judged_at = clock.now()
    found.save(update_fields=["review", "reviewed_by", "judged_at"])
    weigh(found.rule_id, actor=VIDEO)
