"""A brand file to fill in."""

from __future__ import annotations

from pathlib import Path


def starter() -> bytes:
    """A brand with comments, that builds as it is."""
    return Path(__file__).with_name("starter.yaml").read_bytes()
