"""Write the copies of a run into one file for the press; pdf/print_run.py says what is in it."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from ..core.diagnostics import error
from ..core.files import write_streamed
from ..document.fields import FIELD
from ..document.nodes import Meta
from ..pack.model import Pack
from ..pdf.edition import Edition
from ..pdf.print_run import PrintRun
from .models import Settings
from .plan import Plan, brand_at
from .worker import lay_out


def write_print_run(
    pack: Pack, plan: Plan, settings: Settings, target: Path, editions: Mapping[str, Path]
) -> int:
    """Write all copies that were made, in the order of the roster; return how many there are.

    `editions` has those that the run laid out, as files; others are laid out here.

    Raises:
        HandbookError: If there is no copy, or no room for the file.
    """
    brand = brand_at(settings.brand)
    meta = Meta(
        title=f"{pack.title}: print run",
        date=settings.day.isoformat(),
        language=pack.language,
        identifier=f"print-run-{plan.digest}",
        publisher=str(brand.full_name) if brand else "",
    )

    def edition_of(key: str) -> Edition:
        kept = editions.get(key)
        data = kept.read_bytes() if kept else lay_out(plan.selections[key], settings, None)
        if isinstance(data, str):
            raise error(data)
        edition: Edition = pickle.loads(data)[1]
        return edition

    def write(out: BinaryIO) -> None:
        run = PrintRun(out, meta)
        for job, entry in plan.database.copies():
            if job.key not in run.parts:
                run.add_edition(job.key, edition_of(job.key))
            values = {**job.values, FIELD: str(entry["copy"])}
            name = " ".join(part for part in (job.id, job.values.get("learner")) if part)
            about = {
                "Row": str(job.line),
                "ID": job.id,
                "Copy": values[FIELD],
                "Selection": str(entry["selection"]),
            }
            run.add_copy(job.key, values, name or f"Row {job.line}", about)
        run.finish()

    count = plan.database.count("copies")
    if not count:
        raise error("no copy was made, so there is nothing to print")
    write_streamed(target, write)
    return count
