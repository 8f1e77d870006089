"""Diagrams written as text are drawn, with words that stay text and a description."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from packs import pack, run
from readback import Reader

from handbook.layout.figure.mermaid_words import describe, source_kind
from handbook.layout.figure.svg_path import segments
from handbook.layout.figure.svg_reader import read_svg

HEAD = "---\ntitle: One\n---\n\n"
FLOW = """flowchart LR
  A[Commit] -->|push| B{Tests pass?}
  B -- yes --> C[Deploy to <b>staging</b><br/>and look]
  B -- no --> A
"""
SOURCES = {
    "flowchart": FLOW,
    "sequence": "sequenceDiagram\n  Alice->>Bob: Hello\n  Bob-->>Alice: Great!\n",
    "gitgraph": 'gitGraph\n  commit id: "one"\n  branch topic\n  commit id: "two"\n',
    "gantt": "gantt\n  title Plan\n  dateFormat YYYY-MM-DD\n  section Work\n  Reading :2026-01-01, 9d\n",
    "timeline": "timeline\n  title History\n  2002 : LinkedIn\n  2004 : Facebook\n",
    "state": "stateDiagram-v2\n  [*] --> Still\n  Still --> Moving\n",
    "pie": 'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85\n',
    "quadrant": "quadrantChart\n  title Reach\n  x-axis Low --> High\n  Campaign A: [0.3, 0.6]\n",
    "mindmap": "mindmap\n  root((Centre))\n    Branch\n",
    "class": "classDiagram\n  Animal <|-- Duck\n  Animal : +int age\n",
    "er": "erDiagram\n  CUSTOMER ||--o{ ORDER : places\n",
    "journey": "journey\n  title A good day\n  section Morning\n  Make tea: 5: Me\n",
}


def build(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *more: str) -> Reader:
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + text)
    out = str(tmp_path / "book.pdf")
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "--date", "2026-11-23", "-o", out, *more
    )
    assert code == 0, messages
    return Reader(Path(out))


def alts(reader: Reader) -> list[str]:
    found = [one for one in reader.pdf.objects if isinstance(one, pikepdf.Dictionary)]
    return [str(one.Alt) for one in found if one.get("/S") == "/Figure"]


@pytest.mark.parametrize("kind", SOURCES)
def test_every_word_is_in_the_page(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    reader = build(tmp_path, capsys, f"```mermaid\n{SOURCES[kind]}```\n")
    (figure,) = reader.structure().all("Figure")
    words = {
        "flowchart": "Commit push Tests pass? yes Deploy to staging and look no",
        "sequence": "Alice Bob Hello Great!",
        "gitgraph": "main topic one two",
        "gantt": "Plan Work Reading",
        "timeline": "History LinkedIn Facebook",
        "state": "Still Moving",
        "pie": "Pets Dogs Cats",
        "quadrant": "Reach Low High Campaign A",
        "mindmap": "Centre Branch",
        "class": "Animal Duck +int age",
        "er": "CUSTOMER ORDER places",
        "journey": "A good day Morning Make tea Me",
    }[kind]
    text = figure.text
    assert [word for word in words.split() if word not in text] == []
    assert len(alts(reader)[0]) > 12


def test_numbered_described_and_the_same_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    flow = FLOW + "  accTitle: From commit to staging\n  accDescr: A loop until tests pass.\n"
    text = f"See :ref[fig-flow].\n\n```mermaid\n{flow}```\n\nFigure: The flow {{#fig-flow}}\n"
    reader = build(tmp_path, capsys, text)
    first = (tmp_path / "book.pdf").read_bytes()
    assert alts(reader) == ["From commit to staging. A loop until tests pass."]
    words = " ".join(node.text for node in reader.structure().all("P", "Caption"))
    assert re.search(r"See Figure\s1.*Figure\s1\s+The flow", words)
    build(tmp_path, capsys, text)
    assert (tmp_path / "book.pdf").read_bytes() == first


@pytest.mark.parametrize("option", [(), ("--grayscale",)])
def test_words_can_be_read_on_what_is_below(
    option: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    flow = "flowchart LR\n  A[Dark] --> B[Light]\n  style A fill:#101010,color:#202020\n"
    reader = build(tmp_path, capsys, f"```mermaid\n{flow}```\n", *option)
    (run_,) = [one for page in reader.runs for one in page if "Dark" in one.text]
    assert min(run_.color) > 0.9


def test_what_is_wrong_is_reported_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    folder = pack(tmp_path, one_dot_md=HEAD + "```mermaid\nflowchart LR\n  A --> [B\n```\n")
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "book.pdf")
    )
    assert code == 1
    assert "one.md:7" in messages
    assert "this mermaid diagram cannot be drawn: Unterminated node label" in messages


def test_check_finds_it_and_a_lenient_pack_prints_the_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    folder = pack(tmp_path, one_dot_md=HEAD + "```mermaid\nflowchart LR\n  A --> [B\n```\n")
    code, _, messages = run(capsys, "check", "--content", str(folder))
    assert code == 1
    assert "one.md:7: error: this mermaid diagram cannot be drawn" in messages
    settings = folder / "handbook.yaml"
    settings.write_text(settings.read_text() + "lenient: true\n")
    out = tmp_path / "book.pdf"
    for command in (("check",), ("build", "-o", str(out))):
        code, _, messages = run(capsys, *command, "--content", str(folder))
        assert code == 0, messages
        assert "one.md:7: warning: this mermaid diagram cannot be drawn" in messages
        assert "its source is printed" in messages
    assert "A --> [B" in "".join(run_.text for page in Reader(out).runs for run_ in page)


def test_without_the_engine_the_source_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handbook.markdown.convert.diagrams.is_installed", lambda kind: False)
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + f"```mermaid\n{FLOW}```\n")
    out = tmp_path / "book.pdf"
    code, _, messages = run(capsys, "build", "--content", str(folder), "-o", str(out))
    assert code == 0, messages
    assert "warning: the mermaid diagram is printed as its source" in messages
    assert "pip install 'handbook[diagrams]'" in messages
    assert "B{Tests pass?}" in Reader(out).structure().text


def test_words_are_made_of_the_graph() -> None:
    model = {
        "nodes": [{"id": "A", "label": "Commit"}, {"id": "B", "label": "Build<br/>it"}],
        "edges": [{"from": "A", "to": "B", "label": "push"}],
    }
    assert (
        describe(model, FLOW) == "Flowchart: Commit to Build it (push)."
        or describe(model, FLOW) == "Flowchart. Commit to Build it (push)."
    )
    assert source_kind("---\ntitle: x\n---\n%% note\nsequenceDiagram\n") == "sequencediagram"


def test_words_have_the_title_in_front_and_name_where_states_begin() -> None:
    model = {
        "nodes": [{"id": "root_start"}, {"id": "Still"}, {"id": "Big_end", "label": ""}],
        "edges": [{"from": "root_start", "to": "Still"}, {"from": "Still", "to": "Big_end"}],
    }
    source = '---\ntitle: "Rest"\n---\nstateDiagram-v2\n  [*] --> Still\n'
    assert "State diagram: Rest." in describe(model, source)
    assert "the start" in describe(model, source)
    assert "the end" in describe(model, source)
    assert "_" not in describe(model, source)


def test_a_diagram_that_is_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("merman")
    text = "flowchart TD\n" + "".join(f"  N{n} --> N{n + 1}\n" for n in range(700))
    folder = pack(tmp_path, one_dot_md=f"{HEAD}```mermaid\n{text}```\n")
    code, _, err = run(capsys, "build", "--content", str(folder), "-o", str(tmp_path / "a.pdf"))
    assert code == 1
    assert "this mermaid diagram cannot be drawn: it has too much in it" in err


def test_paths() -> None:
    assert segments("M0 0l10,0h5v-5z") == [(0, 0, 0), (1, 10, 0), (1, 15, 0), (1, 15, -5), (3,)]
    arc = segments("M10 0A10 10 0 0 1 0 10")
    assert arc[-1][0] == 2
    assert arc[-1][-2:] == pytest.approx((0, 10), abs=1e-9)


def test_style_sheets_labels_and_arrow_heads() -> None:
    pytest.importorskip("cssselect2")
    svg = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" id="d">
    <style>#d .box{fill:#ff0000;stroke:none} #d .big{font-size:20px}</style>
    <defs><marker id="m" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="8" markerHeight="8"
      orient="auto"><path d="M0 0L10 5L0 10z"/></marker></defs>
    <rect class="box" x="0" y="0" width="40" height="20"/>
    <path d="M0 30L50 30" stroke="black" fill="none" marker-end="url(#m)"/>
    <text class="big" x="10" y="10" dy="1em"><tspan x="10" dy="1em">one</tspan></text>
    <foreignObject x="0" y="0" width="40" height="20"><div
      xmlns="http://www.w3.org/1999/xhtml"><p>two three</p></div></foreignObject></svg>"""
    read = read_svg(svg, lambda words, bold: len(words) * 0.5)
    assert read.shapes[0].fill == (1, 0, 0)
    assert len(read.shapes) == 3
    assert [(words.text, words.size, words.y) for words in read.words[:1]] == [("one", 20, 30)]
    assert [words.text for words in read.words[1:]] == ["two", "three"]


def test_words_that_become_small_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    chain = " --> ".join(f"N{n}[A node with words {n}]" for n in range(7))
    flow = f"```mermaid\nflowchart LR\n  accDescr: A chain.\n  {chain}\n```\n"
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + flow)
    out = str(tmp_path / "book.pdf")
    for _ in range(2):
        code, _, messages = run(capsys, "build", "--content", str(folder), "-o", out)
        assert code == 0
        assert re.search(r"one.md:5: warning: the words of this figure are \d\.\d points", messages)


def test_a_description_is_asked_for_by_check_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("merman")
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + f"```mermaid\n{FLOW}```\n")
    out = str(tmp_path / "book.pdf")
    _, _, messages = run(capsys, "build", "--content", str(folder), "-o", out, "--strict")
    assert "diagram-words" not in messages
    _, listing, messages = run(capsys, "check", "--content", str(folder))
    assert "a diagram has no description of its own [diagram-words]" in listing + messages


def test_a_chain_is_described_as_steps() -> None:
    nodes = [{"id": one, "label": one} for one in ("Commit", "Build", "Production")]
    edges = [{"from": "Commit", "to": "Build"}, {"from": "Build", "to": "Production"}]
    words = describe({"nodes": nodes, "edges": edges}, "flowchart LR")
    assert words == "Flowchart. From Commit to Production in 3 steps: Commit, Build, Production."
    words = describe({"nodes": nodes, "edges": [*edges, edges[0]]}, "flowchart LR")
    assert words == "Flowchart. Commit to Build; Build to Production; Commit to Build."


def test_messages_are_described_with_their_parties() -> None:
    source = (
        "sequenceDiagram\n  participant P as Pipeline\n  P->>E: asks\n  loop daily\n"
        "  E-->>P: token\n  end\n  Note over P,E: no secret\n"
    )
    words = "Sequence diagram. Pipeline to E: asks; daily; E to Pipeline: token; no secret."
    assert describe({}, source) == words
