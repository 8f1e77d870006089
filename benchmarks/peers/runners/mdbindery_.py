"""mdbindery: `python mdbindery_.py BOOK PDF FONTS`; a folder of Markdown, printed by Chromium."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

USED = ["IBMPlexSans-Text.ttf", "IBMPlexSans-SemiBold.ttf"]
CSS = """
@font-face { font-family: Plex; src: url("IBMPlexSans-Text.ttf"); }
@font-face { font-family: Plex; font-weight: bold; src: url("IBMPlexSans-SemiBold.ttf"); }
body { font: 10pt/1.4 Plex; }
"""


def environment() -> dict[str, str]:
    """Where the tool finds its pandoc, Puppeteer and Chromium."""
    import pypandoc

    programs = os.path.dirname(pypandoc.get_pandoc_path())
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "MDBINDERY_HOME": str(Path(sys.prefix) / "home"),
        # Chromium's sandbox does not start for root.
        "MDBINDERY_NO_SANDBOX": "1",
        "PUPPETEER_EXECUTABLE_PATH": str(shutil.which("chromium")),
    }


def write(book: dict[str, object], files: dict[str, str], fonts: str, folder: Path) -> None:
    """Write chapters and settings into a folder."""
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
    for font in USED:
        shutil.copy(Path(fonts) / font, folder)
    (folder / "book.css").write_text(CSS, "utf-8")
    settings = {
        "slug": "book",
        "metadata": {"title": book["title"], "authors": [book["author"]], "date": "2026-11-24"},
        "files": [{"file": file} for file in files],
        "options": {"extra_css": "book.css", "embed_fonts": USED, "strict_links": False},
    }
    (folder / "mdbindery.yaml").write_text(json.dumps(settings), "utf-8")


def make(source: str, target: str, fonts: str) -> None:
    """Set the book."""
    book = json.loads(Path(source).read_text("utf-8"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(book, book["files"], fonts, folder)
        command = [sys.executable, "-m", "mdbindery", "build", name, "--format", "pdf"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment())
        made = folder / "dist" / "book.pdf"
        if not made.is_file():
            sys.exit(done.stdout + done.stderr)
        shutil.copy(made, target)


if __name__ == "__main__":
    from timing import run

    run(make, sys.argv[1:])
