"""What a city holds, learnt from its own answers, so that a generated call names what is there and goes deep."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from cases.rules import STEPS

IDENTITIES = ("id", "uid", "code", "number", "version", "name", "duty", "service_code", "service_request_id")
SOURCES: dict[str, tuple[str, str]] = {
    "category": ("/api/categories", "code"),
    "code": ("/api/classes", "code"),
    "organisation": ("/api/organisations", "code"),
    "department": ("/api/organisations", "code"),
    "district_centre": ("/api/organisations", "code"),
    "arbiter": ("/api/organisations", "code"),
    "parent": ("/api/organisations", "code"),
    "office": ("/api/organisations", "code"),
    "org": ("/api/organisations", "path"),
    "below": ("/api/organisations", "code"),
    "role": ("/api/roles", "code"),
    "user_id": ("/api/people", "id"),
    "person": ("/api/people", "id"),
    "surveyor": ("/api/people", "id"),
    "post": ("/api/posts", "code"),
    "area": ("/api/regions", "path"),
    "district": ("/api/regions", "code"),
    "street": ("/api/regions", "code"),
    "community": ("/api/regions", "code"),
    "into": ("/api/cases", "number"),
    "component": ("/api/components", "code"),
    "cell": ("/api/grid/supervised-cells", "code"),
    "type": ("/api/assets/counts", "type"),
    "types": ("/api/assets/counts", "type"),
    "camera": ("/api/cameras", "code"),
    "incident": ("/api/incidents", "uid"),
    "service_code": ("/open311/v2/services.json", "service_code"),
    "service_request_id": ("/open311/v2/requests.json", "service_request_id"),
    "q": ("/api/regions", "code"),
    "new": ("/api/grid/versions", "version"),
    "old": ("/api/grid/versions", "version"),
    "from": ("/api/grid/versions", "version"),
    "duty": ("/api/responsibility/general", "duty"),
}  # fmt: skip
"""What a field is called, where such things are listed, and what they are called there."""
CHOSEN = frozenset({"kind", "source", "phase", "verb", "state", "level", "subject", "file"})
"""What has words of its own at each place."""
WORDS = frozenset({"reason", "note", "text", "answer", "requirement", "result", "description", "title", "label"})
OWN = ("code", "username", "number")
"""What may not be twice."""
PEOPLE = ("handler", "collector")
STAGES = {
    verb: frozenset(stage for step in STEPS if step.verb == verb for stage in step.sources)
    for verb in {step.verb for step in STEPS}
}
"""In which stages a case must be for a step: the last word of its path is the verb."""
MOST = 300

Ask = Callable[[str], Any]


class Learnt:
    """Collections that were asked for, once each; `forget` makes them be asked again."""

    def __init__(self, ask: Ask, seed: random.Random, bounds: tuple[float, float, float, float]) -> None:
        self.ask, self.random, self.bounds = ask, seed, bounds
        self.stages: frozenset[str] = frozenset()
        self.spot: dict[str, Any] = {}
        self.collections: dict[str, list[dict[str, Any]]] = {}
        self.values: dict[str, list[Any]] = defaultdict(list)

    def forget(self) -> None:
        """Others have changed what there is."""
        self.collections.clear()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """What is listed at a path; nothing where that is refused or no list."""
        if path not in self.collections:
            answer = self.ask(path)
            self.collections[path] = found = next(lists_in(answer), [])[:MOST]
            for row in found[:40]:
                self._keep(row)
        return self.collections[path]

    def _keep(self, row: dict[str, Any]) -> None:
        for name, value in row.items():
            if isinstance(value, str | int) and not isinstance(value, bool) and len(self.values[name]) < MOST:
                self.values[name].append(value)

    def parameters(self, template: str) -> dict[str, Any]:
        """The parameters of a path, from left to right, each of a thing that is there below the ones before."""
        found: dict[str, Any] = {}
        parts = template.split("/")
        self.stages = STAGES.get(parts[-1], frozenset())
        self.spot = self.random.choice(self.rows("/api/cases") or [{}])
        for index, part in enumerate(parts):
            if part.startswith("{") and part.endswith("}"):
                above = "/".join(parts[:index]).format(**found)
                value = self._of(above, part[1:-1])
                if value is None:
                    break
                found[part[1:-1]] = value
        return found

    def _of(self, collection: str, name: str) -> Any:
        rows = self.rows(collection)
        rows = [row for row in rows if row.get("stage") in self.stages] or rows
        for row in self.random.sample(rows, min(3, len(rows))):
            for key in (name, *IDENTITIES):
                if isinstance(row.get(key), str | int):
                    return row[key]
        return None

    def value(self, name: str) -> Any:
        """A value that a field of this name has somewhere in the city; None where none is known."""
        if name in CHOSEN:
            return None
        if name in WORDS:
            return "因为需要"
        if name in ("lon", "long", "lat"):
            return self.spot.get("lat" if name == "lat" else "lon")
        if name == "bbox":
            return ",".join(map(str, self.bounds))
        known = self._known(name)
        return self.random.choice(known) if known else None

    def _known(self, name: str) -> list[Any]:
        if name in PEOPLE:
            return [f"user:{row['id']}" for row in self.rows("/api/people") if "id" in row]
        if name in ("condition", "closing"):
            classes = self.rows("/api/categories")
            return [one["code"] for row in classes for one in row.get("conditions", ()) if "code" in one]
        if name in SOURCES:
            path, key = SOURCES[name]
            return [row[key] for row in self.rows(path) if row.get(key) is not None]
        return self.values.get(name, [])

    def like_one(self, path: str, given: dict[str, Any]) -> dict[str, Any]:
        """A body that says what something in the collection says, under a name of its own."""
        rows = self.rows(path)
        if not rows:
            return given
        row = self.random.choice(rows)
        told = {name: row.get(name, value) for name, value in given.items()}
        return {**told, **{name: f"p{self.random.randrange(10**6)}" for name in OWN if name in told}}

    def told(self, given: Any, share: float) -> Any:
        """A body in which that share of the fields says what the city has."""
        if isinstance(given, dict):
            return {name: self._field(name, value, share) for name, value in given.items()}
        if isinstance(given, list):
            return [self.told(one, share) for one in given]
        return given

    def _field(self, name: str, given: Any, share: float) -> Any:
        if isinstance(given, dict) or self.random.random() >= share:
            return self.told(given, share)
        known = self.value(name)
        if known is None or isinstance(given, bool):
            return self.told(given, share)
        return [known] if isinstance(given, list) else known


def lists_in(answer: Any) -> Iterator[list[dict[str, Any]]]:
    """Every list of things in an answer, the outermost first."""
    if isinstance(answer, list) and answer and all(isinstance(row, dict) for row in answer):
        yield answer
    elif isinstance(answer, dict):
        if isinstance(features := answer.get("features"), list):
            answer = {"features": [feature.get("properties", {}) for feature in features]}
        for value in answer.values():
            yield from lists_in(value)
