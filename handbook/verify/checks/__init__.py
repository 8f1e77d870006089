"""Check one aspect of a PDF per function; each yields problems."""
