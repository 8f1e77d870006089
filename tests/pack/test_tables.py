"""Tables as readers meet them: spans, figures at their point, turned pages, split rows."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
from conftest import DAY
from packs import pack
from readback import Reader, Run, fold, squeeze

from handbook.pack.loader import load_pack
from handbook.pipeline.phases import build
from handbook.select.selection import select


def printed(tmp_path: Path, *lines: str) -> bytes:
    text = "---\ntitle: One\n---\n\n" + "\n".join(lines) + "\n"
    loaded = load_pack(pack(tmp_path, one_dot_md=text))
    return build(loaded, select(loaded, day=DAY))


def runs(data: bytes) -> list[Run]:
    return [run for page in Reader(data).runs for run in page]


def cells(data: bytes, tag: str = "TD") -> list[pikepdf.Object]:
    with pikepdf.open(BytesIO(data)) as pdf:
        return [
            dict(o.get("/A", {}))
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/S") == f"/{tag}"
        ]


SPANS = ["Table: Spans {#t}", "", "| Week | What |", "|---|---|"]


def test_cells_span_rows_and_columns(tmp_path: Path) -> None:
    rows = ["| W1 | one |", "| ^^ | two |", "| All | << |"]
    data = printed(tmp_path, *SPANS, *rows)
    assert sorted(int(a["/RowSpan"]) for a in cells(data) if "/RowSpan" in a) == [2]
    assert sorted(int(a["/ColSpan"]) for a in cells(data) if "/ColSpan" in a) == [2]
    text = squeeze(Reader(data).structure().text)
    assert "W1onetwoAll" in text
    assert "^^" not in text
    assert "<<" not in text


def test_a_spanning_label_is_said_again_on_the_next_page(tmp_path: Path) -> None:
    rows = [f"| {'Label' if n == 0 else '^^'} | row {n} |" for n in range(90)]
    data = printed(tmp_path, *SPANS, *rows)
    reader = Reader(data)
    assert len(reader.runs) >= 2
    for number, page in enumerate(reader.runs):
        labels = [run for run in page if run.text.strip() == "Label"]
        assert len(labels) == 1
        assert labels[0].artifact == (number > 0)
    assert fold(reader.structure().text).count("Label") == 1


def test_a_label_higher_than_its_rows_makes_room(tmp_path: Path) -> None:
    label = "word " * 60
    data = printed(tmp_path, *SPANS, f"| {label} | a |", "| ^^ | b |", "| next | c |")
    shown = runs(data)
    lowest = min(run.y for run in shown if "word" in run.text and run.size < 9.5)
    following = next(run for run in shown if run.text.strip() == "next")
    assert following.y < lowest - 8


def test_figures_are_at_their_decimal_point(tmp_path: Path) -> None:
    rows = [f"| item | {value} |" for value in ("1.5", "12.25", "1,234", "0.125", "n/a")]
    data = printed(tmp_path, 'Table: Figures {#t decimal="2"}', "", "| A | B |", "|---|---|", *rows)
    points = []
    for run in runs(data):
        words = run.text.strip()
        if words.replace(",", "").replace(".", "").isdigit() and run.size < 9.5 and "." in words:
            whole = words.split(".")[0]
            points.append(run.x + _width(run, whole))
    assert len(points) == 3
    assert max(points) - min(points) < 0.5


def _width(run: Run, words: str) -> float:
    from handbook.layout.faces import load_faces
    from handbook.theme.loader import load_theme

    return load_faces(load_theme())["regular"].width(words) * run.size / 1000


def test_a_table_too_wide_for_the_page_lies_on_a_turned_one(tmp_path: Path) -> None:
    heads = [f"Administrators{n}" for n in range(9)]
    table = [f"| {' | '.join(heads)} |", "|---" * 9 + "|", f"| {' | '.join('abcdefghi')} |"]
    # Less text than this would lie on the turned page too.
    more = ["", "Words that stand upright. " * 50] * 2
    data = printed(
        tmp_path, "Before.", *more, "", "Table: Wide {#t}", "", *table, "", "After.", *more
    )
    with pikepdf.open(BytesIO(data)) as pdf:
        wide = [float(p.obj.MediaBox[2]) > float(p.obj.MediaBox[3]) for p in pdf.pages]
    assert wide == [False, True, False]
    text = [squeeze("".join(r.text for r in page)) for page in Reader(data).runs]
    assert "Before." in text[0]
    assert all(head in text[1] for head in heads)
    assert "After." in text[2]


def test_a_number_is_printed_as_it_was_written(tmp_path: Path) -> None:
    """A version of 1.10 is not 1.1, and a price keeps its last zero."""
    front = "---\ntitle: One\n...\n\n"
    said = '{{ book.version }} {{ p[0].cost }} {{ p[0].cost * 2 }} {{ "%.1f" | format(p[0].cost) }}'
    folder = pack(
        tmp_path,
        handbook_dot_yaml="title: A\nversion: 1.10\nchapters: [one.md]\n",
        one_dot_md=f"{front}Costs {said}.\n",
        tables__p_dot_yaml="- {id: a, cost: 4.80}\n",
    )
    loaded = load_pack(folder)
    data = build(loaded, select(loaded, day=DAY))
    assert "Costs 1.10 4.80 9.6 4.8." in " ".join(run.text for run in runs(data))
