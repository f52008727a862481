"""Administration of organisations, people, roles and grants. Every change goes through `accounts.actions`."""

from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import CharField, ModelForm, PasswordInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import Grant, Organisation, OrganisationKind, Role, User
from core.errors import DomainError
from core.scope import Actor
from core.sentences import sentence_of

# One way in: the rate limits and the second factor of our own page. The name is no constant for mypy's sake: Django
# declares `login` as a method, and this site is the one that every app has registered with.
ENTRANCE = "login"
setattr(admin.site, ENTRANCE, secure_admin_login(admin.site.login))


class ByAction(admin.ModelAdmin):
    """Saves by an action inside the form's validation, so that a refusal stands on the form as a sentence."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted: it is switched off, retired or revoked."""
        return False

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who is asking."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"actor": request.actor})

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """The action has saved already."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is related that a form could change."""


class ActionForm(ModelForm):
    """Runs its action when everything else is valid; the refusal of the action is an error of the form."""

    actor: ClassVar[Actor]

    def act(self) -> Model:
        """The row as the action left it."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        """Instead of writing onto the instance: ask the action."""
        if self.errors:
            return
        try:
            self.instance = self.act()
        except DomainError as refused:
            self.add_error(None, ValidationError(sentence_of(refused), code=refused.code))

    def save(self, commit: bool = True) -> Any:
        """The row is saved; nothing is left to do."""
        return self.instance


class OrganisationForm(ActionForm):
    """A new organisation, or new names and duties of one."""

    class Meta:
        model = Organisation
        fields = ("code", "names", "kind", "level", "parent", "area", "duties", "active")

    def act(self) -> Model:
        """Created or changed."""
        given = self.cleaned_data
        if self.instance.pk:
            return actions.change_organisation(
                self.instance.code,
                names=given["names"],
                duties=given["duties"] or [],
                active=given["active"],
                actor=self.actor,
            )
        above = given["parent"].code if given["parent"] else ""
        words = {name: given[name] for name in ("code", "names", "kind", "level", "area")}
        return actions.create_organisation(**words, parent=above, duties=given["duties"] or [], actor=self.actor)


@admin.register(Organisation)
class OrganisationAdmin(ByAction):
    """The tree of organisations."""

    form = OrganisationForm
    list_display = ("code", "__str__", "kind", "level", "path", "area", "duties", "active")
    list_filter = ("level", "kind", "active")
    search_fields = ("code", "names", "path")
    list_select_related = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The place in the tree never moves."""
        return ("code", "kind", "level", "parent", "area", "path") if obj else ("path",)


class UserForm(ActionForm):
    """A new account, or changes to one; the password is written, never read."""

    password = CharField(label=_("password"), widget=PasswordInput, required=False)

    class Meta:
        model = User
        fields = ("username", "label", "organisation", "phone", "email", "language", "remote", "is_active")

    def act(self) -> Model:
        """Created or changed."""
        given = self.cleaned_data
        home = given["organisation"].code if given["organisation"] else ""
        words = {name: given[name] for name in ("label", "phone", "email", "remote")}
        if self.instance.pk:
            password = given["password"] or None
            return actions.change_person(
                self.instance.pk,
                **words,
                organisation=home,
                active=given["is_active"],
                password=password,
                actor=self.actor,
            )
        words |= {"username": given["username"], "language": given["language"], "password": given["password"]}
        return actions.create_user(**words, organisation=home, actor=self.actor)


@admin.register(User)
class UserAdmin(ByAction):
    """People who may sign in."""

    form = UserForm
    list_display = ("username", "label", "organisation", "remote", "is_active", "last_login")
    list_filter = ("is_active", "remote")
    search_fields = ("username", "label")
    list_select_related = ("organisation",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A name to sign in with stays; the language is the person's own choice."""
        return ("username", "language") if obj else ()


class RoleForm(ActionForm):
    """A role and what it may do."""

    class Meta:
        model = Role
        fields = ("code", "names", "permissions")

    def act(self) -> Model:
        """Created or changed."""
        given = self.cleaned_data
        code = self.instance.code if self.instance.pk else given["code"]
        return actions.upsert_role(code=code, names=given["names"], permissions=given["permissions"], actor=self.actor)


@admin.register(Role)
class RoleAdmin(ByAction):
    """Named sets of permissions."""

    form = RoleForm
    list_display = ("code", "__str__", "permissions", "pack", "retired")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A code stays what it was."""
        return ("code",) if obj else ()


class GrantForm(ActionForm):
    """A grant to be given; it is ended by the action below the list, never changed."""

    class Meta:
        model = Grant
        fields = ("user", "role", "org", "area", "valid_from", "valid_until")

    def act(self) -> Model:
        """Granted."""
        given = self.cleaned_data
        words = {name: given[name] for name in ("user", "org", "area", "valid_from", "valid_until")}
        return actions.grant(**words, role=given["role"].code, actor=self.actor)


@admin.register(Grant)
class GrantAdmin(ByAction):
    """Who may do what, where, until when."""

    form = GrantForm
    list_display = ("user", "role", "org", "area", "valid_from", "valid_until", "granted_by", "revoked_by")
    list_filter = ("role",)
    search_fields = ("user__username", "org", "area")
    list_select_related = ("user", "role")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A grant is given and ended; the list itself needs the right to see it."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.action(description=_("End the chosen grants now"))
    def end(self, request: HttpRequest, queryset: QuerySet[Grant]) -> None:
        """From now on they give nothing."""
        try:
            for grant_id in queryset.values_list("pk", flat=True):
                actions.revoke(grant_id, actor=request.actor)
        except DomainError as refused:
            self.message_user(request, sentence_of(refused), messages.ERROR)


@admin.register(OrganisationKind)
class OrganisationKindAdmin(admin.ModelAdmin):
    """The organisation model, to read; packs bring it."""

    list_display = ("code", "__str__", "levels", "pack", "retired")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Packs bring it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Packs change it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Packs retire it."""
        return False
