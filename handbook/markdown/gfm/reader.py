"""Read a chapter of GitHub's dialect, as documentation is written in it (`dialect: gfm`).

markdown-it renders the chapter to HTML in which every element carries its line.  lxml parses that
(and the HTML that authors mix in) as browsers do.  `html_to_elements` converts it to the same
elements as those of the project's own dialect.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from lxml import etree as html
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.gfm import gfm_plugin

from ...core.i18n import translations_for
from ..elements import Finding, ParsedChapter
from .block_rules import block_rules
from .html_nodes import KNOWN, OWN, lines_of
from .html_repair import close_definitions, flatten, limited_depth, repair
from .html_to_elements import HtmlConverter

_OPENING = re.compile(r"<([A-Za-z][A-Za-z0-9.-]*)(?=[\s/>])")
# Elements in which words may be where none are allowed.
_REPAIRED = re.compile(r"<(?:[uo]l|menu|dir|dl|table|optgroup)\b", re.I)
# What browsers and HTML parsers leave out without showing it, but for comments.
_UNSEEN = re.compile(r"<\?[\w-]*|<!\[CDATA\[")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_OWN = re.compile(rf"(</?)({'|'.join(sorted(OWN))})(?=[\s/>])", re.I)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9.-]*)")
_LIMIT = html.ErrorTypes.ERR_RESOURCE_LIMIT
_TOO_DEEP = (
    "elements of HTML are nested too deeply; from here on they are printed on one level",
    "write it flatter",
)


class GfmReader:
    """One markdown-it instance, used for all chapters of a document."""

    file_scoped_ids = True

    def __init__(self, language: str = "en") -> None:
        self.words = translations_for(language)
        self.markdown = MarkdownIt("commonmark", {"html": True})
        for plugin in (gfm_plugin, deflist_plugin, admon_plugin):
            self.markdown.use(plugin)
        self.markdown.use(
            dollarmath_plugin,
            allow_space=False,
            allow_digits=False,
            double_inline=True,
            allow_blank_lines=False,
            allow_labels=False,
        )
        self.markdown.use(block_rules)
        # What opens nothing in a book is reported when links are looked up, not left as mark-up.
        self.markdown.validateLink = lambda _: True  # type: ignore[assignment, method-assign]
        self.codes: list[tuple[str, str]] = []
        self.findings: list[Finding] = []
        rules: dict[str, Any] = self.markdown.renderer.rules  # type: ignore[attr-defined]
        for name in (
            "fence",
            "code_block",
            "math_block",
            "math_inline",
            "math_inline_double",
            "html_block",
            "html_inline",
            "footnote_ref",
            "footnote_block_open",
            "footnote_block_close",
            "footnote_open",
            "footnote_close",
            "footnote_anchor",
        ):
            rules[name] = getattr(self, f"_{name}")

    def read(self, text: str) -> ParsedChapter:
        """Return the tree of a chapter."""
        env: dict[str, Any] = {}
        tokens = self.markdown.parse(text, env)
        tree = self._tree(tokens, env, text.split("\n"))
        root = etree.Element("div")
        tree.blocks(root, tree.body)
        findings = [*env.get("findings", ()), *self.findings]
        abbreviations = env.get("abbreviations", {})
        return ParsedChapter(root, tree.notes, abbreviations, findings, tree.pending_ids)

    def line(self, text: str, notes: Collection[str] = ()) -> etree.Element:
        """Return one line, such as a title, as an element; it may refer to `notes`."""
        env: dict[str, Any] = {"footnotes": {"refs": {f":{name}": -1 for name in notes}}}
        tree = self._tree(self.markdown.parseInline(text, env), env)
        element = etree.Element("p", {"lines": "0"})
        tree.inlines(element, tree.body)
        return element

    def _tree(
        self, tokens: Sequence[Token], env: dict[str, Any], lines: Sequence[str] = ()
    ) -> HtmlConverter:
        self.codes, self.findings = [], []
        _number(tokens)
        self.findings += _surplus_cells(tokens, lines)
        words = self.markdown.renderer.render(tokens, self.markdown.options, env)
        body = _parsed(words)
        close_definitions(body)
        for node in flatten(body)[:1]:
            line = int(lines_of(node).split()[0])
            self.findings.append(Finding(line, *_TOO_DEEP, "nesting"))
        if _REPAIRED.search(words):
            repair(body)
        return HtmlConverter(body, self.codes, self.findings, self.words)

    # ---------------------------------------------------------- how tokens are rendered

    def _code(self, name: str, token: Token, language: str = "") -> str:
        """Store a literal aside, so that the HTML parser keeps its white space."""
        self.codes.append((token.content, language))
        line = token.attrGet("data-l") or ""
        return f'<{name} n="{len(self.codes) - 1}" data-l="{line}"></{name}>'

    def _fence(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return self._code("x-code", tokens[at], tokens[at].info.strip())

    def _code_block(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return self._code("x-code", tokens[at])

    def _math_block(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return self._code("x-formula", tokens[at], "display")

    def _math_inline(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return self._code("x-formula-inline", tokens[at])

    def _math_inline_double(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return self._code("x-formula-inline", tokens[at], "display")

    def _html_block(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        """Return HTML, each tag with its line."""
        token = tokens[at]
        first = int(str(token.attrGet("data-l") or "0").split()[0])
        lines = token.content.split("\n")
        self._report_unseen(token.content, first)
        self._report_open_comment(token.content, first)
        return "\n".join(_numbered(line, first + n) for n, line in enumerate(lines))

    def _report_unseen(self, content: str, line: int) -> None:
        """Report code for servers and sections of XML, which are left out."""
        if "<?" not in content and "<![" not in content:
            return
        rest = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), content)
        place = 0
        for match in _UNSEEN.finditer(rest):
            line += rest.count("\n", place, match.start())
            place = match.start()
            self.findings.append(
                Finding(
                    line,
                    f"what begins with {match[0]!r} is left out, as browsers do",
                    "write it in backticks, or the less-than sign as \\<",
                    "unprintable",
                )
            )

    def _report_open_comment(self, content: str, line: int) -> None:
        """Report a comment that hides the rest of the page."""
        begin = content.rfind("<!--")
        if begin > content.rfind("-->") and content[begin + 4 :].strip():
            self.findings.append(
                Finding(
                    line + content.count("\n", 0, begin),
                    "a comment is not closed; what follows is left out",
                    "end it with -->",
                    "open-comment",
                )
            )

    def _html_inline(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        """Return a tag inside a line; one that HTML does not know is printed as text."""
        token = tokens[at]
        line = int(token.attrGet("data-l") or 0)
        self._report_unseen(token.content, line)
        match = _TAG.match(token.content)
        if match and match[1].lower() not in KNOWN - OWN:
            if not token.content.startswith("</"):
                self.findings.append(
                    Finding(
                        line,
                        f"{token.content} is not an element of HTML; it is printed as text",
                        "write it in backticks, or the less-than sign as \\<",
                        "unprintable",
                    )
                )
            return escapeHtml(token.content)
        return _numbered(token.content, line)

    def _footnote_ref(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f'<x-noteref target="{escapeHtml(_label(tokens[at]))}"></x-noteref>'

    def _footnote_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f'<x-note name="{escapeHtml(_label(tokens[at]))}">'

    def _footnote_close(self, *_: Any) -> str:
        return "</x-note>"

    def _footnote_block_open(self, *_: Any) -> str:
        return ""

    _footnote_block_close = _footnote_anchor = _footnote_block_open


def _parsed(words: str) -> Any:
    """Return the body of a page, read as browsers do."""
    for shallow in (False, True):
        parser = html.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
        )
        text = limited_depth(words) if shallow else words
        whole = html.fromstring(f"<html><body>{text}</body></html>".encode(), parser)
        if not any(one.type == _LIMIT for one in parser.error_log):
            break
    return whole.find("body")


def _surplus_cells(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Finding]:
    """Report the cells that a row has beyond its table's header: markdown-it leaves them out."""
    columns = row = 0
    for token in tokens:
        if token.type == "table_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and token.map and columns and token.map[0] < len(lines):
            row = token.map[0]
            text = re.sub(r"^[\s>]+", "", lines[row])
            cells = escapedSplit(text.strip().removeprefix("|"))
            cells = cells[:-1] if cells[-1] == "" else cells
            if rest := [cell.strip() for cell in cells[columns:] if cell.strip()]:
                yield Finding(
                    row,
                    f"the row has {len(cells)} cells, the table {columns}: left out is "
                    + ", ".join(map(repr, rest)),
                    "write a bar that is part of the text as \\|",
                    "table-row",
                )


def _label(token: Token) -> str:
    return re.sub(r"\s+", "-", str(token.meta.get("label") or token.meta["id"]))


def _numbered(text: str, line: int) -> str:
    text = _OWN.sub(r"\1written-\2", text)
    return _OPENING.sub(rf'<\1 data-l="{line}" data-w="\1"', text)


def _number(tokens: Sequence[Token]) -> None:
    """Give every token the numbers of its lines, and mark paragraphs of tight lists."""
    for token in tokens:
        lines = range(*token.map) if token.map else range(0)
        if token.hidden:
            token.hidden = False
            token.attrSet("data-tight", "yes")
        if token.nesting >= 0 and lines:
            whole = token.type in ("paragraph_open", "heading_open")
            token.attrSet("data-l", " ".join(map(str, lines if whole else lines[:1])))
        line = lines[0] if lines else 0
        for child in token.children or ():
            if child.type == "image":
                child.attrSet("data-md", "yes")
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "html_inline":
                child.attrSet("data-l", str(line))
                line += child.content.count("\n")
