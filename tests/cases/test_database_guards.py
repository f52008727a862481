"""What the database refuses by itself is what the table of steps forbids, neither more nor less."""

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import Case
from cases.rules import STEPS
from tests.cases.factories import brought_to

pytestmark = pytest.mark.django_db


def legal() -> set[tuple[str, str]]:
    """The moves that the database lets pass."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM cases_legal_move")
        return {(str(before), str(after)) for before, after in cursor.fetchall()}


def test_the_moves_that_the_database_knows_are_those_of_the_table_of_steps():
    led = {(str(source), str(step.target)) for step in STEPS for source in step.sources}
    assert legal() == {(source, target) for source, target in led if source != target}


def test_what_is_closed_past_the_check_is_closed_by_force_and_nothing_else_is(town):
    for stage, forced in (("registered", False), ("checked", True)):
        row = Case.objects.get(number=brought_to(town, stage).number)
        with pytest.raises(IntegrityError, match="only closing by force"), transaction.atomic():
            Case.objects.filter(pk=row.pk).update(
                stage="closed", closed_at=row.stage_since, forced=forced, version=row.version + 1
            )


def test_a_stage_that_no_step_leads_to_is_refused_and_nothing_changes(town):
    case = brought_to(town, "registered")
    row = Case.objects.get(number=case.number)
    with pytest.raises(IntegrityError, match="no step leads from registered to checked"), transaction.atomic():
        Case.objects.filter(pk=row.pk).update(stage="checked", version=row.version + 1)
    with pytest.raises(IntegrityError, match="one version at a time"), transaction.atomic():
        Case.objects.filter(pk=row.pk).update(stage="dispatched", version=row.version + 2)
    row.refresh_from_db()
    assert (row.stage, row.version) == ("registered", case.version)
