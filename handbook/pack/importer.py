"""Make a pack of Markdown that exists: `handbook new --from`.

Pages are copied; what their tool adds to Markdown is rewritten in GitHub's dialect.  handbook.yaml,
a cover and a contents list are new.  The pack takes no braces for templates, and only warns of
broken links.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Sequence

from ..core.diagnostics import HandbookError
from ..core.files import CONFIG, read_bytes
from ..core.i18n import Translations, language_error, translations_for
from ..core.images import PICTURES
from ..core.yaml_source import parse_yaml
from .importers import read_source
from .importers.language import language_of
from .importers.links import Linker
from .importers.model import CHAPTERS, Book, Entry, Page
from .importers.sources import front_matter, words
from .page_titles import has_sections, take_title, without_badges

_COVER = """---
title: Cover
matter: front
layout: cover
listed: false
dialect: handbook
templates: true
---

## {{ book.title }} {#cover-title}

EDITION
{.edition}
"""
_CONTENTS = """---
matter: front
layout: contents
listed: false
dialect: handbook
---

::contents
"""
_LINKS = """---
title: TITLE
matter: back
depth: 1
dialect: handbook
---

WORDS

::links
"""


def imported_files(book: Book, title: str = "") -> dict[str, bytes]:
    """Return the files of the pack by their path; `title` comes before the one that was found."""
    linker = Linker(book)
    texts = {page.name: _page_text(page, book, linker) for page in book.pages()}
    for path in book.sources.walk(book.folder):
        if path.suffix.casefold() in PICTURES and book.sources.file(path):
            linker.name_of(path)
    files = {f"{CHAPTERS}/{name}": text.encode() for name, text in texts.items()}
    for name, path in linker.pictures.items():
        files.setdefault(f"{CHAPTERS}/{name}", read_bytes(path, "picture_bytes"))
    linked = any("://" in take_title(text)[1] for text in texts.values())
    files.update(_kept_pictures(book))
    language = _language(book, texts)
    config = _config(book, title or without_badges(book.title), language, linked)
    generated = {CONFIG: config, **_own_pages(translations_for(language or "en"), linked)}
    return {**{name: text.encode() for name, text in generated.items()}, **files}


def _own_pages(words: Translations, linked: bool) -> dict[str, str]:
    """Return the pages that every book has, in its language."""
    edition = words.gettext("Edition of {date}", date="{{ day(edition.date) }}")
    pages = {"cover.md": _COVER.replace("EDITION", edition), "contents.md": _CONTENTS}
    if linked:
        title = words.gettext("Web addresses")
        lead = words.gettext("The small numbers after links in the text lead here.")
        pages["links.md"] = _LINKS.replace("TITLE", title).replace("WORDS", lead)
    return pages


def _kept_pictures(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures that are inside of notebooks, next to their pages."""
    for page in book.pages():
        if notebook := book.sources.notebook(page.path):
            book.report.changed.update(notebook.changed)
            folder = posixpath.join(CHAPTERS, posixpath.dirname(page.name))
            yield from ((posixpath.join(folder, n), data) for n, data in notebook.pictures.items())


def _page_text(page: Page, book: Book, linker: Linker) -> str:
    """Return a page in GitHub's dialect, with front matter that can be read."""
    text = book.sources.text(page.path).replace("\0", "")
    for rewrite in book.rewrites:
        text = rewrite(text, page, book)
    front, end = front_matter(text)
    opening = _readable_front(text[:end], front, page)
    depth = page.depth
    if not depth and has_sections(take_title(text[end:], words(front.get("title")))[1]):
        # The contents go as deep as in a page whose title is of the first level.
        depth = 3
    if depth and "depth" not in front:
        rest = opening[4:] if opening else "---\n"
        opening = f"---\ndepth: {depth}\n{rest}"
    return opening + linker.rewrite(text[end:], page)


def _readable_front(written: str, front: dict[str, object], page: Page) -> str:
    """Return front matter as it is written, or its title alone if it is not plain YAML."""
    if not written:
        return ""
    body = "\n".join(written.rstrip("\n").split("\n")[1:-1])
    try:
        if written.startswith("---\n") and written.rstrip().endswith("---"):
            parse_yaml(body, page.name, 1)
            return written
    except HandbookError:
        pass
    title = front.get("title")
    lines = [f"title: {json.dumps(title, ensure_ascii=False)}"] if isinstance(title, str) else []
    count = max(0, written.count("\n") - 2 - len(lines))
    return "\n".join(["---", *lines, *["#"] * count, "---", ""])


def _language(book: Book, texts: dict[str, str]) -> str:
    """Return the language that the site says, or the one that its text is in."""
    language = book.about.pop("language", "").replace("_", "-").split(".")[0]
    if language and not language_error(language):
        return language
    detected = language_of(list(texts.values()))
    if detected and not language_error(detected) and detected != "en":
        return detected
    return ""


# ------------------------------------------------------------------------ handbook.yaml


def _config(book: Book, title: str, language: str, linked: bool) -> str:
    lines = [f"# Made of {book.kind}; its pages are in {CHAPTERS}/.", f"title: {_quoted(title)}"]
    about = {**book.about, **({"language": language} if language else {})}
    lines += [f"{key}: {_quoted(value)}" for key, value in about.items()]
    lines += [
        "",
        "# How the chapters are written: in GitHub's Markdown, with braces that are text, and with",
        "# links and pictures of which some may lead nowhere: they are warnings, not errors.",
        "dialect: gfm",
        "templates: false",
        "lenient: true",
        "",
        "chapters:",
        "  - cover.md",
        "  - contents.md",
        *_listed(book.entries, 1),
        *(["  - links.md"] if linked else []),
    ]
    return "\n".join(lines) + "\n"


def _listed(entries: Sequence[Entry], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for entry in entries:
        page = entry if isinstance(entry, Page) else entry.page
        file = _quoted(f"{CHAPTERS}/{page.name}") if page else ""
        if page and isinstance(entry, Page):
            if page.title and not page.numbered:
                yield f"{pad}- {_quoted(page.title)}: {{file: {file}, numbered: false}}"
            elif page.title:
                yield f"{pad}- {_quoted(page.title)}: {file}"
            else:
                yield f"{pad}- {file}"
            continue
        yield f"{pad}- {_quoted(entry.title or '…')}:"
        inner = depth + 2
        if page:
            yield f"{pad}    file: {file}"
            if not page.numbered:
                yield f"{pad}    numbered: false"
            yield f"{pad}    chapters:"
            inner = depth + 3
        yield from _listed([] if isinstance(entry, Page) else entry.entries, inner)


def _quoted(words: str) -> str:
    """Return words as YAML has them: a JSON string is one in any case."""
    plain = re.fullmatch(r"[A-Za-z][\w./ -]*[\w.]", words)
    if plain and words.casefold() not in ("true", "false", "yes", "no", "on", "off", "null"):
        return words
    return json.dumps(words, ensure_ascii=False)


# ------------------------------------------------------------------------------- report


def report_lines(book: Book) -> Iterator[str]:
    """Yield what became of the sources: what was left out and why, what was not understood."""
    report = book.report
    # What other pages include is in the book.
    included = {line.rpartition(" in ")[0] for line in report.included}
    for why, names in report.left_out.items():
        if names := [name for name in names if name not in included]:
            yield f"Left out, {why}: {_some(names)}"
    if report.included:
        yield f"Includes followed: {len(report.included)}"
    for what, count in report.changed.items():
        yield f"{what[0].upper()}{what[1:]}: {count}"
    if book.sources.recoded:
        yield f"Not UTF-8, read as Windows-1252: {_some(book.sources.recoded)}"
    for kind, places in report.unknown.items():
        yield f"Not understood, {kind}: {_some(places)}"


def _some(names: Sequence[str]) -> str:
    few = ", ".join(dict.fromkeys(names[:3]))
    return f"{len(names)} ({few}{' …' if len(names) > 3 else ''})"


__all__ = ["imported_files", "read_source", "report_lines"]
