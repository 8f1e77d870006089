"""Print the names of emoji as the emoji themselves."""

from __future__ import annotations

import re

from .model import Book, Page
from .rewriting import substitute

_NAME = re.compile(r"(?<![\w:/])(\\?):([a-z0-9_+][a-z0-9_+-]*):(?![\w/])")


def emoji_names(text: str, page: Page, book: Book) -> str:
    """Replace `:tada:` by its character; one that no font has by its words in brackets."""

    def replace(match: re.Match[str]) -> str:
        char = "" if match[1] else character(match[2])
        if not char:
            return match[0]
        book.report.changed["names of emoji replaced"] += 1
        return char

    return substitute(_NAME, replace, text)


def character(name: str) -> str:
    """Return the emoji of a name as GitHub has it, its words if it cannot be printed, or nothing."""
    import emoji

    from ...fonts.fallback import drawable

    char = emoji.emojize(f":{name}:", language="alias", variant="emoji_type")
    if char == f":{name}:":
        return ""
    if all(drawable(one) for one in char if one not in "\ufe0f\u200d"):
        return char
    return f"[{name.replace('_', ' ')}]"
