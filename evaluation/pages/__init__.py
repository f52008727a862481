"""The pages of evaluation: boards with what was published and appealed, reports that come by themselves, schemes."""

from evaluation.pages.boards import appeal, appeals, behind, publication, published, schemes, scores
from evaluation.pages.regular import end_report, report_file, reports
from evaluation.pages.scheme_form import scheme

__all__ = [
    "appeal", "appeals", "behind", "end_report", "publication", "published", "report_file", "reports", "scheme",
    "schemes", "scores",
]  # fmt: skip
