"""A cover whose content does not fit the page is reported."""

from __future__ import annotations

import pytest
from onepage import built

from handbook.core.diagnostics import HandbookError


def test_content_that_does_not_fit_a_cover_is_an_error_with_its_place() -> None:
    body = "\n\n".join(f"Paragraph {n} of a cover." for n in range(60))
    with pytest.raises(HandbookError, match="taller than the page") as caught:
        built(body, front="layout: cover\n")
    assert caught.value.diagnostics[0].file.endswith("one.md")
