"""Find the names that a chapter's template uses, without running it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date

import jinja2
import jinja2.meta

from ..core.values import frozen
from ..pack.model import ChapterFile, Pack
from ..pack.schema import AXES
from ..select.assemble import ChapterRenderer
from ..select.selection import select


@frozen
class Needs:
    """The names that a chapter's text can depend on: names of the context, and other templates."""

    names: frozenset[str]
    templates: frozenset[str]


def needs_of(pack: Pack) -> dict[str, Needs]:
    """Return what each chapter's text, title and `when` ask for, by way of included templates too.

    Of a template that cannot be read, or is named only when it runs, every name is assumed.
    """
    workshop = ChapterRenderer(pack, select(pack, day=date(2000, 1, 1)))
    return {chapter.id: _needs(workshop, chapter) for chapter in pack.chapters}


def _needs(workshop: ChapterRenderer, chapter: ChapterFile) -> Needs:
    environment = workshop.environment.overlay()
    # Jinja2 does not list names that are known.
    environment.globals = {}
    everything = set(workshop.context)
    texts = [chapter.text, chapter.title, "{{ " + chapter.when + " }}" if chapter.when else ""]
    names: set[str] = set()
    seen: set[str] = set()
    while texts:
        text = texts.pop()
        if "{{" not in text and "{%" not in text:
            continue
        try:
            tree = environment.parse(text)
            names |= jinja2.meta.find_undeclared_variables(tree)
            for name in jinja2.meta.find_referenced_templates(tree):
                if name is None:
                    names |= everything
                elif name not in seen and environment.loader is not None:
                    seen.add(name)
                    texts.append(environment.loader.get_source(environment, name)[0])
        except jinja2.TemplateError:
            names |= everything
    return Needs(frozenset(names), frozenset(seen))


def compared_ids(chapter: ChapterFile) -> Iterator[tuple[str, str, int]]:
    """Yield each `role.id == "sre"` in a chapter and its `when`: (role, sre, line); path and plan
    too.
    """
    for tree, offset in _trees(chapter):
        for node in tree.find_all(jinja2.nodes.Compare):
            yield from _compared(node, offset)


def given_names(chapter: ChapterFile) -> Iterator[tuple[str, int]]:
    """Yield each `"learner" in given` in a chapter and its `when`: the field's name and line."""
    for tree, offset in _trees(chapter):
        for node in tree.find_all(jinja2.nodes.Compare):
            asks = any(
                operand.op in ("in", "notin")
                and isinstance(operand.expr, jinja2.nodes.Name)
                and operand.expr.name == "provided_fields"
                for operand in node.ops
            )
            if asks and isinstance(node.expr, jinja2.nodes.Const):
                yield str(node.expr.value), node.lineno + offset


def _trees(chapter: ChapterFile) -> Iterator[tuple[jinja2.nodes.Template, int]]:
    """Yield the templates of a chapter, read, with the lines above them."""
    environment = jinja2.Environment(comment_start_string="{##", comment_end_string="##}")
    texts = [(chapter.text, chapter.first_line - 1)]
    if chapter.when:
        texts.append(("{{ " + chapter.when + " }}", chapter.when_line - 1))
    for text, offset in texts:
        if "{{" in text or "{%" in text:
            with contextlib.suppress(jinja2.TemplateError):
                yield environment.parse(text), offset


def _compared(node: jinja2.nodes.Compare, offset: int) -> Iterator[tuple[str, str, int]]:
    sides = [node.expr, *(operand.expr for operand in node.ops)]
    word = next((w for w in map(_axis_of, sides) if w), "")
    for side in sides if word else ():
        items = side.items if isinstance(side, (jinja2.nodes.List, jinja2.nodes.Tuple)) else [side]
        for item in items:
            if isinstance(item, jinja2.nodes.Const) and isinstance(item.value, (str, int)):
                yield word, str(item.value), node.lineno + offset


def _axis_of(node: jinja2.nodes.Node) -> str:
    """Return `role` for the expression `role.id`, and so on; "" for any other."""
    named = isinstance(node, jinja2.nodes.Getattr) and node.attr == "id"
    owner = node.node if named else None  # type: ignore[attr-defined]
    found = owner.name if isinstance(owner, jinja2.nodes.Name) else ""
    return found if f"{found}s" in AXES else ""
