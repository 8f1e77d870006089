"""The built-in words: complete in every language, with their places; dates and lists by locale."""

from __future__ import annotations

import io
import re
from datetime import date
from gettext import GNUTranslations

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from catalogues import LOCALE, catalogue, compiled, messages, untranslated
from packs import pack

from handbook.core.diagnostics import HandbookError
from handbook.core.i18n import catalogues, language_error, translations_for
from handbook.pack.loader import load_pack

DAY = date(2026, 7, 31)
PLACES = re.compile(r"\{(\w+)\}")
SHIPPED = ["ar", "de", "es", "fr", "hi", "pt"]


def test_the_languages_that_are_bundled():
    assert catalogues() == SHIPPED


@pytest.mark.parametrize("tag", SHIPPED)
def test_every_message_is_translated_and_keeps_its_places(tag):
    known = catalogue(LOCALE / f"{tag}.po")
    assert {str(m.id) for m in messages()} == {str(m.id) for m in known}, (
        "run python -m tests.catalogues"
    )
    assert untranslated(known) == []
    for message in known:
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            wanted = set(PLACES.findall(message.id[1]))
            assert len(message.string) == known.num_plurals
            # "one minute" may say its number in words.
            assert all(
                wanted - {"number"} <= set(PLACES.findall(form)) <= wanted
                for form in message.string
            )
        else:
            assert sorted(PLACES.findall(message.id)) == sorted(PLACES.findall(message.string)), (
                message.id
            )


@pytest.mark.parametrize("tag", SHIPPED)
def test_what_is_read_at_run_time_is_what_translators_wrote(tag):
    shipped = GNUTranslations((LOCALE / f"{tag}.mo").open("rb"))
    written = GNUTranslations(io.BytesIO(compiled(LOCALE / f"{tag}.po")))
    said = [message for message in messages() if message.id]
    for message in said:
        if isinstance(message.id, tuple):
            for number in (0, 1, 2, 5, 11, 100):
                assert shipped.ngettext(*message.id, number) == written.ngettext(
                    *message.id, number
                )
        else:
            assert shipped.gettext(message.id) == written.gettext(message.id)


def test_arabic_has_six_plurals():
    say = translations_for("ar").ngettext
    one, many = "{number} minute on {day}", "{number} minutes on {day}"
    forms = {
        say(one, many, number, day="1").replace(str(number), "") for number in (0, 1, 2, 3, 11)
    }
    assert len(forms) == 5
    assert say(one, many, 2, day="1").startswith("دقيقتان")


@pytest.mark.parametrize("tag", ["de", "fr", "es", "pt-BR", "hi", "ar", "fi", "ja"])
def test_dates_and_lists_are_those_of_the_locale(tag):
    """What the CLDR of the installed Babel says, whichever release of it that is."""
    words, locale = translations_for(tag), Locale.parse(tag, sep="-")
    assert words.day(DAY) == format_date(DAY, "long", locale)
    assert words.sentence(["a", "b", "c"]) == format_list(["a", "b", "c"], "standard", locale)
    # The day of the month stays a European figure, and the weekday is short.
    assert "31" in words.weekday(DAY)
    assert len(words.weekday(DAY)) < len(words.day(DAY)) + 12


def test_english_dates_and_lists_need_no_locale():
    words = translations_for("en")
    assert (words.day(DAY), words.weekday(DAY)) == ("31 July 2026", "Fri 31 Jul")
    assert words.sentence(["a", "b", "c"]) == "a, b and c"


def test_a_region_takes_the_words_of_its_language():
    assert (
        translations_for("pt-BR").gettext("Page {number} of {total}", number=3, total=9)
        == "Página 3 de 9"
    )
    assert translations_for("de-CH").translated
    assert not translations_for("fi").translated
    assert translations_for("fi").gettext("Note") == "Note"


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("german", "'de' (German)"),
        ("Deutsch", "'de' (German)"),
        ("pt_BR", "'pt-BR'"),
        ("xx", ""),
        ("de-", "'de'"),
    ],
)
def test_a_mistaken_language_is_reported_with_the_nearest(tmp_path, tag, hint):
    folder = pack(tmp_path, handbook_dot_yaml=f"title: Book\nlanguage: {tag}\n")
    with pytest.raises(HandbookError) as caught:
        load_pack(folder)
    found = caught.value.diagnostics[0]
    assert (found.line, found.message) == (2, f"unknown language {tag!r}")
    assert hint in found.hint
    assert "pt-BR" in found.hint


def test_known_languages_are_not_mistakes():
    assert not any(
        language_error(tag) for tag in ("en", "en-GB", "de", "pt-BR", "zh-Hans", "fi", "sr-Latn")
    )


@pytest.mark.parametrize(
    ("tag", "terms"),
    [
        ("en", ["élan", "Elbe", "zoo"]),
        ("de", ["Äpfel", "Apfelbaum", "Zebra"]),
        ("es", ["nube", "ñu", "oso"]),
        ("sv", ["zebra", "år", "äpple", "öl"]),
        ("da", ["zebra", "æble", "øl", "år"]),
        ("ar", ["البستان", "تربة"]),
    ],
)
def test_the_order_of_the_alphabet(tag, terms):
    assert sorted({*terms}, key=translations_for(tag).order) == terms
