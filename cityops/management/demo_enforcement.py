"""The demo's case files: a vendor fined on the spot, files that wait at each turn of the ordinary way, one closed."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import actions as accounts
from accounts import selectors as people
from accounts.models import User
from assets.models import Asset
from cityops.management.demo_city import SEEDER, at
from core import clock
from core.scope import Actor
from enforcement import actions
from enforcement.models import Dossier

HERE = "449901"
STAFF = (
    ("zf-chen", "陈执法", "enforcement_officer"), ("zf-lin", "林执法", "enforcement_officer"),
    ("zf-review", "方审核", "legal_reviewer"), ("zf-head", "苏局长", "enforcement_head"),
)  # fmt: skip
PRINTED = {"shift_leader": "enforcement_supervisor", "department_desk": "enforcement_officer"}
"""What visitors may look at files with, beside what they are there for."""
Step = tuple[str, str, float, Mapping[str, Any]]
TOLD: Mapping[str, Any] = {"told": True, "receipt": "当事人签收"}
OPENED: tuple[Step, ...] = (("assign", "zf-chen", 0, {}),)
FILED: tuple[Step, ...] = (
    *OPENED, ("file", "zf-head", 0.2, {}), ("gather", "zf-chen", 0.5, {"title": "现场照片 3 张"}),
    ("gather", "zf-chen", 0.5, {"title": "监控录像", "electronic": True}), ("examine", "zf-lin", 0.6, {}),
)  # fmt: skip
ENDED: tuple[Step, ...] = (
    ("hear_plea", "zf-chen", 5, {"how": "waived", "receipt": "书面放弃声明"}),
)  # fmt: skip


def notified(fine: str, band: str, **more: Any) -> tuple[Step, ...]:
    """Filed, concluded and told of a fine."""
    return (
        *FILED, ("conclude", "zf-chen", 2, {"summary": "当事人的行为有现场照片、监控录像和询问笔录证实。", **more}),
        ("notify", "zf-chen", 3, {"kinds": ["fine"], "fine": fine, "band": band, "order": "立即改正", **TOLD}),
    )  # fmt: skip


SPOT: tuple[Step, ...] = (
    *OPENED,
    ("decide_on_spot", "zf-chen", 0.1, {"kinds": ["fine"], "fine": "50", "band": "light", "told": True,
                                        "said": "认识到错误，愿意接受处罚。"}),
    ("serve", "zf-chen", 0.1, {"way": "handed", "receipt": "当场签收"}),
    ("pay", "zf-chen", 0.1, {"amount": "50", "receipt": "财票 0001", "cash": True}),
    ("fulfil", "zf-chen", 0.1, {}), ("lodge", "zf-chen", 1, {}), ("close", "zf-head", 1.2, {"reason": "已当场缴清"}),
)  # fmt: skip
SERVED: tuple[Step, ...] = (
    *notified("300", "usual"), *ENDED,
    ("decide", "zf-head", 5.5, {"kinds": ["fine"], "fine": "300", "band": "usual", "order": "立即改正。"}),
    ("serve", "zf-chen", 6, {"way": "handed", "receipt": "当事人签收"}),
)  # fmt: skip
STORIES: tuple[tuple[str, str, str, str, int, tuple[Step, ...]], ...] = (
    ("street-vending", "simple", "张阿明", "在人行道摆卖水果", 12, SPOT),
    ("street-vending", "ordinary", "李秀珍", "多次占道摆卖早餐，屡劝不改", 24, SERVED),
    ("spoil-spill", "ordinary", "澄湾渣土运输有限公司", "运输车辆沿途遗撒约 200 米", 9,
     notified("45000", "heavy", public_interest=True)),
    ("litter", "ordinary", "海滨大排档", "向道路倾倒厨余垃圾", 4, FILED),
    ("illegal-building", "ordinary", "王建业", "天台加建钢结构房屋约 60 平方米", 1, OPENED),
)  # fmt: skip


@transaction.atomic
def keep_files() -> str:
    """A handful of case files stand at every turn of their way; says how many."""
    if Dossier.objects.exists():
        return "the files are kept already"
    spots = list(Asset.objects.filter(area__startswith=f"449900.{HERE}.").order_by("code")[: len(STORIES)])
    if len(spots) < len(STORIES):
        return "no files: too few components to stand beside"
    now = clock.now()
    with at(now - timedelta(days=25)):
        _staff(now)
    for story, spot in zip(STORIES, spots, strict=True):
        _tell(story, (spot.geom.centroid.x, spot.geom.centroid.y), now)
    return f"{Dossier.objects.count()} files"


def _staff(now: datetime) -> None:
    area = f"449900.{HERE}"
    for place, (name, label, role) in enumerate(STAFF):
        user = User.objects.filter(username=name).first() or accounts.create_user(
            username=name, password=secrets.token_urlsafe(24), label=label, organisation=f"d{HERE}-appearance",
            actor=SEEDER,
        )  # fmt: skip
        accounts.grant(user=user, role=role, area=area, actor=SEEDER)
        if role != "enforcement_head":
            actions.save_credential(
                user.pk, actor=SEEDER, number=f"粤D04{place:04}", since=date(2024, 1, 1),
                until=now.date() + timedelta(days=900), legal=role == "legal_reviewer",
            )  # fmt: skip
    for printed in accounts.demo_people():
        visitor = User.objects.filter(username=printed.username).first()
        if visitor is not None and printed.role in PRINTED:
            accounts.grant(user=visitor, role=PRINTED[printed.role], area=area, actor=SEEDER)


def _tell(story: tuple[str, str, str, str, int, tuple[Step, ...]], point: tuple[float, float], now: datetime) -> None:
    cause, procedure, name, about, ago, steps = story
    begun = now - timedelta(days=ago)
    kind = "organisation" if name.endswith("公司") else "citizen"
    with at(begun):
        row = actions.open_dossier(
            actor=_actor("zf-chen"), cause=cause, act_on=(begun - timedelta(days=1)).date(), procedure=procedure,
            party_kind=kind, party={"name": name, "phone": "13900000000"}, about=about, point=point, place="金砂路",
        )  # fmt: skip
    for verb, who, after, given in steps:
        told = {"officers": [_actor(one).key for one in ("zf-chen", "zf-lin")]} if verb == "assign" else given
        with at(min(begun + timedelta(days=after), now)):
            row = actions.take(row.number, verb, actor=_actor(who), version=row.version, given=told)


def _actor(username: str) -> Actor:
    return people.actor_named(username)
