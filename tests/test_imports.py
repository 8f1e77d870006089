"""Data flows one way: a folder imports only from folders before it, and no modules form a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "handbook"
ARCHITECTURE = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
# The folders in the order of the table that describes them.
ORDER = re.findall(r"^\| `(\w+)/` \| ", ARCHITECTURE, re.MULTILINE)
# What is next to the folders: the Python API, the version, and `python -m handbook`.
BESIDE = {"__init__", "__version__", "__main__"}
# Which folders may import which library.
OWNERS = {
    "asn1crypto": {"pdf"},
    "babel": {"core"},
    "cssselect2": {"layout"},
    "click": {"cli"},
    "cryptography": {"pdf"},
    "distributed": {"pipeline"},
    "fsspec": {"batch"},
    "holidays": {"select"},
    "icalendar": {"select"},
    "jinja2": {"select", "check"},
    "latex2mathml": {"markdown"},
    "lxml": {"batch", "core", "markdown"},
    "markdown": {"markdown"},
    "merman": {"layout"},
    "markdown_it": {"markdown"},
    "mdit_py_plugins": {"markdown"},
    "openpyxl": {"batch"},
    "pikepdf": {"pdf", "verify"},
    "pyhanko": {"pdf"},
    "pypdfium2": {"pdf", "verify"},
    "reportlab": {"core", "layout", "pdf"},
    "svg2pdf_py": {"core"},
    "tinycss2": {"layout"},
    "uharfbuzz": {"fonts", "layout", "pdf"},
    "watchfiles": {"preview"},
    "ziafont": {"layout"},
    "ziamath": {"layout"},
}
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def folder(module: str) -> str:
    return module.partition(".")[0]


def statements(module: str) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import, late ones and those for type checkers too."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node


@cache
def inside(module: str) -> frozenset[str]:
    """The modules of the package that a module imports."""
    found: set[str] = set()
    place = module.split(".")[:-1]
    for node in statements(module):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = place[: len(place) - node.level + 1] + (node.module or "").split(".")
        base = [part for part in base if part]
        for alias in node.names:
            names = (".".join([*base, alias.name]), ".".join(base))
            choices = [c for name in names for c in (name, f"{name}.__init__".lstrip("."))]
            found.add(next(choice for choice in choices if choice in MODULES))
    return frozenset(found - {module})


def outside(module: str) -> set[str]:
    """The other packages that a module imports."""
    found: set[str] = set()
    for node in statements(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_folder_imports_only_from_folders_before_it(module: str) -> None:
    if module in BESIDE:
        return
    own = ORDER.index(folder(module))
    for name in inside(module):
        if name not in BESIDE and folder(name) != folder(module):
            assert ORDER.index(folder(name)) < own, f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES)
def test_only_its_owners_import_a_library(module: str) -> None:
    for name in outside(module) & OWNERS.keys():
        assert folder(module) in OWNERS[name], f"{module} imports {name}"


def test_no_modules_import_one_another_in_a_circle() -> None:
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for name in sorted(inside(module)):
                visit(name, (*way, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


@pytest.mark.parametrize("name", ORDER)
def test_each_folder_says_what_comes_in_and_what_goes_out(name: str) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text("utf-8"))) or ""
    for word in ("In:", "Out:", "May import:"):
        assert word in text, f"handbook/{name}/__init__.py does not say {word!r}"


@pytest.mark.parametrize("name", [name for name in ORDER if name != "cli"])
def test_each_folder_names_its_modules(name: str) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text("utf-8"))) or ""
    named = set(re.findall(r"\b\w+\.py\b", text))
    below = {path.name for path in (PACKAGE / name).rglob("*.py")}
    assert named <= below, f"handbook/{name}/__init__.py names what is not there"
    assert {path.name for path in (PACKAGE / name).glob("*.py")} - {"__init__.py"} <= named


def test_what_the_architecture_names_is_there() -> None:
    """The table of changes gives paths from `handbook/`, or the names of modules next to them."""
    rows = ARCHITECTURE.partition("## Where a change goes")[2].partition("\n## ")[0]
    for row in rows.splitlines():
        for path in re.findall(r"`((?:[\w-]+/)*[\w-]*(?:/|\.py|\.yaml))`", row):
            places = [PACKAGE.parent / path, PACKAGE / path]
            below = [p for p in PACKAGE.rglob(path) if "/" not in path and path != "handbook.yaml"]
            assert any(p.exists() for p in places) or below or path == "handbook.yaml", path


def test_the_architecture_describes_each_folder() -> None:
    assert {folder(module) for module in MODULES} == {*ORDER, *BESIDE}
    assert ORDER[0] == "core"
    assert ORDER[-1] == "cli"


def test_the_first_pack_has_no_privilege_in_code() -> None:
    for path in MODULES.values():
        assert "az-400" not in path.read_text(encoding="utf-8").casefold(), path


def test_long_modules_have_a_reason() -> None:
    reasons = ARCHITECTURE.partition("**Modules are shorter than 450 lines")[2].partition("\n\n")[0]
    for module, path in MODULES.items():
        if path.read_bytes().count(b"\n") >= 450:
            assert f"`{module.replace('.', '/')}.py`" in reasons, module
