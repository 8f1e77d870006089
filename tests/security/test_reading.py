"""A hostile pack reads nothing outside its folders, and asks for bounded work."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from packs import pack, run
from PIL import Image

from handbook.core.files import ALLOW_READ
from handbook.core.resources import FONTS

SECRET = "kumquat-4711"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">{}</svg>'


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder next to the pack, with files of each kind that a pack might want to read."""
    folder = tmp_path / "outside"
    (folder / "parts").mkdir(parents=True)
    (folder / "t.yaml").write_text(f"- {{id: a, name: {SECRET}}}\n", "utf-8")
    (folder / "parts" / "x.j2").write_text(SECRET, "utf-8")
    shutil.copy(next(FONTS.rglob("*.ttf")), folder / "f.ttf")
    (folder / "words.txt").write_text(SECRET, "utf-8")
    (folder / "theme.yaml").write_text("extends: default\n", "utf-8")
    (folder / "one.md").write_text(f"# {SECRET}\n", "utf-8")
    Image.new("RGB", (9, 9), "red").save(folder / "p.png")
    (folder / "d.svg").write_text(SVG.format('<rect width="9" height="9"/>'), "utf-8")
    return folder


def built(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> tuple[int, str]:
    code, _, err = run(
        capsys, "build", "--content", str(folder), "-o", str(folder / "x.pdf"), "-q", *more
    )
    assert "defect of the program" not in err
    assert SECRET not in err
    return code, err


WAYS = {
    "a picture by a path": ({"one.md": "# A\n\n![x](../outside/p.png)\n"}, {}),
    "a picture by an absolute path": ({"one.md": "# A\n\n![x](OUTSIDE/p.png)\n"}, {}),
    "a picture by a link": ({"one.md": "# A\n\n![x](p.png)\n"}, {"p.png": "p.png"}),
    "a picture in a linked folder": ({"one.md": "# A\n\n![x](d/p.png)\n"}, {"d": "."}),
    "a table by a link": ({"one.md": "# A\n\nx\n"}, {"tables/t.yaml": "t.yaml"}),
    "a folder of tables by a link": ({"one.md": "# A\n\nx\n"}, {"tables": "."}),
    "a chapter by a link": ({"one.md": "# A\n", "handbook.yaml": "title: A\nchapters: [one.md, two.md]\n"}, {"two.md": "one.md"}),
    "a template by a link": ({"one.md": '# A\n\n{% include "x.j2" %}\n'}, {"templates/x.j2": "parts/x.j2"}),
    "a folder of templates by a link": ({"one.md": '# A\n\n{% include "x.j2" %}\n'}, {"templates": "parts"}),
    "a theme of the settings": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {theme: ../outside/theme.yaml}\n"}, {}),
    "a brand of the settings": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {brand: ../outside/t.yaml}\n"}, {}),
    "a theme that extends another": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {theme: t.yaml}\n", "t.yaml": "extends: ../outside/theme.yaml\n"}, {}),
    "a font of a theme": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {theme: t.yaml}\n", "t.yaml": "extends: default\nfaces: {regular: ../outside/p.png}\n"}, {}),
    "a font of a theme by an absolute path": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {theme: t.yaml}\n", "t.yaml": "extends: default\nfaces: {regular: OUTSIDE/p.png}\n"}, {}),
    "a logo of a brand": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {brand: b.yml}\n", "b.yml": "meta: {name: B}\nlogo: ../outside/p.png\n"}, {}),
    "a logo of a brand by an absolute path": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {brand: b.yml}\n", "b.yml": "meta: {name: B}\nlogo: {large: {path: ../outside/d.svg, alt: x}}\n"}, {}),
    "a logo of a brand by a link": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {brand: b.yml}\n", "b.yml": "meta: {name: B}\nlogo: l.png\n"}, {"l.png": "p.png"}),
    "a font of a brand": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {brand: b.yml}\n", "b.yml": "meta: {name: B}\ntypography:\n  fonts:\n    - {family: F, source: file, files: [../outside/f.ttf]}\n"}, {}),
    "a font of a brand by a link": ({"handbook.yaml": "title: A\nchapters: [one.md]\nsettings: {brand: b.yml}\n", "b.yml": "meta: {name: B}\ntypography:\n  fonts:\n    - {family: F, source: file, files: [f.ttf]}\n"}, {"f.ttf": "f.ttf"}),
    "a picture of a drawing": ({"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format('<rect width="9" height="9"/><image href="../outside/p.png" width="9" height="9"/>')}, {}),
    "a drawing of a drawing": ({"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format('<rect width="9" height="9"/><use href="../outside/d.svg#a"/>')}, {}),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_nothing_outside_is_read(
    way: str, outside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, links = WAYS[way]
    texts = {name: text.replace("OUTSIDE", str(outside)) for name, text in files.items()}
    folder = pack(tmp_path / "pack", **{k.replace("/", "__"): v for k, v in texts.items()})
    for name, target in links.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(outside / target)
    code, err = built(capsys, folder)
    assert code == 1 or "tables" in links, err
    if code:
        assert re.search(r"(^|/)\S+:\d+(:\d+)?: error: ", err), err


def test_a_list_of_words_outside_is_not_read(
    outside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "title: A\nchapters: [one.md]\ncheck: {words: ../outside/words.txt, complete: true}\n"
    folder = pack(tmp_path / "pack", handbook_dot_yaml=text)
    code, out, err = run(capsys, "check", "--content", str(folder))
    assert code == 1
    assert "is outside the pack" in out + err
    assert SECRET not in out + err


def test_the_user_may_allow_a_folder_and_the_pack_may_not(
    outside: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ALLOW_READ, "")
    text = "title: A\nchapters: [one.md]\nsettings: {allow-read: [../outside]}\n"
    folder = pack(
        tmp_path / "pack", one_dot_md="# A\n\n![x](../outside/p.png)\n", handbook_dot_yaml=text
    )
    code, err = built(capsys, folder)
    assert code == 1
    assert "unknown key 'allow-read'" in err
    (folder / "handbook.yaml").write_text("title: A\nchapters: [one.md]\n", "utf-8")
    assert built(capsys, folder)[0] == 1
    assert built(capsys, folder, "--allow-read", str(outside))[0] == 0
    _, out, _ = run(capsys, "info", "--content", str(folder), "--allow-read", str(outside))
    assert str(outside) in next(line for line in out.splitlines() if "may be read" in line)


# ------------------------------------------------------------------------ bounds


def png(width: int, height: int) -> bytes:
    """A picture of one colour: few bytes, many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
COPIES = "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
TOO_MUCH = {
    "aliases that multiply": {"tables/t.yaml": LAUGHS},
    "aliases in handbook.yaml": {"handbook.yaml": "title: A\nchapters: [one.md]\n" + LAUGHS},
    "deep YAML": {"tables/t.yaml": "- " + "[" * 5000 + "]" * 5000},
    "deep block YAML": {"tables/t.yaml": "- " * 3000 + "x"},
    "a long string by *": {"one.md": "# A\n\n{{ 'x' * 10**9 }}\n"},
    "a long string by center": {"one.md": "# A\n\n{{ 'x'.center(10**9) }}\n"},
    "a long string by a filter": {"one.md": "# A\n\n{{ 'x'|center(10**9) }}\n"},
    "a long string by attr": {"one.md": "# A\n\n{{ ('x'|attr('ljust'))(10**9) }}\n"},
    "a long string by an index": {"one.md": "# A\n\n{{ 'x'['ljust'](10**9) }}\n"},
    "a long string by format": {"one.md": "# A\n\n{{ '{:>1000000000}'.format(1) }}\n"},
    "a long string by a nested format": {"one.md": "# A\n\n{{ '{:{}}'.format(1, 10**9) }}\n"},
    "a long string by %": {"one.md": "# A\n\n{{ '%1000000000d' % 1 }}\n"},
    "a long string by the filter format": {"one.md": "# A\n\n{{ '%*d'|format(10**9, 1) }}\n"},
    "doubling by ~": {"one.md": "# A\n\n{% set n = namespace(a='xx') %}{% for i in range(60) %}{% set n.a = n.a ~ n.a %}{% endfor %}{{ n.a }}\n"},
    "doubling by +": {"one.md": "# A\n\n{% set n = namespace(a='xx') %}{% for i in range(60) %}{% set n.a = n.a + n.a %}{% endfor %}{{ n.a }}\n"},
    "doubling by a block": {"one.md": "# A\n\n{% set n = namespace(a='xx') %}{% for i in range(60) %}{% set b %}{{ n.a }}{{ n.a }}{% endset %}{% set n.a = b %}{% endfor %}{{ n.a }}\n"},
    "doubling by replace": {"one.md": "# A\n\n{% set n = namespace(a='xx') %}{% for i in range(60) %}{% set n.a = n.a|replace('x', 'xxx') %}{% endfor %}{{ n.a }}\n"},
    "doubling by join": {"one.md": "# A\n\n{% set n = namespace(a='xx') %}{% for i in range(60) %}{% set n.a = n.a.join(n.a) %}{% endfor %}{{ n.a }}\n"},
    "loops in loops": {"one.md": "# A\n\n{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}\n"},
    "macros that call twice": {"one.md": "# A\n\n{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(90) }}\n"},
    "templates that include twice": {"one.md": "# A\n\n{% set n = 40 %}{% include 'a.j2' %}\n", "templates/a.j2": "{% if n %}{% set n = n - 1 %}{% include 'a.j2' %}{% include 'a.j2' %}{% endif %}"},
    "lipsum": {"one.md": "# A\n\n{{ lipsum(n=10**6) }}\n"},
    "batches": {"one.md": "# A\n\n{{ [1]|batch(10**9, 0)|list }}\n"},
    "large powers": {"one.md": "# A\n\n{{ (10 ** 900) ** 900 }}\n"},
    "deep SVG": {"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format("<g>" * 220 + "</g>" * 220)},
    "copies of copies": {"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format('<rect id="a0" width="1" height="1"/>' + COPIES)},
    "a drawing that draws itself": {"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')},
    "numbers of a drawing": {"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format('<rect width="1e300" height="nan"/>')},
    "entities that multiply": {"one.md": "# A\n\n![x](a.svg)\n", "a.svg": "<!DOCTYPE svg [<!ENTITY a0 'xxxxxxxxxx'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>" + SVG.format('<text y="9">&a9;</text>')},
    "a drawing from the web": {"one.md": "# A\n\n![x](a.svg)\n", "a.svg": SVG.format('<rect width="1"/><image href="http://127.0.0.1:9/x.png"/>')},
}  # fmt: skip


@pytest.mark.parametrize("bomb", TOO_MUCH)
@pytest.mark.timeout(300)
def test_a_bomb_is_an_error_with_its_place(
    bomb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack", **{k.replace("/", "__"): v for k, v in TOO_MUCH[bomb].items()})
    code, err = built(capsys, folder)
    assert code == 1
    assert re.search(r"\.(yaml|md|svg|j2):\d+", err), err


def test_pictures_have_a_largest_size_each_and_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(tmp_path / "pack", one_dot_md="# A\n\n![x](a.png)\n\n![y](b.png)\n")
    (folder / "a.png").write_bytes(png(60_000, 60_000))
    (folder / "b.png").write_bytes(png(2_000, 2_000))
    code, err = built(capsys, folder)
    assert code == 1
    assert (
        "one.md:3:6: error: the picture 'a.png' cannot be read: it has 3,600,000,000 pixels" in err
    )
    (folder / "a.png").write_bytes(png(2_001, 2_000))
    monkeypatch.setenv("HANDBOOK_LIMITS", "all-pixels=5000000")
    code, err = built(capsys, folder)
    assert code == 1
    assert "all pictures together have too many pixels" in err


def test_a_packed_drawing_has_a_largest_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack", one_dot_md="# A\n\n![x](a.svgz)\n")
    (folder / "a.svgz").write_bytes(gzip.compress(SVG.format(" " * 60_000_000).encode()))
    code, err = built(capsys, folder)
    assert code == 1
    assert "one.md:3:6: error: the picture 'a.svgz' cannot be read: " in err
    assert "svg-bytes" in err


def test_a_fifo_and_a_device_are_not_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack", one_dot_md="# A\n\n![x](p.png)\n")
    os.mkfifo(folder / "p.png")
    (folder / "tables").mkdir()
    os.mkfifo(folder / "tables" / "t.yaml")
    code, err = built(capsys, folder)
    assert code == 1
    assert "t.yaml: error: cannot be read: it is a FIFO" in err
    os.unlink(folder / "tables" / "t.yaml")
    (folder / "p.png").unlink()
    (folder / "p.png").symlink_to("/dev/zero")
    assert built(capsys, folder)[0] == 1


def test_names_of_files_outside_are_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret-plan.png").write_bytes(b"x")
    for path in ("../secret-plam.png", "secret-plam.png"):
        folder = pack(tmp_path / "pack", one_dot_md=f"# A\n\n![A plan]({path})\n")
        code, err = built(capsys, folder)
        assert code == 1
        assert "secret-plam.png' does not exist" in err
        assert "secret-plan" not in err


def test_limits_can_be_raised_by_the_user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(tmp_path / "pack", one_dot_md="# A\n\n{% for i in range(3000) %}{% endfor %}x\n")
    monkeypatch.setenv("HANDBOOK_LIMITS", "template-steps=1000")
    code, err = built(capsys, folder)
    assert code == 1
    assert "the limit template-steps is 1,000" in err
    assert "HANDBOOK_LIMITS=template-steps=10000" in err
    monkeypatch.setenv("HANDBOOK_LIMITS", "template-steps=10000")
    assert built(capsys, folder)[0] == 0
    monkeypatch.setenv("HANDBOOK_LIMITS", "template-stpes=1")
    code, err = built(capsys, folder)
    assert code == 1
    assert "did you mean 'template-steps'" in err


def test_a_brand_reads_its_project_and_what_the_user_allows(
    outside: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack")
    brands = tmp_path / "project" / "brands"
    brands.mkdir(parents=True)
    brand = brands / "_brand.yml"
    brand.write_text("meta: {name: B}\nlogo: {large: {path: ../l.svg, alt: x}}\n", "utf-8")
    (tmp_path / "project" / "l.svg").write_text(SVG.format('<rect width="9" height="9"/>'), "utf-8")
    code, err = built(capsys, folder, "--brand", str(brand))
    assert code == 1
    assert f"{brand}:2:22: error: the logo '../l.svg' is outside the folder of the brand" in err
    (tmp_path / "project" / "pyproject.toml").touch()
    assert built(capsys, folder, "--brand", str(brand))[0] == 0
    (tmp_path / "project" / "pyproject.toml").unlink()
    allowed = str(tmp_path / "project")
    assert built(capsys, folder, "--brand", str(brand), "--allow-read", allowed)[0] == 0
