"""Write a laid-out book as an edition, and fill an edition to make copies.

In: a `LaidOutBook`; a learner's values.  Out: bytes.
May import: core, document, fonts, theme, layout.

edition.py, edition_writer.py  an edition and its fields; a book to an edition
copy_number.py                 a number for each copy, with check digits
print_run.py                   many copies in one file
font_embedding.py              Type 0 fonts
field_fitting.py               a value fitted to its place
rasterize.py                   pages as pictures
protection.py, signing.py, encryption.py  signatures, passwords
json_signature.py              signatures of JSON, with the key that signs copies
syntax/                        objects, cross-references (ISO 32000-1, 7)
content/                       content streams (ISO 32000-1, 8 and 9)
catalog/                       structure, links, outline, metadata, conformance
"""
