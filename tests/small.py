"""A book of three pages with every kind of field, for tests that make many copies."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import lru_cache
from pathlib import Path

from packs import pack

from handbook.pack.loader import load_pack
from handbook.pdf.edition import Edition
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select

CONFIG = """title: A small book
language: en
chapters: [cover.md, imprint.md, one.md]
fields:
  learner: {label: The learner, width: 150, lines: 2, floor: 10}
  cohort: {label: The group, width: 150, lines: 2, floor: 8.5}
  provider: {label: The provider, width: 150, lines: 2, floor: 8.5}
  exam-date: {label: The exam, width: 80}
  code: {label: The address of this copy, kind: qr, width: 24}
  address: {label: The address of this copy, width: 110, lines: 2, floor: 8.5}
  licence: {label: Whose copy, place: footer, width: 170, lines: 2, floor: 8.5,
    default: "Copy of {learner}"}
"""
COVER = """---
title: A small book
matter: front
layout: cover
---

## A small book

:field[learner]
{.learner}

:field[cohort]

:field[provider]

Exam on :field[exam-date]
"""
IMPRINT = """---
title: About
matter: front
layout: imprint
---

Words before.

::field-qr name=code

Address: :field[address]
"""
ONE = """---
title: One
---

A page of text.
"""


@lru_cache(maxsize=1)
def small_edition() -> Edition:
    """The edition of the small book."""
    with tempfile.TemporaryDirectory() as folder:
        files = {"handbook_dot_yaml": CONFIG, "cover_dot_md": COVER, "imprint_dot_md": IMPRINT,
                 "one_dot_md": ONE}  # fmt: skip
        loaded = load_pack(pack(Path(folder), **files))
        selection = select(loaded, day=date(2026, 11, 23), provided_fields=list(loaded.fields))
        return edition_of(document_of(loaded, selection), selection)
