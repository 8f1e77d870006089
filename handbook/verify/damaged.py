"""Turn whatever a damaged PDF makes a reader raise into one message."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ..core.diagnostics import HandbookError, error


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Let a `with` block read a PDF.

    Raises:
        HandbookError: if the file is damaged: objects that are not objects of their kind, streams
            that cannot be unpacked, trees that contain themselves.
    """
    try:
        yield
    except HandbookError:
        raise
    except (MemoryError, TimeoutError):
        raise
    except Exception as problem:  # pikepdf and pdfium raise many kinds for damaged files
        words = str(problem) or type(problem).__name__
        raise error(
            f"the PDF is damaged, and cannot be read as far as its end: {words[:200]}",
            at=path,
            hint="open it with a viewer and save it again, or build it again",
            code="verify",
        ) from None
