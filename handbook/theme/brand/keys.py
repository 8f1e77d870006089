"""Check the keys of a brand file against those of the format.

A file that works elsewhere must work here, so an unknown key is a warning.  Only in our own
section is it an error, as no other tool reads that.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ...core.diagnostics import Diagnostic, HandbookError, Source, error, nearest, suggest
from ...core.files import exists, outside, owning_folder
from ...core.yaml_source import SourcedDict

TOP = frozenset({"meta", "logo", "color", "typography", "defaults"})
META = frozenset({"name", "link", "links"})
LOGO = frozenset({"images", "small", "medium", "large", "path", "alt"})
ROLES = frozenset(
    {"foreground", "background", "primary", "secondary", "tertiary", "success", "info", "warning",
     "danger", "light", "dark", "link"}
)  # fmt: skip
KINDS = frozenset(
    {"base", "headings", "monospace", "monospace-inline", "monospace-block", "link"}
)  # fmt: skip
TYPE = frozenset(
    {"family", "size", "weight", "style", "line-height", "color", "background-color", "decoration"}
)  # fmt: skip
FONT = frozenset({"family", "source", "files", "weight", "style", "display"})
OWN = frozenset({"contact", "legal", "provider", "cover", "picture", "copies", "color", "columns"})
CONTACT = frozenset({"address", "mail", "phone", "web"})


# Roles of colours that nothing in print is drawn in.
UNUSED_ROLES = ("tertiary", "light", "dark")
# Properties of text that stay the theme's, by the kinds of text.
UNUSED_TYPE = {
    "base": ("size", "style", "line-height", "background-color", "decoration"),
    "headings": ("size", "style", "line-height", "background-color", "decoration"),
    "monospace": ("size", "style", "line-height", "background-color", "decoration", "weight"),
    "monospace-inline": (
        "size", "style", "line-height", "background-color", "decoration", "weight",
    ),
    "monospace-block": ("size", "style", "line-height", "decoration", "weight"),
    "link": ("family", "size", "style", "line-height", "background-color", "decoration", "weight"),
}  # fmt: skip
# What to do about a file on the web.
SAVE = "save it next to the brand file, and name it there"


# Files in the root of a project, by which it is known.
_ROOTS = ("_quarto.yml", "_quarto.yaml", ".git", "pyproject.toml", "DESCRIPTION", "_site.yml")


def project_of(folder: Path) -> Path:
    """Return the root of the project that a folder is in: the folder itself if there is none."""
    for place in (folder, *list(folder.parents)[:5]):
        if any(exists(place / name) for name in _ROOTS):
            return place
    return folder


def brand_roots(file: Path) -> tuple[Path, ...]:
    """Return the folders that a brand file may name files in: its pack, or its project."""
    folder, pack = file.absolute().parent, owning_folder(file)
    return (folder, pack if pack != folder else project_of(folder))


class BrandReader:
    """Collects the errors of one file, which are raised together at the end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[Diagnostic] = []
        self.advice: list[Diagnostic] = []
        # What is read and not used in print, and the first line of it.
        self.unused: dict[str, int] = {}

    def fail(self, message: str, line: int, hint: str = "", code: str = "brand") -> None:
        """Note an error."""
        self.errors.append(Diagnostic(self.file, line, 0, message, hint, code))

    def warn(self, message: str, line: int, hint: str = "", code: str = "brand") -> None:
        """Note something that the provider should know."""
        self.advice.append(Diagnostic(self.file, line, 0, message, hint, code, "warning"))

    def is_outside(self, path: Path, what: str, line: int) -> bool:
        """Return whether the brand may not name a file, and note that as an error."""
        if reason := outside(path, brand_roots(Path(self.file))):
            hint = "move it next to the brand file, or allow its folder: --allow-read DIR"
            self.fail(
                f"{what} {reason.replace('the pack', 'the folder of the brand')}",
                line,
                hint,
                "outside",
            )
            return True
        return False

    def not_used(self, name: str, line: int) -> None:
        """Note something that other tools use and print does not."""
        self.unused.setdefault(name, line)

    def done(self) -> None:
        """Warn about everything unused at once, then raise what has been noted as errors.

        Raises:
            HandbookError: If there are errors.
        """
        if self.unused:
            self.warn(
                f"not used in print: {', '.join(self.unused)}",
                min(self.unused.values()),
                "sizes and spacing stay the theme's; print has one light ground",
                "brand-unused",
            )
        if self.errors:
            raise HandbookError(*sorted(self.errors))

    def mapping(
        self, value: Any, what: str, known: Iterable[str], line: int, strict: bool = False
    ) -> SourcedDict:
        """Return `value` as a mapping with keys checked; an empty one where nothing is said."""
        if value is None:
            return SourcedDict({}, Source(self.file, line), {})
        if not isinstance(value, SourcedDict):
            keys = ", ".join(sorted(known))
            hint = f"keys: {keys}" if keys else "write a line with 'name: value' for each"
            self.fail(f"{what} must be a mapping", line, hint)
            return SourcedDict({}, Source(self.file, line), {})
        self.keys(value, what, known, strict)
        return value

    def keys(self, row: SourcedDict, what: str, known: Iterable[str], strict: bool = False) -> None:
        """Report keys that are not known; if `strict`, as in our own section, they are errors."""
        names = sorted(known)
        for key in row:
            if key in names:
                continue
            near = nearest(key, names)
            if strict:
                self.fail(f"unknown key {key!r} in {what}", row.lines[key], suggest(key, names))
            else:
                hint = f"did you mean {near!r}? " if near and _is_slip(key, near) else ""
                self.warn(
                    f"unknown key {key!r} in {what}",
                    row.lines[key],
                    f"{hint}known: {', '.join(names)}",
                    "brand-key",
                )

    def words(self, row: SourcedDict, key: str, what: str = "") -> str:
        """Return a value as text; "" where it is not there."""
        value = row.get(key)
        if value is None:
            return ""
        if isinstance(value, (list, dict, bool)):
            self.fail(f"{what or key} must be text", row.lines[key])
            return ""
        return value if isinstance(value, str) else str(value)


def _is_slip(key: str, near: str) -> bool:
    """Return whether `key` looks like a mistyped `near`: the same letters, but for a few."""
    return SequenceMatcher(None, key.casefold(), near).ratio() > 0.74


def unreadable(path: str) -> HandbookError:
    """Return the error for a brand file that is not there."""
    return error(
        f"no such brand file {path!r}",
        hint="write one with: handbook brand new acme.yaml",
        code="brand",
    )
