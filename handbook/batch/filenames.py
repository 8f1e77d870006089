"""Name the file of each row: safe on every system, never outside of the folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ..core.diagnostics import error, suggest
from ..core.slugs import letters_of, shortened
from ..select.selection import Selection
from .roster import RosterRow, plain_name

_PLACE = re.compile(r"\{([\w#][^{}/\n]*)\}")
_PLAIN = re.compile(r"[^A-Za-z0-9.@-]+")
# What Windows does not allow in names, and what it takes for devices.
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def file_name(
    template: str, row: RosterRow, selection: Selection, columns: Mapping[str, str]
) -> str:
    """Return the file of a row below the output folder: never outside of it, whatever it says.

    `columns` has the cells of the row by the names of all columns.
    """
    values = {
        "role": str(selection.role["id"]) if selection.role else "",
        "path": str(selection.path["id"]) if selection.path else "",
        "plan": str(selection.plan["id"]) if selection.plan else "",
    }
    values = {**values, **row.values, **{k: v for k, v in values.items() if v}}
    values |= {"row": f"{row.line:05}", "stem": selection.file_stem}
    pattern = template or ("{id}-{learner}.pdf" if row.values.get("id") else "{row}-{learner}.pdf")
    if "{" in pattern.replace("{id}", "").replace("{learner}", "").replace("{row}", ""):
        others = {plain_name(name): text for name, text in columns.items()}
        values = {**others, **values}

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return _part(values.get(name, "") or values.get(plain_name(name), ""))

    parts = [_safe(_PLACE.sub(fill, part)) for part in pattern.split("/")]
    *folders, name = [part for part in parts if part] or [f"{row.line:05}"]
    stem = name.removesuffix(".pdf").strip("-. ") or f"{row.line:05}"
    # A folder called x.pdf would take the place of a file of that name.
    return "/".join([*(part.replace(".pdf", "-pdf") for part in folders), shortened(stem) + ".pdf"])


def folded_name(file: str) -> str:
    """Return a file's name as systems compare it that take A.pdf and a.pdf for one file."""
    return (file if file.isascii() else unicodedata.normalize("NFKC", file)).casefold()


def check_template(template: str, known: Sequence[str]) -> None:
    """Check the template of file names against the columns of a roster.

    Raises:
        HandbookError: If it asks for a column that is not there, or leads outside.
    """
    plain = {plain_name(name) for name in known}
    for name in _PLACE.findall(template):
        if name not in known and plain_name(name) not in plain:
            raise error(f"--name-template: unknown place {{{name}}}", hint=suggest(name, known))
    if set("{}") & set(_PLACE.sub("", template)):
        raise error(
            f"--name-template: a brace in {template!r} is not closed, or has no name inside",
            hint="write places as {id}",
        )
    if template.startswith("/") or ".." in template.split("/"):
        raise error("--name-template: copies stay below the output folder", hint="leave out ..")


def safe_name(value: str) -> str:
    """Return a value as the name of a file or folder; "" if nothing of it can be kept."""
    return _safe(_part(value)).strip("-. ")


def _part(value: str) -> str:
    """Return a value as part of a name: letters, marks and digits of any script."""
    if value.isascii():
        return "-".join(_PLAIN.sub(" ", value).split()).strip("-.")
    text = unicodedata.normalize("NFC", value)
    return "-".join(letters_of(text, ".@-").split()).strip("-.")


def _safe(part: str) -> str:
    if not part.isprintable():
        part = "".join(filter(str.isprintable, part))
    part = _FORBIDDEN.sub("", part).strip(" .")
    device = _DEVICE.fullmatch(part)
    return shortened(f"_{part}" if device else part)
