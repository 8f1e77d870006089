"""Compare the installed packages with the lock that the promise of equal bytes is stated for."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from .resources import lock_file

# A package of every system and every Python: those with a marker never decide what a page says.
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)$", re.MULTILINE)


@lru_cache(maxsize=1)
def locked_versions() -> dict[str, str]:
    """Return the locked version of each runtime package; empty if there is no lock."""
    try:
        text = lock_file().read_text(encoding="utf-8")
    except OSError:
        return {}
    return dict(_PINNED.findall(text))


@lru_cache(maxsize=1)
def installed_versions() -> dict[str, str]:
    """Return the installed version of each package in the lock."""
    from importlib.metadata import PackageNotFoundError, version

    versions: dict[str, str] = {}
    for name in locked_versions():
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "none"
    return versions


def dependency_digest() -> str:
    """Return 16 hexadecimal digits that name the installed versions of the locked packages.

    Two installations with the same digest and the same input write the same bytes.
    """
    lines = "\n".join(
        f"{name}=={version}" for name, version in sorted(installed_versions().items())
    )
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def drift() -> list[str]:
    """Return the packages with another version than the locked one: 'babel 2.18 (locked: 2.19)'."""
    locked = locked_versions()
    return [
        f"{name} {version} (locked: {locked[name]})"
        for name, version in installed_versions().items()
        if version != locked[name]
    ]
