"""Convert the elements that a dialect reads to nodes of the document."""
