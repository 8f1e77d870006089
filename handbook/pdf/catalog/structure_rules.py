"""List what PDF/UA-1 asks of a structure tree (ISO 32000-1, 14.8.4; ISO 14289-1, 7.2 to 7.9)."""

from __future__ import annotations

# Structure types that need a certain parent.
PARENTS = {
    "LI": {"L"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TOCI": {"TOC"},
}
# Structure types that may contain nothing but these.
CHILDREN = {
    "L": {"LI", "Caption", "L"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "TOC": {"TOC", "TOCI", "Caption"},
    "TOCI": {"Lbl", "Reference", "P", "NonStruct", "TOC"},
}


def row_widths(rows: list[list[tuple[int, int]]]) -> list[int]:
    """Return the number of columns of each row; a cell is its (column span, row span).

    A row that a span reaches beyond the table's last row adds a width of its own.
    """
    widths: list[int] = []
    # For each cell that reaches into the next rows: its columns and how many rows are left.
    hanging: list[tuple[int, int]] = []
    for row in rows:
        widths.append(sum(columns for columns, _ in hanging) + sum(columns for columns, _ in row))
        hanging = [(columns, left - 1) for columns, left in hanging if left > 1]
        hanging += [(columns, span - 1) for columns, span in row if span > 1]
    if hanging:
        widths.append(0)
    return widths
