"""Draw Graphviz's graphs with the program `dot`, if it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess

from .diagram_engine import SIZE, DiagramProblem, DiagramStyle

_LINE = re.compile(r"line (\d+)")
# Seconds that a graph may take.
LIMIT = 20
# Attributes with which a graph reads or writes files, or loads programs.
_FILES = re.compile(r"\b(?:image|imagepath|shapefile|fontpath|stylesheet)\s*=", re.I)


class Dot:
    """Draws graphs in the DOT language."""

    def draw(self, source: str, style: DiagramStyle) -> tuple[str, str]:
        """Return an SVG and what it shows, in words."""
        program = shutil.which("dot")
        if program is None:
            raise DiagramProblem("Graphviz is not installed; install it so that `dot` is found")
        if _FILES.search(source):
            raise DiagramProblem("a graph cannot use files: take image= and its like out")
        general = {"bgcolor": "transparent", "fontname": "Helvetica", "fontcolor": style.ink}
        nodes = {"fontname": "Helvetica", "fontsize": f"{SIZE:g}", "color": style.border,
                 "fontcolor": style.ink, "fillcolor": style.wash, "style": "filled"}  # fmt: skip
        edges = {"fontname": "Helvetica", "fontsize": "12", "color": style.line,
                 "fontcolor": style.ink}  # fmt: skip
        arguments = [program, "-Tsvg"]
        for letter, values in (("G", general), ("N", nodes), ("E", edges)):
            arguments += [f"-{letter}{key}={value}" for key, value in values.items()]
        try:
            done = subprocess.run(
                arguments, input=source.encode(), capture_output=True, timeout=LIMIT, check=False
            )
        except subprocess.TimeoutExpired:
            raise DiagramProblem(f"Graphviz took longer than {LIMIT} seconds") from None
        if done.returncode or not done.stdout:
            message = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
            line = _LINE.search(message)
            raise DiagramProblem(
                message.removeprefix("Error: <stdin>: "), int(line[1]) if line else 0
            )
        svg = done.stdout.decode("utf-8")
        return svg[svg.index("<svg") :], _words(source)


def _words(source: str) -> str:
    pairs = re.findall(r"(?<![\w\"])([\w\"]+)\s*-[->]\s*([\w\"]+)", source)
    sentences = "; ".join(f"{a.strip(chr(34))} to {b.strip(chr(34))}" for a, b in pairs)
    return f"Graph. {sentences}." if sentences else "Graph."
