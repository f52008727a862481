"""`manage.py demo`: a city that has been at work since yesterday. Run again: says so and changes nothing."""

import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import demo as demo_accounts
from cityops.management import (
    demo_cases,
    demo_city,
    demo_field,
    demo_hotline,
    demo_machines,
    demo_past,
    demo_pictures,
    demo_registers,
)
from cityops.settings.env import read
from core import clock
from packs import actions as packs
from simulator import city as generator
from simulator.scenes.demo import CAMERAS

FOUNDED = timedelta(days=30)


class Command(BaseCommand):
    """Generates the demo city, imports it through the platform's own actions and plays a day of cases."""

    help = "Seed the demo: a generated city with people, cameras and cases in every stage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, and from which seed."""
        parser.add_argument("--cells", type=int, default=generator.DEFAULT_CELLS)
        parser.add_argument("--assets", type=int, default=generator.DEFAULT_ASSETS)
        parser.add_argument("--cases", type=int, default=280, help="a third are open, a third ended in the past day")
        parser.add_argument("--past", type=int, help="so many ended cases of the months before; 12 for each case")
        parser.add_argument("--seed", type=int, default=generator.DEFAULT_SEED)
        parser.add_argument("--cameras", type=int, default=len(CAMERAS), help="so many of the demo's cameras")
        parser.add_argument("--no-cameras", action="store_true", help="neither films nor cameras")
        parser.add_argument("--accounts", action="store_true", help="only print who can sign in")
        parser.add_argument("--accounts-to", type=Path, help="a file that says who can sign in, for whoever starts us")

    def handle(self, *args: Any, **options: Any) -> None:
        """Every step prints what it did and how long it took."""
        if options["accounts"]:
            self.stdout.write(self._accounts())
            return
        films = None if options["no_cameras"] else self._start_films(options["cameras"])
        self._began = time.monotonic()
        now = clock.now()
        number, cells = options["seed"], options["cells"]
        drawing = demo_pictures.rendering(demo_city.folder() / "pictures", number) if options["cases"] else None
        with demo_city.at(now - FOUNDED):
            self._do("packs", self._packs)
            self._do("map", lambda: demo_city.draw_map(number, cells))
            self._do("components", lambda: demo_city.set_components(number, cells, options["assets"]))
            self._do("organisations", demo_city.found_offices)
            self._do("people", demo_city.hire)
            self._do("crews", demo_field.contract_crews)
            self._do("supervision areas", demo_field.give_ground)
        self._do("rosters", demo_field.draw_rosters)
        self._do("census", demo_field.take_census)
        self._do("change requests", demo_field.propose_changes)
        past = 12 * options["cases"] if options["past"] is None else options["past"]
        self._do("past", lambda: self._past(number, cells, past))
        if drawing is not None:
            drawing.join()
        self._do("cases", lambda: self._cases(number, cells, options["cases"]))
        self._do("machines", demo_machines.set_up)
        self._do("registers", self._registers)
        self._do("hotline", lambda: demo_hotline.exchange_tickets(read("HOTLINE_PORT")))
        if not options["no_cameras"]:
            self._do("films", lambda: self._finish_films(films))
            self._do("cameras", lambda: demo_city.put_up_cameras(number, cells, read("RTSP_PORT")))
        if options["accounts_to"]:
            options["accounts_to"].write_text(self._accounts() + "\n", encoding="utf-8")
        self.stdout.write(f"The demo city is ready ({time.monotonic() - self._began:.1f} s).")

    def _do(self, what: str, act: Callable[[], str]) -> None:
        began = time.monotonic()
        self.stdout.write(f"  {what} ...")
        self.stdout.flush()
        told = act()
        self.stdout.write(f"  {what}: {told} ({time.monotonic() - began:.1f} s)")
        self.stdout.flush()

    def _packs(self) -> str:
        done = packs.apply(actor=demo_city.SEEDER)
        packs.settle(actor=demo_city.SEEDER)
        return ", ".join(f"{pack.code} {pack.version}" for pack in done)

    def _past(self, number: int, cells: int, total: int) -> str:
        if not total:
            return "none"
        spots = demo_cases.spots(generator.build(number, cells), max(40, min(600, total)))
        return demo_past.take_over(number, spots, clock.now(), total)

    def _registers(self) -> str:
        """Behind the day, for what goes wrong in a register becomes a case now."""
        told = demo_registers.keep_registers()
        demo_cases.spread_the_news()
        return told

    def _cases(self, number: int, cells: int, total: int) -> str:
        if demo_cases.already_played():
            return "the day has been played already"
        city = generator.build(number, cells)
        spots = demo_cases.spots(city, max(40, total))
        pictures = demo_pictures.pictures(demo_city.folder() / "pictures", number)
        now = clock.now()
        still_open = total // 3
        stories = demo_cases.tell(number, spots, now, still_open, (total - still_open + 1) // 2)
        try:
            deeds = demo_cases.Player(now, pictures).play(stories, self._tick)
        finally:
            clock.set_source(None)
        entries = demo_cases.spread_the_news()
        return f"{len(stories)} cases, {deeds} steps, {entries} entries in the journal"

    def _tick(self, done: int) -> None:
        if done % 500 == 0:
            self.stdout.write(f"    {done} steps")
            self.stdout.flush()

    def _start_films(self, many: int) -> subprocess.Popen[bytes] | None:
        """Rendering takes minutes, so it goes on beside everything else; None where every film is there."""
        if demo_city.films_are_there(many):
            return None
        command = [
            "nice",
            "-n",
            "10",
            sys.executable,
            "-m",
            "simulator.scenes.render",
            "--demo",
            str(demo_city.folder()),
            "--cameras",
            str(many),
        ]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def _finish_films(self, films: subprocess.Popen[bytes] | None) -> str:
        if films is None:
            return "there already"
        _, errors = films.communicate()
        if films.returncode:
            raise CommandError(f"The cameras' films could not be rendered: {errors.decode(errors='replace')[-2000:]}")
        return "rendered"

    def _accounts(self) -> str:
        people = [f"    {one.username:22} {one.role:20} {one.label}" for one in demo_accounts.demo_people()]
        return "\n".join([f"  password for all: {demo_accounts.DEMO_PASSWORD}", *people])
