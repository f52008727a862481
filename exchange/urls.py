"""Paths of exchange."""

from django.urls import path

from exchange.pages import imports as pages
from exchange.rest import imports as rest

PAGE = "imports/<uuid:uid>"
API = "api/imports/<uuid:uid>"

urlpatterns = [
    path("imports/", pages.imports, name="imports"),
    path(f"{PAGE}/", pages.job, name="import"),
    path(f"{PAGE}/progress/", pages.progress, name="import-progress"),
    path(f"{PAGE}/confirm/", pages.confirm, name="import-confirm"),
    path(f"{PAGE}/cancel/", pages.cancel, name="import-cancel"),
    path("api/imports", rest.ImportsView.as_view(), name="api-imports"),
    path(API, rest.ImportView.as_view(), name="api-import"),
    path(f"{API}/mapping", rest.MappingView.as_view(), name="api-import-mapping"),
    path(f"{API}/confirm", rest.ConfirmView.as_view(), name="api-import-confirm"),
    path(f"{API}/cancel", rest.CancelView.as_view(), name="api-import-cancel"),
    path("api/exports/<slug:name>.<slug:suffix>", rest.ExportView.as_view(), name="api-export"),
]
