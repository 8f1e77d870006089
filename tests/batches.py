"""What tests of batches share: a small pack, rosters, runs, and what they leave behind."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest
from packs import pack, run
from small import CONFIG, COVER, IMPRINT, ONE

ROLES = "- {id: sre, name: SRE}\n- {id: dev, name: Developer}\n"
DATE = ("--date", "2026-11-24")


def small_pack(where: Path) -> Path:
    """The small book with two roles."""
    one = ONE.replace("A page of text.", "A page{% if role %} for the {{ role.name }}{% endif %}.")
    return pack(
        where,
        handbook_dot_yaml=CONFIG,
        cover_dot_md=COVER,
        imprint_dot_md=IMPRINT,
        one_dot_md=one,
        tables__roles_dot_yaml=ROLES,
    )


def roster(path: Path, count: int, extra: str = "") -> Path:
    """A roster of this many learners, each with a marker that no one else has."""
    lines = [
        f"{n},Learner Number{n} Marker{n:05}x,{('sre', 'dev', '')[n % 3]},Group {n % 7}"
        for n in range(1, count + 1)
    ]
    path.write_text("id,name,role,cohort\n" + "\n".join(lines) + "\n" + extra, "utf-8")
    return path


def made(
    capsys: pytest.CaptureFixture[str], content: Path, source: Path, out: Path | str, *options: str
) -> tuple[int, dict[str, object]]:
    """The exit code of a run and what it says: its result, else its messages as "messages"."""
    jobs = () if "-j" in options else ("-j", "1")
    arguments = ["--content", str(content), "-o", str(out), "--json", *DATE, *jobs, *options]
    code, printed, reported = run(capsys, "batch", str(source), *arguments)
    reported = "\n".join(line for line in reported.splitlines() if not line.startswith("{"))
    return code, json.loads(printed) if printed.startswith("{") else {
        "messages": printed + reported
    }


def command(content: Path, source: Path, out: Path | str, *options: str) -> list[str]:
    """The command line of a run in a process of its own."""
    return [
        sys.executable,
        "-m",
        "handbook",
        "batch",
        str(source),
        "--content",
        str(content),
        "-o",
        str(out),
        "-q",
        *DATE,
        *options,
    ]


def folder(out: Path) -> dict[str, str]:
    """Every file below a folder, with its digest."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def manifest(out: Path) -> list[dict[str, object]]:
    """The lines of a folder's manifest."""
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text("utf-8").splitlines()]
