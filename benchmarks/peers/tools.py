"""The tools a user would pick instead: what each reads, how it is installed, how it is run.

Emboss is `emboss-pdf` on PyPI; the package `emboss` is another project.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .portable import Node
from .to_asciidoc import to_asciidoc
from .to_html import to_pandoc, to_weasyprint, to_xhtml2pdf
from .to_markdown import to_markdown
from .to_rst import to_rst
from .to_typst import to_typst

ROOT = Path(__file__).parents[2]
# Each peer has an environment of its own, so that none starts slower for another's packages.
TOOLS_FOLDER = ROOT / "build" / "benchmarks"
RUNNERS = Path(__file__).parent / "runners"
FONTS = ROOT / "handbook" / "data" / "fonts" / "ibm-plex"


@dataclass(frozen=True)
class Peer:
    """A tool of PyPI's: its name, what pip installs, its input, the runner that drives it."""

    name: str
    package: str
    suffix: str
    write: Callable[[Node], str]
    runner: str

    @property
    def python(self) -> Path:
        """The interpreter of the peer's own environment."""
        return TOOLS_FOLDER / self.name / "bin" / "python"

    def install(self) -> str:
        """Make the environment unless it is there; what pip said if that failed."""
        marker = TOOLS_FOLDER / self.name / self.package
        if not marker.is_file():
            shutil.rmtree(TOOLS_FOLDER / self.name, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", TOOLS_FOLDER / self.name], check=True)
            command = [self.python, "-m", "pip", "install", "-q", self.package]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                return done.stderr.strip().splitlines()[-1]
            marker.touch()
        return ""

    @property
    def version(self) -> str:
        """The version that is installed."""
        return self.package.split("==")[1]

    def command(self, book: Path, target: Path) -> list[str]:
        """What makes the book, once."""
        return [str(word) for word in (self.python, RUNNERS / self.runner, book, target, FONTS)]

    def repeated(self, book: Path, target: Path, times: int) -> list[str]:
        """What makes the book this often in one process, and says how long each took."""
        return [*self.command(book, target), str(times)]


@dataclass(frozen=True)
class BrowserPeer(Peer):
    """A tool of PyPI's that prints by way of Puppeteer and the system's Chromium."""

    pandoc: str = "pypandoc_binary==1.17"
    puppeteer: str = "puppeteer@24.43.1"

    def install(self) -> str:
        """Make the environment, and add pandoc and Puppeteer to it."""
        missing = [name for name in ("node", "npm", "chromium") if not shutil.which(name)]
        if missing:
            return f"{' and '.join(missing)} not installed"
        if problem := super().install():
            return problem
        # The tool looks for Puppeteer among the packages of a package.
        place = TOOLS_FOLDER / self.name / "home/tools/npm/lib/node_modules/browser"
        if (place / "node_modules/puppeteer").is_dir():
            return ""
        place.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        for command in (
            [self.python, "-m", "pip", "install", "-q", self.pandoc],
            ["npm", "install", "--prefix", place, self.puppeteer],
        ):
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            if done.returncode:
                return done.stderr.strip().splitlines()[-1]
        return ""

    def repeated(self, book: Path, target: Path, times: int) -> list[str]:
        """Nothing: this makes one book a process."""
        return []


@dataclass(frozen=True)
class Program:
    """A tool that takes part where the system has it: its program, input and arguments."""

    name: str
    program: str
    suffix: str
    write: Callable[[Node], str]
    arguments: Callable[[Path, Path], list[str]]
    needs: tuple[str, ...] = ()

    def install(self) -> str:
        """What is missing, "" if nothing is."""
        missing = [name for name in (self.program, *self.needs) if not shutil.which(name)]
        return f"{' and '.join(missing)} not installed" if missing else ""

    @property
    def version(self) -> str:
        """The version that the program tells."""
        done = subprocess.run([self.program, "--version"], check=True, capture_output=True)
        found = re.search(r"\d+(\.\d+)+", done.stdout.decode())
        return found[0] if found else ""

    def command(self, book: Path, target: Path) -> list[str]:
        """What makes the book, once."""
        return [str(shutil.which(self.program)), *self.arguments(book, target)]

    def repeated(self, book: Path, target: Path, times: int) -> list[str]:
        """Nothing: these make one book a process."""
        return []


def _xelatex(book: Path, target: Path) -> list[str]:
    faces = {"BoldFont": "IBMPlexSans-SemiBold", "ItalicFont": "IBMPlexSans-TextItalic",
             "BoldItalicFont": "IBMPlexSans-SemiBoldItalic"}  # fmt: skip
    options = ",".join(f"{key}={name}.ttf" for key, name in faces.items())
    variables = {
        "documentclass": "report", "papersize": "a4", "fontsize": "10pt", "pagestyle": "headings",
        "geometry": "left=40mm,right=19mm,top=25mm,bottom=24mm", "mainfont": "IBMPlexSans-Text.ttf",
        "mainfontoptions": f"Path={FONTS}/,{options}", "monofont": "IBMPlexMono-Regular.ttf",
        "monofontoptions": f"Path={FONTS}/", "colorlinks": "true",
    }  # fmt: skip
    settings = [word for key, value in variables.items() for word in ("-V", f"{key}={value}")]
    fixed = ["--pdf-engine=xelatex", "--toc", "--toc-depth=2", "--top-level-division=chapter"]
    return [str(book), "-o", str(target), *fixed, *settings]


def _plain(book: Path, target: Path) -> list[str]:
    return ["-o", str(target), str(book)]


PEERS: tuple[Peer | Program, ...] = (
    Peer("Typst", "typst==0.15.2", ".typ", to_typst, "typst_.py"),
    Peer("WeasyPrint", "weasyprint==70.0", ".html", to_weasyprint, "weasyprint_.py"),
    Peer("xhtml2pdf", "xhtml2pdf==0.2.28", ".html", to_xhtml2pdf, "xhtml2pdf_.py"),
    Peer("fpdf2", "fpdf2==2.8.9", ".json", json.dumps, "fpdf2_.py"),
    Peer("rst2pdf", "rst2pdf==0.105", ".rst", to_rst, "rst2pdf_.py"),
    Peer("Emboss", "emboss-pdf==1.3.1", ".json", json.dumps, "emboss_.py"),
    BrowserPeer("mdbindery", "mdbindery[pdf]==0.2.0", ".json", to_markdown, "mdbindery_.py"),
    Program("Asciidoctor PDF", "asciidoctor-pdf", ".adoc", to_asciidoc, _plain),
    Program("pandoc with XeLaTeX", "pandoc", ".html", to_pandoc, _xelatex, ("xelatex",)),
)
