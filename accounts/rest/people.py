"""People, contracts, crews and rosters over HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, selectors
from accounts.actions import ContractPreview, Wish
from accounts.models import Contract, Crew, User, Watch
from accounts.rest.organisations import SEEN, AdminView, NamesField, checked
from core import versions
from core.languages import pick
from core.sentences import sentence_of

MOST = 500


class PersonOut(serializers.Serializer[Any]):
    """An account, without what it may do."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    label: Any = serializers.CharField()
    organisation = serializers.CharField(source="organisation.code", default="")
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    active = serializers.BooleanField(source="is_active")
    last_login = serializers.DateTimeField(allow_null=True)


class PersonIn(serializers.Serializer[Any]):
    """A new account; without a password its owner sets one by a link."""

    username = serializers.CharField(max_length=60)
    label: Any = serializers.CharField(max_length=80)
    organisation = serializers.CharField(max_length=40, allow_blank=True, default="")
    phone = serializers.CharField(max_length=32, allow_blank=True, default="")
    email = serializers.EmailField(allow_blank=True, default="")
    password = serializers.CharField(max_length=128, required=False, write_only=True)


class PersonChange(serializers.Serializer[Any]):
    """What is to be other."""

    label: Any = serializers.CharField(max_length=80, required=False)
    organisation = serializers.CharField(max_length=40, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=32, allow_blank=True, required=False)
    email = serializers.EmailField(allow_blank=True, required=False)
    active = serializers.BooleanField(required=False)


class InvitationOut(serializers.Serializer[Any]):
    """The path of the page on which the person sets a password; good once."""

    user_id = serializers.IntegerField(source="user.pk")
    path = serializers.CharField()


class PeopleWanted(serializers.Serializer[Any]):
    """Which people."""

    q = serializers.CharField(required=False, default="", max_length=60)
    organisation = serializers.CharField(required=False, default="", max_length=40)
    post = serializers.CharField(required=False, default="", max_length=40)
    active = serializers.ChoiceField(choices=["yes", "no"], required=False, default="")
    after = serializers.IntegerField(required=False, default=0)


class PeopleList(AdminView):
    """People."""

    @extend_schema(
        operation_id="people",
        parameters=[OpenApiParameter(name, str) for name in ("q", "organisation", "post", "active", "after")],
        responses=PersonOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """Those on the caller's ground by number, at most 500 behind `after`."""
        wanted = PeopleWanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        org = selectors.organisation(given["organisation"]).path if given["organisation"] else ""
        found = selectors.find_people(
            request.actor, text=given["q"], org=org, post=given["post"], active=given["active"]
        )
        return Response(PersonOut(found.filter(pk__gt=given["after"]).order_by("pk")[:MOST], many=True).data)

    @extend_schema(operation_id="create_person", request=PersonIn, responses={201: PersonOut})
    def post(self, request: Request) -> Response:
        """A new account that may do nothing yet."""
        return _answer(actions.create_user(**checked(PersonIn, request), actor=request.actor), 201)


def _answer(row: User, status: int = 200) -> Response:
    """The account with its version as ETag."""
    headers = versions.headers_of(selectors.person_told(row))
    return Response(PersonOut(row).data, status=status, headers=headers)


class OnePerson(AdminView):
    """One account."""

    @extend_schema(operation_id="person", responses=PersonOut)
    def get(self, request: Request, pk: int) -> Response:
        """With its ETag; 404 off the caller's ground."""
        return _answer(selectors.administered_person(pk, request.actor))

    @extend_schema(operation_id="change_person", parameters=[SEEN], request=PersonChange, responses=PersonOut)
    def patch(self, request: Request, pk: int) -> Response:
        """Changed, switched off or on again; 412 where somebody else changed it since it was read."""
        seen, held = versions.required(request.headers), selectors.administered_person(pk, request.actor)
        told = checked(PersonChange, request)
        return _answer(actions.change_person(held.pk, **told, seen=seen, actor=request.actor))


class Invite(AdminView):
    """A link to set a password."""

    @extend_schema(operation_id="invite_person", request=None, responses={201: InvitationOut})
    def post(self, request: Request, pk: int) -> Response:
        """A link, told only here and good once."""
        selectors.administered_person(pk, request.actor)
        (made,) = actions.invite([pk], actor=request.actor)
        return Response(InvitationOut(made).data, status=201, headers={"Cache-Control": "no-store"})


class TurnIn(serializers.Serializer[Any]):
    """Somebody has a shift on a day."""

    user_id = serializers.IntegerField()
    day = serializers.DateField()
    shift = serializers.CharField(max_length=40)


class WatchOut(serializers.Serializer[Any]):
    """A shift of somebody."""

    user_id = serializers.IntegerField()
    day = serializers.DateField()
    shift = serializers.CharField(source="shift.code")
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class RosterWanted(serializers.Serializer[Any]):
    """Whose roster, and a day of its week."""

    organisation = serializers.CharField(max_length=40)
    week = serializers.DateField()


class RosterIn(RosterWanted):
    """The whole roster of a week; what is not in it is taken off."""

    turns = TurnIn(many=True)


class Rosters(AdminView):
    """Shift rosters."""

    @extend_schema(operation_id="roster", parameters=[RosterWanted], responses=WatchOut(many=True))
    def get(self, request: Request) -> Response:
        """The roster of an organisation for the week of a day, with its ETag."""
        wanted = RosterWanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        home = selectors.administered_organisation(wanted.validated_data["organisation"], request.actor)
        return _roster(list(selectors.watches_in_week(home.code, wanted.validated_data["week"])))

    @extend_schema(operation_id="save_roster", parameters=[SEEN], request=RosterIn, responses=WatchOut(many=True))
    def put(self, request: Request) -> Response:
        """The roster of the week is exactly this; 412 where somebody else changed it since it was read."""
        seen, given = versions.required(request.headers), checked(RosterIn, request)
        home = selectors.administered_organisation(given["organisation"], request.actor)
        wishes = [Wish(turn["user_id"], turn["day"], turn["shift"]) for turn in given["turns"]]
        saved = actions.save_roster(home.code, week=given["week"], wishes=wishes, seen=seen, actor=request.actor)
        return _roster(saved)


def _roster(rows: list[Watch]) -> Response:
    """A week's roster with its version as ETag."""
    return Response(WatchOut(rows, many=True).data, headers=versions.headers_of(selectors.roster_told(rows)))


class CopyRoster(AdminView):
    """Last week once more."""

    @extend_schema(operation_id="copy_roster", request=RosterWanted, responses=WatchOut(many=True))
    def post(self, request: Request) -> Response:
        """The week also has the shifts of the week before."""
        given = checked(RosterWanted, request)
        home = selectors.administered_organisation(given["organisation"], request.actor)
        return Response(WatchOut(actions.copy_week(home.code, week=given["week"], actor=request.actor), many=True).data)


class OnDutyOut(serializers.Serializer[Any]):
    """Whose shift it is."""

    user_id = serializers.IntegerField()
    label: Any = serializers.CharField()
    shift = serializers.CharField()
    org = serializers.CharField()
    until = serializers.DateTimeField()


class OnDutyNow(AdminView):
    """Who is on duty."""

    @extend_schema(operation_id="on_duty", responses=OnDutyOut(many=True))
    def get(self, request: Request) -> Response:
        """Now, in the organisations on the caller's ground."""
        seen = set(selectors.administered(request.actor).values_list("path", flat=True))
        return Response(OnDutyOut([one for one in selectors.on_duty() if one.org in seen], many=True).data)


class ContractIn(serializers.Serializer[Any]):
    """A contract."""

    number = serializers.CharField(max_length=80)
    scope = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()


class ContractOut(ContractIn):
    """A contract and its number here; after a dry run `ends` says what another end would do."""

    id = serializers.IntegerField()
    ends = serializers.SerializerMethodField()

    def get_ends(self, contract: Contract) -> dict[str, Any] | None:
        """People, grants, crews and open work that the end concerns; null but after a dry run."""
        preview: ContractPreview | None = self.context.get("preview")
        if preview is None:
            return None
        work = {pick(names): count for names, count in preview.open_work}
        return {"until": preview.until, "people": preview.people, "grants": preview.grants, "crews": preview.crews,
                "open_work": work, "refusal": sentence_of(preview.refusal) if preview.refusal else ""}  # fmt: skip


class Contracts(AdminView):
    """The contracts of a contractor."""

    @extend_schema(operation_id="contracts", responses=ContractOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """Newest first."""
        home = selectors.administered_organisation(code, request.actor)
        return Response(ContractOut(selectors.contracts_of(home.code), many=True).data)

    @extend_schema(operation_id="make_contract", request=ContractIn, responses={201: ContractOut})
    def post(self, request: Request, code: str) -> Response:
        """A new contract."""
        home = selectors.administered_organisation(code, request.actor)
        made = actions.make_contract(home.code, **checked(ContractIn, request), actor=request.actor)
        return Response(ContractOut(made).data, status=201)


class CrewIn(serializers.Serializer[Any]):
    """A new crew."""

    code = serializers.CharField(max_length=40)
    names = NamesField()


class MemberOut(serializers.Serializer[Any]):
    """Somebody in a crew."""

    user_id = serializers.IntegerField()
    leads = serializers.BooleanField()


class MemberIn(serializers.Serializer[Any]):
    """Whether they lead it."""

    leads = serializers.BooleanField(default=False)


class ContractEnd(serializers.Serializer[Any]):
    """When a contract ends; with `dry_run` that is only looked at."""

    until = serializers.DateTimeField()
    dry_run = serializers.BooleanField(default=False)


class ContractWords(serializers.Serializer[Any]):
    """The number of a contract and what it covers."""

    number = serializers.CharField(max_length=80)
    scope = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)


class OneContract(AdminView):
    """One contract."""

    @extend_schema(operation_id="end_contract_on", request=ContractEnd, responses=ContractOut)
    def patch(self, request: Request, pk: int) -> Response:
        """It ends at another time, and with it what its people hold; or what that would do, with nothing done."""
        given = checked(ContractEnd, request)
        if given.pop("dry_run"):
            preview = actions.preview_contract_end(pk, **given, actor=request.actor)
            return Response(ContractOut(preview.contract, context={"preview": preview}).data)
        return Response(ContractOut(actions.end_contract_on(pk, **given, actor=request.actor)).data)

    @extend_schema(operation_id="change_contract", request=ContractWords, responses=ContractOut)
    def put(self, request: Request, pk: int) -> Response:
        """It has another number, other words for what it covers."""
        return Response(ContractOut(actions.change_contract(pk, **checked(ContractWords, request),
                                                            actor=request.actor)).data)  # fmt: skip


class CrewMembers(AdminView):
    """Who works in a crew."""

    @extend_schema(operation_id="join_crew", request=MemberIn, responses=MemberOut)
    def put(self, request: Request, code: str, pk: int) -> Response:
        """They work in it, or lead it."""
        given = checked(MemberIn, request)
        return Response(MemberOut(actions.join_crew(code, user_id=pk, **given, actor=request.actor)).data)

    @extend_schema(operation_id="leave_crew", responses={204: None})
    def delete(self, request: Request, code: str, pk: int) -> Response:
        """They work in it no more."""
        actions.leave_crew(code, user_id=pk, actor=request.actor)
        return Response(status=204)


class CrewChange(serializers.Serializer[Any]):
    """What is to be other; dissolved with `active` false."""

    names = NamesField(required=False)
    active = serializers.BooleanField(required=False)


class CrewOut(CrewIn):
    """A crew."""


class OneCrew(AdminView):
    """One crew."""

    @extend_schema(operation_id="crew", responses=CrewOut)
    def get(self, request: Request, code: str) -> Response:
        """Its names; the ETag goes back with a change."""
        return _crew(selectors.crew_of(code, request.actor))

    @extend_schema(operation_id="change_crew", parameters=[SEEN], request=CrewChange, responses=CrewOut)
    def patch(self, request: Request, code: str) -> Response:
        """New names, or dissolved; 412 where somebody else changed it since it was read."""
        held, seen = selectors.crew_of(code, request.actor), versions.required(request.headers)
        given = checked(CrewChange, request)
        return _crew(actions.change_crew(held.code, **given, actor=request.actor, seen=seen))


def _crew(row: Crew) -> Response:
    """The crew with its version as ETag."""
    return Response(CrewOut(row).data, headers=versions.headers_of(selectors.crew_told(row)))


class Crews(AdminView):
    """The crews of an organisation."""

    @extend_schema(operation_id="crews", responses=CrewOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """Those in use."""
        home = selectors.administered_organisation(code, request.actor)
        return Response(CrewOut(selectors.crews_of(home.code), many=True).data)

    @extend_schema(operation_id="create_crew", request=CrewIn, responses={201: CrewOut})
    def post(self, request: Request, code: str) -> Response:
        """A new crew."""
        home = selectors.administered_organisation(code, request.actor)
        made = actions.create_crew(organisation=home.code, **checked(CrewIn, request), actor=request.actor)
        return Response(CrewOut(made).data, status=201)
