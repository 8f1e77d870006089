"""Say a formula in words, from its MathML, as it is read aloud: "x squared over 2"."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Callable
from unicodedata import name as character_name

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_SIGNS = {
    "+": "plus", "-": "minus", "−": "minus", "=": "equals", "≠": "is not equal to",
    "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least",
    "≪": "is much less than", "≫": "is much greater than", "≈": "is approximately",
    "∼": "is distributed as", "~": "is distributed as", "≡": "is equivalent to",
    "∝": "is proportional to", "×": "times", "⋅": "times", "·": "times", "*": "times",
    "∗": "star", "÷": "divided by", "/": "over", "±": "plus or minus", "∓": "minus or plus",
    "∑": "the sum", "∏": "the product", "∫": "the integral", "∬": "the double integral",
    "∮": "the contour integral", "∂": "partial", "∇": "del", "∞": "infinity", "∈": "in",
    "∉": "not in", "⊂": "is a subset of", "⊆": "is a subset of", "⊃": "is a superset of",
    "∪": "union", "∩": "intersected with", "∅": "the empty set", "∀": "for all",
    "∃": "there exists", "¬": "not", "∧": "and", "∨": "or", "→": "to", "←": "from",
    "⇒": "implies", "⇔": "if and only if", "↦": "maps to", "⟶": "to", "∘": "composed with",
    "⊗": "tensor", "⊕": "direct sum", "⊙": "element-wise times", "(": "open paren",
    ")": "close paren", "[": "open bracket", "]": "close bracket", "{": "open brace",
    "}": "close brace", "|": "bar", "‖": "norm", "∣": "given", ",": "comma", ";": "semicolon",
    ":": "colon", "!": "factorial", "…": "and so on", "⋯": "and so on", "⋮": "and so on",
    "⋱": "and so on", "′": "prime", "″": "double prime", "⊤": "transpose", "†": "dagger",
    "⌊": "floor of", "⌋": "end floor", "⌈": "ceiling of", "⌉": "end ceiling", "%": "percent",
    "⟨": "open angle", "⟩": "close angle", "\u2061": "of", "\u2062": "times", "\u2063": "",
    "°": "degrees", "√": "root", "ℝ": "the reals", "ℤ": "the integers", "ℕ": "the naturals",
    "ℂ": "the complex numbers", "ℚ": "the rationals", "ℓ": "ell", "ℏ": "h bar", ".": "",
    "&": "and", "∥": "parallel to", "⊥": "perpendicular to", "∖": "without", "≜": "is defined as",
    "≔": "is defined as", ":=": "is defined as", "≐": "is defined as", "∴": "therefore",
    "∵": "because", "#": "number", "∎": "end of proof",
}  # fmt: skip
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "̂": "hat", "¯": "bar", "‾": "bar", "ˉ": "bar", "―": "bar", "̄": "bar",
    "~": "tilde", "˜": "tilde", "̃": "tilde", "˙": "dot", "̇": "dot", "¨": "double dot",
    "→": "vector", "⃗": "vector", "_": "underlined", "ˇ": "check", "˘": "breve", "´": "acute",
    "`": "grave",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed", "′": "prime", "″": "double prime", "*": "star",
           "∗": "star", "†": "dagger", "⊤": "transpose", "T": "transpose"}  # fmt: skip
_LIMITS = ("∑", "∏", "∫", "∬", "∮", "⋃", "⋂", "⨁", "⨂", "lim", "max", "min", "sup", "inf", "argmax",
           "argmin")  # fmt: skip
_LETTERS = {"ALPHA": "alpha"}


def spoken(mathml: str) -> str:
    """Return the words of a formula; an empty one has none."""
    return " ".join(_say(etree.fromstring(mathml)).split())


def _say(node: etree.Element) -> str:
    tag = node.tag.removeprefix(_NAMESPACE)
    sayer = _SAYERS.get(tag)
    if sayer is not None:
        return sayer(node)
    if not len(node):
        return _token(node.text or "")
    return _row(node)


def _row(node: etree.Element) -> str:
    return " ".join(filter(None, (_say(kid) for kid in node)))


def _token(text: str) -> str:
    text = text.strip()
    if text in _SIGNS:
        return _SIGNS[text]
    if len(text) == 1 and ord(text) > 127:
        return _letter(text)
    return text.replace("\u00a0", " ")


def _letter(char: str) -> str:
    """Return the name of a letter or symbol: α is alpha, 𝐱 bold x."""
    from unicodedata import normalize

    plain = normalize("NFKC", char)
    words = character_name(char, "")
    if plain != char and plain.isalnum() and len(plain) == 1:
        kinds = {"BOLD": "bold", "SCRIPT": "script", "FRAKTUR": "fraktur",
                 "DOUBLE-STRUCK": "double-struck"}  # fmt: skip
        kind = next((adjective for key, adjective in kinds.items() if key in words), "")
        return f"{kind} {_token(plain)}".strip()
    if words.startswith("GREEK"):
        letter = words.split(" LETTER ")[-1].split(" SYMBOL")[0].removeprefix("GREEK ").lower()
        letter = letter.removesuffix(" symbol")
        return f"capital {letter}" if "CAPITAL" in words else letter
    return char if char.isalpha() else words.lower() or char


def _fraction(node: etree.Element) -> str:
    above, below = (_say(kid) for kid in node)
    if node.get("linethickness", "1")[:1] == "0":
        return f"{above} choose {below}"
    if " " in above or " " in below:
        return f"the fraction {above} over {below} end fraction"
    return f"{above} over {below}"


def _root(node: etree.Element) -> str:
    if node.tag.removeprefix(_NAMESPACE) == "mroot":
        return f"the root of order {_say(node[1])} of {_say(node[0])} end root"
    words = _row(node)
    return f"the square root of {words} end root" if " " in words else f"the square root of {words}"


def _power(node: etree.Element) -> str:
    base, power = node
    return f"{_say(base)} {_raised(power)}"


def _raised(power: etree.Element) -> str:
    text = "".join(power.itertext()).strip()
    if text in _POWERS:
        return _POWERS[text]
    words = _say(power)
    return f"to the power {words}" + (" end power" if " " in words else "")


def _index(node: etree.Element) -> str:
    base, index = node
    if _is_limit(base):
        return f"{_say(base)} over {_say(index)} of"
    return f"{_say(base)} sub {_sub(index)}"


def _sub(index: etree.Element) -> str:
    words = _say(index)
    return words + (" end sub" if " " in words else "")


def _both(node: etree.Element) -> str:
    base, index, power = node
    if _is_limit(base):
        return f"{_say(base)} from {_say(index)} to {_say(power)} of"
    return f"{_say(base)} sub {_sub(index)} {_raised(power)}"


def _is_limit(base: etree.Element) -> bool:
    return "".join(base.itertext()).strip() in _LIMITS


def _over(node: etree.Element) -> str:
    base, mark = node
    text = "".join(mark.itertext()).strip()
    if text in _ACCENTS:
        return f"{_say(base)} {_ACCENTS[text]}"
    if text in ("⏞", "︷", ""):
        return _say(base)
    return f"{_say(base)} with {_say(mark)} above"


def _under(node: etree.Element) -> str:
    base, mark = node
    text = "".join(mark.itertext()).strip()
    if _is_limit(base):
        return f"{_say(base)} over {_say(mark)} of"
    if text in ("⏟", "︸", "_", ""):
        return _say(base)
    return f"{_say(base)} with {_say(mark)} below"


def _table(node: etree.Element) -> str:
    rows = [[_row(cell) for cell in row] for row in node]
    if not rows:
        return ""
    columns = max(len(row) for row in rows)
    if all(len(row) == 1 for row in rows) or (node.get("displaystyle") == "true" and columns > 1):
        return "; ".join(" ".join(filter(None, row)) for row in rows)
    rows_read = "; ".join(
        f"row {number}: " + ", ".join(cell or "blank" for cell in row)
        for number, row in enumerate(rows, 1)
    )
    return f"the {len(rows)} by {columns} matrix with {rows_read}; end matrix"


def _space(node: etree.Element) -> str:
    return ""


def _text(node: etree.Element) -> str:
    return (node.text or "").replace("\u00a0", " ").strip()


_SAYERS: dict[str, Callable[[etree.Element], str]] = {
    "mfrac": _fraction, "msqrt": _root, "mroot": _root, "msup": _power, "msub": _index,
    "msubsup": _both, "mover": _over, "munder": _under, "munderover": _both, "mtable": _table,
    "mspace": _space, "mtext": _text, "mphantom": _space,
}  # fmt: skip
