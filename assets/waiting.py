"""What of components waits for a person: proposed changes to decide on, streets of a census to survey or to check."""

from assets import selectors
from assets.contracts import StreetState
from assets.models import ChangeRequest, Street
from assets.templatetags.component_words import told
from core.languages import pick
from core.scope import Actor
from core.waiting import Desk, Pile, Waiting, piled, register_desk


def _keeps(actor: Actor) -> bool:
    return any(actor.holds(right) for right in selectors.KEEPING)


def _request(row: ChangeRequest) -> Waiting:
    code = row.asset.code if row.asset else ""
    return Waiting(
        f"{pick(row.type.names)} {code}".strip(), told(row.kind, "request"),
        f"/component-requests/?before={row.pk + 1}#request-{row.pk}", area=row.area, since=row.asked_at,
    )  # fmt: skip


def _requests(actor: Actor, most: int) -> Pile:
    return piled(selectors.requests_to_decide(actor), most, _request, "/component-requests/")


def _street(row: Street) -> Waiting:
    """A street is surveyed on a page of its own, and checked on that of its census."""
    surveyed = row.state == StreetState.ASSIGNED
    href = f"/census/{row.project_id}/" + (f"streets/{row.code}/" if surveyed else "")
    what = f"{row.project.title} · {pick(row.names)}"
    return Waiting(what, told(row.state, "street"), href, area=row.area, since=row.changed_at)


def _streets(actor: Actor, most: int) -> Pile:
    return piled(selectors.streets_waiting(actor), most, _street, "/census/")


register_desk(Desk("component-requests", {"zh": "部件变更", "en": "Changes of components"}, _keeps, _requests))
register_desk(
    Desk(
        "census", {"zh": "普查", "en": "Census"},
        lambda actor: _keeps(actor) or actor.holds("component.propose"), _streets,
    )
)  # fmt: skip
