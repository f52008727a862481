"""Believable Chinese names with their pinyin: districts, streets, communities, roads, parks. All invented."""

from collections.abc import Iterator

import numpy as np

Names = dict[str, str]

CITY: Names = {"zh": "澄湾市", "en": "Chengwan"}
DISTRICTS: tuple[Names, ...] = (
    {"zh": "金港区", "en": "Jingang District"},
    {"zh": "龙滨区", "en": "Longbin District"},
    {"zh": "华侨试验区", "en": "Overseas Chinese Pilot Zone"},
)
FIRST = (
    ("金", "jin"), ("龙", "long"), ("海", "hai"), ("东", "dong"), ("新", "xin"), ("长", "chang"), ("平", "ping"),
    ("安", "an"), ("华", "hua"), ("光", "guang"), ("福", "fu"), ("永", "yong"), ("和", "he"), ("兴", "xing"),
    ("石", "shi"), ("月", "yue"), ("珠", "zhu"), ("鸥", "ou"), ("榕", "rong"), ("桂", "gui"), ("莲", "lian"),
    ("梅", "mei"), ("松", "song"), ("云", "yun"), ("澄", "cheng"), ("碧", "bi"), ("玉", "yu"), ("凤", "feng"),
    ("潮", "chao"), ("岐", "qi"), ("广", "guang"), ("春", "chun"), ("怡", "yi"), ("锦", "jin"), ("银", "yin"),
    ("丹", "dan"), ("蓝", "lan"), ("嘉", "jia"), ("丰", "feng"), ("泰", "tai"), ("乐", "le"), ("瑞", "rui"),
)  # fmt: skip
SECOND = (
    ("砂", "sha"), ("浦", "pu"), ("湖", "hu"), ("津", "jin"), ("霞", "xia"), ("滨", "bin"), ("池", "chi"),
    ("山", "shan"), ("园", "yuan"), ("洲", "zhou"), ("祥", "xiang"), ("墩", "dun"), ("塘", "tang"), ("桥", "qiao"),
    ("门", "men"), ("井", "jing"), ("埔", "pu"), ("厝", "cuo"), ("围", "wei"), ("头", "tou"), ("湾", "wan"),
    ("溪", "xi"), ("林", "lin"), ("坪", "ping"), ("堤", "di"), ("亭", "ting"), ("岗", "gang"), ("田", "tian"),
    ("英", "ying"), ("厦", "sha"), ("泽", "ze"), ("港", "gang"),
)  # fmt: skip
FIXED_STREETS = (("石炮", "Shipao"), ("月浦", "Yuepu"), ("鸥汀", "Outing"))
ARTERIALS_ACROSS = (("澄湾", "Chengwan"), ("长平", "Changping"), ("金砂", "Jinsha"), ("海滨", "Haibin"))
RIVER: Names = {"zh": "澄江", "en": "Cheng River"}
CANAL: Names = {"zh": "龙湾渠", "en": "Longwan Canal"}
SEA: Names = {"zh": "澄湾", "en": "Chengwan Bay"}


class Namer:
    """Gives every name once; deterministic for a random generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used = {zh for zh, _ in FIXED_STREETS} | {zh for zh, _ in ARTERIALS_ACROSS}
        self._fresh = self._shuffled()

    def _shuffled(self) -> Iterator[tuple[str, str]]:
        pairs = [(a + b, (p + q).capitalize()) for a, p in FIRST for b, q in SECOND if a != b]
        for index in self._rng.permutation(len(pairs)):
            yield pairs[index]
        number = 1
        while True:
            for zh, en in pairs:
                yield f"{zh}{number}", f"{en} {number}"
            number += 1

    def root(self) -> tuple[str, str]:
        """A two-character name that was not given before, with its pinyin."""
        zh, en = next(pair for pair in self._fresh if pair[0] not in self._used)
        self._used.add(zh)
        return zh, en

    def streets(self, count: int) -> list[Names]:
        """Street offices (街道)."""
        roots = [*FIXED_STREETS[:count], *(self.root() for _ in range(count - len(FIXED_STREETS)))]
        return [{"zh": f"{zh}街道", "en": f"{en} Subdistrict"} for zh, en in roots]

    def community(self) -> Names:
        """A community (社区)."""
        zh, en = self.root()
        return {"zh": f"{zh}社区", "en": f"{en} Community"}

    def road(self, kind: str, root: tuple[str, str] | None = None) -> Names:
        """A road of a class: 大道 avenue for arterials, 路 road, 街 street, 巷 lane."""
        zh, en = root or self.root()
        suffix = {"arterial": ("大道", "Avenue"), "secondary": ("路", "Road"), "collector": ("街", "Street")}
        ending = suffix.get(kind, ("巷", "Lane"))
        return {"zh": zh + ending[0], "en": f"{en} {ending[1]}"}

    def park(self) -> Names:
        """A park."""
        zh, en = self.root()
        return {"zh": f"{zh}公园", "en": f"{en} Park"}
