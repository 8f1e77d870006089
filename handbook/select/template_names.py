"""Find the names that a chapter's template uses, without running it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeAlias

import jinja2
import jinja2.meta

from ..core.values import frozen
from ..pack.model import ChapterFile, Pack
from ..pack.schema import AXES
from .assemble import ChapterRenderer
from .selection import select


@frozen
class Needs:
    """The names that a chapter's text can depend on: names of the context, and other templates."""

    names: frozenset[str]
    templates: frozenset[str]


def needs_of(pack: Pack) -> dict[str, Needs]:
    """Return what each chapter's text, title and `when` ask for, by way of other templates too.

    Of a template that cannot be read, or is named only when it runs, every name is assumed.
    """
    renderer = ChapterRenderer(pack, select(pack, day=date(2000, 1, 1)))
    finder = _NameFinder(renderer)
    return {chapter.id: finder.needs(chapter) for chapter in pack.chapters}


# The names of a template that another one imports it for; None for all of them.
Wanted: TypeAlias = "frozenset[str] | None"
Importing: TypeAlias = "jinja2.nodes.Import | jinja2.nodes.FromImport"


class _NameFinder:
    """Finds the names of templates, each of which is parsed once."""

    def __init__(self, renderer: ChapterRenderer) -> None:
        self.environment = renderer.environment.overlay()
        # Jinja2 does not list names that are known.
        self.environment.globals = {}
        self.everything = frozenset(renderer.context)
        self._parsed: dict[str, jinja2.nodes.Template] = {}
        self._known: dict[tuple[str, Wanted], Needs] = {}

    def needs(self, chapter: ChapterFile) -> Needs:
        """Return what a chapter asks for."""
        when = "{{ " + chapter.when + " }}" if chapter.when else ""
        return _union([self._of_text(text) for text in (chapter.text, chapter.title, when)])

    def _of_text(self, text: str) -> Needs:
        if "{{" not in text and "{%" not in text:
            return NOTHING
        try:
            return self._of_tree(self.environment.parse(text))
        except jinja2.TemplateError:
            return Needs(self.everything, frozenset())

    def _of_tree(self, tree: jinja2.nodes.Template) -> Needs:
        names = jinja2.meta.find_undeclared_variables(tree)
        needs = [Needs(frozenset(names), frozenset())]
        for name, wanted in _references(tree):
            if name is None:
                needs.append(Needs(self.everything, frozenset()))
            else:
                needs.append(self._of_template(name, wanted))
        return _union(needs)

    def _of_template(self, name: str, wanted: Wanted) -> Needs:
        key = (name, wanted)
        if key not in self._known:
            # A template that leads to itself adds nothing.
            self._known[key] = NOTHING
            tree = self._tree(name)
            itself = Needs(frozenset(), frozenset([name]))
            part = tree if wanted is None else _part(tree, wanted)
            self._known[key] = _union([itself, self._of_tree(part)])
        return self._known[key]

    def _tree(self, name: str) -> jinja2.nodes.Template:
        if name not in self._parsed:
            loader = self.environment.loader
            source = loader.get_source(self.environment, name)[0] if loader else ""
            self._parsed[name] = self.environment.parse(source)
        return self._parsed[name]


NOTHING = Needs(frozenset(), frozenset())


def _union(some: Sequence[Needs]) -> Needs:
    return Needs(
        frozenset().union(*(one.names for one in some)),
        frozenset().union(*(one.templates for one in some)),
    )


def _references(tree: jinja2.nodes.Template) -> Iterator[tuple[str | None, Wanted]]:
    """Yield the templates that a tree uses, with the names it imports them for."""
    imports: list[Importing] = [
        *tree.find_all(jinja2.nodes.Import),
        *tree.find_all(jinja2.nodes.FromImport),
    ]
    named = {
        id(node): node.template.value
        for node in imports
        if isinstance(node.template, jinja2.nodes.Const) and not node.with_context
    }
    for node in imports:
        if id(node) in named:
            yield named[id(node)], _imported(tree, node)
    listed = list(jinja2.meta.find_referenced_templates(tree))
    for name in named.values():
        listed.remove(name)
    yield from ((name, None) for name in listed)


def _imported(tree: jinja2.nodes.Template, node: Importing) -> Wanted:
    if isinstance(node, jinja2.nodes.FromImport):
        return frozenset(name if isinstance(name, str) else name[0] for name in node.names)
    uses = sum(name.name == node.target for name in tree.find_all(jinja2.nodes.Name))
    attributes = [
        use.attr
        for use in tree.find_all(jinja2.nodes.Getattr)
        if isinstance(use.node, jinja2.nodes.Name) and use.node.name == node.target
    ]
    return frozenset(attributes) if uses == len(attributes) else None


def _part(tree: jinja2.nodes.Template, wanted: frozenset[str]) -> jinja2.nodes.Template:
    """Return what runs of a template if these of its macros are called."""
    macros = {node.name: node for node in tree.body if isinstance(node, jinja2.nodes.Macro)}
    kept = [node for node in tree.body if not isinstance(node, jinja2.nodes.Macro)]
    waiting = [*wanted, *_names_in(kept)]
    called: dict[str, jinja2.nodes.Macro] = {}
    while waiting:
        name = waiting.pop()
        if name in macros and name not in called:
            called[name] = macros[name]
            waiting += _names_in([macros[name]])
    part = jinja2.nodes.Template([*kept, *called.values()], lineno=1)
    part.environment = tree.environment
    return part


def _names_in(some: Sequence[jinja2.nodes.Node]) -> Iterator[str]:
    for node in some:
        yield from (name.name for name in node.find_all(jinja2.nodes.Name))


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
    name = owner.name if isinstance(owner, jinja2.nodes.Name) else ""
    return name if f"{name}s" in AXES else ""
