"""Fuzz every reader for some minutes: python -m tests.fuzz --minutes 60 [--only NAME] [--seed N].

Seeds come from the repository; each input is a seed with bytes and words changed.  Each reader has
the same time.  With `--guided`, atheris (`pip install atheris`) chooses the changes by the code
that they reach.  A traceback or an input that takes longer than ten seconds is written to the
folder of --keep, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

SECONDS = 10
MOST_MEGABYTES = 1024
# Where something went wrong, and how often.
SEEN: Counter[str] = Counter()


def _late(number: int, frame: object) -> None:
    raise TimeoutError(f"longer than {SECONDS} s")


def run(name: str, data: bytes, keep: Path | None) -> bool:
    """Whether a reader takes some bytes cleanly and in time."""
    from .targets import attempt

    signal.signal(signal.SIGALRM, _late)
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            attempt(name, data)
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt):
            raise
        signal.alarm(0)
        _tell(name, data, problem, keep)
        return False
    finally:
        signal.alarm(0)
    return True


def _tell(name: str, data: bytes, problem: BaseException, keep: Path | None) -> None:
    """Print what went wrong, and keep the input, unless something went wrong there before."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if f"{os.sep}handbook{os.sep}" in frame.filename] or frames
    place = f"{name} {type(problem).__name__} {own[-1].filename}:{own[-1].lineno}"
    SEEN[place] += 1
    if SEEN[place] > 1:
        return
    digest = hashlib.sha256(data).hexdigest()[:8]
    print(f"{place}: {str(problem)[:200]} ({digest})", file=sys.stderr, flush=True)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        kind = f"{name.replace(' ', '-')}-{type(problem).__name__}-{digest}"
        (keep / f"{kind}.in").write_bytes(data)


def _peak() -> float:
    own, below = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return max(resource.getrusage(one).ru_maxrss for one in (own, below)) / 1024


def blind(
    names: list[str], seconds: float, seed: int, keep: Path | None
) -> tuple[Counter[str], int]:
    """Change seeds at random; return how many inputs each reader had, and how many went wrong."""
    from .changes import changed
    from .targets import TARGETS

    random_ = random.Random(seed)
    seeds = {name: TARGETS[name][1]() or [b""] for name in names}
    spent = dict.fromkeys(names, 0.0)
    counts: Counter[str] = Counter()
    failures = 0
    end = time.monotonic() + seconds
    while (start := time.monotonic()) < end:
        name = min(names, key=spent.__getitem__)
        data = changed(random_.choice(seeds[name]), random_)
        failures += not run(name, data, keep)
        spent[name] += time.monotonic() - start
        counts[name] += 1
    return counts, failures


def guided(
    names: list[str], seconds: float, seed: int, keep: Path | None
) -> tuple[Counter[str], int]:
    """Let atheris change seeds, a process for each reader; return what `blind` returns."""
    counts: Counter[str] = Counter()
    failures = 0
    for name in names:
        with tempfile.TemporaryDirectory(prefix="handbook-corpus-") as folder:
            command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--folder", folder,
                       "--minutes", str(seconds / len(names) / 60), "--seed", str(seed)]  # fmt: skip
            if keep:
                command += ["--keep", str(keep)]
            subprocess.run(command, check=False)
            count, wrong = Path(folder, "count").read_text("ascii").split()
        counts[name] += int(count)
        failures += int(wrong)
    return counts, failures


def _one(name: str, folder: Path, seconds: float, seed: int, keep: Path | None) -> None:
    """Fuzz one reader with atheris; it ends the process."""
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["handbook"]):
        from .targets import TARGETS, attempt

        seeds = TARGETS[name][1]() or [b""]
        # It imports what the reader needs, which takes its time when it is instrumented.
        attempt(name, seeds[0])
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds):
        (corpus / str(number)).write_bytes(data[:8000])
    found = [0, 0]
    count = folder / "count"
    count.write_text("0 0", "ascii")

    def count_and_run(data: bytes) -> None:
        found[0] += 1
        failed = not run(name, data, keep)
        found[1] += failed
        # The process may end after any input, so a failure is written down at once.
        if failed or not found[0] % 50:
            count.write_text(f"{found[0]} {found[1]}", "ascii")

    options = [f"-max_total_time={max(int(seconds), 1)}", "-max_len=8000", f"-seed={seed + 1}",
               "-rss_limit_mb=0", "-timeout=60", "-verbosity=0", f"-artifact_prefix={folder}/"]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], count_and_run)
    atheris.Fuzz()


def main() -> int:
    """Fuzz, and say how many inputs there were, and how many went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--guided", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ["HANDBOOK_NO_CACHE"] = "1"
    os.environ["HANDBOOK_USER_SETTINGS"] = "none"
    seconds = options.minutes * 60
    if options.one:
        _one(options.one, options.folder, seconds, options.seed, options.keep)
    from .targets import TARGETS

    if unknown := set(options.only or ()) - set(TARGETS):
        parser.error(f"there is no {min(unknown)!r}; there is {', '.join(TARGETS)}")
    names = options.only or list(TARGETS)
    way = guided if options.guided else blind
    counts, failures = way(names, seconds, options.seed, options.keep)
    print(", ".join(f"{name} {count:,}" for name, count in counts.items()))
    print(f"{counts.total():,} inputs, {failures} failures, peak memory {_peak():.0f} MB")
    return 1 if failures or _peak() > MOST_MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
