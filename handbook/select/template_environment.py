"""Set up the sandbox for templates, and cache compiled ones."""

from __future__ import annotations

import marshal
import math
import re
from collections.abc import Sequence
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment

from handbook.core.resources import packaged_or_beside

from ..core.diagnostics import Source, error, suggest
from ..core.yaml_source import SourcedDict, SourcedStr
from ..pack.model import Pack

TEMPLATES = "templates"


def template_folders(pack: Pack) -> list[Path]:
    """Return the folders of templates: in the pack, next to it, packaged."""
    shipped = packaged_or_beside(TEMPLATES)
    folders = [pack.folder / TEMPLATES, pack.folder.parent / TEMPLATES, shipped]
    return [folder for folder in folders if folder.is_dir()]


class TemplateCache(jinja2.BytecodeCache):
    """Compiled templates of this process; they do not depend on a selection."""

    def __init__(self) -> None:
        self.texts: dict[str, CodeType] = {}
        self.files: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Any) -> None:
        """Fill `bucket` if its template has been compiled before."""
        data = self.files.get(bucket.key + bucket.checksum)
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Any) -> None:
        """Store a compiled template."""
        self.files[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


TEMPLATE_CACHE = TemplateCache()


def cached_count() -> int:
    """Return how many templates this process has compiled or been given."""
    return len(TEMPLATE_CACHE.texts) + len(TEMPLATE_CACHE.files)


def export_cache() -> bytes:
    """Return all compiled templates, for another process of the same Python."""
    return marshal.dumps((TEMPLATE_CACHE.texts, TEMPLATE_CACHE.files))


def import_cache(data: bytes) -> None:
    """Add templates that another process compiled."""
    texts, files = marshal.loads(data)
    TEMPLATE_CACHE.texts.update(texts)
    TEMPLATE_CACHE.files.update(files)


class SandboxEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, in which a row's own keys take precedence over attributes of `dict`."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return a product or power, unless its size exceeds the limit."""
        sizes = [len(v) if hasattr(v, "__len__") else abs(v) for v in (left, right)]
        counted = operator == "*" and any(hasattr(value, "__len__") for value in (left, right))
        if (counted and math.prod(sizes) > MAX_RANGE) or (operator == "**" and max(sizes) > 1000):
            raise OverflowError(f"what {operator} makes is too large")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return `obj.attribute` in a template."""
        if isinstance(obj, SourcedDict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def find(table: Sequence[SourcedDict], key: str) -> SourcedDict:
    """Return the row of `table` with the id `key`."""
    for row in table:
        if str(row.get("id")) == str(key):
            return row
    known = [str(row.get("id")) for row in table]
    place = key.source if isinstance(key, SourcedStr) else Source()
    raise error(
        f"no row has the id {str(key)!r}",
        at=place,
        hint=suggest(str(key), known),
        code="unknown-row",
    )


def cell(text: Any) -> Any:
    """Return words that fit a table's cell: on one line, with bars escaped."""
    if isinstance(text, (list, tuple)):
        text = ", ".join(str(item) for item in text)
    safe = re.sub(r"(?<!\\)\|", r"\\|", " ".join(str(text).split()))
    return SourcedStr(safe, text.source) if isinstance(text, SourcedStr) else safe
