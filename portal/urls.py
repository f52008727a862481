"""Paths of portal: Open311 GeoReport v2 (the endpoint that counts, and the one to try it), its page, its settings."""

from typing import Any

from django.urls import URLPattern, path, register_converter
from rest_framework.urlpatterns import format_suffix_patterns

from portal import pages
from portal.rest import views


class Undotted:
    """A code or a number, up to the dot of the suffix; whether there is such a thing the answer says."""

    regex = "[^/.]+"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Undotted, "undotted")


def _endpoint(at: str, name: str, **given: Any) -> list[URLPattern]:
    """Every method below a path, with the suffixes .xml and .json and without."""
    return [
        path(f"{at}/discovery", views.DiscoveryView.as_view(**given), name=f"{name}-discovery"),
        path(f"{at}/services", views.ServicesView.as_view(**given), name=f"{name}-services"),
        path(f"{at}/services/<undotted:code>", views.ServiceView.as_view(**given), name=f"{name}-service"),
        path(f"{at}/requests", views.RequestsView.as_view(**given), name=f"{name}-requests"),
        path(f"{at}/requests/<undotted:number>", views.RequestView.as_view(**given), name=f"{name}-request"),
        path(f"{at}/tokens/<undotted:token>", views.TokenView.as_view(**given), name=f"{name}-token"),
        path(f"{at}/<path:other>", views.NothingView.as_view(**given), name=f"{name}-nothing"),
    ]


urlpatterns = [
    path("q/c/<str:code>/", pages.component_label, name="component-label"),
    path("q/r/<str:register>/<str:number>/", pages.record_label, name="record-label"),
    path("open311/", pages.documentation, name="open311-docs"),
    path("open-services/", pages.services, name="open-services"),
    path("open-services/switch/", pages.switch, name="open-service-switch"),
    path("open-services/keys/", pages.make_key, name="report-keys"),
    path("open-services/keys/<int:pk>/end/", pages.end_key, name="report-key-end"),
    *format_suffix_patterns(
        [
            path("open311/discovery", views.DiscoveryView.as_view(), name="open311-discovery"),
            *_endpoint("open311/v2", "open311"),
            *_endpoint("open311/test/v2", "open311-test", test=True),
        ],
        allowed=["xml", "json"],
    ),
]
