"""The city as it was at a moment, in a cluster of its own."""

from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cityops.backups import drilling, programs, restoring


def moment(text: str) -> datetime:
    """An aware moment; ArgumentTypeError where its zone is not said."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no moment; write it as 2026-10-01T02:10:00+08:00") from error
    if at.tzinfo is None:
        raise ArgumentTypeError(f"{text}: say the zone, as in 2026-10-01T02:10:00+08:00")
    return at


class Command(BaseCommand):
    """It never writes into the running city: it says under which address the restored one answers."""

    help = "Restores the city as it stood just before a moment into a folder of its own, starts and verifies it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Until when, and where to."""
        parser.add_argument("into", type=Path, help="a new folder for the restored cluster")
        parser.add_argument("--at", type=moment, help="the moment, with its zone; the end of the log if not given")
        parser.add_argument("--files-to", type=Path, help="a new folder for the files; INTO/media if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """It runs, whole, in an epoch of its own; or CommandError, and nothing runs."""
        media = (options["files_to"] or options["into"] / "media").absolute()
        try:
            cluster = restoring.restore(programs.folder(), options["into"].absolute(), options["at"])
            came = restoring.bring_files(programs.folder(), media)
            restoring.start(cluster)
            wrong = drilling.settle(cluster, media, f"restored to {options['at'] or 'the end of the log'}")
        except (programs.BackupFailed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored from backup {cluster.backup.name}; {came} files came.")
        self.stdout.write(f"It answers at DATABASE_URL={cluster.url}; its files lie in {media}.")
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(f"{len(wrong)} things are not as they should be.")
