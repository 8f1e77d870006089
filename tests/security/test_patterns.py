"""No regular expression of the package takes longer than in proportion to what it is given."""

from __future__ import annotations

import ast
import importlib
import re
import time
from functools import lru_cache
from pathlib import Path

import pytest

from handbook.core.patterns import late

Late = type(late(""))
PACKAGE = Path(__file__).parents[2] / "handbook"
CALLS = {"compile", "sub", "subn", "search", "match", "findall", "split", "finditer", "fullmatch"}
FLAGS = ("DOTALL", "MULTILINE", "VERBOSE", "IGNORECASE", "ASCII")
# Seconds below which nothing is measured.
WORTH = 0.0003
# Patterns of which a part is known to compare much with much, and what bounds their text.
BOUNDED = {
    "(.+?)\\s*<{0,2}-{1,2}(?:>{1,2}|[x)])\\s*[+-]?\\s*([^:]+?)\\s*:\\s*(.*)": "lines of at most 1,000 characters",
    "'?[\\w.]*?(\\w+)'? object'?": "a message of at most 400 characters",
    "(?i)[T ,]+\\d{1,2}[:.h]\\d{2}.*\\Z|\\s+(mo|di|mi|do|fr|sa|so)\\b.*\\Z": "100 characters of a cell",
    "```.*?```|`[^`\\n]*`|<[^>\\n]*>|\\]\\([^)\\n]*\\)|https?://\\S+|\\{[^{}\\n]*\\}": "a sample",
    "\\[([^\\]]*)\\]": "matched at one place, in a piece of a paragraph",
    "([^\\d]*[\\d\\s,\\u202f\\u00a0]+)(.*)": "matched from the beginning of a cell",
    "([^\\d]*[\\d\\s.\\u202f\\u00a0]+)(.*)": "matched from the beginning of a cell",
    "([ ]*)([-*+]|\\d+[.)])?[ ]*\\[(.*)\\]\\([ ]*<?((?:[^)> ]|[ ]+(?![ >)\\\"']))*)>?"
    "(?:[ ]+[\\\"'].*[\\\"'])?[ ]*\\)[ ]*$": "lines of at most 4,000 characters",
    "<(a|span)\\b[^>]*>\\s*</\\1>|<a\\b[^>]*/>|</?(?:p|div|center|br)\\b[^>]*>|<!--.*?-->|\\[\\]\\([^)]*\\)"
    "|\\{[:#][^{}]*\\}|\\([\\w-]+\\)=$": "lines of at most 1,000 characters",
    "\x02([^\x03]*)\x03": "signs that are taken out of every text before it is read",
    "\\[!\\[[^\\]]*\\](?:\\([^)]*\\)|\\[[^\\]]*\\])\\](?:\\([^)]*\\)|\\[[^\\]]*\\])"
    "|!\\[[^\\]]*\\](?:\\([^)]*\\)|\\[[^\\]]*\\])|<img\\b[^<>]*>"
    "|<a\\b[^<>]*>\\s*<img\\b[^<>]*>\\s*</a>": "lines of at most 1,000 characters",
}  # fmt: skip


def _uses(text: str) -> dict[str, set[str]]:
    """Return which methods are called on which names."""
    used: dict[str, set[str]] = {}
    for name, call in re.findall(rf"\b([A-Za-z_]\w*)\.({'|'.join(sorted(CALLS))})\(", text):
        used.setdefault(name, set()).add(call)
    return used


# Not while tests are collected: it reads and imports the whole package.
@lru_cache(maxsize=1)
def patterns() -> dict[tuple[str, int], set[str]]:
    """Return every pattern of the package, with how it is used."""
    found: dict[tuple[str, int], set[str]] = {}
    texts = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    everywhere = _uses("\n".join(texts.values()))
    for path, text in texts.items():
        used = _uses(text)
        for name, pattern in _named(path):
            uses = used.get(name) or everywhere.get(name) or {"search"}
            found.setdefault((pattern.pattern, pattern.flags & ~int(re.U)), set()).update(uses)
    compiled = {pattern for pattern, _ in found}
    for text in texts.values():
        for call, written, flags in _written(text):
            if call != "compile":
                found.setdefault((written, flags), set()).add(call)
            elif written not in compiled:
                found.setdefault((written, flags), {"search"})
    return found


def _named(path: Path) -> list[tuple[str, re.Pattern[str]]]:
    """Return the patterns that are names of a module: those put together of parts too."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    if parts[-1] == "__main__":
        return []
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    return [
        (name, re.compile(value.pattern, value.flags))
        for name, value in vars(module).items()
        if type(value) in (re.Pattern, Late) and isinstance(value.pattern, str)
    ]


def _written(text: str) -> list[tuple[str, str, int]]:
    """Return the patterns that are written where they are used: the method, the pattern, its flags."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner, call = node.func.value, node.func.attr
        if not (isinstance(owner, ast.Name) and owner.id == "re" and call in CALLS and node.args):
            continue
        pattern = node.args[0]
        if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
            written = ast.unparse(node)
            flags = sum(int(getattr(re, one)) for one in FLAGS if f"re.{one}" in written)
            found.append((call, pattern.value, flags))
    return found


def attacks(pattern: str) -> list[str]:
    """Return what to repeat: each sign and word of the pattern, alone and with another sign."""
    signs = set(re.sub(r"\\[a-zA-Z]", "", pattern)) | set(" a12\n\t")
    words = set(re.findall(r"[A-Za-z<>{}\[\]()/!#`~:*-]{2,12}", pattern))
    pairs = {sign + other for sign in signs for other in "a \n1\"'" if sign != other}
    return sorted({*signs, *words, *pairs, *(word + " " for word in words)})


def seconds(compiled: re.Pattern[str], method: str, text: str) -> float:
    start = time.process_time()
    getattr(compiled, method)(text)
    return time.process_time() - start


def test_there_are_patterns() -> None:
    assert len(patterns()) > 300
    assert sum("search" in uses for uses in patterns().values()) > 20


def test_what_is_known_to_be_bounded_is_there() -> None:
    assert set(BOUNDED) <= {pattern for pattern, _ in patterns()}


def grows_with_square(compiled: re.Pattern[str], method: str, attack: str) -> bool:
    """Return whether four times the text takes sixteen times as long, whatever else runs."""
    size = 1_500 // len(attack)
    if seconds(compiled, method, attack * size) < WORTH:
        return False
    # A machine that is busy makes one of them slow, but not the same one five times.
    for _ in range(5):
        short = min(seconds(compiled, method, attack * size) for _ in range(3))
        if seconds(compiled, method, attack * size * 4) < short * 9:
            return False
    return True


@pytest.mark.parametrize("part", range(8))
@pytest.mark.timeout(300)
def test_no_pattern_compares_everything_with_everything(part: int) -> None:
    slow = []
    for pattern, flags in sorted(patterns())[part::8]:
        if pattern in BOUNDED:
            continue
        compiled = re.compile(pattern, flags)
        anchored = patterns()[pattern, flags] <= {"match", "fullmatch"}
        method = "match" if anchored else "search"
        attack = next((a for a in attacks(pattern) if grows_with_square(compiled, method, a)), "")
        if attack:
            slow.append((pattern, attack))
    assert not slow
