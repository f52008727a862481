"""A page's gate: whoever holds one of its rights somewhere may open it, nobody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from core.gates import page_needs
from core.scope import NOBODY, Actor, machine


@page_needs("score.see", "admin")
def page(request):
    """A page."""
    return HttpResponse("scores")


def opened_by(actor: Actor) -> HttpResponse:
    request = RequestFactory().get("/scores/")
    request.actor = actor
    return page(request)


@pytest.mark.parametrize("right", ["score.see", "admin"])
def test_any_of_the_rights_opens_the_page(right):
    assert opened_by(machine("m", right)).content == b"scores"


@pytest.mark.parametrize("actor", [NOBODY, machine("m", "case.see"), machine("m")])
def test_nobody_else_opens_it(actor):
    with pytest.raises(PermissionDenied):
        opened_by(actor)


def test_the_page_keeps_its_name():
    assert page.__name__ == "page"
    assert page.__doc__ == "A page."
