from django.urls import path

from evaluation import pages, rest

urlpatterns = [
    path("scores/", pages.scores, name="scores"),
    path("scores/cases/", pages.behind, name="score-cases"),
    path("scores/published/", pages.published, name="score-publications"),
    path("scores/published/<int:pk>/", pages.publication, name="score-publication"),
    path("scores/appeals/", pages.appeals, name="score-appeals"),
    path("scores/appeals/<int:pk>/", pages.appeal, name="score-appeal"),
    path("scores/schemes/", pages.schemes, name="score-schemes"),
    path("scores/schemes/<slug:code>/", pages.scheme, name="score-scheme"),
    path("scores/reports/", pages.reports, name="score-reports"),
    path("scores/reports/<int:pk>/end/", pages.end_report, name="score-report-end"),
    path("scores/reports/<int:pk>.<slug:suffix>", pages.report_file, name="score-report-file"),
    path("api/scores", rest.Scores.as_view(), name="api-scores"),
    path("api/scores/board", rest.BoardView.as_view(), name="api-score-board"),
    path("api/scores/cases", rest.CasesView.as_view(), name="api-score-cases"),
    path("api/scores/measures", rest.MeasuresView.as_view(), name="api-score-measures"),
    path("api/scores/schemes", rest.SchemesView.as_view(), name="api-score-schemes"),
    path("api/scores/schemes/<slug:code>", rest.SchemeView.as_view(), name="api-score-scheme"),
    path("api/scores/schemes/<slug:code>/points", rest.PointsView.as_view(), name="api-score-points"),
    path("api/scores/published", rest.PublicationsView.as_view(), name="api-score-publications"),
    path("api/scores/published/<int:pk>", rest.PublicationView.as_view(), name="api-score-publication"),
    path("api/scores/appeals", rest.AppealsView.as_view(), name="api-score-appeals"),
    path("api/scores/appeals/<int:pk>", rest.AppealView.as_view(), name="api-score-appeal"),
]
