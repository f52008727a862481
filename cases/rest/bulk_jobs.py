"""One step with all the cases of a filter over HTTP: asked for, looked at, confirmed or cancelled, told by case."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions, selectors
from cases.contracts.bulk import Outcome
from cases.models import BulkItem, BulkJob
from cases.rest import inputs
from cases.rest.steps import read
from cases.rest.views import SeenGate, refusals
from cases.rules import IN_BULK
from core.errors import Invalid

LONGEST_PAGE = 1000


class BulkJobIn(inputs.Strict):
    """A step, what the step alone would take as `given`, and the filters of the list of cases."""

    verb = serializers.ChoiceField(list(IN_BULK))
    given = serializers.DictField(default=dict)
    filters = serializers.DictField(child=serializers.CharField(max_length=400), default=dict)


class BulkReasonOut(serializers.Serializer):
    """Why so many cases were or would be refused; `message` is the sentence of the first of them."""

    code = serializers.CharField()
    count = serializers.IntegerField()
    message = serializers.CharField()


class BulkJobOut(serializers.Serializer):
    """A job: while `looking` and `looked` nothing has changed; cases are `waiting`, then `fine` or refused, then done.

    `failure` is the code of why it was stopped.
    """

    uid = serializers.UUIDField()
    verb = serializers.CharField()
    filters = serializers.DictField()
    state = serializers.CharField(help_text="looking, looked, doing; done, stopped or cancelled")
    failure = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    cases = serializers.IntegerField()
    waiting = serializers.IntegerField()
    fine = serializers.IntegerField()
    done = serializers.IntegerField()
    refused = serializers.IntegerField()


class BulkJobFullOut(BulkJobOut):
    """A job with why cases were refused, counted by reason, the most frequent first."""

    reasons = BulkReasonOut(many=True)


class BulkItemOut(serializers.Serializer):
    """A case in the version that was frozen, the key under which it is stepped once, and what became of it."""

    key = serializers.CharField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    outcome = serializers.ChoiceField([one.value for one in Outcome])
    repeated = serializers.BooleanField()
    stage = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)


class BulkResultsOut(serializers.Serializer):
    """A page of the cases of a job; `next` is the `after` of the following page, null on the last."""

    results = BulkItemOut(many=True)
    next = serializers.IntegerField(allow_null=True)


def _told(jobs: list[BulkJob]) -> list[dict[str, Any]]:
    counts = selectors.bulk_counts(jobs)
    return [{**vars(job), **counts[job.pk]._asdict(), "cases": counts[job.pk].total} for job in jobs]


def _full(job: BulkJob, status: int = 200) -> Response:
    reasons = [{"code": one.code, "count": one.cases, "message": one.sentence} for one in selectors.bulk_reasons(job)]
    return Response(BulkJobFullOut({**_told([job])[0], "reasons": reasons}).data, status=status)


class JobsView(SeenGate):
    """One's own jobs."""

    @extend_schema(operation_id="cases_bulk_jobs_list", responses={200: BulkJobOut(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """The newest first, at most 30."""
        return Response(BulkJobOut(_told(selectors.bulk_jobs(request.actor)), many=True).data)

    @extend_schema(
        operation_id="cases_bulk_jobs_create",
        request=BulkJobIn,
        responses={201: BulkJobFullOut, **refusals(400, 409, 415)},
    )
    def post(self, request: Request) -> Response:
        """All cases that pass the filters are frozen in their versions; a worker looks what the step would do."""
        asked = read(BulkJobIn, request)
        shape = inputs.VERBS[asked["verb"]](data=asked["given"])
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        return _full(actions.ask_bulk(asked["verb"], asked["filters"], actor=request.actor, given=given), status=201)


class JobView(SeenGate):
    """One job."""

    @extend_schema(operation_id="cases_bulk_jobs_read", responses={200: BulkJobFullOut, **refusals(404)})
    def get(self, request: Request, uid: UUID) -> Response:
        """How far it is, and why cases were refused."""
        return _full(selectors.bulk_job(uid, request.actor))


class ResultsView(SeenGate):
    """The cases of a job."""

    @extend_schema(
        operation_id="cases_bulk_jobs_results",
        parameters=[
            OpenApiParameter("outcome", str, enum=[one.value for one in Outcome]),
            OpenApiParameter("after", int, description="The `next` of the page before"),
        ],
        responses={200: BulkResultsOut, **refusals(400, 404)},
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """In the order in which they are stepped, at most 1,000 at once."""
        job = selectors.bulk_job(uid, request.actor)
        outcome, after = request.query_params.get("outcome", ""), request.query_params.get("after", "")
        if outcome and outcome not in frozenset(Outcome):
            raise Invalid("case.bad_filter", filter="outcome", value=outcome[:60])
        if after and not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Invalid("case.bad_filter", filter="after", value=after[:60])
        found = selectors.bulk_lines(job, outcome, int(after or 0), LONGEST_PAGE)
        page = found[:LONGEST_PAGE]
        following = page[-1].pk if len(found) > LONGEST_PAGE else None
        return Response(BulkResultsOut({"results": [_line(item) for item in page], "next": following}).data)


def _line(item: BulkItem) -> dict[str, Any]:
    more = {"key": item.key, "number": item.case.number, "message": selectors.bulk_sentence(item)}
    return {**vars(item), **more}


class ConfirmView(SeenGate):
    """Yes to what was looked at."""

    @extend_schema(
        operation_id="cases_bulk_jobs_confirm",
        request=inputs.Nothing,
        responses={200: BulkJobFullOut, **refusals(400, 404, 409, 415)},
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """The step is taken with the cases that would change, once each; sent again, nothing more happens."""
        read(inputs.Nothing, request)
        return _full(actions.confirm_bulk(uid, actor=request.actor))


class CancelView(SeenGate):
    """No further."""

    @extend_schema(
        operation_id="cases_bulk_jobs_cancel",
        request=inputs.Nothing,
        responses={200: BulkJobFullOut, **refusals(400, 404, 409, 415)},
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """No further case is stepped; what was done with single ones stays."""
        read(inputs.Nothing, request)
        return _full(actions.cancel_bulk(uid, actor=request.actor))
