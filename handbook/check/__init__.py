"""Check a pack in every selection, without laying it out.

In: a pack.  Out: findings as text, JSON or SARIF; the reasons for what a reader gets.
May import: core, document, fonts, theme, pack, select, markdown, layout.

checker.py, findings.py  every check, in order; what a check finds
selections.py            every selection, read once for each text
sections.py              chapters read section by section, each section once
rules.py, figures.py, conditions.py, glyphs.py, spelling.py, style.py, external_links.py  the checks
codes.py, sarif.py       what each code means; the format of code hosts
explain.py               why a chapter or block is included
"""
