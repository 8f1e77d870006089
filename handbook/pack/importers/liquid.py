"""Evaluate the loops and conditions of Liquid in a page, with the data of its site."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from .sources import Sources, read_yaml_value

if TYPE_CHECKING:
    from pathlib import Path

    from liquid import Environment

_BLOCKS = ("for", "if", "unless", "case", "capture", "tablerow")
_BLOCK_TAG = re.compile(
    rf"\{{%-?\s*(?:(end)?({'|'.join(_BLOCKS)})|assign)\b(?:[^%{{]|%(?!\}})|\{{(?!%))*%\}}"
)
# What Jekyll adds to Liquid and is the same in a book.
_UNCHANGED = ("relative_url", "absolute_url", "markdownify", "smartify", "normalize_whitespace")
_LOOPS, _OUTPUT, _DEPTH = 100_000, 5_000_000, 30
_DATA = (".yml", ".yaml", ".json")


def _grouped(values: Any, key: Any, *_: Any) -> list[dict[str, Any]]:
    """Return mappings in groups of those that have the same value for a key, in order."""
    groups: dict[str, list[Any]] = {}
    for one in values if isinstance(values, list) else ():
        value = one.get(str(key)) if isinstance(one, dict) else None
        groups.setdefault("" if value is None else str(value), []).append(one)
    return [{"name": name, "items": items, "size": len(items)} for name, items in groups.items()]


def _sentence(values: Any, connector: str = "and", *_: Any) -> str:
    items = [str(one) for one in values] if isinstance(values, list) else [str(values)]
    if len(items) < 3:
        return f" {connector} ".join(items)
    return f"{', '.join(items[:-1])}, {connector} {items[-1]}"


# Filters of Jekyll that Liquid does not have.
_FILTERS: dict[str, Callable[..., Any]] = {
    "group_by": _grouped,
    "array_to_sentence_string": _sentence,
    "jsonify": lambda value, *_: json.dumps(value, ensure_ascii=False, default=str),
    "inspect": lambda value, *_: str(value),
    "number_of_words": lambda value, *_: len(str(value).split()),
    "to_integer": lambda value, *_: int(float(value)) if _is_number(value) else 0,
    "xml_escape": lambda value, *_: html.escape(str(value)),
    "cgi_escape": lambda value, *_: quote_plus(str(value)),
    "uri_escape": lambda value, *_: quote(str(value), safe="/:?&=#%+,;@"),
    "push": lambda values, one, *_: [*values, one] if isinstance(values, list) else values,
    "unshift": lambda values, one, *_: [one, *values] if isinstance(values, list) else values,
    "pop": lambda values, *_: values[:-1] if isinstance(values, list) else values,
    "shift": lambda values, *_: values[1:] if isinstance(values, list) else values,
}


def _is_number(value: Any) -> bool:
    return re.fullmatch(r"-?\d{1,15}(?:\.\d{1,15})?", str(value).strip()) is not None


Evaluate = Callable[[str, Mapping[str, Any]], "tuple[str, list[str]]"]


def replace_blocks(text: str, change: Callable[[str, str], str]) -> str:
    """Return text with each outermost block changed; `change` also gets the assignments above."""
    parts: list[str] = []
    place = depth = start = 0
    assigned = ""
    for match in _BLOCK_TAG.finditer(text):
        if match[2] is None:
            assigned += "" if depth else match[0]
        elif match[1]:
            depth -= 1
            if depth == 0:
                parts += [text[place:start], change(text[start : match.end()], assigned)]
                place = match.end()
            depth = max(depth, 0)
        else:
            start = start if depth else match.start()
            depth += 1
    return "".join([*parts, text[place:]])


def site_data(sources: Sources, folder: Path) -> dict[str, Any]:
    """Return what the files in `_data` hold, by their names."""
    data: dict[str, Any] = {}
    if not (folder / "_data").is_dir():
        return data
    for path in sources.walk(folder / "_data"):
        if path.suffix in _DATA:
            inner = data
            for name in path.relative_to(folder / "_data").parts[:-1]:
                inner = inner.setdefault(name, {})
            inner[path.stem] = read_yaml_value(sources.text(path))
    return data


def evaluator() -> Evaluate:
    """Return a function that gives what a template prints, and the names that it lacked.

    It raises ValueError for a template that cannot be evaluated, or that does too much work.
    """
    from liquid import Mode, Undefined
    from liquid.exceptions import LiquidError

    missing: list[str] = []

    class Missing(Undefined):
        """A name without a value; that it is asked whether there is one is not a loss."""

        def __iter__(self) -> Iterator[Any]:
            missing.append(str(self.name))
            return iter(())

        def __len__(self) -> int:
            missing.append(str(self.name))
            return 0

        def __str__(self) -> str:
            missing.append(str(self.name))
            return ""

    environment = _environment(Missing, Mode.STRICT)

    def evaluate(template: str, context: Mapping[str, Any]) -> tuple[str, list[str]]:
        missing.clear()
        try:
            printed = environment.from_string(template).render(**context)
        except (LiquidError, RecursionError) as problem:
            raise ValueError(str(problem)) from None
        return printed, [*missing]

    return evaluate


def _environment(undefined: Any, mode: Any) -> Environment:
    from liquid import Environment

    class Bounded(Environment):
        loop_iteration_limit = _LOOPS
        output_stream_limit = _OUTPUT
        context_depth_limit = _DEPTH

    environment = Bounded(tolerance=mode, undefined=undefined)
    for name in _UNCHANGED:
        environment.add_filter(name, lambda value, *rest: value)
    for name, change in _FILTERS.items():
        environment.add_filter(name, change)
    environment.add_filter(
        "slugify", lambda value, *rest: re.sub(r"[^a-z0-9]+", "-", str(value).casefold()).strip("-")
    )
    return environment
