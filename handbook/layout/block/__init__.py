"""Turn blocks into flowables, a module for each kind."""
