"""Stack flowables on pages."""
