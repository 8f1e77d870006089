"""Run the whole way: a pack and a selection to an edition, a copy, a release.

In: a `BuildRequest`.  Out: a `BuiltEdition`; files.
May import: core, document, fonts, theme, pack, select, markdown, layout, pdf, verify.

phases.py              the phases, one after the other
request.py             what was asked for, what was built
edition_cache.py       editions, templates and paragraphs from earlier builds
chapter_store.py       chapters from earlier builds, for a build after an edit
attachments.py         tables and selection as files inside the PDF
release.py             every edition in one archive
edition_series.py      editions of one pack one after the other, made of what they share
executors.py           jobs in this process, in several, on a Dask cluster
"""
