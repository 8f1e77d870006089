"""Rosters that change: after any edits and kills the folder is that of one undisturbed run."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from batches import folder, made, manifest, small_pack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbook.batch import RunOptions, Settings, plan_run, run
from handbook.batch.folder_store import Folder
from handbook.batch.roster import read_roster
from handbook.pack.loader import load_pack
from handbook.pipeline.executors import InlineExecutor

Row = tuple[str, str, str]
NAMES = ("Ada", "Grace", "Mary", "Zoë")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


class Killed(BaseException):
    """The process is gone."""


class Mortal(Folder):
    """A folder whose process is killed at a write."""

    left = 10**9
    written: list[str]

    def write(self, name: str, parts: Sequence[bytes], metadata: object = None) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1
        self.written.append(name)
        super().write(name, parts)


def make(
    content: Path, where: Path, rows: Sequence[Row], out: Path, kill: int = -1
) -> tuple[list[str], bool]:
    """Make the copies of a roster; the copies written, and whether the run was killed."""
    source = where / "roster.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name", "role"), *rows])
    pack = load_pack(content)
    common = Settings(str(content), date(2026, 11, 24))
    plan = plan_run(pack, read_roster(str(source), pack.fields), common)
    store = Mortal(out)
    store.written = []
    store.left = kill if kill >= 0 else 10**9
    try:
        run(plan, common, store, InlineExecutor(), RunOptions(resume=True, prune=True))
    except Killed:
        return [name for name in store.written if name.endswith(".pdf")], True
    return [name for name in store.written if name.endswith(".pdf")], False


ids = st.lists(st.integers(1, 8), unique=True, max_size=6)
edits = st.lists(
    st.tuples(
        ids,
        st.dictionaries(st.integers(1, 8), st.sampled_from(NAMES), max_size=3),
        st.dictionaries(st.integers(1, 8), st.sampled_from(("sre", "dev", "pilot")), max_size=3),
        st.integers(-1, 9),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=edits)
def test_any_edits_and_kills(
    content: Path, edits: list[tuple[list[int], dict[int, str], dict[int, str], int]]
) -> None:
    where = Path(tempfile.mkdtemp())
    try:
        names: dict[int, str] = {}
        roles: dict[int, str] = {}
        rows: list[Row] = []
        for present, new_names, new_roles, kill in edits:
            names |= new_names
            roles |= new_roles
            rows = [(str(n), names.get(n, f"Learner {n}"), roles.get(n, "sre")) for n in present]
            make(content, where, rows, where / "out", kill)
        before = folder(where / "out") if (where / "out").exists() else {}
        written, killed = make(content, where, rows, where / "out")
        assert not killed
        make(content, where, rows, where / "whole")
        after = folder(where / "out")
        assert after == folder(where / "whole")
        # What was there as it should be was not written again, unless its run was killed before
        # the journal knew of it.
        journaled = (where / "out" / "manifest.jsonl").exists() and "manifest.jsonl" in before
        if journaled:
            assert not [name for name in written if before.get(name) == after[name]]
    finally:
        shutil.rmtree(where, ignore_errors=True)


# ----------------------------------------------------------------- from the command line


def write(path: Path, *rows: str) -> Path:
    path.write_text("id,name,role\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def test_a_late_a_corrected_and_a_missing_learner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out, source = tmp_path / "out", tmp_path / "a.csv"
    made(capsys, content, write(source, "1,Ada,sre", "2,Grace,dev", "3,Mary,sre"), out)
    times = {path.name: path.stat().st_mtime_ns for path in out.glob("*.pdf")}
    numbers = {line["id"]: line["copy"] for line in manifest(out)}
    source = write(source, "4,Late,sre", "1,Ada,sre", "2,Grace Hopper,dev")
    code, reported = made(capsys, content, source, out)
    assert (code, reported["written"], reported["kept"]) == (0, 2, 1)
    assert reported["former"] == ["2-Grace.pdf", "3-Mary.pdf"]
    assert {path.name for path in out.glob("*.pdf")} == {
        "1-Ada.pdf",
        "2-Grace.pdf",
        "2-Grace-Hopper.pdf",
        "3-Mary.pdf",
        "4-Late.pdf",
    }
    assert (out / "1-Ada.pdf").stat().st_mtime_ns == times["1-Ada.pdf"]
    assert [(line["row"], line["id"]) for line in manifest(out)] == [(1, "4"), (2, "1"), (3, "2")]
    assert manifest(out)[1]["copy"] == numbers["1"]
    from packs import run as command

    # A copy that was sent stays known until it is pruned.
    assert command(capsys, "batch", "--check", str(out))[0] == 0
    assert command(capsys, "batch", "--check", str(out), "--copy", str(numbers["3"]))[0] == 0
    code, reported = made(capsys, content, source, out, "--prune")
    assert (reported["written"], reported["kept"]) == (0, 3)
    assert reported["pruned"] == ["2-Grace.pdf", "3-Mary.pdf"]
    made(capsys, content, source, tmp_path / "whole")
    assert folder(out) == folder(tmp_path / "whole")


def test_a_learner_who_comes_back_keeps_the_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out, source = tmp_path / "out", tmp_path / "a.csv"
    made(capsys, content, write(source, "1,Ada,sre", "2,Grace,dev"), out)
    made(capsys, content, write(source, "1,Ada,sre"), out)
    code, reported = made(capsys, content, write(source, "1,Ada,sre", "2,Grace,dev"), out)
    assert (code, reported["written"], reported["kept"], reported["former"]) == (0, 0, 2, [])
    assert not (out / "former.jsonl").exists()


def test_a_folder_of_another_roster_is_not_taken_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out, source = tmp_path / "out", tmp_path / "a.csv"
    made(capsys, content, write(source, "1,Ada,sre", "2,Grace,dev"), out)
    before = folder(out)
    code, reported = made(capsys, content, write(source, "7,Other,sre"), out)
    assert code == 1
    assert "holds 2 copies, and none of them is on this roster" in str(reported["messages"])
    assert folder(out) == before
    assert made(capsys, content, source, out, "--resume")[0] == 0


def test_the_run_keeps_its_date(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from packs import run as command

    out, source = tmp_path / "out", write(tmp_path / "a.csv", "1,Ada,sre")
    arguments = ["batch", str(source), "--content", str(content), "-o", str(out), "-j", "1", "-q"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795996800")
    assert command(capsys, *arguments)[0] == 0
    before = folder(out)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")
    assert command(capsys, *arguments)[0] == 0
    assert folder(out) == before
    code, _, reported = command(capsys, *arguments, "--date", "2027-01-01")
    assert (code, "copies made with another --date" in reported) == (1, True)


def test_a_roster_without_a_valid_row_prunes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    """An export went wrong more likely than that everyone left at once."""
    from packs import run as command

    out, source = tmp_path / "out", tmp_path / "a.csv"
    made(capsys, content, write(source, "1,Ada,sre", "2,Grace,dev"), out)
    before = folder(out)
    for rows in ((), ("1,Ada,no such role",)):
        arguments = ("batch", str(write(source, *rows)), "--content", str(content), "-q")
        code, _, err = command(capsys, *arguments, "-o", str(out), "--prune")
        assert code == 1
        assert "no row of this roster gives a copy, so --prune would delete all 2" in err
        assert folder(out) == before
