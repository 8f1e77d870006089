"""The calendar file: read by another library, the same days as printed; an import that updates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import vobject
from conftest import DAY, shipped
from packs import pack, run
from readback import Reader, fold

from handbook.core.i18n import ENGLISH
from handbook.pipeline.phases import build
from handbook.select.schedule.ical import schedule_to_ical, summary
from handbook.select.schedule.schedule import Schedule
from handbook.select.selection import select

EXAM = date(2027, 2, 15)


def timed(start: date = date(2026, 12, 1)) -> Schedule:
    calendar = {"start": start, "hours": 6.0, "days": "mon,wed,sat", "exam": EXAM}
    found = select(shipped(), role="sre", plan="30", day=DAY, calendar=calendar).schedule
    assert found is not None
    return found


def exported(plan: Schedule, stamp: date = DAY) -> bytes:
    return schedule_to_ical(plan, title="A plan", key="book/30/asha", stamp=stamp)


def events(data: bytes) -> list[object]:
    return list(vobject.readOne(data.decode()).vevent_list)


def test_another_library_reads_the_same_days() -> None:
    plan = timed()
    found = events(exported(plan))
    sittings = [(s.day, summary(s)) for s in plan.sessions]
    rest = [(m.day, m.words) for m in plan.milestones]
    assert [(e.dtstart.value, e.summary.value) for e in found] == sittings + rest  # type: ignore[attr-defined]
    assert all((e.dtend.value - e.dtstart.value).days == 1 for e in found)  # type: ignore[attr-defined]


def test_the_printed_days_are_those_of_the_calendar() -> None:
    calendar = {"start": date(2026, 12, 1), "hours": 6.0, "days": "mon,wed,sat", "exam": EXAM}
    selection = select(shipped(), role="sre", plan="30", day=DAY, calendar=calendar)
    text = fold(Reader(build(shipped(), selection)).structure().text)
    for event in events(exported(timed())):
        day, words = event.dtstart.value, event.summary.value  # type: ignore[attr-defined]
        if event.summary.value.endswith(" min"):  # type: ignore[attr-defined]
            words, _, minutes = words.rpartition(", ")
            words = words.split(" (")[0]
            assert f"{ENGLISH.weekday(day)}, {minutes}: {words}".replace(" min:", " min:") in text
        else:
            assert f"{ENGLISH.weekday(day)}: {words}." in text


def test_a_second_import_updates() -> None:
    one, other = (
        events(exported(timed())),
        events(exported(timed(date(2026, 12, 8)), date(2026, 12, 9))),
    )
    uids = [e.uid.value for e in one]  # type: ignore[attr-defined]
    assert len(set(uids)) == len(uids)
    same = {e.uid.value for e in other} & set(uids)  # type: ignore[attr-defined]
    assert len(same) > len(uids) * 0.7
    assert int(other[0].sequence.value) > int(one[0].sequence.value)  # type: ignore[attr-defined]
    stranger = schedule_to_ical(timed(), title="A plan", key="book/30/zoe", stamp=DAY)
    assert not {e.uid.value for e in events(stranger)} & set(uids)  # type: ignore[attr-defined]


def test_lines_are_folded_and_end_as_the_standard_wants() -> None:
    data = exported(timed())
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert data == exported(timed())


def test_the_command_writes_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pdf, ics = tmp_path / "a.pdf", tmp_path / "a.ics"
    code, out, _ = run(
        capsys,
        "build",
        "--role",
        "sre",
        "--plan",
        "14",
        "--start",
        "2026-12-01",
        "--ics",
        str(ics),
        "--country",
        "IN",
        "-o",
        str(pdf),
        "--date",
        "2026-11-23",
        "-q",
    )
    assert code == 0
    assert out.splitlines() == [str(pdf), str(ics)]
    assert b"BEGIN:VEVENT" in ics.read_bytes()
    # Christmas is a public holiday in India.
    assert b"20261225" not in ics.read_bytes().replace(b"DTEND;VALUE=DATE:20261225", b"")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--hours", "6"), 2, "need --start"),
        (("--start", "2026-12-01"), 1, "needs a study plan"),
        (("--start", "2026-12-01", "--plan", "30", "--country", "XX"), 1, "'XX' are not known"),
        (("--start", "2026-12-01", "--plan", "30", "--exam", "2026-12-09"), 1, "not enough time"),
        (("--start", "2026-12-01", "--plan", "30", "--days", "mo"), 1, "unknown weekday 'mo'"),
        (("--start", "2026-12-01", "--plan", "30", "--hours", "200"), 2, "0.5 to 100"),
    ],
)
def test_mistakes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    out = tmp_path / "a.pdf"
    got, _, reported = run(capsys, "build", "--role", "sre", "-o", str(out), *options)
    assert got == code
    assert words in reported
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("plans.yaml", "- {id: p, name: P}\n"),
        ("plans.yaml", "- {id: p, name: P, units: }\n"),
        ("plans.csv", "id,name,units\np,P,one\n"),
    ],
)
def test_a_plan_without_units_has_no_days(
    name: str, table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack")
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / name).write_text(table)
    out = tmp_path / "a.pdf"
    options = ("--plan", "p", "--start", "2026-12-01", "-o", str(out))
    code, _, reported = run(capsys, "build", "--content", str(folder), *options)
    assert code == 1
    assert f"{name}:{1 + name.endswith('csv')}:" in reported
    assert "the plan 'p' has no units" in reported
    assert not out.exists()
