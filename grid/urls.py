"""Paths of the grid."""

from django.urls import path

from grid.pages import calendars, regions
from grid.pages import supervision as areas
from grid.pages import versions as pages
from grid.rest import calendars as hours
from grid.rest import ogc, places, search, supervision, versions

AREAS = "api/grid/supervision-areas"
LAYER = "ogc/collections/<str:layer>"
VERSION = "api/grid/versions/<int:version>"
VERSION_PARTS = {
    "cells": versions.VersionCellsView,
    "regions": versions.VersionRegionsView,
    "edits": versions.EditsView,
    "undo": versions.UndoView,
    "redo": versions.RedoView,
    "check": versions.CheckView,
    "problems": versions.ProblemsView,
    "publish": versions.PublishView,
    "moves": versions.MovesView,
}
tiles = [
    path(f"tiles/{layer}/<int:z>/<int:x>/<int:y>.mvt", places.TileView.as_view(), {"layer": layer}, f"tiles-{layer}")
    for layer in ("regions", "cells", "base")
]
urlpatterns = [
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.new, name="calendar-new"),
    path("calendars/<slug:code>/", calendars.calendar, name="calendar"),
    path("api/calendars", hours.CalendarsView.as_view(), name="api-calendars"),
    path("api/calendars/<slug:code>", hours.CalendarView.as_view(), name="api-calendar"),
    path("api/calendars/<slug:code>/reset", hours.CalendarResetView.as_view(), name="api-calendar-reset"),
    path("api/map", places.MapView.as_view(), name="map"),
    path("api/place", places.PlaceView.as_view(), name="place"),
    path("api/address", search.AddressView.as_view(), name="address"),
    path("api/search", search.SearchView.as_view(), name="search"),
    path("api/regions", places.RegionsView.as_view(), name="regions"),
    path("grid/", pages.home, name="grid-versions"),
    path("grid/drafts/", pages.draft, name="grid-draft"),
    path("grid/compare/", pages.compare, name="grid-compare"),
    path("grid/<int:version>/", pages.editor, name="grid-editor"),
    path("grid/<int:version>/publish/", pages.publish, name="grid-publish"),
    path("grid/<int:version>/discard/", pages.discard, name="grid-discard"),
    path("grid/<int:version>/regions/", regions.table, name="grid-regions"),
    path("grid/<int:version>/regions/undo/", regions.undo, name="grid-regions-undo"),
    path("grid/<int:version>/regions/<str:code>/rename/", regions.rename, name="grid-region-rename"),
    path("grid/<int:version>/regions/<str:code>/remove/", regions.remove, name="grid-region-remove"),
    path("grid/areas/", areas.areas, name="supervision-areas"),
    path("grid/areas/new/", areas.new, name="supervision-area-new"),
    path("grid/areas/<str:code>/", areas.area, name="supervision-area"),
    path("grid/areas/<str:code>/collectors/", areas.assign, name="supervision-assign"),
    path("grid/areas/<str:code>/collectors/<int:pk>/end/", areas.relieve, name="supervision-relieve"),
    path("grid/areas/<str:code>/dissolve/", areas.dissolve, name="supervision-dissolve"),
    path(AREAS, supervision.SupervisionAreasView.as_view(), name="api-supervision-areas"),
    path(f"{AREAS}/<str:code>", supervision.SupervisionAreaOneView.as_view(), name="api-supervision-area"),
    path(f"{AREAS}/<str:code>/collectors", supervision.PatrolsView.as_view(), name="api-patrols"),
    path(f"{AREAS}/<str:code>/collectors/<int:pk>", supervision.PatrolOneView.as_view(), name="api-patrol"),
    path("api/grid/supervised-cells", supervision.SupervisedCellsView.as_view(), name="api-supervised-cells"),
    path("api/grid/supervision", supervision.SupervisionView.as_view(), name="api-supervision"),
    path("api/grid/collectors", supervision.CollectorsView.as_view(), name="api-collectors"),
    path("api/grid/versions", versions.VersionsView.as_view(), name="api-grid-versions"),
    path("api/grid/compare", versions.CompareView.as_view(), name="api-grid-compare"),
    path(VERSION, versions.VersionView.as_view(), name="api-grid-version"),
    *[
        path(f"{VERSION}/{part}", view.as_view(), name=f"api-grid-version-{part}")
        for part, view in VERSION_PARTS.items()
    ],
    path("ogc/", ogc.LandingView.as_view(), name="ogc"),
    path("ogc", ogc.LandingView.as_view(), name="ogc-landing"),
    path("ogc/api", ogc.ApiView.as_view(), name="ogc-api"),
    path("ogc/conformance", ogc.ConformanceView.as_view(), name="ogc-conformance"),
    path("ogc/collections", ogc.CollectionsView.as_view(), name="ogc-collections"),
    path(LAYER, ogc.CollectionView.as_view(), name="ogc-collection"),
    path(f"{LAYER}/items", ogc.ItemsView.as_view(), name="ogc-items"),
    path(f"{LAYER}/items/<str:code>", ogc.ItemView.as_view(), name="ogc-item"),
]
