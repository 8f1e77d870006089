"""Let the links and pictures of a page lead to files of the pack."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from ...core.files import first_bytes
from ...core.images import PICTURES
from .model import NOTEBOOKS_TOO, Book, Page, link_between
from .rewriting import outside_code
from .sources import words

_TARGET = re.compile(
    r"(?P<before>\]\(\s*<?)(?P<inline>[^()<>\s]+(?:\([^()\s]*\)[^()<>\s]*)*)(?P<after>>?[^()\n]*\))"
    r"|(?P<open>\]\(\s*<)(?P<angled>[^<>\n]+)(?P<close>>[^()\n]*\))"
    r"|(?P<label>^[ ]{0,3}\[[^\]\n]+\]:[ \t]*<?)(?P<reference>[^<>\s]+)"
    r"|(?P<attribute>\b(?:src|href)\s*=\s*[\"'])(?P<value>[^\"'\n]+)(?=[\"'])",
    re.MULTILINE,
)
_BEGINNINGS = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"<svg": ".svg"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\{")


def _is_hidden(match: re.Match[str]) -> bool:
    """Return whether a link is in a comment of HTML."""
    begin = match.string.rfind("<!--", 0, match.start())
    return begin > match.string.rfind("-->", 0, match.start())


class Linker:
    """Rewrites addresses, and collects the pictures that pages show."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.by_path: Mapping[Path, Page] = {page.path: page for page in book.pages()}
        # Pages by their paths and addresses, in small letters.
        self._folded: dict[str, dict[Path, Page]] = {}
        paths = ((str(page.path.with_suffix("")), page) for page in book.pages())
        for name, page in (*paths, *book.addresses.items()):
            self._folded.setdefault(name.casefold(), {})[page.path] = page
        self._lacking: set[tuple[str, str]] = set()
        self.pictures: dict[str, Path] = {}
        self._names: dict[Path, str] = {}

    def rewrite(self, text: str, page: Page) -> str:
        """Return a page with its addresses as they are in the pack."""
        return outside_code(
            text, lambda piece: _TARGET.sub(lambda match: self._match(match, page), piece)
        )

    def _match(self, match: re.Match[str], page: Page) -> str:
        before, target, after = _parts(match)
        address = self._address(target, page)
        if address == target:
            self._report_lack(match, target, page)
        return before + address + after

    def _report_lack(self, match: re.Match[str], target: str, page: Page) -> None:
        """Report a picture that is not there, and a file that is not taken into the pack."""
        name = unquote(target.partition("#")[0].split("?")[0])
        if not name or _SCHEME.match(target) or len(target) > 1000 or len(self._lacking) > 1000:
            return
        report, sources = self.book.report, self.book.sources
        file = sources.file(page.path.parent / name)
        suffix = Path(name if file is None else file).suffix.casefold()
        missing = file is None and suffix in PICTURES
        taken = file in self.by_path or suffix in (*PICTURES, *NOTEBOOKS_TOO)
        if (page.name, name) in self._lacking or not (missing or (file and not taken)):
            return
        if not _is_hidden(match):
            self._lacking.add((page.name, name))
            if file is None:
                report.miss("pictures whose file is not there", f"{page.name}: {name}")
            else:
                report.leave_out("files that links lead to", sources.relative(file))

    def _address(self, target: str, page: Page) -> str:
        site = target.replace("@site/", "/") if target.startswith("@site/") else target
        if _SCHEME.match(site) or len(site) > 1000:
            return target
        path, mark, place = site.partition("#")
        name = unquote(path.split("?")[0])
        if Path(name).suffix.casefold() in PICTURES:
            return self._picture(name, page) or target
        if not Path(name).suffix and (file := self.book.sources.file(page.path.parent / name)):
            ending = _picture_kind(file)
            return link_between(page, self.name_of(file, ending)) if ending else target
        target_page = self._page(name, page)
        return (
            target if target_page is None else link_between(page, target_page.name) + mark + place
        )

    def _page(self, name: str, page: Page) -> Page | None:
        """Return the page that an address means: by file, by address on the site."""
        sources = self.book.sources
        stem = re.sub(r"\.(?:html?|md|mdx|qmd|ipynb)$", "", name)
        if re.search(r"(?:^|/)index$", stem) and stem != name:
            # A site has the README of a folder, too, as its index.
            stem = stem[: -len("index")]
        bases = (
            [page.path.parent, *self.book.link_roots]
            if not name.startswith("/")
            else [self.book.folder, *self.book.static, sources.root]
        )
        for base in bases:
            for ending in (
                "",
                *NOTEBOOKS_TOO,
                "/index.md",
                "/README.md",
                "/index.mdx",
                "/index.qmd",
                "/_index.md",
            ):
                plain = stem if ending else name
                file = sources.file(
                    base
                    / (
                        plain.strip("/") + ending
                        if name.startswith("/")
                        else plain.rstrip("/") + ending
                    )
                )
                if file in self.by_path and file is not None:
                    target_page = self.by_path[file]
                    same = not ending and target_page.name.endswith(Path(name).name)
                    return (
                        None
                        if same and not name.startswith("/") and _kept(name, page, target_page)
                        else target_page
                    )
        addresses = self.book.addresses
        for key in (
            name.strip("/"),
            stem.strip("/"),
            stem.strip("/").rpartition("/")[2] if not name.startswith("/") else "",
        ):
            key = key.removesuffix("/index").removeprefix("./")
            while key.startswith("../"):
                key = key[3:]
            if key and key in addresses:
                return addresses[key]
        return self._in_any_case(stem, bases)

    def _in_any_case(self, stem: str, bases: Sequence[Path]) -> Page | None:
        """Return the one page whose name or address differs in case alone: many servers take both."""
        for base in bases:
            place = os.path.normpath(base / stem.strip("/"))
            address = os.path.relpath(place, self.book.folder)
            for key in (place, address, f"{words(self.book.settings.get('base'))}/{address}"):
                if len(pages := self._folded.get(key.casefold(), {})) == 1:
                    return next(iter(pages.values()))
        return None

    def _picture(self, name: str, page: Page) -> str:
        bases = [page.path.parent]
        if name.startswith("/") or not self.book.sources.file(page.path.parent / name):
            bases += [*self.book.static, self.book.folder, self.book.sources.root]
        for base in bases:
            file = self.book.sources.file(base / name.lstrip("/"))
            if file is None and "/static/" in name:
                file = self.book.sources.file(base / name.lstrip("/").removeprefix("static/"))
            if file is not None:
                return link_between(page, self.name_of(file))
        return ""

    def name_of(self, path: Path, ending: str = "") -> str:
        """Return the place of a picture in the pack, and note that it is needed.

        `ending` is what its name lacks.
        """
        path = path.resolve()
        if path not in self._names:
            folder = self.book.folder.resolve()
            base = folder if path.is_relative_to(folder) else self.book.sources.root
            parts = [part.lstrip(".") or "_" for part in path.relative_to(base).parts]
            name = "/".join(parts) + ending
            if name in self.pictures:
                name = f"from-root/{name}"
            self._names[path] = name
            self.pictures[name] = path
        return self._names[path]


def moved_links(text: str, start: Path, end: Path) -> str:
    """Return text of a file in the folder `start` with addresses as they are seen from `end`."""

    def moved(match: re.Match[str]) -> str:
        before, target, after = _parts(match)
        if not _SCHEME.match(target) and not target.startswith("/") and len(target) <= 1000:
            path, mark, place = target.partition("#")
            if path:
                target = Path(os.path.relpath(start / path, end)).as_posix() + mark + place
        return before + target + after

    return outside_code(text, lambda piece: _TARGET.sub(moved, piece))


def _picture_kind(path: Path) -> str:
    """Return how the name of a picture should end, by how its bytes begin; empty for others."""
    begin = first_bytes(path, 12)
    if begin[:4] == b"RIFF" and begin[8:] == b"WEBP":
        return ".webp"
    return next((ending for mark, ending in _BEGINNINGS.items() if begin.startswith(mark)), "")


def _parts(match: re.Match[str]) -> tuple[str, str, str]:
    """Return what comes before an address, the address, and what comes after it."""
    before = match["before"] or match["open"] or match["label"] or match["attribute"]
    target = match["inline"] or match["angled"] or match["reference"] or match["value"]
    return before, target, match["after"] or match["close"] or ""


def _kept(name: str, page: Page, target_page: Page) -> bool:
    """Return whether an address leads to the same page in the pack as it is."""
    return unquote(link_between(page, target_page.name)) == name.removeprefix("./")
