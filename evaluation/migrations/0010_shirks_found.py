"""When each organisation was found to shirk a case: of those of before, when the case was."""

from django.db import migrations, models

FOUND = """
    DELETE FROM evaluation_shirk s USING evaluation_fact f WHERE f.id = s.fact_id AND f.shirked_at IS NULL;
    UPDATE evaluation_shirk s SET at = f.shirked_at FROM evaluation_fact f WHERE f.id = s.fact_id
"""


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_orders")]

    operations = [
        migrations.AddField("shirk", "at", models.DateTimeField(null=True)),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
        migrations.AlterField("shirk", "at", models.DateTimeField()),
        migrations.AddIndex("shirk", models.Index(fields=["at"], name="shirk_found")),
    ]
