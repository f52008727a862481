"""manage.py first_admin NAME: the first account of an empty installation, with the right to give further ones."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions
from core.errors import DomainError
from core.scope import machine
from core.sentences import sentence_of

OPERATOR = machine("operator:accounts", "admin", label="accounts")


class Command(BaseCommand):
    """Refuses as soon as there is any account; needs the base pack's role administrator."""

    help = "Create the first administrator of an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is."""
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="the name others see")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """The account exists and administers everything."""
        password = input() if options["password_stdin"] else getpass.getpass("Password: ")
        name = options["username"]
        try:
            with transaction.atomic():
                actions.first_administrator(
                    username=name, password=password, label=options["name"] or name, actor=OPERATOR
                )
                actions.grant(user=name, role="administrator", actor=OPERATOR)
        except DomainError as refused:
            raise CommandError(str(sentence_of(refused))) from refused
        self.stdout.write(f"{name} may sign in and administers everything.")
