"""Find the pages of a book: by the names that a list has, or by walking through folders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..foreign_markdown import words_of
from ..page_titles import take_title
from .model import PAGES, Book, Entry, Group, Page
from .notebooks import NOTEBOOK
from .sources import Sources, front_matter, read_mapping, words

FIRST = ("index", "readme", "_index")
_NOT_PAGES = frozenset({"SUMMARY.md", "_sidebar.md", "_navbar.md", "_coverpage.md", "LANGS.md"})


OTHER_LANGUAGES = "pages in other languages"
NO_SUFFIXES: tuple[str, frozenset[str]] = ("", frozenset())


class PageFinder:
    """Makes pages of files, each once, and reports the ones that no list names.

    `suffixes` are those of the site's own language and of its others, as in `index.fr.md`.
    """

    def __init__(
        self,
        book: Book,
        endings: Sequence[str] = PAGES,
        suffixes: tuple[str, frozenset[str]] = NO_SUFFIXES,
    ) -> None:
        self.book = book
        self.endings = endings
        self.own_language, self.other_languages = suffixes
        self.seen: set[Path] = set()
        self.taken: set[Path] = set()
        self.names: set[str] = set()
        # Where a site has files and folders among their neighbours, by their paths.
        self.places: Mapping[str, float] = {}

    def take(self, name: str) -> Page | None:
        """Return the page of a file named from the book's folder; None if it is none, or taken."""
        if "://" in name or "\0" in name:
            return None
        wanted = self.book.folder / name.lstrip("/")
        path = self.book.sources.file(wanted)
        if self.own_language:
            localized = wanted.with_name(f"{wanted.stem}.{self.own_language}{wanted.suffix}")
            path = self.book.sources.file(localized) or path
        if path is None or path.suffix.casefold() not in self.endings:
            if name and not path:
                self.book.report.leave_out("listed, but not there", name[:200])
            return None
        if path in self.taken:
            self.book.report.leave_out("listed again, printed once", name[:200])
        return self.page(path)

    def page(self, path: Path) -> Page | None:
        """Return the page of a file, or None if it has been taken."""
        real = path.resolve()
        if real in self.seen:
            return None
        self.seen.add(real)
        if self._is_in_other_language(real):
            self.book.report.leave_out(OTHER_LANGUAGES, self.book.sources.relative(real))
            return None
        try:
            if real.suffix.casefold() == NOTEBOOK and self.book.sources.notebook(real) is None:
                self.book.report.leave_out(
                    "notebooks that cannot be read", self.book.sources.relative(real)
                )
                return None
            front, _ = front_matter(self.book.sources.text(real))
        except OSError as problem:
            name = f"{self.book.sources.relative(real)} ({problem.strerror})"
            self.book.report.leave_out("files that cannot be read", name)
            return None
        self.taken.add(real)
        return Page(real, self._name(real), front=front)

    def _is_in_other_language(self, path: Path) -> bool:
        """Return whether a file's name says that it is in another language, as `index.fr.md`."""
        _, dot, language = path.stem.rpartition(".")
        return bool(dot) and language in self.other_languages

    def skip(self, path: Path) -> None:
        """Remember a file that is not a page, such as the list of pages."""
        self.seen.add(path.resolve())

    def _name(self, path: Path) -> str:
        """Return the place of a page in the pack, where no other is."""
        sources, folder = self.book.sources, self.book.folder.resolve()
        inside = path.is_relative_to(folder)
        relative = path.relative_to(folder if inside else sources.root)
        parts = [part.lstrip(".") or "_" for part in relative.parent.parts]
        language_suffix = f".{self.own_language}" if self.own_language else ""
        stem = "/".join([*parts, relative.stem.removesuffix(language_suffix).lstrip(".") or "_"])
        name = f"{stem}.md"
        if name.casefold() in self.names:
            name = f"{stem}-{path.suffix[1:]}.md"
        while name.casefold() in self.names:
            name = f"{name[:-3]}-2.md"
        self.names.add(name.casefold())
        return name

    def leftovers(self, why: str, folder: Path | None = None) -> None:
        """Report the pages below the folder that were not taken."""
        for path in self.book.sources.walk(folder or self.book.folder):
            page = path.suffix.casefold() in self.endings and path.name not in _NOT_PAGES
            if page and path.resolve() not in self.seen:
                other = self._is_in_other_language(path)
                name = self.book.sources.relative(path)
                self.book.report.leave_out(OTHER_LANGUAGES if other else why, name)


def is_draft(front: dict[str, object]) -> bool:
    """Return whether a page says that it is not to be published."""
    return (
        front.get("draft") is True
        or front.get("published") is False
        or front.get("unlisted") is True
        or front.get("build") is False
        or front.get("publish") is False
    )


def position(front: dict[str, object]) -> float | None:
    """Return where a page says that it is among its neighbours."""
    for key in ("sidebar_position", "nav_order", "weight", "order"):
        value = front.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value.strip()):
            return float(value)
    return None


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key that orders names as people do: 2 before 10, and figures before letters."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(0, int(p), "") if p.isdecimal() and len(p) < 20 else (1, 0, p) for p in parts]


def folder_entries(
    finder: PageFinder,
    folder: Path,
    hidden: Sequence[str] = (),
    depth: int = 0,
    vault: bool = False,
) -> list[Entry]:
    """Return the pages of a folder in order, and its folders as groups.

    The first page is index or README; then positions that pages give, then numbers and names.
    In a vault folders come first, each by its own name, and no note is before the others.
    """
    if depth > 30:
        return []
    sources, book = finder.book.sources, finder.book
    keyed: list[tuple[tuple[object, ...], Entry]] = []
    for path in sorted(folder.iterdir()):
        name = path.name
        if name.startswith(".") or sources.relative(path) in hidden:
            continue
        if path.is_symlink():
            if path.suffix.casefold() in finder.endings:
                book.report.leave_out("symbolic links", sources.relative(path))
            continue
        if path.is_dir():
            if name in ("node_modules", "__pycache__", "site-packages", "_build", "_site", "venv"):
                continue
            if name.startswith("_"):
                inside = [p for p in sources.walk(path) if p.suffix.casefold() in finder.endings]
                for page_path in inside:
                    book.report.leave_out(
                        "parts of pages, in folders with _", sources.relative(page_path)
                    )
                    finder.skip(page_path)
                continue
            below = folder_entries(finder, path, hidden, depth + 1, vault)
            if below:
                if vault:
                    entry, place = Group(name, below), finder.places.get(sources.relative(path))
                else:
                    entry, place = _group(finder, path, below)
                kind = 0 if vault else 2
                keyed.append(
                    ((0 if place is not None else 1, place or 0, kind, natural(name)), entry)
                )
        elif path.suffix.casefold() in finder.endings and name not in _NOT_PAGES:
            page = _page(finder, path)
            if page:
                place = position(dict(page.front))
                if vault:
                    place = finder.places.get(sources.relative(path))
                first = path.stem.casefold() in FIRST and not vault
                kind = -1 if first else 1
                key = (
                    (0, float("-inf"), -1)
                    if first
                    else (0 if place is not None else 1, place or 0, kind)
                )
                keyed.append(((*key, natural(path.stem)), page))
    return [entry for _, entry in sorted(keyed, key=lambda each: each[0])]


def _page(finder: PageFinder, path: Path) -> Page | None:
    page = finder.page(path)
    if page is None:
        return None
    why = ""
    if is_draft(dict(page.front)):
        why = "drafts"
    elif path.name.startswith("_") and path.stem != "_index":
        why = "parts of pages, named with _"
    elif path.name.endswith(".excalidraw.md"):
        why = "drawings"
    if why:
        finder.book.report.leave_out(why, finder.book.sources.relative(path))
        return None
    page.title = words(page.front.get("sidebar_label") or page.front.get("linkTitle"))
    return page


def _group(finder: PageFinder, path: Path, below: list[Entry]) -> tuple[Group, float | None]:
    """Return a folder as a group; its index is the group's own page."""
    category: dict[str, object] = {}
    for name in ("_category_.json", "_category_.yml", "_category_.yaml"):
        if file := finder.book.sources.file(path / name):
            category = read_mapping(file)
    title, place = words(category.get("label")), position({"order": category.get("position")})
    index = (
        below[0] if isinstance(below[0], Page) and below[0].path.stem.casefold() in FIRST else None
    )
    if index:
        place = position(dict(index.front)) if place is None else place
        title = title or index.title or words(index.front.get("title"))
        title = title or take_title(_body(finder.book.sources, index.path))[0]
    number = re.match(r"(\d+)[-_. ]", path.name)
    if place is None and number and category:
        place = float(number[1])
    title = title or words_of(path / "index.md")
    return Group(title, below[1:] if index else below, index), place


def _body(sources: Sources, path: Path) -> str:
    text = sources.text(path)
    return text[front_matter(text)[1] :]


def own_title(sources: Sources, path: Path) -> str:
    """Return the title that a page has: in its front matter, or as its first heading."""
    text = sources.text(path)
    front, end = front_matter(text)
    from ..foreign_markdown import metadata

    return (
        words(front.get("title"))
        or metadata(text)[0].get("title", "")
        or (take_title(text[end:])[0])
    )


def named_title(sources: Sources, root: Path, first: Path | None) -> str:
    """Return a title for a book that has none: that of its first page, or its folder's name."""
    title = ""
    if first is not None and first.stem.casefold() in FIRST:
        title = own_title(sources, first)
    return title or words_of(root.absolute() / "index.md")
