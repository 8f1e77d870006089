"""Turn MDX into Markdown: imports, comments, values, tabs, components with words."""

from __future__ import annotations

import re
from pathlib import Path

from .includes import DEEPEST, note_include
from .js_literal import literal_objects
from .mdx_code import code_blocks, highlighted
from .model import Book, Page
from .rewriting import attributes_of, inside_fences, outside_code, outside_fences
from .sources import front_matter, words

_IMPORT = re.compile(
    r"^import\s+(?:[\w*{}\s,$]+?\s+from\s+)?['\"][^'\"\n]+['\"];?[ \t]*$", re.MULTILINE
)
_PARTIAL = re.compile(r"^import\s+(\w+)\s+from\s+['\"]([^'\"\n]+\.mdx?)['\"]", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?:const|let|var|function|default|async|class)\b", re.MULTILINE)
_VALUE = re.compile(
    r"^export\s+const\s+(\w+)\s*(?::\s*\w+\s*)?=\s*(['\"`])([^'\"`$\n]*)\2;?[ \t]*$", re.MULTILINE
)
_COMMENT = re.compile(r"\{\s*/\*(?:[^{]|\{(?!\s*/\*))*?\*/\s*\}", re.DOTALL)
_OBJECT = re.compile(r"\s[\w-]+=\{\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\}")
_SOURCE = re.compile(
    r"=\{\s*(?:require\(|useBaseUrl\()\s*['\"`]([^'\"`]+)['\"`]\s*\)(?:\.default)?\s*\}"
)
_STRING = re.compile(r"=\{\s*(['\"`])([^'\"`{}]*)\1\s*\}")
_OTHER = re.compile(r"(<[A-Za-z][^<>]*?)\s[\w-]+=\{[^{}<>]*\}")
_TAB = re.compile(
    r"^([ \t]*)<TabItem\b((?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|\{[^}]*\})*)>[ \t]*(.*)$", re.MULTILINE
)
_TABS = re.compile(r"</?Tabs\b(?:[^<>]|(?<==)>)*>")
_TAB_OR_TABS = re.compile(rf"{_TAB.pattern}|{_TABS.pattern}", re.MULTILINE)
_ADMONITION = re.compile(
    r"^([ \t]*)<Admonition\b([^<>]*)>[ \t]*$|^([ \t]*)</Admonition>[ \t]*$", re.MULTILINE
)
_TAG = re.compile(
    r"^([ \t]*)<([A-Z][\w.]*)\b((?:[^<>\"'{}]|\"[^\"]*\"|'[^']*'|\{[^{}]*\})*?)(/?)>[ \t]*$|^[ \t]*</([A-Z][\w.]*)>[ \t]*$",
    re.MULTILINE,
)


def rewrite_mdx(text: str, page: Page, book: Book) -> str:
    """Return a page of MDX as Markdown."""
    return _rewrite(text, page, book, page.path, 0)


def _rewrite(text: str, page: Page, book: Book, path: Path, depth: int) -> str:
    partials: dict[str, str] = dict(_PARTIAL.findall(text))
    values = {name: value for name, _, value in _VALUE.findall(text)}
    text = outside_fences(text, lambda piece: _without_exports(_IMPORT.sub("", piece)))
    text = outside_fences(text, code_blocks)
    text = outside_code(text, lambda piece: _expressions(piece, values))
    labels: list[dict[str, str]] = []
    text = outside_fences(text, lambda piece: _boxes(piece, labels))
    text = outside_fences(text, lambda piece: _components(piece, page, book, path, partials, depth))
    return inside_fences(text, highlighted)


def _without_exports(text: str) -> str:
    """Leave out what is exported, up to the end of its braces."""
    parts: list[str] = []
    place = 0
    for match in _EXPORT.finditer(text):
        if match.start() < place:
            continue
        parts.append(text[place : match.start()])
        end, open_ = match.start(), 0
        for line in text[match.start() :].splitlines(keepends=True):
            open_ += sum(line.count(s) for s in "({[") - sum(line.count(s) for s in ")}]")
            if not line.strip() and open_ <= 0:
                break
            end += len(line)
            if open_ <= 0 and line.rstrip().endswith((";", "}", ")", "'", '"', "`", "]")):
                break
        place = end
    return "".join([*parts, text[place:]])


def _expressions(text: str, values: dict[str, str]) -> str:
    text = _COMMENT.sub("", text)
    text = (
        re.sub(r"\{\s*(['\"`])([^'\"`{}<>\n]*)\1\s*\}", lambda m: m[2], text)
        if "{" in text
        else text
    )
    text = _SOURCE.sub(lambda match: f'="{match[1]}"', text)
    text = _STRING.sub(lambda match: f'="{match[2]}"', text)
    text = _OBJECT.sub("", text)
    for _ in range(3):
        text = _OTHER.sub(r"\1", text) if "={" in text else text
    for name, value in values.items():
        pattern = r"\{\s*(?:props\.)?" + re.escape(name) + r"\s*\}"
        text = re.sub(pattern, value.replace("\\", r"\\"), text)
    return text.replace("className=", "class=")


def _boxes(text: str, labels: list[dict[str, str]]) -> str:
    """Turn tabs and admonitions into boxes; `labels` has those of the `<Tabs>` that are open."""

    def tab(match: re.Match[str]) -> str:
        if match[2] is None:
            if match[0].startswith("</"):
                del labels[-1:]
            elif not match[0].endswith("/>"):
                labels.append(_labels(match[0]))
            return ""
        attributes = attributes_of(match[2])
        value = attributes.get("value", "")
        listed = (names[value] for names in reversed(labels) if value in names)
        label = attributes.get("label") or next(listed, value) or "Tab"
        rest = match[3].strip()
        closing = rest.endswith("</TabItem>")
        rest = rest.removesuffix("</TabItem>").strip()
        lines = [f"\n{match[1]}:::tab {label}\n", *([f"{match[1]}{rest}\n"] if rest else [])]
        return "\n".join([*lines, f"{match[1]}:::\n"] if closing else lines)

    def admonition(match: re.Match[str]) -> str:
        if match[2] is None:
            return f"\n{match[3]}:::\n"
        attributes = attributes_of(match[2])
        return (
            f"\n{match[1]}:::{attributes.get('type', 'note')} {attributes.get('title', '')}".rstrip()
            + "\n"
        )

    text = _TAB_OR_TABS.sub(tab, text)
    text = re.sub(r"(\S)[ \t]*</TabItem>[ \t]*$", r"\1\n\n</TabItem>", text, flags=re.MULTILINE)
    text = re.sub(r"^([ \t]*)</TabItem>", r"\n\1:::\n", text, flags=re.MULTILINE)
    return _ADMONITION.sub(admonition, text)


def _labels(tabs: str) -> dict[str, str]:
    """Return the labels by value that `<Tabs values={[…]}>` lists."""
    listed = re.search(r"\bvalues=\{\s*(?=\[)", tabs)
    items = literal_objects(tabs, listed.end()) if listed else []
    return {words(item.get("value")): words(item.get("label")) for item in items}


def _components(
    text: str, page: Page, book: Book, path: Path, partials: dict[str, str], depth: int
) -> str:
    """Put in pages that are components, and print the words that a component has as attributes."""

    def replace(match: re.Match[str]) -> str:
        if match[5]:
            return ""
        name = match[2]
        if name in partials and depth < DEEPEST:
            target = partials[name].replace("@site/", "")
            bases = (path.parent, *[folder.parent for folder in book.static], book.sources.root)
            file = next((f for base in bases if (f := book.sources.file(base / target))), None)
            if file:
                note_include(book, page, file)
                inner = book.sources.text(file)
                return (
                    "\n"
                    + _rewrite(inner[front_matter(inner)[1] :], page, book, file, depth + 1)
                    + "\n"
                )
        attributes = attributes_of(match[3])
        label = (
            attributes.get("title")
            or attributes.get("label")
            or attributes.get("name")
            or attributes.get("summary")
        )
        address = attributes.get("href") or attributes.get("to") or attributes.get("link")
        if name in ("Listing", "details", "Details", "Fragment", "React.Fragment") and not label:
            return ""
        book.report.miss(f"<{name}>", book.where(page, text, match.start()))
        lines = [f"[{label}]({address})" if label and address else f"**{label}**" if label else ""]
        lines.append(
            attributes.get("description")
            or attributes.get("text")
            or attributes.get("children")
            or ""
        )
        return "\n".join([match[1] + one + "\n" for one in lines if one])

    return _TAG.sub(replace, text)
