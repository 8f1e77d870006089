"""Fuzz every reader for some minutes: python -m tests.fuzz --minutes 60 [--only NAME] [--seed N].

Seeds come from the repository; each input is a seed with bytes and words changed.  With the package
atheris installed, `--atheris NAME` runs one reader guided by coverage.  A traceback or an input
that takes longer than ten seconds is written to the folder of --keep, and the exit code is 1.
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
import sys
import time
import traceback
from pathlib import Path

from .targets import TARGETS, attempt

SECONDS = 10
WORDS = (
    b"[", b"]", b"{", b"}", b"(", b")", b"<", b">", b"*", b"_", b"`", b"~", b"|", b":", b"::", b":::", b"#", b"$", b"%",
    b"&", b"!", b"\\", b"/", b"../", b"\n", b"\n\n", b"\r\n", b"\t", b" " * 8, b"- ", b"> ", b"1. ", b"---\n", b"```\n",
    b"{{ ", b" }}", b"{% ", b" %}", b"!!bool x", b"!!timestamp x", b"&a ", b"*a", b"<<: ", b"null", b"true", b".inf",
    b".nan", b"-1", b"0", b"1e999", b"9" * 50, b"\0", b"\x02", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"\xee\x80\x80", b"\xd9\x85", b"<img>", b"<!--", b"-->", b"<![CDATA[", b"&#0;", b"&#1114112;", b"data:", b"file:///etc/passwd",
)  # fmt: skip


def changed(data: bytes, random_: random.Random) -> bytes:
    """Some bytes of a seed, changed in a few places."""
    if len(data) > 4000:
        start = random_.randrange(len(data) - 3000)
        data = data[start : start + 3000]
    for _ in range(random_.choice((1, 1, 2, 3, 5, 9))):
        at = random_.randrange(len(data) + 1)
        kind = random_.randrange(6)
        if kind == 0:
            data = data[:at] + random_.choice(WORDS) + data[at:]
        elif kind == 1:
            data = data[:at] + data[at + random_.randrange(1, 40) :]
        elif kind == 2:
            data = data[:at] + random_.choice(WORDS) * random_.choice((2, 10, 300)) + data[at:]
        elif kind == 3:
            data = data[:at] + bytes([random_.randrange(256)]) + data[at + 1 :]
        elif kind == 4:
            end = min(len(data), at + random_.randrange(1, 60))
            data = data[:end] + data[at:end] + data[end:]
        else:
            data = data[:at] + random_.choice(WORDS) + data[at + 1 :]
    return data


def _late(number: int, frame: object) -> None:
    raise TimeoutError(f"longer than {SECONDS} s")


def run(name: str, data: bytes, keep: Path | None) -> bool:
    """Whether a reader takes some bytes cleanly and in time."""
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            attempt(name, data)
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt):
            raise
        signal.alarm(0)
        digest = hashlib.sha256(data).hexdigest()[:8]
        print(f"{name}: {type(problem).__name__}: {problem} ({digest})", file=sys.stderr)
        traceback.print_exc(limit=-3)
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{name.replace(' ', '-')}-{type(problem).__name__}-{digest}.in").write_bytes(
                data
            )
        return False
    finally:
        signal.alarm(0)
    return True


def main() -> int:
    """Fuzz, and say how many inputs there were, and how many went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", choices=TARGETS, action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--atheris", choices=TARGETS)
    options = parser.parse_args()
    os.environ["HANDBOOK_NO_CACHE"] = "1"
    os.environ["HANDBOOK_USER_SETTINGS"] = "none"
    if options.atheris:
        import atheris  # type: ignore[import-not-found]

        atheris.instrument_all()
        atheris.Setup([sys.argv[0]], lambda data: attempt(options.atheris, data))
        atheris.Fuzz()
    random_ = random.Random(options.seed)
    names = options.only or list(TARGETS)
    seeds = {name: TARGETS[name][1]() or [b""] for name in names}
    end = time.monotonic() + options.minutes * 60
    count = failures = 0
    while time.monotonic() < end:
        for name in names:
            failures += not run(name, changed(random_.choice(seeds[name]), random_), options.keep)
            count += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} inputs, {failures} failures, peak memory {peak:.0f} MB")
    return 1 if failures or peak > 1024 else 0


if __name__ == "__main__":
    sys.exit(main())
