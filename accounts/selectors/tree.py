"""The tree of organisations: as it stands now, as it stood, and as the plans will make it stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from accounts.contracts import Kind, PlannedAct, PlanState
from accounts.models import Contract, Crew, Organisation, OrganisationKind, Plan, Standing, User
from accounts.rules import move_refusal, place_under, rebased
from core import clock
from core.errors import NotFound
from core.pinyin import named_so
from core.querying import scope_q
from core.scope import Actor, under


@dataclass(frozen=True)
class Node:
    """An organisation in the tree at some moment; `people` are active accounts now, of itself and (`all`) below it."""

    code: str
    names: Mapping[str, str]
    kind: str
    level: str
    parent: str
    path: str
    area: str
    duties: tuple[str, ...]
    active: bool
    people: int = 0
    all_people: int = 0
    children: int = 0

    @property
    def depth(self) -> int:
        """0 for a root."""
        return self.path.count(".")


def tree(at: datetime | None = None) -> list[Node]:
    """Every organisation with its place at a moment (now without one), each parent before its children."""
    now = clock.now()
    if at is None or at == now:
        nodes = _standing_now()
    elif at < now:
        nodes = _stood(at)
    else:
        nodes = _will_stand(_standing_now(), at)
    return _counted(sorted(nodes, key=lambda node: node.path.split(".")))


def _standing_now() -> list[Node]:
    return [
        Node(row.code, row.names, row.kind, row.level, row.parent.code if row.parent else "", row.path, row.area,
             tuple(row.duties), row.active)
        for row in Organisation.objects.select_related("parent")
    ]  # fmt: skip


def _stood(at: datetime) -> list[Node]:
    rows = Standing.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at)
    return [
        Node(row.organisation.code, row.names, row.organisation.kind, row.organisation.level,
             row.parent.code if row.parent else "", row.path, row.organisation.area, tuple(row.duties), row.active)
        for row in rows.select_related("organisation", "parent")
    ]  # fmt: skip


def _will_stand(nodes: list[Node], at: datetime) -> list[Node]:
    for plan in plans().filter(at__lte=at):
        mover = next(node for node in nodes if node.code == plan.organisation.code)
        if plan.act == PlannedAct.CLOSE:
            nodes = [replace(node, active=node.active and not under(node.path, mover.path)) for node in nodes]
            continue
        above = next((node.path for node in nodes if plan.parent and node.code == plan.parent.code), "")
        if not move_refusal(mover.path, above):
            nodes = _moved(nodes, mover, above)
    return nodes


def _moved(nodes: list[Node], mover: Node, above: str) -> list[Node]:
    after = place_under(above, mover.code)
    moved = [replace(node, path=rebased(node.path, mover.path, after)) for node in nodes]
    return [replace(node, parent=above.rpartition(".")[2]) if node.code == mover.code else node for node in moved]


def _counted(nodes: list[Node]) -> list[Node]:
    homes = Counter(User.objects.filter(is_active=True).values_list("organisation__code", flat=True))
    below: Counter[str] = Counter()
    children: Counter[str] = Counter(node.parent for node in nodes if node.parent)
    for node in nodes:
        parts = node.path.split(".")
        for depth in range(1, len(parts) + 1):
            below[".".join(parts[:depth])] += homes[node.code]
    return [
        replace(node, people=homes[node.code], all_people=below[node.path], children=children[node.code])
        for node in nodes
    ]


def found_in(nodes: Iterable[Node], text: str) -> list[Node]:
    """The nodes whose code, names or duties hold the text, with everything above them, in the same order."""
    held, wanted = list(nodes), text.casefold()
    keep: set[str] = set()
    for node in held:
        told = " ".join([node.code, *map(str, node.names.values()), *node.duties]).casefold()
        if wanted in told:
            parts = node.path.split(".")
            keep |= {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return [node for node in held if node.path in keep]


def plans() -> QuerySet[Plan]:
    """What is planned and has not come yet, the next first."""
    return Plan.objects.filter(state=PlanState.PLANNED).select_related("organisation", "parent").order_by("at", "id")


def plans_of(code: str) -> QuerySet[Plan]:
    """Every plan there was for an organisation, newest first."""
    found = Plan.objects.filter(organisation__code=code).select_related("organisation", "parent")
    return found.order_by("-at", "-id")


def refused_plans() -> QuerySet[Plan]:
    """Plans that could not be carried out and after which nothing else was done, newest first."""
    return Plan.objects.filter(state=PlanState.REFUSED).select_related("organisation", "parent").order_by("-at", "-id")


def history_of(code: str) -> QuerySet[Standing]:
    """How an organisation stood, newest first."""
    found = Standing.objects.filter(organisation__code=code).exclude(valid_until=F("valid_from"))
    return found.select_related("parent").order_by("-valid_from", "-id")


def moved_paths() -> dict[str, str]:
    """Every path that an organisation once had and has no more, with the one it has now.

    A path ends in the organisation's code, so that a former path can never become somebody else's.
    """
    rows = Standing.objects.exclude(path=F("organisation__path"))
    return dict(rows.values_list("path", "organisation__path").distinct())


def people_under(path: str) -> QuerySet[User]:
    """Active people whose organisation is the one at the path or lies below it."""
    here = Q(organisation__path=path) | Q(organisation__path__startswith=path + ".")
    return User.objects.filter(here, is_active=True)


def kinds() -> QuerySet[OrganisationKind]:
    """The kinds of organisations of the city's model."""
    return OrganisationKind.objects.filter(retired=False)


def administered(actor: Actor) -> QuerySet[Organisation]:
    """The organisations on the ground that the actor administers, in the order of the tree."""
    return Organisation.objects.filter(scope_q(actor.scope("admin"), "path", "area")).order_by("path")


def organisations_found(words: str, actor: Actor) -> list[Organisation]:
    """Those in use that the actor administers and that are called so, also by Pinyin initials, by the tree."""
    rows = administered(actor).filter(active=True)
    return [row for row in rows if named_so(words, row.code, *row.names.values())]


def administered_organisation(code: str, actor: Actor) -> Organisation:
    """One of them; NotFound where there is none of that code on the actor's ground."""
    found = administered(actor).filter(code=code).select_related("parent").first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    return found


def contracts_of(code: str) -> QuerySet[Contract]:
    """The contracts of a contractor, newest first."""
    return Contract.objects.filter(organisation__code=code)


def contract_of(contract_id: int, actor: Actor) -> Contract:
    """A contract of a contractor on the ground that the actor administers; NotFound of none."""
    found = Contract.objects.filter(pk=contract_id, organisation__in=administered(actor)).select_related("organisation")
    contract = found.first()
    if contract is None:
        raise NotFound("accounts.no_such_contract", contract_id=contract_id)
    return contract


def contractors(actor: Actor) -> QuerySet[Organisation]:
    """The contractors in use on the actor's ground, with their contracts, crews and number of active people."""
    staff = Count("people", filter=Q(people__is_active=True))
    crews = Prefetch("crews", queryset=Crew.objects.filter(active=True))
    found = administered(actor).filter(kind=Kind.CONTRACTOR, active=True).annotate(staff=staff)
    return found.select_related("parent").prefetch_related("contracts", crews)


def contracts_ending(actor: Actor, days: int) -> QuerySet[Contract]:
    """The contracts on the actor's ground that end within so many days and are not continued, soonest first."""
    now = clock.now()
    more = Contract.objects.filter(
        organisation=OuterRef("organisation"), valid_from__lte=OuterRef("valid_until"),
        valid_until__gt=OuterRef("valid_until"),
    )  # fmt: skip
    found = Contract.objects.filter(valid_from__lte=now, valid_until__gt=now, valid_until__lte=now + timedelta(days))
    home = found.filter(organisation__in=administered(actor).filter(active=True), organisation__kind=Kind.CONTRACTOR)
    return home.exclude(Exists(more)).select_related("organisation").order_by("valid_until", "pk")


def crew_of(code: str, actor: Actor) -> Crew:
    """A crew of an organisation on the ground that the actor administers; NotFound of none."""
    found = Crew.objects.filter(code=code, organisation__in=administered(actor)).select_related("organisation").first()
    if found is None:
        raise NotFound("accounts.no_such_crew", code=code)
    return found


def crews_of(code: str) -> QuerySet[Crew]:
    """The crews of an organisation that are in use."""
    return Crew.objects.filter(organisation__code=code, active=True)


def standing_rows() -> Iterator[dict[str, object]]:
    """How every organisation stands and stood, as rows of a file: parents first, of one organisation the latest first.

    A stretch without `valid_until` is the present one; what lasted for no time is left out.
    """
    rows = Standing.objects.exclude(valid_until=F("valid_from")).select_related("organisation", "parent")
    rows = rows.order_by("path", "-valid_from")
    for row in rows.iterator(chunk_size=1000):
        one = row.organisation
        yield {
            "code": one.code,
            "name": row.names.get("zh", ""),
            "name_en": row.names.get("en", ""),
            "kind": one.kind,
            "level": one.level,
            "parent": row.parent.code if row.parent else "",
            "area": one.area,
            "duties": ";".join(row.duties),
            "active": row.active,
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        }
