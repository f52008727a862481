"""The register in pages, and one component with its past and its pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from assets.contracts import AssetView, State
from assets.models import STRAY, Asset, AssetType, Change, Photo, Survey
from assets.rules import Past, as_of, cast, fields_of, hot_of
from assets.selectors.register import component_row, view_of
from assets.selectors.scope import ground_q, visible_to
from core.errors import Invalid, NotFound
from core.hot import equals
from core.schema import Hot, Question, questions
from core.scope import Actor

PAGE = 50
ATTRIBUTE = "attr."
OFFICES = ("authority", "owner", "maintainer")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of components is narrowed to; an empty one does not narrow."""

    type: str = ""
    state: str = ""
    area: str = ""
    cell: str = ""
    office: str = ""
    q: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


def filters_of(given: Mapping[str, str]) -> Filters:
    """The filters of a list by the names of its address, `attr.<name>` those of attributes; empty ones are none."""
    told = {name: value for name, value in given.items() if value}
    attributes = {name.removeprefix(ATTRIBUTE): told.pop(name) for name in tuple(told) if name.startswith(ATTRIBUTE)}
    return Filters(**told, attributes=tuple(attributes.items()))


def hot_lines(code: str) -> list[tuple[Question, Mapping[str, Mapping[str, str]]]]:
    """The attributes that the list of a type narrows by, each with the names of its choices."""
    kind = AssetType.objects.filter(code=code).first() if code else None
    if kind is None:
        return []
    hot = {one.name for one in hot_of(kind.schema)}
    rows = kind.schema.get("properties") or {}
    return [(one, rows[one.name].get("x-choices") or {}) for one in questions(kind.schema) if one.name in hot]


def hot_attributes() -> dict[int, tuple[Hot, ...]]:
    """What the list of each type in use narrows by, by the key of the type."""
    return {row.pk: hot_of(row.schema) for row in AssetType.objects.filter(retired=False)}


def components(filters: Filters, *, actor: Actor, after: str = "", limit: int = PAGE) -> tuple[list[AssetView], str]:
    """A page by code and the code after which the next one begins, "" at the end; removed ones only by their state."""
    rows = narrowed(Asset.objects.filter(visible_to(actor)), filters)
    if after:
        rows = rows.filter(code__gt=after)
    found = _first(rows.select_related("type").order_by("code"), _districts(actor, filters), limit + 1)
    return [view_of(row) for row in found[:limit]], found[limit - 1].code if len(found) > limit else ""


def _districts(actor: Actor, filters: Filters) -> set[str]:
    """The districts in which alone the rows can lie; none where it may be any."""
    if "." in filters.area:
        return {filters.area.split(".")[1]}
    parts = {area.split(".")[1] if "." in area else "" for area in actor.areas()}
    return set() if "" in parts else parts


def _first(rows: QuerySet[Asset], districts: set[str], many: int) -> list[Asset]:
    """The first so many by code: inside districts a range of codes, and the few whose code names another district."""
    if not districts:
        return list(rows[:many])
    found = {row.code: row for part in (rows.filter(_begins(districts)), rows.filter(STRAY)) for row in part[:many]}
    return [found[code] for code in sorted(found)[:many]]


def _begins(prefixes: Iterable[str]) -> Q:
    answer = Q(pk__in=())
    for prefix in sorted(prefixes):
        answer |= Q(code__startswith=prefix)
    return answer


def narrowed(rows: QuerySet[Asset], given: Filters) -> QuerySet[Asset]:
    """Those of the rows that pass every filter; removed ones only by their state."""
    rows = rows.filter(state=given.state) if given.state else rows.exclude(state=State.REMOVED)
    if given.attributes:
        rows = _with_attributes(rows, given)
    elif given.type:
        rows = rows.filter(type__in=AssetType.objects.filter(code=given.type))
    if given.area:
        rows = rows.filter(Q(area=given.area) | Q(area__startswith=f"{given.area}."))
    if given.cell:
        rows = rows.filter(cell=given.cell)
    if given.office:
        rows = rows.filter(Q(authority=given.office) | Q(owner=given.office) | Q(maintainer=given.office))
    return rows.filter(_said(given.q)) if given.q else rows


def _with_attributes(rows: QuerySet[Asset], given: Filters) -> QuerySet[Asset]:
    """Those of a type whose attributes are so; the key of the type stands in the query, as its indexes want it."""
    kind = AssetType.objects.filter(code=given.type).first()
    hot = {one.name: one for one in hot_of(kind.schema)} if kind else {}
    for name, value in given.attributes:
        if kind is None or name not in hot:
            raise Invalid("assets.no_such_filter", given=f"{ATTRIBUTE}{name}"[:40])
        told = cast(kind.schema, {name: value})[name]
        rows = rows.filter(equals(hot[name], told), type=kind.pk)
    return rows


def how_many(filters: Filters, most: int, *, actor: Actor) -> int:
    """How many there are of these; counting stops at one more than `most`."""
    return narrowed(Asset.objects.filter(visible_to(actor)), filters).order_by()[: most + 1].count()


def _said(words: str) -> Q:
    """Digits are the beginning of a code; other words stand in the name of a type or of the component itself."""
    if words.isascii() and words.isdigit():
        return Q(code__startswith=words)
    kinds = [row.pk for row in AssetType.objects.all() if any(words.lower() in n.lower() for n in row.names.values())]
    named = ~Q(names={}) & (Q(names__zh__icontains=words) | Q(names__en__icontains=words))
    return Q(type__in=kinds) | named if kinds else named


def types_standing() -> Sequence[tuple[str, Mapping[str, str], str]]:
    """Every type in use with its names and its shape, by code: choices of a form."""
    rows = AssetType.objects.filter(retired=False).order_by("major", "minor", "code")
    return [(row.code, row.names, row.geometry) for row in rows]


def type_of(code: str) -> AssetType:
    """A type; NotFound where there is none."""
    found = AssetType.objects.filter(code=code).first()
    if found is None:
        raise NotFound("assets.no_type", type=code[:60])
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a component's past: what was done, by whom, who proposed it, why, and each field before and after."""

    version: int
    at: datetime
    act: str
    by: str
    proposed_by: str
    why: str
    changes: Sequence[tuple[str, Any, Any]]


def history(code: str, *, actor: Actor) -> list[Line]:
    """Everything that became of a component, newest first, down to its birth."""
    row = component_row(code, actor=actor)
    changes = list(_changes(row))
    lines = [_line(change) for change in changes]
    if not changes or changes[-1].before is not None:
        lines.append(_brought(row, changes))
    return lines


def _changes(row: Asset) -> QuerySet[Change]:
    return Change.objects.filter(asset=row).order_by("-version")


def _line(change: Change) -> Line:
    before, after = change.before or {}, change.after or {}
    changed = [(name, before[name], after[name]) for name in fields_of(before)]
    label = change.actor_label or change.actor
    proposed = change.proposer_label or change.proposer
    return Line(change.version, change.at, change.act, label, proposed, change.why, changed)


def _brought(row: Asset, changes: Sequence[Change]) -> Line:
    """The birth of a component that a file brought: told by the survey that it first belonged to."""
    first = row.survey_id
    for change in changes:
        first = (change.before or {}).get("survey", first)
    survey = Survey.objects.filter(pk=first or 0).first()
    by = survey.taken_by if survey else ""
    number = by.removeprefix("user:")
    person = accounts.people([int(number)]).get(int(number)) if number.isdigit() else None
    source = survey.source if survey else ""
    return Line(1, row.created_at, "import", person.label if person else by, "", source, [])


def present(row: Asset) -> dict[str, Any]:
    """A component as its history writes it down."""
    names = ("names", "state", *OFFICES, "accuracy", "source", "attributes", "cell", "area")
    return {"geom": bytes(row.geom.wkb).hex(), **{name: getattr(row, name) for name in names}, "survey": row.survey_id}


def past(code: str, moment: datetime, *, actor: Actor) -> dict[str, Any]:
    """What the register said of a component at a moment; Invalid before it was entered."""
    row = component_row(code, actor=actor)
    changes = [Past(one.version, one.at, one.before, one.after) for one in _changes(row)]
    found = as_of(present(row), changes, row.created_at, moment)
    if found is None:
        raise Invalid("assets.not_yet", code=code)
    return dict(found)


def photos_of(row: Asset) -> list[Photo]:
    """The pictures of a component, newest first."""
    return list(row.photos.all())


def photo(pk: int, *, actor: Actor) -> Photo:
    """A picture of what the actor may see: a component, a request of their own or on their ground, a finding."""
    own = Q(request__proposer=actor.key) | Q(finding__surveyor=actor.key) if actor.user_id is not None else Q(pk__in=())
    keeping = ("component.edit", "admin")
    kept = Q(request__isnull=False) & ground_q(actor, keeping, "request__area")
    kept |= Q(finding__isnull=False) & ground_q(actor, keeping, "finding__area")
    seen = Q(asset__isnull=False) & visible_to(actor, "asset__")
    found = Photo.objects.filter(seen | kept | own, pk=pk).first()
    if found is None:
        raise NotFound("assets.no_picture")
    return found


def names_picture(sha256: str) -> bool:
    """Whether a picture of the register is this content, as it came or as its public copy."""
    return Photo.objects.filter(Q(sha256=sha256) | Q(public_sha256=sha256)).exists()
