"""Schemes change by version: from a pack or by who evaluates; and people give the points that nobody can count."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor, Duty
from evaluation import rules, selectors
from evaluation.contracts import POINTS_GIVEN, SCHEME_CHANGED, PointsGiven, SchemeChanged
from evaluation.models import GivenPoints, Publication, Scheme, SchemeVersion
from evaluation.rules import Period
from journal.actions import record

LONGEST_REASON = 400


@transaction.atomic
def save_scheme(document: Mapping[str, Any], *, pack: str) -> Scheme:
    """The pack's scheme is in force: what it newly says counts from today; Invalid where it makes no sense."""
    rules.formula_from(document)
    code, told = str(document["code"]), dict(document)
    held = Scheme.objects.select_for_update().filter(code=code).first()
    scheme, _ = Scheme.objects.update_or_create(
        code=code, defaults={"names": document["names"], "document": told, "pack": pack, "in_force": True}
    )
    if held is not None and not held.versions.exists():
        _add(held, held.document, rules.EARLIEST, pack, pack, "")
    if held is None or held.document != told:
        _add(scheme, told, rules.EARLIEST if held is None else localdate(clock.now()), pack, pack, "")
    return scheme


def retire_schemes(*, pack: str, keep: Sequence[str]) -> None:
    """Schemes of the pack that are not among `keep` judge nothing any more; what they judged keeps naming them."""
    Scheme.objects.filter(pack=pack, in_force=True).exclude(code__in=keep).update(in_force=False)


@transaction.atomic
def change_scheme(
    code: str, document: Mapping[str, Any], *, actor: Actor, valid_from: date, reason: str, seen: int
) -> SchemeVersion:
    """From a day on the scheme says this; whoever evaluates the city may, and never for days of a published period.

    `seen` is the version it was read in; Conflict where there is a newer one.
    """
    _may(actor)
    scheme = selectors.scheme(code)
    Scheme.objects.select_for_update().get(pk=scheme.pk)
    reason = reason_of(reason)
    newest = first_version(scheme)
    if newest.version != seen:
        raise Conflict("evaluation.scheme_moved_on", version=newest.version)
    told = {**document, "code": code, "names": document.get("names", scheme.names)}
    rules.formula_from(told)
    if Publication.objects.filter(scheme=code, since__gte=valid_from).exists():
        raise Conflict("evaluation.scheme_published")
    row = _add(scheme, told, valid_from, actor.key, actor.label, reason)
    news = SchemeChanged(code, row.version, valid_from.isoformat())
    record(SCHEME_CHANGED, subject=f"scheme:{code}", actor=actor, data=news)
    return row


@transaction.atomic
def copy_scheme(
    code: str, new_code: str, document: Mapping[str, Any], *, actor: Actor, valid_from: date, reason: str
) -> SchemeVersion:
    """There is a scheme of its own, made from another one; it belongs to no pack, so none takes it back."""
    _may(actor)
    selectors.scheme(code)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", new_code):
        raise Invalid("evaluation.scheme_code", given=new_code[:40])
    reason = reason_of(reason)
    told = {**document, "code": new_code}
    rules.formula_from(told)
    scheme, made = Scheme.objects.get_or_create(
        code=new_code, defaults={"names": told["names"], "document": told, "pack": "", "in_force": True}
    )
    if not made:
        raise Conflict("evaluation.scheme_there", code=new_code)
    row = _add(scheme, told, valid_from, actor.key, actor.label, reason)
    news = SchemeChanged(new_code, row.version, valid_from.isoformat())
    record(SCHEME_CHANGED, subject=f"scheme:{new_code}", actor=actor, data=news)
    return row


def first_version(scheme: Scheme) -> SchemeVersion:
    """The newest version of a scheme, which has one from now on. Call under the lock of the scheme."""
    newest = scheme.versions.order_by("-version").first()
    return newest or _add(scheme, scheme.document, rules.EARLIEST, scheme.pack, scheme.pack, "")


@transaction.atomic
def give_points(
    code: str, *, level: str, key: str, period: Period, component: str, points: float, reason: str, actor: Actor
) -> GivenPoints:
    """A line has so many points for what nobody can count; the last word counts, and every word stays."""
    _may(actor)
    scheme = selectors.scheme(code)
    formula = selectors.formula_of(selectors.version_on(scheme, period.since))
    part = next((one for one in formula.components if one.code == component and one.sort == "given"), None)
    if part is None:
        raise Invalid("evaluation.no_such_component", given=component[:40])
    if not 0 <= points <= part.points:
        raise Invalid("evaluation.points", most=part.points)
    if level not in rules.JUDGED or not key.isascii() or not 0 < len(key) <= 60 or "\x00" in key:
        raise Invalid("evaluation.level")
    row = GivenPoints.objects.create(
        scheme=scheme, level=level, key=key, since=period.since, until=period.until, component=component,
        points=round(points, 2), reason=reason_of(reason), by=actor.key, label=actor.label,
    )  # fmt: skip
    news = PointsGiven(code, level, key, component, float(points), period.since.isoformat(), period.until.isoformat())
    record(POINTS_GIVEN, subject=f"scheme:{code}", actor=actor, data=news)
    return row


def _add(scheme: Scheme, document: Mapping[str, Any], day: date, by: str, label: str, reason: str) -> SchemeVersion:
    newest = scheme.versions.order_by("-version").values_list("version", flat=True).first()
    return SchemeVersion.objects.create(
        scheme=scheme, version=(newest or 0) + 1, valid_from=day, document=dict(document), made_by=by,
        made_label=label, reason=reason,
    )  # fmt: skip


def _may(actor: Actor) -> None:
    if not actor.may(Duty.EVALUATE):
        raise Forbidden("evaluation.not_evaluator")


def reason_of(text: str, most: int = LONGEST_REASON) -> str:
    """Why something is done, without spaces around it; Invalid where it says nothing or too much."""
    text = text.strip()
    if not text or len(text) > most or "\x00" in text:
        raise Invalid("evaluation.needs_reason", most=most)
    return text
