"""The tree of organisations, people, roles and what was granted to whom, where, how long; keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import rules
from core import clock

CODE = RegexValidator(rules.CODE.pattern, code="accounts.bad_code")
AREA_PATH = RegexValidator(rules.AREA_PATH.pattern, code="accounts.bad_area")
ADMIN = "admin"


class Organisation(models.Model):
    """One node of the tree; `path` is the codes from the root joined by dots, `area` the ground it serves."""

    LEVELS = [("city", _("City")), ("district", _("District")), ("street", _("Street")), ("community", _("Community"))]

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=12, choices=LEVELS)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=400, unique=True)
    area = models.CharField(max_length=80, blank=True, default="", validators=[AREA_PATH])
    duties = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["path"]
        indexes = [
            models.Index(fields=["path"], name="accounts_org_path_like", opclasses=["text_pattern_ops"]),
            models.Index(fields=["area"], name="accounts_org_area_like", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["city", "district", "street", "community"]), name="accounts_org_level"
            ),
            models.CheckConstraint(condition=~Q(code__contains="."), name="accounts_org_code_without_dot"),
        ]

    def __str__(self) -> str:
        return str(self.names.get("zh") or self.code)


class OrganisationKind(models.Model):
    """A kind of organisation and the levels at which it may stand: the city's model, from a pack."""

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    names = models.JSONField(default=dict)
    levels = models.JSONField(default=list)
    pack = models.CharField(max_length=40, blank=True, default="", editable=False)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.names.get("zh") or self.code)


class People(BaseUserManager["User"]):
    """Accounts by name; nobody is born with rights (see `accounts.actions.grant`)."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A row for somebody who may sign in and may as yet do nothing."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in; what they may do comes from grants and from nothing else (there is no superuser)."""

    LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    label = models.CharField(_("name"), max_length=80, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=32, blank=True, default="")
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans")
    remote = models.BooleanField(_("works from outside the office network"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=clock.now, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)
    password_set_at = models.DateTimeField(default=clock.now, editable=False)

    objects = People()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name others see."""
        return self.label or self.username

    def get_short_name(self) -> str:
        """The same name: Chinese names are short."""
        return self.get_full_name()

    @cached_property
    def _administers(self) -> bool:
        return self.grants.in_force(clock.now()).everywhere().with_right(ADMIN).exists()

    @property
    def is_staff(self) -> bool:
        """Whether the administration pages open: the right `admin`, everywhere."""
        return self.is_active and self._administers

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Every permission of the administration pages is the one right `admin`."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Likewise for a whole app."""
        return self.is_staff


class Role(models.Model):
    """A named set of permissions: duties (collect, handle ...) and rights (case.see, admin ...)."""

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    names = models.JSONField(default=dict)
    permissions = models.JSONField(default=list)
    pack = models.CharField(max_length=40, blank=True, default="", editable=False)
    said = models.JSONField(default=dict, editable=False)
    second_factor = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.names.get("zh") or self.code)

    @property
    def differs(self) -> bool:
        """Whether the city has changed what the pack said of the role (`said`: its names and permissions)."""
        return bool(self.said) and self.said != {"names": self.names, "permissions": self.permissions}


class Grants(models.QuerySet["Grant"]):
    """Questions about grants that more than one place asks."""

    def in_force(self, at: datetime) -> Grants:
        """Begun, not yet over."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at)

    def not_over(self, at: datetime) -> Grants:
        """In force now or still to begin: what a new grant may conflict with."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))

    def everywhere(self) -> Grants:
        """Limited neither to an organisation nor to an area."""
        return self.filter(org="", area="")

    def with_right(self, right: str) -> Grants:
        """Whose role is in use and holds the permission."""
        return self.filter(role__retired=False, role__permissions__contains=[right])


class Grant(models.Model):
    """Person x role x organisation (subtree) x area (subtree) x from/until x granted by; revoked, never deleted.

    With a `post` it is what holding that post gives, and ends when the person leaves the post.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey("accounts.Role", on_delete=models.PROTECT, related_name="grants")
    org = models.CharField(max_length=400, blank=True, default="")
    area = models.CharField(max_length=80, blank=True, default="", validators=[AREA_PATH])
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    granted_by = models.CharField(max_length=80)
    granted_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_by = models.CharField(max_length=80, blank=True, default="")
    post = models.ForeignKey("accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="held")

    objects = Grants.as_manager()

    class Meta:
        ordering = ["user", "role"]
        indexes = [models.Index(fields=["user", "valid_from"], name="accounts_grant_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="accounts_grant_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(granted_by=""), name="accounts_grant_has_a_giver"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} {self.org}/{self.area}"


class Key(models.Model):
    """What a program brings instead of a session; only its digest is kept, and it reads what its owner may read."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("made_at")), name="accounts_key_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(label=""), name="accounts_key_has_a_label"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.label}"


class OpenSession(models.Model):
    """A browser in which somebody has signed in; `key` is the session's, and the row goes when the session goes."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    opened_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    address = models.CharField(max_length=45, blank=True, default="")
    agent = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.address}"


class PastPassword(models.Model):
    """The hash of a password that somebody had, so that it does not come back while the profile forbids that."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-set_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
