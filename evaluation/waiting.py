"""What of evaluation waits for a person: appeals to decide on."""

from core.languages import pick
from core.scope import Actor, Duty
from core.waiting import Desk, Pile, Waiting, piled, register_desk
from evaluation import selectors
from evaluation.models import Appeal

DECIDE = {"zh": "裁定", "en": "To be decided"}


def _appeal(row: Appeal) -> Waiting:
    return Waiting(row.case, pick(DECIDE), "/scores/appeals/", area=row.area, since=row.asked_at)


def _appeals(actor: Actor, most: int) -> Pile:
    return piled(selectors.appeals_to_decide(actor), most, _appeal, "/scores/appeals/")


register_desk(
    Desk("appeals", {"zh": "评价申诉", "en": "Appeals"}, lambda actor: actor.holds(Duty.EVALUATE), _appeals)
)  # fmt: skip
