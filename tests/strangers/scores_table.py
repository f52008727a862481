"""The doors of evaluation: boards, the cases behind numbers, publications, appeals, schemes."""

from typing import Any

from tests.strangers.door import LOGIN, Door

ONES_OWN = "of one's own ground"
NO_EVALUATOR = "who sees scores does not evaluate"
ABSENT = {"pk": 999_999}
NO_SCHEME = {"code": "none"}
PUBLISH = {"level": "district", "period": "month", "on": "2026-01-01"}
PART = {"level": "district", "key": "449901", "component": "x", "points": 1, "reason": "r", "period": "month",
        "on": "2026-01-01"}  # fmt: skip
REPORT = {"level": "district", "show": "handling", "every": "month", "day": "1", "at": "08:00", "formats": "pdf",
          "language": "en"}  # fmt: skip
BEHIND = "?level=city&ref=reported&days=3"


def seen(name: str, method: str = "get", **given: Any) -> Door:
    """A door that everybody with scores of their own opens, each onto their own."""
    return Door(name, method, **{"stranger": 200, "neighbour": 200, "why": ONES_OWN, **given})


SCORES = (
    seen("scores", nobody=LOGIN),
    seen("score-cases", query=BEHIND, nobody=LOGIN, hides=lambda w: w.case),
    seen("score-publications", nobody=LOGIN),
    Door("score-publications", "post", data=lambda w: PUBLISH, nobody=LOGIN, stranger=403, neighbour=403, right=403,
         why=NO_EVALUATOR),
    Door("score-publication", kwargs=lambda w: ABSENT, nobody=LOGIN, right=404),
    seen("score-appeals", nobody=LOGIN),
    Door("score-appeals", "post", data=lambda w: {"case": w.case, "reason": "r"}, nobody=LOGIN, neighbour=404,
         right=403, why="the department itself appeals"),
    Door("score-appeal", "post", kwargs=lambda w: ABSENT, data=lambda w: {"act": "grant", "answer": "a"}, nobody=LOGIN,
         right=404),
    seen("score-schemes", nobody=LOGIN),
    *(Door("score-scheme", method, kwargs=lambda w: NO_SCHEME, nobody=LOGIN, stranger=403, neighbour=403, right=403,
           why=NO_EVALUATOR) for method in ("get", "post")),
    seen("score-reports", nobody=LOGIN),
    Door("score-reports", "post", data=lambda w: REPORT, nobody=LOGIN, stranger=403, neighbour=403, right=403,
         why="a report of the whole city is for who sees all of it"),
    Door("score-report-end", "post", kwargs=lambda w: ABSENT, nobody=LOGIN, right=404),
    Door("score-report-file", kwargs=lambda w: {**ABSENT, "suffix": "pdf"}, nobody=LOGIN, right=404),
    seen("api-scores"),
    seen("api-score-board"),
    seen("api-score-cases", query=BEHIND, hides=lambda w: w.case),
    seen("api-score-measures"),
    seen("api-score-schemes"),
    Door("api-score-scheme", kwargs=lambda w: NO_SCHEME, right=404),
    Door("api-score-scheme", "put", kwargs=lambda w: NO_SCHEME,
         data=lambda w: {"document": {}, "valid_from": "2026-01-01", "seen": 1, "reason": "r"}, stranger=403,
         neighbour=403, right=403, why=NO_EVALUATOR),
    Door("api-score-points", "post", kwargs=lambda w: NO_SCHEME, data=lambda w: PART, stranger=403, neighbour=403,
         right=403, why=NO_EVALUATOR),
    seen("api-score-publications"),
    Door("api-score-publications", "post", data=lambda w: PUBLISH, stranger=403, neighbour=403, right=403,
         why=NO_EVALUATOR),
    Door("api-score-publication", kwargs=lambda w: ABSENT, right=404),
    seen("api-score-appeals"),
    Door("api-score-appeals", "post", data=lambda w: {"case": w.case, "reason": "r"}, right=403,
         why="the department itself appeals"),
    Door("api-score-appeal", "post", kwargs=lambda w: ABSENT, data=lambda w: {"grant": True, "answer": "a"}, right=404),
    Door("api-score-appeal", "delete", kwargs=lambda w: ABSENT, right=404),
)  # fmt: skip
