"""Define how an edition is printed: duplex, bleed and marks, booklet, large print, greys.

These are the printer's options; the paper itself is chosen separately.
"""

from __future__ import annotations

from dataclasses import fields

from ..core.diagnostics import HandbookError, error, suggest
from ..core.units import MM, PAPERS
from ..core.values import frozen

# A booklet's pages are half of the sheet that goes into the printer.
HALVES = {"a4": "a5", "letter": "half-letter"}
# A page that is not printed, but read on a phone.
PHONE = "phone"
# What can be asked for; half a Letter is a page of booklets only.
CHOICES = tuple(name for name in PAPERS if name != "half-letter")
# From a page's trimmed edge to the edge of its sheet, where crop marks want room (points).
SLUG = 8 * MM
# More would leave no paper to print on (points).
MOST_BLEED = 10 * MM
# Options that a file's name does not repeat: one goes with the booklet, one has names of its own.
_NOT_NAMED = frozenset({"signature", "standard"})


@frozen
class PrintOptions:
    """The print options of an edition; `bleed` in points.

    With `form`, checkboxes are form fields, for those who do not print at all.

    `signature` is the number of pages of a booklet that are folded together, 0 for all.
    """

    duplex: bool = False
    bleed: float = 0.0
    marks: bool = False
    booklet: bool = False
    signature: int = 0
    large_print: bool = False
    grayscale: bool = False
    form: bool = False
    # What the file claims: "ua1" is PDF/UA-1 with PDF/A-2a, "ua2" PDF/UA-2 with PDF/A-4.
    standard: str = "ua1"

    @property
    def mirrored(self) -> bool:
        """Return whether left and right pages have their margins the other way round."""
        return self.duplex or self.booklet

    @property
    def margin(self) -> float:
        """Return what surrounds the trimmed page on its sheet, in points."""
        return max(self.bleed, self.bleed + SLUG if self.marks else 0.0)

    @property
    def suffix(self) -> list[str]:
        """Return what a file's name says of the print options."""
        chosen = [
            field.name.replace("_", "-")
            for field in fields(self)
            if field.name not in _NOT_NAMED and getattr(self, field.name)
        ]
        return [*chosen, self.standard] if self.standard != PLAIN.standard else chosen

    def page(self, paper: str) -> str:
        """Return the paper of a page, where `paper` is the sheet that goes into the printer."""
        return HALVES[paper] if self.booklet else paper


PLAIN = PrintOptions()


def checked(print_options: PrintOptions, paper: str) -> PrintOptions:
    """Return `print_options`, if it can be printed on `paper`.

    Raises:
        HandbookError: If not.
    """
    if paper not in CHOICES:
        raise error(
            f"unknown paper {paper!r}",
            hint=suggest(paper, CHOICES),
            code="unknown-paper",
        )
    if paper == PHONE:
        _check_for_glass(print_options)
    if print_options.booklet and paper not in HALVES:
        raise error(
            f"a booklet has no room on {paper}: its pages would be half of that",
            hint="use --paper a4 or --paper letter",
            code="print-option",
        )
    if print_options.booklet and (print_options.bleed or print_options.marks):
        raise error(
            "a booklet is for the reader's own printer, which needs neither bleed nor marks",
            hint="leave out --booklet and let the print shop impose the pages",
            code="print-option",
        )
    if print_options.large_print and (print_options.booklet or paper == "a5"):
        raise error(
            "large print needs a page of A4 or Letter",
            hint="leave out --booklet, or use --paper a4",
            code="print-option",
        )
    if not 0 <= print_options.bleed <= MOST_BLEED:
        raise error(
            "the bleed is from 0 to 10 mm", hint="printers ask for 3mm", code="print-option"
        )
    if print_options.signature % 4 or print_options.signature < 0:
        raise error(
            f"a signature of {print_options.signature} pages cannot be folded",
            hint="sheets hold four pages each: take 16, 20, 24 …",
            code="print-option",
        )
    return print_options


# Options that only paper can have.
_ON_PAPER = ("duplex", "bleed", "marks", "booklet", "large_print")


def _check_for_glass(print_options: PrintOptions) -> None:
    """Raise HandbookError if something was asked for that only paper can have."""
    for name in _ON_PAPER:
        if getattr(print_options, name):
            raise not_on_glass(f"--{name.replace('_', '-')}")


def not_on_glass(option: str) -> HandbookError:
    """Return the error for an option of printing together with `--paper phone`."""
    return error(
        f"{option} is for paper, and --paper phone is read on a screen",
        hint=f"leave out {option}, or use --paper a4",
        code="print-option",
    )
