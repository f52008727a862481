"""Films as the cameras' server plays them: coded units, parts that loop, and a program that starts when asked.

Only the standard library: simulator/rtsp.py runs with the system's Python.
"""

import json
import re
import threading

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")


class Refused(Exception):
    """A request that cannot be done; `status` is the HTTP status to answer."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Film:
    """A film in memory: coded units and the parts that they make."""

    def __init__(self, folder, name):
        if not NAME.match(name):
            raise Refused(400, f"'{name}' is not a film's name")
        path = folder / f"{name}.json"
        try:
            described = json.loads(path.read_text(encoding="utf-8"))
            stream = path.with_suffix(".h264").read_bytes()
        except OSError as error:
            raise Refused(404, f"there is no film '{name}' in {folder}") from error
        self.name = name
        self.fps = int(described["fps"])
        self.size = (int(described["width"]), int(described["height"]))
        self.scene, self.zone, self.violation = described["scene"], described["zone"], described["violation"]
        self.units = [(stream[at : at + length], bool(key)) for at, length, key in described["units"]]
        self.parts = {part["name"]: part for part in described["parts"]}
        self.program = [part["name"] for part in described["parts"] if part["name"] != "idle"]


class Player:
    """What a camera shows now: unit after unit of its film, idle or in its program."""

    def __init__(self, film):
        self.film = film
        self.part, self.at, self.shown = "idle", 0, 0
        self.waiting = None
        self.holds, self.runs = {}, 0
        self.lock = threading.Lock()

    def next_unit(self):
        """The next coded unit and whether it is a keyframe."""
        with self.lock:
            self._turn()
            part = self.film.parts[self.part]
            unit = self.film.units[part["first"] + self.at % part["count"]]
            self.at += 1
            self.shown += 1
            return unit

    def _turn(self):
        """Go on to the next part where this one is over."""
        part = self.film.parts[self.part]
        if self.part == "idle":
            if self.waiting is not None and self.at >= self.waiting:
                self._enter(self.film.program[0])
                self.waiting = None
                self.runs += 1
            elif self.waiting is None:
                self.at %= part["count"]
        elif self.at >= self._length(self.part):
            following = self.film.program.index(self.part) + 1
            self._enter(self.film.program[following] if following < len(self.film.program) else "idle")

    def _enter(self, name):
        self.part, self.at, self.shown = name, 0, 0

    def _length(self, name):
        part = self.film.parts[name]
        return round(self.holds.get(name, 60.0) * self.film.fps) if part["loops"] else part["count"]

    def start(self, hold_s, within_s):
        """Begin the program; gives what comes when, in seconds from now."""
        fps = self.film.fps
        with self.lock:
            if not self.film.program:
                raise Refused(409, "nothing happens in this film")
            if self.part != "idle" or self.waiting is not None:
                raise Refused(409, "it runs already")
            self.holds = {name: hold_s for name in self.film.program if self.film.parts[name]["loops"]}
            self.waiting = self._leave_at(within_s)
            at = (self.waiting - self.at) / fps
            begins, parts = at, []
            for name in self.film.program:
                length = self._length(name) / fps
                parts.append({"name": name, "from_s": round(at, 3), "until_s": round(at + length, 3)})
                at += length
        return {"begins_in_s": round(begins, 3), "parts": parts}

    def _leave_at(self, within_s):
        """The unit of the idle loop to leave at: a quiet one soon, else the next keyframe."""
        part, fps = self.film.parts["idle"], self.film.fps
        soon = -(-self.at // fps) * fps
        quiet = (
            at for at in range(soon, self.at + round(within_s * fps) + 1, fps) if at % part["count"] in part["seams"]
        )
        return next(quiet, soon)

    def end(self):
        """Leave the held part at its next second."""
        with self.lock:
            if self.part == "idle" or not self.film.parts[self.part]["loops"]:
                raise Refused(409, "no part is held now")
            self.holds[self.part] = -(-self.at // self.film.fps)

    def state(self):
        with self.lock:
            return {
                "part": self.part,
                "part_s": round(self.shown / self.film.fps, 2),
                "runs": self.runs,
                "waiting": self.waiting is not None,
            }
