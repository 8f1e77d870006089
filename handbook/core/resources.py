"""Locate everything that is packaged with the code."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent.parent
DATA = PACKAGE / "data"
FONTS = DATA / "fonts"
NOTO_FONTS = FONTS / "noto"
LOCALES = DATA / "locale"
SCAFFOLD = DATA / "scaffold"
THEMES = DATA / "themes"


def packaged_or_beside(name: str) -> Path:
    """Return the folder `name` as a wheel ships it, or as it is next to the package."""
    packaged = DATA / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def lock_file() -> Path:
    """Return the lock of runtime dependencies, as a wheel ships it or as it lies in a checkout."""
    packaged = DATA / "lock.txt"
    return packaged if packaged.is_file() else PACKAGE.parent / "locks" / "versions.txt"
