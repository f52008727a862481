"""Paths of the journal."""

from django.urls import path

from journal.rest import FeedView

urlpatterns = [path("api/feed", FeedView.as_view(), name="feed")]
