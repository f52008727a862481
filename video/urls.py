"""Paths of video."""

from django.urls import path

from video.pages import cameras, health, review, zones
from video.rest import views

urlpatterns = [
    path("video/", cameras.cameras, name="video-cameras-page"),
    path("video/incidents/", cameras.incidents, name="video-incidents-page"),
    path("video/incidents/<uuid:uid>/", cameras.incident, name="video-incident-page"),
    path("video/incidents/<uuid:uid>/judge/", cameras.judge, name="video-incident-judge"),
    path("video/review/", review.review, name="video-review"),
    path("video/review/<uuid:uid>/", review.verdict, name="video-verdict"),
    path("video/review/<uuid:uid>/unsaid/", review.unsaid, name="video-unsaid"),
    path("video/health/", health.health, name="video-health"),
    path("video/precision/", review.precision, name="video-precision"),
    path("video/cameras/<slug:code>/zones/", zones.editor, name="video-zones"),
    path("video/cameras/<slug:code>/zones/<slug:zone_code>/", zones.editor, name="video-zone"),
    path("video/cameras/<slug:code>/zones/<slug:zone_code>/remove/", zones.remove, name="video-zone-remove"),
    path("classes/<str:code>/cameras/", cameras.of_class, name="class-cameras"),
    path("api/cameras", views.Cameras.as_view(), name="video-cameras"),
    path("api/cameras/<slug:code>", views.OneCamera.as_view(), name="video-camera"),
    path("api/cameras/<slug:code>/picture", views.LatestPicture.as_view(), name="video-camera-picture"),
    path("api/incidents", views.Incidents.as_view(), name="video-incidents"),
    path("api/incidents/<uuid:uid>", views.OneIncident.as_view(), name="video-incident"),
    path(
        "api/stills/<int:pk>/<str:variant>",
        views.Picture.as_view(),
        name="video-still",
    ),
]
