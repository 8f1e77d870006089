"""Make a copy for each learner on a roster.

In: a roster, a pack, settings.  Out: copies in a store, a manifest, rejects.
May import: core, document, fonts, theme, pack, select, pdf, verify, build.

roster/                    rows from CSV, XLSX, JSON Lines
plan.py, run_database.py   the rows of a run, on disk
runner.py, worker.py       editions laid out once, copies filled
journal.py, reports.py     what was written; manifest and rejects
storage.py                 a folder or an object store
handout.py, print_run.py   archives and index; one file for the press
filenames.py, pack_archive.py, models.py  names; a pack that travels; the values
"""

from .filenames import check_template
from .handout import check_group, write_index, zip_groups
from .models import MANIFEST, REJECTS, CopyJob, Progress, Reject, Result, Settings
from .plan import Plan, brand_at, plan_run
from .print_run import write_print_run
from .reports import check, find_copy, manifest_lines, measure, zip_copies
from .runner import run

# fmt: off
__all__ = [
    "MANIFEST", "REJECTS", "CopyJob", "Plan", "Progress", "Reject", "Result", "Settings",
    "brand_at", "check", "check_group", "check_template", "find_copy", "manifest_lines", "measure",
    "plan_run", "run", "write_index", "write_print_run", "zip_copies", "zip_groups",
]
