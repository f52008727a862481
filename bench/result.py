"""What a benchmark or a proof measured: a table for people, var/results/NAME.json for the next comparison.

result = Result("journal")
result.add("entries", 6400)
result.expect("missed", missed, at_most=0)
result.expect("p99", p99 * 1000, at_most=500, unit="ms")
sys.exit(result.finish())
"""

import json
import os
import platform
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """One measured figure and, where there is one, the target it must keep."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def has_target(self) -> bool:
        """Whether anything was promised about it."""
        return self.at_least is not None or self.at_most is not None

    @property
    def kept(self) -> bool:
        """Whether the figure keeps its target; NaN keeps none."""
        low = self.at_least is None or self.value >= self.at_least
        high = self.at_most is None or self.value <= self.at_most
        return low and high

    @property
    def target(self) -> str:
        """The target as people write it."""
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return " and ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def machine() -> dict[str, Any]:
    """What the figures were measured on, and which commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(pages * size / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()


@dataclass
class Result:
    """Everything one run measured."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str = "") -> None:
        """A figure without a target."""
        self.figures.append(Figure(name, value, unit))

    def expect(
        self, name: str, value: float, *, at_least: float | None = None, at_most: float | None = None, unit: str = ""
    ) -> None:
        """A figure with a target; `finish` answers 1 where it is missed."""
        if at_least is None and at_most is None:
            raise ValueError(f"{name}: a target needs at_least or at_most")
        self.figures.append(Figure(name, value, unit, at_least, at_most))

    def note(self, sentence: str) -> None:
        """Something the reader of the figures must know."""
        self.notes.append(sentence)

    @property
    def kept(self) -> bool:
        """Whether every target was kept, and there was something to keep."""
        return bool(self.figures) and all(figure.kept for figure in self.figures)

    def table(self) -> str:
        """The figures, one a line, targets and verdicts beside them."""
        width = max((len(figure.name) for figure in self.figures), default=0)
        lines = [f"{self.name}: {'kept' if self.kept else 'MISSED'}"]
        for figure in self.figures:
            verdict = ("ok" if figure.kept else "MISSED") if figure.has_target else ""
            value = f"{figure.value:,.3f}".rstrip("0").rstrip(".")
            lines.append(
                f"  {figure.name:<{width}}  {value:>14} {figure.unit:<6} {figure.target:<14} {verdict}".rstrip()
            )
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def write(self, folder: Path | None = None) -> Path:
        """The JSON file, written whole or not at all."""
        folder = folder or ROOT / "var" / "results"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        body = {
            "name": self.name,
            "kept": self.kept,
            "machine": machine(),
            "metrics": {figure.name: figure.value for figure in self.figures},
            "targets": {figure.name: asdict(figure) for figure in self.figures if figure.has_target},
            "notes": self.notes,
        }
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.replace(path)
        return path

    def finish(self) -> int:
        """Prints the table, writes the file, and answers the exit status: 0 where every target was kept."""
        print(self.table())
        print(f"  written to {self.write()}")
        return 0 if self.kept else 1
