"""`manage.py import_city FILE --kind divisions`: the same import as in the browser, from a shell."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.errors import DomainError
from core.languages import pick
from core.scope import machine
from core.sentences import sentence_of
from exchange import actions, selectors
from exchange.contracts import State, intakes
from exchange.models import ImportJob
from exchange.sentences import failure_text, fault_lines, suspicion_lines

CHUNK = 1024 * 1024
SHELL = machine("shell", "admin", label="manage.py")


def pair(text: str) -> tuple[str, str]:
    """`a=b` as two words."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ArgumentTypeError(f"{text}: write field=column")
    return name, value


class Command(BaseCommand):
    """Uploads, maps, checks, shows, asks, and takes a file over in this process."""

    help = "Imports a file: the map, components, organisations, people, calendars, classes, special rules (--kind)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, what it is, and what differs from the guess."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=sorted(intakes()))
        parser.add_argument("--map", action="append", type=pair, default=[], metavar="FIELD=COLUMN")
        parser.add_argument("--set", action="append", type=pair, default=[], metavar="OPTION=VALUE")
        parser.add_argument("--layer", default="")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
        parser.add_argument("--dry-run", action="store_true", help="check only, store nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask; grave suspicions still stop it")
        parser.add_argument("--accept-suspicions", action="store_true", help="they were read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Every refusal is a sentence and exit status 1."""
        with translation.override(options["language"]):
            try:
                self._import(options)
            except DomainError as error:
                raise CommandError(sentence_of(error)) from error

    def _import(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"{file}: no such file")
        with file.open("rb") as stream:
            chunks = iter(lambda: stream.read(CHUNK), b"")
            job = actions.upload(file.name, chunks, kind=options["kind"], actor=SHELL, layer=options["layer"])
        uid = str(job.uid)
        actions.map_columns(uid, actor=SHELL, mapping=job.mapping | dict(options["map"]), options=dict(options["set"]))
        job = self._worked(uid)
        self._tell(job)
        if options["dry_run"]:
            actions.cancel(uid, actor=SHELL)
            return
        if not options["yes"] and input("Take it over? [y/N] ").strip().lower() != "y":
            actions.cancel(uid, actor=SHELL)
            return
        try:
            actions.confirm(uid, actor=SHELL, accept_suspicions=options["accept_suspicions"])
        except DomainError:
            actions.cancel(uid, actor=SHELL)
            raise
        job = self._worked(uid)
        self.stdout.write(f"{job.state}: {job.counts} {job.report.get('told', {})}")

    def _worked(self, uid: str) -> ImportJob:
        """The import, after this process has worked on it, or a worker that was quicker."""
        actions.work(uid)
        job = selectors.waited_for(uid, SHELL)
        if job.state == State.FAILED:
            raise CommandError(failure_text(job.failure))
        return job

    def _tell(self, job: ImportJob) -> None:
        named = ", ".join(f"{name} ← {column}" for name, column in job.mapping.items())
        self.stdout.write(f"{pick(intakes()[job.kind].names)}: {job.total}  ({named})")
        self.stdout.write("  ".join(f"{name} {count}" for name, count in job.report["counts"].items()))
        for line in (*suspicion_lines(job.report), *fault_lines(job.report)[:50]):
            self.stdout.write(f"  {line}")
