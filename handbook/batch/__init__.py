"""Make a copy for each learner on a roster.

In: a roster, a pack, settings.  Out: copies in a store, a manifest, rejects.
May import: core, document, fonts, theme, pack, select, pdf, verify, pipeline.

roster/                      rows from CSV, XLSX, JSON
choices.py, plan.py          what each row asks for; a copy to make, or why not
run_database.py, journal.py  what is known of each row; what has been written
runner.py, worker.py         editions laid out once, copies filled
reports.py                   manifest, rejects, the check of a folder
storage.py, stores.py, folder_store.py, object_store.py  a folder or an object store
lock.py                      one run at a time
handout.py, print_run.py     archives, index, mail merge; one file for the press
open_badges.py, badge_images.py  an Open Badge for each copy, in a picture
lookup_site.py, lookup_words.py  a static site that knows genuine copies
send.py, forget.py, lms.py   mail; one learner erased; packages for learning systems
filenames.py, addresses.py, pack_archive.py, models.py  names; a pack that travels; the values
"""

from .choices import ReadingRules, read_synonyms, without_use
from .filenames import check_template
from .handout import (
    check_group,
    record_files,
    write_badge_key,
    write_handout,
    write_index,
    zip_groups,
)
from .journal import read_run, write_run
from .lms import write_moodle
from .lock import locked
from .models import MANIFEST, REJECTS, CopyJob, Progress, Reject, Result, Settings
from .plan import Plan, brand_at, plan_run
from .print_run import write_print_run
from .reports import check, find_copy, manifest_lines, measure, zip_copies
from .runner import RunOptions, run

__all__ = [
    "MANIFEST", "REJECTS", "CopyJob", "Plan", "Progress", "ReadingRules", "Reject", "Result",
    "RunOptions", "Settings", "brand_at", "check", "check_group", "check_template",
    "find_copy", "locked", "manifest_lines", "measure", "plan_run", "read_run", "read_synonyms",
    "record_files", "run", "without_use", "write_badge_key", "write_handout", "write_index",
    "write_moodle", "write_print_run", "write_run", "zip_copies", "zip_groups",
]  # fmt: skip
