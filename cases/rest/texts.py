"""Standard texts over HTTP, for those who keep them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import StandardText
from cases.rest.outputs import Error, Names
from core import versions
from core.errors import Forbidden

REFUSED = dict.fromkeys((401, 403), Error)
UNSEEN = dict.fromkeys((400, 404, 412, 428), Error)
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class StandardTextIn(serializers.Serializer):
    """A text for a step, for every class or for those whose code begins with `category`."""

    verb = serializers.CharField(max_length=30)
    category = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    zh = serializers.CharField(max_length=1000)
    en = serializers.CharField(max_length=1000)


class StandardTextOut(serializers.Serializer):
    """A text in use."""

    id = serializers.IntegerField()
    verb = serializers.CharField()
    category = serializers.CharField(allow_blank=True)
    texts = Names()
    changed_by = serializers.CharField()
    changed_at = serializers.DateTimeField()


class TextsGate(APIView):
    """Opens to administrators; of what ground, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("text.not_admin")

    def saved(self, request: Request, **which: Any) -> StandardText:
        """The text, as it was sent."""
        given = StandardTextIn(data=request.data)
        given.is_valid(raise_exception=True)
        return actions.save_text(**given.validated_data, **which, actor=request.actor)


def _answer(row: StandardText, status: int = 200) -> Response:
    """The text with its version as ETag."""
    headers = versions.headers_of(selectors.text_told(row))
    return Response(StandardTextOut(row).data, status=status, headers=headers)


class TextsView(TextsGate):
    """The texts."""

    @extend_schema(operation_id="texts_list", responses={200: StandardTextOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Those in use, by step."""
        return Response(StandardTextOut(selectors.standard_texts(), many=True).data)

    @extend_schema(
        operation_id="texts_create", request=StandardTextIn, responses={201: StandardTextOut, 400: Error, **REFUSED}
    )
    def post(self, request: Request) -> Response:
        """A new one; 400 where nothing could fill one of its places."""
        return _answer(self.saved(request), 201)


class TextView(TextsGate):
    """One text."""

    @extend_schema(operation_id="texts_read", responses={200: StandardTextOut, 404: Error, **REFUSED})
    def get(self, request: Request, pk: int) -> Response:
        """With its places unfilled; the ETag goes back with a change."""
        return _answer(selectors.standard_text(pk))

    @extend_schema(
        operation_id="texts_save",
        parameters=[SEEN],
        request=StandardTextIn,
        responses={200: StandardTextOut, **UNSEEN, **REFUSED},
    )
    def put(self, request: Request, pk: int) -> Response:
        """It reads so from now on; 412 where somebody else changed it since it was read."""
        held, seen = selectors.standard_text(pk), versions.required(request.headers)
        return _answer(self.saved(request, text_id=held.pk, seen=seen))

    @extend_schema(operation_id="texts_retire", parameters=[SEEN], responses={204: None, **UNSEEN, **REFUSED})
    def delete(self, request: Request, pk: int) -> Response:
        """It is offered no more; what was said with it stays."""
        held, seen = selectors.standard_text(pk), versions.required(request.headers)
        actions.retire_text(held.pk, seen=seen, actor=request.actor)
        return Response(status=204)
