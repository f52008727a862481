"""Reports to files: a workbook, and a paper."""

from evaluation.codecs.papers import paper_of
from evaluation.codecs.workbooks import workbook_of

__all__ = ["paper_of", "workbook_of"]
