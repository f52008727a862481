"""The scoreboard people read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Invalid
from core.gates import page_needs
from evaluation import selectors


@page_needs("score.see")
def scores(request: HttpRequest) -> HttpResponse:
    """The scoreboard of a level (`?level=`) over the last days (`?days=`)."""
    days = request.GET.get("days", "30")
    if not (days.isascii() and days.isdigit() and len(days) <= 3):
        raise Invalid("evaluation.period")
    board = selectors.scoreboard(request.actor, level=request.GET.get("level", "district"), days=int(days))
    return render(request, "evaluation/scores.html", {"board": board, "days": int(days), "periods": (1, 7, 30, 90)})
