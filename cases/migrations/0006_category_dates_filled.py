"""Versions made before they had dates: each begins a day after the one before, from 2000 on, when nobody kept dates."""

from django.db import migrations

FORWARDS = """
UPDATE cases_category SET
    valid_from = timestamptz '2000-01-01 00:00:00+08' + (version - 1) * interval '1 day',
    made_at = timestamptz '2000-01-01 00:00:00+08' + (version - 1) * interval '1 day';
UPDATE cases_category AS old SET valid_until = (
    SELECT min(new.valid_from) FROM cases_category AS new WHERE new.code = old.code AND new.version > old.version
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_category_dates"),
    ]

    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
