"""The description of the API: its paths, and how a caller is known."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import path
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView


class SessionActorScheme(OpenApiAuthenticationExtension):
    """The session cookie of a signed-in person; writes also bring the CSRF token in X-CSRFToken."""

    target_class = "accounts.authentication.SessionActorAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI writes it."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


# Redoc writes its own style elements; no other page may.
redoc = csp_update({"style-src": [SELF, UNSAFE_INLINE], "worker-src": [SELF, "blob:"]})


class KeyScheme(OpenApiAuthenticationExtension):
    """A key for programs, which reads and never writes."""

    target_class = "accounts.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI writes it."""
        return {"type": "http", "scheme": "basic"}


class UploadField(OpenApiSerializerFieldExtension):
    """A file that is sent is its bytes, not an address of it."""

    target_class = "rest_framework.serializers.FileField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """As OpenAPI writes it."""
        return {"type": "string", "format": "binary"}


class StrictShape(OpenApiSerializerExtension):
    """What refuses a field that it does not know says so."""

    target_class = "cases.rest.inputs.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """As OpenAPI writes it."""
        told = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**told, "additionalProperties": False}


TWINS = ("{format}", "/open311/test/", "/open311/discovery")


def once(endpoints: list[Any]) -> list[Any]:
    """Each method of Open311 once: not again with a suffix, not again at the endpoint to try it."""
    return [one for one in endpoints if not any(twin in one[0] for twin in TWINS)]


ANY_OF_OURS = ("400", "401", "403", "406")
NAMED, CHANGED, UNSEEN = ("404", "409"), ("404", "409", "413", "415"), ("412", "428")
OF_TUS = ("410", "412", "423", "460")
OF_MACHINES = ("429",)
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


def refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation but those of Open311 also tells with what it may refuse, in the one shape of `Error`."""
    for address, item in result["paths"].items():
        for method, operation in item.items():
            if method == "parameters" or address.startswith("/open311/"):
                continue
            if any(one["in"] == "query" for one in operation.get("parameters", ())):
                operation["responses"].setdefault(
                    "414", {"description": "The address is longer than the server reads."}
                )
            for status in _refusals_of(method, operation):
                operation["responses"].setdefault(status, {"content": ERROR, "description": ""})
    return result


def _refusals_of(method: str, operation: dict[str, Any]) -> list[str]:
    given = operation.get("parameters", [])
    found = [*ANY_OF_OURS]
    if given or "requestBody" in operation:
        found += NAMED
    if method != "get":
        found += CHANGED
    if any(one["name"] == "If-Match" for one in given):
        found += UNSEEN
    if any(one["name"] == "Tus-Resumable" for one in given):
        found += OF_TUS
    if any(one["name"] == "Authorization" for one in given):
        found += OF_MACHINES
    return found


urlpatterns = [
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", redoc(SpectacularRedocView.as_view(url_name="schema")), name="api-docs"),
]
