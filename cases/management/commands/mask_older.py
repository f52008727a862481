"""`manage.py mask_older`: words from before words were masked on their way in are masked where they stand."""

from typing import Any

from django.core.management.base import BaseCommand

from cases import actions


class Command(BaseCommand):
    """Every case in turn; run again, or run while people work, it does no harm."""

    help = "Masks personal data in the words of cases from before words were masked on their way in."

    def handle(self, *args: Any, **options: Any) -> None:
        """A batch after the other; each case is a transaction of its own."""
        done = actions.mask_older()
        masked = done.masked
        while done.last is not None:
            done = actions.mask_older(done.last)
            masked += done.masked
        self.stdout.write(f"masked the words of {masked} cases")
