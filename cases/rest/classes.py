"""The catalogue over HTTP as a city keeps it: classes with their switches, versions with a day to begin."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, rules, selectors
from cases.models import Category
from cases.rest import class_shapes as shapes
from cases.rest.outputs import Error
from cases.rest.reading import version_of
from cases.rest.replaying import replay_told
from cases.selectors import ClassEntry
from core.errors import Forbidden, Invalid, NotFound

READERS = ("case.see", "case.report", "admin")
NEEDED = "class.version_needed"
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the class")
FILTERS = ("q", "kind", "state")


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers that carry an error, for the schema."""
    return {status: OpenApiResponse(Error) for status in (401, 403, *statuses)}


class ClassesGate(APIView):
    """Opens to whoever works with cases, and for changes to administrators; of what ground, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A right to see or report cases; `admin` for whatever changes something."""
        super().initial(request, *args, **kwargs)
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        if not any(request.actor.holds(right) for right in (READERS if reads else ("admin",))):
            raise Forbidden("case.no_page" if reads else "class.not_yours")

    def read(self, shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
        """What was sent."""
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)


def _summary(one: ClassEntry) -> dict[str, Any]:
    row = one.row
    return {
        "code": row.code,
        "kind": row.kind,
        "names": row.names,
        "state": one.state,
        "enabled": one.enabled,
        "version": row.version,
        "newest": one.newest.version,
        "origin": one.newest.origin,
        "pack": one.newest.pack,
        "quick": row.quick,
        "differs": bool(one.differs),
    }


def _version(row: Category) -> dict[str, Any]:
    return {
        "version": row.version,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "withdrawn": row.withdrawn,
        "origin": row.origin,
        "made_label": row.made_label,
        "made_at": row.made_at,
        "reason": row.reason,
        "says": selectors.told(row),
    }


def _differences(found: list[rules.Difference]) -> list[dict[str, Any]]:
    return [one._asdict() for one in found]


def _full(code: str, status: int = 200) -> Response:
    """A class with all that is known of it; its newest version is the ETag that a change asks for."""
    one = selectors.class_entry(code)
    cases = selectors.cases_of_class(code)
    told = {
        **_summary(one),
        "in_force": _version(one.row),
        "to_come": _version(one.to_come) if one.to_come else None,
        "switch": one.switch,
        "pack_differences": _differences(one.differs),
        "cases": {"promised": cases.promised, "waiting": cases.waiting},
    }
    return Response(shapes.ClassOut(told).data, status=status, headers={"ETag": f'"{one.newest.version}"'})


def _saved(request: Request, given: dict[str, Any], seen: int, status: int = 200) -> Response:
    """The class is saved, or with `dry_run` only what that would change is told."""
    when = {"actor": request.actor, "seen": seen, "valid_from": given.pop("valid_from", None)}
    reason, dry, looked = (given.pop(name) for name in ("reason", "dry_run", "looked"))
    wanted = shapes.as_manifest(given)
    if dry:
        draft = actions.draft_class(wanted, **when)
        replay = replay_told(request, selectors.replay_class(wanted["code"], wanted))
        told = {"begins": draft.begins, "differences": _differences(draft.differences), "replay": replay}
        return Response({"draft": shapes.ClassDraftOut(told).data})
    row = actions.save_class(wanted, reason=reason, looked=looked, **when)
    answer = _full(row.code, status)
    return Response({"saved": answer.data}, status=status, headers={"ETag": answer["ETag"]})


class ClassesView(ClassesGate):
    """The catalogue."""

    @extend_schema(
        operation_id="classes_list",
        parameters=[
            OpenApiParameter("q", str, description="A code, a name or its Pinyin initials"),
            OpenApiParameter("kind", str, enum=["event", "component"]),
            OpenApiParameter("state", str, enum=[*selectors.STATES, "differs"]),
        ],
        responses={200: shapes.ClassSummaryOut(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Every class by code, also those switched off, to come and retired."""
        asked = shapes.ClassesWanted(data=request.query_params)
        asked.is_valid(raise_exception=True)
        text, kind, state = (asked.validated_data[name] for name in FILTERS)
        found = selectors.classes_found(selectors.class_entries(), text=text, kind=kind, state=state)
        return Response(shapes.ClassSummaryOut([_summary(one) for one in found], many=True).data)

    @extend_schema(
        operation_id="classes_create",
        request=shapes.NewClassIn,
        responses={200: shapes.ClassOrDraft, 201: shapes.ClassOrDraft, **refusals(400, 409, 412)},
    )
    def post(self, request: Request) -> Response:
        """A class of the city's own (201), or with `dry_run` what it would be (200)."""
        return _saved(request, self.read(shapes.NewClassIn, request), 0, 201)


class ClassView(ClassesGate):
    """One class."""

    @extend_schema(operation_id="classes_read", responses={200: shapes.ClassOut, **refusals(404)})
    def get(self, request: Request, code: str) -> Response:
        """What it says now and will say, its switch, and where city and pack differ; the ETag is the newest version."""
        return _full(code)

    @extend_schema(
        operation_id="classes_save",
        parameters=[SEEN],
        request=shapes.ClassIn,
        responses={200: shapes.ClassOrDraft, **refusals(400, 404, 409, 412, 428)},
    )
    def put(self, request: Request, code: str) -> Response:
        """It reads so from now or a day on, a retired one again too; `dry_run` only tells differences and replay."""
        seen, held = version_of(request, NEEDED), selectors.class_entry(code).row
        return _saved(request, {**self.read(shapes.ClassIn, request), "code": held.code}, seen)


class ClassRetireView(ClassesGate):
    """The end of a class."""

    @extend_schema(
        operation_id="classes_retire",
        parameters=[SEEN],
        request=shapes.ClassEndIn,
        responses={200: shapes.ClassOut, **refusals(400, 404, 409, 412, 428)},
    )
    def post(self, request: Request, code: str) -> Response:
        """From now or a day on no new case is of it; old ones keep it."""
        seen = version_of(request, NEEDED)
        actions.retire_class(code, actor=request.actor, seen=seen, **self.read(shapes.ClassEndIn, request))
        return _full(code)


class ClassVersionsView(ClassesGate):
    """The versions of a class."""

    @extend_schema(operation_id="classes_versions", responses={200: shapes.ClassVersionOut(many=True), **refusals(404)})
    def get(self, request: Request, code: str) -> Response:
        """The newest first."""
        rows = selectors.class_versions(code)
        if not rows:
            raise NotFound("case.unknown_category", given=code)
        return Response(shapes.ClassVersionOut([_version(row) for row in rows], many=True).data)


class ClassWithdrawView(ClassesGate):
    """A version to come."""

    @extend_schema(
        operation_id="classes_withdraw",
        request=shapes.ClassWhyIn,
        responses={200: shapes.ClassVersionOut, **refusals(400, 404, 409)},
    )
    def post(self, request: Request, code: str, version: int) -> Response:
        """It never will be; 409 once it has begun."""
        row = actions.withdraw_class(code, version, actor=request.actor, **self.read(shapes.ClassWhyIn, request))
        return Response(shapes.ClassVersionOut(_version(row)).data)


class ClassSwitchView(ClassesGate):
    """The switches."""

    @extend_schema(
        operation_id="classes_switch",
        request=shapes.SwitchIn,
        responses={200: shapes.SwitchedOut, **refusals(400, 404)},
    )
    def post(self, request: Request) -> Response:
        """New cases may, or may no longer, be of these classes; answers how many switches moved."""
        given = self.read(shapes.SwitchIn, request)
        if any("\x00" in code for code in given["codes"]):
            raise Invalid("case.bad_text")
        changed = actions.switch_classes(given.pop("codes"), actor=request.actor, **given)
        return Response({"changed": changed})


class ClassPresetsView(ClassesGate):
    """The presets."""

    @extend_schema(operation_id="classes_presets", responses={200: shapes.PresetOut(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """What the packs in force switch on to begin with; the city's own switches outlast it."""
        return Response(shapes.PresetOut(selectors.class_presets(), many=True).data)
