"""Paths of the dashboard: the wall, the map, the app of the field, help, the first set-up, the audit trail."""

from django.urls import path

from dashboard.pages import audit, codes, field, guide, maps, preview, search, setup, systems, todo, units, wall
from dashboard.rest import audit as trail
from dashboard.rest import cells
from dashboard.rest import field as in_field
from dashboard.rest import search as finding
from dashboard.rest import todo as todos
from dashboard.rest import wall as rest

urlpatterns = [
    path("", wall.home, name="home"),
    path("todo/", todo.todo, name="todo"),
    path("search/", search.search, name="search-everything"),
    path("wall/", wall.wall, name="wall"),
    path("map/", maps.atlas, name="map-page"),
    path("systems/", systems.systems, name="systems"),
    path("systems/<str:code>/preview/", preview.preview, name="system-preview"),
    path("systems/<str:code>/", systems.system, name="system"),
    path("help/", guide.index, name="help"),
    path("help/<slug:topic>/", guide.topic, name="help-topic"),
    path("setup/", setup.steps, name="setup"),
    path("setup/codes/", codes.codes, name="setup-codes"),
    path("setup/codes/drop/", codes.drop, name="setup-codes-drop"),
    path("setup/units/", units.units, name="setup-units"),
    path("setup/units/<uuid:uid>/check/", units.check, name="setup-units-check"),
    path("setup/units/<uuid:uid>/drop/", units.drop, name="setup-units-drop"),
    path("setup/units/<uuid:uid>/<slug:kind>/", units.step, name="setup-units-step"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export.csv", audit.export, name="audit-export"),
    path("field/", field.shell, name="field"),
    path("field/worker.js", field.worker, name="field-worker"),
    path("field/app.webmanifest", field.manifest, name="field-manifest"),
    path("api/field/person", in_field.PersonView.as_view(), name="api-field-person"),
    path("api/field/tasks", in_field.TasksView.as_view(), name="api-field-tasks"),
    path("api/field/classes", in_field.ClassesView.as_view(), name="api-field-classes"),
    path("api/field/ground", in_field.GroundView.as_view(), name="api-field-ground"),
    path("api/field/sent", in_field.SentView.as_view(), name="api-field-sent"),
    path("api/find", finding.FindView.as_view(), name="api-find"),
    path("api/todo", todos.TodoView.as_view(), name="api-todo"),
    path("api/audit", trail.AuditView.as_view(), name="api-audit"),
    path("api/map/cells", cells.CellsView.as_view(), name="map-cells"),
    path("api/map/cases", cells.CasesView.as_view(), name="map-cases"),
    path("api/wall/snapshot", rest.SnapshotView.as_view(), name="wall-snapshot"),
]
