"""Choose what one reader gets, and assemble it to Markdown.

In: a pack and a role, path, plan, date.  Out: a `Selection` and its chapters as Markdown, each
line with the file and line it came from.  May import: core, document, fonts, theme, pack.

selection.py             the choice
conditions.py            `role=sre path!=finops`
assemble.py              chapters through Jinja, in a sandbox
assembly_cache.py        a chapter rendered once for selections that it looks the same in
template_names.py        the names a template asks for
template_environment.py, sandbox.py  compiled templates; bounds on their work
source_map.py            which template line an output line came from
plain_errors.py          what went wrong in a template, without words of Python
metadata.py             bibliographic metadata of an edition
schedule/                a study plan with dates, its calendar file, public holidays
"""
