"""A roster -> a copy for each learner, a manifest of what was written, and what was rejected."""

from .delivery import check_group, write_index, zip_groups
from .names import check_template
from .orders import MANIFEST, REJECTS, Order, Progress, Reject, Result, Settings
from .plan import Plan, brand_at, plan_run
from .printing import write_print_run
from .results import check, find_copy, manifest_lines, measure, zip_copies
from .runs import run

# fmt: off
__all__ = [
    "MANIFEST", "REJECTS", "Order", "Plan", "Progress", "Reject", "Result", "Settings",
    "brand_at", "check", "check_group", "check_template", "find_copy", "manifest_lines", "measure",
    "plan_run", "run", "write_index", "write_print_run", "zip_copies", "zip_groups",
]
