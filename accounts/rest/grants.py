"""Direct grants over HTTP: what somebody may do without a post for it; listed, given, ended."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, selectors
from accounts.rest.organisations import AdminView, checked

MOST = 500


class GrantOut(serializers.Serializer[Any]):
    """Who holds which role over which organisation (path) and area (path), from when until when; by whose act."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    username = serializers.CharField(source="user.username")
    role = serializers.CharField(source="role.code")
    org = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    granted_by = serializers.CharField()
    granted_at = serializers.DateTimeField()


class GrantIn(serializers.Serializer[Any]):
    """A grant to be given; `org` is a code or a path, and empty means everywhere, as it does for `area`."""

    user_id = serializers.IntegerField()
    role = serializers.CharField(max_length=40)
    org = serializers.CharField(max_length=400, allow_blank=True, default="")
    area = serializers.CharField(max_length=80, allow_blank=True, default="")
    valid_from = serializers.DateTimeField(required=False)
    valid_until = serializers.DateTimeField(required=False)


class GrantsWanted(serializers.Serializer[Any]):
    """Which grants."""

    user_id = serializers.IntegerField(required=False, allow_null=True, default=None)
    role = serializers.CharField(required=False, default="", max_length=40)
    after = serializers.IntegerField(required=False, default=0)


class GrantList(AdminView):
    """Direct grants."""

    @extend_schema(
        operation_id="grants",
        parameters=[
            OpenApiParameter("user_id", int), OpenApiParameter("role", str),
            OpenApiParameter("after", int, description="Only those with a greater number, as the last page ended"),
        ],
        responses=GrantOut(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Those on the caller's ground that are in force or will be, by number, at most 500 behind `after`."""
        wanted = GrantsWanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        found = selectors.administered_grants(request.actor, user_id=given["user_id"], role=given["role"])
        return Response(GrantOut(found.filter(pk__gt=given["after"])[:MOST], many=True).data)

    @extend_schema(operation_id="give_grant", request=GrantIn, responses={201: GrantOut})
    def post(self, request: Request) -> Response:
        """The person holds the role there; 409 where they could then judge work they did."""
        given = checked(GrantIn, request)
        person = selectors.administered_person(given.pop("user_id"), request.actor)
        made = actions.grant(user=person, **given, actor=request.actor)
        return Response(GrantOut(made).data, status=201)


class OneGrant(AdminView):
    """One of them."""

    @extend_schema(operation_id="end_grant", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """From now on it gives nothing; 404 off the caller's ground, and for what a post gives."""
        actions.revoke(selectors.administered_grant(pk, request.actor).pk, actor=request.actor)
        return Response(status=204)
