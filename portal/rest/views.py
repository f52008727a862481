"""The methods of GeoReport v2, for anybody; each answers as XML or as JSON, refusals too."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from core import clock
from core.errors import DomainError, NotFound
from core.sentences import sentence_of
from portal import actions, rules, selectors
from portal.contracts import Refused
from portal.rest import outputs, shapes
from portal.rest.asked import check_jurisdiction, form_of, telling_in, told
from portal.rest.formats import Form, Json, Negotiation, Reading, Reporting, Xml

CHANGESET = "2026-11-20T09:00:00+08:00"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
KEPT_STATUSES = frozenset({403, 404, 405, 429})
JURISDICTION = OpenApiParameter("jurisdiction_id", str)
REFUSED = dict.fromkeys((400, 404, 429), outputs.Refusal(many=True))


def status_of(status: int) -> int:
    """Whatever the specification has no number for is 400."""
    return status if status in KEPT_STATUSES else 400


class Open311View(APIView):
    """A method of the interface: no sign-in, no session; refusals as a list of code and description."""

    root = "service_requests"
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (Xml, Json)
    parser_classes = (Form, MultiPartParser)
    content_negotiation_class = Negotiation
    http_method_names = ["get", "head", "post"]
    test = False

    def get_throttles(self) -> list[BaseThrottle]:
        """Who reports is counted apart from who reads."""
        return [Reporting() if self.request.method == "POST" else Reading()]

    def handle_exception(self, exc: Exception) -> Response:
        """Every refusal in the form asked for; what is our own fault goes on as it is."""
        errors = list(_errors(exc))
        if not errors:
            raise exc
        status, headers = errors[0]["code"], {}
        if wait := getattr(exc, "wait", None):
            headers["Retry-After"] = f"{int(wait) + 1}"
        response = Response(errors, status=status, headers=headers)
        response.exception = True
        return response


def _errors(exc: Exception) -> Sequence[dict[str, Any]]:
    if isinstance(exc, DomainError):
        faults = exc.faults if isinstance(exc, Refused) else (exc,)
        return [{"code": status_of(one.status), "description": sentence_of(one)} for one in faults]
    if isinstance(exc, Http404):
        return [{"code": 404, "description": _("There is no such thing here.")}]
    if isinstance(exc, APIException) and exc.status_code < 500:
        return [{"code": status_of(exc.status_code), "description": str(exc.detail)}]
    if isinstance(exc, SuspiciousOperation):
        return [{"code": 400, "description": _("The request could not be read.")}]
    return []


class DiscoveryView(Open311View):
    """Where the interface is, in which formats, and whom to ask for a key."""

    root = "discovery"

    @extend_schema(operation_id="open311_discovery", responses={200: outputs.Discovery, **REFUSED})
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Two endpoints: the one that counts, and one that judges reports like it and stores nothing."""
        page = request.build_absolute_uri(reverse("open311-docs"))
        endpoints = [
            {
                "specification": SPECIFICATION,
                "url": page + path,
                "changeset": CHANGESET,
                "type": kind,
                "formats": ["text/xml", "application/json"],
            }
            for kind, path in (("production", "v2"), ("test", "test/v2"))
        ]
        contact = settings.OPEN311_CONTACT or _("The city's supervision centre")
        key_service = _("%(contact)s gives keys; how to ask for one: %(page)s") % {"contact": contact, "page": page}
        body = {"changeset": CHANGESET, "contact": contact, "key_service": key_service, "endpoints": endpoints}
        return Response(body)


class ServicesView(Open311View):
    """What may be reported."""

    root = "services"

    @extend_schema(
        operation_id="open311_services",
        parameters=[JURISDICTION],
        responses={200: outputs.Service(many=True), **REFUSED},
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every open service."""
        check_jurisdiction(request.query_params)
        return Response([shapes.service(one) for one in selectors.open_services()])


class ServiceView(Open311View):
    """What a service asks."""

    root = "service_definition"

    @extend_schema(
        operation_id="open311_definition", parameters=[JURISDICTION], responses={200: outputs.Definition, **REFUSED}
    )
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        """The questions of a service, in order."""
        check_jurisdiction(request.query_params)
        return Response(shapes.definition(selectors.open_service(code)))


class RequestsView(Open311View):
    """The reports of citizens, and the way to make one."""

    @extend_schema(
        operation_id="open311_requests",
        parameters=[
            JURISDICTION,
            *(
                OpenApiParameter(name, str)
                for name in ("service_request_id", "service_code", "start_date", "end_date", "status", "extensions")
            ),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses={200: outputs.ServiceRequest(many=True), **REFUSED},
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Newest first, 1,000 at most; with numbers those, whatever else is asked."""
        given = request.query_params
        check_jurisdiction(given)
        numbers = rules.codes_in(told(given, "service_request_id"), "service_request_id")
        services = rules.codes_in(told(given, "service_code"), "service_code")
        if not numbers and (unknown := selectors.unknown_services(services)):
            raise NotFound("portal.unknown_service", code=unknown[0][:40])
        found = selectors.found(
            rules.window(told(given, "start_date"), told(given, "end_date"), clock.now()),
            rules.page(told(given, "page"), told(given, "page_size")),
            numbers=numbers,
            services=services,
            states=rules.statuses(told(given, "status")),
        )
        return Response(shapes.requests(found, extended=told(given, "extensions") == "true"))

    @extend_schema(
        operation_id="open311_report",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        request={
            "application/x-www-form-urlencoded": outputs.Telling,
            "multipart/form-data": outputs.Telling,
        },
        responses={
            **dict.fromkeys((200, 201), outputs.Taken(many=True)),
            403: outputs.Refusal(many=True),
            **REFUSED,
        },
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """A new report (201), or the first one of its Idempotency-Key (200)."""
        given = form_of(request)
        key = told(given, "api_key") or told(request.query_params, "api_key")
        check_jurisdiction({**request.query_params.dict(), **given.dict()})
        taken = actions.take(telling_in(request), api_key=key, store=not self.test)
        return Response([shapes.taken(taken)], status=201 if taken.new else 200)


class RequestView(Open311View):
    """One report."""

    @extend_schema(
        operation_id="open311_request",
        parameters=[JURISDICTION, OpenApiParameter("extensions", OpenApiTypes.BOOL)],
        responses={200: outputs.ServiceRequest(many=True), **REFUSED},
    )
    def get(self, request: Request, number: str, **kwargs: Any) -> Response:
        """A list of the one."""
        given = request.query_params
        check_jurisdiction(given)
        return Response(shapes.requests(selectors.one(number), extended=told(given, "extensions") == "true"))


class TokenView(Open311View):
    """What became of a token."""

    @extend_schema(
        operation_id="open311_token", parameters=[JURISDICTION], responses={200: outputs.Token(many=True), **REFUSED}
    )
    def get(self, request: Request, token: str, **kwargs: Any) -> Response:
        """The number, once somebody has taken the report up; empty until then."""
        check_jurisdiction(request.query_params)
        row, public = selectors.by_token(token)
        return Response([shapes.token(row, public=public)])


class NothingView(Open311View):
    """An address below the endpoint that is no method's."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Refused in the form asked for, like everything here."""
        raise Http404
