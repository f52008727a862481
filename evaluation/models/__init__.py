"""Tables of evaluation: schemes and marks, and the facts that the measures count."""

from evaluation.models.facts import Fact, News
from evaluation.models.marks import Mark, Scheme

__all__ = ["Fact", "Mark", "News", "Scheme"]
