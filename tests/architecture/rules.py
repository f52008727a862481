"""What the import graph cannot say, as functions from a source to its faults, so that they can be tested."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Source

MAX_MODULE, MAX_FUNCTION, MAX_NESTING = 400, 40, 3
ENTRANCES = {"rest", "pages", "live", "tasks", "reactions", "manifest", "intakes", "waiting", "finding"}
DRIVERS = {"psycopg2", "psycopg"}
DRAWERS = {"utils", "helpers", "common", "misc"}
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("timezone", "now"), ("timezone", "localdate"), ("time", "time"),
}  # fmt: skip
SILENCERS = re.compile(
    r"#\s*(noqa|type:\s*ignore|nosec|pragma:\s*no cover|fmt:\s*off|pyright:\s*ignore)"
    r"|^\s*ignore_imports\s*=|@ts-(ignore|expect-error|nocheck)|eslint-disable",
    re.MULTILINE,
)


def too_long(source: Source) -> Iterator[str]:
    """Modules over 400 lines, functions over 40 (the docstring counts)."""
    lines = source.text.count("\n")
    if lines > MAX_MODULE:
        yield f"{source.path}: {lines} lines, at most {MAX_MODULE}"
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTIONS):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                yield f"{source.path}:{node.lineno} {node.name}: {length} lines, at most {MAX_FUNCTION}"


def _depth(node: ast.AST, level: int = 0) -> int:
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        inner = level + 1 if isinstance(child, BLOCKS) and not is_elif else level
        deepest = max(deepest, _depth(child, inner))
    return deepest


def too_deep(source: Source) -> Iterator[str]:
    """Functions whose blocks nest deeper than three."""
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTIONS) and _depth(node) > MAX_NESTING:
            yield f"{source.path}:{node.lineno} {node.name}: nested {_depth(node)} deep, at most {MAX_NESTING}"


def is_entrance(source: Source) -> bool:
    """A way in: it parses, authorises and calls; it does not query."""
    return len(source.parts) > 1 and source.parts[1] in ENTRANCES


def queries(source: Source) -> Iterator[str]:
    """The attribute `.objects` in an entrance."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield f"{source.path}:{node.lineno}: entrances ask selectors, they do not use .{node.attr}"


def clock_calls(source: Source) -> Iterator[str]:
    """Calls of a clock that tests cannot set."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in CLOCKS:
                yield f"{source.path}:{node.lineno}: {name}.{node.func.attr}() instead of core.clock.now()"


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and full name of every import."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module


def drivers(source: Source) -> Iterator[str]:
    """Imports of the database driver: the day we change it, no file of ours may notice."""
    for line, name in imports(source):
        if name.split(".")[0] in DRIVERS or name.startswith("django.db.backends.postgresql"):
            yield f"{source.path}:{line}: imports the driver ({name}); use django.db"


def inner_imports(source: Source) -> Iterator[str]:
    """Imports inside functions."""
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTIONS):
            for inner in ast.walk(node):
                if isinstance(inner, (ast.Import, ast.ImportFrom)):
                    yield f"{source.path}:{inner.lineno}: import inside {node.name}"


def drawers(source: Source) -> Iterator[str]:
    """Modules named after nothing."""
    for part in source.parts:
        if part in DRAWERS:
            yield f"{source.path}: name the idea instead of '{part}'"


def silencers(path: str, text: str) -> Iterator[str]:
    """Comments and options that tell a checker to look away."""
    for match in SILENCERS.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield f"{path}:{line}: {match.group(0).strip()}"
