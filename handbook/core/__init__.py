"""Provide what every other folder needs: diagnostics, files, the cache, languages, images.

In: paths, text, bytes.  Out: small values and the errors that a user reads.
May import: nothing else of handbook.

diagnostics.py, excerpt.py  errors, their places and source lines
files.py, resources.py      writing files whole; the places of packaged data
cache.py, garbage.py        values kept between builds; how seldom garbage is searched
second_process.py           part of a list of jobs done by a copy of the process
lock.py                     whether what is installed is what the lock says
i18n.py                     built-in words, dates and lists in each language
yaml_source.py              YAML that knows its file and line
images.py, pixels.py        the size and pixels of pictures
svg_source.py, svg.py       SVG files that are safe to draw; their words and shapes
qr.py                       QR codes
limits.py, patterns.py      the largest of everything; patterns compiled late
plugins.py, units.py        what other packages add; lengths and papers
slugs.py                    words as names of files, and of places to link to
matrices.py, values.py      matrices of PDF and SVG; classes of values
"""
