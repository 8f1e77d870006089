"""Define the inline syntax beyond Markdown, as patterns of Python-Markdown.

`:page[id]`, `:ref[id]`, `:field[name]`, `:lang[mot]{fr}`, footnote marks, ~~strike~~, ^sup^,
~sub~, $math$, bare web addresses, line breaks and HTML tags.  Tags become elements that open and
close; inlines.py pairs them and tells which do not print.
"""

from __future__ import annotations

import html
import re
import string
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import (
    IMAGE_REFERENCE_RE,
    REFERENCE_RE,
    BacktickInlineProcessor,
    ImageReferenceInlineProcessor,
    InlineProcessor,
    ReferenceInlineProcessor,
    ShortImageReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
    SimpleTagInlineProcessor,
    SimpleTextInlineProcessor,
)
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString

from ..convert.formulas import is_money
from ..syntax import ROLES, mistyped
from .brackets import use_pairs

# A text without any of these has no inline mark-up.
MARKUP = re.compile(r"[\\`*_\[<~^$]|://|  \n")
_TAG_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class _Role(InlineProcessor):
    """`:page[id]` and its like."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """Return an element `role`; None for a word that is not meant as a role."""
        name = m[1]
        if name not in ROLES and not mistyped(name, ROLES):
            return None, None, None
        element = etree.Element("role", {"name": name, "argument": m[3] or ""})
        if name in ("lang", "index"):
            element.text = m[2]
        else:
            element.set("target", m[2].strip())
        return element, m.start(0), m.end(0)


class _NoteMark(InlineProcessor):
    """`[^id]`: the mark of a footnote."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        """Return an element `noteref`."""
        return etree.Element("noteref", {"target": m[1]}), m.start(0), m.end(0)


class _Tag(InlineProcessor):
    """An HTML tag, opening or closing."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        """Return an element `br`, or `tag` with the tag's name, attributes and direction."""
        name = m[2].lower()
        if name == "br":
            return etree.Element("br", {"lines-taken": "0"}), m.start(0), m.end(0)
        element = etree.Element("tag", {"name": name, "written": m[2]})
        if m[1]:
            element.set("closing", "yes")
        for match in _TAG_ATTRIBUTE.finditer(m[3] or ""):
            element.set(f"a-{match[1].lower()}", match[2] or match[3] or match[4] or "")
        return element, m.start(0), m.end(0)


class _Comment(InlineProcessor):
    """A comment inside a paragraph: removed, except for its line ends."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Return its line ends."""
        return "\n" * m[0].count("\n"), m.start(0), m.end(0)


class _Break(InlineProcessor):
    """Two spaces or a backslash at the end of a line."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        """Return an element `br` that took a line end with it."""
        return etree.Element("br", {"lines-taken": "1"}), m.start(0), m.end(0)


class _Address(InlineProcessor):
    """A web address as such, or a mail address in angle brackets."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        """Return a link that reads as it leads, without the punctuation that ends the sentence."""
        mail = m.groupdict().get("mail")
        words = mail or m["url"]
        end = m.end(0)
        if not mail:
            bare = words.rstrip(".,;:!?'\"*_")
            while bare.endswith(")") and bare.count(")") > bare.count("("):
                bare = bare[:-1].rstrip(".,;:!?'\"*_")
            end -= len(words) - len(bare)
            words = bare
        element = etree.Element("a", {"href": f"mailto:{mail}" if mail else words})
        element.text = AtomicString(words)
        return element, m.start(0), end


class _Math(InlineProcessor):
    """`$a_1$`: a formula."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """Return an element `tex`; nothing for money."""
        if is_money(m["math"]):
            return None, None, None
        element = etree.Element("tex")
        element.text = AtomicString(m["math"].strip().replace("&", "&amp;"))
        return element, m.start(0), m.end(0)


class _RawLabel:
    """A reference's label, directly behind the words, as it was written: code in it stays code."""

    RE_LINK = re.compile(r"\[([^\]]*)\]")
    md: Markdown

    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:
        """Return what Python-Markdown finds, with what it has set aside put back."""
        reference: tuple[str | None, int, bool] = super().evalId(data, index, text)  # type: ignore[misc]
        label, end, handled = reference
        return (self._raw(label) if label else label), end, handled

    def _raw(self, label: str) -> str:
        stash: dict[str, Any] = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]

        def written(match: re.Match[str]) -> str:
            node = stash.get(match[1], "")
            if isinstance(node, str):
                return re.sub("\x02(\\d+)\x03", lambda m: "\\" + chr(int(m[1])), node)
            words = html.unescape("".join(node.itertext()))
            return f"`{words}`" if node.tag == "code" else words

        return INLINE_PLACEHOLDER_RE.sub(written, label).lower()


class _Reference(_RawLabel, ReferenceInlineProcessor):
    """`[words][label]`."""


class _ShortReference(_RawLabel, ShortReferenceInlineProcessor):
    """`[label]`."""


class _PictureReference(_RawLabel, ImageReferenceInlineProcessor):
    """`![words][label]`."""


class _ShortPictureReference(_RawLabel, ShortImageReferenceInlineProcessor):
    """`![label]`."""


class HandbookInlines(Extension):
    """All of the above, in the order in which they must be tried."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the patterns, and take out those that would pass HTML through."""
        md.ESCAPED_CHARS = list(string.punctuation)
        patterns = md.inlinePatterns
        for name in ("html", "entity", "automail", "linebreak"):
            if name in patterns:
                patterns.deregister(name)
        patterns.register(_Reference(REFERENCE_RE, md), "reference", 170)
        patterns.register(_PictureReference(IMAGE_REFERENCE_RE, md), "image_reference", 140)
        patterns.register(_ShortReference(REFERENCE_RE, md), "short_reference", 130)
        patterns.register(_ShortPictureReference(IMAGE_REFERENCE_RE, md), "short_image_ref", 125)
        # No space inside, no letter or digit next to it: `$5 or $6` and `$A/$B` are text.
        math = r"(?<![\\$\w])(\${1,2})(?![\s$])(?P<math>[^$\n]*[^\s$\\])\1(?![$\w])"
        patterns.register(_Math(math, md), "math", 185)
        # As Python-Markdown has it, but a run of back-ticks is taken whole: it tries each part of
        # one with each place, in cubic time.
        ticks = r"(?<!\\)(?<!(?<!\\)`)(`+)(?!`)(.+?)(?<!`)\2(?!`)"
        code = rf"(?:(?<!\\)((?:\\{{2}})+)(?=`)|{ticks})"
        patterns.register(BacktickInlineProcessor(code), "backtick", 190)
        role = r"(?<![\w:]):([a-z][a-z-]*)\[([^\]\n]*)\](?:\{([^}\n]*)\})?"
        patterns.register(_Role(role, md), "role", 176)
        patterns.register(_NoteMark(r"\[\^([^\]\s]+)\]", md), "noteref", 175)
        patterns.register(_Comment(r"<!--.*?-->", md), "comment", 122)
        mail = r"<(?:mailto:)?(?P<mail>[^<>\s!/@]+@[^@<>\s]+)>"
        patterns.register(_Address(mail, md), "mail", 110)
        patterns.register(_Break(r"(?: {2,}|\\)\n", md), "break", 100)
        address = r"(?<![\w/.])(?P<url>https?://[^\s<>\x02\x03]+)"
        patterns.register(_Address(address, md), "address", 95)
        value = r"""(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
        tag = rf"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z_:][\w.:-]*{value})*)\s*/?>"
        patterns.register(_Tag(tag, md), "tag", 97)
        strike = SimpleTagInlineProcessor(r"()~~(?!\s)(.+?)(?<!\s)~~", "strike")
        patterns.register(strike, "strike", 76)
        patterns.register(SimpleTagInlineProcessor(r"()\^([^\s^]+)\^", "sup"), "sup", 75)
        patterns.register(SimpleTagInlineProcessor(r"()~([^\s~]+)~", "sub"), "sub", 74)
        # Blanks to write on, `Date ______`: however long, a run between spaces is text.
        blanks = SimpleTextInlineProcessor(r"((?<!\S)(?:\*+|_+)(?!\S))")
        patterns.register(blanks, "not_strong", 70)
        use_pairs(patterns)
