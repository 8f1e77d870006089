"""Turn inlines into chunks: runs of one style that no line break divides.

A line ends with its space, so that text taken out of the page keeps its words
apart; no character of the document is ever dropped.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...core.diagnostics import Source
from ...core.images import BrokenPicture, size_of
from ...document.nodes import (
    Checkbox,
    Code,
    Field,
    Formula,
    Image,
    IndexMark,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Reference,
    Span,
    Text,
    plain_text,
)
from ...document.numbering import says_address
from ...theme.theme import TextStyle
from ..figure.formula import BREAKABLE, parts_of
from ..structure import StructElem
from .complex_text import (
    Kept,
    cjk_break_parts,
    complex_text,
    has_rtl,
    level_runs,
    plain,
    settled,
    shaped,
)
from .encode import encode_runs, joined_runs
from .runs import (
    BOXES,
    MARK,
    PICTURE,
    SOFT_HYPHEN,
    InlineContext,
    RunStyle,
    TextRun,
    UnbreakableRun,
)

# What is raised or lowered again and again becomes no smaller (points), and moves no further.
LEAST_RAISED = 4.0
# After a dash before a letter ("multi-stage" breaks, "A-4" does not), after an em dash.
_INSIDE = re.compile(r"(?<=[^\W_][-–])(?=[^\W\d_])|(?<=—)(?=\w)|(?<=[\u200b\u00ad])")
_INSIDE_SIGNS = re.compile("[-–—\u200b\u00ad]")
# They end a part of a word without being seen.
_UNSEEN = "\u00ad\u200b"
# Words are the most of what is made: without the call of a named tuple's own `__new__`.
_new = tuple.__new__
_PIECES = re.compile(r" +|[^ ]+")
_JOINT = re.compile(r"(?<=[/?&=_.:@#-])(?=[^/?&=_.:@#\s-])")
# A word of this many characters is taken for an address.
_ENDLESS = 30
_WIDEST_PAGE = "000"
# The height of a picture in a line, as a share of the leading, at most.
PICTURE_SHARE = 0.9


class InlineLayouter:
    """Turns the inlines of one block into chunks."""

    def __init__(
        self, context: InlineContext, style: TextStyle, element: StructElem | None, source: Source
    ):
        self.context = context
        self.style = style
        self.element = element
        self.source = source
        self.chunks: list[UnbreakableRun] = []
        self._open: list[TextRun] = []
        self._hyphen: TextRun | None = None
        self._kept: list[Kept] | None = None
        self.notes: list[str] = []
        # What a checkbox is for.
        self.label = ""
        self._alone = False

    # ------------------------------------------------------------ from inlines to chunks

    def compose(self, inlines: Inlines) -> list[UnbreakableRun]:
        """Return the chunks of `inlines`."""
        run_style = RunStyle(
            self.style.face, self.style.size, self.style.color, 0.0, self.element, "", ""
        )
        self.label = self.label or plain_text(inlines)
        self._alone = len(inlines) == 1
        base = int(self.context.words.right_to_left)
        if base or has_rtl(self.label):
            self._kept = []
        self._inlines(inlines, run_style)
        if self._kept is not None:
            self._settle(self._kept, base)
        self._close(None)
        return self.chunks

    def _settle(self, kept: list[Kept], base: int) -> None:
        """Add what was kept of a paragraph that runs in both directions."""
        self._kept = None
        for item, levels in settled(kept, base):
            if item is None:
                self._close(None, forced=True)
            elif isinstance(item, TextRun):
                run_style = item.style._replace(level=levels[0], base=base)
                self._add(item._replace(style=run_style))
            else:
                text, run_style = item
                self._shape(text, run_style._replace(base=base), levels)

    def _put(self, run: TextRun) -> None:
        """Add a run that is not text."""
        if self._kept is not None:
            self._kept.append(run)
        else:
            self._add(run)

    def _add(self, run: TextRun) -> None:
        if run.box in BOXES and len(self._open) > 1 and self._open[-2].box in BOXES:
            # A line may end between two boxes.
            space = self._open.pop()
            self._close(None)
            self._close(space)
        self._open.append(run)

    def _inlines(self, inlines: Inlines, run_style: RunStyle) -> None:
        for inline in inlines:
            self._inline(inline, run_style)

    def _inline(self, inline: Inline, run_style: RunStyle) -> None:
        if isinstance(inline, Text):
            self._words(inline.text, run_style)
        elif isinstance(inline, Span):
            first = len(self.chunks)
            self._inlines(inline.children, self._span_look(inline, run_style))
            if inline.kind == "together":
                self._open[:0] = joined_runs(self.chunks, first)
        elif isinstance(inline, Code):
            self._words(inline.text, self._code_look(run_style))
        elif isinstance(inline, Formula):
            self._formula(inline, run_style)
        elif isinstance(inline, Link):
            self._link(inline, run_style)
        elif isinstance(inline, Reference):
            self._reference(inline, run_style)
        elif isinstance(inline, LineBreak):
            if self._kept is not None:
                self._kept.append(None)
            else:
                self._close(None, forced=True)
        elif isinstance(inline, Checkbox):
            size = run_style.size * 0.86
            kind = "ticked" if inline.checked else "empty"
            checkbox_style = run_style
            if self.context.form and run_style.element is not None:
                element = run_style.element.inline_child("Form")
                checkbox_style = run_style._replace(element=element, contents=self.label)
            elif run_style.element is not None:
                # Without a form, what is drawn says its state.
                element = run_style.element
                if element.tag != "Lbl" or not self._alone:
                    element = element.inline_child("Span")
                gettext = self.context.words.gettext
                element.actual_text = (
                    gettext("checked") if inline.checked else gettext("not checked")
                ) + " "
                checkbox_style = run_style._replace(element=element)
            self._put(TextRun(checkbox_style, "", size + 2.5, box=kind))
        elif isinstance(inline, NoteReference):
            self._note(inline, run_style)
        elif isinstance(inline, Field):
            self._field(inline, run_style)
        elif isinstance(inline, IndexMark):
            self._put(TextRun(run_style, "", 0.0, box=MARK + inline.id))
        elif isinstance(inline, Image):
            self._picture(inline, run_style)

    def _formula(self, formula: Formula, run_style: RunStyle) -> None:
        """Put a formula on the baseline; a long one in parts, between which the line may end."""
        size, color = run_style.size, run_style.color
        element = run_style.element.inline_child("Formula") if run_style.element else None
        if element is not None:
            self.context.describe(element, formula)
        inner = run_style._replace(element=element)
        drawn = self.context.formula(formula, size, color)
        parts = parts_of(formula.mathml) if drawn.width > BREAKABLE * size else []
        if len(parts) < 2:
            self._put(TextRun(inner, "", drawn.width, formula=drawn))
            return
        for number, part in enumerate(parts):
            if number and self._kept is None:
                self._close(None)
            piece = self.context.formula(replace(formula, mathml=part), size, color)
            self._put(TextRun(inner, "", piece.width, formula=piece))

    def _picture(self, image: Image, run_style: RunStyle) -> None:
        """Add a small picture, no higher than the line."""
        try:
            natural = size_of(image.path) if not image.missing else None
        except (OSError, BrokenPicture):
            natural = None
        if natural is None:
            self._words(image.alt or image.missing, run_style)
            return
        ratio = natural.width / natural.height
        asked = image.height or (image.width / ratio if image.width else natural.height)
        height = min(asked, self.style.leading * PICTURE_SHARE)
        element = None
        if run_style.element is not None and not image.decorative:
            element = run_style.element.inline_child("Figure")
            element.alt = image.alt
        picture_style = run_style._replace(element=element)
        self._put(
            TextRun(picture_style, "", height * ratio, box=f"{PICTURE}{height:.2f}:{image.path}")
        )

    def _words(self, text: str, run_style: RunStyle) -> None:
        if not text.isascii():
            text = text.replace("\ufeff", "\u2060")
            if run_style.face.startswith("mono"):
                # Code has no soft hyphens, and a place where it may break is not printed.
                text = text.replace(SOFT_HYPHEN, "").replace("\u2060", "")
        if self._kept is not None:
            self._kept.append((text, run_style))
            return
        if complex_text(text):
            self._shape(text, run_style, [0] * len(text))
            return
        scale = run_style.size / 1000
        encode = self.context.faces[run_style.face].encode
        codes, width = encode(" ")
        space = TextRun(run_style, codes, width * scale)
        for token in _PIECES.findall(text):
            if token[0] == " ":
                self._close(space)
                continue
            for number, part in enumerate(_parts(token)):
                if number:
                    self._close(None)
                if part[-1] in _UNSEEN:
                    part = self._without_end(part, run_style)
                    if not part:
                        continue
                try:
                    codes, width = encode(part)
                except KeyError:
                    self._mixed(part, run_style)
                else:
                    run = run_style, codes, width * scale, "", "", None, None
                    self._open.append(_new(TextRun, run))

    def _without_end(self, part: str, run_style: RunStyle) -> str:
        """Return a part without the sign at its end that lets the line end there."""
        if part[-1] == SOFT_HYPHEN:
            self._hyphen = self._soft_hyphen(run_style)
            return part[:-1]
        return part[:-1] if run_style.face.startswith("mono") else part

    def _mixed(self, word: str, run_style: RunStyle) -> None:
        """Add a word that needs several faces."""
        self._open += encode_runs(self.context, word, run_style, self.source)

    def _shape(self, text: str, run_style: RunStyle, levels: list[int]) -> None:
        """Add text of any script, whose characters have the embedding `levels`."""
        run_styles = {level: run_style._replace(level=level) for level in set(levels)}
        for token in _PIECES.finditer(text):
            start = token.start()
            if token[0][0] == " ":
                inner = run_styles[levels[start]]
                codes, width = self.context.faces[run_style.face].encode(" ")
                self._close(TextRun(inner, codes, width * run_style.size / 1000))
                continue
            parts = [part for word in _parts(token[0]) for part in cjk_break_parts(word)]
            for number, part in enumerate(parts):
                if number:
                    self._close(None)
                if part[-1:] == SOFT_HYPHEN:
                    self._hyphen = self._soft_hyphen(run_style)
                    start += 1
                    part = part[:-1]
                for words, level in level_runs(part, levels[start : start + len(part)]):
                    self._stretch(words, run_styles[level])
                start += len(part)

    def _stretch(self, words: str, run_style: RunStyle) -> None:
        """Add words of one direction."""
        if plain(words, run_style.level):
            # Two that run backwards are not to become one string: each has a look of its own.
            look = run_style._replace() if run_style.level % 2 else run_style
            self._open += encode_runs(self.context, words, look, self.source)
            return
        shaped_words = shaped(words, run_style.face, run_style.level, self.context, self.source)
        self._open.append(
            TextRun(run_style, "", shaped_words.width * run_style.size / 1000, shaped=shaped_words)
        )

    def _close(self, space: TextRun | None, forced: bool = False) -> None:
        runs = self._open
        if space is not None and runs and runs[-1].box in BOXES:
            # A box is on the line of what it is for.
            runs.append(space)
            return
        if not runs and not forced:
            if space is not None and self.chunks and self.chunks[-1].space is None:
                self.chunks[-1] = self.chunks[-1]._replace(space=space, hyphen=None)
            self._hyphen = None
            return
        width = runs[0].width if len(runs) == 1 else sum([p.width for p in runs])
        hyphen = None if space or forced else self._hyphen
        self.chunks.append(_new(UnbreakableRun, (runs, width, space, forced, hyphen)))
        self._open, self._hyphen = [], None

    def _soft_hyphen(self, run_style: RunStyle) -> TextRun:
        """Return the hyphen of a line that ends where the author allows it."""
        codes, width = self.context.faces[run_style.face].encode(SOFT_HYPHEN)
        return TextRun(run_style, codes, width * run_style.size / 1000)

    def _span_look(self, span: Span, run_style: RunStyle) -> RunStyle:
        kind = span.kind
        theme = self.context.theme
        if kind in ("strong", "emphasis"):
            return run_style._replace(face=_variant(run_style.face, kind))
        if kind in ("superscript", "subscript"):
            scale, rise = theme.number(f"inline.{kind}.scale"), theme.number(f"inline.{kind}.rise")
            size = max(run_style.size * scale, min(run_style.size, LEAST_RAISED))
            shift = run_style.size * rise if size < run_style.size else 0.0
            return run_style._replace(
                size=size,
                rise=run_style.rise + shift,
                element=_layout_span(run_style.element, BaselineShift=round(shift, 2)),
            )
        if kind == "strike":
            element = _layout_span(run_style.element, TextDecorationType="LineThrough")
            return run_style._replace(stroke="strike", element=element)
        if kind == "keyboard":
            return run_style._replace(
                face=theme.text("inline.keyboard.face"),
                size=self._smaller(run_style, "keyboard"),
            )
        if kind == "small":
            return run_style._replace(size=self._smaller(run_style, "small"))
        if kind == "mark":
            return run_style._replace(
                face=_variant(run_style.face, "strong"), color=theme.color("inline.mark.color")
            )
        if run_style.element is None or kind == "index":
            return run_style
        element = run_style.element.inline_child("Quote" if kind == "quote" else "Span")
        element.lang, element.expansion = span.lang, span.expansion
        return run_style._replace(element=element)

    def _code_look(self, run_style: RunStyle) -> RunStyle:
        theme = self.context.theme
        element = run_style.element.inline_child("Code") if run_style.element else None
        bold = run_style.face.startswith("bold") and "mono-bold" in self.context.faces
        face = "mono-bold" if bold else theme.text("inline.code.face")
        # A theme need not have a colour for code; a title's or a cell's own stays.
        color = run_style.color
        if theme.has("inline.code.color") and color == theme.color("colors.ink"):
            color = theme.color("inline.code.color")
        size = self._smaller(run_style, "code")
        return run_style._replace(face=face, size=size, element=element, color=color)

    def _smaller(self, run_style: RunStyle, kind: str) -> float:
        """Return the size of a kind of inline: a share of the text's, never below the least."""
        theme = self.context.theme
        size = run_style.size * theme.number(f"inline.{kind}.scale")
        return max(size, min(run_style.size, theme.number("inline.least")))

    def _link_look(self, run_style: RunStyle, target: str, contents: str) -> RunStyle:
        element = run_style.element.inline_child("Link") if run_style.element else None
        color = self.context.theme.color("inline.link.color")
        if run_style.color == self.context.theme.color("colors.paper"):
            color = run_style.color
        return run_style._replace(
            element=element, link=element, target=target, contents=contents, color=color
        )

    def _link(self, link: Link, run_style: RunStyle) -> None:
        number_of_page = link.children[-1] if link.children else None
        if isinstance(number_of_page, Reference):
            # The word before the number of a page is part of the link, and looks like text.
            inner = self._reference_look(number_of_page, run_style)
            self._inlines(link.children[:-1], inner._replace(color=run_style.color))
            self._set_reference(number_of_page, inner)
            return
        contents = link.title or plain_text(link.children) or link.target
        inner = self._link_look(run_style, link.target, contents)
        if link.quiet:
            inner = inner._replace(color=run_style.color, stroke="dotted")
        self._inlines(link.children, inner)
        number = self.context.address_of.get(link.target)
        if number is not None and not says_address(link):
            self._raised(str(number), inner)

    def _raised(self, words: str, run_style: RunStyle) -> None:
        """Add small raised words: in the font's superscript figures, or at a smaller size."""
        figures = self.context.faces[run_style.face].superscript_figures(words)
        if figures is not None:
            codes, units = figures
            self._put(TextRun(run_style, codes, units * run_style.size / 1000))
            return
        theme = self.context.theme
        scale, rise = (theme.number(f"inline.superscript.{key}") for key in ("scale", "rise"))
        self._words(
            words, run_style._replace(size=run_style.size * scale, rise=run_style.size * rise)
        )

    def _reference(self, reference: Reference, run_style: RunStyle) -> None:
        self._set_reference(reference, self._reference_look(reference, run_style))

    def _reference_look(self, reference: Reference, run_style: RunStyle) -> RunStyle:
        title = self.context.title_of.get(reference.target, reference.target)
        return self._link_look(run_style, f"#{reference.target}", title)

    def _set_reference(self, reference: Reference, inner: RunStyle) -> None:
        target = reference.target
        title = self.context.title_of.get(target, target)
        if reference.form == "page":
            width = self.context.faces[inner.face].width(_WIDEST_PAGE) * inner.size / 1000
            self._put(TextRun(inner, "", width, late=target))
        elif reference.form == "number" and target in self.context.number_of:
            self._words(self.context.number_of[target].replace(" ", "\u00a0"), inner)
        else:
            self._words(self.context.number_of.get(target) or title, inner)

    def _note(self, note: NoteReference, run_style: RunStyle) -> None:
        self.notes.append(note.id)
        before = (self._kept if self._kept is not None else self._open)[-1:]
        if before and isinstance(before[0], TextRun) and _is_note_mark(before[0]):
            # Two marks side by side would read as one number.
            self._raised("\u202f", run_style)
        inner = self._link_look(run_style, f"#note-{note.id}", self.context.words.gettext("Note"))
        self._raised(str(self.context.note_of.get(note.id, note.id)), inner)

    def _field(self, inline: Field, run_style: RunStyle) -> None:
        spec = self.context.fields[inline.name]
        self._put(TextRun(run_style, "", spec.width, box=f"field:{inline.name}"))


def _layout_span(parent: StructElem | None, **attributes: Any) -> StructElem | None:
    """Return an element that says how its text is set (ISO 32000-1, 14.8.5.4)."""
    if parent is None:
        return None
    element = parent.inline_child("Span")
    element.attributes = {"O": "Layout", **attributes}
    return element


def _is_note_mark(run: TextRun) -> bool:
    return run.style.target.startswith("#note-")


@lru_cache(maxsize=1 << 14)
def _parts(token: str) -> list[str]:
    """Return `token` divided where a line may end: after dashes; in long ones, after joints."""
    parts = _INSIDE.split(token) if _INSIDE_SIGNS.search(token) else [token]
    if len(token) >= _ENDLESS:
        parts = [short for part in parts for short in _JOINT.split(part)]
    return [part for part in parts if part]


def _variant(face: str, kind: str) -> str:
    if face.startswith("mono"):
        return "mono-bold" if kind == "strong" else face
    bold = kind == "strong" or face.startswith("bold")
    italic = kind == "emphasis" or face.endswith("italic")
    if bold:
        return "bold-italic" if italic else "bold"
    return "italic" if italic else "regular"
