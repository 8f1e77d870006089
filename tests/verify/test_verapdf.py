"""VeraPDF runs, finds what is there to be found, and says why when it cannot run."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
import samples

from handbook.core.diagnostics import HandbookError
from handbook.verify import (
    format_report,
    format_reports,
    verapdf,
    verify,
)
from handbook.verify import (
    verapdf_messages as plain,
)
from handbook.verify.report import Report, Result

NAMESPACE = {"v": "http://www.verapdf.org/ValidationProfile"}
# What veraPDF lets pass of our defects: the reason why our own checks exist.
UNSEEN = {
    "loop",
    "no_title",
    "two_titles",
    "script",
    "no_labels",
    "labels_begin_late",
    "labels_end_late",
    "empty_entry",
    "long_without_outline",
    "mark_left_open",
    "operator_without_operands",
    "claimed_twice",
    "claimed_by_no_one",
    "claim_of_nothing",
    "parents_exchanged",
    "table_before_title",
    "read_backwards",
    "heading_without_words",
    "no_bounds",
    "no_header_cells",
    "wrong_header",
    "id_used_twice",
    "link_outside_structure",
    "link_without_words",
    "bad_address",
    "link_to_no_page",
    "link_beyond_page",
    "link_to_no_name",
    "outline_to_nowhere",
}


@pytest.fixture(scope="session")
def engine() -> verapdf.Engine:
    try:
        return verapdf.find_engine()
    except verapdf.VeraPdfUnavailable as reason:
        if os.environ.get("HANDBOOK_REQUIRE_ALL"):
            pytest.fail(f"veraPDF is required here: {reason}")
        pytest.skip(str(reason))


def test_all_defects_in_one_process(engine: verapdf.Engine, tmp_path: Path) -> None:
    wanted = {tmp_path / "Zoë 夜.pdf": samples.good()}
    wanted |= {tmp_path / f"{name}.pdf": samples.broken(name) for name in samples.FAULTS}
    for path, data in wanted.items():
        path.write_bytes(data)
    failed: dict[str, bool] = {}
    for path, result in verapdf.validate([(p, ("ua1", "2a")) for p in wanted], engine=engine):
        assert result.passed == (not result.findings)
        failed[path.stem] = failed.get(path.stem, False) or not result.passed
    assert not failed.pop("Zoë 夜")
    assert {name for name, found in failed.items() if not found} <= UNSEEN


def test_one_thread_and_two_say_the_same(engine: verapdf.Engine, tmp_path: Path) -> None:
    names = list(samples.FAULTS)[:8]
    for name in names:
        (tmp_path / name).write_bytes(samples.broken(name))
    wanted = [(tmp_path / name, ("ua1", "2a")) for name in names]

    def said(threads: int) -> dict[tuple[Path, str], Result]:
        results = verapdf.validate(wanted, engine=engine, threads=threads)
        return {(path, result.profile): result for path, result in results}

    assert said(1) == said(2)


def test_words_and_places(engine: verapdf.Engine, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(samples.broken("no_alternative"))
    (report,) = verify([file], ["ua1"])
    assert not report.passed
    text = format_report(report)
    assert "a figure has no alternative text [ISO 14289-1, 7.3, test 1]" in text
    assert "at page 2: Figure" in text
    assert "a figure has no alternative text [figures]" in text


def test_a_file_is_held_to_what_it_claims(engine: verapdf.Engine, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(samples.good())
    (report,) = verify([file])
    assert [result.profile for result in report.results] == ["ua1", "2a", ""]
    assert report.passed
    assert report.complete
    assert report.as_json()["passed"] is True


def test_what_is_not_a_pdf(engine: verapdf.Engine, tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"hello")
    reports = verify([tmp_path / "no.pdf", tmp_path / "absent.pdf"])
    assert [report.passed for report in reports] == [False, False]
    assert "cannot read the file" in format_report(reports[0])
    assert "there is no such file" in format_report(reports[1])


def test_our_words_are_for_rules_that_exist(engine: verapdf.Engine) -> None:
    def rules(profile: str) -> set[tuple[str, int]]:
        name = f"org/verapdf/pdfa/validation/{profile}.xml"
        with zipfile.ZipFile(engine.jar) as jar:
            root = ET.fromstring(jar.read(name))
        ids = [rule.find("v:id", NAMESPACE) for rule in root.iterfind(".//v:rule", NAMESPACE)]
        return {(i.get("clause"), int(i.get("testNumber"))) for i in ids}

    assert set(plain._UA_WORDS) <= rules("PDFUA-1")
    assert {*plain._A_WORDS, *plain._A2_WORDS} <= rules("PDFA-2A")
    assert set(plain._A_WORDS) <= rules("PDFA-3A")


# ------------------------------------------------------------------ when it cannot run


def test_an_unknown_profile_is_an_error_with_the_nearest() -> None:
    with pytest.raises(HandbookError, match="did you mean 'ua1'"):
        verify([], ["ua11"])


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"PATH": ""}, "Java is not installed"),
        ({"HANDBOOK_JAVA": "/no/java"}, "HANDBOOK_JAVA names /no/java"),
        ({"HANDBOOK_VERAPDF_JAR": "/no/jar"}, "HANDBOOK_VERAPDF_JAR names /no/jar"),
    ],
)
def test_what_is_missing_is_said(
    environment: dict[str, str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = tmp_path / "vera.jar"
    jar.write_bytes(b"")
    environment.setdefault("HANDBOOK_VERAPDF_JAR", str(jar))
    with pytest.raises(verapdf.VeraPdfUnavailable, match=reason):
        verapdf.find_engine(environment)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    file = tmp_path / "x.pdf"
    file.write_bytes(samples.good())
    (report,) = verify([file])
    assert report.passed
    assert not report.complete
    text = format_reports([report])
    assert "passed, as far as it could be checked" in text
    assert reason in text
    assert "the syntax rules of PDF/A" in text


def test_no_jar_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verapdf.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(verapdf.VeraPdfUnavailable, match=r"pip install 'handbook\[verify\]'"):
        verapdf.find_engine({})
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\n")
    java.chmod(0o755)
    jar = tmp_path / "vera.jar"
    jar.write_bytes(b"")
    env = {"PATH": str(tmp_path), "HANDBOOK_VERAPDF_JAR": str(jar)}
    env["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    with pytest.raises(verapdf.VeraPdfUnavailable, match="install a JDK"):
        verapdf.find_engine(env)


def test_a_java_that_dies_is_reported(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho out of memory >&2\nexit 3\n")
    java.chmod(0o755)
    engine = verapdf.Engine(java, tmp_path / "jar", tmp_path)
    with pytest.raises(verapdf.VeraPdfUnavailable, match="out of memory"):
        list(verapdf.validate([(tmp_path / "x.pdf", ("ua1",))], engine=engine))


def test_without_pikepdf_veraPDF_still_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    import handbook.verify as package

    monkeypatch.setattr(package, "_has_pikepdf", lambda: False)
    monkeypatch.setattr(verapdf, "validate", lambda wanted, **_: iter(()))
    (report,) = verify([Path("absent.pdf")])
    assert [result.profile for result in report.results] == ["ua1", "2a", ""]
    assert "pikepdf is not installed" in format_report(report)
    assert isinstance(report, Report)
