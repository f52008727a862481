"""Message templates over HTTP: the version that was seen goes in If-Match, the new one comes back as ETag."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden, PreconditionRequired
from exchange import actions, selectors
from exchange.models import MessageTemplate
from exchange.rest.words import WordsField
from exchange.selectors import TemplateEntry

TAG = 'The ETag of the template; "0" before its first version'
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description=TAG)


class PlaceOut(serializers.Serializer[Any]):
    """What may stand in braces, what it is, and what may stand there."""

    name = serializers.CharField()
    names = WordsField()
    example = WordsField()


class TemplateOut(serializers.Serializer[Any]):
    """An occasion and what is said at it; `version` 0 where nobody has written anything yet."""

    occasion = serializers.CharField()
    names = WordsField()
    places = PlaceOut(many=True)
    version = serializers.IntegerField()
    in_use = serializers.BooleanField()
    titles = WordsField()
    bodies = WordsField()
    urgent = serializers.BooleanField()
    pack = serializers.CharField(allow_blank=True)
    differs = serializers.BooleanField()
    pack_says = serializers.DictField(child=WordsField(), allow_null=True)


class TextsIn(serializers.Serializer[Any]):
    """A text in both languages."""

    zh = serializers.CharField(max_length=1000)
    en = serializers.CharField(max_length=1000)


class TemplateIn(serializers.Serializer[Any]):
    """The whole of a template."""

    titles = TextsIn()
    bodies = TextsIn()
    enabled = serializers.BooleanField(default=True)
    urgent = serializers.BooleanField(required=False, help_text="Breaks through quiet hours; left out, it stays.")


class TemplateVersionOut(serializers.Serializer[Any]):
    """A version that was in force."""

    version = serializers.IntegerField()
    titles = WordsField()
    bodies = WordsField()
    enabled = serializers.BooleanField()
    retired = serializers.BooleanField()
    made_label = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField()


def _told(entry: TemplateEntry) -> dict[str, Any]:
    row = entry.row or MessageTemplate()
    return {
        "occasion": entry.occasion.code,
        "names": entry.occasion.names,
        "places": [place._asdict() for place in entry.occasion.places],
        "version": entry.version,
        "in_use": entry.in_use,
        **entry.texts,
        "urgent": row.urgent,
        "pack": row.pack,
        "differs": row.differs,
        "pack_says": row.said or None,
    }


def _answer(code: str) -> Response:
    entry = selectors.template(code)
    return Response(TemplateOut(_told(entry)).data, headers={"ETag": f'"{entry.version}"'})


def _seen(request: Request) -> int:
    given = re.fullmatch(r'"([0-9]{1,9})"', request.headers.get("If-Match", "").strip())
    if given is None:
        raise PreconditionRequired("message.version_needed")
    return int(given[1])


class TemplatesGate(APIView):
    """Opens to administrators; of what ground, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("message.not_admin")


class TemplatesView(TemplatesGate):
    """The templates."""

    @extend_schema(operation_id="message_templates_list", responses=TemplateOut(many=True))
    def get(self, request: Request) -> Response:
        """Every occasion with what is said at it."""
        return Response(TemplateOut([_told(entry) for entry in selectors.templates()], many=True).data)


class TemplateView(TemplatesGate):
    """One template."""

    @extend_schema(operation_id="message_templates_read", responses=TemplateOut)
    def get(self, request: Request, code: str) -> Response:
        """What is said at the occasion, and which places its texts may have."""
        return _answer(code)

    @extend_schema(operation_id="message_templates_save", parameters=[SEEN], request=TemplateIn, responses=TemplateOut)
    def put(self, request: Request, code: str) -> Response:
        """It is said so from now on; 412 where somebody changed it meanwhile, 400 where nothing fills a place."""
        seen, given = _seen(request), TemplateIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.save_template(code, **given.validated_data, seen=seen, actor=request.actor)
        return _answer(code)


class TemplateResetView(TemplatesGate):
    """Back to the pack."""

    @extend_schema(operation_id="message_templates_reset", parameters=[SEEN], request=None, responses=TemplateOut)
    def post(self, request: Request, code: str) -> Response:
        """It says again what its pack says; 409 where no pack says anything."""
        actions.reset_template(code, seen=_seen(request), actor=request.actor)
        return _answer(code)


class TemplateVersionsView(TemplatesGate):
    """What was said before."""

    @extend_schema(operation_id="message_templates_versions", responses=TemplateVersionOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """Every version, newest first."""
        return Response(TemplateVersionOut(selectors.template_versions(code), many=True).data)
