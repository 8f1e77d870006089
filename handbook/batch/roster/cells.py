"""Clean the cells of a roster: formulas, placeholders, errors, what a web page escaped."""

from __future__ import annotations

import html
import re

# The text of a formula whose value the workbook does not have.
UNCACHED = "#UNCACHED!"
# A spreadsheet would take such a cell for a formula; an apostrophe in front says that it is text.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TEXT_FORMULA = re.compile(r'=(?:T\()?"((?:[^"]|"")*)"\)?')
_ERRORS = frozenset(
    {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#ERROR!",
     # German, French, Spanish, Portuguese.
     "#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#NOM?", "#VALEUR!", "#NOMBRE!", "#NOMBRE?", "#NUL!",
     "#¡REF!", "#¡VALOR!", "#¿NOMBRE?", "#¡DIV/0!", "#¡NUM!", "#¡NULO!", "#VALOR!", "#NOME?",
     "#N/D", "#SPILL"}
)  # fmt: skip
_EMPTY = frozenset({"-", "--", "---", "–", "—", "null", "NULL", "(null)", "<null>", "\\N", "n/a",
                    "N/A", "undefined", "(blank)", "(empty)", "#"})  # fmt: skip
# Words that are names or countries somewhere, and placeholders in other columns.
_EMPTY_CHOICE = frozenset({"none", "nan", "nil", "na", "(none)", "keine", "aucun", "ninguno"})
_LOST_DIGITS = re.compile(r"\d([.,]\d+)?[eE]\+?\d{2,}")


def clean(text: str) -> str:
    """Return the text that a cell shows: `="0042"` is 0042, `O&#39;Brien` is O'Brien."""
    text = (
        text.replace("\u00a0", " ").replace("\u200b", "").strip()
        if not text.isascii()
        else (text.strip())
    )
    if text[:1] == "=":
        match = _TEXT_FORMULA.fullmatch(text)
        if match:
            text = match[1].replace('""', '"').strip()
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text).replace("\u00a0", " ").strip()
    return text


def is_empty(text: str, key: str) -> bool:
    """Return whether a cell says that there is nothing in the column used for `key`."""
    if not text or text in _EMPTY:
        return True
    named = key in ("learner", "first", "last", "country", "")
    return not named and text.casefold() in _EMPTY_CHOICE


def cell_problem(text: str, key: str, column: str) -> str:
    """Return why a cell cannot be used; "" if it can."""
    if text == UNCACHED:
        return (
            f"the cell in {column!r} is a formula without a value; "
            "open the workbook in a spreadsheet and save it"
        )
    if text.upper() in _ERRORS:
        return f"the cell in {column!r} is an error in the workbook ({text})"
    if key == "id" and _LOST_DIGITS.fullmatch(text):
        return (
            f"the id {text} has lost digits in a spreadsheet; give {column!r} the format Text, "
            "or do without it: --column id="
        )
    return ""


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """Return the text from which `safe_cell` made a cell."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
