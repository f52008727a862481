"""mypy plugin: every request has an `actor`, put there by accounts.authentication (architecture 2.8)."""

from collections.abc import Callable

from mypy.checker import TypeChecker
from mypy.nodes import MDEF, Import, ImportFrom, MypyFile, SymbolTableNode, TypeInfo, Var
from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny

REQUESTS = ("django.http.request.HttpRequest", "rest_framework.request.Request")
MODULE = "core.scope"


def _declare(context: ClassDefContext) -> None:
    info = context.cls.info
    if "actor" not in info.names:
        attribute = Var("actor", AnyType(TypeOfAny.explicit))
        attribute.info = info
        attribute._fullname = f"{info.fullname}.actor"
        info.names["actor"] = SymbolTableNode(MDEF, attribute, plugin_generated=True)


def _typed(context: AttributeContext) -> Type:
    checker = context.api
    if not isinstance(checker, TypeChecker) or MODULE not in checker.modules:
        return context.default_attr_type
    actor = checker.modules[MODULE].names["Actor"].node
    return Instance(actor, []) if isinstance(actor, TypeInfo) else context.default_attr_type


def _imports(file: MypyFile) -> list[tuple[str, str | None]]:
    plain = [pair for node in file.imports if isinstance(node, Import) for pair in node.ids]
    return plain + [(node.id, None) for node in file.imports if isinstance(node, ImportFrom)]


class RequestsHaveActors(Plugin):
    """Declares the attribute on the classes of Django and DRF, and says its type where it is read."""

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Who reads requests is checked after the module of the actor."""
        reads_requests = any(name.startswith(("django.http", "rest_framework")) for name, _alias in _imports(file))
        return (
            [(10, MODULE, -1)] if reads_requests and not file.fullname.startswith(("django", "rest_framework")) else []
        )

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """The attribute exists."""
        return _declare if fullname in REQUESTS else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Reading it gives an Actor."""
        return _typed if fullname in {f"{name}.actor" for name in REQUESTS} else None


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return RequestsHaveActors
