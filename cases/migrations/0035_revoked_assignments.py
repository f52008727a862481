"""A department may take back an assignment: the pair of stages of the step `revoke`."""

from django.db import migrations

FORWARD = "INSERT INTO cases_legal_move VALUES ('handling', 'dispatched')"
BACKWARD = "DELETE FROM cases_legal_move WHERE before = 'handling' AND after = 'dispatched'"


class Migration(migrations.Migration):
    dependencies = [("cases", "0034_shirked_found")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
