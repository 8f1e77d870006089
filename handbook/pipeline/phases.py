"""Run the phases in order: from a pack and a selection to an edition, then to a copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core.diagnostics import Diagnostic, DiagnosticCollector, HandbookError
from ..core.files import CONFIG
from ..core.i18n import translations_for
from ..document.fields import FIELD, FieldSpecs
from ..document.nodes import Diagram, Document, Image, walk
from ..pack.model import Pack
from ..select.assemble import assemble
from ..select.conditions import conditions_of
from ..select.metadata import edition_metadata
from ..select.selection import Selection
from ..theme.brand.loader import PLACE, back_logo, cover_logo
from ..theme.brand.model import Brand

if TYPE_CHECKING:
    from ..layout.chapter_cache import ChapterCache as Layouts
    from ..markdown.conditional_blocks import ConditionResult
    from ..pdf.catalog.attachments import Attachment
    from ..pdf.edition import Edition
    from ..select.assemble import AssembledChapter
    from ..theme.theme import Theme


class DocumentCache:
    """The parts of the last document, reused by the next one."""

    def __init__(self) -> None:
        from ..document.term_links import TermLinkCache as Woven
        from ..markdown.incremental import ReadingCache as Readings
        from ..select.assembly_cache import AssemblyCache

        self.assembly = AssemblyCache()
        self.readings = Readings()
        self.woven = Woven()


def document_of(
    pack: Pack,
    selection: Selection,
    draft: bool = False,
    cache: DocumentCache | None = None,
    coverage: bool = False,
    share: bool = False,
) -> Document:
    """Return the document that `selection` yields.

    In a `draft`, a picture that is missing or broken is a warning, and a box on the page.  With
    `coverage`, the words of each chapter are compared with those of its source.  A second process
    may `share` the work.

    Raises:
        HandbookError: If the content has errors.
    """
    from ..document.accessibility import undescribed_pictures
    from ..document.term_links import link_terms
    from ..markdown import Rules, parse
    from ..markdown.conditional_blocks import filter_blocks

    problems = DiagnosticCollector()
    judge = conditions_of(pack, selection)
    chapters: list[AssembledChapter] = []
    left_out: list[ConditionResult] = []
    assembly = cache.assembly.assemble if cache else assemble
    for assembled in assembly(pack, selection, share):
        with problems:
            chapter, judged = filter_blocks(assembled, judge)
            chapters.append(chapter)
            left_out += [each for each in judged if not each.verdict.is_met]
    problems.check()
    rules = Rules(pack.lenient, draft, pack.folder, coverage)
    try:
        document = parse(
            chapters,
            edition_metadata(pack, selection),
            _fields(pack, selection.brand),
            rules,
            cache.readings if cache else None,
            share,
        )
    except HandbookError as problem:
        raise _explained(problem, pack, {c.id for c in chapters}, left_out) from None
    if not (pack.lenient or draft) and (undescribed := undescribed_pictures(document)):
        raise HandbookError(*undescribed)
    logos = _logos(selection.brand) if selection.brand else {}
    document = replace(
        document,
        provided_fields=selection.provided_fields,
        logos=logos,
        warnings=pack.warnings + document.warnings,
    )
    terms = [str(term) for term in pack.config.get("index") or ()]
    return link_terms(document, terms, cache.woven if cache else None)


def _explained(
    problem: HandbookError, pack: Pack, taken: set[str], left_out: Sequence[ConditionResult]
) -> HandbookError:
    """Return the same, where links lead to what this selection leaves out saying so."""

    def place(target: str) -> str:
        sign = re.compile(rf"\{{[^}}\n]*#{re.escape(target)}(?![\w.:-])")
        for judged in left_out:
            if sign.search(judged.text):
                verdict = judged.verdict
                return f"{verdict.source} is only for {verdict.condition}, and {verdict.why}"
        for chapter in pack.chapters:
            if chapter.id not in taken and (chapter.id == target or sign.search(chapter.text)):
                return f"{chapter.file} is only there when {chapter.only or chapter.when}"
        return ""

    diagnostics: list[Diagnostic] = []
    for one in problem.diagnostics:
        match = re.match(r"a link to nowhere: #(.+)", one.message)
        why = place(match[1]) if match else ""
        diagnostics.append(
            replace(one, hint=f"this selection leaves it out: {why}") if why else one
        )
    return HandbookError(*diagnostics)


def _fields(pack: Pack, brand: Brand | None) -> FieldSpecs:
    """Return the pack's fields; where a brand says where copies are looked up, that is their
    address.
    """
    if brand is None or not brand.copies:
        return pack.fields
    address = brand.copies.replace(PLACE, f"{{{FIELD}}}")
    lookup_fields = {
        name: replace(pack.fields[name], default=address)
        for name in ("code", "address")
        if name in pack.fields
    }
    return FieldSpecs({**pack.fields, **lookup_fields})


def _logos(brand: Brand) -> dict[str, Image]:
    """Return the logo for the cover or certificate, that for the back page, and the picture."""
    front, back = cover_logo(brand), back_logo(brand)
    logos = {"cover": front, "certificate": front, "back-cover": back, "field": brand.picture}
    return {layout: image for layout, image in logos.items() if image}


def theme_of(name: str, brand: Brand | None = None) -> Theme:
    """Return the theme `name`, in the colours and fonts of a brand."""
    from ..theme.loader import load_theme

    theme = load_theme(name)
    if brand is None:
        return theme
    from ..theme.brand.apply import apply_brand

    return apply_brand(theme, brand).theme


def edition_of(
    document: Document,
    selection: Selection,
    theme: str = "default",
    attach: bool = False,
    cache: Layouts | None = None,
    keep: bool = False,
    share: bool = False,
    laid_out: Callable[[], object] = lambda: None,
) -> Edition:
    """Return the edition of a document, ready to be filled; `attach` puts its data into it.

    A `cache` of what was laid out before makes it quicker, and no other; with `keep`, this edition
    is in it for the next.  A second process may `share` the work.  `laid_out` is called before the
    book is written.
    """
    from ..layout.book import lay_out
    from ..pdf.edition_writer import make_edition, write_ahead

    book = lay_out(
        document,
        theme_of(theme, selection.brand),
        selection.paper,
        selection.print_options,
        cache,
        share,
        write_ahead,
        keep,
    )
    laid_out()
    if cache and not keep:
        cache.forget()
    files: list[Attachment] = []
    if attach:
        from .attachments import attachments

        files = attachments(document, selection)
    standard = selection.print_options.standard
    meta, fields = document.meta, document.fields
    # The tree of a long book takes as much memory as writing it.
    del document
    return make_edition(book, meta, fields, files, standard, keep, share)


def advice_of(
    document: Document, theme: str = "default", brand: Brand | None = None
) -> list[Diagnostic]:
    """Return warnings: problems that do not stop a build, but that readers would notice."""
    from ..document.accessibility import accessibility_warnings
    from ..theme.contrast import contrast_advice
    from ..theme.loader import load_theme
    from ..theme.sizes import size_advice

    # A description that is made from a diagram is good enough to build, not to publish: `check`.
    noticed = [one for one in accessibility_warnings(document) if one.code != "diagram-words"]
    warnings = {*noticed, *_untranslated(document), *document.warnings, *_undrawn(document)}
    if brand is None:
        chosen = load_theme(theme)
        return sorted({*warnings, *contrast_advice(chosen), *size_advice(chosen)})
    from ..theme.brand.apply import apply_brand, glyph_advice

    picture_findings = apply_brand(load_theme(theme), brand)
    return sorted({*warnings, *picture_findings.advice, *glyph_advice(picture_findings, document)})


def _undrawn(document: Document) -> list[Diagnostic]:
    """Warn of the diagrams whose source a lenient pack prints."""
    blocks = (block for chapter in document.chapters for block in walk(chapter.blocks))
    lenient = [block for block in blocks if isinstance(block, Diagram) and block.lenient]
    if not lenient:
        return []
    from ..layout.figure.diagram import diagram_problems

    return list(diagram_problems(lenient))


def edition_warnings(edition: Edition) -> list[Diagnostic]:
    """Warn of what layout made worse, and if an edition claims less than PDF/UA, with the cause."""
    if not edition.barriers:
        return [*edition.advice]
    from ..pdf.catalog.conformance import STANDARDS

    requested = STANDARDS[edition.wanted].name
    causes = "; ".join(edition.barriers)
    return [
        *edition.advice,
        Diagnostic.at(
            CONFIG,
            f"the PDF is {STANDARDS[edition.conformance].name}, not {requested}: {causes}",
            "the PDF conforms to more once this is fixed",
            "claim",
            "warning",
        ),
    ]


def _untranslated(document: Document) -> Iterator[Diagnostic]:
    """Yield a warning where the built-in words are not in the book's language."""
    words = translations_for(document.meta.language)
    if not words.translated:
        yield Diagnostic.at(
            CONFIG,
            f"there are no built-in words in {words.language!r}, so "
            "'Page 1 of 9', 'Note' and their like are English",
            "translate them: docs/languages.md says how",
            "untranslated",
            "warning",
        )


def build(
    pack: Pack,
    selection: Selection,
    values: Mapping[str, str] | None = None,
    theme: str = "default",
    attach: bool = False,
) -> bytes:
    """Return one copy of the edition of `selection`, its fields filled with `values`, as a PDF."""
    edition = edition_of(document_of(pack, selection), selection, theme, attach)
    return edition.fill(edition.with_copy_number(values or {}))
