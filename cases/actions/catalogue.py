"""The catalogue as packs say it: new versions of classes, responsibilities, the city's model of steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from cases.contracts import MODEL_CHOSEN, StepsModelChosen
from cases.models import Case, Category, ClassSwitch, RequestRule, Responsibility, StepsModel
from cases.selectors import (
    category_fields,
    category_given,
    chosen_by_city,
    newest_versions,
    request_fields,
    responsibility_fields,
    steps_model_fields,
)
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from journal import actions as journal

Row = Mapping[str, Any]
RECORDS_BEGIN = datetime(2000, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
LONGEST_REASON = 400


@transaction.atomic
def save_categories(rows: Sequence[Row], *, pack: str, by: str = "") -> None:
    """The pack's classes are in force as given: a changed one in a new version, a missing one retired.

    What the city changed is the city's: such a class stays as it is, and `packs diff` shows what the pack says of it.
    A new class of a city without any case holds from the beginning of records: nobody was promised anything by another
    catalogue, and a city that brings its past along finds its classes there.
    """
    since = None if Case.objects.exists() else RECORDS_BEGIN
    newest = {row.code: row for row in newest_versions().select_for_update()}
    author = Author(by or f"pack:{pack}", "", "", "pack")
    for given in rows:
        held = newest.get(given["code"])
        if held is not None and held.pack != pack:
            Category.objects.filter(pk=held.pk).update(pack=pack)
            held.pack = pack
        if held is None or held.origin == "pack":
            fields = category_fields(given) | {"pack": pack, "retired": False}
            put_version(held, given["code"], fields, author, begins=None if held else since)
    named = {given["code"] for given in rows}
    for code, row in newest.items():
        if row.pack == pack and row.origin == "pack" and code not in named:
            put_version(row, code, category_fields(category_given(row)) | {"pack": pack, "retired": True}, author)


class Author(NamedTuple):
    """Who makes a version, and why; `origin` says whether a pack or the city has the last word now."""

    key: str
    label: str
    reason: str
    origin: str


def put_version(
    held: Category | None, code: str, fields: Mapping[str, Any], author: Author, begins: datetime | None = None
) -> Category:
    """The class reads so from a moment (now) on; without any difference the held version stays."""
    if held is not None and all(getattr(held, name) == value for name, value in fields.items()):
        return held
    now = clock.now()
    since = begins or now
    if held is not None:
        since = max(since, held.valid_from)
        held.valid_until = since
        held.save(update_fields=["valid_until"])
    last = Category.objects.filter(code=code).aggregate(last=Max("version"))["last"]
    return Category.objects.create(
        code=code, version=(last or 0) + 1, valid_from=since, origin=author.origin,
        made_by=author.key, made_label=author.label, made_at=now, reason=author.reason, **fields,
    )  # fmt: skip


@transaction.atomic
def save_preset(codes: Mapping[str, bool], *, pack: str, by: str = "") -> None:
    """Every class that no administrator has switched is on or off as the pack's preset says."""
    held = {row.code: row for row in ClassSwitch.objects.select_for_update().order_by("code")}
    for code, enabled in codes.items():
        row = held.get(code)
        if (row.enabled if row else True) == enabled or (row and row.origin == "city"):
            continue
        told = {"enabled": enabled, "origin": "pack", "pack": pack, "changed_by": by or f"pack:{pack}",
                "changed_label": "", "changed_at": clock.now(), "reason": ""}  # fmt: skip
        ClassSwitch.objects.update_or_create(code=code, defaults=told)


@transaction.atomic
def save_responsibilities(rows: Sequence[Row], *, pack: str) -> None:
    """The pack's responsibilities read as given; a missing one is retired.

    Where the city has a rule of its own, that stays in force: the pack's word waits beneath it.
    """
    for row in rows:
        fields = responsibility_fields(row) | {"pack": pack, "retired": False}
        Responsibility.objects.update_or_create(duty=row["duty"], origin="pack", defaults=fields)
    said = Responsibility.objects.filter(origin="pack", pack=pack)
    gone = said.exclude(duty__in=[row["duty"] for row in rows])
    gone.update(retired=True)


@transaction.atomic
def save_steps_model(given: Row, *, pack: str) -> None:
    """The model reads as the pack says, and is in force unless an administrator has chosen one."""
    put_steps_models([given], pack=pack)
    if not chosen_by_city():
        _put_in_force(given["model"], origin="pack")


@transaction.atomic
def put_steps_models(rows: Sequence[Row], *, pack: str) -> None:
    """A city may choose these models; nothing else follows."""
    for given in rows:
        fields = {**steps_model_fields(given), "pack": pack}
        StepsModel.objects.update_or_create(code=given["model"], defaults=fields)


def _put_in_force(code: str, **fields: Any) -> None:
    StepsModel.objects.exclude(code=code).filter(in_force=True).update(in_force=False, origin="pack")
    StepsModel.objects.filter(code=code).update(in_force=True, **fields)


@transaction.atomic
def choose_steps_model(code: str, *, actor: Actor, reason: str) -> None:
    """Another model says from now on which level may use which verb; what was promised stays."""
    if not actor.may("admin"):
        raise Forbidden("model.not_yours")
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("model.needs_reason", most=LONGEST_REASON)
    held = {row.code: row for row in StepsModel.objects.select_for_update().order_by("code")}
    if code not in held:
        raise NotFound("model.unknown", given=code)
    if held[code].in_force and held[code].origin == "city":
        raise Conflict("model.in_force")
    before = next((row.code for row in held.values() if row.in_force), "")
    _put_in_force(
        code, origin="city", chosen_by=actor.key, chosen_label=actor.label, chosen_at=clock.now(), reason=reason
    )
    news = StepsModelChosen(before=before, after=code)
    journal.record(MODEL_CHOSEN, subject=f"steps_model:{code}", actor=actor, data=news)


@transaction.atomic
def save_request_rules(rows: Sequence[Row], *, pack: str) -> None:
    """The pack's rules of asking read as given; of those it had before, a missing one is gone. The city's own stay."""
    for given in rows:
        fields = {**request_fields(given), "pack": pack}
        RequestRule.objects.update_or_create(kind=given["kind"], origin="pack", defaults=fields)
    RequestRule.objects.filter(origin="pack", pack=pack).exclude(kind__in=[row["kind"] for row in rows]).delete()
