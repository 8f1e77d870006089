"""A roster -> a copy for each learner, a manifest of what was written, and what was rejected."""

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
