"""Plan a run: every row of a roster as a copy to make or a reject, before anything is laid out."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ..__version__ import __version__
from ..core.diagnostics import HandbookError, error
from ..core.files import pack_roots, read_bytes
from ..pack.model import Pack
from ..pipeline.phases import theme_of
from ..select.selection import Selection
from ..select.template_environment import template_folders
from ..theme.brand.loader import load_brand
from ..theme.brand.model import Brand
from .addresses import address_column, is_address
from .choices import Chooser, ReadingRules
from .filenames import file_name, folded_name
from .models import CopyJob, Settings, pack_files, reason_of
from .roster import Roster, RosterRow
from .run_database import RunDatabase

# Rounds of the function that hides passwords in digests.
_ROUNDS = 20_000


class Plan:
    """What a roster comes to: its rows in a database, the selections they choose.

    `digest` covers everything that all copies share, `shared` the same in words.  `left_out`
    counts rows that are not learners, `left_out_rows` has the first of each kind; `unchosen` counts
    copies of the complete edition whose rows could have chosen and are empty there.  `repeated`
    counts rows that have the id of an earlier one or all its cells, with the first such pair.
    """

    def __init__(self) -> None:
        self.database = RunDatabase()
        self.selections: dict[str, Selection] = {}
        self.digest = ""
        self.shared: dict[str, str] = {}
        self.language = "en"
        self.header: tuple[str, ...] = ()
        self.left_out: Mapping[str, int] = {}
        self.left_out_rows: Mapping[str, int] = {}
        self.unchosen = 0
        self.repeated: dict[str, tuple[int, int, int]] = {}
        self.copies = 0
        self.rejected = 0


def plan_run(
    pack: Pack, roster: Roster, settings: Settings, rules: ReadingRules | None = None
) -> Plan:
    """Return the plan for a roster; nothing is laid out yet."""
    plan = Plan()
    plan.header = roster.header
    plan.shared = _shared(pack, settings)
    plan.language = pack.language
    plan.digest = hashlib.sha256(json.dumps(plan.shared).encode()).hexdigest()[:16]
    rules = rules or ReadingRules(spreadsheet=roster.spreadsheet)
    planner = _Planner(pack, settings, plan, rules, roster.used)
    with plan.database.writing():
        for row in roster.rows:
            try:
                job = planner.job(row)
            except HandbookError as problem:
                plan.database.reject(row.line, reason_of(problem), row.raw)
                plan.rejected += 1
            else:
                plan.database.add(job, row.raw)
                planner.note_repetition(job, row)
                plan.copies += 1
    plan.database.index()
    plan.left_out = dict(sorted(roster.left_out.items()))
    plan.left_out_rows = dict(roster.left_out_rows)
    return plan


@lru_cache(maxsize=2)
def brand_at(file: str) -> Brand | None:
    """Return the brand in a file, read once a process; None where no file is named."""
    return load_brand(file) if file else None


def _shared(pack: Pack, settings: Settings) -> dict[str, str]:
    """Return what decides about all copies, each part under the name that messages have for it."""
    content, brand = hashlib.sha256(), hashlib.sha256()
    for path in _content_files(pack):
        content.update(read_bytes(path, "picture_bytes"))
    for path in _brand_files(settings):
        brand.update(read_bytes(path, "picture_bytes"))
    theme = Path(settings.theme)
    theme_digest = hashlib.sha256(read_bytes(theme)).hexdigest()[:16] if theme.is_file() else ""
    return {
        "version of handbook": __version__,
        "content": content.hexdigest()[:16],
        "--date": settings.day.isoformat(),
        "--theme": f"{theme.name} {theme_digest}".strip(),
        "--paper": settings.paper,
        "--brand": brand.hexdigest()[:16] if settings.brand else "",
        "--skip": " ".join(settings.skip),
        **_protection(settings),
        **({"--badge": "yes"} if settings.badge else {}),
    }


def _protection(settings: Settings) -> dict[str, str]:
    """Return what protects the copies, in words that give nothing away."""
    signing = settings.protection.signing
    if signing is None:
        return {"--password-column": settings.password_column} if settings.password_column else {}
    certificate = hashlib.sha256(read_bytes(Path(signing.certificate))).hexdigest()[:16]
    return {"--sign": f"{certificate} {signing.timestamp_url}".strip()}


def _content_files(pack: Pack) -> list[Path]:
    """Return the files of a pack and of its folders of templates, in order."""
    folders, roots = [pack.folder, *template_folders(pack)], pack_roots(pack.folder)
    return sorted({path for folder in folders for path in pack_files(folder, roots)})


def _brand_files(settings: Settings) -> list[Path]:
    """Return a brand's files, and the fonts that it chose.

    Raises:
        HandbookError: If its colours cannot be read on paper.
    """
    brand = brand_at(settings.brand)
    if brand is None:
        return []
    return [*brand.files, *theme_of(settings.theme, brand).faces().values()]


class _Planner:
    """Turns rows into copies to make."""

    def __init__(
        self,
        pack: Pack,
        settings: Settings,
        plan: Plan,
        rules: ReadingRules,
        columns: Iterable[str],
    ) -> None:
        self.pack = pack
        self.settings = settings
        self.plan = plan
        self.chooser = Chooser(pack, settings, brand_at(settings.brand), rules, columns)
        self.plan.selections = self.chooser.selections
        self._address_column = address_column(plan.header)
        self._chooses = bool({"role", "path"} & set(columns)) and bool(pack.axis("roles"))

    def job(self, row: RosterRow) -> CopyJob:
        """Return the copy for a row.

        Raises:
            HandbookError: If there can be none.
        """
        if row.problem:
            raise error(row.problem, code="roster-row")
        values = {name: text for name, text in row.values.items() if name in self.pack.fields}
        if not values.get("learner") and "learner" in self.pack.fields:
            raise error("the row has no name", code="roster-row")
        key = self.chooser.key(row.values, values)
        exam = values.get("exam-date", "")
        if exam and re.fullmatch(r"\d{5}(\.\d+)?|\d{4}-\d{2}-\d{2}[T ].*", exam):
            # Not as a spreadsheet counts days, but as people read them.
            values["exam-date"] = str(self.chooser.day(values, "exam-date"))
        columns = {**dict(zip(self.plan.header, row.raw, strict=False)), **row.values}
        file = file_name(self.settings.template, row, self.plan.selections[key], columns)
        holder = self.plan.database.holder(folded_name(file), row.line)
        if holder != row.line:
            raise error(f"its file {file!r} is that of row {holder} already", code="roster-row")
        if self._chooses and not (row.values.get("role") or row.values.get("path")):
            self.plan.unchosen += 1
        row_id = row.values.get("id", "")
        password = self._password(columns)
        chosen = [key, values, file, row_id or row.line]
        if password:
            # Slow to compute, so that the manifest gives no password away.
            salt = json.dumps(chosen, sort_keys=True).encode("utf-8", "replace")
            secret = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
            chosen.append(secret.hex())
        badge = self._badge(values, columns)
        if badge:
            chosen.append(badge)
        inputs = json.dumps(chosen, sort_keys=True)
        digest = hashlib.sha256(inputs.encode("utf-8", "replace")).hexdigest()[:16]
        return CopyJob(row.line, key, values, file, row_id, digest, password, badge)

    def note_repetition(self, job: CopyJob, row: RosterRow) -> None:
        """Count a row that is about a person who has a row already."""
        kind, who = ("id", job.id) if job.id else ("row", json.dumps(row.raw))
        digest = hashlib.sha256(f"{kind} {who}".encode("utf-8", "replace")).digest()[:16]
        earlier = self.plan.database.row_of_person(digest, row.line)
        if earlier != row.line:
            count, *first = self.plan.repeated.get(kind, (0, earlier, row.line))
            self.plan.repeated[kind] = (count + 1, first[0], first[1])

    def _badge(self, values: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
        """Return what a badge says that the copy does not."""
        run = self.settings.badge
        if run is None:
            return {}
        field = run.badge.awarded
        awarded = self.chooser.day(values, field) if field else None
        address = columns.get(self._address_column, "").strip()
        facts = {
            "address": address if is_address(address) else "",
            "awarded": awarded.isoformat() if awarded else "",
        }
        return {name: text for name, text in facts.items() if text}

    def _password(self, columns: Mapping[str, str]) -> str:
        """Return the password of a row's copy; "" if copies have none."""
        column = self.settings.password_column
        if not column:
            return ""
        password = columns.get(column, "").strip()
        if not password:
            raise error(f"the row has no password in {column!r}", code="roster-row")
        return password
