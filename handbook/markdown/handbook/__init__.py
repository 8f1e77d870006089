"""Read the project's own dialect, with Python-Markdown and a block parser that keeps lines."""
