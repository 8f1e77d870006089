"""Find the language of a text: by its script, and langdetect where several share one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_LEAST = 40
_ENOUGH = 20_000
# Scripts that identify one language here; the name of a character begins with its script.
_SCRIPTS = {"HANGUL": "ko", "GREEK": "el", "HEBREW": "he", "THAI": "th", "GEORGIAN": "ka", "ARMENIAN": "hy",
            "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu",
            "GURMUKHI": "pa", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "SINHALA": "si", "ETHIOPIC": "am"}  # fmt: skip
_NOISE = re.compile(
    r"```.*?```|`[^`\n]*`|<[^>\n]*>|\]\([^)\n]*\)|https?://\S+|\{[^{}\n]*\}", re.DOTALL
)


def language_of(texts: list[str]) -> str:
    """Return the tag of the language that most of the text is in, or nothing if it is not clear."""
    sample = _NOISE.sub(" ", "\n".join(text[: _ENOUGH * 2] for text in texts[:40]))[: _ENOUGH * 4]
    scripts: Counter[str] = Counter()
    letters = [char for char in sample if char.isalpha()]
    for char in letters[:_ENOUGH]:
        scripts[unicodedata.name(char, " ").split()[0].removesuffix("-")] += 1
    if not scripts:
        return ""
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if kana and kana > sum(scripts.values()) * 0.05:
        return "ja"
    script, count = scripts.most_common(1)[0]
    if count < sum(scripts.values()) * 0.5:
        return ""
    if script in _SCRIPTS:
        return _SCRIPTS[script]
    if script == "CJK":
        return _chinese(sample)
    return _detected(sample, script, len(letters))


def _chinese(sample: str) -> str:
    simple = sum(sample.count(char) for char in "们这为国时说对会发来经过还没")
    traditional = sum(sample.count(char) for char in "們這為國時說對會發來經過還沒")
    return "zh-Hant" if traditional > simple else "zh-Hans"


def _detected(sample: str, script: str, count: int) -> str:
    if script == "ARABIC" and count < _LEAST * 5:
        return "fa" if re.search("[پچژگ]", sample) else "ar"
    if count < _LEAST:
        return ""
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0
    try:
        best = detect_langs(sample[:_ENOUGH])[0]
    except LangDetectException:
        return ""
    if best.prob < 0.9 or (script == "LATIN" and count < 200):
        return ""
    return str(best.lang)
