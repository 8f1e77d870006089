"""Set up the sandbox for templates, and cache compiled ones."""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2

from ..core.diagnostics import Source, error, suggest
from ..core.files import pack_roots
from ..core.yaml_source import SourcedDict, SourcedStr
from ..pack.model import Pack

TEMPLATES = "templates"
# This many times the templates in use are kept.
SPARE = 3


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
        self._used: set[str] = set()

    def code(self, text: str, compiled: Callable[[str], CodeType]) -> CodeType:
        """Return a chapter's template, compiled now if it has not been before."""
        self._used.add(text)
        code = self.texts.get(text)
        if code is None:
            code = self.texts[text] = compiled(text)
        return code

    def load_bytecode(self, bucket: Any) -> None:
        """Fill `bucket` if its template has been compiled before."""
        self._used.add(bucket.key + bucket.checksum)
        data = self.files.get(bucket.key + bucket.checksum)
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Any) -> None:
        """Store a compiled template."""
        self.files[bucket.key + bucket.checksum] = bucket.bytecode_to_string()

    def export(self) -> bytes:
        """Return all compiled templates, for another process of the same Python.

        Texts that were edited since are left out when they are more than those in use.
        """
        if len(self.texts) + len(self.files) > SPARE * len(self._used):
            self.texts = {key: code for key, code in self.texts.items() if key in self._used}
            self.files = {key: code for key, code in self.files.items() if key in self._used}
        return marshal.dumps((self.texts, self.files))

    def load(self, value: bytes) -> None:
        """Know what another process compiled."""
        texts, files = marshal.loads(value)
        self.texts.update(texts)
        self.files.update(files)
        self.loaded = len(self.texts) + len(self.files)

    def known(self) -> set[str]:
        """Return the keys of all that is known, for `export_since`."""
        return {*self.texts, *self.files}

    def export_since(self, known: set[str]) -> bytes:
        """Return what was compiled since, and what was used, for `add` in another process."""
        texts = {key: code for key, code in self.texts.items() if key not in known}
        files = {key: code for key, code in self.files.items() if key not in known}
        return marshal.dumps((texts, files, self._used))

    def add(self, value: bytes) -> None:
        """Know what another process compiled in the meantime."""
        texts, files, used = marshal.loads(value)
        self.texts.update(texts)
        self.files.update(files)
        self._used |= used

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
