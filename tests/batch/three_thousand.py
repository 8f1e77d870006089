"""Write a Moodle export of this many learners, and its later edition, for the run of docs."""

from __future__ import annotations

import csv
from pathlib import Path

FIRST = ("Asha", "Zoë", "José", "Nguyễn", "Юлия", "O'Brien", "Łukasz", "अक्षय", "Mei", "Søren")
LAST = ("Rao", "Müller", "Núñez", "Văn An", "Иванова", "Smith", "Żółć", "त्रिपाठी", "Chen", "Ørsted")
HEADER = ("First name", "Last name", "ID number", "Email address", "Role", "Group", "Week 1 (Real)")


def row(number: int) -> tuple[str, ...]:
    """A learner as Moodle writes one."""
    first = FIRST[number % 10] if number % 7 else f"{FIRST[number % 10]} {FIRST[number // 10 % 10]}"
    role = ("New colleague", "mentor", "")[number % 3]
    group = ("Spring, Pune", "Spring, Oslo", "Autumn")[number % 3]
    return (
        first,
        LAST[number // 10 % 10],
        f"{number:05}",
        f"l{number}@example.org",
        role,
        group,
        "-",
    )


def write_rosters(folder: Path, count: int = 3000) -> None:
    """`moodle.csv`, and `moodle-late.csv` with 12 more learners, one renamed, two gone."""
    rows = [row(number) for number in range(1, count + 1)]
    average = ("Overall average", "", "", "", "", "", "-")
    late = [one for one in rows if one[2] not in ("00010", "00020")]
    late[4] = ("Asha", "Newname", *late[4][2:])
    late += [row(number) for number in range(count + 1, count + 13)]
    for name, learners in (("moodle.csv", rows), ("moodle-late.csv", late)):
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADER, *learners, average])
