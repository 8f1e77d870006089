"""No regular expression of the package takes longer than in proportion to what it is given."""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "handbook"
TEXTS = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
CALLS = {"compile", "sub", "subn", "search", "match", "findall", "split", "finditer", "fullmatch"}
FLAGS = ("DOTALL", "MULTILINE", "VERBOSE", "IGNORECASE", "ASCII")
# Patterns of which a part is known to compare much with much, and what bounds their text.
BOUNDED = {
    "(.+?)\\s*<{0,2}-{1,2}(?:>{1,2}|[x)])\\s*[+-]?\\s*([^:]+?)\\s*:\\s*(.*)": "lines of at most 1,000 characters",
    "'?[\\w.]*?(\\w+)'? object'?": "a message of at most 400 characters",
    "(?i)[T ,]+\\d{1,2}[:.h]\\d{2}.*\\Z|\\s+(mo|di|mi|do|fr|sa|so)\\b.*\\Z": "100 characters of a cell",
    "```.*?```|`[^`\\n]*`|<[^>\\n]*>|\\]\\([^)\\n]*\\)|https?://\\S+|\\{[^{}\\n]*\\}": "a sample",
    "(`+)(?!`).*?(?<!`)\\1(?!`)": "used where a paragraph has mark-up left, a line at a time",
    "\\[([^\\]]*)\\]": "matched at one place, in a piece of a paragraph",
    "([^\\d]*[\\d\\s,\\u202f\\u00a0]+)(.*)": "matched from the beginning of a cell",
    "([^\\d]*[\\d\\s.\\u202f\\u00a0]+)(.*)": "matched from the beginning of a cell",
    "([ ]*)([-*+]|\\d+[.)])?[ ]*\\[(.*)\\]\\([ ]*<?((?:[^)> ]|[ ]+(?![ >)\"']))*)>?"
    "(?:[ ]+[\"'].*[\"'])?[ ]*\\)[ ]*$": "lines of at most 4,000 characters",
    "\\x02([^\\x03]*)\\x03": "signs that are taken out of every text before it is read",
    "\x02([^\x03]*)\x03": "signs that are taken out of every text before it is read",
}  # fmt: skip


def _uses(text: str) -> dict[str, set[str]]:
    """Return which methods are called on which names."""
    used: dict[str, set[str]] = {}
    for name, call in re.findall(rf"\b([A-Za-z_]\w*)\.({'|'.join(sorted(CALLS))})\(", text):
        used.setdefault(name, set()).add(call)
    return used


def patterns() -> dict[tuple[str, int], set[str]]:
    """Return every pattern that is in the package as a string, with how it is used."""
    found: dict[tuple[str, int], set[str]] = {}
    everywhere = _uses("\n".join(TEXTS.values()))
    for text in TEXTS.values():
        tree = ast.parse(text)
        used = _uses(text)
        names = {
            id(node.value): target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner, call = node.func.value, node.func.attr
            if not (
                isinstance(owner, ast.Name) and owner.id == "re" and call in CALLS and node.args
            ):
                continue
            pattern = node.args[0]
            if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
                written = ast.unparse(node)
                flags = sum(int(getattr(re, one)) for one in FLAGS if f"re.{one}" in written)
                uses = {call}
                if call == "compile":
                    name = names.get(id(node), "")
                    uses = used.get(name) or everywhere.get(name) or set()
                found.setdefault((pattern.value, flags), set()).update(uses or {"search"})
    return found


def attacks(pattern: str) -> list[str]:
    """Return what to repeat: each sign and word of the pattern, alone and with another sign."""
    signs = set(re.sub(r"\\[a-zA-Z]", "", pattern)) | set(" a1\n\t")
    words = set(re.findall(r"[A-Za-z<>{}\[\]()/!#`~:-]{2,12}", pattern))
    pairs = {sign + other for sign in signs for other in "a \n1\"'" if sign != other}
    return sorted({*signs, *words, *pairs, *(word + " " for word in words)})


def seconds(compiled: re.Pattern[str], method: str, text: str) -> float:
    start = time.process_time()
    getattr(compiled, method)(text)
    return time.process_time() - start


ALL = patterns()


def test_there_are_patterns() -> None:
    assert len(ALL) > 300
    assert sum("search" in uses for uses in ALL.values()) > 20


@pytest.mark.parametrize("part", range(8))
@pytest.mark.timeout(120)
def test_no_pattern_compares_everything_with_everything(part: int) -> None:
    slow = []
    for pattern, flags in sorted(ALL)[part::8]:
        if pattern in BOUNDED:
            continue
        compiled = re.compile(pattern, flags)
        anchored = ALL[pattern, flags] <= {"match", "fullmatch"}
        method = "match" if anchored else "search"
        for attack in attacks(pattern):
            size = 1_500 // len(attack)
            if (first := seconds(compiled, method, attack * size)) < 0.002:
                continue
            # Four times the text: sixteen times as long if each place is compared with each.
            first = min(first, seconds(compiled, method, attack * size))
            if seconds(compiled, method, attack * size * 4) > first * 9:
                slow.append((pattern, attack))
                break
    assert not slow
