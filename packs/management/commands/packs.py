"""manage.py packs check|diff|apply|new [--all] [code ...]: the library of packs, from the command line."""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from core.errors import DomainError
from core.scope import machine
from core.sentences import retell, sentence_of
from packs import actions, selectors
from packs.actions import Applied
from packs.adapters.beginning import begin
from packs.contracts import Library, Lifted

OPERATOR = machine("operator:packs", "admin", label="packs")


class Command(BaseCommand):
    """Checks, compares and applies packs; without codes it means every pack of the library."""

    help = "Check, compare or apply the packs of the library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """check, diff or apply, and which packs."""
        parser.add_argument("what", choices=["check", "diff", "apply", "new"])
        parser.add_argument("--language", default="en", choices=["zh-hans", "en"], help="of what is told")
        parser.add_argument("--dry-run", action="store_true", help="apply, carry rows over, tell, and take it all back")
        parser.add_argument("codes", nargs="*", help="packs; none means all")
        parser.add_argument("--all", action="store_true", help="every pack of the library (as without codes)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with an error where there is a fault."""
        with override(options["language"]):
            self._told(options)

    def _told(self, options: dict[str, Any]) -> None:
        if options["what"] == "new":
            self._new(options["codes"])
            return
        library = selectors.library()
        codes = list(options["codes"]) if options["codes"] and not options["all"] else sorted(library.packs)
        unknown = [code for code in codes if code not in library.packs]
        if unknown:
            raise CommandError(f"The library has no pack called {', '.join(unknown)}.")
        apply = self._rehearse if options["dry_run"] else self._apply
        {"check": self._check, "diff": self._diff, "apply": apply}[options["what"]](library, codes)

    def _new(self, codes: list[str]) -> None:
        if len(codes) != 1:
            raise CommandError("Say one code: `manage.py packs new night-markets`.")
        try:
            folder = begin(codes[0])
        except DomainError as refused:
            raise CommandError(str(sentence_of(refused))) from refused
        self.stdout.write(f"{folder} is there. Fill it in, then: packs check {codes[0]}; /systems/{codes[0]}/preview/.")

    def _check(self, library: Library, codes: list[str]) -> None:
        faults = selectors.problems(library, codes)
        for fault in faults:
            self.stdout.write(str(replace(fault, sentence=retell(fault.sentence))))
        if faults:
            raise CommandError(f"{len(faults)} faults in {len(codes)} packs.")
        self.stdout.write(f"{len(codes)} packs are sound: {', '.join(codes)}.")

    def _diff(self, library: Library, codes: list[str]) -> None:
        self._refuse_faults(library, codes)
        for code in codes:
            changes = selectors.diff(library.packs[code].document)
            self.stdout.write(f"{code}: {len(changes)} changes." if changes else f"{code}: in force as it stands.")
            for change in changes:
                self.stdout.write(f"  {change}")
                for note in change.notes:
                    self.stdout.write(f"          {note}")

    def _apply(self, library: Library, codes: list[str]) -> None:
        try:
            done = actions.apply(codes, actor=OPERATOR)
        except DomainError as refused:
            raise CommandError(str(sentence_of(refused))) from refused
        self._tell(done, actions.lift(actor=OPERATOR))
        made, gone = actions.settle(actor=OPERATOR)
        if made or gone:
            self.stdout.write(f"Indexes of attributes: {len(made)} made, {len(gone)} taken away.")

    def _rehearse(self, library: Library, codes: list[str]) -> None:
        try:
            done, lifted = actions.rehearse(codes, actor=OPERATOR)
        except DomainError as refused:
            raise CommandError(str(sentence_of(refused))) from refused
        self._tell(done, lifted)
        self.stdout.write("It was taken back: nothing has changed.")

    def _tell(self, done: list[Applied], lifted: list[Lifted]) -> None:
        for result in done:
            told = f"{len(result.changes)} changes" if result.news else "nothing new"
            self.stdout.write(f"{result.code} {result.version}: {told}.")
        for one in lifted:
            stay = f", {one.left} stay under their version (as {one.example})" if one.left else ""
            self.stdout.write(f"{one.section} {one.code}: {one.moved} rows carried over{stay}.")

    def _refuse_faults(self, library: Library, codes: list[str]) -> None:
        if selectors.problems(library, codes):
            raise CommandError("The library has faults: run `manage.py packs check`.")
