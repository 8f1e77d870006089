"""Explain veraPDF's rules in plain words."""

from __future__ import annotations

_UA, _A2, _A3 = "ISO 14289-1", "ISO 19005-2", "ISO 19005-3"

_UA_WORDS = {
    ("5", 1): "the document does not say that it conforms to PDF/UA",
    ("6.2", 1): "the file does not say that it is tagged",
    ("7.1", 1): "decoration (an artifact) is inside tagged content",
    ("7.1", 2): "tagged content is inside decoration (an artifact)",
    ("7.1", 3): "something is neither tagged nor marked as decoration",
    ("7.1", 4): "the file says that its own tags are doubtful",
    ("7.1", 5): "a tag is not a standard one and is mapped to none",
    ("7.1", 7): "a standard tag is given another meaning",
    ("7.1", 8): "the document has no metadata",
    ("7.1", 9): "the document has no title in its metadata",
    ("7.1", 10): "a viewer shows the file name instead of the title",
    ("7.1", 11): "the file has no structure tree",
    ("7.2", 2): "the language of an outline entry is not known",
    ("7.2", 10): "a table row holds something other than cells",
    ("7.2", 17): "a list item is outside a list",
    ("7.2", 19): "a list holds something other than items",
    ("7.2", 20): "a list item holds something other than a label and a body",
    ("7.2", 22): "the language of an alternative text is not known",
    ("7.2", 24): "the language of a link's description is not known",
    ("7.2", 29): "a language tag is not well-formed",
    ("7.2", 33): "the language of the title and other metadata is not known",
    ("7.2", 34): "the language of a text is not known",
    ("7.2", 42): "the rows of a table have different numbers of columns",
    ("7.2", 43): "the rows of a table have different numbers of columns",
    ("7.3", 1): "a figure has no alternative text",
    ("7.4.2", 1): "the headings skip a level",
    ("7.4.4", 1): "an element holds more than one unnumbered heading",
    ("7.5", 1): "it is not clear which header a table cell belongs to (Scope, Headers)",
    ("7.9", 1): "a note has no identifier",
    ("7.9", 2): "two notes have the same identifier",
    ("7.18.1", 2): "an annotation is not described in words",
    ("7.18.3", 1): "the links of a page are not visited in reading order",
    ("7.18.5", 1): "a link does not belong to a Link element",
    ("7.18.5", 2): "a link is not described in words",
    ("7.21.4.1", 1): "a font is not embedded",
    ("7.21.4.1", 2): "a glyph that is used is not in the embedded font",
    ("7.21.5", 1): "the width of a glyph differs from the embedded font's",
    ("7.21.7", 1): "it is not known which character a glyph represents",
    ("7.21.7", 2): "a glyph represents a character that does not exist",
    ("7.21.8", 1): "a character has no glyph in the font: it shows as a box or as nothing",
}
_A_WORDS = {
    ("6.1.3", 1): "the file has no identifier (ID)",
    ("6.1.7.1", 1): "the stated length of a stream is wrong",
    ("6.1.7.1", 2): "a stream is not delimited as the standard asks",
    ("6.2.4.3", 2): "a colour is given for a screen, and the file does not say for which",
    ("6.2.4.3", 3): "a colour is given for printing inks, and the file does not say for which",
    ("6.2.4.3", 4): "a grey is used, and the file does not say for which device",
    ("6.2.11.4.1", 1): "a font is not embedded",
    ("6.2.11.4.1", 2): "a glyph that is used is not in the embedded font",
    ("6.2.11.5", 1): "the width of a glyph differs from the embedded font's",
    ("6.2.11.7.2", 1): "it is not known which character a glyph represents",
    ("6.2.11.7.2", 2): "a glyph represents a character that does not exist",
    ("6.2.11.8", 1): "a character has no glyph in the font: it shows as a box or as nothing",
    ("6.6.2.1", 1): "the document has no metadata",
    ("6.6.2.3.1", 1): "a property of the metadata is in no schema that PDF/A knows",
    ("6.6.4", 1): "the document does not say that it conforms to PDF/A",
    ("6.6.4", 2): "the document claims another part of PDF/A",
    ("6.6.4", 3): "the document claims another level of PDF/A",
    ("6.7.2.2", 1): "the file does not say that it is tagged",
    ("6.7.3.3", 1): "the file has no structure tree",
    ("6.7.3.4", 1): "a tag is not a standard one and is mapped to none",
    ("6.7.4", 1): "a language tag is not well-formed",
}
_A2_WORDS = {
    ("6.8", 5): "a file is attached that is not a PDF/A itself: only PDF/A-3 allows that",
}


def plain_message(standard: str, clause: str, test: int) -> str:
    """Return a rule's message in plain words, or "" to use veraPDF's own."""
    key = (clause, test)
    if standard == _UA:
        return _UA_WORDS.get(key, "")
    if standard == _A2 and key in _A2_WORDS:
        return _A2_WORDS[key]
    return _A_WORDS.get(key, "") if standard in (_A2, _A3) else ""
