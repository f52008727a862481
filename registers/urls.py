"""Paths of registers."""

from django.urls import path

from registers import pages, rest

RECORD = "api/registers/<str:register>/records/<str:number>"

urlpatterns = [
    path("registers/", pages.registers, name="registers"),
    path("registers/<str:register>/", pages.records, name="records"),
    path("registers/<str:register>/new/", pages.new, name="record-new"),
    path("registers/<str:register>/<str:number>/", pages.record, name="record"),
    path("registers/<str:register>/<str:number>/edit/", pages.edit, name="record-edit"),
    path("registers/<str:register>/<str:number>/links/", pages.tie, name="record-tie"),
    path("registers/<str:register>/<str:number>/steps/<str:code>/", pages.step, name="record-step"),
    path("api/registers", rest.RegistersView.as_view(), name="api-registers"),
    path("api/registers/<str:register>/records", rest.RecordsView.as_view(), name="api-records"),
    path(RECORD, rest.OneRecordView.as_view(), name="api-record"),
    path(f"{RECORD}/history", rest.RecordHistoryView.as_view(), name="api-record-history"),
    path(f"{RECORD}/links", rest.RecordTieView.as_view(), name="api-record-tie"),
    path(f"{RECORD}/steps/<str:code>", rest.RecordStepView.as_view(), name="api-record-step"),
]
