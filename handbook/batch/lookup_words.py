"""Hold the words of the lookup site, marked for the catalogues of built-in words."""

from __future__ import annotations

from ..core.i18n import Translations, noop

# Words in the page, by their places in index.html.
PAGE = {
    "title": noop("Is this copy genuine?"),
    "file_title": noop("Check a file"),
    "file_help": noop(
        "Choose the PDF, or drop it anywhere on this page. The file stays on your device: only a "
        "digest of it is looked up."
    ),
    "file_label": noop("PDF file"),
    "number_title": noop("Look up a number"),
    "number_help": noop(
        "A number shows that a copy was issued. It does not prove that the copy in your hands is "
        "that one; check the file for that."
    ),
    "number_label": noop("Copy number"),
    "button": noop("Look up"),
    "no_script": noop("This page needs JavaScript, since it checks files on your device."),
}
# Answers of lookup.js: a title, and a sentence with places in braces.
ANSWERS = {
    "checking": (noop("Checking …"), "{file}"),
    "changed": (
        noop("Not genuine"),
        noop("{file} is not as it was issued here: it was changed, or comes from elsewhere."),
    ),
    "withdrawn_file": (
        noop("Withdrawn"),
        noop("{file} was issued here and has been withdrawn. {edition}"),
    ),
    "genuine": (noop("Genuine"), noop("{file} is exactly as it was issued. {edition}")),
    "malformed": (
        noop("Not a copy number"),
        noop("It has fourteen characters, as in 7K3D-9QXA-M2TF-4Z."),
    ),
    "unknown": (
        noop("Unknown number"),
        noop("No copy was issued with this number, or it is mistyped."),
    ),
    "withdrawn": (noop("Withdrawn"), noop("This copy was withdrawn. {edition}")),
    "issued": (noop("Issued"), noop("A copy with this number was issued. {edition}")),
    "unavailable": (
        noop("Not available"),
        noop("The lists of this page cannot be read: it has to be on a web server."),
    ),
    "insecure": (noop("Not available"), noop("Open this page over https.")),
}


def page_words(words: Translations) -> dict[str, str]:
    """Return the words of the page in a language."""
    return {name: words.gettext(text) for name, text in PAGE.items()}


def answer_words(words: Translations) -> dict[str, list[str]]:
    """Return the answers in a language, with their places left open."""
    return {
        name: [words.gettext(title), words.gettext(text)] for name, (title, text) in ANSWERS.items()
    }
