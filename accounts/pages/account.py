"""The page of one's own account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions import speak
from accounts.forms import LanguageForm
from accounts.selectors import account, grants_of


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do and where, and the language I read."""
    me = account(request.actor)
    form = LanguageForm(request.POST or None, initial={"language": me.language})
    if request.method == "POST" and form.is_valid():
        speak(form.cleaned_data["language"], actor=request.actor)
        answer = redirect("accounts_profile")
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax", httponly=True)
        return answer
    context = {"person": me, "grants": grants_of(me.pk), "form": form}
    return render(request, "accounts/profile.html", context)
