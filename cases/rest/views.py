"""Reading cases and reporting them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.contracts.evidence import DoubtShown
from cases.models import Case, Evidence
from cases.rest import inputs, outputs
from cases.rest.evidence_shapes import EvidenceOut
from cases.rest.reading import key_of, page_of, pictured
from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.scope import Actor
from core.sentences import sentence_of
from core.uploads import Uploaded, bounded, uploaded
from exchange.selectors import told_about

PAGING = ("cursor", "limit")


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers that carry an error, for the schema."""
    return {status: OpenApiResponse(outputs.Error) for status in (401, 403, *statuses)}


def answer(view: Any, status: int = 200) -> Response:
    """A case with its version as ETag, and a sentence where the place is missing."""
    more = {} if view.located else {"notice": sentence_of(DomainError("case.kept_unlocated"))}
    body = outputs.case_json(view, **more)
    return Response(body, status=status, headers={"ETag": f'"{view.version}"', "Cache-Control": "no-cache"})


class SeenGate(APIView):
    """Opens to whoever sees cases; of which, the selectors ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `case.see`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("case.see"):
            raise Forbidden("case.no_page")


class CasesView(APIView):
    """The cases one may see, and the way to report one."""

    @extend_schema(
        operation_id="cases_list",
        parameters=[
            *[OpenApiParameter(name, str) for name in selectors.FILTERS],
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses={200: outputs.CasePage, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Newest first, by page; `stage` and `source` take several words, comma separated; `q` needs every word."""
        given = request.query_params.dict()
        wanted = {name: value for name, value in given.items() if name not in PAGING}
        rows = selectors.filtered(wanted, request.actor)
        page = page_of(rows, given, selectors.lately(wanted, request.actor))
        results = [outputs.case_json(view) for view in page.views]
        return Response({"results": results, "next": page.following, "previous": page.preceding})

    @extend_schema(
        operation_id="cases_report",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        request={"application/json": inputs.Report, "multipart/form-data": inputs.PicturedReport},
        responses={200: outputs.CaseOut, 201: outputs.CaseOut, **refusals(400, 404, 409, 410, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """A new case (201), or the first one of this key (200).

        A class may ask for a picture of the problem: a collector sends it with the report, as multipart/form-data,
        or ahead of it through /api/uploads/ and names it in `uploads`.
        """
        key, (told, photos) = key_of(request), pictured(request)
        given = _checked(inputs.Report, told)
        ahead = uploaded(given.pop("uploads"))
        view = actions.report(actor=request.actor, source_ref=key, photos=[*photos, *ahead], **given)
        return answer(view, status=200 if view.repeated else 201)


class CaseView(APIView):
    """One case."""

    @extend_schema(operation_id="cases_read", responses={200: outputs.CaseOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """The case, with its version as ETag."""
        return answer(selectors.view_of(selectors.case(number, request.actor)))


class MessagesView(APIView):
    """Who was told of a case."""

    @extend_schema(operation_id="cases_messages", responses={200: outputs.ToldOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """The newest messages about it, whom each reached, and when they read it."""
        found = selectors.case(number, request.actor)
        return Response(outputs.ToldOut(told_about(found.number), many=True).data)


class CountsView(APIView):
    """The queues."""

    @extend_schema(operation_id="cases_counts", responses={200: outputs.Counts, **refusals()})
    def get(self, request: Request) -> Response:
        """How many cases stand in each queue of the caller."""
        return Response(outputs.Counts(selectors.counts(request.actor)).data)


class FiguresView(APIView):
    """The city in figures."""

    @extend_schema(operation_id="cases_figures", responses={200: outputs.FiguresOut, **refusals()})
    def get(self, request: Request) -> Response:
        """Open and overdue now, registered and closed today, by district."""
        return Response(
            outputs.FiguresOut(selectors.figures(request.actor)).data, headers={"Cache-Control": "no-store"}
        )


class MovesView(APIView):
    """The history of a case."""

    @extend_schema(operation_id="cases_moves", responses={200: outputs.MoveOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Every step that was taken, oldest first."""
        found = selectors.history(selectors.case(number, request.actor))
        return Response(outputs.MoveOut(found, many=True).data)


class ClocksView(APIView):
    """The clocks of a case."""

    @extend_schema(operation_id="cases_clocks", responses={200: outputs.ClockOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Every clock, and why its deadline is what it is."""
        found = selectors.why_due(selectors.case(number, request.actor))
        return Response(outputs.ClockOut(found, many=True).data)


class StepsView(APIView):
    """What may be done next."""

    @extend_schema(operation_id="cases_steps", responses={200: outputs.StepOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """The steps that the caller's duties may take from here, and what stands in their way."""
        found = selectors.open_steps(selectors.case(number, request.actor), request.actor)
        return Response(outputs.StepOut([_step_json(step) for step in found], many=True).data)


def _step_json(step: Any) -> dict[str, Any]:
    message = "" if step.allowed else sentence_of(DomainError(step.code, **actions.told(step.params)))
    return {**vars(step), "message": message}


class ResponsibleView(APIView):
    """Who answers for the case."""

    @extend_schema(operation_id="cases_responsible", responses={200: outputs.ResponsibleOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """The organisation whose duty it is, and why."""
        found = selectors.case(number, request.actor)
        return Response(selectors.responsible(found.category_code, found.area)._asdict())


class CategoriesView(APIView):
    """The catalogue."""

    @extend_schema(operation_id="categories_list", responses={200: outputs.CategoryOut(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """The classes in force, by code."""
        return Response(outputs.CategoryOut(selectors.categories(), many=True).data)


class CategoryView(APIView):
    """One class."""

    @extend_schema(operation_id="categories_read", responses={200: outputs.CategoryOut, **refusals(404)})
    def get(self, request: Request, code: str) -> Response:
        """The class of this code in force."""
        found = selectors.category(code) if "\x00" not in code else None
        if found is None:
            raise NotFound("case.unknown_category", given=code)
        return Response(outputs.CategoryOut(found).data)


class EvidencesView(APIView):
    """The pictures and clips of a case."""

    @extend_schema(operation_id="evidence_list", responses={200: EvidenceOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Every picture, oldest first."""
        case = selectors.case(number, request.actor)
        found = selectors.pictures(case)
        return Response(evidence_json(case, found, request.actor))

    @extend_schema(
        operation_id="evidence_add",
        request={"multipart/form-data": inputs.Upload, "application/json": inputs.Upload},
        responses={201: EvidenceOut, **refusals(400, 404, 409, 410, 413, 415)},
    )
    def post(self, request: Request, number: str) -> Response:
        """A picture or a clip is evidence of the case: JPEG, PNG or WebP, at most 20 MB and 50 million pixels.

        Or MP4, MOV, WebM or 3GP, as long, large and fine as the city takes them (its evidence rule, at most 100 MB).
        """
        given = _valid(inputs.Upload, request)
        if ("file" in given) == ("upload" in given):
            raise Invalid("case.one_picture")
        content = bounded(given["file"], clips=True) if "file" in given else Uploaded(given["upload"])
        name = given["file"].name if "file" in given else ""
        row = actions.attach(number, actor=request.actor, content=content, filename=name, stage=given["phase"])
        return Response(evidence_json(row.case, [row], request.actor)[0], status=201)


def evidence_json(case: Case, rows: Sequence[Evidence], actor: Actor) -> Any:
    """Pictures of a case with what is doubtful about each."""
    doubts: dict[int, list[DoubtShown]] = {}
    for one in selectors.doubts(case, [row.pk for row in rows], actor) if rows else ():
        doubts.setdefault(one.evidence, []).append(one)
    return EvidenceOut(rows, many=True, context={"doubts": doubts}).data


BYTES: dict[Any, Any] = {(200, "image/jpeg"): OpenApiTypes.BINARY, **refusals(404)}


class OriginalView(APIView):
    """A sealed original, for those with `person.see`; reading it is on record."""

    @extend_schema(operation_id="evidence_original", responses={**BYTES, **refusals(409)})
    def get(self, request: Request, number: str, evidence: int) -> HttpResponse:
        """The bytes as they came in, their seal proved."""
        content, kind = actions.read_original(number, evidence, actor=request.actor)
        answer = picture_response(content, kind)
        if kind.startswith("video/"):
            answer["Content-Disposition"] = "attachment"
        return answer


class PublicView(APIView):
    """The public copy of a picture: upright, without metadata."""

    @extend_schema(operation_id="evidence_public", responses=BYTES)
    def get(self, request: Request, number: str, evidence: int) -> HttpResponse:
        """JPEG, for whoever may see the case."""
        return picture_response(actions.public_copy(number, evidence, actor=request.actor), "image/jpeg")


def picture_response(content: bytes, kind: str) -> HttpResponse:
    """Bytes that no browser may take for anything but a picture."""
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
            "Cache-Control": "private, max-age=3600",
        },
    )


def _valid(shape: type, request: Request) -> dict[str, Any]:
    return _checked(shape, request.data)


def _checked(shape: type, told: Any) -> dict[str, Any]:
    given = shape(data=told)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
