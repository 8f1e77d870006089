"""Find conditions in templates that name a role, path, plan or field the pack does not have."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.diagnostics import Diagnostic, Source, suggest
from ..pack.model import Pack
from ..select.conditions import WORDS, ids
from ..select.template_names import compared_ids, given_names


def unknown_in_templates(pack: Pack) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each `role.id == "sree"`, `"nmae" in given` that the pack lacks."""
    known = {word: ids(pack, word) for word in WORDS}
    for chapter in pack.chapters:
        for word, value, line in compared_ids(chapter):
            if value not in known[word]:
                yield Diagnostic.at(
                    Source(chapter.file, line),
                    f"unknown {word} {value!r} in a condition",
                    suggest(value, known[word]) if known[word] else f"this handbook has no {word}s",
                    f"unknown-{word}",
                )
        for name, line in given_names(chapter):
            if name not in pack.fields:
                yield Diagnostic.at(
                    Source(chapter.file, line),
                    f"unknown field {name!r} in a condition",
                    suggest(name, pack.fields),
                    "unknown-field",
                )
