"""Write and read back PDF syntax: objects, object streams, cross-references."""
