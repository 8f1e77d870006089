"""Open the store at a place: a folder, or a URL."""

from __future__ import annotations

from pathlib import Path

from .folder_store import Folder
from .object_store import FsspecStore
from .storage import Store


def store_at(place: str) -> Store:
    """Return the store at a place: a path, or a URL as in s3://bucket/folder."""
    scheme, mark, _ = place.partition("://")
    return FsspecStore(place) if mark and len(scheme) > 1 else Folder(Path(place))
