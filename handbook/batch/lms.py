"""Pack copies as learning systems take them: Moodle's upload of feedback files."""

from __future__ import annotations

import re
from pathlib import Path

from ..core.diagnostics import error
from ..core.files import zip_files
from .plan import Plan
from .roster import plain_name

# Columns of Moodle's grading worksheet that have the participant's number, as "Participant 1234".
PARTICIPANT = ("identifier", "participant id", "participant number", "participant")


def write_moodle(plan: Plan, out: Path, target: Path) -> int:
    """Write a zip file that Moodle hands out as feedback files; return how many are in it.

    Moodle finds the learner by a folder called NAME_NUMBER_assignfeedback_file.

    Raises:
        HandbookError: If the roster has no number of a participant for a copy.
    """
    names = [plain_name(name) for name in plan.header]
    column = next((names.index(name) for name in PARTICIPANT if name in names), None)
    files: list[tuple[str, Path]] = []
    for job, cells, _ in plan.database.copies_with_cells():
        text = cells[column] if column is not None and column < len(cells) else job.id
        match = re.fullmatch(r"\D*(\d+)", text.strip())
        if match is None:
            raise error(
                f"--moodle: row {job.line} has no participant's number",
                hint="use the grading worksheet of the assignment as the roster: its column "
                "Identifier has them, as in 'Participant 1234'",
                code="moodle",
            )
        name = re.sub(r"[_/\\]+", " ", job.values.get("learner") or f"Row {job.line}").strip()
        folder = f"{name}_{match[1]}_assignfeedback_file"
        files.append((f"{folder}/{job.file.rpartition('/')[2]}", out / job.file))
    zip_files(target, files)
    return len(files)
