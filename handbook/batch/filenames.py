"""A row -> the name of its file: safe on every system, never outside of the folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from ..core.diagnostics import error, suggest
from ..select.selection import Selection
from .roster import RosterRow

# A file's name has at most 255 bytes on most systems; the rest is for what is put before it.
LONGEST_NAME = 150
_PLACE = re.compile(r"\{(\w[\w-]*)\}")
_PLAIN = re.compile(r"[^A-Za-z0-9.@-]+")
# What Windows does not allow in names, and what it takes for devices.
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def file_name(template: str, row: RosterRow, selection: Selection) -> str:
    """The file of a row below the output folder: never outside of it, whatever the row says."""
    values = {
        "role": str(selection.role["id"]) if selection.role else "",
        "path": str(selection.path["id"]) if selection.path else "",
        "plan": str(selection.plan["id"]) if selection.plan else "",
        **row.values, "row": f"{row.line:05}", "stem": selection.file_stem,
    }  # fmt: skip
    pattern = template or ("{id}-{learner}.pdf" if row.values.get("id") else "{row}-{learner}.pdf")
    filled = [_PLACE.sub(lambda m: _part(values.get(m[1], "")), p) for p in pattern.split("/")]
    parts = [_safe(part) for part in filled]
    *folders, name = [part for part in parts if part] or [f"{row.line:05}"]
    stem = name.removesuffix(".pdf").strip("-. ") or f"{row.line:05}"
    # A folder called x.pdf would stand in the way of a file of that name.
    return "/".join([*(part.replace(".pdf", "-pdf") for part in folders), _short(stem) + ".pdf"])


def check_template(template: str, known: Sequence[str]) -> None:
    """Raise HandbookError if a name template asks for what no roster has."""
    for name in _PLACE.findall(template):
        if name not in known:
            raise error(f"--name-template: unknown place {{{name}}}", hint=suggest(name, known))
    if set("{}") & set(_PLACE.sub("", template)):
        raise error(
            f"--name-template: a brace in {template!r} has no partner, or a name that cannot be",
            hint="write places as {id}, in letters and dashes",
        )
    if template.startswith("/") or ".." in template.split("/"):
        raise error("--name-template: copies stay below the output folder", hint="leave out ..")


def safe_name(value: str) -> str:
    """A value as the name of a file or folder by itself; "" if nothing of it is left."""
    return _safe(_part(value)).strip("-. ")


def _part(value: str) -> str:
    """A value as part of a name: letters of any script with their marks, digits, else dashes."""
    if value.isascii():
        return "-".join(_PLAIN.sub(" ", value).split()).strip("-.")
    text = unicodedata.normalize("NFC", value)
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in ".@-" else " " for c in text)
    return "-".join(kept.split()).strip("-.")


def _safe(part: str) -> str:
    if not part.isprintable():
        part = "".join(filter(str.isprintable, part))
    part = _FORBIDDEN.sub("", part).strip(" .")
    device = _DEVICE.fullmatch(part)
    return _short(f"_{part}" if device else part)


def _short(name: str) -> str:
    raw = name.encode("utf-8", "replace")
    if len(raw) <= LONGEST_NAME:
        return name
    mark = hashlib.sha256(raw).hexdigest()[:8]
    return raw[: LONGEST_NAME - 9].decode("utf-8", "ignore") + "-" + mark
