"""Data flows one way: a module imports only from what stands above it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "handbook"
# A line each, so that two changes do not meet.
ORDER = [
    "units",
    "diagnostics",
    "plugins",
    "excerpt",
    "output",
    "cache",
    "copy_number",
    "words",
    "fieldspec",
    "scripts",
    "document",
    "artwork",
    "sourced",
    "brand",
    "schema",
    "settings",
    "foreign",
    "tables",
    "content",
    "schedule",
    "calendar_file",
    "free_days",
    "press",
    "selection",
    "conditions",
    "assemble",
    "needs",
    "markdown",
    "weave",
    "theme",
    "published",
    "adapt",
    "branding",
    "layout",
    "pdf",
    "verify",
    "render",
    "compare",
    "attach",
    "pipeline",
    "check",
    "explain",
    "known",
    "skeleton_pack",
    "importer",
    "store",
    "roster",
    "__init__",
    "executors",
    "batch",
    "release",
    "preview",
    "cli",
    "__main__",
]
# Who may know which library.
OWNERS = {"reportlab": {"layout", "pdf"}, "click": {"cli"}, "jinja2": {"assemble", "needs", "explain"},
          "pikepdf": {"verify"}, "fsspec": {"store"}, "distributed": {"executors"},
          "icalendar": {"calendar_file"}, "holidays": {"free_days"}, "openpyxl": {"roster"},
          "uharfbuzz": {"layout", "scripts", "pdf"}, "markdown": {"markdown"}, "babel": {"words"},
          "watchfiles": {"preview"}, "pypdfium2": {"render", "compare"},
          "markdown_it": {"markdown"}, "mdit_py_plugins": {"markdown"}, "lxml": {"markdown"},
          "svglib": {"artwork"}}  # fmt: skip
FILES = sorted(PACKAGE.rglob("*.py"))


def owner(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[tuple[str, bool]]:
    """(top-level name, inside the package) of every import, late ones too."""
    found: set[tuple[str, bool]] = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name.split(".")[0], False) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")[0]
            if node.level == 0:
                found.add((module, False))
            elif node.level == depth:
                names = [module] if module else [alias.name for alias in node.names]
                found |= {(n if n in ORDER else "__init__", True) for n in names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_from_above(path: Path) -> None:
    own = ORDER.index(owner(path))
    if owner(path) == "__init__":
        return
    for name, inside in imports(path):
        if inside and name != owner(path):
            assert ORDER.index(name) < own or name == "__init__", f"{path} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_library_has_its_owner(path: Path) -> None:
    for name, inside in imports(path):
        if not inside and name in OWNERS:
            assert owner(path) in OWNERS[name], f"{path} imports {name}"


def test_the_architecture_tells_of_each_module_in_this_order() -> None:
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)(?:\.py|/)` \| ", page, re.MULTILINE)
    assert rows == [name for name in ORDER if name != "__main__"]
    assert {owner(path) for path in FILES} == {*ORDER}


def test_the_first_pack_has_no_privilege_in_code() -> None:
    for path in FILES:
        assert "az-400" not in path.read_text(encoding="utf-8").casefold(), path
