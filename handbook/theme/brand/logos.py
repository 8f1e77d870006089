"""Read logos by size, and check that they are seen, and sharp, at the size in print."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ...core.diagnostics import Source, nearest
from ...core.files import is_file, names_in
from ...core.images import NATURAL, PICTURES, is_blank, is_drawing, picture_error, size_of
from ...core.units import counted
from ...core.yaml_source import SourcedDict
from ...document.nodes import Image
from .keys import LOGO, SAVE, BrandReader, project_of

# The most a logo takes on a page, width and height in points: 70 by 20 mm on the cover.
COVER = (198.0, 57.0)
# ... and 45 by 14 mm on the back page.
BACK = (128.0, 40.0)
FEW_DOTS = 200
TOO_FEW_DOTS = 100
_SIZES = ("small", "medium", "large")


class Logos:
    """Reads the section `logo` of a brand file in `folder`."""

    def __init__(self, reader: BrandReader, folder: Path, name: str, what: str = "logo") -> None:
        self.reader = reader
        self.folder = folder
        self.name = name
        # What messages call a picture.
        self.what = what
        self.images: SourcedDict = SourcedDict({}, Source(reader.file), {})

    def read(self, value: Any, line: int) -> dict[str, Image]:
        """Return the logo of each size; a single one is that of every size."""
        if value is None:
            return {}
        if not isinstance(value, SourcedDict):
            one = self._image(value, line)
            return {"large": one} if one else {}
        row = self.reader.mapping(value, "logo", LOGO, line)
        self.images = self._named(row)
        if "path" in row:
            one = self._image(row, line)
            return {"large": one} if one else {}
        logos = {size: self._image(row[size], row.lines[size]) for size in _SIZES if row.get(size)}
        if not any(size in row for size in _SIZES) and len(self.images) == 1:
            only = next(iter(self.images))
            logos = {"large": self._image(only, self.images.lines[only])}
        return {size: image for size, image in logos.items() if image}

    def one(self, value: Any, line: int) -> Image | None:
        """Read a single picture: a path, or path and alt."""
        return self._image(value, line) if value else None

    def _named(self, row: SourcedDict) -> SourcedDict:
        images = row.get("images")
        line = row.lines.get("images", 0)
        return self.reader.mapping(
            images, "logo.images", images if isinstance(images, SourcedDict) else (), line
        )

    def _image(self, value: Any, line: int, depth: int = 0) -> Image | None:
        if isinstance(value, SourcedDict) and ("light" in value or "dark" in value):
            # Paper is a light ground.
            side = "light" if "light" in value else "dark"
            return self._image(value[side], value.lines[side], depth)
        alt = ""
        if isinstance(value, SourcedDict):
            alt = self.reader.words(value, "alt", f"a {self.what}'s alt")
            line = value.lines.get("path", line)
            value = self.reader.words(value, "path", f"a {self.what}'s path")
        path = str(value or "").strip()
        if path in self.images and depth < 2:
            named = self.images[path]
            image = self._image(named, self.images.lines[path], depth + 1)
            return Image(image.path, alt or image.alt, source=image.source) if image else None
        return self._file(path, alt, line)

    def _file(self, path: str, alt: str, line: int) -> Image | None:
        if re.match(r"(https?:)?//|data:", path):
            self.reader.warn(
                f"the {self.what} {path[:80]!r} is not a file, and is not fetched: there is none",
                line,
                SAVE,
                "brand-logo",
            )
            return None
        file = self._found(path)
        # A path that begins with a slash is one from the root of the project, not of the machine.
        place = file or self.folder / path.lstrip("/\\")
        if self.reader.is_outside(place, f"the {self.what} {path!r}", line):
            return None
        if file is None:
            near = nearest(Path(path).name, names_in((self.folder / path).parent, PICTURES))
            hint = f"did you mean {near!r}?" if near else "put it next to the brand file"
            known = f"; or a name of logo.images: {', '.join(self.images)}" if self.images else ""
            message = f"the {self.what} {path!r} does not exist: there is none"
            self.reader.warn(message, line, hint + known, "brand-logo")
            return None
        if reason := picture_error(file):
            message = f"the {self.what} {path!r} {reason}"
            hint = "export it again, as PNG, JPEG or SVG"
            self.reader.fail(message, line, hint, "brand-logo")
            return None
        if not alt:
            alt = self.name
            hint = f"write path and alt; until then it is called {alt!r}"
            message = f"the {self.what} {path!r} has no alternative text"
            self.reader.warn(message, line, hint, "brand-logo")
        return Image(str(file.absolute()), str(alt), source=Source(self.reader.file, line))

    def _found(self, path: str) -> Path | None:
        """Return the file: from the brand's folder, or from the root of its project."""
        if not path:
            return None
        folder = self.folder.absolute()
        places = [folder / path.lstrip("/\\"), project_of(folder) / path.lstrip("/\\")]
        if not path.startswith(("/", "\\")):
            places.insert(0, folder / path)
        return next((place for place in places if is_file(place)), None)


def fitted(ratio: float, most: tuple[float, float]) -> tuple[float, float]:
    """Return width and height (points) of a picture of a `ratio`, within `most`."""
    width = min(most[0], most[1] * ratio)
    return width, width / ratio


def check_logo(reader: BrandReader, image: Image, most: tuple[float, float]) -> None:
    """Report a logo that would be printed with too few dots, or that no one would see."""
    if is_drawing(image.path):
        return
    name, line = Path(image.path).name, image.source.line
    if is_blank(image.path):
        message = f"the logo {name!r} is white, and is not seen on white paper"
        reader.warn(message, line, "name the one for light backgrounds", "brand-logo")
    natural = size_of(image.path)
    width, height = fitted(natural.width / natural.height, most)
    dots = natural.width * NATURAL / width
    if dots >= FEW_DOTS:
        return
    size = f"{width / 72 * 25.4:.0f} by {height / 72 * 25.4:.0f} mm"
    wanted = round(width / 72 * 300)
    message = (
        f"the logo {name!r} has {counted(round(dots), 'dot')} an inch at its printed size, {size}"
    )
    hint = f"use one that is {wanted:,} pixels wide, or an SVG"
    (reader.fail if dots < TOO_FEW_DOTS else reader.warn)(message, line, hint, "brand-logo")
