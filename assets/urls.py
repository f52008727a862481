"""Paths of assets."""

from django.urls import path

from assets.pages import census as census_pages
from assets.pages import components as pages
from assets.pages import requests as request_pages
from assets.rest import census, codes, components, register, requests

COMPONENT = "api/components/<str:code>"
CENSUS = "api/census/<int:pk>"
STREET = f"{CENSUS}/streets/<str:code>"

tiles = [
    path("tiles/assets/<int:z>/<int:x>/<int:y>.mvt", register.TileView.as_view(), name="tiles-assets"),
]
urlpatterns = [
    path("components/", pages.components, name="components"),
    path("components/new/", pages.new, name="component-new"),
    path("components/<str:code>/", pages.component, name="component"),
    path("components/<str:code>/edit/", pages.edit, name="component-edit"),
    path("components/<str:code>/stand/", pages.stand, name="component-stand"),
    path("components/<str:code>/photos/", pages.photos, name="component-photos"),
    path("component-requests/", request_pages.requests, name="component-requests"),
    path("component-requests/new/", request_pages.propose, name="component-propose"),
    path("component-requests/<int:pk>/", request_pages.decide, name="component-decide"),
    path("census/", census_pages.censuses, name="censuses"),
    path("census/<int:pk>/", census_pages.census, name="census"),
    path("census/<int:pk>/act/", census_pages.act, name="census-act"),
    path("census/<int:pk>/streets/<str:code>/", census_pages.survey, name="census-survey"),
    path("api/assets", register.AssetsView.as_view(), name="assets"),
    path("api/assets/counts", register.CountsView.as_view(), name="asset-counts"),
    path("api/assets/<str:code>", register.AssetView.as_view(), name="asset"),
    path("api/code-plan", codes.CodePlansView.as_view(), name="api-code-plan"),
    path("api/components", components.ComponentsView.as_view(), name="api-components"),
    path(COMPONENT, components.ComponentView.as_view(), name="api-component"),
    path(f"{COMPONENT}/retire", components.RetireView.as_view(), name="api-component-retire"),
    path(f"{COMPONENT}/restore", components.RestoreView.as_view(), name="api-component-restore"),
    path(f"{COMPONENT}/history", components.HistoryView.as_view(), name="api-component-history"),
    path(f"{COMPONENT}/photos", components.PhotosView.as_view(), name="api-component-photos"),
    path("api/component-photos/<int:pk>", components.PhotoView.as_view(), name="api-component-photo"),
    path("api/component-requests", requests.ChangeRequestsView.as_view(), name="api-component-requests"),
    path("api/component-requests/<int:pk>", requests.ChangeRequestView.as_view(), name="api-component-request"),
    path("api/component-requests/<int:pk>/decision", requests.ChangeDecisionView.as_view(),
         name="api-component-request-decision"),
    path("api/component-requests/<int:pk>/withdraw", requests.ChangeWithdrawalView.as_view(),
         name="api-component-request-withdraw"),
    path("api/census", census.CensusesView.as_view(), name="api-censuses"),
    path("api/census/spots", census.SpotsView.as_view(), name="api-census-spots"),
    path("api/census/findings/<int:pk>/judgement", census.JudgementView.as_view(), name="api-census-judgement"),
    path(CENSUS, census.CensusView.as_view(), name="api-census"),
    path(f"{CENSUS}/start", census.CensusStartView.as_view(), name="api-census-start"),
    path(f"{CENSUS}/accept", census.CensusAcceptView.as_view(), name="api-census-accept"),
    path(f"{CENSUS}/findings", census.FindingsView.as_view(), name="api-census-findings"),
    path(f"{STREET}/surveyor", census.CensusAssignView.as_view(), name="api-census-surveyor"),
    path(f"{STREET}/hand-in", census.CensusHandInView.as_view(), name="api-census-hand-in"),
    path(f"{STREET}/sample", census.CensusSampleView.as_view(), name="api-census-sample"),
    path(f"{STREET}/send-back", census.CensusSendBackView.as_view(), name="api-census-send-back"),
]  # fmt: skip
