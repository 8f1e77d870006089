"""Turn the code of MDX into fences: `<CodeBlock>`, templates in braces, comments that mark lines."""

from __future__ import annotations

import re

from .rewriting import attributes_of, fence_title

_BLOCK = re.compile(
    r"^([ \t]*)<CodeBlock\b((?:[^<>{}]|\{[^{}]*\}){0,400})>\s*(?:\{\s*`((?:[^`\\]|\\.)*)`\s*\}|([^<{]*))"
    r"\s*</CodeBlock>[ \t]*$",
    re.MULTILINE,
)
# A template without values in it, as the child of an element.
_TEMPLATE = re.compile(r"\{\s*`([^`$\\\n]*)`\s*\}")
_MARK = re.compile(
    r"[ \t>]*(?:/\*|\{/\*|<!--|//|#|--|;;|%|\{\{!--)[ \t]*highlight-(next-line|start|end)[ \t]*"
    r"(?:\*/\}?|-->|--\}\})?[ \t]*"
)
_LINES = re.compile(r"\{[\d, -]+\}")


def code_blocks(text: str) -> str:
    """Return text with `<CodeBlock>` as fences, and plain templates in braces as their words."""
    if "{" not in text and "<CodeBlock" not in text:
        return text
    return _TEMPLATE.sub(lambda match: match[1], _BLOCK.sub(_fence, text))


def _fence(match: re.Match[str]) -> str:
    margin, attributes = match[1], attributes_of(match[2])
    code = re.sub(r"\\([`$\\])", r"\1", match[3]) if match[3] is not None else match[4]
    lines = code.strip("\n").split("\n")
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", code))])
    numbered = " showLineNumbers" if "showLineNumbers" in match[2] else ""
    head = f"{fence}{attributes.get('language', '')}{fence_title(attributes.get('title', ''))}{numbered}"
    return "\n".join(["", margin + head, *(margin + line for line in lines), margin + fence, ""])


def highlighted(block: str) -> str:
    """Return a fenced block whose comments `highlight-next-line` and the like mark its lines.

    As in Docusaurus, they are code where the fence itself names lines.
    """
    first, *rest = block.split("\n")
    if "highlight-" not in block or _LINES.search(first):
        return block
    kept: list[str] = []
    marked: list[int] = []
    following = within = False
    for line in rest:
        if mark := _MARK.fullmatch(line):
            following = mark[1] == "next-line"
            within = mark[1] == "start" or (within and following)
            continue
        kept.append(line)
        if (following or within) and not line.strip(" \t>").startswith(("```", "~~~")):
            marked.append(len(kept))
        following = False
    lines = f" {{{','.join(map(str, marked))}}}" if marked else ""
    return "\n".join([first.rstrip() + lines, *kept])
