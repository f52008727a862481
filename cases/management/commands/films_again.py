"""`manage.py films_again`: films that were given up are prepared after all, once what was in their way is mended."""

from typing import Any

from django.core.management.base import BaseCommand

from cases import actions


class Command(BaseCommand):
    """Run where no film was given up, it does nothing."""

    help = "Lets the workers try the films again that they gave up."

    def handle(self, *args: Any, **options: Any) -> None:
        """The workers take them one after another, as they take new ones."""
        self.stdout.write(f"{actions.prepare_again()} films will be tried again")
