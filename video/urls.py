"""Paths of video."""

from django.urls import path

from video import pages
from video.rest import views

urlpatterns = [
    path("video/", pages.cameras, name="video-cameras-page"),
    path("video/incidents/", pages.incidents, name="video-incidents-page"),
    path("video/incidents/<uuid:uid>/", pages.incident, name="video-incident-page"),
    path("video/incidents/<uuid:uid>/judge/", pages.judge, name="video-incident-judge"),
    path("classes/<str:code>/cameras/", pages.of_class, name="class-cameras"),
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
