"""The inbox for tests: the base pack's templates in force, and the news carried to those it concerns."""

from accounts.models import User
from accounts.selectors import actor_of
from exchange import actions, selectors
from exchange.models import Delivery
from journal.actions import deliver, number
from packs.adapters.library import read_library
from tests.cases.factories import SETUP


def adopt_base(only: str = "") -> None:
    """What the base pack says is in force."""
    for one in read_library().packs["base"].document["message_templates"]:
        if one["occasion"].startswith(only):
            actions.adopt_template(
                one["occasion"], titles=one["titles"], bodies=one["bodies"], urgent=one.get("urgent", False),
                pack="base", actor=SETUP,
            )  # fmt: skip


def carried() -> None:
    """Everything that happened was numbered and brought to whoever subscribes."""
    while number() or deliver():
        pass


def told(user: User) -> list[str]:
    """The occasions of somebody's messages, newest first."""
    return [row.message.occasion for row in selectors.inbox(actor_of(user)).order_by("-pk")]


def newest(user: User) -> Delivery:
    """Somebody's newest message."""
    return selectors.inbox(actor_of(user)).latest("pk")
