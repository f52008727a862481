"""Backups of the city, for whoever keeps it running."""

import os
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from cityops.backups import programs, taking


class Command(BaseCommand):
    """One backup, or the log as it is written, or the files alone."""

    help = "Takes a backup into BACKUP_DIR; --stream receives the write-ahead log there until it is stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to back up."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--stream", action="store_true", help="receive the log as it is written (runs for ever)")
        what.add_argument("--files", action="store_true", help="only the files that came since")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what lies there now."""
        try:
            folder = programs.folder()
            if options["stream"]:
                command = taking.receiver(folder)
                os.execve(command[0], command, programs.reach())
            if options["files"]:
                self.stdout.write(f"{taking.keep_files(folder)} files came.")
                return
            made = taking.take(folder, settings.BACKUP_KEEP)
        except (programs.BackupFailed, OSError) as error:
            raise CommandError(str(error)) from error
        took = (made.ended - made.began).total_seconds()
        self.stdout.write(f"Backup {made.name} lies in {folder}, checked, after {took:.1f} s; {made.files} files came.")
