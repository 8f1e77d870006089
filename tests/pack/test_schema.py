"""The published schemas: valid themselves, and the shipped pack is valid by them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import BOOK
from packs import pack, run

from handbook.core.diagnostics import HandbookError
from handbook.core.yaml_source import read_yaml
from handbook.markdown.dialects import reader_for
from handbook.pack.dialects import DIALECTS
from handbook.pack.json_schemas import NAMES, schema_of
from handbook.pack.loader import load_chapter, load_pack
from handbook.theme.loader import THEMES

CONTENT = BOOK


def plain(value: Any) -> Any:
    """YAML's data as JSON has it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def instances() -> Iterator[tuple[str, Any]]:
    yield "pack", read_yaml(CONTENT / "handbook.yaml", "handbook.yaml")
    for axis in ("roles", "paths", "plans"):
        yield axis, read_yaml(CONTENT / "tables" / f"{axis}.yaml", axis)
    for path in sorted((CONTENT / "chapters").glob("*.md")):
        yield "front-matter", load_chapter(path).front
    for path in sorted(THEMES.glob("*.yaml")):
        yield "theme", read_yaml(path, path.name)
    yield "brand", read_yaml(Path(__file__).parents[2] / "examples" / "acme.yaml", "acme")


@pytest.fixture(scope="module")
def jsonschema() -> Any:
    """The package, which takes two seconds to import: not while tests are collected."""
    return importlib.import_module("jsonschema")


def test_the_shipped_files_are_valid(jsonschema: Any) -> None:
    seen = set()
    for name, value in instances():
        seen.add(name)
        jsonschema.validate(plain(value), schema_of(name), cls=jsonschema.Draft202012Validator)
    assert seen == {*NAMES} - {"settings"}


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_schemas(
    name: str, capsys: pytest.CaptureFixture[str], jsonschema: Any
) -> None:
    code, out, _ = run(capsys, "schema", name)
    schema = json.loads(out)
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["description"]


def test_every_key_of_a_pack_is_described() -> None:
    def undescribed(schema: dict[str, Any], path: str) -> Iterator[str]:
        for key, value in schema.get("properties", {}).items():
            if not value.get("description"):
                yield f"{path}.{key}"
            yield from undescribed(value, f"{path}.{key}")

    for name in ("pack", "front-matter", "roles", "paths", "plans", "settings"):
        assert list(undescribed(schema_of(name), name)) == []


@pytest.mark.parametrize(
    "config",
    ["chapters: [one.md]", "title: A\nchaptrs: [one.md]", "title: [A]", "title: A\nkeywords: x",
     "title: A\nfields: {x: {width: 1}}", "title: A\nfields: {x: {place: top}}",
     "title: A\nsettings: {paper: a7}", "title: A\nsettings: {bleed: 3}"],
)  # fmt: skip
def test_editors_and_messages_agree_on_what_is_wrong(
    config: str, tmp_path: Path, jsonschema: Any
) -> None:
    value = read_yaml(pack(tmp_path, handbook_dot_yaml=config) / "handbook.yaml", "x")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(value), schema_of("pack"))
    with pytest.raises(HandbookError, match=r"handbook\.yaml:\d+:\d+: error"):
        load_pack(tmp_path)


def test_unknown_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "schema", "rolls")
    assert code == 1
    assert "did you mean 'roles'?" in err


PARTS = {
    "roles": "- {id: a, name: A}\n",
    "paths": "- {id: p, name: P}\n",
    "plans": "- {id: q, name: Q}\n",
}


@pytest.mark.parametrize("absent", [*PARTS, "all", "fields", "chapters"])
def test_each_part_of_a_pack_may_be_absent(
    absent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "title: A book\n"
    config += "" if absent == "chapters" else "chapters: [one.md]\n"
    config += "" if absent in ("all", "fields") else "fields: {learner: {width: 90}}\n"
    tables = {
        f"tables__{axis}_dot_yaml": text
        for axis, text in PARTS.items()
        if absent not in ("all", axis)
    }
    folder = pack(tmp_path / "pack", handbook_dot_yaml=config, **tables)
    code, _, err = run(capsys, "build", "--content", str(folder), "-o", str(tmp_path / "a.pdf"))
    assert (code, (tmp_path / "a.pdf").read_bytes()[:5]) == (0, b"%PDF-"), err
    for axis in PARTS:
        option = f"--{axis[:-1]}"
        value = PARTS[axis].split("id: ")[1][0]
        code, _, err = run(capsys, "explain", "--content", str(folder), option, value)
        assert code == (1 if absent in ("all", axis) else 0)
        assert (f"this handbook has no {axis}" in err) == (code == 1)


def test_each_dialect_of_a_chapter_has_a_reader() -> None:
    for name in DIALECTS:
        assert reader_for(name).read("Words").root.findtext("p") == "Words"
