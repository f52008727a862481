"""The gate of a page: any app's pages ask for a right here, without entering accounts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def page_needs(*rights: str) -> Callable[[View], View]:
    """The page opens to people who hold any of the rights somewhere; what they see on it is for the selectors."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rights and not any(request.actor.holds(right) for right in rights):
                raise PermissionDenied(f"needs one of {', '.join(rights)}")
            return view(request, *args, **kwargs)

        return guarded

    return guard
