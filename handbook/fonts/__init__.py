"""Read fonts, choose among them, and shape text of any script.

In: font files, characters.  Out: glyphs, widths, subsets.  May import: core, document.

font_file.py, face.py  a font's tables; its characters, widths and kerning
fallback.py            the first font that has a character
bidi.py, shaping.py    which way text runs (Unicode Annex 9); HarfBuzz
subset.py, convert.py  a smaller font; a brand's font as plain TrueType
"""
