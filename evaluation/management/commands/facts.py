"""`manage.py facts`: every case has its fact kept anew, batch after batch; once after an upgrade or a restore."""

from typing import Any

from django.core.management.base import BaseCommand

from cases import selectors as cases
from core.scope import machine
from evaluation import actions, selectors

READER = machine("facts", "case.see")


class Command(BaseCommand):
    help = "Keeps the facts of evaluation anew for every case."

    def handle(self, *args: Any, **options: Any) -> None:
        """Newest first, 500 at a time, each batch a transaction of its own; may be begun again; what breaks is told."""
        rows, kept, below = cases.visible_to(READER), 0, None
        while True:
            batch = (rows if below is None else rows.filter(pk__lt=below)).order_by("-pk")[: actions.BATCH]
            found = list(batch.values_list("pk", "number"))
            if not found:
                break
            below = found[-1][0]
            kept += actions.keep_sound(number for _pk, number in found)
        self.stdout.write(f"{kept} facts kept")
        for number, error in selectors.parked().items():
            self.stderr.write(f"{number} cannot be counted: {error}")
