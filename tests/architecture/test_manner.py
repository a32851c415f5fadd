"""How the code is written, as far as a machine can see it."""

from __future__ import annotations

import ast
import re

from tests.architecture.sources import Source, functions, package_sources, sources_of_tests

LONGEST_MODULE = 300
LONGEST_FUNCTION = 30

LONG_MODULES: dict[str, str] = {}
"""Path: the reason why it may be longer."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Path::name: the reason why it may be longer."""

SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?P<rule>:\s*[A-Z0-9, ]+|\[[a-z-, ]+\])?(?P<reason>.*)$")


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    long = {
        source.name: len(source.lines) for source in package_sources() if len(source.lines) > LONGEST_MODULE
    }
    assert set(long) == set(LONG_MODULES), long


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its decorators and its docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{source.name}::{function.name}": length(function)
        for source in package_sources()
        for function in functions(source.tree())
        if length(function) > LONGEST_FUNCTION
    }
    assert set(long) == set(LONG_FUNCTIONS), long


def handlers(source: Source) -> list[ast.ExceptHandler]:
    return [node for node in ast.walk(source.tree()) if isinstance(node, ast.ExceptHandler)]


def catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )


def test_no_error_is_swallowed() -> None:
    """A handler for everything must do something with what it caught."""
    swallowed = [
        f"{source.name}:{handler.lineno}"
        for source in (*package_sources(), *sources_of_tests())
        for handler in handlers(source)
        if catches_everything(handler) and all(isinstance(line, ast.Pass) for line in handler.body)
    ]
    assert swallowed == []


def test_no_check_is_silenced_without_a_reason() -> None:
    """`# noqa: X` and `# type: ignore[x]` name the rule, and say why behind it."""
    silenced = [
        f"{source.name}:{number}"
        for source in package_sources()
        for number, line in enumerate(source.lines, start=1)
        if (found := SILENCED.search(line)) and not (found["rule"] and re.search(r"\w", found["reason"]))
    ]
    assert silenced == []
