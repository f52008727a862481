"""Sessions over HTTP: one's own browsers, and for administrators who is signed in and who is locked out."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions, selectors
from accounts.models import OpenSession
from accounts.rest.organisations import AdminView
from accounts.rules import device_of

UNKEPT = {"Cache-Control": "no-store"}


class SessionOut(serializers.Serializer[Any]):
    """A browser in which somebody is signed in; `here` is the one that asks."""

    id = serializers.IntegerField()
    browser = serializers.CharField(allow_blank=True)
    system = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    opened_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    here = serializers.BooleanField()


class EndedOut(serializers.Serializer[Any]):
    """How many browsers were signed out."""

    ended = serializers.IntegerField()


class SignedInOut(serializers.Serializer[Any]):
    """Somebody who is signed in, or whom too many wrong passwords have locked out."""

    user_id = serializers.IntegerField()
    username = serializers.CharField()
    label: Any = serializers.CharField()
    locked_until = serializers.DateTimeField(allow_null=True)
    sessions = SessionOut(many=True)


class SignedInWanted(serializers.Serializer[Any]):
    """Whom to look for, by name."""

    q = serializers.CharField(required=False, max_length=60, default="", allow_blank=True)


def _session(row: OpenSession, here: str = "") -> dict[str, Any]:
    browser, system = device_of(row.agent)
    return {
        "id": row.pk,
        "browser": browser,
        "system": system,
        "address": row.address,
        "opened_at": row.opened_at,
        "seen_at": row.seen_at,
        "here": row.key == here,
    }


class Sessions(APIView):
    """One's own sessions."""

    @extend_schema(operation_id="sessions", responses=SessionOut(many=True))
    def get(self, request: Request) -> Response:
        """Every browser in which the caller is signed in, the one used last first."""
        here = request.session.session_key or ""
        rows = [_session(row, here) for row in selectors.sessions_of(request.actor)]
        return Response(SessionOut(rows, many=True).data, headers=UNKEPT)


class OneSession(APIView):
    """One of them."""

    @extend_schema(operation_id="end_session", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """That browser is signed out; 404 for anybody else's."""
        actions.end_session(pk, actor=request.actor)
        return Response(status=204)


class OtherSessions(APIView):
    """All but the one that asks."""

    @extend_schema(operation_id="end_other_sessions", request=None, responses=EndedOut)
    def post(self, request: Request) -> Response:
        """Only this browser is still signed in."""
        ended = actions.end_my_other_sessions(request.session.session_key or "", actor=request.actor)
        return Response({"ended": ended})


class SignedInPeople(AdminView):
    """Who is signed in."""

    @extend_schema(operation_id="signed_in", parameters=[SignedInWanted], responses=SignedInOut(many=True))
    def get(self, request: Request) -> Response:
        """Those on the caller's ground who are signed in or locked out now; `q` finds anybody there by name."""
        wanted = SignedInWanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        rows = [
            {
                "user_id": one.user.pk,
                "username": one.user.username,
                "label": one.user.label,
                "locked_until": one.locked_until,
                "sessions": [_session(row) for row in one.sessions],
            }
            for one in selectors.signed_in(request.actor, wanted.validated_data["q"])
        ]
        return Response(SignedInOut(rows, many=True).data, headers=UNKEPT)


class PersonSessions(AdminView):
    """The sessions of a person."""

    @extend_schema(operation_id="sign_out_person", responses={200: EndedOut})
    def delete(self, request: Request, pk: int) -> Response:
        """The person is signed out of every browser, and of what is live in it within seconds."""
        return Response({"ended": actions.sign_out_everywhere(pk, actor=request.actor)})


class PersonLock(AdminView):
    """The lock that wrong passwords put on an account."""

    @extend_schema(operation_id="unlock_person", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """The account takes passwords again."""
        actions.unlock(pk, actor=request.actor)
        return Response(status=204)
