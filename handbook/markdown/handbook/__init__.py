"""Read the project's own dialect: Python-Markdown with a block parser that keeps lines."""
