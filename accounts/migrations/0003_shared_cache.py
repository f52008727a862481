"""The table of the shared cache, which counts failed sign-ins."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, editor: Any) -> None:
    """The table exists; one that is there already is left as it is."""
    call_command("createcachetable", "cityops_cache", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_organisation_kinds")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
