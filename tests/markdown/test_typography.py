"""Quotes, dashes and spaces as each language sets them; what a block's own language changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from packs import pack
from pdfread import structure

from handbook.markdown.convert.typography import typographic
from handbook.pack.loader import load_pack
from handbook.pipeline.phases import build
from handbook.select.selection import select


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("en", "\"It's 'so'\" -- he said...", "“It’s ‘so’” – he said…"),
        ("de", "\"Es ist 'so'\", sagt's -- er.", "„Es ist ‚so‘“, sagt’s – er."),
        ("de-CH", '"So"', "«So»"),
        (
            "fr",
            'Il dit : "l\'eau" ! Vrai ?',
            "Il dit\u00a0: «\u202fl’eau\u202f»\u202f! Vrai\u202f?",
        ),
        ("fr", "« déjà » ; oui", "«\u202fdéjà\u202f»\u202f; oui"),
        ("es", "\"Dijo 'sí'\"", "«Dijo “sí”»"),
        ("pt", "\"Disse 'sim'\" 5 %", "“Disse ‘sim’” 5\u00a0%"),
        ("en", "45 min, 5 minutes, 10 GB, 3 mince", "45\u00a0min, 5 minutes, 10\u00a0GB, 3 mince"),
        ("hi", '"हाँ" उसने कहा', "“हाँ” उसने कहा"),
        ("ar", 'قال "نعم" ثم', "قال «نعم» ثم"),
        ("xx", "\"as 'it' is\" isn't", "\"as 'it' is\" isn’t"),
    ],
)
def test_quotes_and_spaces_by_language(language, words, expected):
    assert typographic(words, "", language) == expected


def test_a_block_in_another_language_is_tagged_and_set_in_it(tmp_path: Path):
    text = '---\ntitle: One\n---\n\n\nShe said "no".\n\n"Oui" et non.\n{lang=fr}\n\n- "Ja"\n{lang=de}\n\nA :lang["mot"]{fr} here, <span lang="de">"so"</span> "there".\n'
    folder = pack(tmp_path, one_dot_md=text)
    loaded = load_pack(folder)
    data = build(loaded, select(loaded, day=date(2026, 1, 1)))
    root = structure(data)
    assert "“no”" in root.text
    spoken = [(node.tag, node.lang, node.text) for node in root.walk() if node.lang]
    assert spoken[0] == ("P", "fr", "«\u202fOui\u202f» et non.")
    assert spoken[1][:2] == ("L", "de")
    assert "„Ja“" in spoken[1][2]
    assert spoken[2][:2] == ("Span", "fr")
    assert "«\u202fmot\u202f» here, „so“ “there”." in root.text
