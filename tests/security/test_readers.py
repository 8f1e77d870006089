"""Files that data names are read by `core/files.py` alone; every other reader is listed here."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "handbook"
READS = {"read_bytes", "read_text", "open"}
# Modules that open files themselves, and whose files they are.
OWN = {
    "batch/choices.py": "the file of --map", "batch/folder_store.py": "the output folder", "batch/handout.py": "copies of this run",
    "batch/lock.py": "the lock of the output folder", "batch/lookup_site.py": "packaged", "batch/object_store.py": "the user's store",
    "batch/print_run.py": "editions of this run", "batch/reports.py": "a copy on the command line, the output folder",
    "batch/roster/source.py": "the roster on the command line, which may be a FIFO", "batch/roster/workbook.py": "a part of a workbook",
    "batch/send.py": "copies of the output folder, the list on the command line", "cli/__init__.py": "the null device",
    "cli/send.py": "the text on the command line", "core/cache.py": "the user's cache", "core/i18n.py": "packaged", "core/lock.py": "packaged",
    "core/pixels.py": "bytes that were read", "core/qr.py": "packaged", "core/second_process.py": "what a copy of this process answers", "fonts/fallback.py": "packaged", "layout/inline/hyphenation.py": "packaged",
    "pack/scaffold.py": "packaged", "pdf/encryption.py": "bytes of this run", "pdf/signing.py": "keys on the command line",
    "pipeline/release.py": "files of this run", "preview/server.py": "packaged", "theme/brand/loader.py": "packaged", "theme/loader.py": "packaged",
    "verify/inspect.py": "a PDF on the command line", "verify/listen.py": "a PDF on the command line",
    "verify/pdf_fonts.py": "a part of a PDF", "verify/verapdf.py": "packaged",
}  # fmt: skip


def readers() -> dict[str, set[int]]:
    """The modules that open files in another way, with the lines."""
    found: dict[str, set[int]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name == "core/files.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            # `read_bytes(path, limit)` is the common function; `path.read_bytes()` is not.
            if (isinstance(called, ast.Attribute) and called.attr in READS) or (
                isinstance(called, ast.Name) and called.id == "open"
            ):
                found.setdefault(name, set()).add(node.lineno)
    return found


def test_no_other_module_reads_what_data_names() -> None:
    found = readers()
    assert sorted(set(found) - set(OWN)) == [], "read with core/files.py, or say whose file it is"
    assert sorted(set(OWN) - set(found)) == []
