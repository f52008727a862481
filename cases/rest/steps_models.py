"""The city's model of steps over HTTP, for administrators: what each one says, and the choice with a reason."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import StepsModel
from cases.rest.inputs import Reason
from cases.rest.outputs import Error, Names
from cases.rest.steps import read
from core.errors import Forbidden, NotFound

REFUSED = dict.fromkeys((401, 403), Error)


class StepsModelOut(serializers.Serializer):
    """A model: which levels may use which verb (unnamed: all), which verbs are kept apart, and its limits."""

    code = serializers.CharField()
    names = Names()
    in_force = serializers.BooleanField()
    origin = serializers.CharField(help_text="Who has the last word: a pack, or the city")
    levels = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    apart = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    post_limits = serializers.DictField()
    quick = serializers.DictField()
    timeout_orders = serializers.ListField(child=serializers.DictField())
    warn_share = serializers.FloatField()
    rework_share = serializers.FloatField()
    bulk_most = serializers.IntegerField(help_text="One job takes a step with so many cases at most")
    chosen_label = serializers.CharField(allow_blank=True)
    chosen_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class StepsModelsGate(APIView):
    """Opens to administrators; that it is of the whole city, the verb asks."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("model.not_yours")

    def model(self, code: str) -> StepsModel:
        """The model of that code; NotFound("model.unknown") without one."""
        found = next((row for row in selectors.steps_models() if row.code == code), None)
        if found is None:
            raise NotFound("model.unknown", given=code)
        return found


class StepsModelsView(StepsModelsGate):
    """Every model that the city may choose."""

    @extend_schema(operation_id="steps_models_list", responses={200: StepsModelOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """The one in force first."""
        return Response(StepsModelOut(selectors.steps_models(), many=True).data)


class StepsModelView(StepsModelsGate):
    """One model."""

    @extend_schema(operation_id="steps_models_read", responses={200: StepsModelOut, 404: Error, **REFUSED})
    def get(self, request: Request, code: str) -> Response:
        """What it says."""
        return Response(StepsModelOut(self.model(code)).data)


class StepsModelChooseView(StepsModelsGate):
    """The choice."""

    @extend_schema(
        operation_id="steps_models_choose",
        request=Reason,
        responses={200: StepsModelOut, **dict.fromkeys((400, 404, 409), Error), **REFUSED},
    )
    def post(self, request: Request, code: str) -> Response:
        """The model is in force; what was promised before stays."""
        actions.choose_steps_model(code, actor=request.actor, **read(Reason, request))
        return Response(StepsModelOut(self.model(code)).data)
