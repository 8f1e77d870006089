"""Fields: a copy is the edition's bytes and its own few objects."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from io import BytesIO

import pikepdf
import pymupdf
import pytest
from conftest import DAY, built, shipped
from hypothesis import given, settings
from hypothesis import strategies as st
from readback import Reader, fold
from small import small_edition

from handbook.core.diagnostics import HandbookError
from handbook.pdf.edition import Edition
from handbook.pdf.field_fitting import clean
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select
from handbook.theme.print_options import PrintOptions

LEARNER = ("sre", "", "30", "a4", "Asha Rao")


def everything(data: bytes) -> bytes:
    """All streams and strings of a file, decompressed, and its text."""
    reader = Reader(data)
    parts = [data, reader.structure().text.encode()]
    for item in reader.pdf.objects:
        parts.append(item.read_bytes() if isinstance(item, pikepdf.Stream) else repr(item).encode())
    return b"".join(parts)


def test_a_copy_begins_with_the_edition() -> None:
    edition = built(*LEARNER).edition
    one = edition.fill({"learner": "Asha Rao"})
    other = edition.fill({"learner": "Zoë Łukasiewicz"})
    assert one.startswith(edition.body)
    assert other.startswith(edition.body)
    assert b"Luk" not in everything(one)
    assert b"Asha" in everything(one)
    assert b"Asha" not in everything(other)
    assert one != other
    assert one == edition.fill({"learner": "Asha Rao"})


@pytest.mark.parametrize("name", ["Zoë Łukasiewicz", "Ελένη", "Юлия", "O’Neill-Smith", "Ana María"])
def test_names_are_real_text(name: str) -> None:
    reader = Reader(built(*LEARNER).edition.fill({"learner": name}))
    assert name in fold(reader.structure().text)


def test_long_names_shrink_then_wrap_then_are_refused() -> None:
    edition = built(*LEARNER).edition

    def sizes(name: str) -> tuple[float, int]:
        cover = Reader(edition.fill({"learner": name})).runs[0]
        runs = [r for r in cover if len(r.text) > 4 and r.text.strip() in name]
        return runs[0].size, len(runs)

    assert sizes("Asha Rao") == (17, 1)
    size, lines = sizes("Maria del Carmen Fernandez de la Vega y Rodriguez de Sotomayor")
    assert size < 17
    assert lines == 1
    assert sizes("Wolfeschlegelsteinhausen " * 6) == (10, 2)
    with pytest.raises(HandbookError, match="field 'learner' is too long"):
        edition.fill({"learner": "Wolfeschlegelsteinhausen " * 30})


@pytest.mark.parametrize(
    "value",
    ["(x) Tj ET Q", "\\) evil", "{{ 7 * 7 }}", "<b>bold</b>", "a\x00b\x1bc", "../../etc", "a\nb"],
)
def test_hostile_values_are_plain_text(value: str) -> None:
    reader = Reader(built(*LEARNER).edition.fill({"learner": value}))
    tree = reader.structure()
    assert fold(clean(value)) in fold(tree.text)
    assert len(tree.walk()) == len(Reader(built(*LEARNER).pdf).structure().walk())


def test_a_usual_name_needs_no_font_of_its_own() -> None:
    edition = built(*LEARNER).edition
    usual, other = (
        edition.incremental_update({"learner": "Zoë Łukasiewicz"}),
        edition.incremental_update({"learner": "Юлия"}),
    )
    assert len(usual) < 5000 < len(other)
    assert all(name in everything(edition.body + usual).decode("latin-1") for name in ("/bold",))


def test_clean() -> None:
    assert clean("  a\tb\u202e c ") == "a b c"
    assert clean("e\u0301") == "é"


# ------------------------------------------------------------------- object level


def objects(data: bytes) -> dict[tuple[int, int], bytes]:
    """Every object of a file, unparsed as far as pikepdf allows."""
    found: dict[tuple[int, int], bytes] = {}
    with pikepdf.open(BytesIO(data)) as pdf:
        for item in pdf.objects:
            raw = item.read_raw_bytes() if isinstance(item, pikepdf.Stream) else b""
            found[item.objgen] = item.unparse(resolved=True) + raw
    return found


def test_two_copies_differ_in_their_own_objects_alone() -> None:
    edition = built(*LEARNER).edition
    one, other = edition.fill({"learner": "Asha Rao"}), edition.fill({"learner": "Юлия Цветкова"})
    first, second = objects(one), objects(other)
    own = {edition.metadata, edition.fonts, *(placed.stream for placed in edition.placed_fields)}
    own |= {ref for _, ref in edition.page_fields}
    changed = {
        number
        for number, _ in first.keys() | second.keys()
        if first.get((number, 0)) != second.get((number, 0))
    }
    assert all(number in own or number >= edition.next_object for number in changed)
    assert {edition.metadata, edition.placed_fields[0].stream} <= changed
    assert one[: len(edition.body)] == other[: len(edition.body)] == edition.body


def test_alone_or_among_others_the_same_bytes() -> None:
    edition = built(*LEARNER).edition
    alone = edition.fill({"learner": "Asha Rao"})
    for name in ("Zoë", "محمد", "王小明", "அன்பழகன்"):
        edition.fill({"learner": name})
    assert edition.fill({"learner": "Asha Rao"}) == alone


# ------------------------------------------------------- other kinds, hostile values

EVERY = {
    "learner": "Asha Rao",
    "cohort": "Spring 2027, Pune",
    "provider": "Example Academy",
    "exam-date": "15 February 2027",
    "code": "https://example.org/c/81236",
    "address": "https://example.org/c/81236",
}


@lru_cache(maxsize=1)
def every() -> Edition:
    """A thin book with every kind of field."""
    return small_edition()


def test_every_kind_of_field_is_in_its_place() -> None:
    reader = Reader(every().fill(EVERY))
    cover = fold("".join(run.text + " " for run in reader.runs[0]))
    for name in ("learner", "cohort", "provider", "exam-date"):
        assert EVERY[name] in cover
    assert EVERY["address"] in fold("".join(run.text for run in reader.runs[1]))
    figures = reader.structure().all("Figure")
    assert any("QR code" in str(node.attributes.get("/Alt")) for node in figures)


def test_the_personal_code_can_be_scanned() -> None:
    zbar = shutil.which("zbarimg")
    if zbar is None:
        pytest.skip("zbarimg (zbar-tools) is not installed")
    import pypdfium2

    page = pypdfium2.PdfDocument(every().fill(EVERY))[1].render(scale=4).to_pil()
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        page.save(file.name)
        read = subprocess.run([zbar, "-q", "--raw", file.name], capture_output=True, check=True)
    assert read.stdout.decode().strip() == EVERY["code"]


def test_the_licence_line_is_at_every_foot_and_is_not_content() -> None:
    data = every().fill(EVERY)
    with pymupdf.open(stream=data) as pdf:
        feet = ["Copy of Asha Rao" in page.get_text() for page in pdf]
    assert feet[1:-1] == [True] * (len(feet) - 2)
    assert "Copy of Asha Rao" not in fold(Reader(data).structure().text)


def test_days_of_sessions_go_into_the_plan() -> None:
    selection = select(shipped(), role="sre", plan="30", day=DAY, provided_fields=["session-*"])
    real = edition_of(document_of(shipped(), selection), selection)
    values = {"session-chapter-security": "Wed 13 Jan", "session-codeql-dependency": "Mon 18 Jan"}
    text = fold(Reader(real.fill(values)).structure().text)
    assert "Wed 13 Jan" in text


def test_without_values_nothing_is_left_behind() -> None:
    data = every().fill({})
    with pymupdf.open(stream=data) as pdf:
        assert not any("Copy of" in page.get_text() for page in pdf)


HOSTILE = [
    "<b>bold</b> &amp; <script>",
    "\x00\x01\x07Bell",
    "\u202eesrever\u202c \u2066x\u2069",
    "A" * 10_000,
    "A " * 5_000,
    "(x) Tj ET Q endstream endobj",
    "\\) \\( \\",
    "<< /Type /Page >>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{learner}",
    "../../etc/passwd",
    "C:\\windows\\x",
    "=cmd|' /C calc'!A0",
    "%PDF-1.7",
    "\ud800",
    "\ufffe",
    "\U0010ffff",
    "\ue000",
    "a\u0301" * 200,
    "\u200b\u200c\u200d",
    "🏴\u200d☠️",
    "ﷺ",
    "﷽",
    "''; DROP TABLE learners;--",
    "\r\n\r\nX",
    "nul\x00",
    "名" * 400,
    "\u0600\u0601",
    "i\u0307\u0323",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["learner", "cohort", "code", "licence"])
def test_hostile_values_are_text_or_a_clear_error(name: str, value: str) -> None:
    data, messages = attempt({name: value})
    if data is None:
        assert name in messages or "licence" in messages
        assert len(messages) < 400
        return
    reader = Reader(data)
    assert len(reader.structure().walk()) == nodes()
    if name in ("learner", "cohort"):
        want = "".join(clean(value).split())
        assert want in "".join(reader.structure().text.split())


def attempt(values: dict[str, str]) -> tuple[bytes | None, str]:
    """A copy, or what is reported to the learner's provider instead."""
    try:
        return every().fill(values), ""
    except HandbookError as problem:
        return None, problem.diagnostics[0].message


@lru_cache(maxsize=1)
def nodes() -> int:
    return len(Reader(every().fill({})).structure().walk())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_at_all(value: str) -> None:
    data, _ = attempt({"learner": value})
    if data is None:
        return
    page = pymupdf.open(stream=data)[0]
    assert page.get_text()
    assert data.startswith(every().body)


# --------------------------------------------------------------------------- forms


def test_boxes_can_be_ticked_on_screen() -> None:
    press = PrintOptions(form=True)
    selection = select(shipped(), role="sre", plan="30", day=DAY, print_options=press)
    data = edition_of(document_of(shipped(), selection), selection).fill()
    paper = Reader(built("sre", "", "30").pdf).structure()
    reader = Reader(data)
    tree = reader.structure()
    # On paper the state of a box is in words; on screen the field itself has it.
    screen, print_ = (re.sub(r"(not )?checked|\s", "", one.text) for one in (tree, paper))
    assert screen == print_
    assert len(tree.all("Form")) > 30
    with pikepdf.open(BytesIO(data)) as pdf:
        form = pdf.Root.AcroForm
        assert "/NeedAppearances" not in form
        names = [str(field.T) for field in form.Fields]
        assert len(set(names)) == len(names) == len(tree.all("Form"))
        for field in form.Fields:
            assert str(field.TU)
            assert set(field.AP.N.keys()) == {"/Yes", "/Off"}
            assert field.AS == field.V
    # A box is read before the words it belongs to.
    item = next(node for node in tree.all("LI") if node.all("Form"))
    assert item.all("Form")[0] in item.all("Lbl")[0].kids


def test_lines_of_a_long_name_stay_clear_of_the_words_below() -> None:
    """Two lines are about the place of one, and closer together, so that they cover nothing."""
    edition = built(*LEARNER).edition
    name = "Wolfeschlegelsteinhausen " * 6

    def lines(value: str) -> tuple[list[float], list[float]]:
        runs = Reader(edition.fill({"learner": value})).runs[0]
        own = [run.y for run in runs if run.text.strip() and run.text.strip() in value]
        return own, [run.y for run in runs if run.y < min(own)]

    (alone,), below = lines("Asha Rao")
    (first, second), below_both = lines(name)
    assert below == below_both
    assert first > alone > second
    # Below the lower line there is room for its own descenders and the next line's letters.
    assert second - max(below) > 10 * 1.2
