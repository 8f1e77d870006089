"""What builds keep: never stale, never a danger, and gone when it is too much."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packs import pack, run
from PIL import Image

from handbook.core import cache as cache_module
from handbook.core.cache import Cache, digest_of_tool, kept_folder, open_cache
from handbook.fonts.font_file import open_font
from handbook.pipeline.edition_cache import EditionCache
from handbook.pipeline.request import BuildRequest, BuiltEdition
from handbook.select import assemble, template_environment
from handbook.select.sandbox import Sandbox
from handbook.select.template_environment import TemplateCache
from handbook.theme import loader as theme
from handbook.theme.print_options import PrintOptions

ROOT = Path(__file__).parents[2]
CHAPTER = """---
title: One
---

{% include "greeting.j2" %} {% include "parts/deep.j2" %} {% include ".hidden.j2" %} {{ words[0].name }}

![A red dot](dot.png)

Words with `code`, *weight*, [a link](https://example.org "there"), and more on page :page[one].
See [the table](#tbl-all). A kettle for :index[tea]. Signed: :field[learner]

- [ ] {{ words[0].name }}, a kettle
- ~~old~~, H~2~O[^n]

Table: All of them {#tbl-all}

| Name | What it is for |
|------|----------------|
| {{ words[0].name }} | A kettle, [linked](#one) |
| Other | `x = 1` and {{ words[0].name }} |

[^n]: A note about a kettle.
"""
FILES = {
    "handbook.yaml": "title: A book\nfields:\n  learner: {label: Who, width: 80}\nchapters: [one.md]\n"
    "index: [kettle]\n",
    "one.md": CHAPTER,
    "tables/words.yaml": "- {id: a, name: Alpha}\n",
    "templates/greeting.j2": "Hello",
}
ADA = {"learner": "Ada"}
ELSEWHERE = "extends: default\nfaces: {regular: %s}\n"


def shelf() -> Path:
    """A pack, and next to it a theme with a font file, and a picture."""
    folder = Path(tempfile.mkdtemp())
    book = pack(
        folder / "book", **{k.replace("/", "__").replace(".", "_dot_"): v for k, v in FILES.items()}
    )
    Image.new("RGB", (4, 4), "red").save(book / "dot.png")
    # A table behind a link, a template behind a linked folder, and one whose name is hidden.
    (book / "data").mkdir()
    (book / "tables" / "words.yaml").rename(book / "data" / "words.yaml")
    (book / "tables" / "words.yaml").symlink_to("../data/words.yaml")
    (book / "data" / "parts").mkdir()
    (book / "templates" / "parts").symlink_to("../data/parts")
    (book / "data" / "parts" / "deep.j2").write_text("Deep", "utf-8")
    (book / "templates" / ".hidden.j2").write_text("Hidden", "utf-8")
    shutil.copy(theme.load_theme().faces()["regular"], folder / "face.ttf")
    (folder / "theme.yaml").write_text(ELSEWHERE % (folder / "face.ttf"), "utf-8")
    return folder


def edition(folder: Path, cache: Cache | None, **other: object) -> BuiltEdition:
    """The edition as a process that has just begun would make it."""
    theme.load_theme.cache_clear()
    open_font.cache_clear()
    request: dict[str, object] = {
        "content": folder / "book", "day": date(2026, 11, 24), "role": "", "path": "", "plan": "",
        "paper": "a5", "provided_fields": (), "print_options": PrintOptions(), "calendar": None,
        "theme": str(folder / "theme.yaml"), "attach": False, "brand": None, **other,
    }  # fmt: skip
    return EditionCache(folder / "book", cache).edition(BuildRequest(**request))  # type: ignore[arg-type]


def forget(cache: Cache, kind: str) -> None:
    """Remove all entries of one kind."""
    for path, _ in cache.entries():
        if path.name.startswith(kind):
            path.unlink()


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        path.write_text(text.replace(old, new) if old in text else text.replace(new, old), "utf-8")

    return change


def other_font(folder: Path) -> None:
    fonts = [theme.load_theme().faces()[name] for name in ("regular", "bold")]
    now = (folder / "face.ttf").read_bytes()
    shutil.copy(next(f for f in fonts if f.read_bytes() != now), folder / "face.ttf")


def other_picture(folder: Path) -> None:
    with Image.open(folder / "book/dot.png") as now:
        red = now.convert("RGB").getpixel((0, 0)) == (255, 0, 0)
    Image.new("RGB", (4, 4), "blue" if red else "red").save(folder / "book/dot.png")


CHANGES = {
    "a cell of a table": replaced("book/data/words.yaml", "Alpha", "Gamma"),
    "a chapter": replaced("book/one.md", "red dot", "red spot"),
    "a template behind a link": replaced("book/data/parts/deep.j2", "Deep", "Deeper"),
    "a template with a hidden name": replaced("book/templates/.hidden.j2", "Hidden", "Seen"),
    "a template": replaced("book/templates/greeting.j2", "Hello", "Howdy"),
    "the configuration": replaced("book/handbook.yaml", "A book", "A tome"),
    "a theme": replaced("theme.yaml", "extends: default\n", "extends: almanac\n"),
    "a font": other_font,
    "a picture": other_picture,
}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=5))
def test_whatever_changes_is_seen(names: list[str]) -> None:
    folder = shelf()
    cache = Cache(folder)
    before = edition(folder, cache).edition.body
    assert edition(folder, cache).edition.body == before
    for name in names:
        CHANGES[name](folder)
        now = edition(folder, cache).edition.body
        assert now != before, name
        assert now == edition(folder, None).edition.body, name
        # Made again of what is left of other editions.
        forget(cache, "edition")
        assert edition(folder, cache).edition.body == now, name
        before = now
    shutil.rmtree(folder)


def test_every_choice_is_a_key_of_its_own() -> None:
    folder = shelf()
    cache = Cache(folder)
    others: list[dict[str, object]] = [
        {}, {"paper": "letter"}, {"print_options": PrintOptions(grayscale=True)}, {"print_options": PrintOptions(duplex=True)}, {"theme": "default"}, {"attach": True},
        {"day": date(2026, 11, 25)}, {"provided_fields": ("learner",)},
    ]  # fmt: skip
    for number, other in enumerate(others * 3):
        if number == len(others):
            forget(cache, "edition")
        made, alone = (edition(folder, each, **other) for each in (cache, None))
        assert made.edition.fill(ADA) == alone.edition.fill(ADA)
        assert (made.title, made.words, made.file_stem) == (
            alone.title,
            alone.words,
            alone.file_stem,
        )
    assert len([p for p, _ in cache.entries() if p.name.startswith("edition")]) == len(others)


def test_templates_outlive_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a book with one chapter edited, that one alone is compiled; no edit is kept for ever."""
    compiled: list[str] = []
    plain = Sandbox.compile

    def counted(self: Sandbox, source: str, *rest: object, **named: object) -> object:
        compiled.append(source)
        return plain(self, source, *rest, **named)

    monkeypatch.setattr(Sandbox, "compile", counted)

    def begun() -> TemplateCache:
        """Know nothing, as a process that has just begun."""
        known = TemplateCache()
        for module in (template_environment, assemble):
            monkeypatch.setattr(module, "TEMPLATE_CACHE", known)
        return known

    folder, cache = shelf(), Cache(tmp_path)
    begun()
    edition(folder, cache)
    chapter = folder / "book" / "one.md"
    for number in range(9):
        known = begun()
        chapter.write_text(f"{CHAPTER}\n{number}", "utf-8")
        compiled.clear()
        made = edition(folder, cache)
        assert [f"\n{number}" in source for source in compiled] == [True]
        kept = len(known.texts)
        assert made.edition.body == edition(folder, None).edition.body
    assert kept < 9


def test_the_tool_and_what_is_installed_belong_to_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "code.py").write_text("a = 1", "utf-8")
    (tmp_path / "markdown-3.9.dist-info").mkdir()
    monkeypatch.setattr(cache_module, "PACKAGE", tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    seen = set()
    for change in (
        lambda: None,
        lambda: (tmp_path / "code.py").write_text("a = 22", "utf-8"),
        # Of the same size, but saved later.
        lambda: os.utime(tmp_path / "code.py", (1, 2)),
        lambda: (tmp_path / "theme.yaml").write_text("a: 1", "utf-8"),
        lambda: (tmp_path / "theme.yaml").write_text("a: 2", "utf-8"),
        lambda: (tmp_path / "markdown-3.9.dist-info").rename(tmp_path / "markdown-3.10.dist-info"),
        lambda: (tmp_path / "face.ttf").write_bytes(b"1"),
    ):
        change()
        digest_of_tool.cache_clear()
        seen.add(digest_of_tool())
    assert len(seen) == 7
    digest_of_tool.cache_clear()


# ------------------------------------------------------------------ broken, full, unsafe


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 400], ids=["empty", "cut", "zeros"])
def test_a_broken_entry_is_not_an_entry(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put("pack", "k", {"a": 1})
    assert cache.get("pack", "k") == {"a": 1}
    cache._path("pack", "k").write_bytes(damage)
    assert cache.get("pack", "k") is None
    cache.put("pack", "k", {"a": 2})
    assert cache.get("pack", "k") == {"a": 2}


EVERY_KIND = """
A [link](https://example.org), <https://example.org/bare>, `code`, $x^2$ and "quotes".

```mermaid
flowchart LR
  commit --> build
```

```chart
mark: bar
x: role
y: hours
data:
  - {role: Cook, hours: 8}
  - {role: Porter, hours: 4}
```

```python
print("code")
```

$$
a \\le b
$$

    indented
"""


def test_whatever_is_kept_can_be_read_back(tmp_path: Path) -> None:
    folder, cache = shelf(), Cache(tmp_path)
    for dialect in ("handbook", "gfm"):
        front = f"---\ntitle: A\ndialect: {dialect}\n---\n"
        (folder / "book" / f"{dialect}.md").write_text(front + EVERY_KIND, "utf-8")
    (folder / "book/handbook.yaml").write_text(
        "title: A book\nchapters: [handbook.md, gfm.md]\n", "utf-8"
    )
    edition(folder, cache)
    kinds = [path.stem.split("-", 2) for path, _ in cache.entries()]
    assert {kind for kind, _, _ in kinds} >= {"pack", "lines", "edition"}
    assert [kind for kind, _, key in kinds if cache.get(kind, key) is None] == []


def test_broken_lines_are_not_lines(tmp_path: Path) -> None:
    folder = shelf()
    cache = Cache(tmp_path)
    made = edition(folder, cache).edition.body
    (lines,) = (path for path, _ in cache.entries() if path.name.startswith("lines"))
    lines.write_bytes(lines.read_bytes()[:-9])
    forget(cache, "edition")
    assert edition(folder, cache).edition.body == made


class Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo harm",)


def signed(cache: Cache, data: bytes) -> None:
    """Put an entry of any bytes, signed as the user's own."""
    cache._path("pack", "k").write_bytes(cache._sign("pack", "k", data) + data)


def test_an_entry_of_another_user_is_not_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "one"))
    Cache(tmp_path).put("pack", "k", "one")
    assert Cache(tmp_path).get("pack", "k") == "one"
    # An entry of another key, too.
    Cache(tmp_path)._path("pack", "k").rename(Cache(tmp_path)._path("pack", "other"))
    assert Cache(tmp_path).get("pack", "other") is None
    Cache(tmp_path).put("pack", "k", "one")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "two"))
    assert Cache(tmp_path).get("pack", "k") is None


@pytest.mark.parametrize(
    "name", ["os.system", "pickle.loads", "open_cache", "hashlib", "Cache.put", "nothing"]
)
def test_a_name_with_a_dot_or_of_no_class_is_not_read(tmp_path: Path, name: str) -> None:
    cache = Cache(tmp_path)
    command = f"touch {tmp_path / 'harm'}"
    parts = [b"handbook.core.cache", name.encode()]
    data = b"\x80\x04" + b"".join(b"\x8c" + bytes([len(p)]) + p for p in parts) + b"\x93"
    signed(cache, data + b"\x8c" + bytes([len(command)]) + command.encode() + b"\x85R.")
    assert cache.get("pack", "k") is None
    assert not (tmp_path / "harm").exists()


def test_converted_fonts_and_compiled_java_are_cleared_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HANDBOOK_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "a.ttf").write_bytes(b"font")

    for _ in range(2):
        assert (kept_folder("fonts", "k", make) / "a.ttf").read_bytes() == b"font"
    assert len(made) == 1
    assert run(capsys, "cache", "clear")[0] == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_only_own_classes_are_read_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("pack", "k", Harm())
    assert cache._path("pack", "k").is_file()
    assert cache.get("pack", "k") is None
    assert pickle.dumps(Harm())


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners of files here")
def test_a_folder_that_others_may_write_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HANDBOOK_NO_CACHE", raising=False)
    made = open_cache(tmp_path / "new")
    assert made is not None
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "new").chmod(0o777)
    assert open_cache(tmp_path / "new") is None


def test_the_oldest_entries_go_when_there_is_too_much(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most=40_000)
    for number in range(8):
        cache.put("pack", str(number), os.urandom(9_000))
        os.utime(cache._path("pack", str(number)), (number, number))
    cache.get("pack", "4")
    cache.put("pack", "9", os.urandom(9_000))
    kept = [path for path, _ in cache.entries()]
    assert cache._path("pack", "9") in kept
    assert cache._path("pack", "0") not in kept
    assert sum(state.st_size for _, state in cache.entries()) <= 40_000


def test_writers_at_once_do_no_harm(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    value = os.urandom(200_000)

    def work(_: int) -> bool:
        cache.put("pack", "k", value)
        return cache.get("pack", "k") == value

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(40)))
    assert len(list(tmp_path.iterdir())) == 1


# ----------------------------------------------------------------------- commands


def test_a_cache_changes_no_byte_and_can_be_cleared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HANDBOOK_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    # As in a process of its own, that has read no theme.
    monkeypatch.setattr(theme.TOKENS, "files", {})
    theme.load_theme.cache_clear()
    book = pack(tmp_path / "book", handbook_dot_yaml=FILES["handbook.yaml"])
    words = ["build", "--content", str(book), "--date", "2026-11-24", "--learner"]
    for name, learner, more in [("a", "Ada", ()), ("b", "Zoë", ()), ("c", "Zoë", ("--no-cache",))]:
        code, _, said = run(capsys, *words, learner, "-o", str(tmp_path / f"{name}.pdf"), *more)
        assert code == 0, said
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "c.pdf").read_bytes()
    count = len(Cache(tmp_path / "home" / "handbook").entries())
    assert f"entries:  {count}" in run(capsys, "cache", "info")[1]
    assert run(capsys, "cache", "clear")[1].startswith(f"{count} entries")
    assert "entries:  0" in run(capsys, "cache", "info")[1]


def test_an_unknown_field_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = pack(tmp_path / "book", handbook_dot_yaml=FILES["handbook.yaml"])
    code, _, said = run(capsys, "build", "--content", str(book), "--field", "learnr=Ada", "-o", "-")
    assert code == 1
    assert "unknown field 'learnr'" in said
    assert "learner" in said


# ------------------------------------------------------------------ what is imported

HEAVY = {
    "reportlab",
    "jinja2",
    "markdown",
    "yaml",
    "PIL",
    "pygments",
    "icalendar",
    "holidays",
    "bidi",
}


def modules(arguments: list[str], tmp_path: Path) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=open(sys.argv[1], 'w')))\n"
        "from handbook.cli import run\n"
        "run(sys.argv[2:])\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "HANDBOOK_NO_CACHE"}
    environment |= {"XDG_CACHE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    listed = tmp_path / "modules"
    command = [sys.executable, "-c", code, str(listed), *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)
    return set(listed.read_text("utf-8").split())


def test_what_commands_import(tmp_path: Path) -> None:
    """Start-up is what is imported: a budget in modules, which no machine makes faster or slower."""
    bare = set(
        subprocess.run(
            [sys.executable, "-c", "import sys; print(*sys.modules)"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
    )
    assert not modules(["--help"], tmp_path) & {
        *HEAVY,
        "handbook.pack.loader",
        "handbook.document.nodes",
    }
    assert len(modules(["--help"], tmp_path) - bare) < 150
    listing = modules(["list", "roles"], tmp_path)
    assert not listing & (HEAVY - {"yaml"}), listing & HEAVY
    assert len(listing - bare) < 190
    build = ["build", "--role", "sre", "--date", "2026-11-24", "-o", str(tmp_path / "x.pdf")]
    modules([*build, "--learner", "Asha Rao"], tmp_path)
    warm = modules([*build, "--learner", "Zoë Łukasiewicz"], tmp_path)
    assert not warm & {
        *HEAVY,
        "handbook.pack.loader",
        "handbook.markdown",
        "handbook.layout.book",
    }, warm & HEAVY
    assert len(warm - bare) < 210
