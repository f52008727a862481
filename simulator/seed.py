"""The demo's organisations and people as plain data; `manage.py demo` makes them through the platform's own verbs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CENTRE = "centre"
DEPARTMENTS = (
    ("appearance", "城市管理和综合执法局", "Urban Management Bureau"),
    ("sanitation", "环境卫生管理所", "Sanitation Office"),
    ("landscaping", "园林绿化管理所", "Parks and Landscaping Office"),
    ("municipal", "市政设施管理所", "Municipal Facilities Office"),
)
SURNAMES = "陈林黄郑吴蔡许谢方马苏杨李张王刘周徐孙胡朱高何郭罗梁宋唐韩冯"
GIVEN = (
    "志强", "晓东", "丽君", "建军", "雅芳", "俊杰", "伟明", "秀英", "国华", "海燕", "文杰", "小红", "振宇", "佳怡",
    "永辉", "静怡", "泽锋", "少芬", "楚生", "美玲", "锐鹏", "婉婷", "宏图", "雪梅", "启明", "惠玲", "汉光", "洁珊",
    "树标", "燕玲",
)  # fmt: skip
COLLECTORS = 8
SECONDS = (("acceptor", "acceptor"), ("leader", "shift_leader"), ("city_dispatcher", "city_dispatcher"))


@dataclass(frozen=True)
class Office:
    """An organisation to be made: `parent` is a code made before, `area` an area path."""

    code: str
    names: Mapping[str, str]
    kind: str
    level: str
    parent: str
    area: str
    duties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crew:
    """Somebody who works behind the accounts one signs in with: a role over an organisation or its area."""

    username: str
    label: str
    role: str
    organisation: str
    over: str


def offices(regions: Iterable[tuple[str, str, str, Mapping[str, str]]]) -> list[Office]:
    """The city's offices from its regions (code, level, path, names), each after the one above it."""
    rows = sorted(regions, key=lambda row: (len(row[2]), row[2]))
    city = next(row for row in rows if row[1] == "city")
    found = [
        Office(
            code=CENTRE,
            names={
                "zh": f"{city[3]['zh']}城市管理监督指挥中心",
                "en": f"{city[3]['en']} Supervision and Command Centre",
            },
            kind="centre",
            level="city",
            parent="",
            area=city[2],
        )
    ]
    for code, level, path, names in rows:
        if level == "district":
            found += _district(code, path, names)
        elif level == "street":
            titles = {"zh": f"{names['zh']}办事处", "en": f"{names['en']} Office"}
            found.append(Office(f"s{code}", titles, "street_office", "street", f"d{code[:6]}", path))
    return found


def _district(code: str, path: str, names: Mapping[str, str]) -> list[Office]:
    centre = f"d{code}"
    titles = {"zh": f"{names['zh']}城市管理指挥中心", "en": f"{names['en']} Command Centre"}
    found = [Office(centre, titles, "district_centre", "district", CENTRE, path)]
    for duty, zh, en in DEPARTMENTS:
        called = {"zh": f"{names['zh']}{zh}", "en": f"{names['en']} {en}"}
        found.append(Office(f"{centre}-{duty}", called, "department", "district", centre, path, (duty,)))
    return found


def crew(all_offices: Iterable[Office]) -> list[Crew]:
    """A desk and two handlers a department, a dispatcher a district; at the centre collectors and a second each."""
    rows = list(all_offices)
    found = [Crew(f"collector{n:02d}", "", "collector", CENTRE, "area") for n in range(2, COLLECTORS + 2)]
    found += [Crew(f"{name}02", "", role, CENTRE, "area") for name, role in SECONDS]
    for office in rows:
        if office.kind == "district_centre":
            found.append(Crew(f"{office.code}-dispatcher", "", "district_dispatcher", office.code, "area"))
        if office.kind == "department":
            found.append(Crew(f"{office.code}-desk", "", "department_desk", office.code, "org"))
            found += [Crew(f"{office.code}-handler{n}", "", "handler", office.code, "org") for n in (1, 2)]
    return [Crew(c.username, _label(number), c.role, c.organisation, c.over) for number, c in enumerate(found)]


def _label(number: int) -> str:
    return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 11 % len(GIVEN)]
