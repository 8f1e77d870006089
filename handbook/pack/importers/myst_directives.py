"""Print the directives of MyST: boxes, code, figures, tables, tabs, files, formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ...core.i18n import translations_for
from .includes import find_file, line_range, note_include
from .model import Book, Page
from .myst_roles import label_id
from .rewriting import fence_title
from .sources import front_matter, read_yaml_value, table, words

_OPTION = re.compile(r"[ \t]*:([\w-]+):[ \t]*(.*)$")
_BOXES = {name: name for name in ("note", "tip", "warning", "caution", "important", "danger")} | {
    "attention": "warning", "error": "danger", "hint": "tip", "seealso": "info", "admonition": "note",
    "versionadded": "note", "versionchanged": "note", "deprecated": "warning", "exercise": "exercise",
    "exercise-start": "exercise", "solution": "solution", "solution-start": "solution", "topic": "note",
    "dropdown": "note", "toggle": "note", "margin": "note", "sidebar": "note", "aside": "note",
    "todo": "note"}  # fmt: skip
_CODE = (
    "code-cell",
    "code",
    "code-block",
    "sourcecode",
    "code-example",
    "parsed-literal",
    "prompt",
)
# What has no words of its own in a book, or has them elsewhere in it.
_NOTHING = frozenset(
    {"index", "tableofcontents", "toctree", "contents", "raw", "eval-rst", "only",
     "exercise-end", "solution-end", "nb-exec-table", "meta", "highlight", "currentmodule", "tags"}
)  # fmt: skip
_REPORTED = frozenset({"raw", "eval-rst", "only", "nb-exec-table"})
# Where the works are listed that a page cites, and where those of the whole book are.
WORKS_OF_PAGE, WORKS_OF_BOOK = "\x03page\x03", "\x03book\x03"
_PARTS = frozenset(
    {
        "grid",
        "grid-item",
        "tab-set",
        "tabs",
        "div",
        "container",
        "figure-md",
        "card-carousel",
        "only",
    }
)
_LANGUAGES = {
    "ipython": "python",
    "ipython3": "python",
    "none": "text",
    "default": "",
    "pycon3": "pycon",
}


@dataclass(frozen=True)
class Directive:
    """A directive: what follows its name, its options, its lines."""

    name: str
    argument: str
    options: dict[str, str] = field(default_factory=dict)
    body: tuple[str, ...] = ()
    margin: str = ""

    @property
    def body_text(self) -> str:
        """Return the lines as one text, without blank lines around it."""
        return "\n".join(self.body).strip("\n")


def read_directive(name: str, argument: str, lines: list[str], margin: str) -> Directive:
    """Return a directive; its options are lines `:key: value`, or YAML between lines of dashes."""
    options: dict[str, str] = {}
    at = 0
    if lines and lines[0].strip() == "---":
        end = next((n for n in range(1, len(lines)) if lines[n].strip() == "---"), 0)
        if end:
            values = table(read_yaml_value("\n".join(lines[1:end])))
            options = {str(key): words(value) or "true" for key, value in values.items()}
            at = end + 1
    else:
        while at < len(lines) and (match := _OPTION.match(lines[at])):
            options[match[1]] = match[2].strip()
            at += 1
    return Directive(name.casefold(), argument, options, tuple(lines[at:]), margin)


def directive_lines(
    one: Directive, page: Page, book: Book, inner: Callable[[str], str]
) -> list[str]:
    """Return the lines of Markdown that a directive is; `inner` reads those in it."""
    anchor = _anchor(one)
    name = one.name
    if name in _NOTHING:
        if name in _REPORTED:
            book.report.miss(f"the directive {{{name}}}", page.name)
        if name == "index":
            book.report.changed["entries of an index, left out"] += 1
        return anchor
    if name in _CODE:
        return [*anchor, *_code(one, book)]
    if name == "literalinclude" or name == "include":
        return [*anchor, *_file(one, page, book, inner)]
    if name == "bibliography":
        filtered = "docname in docnames" in one.options.get("filter", "")
        return [*anchor, WORKS_OF_PAGE if filtered else WORKS_OF_BOOK, ""]
    if name in ("math", "glue:math"):
        # A blank line would end the formula.
        lines = [line for line in (one.argument, *one.body) if line.strip()]
        return [*anchor, "$$", *lines, "$$", ""]
    if name in ("figure", "image", "glue:figure"):
        return _figure(one, page, book, inner)
    if name in ("table", "list-table", "csv-table"):
        return _table(one, inner)
    if name in ("tab-item", "tab"):
        return [f":::tab {one.argument or 'Tab'}", *inner(one.body_text).split("\n"), "", ":::", ""]
    if name in ("epigraph", "pull-quote", "highlights", "blockquote"):
        return [*anchor, *(f"> {line}".rstrip() for line in inner(one.body_text).split("\n")), ""]
    if name == "glossary":
        return [*anchor, *_glossary(one.body_text)]
    if name == "mermaid":
        return [*anchor, "```mermaid", *one.body, "```", ""]
    if name == "rubric":
        return [*anchor, f"**{one.argument}**", ""]
    if name in ("card", "grid-item-card"):
        title = [f"**{one.argument}**", ""] if one.argument else []
        return [*anchor, *title, *inner(one.body_text).split("\n"), ""]
    if name in ("iframe", "video", "youtube", "button"):
        return [*anchor, f"<{one.argument}>" if "://" in one.argument else one.argument, ""]
    kind = _BOXES.get(name, "")
    if not kind and (
        name.startswith("prf:")
        or name
        in (
            "theorem",
            "lemma",
            "definition",
            "example",
            "proof",
            "remark",
            "algorithm",
            "corollary",
        )
    ):
        kind = name.removeprefix("prf:")  # fmt: skip
    if kind:
        return [*anchor, *_box(one, kind, inner)]
    if name not in _PARTS:
        book.report.miss(f"the directive {{{name}}}", page.name)
    return [*anchor, *inner(one.body_text).split("\n"), ""]


def _anchor(one: Directive) -> list[str]:
    label = one.options.get("name") or one.options.get("label") or ""
    return [f'<a id="{label_id(label)}"></a>', ""] if re.fullmatch(r"[\w:./ -]+", label) else []


def _box(one: Directive, kind: str, inner: Callable[[str], str]) -> list[str]:
    title = one.argument
    body = one.body_text
    if one.name not in (
        "admonition",
        "topic",
        "dropdown",
        "toggle",
        "sidebar",
        "exercise",
        "solution",
    ) and (one.name in _BOXES and not one.name.endswith("-start")):
        # What follows the name is the first line of the text.
        title, body = "", f"{title}\n{body}".strip("\n")
    if one.name.startswith("solution"):
        title = ""
    if one.name.endswith("-start"):
        return [f"**{title or kind.capitalize()}**", "", *inner(body).split("\n"), ""]
    return [f":::{kind} {title}".rstrip(), *inner(body).split("\n"), ":::", ""]


def _code(one: Directive, book: Book) -> list[str]:
    tags = one.options.get("tags", "")
    if one.name == "code-cell":
        book.report.changed["code cells, whose results are not computed"] += 1
        if re.search(r"remove[-_](?:input|cell)", tags):
            book.report.changed["code cells that are not to be shown"] += 1
            return []
    language = _LANGUAGES.get(one.argument.casefold(), one.argument.split(" ")[0])
    title = one.options.get("caption") or one.options.get("filename") or ""
    return [*_fenced(one.body_text, language, title), ""]


def _fenced(text: str, language: str, title: str = "") -> list[str]:
    longest = max((len(one) for one in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}{language}{fence_title(title)}", *text.split("\n"), fence]


def _file(one: Directive, page: Page, book: Book, inner: Callable[[str], str]) -> list[str]:
    file = find_file(book, page, one.argument, book.folder)
    if file is None:
        return []
    note_include(book, page, file)
    text = book.sources.text(file).rstrip("\n")
    if wanted := one.options.get("lines"):
        parts = [part.strip().partition("-") for part in wanted.split(",")]
        text = "\n".join(line_range(text, a, b, counted=bool(dash)) for a, dash, b in parts)
    if one.name == "include" and "literal" not in one.options:
        return inner(text[front_matter(text)[1] :]).split("\n")
    return [*_fenced(text, one.options.get("language") or file.suffix[1:]), ""]


def uncomputed_name(label: str, language: str) -> str:
    """Return what a figure is called that only code draws: by the name that its author gave it."""
    name = re.sub(r"^(?:fig|img)[:-]", "", label)
    return translations_for(language).gettext("Figure {number}", number=name).strip()


def _figure(one: Directive, page: Page, book: Book, inner: Callable[[str], str]) -> list[str]:
    alt = one.options.get("alt", "")
    width = one.options.get("width") or one.options.get("figwidth") or ""
    size = f"{{width={width}}}" if re.fullmatch(r"\d+(?:\.\d+)?(?:%|px)", width) else ""
    caption = inner(one.body_text).strip("\n")
    if one.name == "glue:figure":
        # It has no number, as no picture of it is in the sources.
        book.report.changed["figures that code draws, of which the captions are printed"] += 1
        language = book.about.get("language") or "en"
        named = uncomputed_name(one.options.get("name") or one.argument, language)
        return [*_anchor(one), *f"**{named}.** {caption}".rstrip().split("\n"), ""]
    plain = alt or re.sub(r"[*`_\[\]]", "", " ".join(caption.split()))
    address = one.argument
    if address.endswith(".*"):
        # Sphinx takes the format that suits its output.
        for ending in (".svg", ".png", ".jpg", ".gif"):
            base = book.folder if address.startswith("/") else page.path.parent
            if book.sources.file(base / (address[:-2].lstrip("/") + ending)):
                address = address[:-2] + ending
                break
    picture = f"![{plain}]({address.replace(' ', '%20')}){size}"
    if not caption:
        return [*_anchor(one), picture, ""]
    label = one.options.get("name") or ""
    place = f' id="{label_id(label)}"' if re.fullmatch(r"[\w:./ -]+", label) else ""
    return [f"<figure{place}>", "", picture, "", "<figcaption>", "", *caption.split("\n"), "",
            "</figcaption>", "</figure>", ""]  # fmt: skip


def _table(one: Directive, inner: Callable[[str], str]) -> list[str]:
    if one.name == "table":
        lines = inner(one.body_text).split("\n")
    else:
        rows = _listed(one.body_text) if one.name == "list-table" else _comma(one)
        header_rows = one.options.get("header-rows", "0")
        head = int(header_rows) if header_rows.isdecimal() and len(header_rows) < 4 else 0
        lines = _pipes(rows, bool(head) or "header" in one.options)
    if not one.argument:
        return [*_anchor(one), *lines, ""]
    label = one.options.get("name") or ""
    place = f' id="{label_id(label)}"' if re.fullmatch(r"[\w:./ -]+", label) else ""
    return [f"<figure{place}>", "", *lines, "", "<figcaption>", "", one.argument, "", "</figcaption>",
            "</figure>", ""]  # fmt: skip


def _listed(text: str) -> list[list[str]]:
    """Return the rows of a table that is written as a list of lists."""
    rows: list[list[str]] = []
    for line in text.split("\n"):
        if match := re.match(r"[*-][ ]+[*-](?:[ ]+(.*))?$", line):
            rows.append([match[1] or ""])
        elif rows and (match := re.match(r"[ ]+[*-](?:[ ]+(.*))?$", line)):
            rows[-1].append(match[1] or "")
        elif rows and line.strip():
            rows[-1][-1] = f"{rows[-1][-1]} {line.strip()}".strip()
    return rows


def _comma(one: Directive) -> list[list[str]]:
    header = (
        list(csv.reader([one.options["header"]], skipinitialspace=True))
        if one.options.get("header")
        else []
    )
    return [*header, *csv.reader(one.body_text.split("\n"), skipinitialspace=True)]


def _pipes(rows: list[list[str]], headed: bool) -> list[str]:
    width = max((len(row) for row in rows), default=0)
    if not width:
        return []
    cells = [[re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in row] for row in rows]
    cells = [row + [""] * (width - len(row)) for row in cells]
    head, *rest = cells if headed else [[""] * width, *cells]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *rest)]


def _glossary(text: str) -> list[str]:
    """Return terms and what they mean."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip() and not line.startswith((" ", "\t")):
            lines += (
                ["", f"**{line.removeprefix(': ').strip()}**", ""]
                if not line.startswith(":")
                else [line[1:].strip()]
            )
        else:
            lines.append(line.strip())
    return [*lines, ""]
