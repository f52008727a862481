"""Every path of the platform; each app keeps its own."""

from django.contrib import admin
from django.urls import include, path

from assets import urls as asset_urls
from cityops import health, health_page, openapi
from grid import urls as grid_urls

# Django tries one path after the other, so what is asked for most comes first: the tiles of every map, then cases.
APPS = (
    "cases", "dashboard", "journal", "packs", "accounts", "exchange", "grid", "assets", "telemetry", "registers",
    "sanitation", "enforcement", "video", "portal", "evaluation",
)  # fmt: skip

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("health/", health_page.page, name="health"),
    *grid_urls.tiles,
    *asset_urls.tiles,
    *[path("", include(f"{app}.urls")) for app in APPS],
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *openapi.urlpatterns,
]
handler400 = "cityops.errors.bad_request"
handler403 = "cityops.errors.forbidden"
handler404 = "cityops.errors.not_found"
handler500 = "cityops.errors.broken"
