"""Read front matter and file names of Markdown that was written for another tool."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..core.yaml_source import SourcedDict
from .schema import FRONT_MATTER, LAYOUTS, MATTERS

# Keys of other tools (MkDocs, Jekyll, Docusaurus, VitePress, Hugo …) that do not concern print.
_ELSEWHERE = """
aliases authors canonical_url categories category collection comments cover custom_edit_url date
draft edit_url excerpt grand_parent has_children head hero hide hide_table_of_contents hide_title
icon image lastmod last_update layout link menu nav nav_exclude nav_order navigation next outline
pagination_label pagination_next pagination_prev parent permalink prev published redirect_from
search section sidebar sidebar_class_name sidebar_custom_props sidebar_label sidebar_position
sidebar_title site_description slug social status summary tag tags template theme toc
toc_max_heading_level toc_min_heading_level type unlisted updated url version weight wip
ancestor editable engine execute format freeze jupytext kernelspec listing menu_name myst order
"""
KNOWN_ELSEWHERE = frozenset(_ELSEWHERE.split())
_META = re.compile(r"(?i)title:[ \t]*\S")
_META_LINE = re.compile(r"([A-Za-z0-9_-]+):[ \t]*(.*)$|[ ]{4,}(.+)$")


def chapter_id(path: Path, folder: Path) -> str:
    """Return an id of the file's place in the pack, as many files are called index.md."""
    parts = path.relative_to(folder).with_suffix("").parts
    words = "-".join(parts).casefold()
    return re.sub(r"[^\w.-]+", "-", words).strip("-") or "chapter"


def words_of(path: Path) -> str:
    """Return a title made of a file's name, or of its folder's where the name says nothing."""
    stem = path.stem
    if stem.casefold() in ("index", "readme", "_index"):
        stem = path.parent.name or stem
    words = re.sub(r"^\d+[-_. ]+", "", stem).replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] or path.stem


def metadata(text: str) -> tuple[dict[str, str], int]:
    """Return the `Title: words` lines that open a file (as in MultiMarkdown), and their count."""
    if not _META.match(text):
        return {}, 0
    fields: dict[str, str] = {}
    key = ""
    lines = text.split("\n")
    for count, line in enumerate(lines):
        match = _META_LINE.match(line)
        if not match or (match[3] and not key):
            return fields, count
        if match[1]:
            key = match[1].casefold()
            fields[key] = match[2].strip()
        else:
            fields[key] = f"{fields[key]} {match[3].strip()}".strip()
    return fields, len(lines)


def understood(front: SourcedDict) -> tuple[SourcedDict, list[str]]:
    """Return what of foreign front matter has the same meaning here, and the unknown keys."""
    meant: dict[str, Any] = {
        "matter": MATTERS, "layout": LAYOUTS, "listed": (True, False), "depth": range(1, 7),
    }  # fmt: skip
    kept = {
        key: value
        for key, value in front.items()
        if key in ("short_title", "title") or (key in meant and value in meant[key])
    }
    known = KNOWN_ELSEWHERE | set(FRONT_MATTER["properties"])
    return SourcedDict(kept, front.source, front.lines), [
        key for key in front if str(key) not in known
    ]
