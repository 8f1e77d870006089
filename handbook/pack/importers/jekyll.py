"""Read a Jekyll site: _config.yml, front matter, Liquid, kramdown's attributes."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .emoji import emoji_names
from .includes import DEEPEST, note_include
from .jekyll_lists import site_entries
from .kramdown import read_kramdown
from .liquid import evaluator, replace_blocks, site_data
from .model import PAGES, Book, Page, link_between
from .pages import FIRST, PageFinder, is_draft, named_title, natural
from .rewriting import (
    attributes_of,
    bars_in_tables,
    code_ranges,
    outside_code,
    whole_tables,
)
from .sources import Sources, front_matter, read_mapping, table, words

_RAW = re.compile(
    r"\{%-?\s*raw\s*-?%\}((?:[^{]|\{(?!%-?\s*raw\b))*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL
)
_COMMENT = re.compile(
    r"\{%-?\s*comment\s*-?%\}(?:[^{]|\{(?!%-?\s*comment\b))*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL
)
_HIGHLIGHT = re.compile(
    r"^([ \t]*)\{%-?\s*highlight\s+([\w+#-]+)[^%]*%\}((?:[^{]|\{(?!%-?\s*highlight\b))*?)\{%-?\s*endhighlight\s*-?%\}",
    re.DOTALL | re.MULTILINE,
)
_TAG = re.compile(r"\{%-?\s*(\w+)((?:[^%{]|%(?!\})|\{(?!%))*?)-?%\}")
_VALUE = re.compile(r"\{\{-?((?:[^{}]|\}(?!\}))*)\}\}")
# Shortcodes of Hugo: no tag is in them.
_SHORTCODE = re.compile(r"\{\{%[^{}\n]*%\}\}|\{\{<[^{}\n]*>\}\}")
_CAPTURE = re.compile(
    r"\{%-?\s*capture\s+[\"']?([\w-]+)[\"']?\s*-?%\}(.*)\{%-?\s*endcapture\s*-?%\}\Z", re.DOTALL
)
_ASSIGN = re.compile(r"\s*(\w+)\s*=\s*(.+?)\s*$")
_NOT_LIQUID = ("link", "post_url", "include", "include_relative", "include_cached")
_BRACES = re.compile(r"(?<![\\{])\{(?=[{%])")
_MARK = "\x02{}\x02"


def is_jekyll(root: Path) -> bool:
    """Return whether the folder has a _config.yml that is not one of Sphinx (Jupyter Book)."""
    return (root / "_config.yml").is_file() and not (root / "_toc.yml").is_file()


def read_jekyll(sources: Sources, root: Path) -> Book:
    """Return the site.  Raises HandbookError if its configuration is malformed."""
    config = read_mapping(root / "_config.yml")
    named = words(config.get("source"))
    folder = sources.folder(root / named) if named not in ("", ".", "./") else sources.root
    folder = folder or sources.root
    book = Book("a Jekyll site", "", sources, folder, [], settings=config)
    finder = PageFinder(book)
    pages = list(_site_pages(finder, folder, config))
    for page in pages:
        page.title = page.title or words(page.front.get("title"))
        _register_addresses(book, page, folder, config)
    book.entries = site_entries(book, pages, folder)
    book.title = words(config.get("title") or config.get("name")) or named_title(
        sources, root, pages[0].path if pages else None
    )
    about = {
        "description": config.get("description") or config.get("tagline"),
        "author": table(config.get("author")).get("name") or config.get("author"),
        "language": config.get("lang") or config.get("locale"),
    }
    book.about = {key: words(value) for key, value in about.items() if words(value)}
    book.static = (folder,)
    book.rewrites = (_liquid, whole_tables, bars_in_tables, read_kramdown, emoji_names)
    return book


def _site_pages(finder: PageFinder, folder: Path, config: dict[str, Any]) -> Iterator[Page]:
    report, sources = finder.book.report, finder.book.sources
    excluded = [one.strip("/") for one in _names(config.get("exclude"))]
    collections = config.get("collections")
    collected = (
        {f"_{name}" for name in collections} if isinstance(collections, (dict, list)) else set()
    )
    included = {one.strip("/") for one in _names(config.get("include"))}
    paths = [path for path in sources.walk(folder) if path.suffix.casefold() in PAGES]
    for path in sorted(paths, key=lambda each: _path_key(each, folder)):
        relative = path.relative_to(folder)
        why = ""
        hidden = [part for part in relative.parts if part.startswith("_") and part not in included]
        if any(
            relative.as_posix() == one
            or relative.as_posix().startswith(f"{one}/")
            or relative.match(one)
            for one in excluded
            if one
        ):
            why = "excluded by _config.yml"
        elif "_posts" in hidden:
            why = "posts of a blog"
        elif [part for part in hidden if part not in collected]:
            why = "folders and files with _"
        elif path.name in ("README.md", "LICENSE.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md"):
            text = sources.text(path)
            has_index = any((path.parent / name).is_file() for name in ("index.md", "index.html"))
            why = "" if front_matter(text)[1] or not has_index else "no front matter"
        if not why and (page := finder.page(path)):
            if is_draft(dict(page.front)):
                report.leave_out("drafts", sources.relative(path))
            elif _redirects(page):
                report.leave_out("pages that lead to others", sources.relative(path))
            else:
                yield page
        elif why:
            report.leave_out(why, sources.relative(path))

    for path in sources.walk(folder):
        inside = not any(part.startswith("_") for part in path.relative_to(folder).parts)
        if path.suffix == ".html" and inside and front_matter(sources.text(path))[1]:
            report.leave_out("pages in HTML", sources.relative(path))


def _names(names: Any) -> list[str]:
    return [words(one) for one in names] if isinstance(names, list) else []


def _redirects(page: Page) -> bool:
    """Return whether a page only sends readers to another."""
    return bool(page.front.get("redirect_to")) or page.front.get("layout") == "redirect"


def _path_key(path: Path, folder: Path) -> tuple[Any, ...]:
    parts = path.relative_to(folder).parts
    first = 0 if path.stem.casefold() in FIRST else 1
    return len(parts) > 1, [natural(part) for part in parts[:-1]], first, natural(path.stem)


def _register_addresses(book: Book, page: Page, folder: Path, config: dict[str, Any]) -> None:
    relative = (
        page.path.relative_to(folder) if page.path.is_relative_to(folder) else Path(page.name)
    )
    address = relative.with_suffix("").as_posix()
    if address.split("/")[-1] == "index":
        address = address.rpartition("/")[0]
    base = words(config.get("baseurl")).strip("/")
    before = page.front.get("redirect_from")
    names = {address, words(page.front.get("permalink")).strip("/")}
    names |= {one.strip("/") for one in (_names(before) or [words(before)])}
    if relative.parts[0].startswith("_"):
        names.add(address[1:])
    # The first page of the site is at "/".
    for name in [name for name in names if name or not address]:
        book.addresses.setdefault(name, page)
        if base:
            book.addresses.setdefault(f"{base}/{name}", page)


# ------------------------------------------------------------------------------- Liquid


def _liquid(text: str, page: Page, book: Book) -> str:
    """Resolve what Liquid can say from the site's files; leave out its other tags."""
    end = front_matter(text)[1]
    kept: list[str] = []

    def keep(literal: str) -> str:
        kept.append(literal)
        return _MARK.format(len(kept) - 1)

    reader = _Liquid(page, book, keep)
    body = reader.rewrite(text[end:], {}, 0)
    # What is kept may have marks in it: raw text in highlighted code.
    for _ in range(DEEPEST):
        body = re.sub(r"\x02(\d+)\x02", lambda match: kept[int(match[1])], body)
    return text[:end] + body


def _raw(match: re.Match[str], code: Sequence[tuple[int, int]]) -> str:
    """Return raw text; outside of code its braces are marked as text."""
    if any(start <= match.start() < end for start, end in code):
        return match[1]
    return outside_code(match[1], lambda piece: _BRACES.sub(r"\\\g<0>", piece))


def _code_in_html(text: str) -> str:
    """Return Markdown of several lines as it may be in HTML: a block of code as an element."""
    lines = textwrap.dedent(text).strip("\n").split("\n")
    fence = re.match(r"`{3,}|~{3,}", lines[0])
    if fence and len(lines) > 1 and lines[-1].strip() == fence[0]:
        return f"<pre><code>{html.escape(chr(10).join(lines[1:-1]), quote=False)}</code></pre>"
    return "\n\n" + "\n".join(lines) + "\n\n"


class _Liquid:
    def __init__(self, page: Page, book: Book, keep: Callable[[str], str]) -> None:
        self.page = page
        self.book = book
        self.keep = keep
        self.names: dict[str, str] = {}

    def rewrite(self, text: str, include: dict[str, str], depth: int) -> str:
        """Return text without tags and values; `include` are the parameters of an include."""
        if "{%" not in text and "{{" not in text:
            return text
        text = _COMMENT.sub("", text)
        # What is raw inside of highlighted code is code.
        code = [*code_ranges(text), *(match.span() for match in _HIGHLIGHT.finditer(text))]
        text = _RAW.sub(lambda match: self.keep(_raw(match, code)), text)
        text = _HIGHLIGHT.sub(self._highlighted, text)
        text = _SHORTCODE.sub(lambda match: self._shortcode(match, text), text)
        text = replace_blocks(text, lambda block, above: self._block(block, above, include, depth))
        text = _TAG.sub(lambda match: self._tag(match, text, include, depth), text)
        return _VALUE.sub(lambda match: self._value(match, text, include), text)

    def _highlighted(self, match: re.Match[str]) -> str:
        """Return highlighted code as a fenced block; its fence is longer than any in it."""
        first, end, rest = match[3].rstrip(" \t").removesuffix("\n").partition("\n")
        code = rest if not first.strip() else first.lstrip(" \t") + end + rest
        fence = "`" * (max((len(one) for one in re.findall("`{3,}", code)), default=2) + 1)
        return f"{match[1]}{fence}{match[2]}\n{self.keep(code)}\n{match[1]}{fence}"

    def _shortcode(self, match: re.Match[str], text: str) -> str:
        """Keep what Liquid does not know; reading reports it as text that is not understood."""
        where = self.book.where(self.page, text, match.start())
        self.book.report.miss("shortcodes, which are printed as text", where)
        return self.keep(match[0])

    def _block(self, block: str, above: str, include: dict[str, str], depth: int) -> str:
        """Return what a loop or condition prints; the block itself if it cannot be evaluated."""
        if depth > DEEPEST:
            return block
        captured = _CAPTURE.match(block)
        if captured:
            self.names[captured[1]] = self._block(captured[2], above, include, depth + 1)
            return ""
        inner = _TAG.sub(
            lambda match: (
                self._tag(match, block, include, depth) if match[1] in _NOT_LIQUID else match[0]
            ),
            block,
        )
        if "evaluate" not in self.book.__dict__:
            self.book.__dict__["evaluate"] = evaluator()
        context = {
            **self.names,
            "site": self._site(),
            "page": self.page.front,
            "include": include,
        }
        try:
            printed, missing = self.book.__dict__["evaluate"](above + inner, context)
        except ValueError:
            return block
        for name in dict.fromkeys(missing):
            self.book.report.miss(f"{{{{ {name} }}}} of Liquid", self.page.name)
        return str(printed)

    def _site(self) -> dict[str, Any]:
        """Return the settings and the data of the site."""
        if "site" not in self.book.__dict__:
            data = site_data(self.book.sources, self.book.folder)
            self.book.__dict__["site"] = {**self.book.settings, "data": data, "baseurl": ""}
        site: dict[str, Any] = self.book.__dict__["site"]
        return site

    def _tag(self, match: re.Match[str], text: str, include: dict[str, str], depth: int) -> str:
        name, arguments = match[1], match[2].strip()
        if name in ("link", "post_url"):
            return self._link(arguments, match)
        if name in ("include", "include_relative", "include_cached"):
            return self._include(name, arguments, include, depth)
        if name == "assign" and (assignment := _ASSIGN.match(arguments)):
            self.names[assignment[1]] = self._resolved(assignment[2], include) or ""
            return ""
        if name not in ("else", "elsif", "when", "break", "continue") and name[:3] != "end":
            self.book.report.miss(
                f"{{% {name} %}} of Liquid", self.book.where(self.page, text, match.start())
            )
        return ""

    def _link(self, name: str, match: re.Match[str]) -> str:
        target = self.book.sources.file(self.book.folder / name.strip("'\"").lstrip("/"))
        for page in self.book.addresses.values():
            if target and page.path == target:
                return link_between(self.page, page.name)
        self.book.report.miss("{% link %} to no page", f"{self.page.name}: {name}")
        return f"/{name}"

    def _include(self, kind: str, arguments: str, include: dict[str, str], depth: int) -> str:
        name, _, rest = arguments.partition(" ")
        folder = (
            self.page.path.parent if kind == "include_relative" else self.book.folder / "_includes"
        )
        file = self.book.sources.file(folder / name.strip("'\"")) if depth < DEEPEST else None
        values = {
            key: self._resolved(value, include) or value
            for key, value in attributes_of(rest).items()
        }
        if file is None or (file.suffix not in PAGES and len(self.book.sources.text(file)) > 8000):
            self.book.report.miss(f"{{% include {name} %}}", self.page.name)
            return " ".join(
                self.keep(value)
                for key, value in values.items()
                if key in ("content", "text", "title", "caption", "body")
            )
        note_include(self.book, self.page, file)
        inner = self.book.sources.text(file)
        return self.rewrite(inner[front_matter(inner)[1] :], values, depth + 1).strip("\n")

    def _value(self, match: re.Match[str], text: str, include: dict[str, str]) -> str:
        value = self._resolved(match[1].removesuffix("-").strip(), include)
        if value is None:
            self.book.report.miss(
                "{{ values }} of Liquid", self.book.where(self.page, text, match.start())
            )
            return ""
        if "markdownify" in match[1] and "\n" in value.strip():
            value = _code_in_html(value)
        return self.keep(value) if value else ""

    def _resolved(self, expression: str, include: dict[str, str]) -> str | None:
        name, *filters = (part.strip() for part in expression.split("|"))
        if re.fullmatch(r"(['\"]).*\1", name):
            raw: Any = name[1:-1]
        elif name.startswith("include."):
            raw = include.get(name[8:], "")
        elif name in self.names:
            raw = self.names[name]
        else:
            raw = self._looked_up(name)
            if raw is None:
                return "" if any(f.startswith("default") for f in filters) else None
        value: str = raw if isinstance(raw, str) else words(raw)
        for one in filters:
            verb, _, rest = one.partition(":")
            first = rest.strip().strip("'\"")
            if verb == "append":
                value += self._resolved(rest.strip(), include) or first
            elif verb == "prepend":
                value = (self._resolved(rest.strip(), include) or first) + value
            elif verb in ("upcase", "downcase", "capitalize"):
                value = {"upcase": value.upper(), "downcase": value.lower()}.get(
                    verb, value.capitalize()
                )
        return value

    def _looked_up(self, name: str) -> Any:
        head, *rest = name.split(".")
        if name in ("site.baseurl", "site.url", "site.github.url"):
            return ""
        value: Any = {"site": self._site(), "page": self.page.front}.get(head)
        for part in rest:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, (str, int, float)) else None
