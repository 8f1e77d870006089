"""Let one run at a time work in a folder or store, and say who holds it."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core.diagnostics import error
from .folder_store import not_a_folder
from .storage import Store

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LOCK = ".handbook-lock"
# Seconds after which the lock of a store is taken over: its holder writes it again more often.
STALE = 600.0
# Seconds between two heartbeats in a store, and between writing a lock and reading it back.
BEAT = 60.0
SETTLE = 0.5


@contextlib.contextmanager
def locked(store: Store) -> Iterator[None]:
    """Hold the only lock of a store.

    Raises:
        HandbookError: If another run holds it.
    """
    if store.shares_filesystem:
        with _locked_folder(Path(store.place)):
            yield
    else:
        with _locked_store(store):
            yield


def _holder() -> dict[str, Any]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "unknown"
    return {"pid": os.getpid(), "host": socket.gethostname(), "user": user, "since": time.time()}


def _refused(place: str, holder: dict[str, Any]) -> Exception:
    since = time.strftime("%H:%M on %Y-%m-%d", time.localtime(float(holder.get("since", 0))))
    who = f"process {holder.get('pid', '?')} of {holder.get('user', '?')}"
    return error(
        f"another run is working here: {who} on {holder.get('host', '?')}, since {since}",
        at=place,
        hint="wait until it is done, or choose another folder with -o",
        code="batch-folder",
    )


# ------------------------------------------------------------------------ folder


@contextlib.contextmanager
def _locked_folder(folder: Path) -> Iterator[None]:
    """Hold a lock that the system releases when the process ends, however it ends."""
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = _taken(path)
    except (FileExistsError, NotADirectoryError):
        raise not_a_folder(folder) from None
    except OSError as problem:
        raise error(
            f"cannot write {LOCK!r}: {problem.strerror or problem}",
            at=str(folder),
            hint="choose another folder with -o",
            code="store",
        ) from None
    if handle is None:
        raise _refused(str(folder), _read(path))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def _taken(path: Path) -> int | None:
    """Return an open and locked file; None if another process has it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return None
            except OSError:
                # A file system without locks: the holder in the file has to do.
                if _is_alive(_read(path)):
                    os.close(handle)
                    return None
        elif _is_alive(_read(path)):
            os.close(handle)
            return None
        # The holder before may have removed the file between opening and locking it.
        with contextlib.suppress(OSError):
            if os.fstat(handle).st_ino == os.stat(path).st_ino:
                break
        os.close(handle)
    os.ftruncate(handle, 0)
    os.write(handle, json.dumps(_holder()).encode())
    return handle


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _is_alive(holder: dict[str, Any]) -> bool:
    pid = holder.get("pid")
    if not isinstance(pid, int) or pid == os.getpid() or holder.get("host") != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


# ------------------------------------------------------------------------- store


@contextlib.contextmanager
def _locked_store(store: Store) -> Iterator[None]:
    """Hold an object with a heartbeat; the run that wrote it last has it."""
    import threading

    mark = secrets.token_hex(8)
    now = _stored(store)
    if now and time.time() - float(now.get("beat", 0)) < STALE and not _is_dead(now):
        raise _refused(store.place, now)
    holder = {**_holder(), "mark": mark}

    def beat() -> None:
        store.write(LOCK, [json.dumps({**holder, "beat": time.time()}).encode()])

    beat()
    time.sleep(SETTLE)
    now = _stored(store)
    if now.get("mark") != mark:
        raise _refused(store.place, now)
    done = threading.Event()

    def keep_alive() -> None:
        while not done.wait(BEAT):
            with contextlib.suppress(Exception):
                beat()

    thread = threading.Thread(target=keep_alive, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(BEAT)
        with contextlib.suppress(Exception):
            if _stored(store).get("mark") == mark:
                store.remove(LOCK)


def _stored(store: Store) -> dict[str, Any]:
    try:
        value = json.loads(store.read(LOCK))
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _is_dead(holder: dict[str, Any]) -> bool:
    """Return whether the holder was a process of this machine that is gone."""
    return holder.get("host") == socket.gethostname() and not _is_alive(holder)
