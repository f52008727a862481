"""Whom the news of the register concerns: who proposed a change, and who surveys a street of a census."""

from collections.abc import Mapping, Sequence
from functools import partial

from assets.contracts import ProjectState, RequestState, StreetState
from assets.models import ChangeRequest, Street
from assets.selectors.census import projects_visible_to
from assets.selectors.requests import requests_visible_to
from core.languages import pick
from core.scope import Actor
from exchange.contracts.messages import Tidings, people_of
from journal.contracts import EntryView

DECISIONS: Mapping[str, Mapping[str, str]] = {
    RequestState.ACCEPTED: {"zh": "已采纳", "en": "accepted"},
    RequestState.REFUSED: {"zh": "未采纳", "en": "refused"},
}


def tidings(entry: EntryView) -> Sequence[Tidings]:
    """What an entry is to people; a street is told of when its census has begun."""
    if entry.kind == "assets.change_decided.v1":
        return _decided(entry)
    streets = Street.objects.select_related("project").filter(project_id=int(entry.data["project"]))
    if entry.kind == "assets.street_moved.v1":
        streets = streets.filter(code=entry.data["street"])
    elif entry.data["state"] != ProjectState.RUNNING:
        return []
    given: dict[str, list[Street]] = {}
    for street in streets:
        if street.state == StreetState.ASSIGNED and street.project.state == ProjectState.RUNNING:
            given.setdefault(street.surveyor, []).append(street)
    return [_given(held, entry) for held in given.values()]


def _decided(entry: EntryView) -> Sequence[Tidings]:
    request = ChangeRequest.objects.select_related("asset").filter(pk=int(entry.data["request"])).first()
    decision = DECISIONS.get(entry.data["state"])
    if request is None or decision is None:
        return []
    values = {
        "number": {"zh": str(request.pk)},
        "component": {"zh": request.asset.code if request.asset else ""},
        "decision": decision,
        "by": {"zh": entry.actor_label},
    }
    href = f"/component-requests/{request.pk}/"
    return [Tidings("component.decided", people_of(request.proposer), values, href, partial(_sees_request, request.pk))]


def _given(streets: Sequence[Street], entry: EntryView) -> Tidings:
    """The streets of one surveyor."""
    first = streets[0]
    named = {"zh": "、".join(pick(one.names, "zh") for one in streets)}
    values = {
        "census": {"zh": first.project.title},
        "street": {**named, "en": ", ".join(pick(one.names, "en") for one in streets)},
        "round": {"zh": str(first.round)},
        "by": {"zh": entry.actor_label},
    }
    back = entry.kind == "assets.street_moved.v1" and first.reason
    code = "census.sent_back" if back else "census.assigned"
    href = f"/census/{first.project_id}/" + (f"streets/{first.code}/" if len(streets) == 1 else "")
    sees = partial(_sees_census, first.project_id)
    return Tidings(code, people_of(first.surveyor), values, href, sees, key=first.surveyor)


def _sees_request(pk: int, actor: Actor) -> bool:
    return requests_visible_to(actor).filter(pk=pk).exists()


def _sees_census(pk: int, actor: Actor) -> bool:
    return projects_visible_to(actor).filter(pk=pk).exists()
