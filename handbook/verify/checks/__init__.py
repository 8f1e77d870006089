"""The checks of `inspect.py`, by what they look at; each is a question with problems as answers."""
