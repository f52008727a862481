"""Organisations move with all below them, or close: at once or from a date on, and never without a preview."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from accounts.actions.guards import require_admin
from accounts.actions.organisations import parent_of, record_organisation, require_place
from accounts.actions.standing import grants_under, hold_tree, remember, subtree
from accounts.contracts import (
    OrganisationClosed,
    OrganisationMoved,
    PlannedAct,
    PlanNews,
    PlanState,
    stakes,
)  # fmt: skip
from accounts.models import Contract, Crew, CrewMember, Grant, Organisation, Plan, Post, User, Watch
from accounts.rules import conflicts, move_refusal, place_under, reach, rebased
from accounts.selectors import named_facts, people_under
from core import clock
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.languages import pick
from core.scope import Actor, machine
from journal.actions import record

BACK = timedelta(days=1)
LISTED = 50


@dataclass(frozen=True)
class Counted:
    """Something else that stands under the subtree, from a stake; where it hinders, nothing is closed over it."""

    code: str
    names: Mapping[str, str]
    count: int
    hinders: bool


@dataclass(frozen=True)
class Reached:
    """Somebody from above whose grant will cover the subtree, or will cover it no more."""

    user: User
    role: Mapping[str, str]
    org: str


@dataclass(frozen=True)
class Preview:
    """What a move or closing would do, worked out by doing it and taking it back; `refusal` is why it cannot be."""

    before: str
    after: str
    organisations: list[Organisation]
    people: int
    posts: int
    grants: int
    counted: list[Counted]
    gains: list[Reached] = field(default_factory=list)
    loses: list[Reached] = field(default_factory=list)
    refusal: DomainError | None = None


@transaction.atomic
def preview_move(code: str, *, parent: str, actor: Actor) -> Preview:
    """Nothing changes; answers what moving the organisation under `parent` would do."""
    row, above = _mover(code, parent, actor)
    after = place_under(above.path if above else "", row.code)
    found = _reached(row.path, after)
    return _preview(row, after, lambda: _move(row, above, actor), gains=found["gains"], loses=found["loses"])


@transaction.atomic
def preview_close(code: str, *, actor: Actor) -> Preview:
    """Nothing changes; answers what closing the organisation would do."""
    row = _found(code, actor)
    return _preview(row, "", lambda: _close(row, actor))


@transaction.atomic
def move_organisation(code: str, *, parent: str, actor: Actor, at: datetime | None = None, note: str = "") -> Plan:
    """The organisation stands under `parent` ("" for none) with all below it and every grant over them, from `at` on.

    Without `at` it moves now; otherwise the move is planned, and a sweep carries it out.
    """
    row, above = _mover(code, parent, actor)
    _require_move(row, above)
    plan = _plan(row, PlannedAct.MOVE, above, at, note, actor)
    if plan.state == PlanState.DONE:
        _move(row, above, actor)
    return plan


@transaction.atomic
def close_organisation(code: str, *, actor: Actor, at: datetime | None = None, note: str = "") -> Plan:
    """The organisation and all below it are out of use from `at` on (now without it): posts and grants end.

    People keep their accounts and their history.
    """
    row = _found(code, actor)
    if not row.active:
        raise Conflict("accounts.closed_already", name=pick(row.names))
    plan = _plan(row, PlannedAct.CLOSE, None, at, note, actor)
    if plan.state == PlanState.DONE:
        _close(row, actor)
    return plan


@transaction.atomic
def cancel_plan(plan_id: int, *, actor: Actor) -> Plan:
    """What was planned will not happen."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("organisation", "parent").filter(pk=plan_id)
    found = plan.first()
    if found is None:
        raise NotFound("accounts.no_such_plan", plan_id=plan_id)
    require_admin(actor, org=found.organisation.path, area=found.organisation.area)
    if found.state != PlanState.PLANNED:
        raise Conflict("accounts.plan_over")
    _end(found, PlanState.CANCELLED)
    _record_plan("accounts.plan_cancelled.v1", found, actor)
    return found


def carry_out_plans(limit: int = 200) -> int:
    """Every plan whose time has come is carried out, or refused with its reason, once; answers how many were."""
    due = Plan.objects.filter(state=PlanState.PLANNED, at__lte=clock.now()).order_by("at", "id")
    return sum(_carry_out(plan_id) for plan_id in due.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _carry_out(plan_id: int) -> int:
    hold_tree()
    plan = (
        Plan.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=plan_id, state=PlanState.PLANNED)
        .select_related("organisation", "parent")
        .first()
    )
    if plan is None:
        return 0
    actor = machine(plan.made_by, "admin", label=plan.made_label)
    try:
        with transaction.atomic():
            if plan.act == PlannedAct.MOVE:
                _move(plan.organisation, plan.parent, actor)
            else:
                _close(plan.organisation, actor)
    except DomainError as refused:
        told = {name: str(value)[:200] for name, value in refused.params.items()}
        _end(plan, PlanState.REFUSED, {"code": refused.code, "params": told})
        _record_plan("accounts.plan_refused.v1", plan, actor)
        return 1
    _end(plan, PlanState.DONE)
    return 1


def _end(plan: Plan, state: PlanState, refusal: Mapping[str, object] | None = None) -> None:
    plan.state, plan.ended_at, plan.refusal = state, clock.now(), dict(refusal or {})
    plan.save(update_fields=["state", "ended_at", "refusal"])


def _found(code: str, actor: Actor) -> Organisation:
    hold_tree()
    found = parent_of(code)
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    require_admin(actor, org=found.path, area=found.area)
    return found


def _mover(code: str, parent: str, actor: Actor) -> tuple[Organisation, Organisation | None]:
    row = _found(code, actor)
    above = parent_of(parent)
    require_admin(actor, org=above.path if above else "", area=row.area)
    return row, above


def _require_move(row: Organisation, above: Organisation | None) -> None:
    refusal = move_refusal(row.path, above.path if above else "")
    if refusal:
        raise Conflict(refusal, name=pick(row.names), parent=pick(above.names) if above else "")
    if above is not None and not above.active:
        raise Conflict("accounts.parent_closed", parent=pick(above.names))
    require_place(above, row.kind, row.level, row.area)


def _plan(
    row: Organisation, act: PlannedAct, above: Organisation | None, at: datetime | None, note: str, actor: Actor
) -> Plan:
    now = clock.now()
    if at is not None and at < now - BACK:
        raise Invalid("accounts.date_is_past")
    if row.plans.filter(state=PlanState.PLANNED).exists():
        raise Conflict("accounts.plan_exists", name=pick(row.names))
    later = at is not None and at > now
    plan = Plan.objects.create(
        organisation=row,
        act=act,
        parent=above,
        at=at if at is not None and later else now,
        note=note.strip()[:400],
        state=PlanState.PLANNED if later else PlanState.DONE,
        made_by=actor.key,
        made_label=actor.label,
        made_at=now,
        ended_at=None if later else now,
    )
    if later:
        _record_plan("accounts.plan_made.v1", plan, actor)
    return plan


def _move(row: Organisation, above: Organisation | None, actor: Actor) -> None:
    _require_move(row, above)
    now, before = clock.now(), row.path
    after = place_under(above.path if above else "", row.code)
    held = list(subtree(before))
    for one in held:
        one.path = rebased(one.path, before, after)
        if len(one.path) > 400:
            raise Conflict("accounts.tree_too_deep", name=pick(one.names))
        if one.pk == row.pk:
            one.parent = above
    Organisation.objects.bulk_update(held, ["path", "parent"])
    remember(held, now)
    moving = grants_under(before, now)
    taken = list(moving.values_list("pk", flat=True))
    Grant.objects.filter(pk__in=taken).update(org=Concat(Value(after), Substr("org", len(before) + 1)))
    _refuse_clashes(taken, now)
    news = OrganisationMoved(row.code, before, after, len(held), len(taken))
    record("accounts.organisation_moved.v1", subject=f"organisation:{row.code}", actor=actor, org=after,
           area=row.area, data=news)  # fmt: skip
    row.path, row.parent = after, above


def _refuse_clashes(taken: list[int], now: datetime) -> None:
    """Nobody judges, where the subtree stands now, work that they did."""
    people = Grant.objects.filter(pk__in=taken).values("user")
    by_person: dict[int, list[Grant]] = {}
    for row in Grant.objects.not_over(now).filter(user__in=people).select_related("role", "user", "post__organisation"):
        by_person.setdefault(row.user_id, []).append(row)
    for held in by_person.values():
        for clash in conflicts(map(named_facts, held)):
            raise Conflict("accounts.move_makes_conflict", person=held[0].user.get_full_name(),
                           first=clash.first.role, second=clash.second.role)  # fmt: skip


def _close(row: Organisation, actor: Actor) -> None:
    now = clock.now()
    for stake in stakes():
        if stake.hinders and (count := stake.count(row.path)):
            raise Conflict("accounts.closing_hindered", name=pick(row.names), count=count, what=pick(stake.names))
    held = [one for one in subtree(row.path) if one.active]
    for one in held:
        one.active = False
    Organisation.objects.bulk_update(held, ["active"])
    remember(held, now)
    Post.objects.filter(organisation__in=held, active=True).update(active=False)
    ended = _end_grants(row.path, held, actor, now)
    Watch.objects.filter(organisation__in=held, begins_at__gt=now).delete()
    Contract.objects.filter(organisation__in=held, valid_from__lte=now, valid_until__gt=now).update(valid_until=now)
    Contract.objects.filter(organisation__in=held, valid_from__gt=now).delete()
    CrewMember.objects.filter(crew__organisation__in=held, until=None).update(until=now)
    Crew.objects.filter(organisation__in=held).update(active=False)
    for one in held:
        if one.pk != row.pk:
            record_organisation("accounts.organisation_changed.v1", one, actor)
    news = OrganisationClosed(row.code, row.path, len(held), ended)
    record("accounts.organisation_closed.v1", subject=f"organisation:{row.code}", actor=actor, org=row.path,
           area=row.area, data=news)  # fmt: skip
    row.active = False


def _end_grants(path: str, held: list[Organisation], actor: Actor, now: datetime) -> int:
    """The grants over the subtree and those of its posts are over; answers how many."""
    ending = grants_under(path, now) | Grant.objects.not_over(now).filter(post__organisation__in=held)
    taken = list(ending.values_list("pk", flat=True))
    Grant.objects.filter(pk__in=taken, valid_from__gt=now).update(valid_from=now)
    return Grant.objects.filter(pk__in=taken).update(valid_until=now, revoked_by=actor.key[:80])


def _reached(before: str, after: str) -> dict[str, list[Reached]]:
    found: dict[str, list[Reached]] = {"gains": [], "loses": []}
    above = Grant.objects.not_over(clock.now()).exclude(org="").filter(user__is_active=True)
    for one in above.select_related("user", "role").order_by("user__label", "pk"):
        change = reach(one.org, before, after)
        if change:
            found[change].append(Reached(one.user, one.role.names, one.org))
    return found


def _preview(row: Organisation, after: str, act: Callable[[], None], **more: list[Reached]) -> Preview:
    before, now = row.path, clock.now()
    counted = [Counted(one.code, one.names, one.count(before), one.hinders) for one in stakes()]
    organisations = list(subtree(before))
    grants = grants_under(before, now)
    posts = Post.objects.filter(organisation__in=organisations, active=True).count()
    people, number = people_under(before).count(), grants.count()
    refusal = None
    point = transaction.savepoint()
    try:
        act()
    except DomainError as refused:
        refusal = refused
    transaction.savepoint_rollback(point)
    return Preview(before, after, organisations, people, posts, number, counted, refusal=refusal, **more)


def _record_plan(kind: str, plan: Plan, actor: Actor) -> None:
    row = plan.organisation
    parent = plan.parent.code if plan.parent else ""
    news = PlanNews(row.code, plan.act, parent, plan.at.isoformat(), str(plan.refusal.get("code", "")))
    record(kind, subject=f"organisation:{row.code}", actor=actor, org=row.path, area=row.area, data=news)
