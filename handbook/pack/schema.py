"""Describe what the files of a pack may contain, for messages and for editors.

Each description is a JSON Schema (draft 2020-12), so that editors complete and check what an
author types; `validate` reads the same description, and reports errors at file, line and
column.  It understands the words used below, not the whole standard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .dialects import DIALECTS

Schema: TypeAlias = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LAYOUTS = ("chapter", "cover", "imprint", "contents", "plain", "back-cover", "certificate")
RANKS = ("area",)
MATTERS = ("front", "main", "back")
AXES = ("roles", "paths", "plans")


def _one(types: str | list[str], about: str, **more: Any) -> Schema:
    return {"type": types, "description": about, **more}


def _words(about: str, **more: Any) -> Schema:
    return _one("string", about, **more)


def _label(about: str) -> Schema:
    """Return words that may look like a number: an id, a version."""
    return _one(["string", "number"], about)


def _flag(about: str) -> Schema:
    return _one("boolean", about)


def _number(about: str, least: float, kind: str = "number") -> Schema:
    return _one(kind, about, minimum=least)


def _share(what: str) -> Schema:
    about = f"The most sentences of a chapter, in percent, {what}."
    return _one("number", about, minimum=0, maximum=100)


def _list(about: str, items: Schema) -> Schema:
    return _one("array", about, items=items)


def _day(about: str) -> Schema:
    return _words(about, format="date", examples=["2026-12-01"])


def _mapping(
    about: str,
    keys: Mapping[str, Schema],
    required: Sequence[str] = (),
    others: Any = False,
    thing: str = "",
) -> Schema:
    """Return a mapping with these keys; `others` describes further ones, or forbids them.

    `thing` is what messages call such a mapping.
    """
    named = {"title": thing} if thing else {}
    return _one(
        "object",
        about,
        properties=dict(keys),
        required=list(required),
        additionalProperties=others,
        **named,
    )


_LENGTH = _words(
    "A length with its unit.", pattern=r"^(\d+(\.\d+)? ?(pt|mm|cm|in)|0)$", examples=["3mm"]
)

SETTINGS = _mapping(
    "What options are when they are not given. The user's own file, the environment (HANDBOOK_…) "
    "and the command line come after it.",
    {
        "paper": _words("The paper.", enum=["a4", "letter", "a5", "phone"]),
        "theme": _words("A theme's name, or the path of its YAML file."),
        "brand": _words("The path of a brand file."),
        "duplex": _flag("For printing on both sides."),
        "bleed": {**_LENGTH, "description": "How far colour runs over the trimmed edge."},
        "marks": _flag("Crop marks."),
        "booklet": _flag("Two pages to a side, to be folded."),
        "signature": _number("Pages to each folded part of a booklet.", 0, "integer"),
        "large-print": _flag("Text of 18 points."),
        "grayscale": _flag("Greys."),
        "form": _flag("Boxes can be ticked on screen."),
        "attach-data": _flag("Tables travel inside the PDF."),
        "strict": _flag("Treat warnings as errors."),
        "hours": _number("Hours of study a week.", 0),
        "days": _words("Study days.", examples=["mon,wed,sat"]),
        "country": _words("Leave out the public holidays of this country.", examples=["IN"]),
        "jobs": _number("Processes of a batch.", 1, "integer"),
    },
)
# What the user's own file may set in addition: no pack can.
USER_SETTINGS = {
    **SETTINGS,
    "properties": {
        **SETTINGS["properties"],
        "allow-read": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Folders outside a pack that it may be read from.",
        },
        "limits": {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 1},
            "description": "Larger limits on the work that an input may cause.",
        },
    },
}
FIELD = _mapping(
    "A place for what differs from learner to learner.",
    {
        "label": _words("What the field is, for people."),
        "width": _number("Its width in millimetres.", 5),
        "lines": _number("How many lines a long value may take.", 1, "integer"),
        "floor": _number("The smallest size of its letters, in points.", 4),
        "default": _label("Its value where none is given; {names} of other fields are filled in."),
        "place": _words("In the text, or at the foot of every page.", enum=["text", "footer"]),
        "kind": _words("Words, or a QR code.", enum=["text", "qr"]),
    },
    thing="field",
)
BADGE = _mapping(
    "The Open Badge that `handbook batch --badge` writes next to each copy.",
    {
        "name": _words("What has been achieved; the pack's title if left out."),
        "description": _words("What it says of the learner; the pack's description if left out."),
        "criteria": _words("What someone has to do for it.", minLength=1),
        "images": _list("Its picture, as SVG, PNG or both.", _words("A file of the pack.")),
        "id": _words("An address that names the achievement."),
        "awarded": _words("The field with the day on which it was achieved."),
        "key": _words("The address at which badge-key.json is published."),
        "issuer": _mapping(
            "Who gives it, where no brand says so.",
            {
                "name": _words("The issuer's name."),
                "url": _words("The issuer's address on the web."),
                "email": _words("The issuer's e-mail address."),
            },
            ["name", "url"],
        ),
    },
    ["criteria", "images"],
    thing="badge",
)
PACK = _mapping(
    "What a handbook is, and the order of its chapters.",
    {
        "title": _words("The handbook's title.", minLength=1),
        "subtitle": _words("The subtitle, below the title."),
        "id": _label("A short name, for files."),
        "language": _words("The language of the text, as in en-GB."),
        "author": _words("Who wrote it."),
        "publisher": _words("Who publishes it."),
        "description": _words("What it is about, in a sentence."),
        "keywords": _list("Words to find it by.", _label("A word.")),
        "version": _label("The version of the text."),
        "licence": _words("The licence of the text."),
        "chapters": _list(
            "The chapters in their order; without it, every .md file by name.",
            {
                "anyOf": [
                    _words("A Markdown file, from the pack's folder."),
                    _mapping("A title, and its file or the chapters below it.", {}, others={}),
                ]
            },
        ),
        "dialect": _words(
            "How chapters are written: in our own Markdown, or in GitHub's.", enum=list(DIALECTS)
        ),
        "templates": _flag("Whether braces in chapters are Jinja."),
        "lenient": _flag("Whether broken links and pictures are warnings rather than errors."),
        "fields": _one(
            "object", "What differs from learner to learner, by name.", additionalProperties=FIELD
        ),
        "badge": BADGE,
        "index": _list("Index terms in addition to those of the glossary.", _label("A term.")),
        "settings": SETTINGS,
        "check": _mapping(
            "What `handbook check` should know.",
            {
                "words": _words("A file of words as this project spells them, one a line."),
                "complete": _flag("The file has every word: report all that are not in it."),
                "ignore": _list("Codes of findings to ignore.", _words("A code.")),
                "style": _mapping(
                    "The style of the prose.",
                    {
                        "sentence": _number("The most words of a sentence.", 5, "integer"),
                        "semicolons": _share("with a semicolon"),
                        "colons": _share("with a colon"),
                        "passive": _share("in the passive (English only)"),
                        "avoid": _mapping(
                            'Words to avoid, each with a better one or "".',
                            {},
                            others=_words("The better word."),
                        ),
                    },
                ),
            },
        ),
        "extra": {"description": "Anything of your own, for templates: book.extra."},
    },
    ["title"],
)
FRONT_MATTER = _mapping(
    "What a chapter says of itself between its --- lines.",
    {
        "title": _label("The chapter's title; without it, the text begins with # Title."),
        "subtitle": _label("The subtitle, below the title."),
        "id": _label("What links call the chapter."),
        "matter": _words("Its place in the book.", enum=list(MATTERS)),
        "layout": _words("How its pages look.", enum=list(LAYOUTS)),
        "listed": _flag("Whether the contents list names it."),
        "depth": _number("How many levels of it the contents list shows.", 0, "integer"),
        "short_title": _label("Its title in running heads."),
        "rank": _words(
            "An area has a page with a band; the chapters below share its colour.", enum=list(RANKS)
        ),
        "break-before": _words("Whether it begins a page, where others run in.", enum=["page"]),
        "columns": _number("How many columns its text has.", 1, "integer"),
        "when": _one(
            ["string", "boolean"], "A Jinja expression; the chapter is left out where it is false."
        ),
        "only": _words("For whom the chapter is.", examples=["role=sre,devops-engineer"]),
        "author": _label("Who wrote it."),
        "date": _one(["string", "number"], "When it was written."),
        "review_by": _day("When its text is due for another look."),
        "lang": _words("Its language."),
        "dialect": _words("How it is written, if not as the pack is.", enum=list(DIALECTS)),
        "templates": _flag("Whether its braces are Jinja, if not as in the pack."),
        "description": _label("What it is about."),
        "keywords": _list("Words to find it by.", _label("A word.")),
    },
)
CHECKED = _mapping(
    "When a fact was checked, and when it is due again.",
    {
        "on": _day("The day of the check."),
        "review_by": _day("The day by which it should be checked again."),
        "sources": _list("What it was checked against.", _label("A source.")),
    },
    ["on", "review_by"],
    others=True,
)
_ROW: Mapping[str, Schema] = {
    "id": _label("What other rows, options and templates call it."),
    "name": _label("What people call it."),
    "checked": CHECKED,
    "retired": {
        "description": "From which day it can no longer be recommended.",
        "anyOf": [_day("That day."), _mapping("More of it.", {"on": _day("That day.")}, ["on"],
                                              others=True)],
    },
}  # fmt: skip
_ANY: Schema = {}
ROLE = _mapping(
    "A role that a handbook is made for.",
    {**_ROW, "path": _label("The path that the role suggests.")},
    ["id", "name"],
    others=_ANY,
    thing="role",
)
PATH = _mapping("A learning path.", _ROW, ["id", "name"], others=_ANY, thing="path")
SESSION = _mapping(
    "What is done in one session.",
    {
        "id": _label("A name that stays the same: calendars know the session by it."),
        "do": _words("What to do."),
        "minutes": _number("How long it takes.", 1, "integer"),
        "area": _label("The area it belongs to, where there is an exam with areas."),
        "kind": _words("What it is: read, lab, questions, review, mock …"),
        "needs": _list("Sessions that must have gone before.", _label("The id of a session.")),
    },
    ["do", "minutes"],
    others=_ANY,
    thing="session",
)
UNIT = _mapping(
    "A day or a week of the plan.",
    {"title": _label("What it is about."), "sessions": _list("Its sessions in order.", SESSION)},
    ["title", "sessions"],
    others=_ANY,
    thing="unit",
)
PLAN = _mapping(
    "A study plan.",
    {**_ROW, "days": _number("How many days it takes.", 1), "units": _list("Its parts.", UNIT)},
    ["id", "name"],
    others=_ANY,
    thing="plan",
)


def _table(about: str, row: Schema) -> Schema:
    """Return a table's file: a list of rows, or such a list with the keys each row must have."""
    rows = _list(about, row)
    keys = _list("Keys that every row must have.", _words("A key."))
    return {
        "description": about,
        "anyOf": [rows, _mapping(about, {"required": keys, "rows": rows}, ["rows"])],
    }


ROWS = {"roles": ROLE, "paths": PATH, "plans": PLAN}
SCHEMAS: Mapping[str, Schema] = {
    "pack": PACK,
    "front-matter": FRONT_MATTER,
    "roles": _table("The roles that a handbook is chosen by.", ROLE),
    "paths": _table("The learning paths that a handbook is chosen by.", PATH),
    "plans": _table("The study plans that a handbook is chosen by.", PLAN),
    "settings": SETTINGS,
}


def complete_schema(name: str, schema: Schema) -> Schema:
    """Return a complete schema, fit to be saved next to a pack."""
    return {"$schema": DRAFT, **schema, "title": f"handbook: {name}"}


# -------------------------------------------------------------------- validation
