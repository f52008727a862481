"""The answers of the open interface, field by field, in the order of the specification."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.contracts import ENDS, Stage
from core.languages import pick
from portal import rules, selectors
from portal.actions import Taken
from portal.contracts import OpenService, Question
from portal.models import Report
from portal.selectors import Found

Shape = dict[str, Any]


def _when(moment: datetime | None) -> str | None:
    """ISO 8601 with zone, to the second."""
    return localtime(moment).replace(microsecond=0).isoformat() if moment else None


def service(one: OpenService) -> Shape:
    """A line of the list of services."""
    return {
        "service_code": one.code,
        "service_name": pick(one.names),
        "description": pick(one.about) or pick(one.names),
        "metadata": bool(one.questions),
        "type": "realtime" if one.realtime else "batch",
        "keywords": pick(one.keywords) or None,
        "group": one.group,
    }


def definition(one: OpenService) -> Shape:
    """What a service asks beside the place."""
    asked = [_question(question, order) for order, question in enumerate(one.questions, start=1)]
    return {"service_code": one.code, "attributes": asked}


def _question(one: Question, order: int) -> Shape:
    told: Shape = {
        "variable": one.variable,
        "code": one.code,
        "datatype": str(one.datatype),
        "required": one.required,
        "datatype_description": pick(one.hint) or None,
        "order": order,
        "description": pick(one.names),
    }
    values = [{"key": key, "name": pick(names)} for key, names in one.values]
    return told | ({"values": values} if values else {})


def taken(one: Taken) -> Shape:
    """What the reporter is told: a number or a token, never both."""
    name = {"service_request_id": one.number} if one.number else {"token": str(one.token)}
    return {**name, "service_notice": pick(one.service.notice) or None, "account_id": one.account or None}


def token(row: Report, *, public: bool) -> Shape:
    """The number behind a token, once it is public."""
    return {"service_request_id": row.case.number if public else None, "token": str(row.token)}


def requests(found: Found, *, extended: bool) -> list[Shape]:
    """The reports as everybody may read them."""
    shapes = [_request(row, found.organisations) for row in found.rows]
    if extended:
        notes, asked = selectors.notes_of(found.rows), selectors.extras(found.rows)
        for shape, row in zip(shapes, found.rows, strict=True):
            shape |= _extras(row, notes.get(row.case_id, ()), asked.get(row.service, ()))
    return shapes


def _request(row: Report, organisations: Mapping[str, Any]) -> Shape:
    case = row.case
    point = case.point
    ended = case.closed_at or case.stage_since
    return {
        "service_request_id": case.number,
        "status": "closed" if case.stage in ENDS else "open",
        "status_notes": stage_words(case.stage),
        "service_name": pick(case.category.names) if case.category else None,
        "service_code": case.category_code,
        "description": rules.masked(row.description) or None,
        "agency_responsible": pick(organisations.get(case.organisation)) or None,
        "service_notice": _("Held until later") if case.held_until and case.stage not in ENDS else None,
        "requested_datetime": _when(case.reported_at),
        "updated_datetime": _when(ended if case.stage in ENDS else case.stage_since),
        "expected_datetime": _when(case.due_at),
        "address": rules.masked(case.address) or None,
        "address_id": case.component or None,
        "zipcode": None,
        "lat": point.y if point else None,
        "long": point.x if point else None,
        "media_url": None,
    }


def stage_words(stage: str) -> str:
    """How far it is, in words for everybody; what staff wrote is not among them."""
    return {
        Stage.REPORTED: _("Received"),
        Stage.VERIFYING: _("Somebody is going to look"),
        Stage.ACCEPTED: _("Taken up"),
        Stage.CLOSED: _("Done"),
        Stage.REJECTED: _("Not taken up"),
        Stage.VOIDED: _("Withdrawn"),
        Stage.FED_BACK: _("Work done, to be checked"),
        Stage.CHECKING: _("Work done, to be checked"),
        Stage.CHECKED: _("Work done and checked"),
        Stage.HANDLING: _("At work"),
        Stage.HANDLED: _("At work"),
        Stage.REWORK: _("At work again after a check"),
    }.get(Stage(stage), _("On its way to those who do the work"))


def _extras(row: Report, notes: Iterable[tuple[datetime, str]], asked: Sequence[Mapping[str, Any]]) -> Shape:
    named = {one["code"]: one for one in asked}
    return {
        "attributes": [
            {"code": code, "description": pick(named[code]["names"]), "value": _answer(value, named[code])}
            for code, value in row.case.attributes.items()
            if code in named
        ],
        "extended_attributes": {
            "stage": row.case.stage,
            "registered_datetime": _when(row.case.registered_at),
            "closed_datetime": _when(row.case.closed_at),
        },
        "notes": [{"datetime": _when(at), "description": stage_words(stage), "type": "status"} for at, stage in notes],
    }


def _answer(value: Any, asked: Mapping[str, Any]) -> str:
    names = {one["key"]: one["names"] for one in asked.get("values", ())}
    told = value if isinstance(value, list) else [value]
    return rules.masked(", ".join(pick(names.get(one)) or str(one) for one in told))
