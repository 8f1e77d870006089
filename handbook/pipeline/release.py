"""Build one archive of everything to publish: editions, pictures, a manifest, an index.

The archive is a value of the pack, the date and the choices, like every edition in it: made
twice, by however many processes, it is the same to the byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from datetime import date
from functools import lru_cache
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

from ..__version__ import __version__
from ..core.diagnostics import Diagnostic, DiagnosticCollector, HandbookError
from ..core.files import temporary_folder, write_whole, zip_files
from ..core.lock import dependency_digest
from ..core.slugs import file_slug
from ..core.values import frozen
from ..pack.loader import load_pack
from ..pack.model import Pack
from ..pdf.rasterize import sample_pictures
from ..select.selection import Selection, all_selections, select
from ..theme.brand.model import Brand
from .edition_series import EditionSeries, by_likeness

MANIFEST = "manifest.json"
INDEX = "index.html"
SUMS = "SHA256SUMS"
EDITIONS = "editions"
PICTURES = "pictures"


@frozen
class EditionRequest:
    """The contents of a release; `every` asks for the whole grid of roles, paths and plans."""

    content: Path
    day: date
    papers: tuple[str, ...] = ("a4",)
    theme: str = "default"
    every: bool = False
    brand: Brand | None = None


def name_of(pack: Pack, order: EditionRequest) -> str:
    """Return the archive's name without `.zip`: the pack's id, and its version or the date."""
    version = str(pack.config.get("version") or order.day.isoformat())
    return f"{file_slug(str(pack.config.get('id') or pack.title))}-{version.replace('/', '-')}"


def selections_of(pack: Pack, order: EditionRequest) -> list[Selection]:
    """Return the selections of a release, each once, in the order of the pack."""
    common: dict[str, Any] = {"day": order.day, "brand": order.brand}
    if not order.every:
        return [s for paper in order.papers for s in all_selections(pack, paper=paper, **common)]
    axes = [["", *(str(row["id"]) for row in pack.axis(a))] for a in ("roles", "paths", "plans")]
    selections: dict[str, Selection] = {}
    for paper, role, path, plan in product(order.papers, *axes):
        one = select(pack, role=role, path=path, plan=plan, paper=paper, **common)
        selections.setdefault(one.file_stem, one)
    return list(selections.values())


def release(
    order: EditionRequest,
    out: Path,
    pool: Executor,
    *,
    verify: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Make every edition on the processes of `pool`, and the archive of them all below `out`.

    With `verify`, veraPDF checks every file before the archive is written.  `progress` hears how
    many editions of how many are done.

    Raises:
        HandbookError: With all that is wrong; then there is no archive.
    """
    pack = load_pack(order.content)
    chosen = selections_of(pack, order)
    name = name_of(pack, order)
    with temporary_folder(out) as work:
        rows = _editions(order, chosen, work, pool, progress)
        if verify:
            _verify([work / row["file"] for row in rows], work)
        manifest = {
            "pack": pack.title,
            "name": name,
            "version": str(pack.config.get("version") or ""),
            "date": order.day.isoformat(),
            "tool": f"handbook {__version__}",
            "lock": dependency_digest(),
            "editions": rows,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        write_whole(work / MANIFEST, text.encode(), sync=False)
        write_whole(work / INDEX, _index(pack, name, order.day, rows).encode(), sync=False)
        write_whole(work / SUMS, _sums(work).encode(), sync=False)
        files = sorted(path for path in work.rglob("*") if path.is_file())
        named = ((f"{name}/{path.relative_to(work).as_posix()}", path) for path in files)
        archive = out / f"{name}.zip"
        zip_files(archive, named)
    return archive


Row = dict[str, Any]


def _editions(
    order: EditionRequest,
    chosen: Sequence[Selection],
    work: Path,
    pool: Executor,
    progress: Callable[[int, int], None],
) -> list[Row]:
    """Return every edition made; its line of the manifest, in the order of the selections."""
    problems = DiagnosticCollector()
    built: dict[int, Row] = {}
    jobs = {
        pool.submit(_edition, order.content, order.theme, selection, work): number
        for number, selection in by_likeness(enumerate(chosen))
    }
    for job in as_completed(jobs):
        with problems:
            built[jobs[job]] = job.result()
        progress(len(built), len(chosen))
    problems.check()
    return [built[number] for number in range(len(chosen))]


@lru_cache(maxsize=1)
def _series(content: Path, work: Path) -> tuple[Pack, EditionSeries]:
    """Return pack and series of one release in this process; each release has its own `work`."""
    return load_pack(content), EditionSeries()


def _edition(content: Path, theme: str, selection: Selection, work: Path) -> Row:
    """Make one edition and its pictures below `work`; what the manifest says of it."""
    pack, series = _series(content, work)
    data = series.edition_for(pack, selection, theme).fill()
    pages, pictures = sample_pictures(data)
    file = f"{EDITIONS}/{selection.file_stem}.pdf"
    write_whole(work / file, data, sync=False)
    named = {kind: f"{PICTURES}/{selection.file_stem}_{kind}.png" for kind, _ in pictures}
    for kind, picture in pictures:
        write_whole(work / named[kind], picture, sync=False)
    choice = {"role": selection.role, "path": selection.path, "plan": selection.plan}
    return {
        "file": file,
        "title": selection.title,
        **{axis: str(row["id"]) if row else "" for axis, row in choice.items()},
        "paper": selection.paper,
        "pages": pages,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "pictures": named,
    }


def _verify(files: Sequence[Path], work: Path) -> None:
    """Raise HandbookError for every file that does not conform, or could not be checked."""
    from ..verify import verify

    failures: list[Diagnostic] = []
    for report in verify(files):
        name = report.path.relative_to(work).as_posix()
        for result in report.results:
            if result.passed is None:
                hint = "verification needs Java and 'handbook[verify]'"
                words = f"could not be verified: {result.reason}"
                failures.append(Diagnostic.at(name, words, hint))
            elif not result.passed:
                hint = "handbook verify says in plain words what fails, and where"
                words = f"does not conform: {result.checker} {result.profile}".rstrip()
                failures.append(Diagnostic.at(name, words, hint))
    if failures:
        raise HandbookError(*failures)


def _sums(work: Path) -> str:
    """Return the digests of all files so far, as `sha256sum -c` reads them."""
    files = sorted(path for path in work.rglob("*") if path.is_file())
    digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    return "".join(
        f"{digest}  {path.relative_to(work).as_posix()}\n"
        for digest, path in zip(digests, files, strict=True)
    )


# ------------------------------------------------------------------------- index

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c2127; background: #ffffff }
h1 { line-height: 1.2; color: #08305a }
a { color: #0b4f8a }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; padding: .5rem 0; color: #4d5761 }
th, td { text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid #b9c1c9 }
td.number { text-align: right }
img { height: 10rem; width: auto; border: 1px solid #b9c1c9 }
code { font-size: .8rem; word-break: break-all }
"""


def _index(pack: Pack, name: str, day: date, rows: Sequence[Row]) -> str:
    """Return the page one opens first: every edition with its cover, size and digest."""
    title = escape(pack.title)
    body = "\n".join(_index_row(row) for row in rows)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(pack.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<p lang="en">{escape(name)}, {day.isoformat()}. Every file is tagged '
        "for screen readers (PDF/UA-1) and fit for archives (PDF/A-2a). "
        f'<a href="{MANIFEST}">Manifest</a>, <a href="{SUMS}">digests</a>.</p>\n'
        f'<table lang="en">\n<caption>{len(rows)} editions</caption>\n<thead><tr>'
        '<th scope="col">Cover</th><th scope="col">Edition</th><th scope="col">Paper</th>'
        '<th scope="col">Pages</th><th scope="col">Size</th><th scope="col">SHA-256</th>'
        f"</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    )


def _index_row(row: Row) -> str:
    words = escape(row["title"])
    return (
        f'<tr><td><img src="{row["pictures"]["cover"]}" alt="Cover: {words}" loading="lazy"></td>'
        f'<th scope="row"><a href="{row["file"]}">{words}</a></th><td>{escape(row["paper"])}</td>'
        f'<td class="number">{row["pages"]}</td>'
        f'<td class="number">{row["bytes"] / 1000:.0f} KB</td>'
        f"<td><code>{row['sha256']}</code></td></tr>"
    )
