"""Organisations that were there before standings were kept stood as they stand now, as long as anybody remembers."""

from django.db import migrations

REMEMBER = """
    INSERT INTO accounts_standing (organisation_id, names, duties, parent_id, path, active, valid_from)
    SELECT id, names, duties, parent_id, path, active, timestamptz '2000-01-01 00:00:00+08' FROM accounts_organisation
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_standings_and_plans")]

    operations = [migrations.RunSQL(REMEMBER, migrations.RunSQL.noop)]
