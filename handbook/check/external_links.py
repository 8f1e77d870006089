"""Check addresses outside the book over the network, if asked to.

Each address is asked once, a few at a time, with a limit on how long an answer may take and on how
many are asked; no answer is read further than its head.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from ..__version__ import __version__
from ..core.diagnostics import Diagnostic, Source
from ..document.nodes import Link, inlines_of, walk, walk_inlines
from .selections import SelectionMatrix

AT_ONCE = 8
SECONDS = 10.0
MOST = 1000
# Answers that mean "not to a program": the page may well be there.
_GUARDED = frozenset({401, 403, 405, 406, 429, 999})


def links_outside(matrix: SelectionMatrix) -> dict[str, list[Source]]:
    """Return every web address that any selection has, and where it is written."""
    sources: dict[str, dict[Source, None]] = {}
    for variant in matrix.variants():
        if variant.read:
            for block in walk(variant.read.document.chapters[0].blocks):
                for inlines in inlines_of(block):
                    for inline in walk_inlines(inlines):
                        if isinstance(inline, Link) and inline.target.startswith("http"):
                            address = inline.target.partition("#")[0]
                            sources.setdefault(address, {})[inline.source] = None
    return {address: list(places) for address, places in sorted(sources.items())}


def dead_links(links: Mapping[str, list[Source]], seconds: float = SECONDS) -> Iterator[Diagnostic]:
    """Yield a warning for each use of an address that does not answer or does not exist."""
    asked = list(links)[:MOST]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda address: _ask(address, seconds), asked))
    for address, wrong in zip(asked, answers, strict=True):
        for source in links[address] if wrong else ():
            yield Diagnostic.at(
                source,
                f"the address {address!r} {wrong}",
                "open it in a browser, then fix or remove it",
                "dead-link",
                "warning",
            )


def _ask(address: str, seconds: float, method: str = "HEAD") -> str:
    """Return what is wrong with an address, or an empty string if it answers."""
    agent = {"User-Agent": f"handbook/{__version__} (link check)"}
    request = urllib.request.Request(address, headers=agent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds):
            return ""
    except urllib.error.HTTPError as problem:
        problem.close()
        if method == "HEAD" and problem.code not in (404, 410):
            return _ask(address, seconds, "GET")
        return "" if problem.code in _GUARDED else f"answers {problem.code} {problem.reason}"
    except (OSError, ValueError) as problem:
        why = getattr(problem, "reason", problem)
        return f"does not answer: {why or type(problem).__name__}"
