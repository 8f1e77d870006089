"""Build the JSON Schemas with which editors complete and check a pack's files."""

from __future__ import annotations

from typing import Any

from ..theme.brand import keys as brand_keys
from ..theme.loader import OPEN, load_theme
from ..theme.theme import Theme, is_color
from .schema import SCHEMAS, Schema, complete_schema

NAMES = (*SCHEMAS, "theme", "brand")


def schema_of(name: str) -> Schema:
    """Return the JSON Schema `name` of `NAMES`."""
    if name == "theme":
        return complete_schema(name, _theme(load_theme()))
    return complete_schema(name, _brand() if name == "brand" else SCHEMAS[name])


def _theme(theme: Theme) -> Schema:
    """Return every token of the default theme; where a theme may add its own, others too."""
    root: Schema = {"properties": {}}
    for token in theme.keys():  # noqa: SIM118 - a theme is not a mapping
        node = root
        *groups, leaf = token.split(".")
        for group in groups:
            node = node["properties"].setdefault(group, {"properties": {}, "type": "object"})
        node["properties"][leaf] = _token(theme.written(token))
    for group, keys in OPEN.items():
        if group in root["properties"]:
            root["properties"][group]["additionalProperties"] = keys == frozenset({""}) or {
                "type": "object",
                "properties": {key: {} for key in sorted(keys)},
            }
    root["properties"]["extends"] = {
        "type": "string",
        "description": "The theme that has whatever this one does not say.",
    }
    return {"type": "object", "description": "Design tokens: how pages look.", **root}


def _token(value: Any) -> Schema:
    if is_color(value):
        return {
            "type": "string",
            "pattern": r"^(#[0-9a-fA-F]{6}|\$[\w.-]+)$",
            "description": "A colour, as in #0b4f8a, or another token: $colors.ink.",
        }
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, (int, float)):
        return {"type": ["number", "string"], "description": "A number, or a sum of tokens."}
    return {"type": ["string", "number"], "examples": [str(value)]}


def _brand() -> Schema:
    """Return the keys of the public format brand.yml that handbooks know, and their own."""

    def mapping(keys: frozenset[str], about: str) -> Schema:
        return {
            "type": "object",
            "description": about,
            "properties": {key: {} for key in sorted(keys)},
        }

    palette = mapping(brand_keys.ROLES, "The roles of colours.")
    palette["properties"]["palette"] = {
        "type": "object", "description": "Colours by names of your own.",
        "additionalProperties": {"type": "string"},
    }  # fmt: skip
    handbook = mapping(brand_keys.OWN, "What handbooks need in addition to the format.")
    handbook["properties"]["contact"] = mapping(brand_keys.CONTACT, "How to reach the provider.")
    parts = {
        "meta": mapping(brand_keys.META, "Who the provider is."),
        "logo": {"description": "Logos: a file, or small, medium and large ones."},
        "color": palette,
        "typography": mapping(brand_keys.KINDS | {"fonts"}, "Fonts and how they are used."),
        "defaults": {"type": "object", "properties": {"handbook": handbook}},
    }
    keys = {key: parts.get(key, {}) for key in sorted(brand_keys.TOP)}
    return {"type": "object", "description": "A brand: brand.yml.", "properties": keys}
