"""Load a content pack and check everything that its files say.

In: a folder.  Out: a typed, validated `Pack`.  May import: core, document, fonts, theme.

model.py, loader.py      the pack; reading it
tables.py                YAML and CSV tables
chapter_list.py          the list of chapters in handbook.yaml
dialects.py, page_titles.py  dialects of Markdown; the title in a page's text
badge.py                 the Open Badge that goes with each copy
schema.py, validation.py one description of every key; the messages it yields
json_schemas.py          the same for editors
settings.py              what options are when they are not given
importer.py, importers/  a pack made of another tool's documents
foreign_markdown.py      front matter and file names of other tools
theme_styles.py          what a theme adds that no page asks for
scaffold.py              the files of a new pack
"""
