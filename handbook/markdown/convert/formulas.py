r"""Convert formulas in TeX to MathML, and find what is wrong with them.

latex2mathml does the conversion.  It passes over mistakes that TeX reports (an unknown command, a
brace that is never closed), so these are looked for first.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from functools import lru_cache
from typing import NamedTuple

from ...core.patterns import late
from ...document.nodes import Formula
from ...document.spoken_math import spoken

# Longer formulas, or more deeply nested ones, are refused: reading them takes too long.
MAX_LENGTH = 4000
MAX_NESTING = 40

_TOKEN = late(r"\\(?:[A-Za-z]+\*?|.)|[{}$&%^_]|[^\\{}$&%^_]+", re.S)
_NAME = late(r"\s*\{([A-Za-z]+\*?)\}")
_COMMENT = late(r"(?<!\\)%.*")
_NUMBERING = late(r"\\(?:label|tag\*?)\{[^{}]*\}|\\(?:nonumber|notag)\b")
# What authors write, as latex2mathml knows it.
_SAME = (
    (late(r"\\left\s*<"), r"\\left\\langle "),
    (late(r"\\right\s*>"), r"\\right\\rangle "),
    (late(r":=(?!=)"), r"\\coloneqq "),
    # A formula within words.
    (late(r"\\(text|mbox|textrm)\s*\{([^{}$]*)\$([^{}$]*)\$([^{}$]*)\}"),
     r"\\\1{\2}{\3}\\\1{\4}"),
    (late(r"\\(?:dfrac|tfrac|cfrac)(?![A-Za-z])"), r"\\frac"),
    (late(r"\\(begin|end)\{(?:align|aligned|alignat|alignedat|split|eqnarray|flalign)\*?\}"),
     r"\\\1{align*}"),
    (late(r"\\(begin|end)\{(?:equation|displaymath|math|gathered|gather|multline)\*?\}"), ""),
    (late(r"\\begin\{(?:smallmatrix|subarray)\}"), r"\\begin{matrix}"),
    (late(r"\\end\{(?:smallmatrix|subarray)\}"), r"\\end{matrix}"),
    (late(r"\\(?:mathrm|text|textrm|mathit|mathsf)\s*(?=\{\})"), ""),
    (late(r"\\lvert(?![A-Za-z])|\\rvert(?![A-Za-z])"), "|"),
    (late(r"\\lVert(?![A-Za-z])|\\rVert(?![A-Za-z])"), r"\\|"),
    (late(r"\\(?:bold|bm|boldsymbol|pmb)(?=[\\{\s])"), r"\\mathbf"),
    (late(r"\\(?:mathrm|text|operatorname\*?)\s*\{\s*(argmax|argmin|arg\\,max|arg\\,min)\s*\}"),
     lambda m: r"\operatorname{" + m[1].replace("\\,", "") + "}"),
    (late(r"\\(?:argmax|argmin)(?![A-Za-z])"), lambda m: rf"\operatorname{{{m[0][1:]}}}"),
    (late(r"\\arg(?![A-Za-z])"), r"\\operatorname{arg}"),
    (late(r"\\(?:displaystyle|textstyle|limits|nolimits)(?![A-Za-z])"), " "),
    (late(r"\\mathrm\s*\{([^{}]*)\}"), r"\\mathrm {\1}"),
    (late(r"\|\|"), "‖"),
    # The space of a line break, and rules that only hold space.
    (late(r"\\\\\*?\s*\[-?[\d.]+\s*(?:mm|cm|pt|em|ex|in)\]"), r"\\\\"),
    (late(r"\\rule\s*(?:\[[^\]]*\])?\{[^{}]*\}\{[^{}]*\}"), ""),
    # Of a matrix with a power, latex2mathml makes a power of its first parenthesis.
    (late(r"\\begin\{([pbBvV]matrix\*?)\}"), r"{\\begin{\1}"),
    (late(r"\\end\{([pbBvV]matrix\*?)\}"), r"\\end{\1}}"),
)  # fmt: skip


def is_money(words: str) -> bool:
    """Return whether `$words$` is an amount and the words after it, not a formula."""
    return words[:1].isdecimal() and _PROSE.search(words) is not None


_PROSE = late(r"(?<![\\A-Za-z{])[A-Za-z]{2,}")


class TexError(Exception):
    """A mistake in a formula: the part of it that is wrong, what is wrong, and what to do."""

    def __init__(self, part: str, message: str, hint: str) -> None:
        self.part, self.message, self.hint = part, message, hint
        super().__init__(message)


# A backslash before one of these is a character or a space.
_SYMBOLS = frozenset("\\" + sign for sign in ",;:! >\\{}|%$#&_/-'`\"^~.=\n")


class _Open(NamedTuple):
    sign: str
    name: str


@lru_cache(maxsize=4096)
def read_formula(tex: str, display: bool = False) -> Formula:
    """Return a formula with its MathML and its words.

    Raises:
        TexError: if it is not TeX that can be set.
    """
    tex = tex.strip()
    check(tex)
    mathml = _mathml(tex, display)
    return Formula(tex, mathml, spoken(mathml))


def check(tex: str) -> None:
    """Look for what latex2mathml would pass over, or report without words.

    Raises:
        TexError: for the first mistake.
    """
    if not tex:
        raise TexError("$$", "a formula is empty", "write it between the dollar signs")
    if len(tex) > MAX_LENGTH:
        raise TexError(tex[:20], f"a formula is longer than {MAX_LENGTH} characters", "split it")
    opened: list[_Open] = []
    known = _commands()
    tex = _COMMENT.sub("", tex)
    for match in _TOKEN.finditer(tex):
        token = match[0]
        if token == "{":
            opened.append(_Open("{", ""))
            if len(opened) > MAX_NESTING:
                raise TexError(
                    "{", f"a formula nests deeper than {MAX_NESTING}", "write it flatter"
                )
        elif token == "}":
            _close(opened, "{", "", "}")
        elif token in (r"\left", r"\right"):
            if token == r"\left":
                opened.append(_Open(token, ""))
            else:
                _close(opened, r"\left", "", token)
        elif token in (r"\begin", r"\end"):
            named = _NAME.match(tex, match.end())
            if named is None:
                raise TexError(
                    token, f"'{token}' names no environment", rf"write {token}{{matrix}}"
                )
            if token == r"\begin":
                opened.append(_Open(token, named[1]))
            else:
                _close(opened, r"\begin", named[1], f"\\end{{{named[1]}}}")
        elif token[0] == "\\" and token.rstrip("*") not in known | _SYMBOLS:
            raise TexError(token, f"unknown command '{token}' in a formula", _nearest(token, known))
    if opened:
        sign, name = opened[-1]
        shown = f"{sign}{{{name}}}" if name else sign
        closing = {"{": "}", r"\left": r"\right"}.get(sign, rf"\end{{{name}}}")
        raise TexError(shown, f"'{shown}' in a formula is not closed", f"add {closing}")


def _close(opened: list[_Open], sign: str, name: str, closing: str) -> None:
    if opened and opened[-1] == (sign, name):
        opened.pop()
        return
    raise TexError(closing, f"'{closing}' in a formula closes nothing", "take it out, or open it")


def _nearest(token: str, known: frozenset[str]) -> str:
    from ...core.diagnostics import nearest

    near = nearest(token, [name for name in known if name[:3] == token[:3]], 0.7)
    return f"did you mean {near}?" if near else r"write words as \text{words}"


@lru_cache(maxsize=1)
def _commands() -> frozenset[str]:
    """Return every command that latex2mathml converts, and those that are rewritten here."""
    from latex2mathml import commands
    from latex2mathml.symbols_parser import SYMBOLS

    names: set[str] = set()
    for value in vars(commands).values():
        if isinstance(value, str):
            names.add(value)
        elif isinstance(value, (tuple, list, dict, set, frozenset)):
            names.update(name for name in value if isinstance(name, str))
    names |= set(SYMBOLS)
    ours = (
        r"\left \right \middle \begin \end \lvert \rvert \lVert \rVert \bold \bm \boldsymbol \pmb "
        r"\argmax \argmin \displaystyle \textstyle \scriptstyle \limits \nolimits \label \tag "
        r"\nonumber \notag \arg \dfrac \tfrac \cfrac \big \Big \bigg \Bigg \text \hline \rule \mbox"
    )
    return frozenset(name for name in (*names, *ours.split()) if name.startswith("\\"))


def _mathml(tex: str, display: bool) -> str:
    from latex2mathml.converter import convert

    for pattern, words in _SAME:
        tex = pattern.sub(words, tex)
    tex = _NUMBERING.sub("", _COMMENT.sub("", tex)).strip()
    if r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{align*}}{tex}\end{{align*}}"
    try:
        mathml = str(convert(tex, display="block" if display else "inline"))
        root = etree.fromstring(mathml)
    except Exception as problem:
        # latex2mathml raises whatever its code runs into.
        raise TexError(tex, f"the formula '{tex}' cannot be read{_why(problem)}", _HINT) from None

    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        if len(node) != _ARGUMENTS.get(tag, len(node)):
            part = next((sign for sign in _WRITTEN[tag] if sign in tex), tex)
            raise TexError(part, f"'{part}' in a formula lacks an argument", _HINT)
    return _ESCAPED.sub(lambda match: _ESCAPE.sub(r"\1", match[0]), mathml)


# Words in which latex2mathml leaves the backslash of an escaped sign.
_ESCAPED = late(r"<mtext>[^<]*\\[^<]*</mtext>")
_ESCAPE = late(r"\\([%_&#$])")
_ARGUMENTS = {"mfrac": 2, "mroot": 2, "msup": 2, "msub": 2, "mover": 2, "munder": 2,
              "msubsup": 3, "munderover": 3}  # fmt: skip
_WRITTEN = {"mfrac": ("\\frac", "\\binom", "\\over"), "mroot": ("\\sqrt",), "msup": ("^",),
            "msub": ("_",), "msubsup": ("_", "^"), "munderover": ("_", "^"),
            "mover": ("\\overset", "\\stackrel", "^"), "munder": ("\\underset", "_")}  # fmt: skip
_HINT = "check that every command has its arguments: \\frac{a}{b}, x^{2}"


def _why(problem: Exception) -> str:
    words = re.sub(
        r"(?<=[a-z])(?=[A-Z])", " ", type(problem).__name__.removesuffix("Error")
    ).lower()
    helpful = ("missing", "double", "not found", "limits", "invalid")
    return f": {words}" if any(word in words for word in helpful) else ""
