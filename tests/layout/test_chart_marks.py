"""Charts are drawn from columns: their words are in the page, their data in what is heard."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from packs import pack, run
from readback import Reader

from handbook.core.diagnostics import HandbookError, Source
from handbook.core.i18n import ENGLISH, Translations, translations_for
from handbook.document.chart_marks import MARKS
from handbook.document.nodes import ChartBlock
from handbook.layout.faces import load_faces
from handbook.layout.figure.charts import SIZE, Chart, draw_chart
from handbook.layout.figure.marks.draw import draw_marks
from handbook.layout.figure.marks.plot import shades
from handbook.layout.page import Box, Glyphs, Polygon, Segment
from handbook.layout.page import Path as Shape
from handbook.markdown.convert.charts import ChartPlace, read_chart
from handbook.theme.contrast import AA, contrast, luminance
from handbook.theme.loader import load_theme
from handbook.theme.variants import theme_variant

THEME = load_theme()
FACES = load_faces(THEME)
HEAD = "---\ntitle: One\n---\n\n"
# Each mark: its source, words that are printed, and what is heard.
CHARTS = {
    "bars": (
        'data: {area: [Processes, Pipelines], share: [12.5, 50]}\nx: share\ny: area\nunit: "%"\n'
        "highlight: Processes",
        ["Processes", "Pipelines", "12.5\u00a0%", "50\u00a0%"],
        "Chart. Processes: 12.5\u00a0%; Pipelines: 50\u00a0%.",
    ),
    "stacked": (
        "data:\n- {week: One, area: Labs, hours: 2}\n- {week: One, area: Reading, hours: 3}\n"
        "y: week\nx: hours\ncolor: area\nunit: h",
        ["One", "Labs", "Reading", "5\u00a0h"],
        "Chart. One: Labs, 2\u00a0h; One: Reading, 3\u00a0h.",
    ),
    "line": (
        "data: {day: [2026-12-01, 2026-12-03], done: [1, 4]}\nx: day\ny: done",
        ["1 Dec", "3 Dec"],
        "Chart. 1 Dec: 1; 3 Dec: 4.",
    ),
    "area": (
        "data: {step: [0, 1], share: [0, 80], way: [Canary, Canary]}\nx: step\ny: share\nrow: way\n"
        'unit: "%"',
        ["Canary", "80\u00a0%"],
        "Chart. Canary: 0, 0\u00a0%; Canary: 1, 80\u00a0%.",
    ),
    "scatter": (
        "data:\n- {team: Alpha, lead: 2, fail: 5}\n- {team: Beta, lead: 40, fail: 30}\n"
        "x: {field: lead, title: Lead time, unit: h}\ny: fail\ntext: team",
        ["Alpha", "Beta", "Lead time (h)"],
        "Chart. Alpha: Lead time 2\u00a0h, 5; Beta: Lead time 40\u00a0h, 30.",
    ),
    "pie": (
        "data: {part: [Reading, Labs], hours: [30, 10]}\ny: part\nx: hours\nunit: h",
        ["Reading", "30\u00a0h, 75\u00a0%", "10\u00a0h, 25\u00a0%"],
        "Chart. Reading: 30\u00a0h; Labs: 10\u00a0h.",
    ),
    "waterfall": (
        "data: {what: [Start, Won, Lost], money: [100, 40, -30]}\nx: what\ny: money\ntotal: End",
        ["Start", "100", "+40", "\u221230", "End", "110"],
        "Chart. Start: 100; Won: 40; Lost: \u221230.",
    ),
    "heatmap": (
        "data:\n- {x: Mon, y: morning, color: 3}\n- {x: Tue, y: morning, color: 9}",
        ["Mon", "Tue", "morning", "3", "9"],
        "Chart. morning: Mon, 3; morning: Tue, 9.",
    ),
    "gantt": (
        "data:\n- {y: Old, x: Expand, x2: Read new, text: stays}\n- {y: New, x: Contract}",
        ["Old", "Expand", "Read new", "Contract", "stays"],
        "Chart. Old: Expand to Read new, stays; New: Contract.",
    ),
    "burn-down": (
        "data: {day: [2026-12-01, 2026-12-02, 2026-12-03], open: [9, 7, ~]}\nx: day\ny: open",
        ["7 left", "even pace"],
        "Chart. 1 Dec: 9; 2 Dec: 7; 3 Dec.",
    ),
    "flow": (
        'data:\n- {from: On Azure?, to: Managed identity, text: "yes"}\n'
        '- {from: On Azure?, to: Federation, text: "no"}\n- {from: Federation, to: Token}',
        ["On Azure?", "Managed identity", "yes", "no", "Token"],
        "Diagram. On Azure? to Managed identity: yes; On Azure? to Federation: no; "
        "Federation to Token.",
    ),
    "sequence": (
        "data:\n- {from: Job, to: Issuer, text: asks}\n- {from: Issuer, text: signs}\n"
        "- {from: Issuer, to: Job, text: token, dash: true}\n- {from: Job, to: Job, text: deploys}",
        ["Job", "Issuer", "asks", "signs", "token", "deploys"],
        "Diagram. Job to Issuer: asks; Issuer: signs; Issuer to Job: token; Job to Job: deploys.",
    ),
    "git": (
        "data:\n- {branch: main, text: A}\n- {branch: topic, from: main, text: B}\n"
        "- {branch: main, from: topic, text: M, tag: v1}",
        ["main", "topic", "A", "B", "M", "v1"],
        "Diagram. main: A; topic: from main, B; main: from topic, M, v1.",
    ),
    "git sized": (
        "size: size\ndata:\n- {branch: main, size: 1}\n- {branch: topic, from: main, size: 9}\n"
        "- {branch: main, from: topic, size: 2, tag: v1}",
        ["main", "topic", "v1"],
        "Diagram. main: 1; topic: 9, from main; main: 2, from topic, v1.",
    ),
    "nest": (
        "start: a push\ndata:\n- {text: Run, note: workflow run}\n- {text: Job, note: job}",
        ["a push", "Run", "workflow run", "Job"],
        "Diagram. Run: workflow run; Job: job.",
    ),
    "range": (
        'data: {y: [One, Two], x: [10, 50], x2: [15, 55]}\nunit: "%"',
        ["One", "10–15 %"],
        "Bar chart. One 10 to 15 %; Two 50 to 55 %.",
    ),
    "matrix": (
        "data:\n- {y: A, x: X, size: 1}\n- {y: B, x: Y, size: r}",
        ["A", "B", "X", "Y"],
        "Matrix. A has X; B has Y, retired.",
    ),
    "route": (
        "data: {x: [X, Y], text: [begin, end]}",
        ["X", "begin"],
        "Route. First X: begin, then Y: end.",
    ),
    "calendar": (
        "data: {x: [2026-12-01], size: [60]}\nexam: 2026-12-09",
        ["30 Nov", "1", "9"],
        "Calendar. Week of 30 Nov: 60 minutes on Tue 1; Week of 7 Dec: exam on Wed 9.",
    ),
    "qr": (
        "data: {text: [A page], href: ['https://example.org/a']}",
        ["A page", "example.org/a"],
        "QR codes: A page, example.org/a.",
    ),
}  # fmt: skip


TREE = (
    "data:\n- {from: Runs in Azure already?, to: Shared or needed before?, text: yes}\n"
    "- {from: Runs in Azure already?, to: Federated credential, text: no}\n"
    "- {from: Shared or needed before?, to: User-assigned identity, text: yes}\n"
    "- {from: Shared or needed before?, to: System-assigned identity, text: no}\n"
    "from: from\nto: to\ntext: text"
)
PHASES = (
    "data:\n- {lane: Column name, at: Expand, until: Contract, text: is there}\n"
    "- {lane: The code writes, at: Write, until: Write, text: replaced within}\n"
    "- {lane: The code reads, at: Compile, until: Queue, text: both}\n"
    "x: {field: at, sort: [Expand, Write, Compile, Queue, Contract]}\nx2: until\ny: lane\ntext: text"
)
MESSAGES = (
    "data:\n- {one: Job, other: Issuer, what: asks for a token of the environment production}\n"
    "- {one: Issuer, other: Store, what: sends it}\n- {one: Store, other: Cloud, what: deploys}\n"
    "from: one\nto: other\ntext: what"
)
NARROW = {"flow": TREE, "gantt": PHASES, "sequence": MESSAGES}
ALL = {**{name: f"mark: {name.split()[0]}\n{text}\n" for name, (text, *_) in CHARTS.items()},
       **{f"narrow {name}": f"mark: {name}\n{text}\n" for name, text in NARROW.items()}}  # fmt: skip


def block(text: str) -> ChartBlock:
    place = ChartPlace(lambda line: Source("one.md", line), (), None)
    return read_chart(text, place, {"source": Source("one.md", 1)})


def drawn(
    text: str, width: float = 480, theme: object = THEME, language: Translations = ENGLISH
) -> Chart:
    return draw_marks(block(text), theme, FACES, width, language)  # type: ignore[arg-type]


def words(chart: Chart) -> list[str]:
    return [
        FACES[item.face].text_of_codes(item.codes).rstrip(" ")
        for item in chart.items
        if isinstance(item, Glyphs) and isinstance(item.codes, str)
    ]


def test_every_mark_is_shown_here() -> None:
    assert {name.split()[0] for name in CHARTS} == set(MARKS)


@pytest.mark.parametrize("mark", CHARTS)
def test_words_are_printed_and_data_are_heard(mark: str) -> None:
    source, printed, heard = CHARTS[mark]
    chart = drawn(f"mark: {mark.split()[0]}\n{source}\n")
    assert [one for one in printed if one not in " ".join(words(chart))] == []
    assert chart.alt == heard


@pytest.mark.parametrize("width", [215, 250, 335, 480])
@pytest.mark.parametrize("mark", ALL)
def test_nothing_leaves_the_chart(mark: str, width: float) -> None:
    chart = drawn(ALL[mark], width)
    assert chart.width <= width + 0.1
    for item in chart.items:
        xs, ys = _reach(item)
        assert min(xs) >= -0.6, item
        assert max(xs) <= width + 0.6, item
        assert min(ys) >= -2.6, item
        assert max(ys) <= chart.height + 0.6, item


@pytest.mark.parametrize("width", [215, 250, 335, 480])
@pytest.mark.parametrize("mark", ALL)
def test_no_words_meet(mark: str, width: float) -> None:
    chart = drawn(ALL[mark], width)
    boxes = [_reach(item) for item in chart.items if isinstance(item, Glyphs)]
    for number, (xs, ys) in enumerate(boxes):
        for other_xs, other_ys in boxes[number + 1 :]:
            apart = xs[1] <= other_xs[0] or other_xs[1] <= xs[0]
            assert apart or ys[1] <= other_ys[0] or other_ys[1] <= ys[0], (xs, ys, other_xs)


def test_no_line_runs_through_the_name_of_a_lane() -> None:
    chart = drawn(ALL["narrow gantt"], 215)
    names = [item for item in chart.items if isinstance(item, Glyphs)]
    names = [one for one in names if FACES[one.face].text_of_codes(one.codes)[:3] in ("Col", "The")]
    assert len(names) == 3
    for name in names:
        xs, ys = _reach(name)
        before = chart.items[: chart.items.index(name)]
        (ground,) = (
            item
            for item in before
            if isinstance(item, Box)
            and item.fill == THEME.color("colors.paper")
            and item.y <= ys[0]
            and ys[1] <= item.y + item.height
        )
        assert ground.x <= xs[0]
        assert xs[1] <= ground.x + ground.width


def _reach(item: object) -> tuple[list[float], list[float]]:
    if isinstance(item, Glyphs):
        assert item.size == pytest.approx(SIZE)
        width = FACES[item.face].width(FACES[item.face].text_of_codes(item.codes).rstrip(" "))
        return [item.x, item.x + width * item.size / 1000], [item.y, item.y + item.size * 0.7]
    if isinstance(item, Box):
        return [item.x, item.x + item.width], [item.y, item.y + item.height]
    if isinstance(item, Segment):
        return [item.x1, item.x2], [item.y1, item.y2]
    if isinstance(item, Polygon):
        return [x for x, _ in item.points], [y for _, y in item.points]
    assert isinstance(item, Shape)
    values = [value for _, *rest in item.segments for value in rest]
    return values[::2], values[1::2]


@pytest.mark.parametrize(
    ("mark", "given"),
    [
        ("range", {"kind": "bars", "labels": "One|Two", "low": "10|50", "high": "15|55",
                   "unit": "%"}),
        ("matrix", {"kind": "matrix", "rows": "A|B", "columns": "X|Y", "cells": "1,|,r"}),
        ("route", {"kind": "route", "steps": "X|Y", "notes": "begin|end"}),
        ("qr", {"kind": "qr", "labels": "A page", "urls": "https://example.org/a"}),
    ],
)  # fmt: skip
def test_a_list_and_a_table_make_the_same_drawing(mark: str, given: dict[str, str]) -> None:
    by_list = draw_chart(given, THEME, FACES, 400, Source())
    assert drawn(f"mark: {mark}\n{CHARTS[mark][0]}\n", 400).items == by_list.items


def test_what_vega_lite_calls_it_works_too() -> None:
    source = (
        "mark: {type: bar}\ndata: {values: [{a: One, b: 2}]}\n"
        "encoding: {x: {field: b, type: quantitative}, y: {field: a}}\n"
    )
    assert drawn(source).items == drawn("mark: bars\ndata: [{a: One, b: 2}]\nx: b\ny: a\n").items


@pytest.mark.parametrize(
    ("source", "line", "message", "hint"),
    [
        ("mark: brs\ndata: []", 1, "unknown mark 'brs'", "did you mean 'bars'"),
        ("mark: bars\ndata: [{a: One, b: 2}]\nx: bb\ny: a", 3, "no column 'bb'",
         "did you mean 'b'"),
        ("mark: bars\ndata: [{a: One, b: 2}]\nx: b\ny: a\ncolour: a", 5, "has no 'colour'",
         "known: "),
        ("mark: bars\ndata: [{a: One, b: 2}]\nx: b\ny: a\nhighlight: Onee", 5,
         "nothing in the chart is called 'Onee'", "did you mean 'One'"),
        ("mark: line\ndata:\n- {x: 1, y: 2}\n- {x: 2, y: many}", 4, "a row has 'many'", "correct"),
        ("mark: pie\ndata: [{x: 1}]", 1, "needs 'y'", "columns: x"),
        ("mark: bars\ndata: aeras\nx: b\ny: a", 2, "no table or file 'aeras'", ""),
        ("mark: bars\nx: [", 3, "malformed YAML", ""),
        ("just words", 1, "a chart is a mapping", "mark: bars"),
        ("mark: git\ndata: [{branch: main, from: topic}]", 1, "'topic' has no commit", ""),
        ("mark: line\nmin: 0\ndata: [{x: 1, y: 2}]", 2, "'line' has no 'min'", "known: "),
        ("mark: line\ndata:\n- {x: 1, y: .inf}", 3, "a row has 'inf'", "correct"),
        ("mark: pie\ndata:\n- {x: .nan, y: A}", 3, "a row has 'nan'", "correct"),
        ("mark: area\nmax: much\ndata: [{x: 1, y: 2, row: A}]", 1, "'much' is not a number", ""),
        ("mark: calendar\ndata: [{x: 2026-12-01, size: 0.5}]", 1, "not a whole number", ""),
        ("mark: burn-down\ndata: [{x: 1, y: ~}]", 1, "how much is left", ""),
        ("mark: flow\ndata: [{from: A, to: A}]", 1, "'A' leads to itself", ""),
        ("mark: stacked\ndata: [{x: -1, y: A, color: B}]", 1, "below zero", ""),
        ("mark: gantt\ndata: [{y: A, x: 5, x2: 2}]", 1, "'A' ends before it begins", ""),
        ("mark: heatmap\ndata: [{x: A, y: B, color: 1}, {x: A, y: B, color: 2}]", 1,
         "'B' has two values for 'A'", ""),
        ("mark: matrix\ndata: [{x: A, y: B, size: 1}, {x: A, y: B, size: 2}]", 1,
         "'B' has two values for 'A'", ""),
        ("mark: nest\ndata: {text: [" + "A, " * 40 + "A]}", 1, "no room for so many boxes", ""),
    ],
)  # fmt: skip
def test_mistakes_are_reported_at_their_line(
    source: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(HandbookError) as caught:
        drawn(source)
    (found,) = caught.value.diagnostics
    assert (found.file, found.line) == ("one.md", line)
    assert message in found.message
    assert hint in found.hint


def test_all_words_of_two_edges_between_the_same_boxes_are_drawn() -> None:
    chart = drawn("mark: flow\ndata: [{from: A, to: B, text: go}, {from: A, to: B, text: stop}]")
    assert "go, stop" in words(chart)


def test_a_span_that_ends_at_zero_is_not_a_milestone() -> None:
    chart = drawn("mark: gantt\ndata: [{y: A, x: -2, x2: 0}]")
    assert not any(isinstance(item, Polygon) for item in chart.items)


def test_a_value_with_a_decimal_comma_is_one_cell() -> None:
    data = "[{x: A, y: R, size: 1.5}, {x: B, y: R, size: 3}]"
    chart = drawn(f"mark: matrix\nunit: h\ndata: {data}", language=translations_for("de"))
    assert "1,5 h bei A und 3 h bei B" in chart.alt


def test_large_and_small_numbers_are_printed_in_full() -> None:
    chart = drawn("mark: range\ndata: [{y: A, x: 1234567, x2: 2345678}]")
    assert "1234567–2345678" in words(chart)
    assert "0.0042" in words(drawn("mark: bars\ndata: [{y: A, x: 0.0042}]"))


@pytest.mark.parametrize("count", [2, 3, 5, 6])
@pytest.mark.parametrize("grey", [False, True])
def test_series_differ_in_lightness(count: int, grey: bool) -> None:
    from handbook.layout.figure.charts import Pen

    theme = theme_variant(THEME, large_print=False, grayscale=grey)
    pen = Pen(theme, FACES, [], ENGLISH, Source())
    lights = [luminance(color) for color in shades(pen, count)]
    steps = [one / other for one, other in zip(lights[1:], lights, strict=False)]
    assert min(steps) > 1.2
    assert lights == sorted(lights)


@pytest.mark.parametrize("mark", ["stacked", "heatmap", "gantt", "git", "flow", "sequence"])
def test_words_can_be_read_on_their_ground(mark: str) -> None:
    chart = drawn(f"mark: {mark}\n{CHARTS[mark][0]}\n")
    boxes = [item for item in chart.items if isinstance(item, Box) and item.fill]
    for item in chart.items:
        if not isinstance(item, Glyphs):
            continue
        below = [
            box.fill
            for box in boxes
            if box.x <= item.x + 1 <= box.x + box.width
            and box.y <= item.y + 2 <= box.y + box.height
        ]
        ground = below[-1] if below else (1.0, 1.0, 1.0)
        assert ground is not None
        assert contrast(item.color, ground) >= AA, (mark, item)


def build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *more: str
) -> tuple[Reader, bytes]:
    files = {"tables__areas_dot_yaml": "- {id: one, short: One, share: 3}\n"}
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + text, data_dot_csv="a,b\nCsv,7\n", **files)
    out = tmp_path / "book.pdf"
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "--date", "2026-11-23", "-o", str(out), *more
    )
    assert code == 0, messages
    return Reader(out), out.read_bytes()


def test_a_chart_is_tagged_numbered_and_the_same_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "See :ref[fig-one].\n\n```chart\nmark: bars\ndata: areas\nx: share\ny: short\n"
        "alt: One area only\n```\n\nFigure: The areas {#fig-one}\n\n"
        "```chart\nmark: bars\ndata: data.csv\nx: b\ny: a\n```\n"
    )
    reader, first = build(tmp_path, capsys, text)
    figures = [
        str(one.Alt)
        for one in reader.pdf.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
    ]
    assert sorted(figures) == ["Chart. Csv: 7.", "One area only. Chart. One: 3."]
    read = " ".join(node.text for node in reader.structure().all("P", "Caption"))
    assert "See Figure\u00a01" in read.replace("Figure 1", "Figure\u00a01")
    assert "The areas" in read
    assert build(tmp_path, capsys, text, "--no-cache")[1] == first


def test_a_mistake_in_a_book_names_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(
        tmp_path,
        one_dot_md=HEAD + "```chart\nmark: bars\ndata: areas\nx: shar\ny: short\n```\n",
        tables__areas_dot_yaml="- {id: one, short: One, share: 3}\n",
    )
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "book.pdf")
    )
    assert code == 1
    assert "one.md:8:4: error: the table 'areas' has no column 'shar'" in messages
    assert "did you mean 'share'?" in messages


def test_a_caption_is_last_in_a_section_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ISO 14289-2, 8.2.5.27: divisions do not count, so a Div around both would not do."""
    text = "One.\n\n```chart\nmark: bars\ndata: [{x: 1, y: One}]\n```\n\nFigure: Words\n\nTwo.\n"
    reader, _ = build(tmp_path, capsys, text, "--standard", "ua2")
    found = [one for one in reader.pdf.objects if isinstance(one, pikepdf.Dictionary)]
    (caption,) = [one for one in found if one.get("/S") == "/Caption"]
    assert caption.P.S == "/Sect"
    assert [kid.S for kid in caption.P.K] == ["/Figure", "/Caption"]


def test_bars_are_mirrored_from_right_to_left_and_lines_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = "title: A book\nlanguage: ar\nchapters: [one.md]\n"
    text = "".join(
        f"```chart\nmark: {mark}\n{CHARTS[mark][0]}\n```\n\n" for mark in ("bars", "area")
    )
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + text, handbook_dot_yaml=settings)
    out = tmp_path / "book.pdf"
    code, _, messages = run(capsys, "build", "--content", str(folder), "-o", str(out))
    assert code == 0, messages
    place = {one.text.strip(): one.x for page in Reader(out).runs for one in page}
    assert place["Pipelines"] > place["50\u00a0%"]
    assert place["Canary"] < place["80\u00a0%"]


@pytest.mark.parametrize(("mark", "text"), NARROW.items())
def test_no_word_is_split_on_a_narrow_page(mark: str, text: str) -> None:
    chart = drawn(f"mark: {mark}\n{text}", 215)
    shown = {word for words_ in words(chart) for word in words_.split()}
    values = [str(v) for c in block(f"mark: {mark}\n{text}").channels for v in c.values if v]
    assert {word for value in values for word in value.split()} <= shown


@pytest.mark.parametrize(("width", "abreast"), [(499, True), (425, True), (315, False)])
def test_histories_are_side_by_side_where_they_have_room(width: float, abreast: bool) -> None:
    data = "\n".join(
        f"- {{way: {way}, branch: main, commit: c{n}}}" for way in ("One", "Two") for n in range(8)
    )
    chart = drawn(f"mark: git\ndata:\n{data}\nrow: way\nbranch: branch\ntext: commit", width)
    places = [i.y for i in chart.items if isinstance(i, Glyphs) and i.face == "bold"]
    heads = [y for y, words_ in zip(places, words(chart), strict=False) if words_]
    assert (len([y for y in heads if y == max(heads)]) > 1) is abreast


def test_no_line_of_the_ground_strikes_through_words_next_to_a_bar() -> None:
    rows = "\n".join(
        f"- {{lane: Lane {n}, at: {n * 2}, until: {n * 2 + n % 2}, text: words next to it {n}}}"
        for n in range(6)
    )
    text = f"mark: gantt\ndata:\n{rows}\nx: at\nx2: until\ny: lane\ntext: text"
    items = drawn(text, 330).items
    crossed = 0
    for number, item in enumerate(items):
        if not isinstance(item, Glyphs) or not isinstance(item.codes, str):
            continue
        words = FACES[item.face].text_of_codes(item.codes).strip()
        if not words.startswith("words"):
            continue
        end = item.x + FACES[item.face].width(words) * item.size / 1000
        for place, line in enumerate(items[:number]):
            if isinstance(line, Segment) and line.x1 == line.x2 and item.x < line.x1 < end:
                crossed += 1
                assert any(
                    isinstance(box, Box) and box.x <= item.x and box.x + box.width >= end
                    for box in items[place + 1 : number]
                ), words
    assert crossed
