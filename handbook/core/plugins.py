"""Find what other packages add by entry points: blocks, figures and executors.

A package offers a name in one of the groups below; it is looked up when a name is met that handbook
does not know itself, so packages that are not used cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from .diagnostics import HandbookError, error

BLOCKS = "handbook.blocks"
FIGURES = "handbook.figures"
EXECUTORS = "handbook.executors"


# What a caller of the Python API offers for as long as it builds, by group and name.
_OFFERED: dict[tuple[str, str], Any] = {}


@contextmanager
def offering(group: str, offers: Mapping[str, Any]) -> Iterator[None]:
    """Offer names in a group, for as long as the context lasts."""
    before = dict(_OFFERED)
    _OFFERED.update({(group, name): value for name, value in offers.items()})
    try:
        yield
    finally:
        _OFFERED.clear()
        _OFFERED.update(before)


def find(group: str, name: str) -> Any:
    """Return what a package offers as `name` in `group`; None if none does.

    Raises:
        HandbookError: If two packages offer it, or if it cannot be imported.
    """
    offered = _OFFERED.get((group, name))
    return offered if offered is not None else installed(group, name)


@lru_cache(maxsize=256)
def installed(group: str, name: str) -> Any:
    """Return what an installed package offers; None if none does."""
    from importlib.metadata import entry_points

    offers = {(entry.value, _owner(entry)): entry for entry in entry_points(group=group, name=name)}
    if len(offers) > 1:
        owners = ", ".join(sorted(owner for _, owner in offers))
        raise error(
            f"several packages offer {name!r}: {owners}",
            hint="uninstall all but one of them",
            code="plugin",
        )
    for (value, owner), entry in offers.items():
        try:
            return entry.load()
        except Exception as problem:
            raise error(
                f"the plug-in {owner} cannot be loaded: {problem} ({value})",
                hint="update it, or ask those who make it",
                code="plugin",
            ) from problem
    return None


def names(group: str) -> list[str]:
    """Return the names that the caller and installed packages offer in `group`."""
    offered = {name for kind, name in _OFFERED if kind == group}
    return sorted({*offered, *_installed_names(group)})


@lru_cache(maxsize=16)
def _installed_names(group: str) -> tuple[str, ...]:
    """Return the names that installed packages offer: to look for them takes 16 ms."""
    from importlib.metadata import entry_points

    return tuple(entry.name for entry in entry_points(group=group))


def call(group: str, name: str, *arguments: Any) -> Any:
    """Return what the plug-in makes of `arguments`.

    Raises:
        HandbookError: For any error in it.
    """
    result = find(group, name)
    assert result is not None
    try:
        return result(*arguments)
    except HandbookError:
        raise
    except Exception as problem:
        kind = type(problem).__name__
        raise error(
            f"the plug-in for {name!r} failed: {kind}: {problem}",
            hint="this is a defect of the plug-in; report it to those who make it",
            code="plugin",
        ) from problem


def _owner(entry: Any) -> str:
    return str(entry.dist.name) if entry.dist else "a package"
