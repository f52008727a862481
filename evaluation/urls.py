from django.urls import path

from evaluation import pages, rest

urlpatterns = [
    path("scores/", pages.scores, name="scores"),
    path("api/scores", rest.Scores.as_view(), name="api-scores"),
]
