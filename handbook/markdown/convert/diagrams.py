"""Convert fences of diagrams: mermaid and dot."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec

KINDS = {"mermaid": "mermaid", "mmd": "mermaid", "dot": "dot", "graphviz": "dot", "gv": "dot"}
_TITLE = re.compile(r"^[ \t]*accTitle\s*:\s*(.+)$", re.M)
_WORDS = re.compile(r"^[ \t]*accDescr\s*(?::\s*(.+)$|\{([^}]*)\})", re.M)


def kind_of(language: str) -> str:
    """Return the kind of diagram that a fence of this language is, empty if it is code."""
    return KINDS.get(language.strip("{}. ").lower(), "")


def is_installed(kind: str) -> bool:
    """Return whether the engine of a kind can be used here."""
    engine = shutil.which("dot") if kind == "dot" else find_spec("merman")
    return bool(engine and find_spec("cssselect2") and find_spec("tinycss2"))


def alternative(text: str, attributes: dict[str, str]) -> str:
    """Return what the author says that the diagram shows."""
    if written := attributes.get("alt", ""):
        return written
    title, words = _TITLE.search(text), _WORDS.search(text)
    if words is None:
        return ""
    description = " ".join((words[1] or words[2]).split())
    return f"{title[1].strip().rstrip('.')}. {description}" if title else description


def hint(kind: str) -> str:
    """Return how to get the engine of a kind."""
    if kind == "dot":
        return "run: pip install 'handbook[diagrams]', and install Graphviz (its program dot)"
    return "run: pip install 'handbook[diagrams]'"
