"""Describe a Mermaid diagram in words, from the model that its parser builds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TAG = re.compile(r"<br\s*/?>|<[^<>]*>|`")
_CIRCLE = re.compile(r"_(start|end)\d*$")
_FRONT = re.compile(r"\A\s*---\s*\n(.*?)\n---\s*\n", re.S)
# Longer descriptions tire the ear; the words of the diagram can be read in the page.
LONGEST = 900


def describe(model: Mapping[str, Any], source: str) -> str:
    """Return a description: that of the author if there is one, otherwise one of the graph."""
    title = str(model.get("accTitle") or model.get("title") or _front_title(source)).strip()
    written = " ".join(str(model.get("accDescr") or "").split())
    if written:
        return f"{title}. {written}" if title else written
    if "edges" in model and "nodes" in model:
        words = _graph(model)
    else:
        words = (_messages if source_kind(source) == "sequencediagram" else _listed)(source)
    kind = next(
        (sentences for key, sentences in KINDS.items() if source_kind(source).startswith(key)),
        "Diagram",
    )
    whole = f"{kind}: {title}. {words}" if title else f"{kind}. {words}"
    whole = whole.strip()
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rsplit(" ", 1)[0] + " …"


KINDS = {
    "sequence": "Sequence diagram", "gitgraph": "Git graph", "gantt": "Gantt chart",
    "timeline": "Timeline", "state": "State diagram", "pie": "Pie chart",
    "quadrant": "Quadrant chart", "mindmap": "Mind map", "class": "Class diagram",
    "er": "Entity relationship diagram", "journey": "User journey", "flowchart": "Flowchart",
    "graph": "Flowchart",
}  # fmt: skip


def source_kind(source: str) -> str:
    """Return the first word of a diagram, in small letters."""
    body = re.sub(r"\A\s*---\s*\n.*?\n---\s*\n", "", source, flags=re.S)
    lines = (line.strip() for line in body.split("\n"))
    first = next((line for line in lines if line and not line.startswith("%%")), "")
    return re.split(r"[\s:;]", first)[0].lower()


def _front_title(source: str) -> str:
    """Return the title in front of a diagram; "" if there is none."""
    front = _FRONT.match(source)
    title = re.search(r"^title:[ \t]*(.*)$", front[1], re.M) if front else None
    return title[1].strip().strip("\"'") if title else ""


def _plain(text: object) -> str:
    return " ".join(_TAG.sub(" ", str(text or "")).split())


def _graph(model: Mapping[str, Any]) -> str:
    """Say each connection of a graph, in the order of its source."""
    names = {
        str(node.get("id")): _plain(node.get("label")) or str(node.get("id"))
        for node in model["nodes"]
        if isinstance(node, Mapping)
    }
    # The circles at which a state diagram begins and ends have no words.
    for name in names:
        if match := _CIRCLE.search(name) if names[name] == name else None:
            names[name] = f"the {match[1]}"
    chain = [names.get(key, key) for key in _chain(model)]
    if len(chain) > 2 and len(chain) == len(names):
        return f"From {chain[0]} to {chain[-1]} in {len(chain)} steps: {', '.join(chain)}."
    linked: set[str] = set()
    parts: list[str] = []
    for edge in model["edges"]:
        start = str(edge.get("from") or edge.get("start") or edge.get("source") or "")
        end = str(edge.get("to") or edge.get("end") or edge.get("target") or "")
        label = _plain(edge.get("label"))
        linked |= {start, end}
        sentences = f"{names.get(start, start)} to {names.get(end, end)}"
        parts.append(f"{sentences} ({label})" if label else sentences)
    parts += [name for key, name in names.items() if key not in linked]
    return "; ".join(parts) + "."


def _chain(model: Mapping[str, Any]) -> list[str]:
    """Return the ids of a graph in order if each leads to the next alone, without labels."""
    ends: dict[str, str] = {}
    for edge in model["edges"]:
        start = str(edge.get("from") or edge.get("start") or edge.get("source") or "")
        end = str(edge.get("to") or edge.get("end") or edge.get("target") or "")
        if start in ends or _plain(edge.get("label")):
            return []
        ends[start] = end
    first = [start for start in ends if start not in ends.values()]
    if len(first) != 1 or len(set(ends.values())) != len(ends):
        return []
    chain = [first[0]]
    while chain[-1] in ends and len(chain) <= len(ends):
        chain.append(ends[chain[-1]])
    return chain if len(chain) == len(ends) + 1 else []


# No line of a diagram that a reader could see is longer.
LONGEST = 1_000
_PARTY = re.compile(r"(?:create )?(?:participant|actor)\s+(.+?)(?:@\{.*\})?(?:\s+as\s+(.+))?$")
_MESSAGE = re.compile(r"(.+?)\s*<{0,2}-{1,2}(?:>{1,2}|[x)])\s*[+-]?\s*([^:]+?)\s*:\s*(.*)")
_BLOCK = re.compile(r"(?:loop|alt|else|opt|par|and|critical|option|break|Note [^:]*:)\s*(.+)", re.I)


def _messages(source: str) -> str:
    """Return the messages of a sequence diagram, each with who sends it to whom."""
    names: dict[str, str] = {}
    messages: list[str] = []
    for line in (line.strip()[:LONGEST] for line in source.split("\n")):
        if match := _PARTY.match(line):
            names[match[1]] = match[2] or match[1]
        elif match := _MESSAGE.match(line):
            start, end = (names.get(party, party) for party in match.group(1, 2))
            messages.append(f"{_plain(start)} to {_plain(end)}: {_plain(match[3])}")
        elif match := _BLOCK.match(line):
            messages.append(_plain(match[1]))
    return "; ".join(messages) + "."


def _listed(source: str) -> str:
    """Return the lines of a diagram without the characters of its syntax."""
    body = re.sub(r"\A\s*---\s*\n.*?\n---\s*\n", "", source, flags=re.S)
    lines = [line.strip() for line in body.split("\n")]
    kept = [
        line
        for line in lines
        if line
        and not line.startswith(("%%", "accTitle", "accDescr", "classDef", "style ", "click "))
    ]
    sentences: list[str] = []
    for line in kept[1:]:
        words = re.sub(r"[-=.]*[-=.]{2}[-=.]*[|>)x(*o+]*|<\|?|\|>|[\[\](){}|\"`]+", " ", line)
        words = " ".join(_plain(words).split()).strip(" :;,")
        if re.search(r"\w", words) and words not in ("end",):
            sentences.append(words)
    return "; ".join(sentences) + "."
