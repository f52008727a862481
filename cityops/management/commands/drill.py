"""The rehearsal of a restore, each night."""

import signal
from typing import Any, NoReturn

from django.core.management import BaseCommand, CommandError

from cityops.backups import drilling, programs


def _end(*_given: object) -> NoReturn:
    """Told to end, it still stops the scratch server and removes what it copied."""
    raise SystemExit(143)


class Command(BaseCommand):
    """The result is kept for the health page."""

    help = "Restores the newest backup with all of its log into a scratch cluster, verifies it, and removes it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Silence of faults is success."""
        try:
            folder = programs.folder()
            signal.signal(signal.SIGTERM, _end)
            told = drilling.drill(folder)
        except (programs.BackupFailed, OSError) as error:
            raise CommandError(str(error)) from error
        for sentence in told.wrong:
            self.stderr.write(sentence)
        if told.wrong:
            raise CommandError(f"The drill failed: {len(told.wrong)} things are wrong.")
        self.stdout.write(f"Backup {told.backup} was restored and is whole, in {told.seconds:.1f} s.")
