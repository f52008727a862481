"""Roles over HTTP: what each may do, how many hold it, and how the city differs from the pack."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, selectors
from accounts.models import Role
from accounts.rest.organisations import SEEN, AdminView, NamesField, checked
from core import versions


class RoleSaysOut(serializers.Serializer[Any]):
    """What a pack says of a role."""

    names = NamesField()
    permissions = serializers.ListField(child=serializers.CharField())


class RoleOut(serializers.Serializer[Any]):
    """A role; `pack_says` is null for one of the city's own, `differs` where the city says otherwise than the pack."""

    code = serializers.CharField()
    names = NamesField()
    permissions = serializers.ListField(child=serializers.CharField())
    second_factor = serializers.BooleanField()
    pack = serializers.CharField(allow_blank=True)
    differs = serializers.BooleanField()
    pack_says = RoleSaysOut(allow_null=True)
    holders = serializers.IntegerField()


class RoleNamesIn(serializers.Serializer[Any]):
    """A role's name in both languages."""

    zh = serializers.CharField(max_length=80)
    en = serializers.CharField(max_length=80)


class RoleIn(serializers.Serializer[Any]):
    """The whole of a role."""

    names = RoleNamesIn()
    permissions = serializers.ListField(child=serializers.CharField(max_length=40))
    second_factor = serializers.BooleanField()


class NewRoleIn(RoleIn):
    """A role of the city's own."""

    code = serializers.CharField(max_length=40)
    second_factor = serializers.BooleanField(default=False)


class SecondFactorIn(serializers.Serializer[Any]):
    """Whether holders need a second factor."""

    required: Any = serializers.BooleanField()


def _told(row: Role, holders: int) -> dict[str, Any]:
    return RoleOut(
        {
            "code": row.code,
            "names": row.names,
            "permissions": row.permissions,
            "second_factor": row.second_factor,
            "pack": row.pack,
            "differs": row.differs,
            "pack_says": row.said or None,
            "holders": holders,
        }
    ).data


def _one(code: str, status: int = 200) -> Response:
    row = selectors.role(code)
    told = _told(row, selectors.holders_of(row.pk).values("user").distinct().count())
    return Response(told, status=status, headers=versions.headers_of(selectors.role_told(row)))


class Roles(AdminView):
    """The roles in use."""

    @extend_schema(operation_id="roles", responses=RoleOut(many=True))
    def get(self, request: Request) -> Response:
        """By code, each with how many people hold it now."""
        return Response([_told(row, held) for row, held in selectors.roles_with_holders()])

    @extend_schema(operation_id="create_role", request=NewRoleIn, responses={201: RoleOut})
    def post(self, request: Request) -> Response:
        """A role of the city's own; 409 where there is one of that code."""
        made = actions.save_role(**checked(NewRoleIn, request), new=True, actor=request.actor)
        return _one(made.code, 201)


class OneRole(AdminView):
    """One role."""

    @extend_schema(operation_id="role", responses=RoleOut)
    def get(self, request: Request, code: str) -> Response:
        """What it may do, who brought it, and how many hold it; the ETag goes back with a change."""
        return _one(code)

    @extend_schema(operation_id="save_role", parameters=[SEEN], request=RoleIn, responses=RoleOut)
    def put(self, request: Request, code: str) -> Response:
        """It is exactly this for all who hold it; 409 where one of them would then judge their own work.

        412 where somebody else changed it since it was read.
        """
        held, seen = selectors.role(code).code, versions.required(request.headers)
        actions.save_role(code=held, **checked(RoleIn, request), seen=seen, actor=request.actor)
        return _one(held)


class ResetRole(AdminView):
    """Back to the pack."""

    @extend_schema(operation_id="reset_role", parameters=[SEEN], request=None, responses=RoleOut)
    def post(self, request: Request, code: str) -> Response:
        """It is again what its pack says; 400 for a role of the city's own."""
        held, seen = selectors.role(code).code, versions.required(request.headers)
        return _one(actions.reset_role(held, seen=seen, actor=request.actor).code)


class RoleSecondFactor(AdminView):
    """The second factor of a role."""

    @extend_schema(operation_id="require_second_factor", parameters=[SEEN], request=SecondFactorIn, responses=RoleOut)
    def put(self, request: Request, code: str) -> Response:
        """Its holders need one from now on, or do not any more."""
        given, seen = checked(SecondFactorIn, request), versions.required(request.headers)
        return _one(actions.require_second_factor(code, **given, seen=seen, actor=request.actor).code)
