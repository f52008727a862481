"""Failed sign-ins, as allauth counts them for all processes together: until when nobody gets in, and the way out."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from core import clock

APP, ACTION = "allauth.account", "login_failed"


def name_of(user_id: int | None, login: str) -> str:
    """What failures are counted on: the account, whether it was named or its e-mail was, else what was typed."""
    return f"user:{user_id}" if user_id is not None else f"login:{login.strip().lower()}"


def _rates(per: str) -> list[ratelimit.Rate]:
    return [rate for rate in ratelimit.get_rates(app=APP, action=ACTION) if rate.per == per]


def _full_until(request: HttpRequest | None, rate: ratelimit.Rate, name: str | None) -> datetime | None:
    return _until(cache.get(_kept(request, rate, name), []), rate)


def _kept(request: HttpRequest | None, rate: ratelimit.Rate, name: str | None) -> str:
    return ratelimit.get_cache_key(request or HttpRequest(), app=APP, action=ACTION, rate=rate, key=name)


def _until(history: list[float], rate: ratelimit.Rate) -> datetime | None:
    if len(history) < rate.amount:
        return None
    ends = datetime.fromtimestamp(history[rate.amount - 1], UTC) + timedelta(seconds=rate.duration)
    return ends if ends > clock.now() else None


def account_locked_until(name: str) -> datetime | None:
    """Until when the account takes no password; None where it does."""
    return max(filter(None, (_full_until(None, rate, name) for rate in _rates("key"))), default=None)


def accounts_locked(names: Iterable[str]) -> dict[str, datetime]:
    """Those of the accounts that take no password now, each with its hour, in one look per rate."""
    asked, found = list(names), {}
    for rate in _rates("key"):
        kept = {_kept(None, rate, name): name for name in asked}
        for key, history in cache.get_many(list(kept)).items():
            if until := _until(history, rate):
                found[kept[key]] = until
    return found


def address_locked_until(request: HttpRequest) -> datetime | None:
    """Until when nobody signs in from this address."""
    return max(filter(None, (_full_until(request, rate, None) for rate in _rates("ip"))), default=None)


def unlock(name: str) -> None:
    """The failures of the account are forgotten."""
    for rate in _rates("key"):
        cache.delete(_kept(None, rate, name))
