"""Translate built-in words, dates and lists into the language of a pack.

English is in the code: `words.gettext("Page {number}", number=4)`.  Every other language has a
catalogue in `locale/`, made by `python -m tests.catalogues`; dates and lists come from the CLDR,
through Babel.  English needs neither, so neither is loaded for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from handbook.core.resources import LOCALES

from .diagnostics import nearest

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"
)  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
# Letters that follow z, or another letter, in the alphabet of a language.
_NORTH = {"å": "z\u0370", "ä": "z\u0371", "ö": "z\u0372"}
_WEST = {"æ": "z\u0370", "ø": "z\u0371", "å": "z\u0372"}
_LETTERS = {"sv": _NORTH, "fi": _NORTH, "da": _WEST, "nb": _WEST, "nn": _WEST, "no": _WEST,
            "es": {"ñ": "n\u0370"}, "gl": {"ñ": "n\u0370"}}  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f]")
# A tag of BCP 47: language, script, region, variants.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{4,8})*")


def noop(message: str) -> str:
    """Return `message`, marked for the catalogues: it is said later, from a variable."""
    return message


# The labels of boxes, as the shipped themes have them; a theme's own labels are said as they are.
LABELS = (
    noop("Note"), noop("Tip"), noop("Caution"), noop("Warning"), noop("Important"),
    noop("Retired"), noop("In the exam"), noop("Key facts"), noop("Example"), noop("Question"),
    noop("Answer"), noop("Key point"), noop("Trap"),
)  # fmt: skip


class Translations:
    """The built-in words of one language; `translated` is false if English is used instead."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.english = primary(language) == "en"
        self.right_to_left = right_to_left(language)
        self._catalogue: Any = None if self.english else _catalogue(language)
        self.translated = self.english or self._catalogue is not None

    def gettext(self, message: str, **values: object) -> str:
        """Return `message` in this language, its places in braces filled with `values`."""
        words: str = self._catalogue.gettext(message) if self._catalogue else message
        return words.format(**values) if values else words

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the message for this many things: languages have up to six forms, English two."""
        if self._catalogue:
            words = self._catalogue.ngettext(one, many, number)
        else:
            words = one if number == 1 else many
        return str(words.format(number=number, **values))

    # ------------------------------------------------------------ dates and lists

    def day(self, when: date) -> str:
        """Return a date in words: 31 July 2026."""
        if self.english:
            return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
        from babel.dates import format_date

        return format_date(when, "long", _locale(self.language))

    def weekday(self, when: date) -> str:
        """Return a day with its weekday, short: Tue 1 Dec."""
        if self.english:
            return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1][:3]}"
        return self._skeleton("MMMEd", when)

    def short_day(self, when: date) -> str:
        """Return a day of a year that is known: 1 Sept."""
        if self.english:
            return f"{when.day} {SHORT_MONTHS[when.month - 1]}"
        return self._skeleton("MMMd", when)

    def _skeleton(self, skeleton: str, when: date) -> str:
        from babel.dates import format_skeleton

        return format_skeleton(skeleton, when, locale=_locale(self.language))

    @property
    def days(self) -> tuple[str, ...]:
        """Return the short names of the weekdays, from Monday."""
        if self.english:
            return DAYS
        from babel.dates import get_day_names

        names = get_day_names("abbreviated", locale=_locale(self.language))
        return tuple(names[number] for number in range(7))

    def sentence(self, items: Iterable[Any], last: str = "and") -> str:
        """Return a list in running text: a, b and c.  `last` is "and", "or", or a word of the
        author's.
        """
        words = [str(item) for item in items]
        if len(words) < 2:
            return "".join(words)
        if not self.english and last in ("and", "or"):
            from babel.lists import format_list

            style: Any = "standard" if last == "and" else "or"
            return format_list(words, style=style, locale=_locale(self.language))
        return f"{', '.join(words[:-1])} {last} {words[-1]}"

    @property
    def comma(self) -> str:
        """Return what separates the items of a list of references."""
        return "، " if primary(self.language) in ("ar", "fa", "ur") else ", "

    @property
    def decimal(self) -> str:
        """Return the decimal separator."""
        if self.english:
            return "."
        from babel.numbers import get_decimal_symbol

        return get_decimal_symbol(_locale(self.language), numbering_system="latn")

    def order(self, term: str) -> tuple[str, str, str]:
        """Return the sort key of a term: accents count only between equals.

        Letters that a language sorts after others come after them; Arabic ignores the article.
        """
        folded = term.casefold()
        if primary(self.language) == "ar":
            folded = folded.removeprefix("ال")
        for letter, place in _LETTERS.get(primary(self.language), {}).items():
            folded = folded.replace(letter, place)
        bare = _ACCENTS.sub("", normalize("NFD", folded))
        return (bare or folded, folded, term)

    def initial(self, term: str) -> str:
        """Return the letter that a term is listed under, empty if it begins with none."""
        first = self.order(term)[1][:1]
        letters = _LETTERS.get(primary(self.language), {})
        folded = term.casefold()
        letter = next((one for one in letters if folded.startswith(one)), first)
        bare = letter if letter in letters else _ACCENTS.sub("", normalize("NFD", letter))[:1]
        return bare.upper() if bare.isalpha() else ""

    def chain(self, items: Sequence[str], link: str) -> str:
        """Return `items` as one, by a message that joins {before} and {after}."""
        translated_text = items[0] if items else ""
        for item in items[1:]:
            translated_text = self.gettext(link, before=translated_text, after=item)
        return translated_text


@lru_cache(maxsize=16)
def translations_for(language: str) -> Translations:
    """Return the words of a language (a BCP 47 tag)."""
    return Translations(language)


def primary(language: str) -> str:
    """Return the language itself, without script or region: pt for pt-BR."""
    return language.split("-")[0].lower()


def right_to_left(language: str) -> bool:
    """Return whether a language is written from right to left."""
    script = {part.title() for part in language.split("-")[1:] if len(part) == 4}
    if script:
        return bool(script & {"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"})
    return primary(language) in RIGHT_TO_LEFT


def language_error(language: str) -> str:
    """Return a hint if `language` is not a known language, otherwise an empty string."""
    if _TAG.fullmatch(language) and (primary(language) == "en" or _catalogue(language)):
        return ""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        if _TAG.fullmatch(language):
            Locale.parse(language, sep="-")
            return ""
    except (UnknownLocaleError, ValueError):
        pass
    names = Locale.parse("en").languages
    translated = {Locale.parse(tag).get_display_name() or tag: tag for tag in catalogues()}
    known = {
        **{name: tag for tag, name in names.items()},
        **translated,
        **{tag: tag for tag in names},
    }
    near = nearest(language, known) or nearest(language.replace("_", "-").split("-")[0], known)
    if "_" in language and _TAG.fullmatch(language.replace("_", "-")):
        return f"did you mean {language.replace('_', '-')!r}?"
    tag = known.get(near, "").replace("_", "-")
    hint = f"did you mean {tag!r} ({names.get(tag, near)})? " if tag else ""
    return f"{hint}a language is a tag such as {', '.join(('en', *catalogues()))} or pt-BR"


def catalogues() -> list[str]:
    """Return the bundled languages other than English."""
    return sorted(path.stem for path in LOCALES.glob("*.mo"))


@lru_cache(maxsize=16)
def _catalogue(language: str) -> Any:
    """Return the words of the tag or, failing that, of its language; None if there are none."""
    from gettext import GNUTranslations

    for tag in (language, primary(language)):
        path = LOCALES / f"{tag}.mo"
        if path.is_file():
            with path.open("rb") as file:
                return GNUTranslations(file)
    return None


@lru_cache(maxsize=16)
def _locale(language: str) -> Any:
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(primary(language))


ENGLISH = Translations()
