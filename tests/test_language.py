"""Check the English of messages, help texts, docstrings, comments and docs against a list of wordings."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What to write instead of each wording (a regular expression, in any case).
INSTEAD = {
    r"(?:is|are|was|were|be|been|not|has been|nothing is|to be) told(?! apart)": "reported",
    r"tells? (?:where|of|it apart)": "reports",
    r"mend(?:s|ed|ing)?": "fix",
    r"nothing to (?:fix|mend)": "No problems found.",
    r"whoever": "the one who, anyone who",
    r"nobody|somebody|everybody|anybody": "no one, someone, everyone, anyone",
    r"by (?:itself|themselves)": "automatically, separately",
    r"stands?|stood|standing": "is, goes, represents",
    r"beside": "next to",
    r"besides": "other than, in addition to",
    r"taken back": "rolled back",
    r"(?:;|,|or) else": "otherwise",
    r"codes? to scan": "QR code",
    r"box(?:es)? to tick": "checkbox",
    r"part(?:s|ed|ing)? (?:a |of )?words?(?= where| at)": "hyphenate",
    r"set anew|anew": "again",
    r"hot spots?": "link area",
    r"signs(?= of a text| that)": "characters",
    r"faults?": "error",
    r"to be had": "available",
    r"comes? along": "is bundled",
    r"checks? of (?:our|its) own": "built-in checks",
    r"takes? warnings as errors": "treats warnings as errors",
    r"say nothing (?:where|but)": "print only",
    r"do(?:es)? not suffice": "is not enough",
    r"for no role in particular": "complete edition (all roles)",
    r"without a person": "automatically",
    r"(?<!Raise )HandbookError (?:for|unless)": "a section Raises:",
    r"part(?:ed|ing)": "split",
    r"goes on(?! (?:a|the) turned)(?!\.$)": "continues",
    r"so many(?! (?:digits|boxes))": "this many, at most N",
    r"(?<!there )(?:is|are|was|were) no (?!longer|more|one|less|need|such|\w+er\b|choice)": "is not a",
    r"at hand": "current, available",
    r"a start date needs a study plan": "--start needs a study plan",
    r"the time does not": "not enough time",
    r"of the table's header has": "the line under the header has",
    r"gives no copy": "is rejected",
}
WRONG = {re.compile(rf"(?<!\w)(?:{old})\b", re.IGNORECASE): new for old, new in INSTEAD.items()}

# Where a wording is right: (path, words of the line), each with its reason.
ALLOWED = [
    ("handbook/cli/send.py", "nobody@localhost"),  # an address
    ("handbook/layout/block/", "from .beside import"),  # a module
    ("examples/kitchen/", "Stand still"),  # what cooks call
    ("examples/kitchen/", "let it stand for"),  # of detergents
    ("content/", ""),  # the bundled book has its own test of language
]
FILES = (
    "handbook",
    "docs",
    "examples",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
)
TEXTS = (".md", ".yaml", ".yml", ".j2", ".html", ".toml")
NOT_WORDS = "handbook/data/fonts/"


def tracked() -> list[str]:
    """Return the files to check, below the root."""
    found: list[str] = []
    for name in FILES:
        path = ROOT / name
        found += (
            [name]
            if path.is_file()
            else [
                str(one.relative_to(ROOT))
                for one in sorted(path.rglob("*"))
                if one.suffix in (*TEXTS, ".py")
            ]
        )
    return [name for name in found if NOT_WORDS not in name and "__pycache__" not in name]


def prose(name: str) -> Iterator[tuple[int, str]]:
    """Yield each line of a text file, or of the comments and strings of a module, with its number."""
    text = (ROOT / name).read_text("utf-8")
    if not name.endswith(".py"):
        script = False
        for number, line in enumerate(text.splitlines(), 1):
            script = ("<script" in line or script) and "</script>" not in line
            if name.endswith(".html") and script:
                line = " ".join(re.findall(r'"[^"]* [^"]*"', line))
            yield number, re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", line)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and re.search(r"\w \w", token.string)
        ):
            for offset, line in enumerate(token.string.splitlines()):
                yield token.start[0] + offset, re.sub(r"`[^`]*`|\{[^{}]*\}", "…", line)


def descriptions(name: str) -> Iterator[tuple[int, str]]:
    """Yield the comments, docstrings and names of a test module, each with its line.

    Other strings are what tests give and expect.
    """
    text = (ROOT / name).read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
            line = getattr(node, "lineno", 1)
            yield line, re.sub(r"`[^`]*`", "…", ast.get_docstring(node) or "")
            if not isinstance(node, ast.Module):
                yield line, node.name.replace("_", " ")


TESTS = [
    str(path.relative_to(ROOT))
    for folder in ("tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path != Path(__file__)
]


@pytest.mark.parametrize("name", TESTS)
def test_wording_of_tests(name: str) -> None:
    found = [
        f"{name}:{number}: {match[0]!r}: write {instead!r}"
        for number, line in descriptions(name)
        for pattern, instead in WRONG.items()
        for match in [pattern.search(line)]
        if match
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", tracked())
def test_wording(name: str) -> None:
    found = [
        f"{name}:{number}: {match[0]!r}: write {instead!r}"
        for number, line in prose(name)
        for pattern, instead in WRONG.items()
        for match in [pattern.search(line)]
        if match and not any(name.startswith(path) and words in line for path, words in ALLOWED)
    ]
    assert not found, "\n".join(found)


# First words of docstrings that describe a thing instead of what a function does.
NO_VERB = re.compile(
    r"(?:An?|The|What|Whether|Where|How|Which|Every|Each|All|Its|One|Two|Some|Why) "
)


@pytest.mark.parametrize("name", [name for name in tracked() if name.endswith(".py")])
def test_docstrings(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)) and (
            text := ast.get_docstring(node)
        ):
            first = text.splitlines()[0]
            if NO_VERB.match(first) or " -> " in first:
                found.append(f"{name}:{getattr(node, 'lineno', 1)}: begin with a verb: {first}")
    assert not found, "\n".join(found)


# Names that only this project had, and that the field has other words for.
_PRIVATE = """
    Wish Made Known Compiled luggage ledger mishaps revive LIVES Workshop workshop Press Sourced
    Gathered Problems Words mistaken free_days calendar_file Sitting artwork Judged Sieve
    Surroundings surroundings Wishes Differs vocabulary weave Weaver survey furniture Hot Slot Tick
    Stamp Room Chunk Look Composer Placed BookMaker Laid Paragraphs Asked Stacked Apart
    runs_backwards east_parts vectors EditionMaker PageInk streamed shapedtext copyfonts TWINS
    superiors Shaped NoGlyph dress Dressed Tint Cut Every whom typefaces Desk desk Leaf proofs
    watching told said parted carried Late Judge
"""
PRIVATE = frozenset(_PRIVATE.split())


def defined(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the names that a module defines, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


@pytest.mark.parametrize("name", [name for name in tracked() if name.endswith(".py")])
def test_names(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    found = [(1, part) for part in Path(name).with_suffix("").parts] + [*defined(tree)]
    wrong = [f"{name}:{line}: {word}" for line, word in found if word.lstrip("_") in PRIVATE]
    assert not wrong, "\n".join(wrong)


# Names of locals that leave open what they hold.
VAGUE = frozenset(["found", "own", "given", "made", "told", "said"])
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def locals_of(tree: ast.AST) -> set[tuple[int, str]]:
    """Return the parameters, locals and inner functions of all functions, with their lines."""
    names: set[tuple[int, str]] = set()
    for function in ast.walk(tree):
        if isinstance(function, (*FUNCTIONS, ast.Lambda)):
            inner = [node for node in ast.walk(function) if node is not function]
            names |= {(node.lineno, node.name) for node in inner if isinstance(node, FUNCTIONS)}
            names |= {(node.lineno, node.arg) for node in inner if isinstance(node, ast.arg)}
            names |= {
                (node.lineno, node.id)
                for node in inner
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return names


@pytest.mark.parametrize(
    "name", ["build.py", *(n for n in tracked() if n.startswith("handbook/") and n.endswith(".py"))]
)
def test_locals(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    vague = [
        f"{name}:{line}: {word!r} leaves open what it holds; say that: "
        "warnings, a match, defaults, a chapter"
        for line, word in sorted(locals_of(tree))
        if word in VAGUE
    ]
    assert not vague, "\n".join(vague)
