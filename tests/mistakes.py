"""Author's mistakes: the files that have one, and what must be reported."""

from __future__ import annotations

from typing import NamedTuple

CHAPTER = "---\ntitle: One\n---\n\nHello, reader.\n"
HEAD = "title: A\nchapters: [one.md]\n"
ROLES = "tables/roles.yaml"


class Mistake(NamedTuple):
    """Files of a pack (bytes for text in another encoding), and what is reported."""

    files: dict[str, str | bytes | None]
    code: str
    place: str
    message: str
    hint: str = ""


def config(text: str) -> dict[str, str | bytes | None]:
    return {"handbook.yaml": text}


def chapter(text: str) -> dict[str, str | bytes | None]:
    return {"one.md": text}


def body(text: str) -> dict[str, str | bytes | None]:
    """Text that begins on line 7."""
    return {"one.md": CHAPTER + "\n" + text}


def theme(text: str) -> dict[str, str | bytes | None]:
    return {"handbook.yaml": HEAD + "settings: {theme: own.yaml}\n", "own.yaml": text}


MISTAKES = {
    # handbook.yaml
    "no pack": Mistake({"handbook.yaml": None}, "no-pack", "", "handbook.yaml is missing", "with a title"),
    "an empty handbook.yaml": Mistake(config(""), "type", "handbook.yaml:1", "described by a mapping", "title:"),
    "a list for handbook.yaml": Mistake(config("- title: A\n"), "type", "handbook.yaml:1", "described by a mapping"),
    "no title": Mistake(config("chapters: [one.md]\n"), "missing-key", "handbook.yaml:1:1", "'title' is missing"),
    "an empty title": Mistake(config('title: ""\nchapters: [one.md]\n'), "value", "handbook.yaml:1:8", "'title' is empty"),
    "a number for a title": Mistake(config("title: 2026\nchapters: [one.md]\n"), "type", "handbook.yaml:1:8", "'title' must be words"),
    "an unknown key": Mistake(config("title: A\nchaptrs: [one.md]\n"), "unknown-key", "handbook.yaml:2:1", "unknown key 'chaptrs'", "did you mean 'chapters'"),
    "a list that is not closed": Mistake(config("title: A\nchapters: [one.md\n"), "yaml", "handbook.yaml:3:1", "malformed YAML"),
    "a tab in YAML": Mistake(config("title: A\nextra:\n\tx: 1\n"), "yaml", "handbook.yaml:3:1", "malformed YAML", "indent with spaces"),
    "a colon in a value": Mistake(config("title: A: B\n"), "yaml", "handbook.yaml:1:9", "malformed YAML", "needs quotes"),
    "a key given twice": Mistake(config("title: A\ntitle: B\nchapters: [one.md]\n"), "yaml-key-twice", "handbook.yaml:2:1", "'title' is given twice", "line 1"),
    "a day that is none": Mistake(config(HEAD + "extra: {on: 2026-13-45}\n"), "yaml-value", "handbook.yaml:3:13", "'2026-13-45' is not a valid value", "quotes"),
    "an alias of itself": Mistake(config(HEAD + "extra: &a [*a]\n"), "yaml-value", "handbook.yaml:3", "refers to itself"),
    "a merge key": Mistake(config(HEAD + "extra:\n  a: &a {b: 1}\n  c:\n    <<: *a\n"), "yaml-value", "handbook.yaml:6:5", "merge keys", "write the keys out"),
    "words for chapters": Mistake(config("title: A\nchapters: one.md\n"), "type", "handbook.yaml:2:11", "'chapters' must be a list"),
    "words for keywords": Mistake(config(HEAD + "keywords: a, b\n"), "type", "handbook.yaml:3:11", "'keywords' must be a list"),
    "a field in words": Mistake(config(HEAD + "fields: {x: wide}\n"), "type", "handbook.yaml:3:13", "'x' of 'fields' must be a mapping"),
    "an unknown key of a field": Mistake(config(HEAD + "fields: {x: {widht: 30}}\n"), "unknown-key", "handbook.yaml:3:14", "unknown key 'widht' of field 'x'", "did you mean 'width'"),
    "a negative width": Mistake(config(HEAD + "fields: {x: {width: -3}}\n"), "value", "handbook.yaml:3:21", "'width' of field 'x' must be a number of at least 5, not -3"),
    "a place that is none": Mistake(config(HEAD + "fields: {x: {place: foot}}\n"), "value", "handbook.yaml:3:21", "'place' of field 'x' cannot be 'foot'", "did you mean 'footer'"),
    "a paper that is none": Mistake(config(HEAD + "settings: {paper: a7}\n"), "value", "handbook.yaml:3:19", "'paper' of 'settings' cannot be 'a7'", "a4"),
    "a setting that is neither yes nor no": Mistake(config(HEAD + "settings: {duplex: yes please}\n"), "type", "handbook.yaml:3:20", "'duplex' of 'settings' must be true or false"),
    "no chapters": Mistake(config("title: A\nchapters: []\n"), "no-chapters", "handbook.yaml:2:1", "has no chapters", "list them"),
    "a missing chapter": Mistake(config("title: A\nchapters:\n  - one.md\n  - tow.md\n"), "chapter-file", "handbook.yaml:4:5", "'tow.md' does not exist", "one.md"),
    "fonts of a theme": Mistake(theme("extends: default\nfonts: {body: Georgia}\n"), "theme-token", "own.yaml:2:9", "unknown group 'fonts'", "fonts are in the group 'faces'"),
    "a missing chapter of many": Mistake({**config("title: A\nchapters: [chapter-7x.md]\n"), **{f"chapter-{n}.md": CHAPTER for n in range(60)}}, "chapter-file", "handbook.yaml:2:12", "'chapter-7x.md' does not exist", "did you mean 'chapter-7.md'?"),
    "a missing chapter like none": Mistake({**config("title: A\nchapters: [qwq-jjk.txt]\n"), **{f"{n}-unit.md": CHAPTER for n in range(60)}}, "chapter-file", "handbook.yaml:2:12", "'qwq-jjk.txt' does not exist", "13-unit.md, 14-unit.md, 15-unit.md and 53 more"),
    "a chapter listed twice": Mistake(config("title: A\nchapters:\n  - one.md\n  - ./one.md\n"), "chapter-twice", "handbook.yaml:4:5", "'./one.md' is listed twice", "line 3"),
    "a chapter outside the pack": Mistake(config("title: A\nchapters: [../x.md]\n"), "chapter-file", "handbook.yaml:2:12", "'../x.md' is outside the pack", "move it"),
    "a folder for a chapter": Mistake({**config("title: A\nchapters: [part]\n"), "part/two.md": CHAPTER}, "chapter-file", "handbook.yaml:2:12", "'part' is a folder", "part/two.md"),
    "two chapters with one id": Mistake({**config("title: A\nchapters: [one.md, two.md]\n"), "two.md": "---\ntitle: B\nid: one\n---\nx\n"}, "chapter-id", "two.md:3:5", "two chapters have the id 'one'", "one.md"),
    "a number for a chapter": Mistake(config("title: A\nchapters: [1]\n"), "type", "handbook.yaml:2:11", "an entry of chapters must be words", "write words"),
    "a number below a part": Mistake(config("title: A\nchapters:\n  - P: [1]\n"), "type", "handbook.yaml:3:5", "an entry of chapters must be words or a mapping", "Title: file.md"),
    "words below a chapter": Mistake(config("title: A\nchapters:\n  - P: {file: one.md, chapters: two.md}\n"), "type", "handbook.yaml:3:23", "'chapters' of 'P' must be a list", "on lines below"),
    "a number below a chapter": Mistake(config("title: A\nchapters:\n  - P: {file: one.md, chapters: 3}\n"), "type", "handbook.yaml:3:23", "'chapters' of 'P' must be a list"),
    "an unknown key of a listed chapter": Mistake(config("title: A\nchapters:\n  - P: {file: one.md, chaptrs: [two.md]}\n"), "unknown-key", "handbook.yaml:3:23", "unknown key 'chaptrs' of the chapter 'P'", "did you mean 'chapters'"),
    "a number that is none": Mistake(config("title: A\nchapters:\n  - P: {file: one.md, numbered: maybe}\n"), "type", "handbook.yaml:3:23", "'numbered' of 'P' must be true or false"),
    "a share of more than all": Mistake(config(HEAD + "check: {style: {passive: 200}}\n"), "value", "handbook.yaml:3:26", "'passive' of 'style' must be a number of at most 100, not 200"),
    "a list of words to avoid": Mistake(config(HEAD + "check: {style: {avoid: [very]}}\n"), "type", "handbook.yaml:3:24", "'avoid' of 'style' must be a mapping", "each with a colon"),
    # Chapters
    "no title of a chapter": Mistake(chapter("Hello.\n"), "no-title", "one.md:1", "has no title", "# Title"),
    "front matter not closed": Mistake(chapter("---\ntitle: A\n\nHello\n"), "front-matter", "one.md:1", "not closed", "---"),
    "front matter in TOML": Mistake(chapter('+++\ntitle = "A"\n+++\n\n# A\n\nx\n'), "front-matter", "one.md:1", "in TOML is not read", "YAML"),
    "a list for front matter": Mistake(chapter("---\n- title\n---\nx\n"), "type", "one.md:2", "a mapping of keys", "title: Words"),
    "malformed front matter": Mistake(chapter("---\ntitle: A: B\n---\nx\n"), "yaml", "one.md:2:9", "malformed YAML", "quotes"),
    "an unknown key of a chapter": Mistake(chapter("---\ntitle: A\nlayuot: plain\n---\nx\n"), "unknown-key", "one.md:3:1", "unknown key 'layuot' of the front matter", "did you mean 'layout'"),
    "an unknown layout": Mistake(chapter("---\ntitle: A\nlayout: covr\n---\nx\n"), "value", "one.md:3:9", "'layout' of the front matter cannot be 'covr'", "did you mean 'cover'"),
    "a depth in words": Mistake(chapter("---\ntitle: A\ndepth: two\n---\nx\n"), "type", "one.md:3:8", "'depth' of the front matter must be a whole number"),
    "neither yes nor no": Mistake(chapter("---\ntitle: A\nlisted: maybe\n---\nx\n"), "type", "one.md:3:9", "'listed' of the front matter must be true or false"),
    "a day in words": Mistake(chapter("---\ntitle: A\nreview_by: soon\n---\nx\n"), "value", "one.md:3:12", "'review_by' of the front matter must be a day, not 'soon'", "2026-12-01"),
    "not UTF-8": Mistake({"one.md": b"# One\n\nT\xef\xbf\xe9tle\n"}, "encoding", "one.md:3", "not UTF-8", "save it as UTF-8"),
    "UTF-16": Mistake({"one.md": "# One\n".encode("utf-16")}, "encoding", "one.md:1", "not UTF-8", "save it as UTF-8"),
    # Conditions
    "an unknown role": Mistake({**chapter("---\ntitle: A\nonly: role=sree\n---\nx\n"), ROLES: "- {id: sre, name: S}\n"}, "unknown-role", "one.md:3:12", "unknown role 'sree'", "did you mean 'sre'"),
    "an unknown role of a block": Mistake({**body("::: only role=sree\nx\n:::\n"), ROLES: "- {id: sre, name: S}\n"}, "unknown-role", "one.md:7:15", "unknown role 'sree'", "did you mean 'sre'"),
    "a condition on nothing": Mistake(body("::: only plan=30\nx\n:::\n"), "unknown-plan", "one.md:7:15", "unknown plan '30'", "has no plans"),
    "a condition in prose": Mistake(body("::: only for engineers\nx\n:::\n"), "condition", "one.md:7:10", "cannot be read: 'for engineers'", "role=sre"),
    "a conditional block in a quote": Mistake(body("> ::: only role=none\n> x\n> :::\n"), "condition", "one.md:7", "'::: only' is not allowed here", "around the whole quote"),
    "a conditional block mistyped": Mistake(body("::: onyl role=none\nx\n:::\n"), "unknown-container", "one.md:7:5", "unknown container 'onyl'", "did you mean 'only'"),
    "a question to nobody": Mistake(body("{{ role.name }}\n"), "template", "one.md:7", "an empty value has no 'name'", "ask first: {% if role and role.name"),
    "a conditional block not closed": Mistake(body("::: only role=none\nx\n"), "open-container", "one.md:7:1", "is not closed", ":::"),
    "a condition that fails": Mistake(chapter("---\ntitle: A\nwhen: rolle.id == 'x'\n---\nx\n"), "when", "one.md:3:1", "'rolle' is undefined", "did you mean 'role'"),
    "a condition that is none": Mistake(chapter("---\ntitle: A\nwhen: role ==\n---\nx\n"), "when", "one.md:3:1", "'when: role =='"),
    # Tables
    "a quote not closed": Mistake({"tables/t.yaml": "- id: a\n  b: 'x\n"}, "yaml", "tables/t.yaml:3:1", "malformed YAML"),
    "a row without a key": Mistake({"tables/t.yaml": "required: [id, name]\nrows:\n  - {id: a, name: A}\n  - {id: b}\n"}, "missing-key", "tables/t.yaml:4:10", "row 'b' of t.yaml lacks the key 'name'", "it has: id"),
    "two rows with one id": Mistake({"tables/t.yaml": "- {id: a}\n- {id: a}\n"}, "row-id", "tables/t.yaml:2:8", "two rows have the id 'a'", "line 1"),
    "rows that are not a list": Mistake({"tables/t.yaml": "rows: {id: a}\n"}, "type", "tables/t.yaml:1:1", "'rows' must be a list"),
    "a role without a name": Mistake({ROLES: "- {id: a, nmae: A}\n"}, "missing-key", "tables/roles.yaml:1:3", "'name' of role 'a' is missing", "did you mean 'nmae'"),
    "a role in words": Mistake({ROLES: "- developer\n"}, "type", "tables/roles.yaml:1:3", "must be a mapping"),
    "roles that are a mapping": Mistake({ROLES: "a: {name: A}\n"}, "type", "tables/roles.yaml:1:1", "roles must be a list of rows", "- id:"),
    "a role with an unknown path": Mistake({ROLES: "- {id: a, name: A, path: devop}\n", "tables/paths.yaml": "- {id: devops, name: D}\n"}, "unknown-path", "tables/roles.yaml:1:26", "unknown path 'devop'", "did you mean 'devops'"),
    "minutes below one": Mistake({"tables/plans.yaml": "- id: p\n  name: P\n  units:\n    - title: U\n      sessions:\n        - {do: x, minutes: 0, area: a, kind: lab}\n"}, "value", "tables/plans.yaml:6:28", "'minutes' of a session must be a number of at least 1, not 0"),
    "a session with nothing to do": Mistake({"tables/plans.yaml": "- id: p\n  name: P\n  units:\n    - title: U\n      sessions:\n        - {id: s, minutes: 9, area: a, kind: lab}\n"}, "missing-key", "tables/plans.yaml:6:11", "'do' of session 's' is missing"),
    "a ragged CSV": Mistake({"tables/t.csv": "id,name\na,A\nb,B,C\n"}, "csv", "tables/t.csv:3", "3 values, but the header names 2 columns", "commas"),
    "a quotation mark never closed": Mistake({"tables/t.csv": 'id,name\na,A\nb,"B\nc,C\n'}, "csv", "tables/t.csv:3", "the table cannot be read", "never closed"),
    "words after a quotation": Mistake({"tables/t.csv": 'id,name\na,"A"B\n'}, "csv", "tables/t.csv:2", "the table cannot be read", "write it twice"),
    "two columns of one name": Mistake({"tables/t.csv": "id,id\na,A\n"}, "csv", "tables/t.csv:1", "column 2 is called 'id' like another", "each once"),
    "a table with a taken name": Mistake({"tables/book.yaml": "- {id: a}\n"}, "table-name", "tables/book.yaml", "'book', which has a meaning of its own", "rename"),
    "two files for one table": Mistake({"tables/t.csv": "id\na\n", "tables/t.yaml": "- {id: a}\n"}, "table-name", "tables/t.yaml", "names another table, too", "rename"),
    "a fact without a date": Mistake({"tables/t.yaml": "- id: a\n  checked: {on: 2026-09-01}\n"}, "fact", "tables/t.yaml:2", "when it is due again", "review_by"),
    "a fact checked last spring": Mistake({"tables/t.yaml": "- id: a\n  checked: {on: spring, review_by: 2027-01-01}\n"}, "fact", "tables/t.yaml:2", "when it was checked", "on: 2026"),
    # Templates
    "an if not closed": Mistake(body("{% if book %}\nnever closed\n"), "template", "one.md:7", "template error", "closed"),
    "an unknown name": Mistake(body("{{ bok.title }}\n"), "template", "one.md:7:", "'bok' is undefined", "did you mean 'book'"),
    "an unknown key of the book": Mistake(body("{{ book.titel }}\n"), "template", "one.md:7:", "titel"),
    "an unknown column": Mistake({**body("{% for row in t %}\n{{ row.nmae }}\n{% endfor %}\n"), "tables/t.yaml": "- {id: a, name: A}\n"}, "template", "one.md:8:", "nmae", "did you mean 'name'"),
    "an unknown filter": Mistake(body("{{ book.title | shout }}\n"), "template", "one.md:7:", "No filter named 'shout'"),
    "an unknown row": Mistake({**body("{{ find(t, 'alhpa').id }}\n"), "tables/t.yaml": "- {id: alpha}\n"}, "unknown-row", "one.md:7:", "no row has the id 'alhpa'", "did you mean 'alpha'"),
    "a value that is empty": Mistake({**body("{{ t[0].name }}\n"), "tables/t.yaml": "- {id: a, name: }\n"}, "empty-value", "one.md:7", "a value is empty", "test for it"),
    "a way into Python": Mistake(body("{{ ''.__class__.__mro__ }}\n"), "template", "one.md:7", "template error", "sandbox"),
    "a missing template": Mistake(body("{% include 'nope.md' %}\n"), "template", "one.md:7:", "no template 'nope.md'"),
    "a template that includes itself": Mistake({**body("{% include 'loop.md' %}\n"), "templates/loop.md": "{% include 'loop.md' %}\n"}, "template", "templates/loop.md:1", "without end", "includes itself"),
    "a loop without end": Mistake(body("{% for i in range(1000000000) %}x{% endfor %}\n"), "template", "one.md:7", "template error", ""),
    "a division by zero": Mistake(body("{{ 1 / 0 }}\n"), "template", "one.md:7", "division by zero"),
    # Markdown
    "a folder for a picture": Mistake({**body("![A cat](tables)\n"), "tables/t.csv": "id\na\n"}, "missing-image", "one.md:7:10", "the picture 'tables' is a folder", "a file in it"),
    "an empty chart": Mistake(body("```chart\n```\n"), "chart", "one.md:8", "a chart is a mapping", "mark: bars"),
    "a number that a chart cannot draw": Mistake(body("```chart\nmark: line\ndata:\n  - {step: 1, share: .nan}\nx: step\ny: share\n```\n"), "chart", "one.md:10:22", "the column 'share' needs a number, but a row has 'nan'", "correct the row"),
    "columns of a chart": Mistake(body("```chart\nmark: line\ndata: {step: [1, 2], share: 5}\nx: step\ny: share\n```\n"), "chart", "one.md:9:7", "need equally many values", "step: 2; share: no list"),
    "a picture of no file": Mistake({**config(HEAD + "dialect: gfm\n"), **body('Words <img alt="A cat"> here.\n')}, "missing-image", "one.md:7", "a picture names no file", "write its path"),
    "a missing picture": Mistake(body("![A cat](cat.png)\n"), "missing-image", "one.md:7:10", "'cat.png' does not exist", "next to the chapter"),
    "a link to nowhere": Mistake(body("## The end\n\nSee [it](#teh-end).\n"), "link-target", "one.md:9:10", "#teh-end", "did you mean 'the-end'"),
    "a page of nowhere": Mistake(body("Page :page[x].\n"), "link-target", "one.md:7", "link to nowhere: #x", "{#x}"),
    "a malformed address": Mistake(body("[a](htps://example.org)\n"), "address", "one.md:7:5", "not a web address", "did you mean 'https://example.org'"),
    "raw HTML": Mistake(body("A <blink>word</blink>.\n"), "html", "one.md:7:3", "<blink>"),
    "a container not closed": Mistake(body("::: tip\nText\n"), "open-container", "one.md:7:1", "is not closed", ":::"),
    "a container mistyped": Mistake(body("::: catuion\nText\n:::\n"), "unknown-container", "one.md:7:5", "'catuion'", "did you mean 'caution'"),
    "wrong nesting": Mistake(body(":::: tip\n::: note\nx\n::::\n"), "open-container", "one.md:8:1", "'::: note' is not closed", ":::"),
    "colons that close nothing": Mistake(body("x\n\n:::\n"), "stray-colons", "one.md:9:1", "closes nothing"),
    "an unknown directive": Mistake(body("::contnets\n"), "unknown-directive", "one.md:7:1", "'::contnets'", "did you mean 'contents'"),
    "an unknown field": Mistake(body(":field[nam]\n"), "unknown-field", "one.md:7:8", "unknown field 'nam'"),
    "a footnote not written": Mistake(body("Word[^1].\n"), "footnote", "one.md:7:5", "[^1] is not written", "[^1]: its text"),
    "an id given twice": Mistake(body("A {#x}\n\nB {#x}\n"), "duplicate-id", "one.md:9", "'x' is given twice", "one.md:7"),
    "code not closed": Mistake(body("```python\nx = 1\n"), "open-fence", "one.md:7", "the code block is not closed", "```"),
    "a ragged table": Mistake(body("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n"), "table-row", "one.md:9", "the row has 3 cells, the table 2", "\\|"),
    "a table's rule of other columns": Mistake(body("| a | b |\n|---|\n| 1 | 2 |\n"), "table-rule", "one.md:8", "has 1 column, the header 2", "|---|"),
    "a comment not closed": Mistake(body("<!-- x\n"), "open-comment", "one.md:7", "a comment is not closed", "-->"),
    "a character that no font has": Mistake(body("Sign: \U00012000\n"), "no-glyph", "one.md:7", "U+12000 CUNEIFORM SIGN A"),
    # Themes
    "an unknown token": Mistake(theme("extends: default\ncolors:\n  acent: '#112233'\npage:\n  tpo: 3mm\n"), "theme-token", "own.yaml:5", "unknown token 'page.tpo'", "did you mean 'page.top'"),
    "a reference to no token": Mistake(theme("extends: default\npage:\n  top: $page.bottm * 2\n"), "theme-token", "own.yaml:3:", "'page.bottm' is not set", "did you mean 'page.bottom'"),
    "a colour outside of its group": Mistake(theme("extends: default\naccent: '#112233'\n"), "theme-token", "own.yaml:2:1", "unknown token 'accent'", "did you mean 'colors.accent'"),
    "a list for a group of tokens": Mistake(theme("extends: default\ntext: [1]\n"), "theme-token", "own.yaml:2:1", "'text' of the theme must be a mapping", "text.body"),
    "a list for a theme": Mistake(theme("- extends: default\n"), "type", "own.yaml:1", "a theme is a mapping of tokens", "extends: default"),
    "a colour that is none": Mistake(theme("extends: default\ncolors:\n  ink: black\n"), "theme-value", "own.yaml:3:", "'colors.ink' is not a colour", "hexadecimal"),
    "a length that is none": Mistake(theme("extends: default\npage:\n  top: wide\n"), "theme-value", "own.yaml:3:", "'page.top' is not a length", "mm"),
    "a token of itself": Mistake(theme("extends: default\ncolors:\n  ink: $colors.ink\n"), "theme-value", "own.yaml:3", "refers to itself"),
    "a theme that is a list": Mistake(theme("- a\n"), "type", "own.yaml:1", "a theme is a mapping"),
    "a theme that extends nothing": Mistake(theme("extends: defualt\n"), "unknown-theme", "", "unknown theme 'defualt'", "did you mean 'default'"),
    "a theme that extends itself": Mistake(theme("extends: own.yaml\n"), "unknown-theme", "own.yaml:1", "extends itself"),
    "a malformed theme": Mistake(theme("a: [\n"), "yaml", "own.yaml:2:1", "malformed YAML"),
}  # fmt: skip
