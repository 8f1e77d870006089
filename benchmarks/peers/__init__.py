"""Other people's tools with our book: each one's input is made from the same document tree."""
