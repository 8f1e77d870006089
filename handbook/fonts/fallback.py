"""Choose the first font that has a character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from handbook.core.resources import NOTO_FONTS

from .font_file import FontFile, _ignorable, open_font

# Fonts of the extra `cjk`: the package, and the file in it.
PACKAGED: tuple[tuple[str, str], ...] = (
    ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"),
)


# Where Debian has fonts for Chinese, Japanese and Korean, in order of preference.
SYSTEM: tuple[str, ...] = (
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
)


class MissingGlyph(Exception):
    """Raised if no font has the character `char`."""

    def __init__(self, char: str) -> None:
        self.char = char
        super().__init__(char)

    @property
    def words(self) -> str:
        """Return what is missing, in words."""
        name = unicodedata.name(self.char, "unnamed")
        return f"no font has the character {self.char!r} (U+{ord(self.char):04X} {name})"

    @property
    def hint(self) -> str:
        """Return what to do about it."""
        name = unicodedata.name(self.char, "")
        if name.startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")):
            return "install fonts for Chinese, Japanese and Korean: pip install 'handbook[cjk]'"
        return "write it otherwise, or use a theme whose fonts have it"


@lru_cache(maxsize=1)
def _core() -> tuple[Path, ...]:
    listed = NOTO_FONTS / "fonts.txt"
    names = listed.read_text("utf-8").split() if listed.is_file() else []
    return tuple(NOTO_FONTS / name for name in names)


@lru_cache(maxsize=1)
def _others() -> tuple[Path, ...]:
    """Return optional fonts that are installed: those of the extra, those of the system."""
    paths: list[Path] = []
    for package, file in PACKAGED:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            if (Path(folder) / file).is_file():
                paths.append(Path(folder) / file)
    return (*paths, *(Path(name) for name in SYSTEM if Path(name).is_file()))


def fallback_fonts() -> Iterator[FontFile]:
    """Yield the fonts behind the theme's own, in order; each is opened when it is needed."""
    for path in (*_core(), *_others()):
        yield open_font(path)


@lru_cache(maxsize=4096)
def drawable(char: str) -> bool:
    """Return whether any font that is shipped or installed has the character."""
    if _ignorable(char):
        return True
    shipped = (open_font(path) for path in sorted(NOTO_FONTS.parent.glob("*/*.ttf")))
    return any(font.has(char) for fonts in (shipped, fallback_fonts()) for font in fonts)
