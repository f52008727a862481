"""Case files over HTTP: list, one file, every step, history, papers, the party masked or whole for a reason."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid, PreconditionRequired
from core.sentences import say
from enforcement import actions, selectors
from enforcement.contracts import PartyKind, Procedure
from enforcement.selectors import Standing, Term

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)


class DossierRefusal(serializers.Serializer):
    """Every refusal: a code to branch on, a sentence with its article, the facts in it."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers that carry an error, for the schema."""
    return {status: OpenApiResponse(DossierRefusal) for status in (401, 403, *statuses)}


class TermOut(serializers.Serializer):
    """A term: its last day, how many days are left, how it is counted and by which article."""

    code = serializers.CharField()
    until = serializers.DateField()
    left = serializers.IntegerField()
    level = serializers.CharField()
    why = serializers.DictField()
    article = serializers.DictField()


class NextOut(serializers.Serializer):
    """A step that may follow for the caller, what it asks for, and why it may not be taken now."""

    verb = serializers.CharField()
    asks = serializers.ListField(child=serializers.CharField())
    refusal = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)


class DossierLine(serializers.Serializer):
    """A file as lists have it; nothing of the party."""

    number = serializers.CharField()
    stage = serializers.CharField()
    procedure = serializers.CharField()
    party_kind = serializers.CharField()
    cause = serializers.CharField()
    cause_names = serializers.DictField()
    act_on = serializers.DateField()
    area = serializers.CharField()
    org = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    case = serializers.CharField(allow_blank=True)
    fine = serializers.DecimalField(max_digits=12, decimal_places=2)
    officers = serializers.ListField(child=serializers.CharField())
    decided_on = serializers.DateField(allow_null=True)
    served_on = serializers.DateField(allow_null=True)
    next_due = serializers.DateField(allow_null=True)
    next_period = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class DossierOut(DossierLine):
    """One file with its terms, what is owed and what may follow."""

    owed = serializers.DecimalField(max_digits=12, decimal_places=2)
    surcharge = serializers.DecimalField(max_digits=12, decimal_places=2)
    terms = TermOut(many=True)
    steps = NextOut(many=True)


class DossierPage(serializers.Serializer):
    """Files, newest first; `next` is the cursor of the next page."""

    results = DossierLine(many=True)
    next = serializers.CharField(allow_null=True)


class DossierTurn(serializers.Serializer):
    """A step of the file, or of the case it came from."""

    at = serializers.DateTimeField()
    verb = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    said = serializers.DictField()
    actor = serializers.CharField(allow_blank=True)
    case = serializers.CharField(allow_blank=True)


class DossierTurns(serializers.Serializer):
    """One history, newest first."""

    results = DossierTurn(many=True)


class PaperOut(serializers.Serializer):
    """A paper, its digest, and whether its seal and all before it hold."""

    place = serializers.IntegerField()
    kind = serializers.CharField()
    number = serializers.CharField()
    seal = serializers.CharField()
    sealed_at = serializers.DateTimeField()
    whole = serializers.BooleanField()


class PapersOut(serializers.Serializer):
    """The papers of a file, in order."""

    results = PaperOut(many=True)


class PartyOut(serializers.Serializer):
    """A party, masked, or whole where a reason was given."""

    name = serializers.CharField()
    identity = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)


class PartyIn(serializers.Serializer):
    """The party as it is told."""

    name = serializers.CharField(max_length=80)
    identity = serializers.CharField(max_length=40, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)


class DossierIn(serializers.Serializer):
    """A new file: at a point, or from a case."""

    cause = serializers.CharField(max_length=40)
    act_on = serializers.DateField()
    procedure = serializers.ChoiceField(choices=[one.value for one in Procedure])
    party_kind = serializers.ChoiceField(choices=[one.value for one in PartyKind])
    party = PartyIn()
    about = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    case = serializers.CharField(max_length=40, required=False, allow_blank=True)
    harm = serializers.BooleanField(required=False)


class DossierStepIn(serializers.Serializer):
    """What the step asks for, by the names that `steps` of the file lists."""

    given = serializers.DictField(required=False)


class LookIn(serializers.Serializer):
    """Why the party is to be seen whole."""

    ground = serializers.ChoiceField(choices=actions.GROUNDS)
    note = serializers.CharField(max_length=400)


def body(shape: type, request: Request) -> dict[str, Any]:
    """The body as its shape wants it."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def version_of(request: Request) -> int:
    """The version that the program saw, from If-Match."""
    given = re.fullmatch(r'"([0-9]{1,9})"', request.headers.get("If-Match", "").strip())
    if given is None:
        raise PreconditionRequired("enforcement.version_needed")
    return int(given[1])


def line(row: Any) -> dict[str, Any]:
    """A file as lists have it."""
    names = [str(name) for name in DossierLine().fields if name not in ("cause", "cause_names")]
    same = {name: getattr(row, name) for name in names}
    return {**same, "cause": row.cause.code, "cause_names": row.cause.document["names"]}


def _term(one: Term) -> dict[str, Any]:
    return {**one._asdict(), "why": one.why, "article": one.article}


def _next(standing: Standing) -> list[dict[str, Any]]:
    return [
        {"verb": one.verb, "asks": list(one.asks), "refusal": one.no.code if one.no else "",
         "message": say(one.no.code, one.no.params) if one.no else ""}
        for one in standing.nexts
    ]  # fmt: skip


def answer(request: Request, number: str, status: int = 200) -> Response:
    """A file as it stands for the caller, with its version as ETag."""
    row = selectors.dossier(number, request.actor)
    standing = selectors.standing_of(row, request.actor)
    told = {
        **line(row), "owed": standing.debt.fine, "surcharge": standing.debt.surcharge,
        "terms": [_term(one) for one in standing.terms], "steps": _next(standing),
    }  # fmt: skip
    headers = {"ETag": f'"{row.version}"', "Cache-Control": "no-cache"}
    return Response(DossierOut(told).data, status=status, headers=headers)


class DossiersView(APIView):
    """The files that the caller sees."""

    @extend_schema(
        operation_id="dossiers_list",
        parameters=[*[OpenApiParameter(name, str) for name in (*selectors.FILTERS, "cursor")],
                    OpenApiParameter("limit", int)],
        responses={200: DossierPage, **refusals(400, 404)},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first."""
        given = {name: str(value) for name, value in request.query_params.items() if name not in ("cursor", "limit")}
        cursor, limit = (request.query_params.get(name, "") for name in ("cursor", "limit"))
        for name, value in (("cursor", cursor), ("limit", limit)):
            if value and not re.fullmatch(r"[0-9]{1,18}", value):
                raise Invalid("enforcement.bad_filter", filter=name, value=value[:40].replace("\0", ""))
        rows = selectors.dossiers(given, request.actor)
        most = min(selectors.MOST, max(1, int(limit or 50)))
        page = selectors.page_of(rows, below=int(cursor) if cursor else None, most=most)
        results = [DossierLine(line(row)).data for row in page.rows]
        return Response({"results": results, "next": str(page.following) if page.following else None})

    @extend_schema(
        operation_id="dossiers_open", parameters=[KEY], request=DossierIn,
        responses={201: DossierOut, **refusals(400, 404, 409)},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A file is opened; the same Idempotency-Key opens it once."""
        given = body(DossierIn, request)
        lon, lat = given.pop("lon", None), given.pop("lat", None)
        point = (lon, lat) if lon is not None and lat is not None else None
        key = request.headers.get("Idempotency-Key", "")
        row = actions.open_dossier(actor=request.actor, point=point, key=key, **given)
        return answer(request, row.number, 201)


class OneDossierView(APIView):
    """One file."""

    @extend_schema(operation_id="dossiers_read", responses={200: DossierOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """With its version as ETag."""
        return answer(request, number)


class DossierStepView(APIView):
    """A step of a file."""

    @extend_schema(
        operation_id="dossiers_step", parameters=[IF_MATCH], request=DossierStepIn,
        responses={200: DossierOut, **refusals(400, 404, 409, 412, 428)},
    )  # fmt: skip
    def post(self, request: Request, number: str, verb: str) -> Response:
        """The step is taken, or refused with the article that says so."""
        given, version = body(DossierStepIn, request), version_of(request)
        actions.take(number, verb, actor=request.actor, version=version, given=given.get("given") or {})
        return answer(request, number)


class DossierHistoryView(APIView):
    """What became of a file and of its case."""

    @extend_schema(operation_id="dossiers_history", responses={200: DossierTurns, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Newest first."""
        row = selectors.dossier(number, request.actor)
        return Response({"results": DossierTurn(selectors.history(row, request.actor), many=True).data})


class DossierPapersView(APIView):
    """The papers of a file."""

    @extend_schema(operation_id="dossiers_papers", responses={200: PapersOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """In order, each with whether its seal holds."""
        row = selectors.dossier(number, request.actor)
        told = [
            {"place": one.place, "kind": one.kind, "number": one.number, "seal": one.seal,
             "sealed_at": one.sealed_at, "whole": whole}
            for one, whole in selectors.documents_of(row, request.actor)
        ]  # fmt: skip
        return Response({"results": PaperOut(told, many=True).data})


class PartyView(APIView):
    """Who the file is about."""

    @extend_schema(operation_id="dossiers_party", responses={200: PartyOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Masked, for those with `person.see`."""
        row = selectors.dossier(number, request.actor)
        return Response(PartyOut(selectors.party_shown(row, request.actor)._asdict()).data)

    @extend_schema(
        operation_id="dossiers_look", request=LookIn, responses={200: PartyOut, **refusals(400, 404, 429)},
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        """Whole, for those with `person.unmask`; the reason is kept."""
        given = body(LookIn, request)
        whole = actions.look(number, actor=request.actor, **given)
        return Response(PartyOut(whole._asdict()).data, headers={"Cache-Control": "no-store"})
