"""Write what the catalog points to: structure, links, outline, metadata, attachments."""
