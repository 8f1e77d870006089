"""What the built-in checks refuse is never written: odd addresses, headings without words."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from packs import pack, run

from handbook.pdf.catalog.link_annotations import ascii_address
from handbook.verify.inspect import inspect

DIALECTS = ["handbook", "gfm"]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("https://example.org/日本", "https://example.org/%E6%97%A5%E6%9C%AC"),
        ("https://bücher.example/ü%20x", "https://xn--bcher-kva.example/%C3%BC%20x"),
        ("mailto:ann@example.org?subject=Größe", "mailto:ann@example.org?subject=Gr%C3%B6%C3%9Fe"),
        ("https://example.org/soft\u00adhyphen", "https://example.org/soft%C2%ADhyphen"),
        (f"https://{'ü' * 80}.org/", f"https://{'%C3%BC' * 80}.org/"),
    ],
)
def test_addresses_have_the_characters_that_pdf_allows(address: str, written: str) -> None:
    assert ascii_address(address) == written


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text",
    [
        "## $x^2$",
        "## ![](none.png)",
        "## [^1]",
        "## <br>",
        "## &nbsp;",
        "## Words and ![a picture](none.png)",
        "Lost \ufffd here and `\ufffd`.",
        "<https://example.org/日本語> and [words](https://bücher.example/größe)",
    ],
)
def test_a_claim_holds_for_what_people_write(
    dialect: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = f"title: A book\ndialect: {dialect}\nlenient: true\nchapters: [contents.md, one.md]\n"
    contents = "---\nlayout: contents\ndialect: handbook\n---\n\n::contents\n"
    body = f"# One\n\n{text}\n\nMore[^1].\n\n[^1]: A note.\n"
    files = {"handbook.yaml": config, "contents.md": contents, "one.md": body}
    own = pack(tmp_path, **files)
    code, _, err = run(capsys, "build", "--content", str(own), "-o", str(tmp_path / "a.pdf"))
    assert code == 0, err
    errors = [one for one in inspect(tmp_path / "a.pdf").findings if one.severity == "error"]
    assert not errors
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_outline() as outline:
        assert all(item.title.strip() for top in outline.root for item in (top, *top.children))


def test_a_heading_without_words_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(tmp_path, **{"one.md": "# One\n\n## ![](dog.png)\n", "dog.png": ""})
    code, _, err = run(capsys, "build", "--content", str(own), "-o", str(tmp_path / "a.pdf"))
    assert code == 1
    assert "one.md:3: error: a heading without words" in err
    assert "hint: say in words what the section is about" in err
