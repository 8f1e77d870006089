"""A provider's brand: what it changes, what is reported of it, and that no other is left."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from conftest import BOOK, DAY
from PIL import Image
from readback import Reader, fold
from test_fields import everything

from handbook.cli import main
from handbook.core.diagnostics import HandbookError
from handbook.pack.loader import load_pack
from handbook.pack.model import Pack
from handbook.pipeline.phases import advice_of, document_of, edition_of
from handbook.select.selection import select
from handbook.theme.brand.apply import apply_brand
from handbook.theme.brand.loader import load_brand
from handbook.theme.brand.model import Brand
from handbook.theme.loader import load_theme

EXAMPLES = Path(__file__).parents[2] / "examples"
FONTS = Path(__file__).parents[2] / "handbook" / "data" / "fonts"
ACME = EXAMPLES / "acme.yaml"

Write = Callable[[str], Path]


def findings_of(path: Path, theme: str = "default") -> list[str]:
    """Every error or warning of a brand file, without its folder."""
    try:
        found = apply_brand(load_theme(theme), load_brand(path)).advice
    except HandbookError as problem:
        found = problem.diagnostics
    lines = [f"{d.place}: {d.severity}: {d.message}\n  hint: {d.hint}" for d in found]
    return [line.replace(f"{path.parent}/", "") for line in lines]


CHAPTERS = ("00-cover", "01-imprint", "41-providers", "60-sources", "62-back-page")


@lru_cache(maxsize=1)
def shipped() -> Pack:
    """The chapters of the shipped pack that show a brand, and no others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "content"
        shutil.copytree(BOOK, folder)
        config = (folder / "handbook.yaml").read_text("utf-8").partition("\nchapters:")[0]
        listed = "".join(f"  - chapters/{chapter}.md\n" for chapter in CHAPTERS)
        (folder / "handbook.yaml").write_text(f"{config}\nchapters:\n{listed}", "utf-8")
        return load_pack(folder)


@lru_cache(maxsize=4)
def copy(brand: Brand | None, theme: str = "default") -> bytes:
    chosen = select(shipped(), role="sre", day=DAY, provided_fields=["learner"], brand=brand)
    return edition_of(document_of(shipped(), chosen), chosen, theme).fill({"learner": "Asha Rao"})


def words(data: bytes, page: int) -> str:
    return fold("".join(run.text + " " for run in Reader(data).runs[page]))


# ---------------------------------------------------------------------- on the page


def test_the_logo_is_a_figure_with_words() -> None:
    reader = Reader(copy(load_brand(ACME)))
    figures = reader.structure().all("Figure")
    alts = [str(node.attributes.get("/Alt")) for node in figures]
    assert alts[0] == "Acme Academy: a peak, and a path that leads up to it"
    assert alts.count(alts[0]) == 2


def test_a_picture_of_the_brand_takes_the_place_of_the_covers_figure(write: Write) -> None:
    text = "meta: {{name: A}}\ndefaults: {{handbook: {{{}}}}}\n"
    path = write(text.format("picture: {path: class.png, alt: A class}"))
    Image.new("RGB", (400, 300), "teal").save(path.with_name("class.png"))
    brand = load_brand(path)
    assert findings_of(path) == []
    chosen = select(shipped(), role="sre", plan="30", day=DAY, brand=brand)
    data = edition_of(document_of(shipped(), chosen), chosen, "default").fill({})
    alts = [str(node.attributes.get("/Alt")) for node in Reader(data).structure().all("Figure")]
    assert alts[0] == "A class"
    assert "The plan as a history" not in alts


def test_a_picture_that_is_not_there_is_reported(write: Write) -> None:
    found = findings_of(write("meta: {name: A}\ndefaults:\n  handbook: {picture: class.png}\n"))
    assert "own.yaml:3: warning: the picture 'class.png' does not exist" in found[0]


def test_a_logo_of_pixels_is_printed_with_enough_of_them(write: Write) -> None:
    path = write("meta: {name: A}\nlogo: {path: l.png, alt: A}\n")
    Image.new("RGB", (3200, 800), "#447099").save(path.with_name("l.png"))
    reader = Reader(copy(load_brand(path)))
    wide = next(iter(reader.pdf.pages[0].Resources.XObject.values())).Width
    # 70 mm at 300 dots an inch, and no more than are seen.
    assert 800 <= wide <= 1000


def test_contact_and_legal_line_are_on_imprint_and_back_page() -> None:
    data = copy(load_brand(ACME))
    last = len(Reader(data).pdf.pages) - 1
    for page in (1, last):
        text = words(data, page)
        assert "Acme Academy Ltd" in text
        assert "1 Example Street" in text
        assert "hello@acme.example" in text
        assert "registered in Exampleland" in text
    assert "A course book of Acme Academy" in words(data, 0)


def test_the_provider_is_first_with_a_mark() -> None:
    table = next(
        node
        for node in Reader(copy(load_brand(ACME))).structure().all("Table")
        if "Acme Academy" in node.text
    )
    rows = table.all("TR")
    assert "Acme Academy" in rows[1].text
    assert "gave you this book" in fold(Reader(copy(load_brand(ACME))).structure().text)


def test_a_provider_of_the_list_is_named_by_its_id(write: Write) -> None:
    path = write("meta: {name: Sre}\ndefaults: {handbook: {provider: finopsschool}}\n")
    text = fold(Reader(copy(load_brand(path))).structure().text)
    assert text.count("finopsschool attribution") == 0
    start = text.index("Offers, in its own words")
    assert text[start:].index("finopsschool") < text[start:].index("sreschool")


def test_an_unknown_provider_is_reported_at_its_line(write: Write) -> None:
    path = write("meta: {name: A}\ndefaults:\n  handbook:\n    provider: finopschool\n")
    with pytest.raises(
        HandbookError, match=r"own.yaml:4(:15)?: error: no row has the id 'finopschool'"
    ):
        copy(load_brand(path))


def test_the_publisher_is_the_brand() -> None:
    with pikepdf.open(BytesIO(copy(load_brand(ACME)))) as pdf, pdf.open_metadata() as meta:
        assert meta["dc:publisher"] == {"Acme Academy Ltd"}


@pytest.mark.parametrize("theme", ["default", "almanac", "field-guide"])
def test_colours_and_fonts_go_over_any_theme(theme: str) -> None:
    made = apply_brand(load_theme(theme), load_brand(ACME)).theme
    assert made.raw("colors.accent") == "#0f5c63"
    assert made.raw("cover.pattern") == "#d9622b"
    assert made.faces()["bold-headings"].name == "SourceSerifPro_600SemiBold.ttf"
    assert made.style("chapter-title").face == "bold-headings"
    assert made.style("body").color == (0x17 / 255, 0x28 / 255, 0x2B / 255)


def test_without_a_brand_nothing_changes() -> None:
    assert b"cme" not in everything(copy(None))


# ------------------------------------------------------------------ no other brand

OTHER = """meta: {name: {short: Quokka, full: Quokka Training GmbH}, link: https://quokka.example}
logo: {path: quokka.png, alt: Quokka stripes}
color: {primary: "#5b2a86", foreground: "#201a26"}
typography: {base: IBM Plex Sans Condensed}
defaults: {handbook: {contact: {mail: post@quokka.example}, legal: Quokka Training is registered,
  cover: With the stripes of Quokka}}
"""


def test_no_trace_of_another_brand_is_left(write: Write) -> None:
    path = write(OTHER)
    Image.new("RGB", (1200, 400), "#5b2a86").save(path.with_name("quokka.png"))
    one, other = everything(copy(load_brand(ACME))), everything(copy(load_brand(path)))
    assert b"Acme" in one
    assert b"Quokka" in other
    for data, marks in ((one, (b"uokka", b"5b2a86")), (other, (b"cme", b"Exampleland"))):
        for mark in (*marks, b"The handbook project"):
            assert mark.lower() not in data.lower(), mark
    chosen = select(shipped(), role="sre", day=DAY, brand=load_brand(path))
    assert chosen.file_stem.endswith("_quokka")


def test_the_same_brand_gives_the_same_bytes() -> None:
    first = copy(load_brand(ACME))
    copy.cache_clear()
    assert copy(load_brand(ACME)) == first


# ---------------------------------------------------------------------- the format

PUBLIC = """
meta:
  name: {short: Posit, full: "Example Software, PBC"}
  link: {home: https://example.com/, mastodon: https://social.example/@x, guide: https://a.example/}
logo:
  images: {icon: logo.png, wide: {path: logo.png, alt: The wide one}}
  small: icon
  medium: {light: {path: logo.png, alt: light one}, dark: logo.png}
  large: wide
color:
  palette: {blue: "#447099", orange: "#EE6331", grey: "#404041", white: "#FFFFFF", teal: blue}
  foreground: "#151515"
  background: {light: white, dark: "#111"}
  primary: grey
  secondary: "rgb(112, 112, 115)"
  success: "#72994E"
  info: teal
  warning: orange
  danger: "#9A4665"
  light: white
  dark: grey
typography:
  fonts:
    - {family: Open Sans, source: google, weight: [400, 700], style: [normal, italic], display: block}
    - {family: Fira Code, source: bunny}
    - family: Plex
      source: file
      files:
        - {path: text.ttf, weight: 400, style: normal}
        - bold.ttf
  base: {family: Plex, line-height: 1.25, size: 1rem, weight: 400}
  headings: {family: Plex, color: primary, weight: semi-bold, style: normal, line-height: 1.2}
  monospace: {family: Fira Code, size: 0.9em}
  monospace-inline: {color: blue, background-color: light}
  monospace-block: Fira Code
  link: {color: teal, decoration: underline, weight: 600}
defaults:
  bootstrap: {defaults: {navbar-bg: blue}}
  quarto: {format: {html: {toc: true}}}
  shiny: {theme: {preset: shiny}}
"""


def put_files(folder: Path) -> None:
    Image.new("RGB", (1600, 400), "#447099").save(folder / "logo.png")
    shutil.copy(FONTS / "ibm-plex" / "IBMPlexSans-Text.ttf", folder / "text.ttf")
    shutil.copy(FONTS / "ibm-plex" / "IBMPlexSans-SemiBold.ttf", folder / "bold.ttf")


def test_a_public_file_works_unchanged(write: Write) -> None:
    path = write(PUBLIC)
    put_files(path.parent)
    brand = load_brand(path)
    assert (brand.name, brand.full_name, brand.link) == (
        "Posit",
        "Example Software, PBC",
        "https://example.com/",
    )
    assert brand.logos["large"].alt == "The wide one"
    assert brand.logos["medium"].alt == "light one"
    assert brand.colors["info"].value == "#447099"
    assert brand.colors["secondary"].value == "#707073"
    made = apply_brand(load_theme(), brand)
    assert made.theme.faces()["regular"].name == "text.ttf"
    assert made.theme.faces()["bold"].name == "bold.ttf"
    assert made.theme.faces()["italic"].name == "bold.ttf"
    messages = "\n".join(map(str, made.advice))
    assert "'Fira Code' was not found: the theme's own is used for code" in messages
    assert "has no file that is italic: emphasis is printed bold" in messages
    assert "Open Sans" not in messages
    assert all(d.severity == "warning" for d in made.advice)


def test_dark_ground_becomes_dark_ink(write: Write) -> None:
    path = write('meta: {name: A}\ncolor: {foreground: "#eeeeee", background: "#101418"}\n')
    assert apply_brand(load_theme(), load_brand(path)).theme.raw("colors.ink") == "#101418"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("rgba(0, 64, 128, 1)", "#004080"),
        ("rgba(0, 0, 0, 0.5)", "#808080"),
        ("rgb(0 64 128 / 100%)", "#004080"),
        ("hsl(210, 100%, 25%)", "#004080"),
        ("#00408080", "#7f9fbf"),
    ],
)
def test_colours_as_a_style_sheet_writes_them(write: Write, written: str, printed: str) -> None:
    path = write(f"meta: {{name: A}}\ncolor: {{palette: {{blue: '{written}'}}, primary: blue}}\n")
    assert load_brand(path).colors["primary"].value == printed


MISTAKES = [
    ("meta: {name: A}\ncolour: {primary: red}\n", "own.yaml:2: warning: unknown key 'colour' in a brand file\n  hint: did you mean 'color'?"),
    ("meta: {nam: A}\n", "own.yaml:1: warning: unknown key 'nam' in meta\n  hint: did you mean 'name'?"),
    ("color: {primary: red}\n", "own.yaml:1: warning: the brand has no name, so it is called 'Own'"),
    ("meta: {name: A}\ncolor:\n  primary: bleu\n  palette: {blue: '#00f'}\n",
     "own.yaml:3: error: color.primary: unknown colour 'bleu'"),
    ("meta: {name: A}\ncolor:\n  palette:\n    a: b\n    b: c\n    c: a\n",
     "own.yaml:6: warning: color.palette.a refers to itself\n  hint: a → b → c → a"),
    ("meta: {name: A}\ncolor:\n  palette: {grey: '#dcdbdbd'}\n", "own.yaml:3: warning: color.palette.grey: unknown colour '#dcdbdbd'"),
    ("meta: {name: A}\ncolor:\n  palette: {grey: '#dcdbdbd'}\n  primary: grey\n", "own.yaml:3: error: color.primary: unknown colour '#dcdbdbd'"),
    ("meta: {name: A}\nlogo: no.png\n", "own.yaml:2: warning: the logo 'no.png' does not exist"),
    ("meta: {name: A}\nlogo: /no.png\n", "own.yaml:2: warning: the logo '/no.png' does not exist"),
    ("meta: {name: A}\nlogo: https://x.example/l.png\n", "own.yaml:2: warning: the logo 'https://x.example/l.png' is not a file"),
    ("meta: {name: A}\ntypography:\n  fonts:\n    - family: X\n      files: no.ttf\n",
     "own.yaml:5: warning: the font file 'no.ttf' does not exist"),
    ("meta: {name: A}\ntypography: {headings: {weight: semibld}}\n", "own.yaml:2: error: typography.headings.weight: unknown weight"),
    ("meta: {name: A}\ncolor: {primary: '#ffc107'}\n", "own.yaml:2: warning: color.primary #ffc107 has a contrast of 1.5"),
    ("meta: {name: A}\ncolor: {primary: '#0086c9'}\n", "own.yaml:2: warning: color.primary #0086c9 has a contrast of 3."),
    ("meta: {name: A}\ncolor: {warning: '#ffc107'}\n", "own.yaml:2: warning: color.warning #ffc107 is too light for text, and is printed as #"),
    ("meta: {name: A}\nslogan: x\n", "own.yaml:2: warning: unknown key 'slogan' in a brand file"),
    ("meta: {name: A}\ndefaults: {handbook: {copies: 'https://x.example/'}}\n", "own.yaml:2: error: copies: the address has no place for the {number}"),
    ("meta: {name: A}\ndefaults: {handbook: {contact: {mail: nobody}}}\n", "own.yaml:2: error: 'nobody' is not an e-mail address"),
    ("meta: {name: A}\ndefaults:\n  handbook: {lgal: x}\n", "own.yaml:3: error: unknown key 'lgal' in defaults.handbook\n  hint: did you mean 'legal'?"),
    ("- a\n", "own.yaml:1: error: a brand file must be a mapping"),
    ("meta: {name: A\n", "own.yaml:2"),
    ("meta: {name: A}\ncolor: {palette: 5}\n", "own.yaml:2: error: color.palette must be a mapping\n  hint: write a line with 'name: value' for each"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=range(len(MISTAKES)))
def test_mistakes_are_reported_at_their_line(write: Write, text: str, message: str) -> None:
    assert any(line.startswith(message) for line in findings_of(write(text))), findings_of(
        write(text)
    )


@pytest.mark.parametrize(
    ("pixels", "severity"), [(240, "error"), (500, "warning"), (900, "")], ids=str
)
def test_logos_need_dots_enough(write: Write, pixels: int, severity: str) -> None:
    path = write("meta: {name: A}\nlogo: {path: l.png, alt: A}\n")
    Image.new("RGB", (pixels, pixels // 4)).save(path.with_name("l.png"))
    found = findings_of(path)
    assert [f"own.yaml:2: {severity}: the logo 'l.png' has" in line for line in found] == (
        [True] if severity else []
    )


def test_a_logo_that_is_not_a_picture(write: Write) -> None:
    path = write("meta: {name: A}\nlogo: {path: l.png, alt: A}\n")
    path.with_name("l.png").write_bytes(b"no")
    assert "own.yaml:2: error: the logo 'l.png' cannot be read" in findings_of(path)[0]


@pytest.mark.parametrize("key", ["logo: {key}", "defaults: {{handbook: {{picture: {key}}}}}"])
def test_pictures_that_a_build_would_refuse_are_found_by_the_check(write: Write, key: str) -> None:
    path = write("meta: {name: Acme}\n" + key.format(key="l.svg") + "\n")
    logo = path.with_name("l.svg")
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"><image href="http://a/b.png"/></svg>')
    assert "it refers to 'http://a/b.png', and nothing is fetched" in findings_of(path)[0]
    path = write("meta: {name: Acme}\n" + key.format(key="l.png") + "\n")
    half = BytesIO()
    Image.effect_noise((300, 300), 50).save(half, "PNG")
    path.with_name("l.png").write_bytes(half.getvalue()[:9000])
    assert "'l.png' cannot be read" in findings_of(path)[0]
    Image.new("1", (7000, 7000)).save(path.with_name("l.png"))
    assert "the limit picture-pixels is 40,000,000" in findings_of(path)[0]


def test_a_logo_for_dark_backgrounds_is_not_seen_on_paper(write: Write) -> None:
    path = write("meta: {name: Acme}\nlogo: {path: l.png, alt: Acme}\n")
    for color, seen in (("#ffffffff", False), ("#00000000", False), ("#ffffff80", False),
                        ("#000000ff", True)):  # fmt: skip
        Image.new("RGBA", (900, 300), color).save(path.with_name("l.png"))
        words = "the logo 'l.png' is white, and is not seen on white paper"
        assert any(words in line for line in findings_of(path)) != seen


def test_a_small_logo_is_reported_once(write: Write) -> None:
    path = write("meta: {name: Acme}\nlogo: {path: l.png, alt: Acme}\n")
    Image.new("RGB", (20, 20)).save(path.with_name("l.png"))
    assert len([line for line in findings_of(path) if "an inch" in line]) == 1


def test_characters_that_the_brands_font_lacks_come_from_the_theme(write: Write) -> None:
    path = write(
        "meta: {name: A}\ntypography:\n  fonts: [{family: Geo, files: [geo.ttf, {path: geo.ttf, weight: 700}]}]\n  base: Geo\n"
    )
    shutil.copy(FONTS / "noto" / "NotoSansGeorgian-Regular.ttf", path.with_name("geo.ttf"))
    brand = load_brand(path)
    chosen = select(shipped(), day=DAY, brand=brand)
    document = document_of(shipped(), chosen)
    advice = [str(d) for d in advice_of(document, "default", brand)]
    assert any("own.yaml:4: warning: the font file 'geo.ttf' has no" in line for line in advice)


# ------------------------------------------------------------------------ commands


def test_a_new_brand_builds_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    run = CliRunner().invoke
    assert run(main, ["brand", "new", str(path)]).exit_code == 0
    done = run(main, ["brand", "check", str(path), "--strict"])
    assert (done.exit_code, done.stdout) == (0, f"{path}: no problems found\n")
    assert "Example Academy" in words(copy(load_brand(path)), 1)
    with pytest.raises(HandbookError, match="already exists"):
        run(main, ["brand", "new", str(path)], catch_exceptions=False)


def test_build_takes_a_brand(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    done = CliRunner().invoke(
        main, ["build", "--role", "sre", "--brand", str(ACME), "-o", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert b"Acme Academy Ltd" in out.read_bytes()


def test_a_brand_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="no such brand file"):
        load_brand(tmp_path / "no.yaml")


# ------------------------------------------------------------ what other tools write


def test_a_public_file_without_meta_and_with_links(write: Write) -> None:
    path = write("meta: {links: {home: www.acme.example, github: https://g.example}}\n")
    brand = load_brand(path)
    assert (brand.name, brand.link) == ("Own", "https://www.acme.example")
    bare = path.with_name("_brand.yml")
    bare.write_text("color: {palette: {light: '#ecf0f1'}, light: light, primary: navy}\n", "utf-8")
    assert load_brand(bare).name
    assert load_brand(bare).colors["light"].value == "#ecf0f1"


def test_a_light_link_is_darkened_or_given_for_print(write: Write) -> None:
    text = "meta: {name: A}\ncolor: {primary: '#08312a'}\ntypography: {link: {color: '#e18600'}}\n"
    printed = apply_brand(load_theme(), load_brand(write(text)))
    (warning,) = printed.advice
    assert "typography.link.color #e18600 has a contrast of" in str(warning)
    assert 'color: link: "#…"' in warning.hint
    assert printed.theme.raw("inline.link.color") != "#e18600"
    # The hint's key is the one that works.
    text += 'defaults: {handbook: {color: {link: "#7a4a00"}}}\n'
    printed = apply_brand(load_theme(), load_brand(write(text)))
    assert printed.theme.raw("inline.link.color") == "#7a4a00"
    assert printed.advice == ()


def test_what_print_does_not_use_is_said_once(write: Write) -> None:
    path = write(
        "meta: {name: A}\ncolor: {tertiary: red, light: white}\n"
        "typography:\n  base: {family: IBM Plex Sans, size: 30pt, line-height: 3}\n"
        "  link: {decoration: underline}\n"
    )
    unused = [line for line in findings_of(path) if "not used in print" in line]
    assert len(unused) == 1
    for name in (
        "color.tertiary",
        "color.light",
        "typography.base.size",
        "typography.base.line-height",
        "typography.link.decoration",
    ):
        assert name in unused[0]


def test_typography_has_colours_of_its_own(write: Write) -> None:
    path = write(
        "meta: {name: A}\ncolor: {primary: '#0f5c63', link: '#8800aa'}\ntypography:\n"
        "  base: {color: '#660000'}\n  link: {weight: bold}\n"
        "  monospace-inline: {color: '#a00000'}\n"
        "  monospace-block: {color: '#0000a0', background-color: '#ffffee'}\n"
    )
    theme = apply_brand(load_theme(), load_brand(path)).theme
    tokens = {"colors.ink": "#660000", "inline.link.color": "#8800aa",
              "inline.code.color": "#a00000", "text.code.color": "#0000a0",
              "code.wash": "#ffffee"}  # fmt: skip
    assert {name: theme.raw(name) for name in tokens} == tokens


@pytest.mark.parametrize(
    ("family", "file"),
    [
        ("Noto Sans", "IBMPlexSans-Text.ttf"),
        ("Merriweather", "SourceSerifPro_400Regular.ttf"),
        ("Open Sans", "IBMPlexSans-Text.ttf"),
    ],
)
def test_one_family_goes_through(write: Write, family: str, file: str) -> None:
    path = write(f"meta: {{name: A}}\ntypography: {{base: {family}}}\n")
    printed = apply_brand(load_theme(), load_brand(path))
    faces = printed.theme.faces()
    names = {faces[name].name[:10] for name in ("regular", "bold", "italic", "bold-italic")}
    assert faces["regular"].name == file
    assert len(names) == 1
    assert "is used for all text" in str(printed.advice[0])


def test_a_logo_is_found_from_the_root_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    (tmp_path / "images").mkdir()
    (tmp_path / "brand").mkdir()
    Image.new("RGB", (3200, 800), "#447099").save(tmp_path / "images" / "logo.png")
    for path in ("/images/logo.png", "images/logo.png"):
        file = tmp_path / "brand" / "_brand.yml"
        file.write_text(f"meta: {{name: A}}\nlogo: {{path: {path}, alt: A}}\n")
        assert load_brand(file).logos["large"].path == str(tmp_path / "images" / "logo.png")
