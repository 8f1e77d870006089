"""Say what went wrong in a template, without words of Python."""

from __future__ import annotations

import re

import jinja2

# What Python and Jinja2 say, as a pattern, and what authors read; `_KINDS` names types.
_PLAIN = {
    r"'?([\w.]+) object'? has no (?:attribute|element) (.+)": "{0} has no {1}",
    r"'None' has no attribute (.+)": "an empty value has no {0}",
    r"(?:dict|list|tuple) object has no element (.+)": "there is no element {0}",
    r".*index out of range": "a list has fewer elements than that",
    r"unsupported operand type\(s\) for (\S+?):? '(\w+)' and '(\w+)'":
        "{1} {0} {2} is not possible",
    r"can only concatenate (\w+) \(not \"(\w+)\"\) to \w+": "{0} + {1} is not possible",
    r"'(\S+)' not supported between instances of '(\w+)' and '(\w+)'":
        "{1} {0} {2} is not possible",
    r"'(\w+)' object is not (iterable|callable|subscriptable)": "{0} is not {1}",
    r"object of type '(\w+)' has no len\(\)": "{0} has no length",
    r"bad operand type for unary (\S+): '(\w+)'": "{0} {1} is not possible",
    r"(?:float |integer )?division (?:by zero|or modulo by zero)": "a division by zero",
    r"invalid literal for int\(\) with base \d+: (.+)": "{0} is not a whole number",
    r"Invalid isoformat string: (.+)": "{0} is not a date (YYYY-MM-DD)",
    r"could not convert string to float: (.+)": "{0} is not a number",
    r".*(?:number|integer)(?: is required)?, not (\w+)": "{0} is not a number",
}  # fmt: skip
LONGEST = 400
_KINDS = {
    "SourcedDict": "the row", "dict": "the mapping", "SourcedStr": "text", "str": "text",
    "int": "a number", "float": "a number", "WrittenFloat": "a number",
    "bool": "yes or no", "list": "a list", "tuple": "a list", "NoneType": "nothing",
    "date": "a date", "datetime": "a date",
    "Undefined": "an undefined value", "StrictUndefined": "an undefined value",
    "iterable": "a list", "callable": "a function", "subscriptable": "a list or a row",
}  # fmt: skip


def plain_message(problem: BaseException) -> str:
    """Return what went wrong in a template, without words of Python."""
    if isinstance(problem, jinja2.TemplateNotFound):
        return f"there is no template {problem.name!r}"
    # A name in it may be as long as the chapter.
    text = str(problem)[:LONGEST].partition("\n")[0]
    for pattern, plain in _PLAIN.items():
        if match := re.fullmatch(pattern, text):
            return plain.format(*map(_plain_word, match.groups()))
    if isinstance(problem, (jinja2.TemplateError, OverflowError)):
        return re.sub(r"'?[\w.]*?(\w+)'? object'?", lambda match: _plain_word(match[1]), text)
    if isinstance(problem, TypeError) and "argument" in text:
        return "a function or filter was called with the wrong arguments"
    return f"an expression cannot be computed: {text}" if text else "an expression failed"


def _plain_word(word: str) -> str:
    name = word if "'" in word else word.rpartition(".")[2]
    return _KINDS.get(name, name)
