"""The portable book as Typst markup."""

from __future__ import annotations

import json

from .portable import Node

HEAD = """\
#set document(title: %(title)s, author: %(author)s, date: datetime(year: 2026, month: 11, day: 24))
#set text(font: "IBM Plex Sans Text", size: 9.8pt, lang: %(language)s, hyphenate: false)
#set par(leading: 0.62em, spacing: 1.1em)
#set page(paper: "a4", margin: (top: 25mm, bottom: 24mm, left: 40mm, right: 19mm))
#show raw: set text(font: "IBM Plex Mono", size: 8.5pt)
#show strong: it => text(font: "IBM Plex Sans SmBld", it.body)
#show heading: set text(font: "IBM Plex Sans SmBld", weight: "regular")
#show heading.where(level: 1): it => {
  pagebreak(weak: true)
  block(text(29pt, it.body), below: 21pt)
}
#show heading.where(level: 2): set text(17pt)
#show heading.where(level: 3): set text(12.2pt)
#show link: set text(fill: rgb("#0b4f8a"))
#let box_(title, body) = block(
  width: 100%%, inset: 8pt, fill: rgb("#eef3f8"), stroke: (left: 2pt + rgb("#0b4f8a")),
)[#strong(title) #parbreak() #body]
#let code_(words) = block(width: 100%%, inset: 8pt, fill: rgb("#f3f4f6"), raw(words, block: true))
#let page_(target) = context counter(page).at(target).first()
"""
# From the second page on, the chapter's title and the book's, and the page's number.
RUNNING = """\
#set page(
  header: context {
    let now = query(heading.where(level: 1).before(here()))
    text(8.5pt, if now.len() > 0 { now.last().body } else { [] })
    h(1fr)
    text(8.5pt, %(title)s)
  },
  footer: context align(right, text(8.5pt, counter(page).display())),
)
"""


def to_typst(book: Node) -> str:
    """The whole file."""
    words = {key: _string(book[key]) for key in ("title", "author")}
    words["language"] = _string(book["language"].split("-")[0])
    parts = [HEAD % words]
    for number, chapter in enumerate(book["chapters"]):
        if chapter["layout"] == "cover":
            parts.append(_cover(chapter))
        else:
            if number == 1:
                parts.append(RUNNING % words)
            listed = "true" if chapter["listed"] else "false"
            parts.append(
                f"#heading(level: 1, outlined: {listed}, bookmarked: true, "
                f"{_string(chapter['title'])}) <{chapter['id']}>\n"
            )
            parts += [_block(node, chapter["sections"]) for node in chapter["blocks"]]
    return "\n".join(parts)


def _cover(chapter: Node) -> str:
    lines = [
        f"#text({42 if node['kind'] == 'heading' else 14}pt, fill: white)[{_runs(node['runs'])}]\n"
        for node in chapter["blocks"]
        if "runs" in node
    ]
    body = "\n".join(lines)
    return (
        '#page(margin: 0pt)[#block(width: 100%, height: 66%, fill: rgb("#08305a"), '
        f"inset: 20mm)[#v(1fr)\n{body}]] <{chapter['id']}>\n"
    )


def _string(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _runs(runs: list[Node]) -> str:
    return "".join(map(_run, runs))


def _run(run: Node) -> str:
    if "page" in run:
        return f"#page_(<{run['page']}>);"
    if run["text"] == "\n":
        return "#linebreak();"
    words = f"raw({_string(run['text'])})" if run.get("c") else f"text({_string(run['text'])})"
    for mark, function in (("b", "strong"), ("i", "emph"), ("s", "strike")):
        if run.get(mark):
            words = f"{function}({words})"
    link = run.get("link", "")
    if link:
        target = f"<{link[1:]}>" if link.startswith("#") else _string(link)
        words = f"link({target}, {words})"
    return f"#{words};"


def _blocks(nodes: list[Node]) -> str:
    return "\n".join(_block(node, []) for node in nodes)


def _block(node: Node, sections: list[str]) -> str:
    kind = node["kind"]
    if kind == "paragraph":
        label = f" <{node['id']}>" if node["id"] else ""
        return (f"#block[{_runs(node['runs'])}]{label}" if label else _runs(node["runs"])) + "\n"
    if kind == "heading":
        listed = "true" if node["id"] in sections else "false"
        label = f" <{node['id']}>" if node["id"] else ""
        return f"#heading(level: {node['level']}, outlined: {listed})[{_runs(node['runs'])}]{label}"
    if kind == "list":
        items = ", ".join(f"[{_blocks(item).strip()}]" for item in node["items"])
        function = f"enum(start: {node['start']}, " if node["ordered"] else "list("
        return f"#{function}{items})\n"
    if kind == "table":
        return _table(node)
    if kind == "code":
        return f"#code_({_string(node['text'])})\n"
    if kind == "box":
        return f"#box_({_string(node['title'])})[{_blocks(node['blocks'])}]\n"
    if kind == "quote":
        return f"#block(inset: (left: 12pt))[{_blocks(node['blocks'])}]\n"
    if kind == "contents":
        return "#outline(title: none)\n"
    raise TypeError(kind)


def _table(node: Node) -> str:
    def row(cells: list[list[Node]]) -> str:
        return ", ".join(f"[{_blocks(cell).strip()}]" for cell in cells)

    columns = ", ".join(f"{width}fr" for width in node["widths"])
    head = "".join(f"table.header({row(cells)}), " for cells in node["header"])
    rows = ",\n".join(map(row, node["rows"]))
    label = f" <{node['id']}>" if node["id"] else ""
    return (
        f"#block(breakable: true)[#set text(8.8pt); #emph({_string(node['caption'])})\n"
        f"#table(columns: ({columns}), stroke: 0.5pt, {head}{rows})]{label}\n"
    )
