"""Run templates without access to Python, and with bounds on their work.

Every turn of a loop, call, include and filter is a step, and long strings cost more; when the
steps of one template are used up, it ends with an error.  Strings have a largest length, checked
before they are made.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..core.diagnostics import HandbookError, error
from ..core.files import exists, files_below, is_folder, outside, read_bytes
from ..core.limits import limits, over_limit
from ..core.yaml_source import SourcedDict

# A width, count or precision that a template asks for is no larger.
LARGEST_NUMBER = 10_000
# Integers have no more bits.
LARGEST_BITS = 20_000
# This many characters of a string cost a step.
CHARACTERS_A_STEP = 50
# After this many steps the clock is asked.
STEPS_A_LOOK = 2_000
# Methods of strings that make longer ones, by what bounds them.
_PADDED = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs"})
_GUARDED = _PADDED | {"format", "format_map", "replace", "join", "translate"}
# Filters whose numbers say how much they make.
_SIZED = frozenset(
    ["batch", "center", "indent", "round", "slice", "tojson", "truncate", "wordwrap"]
)
_PERCENT_WIDTH = re.compile(r"%[^%a-zA-Z]*(?:\*|\d{5})")
_FORMAT_WIDTH = re.compile(r":[^{}:]*(?:\d{5}|\{)")


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, in which a row's own keys come before the attributes of Python's dict."""

    intercepted_binops = frozenset(("*", "**", "+", "%"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.steps = 0
        self.deadline = 0.0
        self.limits = limits()
        self.globals.pop("lipsum", None)
        for name, function in [*self.filters.items()]:
            self.filters[name] = self._bounded_filter(name, function)
        self.filters["_counted"] = self.counted
        self.filters["_joined"] = self._joined
        self.concat = self._concat  # type: ignore[method-assign]

    def start(self) -> None:
        """Begin another template, which has all its steps to go."""
        self.steps = 0
        self.limits = limits()
        self.deadline = time.process_time() + self.limits.template_seconds

    # ------------------------------------------------------------------ counting

    def spend(self, steps: int) -> None:
        """Count steps.

        Raises:
            HandbookError: when there are too many.
        """
        before, self.steps = self.steps, self.steps + steps
        if self.steps > self.limits.template_steps:
            raise over_limit("the template does too much work", "template_steps")
        asked = before // STEPS_A_LOOK != self.steps // STEPS_A_LOOK
        if asked and self.deadline and time.process_time() > self.deadline:
            raise over_limit("the template runs too long", "template_seconds")

    def counted(self, values: Any) -> Any:
        """Return `values`, each of which is a step of a loop."""
        if isinstance(values, Sized):
            self.spend(1 + len(values))
            return values
        return self._counted_one_by_one(values) if isinstance(values, Iterable) else values

    def _counted_one_by_one(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.spend(1)
            yield value

    def checked(self, value: Any) -> Any:
        """Return `value`, if it is no longer than a string may be, and count it."""
        if isinstance(value, (str, bytes)):
            self._check_length(len(value))
        elif isinstance(value, (list, tuple, dict, set)):
            self.spend(1 + len(value))
        return value

    def _check_length(self, length: int) -> None:
        if length > self.limits.template_string:
            raise over_limit("the template makes a string that is too long", "template_string")
        self.spend(1 + length // CHARACTERS_A_STEP)

    def _concat(self, parts: Iterable[str]) -> str:
        listed = list(parts)
        self._check_length(sum(map(len, listed)))
        return "".join(listed)

    def _joined(self, parts: Iterable[Any]) -> str:
        """Join values as `~` does."""
        return self._concat(map(str, parts))

    def _load_template(self, name: str, globals: Any) -> jinja2.Template:
        self.spend(1)
        return super()._load_template(name, globals)

    # ------------------------------------------------------------------- parsing

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = _with_counts(super()._parse(source, name, filename))
        return parsed

    # ------------------------------------------------------------------ guarding

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return a sum, product, power or formatted string, unless it would be too large."""
        if operator == "%" and isinstance(left, (str, bytes)):
            text = left if isinstance(left, str) else left.decode("latin-1")
            if _PERCENT_WIDTH.search(text):
                raise _too_large("the width in a format")
        elif all(isinstance(value, Sized) for value in (left, right)):
            self._check_length(len(left) + len(right))
        elif operator == "*" and any(isinstance(value, Sized) for value in (left, right)):
            sized, times = (left, right) if isinstance(left, Sized) else (right, left)
            if isinstance(times, int):
                self._check_length(len(sized) * max(times, 0))
        elif isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length()
            bits = bits * abs(right) if operator == "**" else bits + right.bit_length()
            if bits > LARGEST_BITS:
                raise _too_large(f"the result of {operator}")
        return self.checked(super().call_binop(context, operator, left, right))

    def call(self, context: Any, function: Any, *arguments: Any, **named: Any) -> Any:
        """Call a function or macro for a template."""
        self.spend(1)
        return self.checked(super().call(context, function, *arguments, **named))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return `obj.attribute`."""
        if isinstance(obj, SourcedDict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, str) and attribute in _GUARDED:
            return functools.partial(self._guarded, obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return `obj[argument]`."""
        if isinstance(obj, str) and isinstance(argument, str):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may have an attribute as it is."""
        if isinstance(obj, (bytes, bytearray)) or (isinstance(obj, str) and attr in _GUARDED):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def _guarded(self, text: str, name: str, *arguments: Any, **named: Any) -> Any:
        """Call a method of a string that may make a far longer one."""
        if name in _PADDED:
            _check_numbers([*arguments, *named.values()], name)
        elif name in ("format", "format_map"):
            if _FORMAT_WIDTH.search(text):
                raise _too_large("the width in a format")
            return self.checked(super().getattr(text, name)(*arguments, **named))
        elif name == "replace" and len(arguments) >= 2:
            self._check_replacement(text, *arguments[:2])
        elif name == "join" and arguments:
            parts = list(self.counted(arguments[0]))
            self._check_length(sum(len(str(part)) + len(text) for part in parts))
            arguments = (parts,)
        elif name == "translate":
            raise SecurityError("templates cannot use translate")
        return self.checked(getattr(text, name)(*arguments, **named))

    def _check_replacement(self, text: str, old: Any, new: Any) -> None:
        count = str(text).count(str(old)) if old else len(str(text)) + 1
        self._check_length(len(str(text)) + count * len(str(new)))

    def _bounded_filter(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter that counts what it makes, and refuses numbers that are too large."""

        @functools.wraps(function)
        def bounded(*arguments: Any, **named: Any) -> Any:
            self.spend(1)
            positional = [value for value in arguments if not isinstance(value, jinja2.Environment)]
            if name in _SIZED:
                _check_numbers([*positional[1:], *named.values()], name)
            elif name == "format" and positional:
                if _PERCENT_WIDTH.search(str(positional[0])):
                    raise _too_large("the width in a format")
            elif name == "replace" and len(positional) >= 3:
                self._check_replacement(str(positional[-3]), positional[-2], positional[-1])
            elif name == "join" and len(positional) >= 2 and isinstance(positional[-2], Sized):
                self._check_length(len(positional[-2]) * (1 + len(str(positional[-1]))))
            return self.checked(function(*arguments, **named))

        return bounded


def _check_numbers(values: Iterable[Any], name: str) -> None:
    for value in values:
        if isinstance(value, (int, float)) and not abs(value) <= LARGEST_NUMBER:
            raise _too_large(f"a number for {name}")


def _too_large(what: str) -> HandbookError:
    return error(f"template error: {what} is too large", code="limit")


def _with_counts(node: Any) -> Any:
    """Return a template whose loops count their turns, and whose `~` counts its characters."""
    for name in node.fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for place, item in enumerate(value):
                if isinstance(item, nodes.Node):
                    value[place] = _replaced(_with_counts(item))
        elif isinstance(value, nodes.Node):
            setattr(node, name, _replaced(_with_counts(value)))
    if isinstance(node, nodes.For):
        node.iter = _filtered(node.iter, "_counted")
    return node


def _replaced(node: Any) -> Any:
    if isinstance(node, nodes.Concat):
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_joined")
    return node


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


class TemplateLoader(jinja2.FileSystemLoader):
    """Finds templates in the folders of a pack, and reads none outside of `roots`."""

    def __init__(self, folders: list[Path], roots: tuple[Path, ...]) -> None:
        super().__init__([str(folder) for folder in folders])
        self.roots = roots

    def list_templates(self) -> list[str]:
        """Return the names of the templates that may be read."""
        return sorted(
            {
                path.relative_to(folder).as_posix()
                for folder in map(Path, self.searchpath)
                if not outside(folder, self.roots)
                for path in files_below(folder, self.roots)
            }
        )

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        """Return the text, the path, and whether it is still the same."""
        from jinja2.loaders import split_template_path

        if isinstance(environment, Sandbox):
            environment.spend(1)
        parts = split_template_path(template)
        for folder in self.searchpath:
            path = Path(folder, *parts)
            if "\0" in template or not exists(path) or is_folder(path):
                continue
            if reason := outside(path, self.roots):
                raise error(f"the template {template!r} {reason}", code="outside")
            try:
                text = read_bytes(path, "text_bytes").decode("utf-8")
            except OSError as problem:
                words = f"the template {template!r} cannot be read: {problem.strerror}"
                raise error(words, code="file") from None
            except UnicodeDecodeError:
                raise error(f"the template {template!r} is not UTF-8", code="encoding") from None
            return text, str(path), lambda: True
        raise jinja2.TemplateNotFound(template)
