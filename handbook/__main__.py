"""`python -m handbook`."""

from .cli import run

run()
