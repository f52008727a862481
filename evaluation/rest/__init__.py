"""Evaluation over HTTP."""

from evaluation.rest.appeals import AppealsView, AppealView
from evaluation.rest.boards import BoardView, CasesView, MeasuresView
from evaluation.rest.publications import PublicationsView, PublicationView
from evaluation.rest.schemes import PointsView, SchemesView, SchemeView
from evaluation.rest.scoreboard import Scores

__all__ = [
    "AppealView", "AppealsView", "BoardView", "CasesView", "MeasuresView", "PointsView", "PublicationView",
    "PublicationsView", "SchemeView", "SchemesView", "Scores",
]  # fmt: skip
