"""Who the caller is, and the keys that their programs read with."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.actions import end_key, make_key


class MeOut(serializers.Serializer[Any]):
    """The caller as cases name them: key, label, organisation (path) and the rights held somewhere."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    org = serializers.CharField(allow_blank=True)
    rights = serializers.ListField(child=serializers.CharField())


class Me(APIView):
    """The caller."""

    @extend_schema(operation_id="me", responses=MeOut)
    def get(self, request: Request) -> Response:
        """Key, label, organisation and rights of who is signed in."""
        actor = request.actor
        rights = sorted(right for right in actor.rights if actor.holds(right))
        return Response({"key": actor.key, "label": actor.label, "org": actor.org, "rights": rights})


class KeyOut(serializers.Serializer[Any]):
    """A key that opens something; `text` is told once, when it is made."""

    id = serializers.IntegerField()
    label: Any = serializers.CharField()
    made_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)


class NewKeyOut(KeyOut):
    """A key that was made just now."""

    text = serializers.CharField()


class KeyIn(serializers.Serializer[Any]):
    """What the key is for, and for how long."""

    label: Any = serializers.CharField(max_length=80)
    days = serializers.IntegerField(min_value=1, max_value=366, default=90)


class Keys(APIView):
    """One's own keys for programs."""

    @extend_schema(operation_id="keys", responses=KeyOut(many=True))
    def get(self, request: Request) -> Response:
        """Those in force, newest first."""
        return Response(KeyOut(selectors.keys_of(request.actor), many=True).data)

    @extend_schema(operation_id="make_key", request=KeyIn, responses={201: NewKeyOut})
    def post(self, request: Request) -> Response:
        """A new key; its text is in this answer and nowhere else."""
        given = KeyIn(data=request.data)
        given.is_valid(raise_exception=True)
        key, text = make_key(**given.validated_data, actor=request.actor)
        return Response({**KeyOut(key).data, "text": text}, status=201, headers={"Cache-Control": "no-store"})


class OneKey(APIView):
    """One key."""

    @extend_schema(operation_id="end_key", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """It opens nothing any more."""
        end_key(pk, actor=request.actor)
        return Response(status=204)
