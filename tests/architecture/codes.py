"""Every code of a refusal that the source can give, so that each can be asked for its sentence.

Three ways lead to a code: a literal in the call of an error (`Invalid("case.bad_point")`), a literal that travels
there by other hands (`return "accounts.unknown_kind"`), and a text put together on the way (`f"case.{code}"`).
"""

import ast
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tests.architecture.source import APPS, ROOT, Source

SHAPE = re.compile(r"[a-z_]+(\.[A-Za-z0-9_$]+)+")
KIND = re.compile(r"\.v\d+$")
FILES = (".md", ".json", ".yaml", ".html", ".po")
LOGGING = {"debug", "info", "warning", "error", "exception", "critical"}
NAMES_OF_OTHER_THINGS = {"as_", "dispatch_uid"}


class Said(NamedTuple):
    """A code, where it stands, and the parameters given with it where that can be read off (else None)."""

    code: str
    place: str
    given: frozenset[str] | None = None


def error_classes(sources: Collection[Source]) -> frozenset[str]:
    """DomainError and what is derived from it, however far."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"DomainError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return frozenset(found)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def _text(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def raised(source: Source, errors: Collection[str]) -> Iterator[Said]:
    """The literals with which errors are made; both arms of `a if x else b` count."""
    for call in _calls(source):
        if _name(call.func) not in errors or not call.args:
            continue
        names = [keyword.arg for keyword in call.keywords]
        given = None if None in names else frozenset(name for name in names if name)
        for node in ast.walk(call.args[0]):
            if (code := _text(node)) and not isinstance(call.args[0], ast.JoinedStr):
                yield Said(code, f"{source.path}:{call.lineno}", given)


def _explained(source: Source) -> set[int]:
    """The literals that are visibly something else: log events, names of reactions, faults with their own sentence."""
    found: set[int] = set()
    carries = "packs.contracts" in source.text and "Problem" in source.text
    for call in _calls(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr in LOGGING:
            found |= {id(node) for node in call.args[:1]}
        if carries and _name(call.func) in {"Problem", "fault"} and len(call.args) > 1:
            found.add(id(call.args[0]))
        found |= {id(keyword.value) for keyword in call.keywords if keyword.arg in NAMES_OF_OTHER_THINGS}
    return found


def _is_module(text: str) -> bool:
    path = ROOT.joinpath(*text.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def _is_path_of_ours(text: str) -> bool:
    """`journal.actions`, `journal.tasks.sweep`, the model `accounts.User`: something to import or to look up."""
    head, _, last = text.rpartition(".")
    return _is_module(text) or (_is_module(head) and ("." in head or last[:1].isupper()))


def in_passing(source: Source, prefixes: Collection[str], others: Collection[str]) -> Iterator[Said]:
    """Literals that look like a code and begin like one, and are nothing else that we know."""
    explained = _explained(source)
    for node in ast.walk(source.tree):
        text = _text(node)
        if text is None or id(node) in explained or not SHAPE.fullmatch(text) or text in others:
            continue
        if text.split(".")[0] not in prefixes or KIND.search(text) or text.endswith(FILES) or _is_path_of_ours(text):
            continue
        yield Said(text, f"{source.path}:{node.lineno}")


class Assembled(NamedTuple):
    """A code put together: what is fixed of it with `*` for the rest, and where."""

    pattern: str
    place: str


def _pattern(text: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in text.values)


def _hole(text: ast.JoinedStr) -> str:
    """The one name that fills the text, if it is so simple."""
    holes = [part.value for part in text.values if isinstance(part, ast.FormattedValue)]
    return holes[0].id if len(holes) == 1 and isinstance(holes[0], ast.Name) else ""


def assembled(sources: Collection[Source], prefixes: Collection[str]) -> Iterator[Said | Assembled]:
    """What texts put together can become: by the literals their makers are called with, else as a pattern."""
    for source in sources:
        for function in ast.walk(source.tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _of_function(source, function, sources, prefixes)


def _of_function(
    source: Source,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    sources: Collection[Source],
    prefixes: Collection[str],
) -> Iterator[Said | Assembled]:
    parameters = [argument.arg for argument in function.args.args]
    for text in ast.walk(function):
        if not isinstance(text, ast.JoinedStr):
            continue
        pattern = _pattern(text)
        head, dot, rest = pattern.partition(".")
        if not dot or head not in prefixes or not re.fullmatch(r"[\w.*]+", rest) or KIND.search(rest):
            continue
        place = f"{source.path}:{text.lineno}"
        if (hole := _hole(text)) in parameters:
            yield from _filled(pattern, function.name, parameters.index(hole), sources)
        else:
            yield Assembled(pattern, place)


def _filled(pattern: str, name: str, position: int, sources: Collection[Source]) -> Iterator[Said | Assembled]:
    """One code for each literal that the maker is called with, a pattern for each text put together before."""
    for source in sources:
        for call in _calls(source):
            if _name(call.func) != name or len(call.args) <= position:
                continue
            for argument in _arms(call.args[position]):
                yield _one_filled(pattern, argument, f"{source.path}:{call.lineno}")


def _arms(node: ast.expr) -> list[ast.expr]:
    """Both of `a if x else b`, else the thing itself."""
    return [*_arms(node.body), *_arms(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def _one_filled(pattern: str, argument: ast.expr, place: str) -> Said | Assembled:
    if isinstance(argument, ast.JoinedStr):
        return Assembled(pattern.replace("*", _pattern(argument), 1), place)
    text = _text(argument)
    return Assembled(pattern, place) if text is None else Said(pattern.replace("*", text, 1), place)


LOOKED_AT = ("core", *APPS, "cityops")
