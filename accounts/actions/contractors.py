"""Contractors work for the city as long as their contract lasts; crews are the working parties within organisations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.actions.guards import require_admin, require_code, require_names
from accounts.actions.standing import hold_tree
from accounts.contracts import ContractNews, CrewNews, Kind, stakes
from accounts.models import Contract, Crew, CrewMember, Grant, Grants, Organisation, User
from accounts.selectors import crew_told
from core import clock
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.languages import pick
from core.scope import Actor
from core.versions import refuse_stale
from journal.actions import record

LISTED = 50


@dataclass(frozen=True)
class ContractPreview:
    """What another end of a contract would do: whose grants get the new end, and what stands under the contractor.

    `open_work` names what the contractor has in hand, from the stakes; `refusal` is why it cannot be.
    """

    contract: Contract
    until: datetime
    people: int
    grants: int
    listed: list[Grant]
    crews: int
    open_work: list[tuple[Mapping[str, str], int]]
    refusal: DomainError | None = None


@transaction.atomic
def make_contract(
    organisation: str, *, number: str, valid_from: datetime, valid_until: datetime, actor: Actor, scope: str = ""
) -> Contract:
    """The contractor works for the city from one moment until another, and its people hold nothing beyond that."""
    home = _contractor(organisation, actor)
    number, scope = _words(number, scope)
    if valid_until <= valid_from:
        raise Invalid("accounts.contract_ends_before_it_begins")
    if home.contracts.filter(valid_from__lt=valid_until, valid_until__gt=valid_from).exists():
        raise Conflict("accounts.contracts_overlap", name=pick(home.names))
    made = Contract.objects.create(
        organisation=home, number=number, scope=scope, valid_from=valid_from, valid_until=valid_until,
        made_by=actor.key,
    )  # fmt: skip
    cut = _held(home).filter(valid_from__gte=valid_from, valid_from__lt=valid_until)
    _record(made, cut.filter(_beyond(valid_until)).update(valid_until=valid_until), actor)
    return made


@transaction.atomic
def end_contract_on(contract_id: int, *, until: datetime, actor: Actor) -> Contract:
    """The contract ends at another time, and with it what the contractor's people hold.

    What was to end with the contract ends with its new end, later or sooner; what was to end before stays.
    """
    contract = _contract(contract_id, actor)
    home = contract.organisation
    now, before = clock.now(), contract.valid_until
    if before <= now:
        raise Conflict("accounts.contract_over", number=contract.number)
    until = max(until, now)
    if until < contract.valid_from:
        raise Invalid("accounts.contract_ends_before_it_begins")
    others = home.contracts.exclude(pk=contract.pk).filter(valid_from__lt=until, valid_until__gt=contract.valid_from)
    if others.exists():
        raise Conflict("accounts.contracts_overlap", name=pick(home.names))
    contract.valid_until = until
    contract.save(update_fields=["valid_until"])
    bound = _bound(contract, before, until)
    bound.filter(valid_from__gt=until).update(valid_from=until)
    _record(contract, bound.update(valid_until=until), actor)
    return contract


@transaction.atomic
def change_contract(contract_id: int, *, number: str, scope: str, actor: Actor) -> Contract:
    """The contract has this number and these words for what it covers; its time stays."""
    contract = _contract(contract_id, actor)
    contract.number, contract.scope = _words(number, scope)
    contract.save(update_fields=["number", "scope"])
    _record(contract, 0, actor)
    return contract


@transaction.atomic
def preview_contract_end(contract_id: int, *, until: datetime, actor: Actor) -> ContractPreview:
    """Nothing changes; answers what another end of the contract would do, worked out by doing it and taking it back."""
    contract = _contract(contract_id, actor)
    home, before, when = contract.organisation, contract.valid_until, max(until, clock.now())
    bound = _bound(contract, before, when).select_related("user", "role").order_by("user__label", "pk")
    rows = list(bound)
    refusal = None
    point = transaction.savepoint()
    try:
        end_contract_on(contract_id, until=until, actor=actor)
    except DomainError as refused:
        refusal = refused
    transaction.savepoint_rollback(point)
    return ContractPreview(
        contract, when, len({row.user_id for row in rows}), len(rows), rows[:LISTED],
        Crew.objects.filter(organisation=home, active=True).count(),
        [(one.names, one.count(home.path)) for one in stakes()], refusal,
    )  # fmt: skip


@transaction.atomic
def create_crew(*, organisation: str, code: str, names: Mapping[str, str], actor: Actor) -> Crew:
    """The organisation has this crew, with nobody in it."""
    require_code(code)
    home = _organisation(organisation, actor)
    if Crew.objects.filter(code=code).exists():
        raise Conflict("accounts.crew_exists", code=code)
    made = Crew.objects.create(code=code, names=require_names(names), organisation=home)
    _record_crew(made, actor)
    return made


@transaction.atomic
def change_crew(
    code: str,
    *,
    actor: Actor,
    names: Mapping[str, str] | None = None,
    active: bool | None = None,
    seen: str | None = None,
) -> Crew:
    """The crew has these names; one that is dissolved has nobody in it any more.

    Stale where it says something else than was `seen`.
    """
    crew = _crew(code, actor)
    refuse_stale(seen, crew_told(crew))
    if names is not None:
        crew.names = require_names(names)
    if active is not None:
        crew.active = active
    crew.save(update_fields=["names", "active"])
    if not crew.active:
        crew.members.filter(until=None).update(until=clock.now())
    _record_crew(crew, actor)
    return crew


@transaction.atomic
def join_crew(code: str, *, user_id: int, actor: Actor, leads: bool = False) -> CrewMember:
    """The person works in the crew; with `leads` they lead it, and whoever led it before works in it."""
    crew = _crew(code, actor)
    if not crew.active:
        raise Conflict("accounts.crew_dissolved", name=pick(crew.names))
    person = User.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=user_id).first()
    if person is None or not person.is_active:
        raise NotFound("accounts.no_such_person", user_id=user_id)
    if person.organisation is None or not _within(person.organisation.path, crew.organisation.path):
        raise Conflict("accounts.not_of_the_staff", user_id=user_id, name=pick(crew.organisation.names))
    if leads:
        crew.members.filter(until=None, leads=True).update(leads=False)
    held = crew.members.filter(user=person, until=None).first() or CrewMember(crew=crew, user=person, since=clock.now())
    held.leads = leads
    held.save()
    _record_crew(crew, actor)
    return held


@transaction.atomic
def leave_crew(code: str, *, user_id: int, actor: Actor) -> None:
    """The person works in the crew no more; whoever does not is left alone."""
    crew = _crew(code, actor)
    if crew.members.filter(user_id=user_id, until=None).update(until=clock.now()):
        _record_crew(crew, actor)


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith(root + ".")


def _organisation(code: str, actor: Actor) -> Organisation:
    hold_tree(shared=True)
    found = Organisation.objects.select_for_update(of=("self",)).filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    require_admin(actor, org=found.path, area=found.area)
    if not found.active:
        raise Conflict("accounts.organisation_closed", name=pick(found.names))
    return found


def _contract(contract_id: int, actor: Actor) -> Contract:
    found = Contract.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=contract_id)
    contract = found.first()
    if contract is None:
        raise NotFound("accounts.no_such_contract", contract_id=contract_id)
    contract.organisation = _contractor(contract.organisation.code, actor)
    return contract


def _words(number: str, scope: str) -> tuple[str, str]:
    number, scope = number.strip(), " ".join(scope.split())
    if not number or len(number) > 80:
        raise Invalid("accounts.contract_number")
    if len(scope) > 400:
        raise Invalid("accounts.contract_scope")
    return number, scope


def _contractor(code: str, actor: Actor) -> Organisation:
    found = _organisation(code, actor)
    if found.kind != Kind.CONTRACTOR:
        raise Conflict("accounts.not_a_contractor", name=pick(found.names))
    return found


def _held(home: Organisation) -> Grants:
    """What the contractor's people hold or will hold."""
    own = Q(user__organisation__path=home.path) | Q(user__organisation__path__startswith=home.path + ".")
    ids = Grant.objects.not_over(clock.now()).filter(own).values_list("pk", flat=True)
    return Grant.objects.filter(pk__in=list(ids))


def _bound(contract: Contract, before: datetime, until: datetime) -> Grants:
    """What ends with the contract, or would outlast its new end."""
    home = contract.organisation
    inside = _held(home).filter(valid_from__gte=contract.valid_from, valid_from__lt=max(before, until))
    return inside.filter(Q(valid_until=before) | _beyond(until), revoked_by="")


def _beyond(moment: datetime) -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=moment)


def _crew(code: str, actor: Actor) -> Crew:
    found = Crew.objects.select_for_update(of=("self",)).select_related("organisation").filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_crew", code=code)
    require_admin(actor, org=found.organisation.path, area=found.organisation.area)
    return found


def _record(contract: Contract, grants: int, actor: Actor) -> None:
    home = contract.organisation
    news = ContractNews(
        home.code, contract.pk, contract.valid_from.isoformat(), contract.valid_until.isoformat(), grants
    )
    record("accounts.contract_set.v1", subject=f"organisation:{home.code}", actor=actor, org=home.path,
           area=home.area, data=news)  # fmt: skip


def _record_crew(crew: Crew, actor: Actor) -> None:
    home = crew.organisation
    members = tuple(crew.members.filter(until=None).order_by("user_id").values_list("user_id", flat=True))
    record("accounts.crew_changed.v1", subject=f"crew:{crew.code}", actor=actor, org=home.path, area=home.area,
           data=CrewNews(crew.code, home.code, crew.active, members))  # fmt: skip
