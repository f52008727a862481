"""The tree of organisations: four levels linked, departments at the level they serve."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from accounts.actions.guards import require_admin, require_area, require_code, require_names
from accounts.actions.standing import hold_tree, remember
from accounts.contracts import Level, OrganisationNews
from accounts.models import Organisation, OrganisationKind, Standing
from accounts.rules import area_allowed, child_level_allowed, model_refusal
from accounts.selectors import organisation_told
from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from journal.actions import record


@transaction.atomic
def create_organisation(
    *,
    code: str,
    names: Mapping[str, str],
    kind: str,
    level: str,
    parent: str = "",
    area: str = "",
    duties: Iterable[str] = (),
    actor: Actor,
) -> Organisation:
    """The organisation stands in the tree under `parent` (a code; "" for a root) and carries its duties."""
    require_code(code)
    require_area(area)
    names = require_names(names)
    if level not in list(Level):
        raise Invalid("accounts.bad_level", value=level)
    hold_tree(shared=True)
    above = parent_of(parent)
    path = f"{above.path}.{code}" if above else code
    require_admin(actor, org=path, area=area)
    require_place(above, kind, level, area)
    if Organisation.objects.filter(code=code).exists():
        raise Conflict("accounts.organisation_exists", code=code)
    made = Organisation.objects.create(
        code=code,
        names=names,
        kind=kind,
        level=level,
        parent=above,
        path=path,
        area=area,
        duties=_clean_duties(duties),
    )
    remember([made], clock.now())
    record_organisation("accounts.organisation_created.v1", made, actor)
    return made


class Stretch(NamedTuple):
    """How an organisation stood in the tree from a moment until another."""

    names: Mapping[str, str]
    duties: Sequence[str]
    parent: str
    path: str
    active: bool
    since: datetime
    until: datetime


@transaction.atomic
def bring_organisation(*, code: str, since: datetime | None, active: bool, actor: Actor, **words: Any) -> Organisation:
    """The organisation stands in the tree as it stood before it was known here: since then, in use or not."""
    now = clock.now()
    if since is not None and since > now:
        raise Invalid("accounts.stands_later")
    made = create_organisation(code=code, actor=actor, **words)
    if not active:
        made.active = False
        made.save(update_fields=["active"])
        record_organisation("accounts.organisation_changed.v1", made, actor)
    Standing.objects.filter(organisation=made).update(valid_from=since or now, active=active)
    return made


@transaction.atomic
def bring_past(code: str, stretches: Sequence[Stretch], *, actor: Actor) -> None:
    """How the organisation stood before is on record, of times of which nothing was known."""
    row = Organisation.objects.get(code=code)
    require_admin(actor, org=row.path, area=row.area)
    known = row.standings.order_by("valid_from").values_list("valid_from", flat=True)[0]
    for one in sorted(stretches, key=lambda one: one.until, reverse=True):
        if one.until > known:
            raise Conflict("accounts.past_stays", code=code)
        known = one.since
        Standing.objects.create(
            organisation=row, names=require_names(one.names), duties=_clean_duties(one.duties),
            parent=parent_of(one.parent), path=one.path, active=one.active, valid_from=one.since, valid_until=one.until,
        )  # fmt: skip


@transaction.atomic
def change_organisation(
    code: str,
    *,
    actor: Actor,
    names: Mapping[str, str] | None = None,
    duties: Iterable[str] | None = None,
    active: bool | None = None,
    seen: str | None = None,
) -> Organisation:
    """The organisation has these names and duties, and is in use or not; `move_organisation` changes its place.

    Stale where it says something else than was `seen`.
    """
    found = Organisation.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    require_admin(actor, org=found.path, area=found.area)
    refuse_stale(seen, organisation_told(found))
    before = (found.names, found.duties, found.active)
    if names is not None:
        found.names = require_names(names)
    if duties is not None:
        found.duties = _clean_duties(duties)
    if active is not None:
        found.active = active
    if (found.names, found.duties, found.active) == before:
        return found
    found.save(update_fields=["names", "duties", "active"])
    remember([found], clock.now())
    record_organisation("accounts.organisation_changed.v1", found, actor)
    return found


@transaction.atomic
def adopt_model(kinds: Mapping[str, Mapping[str, object]], *, pack: str, actor: Actor) -> None:
    """From now on organisations are of these kinds, at these levels (pack section `organisation_model`)."""
    require_admin(actor)
    for code, kind in kinds.items():
        OrganisationKind.objects.update_or_create(
            code=code,
            defaults={"names": kind["names"], "levels": kind["levels"], "pack": pack, "retired": False},
        )
    OrganisationKind.objects.filter(pack=pack).exclude(code__in=kinds).update(retired=True)


def parent_of(code: str) -> Organisation | None:
    """The organisation of that code, to stand under; None for "" (a root)."""
    if not code:
        return None
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    return found


def require_place(above: Organisation | None, kind: str, level: str, area: str) -> None:
    """The city's model, the level and the ground of the parent allow such an organisation there."""
    model = {row.code: tuple(row.levels) for row in OrganisationKind.objects.filter(retired=False)}
    refusal = model_refusal(model, kind, level)
    if refusal:
        raise Invalid(refusal, kind=kind, level=level)
    if above is None:
        return
    if not child_level_allowed(above.level, level):
        raise Invalid("accounts.level_above_parent", level=level, parent=above.code)
    if not area_allowed(above.area, area):
        raise Invalid("accounts.area_outside_parent", area=area, parent=above.code)


def _clean_duties(duties: Iterable[str]) -> list[str]:
    found = sorted(set(duties))
    for duty in found:
        require_code(duty)
    return found


def record_organisation(kind: str, made: Organisation, actor: Actor) -> None:
    """The journal has how the organisation is now."""
    news = OrganisationNews(made.code, made.kind, made.level, made.path, made.active)
    record(kind, subject=f"organisation:{made.code}", actor=actor, org=made.path, area=made.area, data=news)
