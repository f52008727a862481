"""The demo city's fourteen months before its day, told as plain data: with weekdays, seasons, feasts and a change.

The way of a case is that of the day's stories (`simulator.seed_stories`); what differs is when it came and of which
class. Deterministic in the seed and in the day it is told for. Nothing here knows the database.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulator.seed_stories import ACROSS, BY_CAMERA, BY_SENSOR, DAY, WORDS, Class, Deed, Spot, Story, Teller, busy

DAYS = 425
"""So many days ago the past begins: a year to compare with, and two months before it."""
GROWTH = 9
"""How many times as much comes in at its end as at its beginning: the city looks harder, and the day that is played
has more than any day of the past."""
GROWING, NEW = 150, 8
"""Since so many days one corner of the city gathers more and more stalls, and a district heaps of bicycles."""
WEEKDAY = (1.12, 1.06, 1.0, 1.02, 1.1, 0.82, 0.74)
SPRING_FESTIVAL = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11),
}  # fmt: skip
"""The first day of the year by the moon."""
SOURCES: Mapping[str, float] = {
    "collector": 46,
    "camera": 14,
    "hotline12345": 22,
    "citizen": 12,
    "sensor": 2,
    "phone": 4,
}
ENDS: Mapping[str, float] = {
    "close": 78,
    "rework": 5,
    "redo": 4,
    "settle": 4,
    "reject": 3,
    "refuse": 2,
    "send_back": 3,
    "reopen": 1,
}
STALLS, BICYCLES = "E0401", "E0410"
MONTHS: Mapping[str, tuple[float, ...]] = {
    "E0506": (0.1, 0.1, 0.4, 1.0, 2.2, 3.4, 3.2, 4.0, 3.0, 0.8, 0.2, 0.1),
    "C0103": (0.6, 0.6, 0.8, 1.0, 1.3, 1.6, 1.6, 1.8, 1.5, 0.9, 0.7, 0.6),
    "C0104": (0.5, 0.5, 0.8, 1.1, 1.5, 1.9, 1.8, 2.0, 1.6, 0.8, 0.6, 0.5),
    "C0402": (0.5, 0.5, 0.8, 1.0, 1.0, 1.2, 1.8, 2.4, 2.0, 0.8, 0.6, 0.5),
    "E0401": (0.8, 0.7, 1.0, 1.0, 1.2, 1.3, 1.4, 1.4, 1.2, 1.0, 0.9, 0.8),
    "E0304": (1.3, 1.1, 1.0, 0.9, 0.8, 0.6, 0.6, 0.6, 0.8, 1.2, 1.4, 1.4),
    "E0112": (1.2, 1.3, 1.4, 1.1, 0.8, 0.7, 0.7, 0.9, 0.9, 1.0, 1.3, 1.3),
}
"""By class, how much more or less of it a month has than the year."""
SLOW = {"municipal": 0.2, "landscaping": 0.14, "sanitation": 0.06}
LATE = 0.09
"""The share of handling that takes longer than promised, by duty and else."""
WHY: Mapping[str, Mapping[str, float]] = {
    "check_fail": {
        "现场仍有残留，未达到结案标准": 50, "修复后再次损坏": 22, "处置照片与现场不符": 18, "只处理了一部分": 10,
    },
    "redo": {"处置照片未反映全貌，请补充处置": 70, "照片模糊，无法核对": 30},
    "reject": {"经核实现场无此问题，属重复误报": 55, "现场已自行恢复": 30, "描述与现场不符": 15},
    "refuse": {"不属于城市管理范围，已告知来电人": 80, "属物业管理范围": 20},
    "send_back": {"权属不清，需市级协调确定责任单位": 52, "不属于本单位职责": 33, "现场位于在建工地围挡内": 15},
    "reopen": {"结案后同一问题再次出现": 60, "回访时市民表示问题仍在": 40},
}  # fmt: skip


@dataclass(frozen=True)
class Season:
    """What a day is like: how much comes in, and how much more of each class."""

    much: float
    classes: Mapping[str, float]


def season(day: date, storm: bool) -> Season:
    """A day by its weekday, its month, its feasts, and whether a typhoon passes."""
    much = WEEKDAY[day.weekday()]
    more = {code: months[day.month - 1] for code, months in MONTHS.items()}
    spring = _days_from_spring(day)
    if -14 <= spring < 0:
        much *= 1.25
        more |= {"E0110": 1.8, "E0192": 1.6, "E0401": 2.2}
    elif 0 <= spring < 7:
        much *= 0.45
        more |= {"E0110": 2.4, "E0407": 0.6, "E0304": 0.1, "E0302": 0.1}
    elif day.month == 10 and day.day <= 7:
        much *= 1.2
        more |= {"E0407": 2.0, "E0401": 1.6, BICYCLES: 1.6, "E0304": 0.3}
    if storm:
        much *= 1.6
        more |= {"E0506": 30.0, "C0402": 8.0, "C0104": 5.0, "C0103": 4.0}
    return Season(much, more)


def _days_from_spring(day: date) -> int:
    feasts = [date(day.year, *SPRING_FESTIVAL[day.year])] if day.year in SPRING_FESTIVAL else []
    return min(((day - feast).days for feast in feasts), key=abs, default=999)


def storms(days: Sequence[date]) -> frozenset[date]:
    """The days on which a typhoon passes: two days, three times between July and September."""
    landfalls = ((7, 19), (8, 12), (9, 7))
    held = {(month, day + later) for month, day in landfalls for later in (0, 1)}
    return frozenset(day for day in days if (day.month, day.day) in held)


class Chronicler(Teller):
    """Tells the past day by day, oldest first, until `minute` of its last day.

    A deed's `ago` counts back from the midnight that ends that day.
    """

    def __init__(
        self, seed: int, classes: Mapping[str, Class], spots: Sequence[Spot], last: date, minute: float
    ) -> None:
        super().__init__(seed, classes, spots, 0)
        self.rng = np.random.default_rng([seed, 12])
        self.today, self.market = last + timedelta(days=1), spots[len(spots) // 3]
        self.untold = DAY - minute
        hours = busy(np.arange(24) + 0.5)
        self._hours = np.cumsum(hours / hours.sum())

    def chronicle(self, total: int) -> Iterator[Story]:
        """About so many ended stories."""
        first = self.today - timedelta(days=DAYS)
        days = [first + timedelta(days=number) for number in range(DAYS)]
        wild = storms(days)
        seasons = [season(day, day in wild) for day in days]
        weights = np.array([one.much for one in seasons]) * np.geomspace(1, GROWTH, DAYS)
        weights[-1] *= 1 - self.untold / DAY
        for day, one, many in zip(days, seasons, weights * total / weights.sum(), strict=True):
            for _turn in range(int(self.rng.poisson(many))):
                yield self._of_a_day(day, one)
            yield from self._beside(day, many / one.much)

    def _of_a_day(self, day: date, one: Season) -> Story:
        kind = self._one_of(ENDS)
        source = "collector" if kind == "settle" else "hotline12345" if kind == "refuse" else self._one_of(SOURCES)
        known = {code: weight for code, weight in _TABLES.get(source, ACROSS).items() if code in self.classes}
        if kind == "settle":
            known = {code: weight for code, weight in known.items() if self.classes[code].settle}
        usual = known or dict.fromkeys(self.classes, 1)
        code = self._one_of({name: weight * one.classes.get(name, 1.0) for name, weight in usual.items()})
        kind = "close" if kind == "settle" and not self.classes[code].settle else kind
        return self._told(kind, day, source, code, self.spots[self._below(len(self.spots))])

    def _beside(self, day: date, share: float) -> Iterator[Story]:
        """The corner that grows, and what is new this week: shared bicycles, heaped up in its district."""
        back = (self.today - day).days
        if back <= GROWING and STALLS in self.classes:
            for _turn in range(int(self.rng.poisson(share * 0.15 * (1 - back / GROWING)))):
                yield self._told("close", day, "collector", STALLS, self.market)
        if back <= NEW and BICYCLES in self.classes:
            here = [spot for spot in self.spots if spot.district == self.market.district]
            for _turn in range(int(self.rng.poisson(share * 0.4))):
                yield self._told("close", day, "citizen", BICYCLES, here[self._below(len(here))])

    def _below(self, many: int) -> int:
        return int(self.rng.random() * many)

    def _one_of(self, shares: Mapping[str, float]) -> str:
        mark = self.rng.random() * sum(shares.values())
        for word, weight in shares.items():
            mark -= weight
            if mark < 0:
                return word
        return next(iter(shares))

    def _told(self, kind: str, day: date, source: str, code: str, spot: Spot) -> Story:
        of = self.classes[code]
        verbs = self._way(kind, source, of)
        gaps = self._gaps(verbs, of)
        if of.auto and source == "camera":
            gaps = [0.0 if verb in ("accept", "register") else gap for verb, gap in zip(verbs, gaps, strict=True)]
        hour = int(np.searchsorted(self._hours, self.rng.random()))
        began = (self.today - day).days * DAY - (hour + self.rng.random()) * 60
        if began < DAY:
            began = self.untold + 5 + began * (1 - (self.untold + 5) / DAY)
        whole = sum(gaps[1:])
        pace = min(1.0, (began - self.untold - 1) / whole) if whole else 1.0
        moments = began - np.cumsum([0.0, *gaps[1:]]) * pace
        self._number += 1
        words = WORDS.get(code, (f"{of.zh}，需处理",))
        return Story(
            ref=f"past-{self._number:05d}", source=source, category=code, description=words[self._below(len(words))],
            spot=spot, choice=self._below(1 << 16),
            deeds=tuple(
                Deed(verb, float(ago), self._one_of(WHY[verb]) if verb in WHY else "")
                for verb, ago in zip(verbs, moments, strict=True)
            ),
        )  # fmt: skip

    def _way(self, kind: str, source: str, of: Class) -> list[str]:
        last = kind if kind in ("settle", "reject", "refuse") else "close"
        verbs = self._verbs(last, source, of, kind)
        at = verbs.index("dispatch") if "dispatch" in verbs else 0
        if kind == "send_back":
            return [*verbs[: at + 1], "send_back", *verbs[at:]]
        if kind == "reopen":
            return [*verbs, "reopen", *verbs[at:]]
        return verbs

    def _handled_in(self, of: Class) -> float:
        """Minutes from dispatch to confirmation; some duties are slower than others."""
        if self.rng.random() < SLOW.get(of.duty, LATE):
            return float(max(6.0, self.rng.uniform(1.1, 2.4) * of.limit))
        return float(max(6.0, (0.1 + self.rng.beta(2.2, 2.8) * 0.75) * of.limit))


_TABLES = {"camera": BY_CAMERA, "sensor": BY_SENSOR}
