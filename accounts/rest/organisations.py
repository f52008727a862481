"""The tree of organisations over HTTP: as it stands, stood and will stand; moves and closings with their preview."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions, selectors
from accounts.models import Organisation, Plan, Post
from core import versions
from core.errors import Forbidden
from core.sentences import sentence_of

SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class AdminView(APIView):
    """Opens to somebody who administers some ground; which, the verbs and questions ask themselves."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("accounts.not_an_administrator")


class NamesField(serializers.DictField):
    """A name in both languages."""

    child = serializers.CharField(max_length=200)


class NodeOut(serializers.Serializer[Any]):
    """An organisation in the tree; `people` are its own active accounts, `all_people` with those below it."""

    code = serializers.CharField()
    names = NamesField()
    kind = serializers.CharField()
    level = serializers.CharField()
    parent: Any = serializers.CharField(allow_blank=True)
    path = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    duties = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()
    people = serializers.IntegerField()
    all_people = serializers.IntegerField()


class OrganisationIn(serializers.Serializer[Any]):
    """A new organisation."""

    code = serializers.CharField(max_length=40)
    names = NamesField()
    kind = serializers.CharField(max_length=40)
    level = serializers.CharField(max_length=12)
    parent: Any = serializers.CharField(max_length=40, allow_blank=True, default="")
    area = serializers.CharField(max_length=80, allow_blank=True, default="")
    duties = serializers.ListField(child=serializers.CharField(max_length=40), default=list)


class OrganisationChange(serializers.Serializer[Any]):
    """What is to be other; what is left out stays."""

    names = NamesField(required=False)
    duties = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    active = serializers.BooleanField(required=False)


class MoveIn(serializers.Serializer[Any]):
    """Where to and from when on; with `dry_run` only what it would do is told."""

    parent: Any = serializers.CharField(max_length=40, allow_blank=True)
    at = serializers.DateTimeField(required=False)
    note = serializers.CharField(max_length=400, allow_blank=True, default="")
    dry_run = serializers.BooleanField(default=False)


class CloseIn(serializers.Serializer[Any]):
    """From when on; with `dry_run` only what it would do is told."""

    at = serializers.DateTimeField(required=False)
    note = serializers.CharField(max_length=400, allow_blank=True, default="")
    dry_run = serializers.BooleanField(default=False)


class PlanOut(serializers.Serializer[Any]):
    """A move or closing: planned, done, refused or cancelled."""

    id = serializers.IntegerField()
    organisation = serializers.CharField(source="organisation.code")
    act = serializers.CharField()
    parent: Any = serializers.CharField(source="parent.code", default="")
    at = serializers.DateTimeField()
    note = serializers.CharField()
    state = serializers.CharField()
    refusal = serializers.DictField()


class PreviewOut(serializers.Serializer[Any]):
    """What it would do; `refusal` is why it cannot be, "" when it can."""

    before = serializers.CharField()
    after = serializers.CharField(allow_blank=True)
    organisations = serializers.ListField(child=serializers.CharField())
    people = serializers.IntegerField()
    posts = serializers.IntegerField()
    grants = serializers.IntegerField()
    counted = serializers.DictField(child=serializers.IntegerField())
    gains = serializers.ListField(child=serializers.IntegerField())
    loses = serializers.ListField(child=serializers.IntegerField())
    refusal = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)


class PlanOrPreview(serializers.Serializer[Any]):
    """The plan that was made, or with `dry_run` what it would do."""

    plan = PlanOut(required=False)
    preview = PreviewOut(required=False)


def previewed(found: actions.Preview) -> dict[str, Any]:
    """A preview as JSON: people by number, the refusal as its sentence and code."""
    return {
        "before": found.before,
        "after": found.after,
        "organisations": [row.code for row in found.organisations],
        "people": found.people,
        "posts": found.posts,
        "grants": found.grants,
        "counted": {one.code: one.count for one in found.counted},
        "gains": [one.user.pk for one in found.gains],
        "loses": [one.user.pk for one in found.loses],
        "refusal": sentence_of(found.refusal) if found.refusal else "",
        "code": found.refusal.code if found.refusal else "",
    }


def checked(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, as its serializer reads it."""
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class Moment(serializers.Serializer[Any]):
    """At which moment, and what to look for."""

    at = serializers.DateTimeField(required=False)
    q = serializers.CharField(required=False, max_length=60)


class Organisations(AdminView):
    """The tree."""

    @extend_schema(
        operation_id="organisations", parameters=[OpenApiParameter("at", str), OpenApiParameter("q", str)],
        responses=NodeOut(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Every organisation, parents first; `at` another moment, past or future."""
        given = Moment(data=request.query_params)
        given.is_valid(raise_exception=True)
        nodes = selectors.tree(given.validated_data.get("at"))
        if given.validated_data.get("q"):
            nodes = selectors.found_in(nodes, given.validated_data["q"])
        return Response(NodeOut(nodes, many=True).data)

    @extend_schema(operation_id="create_organisation", request=OrganisationIn, responses={201: NodeOut})
    def post(self, request: Request) -> Response:
        """A new organisation stands in the tree."""
        return _answer(actions.create_organisation(**checked(OrganisationIn, request), actor=request.actor), 201)


def _answer(row: Organisation, status: int = 200) -> Response:
    """The organisation in the tree, with its version as ETag."""
    node = next(node for node in selectors.tree() if node.code == row.code)
    headers = versions.headers_of(selectors.organisation_told(row))
    return Response(NodeOut(node).data, status=status, headers=headers)


class OneOrganisation(AdminView):
    """One organisation."""

    @extend_schema(operation_id="organisation", responses=NodeOut)
    def get(self, request: Request, code: str) -> Response:
        """How it stands now, with its ETag; 404 off the caller's ground."""
        return _answer(selectors.administered_organisation(code, request.actor))

    @extend_schema(operation_id="change_organisation", parameters=[SEEN], request=OrganisationChange, responses=NodeOut)
    def patch(self, request: Request, code: str) -> Response:
        """New names, duties, in use or not; 412 where somebody else changed it since it was read."""
        seen, found = versions.required(request.headers), selectors.administered_organisation(code, request.actor)
        told = checked(OrganisationChange, request)
        return _answer(actions.change_organisation(found.code, **told, seen=seen, actor=request.actor))


class MoveOrganisation(AdminView):
    """A move."""

    @extend_schema(operation_id="move_organisation", request=MoveIn, responses=PlanOrPreview)
    def post(self, request: Request, code: str) -> Response:
        """It stands elsewhere, with all below it and the grants over them, now or from a date on."""
        given = checked(MoveIn, request)
        found = selectors.administered_organisation(code, request.actor).code
        if given.pop("dry_run"):
            return Response({"preview": previewed(
                actions.preview_move(found, parent=given["parent"], actor=request.actor))})  # fmt: skip
        plan = actions.move_organisation(found, **given, actor=request.actor)
        return Response({"plan": PlanOut(plan).data})


class CloseOrganisation(AdminView):
    """A closing."""

    @extend_schema(operation_id="close_organisation", request=CloseIn, responses=PlanOrPreview)
    def post(self, request: Request, code: str) -> Response:
        """It is out of use with all below it, now or from a date on."""
        given = checked(CloseIn, request)
        found = selectors.administered_organisation(code, request.actor).code
        if given.pop("dry_run"):
            return Response({"preview": previewed(actions.preview_close(found, actor=request.actor))})
        return Response({"plan": PlanOut(actions.close_organisation(found, **given, actor=request.actor)).data})


class Plans(AdminView):
    """What is planned."""

    @extend_schema(operation_id="organisation_plans", responses=PlanOut(many=True))
    def get(self, request: Request) -> Response:
        """Moves and closings to come, the next first."""
        found: QuerySet[Plan] = selectors.plans()
        return Response(PlanOut(found, many=True).data)


class OnePlan(AdminView):
    """One plan."""

    @extend_schema(operation_id="cancel_organisation_plan", responses={200: PlanOut})
    def delete(self, request: Request, pk: int) -> Response:
        """It will not happen."""
        return Response(PlanOut(actions.cancel_plan(pk, actor=request.actor)).data)


class PostOut(serializers.Serializer[Any]):
    """A post and who holds it or will hold it: account numbers by grant."""

    code = serializers.CharField()
    names = NamesField()
    organisation = serializers.CharField(source="organisation.code")
    role = serializers.CharField(source="role.code")
    area = serializers.CharField()
    bound = serializers.BooleanField()
    holders = serializers.SerializerMethodField()

    def get_holders(self, post: Post) -> list[dict[str, Any]]:
        """Who, from when, until when."""
        return [
            {"grant": held.pk, "user_id": held.user_id, "valid_from": held.valid_from, "valid_until": held.valid_until}
            for held in getattr(post, "holders", ())
        ]


class PostIn(serializers.Serializer[Any]):
    """A new post: named like its role and over its organisation's area, unless told otherwise."""

    organisation = serializers.CharField(max_length=40)
    role = serializers.CharField(max_length=40)
    code = serializers.CharField(max_length=40, required=False)
    names = NamesField(required=False)
    area = serializers.CharField(max_length=80, allow_blank=True, required=False)
    bound = serializers.BooleanField(required=False)


class PostChange(serializers.Serializer[Any]):
    """What is to be other."""

    names = NamesField(required=False)
    active = serializers.BooleanField(required=False)


class HolderIn(serializers.Serializer[Any]):
    """Who is to hold the post."""

    user_id = serializers.IntegerField()
    valid_from = serializers.DateTimeField(required=False)
    valid_until = serializers.DateTimeField(required=False)


class Posts(AdminView):
    """Posts."""

    @extend_schema(operation_id="posts", responses=PostOut(many=True))
    def get(self, request: Request) -> Response:
        """Those on the caller's ground, with who holds them."""
        return Response(PostOut(selectors.administered_posts(request.actor), many=True).data)

    @extend_schema(operation_id="create_post", request=PostIn, responses={201: PostOut})
    def post(self, request: Request) -> Response:
        """A new post."""
        return Response(PostOut(actions.create_post(**checked(PostIn, request), actor=request.actor)).data, status=201)


class OnePost(AdminView):
    """One post."""

    @extend_schema(operation_id="post", responses=PostOut)
    def get(self, request: Request, code: str) -> Response:
        """With who holds it; the ETag goes back with a change."""
        return _post(selectors.post(code, request.actor))

    @extend_schema(operation_id="change_post", parameters=[SEEN], request=PostChange, responses=PostOut)
    def patch(self, request: Request, code: str) -> Response:
        """New names, or given up; 412 where somebody else changed it since it was read."""
        found, seen = selectors.post(code, request.actor), versions.required(request.headers)
        given = checked(PostChange, request)
        return _post(actions.change_post(found.code, **given, actor=request.actor, seen=seen))


def _post(row: Post) -> Response:
    """The post with its version as ETag."""
    return Response(PostOut(row).data, headers=versions.headers_of(selectors.post_told(row)))


class Holders(AdminView):
    """Who holds a post."""

    @extend_schema(operation_id="appoint", request=HolderIn, responses={201: PostOut})
    def post(self, request: Request, code: str) -> Response:
        """Somebody holds it from now or a moment on."""
        given, found = checked(HolderIn, request), selectors.post(code, request.actor)
        actions.appoint(found.code, user=given.pop("user_id"), **given, actor=request.actor)
        return Response(PostOut(selectors.post(code, request.actor)).data, status=201)


class OneHolder(AdminView):
    """One of them."""

    @extend_schema(operation_id="leave_post", responses={204: None})
    def delete(self, request: Request, code: str, pk: int) -> Response:
        """They hold it no more."""
        selectors.post(code, request.actor)
        actions.leave_post(pk, actor=request.actor)
        return Response(status=204)
