"""Paths of case files."""

from django.urls import path

from enforcement import pages, rest

ONE = "enforcement/<str:number>"
API = "api/dossiers/<str:number>"

urlpatterns = [
    path("enforcement/", pages.dossiers, name="dossiers"),
    path("enforcement/new/", pages.new, name="dossier-new"),
    path("enforcement/board/", pages.board, name="dossier-board"),
    path("enforcement/power-list/", pages.power_list, name="power-list"),
    path("enforcement/papers/<str:kind>/", pages.template, name="paper-template"),
    path(f"{ONE}/", pages.dossier, name="dossier"),
    path(f"{ONE}/look/", pages.look, name="dossier-look"),
    path(f"{ONE}/papers/<int:place>/", pages.paper, name="dossier-paper"),
    path(f"{ONE}/steps/<str:verb>/", pages.step, name="dossier-step"),
    path("verify/<str:token>/", pages.verify, name="paper-verify"),
    path("api/dossiers", rest.DossiersView.as_view(), name="api-dossiers"),
    path(API, rest.OneDossierView.as_view(), name="api-dossier"),
    path(f"{API}/history", rest.DossierHistoryView.as_view(), name="api-dossier-history"),
    path(f"{API}/papers", rest.DossierPapersView.as_view(), name="api-dossier-papers"),
    path(f"{API}/party", rest.PartyView.as_view(), name="api-dossier-party"),
    path(f"{API}/steps/<str:verb>", rest.DossierStepView.as_view(), name="api-dossier-step"),
]
