"""Set up the sandbox for templates, and cache compiled ones."""

from __future__ import annotations

import marshal
import re
from collections.abc import Sequence
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2

from ..core.diagnostics import Source, error, suggest
from ..core.files import pack_roots
from ..core.yaml_source import SourcedDict, SourcedStr
from ..pack.model import Pack

TEMPLATES = "templates"


def template_folders(pack: Pack) -> list[Path]:
    """Return the folders of templates: in the pack, next to it, packaged."""
    _, *beside = pack_roots(pack.folder)
    return [folder for folder in (pack.folder / TEMPLATES, *beside) if folder.is_dir()]


class TemplateCache(jinja2.BytecodeCache):
    """Compiled templates of this process; they do not depend on a selection."""

    def __init__(self) -> None:
        self.texts: dict[str, CodeType] = {}
        self.files: dict[str, bytes] = {}
        self.loaded = 0

    def load_bytecode(self, bucket: Any) -> None:
        """Fill `bucket` if its template has been compiled before."""
        data = self.files.get(bucket.key + bucket.checksum)
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Any) -> None:
        """Store a compiled template."""
        self.files[bucket.key + bucket.checksum] = bucket.bytecode_to_string()

    def export(self) -> bytes:
        """Return all compiled templates, for another process of the same Python."""
        return marshal.dumps((self.texts, self.files))

    def load(self, value: bytes) -> None:
        """Know what another process compiled."""
        texts, files = marshal.loads(value)
        self.texts.update(texts)
        self.files.update(files)
        self.loaded = len(self.texts) + len(self.files)

    def is_changed(self) -> bool:
        """Return whether a template was compiled since `load`."""
        return len(self.texts) + len(self.files) > self.loaded


TEMPLATE_CACHE = TemplateCache()


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
