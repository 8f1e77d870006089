"""Read a roster as learning systems export it, one learner a row.

The line with the names of columns is found, first and last names are joined, rows that are no
learners are left out and counted; everything that was guessed is said in `Roster.notes`.
"""

from .cells import plain_cell, safe_cell
from .columns import COLUMNS, parse_columns, plain_name
from .dates import ORDERS, parse_day
from .roster import Roster, RosterOptions, RosterRow, read_roster

__all__ = [
    "COLUMNS", "ORDERS", "Roster", "RosterOptions", "RosterRow", "parse_columns", "parse_day",
    "plain_cell", "plain_name", "read_roster", "safe_cell",
]  # fmt: skip
