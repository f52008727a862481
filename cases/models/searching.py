"""The words that a case is found by. Triggers keep them (migration 0026), in the transaction that changes a text."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from cases.models.case import Case


class CaseWords(models.Model):
    """The words of one case: number, place, description, class, and what was done about it.

    They stand apart from the case, whose row every step writes anew, so that a step costs the index nothing.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="words")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="case_words_found", gin_pending_list_limit=512)]

    def __str__(self) -> str:
        return str(self.case_id)
