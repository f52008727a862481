"""The demo's hotline: a partner that the simulator plays, and a morning of tickets with what goes wrong in such."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localtime

from cases.models import Case
from cityops.management.demo_cases import spread_the_news
from cityops.management.demo_city import SEEDER
from core import clock
from exchange import actions, selectors
from exchange.models import Partner

CODE = "12345"
CLASSES = {"占道经营": "E0401", "违规停车": "E0407"}
WORDS = ("门前流动摊贩占道经营，行人无法通过", "人行道上长期停放机动车", "夜间占道烧烤，油烟扰民", "盲道被车辆占用")


def exchange_tickets(port: int) -> str:
    """The partner is set up and some tickets have come: one twice, one urged, one of a class that nobody knows."""
    row = selectors.partner(CODE)
    address = f"http://127.0.0.1:{port}"
    if row.base_url:
        actions.save_partner(CODE, told={"base_url": address}, actor=SEEDER)
        return "the hotline is there already"
    here = selectors.classes_here()
    offered = {theirs: code for theirs, code in CLASSES.items() if code in here}
    told = {"base_url": address, "pulls": True, "classes": offered}
    partner = actions.save_partner(CODE, told=told, actor=SEEDER)
    count = _morning(partner, list(offered))
    spread_the_news()
    return f"{count} messages of the hotline"


def _morning(partner: Partner, words: list[str]) -> int:
    spots = list(Case.objects.filter(point__isnull=False).order_by("pk")[: len(WORDS)])
    messages = []
    for at, (spot, text) in enumerate(zip(spots, WORDS, strict=False)):
        word = words[at % len(words)] if words and at < len(WORDS) - 1 else "噪声扰民"
        messages.append(_message(at, 1, "ticket", text=text, address=spot.address, lon=spot.lon, lat=spot.lat,
                                 deadline=_later(hours=48 + at), **{"class": word}))  # fmt: skip
    if messages:
        messages += [messages[0], _message(0, 2, "urge", text="市民再次来电，请尽快处理")]
    for one in messages:
        actions.receive(partner, one)
    return len(messages)


def _message(at: int, sequence: int, kind: str, **content: Any) -> dict[str, Any]:
    number = f"{localtime(clock.now()):%Y%m%d}{at + 1:05d}"
    return {
        "version": 1, "kind": kind, "ticket": number, "sequence": sequence, "sent_at": clock.now().isoformat(),
        "content": content,
    }  # fmt: skip


def _later(**parts: float) -> str:
    return (clock.now() + timedelta(**parts)).isoformat()
