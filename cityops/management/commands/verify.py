"""Is the database that DATABASE_URL names whole? The restored one is asked before anybody works with it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser

from cityops.backups import verifying
from journal import actions as journal


class Command(BaseCommand):
    """One fault a line; nothing where there is none."""

    help = "Prints what is wrong with the database: migrations, the journal's numbers, files that are missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where its files lie, and whether its numbers begin anew."""
        parser.add_argument("--files", type=Path, default=settings.MEDIA_ROOT, help="where its files lie")
        parser.add_argument("--sums", action="store_true", help="a line for each table: rows and sum, to compare by")
        parser.add_argument("--epoch", default="", help="begin a new epoch of numbers, for this reason")

    def handle(self, *args: Any, **options: Any) -> None:
        """Faults on standard output, then what else was asked for."""
        for sentence in verifying.faults(options["files"]):
            self.stdout.write(sentence)
        if options["sums"]:
            for table, (rows, total) in verifying.sums().items():
                self.stdout.write(f"{table}\t{rows}\t{total}")
        if options["epoch"]:
            journal.raise_epoch(options["epoch"])
