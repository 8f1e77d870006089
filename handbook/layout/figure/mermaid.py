"""Draw Mermaid diagrams with merman, an engine that lays them out as Mermaid does.

merman is a library of machine code, and not part of a plain installation: see the extra
`handbook[diagrams]`.  It receives the colours of the theme and the widths of its words.
"""

from __future__ import annotations

import atexit
import json
import re
from typing import Any

from .diagram_engine import SIZE, DiagramProblem, DiagramStyle
from .mermaid_words import describe, source_kind

_LINE = re.compile(r"line (\d+)", re.I)
_COMMIT = re.compile(r"\bid:\s*\"([^\"]*)\"")
_BAR = re.compile(r'<rect id="([^"]+)"[^>]*? x="([-\d.]+)"')
_BAR_WORDS = re.compile(
    r'<text id="([^"]+)-text"[^>]*? x="([-\d.]+)"[^>]*?taskTextOutside(Right|Left)'
)
# Lines behind the bars of a Gantt chart: words have to be read across them.
_GRID = '<line stroke="currentColor"'
_ADDRESS = re.compile(r"^Diagram (?:parse|render|layout) error(?: \([\w-]+\))?: ")


class Mermaid:
    """Draws every kind of Mermaid diagram."""

    def __init__(self) -> None:
        try:
            import merman
        except ImportError as problem:
            raise DiagramProblem(
                "its engine is not installed; run: pip install 'handbook[diagrams]'"
            ) from problem
        self._merman = merman
        self._engines: dict[Any, Any] = {}
        # An engine has to end before its library does.
        atexit.register(self._engines.clear)

    def draw(self, source: str, style: DiagramStyle) -> tuple[str, str]:
        """Return an SVG and what it shows, in words."""
        engine = self._engine(style)
        kind = source_kind(source)
        if kind == "gantt" and "todayMarker" not in source:
            # The same book is to look the same tomorrow.
            source = source.rstrip() + "\n    todayMarker off\n"
        options = json.dumps({"site_config": _labels(source)}) if kind == "gitgraph" else None
        try:
            svg = engine.render_svg(source, options)
            model = json.loads(engine.parse_json(source, None))
        except self._merman.MermanError as problem:
            raise _problem(problem, _line_of_error(engine, source)) from None
        if kind == "gantt":
            svg = _words_before_bars(svg).replace(_GRID, f'<line stroke="{style.grid}"')
        return svg, describe(model, source)

    def _engine(self, style: DiagramStyle) -> Any:
        key = (style.ink, style.paper, style.wash, style.border, style.series)
        if key not in self._engines:
            merman = self._merman
            services = merman.MermanEngineServices().with_text_measurer(_measurer(merman, style))
            options = {"site_config": _config(style)}
            limits = merman.ResourceOptionsBuilder().profile(merman.ResourceProfile.CONSTRAINED)
            options |= json.loads(limits.build().to_options_json())
            self._engines[key] = merman.MermanEngine(json.dumps(options), services)
        return self._engines[key]


def _words_before_bars(svg: str) -> str:
    """Return a Gantt chart in which words at the left of their bar end before it.

    merman gives some the class of those at the right, and lets some reach into their bar.
    """
    lefts = {match[1]: float(match[2]) for match in _BAR.finditer(svg)}

    def placed(match: re.Match[str]) -> str:
        name, x, side = match[1], float(match[2]), match[3]
        left = lefts.get(name, x)
        if side == "Right" and x >= left:
            return match[0]
        words = match[0].replace("OutsideRight", "OutsideLeft")
        return words.replace(f' x="{match[2]}"', f' x="{min(x, left - 5):g}"', 1)

    return _BAR_WORDS.sub(placed, svg)


def _labels(source: str) -> dict[str, Any]:
    """Return how commits are labelled: long names at an angle, generated ones not at all."""
    names = _COMMIT.findall(source)
    longest = max(map(len, names), default=0)
    return {"gitGraph": {"showCommitLabel": bool(names), "rotateCommitLabel": longest > 8}}


def _line_of_error(engine: Any, source: str) -> int:
    """Return the line of the first mistake; 0 if the engine names the whole source."""
    for diagnostic in json.loads(engine.analyze_json(source, None))["diagnostics"]:
        span = diagnostic.get("span")
        if diagnostic["severity"] == "error" and span:
            whole = span["line"] == 1 and span["end_line"] > source.count("\n")
            return 0 if whole else int(span["line"])
    return 0


def _problem(problem: Any, at: int) -> DiagramProblem:
    message = str(getattr(problem, "message", problem))
    line = _LINE.search(message)
    words = _ADDRESS.sub("", message).strip().split("\n")[0]
    if words.startswith("resource limit"):
        return DiagramProblem("it has too much in it", at)
    return DiagramProblem(words, int(line[1]) if line else at)


# Mermaid's variables by the shade of ours that they take: a colour, or one of a row by its number.
_SHADES = {
    "accent": "taskBkgColor quadrantPointFill",
    "border": (
        "primaryBorderColor nodeBorder actorBorder labelBoxBorderColor taskBorderColor "
        "activeTaskBorderColor tagLabelBorder quadrantExternalBorderStrokeFill"
    ),
    "ink": (
        "primaryTextColor secondaryTextColor tertiaryTextColor textColor titleColor "
        "noteTextColor actorTextColor signalColor signalTextColor labelTextColor loopTextColor "
        "relationLabelColor classText stateLabelColor transitionLabelColor taskTextOutsideColor "
        "taskTextDarkColor taskTextClickableColor pieTitleTextColor pieLegendTextColor "
        "commitLabelColor tagLabelColor quadrant1TextFill quadrant2TextFill quadrant3TextFill "
        "quadrant4TextFill quadrantPointTextFill quadrantXAxisTextFill quadrantYAxisTextFill "
        "quadrantTitleFill"
    ),
    "line": (
        "tertiaryBorderColor lineColor clusterBorder actorLineColor relationColor "
        "transitionColor doneTaskBorderColor gridColor quadrantInternalBorderStrokeFill"
    ),
    "paper": (
        "background edgeLabelBackground sequenceNumberColor relationLabelBackground "
        "attributeBackgroundColorOdd altSectionBkgColor taskTextColor taskTextLightColor "
        "pieSectionTextColor pieStrokeColor pieOuterStrokeColor quadrant3Fill"
    ),
    "series1": "secondaryBorderColor activationBorderColor",
    "series2": "noteBorderColor",
    "series4": "critBorderColor todayLineColor",
    "wash": (
        "primaryColor mainBkg actorBkg labelBoxBkgColor attributeBackgroundColorEven stateBkg "
        "compositeTitleBackground sectionBkgColor2 activeTaskBkgColor tagLabelBackground "
        "quadrant1Fill"
    ),
    "washes1": "secondaryColor activationBkgColor",
    "washes2": "noteBkgColor",
    "washes4": "critBkgColor",
    "washes5": (
        "tertiaryColor clusterBkg altBackground compositeBackground sectionBkgColor "
        "doneTaskBkgColor commitLabelBackground quadrant2Fill quadrant4Fill"
    ),
}


def _color(style: DiagramStyle, shade: str) -> str:
    """Return a colour by its name, and by its number if there is a row of them."""
    name = shade.rstrip("0123456789")
    color_or_row: Any = getattr(style, name)
    return str(color_or_row if name == shade else color_or_row[int(shade[len(name) :])])


def _config(style: DiagramStyle) -> dict[str, Any]:
    """Return Mermaid's configuration: its `base` theme with the colours of ours."""
    variables: dict[str, Any] = {
        "fontFamily": "sans-serif",
        "fontSize": f"{SIZE:g}px",
        "pieOpacity": "1",
        "pieTitleTextSize": "16px",
        "pieSectionTextSize": f"{SIZE:g}px",
        "pieLegendTextSize": f"{SIZE:g}px",
        "commitLabelFontSize": f"{SIZE:g}px",
        "tagLabelFontSize": f"{SIZE:g}px",
    }
    for shade, names in _SHADES.items():
        variables |= dict.fromkeys(names.split(), _color(style, shade))
    for number in range(12):
        color = style.series[number % len(style.series)]
        variables |= {
            f"pie{number + 1}": color,
            f"git{number}": color,
            f"gitBranchLabel{number}": style.paper,
            f"gitInv{number}": style.ink,
            f"cScale{number}": style.washes[number % len(style.washes)],
            f"cScaleLabel{number}": style.ink,
            f"cScaleInv{number}": color,
            f"cScalePeer{number}": color,
            f"fillType{number}": style.washes[number % len(style.washes)],
        }
    return {
        "theme": "base",
        "look": "classic",
        "fontFamily": "sans-serif",
        "fontSize": SIZE,
        "themeVariables": variables,
        "deterministicIds": True,
        "securityLevel": "strict",
        "flowchart": {
            "wrappingWidth": 180,
            "minNodeWidth": 0,
            "padding": 12,
            "nodeSpacing": 40,
            "rankSpacing": 44,
            "useMaxWidth": False,
        },
        "gitGraph": {"rotateCommitLabel": False},
        "quadrantChart": {"pointLabelFontSize": SIZE, "pointTextPadding": 6},
        "sequence": {
            "actorFontSize": SIZE,
            "messageFontSize": SIZE,
            "noteFontSize": SIZE,
            "mirrorActors": False,
            "wrap": False,
            "actorFontFamily": "sans-serif",
        },
        "gantt": {
            "fontSize": SIZE,
            "sectionFontSize": SIZE,
            "useWidth": 760,
            "barHeight": 24,
            "barGap": 5,
            "leftPadding": 100,
        },
    }


def _measurer(merman: Any, style: DiagramStyle) -> Any:
    kinds = merman.MermanTextMeasurementResultKind
    results = {
        "MEASURE": kinds.METRICS,
        "WRAPPED": kinds.METRICS,
        "MERMAID_CALCULATE_TEXT_DIMENSIONS": kinds.METRICS,
        "COMPUTED_LENGTH": kinds.LENGTH,
        "SIMPLE_B_BOX_WIDTH": kinds.LENGTH,
        "RAW_B_BOX_WIDTH": kinds.LENGTH,
        "TSPAN_B_BOX_WIDTH": kinds.LENGTH,
        "WRAP_PROBE_B_BOX_WIDTH": kinds.LENGTH,
        "BOUNDING_CLIENT_RECT_WIDTH": kinds.LENGTH,
        "CANVAS_MEASURE_TEXT_WIDTH": kinds.LENGTH,
    }

    class Measurer(merman.MermanTextMeasurer):  # type: ignore[misc]
        """Tells merman how wide words are in the theme's face."""

        def measure(self, request: Any) -> Any:
            """Return the size of words, or None to leave it to merman."""
            kind = results.get(request.operation.name)
            if kind is None:
                return None
            bold = str(request.font_weight or "") in ("bold", "bolder", "600", "700")
            size = request.font_size
            rows = _rows(request, lambda words: style.width(words, bold) * size)
            width = max((style.width(row, bold) * size for row in rows), default=0.0)
            count = max(1, len(rows))
            step = request.line_height if request.line_height > 3 else size * request.line_height
            metrics = kind == kinds.METRICS
            return merman.MermanTextMeasureResult(
                result_kind=kind,
                width=width if metrics else 0.0,
                height=count * (step or size * 1.2) if metrics else 0.0,
                length=0.0 if metrics else width,
                line_count=count if metrics else 0,
                bbox_left=None,
                bbox_right=None,
                raw_width=None,
            )

    return Measurer()


def _rows(request: Any, width: Any) -> list[str]:
    lines = re.split(r"<br\s*/?>|\n", request.text)
    limit = request.max_width
    if request.operation.name != "WRAPPED" or not limit or request.white_space.name == "NOWRAP":
        return lines
    rows: list[str] = []
    for line in lines:
        row = ""
        for word in line.split():
            if row and width(f"{row} {word}") > limit:
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        rows.append(row)
    return rows
