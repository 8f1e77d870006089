"""Catalogues of the built-in words: `python -m tests.catalogues [--add TAG]`.

Reads the messages out of the code, brings every `handbook/data/locale/TAG.po` up to date (new messages
are added empty, to be translated), and compiles each to the `.mo` that is read at run time.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "handbook"
LOCALE = PACKAGE / "data" / "locale"
KEYWORDS = {"gettext": None, "say": None, "noop": None, "ngettext": (1, 2), "chain": (2,)}
# Files are the same whenever they are made.
HEADER = "# Built-in words of a handbook; see docs/languages.md."
# Headers that say nothing here.
IDLE = (
    '"Report-Msgid',
    '"POT-Creation',
    '"PO-Revision',
    '"Last-Trans',
    '"Language-Team',
    '"Generated',
)
STAMP = datetime(2026, 11, 1, tzinfo=timezone.utc)


@lru_cache(maxsize=1)
def messages() -> Catalog:
    """What the code says, in English."""
    template = Catalog(project="handbook", creation_date=STAMP, revision_date=STAMP, fuzzy=False)
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS)
    for name, _, message, _, _ in sorted(found, key=lambda item: (item[0], item[1])):
        # What commands say is for authors, not for readers.
        if name.startswith("cli/"):
            continue
        template.add(message, locations=[(f"handbook/{name}", 0)])
    return template


def catalogue(path: Path) -> Catalog:
    """The catalogue in a `.po` file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem.replace("-", "_"))


def compiled(path: Path) -> bytes:
    """The `.mo` of a `.po` file."""
    out = io.BytesIO()
    write_mo(out, _stamped(catalogue(path)))
    return out.getvalue()


def _stamped(catalog: Catalog) -> Catalog:
    catalog.creation_date = catalog.revision_date = STAMP
    return catalog


def _written(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=100, no_location=True, sort_output=False, omit_header=False)
    lines = out.getvalue().decode("utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith(IDLE)).encode("utf-8")


def untranslated(catalog: Catalog) -> list[str]:
    """The messages of a catalogue that have no words yet."""
    found = []
    for message in catalog:
        words = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not (words and all(words)):
            found.append(str(message.id))
    return found


def main(arguments: list[str]) -> None:
    template = messages()
    if arguments[:1] == ["--add"]:
        new = Catalog(
            locale=arguments[1].replace("-", "_"),
            project="handbook",
            creation_date=STAMP,
            revision_date=STAMP,
            fuzzy=False,
            header_comment=HEADER,
            version="1",
            msgid_bugs_address="",
            last_translator="",
            language_team="",
        )
        (LOCALE / f"{arguments[1]}.po").write_bytes(_written(new))
    for path in sorted(LOCALE.glob("*.po")):
        known = catalogue(path)
        known.update(template, no_fuzzy_matching=True)
        path.write_bytes(_written(_stamped(known)))
        path.with_suffix(".mo").write_bytes(compiled(path))
        print(f"{path.name}: {len(known)} messages, {len(untranslated(known))} to translate")


if __name__ == "__main__":
    main(sys.argv[1:])
