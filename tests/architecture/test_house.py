"""The house holds: storeys look down only, and what import-linter cannot see."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, ManyToManyField, Model

from tests.architecture.sources import PACKAGE, PROJECT, package_sources

BUSINESS = "madoguchi.business"
PAGE_MODULES = {"views", "urls", "templatetags"}
PAGE_IMPORTS = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.template.response")


def business_storeys() -> dict[str, int]:
    """Return each book's storey, 0 at the bottom, as pyproject.toml has it."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [
        contract
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [BUSINESS]
    ]
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(contract["layers"]))
        for name in layer.split("|")
    }


def test_imports_go_down_only(tmp_path: Path) -> None:
    """Every contract of pyproject.toml is kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("madoguchi.")]


def pointing_fields() -> list[Field[object, object]]:
    return [
        field
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField) and field.model is model
    ]


def book_of(model: type[Model]) -> str:
    """Return the book (the package under business) that a table belongs to."""
    return model.__module__.removeprefix(f"{BUSINESS}.").split(".", 1)[0]


@pytest.mark.parametrize("field", pointing_fields(), ids=str)
def test_a_foreign_key_points_down_or_to_a_neighbour_below(field: ForeignKey[object, object]) -> None:
    """A foreign key by name escapes import-linter; the storeys hold for it too."""
    target = field.related_model
    assert isinstance(target, type)
    assert issubclass(target, Model)
    if not target.__module__.startswith(BUSINESS):
        return
    storeys = business_storeys()
    here, there = book_of(field.model), book_of(target)
    assert here == there or storeys[there] < storeys[here], f"{field} points up to {target._meta.label}"


def test_books_have_no_pages() -> None:
    """No views, URLs or template tags under business."""
    modules = [
        source.name
        for source in package_sources()
        if source.path.is_relative_to(PACKAGE / "business")
        and (source.path.stem in PAGE_MODULES or imports_pages(source.tree()))
    ]
    assert modules == []


def imports_pages(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        if any(name == page or name.startswith(f"{page}.") for name in names for page in PAGE_IMPORTS):
            return True
    return False


def test_pages_have_no_tables() -> None:
    """No model and no migration under web."""
    tables = [model._meta.label for model in own_models() if model.__module__.startswith("madoguchi.web")]
    migrations = [path.name for path in (PACKAGE / "web").rglob("migrations")]
    assert tables == []
    assert migrations == []


def test_the_test_of_foreign_keys_sees_some() -> None:
    """Guard against a walk that finds nothing and so can never fail."""
    assert len(pointing_fields()) > 10
