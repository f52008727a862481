"""Taking a step over HTTP: the version seen goes in If-Match, the new one comes back as ETag."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import Case
from cases.rest import inputs, outputs
from cases.rest.reading import version_of
from cases.rest.views import answer, refusals
from core.uploads import uploaded

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description='"<version>"')
AGAIN = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description="Said again by whoever heard no answer: a step that they took from this version is told as taken.",
)  # fmt: skip
MOVED = {200: outputs.CaseOut, **refusals(400, 404, 409, 410, 412, 413, 415, 428)}


def read(shape: type[inputs.Strict], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


DECIDING = frozenset({"verdict"})
"""What makes one step another: whoever says yes and then no did not say the same again."""
AHEAD = {"uploads": "photos", "before": "before", "after": "after"}


def came_ahead(given: dict[str, Any]) -> dict[str, Any]:
    """The pictures that came ahead, as the steps take pictures."""
    pictures = {AHEAD[name]: uploaded(given[name]) for name in AHEAD.keys() & given.keys()}
    return {**{name: value for name, value in given.items() if name not in AHEAD}, **pictures}


def said_again(request: Request, number: str, verb: str, version: int, said: Mapping[str, object]) -> Case | None:
    """The case where the caller took this very step before and, with a key, says so again; None where it is new."""
    if "Idempotency-Key" not in request.headers:
        return None
    return selectors.taken_before(number, verb, actor=request.actor, version=version, said=said)


def step_view(verb: str) -> type[APIView]:
    """The view of one verb, with the shape of what it takes."""
    shape, action = inputs.VERBS[verb], getattr(actions, verb)

    @extend_schema(operation_id=f"cases_{verb}", parameters=[IF_MATCH, AGAIN], request=shape, responses=MOVED)
    def post(self: APIView, request: Request, number: str) -> Response:
        version, given = version_of(request), read(shape, request)
        said = {name: given[name] for name in DECIDING & given.keys()}
        if (taken := said_again(request, number, verb, version, said)) is not None:
            return answer(selectors.view_of(taken, repeated=True))
        return answer(action(number, actor=request.actor, version=version, **came_ahead(given)))

    post.__doc__ = action.__doc__
    return type(f"{verb.title().replace('_', '')}View", (APIView,), {"post": post, "__doc__": action.__doc__})


class LocateView(APIView):
    """Giving an unlocated report its place."""

    @extend_schema(operation_id="cases_locate", parameters=[IF_MATCH], request=inputs.Locate, responses=MOVED)
    def post(self, request: Request, number: str) -> Response:
        """The report has a place inside the grid."""
        version = version_of(request)
        return answer(actions.locate(number, actor=request.actor, version=version, **read(inputs.Locate, request)))
