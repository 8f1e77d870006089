"""Feed broken input to every reader: an error must be a HandbookError, and come in time."""
