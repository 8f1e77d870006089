"""Report what a theme adds and no page of a pack asks for: text styles and kinds of boxes.

Blocks ask for them by a class (`{.shout}`) or a name (`::: recipe`), so a theme alone cannot say
whether they are in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from ..core.diagnostics import Diagnostic, HandbookError, suggest
from ..core.files import files_below, pack_roots, read_bytes
from ..core.resources import THEMES
from ..theme.loader import load_theme
from ..theme.theme import Theme
from .model import Pack

_READ = (".md", ".j2", ".jinja", ".html", ".yaml", ".yml", ".csv")
_ASKED = {
    "text": r"\.{0}(?![\w-])|class\s*=\s*[\"'][^\"'\n]*(?<![\w-]){0}(?![\w-])",
    "box": r"(?:[:/]{{3,}}|!!!|\?\?\?\+?)[ \t]*{0}(?![\w-])|\[!{0}[\]|]|\.{0}(?![\w-])",
}


def unused_styles(theme: Theme, pack: Pack) -> Iterator[Diagnostic]:
    """Yield an error for each text style and kind of box that neither theme nor pack asks for."""
    added = list(_added(theme))
    if not added:
        return
    text = "\n".join(_texts(pack))
    for group, name in added:
        if re.search(_ASKED[group].format(re.escape(name)), text, re.I):
            continue
        what = "text style" if group == "text" else "kind of box"
        known = {key.split(".")[1] for key in load_theme().tokens if key.startswith(f"{group}.")}
        message = f"nothing asks for the {what} {name!r}"
        at = theme.at(f"{group}.{name}")
        yield Diagnostic.at(at, message, suggest(name, known), "theme-token")


def check_styles(theme: Theme, pack: Pack) -> None:
    """Raise HandbookError for what `unused_styles` finds."""
    if errors := list(unused_styles(theme, pack)):
        raise HandbookError(*errors)


def _added(theme: Theme) -> Iterator[tuple[str, str]]:
    """Yield the text styles and the kinds of boxes that no shipped theme has."""
    if not theme.places or theme.file.startswith(str(THEMES)):
        return
    usual = load_theme()
    like = {theme.text(key) for key in theme.tokens if key.endswith(".like")}
    for key in theme.tokens:
        group, _, rest = key.partition(".")
        name, _, leaf = rest.partition(".")
        if group in _ASKED and leaf and not usual.has(f"{group}.{name}") and name not in like:
            like.add(name)
            yield group, name


def _texts(pack: Pack) -> Iterator[str]:
    yield from (chapter.text for chapter in pack.chapters)
    for folder in pack_roots(pack.folder):
        for path in files_below(folder):
            if path.suffix.casefold() in _READ:
                with suppress(HandbookError, OSError):
                    yield read_bytes(path, "text_bytes").decode("utf-8", "replace")
