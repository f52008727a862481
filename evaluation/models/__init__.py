"""Tables of evaluation: facts, schemes and marks, what was published and what was appealed."""

from evaluation.models.facts import Fact, News, Press, Shirk
from evaluation.models.marks import Mark, Scheme
from evaluation.models.publications import Appeal, AppealRule, GivenPoints, Publication, PublishedRow, SchemeVersion
from evaluation.models.reports import ReportFile, ReportPlan, ReportRun

__all__ = [
    "Appeal", "AppealRule", "Fact", "GivenPoints", "Mark", "News", "Press", "Publication", "PublishedRow", "ReportFile",
    "ReportPlan", "ReportRun", "Scheme", "SchemeVersion", "Shirk",
]  # fmt: skip
