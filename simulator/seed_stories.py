"""What happened in the demo city since yesterday: cases with their places, words and steps, told as plain data.

A story is planned backwards from its end, so that open cases stand at their stage now and closed ones were closed in
the past day. Times are minutes before now. Nothing here knows the database; the player in `cityops` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

DAY = 24 * 60
USUAL = {
    "accept": 6, "register": 5, "dispatch_district": 6, "dispatch": 7, "assign": 9, "submit": 55, "confirm": 9,
    "send_check": 8, "check_pass": 26, "close": 7,
}  # fmt: skip
"""The way of a case after its report, and how many minutes a step usually takes after the one before."""
PARTS = {"dispatch": 2, "assign": 2, "submit": 9, "confirm": 2, "redo": 1, "rework": 1}
"""How the time between dispatch and confirmation is shared out among its steps."""
WHOLE = 15
STEPS_ASIDE = 0.0003
FRESH = 0.4
"""What waits for a visitor came in later than other work, so that it is still there after a look around."""
STAGE_AFTER = {
    "report": "reported", "send_verify": "verifying", "verify": "reported", "accept": "accepted",
    "register": "registered",
    "dispatch_district": "at_district", "dispatch": "dispatched", "assign": "handling", "submit": "handled",
    "confirm": "fed_back", "send_check": "checking", "check_pass": "checked", "close": "closed",
    "check_fail": "rework",
    "send_back": "returned", "reject": "rejected", "refuse": "rejected", "void": "voided", "settle": "closed",
}  # fmt: skip
OPEN_SHARES = {
    "report": 9, "send_verify": 6, "accept": 7, "register": 7, "dispatch_district": 6, "dispatch": 8, "assign": 46,
    "submit": 8, "confirm": 8, "send_check": 20, "check_pass": 7, "check_fail": 3, "send_back": 2, "unlocated": 2,
}  # fmt: skip
CLOSED_SHARES = {"close": 82, "rework": 2, "redo": 4, "settle": 5, "reject": 3, "refuse": 2, "void": 2}
SOURCES = {"collector": 40, "camera": 22, "hotline12345": 20, "citizen": 12, "sensor": 3, "phone": 3}
BY_CAMERA = {"E0407": 46, "E0410": 20, "E0405": 8, "E0406": 12, "E0110": 10, "E0192": 4}
BY_SENSOR = {"E0506": 60, "C0301": 25, "E0192": 15}
ACROSS = {
    "E0110": 8, "E0112": 6, "E0113": 6, "E0201": 5, "E0401": 6, "E0405": 9, "E0406": 9, "E0407": 10, "E0410": 10,
    "E0136": 4, "E0192": 6, "E0302": 3, "E0304": 3, "E0117": 3, "E0114": 3, "E0125": 2, "E0129": 2, "E0506": 2,
    "C0103": 3, "C0104": 3, "C0102": 2, "C0137": 5, "C0305": 4, "C0402": 4, "C0221": 2, "C0212": 2, "C0217": 2,
    "C0407": 1, "C0301": 1,
}  # fmt: skip
WORDS = {
    "E0110": ("路口人行道旁堆放生活垃圾约两袋，有异味", "绿化带旁有暴露垃圾，约一平方米"),
    "E0112": ("路面有泥沙和落叶，约十米长", "非机动车道积尘明显"),
    "E0113": ("路面坑洼约半平方米，雨天积水", "人行道砖松动翘起三块"),
    "E0201": ("电线杆上张贴小广告多张", "公交站牌背面喷涂办证广告"),
    "E0401": ("流动摊贩占道售卖水果，影响行人", "学校门口有流动餐车经营"),
    "E0405": ("店铺将货架摆出门外约一米", "餐饮店在门外摆放桌椅"),
    "E0406": ("路口有商贩占道经营，机动车绕行", "人行道上摆摊，行人走机动车道"),
    "E0407": ("禁停路段有小车停放超过三分钟", "黑色轿车停在消防通道口", "白色面包车停在人行道上"),
    "E0410": ("地铁口共享单车堆积，占用盲道", "非机动车停放在机动车道内"),
    "E0136": ("人行道上堆放建筑材料，占道约三米", "店外堆放空纸箱和货物"),
    "E0192": ("垃圾桶满溢，袋装垃圾落地", "果皮箱已满，周边有散落垃圾"),
    "E0302": ("施工围挡外占用非机动车道堆料", "开挖施工未设置绕行标志"),
    "E0304": ("工地未喷淋，扬尘明显", "渣土裸露未覆盖"),
    "E0506": ("低洼路段积水约三十厘米，小车无法通行", "下穿通道积水，水位仍在上涨"),
    "C0103": ("雨水井盖破损，有绊倒危险", "井盖缺失，已临时放置警示物"),
    "C0104": ("雨水箅子堵塞，路面排水不畅", "雨水箅子断裂两根"),
    "C0137": ("路灯不亮，连续三盏", "路灯杆倾斜"),
    "C0305": ("果皮箱门脱落", "垃圾箱箱体破损"),
    "C0402": ("行道树枝条折断悬挂", "行道树倾斜，需扶正支撑"),
}
KINDS_AT = {
    "handler": ("assign", "assign", "assign"),
    "department_desk": ("dispatch", "submit", "dispatch"),
    "district_dispatcher": ("dispatch_district", "dispatch_district", "check_fail"),
    "collector": ("send_check", "send_verify", "send_check"),
}
"""What waits for a role whose work is not shared by a whole centre: three open stories, by the last step taken."""
REASONS = {
    "reject": "经核实现场无此问题，属重复误报", "refuse": "不属于城市管理范围，已告知来电人",
    "check_fail": "现场仍有残留，未达到结案标准", "redo": "处置照片未反映全貌，请补充处置",
    "return": "权属不清，需市级协调确定责任单位", "void": "与在办案件重复，申请作废",
}  # fmt: skip


@dataclass(frozen=True)
class Class:
    """What a planner must know of a case class."""

    code: str
    zh: str
    limit: float
    settle: bool = False
    auto: bool = False
    duty: str = ""


@dataclass(frozen=True)
class Spot:
    """A place on a road, in degrees, its address, and the district in which it lies."""

    lon: float
    lat: float
    address: str
    district: str = ""


@dataclass(frozen=True)
class Post:
    """A desk at which a visitor may sit down: the kinds of open stories that wait there, and on whose ground."""

    kinds: tuple[str, ...]
    district: str = ""
    duty: str = ""


@dataclass(frozen=True)
class Deed:
    """A step and how many minutes before now it was taken."""

    verb: str
    ago: float
    text: str = ""


@dataclass(frozen=True)
class Story:
    """A case from its report to where it stands now; `printed` says that it waits for an account that is printed."""

    ref: str
    source: str
    category: str
    description: str
    spot: Spot
    deeds: tuple[Deed, ...]
    located: bool = True
    callback: bool = False
    choice: int = 0
    printed: bool = False

    @property
    def ends(self) -> str:
        """The stage in which the story leaves the case."""
        return STAGE_AFTER[self.deeds[-1].verb]


class Teller:
    """Plans stories; deterministic in the seed and in the hour of the day it is told for."""

    def __init__(self, seed: int, classes: Mapping[str, Class], spots: Sequence[Spot], minute_of_day: int) -> None:
        self.rng = np.random.default_rng([seed, 11])
        self.classes, self.spots, self.minute = classes, spots, minute_of_day
        self._number = 0

    def tell(self, still_open: int, ended: int, posts: Sequence[Post] = ()) -> list[Story]:
        """So many open and so many ended stories, each stage among them, in no particular order.

        Every post has up to three of the open ones, as far as all kinds of stories are told besides.
        """
        room = (still_open - len(OPEN_SHARES)) // len(posts) if posts else 0
        found = [self._open(post.kinds[turn], post) for turn in range(max(0, min(3, room))) for post in posts]
        found += [self._open(kind) for kind in self._portions(OPEN_SHARES, still_open - len(found))]
        return found + [self._ended(kind) for kind in self._portions(CLOSED_SHARES, ended)]

    def arrival(self, ref: str) -> Story:
        """One telling of now, a few steps from a known place; what becomes of it is not planned."""
        kind = "unlocated" if self.rng.random() < 0.015 else "report"
        story = self._story(kind, self._begun(kind), ["report"], [0.0], 0.0)
        east, north = self.rng.uniform(-STEPS_ASIDE, STEPS_ASIDE, 2)
        spot = replace(story.spot, lon=story.spot.lon + float(east), lat=story.spot.lat + float(north))
        return replace(story, ref=ref, spot=spot)

    def _portions(self, shares: Mapping[str, int], total: int) -> list[str]:
        """Kinds by their shares, the rarest at least once as long as there is room."""
        kinds = list(shares)[:total]
        rest = total - len(kinds)
        weights = np.array([shares[kind] for kind in kinds], float)
        if not kinds:
            return []
        return kinds + [kinds[int(index)] for index in self.rng.choice(len(kinds), rest, p=weights / weights.sum())]

    def _open(self, kind: str, post: Post | None = None) -> Story:
        last = {"unlocated": "report"}.get(kind, kind)
        source, of = self._begun(kind, post.duty if post else "")
        verbs = self._verbs(last, source, of)
        gaps = self._gaps(verbs, of)
        waiting = self._waiting(verbs, gaps, of) * (FRESH if post else 1.0)
        return self._story(kind, (source, of), verbs, gaps, waiting, post)

    def _ended(self, kind: str) -> Story:
        source, of = self._begun(kind)
        last = {"rework": "close", "redo": "close"}.get(kind, kind)
        verbs = self._verbs(last, source, of, kind)
        gaps = self._gaps(verbs, of)
        return self._story(kind, (source, of), verbs, gaps, self._some_time_ago())

    def _some_time_ago(self) -> float:
        """Minutes before now by the rhythm of a city: little at night, most in the morning and the afternoon."""
        ago = self.rng.uniform(2, DAY, 40)
        weights = busy((self.minute - ago) % DAY / 60)
        return float(self.rng.choice(ago, p=weights / weights.sum()))

    def _begun(self, kind: str, duty: str = "") -> tuple[str, Class]:
        if kind == "settle":
            settled = [found for found in self.classes.values() if found.settle]
            return "collector", settled[int(self.rng.integers(len(settled)))]
        source = self._pick(SOURCES) if kind not in ("unlocated", "refuse") else "hotline12345"
        table = {"camera": BY_CAMERA, "sensor": BY_SENSOR}.get(source, ACROSS)
        meant = [code for code, found in self.classes.items() if duty in ("", found.duty)] or list(self.classes)
        known = {code: weight for code, weight in table.items() if code in meant}
        return source, self.classes[self._pick(known or dict.fromkeys(meant, 1))]

    def _pick(self, shares: Mapping[str, int]) -> str:
        weights = np.array(list(shares.values()), float)
        return str(self.rng.choice(list(shares), p=weights / weights.sum()))

    def _verbs(self, last: str, source: str, of: Class, kind: str = "") -> list[str]:
        """The way from the report to its last step."""
        if last in ("settle", "reject"):
            return ["report", last]
        if last == "report":
            return ["report"]
        checked = source in ("hotline12345", "citizen", "phone") or last == "send_verify"
        way = ["report", *(["send_verify", "verify"] if checked else [])]
        if last == "send_verify":
            return way[:2]
        chain = list(USUAL)
        if self.rng.random() < 0.15 and last != "dispatch_district":
            chain.remove("dispatch_district")
        if last == "refuse":
            return [*way, "accept", "refuse"]
        if last == "void":
            return [*way, "accept", "register", "void"]
        if last == "send_back":
            return [*way, *chain[: chain.index("dispatch") + 1], "send_back"]
        if last == "check_fail":
            return [*way, *chain[: chain.index("send_check") + 1], "check_fail"]
        end = chain.index(last) + 1
        again = {
            "redo": ["submit", "redo"],
            "rework": ["submit", "confirm", "send_check", "check_fail", "rework", "assign"],
        }
        at = chain.index("submit")
        return [*way, *chain[:at], *again.get(kind, []), *chain[at:]] if kind in again else [*way, *chain[:end]]

    def _gaps(self, verbs: Sequence[str], of: Class) -> list[float]:
        """Minutes that each step took after the one before it."""
        begins = self._rounds(verbs)
        found = []
        planned, whole = 0.0, WHOLE
        for place, verb in enumerate(verbs):
            inside = bool(planned) and verb in PARTS
            share = planned * PARTS.get(verb, 0) / whole * self.rng.uniform(0.85, 1.15)
            found.append(float(share if inside else USUAL.get(verb, 12.0) * self.rng.lognormal(-0.08, 0.4)))
            if place in begins:
                planned, whole = self._handled_in(of), max(WHOLE, begins[place])
            elif verb == "confirm":
                planned = 0.0
        return found

    def _rounds(self, verbs: Sequence[str]) -> dict[int, int]:
        """Where handling clocks start, and into how many parts the time until the confirmation falls."""
        found: dict[int, int] = {}
        running = -1
        for place, verb in enumerate(verbs):
            if verb == "check_fail" or (running < 0 and verb in ("dispatch_district", "dispatch")):
                running = place
                found[place] = 0
            elif running >= 0:
                found[running] += PARTS.get(verb, 0)
            if verb == "confirm":
                running = -1
        return found

    def _handled_in(self, of: Class) -> float:
        """Minutes from dispatch to confirmation; nineteen of twenty limits are kept, as long ones always are."""
        late = self.rng.random() < 0.09
        share = self.rng.uniform(1.2, 1.7) if late else 0.12 + self.rng.beta(2.2, 2.8) * 0.7
        return float(max(6.0, min(share * of.limit, 240.0)))

    def _waiting(self, verbs: Sequence[str], gaps: Sequence[float], of: Class) -> float:
        """Minutes an open case has stood at its stage; one in fourteen has stood too long."""
        begins = self._rounds(verbs)
        late = self.rng.random() < 0.07
        if not begins or verbs[-1] in ("confirm", "send_check", "check_pass"):
            return float(self.rng.uniform(35, 70) if late else self.rng.uniform(0.5, 24))
        left = of.limit - sum(gaps[max(begins) + 1 :])
        if late and of.limit <= 240:
            return float(max(1.0, left + self.rng.uniform(4, 60)))
        longest = min(left * 0.85, 15 * 60) if verbs[-1] == "assign" else min(left * 0.25, 16)
        return float(max(0.5, self.rng.uniform(0.04, 1.0) * longest))

    def _story(
        self,
        kind: str,
        begun: tuple[str, Class],
        verbs: list[str],
        gaps: list[float],
        waiting: float,
        post: Post | None = None,
    ) -> Story:
        source, of = begun
        if of.auto and source == "camera":
            kept = [(verb, gap) for verb, gap in zip(verbs, gaps, strict=True) if verb not in ("accept", "register")]
            verbs, gaps = [verb for verb, _ in kept], [gap for _, gap in kept]
        ago = np.cumsum(np.array(gaps[1:][::-1]))[::-1] if len(gaps) > 1 else np.array([])
        moments = [*(ago + waiting), waiting]
        self._number += 1
        words = WORDS.get(of.code, (f"{of.zh}，需处理",))
        return Story(
            ref=f"demo-{self._number:04d}",
            source=source,
            category=of.code,
            description=str(words[int(self.rng.integers(len(words)))]),
            spot=self._spot(post.district if post else ""),
            deeds=tuple(Deed(verb, float(a), REASONS.get(verb, "")) for verb, a in zip(verbs, moments, strict=True)),
            located=kind != "unlocated",
            callback=source == "hotline12345" and bool(self.rng.random() < 0.3),
            choice=int(self.rng.integers(1 << 16)),
            printed=post is not None,
        )

    def _spot(self, district: str) -> Spot:
        near = [spot for spot in self.spots if district in ("", spot.district)] or self.spots
        return near[int(self.rng.integers(len(near)))]


def busy(hour: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How much happens at an hour of the day: little at night, most in the morning (1.1) and the afternoon."""
    at = np.asarray(hour, float)
    found = 0.12 + np.exp(-(((at - 10) / 2.4) ** 2)) + 0.9 * np.exp(-(((at - 16) / 2.6) ** 2))
    return np.asarray(found + 0.35 * np.exp(-(((at - 20.5) / 1.6) ** 2)))
