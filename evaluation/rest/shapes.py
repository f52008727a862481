"""What every address of evaluation shares: the gate, the question, the shape of a refusal, pages."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from core.errors import Forbidden, Invalid
from evaluation import selectors

PAGE, MOST = 100, 100_000
QUESTION = [
    OpenApiParameter("level", str, enum=list(selectors.BREAKDOWNS), description="What the lines are"),
    OpenApiParameter("within", str, description="The code of a district, street or community"),
    OpenApiParameter("period", str, enum=["week", "month", "quarter", "year"]),
    OpenApiParameter("on", str, description="A day of the period, YYYY-MM-DD; today without it"),
    OpenApiParameter("days", str, description="So many days until today, instead of a period"),
    OpenApiParameter("from", str, description="First day, instead of a period"),
    OpenApiParameter("to", str, description="Last day"),
]
PLACE = OpenApiParameter("page", int, description="Which hundred, from 1")


class ScoreRefusal(serializers.Serializer[Any]):
    """A refusal."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


REFUSED = dict.fromkeys((400, 401, 403, 404, 409), ScoreRefusal)


class Gate(APIView):
    """Closed to who may neither see scores nor has the desk of a department, as `needs` says."""

    needs: tuple[str, ...] = (selectors.RIGHT,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """403 without the right."""
        super().initial(request, *args, **kwargs)
        if not any(request.actor.holds(right) for right in self.needs):
            raise Forbidden("accounts.no_right", right=selectors.RIGHT)


def window(request: Request) -> slice:
    """The rows of the page that is asked for."""
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MOST):
        raise Invalid("evaluation.page", most=MOST)
    return slice((int(text) - 1) * PAGE, int(text) * PAGE)
