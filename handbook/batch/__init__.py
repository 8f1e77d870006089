"""A roster -> a copy for each learner, a manifest of what was written, and what was rejected."""

from .names import check_template
from .orders import MANIFEST, REJECTS, WORK, Order, Plan, Reject, Result, Settings
from .plan import brand_at, plan_run
from .results import check, find_copy, measure, write_rejects, zip_copies
from .runs import run

# fmt: off
__all__ = [
    "MANIFEST", "REJECTS", "WORK", "Order", "Plan", "Reject", "Result", "Settings",
    "brand_at", "check", "check_template", "find_copy", "measure", "plan_run", "run",
    "write_rejects", "zip_copies",
]
